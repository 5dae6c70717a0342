//! Recent rows, queryable at once: what is in the WAL and not yet in a segment.
//!
//! The interface to flush: [`Frozen`] is what a lane held below a sequence number. Flush writes its parts as
//! segments and commits a manifest with `flushed_through[lane] = through` and, for the audit lane, `entries`;
//! then the store swaps manifest and buffers in one step (I-4).

use std::sync::Arc;

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
