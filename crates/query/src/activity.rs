//! The activity: what happens in all signals, first the newest rows, then each row as it becomes visible.
//!
//! A flood must stay readable, so at most so many rows a second are told one by one; of the others the number is told.
//! Rows past the rate are counted as columns and never become text. A row that is both among the first and published
//! while those were read is told once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use datafusion::catalog::default_table_source::provider_as_source;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::execution::SessionState;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use tokio::sync::broadcast;
use whodunit_api::query::ActivityRow;
use whodunit_model::{Batch, Table};
use whodunit_stdx::{Instant, World};

use crate::analyzer;
use crate::cursor::Cursor;
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::column;
use crate::format::row_objects;
use crate::list::{parse_number, places_of, time_conditions};
use crate::statement::Mentions;
use crate::table::{SignalTable, TimeRange, offered_schema, shape_batch};
use crate::timeline::{SIGNALS, activity_row, columns};
use crate::visibility::Visibility;

pub const ACTIVITY_BACKLOG_DEFAULT: usize = 100;
pub const ACTIVITY_BACKLOG_MAX: usize = 1000;
pub const ACTIVITY_RATE_DEFAULT: usize = 50;
pub const ACTIVITY_RATE_MAX: usize = 1000;
/// The first rows are at most this old, so that a search for errors ends where there are none.
pub const ACTIVITY_AGE_MAX: Duration = Duration::from_secs(86_400);

/// Rows past the rate are told at the end of such a window.
const WINDOW: Duration = Duration::from_secs(1);

/// Which rows count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Everything,
    /// Errors and what failed.
    Errors,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityRequest {
    pub only: Only,
    /// Rows a second that are told one by one.
    pub rate_max: usize,
    /// Newest rows to begin with.
    pub backlog: usize,
}

impl ActivityRequest {
    /// From the parameters of a URL.
    pub fn parse(parameters: &[(String, String)]) -> Result<ActivityRequest, Error> {
        let mut request = ActivityRequest {
            only: Only::Everything,
            rate_max: ACTIVITY_RATE_DEFAULT,
            backlog: ACTIVITY_BACKLOG_DEFAULT,
        };
        for (name, value) in parameters {
            match (name.as_str(), value.as_str()) {
                ("only", "errors") => request.only = Only::Errors,
                ("only", "all") => request.only = Only::Everything,
                ("rate_max", _) => request.rate_max = parse_number(name, value, 1, ACTIVITY_RATE_MAX)?,
                ("backlog", _) => request.backlog = parse_number(name, value, 0, ACTIVITY_BACKLOG_MAX)?,
                ("only", _) => return Err(Error::invalid("only is all or errors").with_field("only")),
                _ => {
                    let message = format!("the activity has no parameter {name:?}");
                    return Err(Error::invalid(message)
                        .with_field(name)
                        .with_hint("it has only, rate_max and backlog"));
                }
            }
        }
        Ok(request)
    }
}

/// What the activity has to tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// In the order they came.
    Rows(Vec<ActivityRow>),
    /// So many rows came past the rate.
    Skipped(u64),
    /// The reader was too slow; so many batches were passed over.
    Missed(u64),
}

/// Rows of all signals as they arrive.
pub struct Activity {
    published: broadcast::Receiver<Arc<Batch>>,
    visibility: Visibility,
    only: Only,
    state: Arc<SessionState>,
    rate: Rate,
    /// Rows that have been told: signal and number.
    told: HashSet<(u8, i64)>,
}

/// The signals of an activity that the caller may read.
pub fn readable(visibility: &Visibility) -> impl Iterator<Item = Table> + '_ {
    SIGNALS.into_iter().filter(|table| visibility.reads(*table))
}

impl Engine {
    /// The newest rows, oldest of them first, and what follows them.
    pub async fn activity(
        &self,
        request: &ActivityRequest,
        visibility: &Visibility,
    ) -> Result<(Vec<ActivityRow>, Activity), Error> {
        if readable(visibility).next().is_none() {
            visibility.require(Table::Logs)?;
        }
        // First, so that nothing falls between the newest rows and what follows them.
        let published = self.store().subscribe();
        let newest = self.newest_rows(request, visibility).await?;
        let told = newest.iter().map(|(place, _)| (place.table, place.seq)).collect();
        let rate = Rate::new(self.world().clone(), request.rate_max);
        let state = self.state().clone();
        let activity = Activity { published, visibility: visibility.clone(), only: request.only, state, rate, told };
        Ok((newest.into_iter().map(|(_, row)| row).collect(), activity))
    }

    async fn newest_rows(
        &self,
        request: &ActivityRequest,
        visibility: &Visibility,
    ) -> Result<Vec<(Cursor, ActivityRow)>, Error> {
        if request.backlog == 0 {
            return Ok(Vec::new());
        }
        let limits = self.settings().limits;
        let asking = self.ask(visibility, &Mentions::default(), limits).await?;
        let range = TimeRange { from: self.world().now().saturating_sub(ACTIVITY_AGE_MAX).nanos(), to: i64::MAX };
        let mut rows = Vec::new();
        for table in readable(visibility) {
            let provider = SignalTable::new(asking.source.clone(), table, &Mentions::default());
            let mut plan = LogicalPlanBuilder::scan(table.name(), provider_as_source(Arc::new(provider)), None)?;
            for condition in time_conditions(range).into_iter().chain(condition(table, request.only)) {
                plan = plan.filter(condition)?;
            }
            let newest = ["time", "seq"].map(|name| column(name).sort(false, true));
            let plan =
                plan.project(columns(table).map(column))?.sort(newest)?.limit(0, Some(request.backlog))?.build()?;
            for batch in self.run(&asking, plan, limits).await?.collect().await?.0 {
                let objects = row_objects(&batch)?.into_iter().map(|object| activity_row(table, object));
                rows.extend(places_of(&batch, table)?.into_iter().zip(objects));
            }
        }
        rows.sort_by_key(|(place, _)| *place);
        Ok(rows.split_off(rows.len().saturating_sub(request.backlog)))
    }
}

/// Which rows of a table are errors or tell of a failure; `None` where all rows count.
fn condition(table: Table, only: Only) -> Option<Expr> {
    if only == Only::Everything {
        return None;
    }
    let text = |value: &str| lit(ScalarValue::Utf8View(Some(value.to_owned())));
    match table {
        Table::AuditLogs => {
            let bad = column("severity").in_list(vec![text("ERROR"), text("CRITICAL")], false);
            Some(column("outcome").eq(text("failure")).or(bad))
        }
        // The same number as in the view `error_logs`: ERROR and above.
        Table::Logs => Some(column("severity_number").gt_eq(lit(17i64))),
        Table::ErrorEvents => None,
        Table::SessionEvents => Some(column("type").eq(text("error"))),
        Table::Spans => Some(column("status").eq(text("error"))),
        Table::CheckIns => Some(column("status").eq(text("error"))),
        Table::ReleaseSessions => Some(column("status").eq(text("crashed"))),
        Table::Samples | Table::Attachments | Table::Feedback => Some(lit(false)),
    }
}

impl Activity {
    /// What happens next; `None` when the store has closed.
    pub async fn next(&mut self) -> Result<Option<Happened>, Error> {
        loop {
            let received = match self.rate.until_told() {
                // In a flood there is always another batch.
                Some(Duration::ZERO) => return Ok(Some(Happened::Skipped(self.rate.take_skipped()))),
                None => self.published.recv().await,
                Some(wait) => match tokio::time::timeout(wait, self.published.recv()).await {
                    Ok(received) => received,
                    Err(_elapsed) => return Ok(Some(Happened::Skipped(self.rate.take_skipped()))),
                },
            };
            match received {
                Ok(batch) => {
                    let rows = self.rows(&batch)?;
                    if !rows.is_empty() {
                        return Ok(Some(Happened::Rows(rows)));
                    }
                }
                Err(broadcast::error::RecvError::Lagged(batches)) => return Ok(Some(Happened::Missed(batches))),
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
            }
        }
    }

    fn rows(&mut self, batch: &Batch) -> Result<Vec<ActivityRow>, Error> {
        let table = batch.table();
        let is_seen = SIGNALS.contains(&table) && self.visibility.reads(table);
        if !is_seen || !self.visibility.sees_project(batch.project()) {
            return Ok(Vec::new());
        }
        let schema = offered_schema(table, &Default::default(), &Mentions::default());
        let shaped = shape_batch(table, &schema, batch.rows())?;
        let passing = match condition(table, self.only) {
            None => shaped,
            Some(condition) => {
                let schema = DFSchema::try_from(schema.as_ref().clone())?;
                let condition = analyzer::ids_as_text(condition, &schema)?;
                let condition = self.state.create_physical_expr(condition, &schema)?;
                let passes = condition.evaluate(&shaped)?.into_array(shaped.num_rows())?;
                filter_record_batch(&shaped, passes.as_boolean()).map_err(|error| Error::internal(error.to_string()))?
            }
        };
        let untold = self.untold(table, passing)?;
        let told = self.rate.admit(untold.num_rows());
        // The newest of a batch are its last.
        let shown = untold.slice(untold.num_rows() - told, told);
        let wanted: Vec<usize> = columns(table).filter_map(|name| shown.schema().index_of(name).ok()).collect();
        let shown = shown.project(&wanted).map_err(|error| Error::internal(error.to_string()))?;
        Ok(row_objects(&shown)?.into_iter().map(|object| activity_row(table, object)).collect())
    }

    /// Without the rows that were among the first.
    fn untold(&self, table: Table, batch: RecordBatch) -> Result<RecordBatch, Error> {
        if self.told.is_empty() {
            return Ok(batch);
        }
        let seqs = batch.column_by_name("seq").and_then(|seqs| seqs.as_primitive_opt::<Int64Type>());
        let seqs = seqs.ok_or_else(|| Error::internal("published rows have no seq"))?;
        let is_new = |row: usize| seqs.is_null(row) || !self.told.contains(&(table.code(), seqs.value(row)));
        let keep: arrow::array::BooleanArray = (0..batch.num_rows()).map(|row| Some(is_new(row))).collect();
        filter_record_batch(&batch, &keep).map_err(|error| Error::internal(error.to_string()))
    }
}

/// How many rows may still be told in this second, and how many were not.
struct Rate {
    world: World,
    rows_max: usize,
    began: Instant,
    told: usize,
    skipped: u64,
    /// When the first of the skipped came.
    skipped_since: Instant,
}

impl Rate {
    fn new(world: World, rows_max: usize) -> Rate {
        let began = world.instant();
        Rate { world, rows_max, began, told: 0, skipped: 0, skipped_since: began }
    }

    /// How many of so many rows may be told now; the others count as skipped.
    fn admit(&mut self, rows: usize) -> usize {
        let now = self.world.instant();
        if now.since(self.began) >= WINDOW {
            (self.began, self.told) = (now, 0);
        }
        let told = rows.min(self.rows_max - self.told);
        self.told += told;
        if self.skipped == 0 {
            self.skipped_since = now;
        }
        self.skipped += (rows - told) as u64;
        told
    }

    /// How long until the number of skipped rows is due, if there are any.
    fn until_told(&self) -> Option<Duration> {
        (self.skipped > 0).then(|| WINDOW.saturating_sub(self.world.instant().since(self.skipped_since)))
    }

    fn take_skipped(&mut self) -> u64 {
        std::mem::take(&mut self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use whodunit_stdx::Timestamp;

    use super::*;

    #[test]
    fn past_the_rate_rows_are_counted_until_the_second_is_over() {
        let (world, clock) = World::seeded(1, Timestamp(0));
        let mut rate = Rate::new(world, 50);
        assert_eq!((rate.admit(40), rate.until_told()), (40, None));
        assert_eq!(rate.admit(100), 10);
        assert_eq!((rate.until_told(), rate.admit(5)), (Some(WINDOW), 0));
        clock.advance(WINDOW);
        assert_eq!((rate.until_told(), rate.take_skipped()), (Some(Duration::ZERO), 95));
        assert_eq!((rate.admit(60), rate.until_told()), (50, Some(WINDOW)));
    }

    #[test]
    fn parameters_have_bounds_and_unknown_ones_are_refused() {
        let parse = |name: &str, value: &str| ActivityRequest::parse(&[(name.to_owned(), value.to_owned())]);
        assert_eq!(parse("only", "errors").expect("fine").only, Only::Errors);
        assert_eq!(parse("rate_max", "1000").expect("fine").rate_max, 1000);
        for (name, value) in [("only", "some"), ("rate_max", "0"), ("backlog", "1001"), ("level", "error")] {
            assert_eq!(parse(name, value).expect_err(value).field.as_deref(), Some(name));
        }
    }
}
