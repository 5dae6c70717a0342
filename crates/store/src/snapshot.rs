//! An immutable view for readers: a manifest version and the buffers beside it.
//!
//! A snapshot keeps the memory of its buffers and the files of its segments until it is dropped. Queries take one,
//! read and let go.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use whodunit_model::{Project, Table};

use crate::buffer::{EntryKey, LaneView, View};
use crate::manifest::Manifest;
use crate::segment::{AttributeType, SegmentMeta};

/// One state of the store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Snapshot(Arc<View>);

impl Snapshot {
    pub(crate) fn new(view: Arc<View>) -> Snapshot {
        Snapshot(view)
    }

    /// Goes up with every published group and every change of segments.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.0.manifest
    }

    pub fn segments(&self, table: Table) -> Vec<Arc<SegmentMeta>> {
        self.0.manifest.of_table(table).cloned().collect()
    }

    /// Rows that are in no segment yet. Batches lack columns that are null in all their rows, and batches of one
    /// table may have one attribute in different types.
    pub fn buffered(&self, table: Table) -> Vec<(Project, RecordBatch)> {
        let generations = self.0.lanes.iter().flat_map(LaneView::generations);
        let parts = generations.flat_map(|generation| &generation.parts).filter(|((of, _), _)| *of == table);
        parts
            .flat_map(|((_, project), batches)| {
                batches.iter().map(|batch| (project.clone(), RecordBatch::clone(batch)))
            })
            .collect()
    }

    /// Attribute columns of segments and buffers together, each with the type that holds all its values.
    pub fn attributes(&self, table: Table) -> Arc<BTreeMap<String, AttributeType>> {
        self.0.attributes[table as usize].clone()
    }

    /// Intents that are neither completed nor expired.
    pub fn pending_intents(&self) -> Arc<HashSet<EntryKey>> {
        self.0.pending_intents.all()
    }

    /// Entries that expired and were completed after all.
    pub fn late_completions(&self) -> Arc<HashSet<EntryKey>> {
        self.0.late_completions.all()
    }
}
