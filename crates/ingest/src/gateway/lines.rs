//! The one path of all protocols but audit: a body becomes batches, batches are appended, and both are counted.
//!
//! A protocol brings its encodings and its decoder and nothing else. Whatever has to see every batch before it is
//! stored, or every count of what was taken and refused, belongs here and nowhere else.

use bytes::Bytes;
use whodunit_model::{Batch, Project};
use whodunit_stdx::{Limit, Reservation};

use super::admission::Sent;
use super::hearing::{Hearing, Told};
use super::{INLINE_BYTES_MAX, Inner, Request};
use crate::body::{self, Body, BodyLimits, Encoding};
use crate::error::Error;
use crate::logs::{Decode, Desk, Rejections};
use crate::metrics::{BODY_BYTES, DECODE_LOGS, ROWS_ACCEPTED, ROWS_REJECTED};
use crate::protocol::Protocol;
use crate::redactors;

/// How a protocol's body is to be read.
pub struct Reading<'r> {
    pub protocol: Protocol,
    pub request: &'r Request<'r>,
    /// Taken off one after the other.
    pub encodings: [Encoding; 2],
    /// Reading it may wait for a disk, so it is not done where it arrives, however small it is.
    pub may_wait: bool,
    pub hearing: &'r mut Hearing,
}

/// A body that was read and of which nothing is stored yet.
pub struct Opened<'r, D> {
    pub decoder: D,
    protocol: Protocol,
    request: &'r Request<'r>,
    hearing: &'r mut Hearing,
    sent: Sent<'r>,
    /// Of the body, for as long as batches are made of it.
    _held: Reservation,
}

/// What came of a body of which something is stored, or which was read to its end.
pub struct Kept<D> {
    pub protocol: Protocol,
    pub accepted: u64,
    /// Values of stored rows in whose place `[Filtered]` stands.
    pub filtered: u64,
    /// What was refused of that which is done with.
    pub rejections: Rejections,
    /// Why the rest of it is not stored.
    pub failure: Option<Error>,
    /// Beside a failure, if the protocol has lines: the first that is not done with, from 1.
    pub resume_at_line: Option<u64>,
    /// Gone if reading itself failed.
    pub decoder: Option<D>,
}

impl Inner {
    /// Reads a body with the decoder that `open` makes for it, and appends what comes of it batch by batch. An error
    /// says that nothing of it is stored; once something is, a failure stands beside what is known of it.
    pub async fn take<D: Decode>(
        &self,
        reading: Reading<'_>,
        open: impl FnOnce(Bytes, &Desk) -> Result<D, Error> + Send + 'static,
    ) -> Result<Kept<D>, Error> {
        let opened = self.open(reading, open).await?;
        self.keep(opened).await
    }

    /// The first half of [`Inner::take`]: reads the body.
    pub async fn open<'r, D: Decode>(
        &'r self,
        reading: Reading<'r>,
        open: impl FnOnce(Bytes, &Desk) -> Result<D, Error> + Send + 'static,
    ) -> Result<Opened<'r, D>, Error> {
        let Reading { protocol, request, encodings, may_wait, hearing } = reading;
        let desk = Desk {
            project: request.project.clone(),
            received_at: self.world.now(),
            memory: self.telemetry_memory.share(&request.project),
            redactor: self.redactors.of(&request.project),
            grouping: self.groupings.of(&request.project),
            scripts: self.scripts.get().cloned(),
        };
        let (limits, world) = (self.settings.body, self.world.clone());
        let may_be_small = !may_wait && request.body.len() <= INLINE_BYTES_MAX;
        let turn = match may_be_small {
            true => self.telemetry_decoders.turn_here(&request.project).await?,
            false => None,
        };
        let started = world.instant();
        let small = if may_be_small { self.unfold_small(request, encodings, &desk.memory)? } else { None };
        let unfolding = world.instant().since(started);
        let turn = turn.filter(|_| small.is_some());
        let sent = self.sent(request, small.is_none(), &self.telemetry_decoders, protocol);
        let bytes = sent.bytes.clone();
        let work = move || -> Result<(D, Reservation), Error> {
            let started = world.instant();
            let Body { bytes, reservation } =
                small.map_or_else(|| unfold(bytes, encodings, limits, &desk.memory), Ok)?;
            BODY_BYTES.add(&[protocol.name()], bytes.len() as u64);
            let decoder = open(bytes, &desk)?;
            DECODE_LOGS.observe(unfolding + world.instant().since(started));
            Ok((decoder, reservation))
        };
        let (decoder, held) = sent.run(work).await??;
        drop(turn);
        Ok(Opened { decoder, protocol, request, hearing, sent, _held: held })
    }

    /// The second half of [`Inner::take`]: appends what was read.
    pub async fn keep<D: Decode>(&self, opened: Opened<'_, D>) -> Result<Kept<D>, Error> {
        let Opened { decoder, protocol, request, hearing, sent, _held } = opened;
        let mut kept = self.append_batches(decoder, &sent, protocol, &request.project, hearing).await;
        redactors::of_lines(&self.redactors.of(&request.project), &mut kept.rejections.listed);
        count_rejected(protocol, &kept.rejections);
        hearing.refused(&kept.rejections);
        match kept.failure {
            Some(error) if kept.accepted == 0 => Err(error),
            _ => Ok(kept),
        }
    }

    /// Appends batch by batch up to the end or the first failure. Of a batch that fails nothing is counted: what it
    /// refused will come again with what it would have stored.
    async fn append_batches<D: Decode>(
        &self,
        mut decoder: D,
        sent: &Sent<'_>,
        protocol: Protocol,
        project: &Project,
        hearing: &mut Hearing,
    ) -> Kept<D> {
        let mut kept = Kept {
            protocol,
            accepted: 0,
            filtered: 0,
            rejections: Rejections::default(),
            failure: None,
            resume_at_line: None,
            decoder: None,
        };
        let mut lines_done = decoder.lines_read();
        let failure = loop {
            let (world, of) = (self.world.clone(), project.clone());
            let redactor = self.redactors.of(project);
            let is_small = decoder.bytes_left() <= INLINE_BYTES_MAX;
            let work = move || {
                let started = world.instant();
                let batch = decoder.next_batch(&of);
                let mut tally = decoder.take_tally();
                let mut filtered = |batch: Batch| {
                    let done = decoder.filtered_columns(batch.table());
                    redactor.batch_but(batch, done, &mut tally)
                };
                let batch = batch.map(|batch| batch.map(&mut filtered));
                DECODE_LOGS.observe(world.instant().since(started));
                (decoder, batch, redactor, tally)
            };
            // The turn is given back before the append waits for the disk.
            let done = if is_small { Ok(work()) } else { sent.run(work).await };
            let (returned, batch, redactor, tally) = match done {
                Ok(done) => done,
                Err(error) => break Some(error),
            };
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => break Some(error),
            };
            let is_last = batch.is_none() || returned.is_done();
            decoder = returned;
            if let Some(batch) = batch {
                let (rows, told) = (batch.row_count() as u64, Told::by(batch.rows()));
                if let Err(error) = self.append(batch, self.settings.logs_durability).await {
                    kept.decoder = Some(decoder);
                    break Some(error);
                }
                count_accepted(protocol, rows);
                hearing.stored(&told);
                kept.accepted += rows;
                kept.filtered += redactors::count(&redactor, &tally);
            }
            kept.rejections.clone_from(decoder.rejections());
            lines_done = decoder.lines_read();
            if is_last {
                kept.decoder = Some(decoder);
                break None;
            }
        };
        kept.resume_at_line = lines_done.filter(|_| failure.is_some()).map(|lines| lines + 1);
        kept.failure = failure;
        kept
    }
}

/// Takes the encodings off, the outer first.
pub fn unfold(sent: Bytes, encodings: [Encoding; 2], limits: BodyLimits, memory: &Limit) -> Result<Body, Error> {
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
