//! What every request passes, in this order: identity, permission, project, place in its class, body, record, handler.
//!
//! All of it is read from the operation's row; handlers cannot skip a step. A panic ends its own request only.
//! This file must not know what any single operation does.

use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use futures::FutureExt;
use whodunit_model::{Caller, Permission, Principal, Project};
use whodunit_stdx::ErrorKind;

use crate::app::App;
use crate::call::{AuditClass, Call, ProjectChoice};
use crate::failure::Failure;
use crate::front::Peer;
use crate::gate::RateClass;
use crate::heard;
use crate::identity::{self, CORRELATION_HEADER, Identity};
use crate::incoming;
use crate::observed;
use crate::operation::{self, EVERY_OTHER_PATH, OPERATIONS, Operation, Verb};
use crate::recording::{Purpose, Reading, Recorder, Watched};

/// The router of the whole table.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for operation in OPERATIONS.iter().filter(|operation| operation.path != EVERY_OTHER_PATH) {
        let app = app.clone();
        let handler = move |path: RawPathParams, request: Request| {
            let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            pass(app.clone(), operation, path, request)
        };
        router = router.route(operation.path, on(filter(operation.method), handler));
    }
    let app = app.clone();
    let other = move |request: Request| every_other_path(app.clone(), request);
    router.fallback(other).method_not_allowed_fallback(unknown_method)
}

/// A page of the interface or one of its files, or nothing at all.
async fn every_other_path(app: Arc<App>, request: Request) -> Response {
    let path = request.uri().path();
    match operation::page(request.method(), path, request.headers(), &app.pages.interface) {
        Some(page) => pass(app, page, vec![("page".to_owned(), path.to_owned())], request).await,
        None => unknown_path(request).await,
    }
}

fn filter(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Post => MethodFilter::POST,
        Verb::Put => MethodFilter::PUT,
        Verb::Patch => MethodFilter::PATCH,
        Verb::Delete => MethodFilter::DELETE,
        Verb::Options => MethodFilter::OPTIONS,
    }
}

async fn unknown_path(request: Request) -> Response {
    let message = format!("nothing is served at {:?}", request.uri().path());
    Failure::new(ErrorKind::NotFound, message).hint("see /api/v1/openapi.json for all that is").into_response()
}

async fn unknown_method(request: Request) -> Response {
    let message = format!("{:?} does not take {}", request.uri().path(), request.method());
    Failure::invalid(message).status(StatusCode::METHOD_NOT_ALLOWED).into_response()
}

async fn pass(app: Arc<App>, operation: &'static Operation, path: Vec<(String, String)>, request: Request) -> Response {
    let started = app.world.instant();
    let (parts, body) = request.into_parts();
    let unknown = Peer { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), over_tls: false };
    let peer = parts.extensions.get::<Peer>().copied().unwrap_or(unknown);
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok().map(str::to_owned));
    let identity = identity::identify(&app.control, &app.world, peer, &parts.headers, &app.settings.trust()).await;
    let identity = match operation.docs.errors.takes_public_keys() {
        true => identity::with_public_key(
            identity,
            &app.control,
            &app.world,
            &parts.headers,
            parts.uri.query().unwrap_or_default(),
        ),
        false => identity,
    };
    let correlation_id = identity.correlation_id.clone();
    let recorder = Recorder::new(&app);
    let arrival = Arrival { app: app.clone(), operation, path, parts, body, identity, recorder: recorder.clone() };
    let work = contained(operation, patience(&app, operation), worked_on(arrival));
    let outcome = match operation.audit {
        // What has arrived is stored, also if the sender does not stay for the answer: a page that is being closed, a
        // process that ends.
        AuditClass::Ingest => app.tasks.outliving("sender gone", work).await,
        _ => work.await,
    };
    let mut response = match outcome {
        Ok(response) => recorder.watch(response),
        Err(failure) => {
            let failure = operation.said(failure);
            recorder.fail(&failure);
            operation.docs.errors.respond(failure, content_type.as_deref())
        }
    };
    operation.docs.errors.sign(&mut response);
    finish_headers(&mut response, &correlation_id);
    let ended = app.world.instant();
    observed::request(operation.id, operation.rate, response.status(), ended.since(started));
    app.traffic.note(ended.since(app.started));
    response
}

/// What comes of `work`, whatever happens in it: a panic or too much time are failures of this request alone.
async fn contained(
    operation: &'static Operation,
    patience: Duration,
    work: impl Future<Output = Result<Response, Failure>>,
) -> Result<Response, Failure> {
    match tokio::time::timeout(patience, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(panicked(operation, &*panic)),
        Err(_elapsed) => Err(timed_out(operation)),
    }
}

/// Queries have limits of their own, which are named in their errors; this one only stands behind them.
fn patience(app: &App, operation: &Operation) -> Duration {
    match operation.rate {
        RateClass::Query => app.settings.query_time_max.saturating_add(app.settings.request_timeout),
        _ => app.settings.request_timeout,
    }
}

/// A request before anything about it is decided.
struct Arrival {
    app: Arc<App>,
    operation: &'static Operation,
    path: Vec<(String, String)>,
    parts: Parts,
    body: Body,
    identity: Identity,
    recorder: Arc<Recorder>,
}

async fn worked_on(arrival: Arrival) -> Result<Response, Failure> {
    let Arrival { app, operation, path, parts, body, mut identity, recorder } = arrival;
    if let Err(failure) = authorise(operation, &identity, &parts) {
        app.refusals.note(operation.id, &identity.caller, &failure);
        return Err(failure);
    }
    let parameters = parameters(&parts)?;
    // What everybody may have is of no project: a page is given out, and what it asks for says who may see it.
    let chosen = match operation.permission {
        Permission::Public => Ok((Project::default_project(), ProjectChoice::Default)),
        _ => choose_project(&app, &identity.caller, &parts, &path, &parameters),
    };
    let (project, project_choice) = chosen.inspect_err(|failure| {
        if failure.kind == ErrorKind::Forbidden {
            app.refusals.note(operation.id, &identity.caller, failure);
        }
    })?;
    let refused = |failure: &Failure| heard::note_refused(&app, operation, &identity.caller, &project, failure);
    let entered = match operation.rate {
        RateClass::Telemetry => app.gates.enter_telemetry(&project, incoming::announced(&parts.headers)).await,
        class => app.gates.enter(class, &project).await,
    };
    let permit = entered.inspect_err(refused)?;
    let read = incoming::read(&app, operation.body, &parts.headers, body).await;
    let (body, body_memory) = read.inspect_err(refused)?;
    if operation.audit != AuditClass::Ingest && identity.caller.correlation_id.is_none() {
        // Entries of applications keep only what the application sent; our own trail names every request.
        identity.caller.correlation_id = Some(identity.correlation_id);
    }
    if operation.audit == AuditClass::ReadAudit {
        let reading = Reading {
            operation: operation.id,
            project: &project,
            parameters: &parameters,
            question: None,
            target: None,
        };
        recorder.begin(&identity.caller, reading, purpose_of(&parameters)).await?;
    }
    let call = Call {
        app,
        caller: identity.caller,
        session: identity.session,
        over_tls: identity.over_tls,
        path,
        parameters,
        headers: parts.headers,
        project,
        project_choice,
        body,
        body_memory,
        recorder,
    };
    let response = (operation.handler)(call).await?;
    Ok(match operation.rate {
        // The place of a live tail or a long answer is taken until its last byte.
        RateClass::Stream | RateClass::Query => Watched::holding(response, permit),
        _ => response,
    })
}

/// Whether the sender may do this at all.
fn authorise(operation: &Operation, identity: &Identity, parts: &Parts) -> Result<(), Failure> {
    if operation.permission == Permission::Public {
        return Ok(());
    }
    let caller = &identity.caller;
    if caller.principal == Principal::Anonymous {
        if operation.finds_key_in_body() && !identity.refused {
            return Ok(());
        }
        let message = if identity.refused { "these credentials are not known" } else { "this needs credentials" };
        return Err(Failure::new(ErrorKind::Unauthenticated, message)
            .hint("send a key as Authorization: Bearer KEY or X-API-Key: KEY, or sign in"));
    }
    if !caller.allows(operation.permission) || (operation.permission == Permission::OwnAccount && is_key(caller)) {
        return Err(Failure::new(ErrorKind::Forbidden, format!("these credentials do not allow {}", operation.id))
            .hint(needed(operation.permission)));
    }
    match &identity.session {
        Some(session) if !operation.method.is_safe() => identity::check_csrf(session, &parts.headers),
        _ => Ok(()),
    }
}

/// Lists answer JSON to look at; every other form is made for keeping.
fn purpose_of(parameters: &[(String, String)]) -> Purpose {
    match parameters.iter().find(|(name, _)| name == "format") {
        Some((_, format)) if format != "json" => Purpose::Export,
        _ => Purpose::Read,
    }
}

fn is_key(caller: &Caller) -> bool {
    matches!(caller.principal, Principal::Key { .. })
}

fn needed(permission: Permission) -> &'static str {
    match permission {
        Permission::Public => "nothing is needed",
        Permission::Ingest => "use an ingest key, or an API key with the scope ingest",
        Permission::ReadTelemetry => "use an API key with the scope read_telemetry, or sign in",
        Permission::ReadAudit => "use an API key with the scope read_audit, or sign in",
        Permission::OwnAccount => "sign in as a user",
        Permission::Edit => "use an API key with the scope administer, or sign in as a member",
        Permission::Release => "use an API key with the scope release, or sign in as a member",
        Permission::Administer | Permission::ManageUsers => {
            "use an API key with the scope administer, or sign in as an admin"
        }
    }
}

fn parameters(parts: &Parts) -> Result<Vec<(String, String)>, Failure> {
    if parts.uri.query().is_none_or(str::is_empty) {
        return Ok(Vec::new());
    }
    let parsed = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    parsed.map(|query| query.0).map_err(|_| Failure::invalid("the query string is not well formed"))
}

/// In place of a project, for questions: all that the caller reaches.
const ALL_PROJECTS: &str = "*";

/// The path, the header, the parameter, the only project of the key, or `default`; and how it was named.
fn choose_project(
    app: &App,
    caller: &Caller,
    parts: &Parts,
    path: &[(String, String)],
    parameters: &[(String, String)],
) -> Result<(Project, ProjectChoice), Failure> {
    let header = parts.headers.get("x-whodunit-project").map(|value| value.to_str().unwrap_or("\u{fffd}"));
    let parameter = || parameters.iter().find(|(name, _)| name == "project").map(|(_, value)| value.as_str());
    let named = header.or_else(parameter).filter(|slug| !slug.is_empty());
    let in_path = path.iter().find(|(name, _)| name == "project").map(|(_, name)| name.as_str());
    let project = match (named, caller.projects.as_deref()) {
        _ if let Some(name) = in_path => identity::project_named(&app.control.directory(), name).ok_or_else(|| {
            Failure::new(ErrorKind::NotFound, format!("there is no project {name:?}")).field("project")
        })?,
        (Some(ALL_PROJECTS), _) => return Ok((Project::default_project(), ProjectChoice::All)),
        (Some(slug), _) => {
            Project::parse(slug).map_err(|error| Failure::invalid(error.to_string()).field("project"))?
        }
        (None, Some([only])) => only.clone(),
        (None, _) => return Ok((Project::default_project(), ProjectChoice::Default)),
    };
    if caller.principal != Principal::Anonymous && !caller.reaches(&project) {
        return Err(Failure::new(
            ErrorKind::Forbidden,
            format!("these credentials do not reach the project {project}"),
        )
        .field("project"));
    }
    Ok((project, ProjectChoice::Named))
}

fn panicked(operation: &Operation, panic: &(dyn std::any::Any + Send)) -> Failure {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(operation = operation.id, panic = said, "handler panicked");
    Failure::new(ErrorKind::Internal, "the server failed on this request; the failure is in its log")
}

fn timed_out(operation: &Operation) -> Failure {
    let failure = Failure::new(ErrorKind::Timeout, "the request took longer than it may").limit("request_timeout");
    if operation.audit == AuditClass::Ingest {
        return failure
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .hint("the rows may be stored all the same: send audit entries again with the same ids");
    }
    failure
}

fn finish_headers(response: &mut Response, correlation_id: &str) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(correlation_id) {
        headers.insert(CORRELATION_HEADER, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn check(work: impl Future<Output = Result<Response, Failure>>, kind: ErrorKind, status: u16) {
        let append = OPERATIONS.iter().find(|operation| operation.id == "append_audit").expect("is in the table");
        let failure = contained(append, Duration::from_millis(1), work).await.expect_err("fails");
        assert_eq!((failure.kind, failure.status_code().as_u16()), (kind, status));
    }

    #[tokio::test]
    async fn a_panic_and_a_lack_of_time_end_their_own_request_only() {
        check(async { panic!("on purpose") }, ErrorKind::Internal, 500).await;
        check(std::future::pending(), ErrorKind::Timeout, 503).await;
    }
}
