//! Syslog: RFC 5424 and 3164 messages, as they come over UDP and over TCP in both framings of RFC 6587.
//!
//! Severity, time, host, program, structured data and text become a row. Nobody answers to a syslog sender, so a
//! message is taken as far as it is understood and the rest of it is kept as text; only what is too long is refused.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod parse;
pub mod frames;

use std::net::IpAddr;
use std::sync::Arc;

use whodunit_model::keys::TOP;
use whodunit_model::log::{Scalar, TextField};
use whodunit_model::{Batch, Project};
use whodunit_stdx::Timestamp;

use crate::error::Error;
use crate::level::{self, Scale};
use crate::logs::decode::{Decode, Desk};
use crate::logs::mapping::Mapping;
use crate::logs::object;
use crate::logs::rejection::{Refusal, Rejections};
use crate::logs::rows::{Row, Rows, Value};
pub use frames::{Frame, Frames, MESSAGE_BYTES_MAX};

/// The attribute with the address that a message came from.
pub const PEER: &str = "syslog.peer";

/// What came in from one sender.
#[derive(Clone, Debug)]
pub struct Received {
    pub frame: Frame,
    pub peer: IpAddr,
}

/// By number, as RFC 5424 lists them.
const FACILITIES: [&str; 24] = [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "security",
    "console",
    "solaris-cron",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
];

/// Reads messages, batch by batch: each stands for itself.
pub struct Messages {
    messages: Arc<[Message]>,
    /// The next one.
    at: usize,
    received_at: Timestamp,
    rows: Rows,
    rejections: Rejections,
}

/// A message as text.
struct Message {
    text: String,
    /// The bytes of one that is no UTF-8: its text has marks where it is not.
    raw: Option<Vec<u8>>,
    too_long: bool,
    peer: IpAddr,
}

/// Reads messages of any number of senders.
pub fn decode(received: Vec<Received>, desk: &Desk) -> Messages {
    let bytes = received.iter().map(|one| one.frame.bytes()).sum();
    let rows = Rows::new(bytes, Mapping::beside_a_line(), desk.received_at, &desk.memory);
    let messages = received.into_iter().map(Message::of).collect();
    Messages { messages, at: 0, received_at: desk.received_at, rows, rejections: Rejections::default() }
}

impl Message {
    fn of(received: Received) -> Message {
        let Received { frame, peer } = received;
        let bytes = match frame {
            Frame::Message(bytes) if bytes.len() <= MESSAGE_BYTES_MAX => bytes,
            _ => return Message { text: String::new(), raw: None, too_long: true, peer },
        };
        let (text, raw) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(error.into_bytes())),
        };
        Message { text, raw, too_long: false, peer }
    }
}

impl Messages {
    fn message<'a>(&mut self, message: &'a Message, row: &mut Row<'a>) -> Result<(), Refusal> {
        self.rows.begin(row);
        if message.too_long {
            self.rows.abandon_row(row);
            return Err(Refusal::too_long(MESSAGE_BYTES_MAX));
        }
        if let Some(raw) = &message.raw {
            self.rows.builder.attribute("syslog.raw", Scalar::Text(&hex::encode(raw)));
        }
        fill(&mut self.rows, message, self.received_at, row)
    }
}

impl Decode for Messages {
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error> {
        let messages = self.messages.clone();
        let mut row = Row::new();
        drop(self.rows.take_reservation());
        while let Some(message) = messages.get(self.at) {
            if let Err(refusal) = self.message(message, &mut row) {
                self.rejections.note(self.at as u64, refusal);
            }
            self.at += 1;
            self.rows.account()?;
            if self.rows.is_full()
                && let Some(batch) = self.rows.finish(project)
            {
                return Ok(Some(batch));
            }
        }
        Ok(self.rows.finish(project))
    }

    fn is_done(&self) -> bool {
        self.at == self.messages.len()
    }

    fn rejections(&self) -> &Rejections {
        &self.rejections
    }

    fn lines_read(&self) -> Option<u64> {
        Some(self.at as u64)
    }
}

fn fill<'a>(rows: &mut Rows, message: &'a Message, received_at: Timestamp, row: &mut Row<'a>) -> Result<(), Refusal> {
    let peer = message.peer;
    let message = parse::parse(&message.text, received_at);
    if let Some(priority) = message.priority {
        rows.field("syslog.facility", Value::Text(FACILITIES[usize::from(priority / 8)]), row);
        if let Some(level) = level::from_number(i64::from(priority % 8), Scale::Syslog) {
            rows.own_field("level", Value::Text(level.name), row);
            rows.own_field("severity_number", Value::Integer(level.number), row);
        }
    }
    if let Some(host) = message.host {
        rows.own_field("host", Value::Text(host), row);
    } else {
        let peer = row.keep_text(&peer.to_string());
        rows.own_field("host", peer, row);
    }
    let peer = row.keep_text(&peer.to_string());
    rows.field(PEER, peer, row);
    if let Some(app) = message.app {
        rows.own_field("service", Value::Text(app), row);
    }
    let more = [("syslog.procid", message.process), ("syslog.msgid", message.id), ("syslog.time", message.odd_time)];
    for (name, value) in more {
        if let Some(value) = value {
            rows.field(name, Value::Text(value), row);
        }
    }
    for (id, name, value) in &message.data {
        let value = row.keep_text(value);
        // A name that fills a context column does so whatever its element is called.
        match rows.number(TOP, name) {
            Some(number) if rows.role(number).is_some() => rows.take(number, value, row),
            _ => match rows.number(TOP, id) {
                Some(element) => rows.take_in(element, name, value, row),
                None => rows.spill(TOP, id, value, row),
            },
        }
    }
    rows.builder.text(TextField::Body, message.text);
    // rsyslog marks JSON with a cookie.
    object::lift(rows, message.text.strip_prefix("@cee:").unwrap_or(message.text).trim(), row);
    rows.finish_row(row, message.time)
}
