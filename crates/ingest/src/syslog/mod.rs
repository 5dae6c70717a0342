//! Syslog: RFC 5424 and 3164 messages, as they come over UDP and over TCP in both framings of RFC 6587.
//!
//! Severity, time, host, program, structured data and text become a row. Nobody answers to a syslog sender, so a
//! message is taken as far as it is understood and the rest of it is kept as text; only what is too long is refused.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod parse;
pub mod frames;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::IpAddr;

use whodunit_model::keys::TOP;
use whodunit_model::log::{Scalar, TextField};

use crate::error::Error;
use crate::level::{self, Scale};
use crate::logs::decode::{Desk, Whole};
use crate::logs::mapping::Mapping;
use crate::logs::object;
use crate::logs::rejection::{Refusal, Rejections};
use crate::logs::rows::{Row, Rows, Value};
pub use frames::{Frame, Frames, MESSAGE_BYTES_MAX};

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

/// Reads messages of any number of senders.
pub fn decode(received: &[Received], desk: &Desk) -> Result<Whole, Error> {
    let bytes = received.iter().map(|one| one.frame.bytes()).sum();
    let mut rows = Rows::new(bytes, Mapping::beside_a_line(), desk.received_at, &desk.memory);
    let (mut rejections, mut batches) = (Rejections::default(), VecDeque::new());
    // Texts stand beside the rows, since those borrow from them.
    let texts: Vec<Cow<'_, str>> = received.iter().map(text_of).collect();
    let mut row = Row::new();
    for (number, (one, text)) in received.iter().zip(&texts).enumerate() {
        rows.begin(&mut row);
        let taken = match &one.frame {
            Frame::Message(bytes) if bytes.len() <= MESSAGE_BYTES_MAX => {
                if let Cow::Owned(_) = text {
                    rows.builder.attribute("syslog.raw", Scalar::Text(&hex::encode(bytes)));
                }
                fill(&mut rows, text, one.peer, desk, &mut row)
            }
            _ => {
                rows.abandon_row(&mut row);
                Err(Refusal::too_long(MESSAGE_BYTES_MAX))
            }
        };
        if let Err(refusal) = taken {
            rejections.note(number as u64, refusal);
        }
        rows.account()?;
        if rows.is_full() {
            batches.extend(rows.finish(&desk.project));
        }
    }
    batches.extend(rows.finish(&desk.project));
    Ok(Whole { batches, rejections, reservation: rows.take_reservation() })
}

/// The message as text. One that is no UTF-8 is shown with marks where it is not, and kept in hexadecimal beside.
fn text_of(received: &Received) -> Cow<'_, str> {
    match &received.frame {
        Frame::Message(bytes) => String::from_utf8_lossy(bytes),
        Frame::TooLong => Cow::Borrowed(""),
    }
}

fn fill<'a>(rows: &mut Rows, text: &'a str, peer: IpAddr, desk: &Desk, row: &mut Row<'a>) -> Result<(), Refusal> {
    let message = parse::parse(text, desk.received_at);
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
    rows.field("syslog.peer", peer, row);
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
