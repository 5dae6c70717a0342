//! Sends what an application with the crate `sentry` sends: an error with its cause, a panic, a session.
//!
//! `whodunit-e2e-sentry DSN`. Everything but the transport is the crate's own.

use std::error::Error;
use std::fmt;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use sentry::protocol::{Request, User};
use sentry::{Breadcrumb, ClientOptions, Envelope, Level, Transport};

/// Posts envelopes over plain HTTP, one connection each.
struct Loopback(ClientOptions);

impl Transport for Loopback {
    fn send_envelope(&self, envelope: Envelope) {
        let dsn = self.0.dsn.as_ref().expect("main gives one");
        let mut body = Vec::new();
        envelope.to_writer(&mut body).expect("writes to memory");
        let mut stream = TcpStream::connect((dsn.host(), dsn.port())).expect("the server listens");
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nX-Sentry-Auth: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            dsn.envelope_api_url().path(),
            dsn.host(),
            dsn.to_auth(Some(&self.0.user_agent)),
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
}

#[derive(Debug)]
struct OrderFailed(std::num::ParseIntError);

impl fmt::Display for OrderFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the order has no number")
    }
}

impl Error for OrderFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn number(text: &str) -> Result<u32, OrderFailed> {
    text.parse().map_err(OrderFailed)
}

fn main() {
    let dsn = std::env::args().nth(1).expect("a DSN");
    let mut options = ClientOptions::default();
    options.dsn = Some(dsn.parse().expect("a DSN"));
    options.release = Some("shop@2.1.0".into());
    options.environment = Some("staging".into());
    options.server_name = Some("worker-3".into());
    options.attach_stacktrace = true;
    options.transport =
        Some(Arc::new(|options: &ClientOptions| Arc::new(Loopback(options.clone())) as Arc<dyn Transport>));
    let client = sentry::init(options);
    sentry::start_session();
    sentry::configure_scope(|scope| {
        scope.set_user(Some(User {
            id: Some("user-7".to_owned()),
            email: Some("ann@example.com".to_owned()),
            ..User::default()
        }));
        scope.set_tag("region", "eu");
        scope.set_extra("db_password", "hunter2".into());
        scope.add_event_processor(|mut event| {
            event.request = Some(Request {
                method: Some("POST".to_owned()),
                url: "https://shop.example.com/pay/17?page=2".parse().ok(),
                headers: [("X-Request-ID", "req-17"), ("Authorization", "Bearer t0ken-17")]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                ..Request::default()
            });
            Some(event)
        });
    });
    sentry::add_breadcrumb(Breadcrumb {
        category: Some("payment".to_owned()),
        message: Some("order 17 é😀".to_owned()),
        level: Level::Info,
        ..Breadcrumb::default()
    });
    let failed = number("seventeen").expect_err("it is no number");
    sentry::capture_error(&failed);
    let _caught = std::panic::catch_unwind(|| panic!("no stock of item {}", 4));
    sentry::end_session();
    assert!(client.flush(Some(Duration::from_secs(5))), "everything is sent");
}
