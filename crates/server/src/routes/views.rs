//! Saved views.

use axum::http::StatusCode;
use futures::FutureExt;
use whodunit_api::admin::ReasonRequest;
use whodunit_api::views::{CreateSavedViewRequest, SavedViewList, UpdateSavedViewRequest};
use whodunit_control::NewSavedView;

use crate::call::{Answer, Call, ProjectChoice, json_response, ok};

/// Of all projects that the caller reaches, unless one is named; of all pages, unless one is.
pub fn list(call: Call) -> Answer {
    async move {
        let visibility = call.visibility(ProjectChoice::All);
        let page = call.parameter("page");
        let views = call.app.control.saved_views(&call.caller).await?;
        let wanted = views.iter().filter(|view| visibility.sees_project(&view.project));
        let wanted = wanted.filter(|view| page.is_none_or(|page| page == view.page.name()));
        ok(&SavedViewList { views: wanted.map(|view| view.view(&call.caller)).collect() })
    }
    .boxed()
}

pub fn create(call: Call) -> Answer {
    async move {
        let request: CreateSavedViewRequest = call.json()?;
        let new = NewSavedView::of(request, call.project.clone())?;
        let view = call.app.control.create_saved_view(&call.caller, new).await?;
        json_response(StatusCode::CREATED, &view.view(&call.caller))
    }
    .boxed()
}

pub fn update(call: Call) -> Answer {
    async move {
        let request: UpdateSavedViewRequest = call.json()?;
        let view = call.app.control.update_saved_view(&call.caller, call.segment("id"), request.into()).await?;
        ok(&view.view(&call.caller))
    }
    .boxed()
}

pub fn delete(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let reason = request.reason.as_deref();
        let view = call.app.control.delete_saved_view(&call.caller, call.segment("id"), reason).await?;
        ok(&view.view(&call.caller))
    }
    .boxed()
}
