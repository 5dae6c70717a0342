//! Sentry's way in: envelopes, single events, and what browsers ask before they send.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, Value, json};
use whodunit_api::logs::LogsAnswer;
use whodunit_ingest::Taken;
use whodunit_ingest::sentry::{Form, dsn};
use whodunit_model::Principal;
use whodunit_stdx::ErrorKind;

use super::append::{admit, half_way, request, without_memory};
use crate::call::{Answer, Call, ok};
use crate::failure::Failure;
use crate::identity;

pub fn envelope(call: Call) -> Answer {
    async move {
        let call = identified(call)?;
        taken(call, Form::Envelope).await
    }
    .boxed()
}

pub fn store(call: Call) -> Answer {
    async move { taken(call, Form::Store).await }.boxed()
}

/// A preflight asks for leave to send from another site: everybody has it, the key decides.
pub fn preflight(_call: Call) -> Answer {
    async move {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        let allowed = "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, \
                       authentication, authorization, content-encoding, transfer-encoding";
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        Ok(response)
    }
    .boxed()
}

/// The caller by the DSN in the body, if nothing before it said who sends.
fn identified(mut call: Call) -> Result<Call, Failure> {
    if call.caller.principal != Principal::Anonymous {
        return Ok(call);
    }
    let unknown = |message: &str| {
        let failure = Failure::new(ErrorKind::Unauthenticated, message);
        failure.hint("send the public key of a DSN as X-Sentry-Auth, as sentry_key, or in the envelope's header")
    };
    let refused = |call: &Call, failure: Failure| {
        call.app.refusals.note("sentry_envelope", &call.caller, &failure);
        failure
    };
    let named = dsn(&call.body, call.header(header::CONTENT_ENCODING))?;
    let Some(named) = named else { return Err(refused(&call, unknown("this needs credentials"))) };
    let directory = call.app.control.directory();
    let found = directory.authenticate_public_id(&named.key, call.app.world.now());
    let Some(known) = found else { return Err(refused(&call, unknown("these credentials are not known"))) };
    let project = identity::project_named(&directory, &named.project);
    if project.as_ref() != Some(&call.project) {
        let message = "the DSN in the envelope is not of the project in the path";
        return Err(refused(&call, Failure::new(ErrorKind::Forbidden, message).field("dsn")));
    }
    call.caller = identity::merged(known, call.caller);
    Ok(call)
}

/// 200 with the event's id once what can be stored is; items that are not stored here do not change that, since
/// clients take any other answer for a reason to drop what they hold.
async fn taken(call: Call, form: Form) -> Result<Response, Failure> {
    admit(&call)?;
    let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
    let Taken { answer, failure } = gateway.sentry(request(&call), form).await?;
    if let Some(failure) = failure {
        return Err(half_way(failure, &LogsAnswer { accepted: answer.accepted, ..LogsAnswer::default() }));
    }
    let mut body = Map::new();
    if let Some(id) = answer.event_id {
        body.insert("id".to_owned(), json!(id));
    }
    ok(&Value::Object(body))
}
