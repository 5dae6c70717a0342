//! Check-ins of scheduled jobs: `{check_in_id, monitor_slug, status, duration, environment, release, monitor_config}`.
//!
//! Each is a row as it came; what was missed or failed is found by whoever looks at the rows. Source: Sentry's
//! developer documentation, "Check-Ins".

use serde_json::{Map, Value};
use whodunit_issues::monitor::{Monitor, Status};
use whodunit_model::{Row, Table};

use super::around::{Sender, text_of};
use super::at;
use crate::logs::rejection::Refusal;
use crate::logs::value;

/// Longest slug of a monitor.
pub const SLUG_BYTES_MAX: usize = 50;
const NANOS_PER_SECOND: f64 = 1e9;
/// The environment of a check-in that names none.
const ENVIRONMENT: &str = "production";

/// The row of a check-in.
pub fn read(check_in: &Map<String, Value>, sender: &Sender<'_>) -> Result<Row, Refusal> {
    let text = |name: &str| text_of(check_in, name);
    let slug = text("monitor_slug").ok_or_else(|| at("monitor_slug", "a check-in names its monitor"))?;
    if slug.len() > SLUG_BYTES_MAX || slug.chars().any(char::is_control) {
        return Err(at("monitor_slug", "a monitor has a name of at most 50 bytes without control characters"));
    }
    let status = text("status").and_then(Status::parse);
    let status = status.ok_or_else(|| at("status", "a check-in is in_progress, ok or error"))?;
    let id = text("check_in_id").and_then(value::id::<16>).unwrap_or([0; 16]);
    let mut row = Row::new(Table::CheckIns, sender.received_at, sender.received_at);
    row.set_bytes("check_in_id", id);
    row.set("monitor", slug);
    row.set("status", status.name());
    let environment = text("environment").or(sender.header.environment.as_deref()).unwrap_or(ENVIRONMENT);
    row.set("environment", environment);
    row.set("release", text("release").or(sender.header.release.as_deref()).unwrap_or_default());
    if let Some(seconds) = check_in.get("duration").and_then(Value::as_f64).filter(|seconds| *seconds >= 0.0) {
        // A float that is too large becomes the largest number.
        row.set_integer("duration_ns", (seconds * NANOS_PER_SECOND) as i64);
    }
    let trace = check_in.get("contexts").and_then(|all| all.get("trace")?.get("trace_id")?.as_str());
    if let Some(trace) = trace.or(sender.header.trace_id.as_deref()).and_then(value::id::<16>) {
        row.set_bytes("trace_id", trace);
    }
    if let Some(config) = check_in.get("monitor_config").filter(|config| !config.is_null()) {
        Monitor::read(config).map_err(|error| at("monitor_config", &error.to_string()))?;
        row.set("config", config.to_string());
    }
    Ok(row)
}
