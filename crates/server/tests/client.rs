//! A server on a port of its own and a client that speaks HTTP to it.

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tempfile::TempDir;
use whodunit_server::{Server, Settings};
use whodunit_stdx::World;

pub const OWNER: &str = "owner@example.com";
pub const PASSWORD: &str = "a long enough password";
pub const INGEST_KEY: &str = "wd_ing_test_0123456789abcdef";
pub const API_KEY: &str = "wd_api_test_0123456789abcdef";

/// How often a test looks again for what happens in the background, and for how long.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
const LOOKS_MAX: usize = 1_000;

pub struct Running {
    pub server: Server,
    pub data: TempDir,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Settings for a test: a free port, little memory, `set` on top.
pub fn settings(data: &TempDir, set: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::default();
    let path = data.path().join("data").display().to_string();
    for (name, value) in [("data", path.as_str()), ("listen", "127.0.0.1:0"), ("memory", "256MiB")].iter().chain(set) {
        settings.set(name, value).expect("a setting of the table");
    }
    settings
}

/// With an owner, an ingest key and an API key.
const OWNED: &[(&str, &str)] = &[
    ("init_owner_email", OWNER),
    ("init_owner_password", PASSWORD),
    ("init_ingest_key", INGEST_KEY),
    ("init_api_key", API_KEY),
];

impl Running {
    /// A server that nobody owns yet.
    pub async fn fresh() -> Running {
        Running::with(&[]).await
    }

    /// A server with an owner and both keys.
    pub async fn owned() -> Running {
        Running::owned_with(&[]).await
    }

    pub async fn owned_with(set: &[(&str, &str)]) -> Running {
        let all: Vec<_> = OWNED.iter().chain(set).copied().collect();
        Running::with(&all).await
    }

    async fn with(set: &[(&str, &str)]) -> Running {
        let data = TempDir::new().expect("a temporary directory");
        let server = Server::start(settings(&data, set), World::system()).await.expect("the server starts");
        Running { server, data, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// The same data under a new process's server.
    pub async fn restart(self) -> Running {
        let Running { server, data, client } = self;
        server.stop().await.expect("the server stops");
        let server = Server::start(settings(&data, &[]), World::system()).await.expect("the server starts again");
        Running { server, data, client }
    }

    pub async fn open(&self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        self.client.request(request).await.expect("the server answers")
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        let body = body.collect().await.expect("the body comes whole").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request to this server.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Request<Full<Bytes>> {
        let mut request =
            Request::builder().method(method).uri(format!("http://{}{path}", self.server.started().address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::new(body.into())).expect("a well-formed request")
    }

    pub async fn get(&self, path: &str, key: &str) -> Answer {
        self.send(self.request(Method::GET, path, &[("x-api-key", key)], "")).await
    }

    pub async fn post(&self, path: &str, key: &str, body: impl Into<Bytes>) -> Answer {
        self.send(self.request(Method::POST, path, &[("x-api-key", key), ("content-type", "application/json")], body))
            .await
    }

    pub async fn sql(&self, query: &str) -> Vec<Vec<Value>> {
        let body = serde_json::json!({ "query": query }).to_string();
        let answer = self.post("/api/v1/sql", API_KEY, body).await.expect(StatusCode::OK);
        serde_json::from_value(answer["rows"].clone()).expect("rows are arrays")
    }

    /// Asks until the answer is not empty: for what happens after an answer.
    pub async fn sql_until_some(&self, query: &str) -> Vec<Vec<Value>> {
        for _ in 0..LOOKS_MAX {
            let rows = self.sql(query).await;
            if !rows.is_empty() {
                return rows;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("nothing ever answered {query}");
    }

    /// Signs the owner in: cookie and CSRF token.
    pub async fn sign_in(&self) -> (String, String) {
        self.sign_in_as(OWNER).await
    }

    /// Signs somebody in whose password is the tests' one.
    pub async fn sign_in_as(&self, email: &str) -> (String, String) {
        let body = serde_json::json!({"email": email, "password": PASSWORD}).to_string();
        let request = self.request(Method::POST, "/api/v1/session", &[("content-type", "application/json")], body);
        let answer = self.send(request).await;
        let cookie = answer.cookie();
        let csrf = answer.expect(StatusCode::CREATED)["csrf"].as_str().expect("a token").to_owned();
        (cookie, csrf)
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The JSON of an answer with this status.
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// `error.kind` of an answer with this status.
    pub fn refused(self, status: StatusCode) -> Value {
        let body = self.expect(status);
        assert!(body["error"]["message"].is_string(), "every error has the one shape: {body}");
        body["error"].clone()
    }

    /// `name=value` of the cookie that was set.
    pub fn cookie(&self) -> String {
        let set = self.headers["set-cookie"].to_str().expect("ASCII");
        set.split(';').next().expect("a first part").to_owned()
    }
}
