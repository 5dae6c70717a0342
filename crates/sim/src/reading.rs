//! What a reader sees: every audit row and every log line of one snapshot, from segments and buffers.

use std::collections::{BTreeSet, HashMap};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use futures::TryStreamExt;
use whodunit_ledger::Hash;
use whodunit_model::canonical::Entries;
use whodunit_model::{Project, Table};
use whodunit_stdx::EntryId;
use whodunit_store::{EntryKey, SegmentMeta, Snapshot, Store};

use crate::traffic::{Key, Marker, State};

/// Everything in one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub entries: Vec<SeenEntry>,
    pub lines: Vec<Marker>,
    pub pending: BTreeSet<EntryKey>,
    pub late: BTreeSet<EntryKey>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenEntry {
    pub key: Key,
    pub marker: Marker,
    pub writer: String,
    pub leaf_index: u64,
    pub leaf_hash: Hash,
}

/// Whether the leaves of buffered rows are recomputed, which takes most of the time. Those of segments always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    Recomputed,
    Believed,
}

/// Reads snapshots. Remembers what each segment holds: it never changes, so it is read once, and later only looked
/// for.
#[derive(Default)]
pub struct Reader {
    segments: HashMap<String, Seen>,
}

impl Seen {
    fn add(&mut self, other: &Seen) {
        self.entries.extend_from_slice(&other.entries);
        self.lines.extend_from_slice(&other.lines);
    }
}

impl Reader {
    /// Reads all of a snapshot.
    pub async fn read(&mut self, store: &Store, snapshot: &Snapshot, evidence: Evidence) -> Result<Seen, String> {
        let mut seen = Seen {
            pending: snapshot.pending_intents().iter().cloned().collect(),
            late: snapshot.late_completions().iter().cloned().collect(),
            ..Seen::default()
        };
        for table in [Table::AuditLogs, Table::Logs] {
            for (project, rows) in snapshot.buffered(table) {
                see(table, &project, &rows, evidence, &mut seen)?;
            }
            for segment in snapshot.segments(table) {
                seen.add(self.segment(store, &segment).await?);
            }
        }
        seen.entries.sort();
        seen.lines.sort();
        Ok(seen)
    }

    async fn segment(&mut self, store: &Store, segment: &SegmentMeta) -> Result<&Seen, String> {
        let path = &segment.path;
        let unreadable = |error: whodunit_store::Error| format!("cannot read {path}: {error} ({error:?})");
        if self.segments.contains_key(path) {
            let found = store.objects().head(path).await.map_err(unreadable)?;
            found.filter(|found| found.bytes == segment.bytes).ok_or_else(|| format!("{path} is gone"))?;
            return Ok(&self.segments[path]);
        }
        let reader = store.reader(segment).await.map_err(unreadable)?;
        let batches: Vec<RecordBatch> = reader.stream(None, None).try_collect().await.map_err(unreadable)?;
        let count: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if count as u64 != segment.rows {
            return Err(format!("{path} has {count} rows instead of {}", segment.rows));
        }
        let mut seen = Seen::default();
        for rows in &batches {
            see(segment.table, &segment.project, rows, Evidence::Recomputed, &mut seen)?;
        }
        Ok(self.segments.entry(path.clone()).or_insert(seen))
    }
}

fn see(table: Table, project: &Project, rows: &RecordBatch, evidence: Evidence, seen: &mut Seen) -> Result<(), String> {
    if table == Table::AuditLogs {
        if evidence == Evidence::Recomputed {
            recompute(project, rows)?;
        }
        return see_entries(project, rows, &mut seen.entries);
    }
    let bodies = rows.column_by_name("body").ok_or("log lines without bodies")?.as_string_view();
    for body in bodies {
        seen.lines.push(body.and_then(Marker::parse).ok_or("a log line that nobody sent")?);
    }
    Ok(())
}

fn recompute(project: &Project, rows: &RecordBatch) -> Result<(), String> {
    let entries = Entries::new(rows, project).map_err(|error| error.to_string())?;
    for row in 0..rows.num_rows() {
        entries.verify(row).map_err(|error| format!("an entry of {project}: {error}"))?;
    }
    Ok(())
}

fn see_entries(project: &Project, rows: &RecordBatch, seen: &mut Vec<SeenEntry>) -> Result<(), String> {
    let column = |name: &str| {
        let column = rows.column_by_name(name).filter(|values| values.null_count() == 0);
        column.ok_or_else(|| format!("entries without {name}"))
    };
    let (ids, indexes) = (column("id")?.as_fixed_size_binary(), column("leaf_index")?.as_primitive::<Int64Type>());
    let (states, writers) = (column("state")?.as_string_view(), column("writer")?.as_string_view());
    let (projects, texts) = (column("project")?.as_string_view(), column("description")?.as_string_view());
    let leaves = column("leaf_hash")?.as_fixed_size_binary();
    for row in 0..rows.num_rows() {
        if projects.value(row) != project.as_str() {
            return Err(format!("an entry of {} lies in {project}", projects.value(row)));
        }
        let state = State::from_name(states.value(row)).ok_or("an entry in an unknown state")?;
        let id = EntryId(ids.value(row).try_into().map_err(|_| "an id that is not 16 bytes")?);
        seen.push(SeenEntry {
            key: Key { project: project.clone(), id, state },
            marker: Marker::parse(texts.value(row)).ok_or("an entry that nobody sent")?,
            writer: writers.value(row).to_owned(),
            leaf_index: u64::try_from(indexes.value(row)).map_err(|_| "a negative leaf index")?,
            leaf_hash: leaves.value(row).try_into().map_err(|_| "a leaf hash that is not 32 bytes")?,
        });
    }
    Ok(())
}
