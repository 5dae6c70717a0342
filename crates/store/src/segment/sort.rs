//! The order of rows in a segment: newest first, and of equal times the later number first.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::Error;

/// The times and numbers of a batch.
#[derive(Clone, Debug)]
pub struct Keys {
    times: arrow::buffer::ScalarBuffer<i64>,
    numbers: arrow::buffer::ScalarBuffer<i64>,
}

impl Keys {
    pub fn of(rows: &RecordBatch) -> Result<Keys, Error> {
        let missing = |name: &str| Error::new(ErrorKind::Internal, format!("rows without a sound {name:?} column"));
        let time = rows.column_by_name("time").and_then(|time| time.as_primitive_opt::<TimestampNanosecondType>());
        let seq = rows.column_by_name("seq").and_then(|seq| seq.as_primitive_opt::<Int64Type>());
        let time = time.filter(|time| time.null_count() == 0).ok_or_else(|| missing("time"))?;
        let seq = seq.filter(|seq| seq.null_count() == 0).ok_or_else(|| missing("seq"))?;
        Ok(Keys { times: time.values().clone(), numbers: seq.values().clone() })
    }

    /// Greater keys come first.
    #[inline]
    pub fn key(&self, row: usize) -> (i64, i64) {
        (self.times[row], self.numbers[row])
    }

    pub fn row_count(&self) -> usize {
        self.times.len()
    }
}

/// Where one row comes from, with its sort key.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    key: (i64, i64),
    batch: u32,
    row: u32,
}

/// All rows of the batches in segment order.
///
/// Batches usually hold ascending times, and the sort finds such runs and merges them instead of comparing all.
pub fn order(batches: &[RecordBatch]) -> Result<Vec<Place>, Error> {
    let mut places = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for (batch, rows) in batches.iter().enumerate() {
        let keys = Keys::of(rows)?;
        places.extend((0..keys.row_count()).map(|row| Place {
            key: keys.key(row),
            batch: batch as u32,
            row: row as u32,
        }));
    }
    places.sort_by_key(|place| std::cmp::Reverse(place.key));
    Ok(places)
}

/// The stretches of sorted places that belong to one UTC day each, newest day first.
pub fn days(places: &[Place]) -> Vec<(i32, Range<usize>)> {
    let mut days = Vec::new();
    let mut start = 0;
    for end in 1..=places.len() {
        let day = Timestamp(places[start].key.0).day();
        if end == places.len() || Timestamp(places[end].key.0).day() != day {
            days.push((day, start..end));
            start = end;
        }
    }
    days
}

/// The rows at these places as one batch. All batches must have the same columns.
pub fn gather(batches: &[RecordBatch], places: &[Place]) -> Result<RecordBatch, Error> {
    let failed = |source| Error::because(ErrorKind::Internal, "cannot sort rows", source);
    let first = places.first().map_or(0, |place| place.batch);
    if places.iter().all(|place| place.batch == first) {
        let rows = &batches[first as usize];
        let indices = UInt32Array::from_iter_values(places.iter().map(|place| place.row));
        let taken = rows.columns().iter().map(|column| arrow::compute::take(column, &indices, None));
        let columns = taken.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        return RecordBatch::try_new(rows.schema(), columns).map_err(failed);
    }
    // Only the batches that take part: a lookup per column and batch is not free.
    let mut used: Vec<&RecordBatch> = Vec::new();
    let mut position = vec![usize::MAX; batches.len()];
    let mut indices = Vec::with_capacity(places.len());
    for place in places {
        let at = &mut position[place.batch as usize];
        if *at == usize::MAX {
            *at = used.len();
            used.push(&batches[place.batch as usize]);
        }
        indices.push((*at, place.row as usize));
    }
    interleave(&used, &indices)
}

/// Rows picked by (batch, row) from batches with the same columns.
pub fn interleave(batches: &[&RecordBatch], indices: &[(usize, usize)]) -> Result<RecordBatch, Error> {
    let failed = |source| Error::because(ErrorKind::Internal, "cannot merge rows", source);
    let schema = batches.first().expect("there are rows, so there is a batch").schema();
    let mut columns = Vec::with_capacity(schema.fields().len());
    for column in 0..schema.fields().len() {
        let arrays: Vec<&dyn Array> = batches.iter().map(|rows| rows.column(column).as_ref()).collect();
        columns.push(arrow::compute::interleave(&arrays, indices).map_err(failed)?);
    }
    RecordBatch::try_new(Arc::clone(&schema), columns).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int64Array, TimestampNanosecondArray};

    fn batch(rows: &[(i64, i64)]) -> RecordBatch {
        let time = TimestampNanosecondArray::from_iter_values(rows.iter().map(|row| row.0)).with_timezone("UTC");
        let seq = Int64Array::from_iter_values(rows.iter().map(|row| row.1));
        RecordBatch::try_from_iter(vec![("time", Arc::new(time) as _), ("seq", Arc::new(seq) as _)]).expect("columns")
    }

    fn keys(rows: &RecordBatch) -> Vec<(i64, i64)> {
        let keys = Keys::of(rows).expect("keys");
        (0..keys.row_count()).map(|row| keys.key(row)).collect()
    }

    #[test]
    fn newest_first_and_of_equal_times_the_later_number_first() {
        let batches = [batch(&[(1, 1), (3, 2), (3, 3)]), batch(&[(2, 4), (3, 5)]), batch(&[(0, 6)])];
        let places = order(&batches).expect("ordered");
        assert_eq!(keys(&gather(&batches, &places).expect("rows")), [(3, 5), (3, 3), (3, 2), (2, 4), (1, 1), (0, 6)]);
        assert_eq!(keys(&gather(&batches, &places[5..]).expect("rows")), [(0, 6)]);
    }

    #[test]
    fn days_are_cut_where_the_date_changes() {
        let day = Timestamp::NANOS_PER_DAY;
        let batches = [batch(&[(-1, 1), (0, 2), (day - 1, 3), (day, 4)])];
        let places = order(&batches).expect("ordered");
        assert_eq!(days(&places), [(1, 0..1), (0, 1..3), (-1, 3..4)]);
        assert_eq!(days(&[]), []);
    }
}
