//! `whodunit bench`: the same data for everybody, and numbers with what they were aimed at.
//!
//! Bodies are generated into files first. Then a server (this same binary, or one given by `--url`) gets them, is asked
//! to settle, and is asked questions. CPU seconds are the server process's, from the first request until it has
//! settled. The same lines can go in by every way, and to a Loki push endpoint of anybody's.
//!
//! Modules, top to bottom: each imports only those below it.

mod sentry;
mod settle;
mod questions;
mod flood;
mod audit;
mod syslog;
mod ingest;
mod pace;
mod process;
mod encode;
mod captured;
mod bodies;
mod report;
mod generate;

use std::path::{Path, PathBuf};

use serde_json::json;
use whodunit_stdx::{Timestamp, World};

use self::audit::Doors;
use self::bodies::Bodies;
use self::encode::Encoding;
use self::flood::Source;
use self::generate::Plan;
use self::ingest::{Route, Sent};
use self::pace::TICKS_PER_SECOND;
use self::process::{OwnServer, Start, cpu_seconds, disk_bytes, memory};
use self::report::{Report, Target as Aim};
use crate::arguments::{Bench, Target};
use crate::failure::Failure;
use crate::http::Client;
use crate::output::Style;

/// Connections that send audit entries in batches of [`AUDIT_BATCH`].
const AUDIT_BATCH_CONNECTIONS: u64 = 8;
const AUDIT_BATCH: u64 = 100;
/// Fewer rows than this do not hold all needles.
const ROWS_MIN: u64 = 1_000;

/// `elsewhere` is the address of a server that runs already; without it one is started.
pub async fn run(
    options: Bench,
    elsewhere: Option<String>,
    api_key: Option<String>,
    style: Style,
) -> Result<(), Failure> {
    if (1..ROWS_MIN).contains(&options.rows) {
        return Err(Failure::Usage(format!(
            "--rows {}: at least {ROWS_MIN}, so that all needles fit, or 0",
            options.rows
        )));
    }
    let world = World::system();
    let scratch = scratch(&options)?;
    let mut run = Run { report: Report::default(), scratch: scratch.path().to_owned(), options, world };
    let done = match elsewhere {
        Some(_) if run.options.target == Target::Syslog => {
            Err(Failure::Usage("--target syslog starts a server of its own: leave --url out".to_owned()))
        }
        Some(url) if run.options.target == Target::Sentry => run.events(Client::new(&url, api_key, None)?).await,
        Some(url) if run.options.target != Target::Whodunit => run.foreign(&Client::new(&url, None, None)?).await,
        Some(url) => run.against(Client::new(&url, api_key, None)?).await,
        None if run.options.rows == 0 => {
            Err(Failure::Usage("--rows 0 needs --url, a server that has the lines".to_owned()))
        }
        None => run.own().await,
    };
    if run.options.keep || done.is_err() {
        eprintln!("kept {}", scratch.keep().display());
    }
    done?;
    let context = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "rows": run.options.rows,
        "events": run.options.events,
        "seed": run.options.seed,
        "connections": run.options.connections,
        "body_bytes": run.options.body_bytes,
        "processors": std::thread::available_parallelism().map_or(1, usize::from),
        "optimised": !cfg!(debug_assertions),
    });
    run.report.print(style, &context)
}

fn scratch(options: &Bench) -> Result<tempfile::TempDir, Failure> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("whodunit-bench-");
    Ok(match &options.scratch {
        Some(directory) => builder.tempdir_in(directory)?,
        None => builder.tempdir()?,
    })
}

struct Run {
    options: Bench,
    world: World,
    scratch: PathBuf,
    report: Report,
}

/// Where log lines go.
#[derive(Clone, Copy, Debug)]
enum Door<'a> {
    /// A path of ours.
    Http(&'a str),
    /// Somebody's endpoint, which cannot be asked to settle.
    Foreign,
    /// An address of ours.
    Syslog(&'a str),
}

/// Where the measured process is, if its numbers can be read.
struct Watched<'a> {
    client: &'a Client,
    pid: Option<u32>,
    disk: Option<&'a Path>,
}

impl Run {
    /// Starts a server, measures everything, starts it again for the cold start. Of other ways in than the plain one
    /// only ingest is measured: what happens afterwards does not depend on the way.
    async fn own(&mut self) -> Result<(), Failure> {
        let key = |prefix: &str| format!("{prefix}{}", hex::encode(self.world.random_bytes::<24>()));
        let (ingest_key, api_key) = (key("wd_ing_"), key("wd_api_"));
        let (scratch, mut flags) = (self.scratch.clone(), self.options.server_flags.clone());
        let syslog = (self.options.target == Target::Syslog).then(process::free_address).transpose()?;
        flags.extend(syslog.iter().map(|address| format!("--syslog-listen={address}")));
        let start = Start { scratch: &scratch, ingest_key: &ingest_key, api_key: &api_key, flags: &flags };
        let server = OwnServer::start(&start, &self.world).await?;
        self.report.add("idle memory of an empty server", megabytes(memory(server.pid(), "VmRSS")?), "MB");
        let sender = Client::new(&server.url, Some(ingest_key.clone()), None)?;
        let asker = Client::new(&server.url, Some(api_key.clone()), None)?;
        let watched = Watched { client: &asker, pid: Some(server.pid()), disk: Some(&server.data) };
        let door = match &syslog {
            Some(address) => Door::Syslog(address),
            None => Door::Http(encode::path(self.options.target)),
        };
        if self.options.target == Target::Sentry {
            return self.captured(&sender, &watched).await;
        }
        self.logs(&sender, &watched, door).await?;
        if self.options.target != Target::Whodunit {
            return Ok(());
        }
        self.questions(&asker).await?;
        server.kill()?;

        let server = OwnServer::start(&start, &self.world).await?;
        self.report.aim("cold start after kill -9", server.started_in.as_secs_f64(), "s", Aim::AtMost(1.0));
        self.report.aim(
            "idle memory with all rows",
            megabytes(memory(server.pid(), "VmRSS")?),
            "MB",
            Aim::AtMost(100.0),
        );
        let sender = Client::new(&server.url, Some(ingest_key.clone()), None)?;
        let asker = Client::new(&server.url, Some(api_key.clone()), None)?;
        self.audit(Doors { sender: &sender, asker: &asker }).await?;
        self.flood(&sender).await
    }

    /// Measures a Whodunit server that runs already; the key must be one that sends, reads and administers.
    async fn against(&mut self, client: Client) -> Result<(), Failure> {
        let disk = self.options.disk.clone();
        let watched = Watched { client: &client, pid: self.options.pid, disk: disk.as_deref() };
        if self.options.rows > 0 {
            self.logs(&client, &watched, Door::Http(encode::path(self.options.target))).await?;
        }
        self.questions(&client).await?;
        self.audit(Doors { sender: &client, asker: &client }).await?;
        self.flood(&client).await
    }

    /// Sends captured errors to a Whodunit server that runs already.
    async fn events(&mut self, client: Client) -> Result<(), Failure> {
        let disk = self.options.disk.clone();
        let watched = Watched { client: &client, pid: self.options.pid, disk: disk.as_deref() };
        self.captured(&client, &watched).await
    }

    /// Drives somebody's Loki push endpoint; only ingest is measured.
    async fn foreign(&mut self, client: &Client) -> Result<(), Failure> {
        let disk = self.options.disk.clone();
        let watched = Watched { client, pid: self.options.pid, disk: disk.as_deref() };
        self.logs(client, &watched, Door::Foreign).await
    }

    /// Sends all lines and waits until they are settled.
    async fn logs(&mut self, sender: &Client, watched: &Watched<'_>, door: Door<'_>) -> Result<(), Failure> {
        let (target, rows) = (self.options.target, self.options.rows);
        let encoding = Encoding { target, body_bytes: self.options.body_bytes as usize };
        let day = Timestamp::NANOS_PER_DAY;
        let end = self.world.now().nanos().div_euclid(day) * day;
        let plan = Plan { rows, seed: self.options.seed, end };
        let path = self.scratch.join("bodies");
        progress(&format!("generating {rows} lines"));
        let bodies = encode::write_bodies(plan, encoding, &path)?;
        self.report.add("bytes a line as sent", bodies.bytes() as f64 / bodies.rows() as f64, "B");

        progress("sending them");
        let cpu_before = watched.pid.map(cpu_seconds).transpose()?;
        let sent = self.send(sender, watched, door, &bodies).await?;
        std::fs::remove_file(&path)?;
        progress("waiting until the server has settled");
        match (door, watched.pid) {
            (Door::Http(_) | Door::Syslog(_), _) => settle::whodunit(watched.client, &self.world).await?,
            (Door::Foreign, Some(pid)) => settle::quiet(pid, &self.world).await?,
            (Door::Foreign, None) => {}
        }
        self.report_logs(&sent, watched, cpu_before)
    }

    async fn send(
        &self,
        sender: &Client,
        watched: &Watched<'_>,
        door: Door<'_>,
        bodies: &Bodies,
    ) -> Result<Sent, Failure> {
        let (connections, world) = (self.options.connections, &self.world);
        let path = match door {
            Door::Http(path) => path,
            Door::Foreign => "",
            Door::Syslog(address) => {
                let before = syslog::stored(watched.client).await?;
                let sent = syslog::send_all(address, bodies, connections, world).await?;
                let stored = syslog::stored(watched.client).await? - before;
                return match stored == sent.rows {
                    true => Ok(sent),
                    false => Err(Failure::Failed(format!("{stored} of {} messages are there", sent.rows))),
                };
            }
        };
        let encoding = Encoding { target: self.options.target, body_bytes: self.options.body_bytes as usize };
        let route = Route { client: sender, path, headers: &[("content-type", encoding.content_type())] };
        ingest::send_all(&route, bodies, connections, world).await
    }

    fn report_logs(&mut self, sent: &Sent, watched: &Watched<'_>, cpu_before: Option<f64>) -> Result<(), Failure> {
        let target = self.options.target;
        self.report.add("log lines per second", sent.rows as f64 / sent.seconds, "1/s");
        if target != Target::Syslog {
            self.report.add("log request p99", sent.latencies.percentile_ms(0.99), "ms");
            self.report.add("log requests told to come later (429)", sent.refused as f64, "");
        }
        if let (Some(pid), Some(before)) = (watched.pid, cpu_before) {
            let used = cpu_seconds(pid)? - before;
            let (name, million) = ("CPU per million log lines, settled", sent.rows as f64 / 1e6);
            match target {
                Target::Whodunit => self.report.aim(name, used / million, "s", Aim::AtMost(5.0)),
                Target::LokiJson | Target::Loki | Target::Otlp => {
                    self.report.aim(name, used / million, "s", Aim::AtMost(7.0));
                }
                Target::Elasticsearch => self.report.aim(name, used / million, "s", Aim::AtMost(6.0)),
                Target::Syslog | Target::Sentry => self.report.add(name, used / million, "s"),
            }
            self.report.add("log lines per CPU second", sent.rows as f64 / used.max(0.01), "1/s");
            self.report.aim("peak memory while ingesting", megabytes(memory(pid, "VmHWM")?), "MB", Aim::AtMost(300.0));
        }
        if let Some(directory) = watched.disk {
            let segments = directory.join("segments");
            let counted = if segments.is_dir() { segments } else { directory.to_owned() };
            let bytes = disk_bytes(&counted)? as f64 / sent.rows as f64;
            self.report.aim("bytes a line on disk", bytes, "B", Aim::AtMost(48.0));
            let whole = disk_bytes(directory)? as f64 / sent.rows as f64;
            self.report.add("bytes a line on disk, whole directory", whole, "B");
        }
        Ok(())
    }

    async fn questions(&mut self, client: &Client) -> Result<(), Failure> {
        for question in questions::all() {
            progress(question.name);
            let answered = questions::ask(client, &question, self.options.repeats, &self.world).await?;
            self.report.aim(question.name, answered.http.median_ms(), "ms", Aim::AtMost(question.target_ms));
            self.report.add(&format!("{}, in the server", question.name), answered.server_ms, "ms");
            self.report.add(&format!("{}, rows", question.name), answered.rows as f64, "");
        }
        Ok(())
    }

    async fn audit(&mut self, doors: Doors<'_>) -> Result<(), Failure> {
        let path = self.scratch.join("audit");
        let entries = self.options.audit_entries;
        for (batch, connections) in [(AUDIT_BATCH, AUDIT_BATCH_CONNECTIONS), (1, self.options.audit_connections)] {
            if entries == 0 {
                break;
            }
            progress(&format!("sending {entries} audit entries, {batch} at a time"));
            let bodies = audit::write_bodies(entries, batch, &path)?;
            let headers = &[("content-type", "application/x-ndjson")];
            let route = Route { client: doors.sender, path: "/api/v1/audit", headers };
            let sent = ingest::send_all(&route, &bodies, connections, &self.world).await?;
            let name = |what: &str| match batch {
                1 => format!("audit one by one over {connections} connections, {what}"),
                _ => format!("audit in batches of {batch}, {what}"),
            };
            let least = if batch == 1 { 3_000.0 } else { 20_000.0 };
            self.report.aim(&name("entries per second"), sent.rows as f64 / sent.seconds, "1/s", Aim::AtLeast(least));
            self.report.add(&name("p50"), sent.latencies.median_ms(), "ms");
            match batch {
                1 => self.report.aim(&name("p99"), sent.latencies.percentile_ms(0.99), "ms", Aim::AtMost(25.0)),
                _ => self.report.add(&name("p99"), sent.latencies.percentile_ms(0.99), "ms"),
            }
        }
        std::fs::remove_file(&path).or_else(|error| if entries == 0 { Ok(()) } else { Err(error) })?;
        if self.options.visible_seconds == 0 {
            return Ok(());
        }
        self.visible(doors).await
    }

    async fn flood(&mut self, sender: &Client) -> Result<(), Failure> {
        let seconds = self.options.flood_seconds;
        if seconds == 0 {
            return Ok(());
        }
        progress("writing 200 audit entries a second, alone and then in a flood of log lines");
        let path = self.scratch.join("flood");
        let source = Source {
            bodies: flood::write_bodies(self.options.body_bytes as usize, &path)?,
            path: "/api/v1/logs",
            headers: &[("content-type", "application/x-ndjson")],
            threads: flood::THREADS,
            connections_per_thread: 1,
        };
        let pace = flood::steady(seconds, TICKS_PER_SECOND);
        let alone = flood::entries(sender, &pace, &self.world).await?;
        let entries = flood::entries(sender, &pace, &self.world);
        let (in_flood, poured) = flood::during(source, sender, entries, &self.world).await?;
        std::fs::remove_file(&path)?;
        let (alone_p99, in_flood_p99) = (alone.percentile_ms(0.99), in_flood.percentile_ms(0.99));
        self.report.add("audit at 200/s alone, p50", alone.median_ms(), "ms");
        self.report.add("audit at 200/s alone, p99", alone_p99, "ms");
        self.report.add("audit at 200/s in a log flood, p50", in_flood.median_ms(), "ms");
        self.report.add("audit at 200/s in a log flood, p99", in_flood_p99, "ms");
        self.report.aim("audit p99 in a log flood to alone", in_flood_p99 / alone_p99, "", Aim::AtMost(1.1));
        self.report.add("log lines per second in the flood", poured.rows_per_second, "1/s");
        self.report.add("log requests of the flood told to come later (429)", poured.refused as f64, "");
        Ok(())
    }

    async fn visible(&mut self, doors: Doors<'_>) -> Result<(), Failure> {
        progress("writing 2,000 audit entries a second and asking for them");
        let visible = audit::visible(doors, self.options.visible_seconds, &self.world).await?;
        self.report.add("visibility run, audit entries per second", visible.entries_per_second, "1/s");
        self.report.add("visibility run, write p99", visible.writes.percentile_ms(0.99), "ms");
        self.report.add("request to visible, p50", visible.request_to_visible.median_ms(), "ms");
        let p99 = visible.request_to_visible.percentile_ms(0.99);
        self.report.aim("request to visible, p99", p99, "ms", Aim::AtMost(20.0));
        self.report.add("answer to visible, p50", visible.answer_to_visible.median_ms(), "ms");
        self.report.add("answer to visible, p99", visible.answer_to_visible.percentile_ms(0.99), "ms");
        self.report.add("questions asked for visibility", visible.request_to_visible.len() as f64, "");
        self.report.aim("questions that missed an acknowledged entry", visible.unseen as f64, "", Aim::AtMost(0.0));
        Ok(())
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn progress(text: &str) {
    eprintln!("{text} …");
}
