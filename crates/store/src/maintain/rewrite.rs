//! Rewrite: several sorted segments become one, with another codec or in another place if asked.
//!
//! The one executor behind compaction and tiers. Memory stays small whatever the size: of each segment a stretch of
//! rows is in memory, of the new one a row group.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use whodunit_stdx::ErrorKind;
use whodunit_stdx::metrics::{Counter, Histogram};

use super::Workshop;
use super::flush::discard;
use crate::Error;
use crate::manifest::{Change, Manifest};
use crate::segment::merge::{Input, Merge, Rows};
use crate::segment::tokens::BLOCK_ROWS;
use crate::segment::{Census, Layout, SegmentId, SegmentIdentity, SegmentMeta, SegmentReader, SegmentWriter, Tier};

pub static ROWS: Counter =
    Counter::new("whodunit_store_compacted_rows_total", "Rows rewritten by compaction and tiers.");
pub static BYTES: Counter =
    Counter::new("whodunit_store_compacted_bytes_total", "Bytes of segments written by compaction and tiers.");
pub static SEGMENTS_IN: Counter =
    Counter::new("whodunit_store_compacted_segments_total", "Segments replaced by compaction and tiers.");
pub static DURATION: Histogram = Histogram::new("whodunit_store_compaction_seconds", "Time of one rewrite.");

/// Segments of one partition to replace by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Rewrite {
    pub inputs: Vec<Arc<SegmentMeta>>,
    pub tier: Tier,
}

/// Rows that all inputs together hold ahead, encoded.
const ROWS_AHEAD: usize = 524_288;

/// What came of a rewrite.
#[derive(Clone, Debug)]
pub enum Rewritten {
    Done(Arc<Manifest>),
    /// Meanwhile some input is no longer live; nothing has changed.
    Outdated,
}

pub async fn rewrite(workshop: &Workshop<'_>, plan: &Rewrite) -> Result<Rewritten, Error> {
    let started = workshop.world.instant();
    let segment = write(workshop, plan).await?;
    let ids: Vec<SegmentId> = plan.inputs.iter().map(|input| input.id).collect();
    let committed = workshop.manifests.commit(|manifest| {
        if manifest.segment(segment.id).is_some() {
            return Change::Nothing;
        }
        let mut next = manifest.clone();
        if !next.remove(&ids, workshop.world.now()) {
            return Change::Nothing;
        }
        next.add([segment.clone()]);
        Change::To(Box::new(next))
    });
    let manifest = committed.await?;
    if manifest.segment(segment.id).is_none() {
        discard(workshop, &[segment]).await;
        return Ok(Rewritten::Outdated);
    }
    workshop.cache.forget(&ids);
    ROWS.add(segment.rows);
    BYTES.add(segment.bytes);
    SEGMENTS_IN.add(ids.len() as u64);
    DURATION.observe(workshop.world.instant().since(started));
    Ok(Rewritten::Done(manifest))
}

async fn write(workshop: &Workshop<'_>, plan: &Rewrite) -> Result<SegmentMeta, Error> {
    let first = plan.inputs.first().expect("a rewrite has inputs");
    let same = |input: &Arc<SegmentMeta>| {
        input.table == first.table && input.project == first.project && input.day == first.day
    };
    assert!(plan.inputs.iter().all(same), "a rewrite stays in one partition");
    let mut readers = Vec::with_capacity(plan.inputs.len());
    for input in &plan.inputs {
        // Not from the cache: what is about to be replaced shall not push out what queries need.
        readers.push(Arc::new(SegmentReader::open(workshop.objects, input).await?));
    }
    let layout = layout(workshop, &readers)?;
    let identity = SegmentIdentity {
        id: SegmentId::new(workshop.world),
        table: first.table,
        project: first.project.clone(),
        day: first.day,
        level: plan.inputs.iter().map(|input| input.level).max().unwrap_or(0).saturating_add(1),
        tier: plan.tier,
        writer: workshop.writer.to_owned(),
        created_at: workshop.world.now(),
        place: workshop.settings.tiers.place(plan.tier),
    };
    let step = (ROWS_AHEAD / readers.len()).clamp(BLOCK_ROWS, ROWS_AHEAD / 4) / BLOCK_ROWS * BLOCK_ROWS;
    let input = |reader: Arc<SegmentReader>| {
        let meta = reader.meta();
        let key_max = (meta.max_time.nanos(), i64::try_from(meta.max_seq).unwrap_or(i64::MAX));
        Input { key_max, rows: in_steps(reader, step) }
    };
    let mut merge = Merge::new(readers.into_iter().map(input).collect(), layout.clone());
    let mut writer = SegmentWriter::create(workshop.objects, identity, layout).await?;
    let copied = async {
        while let Some(rows) = merge.next().await? {
            writer.push(&rows).await?;
        }
        Ok(())
    };
    if let Err(error) = copied.await {
        writer.abort().await;
        return Err(error);
    }
    let segment = writer.finish().await?;
    let rows: u64 = plan.inputs.iter().map(|input| input.rows).sum();
    if segment.rows != rows {
        let message = format!("rewriting {} rows made {} in {:?}", rows, segment.rows, segment.path);
        discard(workshop, &[segment]).await;
        return Err(Error::new(ErrorKind::Corrupt, message));
    }
    Ok(segment)
}

/// The columns of all inputs; how many values each has stands in the footers.
fn layout(workshop: &Workshop<'_>, readers: &[Arc<SegmentReader>]) -> Result<Layout, Error> {
    let table = readers.first().expect("a rewrite has inputs").meta().table;
    let mut census = Census::new(table);
    for reader in readers {
        let parquet = reader.parquet();
        for (root, field) in reader.schema().fields().iter().enumerate() {
            let values = |group: &parquet::file::metadata::RowGroupMetaData| {
                let columns = (0..group.num_columns())
                    .filter(|leaf| parquet.file_metadata().schema_descr().get_column_root_idx(*leaf) == root);
                let nulls = columns.filter_map(|leaf| group.column(leaf).statistics()?.null_count_opt()).min();
                u64::try_from(group.num_rows()).unwrap_or(0).saturating_sub(nulls.unwrap_or(0))
            };
            let total: u64 = parquet.row_groups().iter().map(values).sum();
            // A column that stands in a file has values, whatever its statistics fail to say.
            census.count(field.name(), field.data_type(), total.max(1))?;
        }
    }
    Ok(census.layout(workshop.settings.segment_attributes_max))
}

/// All rows of a segment, of which only `step` are in memory encoded at a time.
fn in_steps(reader: Arc<SegmentReader>, step: usize) -> Rows {
    let total = usize::try_from(reader.meta().rows).unwrap_or(usize::MAX);
    let starts = (0..total).step_by(step);
    let steps = stream::iter(starts).map(move |start| {
        let range = start..start.saturating_add(step).min(total);
        Ok::<_, Error>(reader.stream(None, Some(vec![range])))
    });
    steps.try_flatten().boxed()
}
