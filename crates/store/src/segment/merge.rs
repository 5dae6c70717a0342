//! Merging sorted segments into one sorted stream of rows, a block at a time.
//!
//! A source is not touched before its first row may be the next: segments of a partition seldom overlap in time, and
//! then one of them is in memory however many are merged.

use std::collections::VecDeque;

use arrow::array::RecordBatch;
use futures::TryStreamExt;
use futures::stream::BoxStream;

use super::layout::Layout;
use super::sort::{self, Keys};
use super::tokens::BLOCK_ROWS;
use crate::Error;

/// Rows in segment order.
pub type Rows = BoxStream<'static, Result<RecordBatch, Error>>;

/// One sorted stream to merge.
pub struct Input {
    /// Rows in segment order. Nothing is read before the stream is first asked.
    pub rows: Rows,
    /// No row has a greater sort key (`time`, `seq`).
    pub key_max: (i64, i64),
}

/// The output does not wait for a block of rows once the batches that they come from are this large.
const BYTES_ENOUGH: usize = 16 << 20;

/// Merges sorted streams. Holds one batch of each that overlaps with the rows under way, and the batches that the
/// output still needs.
pub struct Merge {
    sources: Vec<Source>,
    layout: Layout,
}

enum Source {
    /// Not asked yet.
    Ahead(Input),
    /// The batch being taken from, with its sort keys and the next row, which exists.
    Open {
        rows: Rows,
        batch: RecordBatch,
        keys: Keys,
        next: usize,
    },
    Ended,
}

impl Source {
    /// Goes on to the next batch with rows.
    async fn advance(&mut self, layout: &Layout) -> Result<(), Error> {
        let mut rows = match std::mem::replace(self, Source::Ended) {
            Source::Ahead(input) => input.rows,
            Source::Open { rows, .. } => rows,
            Source::Ended => return Ok(()),
        };
        while let Some(batch) = rows.try_next().await? {
            if batch.num_rows() > 0 {
                let batch = layout.conform(&batch)?;
                let keys = Keys::of(&batch)?;
                *self = Source::Open { rows, batch, keys, next: 0 };
                break;
            }
        }
        Ok(())
    }

    /// Whether the batch is used up.
    fn is_spent(&self) -> bool {
        matches!(self, Source::Open { keys, next, .. } if *next == keys.row_count())
    }

    /// The key of the next row, or one that is not less while nothing has been read.
    fn head(&self) -> Option<(i64, i64)> {
        match self {
            Source::Ahead(input) => Some(input.key_max),
            Source::Open { keys, next, .. } => Some(keys.key(*next)),
            Source::Ended => None,
        }
    }
}

/// Rows of one batch that follow each other in the output.
struct Run {
    batch: usize,
    start: usize,
    length: usize,
}

impl Merge {
    pub fn new(inputs: Vec<Input>, layout: Layout) -> Merge {
        Merge { sources: inputs.into_iter().map(Source::Ahead).collect(), layout }
    }

    /// The next rows, at most a block; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        let mut batches: Vec<RecordBatch> = Vec::new();
        // Which of `batches` holds the current batch of a source.
        let mut held: Vec<Option<usize>> = vec![None; self.sources.len()];
        let mut runs: VecDeque<Run> = VecDeque::new();
        let (mut missing, mut bytes) = (BLOCK_ROWS, 0);
        while missing > 0 && bytes < BYTES_ENOUGH {
            for (source, held) in self.sources.iter_mut().zip(&mut held) {
                if source.is_spent() {
                    source.advance(&self.layout).await?;
                    *held = None;
                }
            }
            let Some((first, bound)) = self.first_and_bound() else { break };
            let Source::Open { batch, keys, next, .. } = &mut self.sources[first] else {
                // It may have the next row, so now it is read.
                self.sources[first].advance(&self.layout).await?;
                continue;
            };
            let length = run_length(keys, *next, bound).min(missing);
            let place = *held[first].get_or_insert_with(|| {
                bytes += batch.get_array_memory_size();
                batches.push(batch.clone());
                batches.len() - 1
            });
            runs.push_back(Run { batch: place, start: *next, length });
            *next += length;
            missing -= length;
        }
        if runs.is_empty() { Ok(None) } else { assemble(&batches, runs).map(Some) }
    }

    /// The source with the greatest head, and the greatest head of the others. Of equal heads the first source wins.
    fn first_and_bound(&self) -> Option<(usize, Option<(i64, i64)>)> {
        let mut first: Option<(usize, (i64, i64))> = None;
        let mut bound = None;
        for (at, source) in self.sources.iter().enumerate() {
            let Some(head) = source.head() else { continue };
            match first {
                Some((_, best)) if head <= best => bound = bound.max(Some(head)),
                _ => {
                    bound = bound.max(first.map(|(_, best)| best));
                    first = Some((at, head));
                }
            }
        }
        first.map(|(at, _)| (at, bound))
    }
}

/// How many rows from `next` on come before the other sources: at least one.
fn run_length(keys: &Keys, next: usize, bound: Option<(i64, i64)>) -> usize {
    let Some(bound) = bound else { return keys.row_count() - next };
    // Segments that do not overlap are the common case: then all that is left comes first.
    if keys.key(keys.row_count() - 1) >= bound {
        return keys.row_count() - next;
    }
    let mut length = 1;
    while keys.key(next + length) >= bound {
        length += 1;
    }
    length
}

fn assemble(batches: &[RecordBatch], runs: VecDeque<Run>) -> Result<RecordBatch, Error> {
    if let (1, Some(run)) = (runs.len(), runs.front()) {
        return Ok(batches[run.batch].slice(run.start, run.length));
    }
    let places = runs.iter().flat_map(|run| (run.start..run.start + run.length).map(|row| (run.batch, row)));
    let places: Vec<(usize, usize)> = places.collect();
    let batches: Vec<&RecordBatch> = batches.iter().collect();
    sort::interleave(&batches, &places)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use arrow::array::{ArrayRef, Int64Array, StringViewArray, TimestampNanosecondArray};
    use futures::{FutureExt, StreamExt};
    use whodunit_model::Table;

    use super::super::layout::Census;
    use super::*;

    fn batch(keys: &[(i64, i64)]) -> RecordBatch {
        let time = TimestampNanosecondArray::from_iter_values(keys.iter().map(|key| key.0)).with_timezone("UTC");
        let seq = Int64Array::from_iter_values(keys.iter().map(|key| key.1));
        RecordBatch::try_from_iter(vec![("time", Arc::new(time) as _), ("seq", Arc::new(seq) as _)]).expect("columns")
    }

    fn layout() -> Layout {
        let mut census = Census::new(Table::Logs);
        census.count_batch(&batch(&[(1, 1)])).expect("known types");
        census.layout(8)
    }

    /// An input whose batches count into `read` as they are taken.
    fn input(batches: &[&[(i64, i64)]], read: &Arc<AtomicUsize>) -> Input {
        let key_max = batches.iter().flat_map(|keys| keys.iter().copied()).max().expect("some rows");
        let (batches, read): (Vec<RecordBatch>, _) = (batches.iter().map(|keys| batch(keys)).collect(), read.clone());
        let rows = futures::stream::iter(batches).map(move |rows| {
            read.fetch_add(1, Ordering::Relaxed);
            layout().conform(&rows)
        });
        Input { rows: rows.boxed(), key_max }
    }

    fn all(merge: &mut Merge) -> Vec<(i64, i64)> {
        let mut found = Vec::new();
        while let Some(rows) = merge.next().now_or_never().expect("nothing waits").expect("rows") {
            let keys = Keys::of(&rows).expect("keys");
            found.extend((0..keys.row_count()).map(|row| keys.key(row)));
        }
        found
    }

    #[test]
    fn sources_that_overlap_come_out_in_order() {
        let read = Arc::default();
        let inputs = vec![
            input(&[&[(3, 3), (1, 1)]], &read),
            input(&[&[(9, 9), (5, 5)], &[(4, 4), (2, 2)]], &read),
            input(&[&[(5, 6), (0, 0)]], &read),
        ];
        let found = all(&mut Merge::new(inputs, layout()));
        assert_eq!(found, [(9, 9), (5, 6), (5, 5), (4, 4), (3, 3), (2, 2), (1, 1), (0, 0)]);
    }

    #[test]
    fn large_rows_come_out_before_they_make_a_block() {
        let text: ArrayRef = Arc::new(StringViewArray::from(vec!["x".repeat(BYTES_ENOUGH / 3)]));
        let row = |at: i64| {
            let keys = batch(&[(at, at)]);
            let columns = [keys.columns(), std::slice::from_ref(&text)].concat();
            RecordBatch::try_from_iter(["time", "seq", "body"].into_iter().zip(columns)).expect("columns")
        };
        let mut census = Census::new(Table::Logs);
        census.count_batch(&row(0)).expect("known types");
        let layout = census.layout(8);
        let rows: Vec<_> = (0..8).rev().map(|at| layout.conform(&row(at))).collect();
        let input = Input { rows: futures::stream::iter(rows).boxed(), key_max: (7, 7) };
        let mut merge = Merge::new(vec![input], layout.clone());
        let mut lengths = Vec::new();
        while let Some(rows) = merge.next().now_or_never().expect("nothing waits").expect("rows") {
            lengths.push(rows.num_rows());
        }
        assert_eq!(lengths, [3, 3, 2]);
    }

    #[test]
    fn a_source_is_not_read_before_its_turn() {
        let (early, late) = (Arc::default(), Arc::default());
        let newest: Vec<(i64, i64)> = (0..BLOCK_ROWS as i64).rev().map(|at| (100 + at, at)).collect();
        let inputs = vec![input(&[&[(50, 2), (49, 1)]], &late), input(&[&newest, &[(90, 3)]], &early)];
        let mut merge = Merge::new(inputs, layout());
        let first = merge.next().now_or_never().expect("nothing waits").expect("rows").expect("a block");
        assert_eq!(first.num_rows(), BLOCK_ROWS);
        assert_eq!((early.load(Ordering::Relaxed), late.load(Ordering::Relaxed)), (1, 0));
        assert_eq!(all(&mut merge), [(90, 3), (50, 2), (49, 1)]);
        assert_eq!(late.load(Ordering::Relaxed), 1);
    }
}
