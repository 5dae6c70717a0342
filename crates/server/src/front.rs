//! What connections talk to while the server comes up, serves and goes down.
//!
//! The socket is bound before the store is opened, so that a supervisor sees the process alive while a long log is
//! replayed; until then every other request is asked to come back.

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use tower::ServiceExt;
use whodunit_api::health::Probe;
use whodunit_stdx::ErrorKind;

use crate::failure::Failure;
use crate::unread;

/// The other end of a connection, beside each of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// Whether the connection itself is encrypted.
    pub over_tls: bool,
}

/// Holds the router as soon as there is one.
#[derive(Default)]
pub struct Front {
    router: ArcSwapOption<Router>,
}

/// How long clients are asked to wait while the store is being opened.
const STARTING_RETRY_SECONDS: u32 = 2;

impl Front {
    pub fn open(&self, router: Router) {
        self.router.store(Some(Arc::new(router)));
    }

    pub async fn answer(&self, request: Request<Body>) -> Response {
        let (request, unread) = unread::watch(request);
        let response = match self.router.load_full() {
            Some(router) => match Router::clone(&router).oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            None => starting(request.uri().path()),
        };
        unread.discard().await;
        response
    }
}

fn starting(path: &str) -> Response {
    match path {
        "/health/live" => probe(Probe { ok: true, reason: None }),
        "/health/ready" => probe(Probe { ok: false, reason: Some("the store is being opened".to_owned()) }),
        _ => Failure::new(ErrorKind::Unavailable, "the server is starting: the store is being opened")
            .retry_after(STARTING_RETRY_SECONDS)
            .into_response(),
    }
}

/// The answer of `/health/live` and `/health/ready`.
pub fn probe(probe: Probe) -> Response {
    let body = serde_json::to_vec(&probe).expect("plain texts always serialise");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = if probe.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn while_starting_the_server_is_alive_and_not_ready() {
        let front = Front::default();
        let status = async |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            front.answer(request).await.status()
        };
        assert_eq!(status("/health/live").await, StatusCode::OK);
        assert_eq!(status("/health/ready").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status("/api/v1/audit").await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
