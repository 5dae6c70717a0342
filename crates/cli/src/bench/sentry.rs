//! Captured errors by Sentry's protocol: as fast as the server answers, at a steady pace, and as a flood beside others.
//!
//! At the steady pace each event is due at a fixed time and its latency counts from then, so that a server that stalls
//! cannot hide it by being sent less. In the end as many rows must be there as were sent.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::{Method, StatusCode};
use serde_json::json;
use whodunit_stdx::{Instant, Timestamp, World};

use super::bodies::{Bodies, BodiesWriter};
use super::captured;
use super::encode;
use super::flood::{self, BESIDE_PER_SECOND, Beside, EVENT_CONNECTIONS, Source};
use super::generate::SplitMix;
use super::ingest::{self, Route, Sent};
use super::pace::Pace;
use super::process::{cpu_seconds, disk_bytes, memory};
use super::report::{Latencies, Target as Aim};
use super::{Run, Watched, megabytes, progress, settle};
use crate::arguments::Target;
use crate::failure::Failure;
use crate::http::{Call, Client};

const HEADERS: &[(&str, &str)] = &[("content-type", "application/x-sentry-envelope"), ("content-encoding", "gzip")];
/// Requests under way at once; past it the pace falls behind, which its latencies show.
const UNDER_WAY_MAX: usize = 1_024;
const NANOS_PER_SECOND: f64 = 1e9;
/// Captured errors that are made for each second of the flood; past them the first come again.
const FLOOD_PER_SECOND: u64 = 5_000;

/// What came of the steady pace.
#[derive(Debug, Default)]
struct Paced {
    latencies: Latencies,
    refused: u64,
}

impl Run {
    /// Sends all captured errors, and measures what they cost.
    pub async fn captured(&mut self, sender: &Client, watched: &Watched<'_>) -> Result<(), Failure> {
        let (fast, rate, seconds) = (self.options.events, self.options.event_rate, self.options.event_seconds);
        progress(&format!("generating {} captured errors", fast + rate * seconds));
        let path = self.scratch.join("events");
        let now = self.world.now();
        let mut random = SplitMix(self.options.seed);
        let bodies = write_bodies(0..fast, &mut random, now, &path)?;
        let paced_path = self.scratch.join("paced");
        let paced_bodies = write_bodies(fast..fast + rate * seconds, &mut random, now, &paced_path)?;
        self.report.add("bytes an event as sent", bodies.bytes() as f64 / fast as f64, "B");

        let before = stored(watched.client).await?;
        let cpu_before = watched.pid.map(cpu_seconds).transpose()?;
        progress("sending them");
        let route = Route { client: sender, path: encode::path(Target::Sentry), headers: HEADERS };
        let sent = ingest::send_all(&route, &bodies, self.options.event_connections, &self.world).await?;
        progress("waiting until the server has settled");
        settle::whodunit(watched.client, &self.world).await?;
        self.report_events(&sent, watched, cpu_before)?;

        let mut taken = sent.rows;
        if seconds > 0 {
            progress(&format!("sending {rate} captured errors a second for {seconds} s"));
            let pace = Pace { seconds, per_second: rate, under_way_max: UNDER_WAY_MAX };
            let paced = send_paced(&route, &paced_bodies, &pace, &self.world).await?;
            taken += pace.ticks() - paced.refused;
            let name = |what: &str| format!("captured errors at {rate}/s for {seconds} s, {what}");
            self.report.add(&name("p50"), paced.latencies.median_ms(), "ms");
            self.report.aim(&name("p99"), paced.latencies.percentile_ms(0.99), "ms", Aim::AtMost(30.0));
            self.report.aim(&name("told to come later (429)"), paced.refused as f64, "", Aim::AtMost(0.0));
        }
        let there = stored(watched.client).await? - before;
        for path in [path, paced_path] {
            std::fs::remove_file(path)?;
        }
        if there != taken {
            let message = format!("{there} of {taken} captured errors are there; with another --seed they are new");
            return Err(Failure::Failed(message));
        }
        self.flood_of_events(sender, watched.client, &mut random).await
    }

    /// What a flood of one project does to another.
    async fn flood_of_events(
        &mut self,
        sender: &Client,
        administrator: &Client,
        random: &mut SplitMix,
    ) -> Result<(), Failure> {
        let seconds = self.options.event_flood_seconds;
        if seconds == 0 {
            return Ok(());
        }
        let (first, now) =
            (self.options.events + self.options.event_rate * self.options.event_seconds, self.world.now());
        let (floods, others) = (seconds * FLOOD_PER_SECOND, 2 * seconds * BESIDE_PER_SECOND);
        progress(&format!("generating {} captured errors", floods + others));
        let (path, other_path) = (self.scratch.join("flood"), self.scratch.join("beside"));
        let bodies = write_bodies(first..first + floods, random, now, &path)?;
        let events = write_bodies(first + floods..first + floods + others, random, now, &other_path)?;
        let beside = beside(administrator, events, &self.world).await?;
        progress("sending audit entries and captured errors of one project, alone and then in a flood of another's");
        let alone = beside.both(HEADERS, seconds, &self.world).await?;
        let source = Source {
            bodies,
            path: encode::path(Target::Sentry),
            headers: HEADERS,
            threads: 1,
            connections_per_thread: EVENT_CONNECTIONS,
        };
        let both = beside.both(HEADERS, seconds, &self.world);
        let (in_flood, poured) = flood::during(source, sender, both, &self.world).await?;
        for path in [path, other_path] {
            std::fs::remove_file(path)?;
        }
        let name = |what: &str| format!("flood of captured errors over {EVENT_CONNECTIONS} connections, {what}");
        self.report.add(&name("events per second"), poured.rows_per_second, "1/s");
        self.report.add(&name("told to come later (429)"), poured.refused as f64, "");
        for (when, (entries, events)) in [("alone", alone), ("in that flood", in_flood)] {
            for (what, latencies) in [("audit", entries), ("captured errors of another project", events)] {
                let name = |measure: &str| format!("{what} at {BESIDE_PER_SECOND}/s {when}, {measure}");
                self.report.add(&name("p50"), latencies.median_ms(), "ms");
                self.report.add(&name("p99"), latencies.percentile_ms(0.99), "ms");
                self.report.add(&name("longest"), latencies.percentile_ms(1.0), "ms");
            }
        }
        Ok(())
    }

    fn report_events(&mut self, sent: &Sent, watched: &Watched<'_>, cpu_before: Option<f64>) -> Result<(), Failure> {
        let connections = self.options.event_connections;
        let name = |what: &str| format!("captured errors over {connections} connections, {what}");
        self.report.aim(&name("events per second"), sent.rows as f64 / sent.seconds, "1/s", Aim::AtLeast(3_000.0));
        self.report.add(&name("p50"), sent.latencies.median_ms(), "ms");
        self.report.aim(&name("p99"), sent.latencies.percentile_ms(0.99), "ms", Aim::AtMost(30.0));
        self.report.add(&name("told to come later (429)"), sent.refused as f64, "");
        if let (Some(pid), Some(before)) = (watched.pid, cpu_before) {
            let used = cpu_seconds(pid)? - before;
            self.report.add("CPU per 1000 captured errors, settled", used * 1e3 / sent.rows as f64, "s");
            self.report.aim(
                "peak memory with captured errors",
                megabytes(memory(pid, "VmHWM")?),
                "MB",
                Aim::AtMost(300.0),
            );
        }
        if let Some(directory) = watched.disk {
            self.report.add(
                "bytes an event on disk, whole directory",
                disk_bytes(directory)? as f64 / sent.rows as f64,
                "B",
            );
        }
        Ok(())
    }
}

/// Envelopes with these numbers, of about this moment, each gzipped as clients do it.
fn write_bodies(
    numbers: std::ops::Range<u64>,
    random: &mut SplitMix,
    now: Timestamp,
    path: &Path,
) -> Result<Bodies, Failure> {
    let mut writer = BodiesWriter::create(path)?;
    let seconds = now.nanos() as f64 / NANOS_PER_SECOND;
    for number in numbers {
        let plain = captured::envelope(number, seconds, &mut |bound| random.below(bound));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&plain)?;
        writer.push(&encoder.finish()?, 1)?;
    }
    writer.finish()
}

/// One event per tick; the latency of each from when it was due.
async fn send_paced(route: &Route<'_>, bodies: &Bodies, pace: &Pace, world: &World) -> Result<Paced, Failure> {
    let begin = |_tick, due: Instant| async move {
        let body = bodies.take_again()?;
        let call = Call { method: Method::POST, path: route.path, headers: route.headers, body: body.bytes };
        let answer = route.client.send(call).await?;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Ok(None);
        }
        answer.success()?;
        Ok(Some(world.instant().since(due)))
    };
    let mut paced = Paced::default();
    pace.keep(world, begin, |latency| match latency {
        Some(latency) => paced.latencies.push(latency),
        None => paced.refused += 1,
    })
    .await?;
    Ok(paced)
}

/// A project of its own, with a key.
async fn beside(administrator: &Client, events: Bodies, world: &World) -> Result<Beside, Failure> {
    let slug = format!("bench-{}", hex::encode(world.random_bytes::<6>()));
    let project = json!({"slug": slug, "name": "beside a flood"});
    administrator.send(Call::json(Method::POST, "/api/v1/admin/projects", &project)).await?.success()?;
    let key = json!({"kind": "ingest", "name": "beside a flood", "projects": [slug], "scopes": ["ingest"]});
    let made = administrator.send(Call::json(Method::POST, "/api/v1/admin/keys", &key)).await?.success()?.json()?;
    let secret = made["secret"].as_str().ok_or_else(|| Failure::Failed(format!("no secret in {made}")))?;
    let client = administrator.with_key(secret.to_owned());
    Ok(Beside { client, events, events_path: format!("/api/{slug}/envelope/") })
}

/// Captured errors that the server has.
async fn stored(client: &Client) -> Result<u64, Failure> {
    let question = json!({"query": "SELECT count(*) AS events FROM error_events"});
    let answer = client.send(Call::json(Method::POST, "/api/v1/sql", &question)).await?.success()?.json()?;
    answer["rows"][0][0].as_u64().ok_or_else(|| Failure::Failed(format!("no count of captured errors in {answer}")))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Read;

    use super::*;

    fn envelopes(count: u64, seed: u64) -> Vec<String> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("events");
        let bodies = write_bodies(0..count, &mut SplitMix(seed), Timestamp(1_790_000_000_000_000_000), &path);
        let bodies = bodies.expect("written");
        let mut plain = Vec::new();
        while let Some(body) = bodies.take().expect("read") {
            let mut text = String::new();
            flate2::read::GzDecoder::new(&body.bytes[..]).read_to_string(&mut text).expect("gzip");
            plain.push(text);
        }
        plain
    }

    #[test]
    fn events_are_as_large_as_real_ones_and_all_have_their_own_id() {
        let all = envelopes(400, 1);
        let (mut ids, mut places, mut bytes) = (HashSet::new(), HashSet::new(), 0);
        for envelope in &all {
            let payload = envelope.lines().nth(2).expect("a payload");
            let event: serde_json::Value = serde_json::from_str(payload).expect("JSON");
            bytes += payload.len();
            ids.insert(event["event_id"].as_str().expect("an id").to_owned());
            let frames = event["exception"]["values"][0]["stacktrace"]["frames"].as_array().expect("frames");
            assert_eq!((frames.len(), event["breadcrumbs"]["values"].as_array().map(Vec::len)), (30, Some(50)));
            places.insert(frames[29]["function"].as_str().expect("a name").to_owned());
        }
        assert_eq!(ids.len(), all.len());
        assert!(places.len() > 200, "{}", places.len());
        assert!((10_000..14_000).contains(&(bytes / all.len())), "{} bytes an event", bytes / all.len());
    }

    #[test]
    fn the_same_seed_makes_the_same_events() {
        assert_eq!(envelopes(3, 7), envelopes(3, 7));
        assert_ne!(envelopes(3, 7), envelopes(3, 8));
    }
}
