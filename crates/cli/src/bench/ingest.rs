//! Sending bodies: as many senders as connections, each with one request under way at a time.

use std::time::Duration;

use bytes::Bytes;
use futures::future::try_join_all;
use hyper::{Method, StatusCode};
use whodunit_api::logs::LogsAnswer;
use whodunit_stdx::World;

use super::bodies::Bodies;
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Answer, Call, Client};

/// A server that says 429 is given this long before the body is sent again.
const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// A body refused this often in a row ends the run.
const RETRIES_MAX: u32 = 1_200;

/// Where and how to send.
pub struct Route<'a> {
    pub client: &'a Client,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
}

/// What came of sending all bodies.
#[derive(Debug, Default)]
pub struct Sent {
    pub rows: u64,
    pub seconds: f64,
    pub latencies: Latencies,
    /// Answers that asked to come again later.
    pub refused: u64,
}

/// Sends every body once over `connections` connections.
pub async fn send_all(route: &Route<'_>, bodies: &Bodies, connections: u64, world: &World) -> Result<Sent, Failure> {
    let begun = world.instant();
    let parts = try_join_all((0..connections).map(|_| send_some(route, bodies, world))).await?;
    let mut whole = Sent { seconds: world.instant().since(begun).as_secs_f64(), ..Sent::default() };
    for part in parts {
        whole.rows += part.rows;
        whole.refused += part.refused;
        whole.latencies.extend(part.latencies);
    }
    Ok(whole)
}

async fn send_some(route: &Route<'_>, bodies: &Bodies, world: &World) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    while let Some(body) = bodies.take()? {
        let begun = world.instant();
        let mut tries = 0;
        let mut rest = body.bytes.clone();
        loop {
            let call = Call { method: Method::POST, path: route.path, headers: route.headers, body: rest.clone() };
            let answer = route.client.send(call).await?;
            if answer.status != StatusCode::TOO_MANY_REQUESTS || tries == RETRIES_MAX {
                answer.success()?;
                break;
            }
            tries += 1;
            rest = not_stored(&answer, rest);
            tokio::time::sleep(RETRY_PAUSE).await;
        }
        sent.latencies.push(world.instant().since(begun));
        sent.refused += u64::from(tries);
        sent.rows += body.rows;
    }
    Ok(sent)
}

/// What is to be sent again of a refused body: all of it, or the lines from where the server says it stopped.
fn not_stored(answer: &Answer, body: Bytes) -> Bytes {
    let resume = serde_json::from_slice::<LogsAnswer>(&answer.body).ok().and_then(|answer| answer.resume_at_line);
    let done = usize::try_from(resume.unwrap_or(1).saturating_sub(1)).unwrap_or(usize::MAX);
    let mut ends = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    match done.checked_sub(1).and_then(|last| ends.nth(last)) {
        Some((end, _)) => body.slice(end + 1..),
        None => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_was_stored_half_is_sent_again_from_there() {
        let body = Bytes::from_static(b"one\ntwo\nthree\n");
        let rest = |text: &'static str| {
            let answer = Answer { status: StatusCode::TOO_MANY_REQUESTS, body: Bytes::from_static(text.as_bytes()) };
            not_stored(&answer, body.clone())
        };
        assert_eq!(rest(r#"{"accepted": 2, "rejected": 0, "rejections": [], "resume_at_line": 3}"#), "three\n");
        for nothing in [r#"{"error": {"kind": "exhausted", "message": ""}}"#, "busy"] {
            assert_eq!(rest(nothing), body);
        }
    }
}
