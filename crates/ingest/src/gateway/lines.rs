//! The one path of all log protocols: a body becomes batches, batches are appended, and both are counted.
//!
//! A protocol brings its encodings and its decoder and nothing else. Whatever has to see every batch before it is
//! stored, or every count of what was taken and refused, belongs here and nowhere else.

use bytes::Bytes;
use whodunit_stdx::{Limit, Reservation};

use super::{Inner, Request};
use crate::body::{self, Body, BodyLimits, Encoding};
use crate::error::Error;
use crate::logs::{Decode, Desk, Rejections};
use crate::metrics::{BODY_BYTES, DECODE_LOGS, ROWS_ACCEPTED, ROWS_REJECTED};
use crate::protocol::Protocol;

/// How a protocol's body is to be read.
pub struct Reading<'r> {
    pub protocol: Protocol,
    pub request: &'r Request<'r>,
    /// Taken off one after the other.
    pub encodings: [Encoding; 2],
}

/// What came of a body.
pub struct Taken<D> {
    pub accepted: u64,
    /// At its end, with all that it refused.
    pub decoder: D,
}

impl Inner {
    /// Reads a body with the decoder that `open` makes for it, and appends what comes of it batch by batch.
    pub async fn take<D: Decode>(
        &self,
        reading: Reading<'_>,
        open: impl FnOnce(Bytes, &Desk) -> Result<D, Error> + Send + 'static,
    ) -> Result<Taken<D>, Error> {
        let Reading { protocol, request, encodings } = reading;
        let sent = self.sent(request.body.clone(), encodings, &self.telemetry_decoders, protocol);
        let desk =
            Desk { project: request.project.clone(), received_at: self.world.now(), memory: self.memory.clone() };
        let (limits, bytes, world) = (self.settings.body, sent.bytes.clone(), self.world.clone());
        let unfold = move || -> Result<(D, Reservation), Error> {
            let started = world.instant();
            let Body { bytes, reservation } = unfold(bytes, encodings, limits, &desk.memory)?;
            BODY_BYTES.add(&[protocol.name()], bytes.len() as u64);
            let decoder = open(bytes, &desk)?;
            DECODE_LOGS.observe(world.instant().since(started));
            Ok((decoder, reservation))
        };
        let (mut decoder, _held) = sent.run(unfold).await??;
        let mut accepted = 0;
        loop {
            let (world, project) = (self.world.clone(), request.project.clone());
            let work = move || {
                let started = world.instant();
                let batch = decoder.next_batch(&project);
                DECODE_LOGS.observe(world.instant().since(started));
                (decoder, batch)
            };
            // The turn is given back before the append waits for the disk.
            let (returned, batch) = sent.run(work).await?;
            decoder = returned;
            let Some(batch) = batch? else { break };
            let rows = batch.row_count() as u64;
            self.append(batch, self.settings.logs_durability).await?;
            count_accepted(protocol, rows);
            accepted += rows;
            if decoder.is_done() {
                break;
            }
        }
        count_rejected(protocol, decoder.rejections());
        Ok(Taken { accepted, decoder })
    }
}

fn unfold(sent: Bytes, encodings: [Encoding; 2], limits: BodyLimits, memory: &Limit) -> Result<Body, Error> {
    let [outer, inner] = encodings;
    let body = body::decode(sent, outer, limits, memory)?;
    match inner {
        Encoding::Plain => Ok(body),
        _ => body::decode(body.bytes, inner, limits, memory),
    }
}

fn count_accepted(protocol: Protocol, rows: u64) {
    ROWS_ACCEPTED.add(&[protocol.name()], rows);
}

fn count_rejected(protocol: Protocol, rejections: &Rejections) {
    for (reason, lines) in rejections.by_reason() {
        ROWS_REJECTED.add(&[protocol.name(), reason.code()], lines);
    }
}
