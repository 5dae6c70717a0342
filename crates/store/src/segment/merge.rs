//! Merging sorted segments into one sorted stream of rows, a block at a time.

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

/// Merges sorted streams. Holds one batch of each, and the blocks that the output under way still needs.
pub struct Merge {
    sources: Vec<Source>,
    layout: Layout,
}

struct Source {
    rows: Rows,
    /// The batch being taken from, with its sort keys and the next row.
    current: Option<(RecordBatch, Keys, usize)>,
}

impl Source {
    /// Makes sure that `current` has a row left, or is `None` at the end. True if the batch is another than before.
    async fn fill(&mut self, layout: &Layout) -> Result<bool, Error> {
        if self.current.as_ref().is_some_and(|(_, keys, next)| *next < keys.row_count()) {
            return Ok(false);
        }
        self.current = None;
        while let Some(rows) = self.rows.try_next().await? {
            if rows.num_rows() > 0 {
                let rows = layout.conform(&rows)?;
                let keys = Keys::of(&rows)?;
                self.current = Some((rows, keys, 0));
                break;
            }
        }
        Ok(true)
    }

    fn head(&self) -> Option<(i64, i64)> {
        self.current.as_ref().map(|(_, keys, next)| keys.key(*next))
    }
}

/// Rows of one batch that follow each other in the output.
struct Run {
    batch: usize,
    start: usize,
    length: usize,
}

impl Merge {
    pub fn new(streams: Vec<Rows>, layout: Layout) -> Merge {
        let sources = streams.into_iter().map(|rows| Source { rows, current: None }).collect();
        Merge { sources, layout }
    }

    /// The next rows, at most a block; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        let mut batches: Vec<RecordBatch> = Vec::new();
        // Which of `batches` holds the current batch of a source.
        let mut held: Vec<Option<usize>> = vec![None; self.sources.len()];
        let mut runs: VecDeque<Run> = VecDeque::new();
        let mut missing = BLOCK_ROWS;
        while missing > 0 {
            for (source, held) in self.sources.iter_mut().zip(&mut held) {
                if source.fill(&self.layout).await? {
                    *held = None;
                }
            }
            let Some((first, bound)) = self.first_and_bound() else { break };
            let (rows, keys, next) = self.sources[first].current.as_mut().expect("the first source has a row");
            let length = run_length(keys, *next, bound).min(missing);
            let batch = *held[first].get_or_insert_with(|| {
                batches.push(rows.clone());
                batches.len() - 1
            });
            runs.push_back(Run { batch, start: *next, length });
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
