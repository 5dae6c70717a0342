//! Resources, scopes and records become rows, whichever form they came in.

use std::borrow::Cow;
use std::collections::VecDeque;

use whodunit_model::Batch;
use whodunit_model::keys::TOP;
use whodunit_model::log::{Scalar, TextField};
use whodunit_stdx::Timestamp;

use super::value::{Any, Attribute};
use crate::error::Error;
use crate::level::{self, Scale};
use crate::logs::decode::{Desk, Whole};
use crate::logs::mapping::{Mapping, Role};
use crate::logs::object;
use crate::logs::rejection::{Reason, Refusal, Rejections};
use crate::logs::rows::{LINE_BYTES_MAX, Row, Rows, Value};

/// Names of the semantic conventions, which say what they mean: a record's own `version` is nobody's release as
/// long as the resource names one.
const CONVENTIONS: &[&str] = &[
    "service.name",
    "host.name",
    "deployment.environment.name",
    "deployment.environment",
    "service.version",
    "user.id",
    "enduser.id",
    "user.email",
    "user.name",
    "session.id",
    "client.address",
    "user_agent.original",
];
const LOGGER: Role = Role::Text(TextField::Logger);

/// A resource, or a scope.
#[derive(Debug, Default)]
pub struct Origin<'a> {
    pub name: Cow<'a, str>,
    pub version: Cow<'a, str>,
    pub schema_url: Cow<'a, str>,
    pub attributes: Vec<Attribute<'a>>,
    /// Why none of its records can be taken.
    pub refusal: Option<Refusal>,
}

impl<'a> Origin<'a> {
    /// Reads a part of it; what is wrong with that is told of each of its records.
    pub fn contain(&mut self, field: &str, read: impl FnOnce(&mut Origin<'a>) -> Result<(), Refusal>) {
        if let Err(refusal) = read(self) {
            self.refusal = Some(Refusal { field: field.to_owned(), ..refusal });
        }
    }
}

/// One log record.
#[derive(Debug, Default)]
pub struct Record<'a> {
    pub time: u64,
    pub observed: u64,
    pub severity_number: i64,
    pub severity_text: Cow<'a, str>,
    pub body: Any<'a>,
    pub attributes: Vec<Attribute<'a>>,
    pub dropped_attributes: u64,
    pub flags: u64,
    pub trace_id: Id<'a, 16>,
    pub span_id: Id<'a, 8>,
    pub event_name: Cow<'a, str>,
}

/// An id of N bytes.
#[derive(Debug, Default)]
pub enum Id<'a, const N: usize> {
    #[default]
    None,
    Bytes([u8; N]),
    /// Of another length, or no hexadecimal number: kept as it came, in hexadecimal.
    Odd(Cow<'a, str>),
}

impl<const N: usize> Id<'_, N> {
    /// Empty and all zeros mean none.
    pub fn of(bytes: &[u8]) -> Id<'static, N> {
        match <[u8; N]>::try_from(bytes) {
            _ if bytes.iter().all(|byte| *byte == 0) => Id::None,
            Ok(bytes) => Id::Bytes(bytes),
            Err(_) => Id::Odd(Cow::Owned(hex::encode(bytes))),
        }
    }
}

/// The rows of one request in the making.
pub struct Export<'d> {
    rows: Rows,
    desk: &'d Desk,
    batches: VecDeque<Batch>,
    rejections: Rejections,
    records: u64,
    text: String,
}

impl<'d> Export<'d> {
    pub fn new(body_bytes: usize, desk: &'d Desk) -> Export<'d> {
        let mapping = Mapping::beside_a_line().preferring(CONVENTIONS);
        Export {
            rows: Rows::new(body_bytes, mapping, desk.received_at, &desk.memory),
            desk,
            batches: VecDeque::new(),
            rejections: Rejections::default(),
            records: 0,
            text: String::new(),
        }
    }

    /// Takes a record, or notes why it cannot be taken.
    pub fn record<'a>(
        &mut self,
        read: Result<&Record<'a>, Refusal>,
        scope: &Origin<'a>,
        resource: &Origin<'a>,
        row: &mut Row<'a>,
    ) -> Result<(), Error> {
        self.rows.begin(row);
        let refusal = resource.refusal.as_ref().or(scope.refusal.as_ref());
        let filled = match (read, refusal) {
            (_, Some(refusal)) => Err(refusal.clone()),
            (Err(refusal), None) => Err(refusal),
            (Ok(record), None) => self.fill(record, scope, resource, row),
        };
        let taken = match filled {
            Ok(time) => self.rows.finish_row(row, time),
            Err(refusal) => {
                self.rows.abandon_row(row);
                Err(refusal)
            }
        };
        if let Err(refusal) = taken {
            self.rejections.note(self.records, refusal);
        }
        self.records += 1;
        self.rows.account()?;
        if self.rows.is_full() {
            self.batches.extend(self.rows.finish(&self.desk.project));
        }
        Ok(())
    }

    /// Sets all fields of a record, and gives its time.
    fn fill<'a>(
        &mut self,
        record: &Record<'a>,
        scope: &Origin<'a>,
        resource: &Origin<'a>,
        row: &mut Row<'a>,
    ) -> Result<Option<Timestamp>, Refusal> {
        let observed = instant(record.observed, "observed_time_unix_nano")?;
        let time = instant(record.time, "time_unix_nano")?.or(observed);
        if let Some(observed) = observed {
            self.rows.builder.observed_at(observed);
        }
        if record.severity_number != 0 {
            self.rows.own_field("severity_number", Value::Integer(record.severity_number), row);
        }
        // Its number alone is a word too, so that no attribute called `level` speaks for it.
        let of_number = level::from_number(record.severity_number, Scale::OpenTelemetry);
        let word = filled(&record.severity_text, row).or(of_number.map(|level| Value::Text(level.name)));
        if let Some(word) = word {
            self.rows.own_field("severity_text", word, row);
        }
        match &record.trace_id {
            Id::None => {}
            Id::Bytes(id) => _ = self.rows.builder.trace_id(id),
            Id::Odd(text) => _ = self.rows.builder.attribute("trace_id", Scalar::Text(text)),
        }
        match &record.span_id {
            Id::None => {}
            Id::Bytes(id) => _ = self.rows.builder.span_id(id),
            Id::Odd(text) => _ = self.rows.builder.attribute("span_id", Scalar::Text(text)),
        }
        for (name, value) in &record.attributes {
            value.take(&mut self.rows, TOP, name, 1, row)?;
        }
        self.rows.of_origin("record");
        let text = filled(&record.event_name, row);
        self.text_field("event.name", text, row);
        self.number_field("trace_flags", record.flags, row);
        self.number_field("dropped_attributes_count", record.dropped_attributes, row);
        self.rows.of_origin("scope");
        for (name, value) in &scope.attributes {
            value.take(&mut self.rows, TOP, name, 1, row)?;
        }
        let logger = if row.has(LOGGER) { "otel.scope.name" } else { "logger" };
        let text = filled(&scope.name, row);
        self.text_field(logger, text, row);
        let text = filled(&scope.version, row);
        self.text_field("otel.scope.version", text, row);
        let text = filled(&scope.schema_url, row);
        self.text_field("otel.scope.schema_url", text, row);
        self.rows.of_origin("resource");
        for (name, value) in &resource.attributes {
            value.take(&mut self.rows, TOP, name, 1, row)?;
        }
        let text = filled(&resource.schema_url, row);
        self.text_field("otel.resource.schema_url", text, row);
        self.body(&record.body, row)?;
        Ok(time)
    }

    fn text_field<'a>(&mut self, name: &str, text: Option<Value<'a>>, row: &mut Row<'a>) {
        if let Some(text) = text {
            self.rows.field(name, text, row);
        }
    }

    fn number_field(&mut self, name: &str, number: u64, row: &mut Row<'_>) {
        if number != 0 {
            self.rows.field(name, Value::Integer(number.cast_signed()), row);
        }
    }

    /// A text stays as it is, anything else becomes JSON; context inside it is found either way.
    fn body(&mut self, body: &Any<'_>, row: &mut Row<'_>) -> Result<(), Refusal> {
        let text = match body {
            Any::Empty => return Ok(()),
            Any::Text(text) => text.as_ref(),
            other => {
                self.text.clear();
                other.write_text(&mut self.text)?;
                &self.text
            }
        };
        if text.len() > LINE_BYTES_MAX {
            return Err(Refusal::too_long(LINE_BYTES_MAX));
        }
        self.rows.builder.text(TextField::Body, text);
        object::lift(&mut self.rows, text, row);
        Ok(())
    }

    pub fn finish(mut self) -> Whole {
        self.batches.extend(self.rows.finish(&self.desk.project));
        Whole { batches: self.batches, rejections: self.rejections, reservation: self.rows.take_reservation() }
    }
}

/// A text, unless it is empty.
fn filled<'a>(text: &Cow<'a, str>, row: &mut Row<'a>) -> Option<Value<'a>> {
    match text {
        _ if text.is_empty() => None,
        Cow::Borrowed(text) => Some(Value::Text(text)),
        Cow::Owned(text) => Some(row.keep_text(text)),
    }
}

/// Zero means that nobody knows.
fn instant(nanos: u64, field: &str) -> Result<Option<Timestamp>, Refusal> {
    match i64::try_from(nanos) {
        Ok(0) => Ok(None),
        Ok(nanos) => Ok(Some(Timestamp(nanos))),
        Err(_) => {
            let text = "a time after 2262-04-11".to_owned();
            Err(Refusal { reason: Reason::Time, field: field.to_owned(), text })
        }
    }
}
