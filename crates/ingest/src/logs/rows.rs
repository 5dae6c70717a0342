//! Rows in the making: a field goes to the column that its name means, or becomes an attribute.
//!
//! What all log protocols share. A field's name is looked up once per body and leads to a number; values that have a
//! role (level, service, trace id, …) wait until the row is whole, since a better-named field may still come; all
//! others go straight into their columns. Nothing is allocated per field. This file must not know any wire format.

use std::fmt::Write;

use whodunit_model::keys::{KeyTable, TOP};
use whodunit_model::log::{AttributeId, LogBuilder, Scalar, TextField, write_json_text};
use whodunit_model::{Batch, Project};
use whodunit_stdx::{Limit, Reservation, Timestamp};

use super::mapping::{Candidate, GUESSES, Mapping, ROLES, Role, Source};
use super::rejection::{Reason, Refusal};
use super::value;
use crate::body;
use crate::error::Error;
use crate::{level, time};

/// Most rows of one batch.
pub const BATCH_ROWS_MAX: usize = 65_536;
/// A batch is cut when it holds about this many bytes.
pub const BATCH_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Longest line.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;
/// How deep nested objects become dotted names; deeper ones are kept as JSON text.
pub const NESTING_MAX: usize = 8;
/// How many field names a body may use before the rest goes to the overflow column unread.
const KEYS_MAX: usize = 8192;
/// Shorter texts and numbers are no instants: a `time` of 35 or `5ms` is how long something took.
const INSTANT_BYTES_MIN: usize = 9;
/// Bytes per line for guessing how much room the first columns need.
const LINE_BYTES_EXPECTED: usize = 300;
/// Memory is reserved in steps of this many bytes.
const MEMORY_STEP: usize = 256 * 1024;

/// The rows of one body.
pub struct Rows {
    mapping: Mapping,
    time_is_guessed: bool,
    received_at: Timestamp,
    keys: KeyTable,
    known: Vec<Key>,
    pub builder: LogBuilder,
    memory: Limit,
    reservation: Option<Reservation>,
    /// Bytes of finished batches that the reservation still holds.
    finished_bytes: usize,
    pub(super) scratch: String,
    stream: Vec<Option<String>>,
    stream_text: String,
    /// Whose attributes are taken just now; empty for the row's own.
    origin: &'static str,
}

/// What is known of a field name.
struct Key {
    path: Box<str>,
    candidate: Option<Candidate>,
    stream: Option<usize>,
    attribute: Option<AttributeId>,
}

/// The value of a field.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Boolean(bool),
    /// As sent.
    Number(&'a str),
    Integer(i64),
    Float(f64),
    Text(&'a str),
    /// An array or a deep object as JSON text.
    Json(&'a str),
    /// Kept by the row, see [`Row::keep`].
    Kept(Kept),
}

/// A text that the row itself holds.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    kind: Kind,
    start: usize,
    end: usize,
}

/// What a kept text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Json,
}

/// The values of one row that have a role.
pub struct Row<'a> {
    waiting: [Option<(u8, u32, Value<'a>)>; ROLES],
    /// Bit per role that is filled.
    filled: u32,
    /// Bit per role whose value was found inside the line, where it stays whatever becomes of it.
    lifted: u32,
    kept: String,
}

const TIME_ROLE: u8 = 0;
const _: () = assert!(matches!(GUESSES[TIME_ROLE as usize].role, Role::Time));
const _: () = assert!(ROLES <= 32, "roles fit the bits of `Row::filled`");

impl Default for Row<'_> {
    fn default() -> Self {
        Row::new()
    }
}

impl<'a> Row<'a> {
    pub fn new() -> Row<'a> {
        Row { waiting: [None; ROLES], filled: 0, lifted: 0, kept: String::new() }
    }

    /// Writes a text that the row keeps, and gives the value that stands for it. Infallible while `write` is.
    pub fn keep<E>(&mut self, kind: Kind, write: impl FnOnce(&mut String) -> Result<(), E>) -> Result<Value<'a>, E> {
        let start = self.kept.len();
        write(&mut self.kept)?;
        Ok(Value::Kept(Kept { kind, start, end: self.kept.len() }))
    }

    pub fn keep_text(&mut self, text: &str) -> Value<'a> {
        let start = self.kept.len();
        self.kept.push_str(text);
        Value::Kept(Kept { kind: Kind::Text, start, end: self.kept.len() })
    }

    fn clear(&mut self) {
        self.filled = 0;
        self.lifted = 0;
        self.kept.clear();
    }

    /// Whether a role has a value so far.
    pub fn has(&self, role: Role) -> bool {
        GUESSES.iter().position(|guess| guess.role == role).is_some_and(|at| self.filled >> at & 1 == 1)
    }

    fn text<'s>(&'s self, value: &Value<'s>) -> &'s str {
        match *value {
            Value::Boolean(true) => "true",
            Value::Boolean(false) => "false",
            Value::Number(text) | Value::Text(text) | Value::Json(text) => text,
            Value::Kept(Kept { start, end, .. }) => &self.kept[start..end],
            Value::Integer(_) | Value::Float(_) => unreachable!("numbers are kept as text where their text counts"),
        }
    }

    fn scalar<'s>(&'s self, value: &Value<'s>) -> Scalar<'s> {
        match *value {
            Value::Boolean(truth) => Scalar::Boolean(truth),
            Value::Number(raw) => value::number(raw),
            Value::Integer(number) => Scalar::Integer(number),
            Value::Float(number) => Scalar::Float(number),
            Value::Kept(Kept { kind: Kind::Number, .. }) => value::number(self.text(value)),
            _ => Scalar::Text(self.text(value)),
        }
    }

    /// Forgets every value that was found inside the line.
    pub(super) fn drop_lifted(&mut self) {
        self.filled &= !self.lifted;
        self.lifted = 0;
    }
}

impl Rows {
    /// Rows of a body of so many bytes.
    pub fn new(body_bytes: usize, mapping: Mapping, received_at: Timestamp, memory: &Limit) -> Rows {
        let expected = (body_bytes / LINE_BYTES_EXPECTED + 1).min(BATCH_ROWS_MAX);
        Rows::with(LogBuilder::new(expected), mapping, received_at, memory)
    }

    /// Spans instead of lines.
    pub fn spans(received_at: Timestamp, memory: &Limit) -> Rows {
        Rows::with(LogBuilder::spans(1), Mapping::beside_a_span(), received_at, memory)
    }

    fn with(builder: LogBuilder, mapping: Mapping, received_at: Timestamp, memory: &Limit) -> Rows {
        Rows {
            received_at,
            keys: KeyTable::new(KEYS_MAX),
            known: Vec::new(),
            builder,
            memory: memory.clone(),
            reservation: None,
            finished_bytes: 0,
            scratch: String::new(),
            time_is_guessed: mapping.source(TIME_ROLE) == Source::Guess,
            stream: vec![None; mapping.stream_fields.len()],
            stream_text: String::new(),
            origin: "",
            mapping,
        }
    }

    /// Begins a row: its first name is guessed from the first names of earlier rows.
    pub fn begin(&mut self, row: &mut Row<'_>) {
        row.clear();
        self.keys.begin();
        self.origin = "";
    }

    /// The following attributes are those of `origin` (a resource, a scope) and give way to those before: one whose
    /// name is taken gets the origin's name and a dot before it.
    pub fn of_origin(&mut self, origin: &'static str) {
        self.origin = origin;
    }

    /// The number of a name inside `parent`; `None` beyond those that are remembered, see [`Rows::spill`].
    #[inline]
    pub fn number(&mut self, parent: u32, name: &str) -> Option<u32> {
        let number = self.keys.find_or_add_in(parent, name)?;
        if number as usize == self.known.len() {
            self.learn(parent, number);
        }
        Some(number)
    }

    /// A name seen for the first time: decides once and for all what it is.
    #[cold]
    fn learn(&mut self, parent: u32, number: u32) {
        let name = self.keys.name(number);
        let path = match self.known.get(parent as usize) {
            Some(parent) => format!("{}.{name}", parent.path),
            None => name.to_owned(),
        };
        self.known.push(Key {
            candidate: self.mapping.candidate(&path),
            stream: self.mapping.stream_fields.iter().position(|field| *field == path),
            attribute: self.builder.attribute_id(&path),
            path: path.into(),
        });
    }

    /// The role that a name may fill.
    pub fn role(&self, number: u32) -> Option<Role> {
        self.known[number as usize].candidate.map(|candidate| GUESSES[usize::from(candidate.role)].role)
    }

    /// Sets a field by its name at the top.
    pub fn field<'a>(&mut self, name: &str, value: Value<'a>, row: &mut Row<'a>) {
        self.take_in(TOP, name, value, row);
    }

    /// Sets a field by its name inside `parent`.
    #[inline]
    pub fn take_in<'a>(&mut self, parent: u32, name: &str, value: Value<'a>, row: &mut Row<'a>) {
        match self.number(parent, name) {
            Some(number) => self.take(number, value, row),
            None => self.spill(parent, name, value, row),
        }
    }

    /// Sets a field that the protocol itself has, so that no name of an attribute goes before it.
    pub fn own_field<'a>(&mut self, name: &str, value: Value<'a>, row: &mut Row<'a>) {
        let Some(number) = self.number(TOP, name) else { return self.spill(TOP, name, value, row) };
        self.take(number, value, row);
        if let Some(Candidate { role, .. }) = self.known[number as usize].candidate
            && let Some((rank, ..)) = &mut row.waiting[usize::from(role)]
        {
            *rank = 0;
        }
    }

    /// A field whose name is beyond those that are remembered goes straight to the overflow column.
    #[cold]
    pub fn spill<'a>(&mut self, parent: u32, name: &str, value: Value<'a>, row: &Row<'a>) {
        let value = row.scalar(&value);
        match self.known.get(parent as usize) {
            Some(parent) => self.builder.overflow(&format!("{}.{name}", parent.path), value),
            None => self.builder.overflow(name, value),
        }
    }

    /// Puts a value into its column, or lets it wait if it has a role.
    #[inline]
    pub fn take<'a>(&mut self, number: u32, value: Value<'a>, row: &mut Row<'a>) {
        let key = &self.known[number as usize];
        if key.candidate.is_none() && key.stream.is_none() {
            self.attribute(number, row.scalar(&value));
            return;
        }
        let value = as_text(value, row);
        if let Some(label) = key.stream {
            self.stream[label] = Some(row.text(&value).to_owned());
        }
        let Some(Candidate { role, rank }) = key.candidate else {
            self.attribute(number, row.scalar(&value));
            return;
        };
        if role == TIME_ROLE && self.time_is_guessed && row.text(&value).len() < INSTANT_BYTES_MIN {
            self.attribute(number, row.scalar(&value));
            return;
        }
        let bit = 1 << role;
        if row.filled & bit == 0 {
            row.filled |= bit;
            row.waiting[usize::from(role)] = Some((rank, number, value));
            return;
        }
        let (known_rank, known_number, known) =
            row.waiting[usize::from(role)].expect("the bit says that a value waits");
        if rank < known_rank {
            row.waiting[usize::from(role)] = Some((rank, number, value));
            self.attribute(known_number, row.scalar(&known));
        } else {
            self.attribute(number, row.scalar(&value));
        }
    }

    /// Lets a value that was found inside the line wait, unless its role has a better one. `kept` is a kept text.
    pub(super) fn lift<'a>(&mut self, number: u32, kept: Value<'a>, row: &mut Row<'a>) {
        let Some(Candidate { role, rank }) = self.known[number as usize].candidate else { return };
        let bit = 1 << role;
        let better = row.waiting[usize::from(role)].is_some_and(|(known_rank, ..)| rank < known_rank);
        if row.filled & bit == 0 || (row.lifted & bit != 0 && better) {
            row.filled |= bit;
            row.lifted |= bit;
            row.waiting[usize::from(role)] = Some((rank, number, kept));
        }
    }

    /// The same by a name at the top.
    pub fn lift_field<'a>(&mut self, name: &str, kept: Value<'a>, row: &mut Row<'a>) {
        if let Some(number) = self.number(TOP, name) {
            self.lift(number, kept, row);
        }
    }

    #[inline]
    fn attribute(&mut self, number: u32, value: Scalar<'_>) {
        let key = &self.known[number as usize];
        match key.attribute {
            Some(id) => {
                if !self.builder.attribute_by_id(id, value) && !self.origin.is_empty() {
                    let name = format!("{}.{}", self.origin, key.path);
                    self.builder.attribute(&name, value);
                }
            }
            None => self.builder.overflow(&key.path, value),
        }
    }

    /// Ends the row: values with a role go into their columns, or become attributes if they do not fit. `time` is
    /// when it happened, where the protocol itself says so. A refused row leaves nothing behind.
    pub fn finish_row(&mut self, row: &mut Row<'_>, time: Option<Timestamp>) -> Result<(), Refusal> {
        self.origin = "";
        match self.settle(row, time) {
            Ok(time) => {
                self.builder.finish_row(time, self.received_at);
                Ok(())
            }
            Err(refusal) => {
                self.abandon_row(row);
                Err(refusal)
            }
        }
    }

    /// Ends the row as one that never was.
    pub fn abandon_row(&mut self, row: &mut Row<'_>) {
        self.builder.abandon_row();
        row.clear();
        self.stream.fill(None);
    }

    fn settle(&mut self, row: &mut Row<'_>, given: Option<Timestamp>) -> Result<Timestamp, Refusal> {
        let mut time = given.unwrap_or(self.received_at);
        let mut level = None;
        while row.filled != 0 {
            let role = row.filled.trailing_zeros();
            row.filled &= row.filled - 1;
            let (_, number, value) = row.waiting[role as usize].expect("the bit says that a value waits");
            let text = row.text(&value);
            let fits = match GUESSES[role as usize].role {
                Role::Text(field) => self.settle_text(field, &value, text),
                Role::Time => {
                    let read = instant(&value, text);
                    time = read.unwrap_or(time);
                    if let (Err(error), Source::Sender) = (read, self.mapping.source(role as u8)) {
                        let field = self.known[number as usize].path.clone().into_string();
                        return Err(Refusal { reason: Reason::Time, field, text: error.to_string() });
                    }
                    read.is_ok()
                }
                Role::ObservedAt => instant(&value, text).is_ok_and(|read| self.builder.observed_at(read)),
                Role::Level => {
                    level = value::level(&self.known[number as usize].path, text);
                    level.is_some()
                }
                Role::SeverityNumber => {
                    // Comes after the level's word in the list, so the word stands and the number is as sent.
                    let sent = text.parse().ok();
                    let read = sent.and_then(|number| level::from_number(number, level::Scale::OpenTelemetry));
                    level = read
                        .map(|read| level::Level { name: level.map_or(read.name, |word| word.name), ..read })
                        .or(level);
                    read.is_some()
                }
                Role::TraceId => value::id(text).is_some_and(|id| self.builder.trace_id(&id)),
                Role::SpanId => value::id(text).is_some_and(|id| self.builder.span_id(&id)),
            };
            if !fits && !text.is_empty() && row.lifted >> role & 1 == 0 {
                self.attribute(number, row.scalar(&value));
            }
        }
        if let Some(level) = level {
            self.builder.text(TextField::Level, level.name);
            self.builder.severity_number(level.number);
        }
        if !self.stream.is_empty() {
            self.settle_stream();
        }
        Ok(time)
    }

    /// Arrays are a message but no name or id; an empty name or id is none.
    #[inline]
    fn settle_text(&mut self, field: TextField, value: &Value<'_>, text: &str) -> bool {
        let is_json = matches!(value, Value::Json(_) | Value::Kept(Kept { kind: Kind::Json, .. }));
        let fits = field == TextField::Body || !(is_json || text.is_empty());
        fits && self.builder.text(field, text)
    }

    fn settle_stream(&mut self) {
        self.stream_text.clear();
        for (name, value) in self.mapping.stream_fields.iter().zip(&mut self.stream) {
            let Some(value) = value.take() else { continue };
            self.stream_text.push(if self.stream_text.is_empty() { '{' } else { ',' });
            write_json_text(&mut self.stream_text, name);
            self.stream_text.push(':');
            write_json_text(&mut self.stream_text, &value);
        }
        if !self.stream_text.is_empty() {
            self.stream_text.push('}');
            self.builder.text(TextField::Stream, &self.stream_text);
        }
    }

    /// Reserves what the rows have come to take.
    pub fn account(&mut self) -> Result<(), Error> {
        let held = self.reservation.as_ref().map_or(0, Reservation::bytes);
        let needed = self.finished_bytes + self.builder.bytes();
        if needed <= held {
            return Ok(());
        }
        let more = (needed - held).next_multiple_of(MEMORY_STEP);
        match &mut self.reservation {
            Some(reservation) => reservation.try_grow(more).then_some(()).ok_or_else(body::exhausted),
            empty => {
                *empty = Some(self.memory.try_reserve(more).ok_or_else(body::exhausted)?);
                Ok(())
            }
        }
    }

    /// Whether the rows are enough for a batch.
    pub fn is_full(&self) -> bool {
        self.builder.len() >= BATCH_ROWS_MAX || self.builder.bytes() >= BATCH_BYTES_MAX
    }

    /// The batch of all rows so far, or `None` without any.
    pub fn finish(&mut self, project: &Project) -> Option<Batch> {
        self.finished_bytes += self.builder.bytes();
        self.builder.finish(project)
    }

    /// What the rows so far are accounted for; the next row begins to reserve anew.
    pub fn take_reservation(&mut self) -> Option<Reservation> {
        self.finished_bytes = 0;
        self.reservation.take()
    }
}

/// A number whose text counts, as that text.
#[inline]
fn as_text<'a>(value: Value<'a>, row: &mut Row<'a>) -> Value<'a> {
    let kept = match value {
        Value::Integer(number) => row.keep(Kind::Number, |out| write!(out, "{number}")),
        Value::Float(number) => row.keep(Kind::Number, |out| write!(out, "{number:?}")),
        other => return other,
    };
    kept.unwrap_or(Value::Text(""))
}

#[inline]
fn instant(value: &Value<'_>, text: &str) -> Result<Timestamp, time::TimeError> {
    match value {
        Value::Number(_) | Value::Kept(Kept { kind: Kind::Number, .. }) => time::parse_number(text),
        Value::Text(_) | Value::Kept(Kept { kind: Kind::Text, .. }) => time::parse_text(text),
        _ => Err(time::TimeError::Unreadable),
    }
}
