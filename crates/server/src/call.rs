//! One request on its way: what the pipeline has found out about it, for the handler to act on.
//!
//! A handler gets a [`Call`] whose caller is known and allowed, whose project is chosen and whose body is read.
//! This file must not know the table of operations.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use whodunit_model::{Caller, Project};
use whodunit_query::Visibility;
use whodunit_stdx::{ErrorKind, Reservation};

use crate::app::App;
use crate::failure::Failure;
use crate::identity::Session;
use crate::recording::Recorder;
use crate::settings::Settings;

pub type Handler = fn(Call) -> Answer;
pub type Answer = BoxFuture<'static, Result<Response, Failure>>;

/// Which trace an operation leaves in Whodunit's own trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditClass {
    /// None: nothing of anybody is read or changed.
    Public,
    /// None: the appended rows are the record.
    Ingest,
    /// None, unless rows are exported.
    ReadTelemetry,
    /// None: administrative lists without data of applications.
    ReadControl,
    /// An entry begun before the first row flows and completed with outcome and number of rows.
    ReadAudit,
    /// As `ReadAudit` if the question reads audit entries or exports; the handler finds out by planning it.
    Query,
    /// The control plane records the change with before and after.
    Change,
    /// The control plane records success and failure.
    SignIn,
}

impl AuditClass {
    /// One sentence for the reference.
    pub fn note(self) -> &'static str {
        match self {
            AuditClass::Public | AuditClass::Ingest | AuditClass::ReadControl => {
                "Leaves no entry in Whodunit's own trail."
            }
            AuditClass::ReadTelemetry => "Leaves an entry in Whodunit's own trail when rows are exported.",
            AuditClass::ReadAudit => {
                "Leaves an entry in Whodunit's own trail: begun before the first row, completed with outcome and rows."
            }
            AuditClass::Query => {
                "Leaves an entry in Whodunit's own trail when audit entries are read or rows are exported."
            }
            AuditClass::Change => "Leaves an entry in Whodunit's own trail with what was before and after.",
            AuditClass::SignIn => "Leaves an entry in Whodunit's own trail, also when it fails.",
        }
    }
}

/// How the project of a request came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectChoice {
    /// By header or parameter, or as the only one of the key.
    Named,
    /// Nobody said, so it is `default`.
    Default,
    /// `*`: all that the caller reaches.
    All,
}

/// How large a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLimit {
    /// No body is read.
    None,
    /// Forms of people: [`SMALL_BODY_MAX`].
    Small,
    /// Questions and single entries: [`REQUEST_BODY_MAX`].
    Request,
    /// Setting `audit_body_max`.
    Audit,
    /// Setting `logs_body_max`.
    Logs,
}

/// Largest body of sign-in, set-up and administration.
pub const SMALL_BODY_MAX: usize = 64 << 10;
/// Largest body of a question or of a completion.
pub const REQUEST_BODY_MAX: usize = 1 << 20;

impl BodyLimit {
    pub fn bytes(self, settings: &Settings) -> usize {
        match self {
            BodyLimit::None => 0,
            BodyLimit::Small => SMALL_BODY_MAX,
            BodyLimit::Request => REQUEST_BODY_MAX,
            BodyLimit::Audit => settings.audit_body_max,
            BodyLimit::Logs => settings.logs_body_max,
        }
    }

    /// The name under which a refusal speaks of it.
    pub fn name(self) -> &'static str {
        match self {
            BodyLimit::None => "no_body",
            BodyLimit::Small => "small_body_max",
            BodyLimit::Request => "request_body_max",
            BodyLimit::Audit => "audit_body_max",
            BodyLimit::Logs => "logs_body_max",
        }
    }

    /// For the reference.
    pub fn note(self) -> &'static str {
        match self {
            BodyLimit::None => "nothing",
            BodyLimit::Small => "64 KiB",
            BodyLimit::Request => "1 MiB",
            BodyLimit::Audit => "setting `audit_body_max`",
            BodyLimit::Logs => "setting `logs_body_max`",
        }
    }
}

/// A request that may be acted on.
pub struct Call {
    pub app: Arc<App>,
    pub caller: Caller,
    /// Of a caller that came by cookie.
    pub session: Option<Session>,
    /// Whether the client's own connection is encrypted, as far as we can know.
    pub over_tls: bool,
    pub path: Vec<(String, String)>,
    pub parameters: Vec<(String, String)>,
    pub headers: HeaderMap,
    /// What the caller chose, or `default`, or the only one its key has.
    pub project: Project,
    pub project_choice: ProjectChoice,
    pub body: Bytes,
    /// Memory that the body holds; given back before the rooms below reserve for themselves.
    pub body_memory: Option<Reservation>,
    pub recorder: Arc<Recorder>,
}

impl Call {
    /// A path parameter that the route has.
    pub fn segment(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The path parameter `id` as 32 lower-case hexadecimal digits, however it was written; `what` it is the id of.
    pub fn hex_id(&self, what: &str) -> Result<String, Failure> {
        let asked = self.segment("id");
        let id: String = asked.chars().filter(|digit| *digit != '-').collect::<String>().to_ascii_lowercase();
        if id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(id);
        }
        Err(Failure::invalid(format!("{asked:?} is no id of an {what}: 32 hexadecimal digits")).field("id"))
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What the caller may see: one project, or all that it reaches. `unnamed` says which if the request does not.
    pub fn visibility(&self, unnamed: ProjectChoice) -> Visibility {
        let all = Visibility::of(&self.caller);
        let choice = if self.project_choice == ProjectChoice::Default { unnamed } else { self.project_choice };
        match choice {
            ProjectChoice::All => all,
            ProjectChoice::Named | ProjectChoice::Default => all.narrowed(std::slice::from_ref(&self.project)),
        }
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON. The media type must say so: a form of another site cannot send it without asking first.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let media = self.header(header::CONTENT_TYPE).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/json") {
            return Err(Failure::new(ErrorKind::Unsupported, "the body must be JSON")
                .field("content-type")
                .hint("send the header Content-Type: application/json"));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::invalid(format!("the body is not as expected: {error}")))
    }

    /// The body as JSON, or the default if there is none.
    pub fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, Failure> {
        if self.body.is_empty() { Ok(T::default()) } else { self.json() }
    }
}

/// A JSON answer.
pub fn json_response(status: StatusCode, body: &impl Serialize) -> Result<Response, Failure> {
    Ok(typed(status, HeaderValue::from_static("application/json"), json(body)?))
}

/// The bytes of a JSON answer.
pub fn json(body: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(body).map_err(|error| {
        tracing::error!(%error, "answer not written");
        Failure::new(ErrorKind::Internal, "the answer could not be written")
    })
}

/// 200 with JSON.
pub fn ok(body: &impl Serialize) -> Result<Response, Failure> {
    json_response(StatusCode::OK, body)
}

/// 204.
pub fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A whole answer of any type.
pub fn typed(status: StatusCode, media: HeaderValue, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}
