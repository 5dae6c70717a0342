//! How an error sounds to the clients of each protocol: same status and headers, another body.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use whodunit_stdx::ErrorKind;

use crate::failure::Failure;

/// Whose form errors have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Ours: `{"error": {"kind", "message", …}}`.
    House,
    /// The message as text, as Loki does.
    Plain,
    /// A `google.rpc.Status` in the form of the request, as OTLP asks.
    Status,
    /// `{"error": {"type", "reason", …}, "status"}`, and the name of the product on every answer.
    Elastic,
    /// `{"detail", "causes"}` with the message in `X-Sentry-Error`, and leave for pages of all sites to send and read.
    Sentry,
}

impl Dialect {
    /// The answer to a request with this media type that failed.
    pub fn respond(self, mut failure: Failure, content_type: Option<&str>) -> Response {
        let (kind, code) = (failure.kind, status_code(failure.kind));
        let text = match &failure.detail().hint {
            Some(hint) => format!("{}; {hint}\n", failure.message()),
            None => format!("{}\n", failure.message()),
        };
        let (failure_text, hint) = (failure.message().to_owned(), failure.detail().hint.clone());
        let rate_limits = failure.take_rate_limits();
        let response = failure.into_response();
        match self {
            Dialect::House => response,
            Dialect::Plain => with_body(response, "text/plain; charset=utf-8", text),
            Dialect::Status if is_json(content_type) => {
                let body = json!({"code": code, "message": text.trim_end()}).to_string();
                with_body(response, "application/json", body)
            }
            Dialect::Elastic => {
                let status = response.status().as_u16();
                let cause = json!({"type": elastic_type(kind), "reason": text.trim_end()});
                let error = json!({"root_cause": [cause], "type": cause["type"], "reason": cause["reason"]});
                with_body(response, "application/json", json!({"error": error, "status": status}).to_string())
            }
            Dialect::Sentry => sentry(response, &failure_text, hint.as_deref(), rate_limits),
            Dialect::Status => {
                let mut body = Vec::new();
                protobuf::number(&mut body, 1, u64::from(code));
                protobuf::text(&mut body, 2, text.trim_end());
                with_body(response, "application/x-protobuf", body)
            }
        }
    }

    /// What the clients of this protocol look for on every answer.
    pub fn sign(self, response: &mut Response) {
        if self == Dialect::Elastic {
            response.headers_mut().insert("x-elastic-product", HeaderValue::from_static("Elasticsearch"));
        }
        if self == Dialect::Sentry {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            let exposed = HeaderValue::from_static("x-sentry-error, x-sentry-rate-limits, retry-after");
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }

    /// Whether its clients show the public part of a DSN, which opens nothing else.
    pub fn takes_public_keys(self) -> bool {
        self == Dialect::Sentry
    }

    /// One sentence for the reference; empty for our own form.
    pub fn note(self) -> &'static str {
        match self {
            Dialect::House => "",
            Dialect::Plain => "Errors are their message as text.",
            Dialect::Status => "Errors are a `google.rpc.Status` in the form of the request.",
            Dialect::Sentry => "Errors are `{\"detail\", \"causes\"}`; 429 also has `X-Sentry-Rate-Limits`.",
            Dialect::Elastic => "Errors are `{\"error\": {\"type\", \"reason\"}, \"status\"}`.",
        }
    }
}

/// Whether a body of this media type is JSON.
pub fn is_json(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|media| media.to_ascii_lowercase().contains("json"))
}

/// The code of gRPC that says the same.
fn status_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Invalid | ErrorKind::Unsupported => 3,
        ErrorKind::Timeout => 4,
        ErrorKind::NotFound => 5,
        ErrorKind::Forbidden => 7,
        ErrorKind::TooLarge | ErrorKind::Exhausted => 8,
        ErrorKind::Conflict => 9,
        ErrorKind::Internal => 13,
        ErrorKind::Unavailable => 14,
        ErrorKind::Corrupt => 15,
        ErrorKind::Unauthenticated => 16,
    }
}

/// Elasticsearch's word for the same.
pub fn elastic_type(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Invalid => "illegal_argument_exception",
        ErrorKind::Unauthenticated | ErrorKind::Forbidden => "security_exception",
        ErrorKind::NotFound => "resource_not_found_exception",
        ErrorKind::Conflict => "version_conflict_engine_exception",
        ErrorKind::TooLarge => "content_too_long_exception",
        ErrorKind::Unsupported => "media_type_header_exception",
        ErrorKind::Exhausted => "es_rejected_execution_exception",
        ErrorKind::Timeout => "timeout_exception",
        ErrorKind::Unavailable => "cluster_block_exception",
        ErrorKind::Corrupt | ErrorKind::Internal => "exception",
    }
}

/// The few messages that are answered as protobuf, written by hand.
pub mod protobuf {
    pub fn number(out: &mut Vec<u8>, field: u8, value: u64) {
        out.push(field << 3);
        varint(out, value);
    }

    pub fn text(out: &mut Vec<u8>, field: u8, text: &str) {
        message(out, field, text.as_bytes());
    }

    pub fn message(out: &mut Vec<u8>, field: u8, content: &[u8]) {
        out.push(field << 3 | 2);
        varint(out, content.len() as u64);
        out.extend_from_slice(content);
    }

    fn varint(out: &mut Vec<u8>, mut value: u64) {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }
}

/// 429 says for how long, in the header that clients read for each kind of item: for all of them, unless it is known
/// which.
fn sentry(response: Response, text: &str, hint: Option<&str>, rate_limits: Option<HeaderValue>) -> Response {
    let causes: Vec<&str> = hint.into_iter().collect();
    let mut response = with_body(response, "application/json", json!({"detail": text, "causes": causes}).to_string());
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok().map(str::to_owned));
    let limited = wait.filter(|_| response.status() == StatusCode::TOO_MANY_REQUESTS);
    let of_all = |wait: String| HeaderValue::from_str(&format!("{wait}::organization")).ok();
    let limits = limited.and_then(|wait| rate_limits.or_else(|| of_all(wait)));
    let headers = response.headers_mut();
    if let Some(limits) = limits {
        headers.insert("x-sentry-rate-limits", limits);
    }
    if let Ok(text) = HeaderValue::from_str(text) {
        headers.insert("x-sentry-error", text);
    }
    response
}

fn with_body(response: Response, media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = response.map(|_| body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sentrys_clients_hear_how_long_to_wait_and_browsers_may_read_it() {
        let mut response = Dialect::Sentry.respond(Failure::new(ErrorKind::Exhausted, "full").retry_after(30), None);
        Dialect::Sentry.sign(&mut response);
        let headers = response.headers().clone();
        assert_eq!(headers["x-sentry-rate-limits"], "30::organization");
        assert_eq!(
            (&headers["retry-after"], &headers["x-sentry-error"]),
            (&"30".parse().unwrap(), &"full".parse().unwrap())
        );
        assert_eq!(headers["access-control-allow-origin"], "*");
        let body = axum::body::to_bytes(response.into_body(), 1 << 10).await.expect("a short body");
        assert_eq!(&body[..], br#"{"causes":[],"detail":"full"}"#);
        let named =
            Failure::new(ErrorKind::Exhausted, "full").rate_limits(Some(HeaderValue::from_static("9:error:key")));
        assert_eq!(Dialect::Sentry.respond(named, None).headers()["x-sentry-rate-limits"], "9:error:key");
        let refused = Dialect::Sentry.respond(Failure::invalid("no header"), None);
        assert!(!refused.headers().contains_key("x-sentry-rate-limits"), "only who is too fast waits");
    }

    #[tokio::test]
    async fn a_status_comes_in_the_form_of_the_request() {
        let body = async |content_type| {
            let response = Dialect::Status.respond(Failure::new(ErrorKind::Exhausted, "full"), content_type);
            assert!(response.headers().contains_key(header::RETRY_AFTER), "other headers stay");
            axum::body::to_bytes(response.into_body(), 1 << 10).await.expect("a short body")
        };
        assert_eq!(&body(Some("application/x-protobuf")).await[..], b"\x08\x08\x12\x04full");
        assert_eq!(&body(None).await[..], b"\x08\x08\x12\x04full");
        assert_eq!(&body(Some("application/json")).await[..], br#"{"code":8,"message":"full"}"#);
    }
}
