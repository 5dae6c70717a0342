//! Flush: what a lane has frozen becomes segments, one per table, project and day, with one commit for all.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use whodunit_model::{Project, Table};
use whodunit_stdx::metrics::{Counter, Histogram};

use super::Workshop;
use crate::Error;
use crate::manifest::{Change, EntriesState, Manifest};
use crate::segment::sort::{self, Place};
use crate::segment::tokens::BLOCK_ROWS;
use crate::segment::{Census, Lane, Layout, SegmentId, SegmentIdentity, SegmentMeta, SegmentWriter, Tier};

pub static ROWS: Counter = Counter::new("whodunit_store_flushed_rows_total", "Rows written from buffers to segments.");
pub static SEGMENTS: Counter = Counter::new("whodunit_store_flushed_segments_total", "Segments written by flushes.");
pub static BYTES: Counter = Counter::new("whodunit_store_flushed_bytes_total", "Bytes of segments written by flushes.");
pub static DURATION: Histogram = Histogram::new("whodunit_store_flush_seconds", "Time from frozen buffer to commit.");

/// What a lane gives to be flushed: all its rows below `through` that are in no segment yet.
#[derive(Clone, Debug)]
pub struct Frozen {
    pub lane: Lane,
    /// Rows with `project`, `seq` and, for entries, the ledger's columns filled.
    pub batches: Vec<(Table, Project, RecordBatch)>,
    /// One more than the highest `seq` inside.
    pub through: u64,
    /// The state of entries after these rows; `None` for telemetry.
    pub entries: Option<EntriesState>,
}

/// Writes and commits. After an error the rows are still the buffer's, and the same call may be made again: if the
/// commit had happened in spite of the error, it writes nothing twice.
pub async fn flush(workshop: &Workshop<'_>, frozen: &Frozen) -> Result<Arc<Manifest>, Error> {
    let started = workshop.world.instant();
    // Resolves the doubt that an earlier failed commit may have left.
    let current = workshop.manifests.commit(|_| Change::Nothing).await?;
    if current.flushed_through.of(frozen.lane) >= frozen.through {
        return Ok(current);
    }
    let mut written = Vec::new();
    let result = write_all(workshop, frozen, &mut written).await;
    if let Err(error) = result {
        discard(workshop, &written).await;
        return Err(error);
    }
    let committed = workshop.manifests.commit(|manifest| {
        if manifest.flushed_through.of(frozen.lane) >= frozen.through {
            return Change::Nothing;
        }
        let mut next = manifest.clone();
        next.add(written.iter().cloned());
        next.flushed_through.set(frozen.lane, frozen.through);
        if let Some(entries) = &frozen.entries {
            next.entries = entries.clone();
        }
        Change::To(Box::new(next))
    });
    // A failed commit may have happened, so its files stay: they are live, or orphans to be found at the next start.
    let manifest = committed.await?;
    ROWS.add(written.iter().map(|segment| segment.rows).sum());
    SEGMENTS.add(written.len() as u64);
    BYTES.add(written.iter().map(|segment| segment.bytes).sum());
    DURATION.observe(workshop.world.instant().since(started));
    Ok(manifest)
}

async fn write_all(workshop: &Workshop<'_>, frozen: &Frozen, written: &mut Vec<SegmentMeta>) -> Result<(), Error> {
    let mut groups: BTreeMap<(Table, &Project), Vec<&RecordBatch>> = BTreeMap::new();
    for (table, project, rows) in frozen.batches.iter().filter(|(.., rows)| rows.num_rows() > 0) {
        groups.entry((*table, project)).or_default().push(rows);
    }
    for ((table, project), batches) in groups {
        assert_eq!(Lane::of(table), frozen.lane, "a lane flushes its own tables only");
        let mut census = Census::new(table);
        batches.iter().try_for_each(|rows| census.count_batch(rows))?;
        let layout = census.layout(workshop.settings.segment_attributes_max);
        let batches = batches.into_iter().map(|rows| layout.conform(rows)).collect::<Result<Vec<_>, _>>()?;
        let places = sort::order(&batches)?;
        for (day, range) in sort::days(&places) {
            let identity = SegmentIdentity {
                id: SegmentId::new(workshop.world),
                table,
                project: project.clone(),
                day,
                level: 0,
                tier: Tier::Hot,
                writer: workshop.writer.to_owned(),
                created_at: workshop.world.now(),
                place: None,
            };
            written.push(write_day(workshop, identity, &layout, &batches, &places[range]).await?);
        }
    }
    Ok(())
}

async fn write_day(
    workshop: &Workshop<'_>,
    identity: SegmentIdentity,
    layout: &Layout,
    batches: &[RecordBatch],
    places: &[Place],
) -> Result<SegmentMeta, Error> {
    let mut writer = SegmentWriter::create(workshop.objects, identity, layout.clone()).await?;
    for block in places.chunks(BLOCK_ROWS) {
        let pushed = match sort::gather(batches, block) {
            Ok(rows) => writer.push(&rows).await,
            Err(error) => Err(error),
        };
        if let Err(error) = pushed {
            writer.abort().await;
            return Err(error);
        }
    }
    writer.finish().await
}

/// Removes segments that no manifest will ever name. Failing to is harmless: the next start finds them.
pub(super) async fn discard(workshop: &Workshop<'_>, segments: &[SegmentMeta]) {
    for segment in segments {
        if let Err(error) = workshop.objects.delete(&segment.path).await {
            tracing::warn!(path = segment.path, %error, "abandoned segment not removed");
        }
    }
}
