//! Sending log lines: as many senders as connections, each with one request under way at a time.

use std::time::Duration;

use futures::future::try_join_all;
use hyper::{Method, StatusCode};
use whodunit_stdx::World;

use super::bodies::Bodies;
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// A server that says 429 is given this long before the body is sent again.
const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// A body refused this often in a row ends the run.
const RETRIES_MAX: u32 = 1_200;

/// Where and how to send.
pub struct Route<'a> {
    pub client: &'a Client,
    pub path: &'a str,
    pub content_type: &'a str,
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
    let headers = [("content-type", route.content_type)];
    let mut sent = Sent::default();
    while let Some(body) = bodies.take()? {
        let begun = world.instant();
        let mut tries = 0;
        loop {
            let call = Call { method: Method::POST, path: route.path, headers: &headers, body: body.bytes.clone() };
            let answer = route.client.send(call).await?;
            if answer.status != StatusCode::TOO_MANY_REQUESTS || tries == RETRIES_MAX {
                answer.success()?;
                break;
            }
            tries += 1;
            tokio::time::sleep(RETRY_PAUSE).await;
        }
        sent.latencies.push(world.instant().since(begun));
        sent.refused += u64::from(tries);
        sent.rows += body.rows;
    }
    Ok(sent)
}
