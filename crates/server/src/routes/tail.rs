//! The live tail: rows as server-sent events, from the moment the first bytes have gone out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::{FutureExt, Stream};
use whodunit_model::Table;
use whodunit_query::tail::Tailed;
use whodunit_query::{ListRequest, Tail};
use whodunit_stdx::tasks::Stop;

use crate::call::{Answer, Call, ProjectChoice, typed};
use crate::failure::Failure;
use crate::recording::Recorder;
use crate::routes::read::of_question;

/// A comment is sent after this much silence, so that proxies keep the connection and a gone reader is noticed.
pub const TAIL_SILENCE_MAX: Duration = Duration::from_secs(15);

/// Comes first: the tail is open, and a reader that loses it should come back after two seconds.
const OPENED: &str = ": open\nretry: 2000\n\n";
/// Sent after a silence.
pub const STILL_HERE: &str = ": still here\n\n";

pub fn audit(call: Call) -> Answer {
    async move { follow(call, Table::AuditLogs).await }.boxed()
}

pub fn logs(call: Call) -> Answer {
    async move { follow(call, Table::Logs).await }.boxed()
}

async fn follow(call: Call, table: Table) -> Result<Response, Failure> {
    let request = ListRequest::parse(table, &of_question(&call), call.app.world.now())?;
    let tail = call.app.engine.tail(&request, &call.visibility(ProjectChoice::Named)).await?;
    let stop = call.app.tails.stop_signal();
    let following = Following { tail, stop, recorder: call.recorder.clone(), opened: false };
    Ok(answer(events(following)))
}

/// An answer whose events come as they happen.
pub fn answer(events: impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + 'static) -> Response {
    let media = HeaderValue::from_static("text/event-stream");
    let mut response = typed(StatusCode::OK, media, Body::from_stream(events));
    // Buffering proxies would hold rows back until there are enough of them.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

struct Following {
    tail: Tail,
    stop: Stop,
    recorder: Arc<Recorder>,
    opened: bool,
}

fn events(following: Following) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + 'static {
    futures::stream::unfold(Some(following), |following| async move {
        let mut following = following?;
        let (text, more) = following.next().await?;
        Some((Ok(Bytes::from(text)), more.then_some(following)))
    })
}

impl Following {
    /// The next piece, and whether there may be more.
    async fn next(&mut self) -> Option<(String, bool)> {
        if !self.opened {
            self.opened = true;
            return Some((OPENED.to_owned(), true));
        }
        let next = tokio::select! {
            next = self.tail.next() => next,
            () = self.stop.wait() => return None,
            () = tokio::time::sleep(TAIL_SILENCE_MAX) => return Some((STILL_HERE.to_owned(), true)),
        };
        match next {
            Ok(Some(Tailed::Rows(rows))) => {
                self.recorder.add_rows(rows.len() as u64);
                let lines = rows.iter().map(|row| event("row", &serde_json::Value::Object(row.clone())));
                Some((lines.collect(), true))
            }
            Ok(Some(Tailed::Missed(batches))) => {
                Some((event("lagged", &serde_json::json!({ "batches": batches })), true))
            }
            Ok(None) => None,
            Err(error) => {
                self.recorder.fail_late(error.kind.name(), &error.message);
                let body = serde_json::to_value(error.body()).expect("errors are plain");
                Some((event("error", &body), false))
            }
        }
    }
}

/// One event. JSON text has no line breaks, so its data is one line.
pub fn event(name: &str, data: &serde_json::Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}
