//! What requests tell of who sent them: put together along the way, noted once, when the request ends.
//!
//! A [`Hearing`] is noted when it is dropped, so that a request whose client went away counts as far as it came.
//! Syslog is the odd one: what is stored at once comes from several senders, each told apart by its address.

use std::collections::HashMap;
use std::net::IpAddr;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray};
use whodunit_model::{Caller, Heard, Principal, Project, Sources};
use whodunit_stdx::{ErrorKind, Timestamp};

use super::{Gateway, Request};
use crate::error::Error;
use crate::logs::Rejections;
use crate::metrics::REQUESTS_FAILED;
use crate::protocol::Protocol;
use crate::syslog::{PEER, Received};

/// The source of one request.
pub struct Hearing {
    sources: Sources,
    heard: Option<Heard>,
    /// Of syslog messages.
    peers: Option<Peers>,
}

/// The senders of syslog messages that are stored at once.
struct Peers {
    /// Address and bytes of each message, in their order.
    messages: Vec<(IpAddr, u64)>,
    heard: HashMap<String, Heard>,
}

/// The columns of a batch that tell of its senders, kept while the batch itself is stored.
pub struct Told {
    rows: u64,
    service: Option<ArrayRef>,
    peer: Option<ArrayRef>,
}

impl Told {
    pub fn by(batch: &RecordBatch) -> Told {
        let column = |name: &str| batch.column_by_name(name).cloned();
        Told { rows: batch.num_rows() as u64, service: column("service"), peer: column(PEER) }
    }
}

impl Hearing {
    pub fn of(sources: &Sources, protocol: Protocol, request: &Request<'_>, at: Timestamp) -> Hearing {
        let mut heard = Heard::of(&request.project, protocol.name(), request.caller, at);
        heard.bytes = request.body.len() as u64;
        Hearing { sources: sources.clone(), heard: Some(heard), peers: None }
    }

    /// Of the second step of an intent.
    pub fn of_completion(
        sources: &Sources,
        project: &Project,
        caller: &Caller,
        bytes: usize,
        at: Timestamp,
    ) -> Hearing {
        let heard = Heard { bytes: bytes as u64, ..Heard::of(project, Protocol::Audit.name(), caller, at) };
        Hearing { sources: sources.clone(), heard: Some(heard), peers: None }
    }

    pub fn of_messages(sources: &Sources, project: &Project, messages: &[Received], at: Timestamp) -> Hearing {
        let mut heard = HashMap::new();
        let messages: Vec<_> = messages.iter().map(|one| (one.peer, one.frame.bytes() as u64)).collect();
        for (peer, _) in &messages {
            heard.entry(peer.to_string()).or_insert_with_key(|peer| {
                let caller = Caller { ip: Some(peer.clone()), ..Caller::new(Principal::Anonymous) };
                Heard { requests: 0, ..Heard::of(project, Protocol::Syslog.name(), &caller, at) }
            });
        }
        Hearing { sources: sources.clone(), heard: None, peers: Some(Peers { messages, heard }) }
    }

    /// A batch is stored.
    pub fn stored(&mut self, told: &Told) {
        match (&mut self.heard, &mut self.peers) {
            (Some(heard), _) => by_runs(told.rows, text(&told.service), |service, rows| heard.stored(service, rows)),
            (None, Some(peers)) => peers.stored(told),
            (None, None) => {}
        }
    }

    /// One row of a request is stored.
    pub fn stored_one(&mut self, service: Option<&str>) {
        self.heard.iter_mut().for_each(|heard| heard.stored(service, 1));
    }

    /// One row of a request is refused.
    pub fn refused_one(&mut self, code: &str, field: &str, reason: &str) {
        self.heard.iter_mut().for_each(|heard| heard.refused(code, 1, &why(field, reason)));
    }

    /// What is not stored without being refused, and what the client says to have dropped itself.
    pub fn passed_over(&mut self, code: &str, items: u64) {
        self.heard.iter_mut().for_each(|heard| *heard.passed_over.entry(code.to_owned()).or_default() += items);
    }

    /// What was refused of that which is done with.
    pub fn refused(&mut self, rejections: &Rejections) {
        if let Some(peers) = &mut self.peers {
            peers.refused(rejections);
            return;
        }
        let Some(heard) = &mut self.heard else { return };
        let first = rejections.first();
        for (reason, rows) in rejections.by_reason() {
            heard.refused(reason.code(), rows, "");
        }
        if let Some((reason, listed)) = first {
            heard.refusal = Some((reason.code().to_owned(), why(&listed.field, &listed.reason)));
        }
    }

    /// The request failed as a whole. One that failed because each of its rows was refused says so by those.
    pub fn failed(&mut self, error: &Error) {
        if self.heard.as_ref().is_some_and(|heard| error.kind == ErrorKind::Invalid && !heard.rejected.is_empty()) {
            return;
        }
        let why = why(error.field.as_deref().unwrap_or_default(), &error.message);
        self.heard.iter_mut().for_each(|heard| heard.failed(error.kind.name(), &why));
    }

    /// So many messages are stored or refused; all others are offered again, and count when they are.
    pub fn done_with(&mut self, messages: usize) {
        let Some(peers) = &mut self.peers else { return };
        for (peer, bytes) in peers.messages.iter().take(messages) {
            if let Some(heard) = peers.heard.get_mut(&peer.to_string()) {
                heard.requests += 1;
                heard.bytes += bytes;
            }
        }
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.heard.take().into_iter().for_each(|heard| self.sources.hear(heard));
        let peers = self.peers.take().into_iter().flat_map(|peers| peers.heard.into_values());
        peers.filter(|heard| heard.requests > 0).for_each(|heard| self.sources.hear(heard));
    }
}

impl Peers {
    fn stored(&mut self, told: &Told) {
        let (services, peers) = (text(&told.service), text(&told.peer));
        for row in 0..usize::try_from(told.rows).unwrap_or(0) {
            if let Some(heard) = value(peers, row).and_then(|peer| self.heard.get_mut(peer)) {
                heard.stored(value(services, row), 1);
            }
        }
    }

    /// Of those that are refused but not listed, the sender of the last listed one stands for all.
    fn refused(&mut self, rejections: &Rejections) {
        let Some((reason, _)) = rejections.first() else { return };
        let mut left = rejections.total();
        let last = rejections.listed.len().saturating_sub(1);
        for (place, listed) in rejections.listed.iter().enumerate() {
            let rows = if place == last { left } else { 1 };
            left = left.saturating_sub(rows);
            let sent = usize::try_from(listed.line).ok().and_then(|line| self.messages.get(line.checked_sub(1)?));
            if let Some(heard) = sent.and_then(|(peer, _)| self.heard.get_mut(&peer.to_string())) {
                heard.refused(reason.code(), rows, &why(&listed.field, &listed.reason));
            }
        }
    }
}

impl Gateway {
    /// Notes a request that was refused before it came here: too large, too slow, or no place for it.
    pub fn note_refused(&self, protocol: Protocol, project: &Project, caller: &Caller, kind: ErrorKind, why: &str) {
        let mut heard = Heard::of(project, protocol.name(), caller, self.0.world.now());
        heard.failed(kind.name(), why);
        self.0.sources.hear(heard);
        REQUESTS_FAILED.add(&[protocol.name(), kind.name()], 1);
    }
}

fn why(field: &str, reason: &str) -> String {
    if field.is_empty() { reason.to_owned() } else { format!("{field}: {reason}") }
}

fn text(column: &Option<ArrayRef>) -> Option<&StringViewArray> {
    column.as_ref()?.as_string_view_opt()
}

fn value(column: Option<&StringViewArray>, row: usize) -> Option<&str> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
}

/// Rows by their value: those that follow each other with the same one are counted at once.
fn by_runs(rows: u64, column: Option<&StringViewArray>, mut count: impl FnMut(Option<&str>, u64)) {
    let Some(column) = column else { return count(None, rows) };
    let (mut known, mut run) = (None, 0);
    for row in 0..column.len() {
        let next = value(Some(column), row);
        if next != known && run > 0 {
            count(known, run);
            run = 0;
        }
        known = next;
        run += 1;
    }
    if run > 0 {
        count(known, run);
    }
}
