//! What an answer of no rows had looked at, told from the snapshot without reading a row.
//!
//! Everything that says "nothing" gets its account here: SQL, lists, timelines, questions in words.

use arrow::array::AsArray;
use arrow::datatypes::TimestampNanosecondType;
use whodunit_api::query::{Searched, SearchedTable};
use whodunit_model::Table;

use crate::format::time_text;
use crate::sources;
use crate::table::{Source, TimeRange};

/// The account of tables that were asked for rows in a range of time each.
pub fn searched(source: &Source, ranges: &[(Table, TimeRange)]) -> Searched {
    let whole = ranges.iter().map(|(_, range)| *range).reduce(either).unwrap_or(TimeRange::ALL);
    Searched {
        from: (whole.from != i64::MIN).then(|| time_text(whole.from)),
        to: (whole.to != i64::MAX).then(|| time_text(whole.to.saturating_add(1))),
        tables: ranges.iter().map(|(table, range)| account(source, *table, *range)).collect(),
        sources: sources::heard(source, |table| ranges.iter().any(|(searched, _)| *searched == table)),
    }
}

/// From the earlier start to the later end.
pub fn either(one: TimeRange, other: TimeRange) -> TimeRange {
    TimeRange { from: one.from.min(other.from), to: one.to.max(other.to) }
}

fn account(source: &Source, table: Table, range: TimeRange) -> SearchedTable {
    let mut known: Option<TimeRange> = None;
    let (mut rows, mut rows_in_reach) = (0, 0);
    let mut add = |held: TimeRange, count: u64| {
        known = Some(known.map_or(held, |known| either(known, held)));
        rows += count;
        if !range.and(held).is_empty() {
            rows_in_reach += count;
        }
    };
    for segment in source.snapshot.segments(table) {
        if source.visibility.sees_project(&segment.project) {
            add(TimeRange { from: segment.min_time.nanos(), to: segment.max_time.nanos() }, segment.rows);
        }
    }
    for (project, batch) in source.snapshot.buffered(table) {
        let times = batch.column_by_name("time").and_then(|time| time.as_primitive_opt::<TimestampNanosecondType>());
        let Some(times) = times.filter(|_| source.visibility.sees_project(&project)) else { continue };
        let held = times.values().iter().map(|time| TimeRange { from: *time, to: *time }).reduce(either);
        if let Some(held) = held {
            add(held, batch.num_rows() as u64);
        }
    }
    SearchedTable {
        table: table.name().to_owned(),
        rows,
        rows_in_reach,
        oldest: known.map(|known| time_text(known.from)),
        newest: known.map(|known| time_text(known.to)),
    }
}
