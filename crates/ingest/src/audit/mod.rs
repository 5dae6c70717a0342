//! The audit protocol: one object, an array, NDJSON or `{"entries": […]}` becomes audit entries and rejections.
//!
//! Pure: bytes and a [`Context`] in, [`Decoded`] out. A piece that is broken is one rejection; its neighbours stay.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod stored;
pub mod entry;
pub mod changes;
pub mod action;
pub mod alias;

use std::ops::Range;

use whodunit_api::audit::Rejection;
use whodunit_model::{AuditEntry, Caller};
use whodunit_stdx::Timestamp;

use crate::json::Value;
use crate::split::{Pieces, Shape};
use entry::{Demand, Refusal};

/// Longest text of one entry.
pub const ENTRY_BYTES_MAX: usize = 1024 * 1024;

/// What the request around the entries knows: it fills fields that an entry leaves empty.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pub received_at: Timestamp,
    pub environment: Option<String>,
    pub service: Option<String>,
    pub host: Option<String>,
    pub release: Option<String>,
    pub correlation_id: Option<String>,
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
    /// The sender's address and agent; set only when the sender says that it is the actor's own device, since
    /// normally it is the application's server.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// The entries of one request.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// With their positions in the request.
    pub entries: Vec<(u64, AuditEntry)>,
    pub rejections: Vec<Rejection>,
}

impl Context {
    /// Gathers what caller and parameters say. Parameters are query parameters and the headers
    /// `X-Correlation-ID`, `X-Request-ID` and `traceparent`, names in any case.
    pub fn new(received_at: Timestamp, caller: &Caller, parameters: &[(String, String)]) -> Context {
        let parameter = |name: &str| {
            let found = parameters.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
            found.map(|(_, value)| value.clone())
        };
        let trace = parameter("traceparent").and_then(|text| entry::parse_traceparent(&text));
        let sender_is_actor = parameter("client_ip").as_deref() == Some("caller");
        Context {
            received_at,
            environment: parameter("environment"),
            service: parameter("service"),
            host: parameter("host"),
            release: parameter("release"),
            correlation_id: parameter("x-correlation-id")
                .or_else(|| parameter("x-request-id"))
                .or_else(|| caller.correlation_id.clone()),
            trace_id: trace.map(|(trace, _)| trace).or(caller.trace_id),
            span_id: trace.map(|(_, span)| span).or(caller.span_id),
            ip: caller.ip.clone().filter(|_| sender_is_actor),
            user_agent: caller.user_agent.clone().filter(|_| sender_is_actor),
        }
    }

    /// Fills what the entry leaves empty. A span belongs to its trace, so both come from the same place.
    fn fill(&self, entry: &mut AuditEntry) {
        let texts = [
            (&mut entry.environment, &self.environment),
            (&mut entry.service, &self.service),
            (&mut entry.host, &self.host),
            (&mut entry.release, &self.release),
            (&mut entry.correlation_id, &self.correlation_id),
            (&mut entry.ip, &self.ip),
            (&mut entry.user_agent, &self.user_agent),
        ];
        for (field, known) in texts {
            if field.is_none() {
                field.clone_from(known);
            }
        }
        if entry.trace_id.is_none() && entry.span_id.is_none() {
            (entry.trace_id, entry.span_id) = (self.trace_id, self.span_id);
        }
    }
}

/// Reads all entries of a body.
pub fn decode(body: &[u8], context: &Context) -> Decoded {
    let mut decoded = Decoded::default();
    let mut pieces = Pieces::of(body);
    if pieces.shape() != Shape::Array
        && let Some(array) = wrapped_array(body)
    {
        pieces = Pieces::of_array(array);
    }
    let mut index = 0;
    while let Some(piece) = pieces.next_in(body) {
        index = decoded.piece(&body[piece.range], index, context);
    }
    decoded
}

/// The brackets of `{"entries": […]}` when nothing else is in the object: the usual case, cut without being read.
fn wrapped_array(body: &[u8]) -> Option<Range<usize>> {
    let inside = body.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let after_key = inside.strip_prefix(b"\"entries\"")?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    after_key.starts_with(b"[").then_some(())?;
    let start = body.len() - after_key.len();
    let whole = body.trim_ascii_end().strip_suffix(b"}")?.trim_ascii_end();
    (whole.ends_with(b"]") && whole.len() > start + 1).then_some(start..whole.len())
}

impl Decoded {
    /// Reads one piece as the entry at `index`; gives the index of the next.
    fn piece(&mut self, bytes: &[u8], index: u64, context: &Context) -> u64 {
        // An object of entries may be larger than one entry.
        let wraps =
            bytes.starts_with(b"{") && memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"\"entries\"").is_some();
        if bytes.len() > ENTRY_BYTES_MAX && !wraps {
            let reason = format!("the entry is longer than {ENTRY_BYTES_MAX} bytes");
            self.reject(index, Refusal::new("", "too_large", reason));
            return index + 1;
        }
        let value = match std::str::from_utf8(bytes) {
            Ok(text) => Value::parse(text).map_err(|error| Refusal::new("", "not_json", error.to_string())),
            Err(error) => {
                let reason = format!("not UTF-8 at byte {}", error.valid_up_to());
                Err(Refusal::new("", "not_utf8", reason))
            }
        };
        match value {
            Ok(Value::Object(members)) if matches!(members.as_slice(), [(name, Value::Array(_))] if name == "entries") =>
            {
                let [(_, Value::Array(elements))] = members.as_slice() else { unreachable!("matched above") };
                for (offset, element) in (index..).zip(elements) {
                    self.take(offset, entry::build(element, context, Demand::Entry));
                }
                index + elements.len() as u64
            }
            Ok(value) => {
                self.take(index, entry::build(&value, context, Demand::Entry));
                index + 1
            }
            Err(refusal) => {
                self.reject(index, refusal);
                index + 1
            }
        }
    }

    fn take(&mut self, index: u64, built: Result<AuditEntry, Refusal>) {
        match built {
            Ok(entry) => self.entries.push((index, entry)),
            Err(refusal) => self.reject(index, refusal),
        }
    }

    fn reject(&mut self, index: u64, refusal: Refusal) {
        let Refusal { field, code, reason } = refusal;
        self.rejections.push(Rejection { index, field, reason, code: code.to_owned() });
    }
}
