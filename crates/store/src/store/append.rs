//! One append from the caller's side: prepare, reserve, look up, queue, receive.

use std::sync::Arc;

use whodunit_stdx::{ErrorKind, Reservation};

use super::Inner;
use crate::Error;
use crate::segment::Lane;
use crate::types::{Appended, Receipt, Submission};
use crate::wal::FRAME_BYTES_MAX;
use crate::write::lane::Answer;
use crate::write::older::look_up;
use crate::write::prepare::{Entries, Sender};
use crate::write::{Prepared, Reply, measure};

/// Largest submission in memory. Its frame is smaller, so that a group always fits.
pub(super) const SUBMISSION_BYTES_MAX: usize = FRAME_BYTES_MAX / 2;

impl Inner {
    pub(super) async fn append(&self, submission: Submission, sender: Sender) -> Result<Appended, Error> {
        let table = submission.batch.table();
        let lane = Lane::of(table);
        let outcome = self.try_append(lane, submission, sender).await;
        if let Err(error) = &outcome {
            measure::REFUSED.add(&[lane.name(), error.kind.name()], 1);
        }
        outcome
    }

    async fn try_append(&self, lane: Lane, submission: Submission, sender: Sender) -> Result<Appended, Error> {
        let table = submission.batch.table();
        if submission.batch.row_count() == 0 {
            return Ok(Appended { table, rows: 0, receipts: Vec::new() });
        }
        self.lane(lane).refuse_if_stopped()?;
        let mut prepared = self.preparer.prepare(submission.batch, submission.durability, sender).await?;
        prepared.reservation = Some(self.reserve(lane, prepared.bytes()).await?);
        let (project, entries) = (prepared.project.clone(), prepared.entries.clone());
        let answer = self.queue(lane, prepared).await?;
        let receipts = entries.map_or_else(Vec::new, |entries| {
            receipts(&entries, &answer).map(|receipt| receipt.of(&project, &self.writer)).collect()
        });
        Ok(Appended { table, rows: answer.new_rows, receipts })
    }

    /// Looks up older ids and queues, again if the lane has forgotten ids in between.
    async fn queue(&self, lane: Lane, mut prepared: Prepared) -> Result<Answer, Error> {
        loop {
            if prepared.entries.is_some() {
                // The order matters: a view taken after this number has every row below it in segments.
                let forgotten = self.lane(lane).forgotten();
                let view = self.publisher.view();
                look_up(&mut prepared, &view, &self.cache, forgotten).await?;
            }
            match self.lane(lane).append(prepared).await? {
                Reply::Done(answer) => return Ok(answer),
                Reply::Recheck(again) => prepared = *again,
            }
        }
    }

    /// Takes memory from the lane's share, waiting a while for a flush to free some (I-9).
    async fn reserve(&self, lane: Lane, bytes: usize) -> Result<Reservation, Error> {
        let limit = &self.buffer_limits[lane as usize];
        if bytes > SUBMISSION_BYTES_MAX.min(limit.bytes_max()) {
            let most = SUBMISSION_BYTES_MAX.min(limit.bytes_max());
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("a submission of {bytes} bytes is larger than {most}"),
            ));
        }
        if let Some(reservation) = limit.try_reserve(bytes) {
            return Ok(reservation);
        }
        let wait_for_room = async {
            loop {
                let room = self.room.notified();
                tokio::pin!(room);
                room.as_mut().enable();
                if let Some(reservation) = limit.try_reserve(bytes) {
                    return reservation;
                }
                self.flush_wanted.notify_one();
                room.await;
            }
        };
        tokio::time::timeout(self.settings.append_wait, wait_for_room).await.map_err(|_| {
            let (name, most) = (limit.name(), limit.bytes_max());
            let message = format!("{name}: {bytes} bytes more do not fit into {most} bytes, or into the memory limit");
            Error::new(ErrorKind::Exhausted, message)
        })
    }
}

/// A receipt without the names that all of one submission share.
struct Bare {
    row: usize,
    leaf_index: u64,
    repeated: Option<crate::write::First>,
    entries: Arc<Entries>,
}

impl Bare {
    fn of(self, project: &whodunit_model::Project, writer: &str) -> Receipt {
        let own = (self.entries.hashes[self.row], self.entries.received[self.row]);
        let (leaf_hash, received_at) = self.repeated.map_or(own, |first| (first.leaf_hash, first.received_at));
        Receipt {
            id: self.entries.ids[self.row],
            project: project.clone(),
            writer: writer.to_owned(),
            leaf_index: self.leaf_index,
            leaf_hash,
            received_at,
            repeated: self.repeated.is_some(),
        }
    }
}

/// New rows were numbered in order; repeated ones bring their first receipt.
fn receipts(entries: &Arc<Entries>, answer: &Answer) -> impl Iterator<Item = Bare> {
    let mut next = answer.first_leaf;
    let mut repeated = answer.repeated.iter().peekable();
    (0..entries.ids.len()).map(move |row| {
        let again = repeated.next_if(|(of, _)| *of == row).map(|(_, first)| *first);
        let leaf_index = again.map_or(next, |first| first.leaf_index);
        next += u64::from(again.is_none());
        Bare { row, leaf_index, repeated: again, entries: entries.clone() }
    })
}
