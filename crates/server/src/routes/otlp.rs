//! OpenTelemetry's way in.

use axum::http::{HeaderValue, StatusCode, header};
use futures::FutureExt;
use serde_json::json;
use whodunit_ingest::Taken;

use super::append::{admit, half_way, refused, request, without_memory};
use crate::call::{Answer, Call, ok, typed};
use crate::dialect::{is_json, protobuf};

/// 200 in the form of the request; `partial_success` only when records were refused: its clients do not send again
/// after that. Records that could not be stored are a failure, after which they do, and store the first ones twice.
pub fn logs(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let Taken { answer, failure } = gateway.otlp_logs(request(&call)).await?;
        if let Some(failure) = failure {
            return Err(half_way(failure, &answer));
        }
        let what = refused(&answer);
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
