//! About the server itself: health, metrics, the API's description.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use futures::FutureExt;
use whodunit_api::health::{Check, Health, Probe, Status};
use whodunit_stdx::ErrorKind;
use whodunit_stdx::metrics::render_gauge;
use whodunit_store::CheckStatus;
use whodunit_store::store::{LaneStatistics, TierStatistics};

use crate::app::App;
use crate::call::{Answer, Call, json_response, typed};
use crate::failure::Failure;
use crate::front::probe;
use crate::observed;
use crate::process;

pub fn openapi(call: Call) -> Answer {
    async move {
        let body = Body::from(call.app.openapi.clone());
        Ok(typed(StatusCode::OK, HeaderValue::from_static("application/json"), body))
    }
    .boxed()
}

pub fn live(_call: Call) -> Answer {
    async move { Ok(probe(Probe { ok: true, reason: None })) }.boxed()
}

pub fn ready(call: Call) -> Answer {
    async move {
        let reason = why_not_ready(&call.app);
        Ok(probe(Probe { ok: reason.is_none(), reason }))
    }
    .boxed()
}

/// Why appends are not accepted just now.
fn why_not_ready(app: &App) -> Option<String> {
    match checks(app).into_iter().find(|check| check.status == Status::Unhealthy) {
        Some(check) => Some(format!("{}: {}", check.name, check.message)),
        None if app.is_stopping() => Some("the server is stopping".to_owned()),
        None => None,
    }
}

/// As Loki says it.
pub fn ready_in_a_word(call: Call) -> Answer {
    async move {
        match why_not_ready(&call.app) {
            None => Ok(typed(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), "ready\n")),
            Some(reason) => Err(Failure::new(ErrorKind::Unavailable, reason)),
        }
    }
    .boxed()
}

pub fn health(call: Call) -> Answer {
    async move {
        let app = &call.app;
        let checks = checks(app);
        let status = checks.iter().map(|check| check.status).max().unwrap_or(Status::Healthy);
        let uptime_seconds = app.world.instant().since(app.started).as_secs();
        let health = Health { status, version: env!("CARGO_PKG_VERSION").to_owned(), uptime_seconds, checks };
        let code = if status == Status::Unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        json_response(code, &health)
    }
    .boxed()
}

/// Share of the memory limit above which health says degraded.
const MEMORY_DEGRADED_PERCENT: usize = 90;

fn checks(app: &App) -> Vec<Check> {
    let mut checks = store_checks(app);
    checks.push(memory_check(app));
    checks.push(recording_check(app));
    checks.extend(certificate_check(app));
    checks
}

/// What the store says of its lanes, files and upkeep.
pub fn store_checks(app: &App) -> Vec<Check> {
    // Messages may name files; where the data lies is nobody's business here.
    let place = format!("{}/", app.settings.data.display());
    let of_store = app.store.health().into_iter().map(|check| Check {
        name: check.name.to_owned(),
        status: match check.status {
            CheckStatus::Healthy => Status::Healthy,
            CheckStatus::Degraded => Status::Degraded,
            CheckStatus::Unhealthy => Status::Unhealthy,
        },
        message: check.message.replace(&place, ""),
    });
    of_store.collect()
}

pub fn certificate_check(app: &App) -> Option<Check> {
    let (status, message) = match app.tls.as_ref()?.refused() {
        None => (Status::Healthy, "the certificate on disk is in use".to_owned()),
        Some(why) => (Status::Degraded, format!("the certificate on disk cannot be used, the one before stays: {why}")),
    };
    Some(Check { name: "tls".to_owned(), status, message })
}

pub fn memory_check(app: &App) -> Check {
    let (used, most) = (app.memory.used(), app.memory.bytes_max());
    let percent = used.saturating_mul(100) / most.max(1);
    let status = if percent >= MEMORY_DEGRADED_PERCENT { Status::Degraded } else { Status::Healthy };
    Check { name: "memory".to_owned(), status, message: format!("{percent} % of the memory limit is in use") }
}

pub fn recording_check(app: &App) -> Check {
    let on = app.control.directory().settings().audit_logging;
    let (status, message) = if on {
        (Status::Healthy, "audit entries of applications are accepted")
    } else {
        (Status::Degraded, "audit logging is switched off: audit entries of applications are refused")
    };
    Check { name: "audit_logging".to_owned(), status, message: message.to_owned() }
}

pub fn metrics(call: Call) -> Answer {
    async move {
        let text = exposition(&call.app);
        Ok(typed(StatusCode::OK, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"), text))
    }
    .boxed()
}

fn exposition(app: &App) -> String {
    let mut out = String::with_capacity(16 << 10);
    let lists = [observed::METRICS, whodunit_control::METRICS, whodunit_ingest::METRICS];
    for metric in lists.into_iter().flatten().copied().chain(whodunit_store::store::metrics()) {
        metric.render(&mut out);
    }
    store_gauges(app, &mut out);
    let one = |out: &mut String, name: &str, help: &str, value: f64| render_gauge(out, name, help, &[(&[], value)]);
    one(&mut out, "whodunit_memory_used_bytes", "Bytes reserved from the memory limit.", app.memory.used() as f64);
    one(&mut out, "whodunit_memory_peak_bytes", "Most bytes reserved so far.", app.memory.peak() as f64);
    one(&mut out, "whodunit_memory_limit_bytes", "The memory limit.", app.memory.bytes_max() as f64);
    let usage = process::usage();
    one(&mut out, "process_resident_memory_bytes", "Resident memory.", usage.resident_bytes as f64);
    one(&mut out, "process_cpu_seconds_total", "User and system CPU time.", usage.cpu_seconds);
    let uptime = app.world.instant().since(app.started).as_secs_f64();
    one(&mut out, "whodunit_uptime_seconds", "Time since the server began to serve.", uptime);
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    render_gauge(&mut out, "whodunit_build_info", "Version of the binary.", &[(&version, 1.0)]);
    out
}

fn store_gauges(app: &App, out: &mut String) {
    let statistics = app.store.statistics();
    let mut tiers = Vec::new();
    for table in &statistics.tables {
        for tier in table.tiers.iter().filter(|tier| tier.segments > 0) {
            tiers.push(([("table", table.table.name()), ("tier", tier.tier.name())], tier));
        }
    }
    let per_tier = |out: &mut String, name: &str, help: &str, value: fn(&TierStatistics) -> u64| {
        let samples: Vec<(&[(&str, &str)], f64)> =
            tiers.iter().map(|(labels, tier)| (labels.as_slice(), value(tier) as f64)).collect();
        render_gauge(out, name, help, &samples);
    };
    per_tier(out, "whodunit_store_rows", "Rows in segments.", |tier| tier.rows);
    per_tier(out, "whodunit_store_bytes", "Bytes of segments.", |tier| tier.bytes);
    per_tier(out, "whodunit_store_segments", "Live segments.", |tier| tier.segments);
    let tables: Vec<_> =
        statistics.tables.iter().map(|table| ([("table", table.table.name())], table.buffered_rows as f64)).collect();
    let samples: Vec<(&[(&str, &str)], f64)> = tables.iter().map(|(labels, rows)| (labels.as_slice(), *rows)).collect();
    render_gauge(out, "whodunit_store_buffered_rows", "Rows that are in no segment yet.", &samples);
    let lanes: Vec<_> = statistics.lanes.iter().map(|lane| ([("lane", lane.lane.name())], lane)).collect();
    let per_lane = |out: &mut String, name: &str, help: &str, value: fn(&LaneStatistics) -> u64| {
        let samples: Vec<(&[(&str, &str)], f64)> =
            lanes.iter().map(|(labels, lane)| (labels.as_slice(), value(lane) as f64)).collect();
        render_gauge(out, name, help, &samples);
    };
    per_lane(out, "whodunit_store_buffered_bytes", "Memory of rows that are in no segment yet.", |lane| {
        lane.buffered_bytes
    });
    per_lane(out, "whodunit_store_wal_bytes", "Bytes of the write-ahead log.", |lane| lane.wal_bytes);
    per_lane(out, "whodunit_store_open_intents", "Intents neither completed nor expired.", |lane| lane.open_intents);
}
