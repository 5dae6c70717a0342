//! Sentry's protocol: `POST /api/{project}/envelope/` and `/store/`, so that an application changes its DSN and nothing
//! else.
//!
//! The problem: an envelope carries errors, logs, traces and more in one body, from clients of every age, and an error
//! is worth most when everything around it is broken. The idea: items stand for themselves. An item that cannot be read
//! is refused and its neighbours are kept; what is not stored here yet is counted by its type and answered as taken,
//! since a client that hears a failure stops sending or sends it again; only an envelope that cannot be opened, or of
//! which nothing could be read, fails as a whole.
//!
//! ```text
//! bytes ─ envelope ─ items ─┬─ event ── repair ─ resolve ─ scrub ─ row of error_events, grouped by `issues`
//!                           ├─ security, nel ─────────── the same, of an event that is made of the report
//!                           ├─ transaction, span ─────── rows of spans
//!                           ├─ log ───────────────────── rows of logs
//!                           ├─ attachment ────────────── rows of attachments, a part of the file in each
//!                           ├─ replay_event, _recording ─ files of their replay, likewise
//!                           ├─ feedback, user_report ─── rows of feedback
//!                           ├─ check_in ──────────────── rows of check_ins
//!                           ├─ session, sessions ─────── rows of release_sessions
//!                           ├─ client_report ─────────── what the client dropped itself
//!                           └─ others ────────────────── counted by type
//! ```
//!
//! Events are filtered before they are grouped: what is stored gives the same fingerprint again, which is how the
//! explanation of an issue is found later. Sources: Sentry's developer documentation of envelopes, event payloads, logs
//! and client reports, and captures of real clients.
//!
//! Modules, top to bottom: each imports only those below it.

mod contents;
mod event;
mod spans;
mod feedback;
mod security;
mod logs;
mod replay;
mod attachment;
mod check_in;
mod session;
mod scrub;
mod around;
mod report;
mod document;
mod repair;
mod form;
mod multipart;
mod folded;
mod envelope;

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use whodunit_issues::category::Category;
use whodunit_issues::event::Event;
pub use whodunit_issues::event::limits::{
    ATTACHMENTS_MAX, CHECK_IN_BYTES_MAX, CONTAINER_BYTES_MAX, ENVELOPE_ITEMS_MAX, EVENT_BYTES_MAX, SESSIONS_MAX,
};
use whodunit_issues::filter::Filters;
use whodunit_model::{Batch, Row, Table};
use whodunit_sourcemaps::frames;
use whodunit_stdx::ErrorKind;

use crate::body::{self, Encoding};
use crate::error::Error;
use crate::logs::decode::Desk;
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::value;
use around::Sender;
pub use attachment::{ATTACHMENT_BYTES_MAX, PART_BYTES};
pub use check_in::SLUG_BYTES_MAX;
pub use contents::Envelope;
use contents::Parcel;
use document::Document;
use envelope::Item;
pub use envelope::{Dsn, HEADER_BYTES_MAX};
pub use multipart::{PARTS_MAX, Part, boundary, parts};
use scrub::Scrubbed;
pub use security::REPORTS_MAX;

/// Memory that reading an item takes per byte of it, measured generously: its JSON, parsed twice.
const ITEM_BYTES_PER_BYTE: usize = 12;
/// Memory of an attachment's rows beside its bytes: each has columns of its own.
const ATTACHMENT_OVERHEAD_BYTES: usize = 128 * 1024;
/// Item types that are known and that nothing here stores yet.
const NOT_STORED: &[&str] =
    &["profile", "profile_chunk", "trace_metric", "statsd", "metric_buckets", "form_data", "unreal_report"];

/// What the body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header and items.
    Envelope,
    /// The same from somebody who has shown a public key: a DSN in the header must be the same one, with the project by
    /// one of its names.
    EnvelopeOf { key: String, project_names: Vec<String> },
    /// One event: JSON, that in base64, or zlib in base64 as the oldest clients send it.
    Store,
    /// The memory of a process that crashed: a form with this boundary, or the bytes themselves.
    Minidump { boundary: Option<String> },
    /// Files of an event that was sent before: a form with this boundary.
    Attachments { event_id: String, boundary: String },
    /// What a browser reports by itself, and what the address that it sends to says of the application.
    Reports { release: Option<String>, environment: Option<String> },
}

impl Form {
    /// Refuses what says of itself that it is somebody else's.
    fn check(&self, dsn: Option<&Dsn>) -> Result<(), Error> {
        let (Form::EnvelopeOf { key, project_names }, Some(dsn)) = (self, dsn) else { return Ok(()) };
        if dsn.key == *key && project_names.contains(&dsn.project) {
            return Ok(());
        }
        let message = "the DSN in the envelope is not the one that the request shows";
        Err(Error::new(ErrorKind::Forbidden, message).field("dsn"))
    }
}

/// From where a body came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'o> {
    /// The address, for events that ask for it.
    pub client_ip: Option<&'o str>,
    pub user_agent: Option<&'o str>,
    /// What the project does not want; none: everything is let in.
    pub filters: Option<&'o Filters>,
    /// Of which the key has sent its share.
    pub limited: &'o [Category],
}

/// What the answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentryAnswer {
    /// The event's id, 32 hexadecimal digits; `None` for an envelope without one.
    pub event_id: Option<String>,
    /// Rows that are stored.
    pub accepted: u64,
    /// Items, and rows of containers, that could not be read.
    pub rejected: u64,
    /// What the client should hold back, and for how long.
    pub limited: Vec<(Category, Duration)>,
}

/// What is past the limit of its category, as it is counted: the category follows.
pub const RATE_LIMITED: &str = "rate_limited_";

/// Reads a body.
///
/// # Errors
/// Invalid if it is no envelope or no event at all, too large if it has more items than one may.
pub fn decode(body: &[u8], form: Form, origin: Origin<'_>, desk: &Desk) -> Result<Envelope, Error> {
    let Origin { client_ip, user_agent, .. } = origin;
    let received_at = desk.received_at;
    match form {
        Form::Envelope | Form::EnvelopeOf { .. } => {
            let (header, items) = envelope::read(body)?;
            form.check(header.dsn.as_ref())?;
            let sender = Sender { client_ip, user_agent, header: &header, received_at };
            Reading::new(desk, sender, origin).all(items)
        }
        Form::Store => {
            let header = envelope::Header::default();
            let sender = Sender { client_ip, user_agent, header: &header, received_at };
            let unfolded = folded::unfold(body, &desk.memory)?;
            let payload = unfolded.as_ref().map_or(body, |body| &body.bytes);
            let item = Item { kind: "event".into(), line: b"{}", payload };
            Reading::new(desk, sender, origin).all(vec![Ok(item)])
        }
        Form::Minidump { boundary } => {
            let crash = form::minidump(body, boundary.as_deref())?;
            let sender = Sender { client_ip, user_agent, header: &crash.header, received_at };
            Reading::new(desk, sender, origin).all(crash.items())
        }
        Form::Attachments { event_id, boundary } => {
            let files = form::attachments(body, &event_id, &boundary)?;
            let sender = Sender { client_ip, user_agent, header: &files.header, received_at };
            Reading::new(desk, sender, origin).all(files.items())
        }
        Form::Reports { release, environment } => {
            let header = envelope::Header { release, environment, ..envelope::Header::default() };
            let sender = Sender { client_ip, user_agent, header: &header, received_at };
            let item = Item { kind: "security".into(), line: b"{}", payload: body };
            Reading::new(desk, sender, origin).all(vec![Ok(item)])
        }
    }
}

/// The first line of an envelope says whose it is, for clients that say so nowhere else.
///
/// # Errors
/// Invalid if the body's encoding is broken or its first line is no header; too large if that is longer than
/// [`HEADER_BYTES_MAX`].
pub fn dsn(sent: &Bytes, content_encoding: Option<&str>) -> Result<Option<Dsn>, Error> {
    let head = body::head(sent, Encoding::of(content_encoding)?, HEADER_BYTES_MAX + 1)?;
    envelope::dsn(&head)
}

/// An envelope in the making.
struct Reading<'d> {
    desk: &'d Desk,
    filters: Option<&'d Filters>,
    limited: &'d [Category],
    /// The event of the envelope has been left out, and so are its files.
    is_parted: bool,
    sender: Sender<'d>,
    read: Envelope,
    logs: logs::Lines<'d>,
    spans: spans::Spans<'d>,
    /// Check-ins and sessions, which come by the dozen.
    rows: Vec<Row>,
    attachments: usize,
    has_minidump: bool,
    /// Also one that the project does not want.
    has_event: bool,
}

impl<'d> Reading<'d> {
    fn new(desk: &'d Desk, sender: Sender<'d>, origin: Origin<'d>) -> Reading<'d> {
        let read = Envelope { event_id: sender.header.event_id.clone(), ..Envelope::default() };
        Reading {
            desk,
            filters: origin.filters,
            limited: origin.limited,
            is_parted: false,
            sender,
            read,
            logs: logs::Lines::new(desk),
            spans: spans::Spans::new(desk),
            rows: Vec::new(),
            attachments: 0,
            has_minidump: false,
            has_event: false,
        }
    }

    fn all(mut self, items: Vec<Result<Item<'_>, Refusal>>) -> Result<Envelope, Error> {
        for (number, item) in items.into_iter().enumerate() {
            let taken = match item {
                Ok(item) => self.item(&item, number as u64)?,
                Err(refusal) => Err(refusal),
            };
            if let Err(refusal) = taken {
                self.read.rejections.note(number as u64, refusal);
            }
        }
        if self.has_minidump && !self.has_event {
            self.crash()?;
        }
        let mut read = self.read;
        for table in [Table::CheckIns, Table::ReleaseSessions] {
            let rows: Vec<Row> = self.rows.extract_if(.., |row| row.table() == table).collect();
            read.batches.extend(Row::batch(&rows, &self.desk.project));
        }
        let lists = [(Category::LogItem, self.logs.finish()), (Category::Span, self.spans.finish())];
        for (category, (batches, reservation)) in lists {
            let rows: u64 = batches.iter().map(|batch: &Batch| batch.row_count() as u64).sum();
            if rows > 0 {
                *read.counts.entry(category).or_default() += rows;
            }
            read.batches.extend(batches);
            read.reservations.extend(reservation);
        }
        Ok(read)
    }

    /// Takes one item. The outer error ends the envelope: there is no memory for more.
    fn item(&mut self, item: &Item<'_>, number: u64) -> Result<Result<(), Refusal>, Error> {
        if self.is_past_limit(&item.kind) {
            return Ok(Ok(()));
        }
        let bytes_max = match &*item.kind {
            "event" | "transaction" | "client_report" | "feedback" | "user_report" | "session" | "sessions" => {
                EVENT_BYTES_MAX
            }
            "security" | "raw_security" | "nel" => EVENT_BYTES_MAX,
            "check_in" => CHECK_IN_BYTES_MAX,
            "log" | "span" => CONTAINER_BYTES_MAX,
            "attachment" | "replay_event" | "replay_recording" | "replay_video" => return self.file(item),
            kind => {
                self.pass_over(kind);
                return Ok(Ok(()));
            }
        };
        if item.payload.len() > bytes_max {
            return Ok(Err(Refusal::too_long(bytes_max)));
        }
        let needed = item.payload.len().saturating_mul(ITEM_BYTES_PER_BYTE);
        let reading = self.desk.memory.try_reserve(needed).ok_or_else(body::exhausted)?;
        let taken = match &*item.kind {
            "event" => self.event(item.payload)?,
            "transaction" => self.transaction(item.payload, number)?,
            "span" => self.span(item.payload, number)?,
            "security" | "raw_security" | "nel" => self.reports(item.payload)?,
            "feedback" | "user_report" => self.said(item)?,
            "check_in" | "session" | "sessions" => self.counted(item)?,
            "log" => self.logs.container(item.payload, number, &self.sender, &mut self.read.rejections)?,
            _ => report::read(item.payload, &mut self.read.passed_over),
        };
        drop(reading);
        Ok(taken)
    }

    /// Whether the key has sent its share of the item's category, which is then counted and left out unread.
    fn is_past_limit(&mut self, kind: &str) -> bool {
        let Some(category) = Category::of_item(kind) else { return false };
        let of_left_out = category == Category::Attachment && self.is_parted;
        if !of_left_out && !self.limited.contains(&category) {
            if !category.is_counted_by_rows() {
                *self.read.counts.entry(category).or_default() += 1;
            }
            return false;
        }
        self.is_parted |= matches!(category, Category::Error | Category::Transaction);
        *self.read.passed_over.entry(format!("{RATE_LIMITED}{}", category.name())).or_default() += 1;
        true
    }

    /// A document without its secrets.
    fn scrubbed(&mut self, payload: &[u8]) -> Result<Scrubbed, Refusal> {
        let document = repair::object(payload)?;
        self.without_secrets(document.into())
    }

    fn without_secrets(&mut self, document: Document<'_>) -> Result<Scrubbed, Refusal> {
        scrub::scrub(document, &self.sender, &self.desk.redactor, &mut self.read.tally)
    }

    fn transaction(&mut self, payload: &[u8], number: u64) -> Result<Result<(), Refusal>, Error> {
        let scrubbed = match self.scrubbed(payload) {
            Ok(scrubbed) => scrubbed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if self.is_unwanted(&scrubbed) {
            return Ok(Ok(()));
        }
        let mut spans = spans::Spans::new(self.desk);
        if let Err(refusal) = spans.transaction(&scrubbed, number, &self.sender, &mut self.read.rejections)? {
            return Ok(Err(refusal));
        }
        let sent = scrubbed.document.get("event_id").and_then(Value::as_str).and_then(value::id);
        let event_id = sent.or_else(|| self.sender.header.event_id.as_deref().and_then(value::id));
        self.read.event_id = event_id.map(hex::encode).or(self.read.event_id.take());
        let (batches, reservation) = spans.finish();
        self.read.reservations.extend(reservation);
        self.read.parcels.push(Parcel { id: event_id, batches });
        Ok(Ok(()))
    }

    fn span(&mut self, payload: &[u8], number: u64) -> Result<Result<(), Refusal>, Error> {
        match repair::object(payload) {
            Ok(item) => self.spans.item(&item, number, &self.sender, &mut self.read.rejections),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// A file. It is kept as it is, so nothing is read of it and all of it is held once more; but what a replay says of
    /// itself is an event, with secrets as in others.
    fn file(&mut self, item: &Item<'_>) -> Result<Result<(), Refusal>, Error> {
        let is_event = item.kind == "replay_event";
        let bytes_max = if is_event { EVENT_BYTES_MAX } else { ATTACHMENT_BYTES_MAX };
        if item.payload.len() > bytes_max {
            return Ok(Err(Refusal::too_long(bytes_max)));
        }
        if self.attachments == ATTACHMENTS_MAX {
            return Ok(Err(malformed(format!("the envelope has more than {ATTACHMENTS_MAX} files"))));
        }
        self.attachments += 1;
        // Once as rows, and once as the columns that are made of them.
        let copies = if is_event { ITEM_BYTES_PER_BYTE } else { 2 };
        let bytes = item.payload.len().saturating_mul(copies).saturating_add(ATTACHMENT_OVERHEAD_BYTES);
        let held = self.desk.memory.try_reserve(bytes).ok_or_else(body::exhausted)?;
        let read = match &*item.kind {
            "attachment" => attachment::read(item.line, item.payload, &self.sender),
            "replay_event" => self.scrubbed(item.payload).and_then(|scrubbed| replay::event(&scrubbed, &self.sender)),
            kind => replay::recording(kind, item.payload, &self.sender),
        };
        let file = match read {
            Ok(file) => file,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.read.reservations.push(held);
        self.has_minidump |= file.is_minidump;
        let batches = Row::batch(&file.rows, &self.desk.project).into_iter().collect();
        self.read.parcels.push(Parcel { id: Some(file.id), batches });
        Ok(Ok(()))
    }

    /// The event of a crash that came without one.
    fn crash(&mut self) -> Result<(), Error> {
        let thrown = json!({"type": "Minidump", "value": "The process crashed; its memory is attached.",
            "mechanism": {"type": "minidump", "handled": false}});
        let event = json!({"platform": "native", "level": "fatal", "exception": {"values": [thrown]}}).to_string();
        if let Err(refusal) = self.event(event.as_bytes())? {
            self.read.rejections.note(0, refusal);
        }
        Ok(())
    }

    /// What a user says.
    fn said(&mut self, item: &Item<'_>) -> Result<Result<(), Refusal>, Error> {
        let read = match &*item.kind {
            "feedback" => self.scrubbed(item.payload).and_then(|said| feedback::feedback(&said, &self.sender)),
            _ => repair::object(item.payload).and_then(|report| feedback::user_report(&report, &self.sender)),
        };
        let (id, row) = match read {
            Ok(said) => said,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let held = self.desk.memory.try_reserve(row.bytes() * 2).ok_or_else(body::exhausted)?;
        self.read.reservations.push(held);
        if item.kind == "feedback" {
            self.read.event_id = Some(hex::encode(id));
        }
        let batches = Row::batch(&[row], &self.desk.project).into_iter().collect();
        self.read.parcels.push(Parcel { id: Some(id), batches });
        Ok(Ok(()))
    }

    /// Check-ins and sessions.
    fn counted(&mut self, item: &Item<'_>) -> Result<Result<(), Refusal>, Error> {
        let sender = &self.sender;
        let rows = repair::object(item.payload).and_then(|object| match &*item.kind {
            "check_in" => check_in::read(&object, sender).map(|row| vec![row]),
            "session" => session::update(&object, sender).map(|row| vec![row]),
            _ => session::aggregates(&object, sender),
        });
        let rows = match rows {
            Ok(rows) => rows,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let bytes = rows.iter().map(|row| row.bytes() * 2).sum();
        self.read.reservations.push(self.desk.memory.try_reserve(bytes).ok_or_else(body::exhausted)?);
        self.rows.extend(rows);
        Ok(Ok(()))
    }

    /// What a browser reports: the first report that is refused ends the list.
    fn reports(&mut self, payload: &[u8]) -> Result<Result<(), Refusal>, Error> {
        let events = match security::events(payload, &self.sender) {
            Ok(events) => events,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for event in events {
            let taken = match self.without_secrets(event.into()) {
                Ok(scrubbed) => self.keep_event(&scrubbed)?,
                Err(refusal) => Err(refusal),
            };
            if let Err(refusal) = taken {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(()))
    }

    fn event(&mut self, payload: &[u8]) -> Result<Result<(), Refusal>, Error> {
        let mut document = match Document::read(payload) {
            Ok(document) => document,
            Err(refusal) => return Ok(Err(refusal)),
        };
        document.members = self.resolved(document.members);
        match self.without_secrets(document) {
            Ok(scrubbed) => self.keep_event(&scrubbed),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Whether the project does not want an event, which is then counted by its reason.
    fn is_unwanted(&mut self, scrubbed: &Scrubbed) -> bool {
        let Some(unwanted) = self.filters.and_then(|filters| filters.refuse(&Event::read(&scrubbed.document))) else {
            return false;
        };
        *self.read.passed_over.entry(format!("filtered_{}", unwanted.code())).or_default() += 1;
        let id = scrubbed.document.get("event_id").and_then(Value::as_str).and_then(value::id::<16>);
        self.read.event_id = id.map(hex::encode).or(self.read.event_id.take());
        true
    }

    fn keep_event(&mut self, scrubbed: &Scrubbed) -> Result<Result<(), Refusal>, Error> {
        self.has_event = true;
        if self.is_unwanted(scrubbed) {
            return Ok(Ok(()));
        }
        let event = event::row(scrubbed, &self.sender, &self.desk.grouping, &self.desk.project);
        let held = self.desk.memory.try_reserve(event.bytes() * 2).ok_or_else(body::exhausted)?;
        self.read.reservations.push(held);
        self.read.event_id = Some(hex::encode(event.event_id));
        let is_named = scrubbed.document.get("event_id").is_some_and(Value::is_string);
        match is_named || self.sender.header.event_id.is_some() {
            true => self.read.events.push(event),
            false => self.read.nameless.push(event),
        }
        Ok(Ok(()))
    }

    /// With frames of minified scripts as they are in the source, where its map is known: before anything is filtered,
    /// since lines of source are stored too.
    fn resolved(&self, document: Map<String, Value>) -> Map<String, Value> {
        let Some(scripts) = &self.desk.scripts else { return document };
        let mut event = Value::Object(document);
        frames::resolve(&mut event, &mut |wanted| scripts.find(self.desk.project.as_str(), wanted));
        match event {
            Value::Object(document) => document,
            _ => Map::new(),
        }
    }

    fn pass_over(&mut self, kind: &str) {
        let code = match NOT_STORED.contains(&kind) {
            true => format!("not_stored_{kind}"),
            false => "unknown_item".to_owned(),
        };
        *self.read.passed_over.entry(code).or_default() += 1;
    }
}

fn at(field: &str, text: &str) -> Refusal {
    Refusal { field: field.to_owned(), ..malformed(text) }
}

fn malformed(text: impl Into<String>) -> Refusal {
    Refusal::whole(Reason::Malformed, text)
}
