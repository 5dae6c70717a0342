//! Why a request got no good answer: one type from every room's error to the one JSON shape of error answers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use whodunit_api::error::{ErrorBody, ErrorDetail};
use whodunit_stdx::ErrorKind;

/// What the client hears. Causes are logged where they are turned into this, never sent.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: ErrorKind,
    /// Where the kind's own status code would mislead (405, 408).
    status: Option<StatusCode>,
    detail: Box<ErrorDetail>,
    retry_after_seconds: Option<u32>,
    allow: Option<&'static str>,
    rate_limits: Option<HeaderValue>,
}

/// How long a client is asked to wait when a bounded resource is full and nobody knows better.
pub const RETRY_AFTER_SECONDS: u32 = 1;

impl Failure {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Failure {
        let detail = ErrorDetail { kind: kind.name().to_owned(), message: message.into(), ..ErrorDetail::default() };
        let retry = matches!(kind, ErrorKind::Exhausted | ErrorKind::Unavailable).then_some(RETRY_AFTER_SECONDS);
        Failure {
            kind,
            status: None,
            detail: Box::new(detail),
            retry_after_seconds: retry,
            allow: None,
            rate_limits: None,
        }
    }

    pub fn invalid(message: impl Into<String>) -> Failure {
        Failure::new(ErrorKind::Invalid, message)
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.detail.hint = Some(hint.into());
        self
    }

    pub fn field(mut self, field: impl Into<String>) -> Failure {
        self.detail.field = Some(field.into());
        self
    }

    pub fn limit(mut self, limit: impl Into<String>) -> Failure {
        self.detail.limit = Some(limit.into());
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Failure {
        self.retry_after_seconds = Some(seconds);
        self
    }

    pub fn status(mut self, status: StatusCode) -> Failure {
        self.status = Some(status);
        self
    }

    /// What Sentry's clients should hold back, in the form of `X-Sentry-Rate-Limits`, where that is not everything.
    pub fn rate_limits(mut self, limits: Option<HeaderValue>) -> Failure {
        self.rate_limits = limits;
        self
    }

    /// Takes what was set by [`Failure::rate_limits`].
    pub fn take_rate_limits(&mut self) -> Option<HeaderValue> {
        self.rate_limits.take()
    }

    /// The methods that the path does take, for 405.
    pub fn allow(mut self, methods: &'static str) -> Failure {
        self.allow = Some(methods);
        self
    }

    pub fn message(&self) -> &str {
        &self.detail.message
    }

    pub fn detail(&self) -> &ErrorDetail {
        &self.detail
    }

    pub fn status_code(&self) -> StatusCode {
        self.status.unwrap_or_else(|| {
            StatusCode::from_u16(self.kind.status()).expect("every kind's status is a code between 400 and 599")
        })
    }

    pub fn into_response(mut self) -> Response {
        let error = std::mem::take(&mut *self.detail);
        let body = serde_json::to_vec(&ErrorBody { error }).expect("plain texts always serialise");
        self.response_with(body)
    }

    /// This failure's status and headers around a JSON body that says more than the error; it must hold the detail.
    pub fn response_with(self, body: Vec<u8>) -> Response {
        let status = self.status_code();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(methods) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"whodunit\""));
        }
        response
    }
}

impl From<whodunit_store::Error> for Failure {
    fn from(error: whodunit_store::Error) -> Failure {
        log_cause(error.kind, &error);
        Failure::new(error.kind, error.message)
    }
}

impl From<whodunit_control::Error> for Failure {
    fn from(error: whodunit_control::Error) -> Failure {
        log_cause(error.kind, &error);
        let mut failure = Failure::new(error.kind, error.message);
        failure.detail.field = error.field.map(str::to_owned);
        failure.detail.limit = error.limit.map(str::to_owned);
        match error.retry_after {
            // Rounded up: who comes back at the second must not be early.
            Some(wait) => failure.retry_after(u32::try_from(wait.as_secs().saturating_add(1)).unwrap_or(u32::MAX)),
            None => failure,
        }
    }
}

impl From<whodunit_ingest::Error> for Failure {
    fn from(error: whodunit_ingest::Error) -> Failure {
        log_cause(error.kind, &error);
        let mut failure = Failure::new(error.kind, error.message);
        failure.detail.field = error.field;
        failure.detail.limit = error.limit.map(str::to_owned);
        if let Some(wait) = error.retry_after {
            // Rounded up: who comes back at the second must not be early.
            failure = failure.retry_after(u32::try_from(wait.as_secs().saturating_add(1)).unwrap_or(u32::MAX));
        }
        // An append that ran out of time is a matter of the server, not of a gateway between.
        if error.kind == ErrorKind::Timeout { failure.status(StatusCode::SERVICE_UNAVAILABLE) } else { failure }
    }
}

impl From<whodunit_query::Error> for Failure {
    fn from(error: whodunit_query::Error) -> Failure {
        log_cause(error.kind, &error);
        let mut failure = Failure::new(error.kind, error.message);
        failure.detail.hint = error.hint;
        failure.detail.field = error.field;
        failure.detail.limit = error.limit.map(str::to_owned);
        failure
    }
}

/// What is ours to repair goes to the log with its causes; the client hears the first sentence only.
fn log_cause(kind: ErrorKind, error: &dyn std::error::Error) {
    if !matches!(kind, ErrorKind::Internal | ErrorKind::Corrupt | ErrorKind::Unavailable) {
        return;
    }
    let mut causes = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push_str(": ");
        causes.push_str(&cause.to_string());
        next = cause.source();
    }
    tracing::error!(kind = kind.name(), %error, causes = causes.trim_start_matches(": "), "request failed");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_resource_says_when_to_come_back() {
        let response = Failure::new(ErrorKind::Exhausted, "queue is full").limit("audit_requests_max").into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }
}
