//! Reads lines into columns, one batch after the other.

use std::ops::Range;

use bytes::Bytes;
use whodunit_api::logs::{LineRejection, REJECTIONS_MAX};
use whodunit_model::keys::{KeyTable, TOP};
use whodunit_model::log::{AttributeId, LogBuilder, Scalar, TextField, write_json_text};
use whodunit_model::{Batch, Project};
use whodunit_stdx::{Limit, Reservation, Timestamp};

use super::mapping::{Candidate, GUESSES, Mapping, ROLES, Role, Source};
use super::value;
use crate::json::{JsonError, Reader, Text, Token};
use crate::split::{Pieces, Shape};
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

/// No memory for another batch.
#[derive(Debug)]
pub struct Full;

/// Reads the lines of one body.
pub struct Decoder {
    body: Bytes,
    pieces: Pieces,
    mapping: Mapping,
    time_is_guessed: bool,
    received_at: Timestamp,
    keys: KeyTable,
    known: Vec<Key>,
    builder: LogBuilder,
    memory: Limit,
    reservation: Option<Reservation>,
    scratch: String,
    path: String,
    stream: Vec<Option<String>>,
    stream_text: String,
    /// Lines (or array elements) before the next one, blank ones included.
    pub lines_read: u64,
    pub rejected: u64,
    pub rejections: Vec<LineRejection>,
}

/// What is known of a field name.
struct Key {
    path: Box<str>,
    candidate: Option<Candidate>,
    stream: Option<usize>,
    attribute: Option<AttributeId>,
}

/// A value that waits for the end of its line.
#[derive(Clone, Copy)]
enum Waiting<'a> {
    Boolean(bool),
    Number(&'a str),
    Plain(&'a str),
    /// In `Row::unescaped`.
    Escaped(usize, usize),
    /// An array or a deep object as sent.
    Json(&'a str),
}

/// The values of one line that have a role.
struct Row<'a> {
    waiting: [Option<(u8, u32, Waiting<'a>)>; ROLES],
    /// Bit per role that is filled.
    filled: u32,
    unescaped: String,
}

const TIME_ROLE: u8 = 0;
const _: () = assert!(matches!(GUESSES[TIME_ROLE as usize].role, Role::Time));
const _: () = assert!(ROLES <= 32, "roles fit the bits of `Row::filled`");

/// Why a line is not taken.
struct Refusal {
    field: String,
    reason: String,
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Refusal {
        Refusal { field: String::new(), reason: error.to_string() }
    }
}

fn whole_line(reason: impl Into<String>) -> Refusal {
    Refusal { field: String::new(), reason: reason.into() }
}

impl<'a> Row<'a> {
    fn new() -> Row<'a> {
        Row { waiting: [None; ROLES], filled: 0, unescaped: String::new() }
    }

    fn text<'s>(&'s self, value: &Waiting<'s>) -> &'s str {
        match *value {
            Waiting::Boolean(true) => "true",
            Waiting::Boolean(false) => "false",
            Waiting::Number(text) | Waiting::Plain(text) | Waiting::Json(text) => text,
            Waiting::Escaped(start, end) => &self.unescaped[start..end],
        }
    }

    fn scalar<'s>(&'s self, value: &Waiting<'s>) -> Scalar<'s> {
        match *value {
            Waiting::Boolean(truth) => Scalar::Boolean(truth),
            Waiting::Number(raw) => value::number(raw),
            _ => Scalar::Text(self.text(value)),
        }
    }
}

impl Decoder {
    pub fn new(body: Bytes, mapping: Mapping, received_at: Timestamp, memory: &Limit) -> Decoder {
        let expected = (body.len() / LINE_BYTES_EXPECTED + 1).min(BATCH_ROWS_MAX);
        Decoder {
            pieces: Pieces::of(&body),
            body,
            received_at,
            keys: KeyTable::new(KEYS_MAX),
            known: Vec::new(),
            builder: LogBuilder::new(expected),
            memory: memory.clone(),
            reservation: None,
            scratch: String::new(),
            path: String::new(),
            time_is_guessed: mapping.source(TIME_ROLE) == Source::Guess,
            stream: vec![None; mapping.stream_fields.len()],
            stream_text: String::new(),
            mapping,
            lines_read: 0,
            rejected: 0,
            rejections: Vec::new(),
        }
    }

    /// The next batch, or `None` at the end of the body. Its memory is accounted for until the next call.
    pub fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Full> {
        let body = self.body.clone();
        let mut row = Row::new();
        self.reservation = None;
        while let Some(piece) = self.pieces.next_in(&body) {
            self.line(&body, piece.number, piece.range, &mut row);
            self.lines_read = piece.number + 1;
            self.account()?;
            if self.builder.len() >= BATCH_ROWS_MAX || self.builder.bytes() >= BATCH_BYTES_MAX {
                match self.builder.finish(project) {
                    Some(batch) => return Ok(Some(batch)),
                    // Every line of it was rejected.
                    None => continue,
                }
            }
        }
        Ok(self.builder.finish(project))
    }

    /// Whether the body has been read to its end.
    pub fn is_done(&self) -> bool {
        self.pieces.position() >= self.body.len()
    }

    fn account(&mut self) -> Result<(), Full> {
        let held = self.reservation.as_ref().map_or(0, Reservation::bytes);
        let needed = self.builder.bytes();
        if needed <= held {
            return Ok(());
        }
        let more = (needed - held).next_multiple_of(MEMORY_STEP);
        match &mut self.reservation {
            Some(reservation) => reservation.try_grow(more).then_some(()).ok_or(Full),
            empty => {
                *empty = Some(self.memory.try_reserve(more).ok_or(Full)?);
                Ok(())
            }
        }
    }

    fn line<'a>(&mut self, body: &'a [u8], number: u64, range: Range<usize>, row: &mut Row<'a>) {
        let read = self.read_line(&body[range], row).and_then(|()| self.settle(row));
        match read {
            Ok(time) => self.builder.finish_row(time, self.received_at),
            Err(refusal) => {
                self.builder.abandon_row();
                row.filled = 0;
                self.stream.fill(None);
                self.reject(number, refusal);
            }
        }
    }

    fn reject(&mut self, number: u64, refusal: Refusal) {
        self.rejected += 1;
        if self.rejections.len() < REJECTIONS_MAX {
            let Refusal { field, reason } = refusal;
            self.rejections.push(LineRejection { line: number + 1, field, reason });
        }
    }

    fn read_line<'a>(&mut self, line: &'a [u8], row: &mut Row<'a>) -> Result<(), Refusal> {
        if line.len() > LINE_BYTES_MAX && self.pieces.shape() != Shape::Single {
            return Err(whole_line(format!("longer than {LINE_BYTES_MAX} bytes")));
        }
        let text = std::str::from_utf8(line)
            .map_err(|error| whole_line(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
        row.unescaped.clear();
        self.keys.begin();
        let mut reader = Reader::new(text);
        match reader.token()? {
            Token::Object => self.members(&mut reader, TOP, 1, row)?,
            _ => return Err(whole_line("a line is a JSON object")),
        }
        reader.end()?;
        Ok(())
    }

    fn members<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        parent: u32,
        depth: usize,
        row: &mut Row<'a>,
    ) -> Result<(), Refusal> {
        let mut first = true;
        while let Some(key) = reader.key(&mut first)? {
            let number = match key.plain() {
                Some(text) => self.keys.find_or_add_in(parent, text),
                None => {
                    self.scratch.clear();
                    key.unescape_into(&mut self.scratch)?;
                    self.keys.find_or_add_in(parent, &self.scratch)
                }
            };
            // Before anything that may refuse the line: a number that is given out is always known.
            if let Some(number) = number
                && number as usize == self.known.len()
            {
                self.learn(parent, number);
            }
            let token = reader.token()?;
            let Some(number) = number else {
                self.spill(reader, parent, key, token)?;
                continue;
            };
            match token {
                Token::Null => {}
                Token::Object if depth < NESTING_MAX => self.members(reader, number, depth + 1, row)?,
                Token::Object | Token::Array => {
                    let json = reader.rest(token)?;
                    self.take(number, Waiting::Json(json), row);
                }
                Token::Boolean(truth) => self.take(number, Waiting::Boolean(truth), row),
                Token::Number(raw) => self.take(number, Waiting::Number(raw), row),
                Token::Text(text) => match text.plain() {
                    Some(plain) => self.take(number, Waiting::Plain(plain), row),
                    None => {
                        let start = row.unescaped.len();
                        text.unescape_into(&mut row.unescaped)?;
                        self.take(number, Waiting::Escaped(start, row.unescaped.len()), row);
                    }
                },
            }
        }
        Ok(())
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

    /// A name beyond those that are remembered goes straight to the overflow column.
    #[cold]
    fn spill<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        parent: u32,
        key: Text<'a>,
        token: Token<'a>,
    ) -> Result<(), Refusal> {
        self.path.clear();
        if let Some(parent) = self.known.get(parent as usize) {
            self.path.push_str(&parent.path);
            self.path.push('.');
        }
        key.unescape_into(&mut self.path)?;
        match token {
            Token::Null => {}
            Token::Boolean(truth) => self.builder.overflow(&self.path, Scalar::Boolean(truth)),
            Token::Number(raw) => self.builder.overflow(&self.path, value::number(raw)),
            Token::Text(text) => self.builder.overflow(&self.path, Scalar::Text(&text.to_cow()?)),
            Token::Object | Token::Array => self.builder.overflow(&self.path, Scalar::Text(reader.rest(token)?)),
        }
        Ok(())
    }

    /// Puts a value into its column, or lets it wait if it has a role.
    #[inline]
    fn take<'a>(&mut self, number: u32, value: Waiting<'a>, row: &mut Row<'a>) {
        let key = &self.known[number as usize];
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

    #[inline]
    fn attribute(&mut self, number: u32, value: Scalar<'_>) {
        let key = &self.known[number as usize];
        match key.attribute {
            Some(id) => self.builder.attribute_by_id(id, value),
            None => self.builder.overflow(&key.path, value),
        }
    }

    /// The line is read: values with a role go into their columns, or become attributes if they do not fit.
    fn settle(&mut self, row: &mut Row<'_>) -> Result<Timestamp, Refusal> {
        let mut time = self.received_at;
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
                        return Err(Refusal { field, reason: error.to_string() });
                    }
                    read.is_ok()
                }
                Role::ObservedAt => instant(&value, text).map(|read| self.builder.observed_at(read)).is_ok(),
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
                Role::TraceId => value::id(text).map(|id| self.builder.trace_id(&id)).is_some(),
                Role::SpanId => value::id(text).map(|id| self.builder.span_id(&id)).is_some(),
            };
            if !fits && !text.is_empty() {
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
    fn settle_text(&mut self, field: TextField, value: &Waiting<'_>, text: &str) -> bool {
        let fits = field == TextField::Body || !(matches!(value, Waiting::Json(_)) || text.is_empty());
        if fits {
            self.builder.text(field, text);
        }
        fits
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
}

#[inline]
fn instant(value: &Waiting<'_>, text: &str) -> Result<Timestamp, time::TimeError> {
    match value {
        Waiting::Number(raw) => time::parse_number(raw),
        Waiting::Plain(_) | Waiting::Escaped(..) => time::parse_text(text),
        Waiting::Boolean(_) | Waiting::Json(_) => Err(time::TimeError::Unreadable),
    }
}
