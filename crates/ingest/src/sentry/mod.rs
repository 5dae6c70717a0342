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
//! bytes ─ envelope ─ items ─┬─ event ── repair ─ scrub ─ row of error_events, grouped by `issues`
//!                           ├─ log ───────────────────── rows of logs
//!                           ├─ client_report ─────────── what the client dropped itself
//!                           └─ others ────────────────── counted by type
//! ```
//!
//! Events are filtered before they are grouped: what is stored gives the same fingerprint again, which is how the
//! explanation of an issue is found later. Sources: Sentry's developer documentation of envelopes, event payloads, logs
//! and client reports, and captures of real clients.
//!
//! Modules, top to bottom: each imports only those below it.

mod event;
mod logs;
mod scrub;
mod around;
mod report;
mod repair;
mod envelope;

use std::collections::{BTreeMap, HashSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
pub use whodunit_issues::event::limits::{CONTAINER_BYTES_MAX, ENVELOPE_ITEMS_MAX, EVENT_BYTES_MAX};
use whodunit_model::redact::Tally;
use whodunit_model::{Batch, ErrorEvent, Project};
use whodunit_stdx::{ErrorKind, Limit, Reservation};

use crate::body::{self, BodyLimits, Encoding};
use crate::error::Error;
use crate::logs::decode::{Decode, Desk};
use crate::logs::rejection::{Reason, Refusal, Rejections};
use crate::repeats::{self, Claims, Key};
use around::Sender;
use envelope::Item;
pub use envelope::{Dsn, HEADER_BYTES_MAX};

/// Memory that reading an item takes per byte of it, measured generously: its JSON, parsed twice.
const ITEM_BYTES_PER_BYTE: usize = 12;
/// Item types that are known and that nothing here stores yet.
const NOT_STORED: &[&str] = &[
    "transaction",
    "span",
    "attachment",
    "user_report",
    "feedback",
    "session",
    "sessions",
    "check_in",
    "profile",
    "profile_chunk",
    "replay_event",
    "replay_recording",
    "replay_video",
    "trace_metric",
    "statsd",
    "metric_buckets",
    "security",
    "raw_security",
    "form_data",
    "nel",
    "unreal_report",
];

/// What the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header and items.
    Envelope,
    /// One event: JSON, or zlib in base64 as the oldest clients send it.
    Store,
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
}

/// An envelope that was read.
#[derive(Debug, Default)]
pub struct Envelope {
    pub event_id: Option<String>,
    /// What is not stored, and what the client dropped: code and items.
    pub passed_over: BTreeMap<String, u64>,
    events: Vec<ErrorEvent>,
    batches: VecDeque<Batch>,
    rejections: Rejections,
    tally: Tally,
    reservations: Vec<Reservation>,
}

/// An event that was stored before, as it is counted.
const REPEATED_EVENT: &str = "repeated_event";

impl Envelope {
    /// By what its events are known when they are sent again.
    pub fn keys(&self, project: &Project) -> Vec<Key> {
        self.events.iter().map(|event| repeats::key(project, &event.event_id)).collect()
    }

    /// Leaves out the events that are stored already, and what stands in the envelope twice.
    pub fn leave_out(&mut self, claims: &Claims, project: &Project) {
        let mut seen = HashSet::new();
        let before = self.events.len();
        self.events.retain(|event| {
            let key = repeats::key(project, &event.event_id);
            !claims.is_stored(&key) && seen.insert(key)
        });
        let left_out = (before - self.events.len()) as u64;
        if left_out > 0 {
            *self.passed_over.entry(REPEATED_EVENT.to_owned()).or_default() += left_out;
        }
    }
}

impl Decode for Envelope {
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error> {
        let events = std::mem::take(&mut self.events);
        Ok(ErrorEvent::batch(&events, project).or_else(|| self.batches.pop_front()))
    }

    fn is_done(&self) -> bool {
        self.events.is_empty() && self.batches.is_empty()
    }

    fn rejections(&self) -> &Rejections {
        &self.rejections
    }

    fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }
}

/// Reads a body. `client_ip` is the address that it came from, for events that ask for it.
///
/// # Errors
/// Invalid if it is no envelope or no event at all, too large if it has more items than one may.
pub fn decode(body: &[u8], form: Form, client_ip: Option<&str>, desk: &Desk) -> Result<Envelope, Error> {
    match form {
        Form::Envelope => {
            let (header, items) = envelope::read(body)?;
            let sender = Sender { client_ip, header: &header, received_at: desk.received_at };
            Reading::new(desk, sender).all(items)
        }
        Form::Store => {
            let header = envelope::Header::default();
            let sender = Sender { client_ip, header: &header, received_at: desk.received_at };
            let unfolded = unfolded(body, &desk.memory)?;
            let payload = unfolded.as_ref().map_or(body, |body| &body.bytes);
            let item = Item { kind: "event".into(), payload };
            Reading::new(desk, sender).all(vec![Ok(item)])
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

/// The JSON of a body that is zlib in base64; `None` if it is none.
fn unfolded(body: &[u8], memory: &Limit) -> Result<Option<body::Body>, Error> {
    let trimmed = body.trim_ascii();
    if trimmed.first() == Some(&b'{') {
        return Ok(None);
    }
    let decoded = STANDARD
        .decode(trimmed)
        .map_err(|_| Error::new(ErrorKind::Invalid, "the body is neither a JSON object nor zlib in base64"))?;
    let limits = BodyLimits { body_bytes_max: EVENT_BYTES_MAX, ..BodyLimits::default() };
    body::decode(decoded.into(), Encoding::Deflate, limits, memory).map(Some)
}

/// An envelope in the making.
struct Reading<'d> {
    desk: &'d Desk,
    sender: Sender<'d>,
    read: Envelope,
    logs: logs::Lines<'d>,
}

impl<'d> Reading<'d> {
    fn new(desk: &'d Desk, sender: Sender<'d>) -> Reading<'d> {
        let read = Envelope { event_id: sender.header.event_id.clone(), ..Envelope::default() };
        Reading { desk, sender, read, logs: logs::Lines::new(desk) }
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
        let mut read = self.read;
        let (lines, reservation) = self.logs.finish();
        read.batches.extend(lines);
        read.reservations.extend(reservation);
        Ok(read)
    }

    /// Takes one item. The outer error ends the envelope: there is no memory for more.
    fn item(&mut self, item: &Item<'_>, number: u64) -> Result<Result<(), Refusal>, Error> {
        let bytes_max = match &*item.kind {
            "event" | "client_report" => EVENT_BYTES_MAX,
            "log" => CONTAINER_BYTES_MAX,
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
            "log" => self.logs.container(item.payload, number, &self.sender, &mut self.read.rejections)?,
            _ => report::read(item.payload, &mut self.read.passed_over),
        };
        drop(reading);
        Ok(taken)
    }

    fn event(&mut self, payload: &[u8]) -> Result<Result<(), Refusal>, Error> {
        let scrubbed = match repair::object(payload)
            .and_then(|document| scrub::scrub(document, &self.sender, &self.desk.redactor, &mut self.read.tally))
        {
            Ok(scrubbed) => scrubbed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let event = event::row(&scrubbed, &self.sender, &self.desk.project);
        let held = self.desk.memory.try_reserve(event.bytes() * 2).ok_or_else(body::exhausted)?;
        self.read.reservations.push(held);
        self.read.event_id = Some(hex::encode(event.event_id));
        self.read.events.push(event);
        Ok(Ok(()))
    }

    fn pass_over(&mut self, kind: &str) {
        let code = match NOT_STORED.contains(&kind) {
            true => format!("not_stored_{kind}"),
            false => "unknown_item".to_owned(),
        };
        *self.read.passed_over.entry(code).or_default() += 1;
    }
}

fn malformed(text: impl Into<String>) -> Refusal {
    Refusal::whole(Reason::Malformed, text)
}
