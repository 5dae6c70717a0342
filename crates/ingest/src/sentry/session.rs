//! Sessions of applications, from which the health of a release is counted.
//!
//! A client tells of one session by several updates (`session`), or counts many that ended alike (`sessions`). Rows are
//! kept as they come and not summed here: updates come in any order and twice, and only from the rows themselves can
//! the last word on a session be found. Source: Sentry's developer documentation, "Sessions".

use serde_json::{Map, Value};
use whodunit_issues::event::limits::SESSIONS_MAX;
use whodunit_issues::time::Time;
use whodunit_model::{Row, Table};
use whodunit_stdx::Timestamp;

use super::around::{AUTO, Sender, text_of};
use super::{at, malformed};
use crate::logs::rejection::Refusal;

const NANOS_PER_SECOND: f64 = 1e9;
/// How sessions end, in the words that counts have for it, and the status of such a row.
const ENDS: &[(&str, &str)] = &[
    ("exited", "exited"),
    ("errored", "errored"),
    ("abnormal", "abnormal"),
    ("crashed", "crashed"),
    ("unhandled", "unhandled"),
];
const STATUSES: &[&str] = &["ok", "exited", "errored", "abnormal", "crashed", "unhandled"];

/// The row of one update.
pub fn update(session: &Map<String, Value>, sender: &Sender<'_>) -> Result<Row, Refusal> {
    let id = text_of(session, "sid").ok_or_else(|| at("sid", "a session has an id"))?;
    let status = text_of(session, "status").unwrap_or("ok");
    let status = STATUSES.iter().find(|known| **known == status);
    let status =
        status.ok_or_else(|| at("status", "a session is ok, exited, errored, abnormal, unhandled or crashed"))?;
    let mut row = row(session, session.get("started"), sender)?;
    row.set("session_id", id);
    row.set("status", *status);
    row.set_integer("errors", session.get("errors").and_then(Value::as_i64).unwrap_or(0).max(0));
    row.set_integer("sessions", 1);
    if let Some(seconds) = session.get("duration").and_then(Value::as_f64).filter(|seconds| *seconds >= 0.0) {
        row.set_integer("duration_ns", (seconds * NANOS_PER_SECOND) as i64);
    }
    user(&mut row, session.get("did"));
    Ok(row)
}

/// The rows of counts: one for each start, user and end.
pub fn aggregates(sessions: &Map<String, Value>, sender: &Sender<'_>) -> Result<Vec<Row>, Refusal> {
    let Some(Value::Array(aggregates)) = sessions.get("aggregates") else {
        return Err(malformed("sessions have a list aggregates"));
    };
    if aggregates.len() > SESSIONS_MAX {
        return Err(Refusal { field: "aggregates".to_owned(), ..malformed(format!("more than {SESSIONS_MAX}")) });
    }
    let mut rows = Vec::new();
    for aggregate in aggregates {
        for (name, status) in ENDS {
            let count = aggregate.get(name).and_then(Value::as_i64).unwrap_or(0);
            if count > 0 {
                let mut row = row(sessions, aggregate.get("started"), sender)?;
                row.set("status", *status);
                row.set_integer("sessions", count);
                user(&mut row, aggregate.get("did"));
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// What both forms have: the start and `attrs`.
fn row(session: &Map<String, Value>, started: Option<&Value>, sender: &Sender<'_>) -> Result<Row, Refusal> {
    let none = Map::new();
    let attributes = session.get("attrs").and_then(Value::as_object).unwrap_or(&none);
    let release = text_of(attributes, "release").or(sender.header.release.as_deref());
    let release = release.ok_or_else(|| at("attrs.release", "sessions belong to a release"))?;
    let started = started.and_then(Time::from_json).map_or(sender.received_at, |time| Timestamp(time.0));
    let mut row = Row::new(Table::ReleaseSessions, started, sender.received_at);
    row.set("release", release);
    let environment = text_of(attributes, "environment").or(sender.header.environment.as_deref());
    row.set("environment", environment.unwrap_or_default());
    row.set("user_agent", text_of(attributes, "user_agent").unwrap_or_default());
    let ip = text_of(attributes, "ip_address");
    row.set("ip", if ip == Some(AUTO) { sender.client_ip } else { ip }.unwrap_or_default());
    Ok(row)
}

fn user(row: &mut Row, id: Option<&Value>) {
    let id = match id {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return,
    };
    if !id.is_empty() {
        row.set("actor_id", id);
        row.set("actor_type", "user");
    }
}
