//! Whether a flood holds up others: audit entries at a steady pace alone and in a flood of log lines, and entries and
//! captured errors of one project alone and in a flood of captured errors of another.
//!
//! What is sent at the pace is due at fixed times and its latency counts from when it was due, so that a server that
//! stalls cannot hide it by being sent less. The flood would come from other machines, so it comes from threads of its
//! own that yield to all others: what is asked is how the server treats what is beside it, not how the client does.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::{try_join, try_join_all};
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::sync::mpsc;
use whodunit_stdx::tasks::lower_thread_priority;
use whodunit_stdx::{Instant, Tasks, World};

use super::audit::entry;
use super::bodies::{Bodies, BodiesWriter};
use super::generate::SplitMix;
use super::pace::Pace;
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// Requests under way at once; past it the pace falls behind, which its latencies show.
const UNDER_WAY_MAX: usize = 1_024;
/// Threads that send log lines, each over one connection as fast as the server answers.
pub const THREADS: u64 = 16;
/// Connections of one thread that send captured errors likewise.
pub const EVENT_CONNECTIONS: u64 = 200;
/// Of one project beside that flood, audit entries and captured errors each.
pub const BESIDE_PER_SECOND: u64 = 50;
/// Lines that are made once and sent again and again.
const LINES: u64 = 50_000;
/// A refused sender comes again after this long.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// What floods the server, over and over until something else is done.
pub struct Source {
    pub bodies: Bodies,
    pub path: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
    pub threads: u64,
    pub connections_per_thread: u64,
}

/// What a flood was.
#[derive(Debug, Default)]
pub struct Poured {
    pub rows_per_second: f64,
    /// Requests that were told to come later.
    pub refused: u64,
}

/// Who is beside the flood of captured errors: a project of its own.
pub struct Beside {
    pub client: Client,
    /// Envelopes of it, as many as are sent.
    pub events: Bodies,
    pub events_path: String,
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

/// Does `work` while `source` floods the server.
pub async fn during<T>(
    source: Source,
    client: &Client,
    work: impl Future<Output = Result<T, Failure>>,
    world: &World,
) -> Result<(T, Poured), Failure> {
    let threads = source.threads;
    let flood = Arc::new(Flood { source, rows: AtomicU64::new(0), refused: AtomicU64::new(0) });
    let (failed, mut failures) = mpsc::unbounded_channel();
    let tasks = Tasks::new();
    let begun = world.instant();
    for _ in 0..threads {
        let (failed, flood, client) = (failed.clone(), flood.clone(), client.apart());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        tasks.thread("flood", move |mut stop| {
            lower_thread_priority();
            runtime.block_on(async {
                let connections = (0..flood.source.connections_per_thread).map(|_| flood.pour(&client));
                tokio::select! {
                    Err(failure) = try_join_all(connections) => failed.send(failure).unwrap_or_default(),
                    () = stop.wait() => {}
                }
            });
        })?;
    }
    let done = work.await;
    let lasted = world.instant().since(begun).as_secs_f64();
    tasks.stop().await;
    if let Ok(failure) = failures.try_recv() {
        return Err(failure);
    }
    let rows_per_second = flood.rows.load(Ordering::Relaxed) as f64 / lasted;
    Ok((done?, Poured { rows_per_second, refused: flood.refused.load(Ordering::Relaxed) }))
}

/// What all senders of the flood share.
struct Flood {
    source: Source,
    rows: AtomicU64,
    refused: AtomicU64,
}

impl Flood {
    /// Sends body after body for as long as it is let.
    async fn pour(&self, client: &Client) -> Result<std::convert::Infallible, Failure> {
        let Source { bodies, path, headers, .. } = &self.source;
        loop {
            let body = bodies.take_again()?;
            let call = Call { method: Method::POST, path, headers, body: body.bytes };
            let answer = client.send(call).await?;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                self.refused.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(REFUSED_PAUSE).await;
                continue;
            }
            answer.success()?;
            self.rows.fetch_add(body.rows, Ordering::Relaxed);
        }
    }
}

/// One audit entry per tick, each on its own.
pub async fn entries(client: &Client, pace: &Pace, world: &World) -> Result<Latencies, Failure> {
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

/// A pace at which so many at most are under way.
pub fn steady(seconds: u64, per_second: u64) -> Pace {
    Pace { seconds, per_second, under_way_max: UNDER_WAY_MAX }
}

impl Beside {
    /// Audit entries and captured errors, side by side.
    pub async fn both(
        &self,
        headers: &[(&str, &str)],
        seconds: u64,
        world: &World,
    ) -> Result<(Latencies, Latencies), Failure> {
        let pace = steady(seconds, BESIDE_PER_SECOND);
        let mut latencies = Latencies::default();
        let begin = |_tick, due: Instant| async move {
            let body = self.events.take_again()?.bytes;
            let call = Call { method: Method::POST, path: &self.events_path, headers, body };
            self.client.send(call).await?.success()?;
            Ok(world.instant().since(due))
        };
        let events = pace.keep(world, begin, |latency| latencies.push(latency));
        let (entries, ()) = try_join(entries(&self.client, &pace, world), events).await?;
        Ok((entries, latencies))
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
