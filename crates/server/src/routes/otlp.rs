//! OpenTelemetry's way in.

use axum::http::{HeaderValue, StatusCode, header};
use futures::FutureExt;
use serde_json::json;
use whodunit_ingest::Taken;

use super::append::{admit, refused, request, without_memory};
use crate::call::{Answer, Call, ok, typed};
use crate::dialect::{is_json, protobuf};
use crate::failure::Failure;

/// 200 in the form of the request; `partial_success` only when something was not taken or not stored. Its clients do
/// not send again after that; they would if it were an error, and double what is stored.
pub fn logs(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let Taken { answer, failure } = gateway.otlp_logs(request(&call)).await?;
        let what = match failure.map(Failure::from) {
            Some(failure) if answer.accepted == 0 => return Err(failure),
            Some(failure) => {
                let (rejected, all) = (answer.rejected, answer.rejected + answer.accepted);
                Some(format!("{rejected} of {all} records are not stored, the others are: {}", failure.message()))
            }
            None => refused(&answer),
        };
        if is_json(call.header(header::CONTENT_TYPE)) {
            return match what {
                None => ok(&json!({})),
                Some(what) => {
                    let rejected = answer.rejected.to_string();
                    ok(&json!({"partialSuccess": {"rejectedLogRecords": rejected, "errorMessage": what}}))
                }
            };
        }
        let mut body = Vec::new();
        if let Some(what) = what {
            let mut partial = Vec::new();
            protobuf::number(&mut partial, 1, answer.rejected);
            protobuf::text(&mut partial, 2, &what);
            protobuf::message(&mut body, 1, &partial);
        }
        Ok(typed(StatusCode::OK, HeaderValue::from_static("application/x-protobuf"), body))
    }
    .boxed()
}
