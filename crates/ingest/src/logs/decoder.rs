//! Reads NDJSON (or a JSON array, or one object) into columns, one batch after the other.

use std::ops::Range;

use bytes::Bytes;
use whodunit_model::{Batch, Project};
use whodunit_stdx::{Limit, Timestamp};

use super::decode::Decode;
use super::mapping::Mapping;
use super::object;
use super::rejection::{Refusal, Rejections};
use super::rows::{LINE_BYTES_MAX, Row, Rows};
use crate::error::Error;
use crate::split::{Pieces, Shape};

/// Reads the lines of one body.
pub struct Decoder {
    body: Bytes,
    pieces: Pieces,
    rows: Rows,
    rejections: Rejections,
    /// Lines (or array elements) before the next one, blank ones included.
    lines_read: u64,
}

impl Decoder {
    pub fn new(body: Bytes, mapping: Mapping, received_at: Timestamp, memory: &Limit) -> Decoder {
        let rows = Rows::new(body.len(), mapping, received_at, memory);
        Decoder { pieces: Pieces::of(&body), body, rows, rejections: Rejections::default(), lines_read: 0 }
    }

    fn line<'a>(&mut self, body: &'a [u8], number: u64, range: Range<usize>, row: &mut Row<'a>) {
        self.rows.begin(row);
        let read = match range.len() > LINE_BYTES_MAX && self.pieces.shape() != Shape::Single {
            true => Err(Refusal::too_long(LINE_BYTES_MAX)),
            false => object::read(&mut self.rows, &body[range], row),
        };
        let taken = match read {
            Ok(()) => self.rows.finish_row(row, None),
            Err(refusal) => {
                self.rows.abandon_row(row);
                Err(refusal)
            }
        };
        if let Err(refusal) = taken {
            self.rejections.note(number, refusal);
        }
    }
}

impl Decode for Decoder {
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error> {
        let body = self.body.clone();
        let mut row = Row::new();
        drop(self.rows.take_reservation());
        while let Some(piece) = self.pieces.next_in(&body) {
            self.line(&body, piece.number, piece.range, &mut row);
            self.lines_read = piece.number + 1;
            self.rows.account()?;
            if self.rows.is_full() {
                match self.rows.finish(project) {
                    Some(batch) => return Ok(Some(batch)),
                    // Every line of it was rejected.
                    None => continue,
                }
            }
        }
        Ok(self.rows.finish(project))
    }

    fn is_done(&self) -> bool {
        self.pieces.position() >= self.body.len()
    }

    fn rejections(&self) -> &Rejections {
        &self.rejections
    }

    fn lines_read(&self) -> Option<u64> {
        Some(self.lines_read)
    }
}
