//! Recent rows, queryable at once: what is in the WAL and not yet in a segment.
//!
//! A lane's thread owns an [`ActiveBuffer`] and publishes it after every group. Everything a reader may see hangs on
//! one [`View`], swapped atomically by the [`Publisher`], so that a row is in exactly one of buffer and segment for
//! every published state (I-4) and no reader waits.
//!
//! ```text
//! View ── manifest ── segments
//!      ├─ audit lane ──── active generation, frozen generations (being flushed)
//!      └─ telemetry lane ─ the same
//! ```
//!
//! The interface to flush is [`Frozen`]: flush writes its parts as segments and commits a manifest with
//! `flushed_through[lane] = through`; publishing that manifest drops the frozen generations in the same swap.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod view;
pub mod active;
pub mod ids;
pub mod rows;

pub use active::{ActiveBuffer, Attributes, Generation, Holdings};
pub use ids::{EntryKey, EntrySet};
pub use view::{EntrySegments, Group, LaneView, Publisher, View};

use arrow::array::RecordBatch;
use whodunit_model::{Project, Table};

use crate::manifest::EntriesState;
use crate::segment::Lane;

/// Everything a lane held in its buffer below `through`, set aside for a flush and visible until that is committed.
#[derive(Clone, Debug)]
pub struct Frozen {
    pub lane: Lane,
    /// Every row inside has a lower `seq`; becomes `flushed_through[lane]`.
    pub through: u64,
    /// Attribute types may differ between batches of a part; rows are not sorted by time.
    pub parts: Vec<Part>,
    /// Replaces `Manifest::entries`. Present for the audit lane only.
    pub entries: Option<EntriesState>,
}

/// The rows of one table and project. Batches carry `project`, `seq` and, for audit, the ledger columns.
#[derive(Clone, Debug)]
pub struct Part {
    pub table: Table,
    pub project: Project,
    pub batches: Vec<RecordBatch>,
}
