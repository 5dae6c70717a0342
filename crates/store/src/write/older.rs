//! Entries that have left the buffer: finding them again by id.
//!
//! A new UUIDv7 is above the ids of all segments, so that the usual append asks nothing here but one comparison.

use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use whodunit_model::Project;
use whodunit_stdx::{EntryId, ErrorKind};

use super::prepare::{EntryState, First, Prepared, id_at, times_of};
use crate::Error;
use crate::buffer::View;
use crate::segment::{SegmentCache, SegmentMeta};

/// Fills in what segments know of a submission's ids. Only segments with rows below `forgotten` are asked: ids of
/// later rows are still remembered by the lane. `view` must have been taken after `forgotten` was read.
pub async fn look_up(prepared: &mut Prepared, view: &View, cache: &SegmentCache, forgotten: u64) -> Result<(), Error> {
    prepared.searched_below = forgotten;
    let (Some(entries), Some(known)) = (&prepared.entries, view.entry_segments.get(&prepared.project)) else {
        return Ok(());
    };
    for id in &entries.ids {
        if *id > known.newest || prepared.older.contains_key(id) {
            continue;
        }
        let segments = known.segments.iter().filter(|segment| segment.min_seq < forgotten);
        let found = find(segments, cache, *id).await?;
        if !found.is_empty() {
            let firsts: Result<Vec<_>, Error> = found.iter().map(first_of).collect();
            prepared.older.insert(*id, firsts?);
        }
    }
    Ok(())
}

/// One-row batches of the entry with this id in these segments.
pub async fn find(
    segments: impl Iterator<Item = &Arc<SegmentMeta>>,
    cache: &SegmentCache,
    id: EntryId,
) -> Result<Vec<RecordBatch>, Error> {
    let mut found = Vec::new();
    for segment in segments {
        if segment.ids.is_some_and(|(first, last)| first <= id && id <= last) {
            found.extend(cache.reader(segment).await?.find_id(id).await?);
        }
    }
    Ok(found)
}

/// One-row batches of the entry with this id in the buffers of a view.
pub fn find_buffered(view: &View, project: &Project, id: EntryId) -> Vec<RecordBatch> {
    let generations = view.lanes.iter().flat_map(|lane| lane.generations());
    let parts = generations.flat_map(|generation| &generation.parts);
    let wanted = parts.filter(|((table, of), _)| *table == whodunit_model::Table::AuditLogs && of == project);
    let mut found = Vec::new();
    for batch in wanted.flat_map(|(_, batches)| batches.iter()) {
        let Some(ids) = batch.column_by_name("id") else { continue };
        let ids = ids.as_fixed_size_binary();
        let hits = (0..batch.num_rows()).filter(|row| id_at(ids, *row) == id);
        found.extend(hits.map(|row| batch.slice(row, 1)));
    }
    found
}

fn first_of(row: &RecordBatch) -> Result<(EntryState, First), Error> {
    let corrupt = |column: &str| Error::new(ErrorKind::Corrupt, format!("a stored entry has no proper {column}"));
    let column = |name: &'static str| row.column_by_name(name).filter(|values| values.null_count() == 0).ok_or(name);
    let state =
        column("state").map_err(corrupt)?.as_string_view_opt().and_then(|text| EntryState::from_name(text.value(0)));
    let leaf = column("leaf_index").map_err(corrupt)?.as_primitive_opt::<Int64Type>();
    let leaf = leaf.and_then(|leaf| u64::try_from(leaf.value(0)).ok());
    let hash = column("leaf_hash").map_err(corrupt)?.as_fixed_size_binary_opt();
    let hash = hash.and_then(|hash| hash.value(0).try_into().ok());
    let first = First {
        leaf_index: leaf.ok_or_else(|| corrupt("leaf_index"))?,
        leaf_hash: hash.ok_or_else(|| corrupt("leaf_hash"))?,
        received_at: times_of(row, "received_at")[0],
    };
    Ok((state.ok_or_else(|| corrupt("state"))?, first))
}

/// The state of a one-row batch.
pub fn state_of(row: &RecordBatch) -> Option<EntryState> {
    let states = row.column_by_name("state")?.as_string_view_opt()?;
    EntryState::from_name(states.iter().next()??)
}
