//! What is known of rows before they are read, as DataFusion wants to hear it: how many, which times, which project.
//!
//! DataFusion trusts a declared order only if the statistics of a group's files show that none overlaps the next,
//! so a part of a segment has the times of its row groups and not those of the whole.

use arrow::datatypes::Schema;
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics as ColumnBounds;
use whodunit_store::segment::SegmentMeta;

/// Rows of one segment, some or all.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    segment: &'a SegmentMeta,
    bounds: RowGroupExtent,
}

/// The size and the bounds of a row group.
#[derive(Clone, Copy, Debug)]
pub struct RowGroupExtent {
    rows: u64,
    bytes: u64,
    times: (i64, i64),
    seqs: (i64, i64),
}

impl RowGroupExtent {
    pub fn in_segment(self, segment: &SegmentMeta) -> Extent<'_> {
        Extent { segment, bounds: self }
    }
}

impl Extent<'_> {
    pub fn of_segment(segment: &SegmentMeta) -> Extent<'_> {
        Extent { segment, bounds: whole(segment) }
    }
}

fn whole(segment: &SegmentMeta) -> RowGroupExtent {
    let seq = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    RowGroupExtent {
        rows: segment.rows,
        bytes: segment.bytes,
        times: (segment.min_time.nanos(), segment.max_time.nanos()),
        seqs: (seq(segment.min_seq), seq(segment.max_seq)),
    }
}

/// The extents of all row groups. What a footer does not say is as wide as the segment.
pub fn of_row_groups(segment: &SegmentMeta, parquet: &ParquetMetaData) -> Vec<RowGroupExtent> {
    let whole = whole(segment);
    let extent = |group: &RowGroupMetaData| RowGroupExtent {
        rows: u64::try_from(group.num_rows()).unwrap_or(0),
        bytes: u64::try_from(group.compressed_size()).unwrap_or(0),
        times: bounds(group, "time").unwrap_or(whole.times),
        seqs: bounds(group, "seq").unwrap_or(whole.seqs),
    };
    parquet.row_groups().iter().map(extent).collect()
}

fn bounds(group: &RowGroupMetaData, name: &str) -> Option<(i64, i64)> {
    let is_it = |path: &[String]| matches!(path, [only] if only == name);
    let column = group.columns().iter().find(|column| is_it(column.column_path().parts()))?;
    match column.statistics()? {
        ColumnBounds::Int64(bounds) => Some((*bounds.min_opt()?, *bounds.max_opt()?)),
        _ => None,
    }
}

/// All these rows together, in the columns of the table.
pub fn of_rows<'a>(schema: &Schema, extents: impl Iterator<Item = Extent<'a>>, exact: bool) -> Statistics {
    let wider =
        |sum: Option<(i64, i64)>, one: (i64, i64)| Some(sum.map_or(one, |(min, max)| (min.min(one.0), max.max(one.1))));
    let (mut rows, mut bytes) = (0u64, 0u64);
    let (mut times, mut seqs) = (None, None);
    let mut project: Option<Option<&str>> = None;
    for Extent { segment, bounds } in extents {
        rows = rows.saturating_add(bounds.rows);
        bytes = bytes.saturating_add(bounds.bytes);
        times = wider(times, bounds.times);
        seqs = wider(seqs, bounds.seqs);
        let name = segment.project.as_str();
        project = Some(match project {
            None => Some(name),
            Some(Some(before)) if before == name => Some(name),
            Some(_) => None,
        });
    }
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut statistics = Statistics::new_unknown(schema);
    statistics.num_rows = if exact { Precision::Exact(size(rows)) } else { Precision::Inexact(size(rows)) };
    statistics.total_byte_size = Precision::Inexact(size(bytes));
    let mut set = |name: &str, min: ScalarValue, max: ScalarValue| {
        if let Ok(index) = schema.index_of(name) {
            statistics.column_statistics[index] = ColumnStatistics {
                null_count: Precision::Exact(0),
                min_value: Precision::Exact(min),
                max_value: Precision::Exact(max),
                ..ColumnStatistics::new_unknown()
            };
        }
    };
    let time = |nanos| ScalarValue::TimestampNanosecond(Some(nanos), Some("UTC".into()));
    if let Some((from, to)) = times {
        set("time", time(from), time(to));
    }
    if let Some((from, to)) = seqs {
        set("seq", ScalarValue::Int64(Some(from)), ScalarValue::Int64(Some(to)));
    }
    if let Some(Some(name)) = project {
        let name = ScalarValue::Utf8View(Some(name.to_owned()));
        set("project", name.clone(), name);
    }
    statistics
}
