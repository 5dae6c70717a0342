//! Loki's way in.

use axum::http::StatusCode;
use futures::FutureExt;
use serde_json::json;

use super::append::{admit, refused, request, without_memory};
use crate::call::{Answer, Call, no_content, ok};
use crate::failure::Failure;

/// 204 exactly, or clients send again.
pub fn push(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let answer = gateway.loki(request(&call)).await?;
        match refused(&answer) {
            Some(what) => Err(Failure::invalid(what)),
            None if answer.accepted == 0 => {
                Err(Failure::invalid("the push has no entries").status(StatusCode::UNPROCESSABLE_ENTITY))
            }
            None => Ok(no_content()),
        }
    }
    .boxed()
}

pub fn build_info(_call: Call) -> Answer {
    async move {
        let version = env!("CARGO_PKG_VERSION");
        ok(&json!({"version": version, "revision": "", "branch": "", "buildUser": "", "buildDate": "", "goVersion": ""}))
    }
    .boxed()
}
