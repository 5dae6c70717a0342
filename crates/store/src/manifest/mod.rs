//! The manifest: which segments live, and what has left the WAL for them. Versioned, changed by compare-and-swap.
//!
//! Every change writes the whole manifest as the next number; who creates that number first has won (I-8), the other
//! reloads and decides anew. The highest number is the present. A damaged present is an error and never a silent step
//! back to the number before, since rows that only the damaged one names would vanish. `docs/format/manifest.md` has
//! every field. This room knows files only by path and neither reads segments nor the WAL.
//!
//! Modules, top to bottom: each imports only those below it.

mod find;
mod commit;
mod format;

pub use commit::{Change, Manifests, path_of};
pub use find::find_entry;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use whodunit_model::{Project, Table};
use whodunit_stdx::{EntryId, Timestamp};

use crate::Error;
use crate::segment::meta::{entry_id, nanos, text_project};
use crate::segment::{AttributeType, Lane, SegmentId, SegmentMeta};

/// One version of what the store consists of besides WAL and buffers.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The number of this version, from 1; 0 is the empty store before its first commit.
    pub version: u64,
    pub committed_at: Timestamp,
    /// The process that may commit the next version, where several could reach the place: see [`Manifests::take_over`].
    pub session: Option<String>,
    /// Live segments in order of their ids.
    pub segments: Vec<Arc<SegmentMeta>>,
    pub flushed_through: FlushedThrough,
    /// What the segments know of entries, as of `flushed_through.audit`.
    pub entries: EntriesState,
    /// Files of segments that are no longer live; deleted once no snapshot uses them.
    pub discarded: Vec<Discarded>,
    /// Segments whose bytes were found not to be what was written. They stay live, and are named in health.
    pub damaged: Vec<Damaged>,
}

/// Per lane: every row whose `seq` is lower is in a segment (or was dropped by retention), none at or above is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlushedThrough {
    pub audit: u64,
    pub telemetry: u64,
}

/// What must be known of flushed audit entries without reading them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesState {
    /// The next leaf index per (project, writer).
    pub next_leaves: Vec<NextLeaf>,
    /// Intents that are neither completed nor expired.
    pub pending_intents: Vec<PendingIntent>,
    /// Entries that expired and were completed after all.
    pub late_completions: Vec<LateCompletion>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextLeaf {
    #[serde(with = "text_project")]
    pub project: Project,
    pub writer: String,
    pub next: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingIntent {
    #[serde(with = "entry_id")]
    pub id: EntryId,
    #[serde(with = "text_project")]
    pub project: Project,
    #[serde(with = "nanos")]
    pub received_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LateCompletion {
    #[serde(with = "text_project")]
    pub project: Project,
    #[serde(with = "entry_id")]
    pub id: EntryId,
}

impl PendingIntent {
    pub fn key(&self) -> (Project, EntryId) {
        (self.project.clone(), self.id)
    }
}

impl LateCompletion {
    pub fn key(&self) -> (Project, EntryId) {
        (self.project.clone(), self.id)
    }
}

/// A file that nothing live refers to any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discarded {
    pub path: String,
    /// What deleting it frees.
    pub bytes: u64,
    #[serde(with = "nanos")]
    pub at: Timestamp,
}

/// A segment that failed verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damaged {
    pub path: String,
    pub finding: String,
    #[serde(with = "nanos")]
    pub at: Timestamp,
}

impl FlushedThrough {
    pub fn of(&self, lane: Lane) -> u64 {
        match lane {
            Lane::Audit => self.audit,
            Lane::Telemetry => self.telemetry,
        }
    }

    pub fn set(&mut self, lane: Lane, through: u64) {
        match lane {
            Lane::Audit => self.audit = through,
            Lane::Telemetry => self.telemetry = through,
        }
    }
}

impl Manifest {
    /// The empty store.
    pub fn empty() -> Manifest {
        Manifest {
            version: 0,
            committed_at: Timestamp(0),
            session: None,
            segments: Vec::new(),
            flushed_through: FlushedThrough::default(),
            entries: EntriesState::default(),
            discarded: Vec::new(),
            damaged: Vec::new(),
        }
    }

    /// The bytes of its file.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        format::encode(self)
    }

    /// Reads what [`Manifest::encode`] wrote; `path` is named when it is damaged.
    pub fn decode(path: &str, bytes: &[u8]) -> Result<Manifest, Error> {
        format::decode(path, bytes)
    }

    pub fn of_table(&self, table: Table) -> impl Iterator<Item = &Arc<SegmentMeta>> {
        self.segments.iter().filter(move |segment| segment.table == table)
    }

    pub fn segment(&self, id: SegmentId) -> Option<&Arc<SegmentMeta>> {
        self.segments.binary_search_by_key(&id, |segment| segment.id).ok().map(|at| &self.segments[at])
    }

    /// Adds segments and keeps the order of ids.
    pub fn add(&mut self, segments: impl IntoIterator<Item = SegmentMeta>) {
        self.segments.extend(segments.into_iter().map(Arc::new));
        self.segments.sort_by_key(|segment| segment.id);
    }

    /// Takes segments out of the live ones; their files are discarded. False if one of them is not live any more,
    /// and then nothing has changed.
    pub fn remove(&mut self, ids: &[SegmentId], now: Timestamp) -> bool {
        if ids.iter().any(|id| self.segment(*id).is_none()) {
            return false;
        }
        let (gone, kept) = std::mem::take(&mut self.segments).into_iter().partition(|one| ids.contains(&one.id));
        self.segments = kept;
        for segment in gone {
            self.damaged.retain(|damaged| damaged.path != segment.path);
            self.discarded.push(Discarded { path: segment.path.clone(), bytes: segment.bytes, at: now });
        }
        true
    }

    /// The attributes of a table's segments, columns and overflow alike, each with the type that holds all its values.
    pub fn attributes(&self, table: Table) -> BTreeMap<String, AttributeType> {
        let mut union: BTreeMap<String, AttributeType> = BTreeMap::new();
        for segment in self.of_table(table) {
            for (name, kind) in segment.attributes.iter().chain(&segment.overflow_attributes) {
                match union.get_mut(name) {
                    Some(known) => *known = known.widen(*kind),
                    None => drop(union.insert(name.clone(), *kind)),
                }
            }
        }
        union
    }
}
