//! Loki's way in.

use axum::http::StatusCode;
use futures::FutureExt;
use serde_json::json;
use whodunit_ingest::Taken;

use super::append::{admit, half_way, refused, request, without_memory};
use crate::call::{Answer, Call, no_content, ok};
use crate::failure::Failure;

/// 204 exactly, or clients send again. Loki's protocol cannot say that a part was stored: a push that fails in its
/// middle is answered with the failure, and sent again it stores that part twice.
pub fn push(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let Taken { answer, failure } = gateway.loki(request(&call)).await?;
        if let Some(failure) = failure {
            return Err(half_way(failure, &answer));
        }
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
