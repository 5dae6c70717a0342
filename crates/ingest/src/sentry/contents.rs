//! What was read of an envelope, from then until it is stored: which of it is new, and in which order it goes.

use std::collections::{BTreeMap, HashSet, VecDeque};

use whodunit_issues::category::Category;
use whodunit_model::redact::Tally;
use whodunit_model::{Batch, ErrorEvent, Project, Table};
use whodunit_stdx::Reservation;

use super::event;
use crate::error::Error;
use crate::logs::decode::Decode;
use crate::logs::rejection::Rejections;
use crate::repeats::{self, Claims, Key};

/// An envelope that was read.
#[derive(Debug, Default)]
pub struct Envelope {
    pub event_id: Option<String>,
    /// What is not stored, and what the client dropped: code and items.
    pub passed_over: BTreeMap<String, u64>,
    /// What came of each category and was let in, for its limit.
    pub counts: BTreeMap<Category, u64>,
    pub(super) events: Vec<ErrorEvent>,
    /// Events that came without an id: whether one was sent before nobody can say.
    pub(super) nameless: Vec<ErrorEvent>,
    pub(super) parcels: Vec<Parcel>,
    pub(super) batches: VecDeque<Batch>,
    pub(super) rejections: Rejections,
    pub(super) tally: Tally,
    pub(super) reservations: Vec<Reservation>,
}

/// Rows that are stored together and, if they are known by an id, once.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) id: Option<[u8; 16]>,
    pub(super) batches: VecDeque<Batch>,
}

/// An event that was stored before, as it is counted.
const REPEATED_EVENT: &str = "repeated_event";
/// An event that was left out because the project had a spike, as it is counted.
const SAMPLED_SPIKE: &str = "sampled_spike";

impl Envelope {
    /// Of the events, only those of which `keeps` says so.
    pub fn sample(&mut self, mut keeps: impl FnMut() -> bool) {
        let before = self.events.len() + self.nameless.len();
        self.events.retain(|_| keeps());
        self.nameless.retain(|_| keeps());
        let left_out = (before - self.events.len() - self.nameless.len()) as u64;
        if left_out > 0 {
            *self.passed_over.entry(SAMPLED_SPIKE.to_owned()).or_default() += left_out;
        }
    }

    /// By what its events are known when they are sent again.
    pub fn keys(&self, project: &Project) -> Vec<Key> {
        let parcels = self.parcels.iter().filter_map(|parcel| parcel.id.as_ref());
        let ids = self.events.iter().map(|event| &event.event_id).chain(parcels);
        ids.map(|id| repeats::key(project, id)).collect()
    }

    /// Likewise of the events alone, which are stored first and together.
    pub fn event_keys(&self, project: &Project) -> Vec<Key> {
        self.events.iter().map(|event| repeats::key(project, &event.event_id)).collect()
    }

    /// Leaves out the events that are stored already, and what stands in the envelope twice.
    pub fn leave_out(&mut self, claims: &Claims, project: &Project) {
        let mut seen = HashSet::new();
        let mut is_new = |id: &[u8; 16]| {
            let key = repeats::key(project, id);
            !claims.is_stored(&key) && seen.insert(key)
        };
        let before = self.events.len() + self.parcels.len();
        self.events.retain(|event| is_new(&event.event_id));
        self.parcels.retain(|parcel| parcel.id.as_ref().is_none_or(&mut is_new));
        let left_out = (before - self.events.len() - self.parcels.len()) as u64;
        if left_out > 0 {
            *self.passed_over.entry(REPEATED_EVENT.to_owned()).or_default() += left_out;
        }
    }
}

impl Decode for Envelope {
    fn next_batch(&mut self, project: &Project) -> Result<Option<Batch>, Error> {
        let mut events = std::mem::take(&mut self.events);
        events.append(&mut self.nameless);
        if let Some(batch) = ErrorEvent::batch(&events, project) {
            return Ok(Some(batch));
        }
        let parcels = std::mem::take(&mut self.parcels);
        self.batches.extend(parcels.into_iter().flat_map(|parcel| parcel.batches));
        Ok(self.batches.pop_front())
    }

    fn bytes_left(&self) -> usize {
        let batches = self.parcels.iter().flat_map(|parcel| &parcel.batches).chain(&self.batches);
        let of_batches = batches.map(|batch| batch.rows().get_array_memory_size());
        self.events.iter().chain(&self.nameless).map(ErrorEvent::bytes).chain(of_batches).sum()
    }

    fn filtered_columns(&self, table: Table) -> &'static [&'static str] {
        if table == Table::ErrorEvents { event::FILTERED_COLUMNS } else { &[] }
    }

    fn is_done(&self) -> bool {
        self.events.is_empty() && self.nameless.is_empty() && self.parcels.is_empty() && self.batches.is_empty()
    }

    fn rejections(&self) -> &Rejections {
        &self.rejections
    }

    fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }
}
