//! The rows of an answer as they come, within the limits of their query.
//!
//! Dropping [`Rows`] cancels the query. A row limit cuts and marks the answer; a time limit ends it with an error.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use futures::{FutureExt, StreamExt};
use tokio::sync::OwnedSemaphorePermit;
use whodunit_api::query::{Searched, Statistics};
use whodunit_model::Table;
use whodunit_stdx::{ErrorKind, Instant, World};

use crate::error::{Error, LIMIT_ROWS, LIMIT_TIME};

/// What one query may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub time: Duration,
    /// Rows of the answer, not rows read.
    pub rows: u64,
    /// Bytes held by operators while the query runs.
    pub memory: usize,
}

/// A running query.
pub struct Rows {
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
    limits: Limits,
    deadline: Pin<Box<tokio::time::Sleep>>,
    world: World,
    started: Instant,
    given: u64,
    cut: bool,
    ended: bool,
    tables: Vec<Table>,
    searched: Account,
    _place: Arc<OwnedSemaphorePermit>,
}

/// Tells what was looked at, for answers without rows.
pub(crate) type Account = Box<dyn Fn() -> Option<Searched> + Send + Sync>;

pub(crate) struct Running {
    pub stream: SendableRecordBatchStream,
    pub limits: Limits,
    pub world: World,
    pub started: Instant,
    pub tables: Vec<Table>,
    /// Given back when the rows end or are dropped.
    pub place: Arc<OwnedSemaphorePermit>,
    pub searched: Account,
}

impl Rows {
    pub(crate) fn new(running: Running) -> Rows {
        let Running { stream, limits, world, started, tables, place, searched } = running;
        let spent = world.instant().since(started);
        Rows {
            schema: stream.schema(),
            stream,
            limits,
            deadline: Box::pin(tokio::time::sleep(limits.time.saturating_sub(spent))),
            world,
            started,
            given: 0,
            cut: false,
            ended: false,
            tables,
            searched,
            _place: place,
        }
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Signal tables that the query reads.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The next rows, never none of them.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        while !self.ended {
            let next = tokio::select! {
                biased;
                () = &mut self.deadline => {
                    self.ended = true;
                    return Some(Err(too_slow(self.limits.time)));
                }
                next = std::panic::AssertUnwindSafe(self.stream.next()).catch_unwind() => match next {
                    Ok(next) => next,
                    Err(_panicked) => {
                        self.ended = true;
                        return Some(Err(Error::internal("the query failed: an operator panicked")));
                    }
                },
            };
            match next {
                None => self.ended = true,
                Some(Err(error)) => {
                    self.ended = true;
                    return Some(Err(error.into()));
                }
                Some(Ok(batch)) => {
                    if let Some(batch) = self.within_limit(batch) {
                        return Some(Ok(batch));
                    }
                }
            }
        }
        None
    }

    fn within_limit(&mut self, batch: RecordBatch) -> Option<RecordBatch> {
        let left = self.limits.rows - self.given;
        let rows = batch.num_rows() as u64;
        let batch = if rows > left {
            self.cut = true;
            self.ended = true;
            batch.slice(0, usize::try_from(left).expect("fewer than the rows of a batch"))
        } else {
            batch
        };
        self.given += batch.num_rows() as u64;
        (batch.num_rows() > 0).then_some(batch)
    }

    /// All rows at once.
    pub async fn collect(mut self) -> Result<(Vec<RecordBatch>, Statistics), Error> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok((batches, self.statistics()))
    }

    /// True to the end only after the last row.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            elapsed_ms: self.world.instant().since(self.started).as_secs_f64() * 1e3,
            rows: self.given,
            partial: self.cut,
            limit: self.cut.then(|| LIMIT_ROWS.to_owned()),
            tables: self.tables.iter().map(|table| table.name().to_owned()).collect(),
            searched: if self.ended && self.given == 0 { (self.searched)() } else { None },
        }
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("schema", &self.schema).field("given", &self.given).finish_non_exhaustive()
    }
}

pub(crate) fn too_slow(limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("the query took longer than {} ms", limit.as_millis()))
        .with_hint("narrow the range of time or raise timeout_ms")
        .with_limit(LIMIT_TIME)
}
