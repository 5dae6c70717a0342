//! Projects: the applications that send data.

use axum::http::StatusCode;
use futures::FutureExt;
use whodunit_api::admin::{CreateProjectRequest, ProjectList, ProjectView, UpdateProjectRequest};

use crate::call::{Answer, Call, json_response, ok};

/// Only those that the caller reaches, so that a narrow key learns no names.
pub fn list(call: Call) -> Answer {
    async move {
        let projects = call.app.control.projects().await?;
        let reached = projects.iter().filter(|project| call.caller.reaches(&project.slug));
        ok(&ProjectList { projects: reached.map(ProjectView::from).collect() })
    }
    .boxed()
}

pub fn create(call: Call) -> Answer {
    async move {
        let request: CreateProjectRequest = call.json()?;
        let project = call.app.control.create_project(&call.caller, request.into()).await?;
        json_response(StatusCode::CREATED, &ProjectView::from(&project))
    }
    .boxed()
}

pub fn update(call: Call) -> Answer {
    async move {
        let request: UpdateProjectRequest = call.json()?;
        let project = call.app.control.update_project(&call.caller, call.segment("slug"), request.into()).await?;
        ok(&ProjectView::from(&project))
    }
    .boxed()
}
