//! Whether a flood of log lines holds up audit entries: the same steady pace of entries, alone and then in the flood.
//!
//! Entries are due at fixed times and their latency counts from when they were due, so that a server that stalls
//! cannot hide it by being sent less. The flood would come from other machines, so it comes from threads of its own that
//! yield to all others: what is asked is how the server treats entries beside it, not how the client does.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::sync::mpsc;
use whodunit_stdx::tasks::lower_thread_priority;
use whodunit_stdx::{Instant, Tasks, World};

use super::audit::entry;
use super::bodies::{Bodies, BodiesWriter};
use super::generate::SplitMix;
use super::pace::{Pace, TICKS_PER_SECOND};
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// Requests under way at once; past it the pace falls behind, which its latencies show.
const UNDER_WAY_MAX: usize = 1_024;
/// Connections that send log lines, each as fast as the server answers.
pub const CONNECTIONS: u64 = 16;
/// Lines that are made once and sent again and again.
const LINES: u64 = 50_000;
/// A refused sender comes again after this long.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// What the two halves gave.
#[derive(Debug, Default)]
pub struct Flooded {
    pub alone: Latencies,
    pub in_flood: Latencies,
    pub lines_per_second: f64,
    /// Log requests that were told to come later.
    pub refused: u64,
}

/// Bodies of log lines of about 450 bytes, without needles that a question would look for.
pub fn write_bodies(body_bytes: usize, path: &Path) -> Result<Bodies, Failure> {
    let mut writer = BodiesWriter::create(path)?;
    let mut random = SplitMix(LINES);
    let (mut body, mut rows) = (Vec::new(), 0);
    for row in 1..=LINES {
        let line = json!({
            "level": "INFO",
            "service": "flood",
            "message": format!("one of very many lines, number {row}, {:x}", random.next()),
            "path": format!("/api/items/{}", random.below(1_000_000)),
            "duration_ms": random.below(5_000),
            "padding": format!("{:032x}", random.next()).repeat(8),
        });
        body.extend_from_slice(line.to_string().as_bytes());
        body.push(b'\n');
        rows += 1;
        if body.len() >= body_bytes || row == LINES {
            writer.push(&body, rows)?;
            body.clear();
            rows = 0;
        }
    }
    writer.finish()
}

/// `seconds` of entries alone, then as many in the flood.
pub async fn measure(client: &Client, bodies: Bodies, seconds: u64, world: &World) -> Result<Flooded, Failure> {
    let alone = paced(client, seconds, world).await?;
    let flood = Arc::new(Flood { bodies, lines: AtomicU64::new(0), refused: AtomicU64::new(0) });
    let (failed, mut failures) = mpsc::unbounded_channel();
    let tasks = Tasks::new();
    let begun = world.instant();
    for _ in 0..CONNECTIONS {
        let (failed, flood, client) = (failed.clone(), flood.clone(), client.apart());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tasks.thread("flood", move |mut stop| {
            lower_thread_priority();
            runtime.block_on(async {
                tokio::select! {
                    Err(failure) = flood.pour(&client) => failed.send(failure).unwrap_or_default(),
                    () = stop.wait() => {}
                }
            });
        })?;
    }
    let in_flood = paced(client, seconds, world).await;
    let lasted = world.instant().since(begun).as_secs_f64();
    tasks.stop().await;
    if let Ok(failure) = failures.try_recv() {
        return Err(failure);
    }
    Ok(Flooded {
        alone,
        in_flood: in_flood?,
        lines_per_second: flood.lines.load(Ordering::Relaxed) as f64 / lasted,
        refused: flood.refused.load(Ordering::Relaxed),
    })
}

/// What all senders of the flood share.
struct Flood {
    bodies: Bodies,
    lines: AtomicU64,
    refused: AtomicU64,
}

/// One entry per tick, each on its own; the latency of each from when it was due.
async fn paced(client: &Client, seconds: u64, world: &World) -> Result<Latencies, Failure> {
    let pace = Pace { seconds, per_second: TICKS_PER_SECOND, under_way_max: UNDER_WAY_MAX };
    let mut random = SplitMix(pace.ticks());
    let mut latencies = Latencies::default();
    let begin = |_tick, due: Instant| {
        let body = entry(&mut random, None);
        async move {
            client.send(Call::json(Method::POST, "/api/v1/audit", &body)).await?.success()?;
            Ok(world.instant().since(due))
        }
    };
    pace.keep(world, begin, |latency| latencies.push(latency)).await?;
    Ok(latencies)
}

impl Flood {
    /// Sends body after body for as long as it is let.
    async fn pour(&self, client: &Client) -> Result<std::convert::Infallible, Failure> {
        let headers = [("content-type", "application/x-ndjson")];
        loop {
            let body = self.bodies.take_again()?;
            let call = Call { method: Method::POST, path: "/api/v1/logs", headers: &headers, body: body.bytes };
            let answer = client.send(call).await?;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                self.refused.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(REFUSED_PAUSE).await;
                continue;
            }
            answer.success()?;
            self.lines.fetch_add(body.rows, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flood_is_of_lines_as_long_as_others_and_never_ends() {
        let directory = tempfile::tempdir().expect("a directory");
        let bodies = write_bodies(1 << 20, &directory.path().join("flood")).expect("written");
        assert_eq!(bodies.rows(), LINES);
        let bytes = bodies.bytes() / bodies.rows();
        assert!((350..600).contains(&bytes), "{bytes} bytes a line");
        let mut rows = 0;
        while rows < 2 * LINES {
            rows += bodies.take_again().expect("read").rows;
        }
    }
}
