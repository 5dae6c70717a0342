//! Containers of log lines: `{"items": [{"timestamp", "trace_id", "level", "body", "attributes": {k: {value, type}}}]}`.
//!
//! Each becomes a line like any other: attributes whose name means a context column fill it, the rest are columns of
//! their own. Source: Sentry's developer documentation, "Logs".

use std::collections::VecDeque;

use serde_json::{Map, Value as Json};
use whodunit_issues::event::limits::LOG_BYTES_MAX;
use whodunit_issues::time::Time;
use whodunit_model::Batch;
use whodunit_model::log::TextField;
use whodunit_stdx::{Reservation, Timestamp};

use super::around::Sender;
use super::{malformed, repair};
use crate::error::Error;
use crate::logs::decode::Desk;
use crate::logs::mapping::Mapping;
use crate::logs::object;
use crate::logs::rejection::{Refusal, Rejections};
use crate::logs::rows::{Kind, LINE_BYTES_MAX, Row, Rows, Value};

/// Attributes of Sentry's that mean a column of ours.
const NAMES: &[(&str, &str)] = &[
    ("sentry.environment", "environment"),
    ("sentry.release", "release"),
    ("server.address", "host"),
    ("sentry.origin", "logger"),
    ("sentry.trace.parent_span_id", "span_id"),
];

/// Longest body of a line: what both sides allow.
const BODY_BYTES_MAX: usize = if LOG_BYTES_MAX < LINE_BYTES_MAX { LOG_BYTES_MAX } else { LINE_BYTES_MAX };

/// The lines of all containers of an envelope.
pub struct Lines<'d> {
    desk: &'d Desk,
    rows: Option<Rows>,
    batches: VecDeque<Batch>,
}

impl<'d> Lines<'d> {
    pub fn new(desk: &'d Desk) -> Lines<'d> {
        Lines { desk, rows: None, batches: VecDeque::new() }
    }

    /// Takes the lines of a container; those that cannot be read are noted under the number of their item.
    pub fn container(
        &mut self,
        payload: &[u8],
        number: u64,
        sender: &Sender<'_>,
        rejections: &mut Rejections,
    ) -> Result<Result<(), Refusal>, Error> {
        let lines = match read(payload) {
            Ok(lines) => lines,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let desk = self.desk;
        let rows = self
            .rows
            .get_or_insert_with(|| Rows::new(payload.len(), Mapping::beside_a_line(), desk.received_at, &desk.memory));
        let mut row = Row::new();
        for line in &lines {
            rows.begin(&mut row);
            let taken = match fill(rows, line, sender, &mut row) {
                Ok(time) => rows.finish_row(&mut row, time),
                Err(refusal) => {
                    rows.abandon_row(&mut row);
                    Err(refusal)
                }
            };
            if let Err(refusal) = taken {
                rejections.note(number, refusal);
            }
            rows.account()?;
            if rows.is_full() {
                self.batches.extend(rows.finish(&desk.project));
            }
        }
        Ok(Ok(()))
    }

    /// The batches of all lines, and what they are accounted for.
    pub fn finish(mut self) -> (VecDeque<Batch>, Option<Reservation>) {
        let Some(mut rows) = self.rows else { return (self.batches, None) };
        self.batches.extend(rows.finish(&self.desk.project));
        (self.batches, rows.take_reservation())
    }
}

fn read(payload: &[u8]) -> Result<Vec<Json>, Refusal> {
    match repair::object(payload)?.remove("items") {
        Some(Json::Array(lines)) => Ok(lines),
        _ => Err(malformed("a container of logs has no list items")),
    }
}

/// Sets all fields of a line, and gives its time.
fn fill<'a>(
    rows: &mut Rows,
    line: &'a Json,
    sender: &Sender<'_>,
    row: &mut Row<'a>,
) -> Result<Option<Timestamp>, Refusal> {
    let Json::Object(line) = line else { return Err(malformed("a log line is a JSON object")) };
    let text = |name: &str| line.get(name).and_then(Json::as_str).filter(|text| !text.is_empty());
    let body = text("body").unwrap_or_default();
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::too_long(BODY_BYTES_MAX));
    }
    let time = line.get("timestamp").and_then(Time::from_json).map(|time| Timestamp(time.0));
    for name in ["trace_id", "span_id"] {
        if let Some(id) = text(name) {
            rows.own_field(name, Value::Text(id), row);
        }
    }
    if let Some(trace) = sender.header.trace_id.as_deref().filter(|_| text("trace_id").is_none()) {
        let trace = row.keep_text(trace);
        rows.own_field("trace_id", trace, row);
    }
    if let Some(level) = text("level") {
        rows.own_field("level", Value::Text(level), row);
    }
    if let Some(number) = line.get("severity_number").and_then(Json::as_i64) {
        rows.own_field("severity_number", Value::Integer(number), row);
    }
    if let Some(Json::Object(attributes)) = line.get("attributes") {
        self::attributes(rows, attributes, row)?;
    }
    rows.builder.text(TextField::Body, body);
    object::lift(rows, body, row);
    Ok(time)
}

fn attributes<'a>(rows: &mut Rows, attributes: &'a Map<String, Json>, row: &mut Row<'a>) -> Result<(), Refusal> {
    for (name, attribute) in attributes {
        let value = attribute.get("value").unwrap_or(attribute);
        let value = match value {
            Json::Null => continue,
            Json::Bool(truth) => Value::Boolean(*truth),
            Json::String(text) => Value::Text(text),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Value::Integer(number),
                None => Value::Float(number.as_f64().unwrap_or_default()),
            },
            Json::Array(_) | Json::Object(_) => row.keep(Kind::Json, |out| {
                out.push_str(&value.to_string());
                Ok::<(), Refusal>(())
            })?,
        };
        match NAMES.iter().find(|(theirs, _)| theirs == name) {
            Some((_, ours)) => rows.own_field(ours, value, row),
            None => rows.field(name, value, row),
        }
    }
    Ok(())
}
