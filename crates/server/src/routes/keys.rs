//! Ingest and API keys.

use axum::http::StatusCode;
use futures::FutureExt;
use whodunit_api::admin::{CreateKeyAnswer, CreateKeyRequest, KeyList, KeyView, ReasonRequest};

use crate::call::{Answer, Call, json_response, ok};

pub fn list(call: Call) -> Answer {
    async move {
        let keys = call.app.control.keys().await?;
        ok(&KeyList { keys: keys.iter().map(KeyView::from).collect() })
    }
    .boxed()
}

pub fn create(call: Call) -> Answer {
    async move {
        let request: CreateKeyRequest = call.json()?;
        let created = call.app.control.create_key(&call.caller, request.try_into()?).await?;
        json_response(StatusCode::CREATED, &CreateKeyAnswer::from(&created))
    }
    .boxed()
}

pub fn revoke(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let reason = request.reason.as_deref();
        let key = call.app.control.revoke_key(&call.caller, call.segment("id"), reason).await?;
        ok(&KeyView::from(&key))
    }
    .boxed()
}
