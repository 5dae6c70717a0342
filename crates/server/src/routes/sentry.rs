//! Sentry's way in: envelopes, single events, and what browsers ask before they send.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, Value, json};
use whodunit_api::logs::LogsAnswer;
use whodunit_ingest::Taken;
use whodunit_ingest::sentry::{Form, SentryAnswer, boundary, dsn};
use whodunit_issues::category::Category;
use whodunit_model::Principal;
use whodunit_stdx::ErrorKind;

use super::append::{admit, half_way, request, without_memory};
use crate::call::{Answer, Call, ok, typed};
use crate::failure::Failure;
use crate::identity;

/// A picture of one pixel that nobody sees: what loads it wants to hear that it is there.
const PICTURE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

pub fn envelope(call: Call) -> Answer {
    async move {
        let call = identified(call)?;
        let form = envelope_of(&call);
        taken(call, form).await
    }
    .boxed()
}

pub fn store(call: Call) -> Answer {
    async move { taken(call, Form::Store).await }.boxed()
}

/// One event in the address of a picture, as browsers sent it when nothing else went from one site to another.
pub fn store_by_address(mut call: Call) -> Answer {
    async move {
        let sent = call.parameter("sentry_data").unwrap_or_default().to_owned();
        if sent.is_empty() {
            return Err(Failure::invalid("there is no event in the address").field("sentry_data"));
        }
        // A plus sign that was not escaped reads as a blank, of which base64 has none.
        call.body = if sent.starts_with('{') { sent } else { sent.replace(' ', "+") }.into();
        call.headers.remove(header::CONTENT_ENCODING);
        let answer = keep(call, Form::Store).await?;
        let picture = typed(StatusCode::OK, HeaderValue::from_static("image/gif"), PICTURE);
        Ok(with_rate_limits(picture, &answer))
    }
    .boxed()
}

/// A crash of a native application. The answer is the event's id as text, as clients write it into their logs.
pub fn minidump(call: Call) -> Answer {
    async move {
        let boundary = call.header(header::CONTENT_TYPE).and_then(boundary).map(str::to_owned);
        let answer = keep(call, Form::Minidump { boundary }).await?;
        let id = answer.event_id.unwrap_or_default();
        Ok(typed(StatusCode::OK, HeaderValue::from_static("text/plain"), id))
    }
    .boxed()
}

/// Files of an event that was sent before.
pub fn event_attachments(call: Call) -> Answer {
    async move {
        let boundary = call.header(header::CONTENT_TYPE).and_then(boundary).map(str::to_owned);
        let form = Failure::new(ErrorKind::Unsupported, "files come as multipart/form-data").field("content-type");
        let form = Form::Attachments { event_id: call.segment("event").to_owned(), boundary: boundary.ok_or(form)? };
        taken(call, form).await
    }
    .boxed()
}

/// What browsers report by themselves; they read nothing but the status.
pub fn report(call: Call) -> Answer {
    async move {
        let of = |name: &str| call.parameter(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let form = Form::Reports { release: of("sentry_release"), environment: of("sentry_environment") };
        keep(call, form).await?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::CREATED;
        Ok(response)
    }
    .boxed()
}

/// A check-in from a shell: `curl …/cron/nightly/KEY/?status=ok`.
pub fn cron(mut call: Call) -> Answer {
    async move {
        let key = call.segment("key").to_owned();
        if call.caller.principal == Principal::Anonymous && !key.is_empty() {
            call = with_key(call, &key)?;
        }
        if call.caller.principal == Principal::Anonymous {
            let failure = Failure::new(ErrorKind::Unauthenticated, "this needs credentials");
            return Err(failure.hint("put the public key of a DSN behind the monitor: /cron/MONITOR/KEY/"));
        }
        let mut check_in = match call.body.is_empty() {
            true => Map::new(),
            false => serde_json::from_slice::<Map<String, Value>>(&call.body)
                .map_err(|error| Failure::invalid(format!("the body is no check-in: {error}")))?,
        };
        for name in ["check_in_id", "status", "environment", "duration"] {
            if let Some(text) = call.parameter(name) {
                let number = text.parse::<f64>().ok().filter(|_| name == "duration");
                check_in.insert(name.to_owned(), number.map_or_else(|| json!(text), |number| json!(number)));
            }
        }
        check_in.entry("status").or_insert_with(|| json!("ok"));
        check_in.insert("monitor_slug".to_owned(), json!(call.segment("monitor")));
        call.body = format!("{{}}\n{{\"type\":\"check_in\"}}\n{}", Value::Object(check_in)).into();
        call.headers.remove(header::CONTENT_ENCODING);
        match keep(call, Form::Envelope).await {
            // What is past the project's own limits is counted and left out; a job can do nothing about it.
            Err(failure) if is_past_own_limit(&failure) => {}
            kept => drop(kept?),
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::ACCEPTED;
        Ok(response)
    }
    .boxed()
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

/// An envelope that must not say of itself that it is of another DSN than the one that the request shows.
fn envelope_of(call: &Call) -> Form {
    let keys = identity::public_ids(&call.headers, call.parameter("sentry_key"));
    let directory = call.app.control.directory();
    let known = |key: &String| directory.authenticate_public_id(key, call.app.world.now()).is_some();
    let Some(key) = keys.into_iter().find(known) else { return Form::Envelope };
    let number = directory.project(call.project.as_str()).map(|project| project.number.to_string());
    Form::EnvelopeOf { key, project_names: number.into_iter().chain([call.project.to_string()]).collect() }
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

/// The caller by a public key in the path, which must be of the project in the path.
fn with_key(mut call: Call, key: &str) -> Result<Call, Failure> {
    let found = call.app.control.directory().authenticate_public_id(key, call.app.world.now());
    let failure = match found {
        Some(known) if known.reaches(&call.project) => {
            call.caller = identity::merged(known, call.caller);
            return Ok(call);
        }
        Some(_) => Failure::new(ErrorKind::Forbidden, "the key is not of the project in the path").field("key"),
        None => Failure::new(ErrorKind::Unauthenticated, "these credentials are not known"),
    };
    call.app.refusals.note("sentry_cron", &call.caller, &failure);
    Err(failure)
}

/// 200 with the event's id once what can be stored is; items that are not stored here do not change that, since
/// clients take any other answer for a reason to drop what they hold.
async fn taken(call: Call, form: Form) -> Result<Response, Failure> {
    let answer = keep(call, form).await?;
    let mut body = Map::new();
    if let Some(id) = &answer.event_id {
        body.insert("id".to_owned(), json!(id));
    }
    Ok(with_rate_limits(ok(&Value::Object(body))?, &answer))
}

fn with_rate_limits(mut response: Response, answer: &SentryAnswer) -> Response {
    if let Some(limits) = rate_limits(&answer.limited) {
        response.headers_mut().insert("x-sentry-rate-limits", limits);
    }
    response
}

/// Whether a failure is the share that the project gives each key, and not a server that is full.
fn is_past_own_limit(failure: &Failure) -> bool {
    failure.kind == ErrorKind::Exhausted
        && failure.detail().limit.as_deref().is_some_and(|name| name.starts_with("key_"))
}

/// `SECONDS:CATEGORY;CATEGORY:key`, one for each wait: what clients should hold back.
fn rate_limits(limited: &[(Category, Duration)]) -> Option<HeaderValue> {
    let mut by_wait = BTreeMap::<u64, Vec<&str>>::new();
    for (category, wait) in limited {
        // Rounded up: who comes back at the second must not be early.
        by_wait.entry(wait.as_secs().saturating_add(1)).or_default().push(category.name());
    }
    let limits: Vec<String> =
        by_wait.iter().map(|(seconds, categories)| format!("{seconds}:{}:key", categories.join(";"))).collect();
    HeaderValue::from_str(&limits.join(", ")).ok().filter(|_| !limits.is_empty())
}

/// Stores what can be stored.
async fn keep(call: Call, form: Form) -> Result<SentryAnswer, Failure> {
    admit(&call)?;
    let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
    let Taken { answer, failure } = gateway.sentry(request(&call), form).await?;
    match failure {
        None => Ok(answer),
        Some(failure) => {
            let limits = rate_limits(&answer.limited);
            let answer = LogsAnswer { accepted: answer.accepted, ..LogsAnswer::default() };
            Err(half_way(failure, &answer).rate_limits(limits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_held_back_is_said_by_category() {
        let seconds = Duration::from_secs;
        assert_eq!(rate_limits(&[]), None);
        let limited =
            [(Category::Error, seconds(29)), (Category::LogItem, seconds(59)), (Category::Replay, seconds(59))];
        assert_eq!(rate_limits(&limited).expect("a header"), "30:error:key, 60:log_item;replay:key");
    }
}
