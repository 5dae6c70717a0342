//! The timeline: everything about a person, a thing, a session, a request or a moment, across all signals in time order.
//!
//! Each signal is asked for its rows of the page on its own, and the pages are merged. Rows that have what was asked
//! for also tell the ids of the requests they belong to; rows of any signal with one of these ids join in, one hop
//! and no further, and say so. A guess (only near in time) is always marked as one.

mod row;
mod sentence;
mod request;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use datafusion::catalog::default_table_source::provider_as_source;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};
use whodunit_api::query::{TimelineAnswer, TimelineRow};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;

use crate::cursor::Cursor;
use crate::engine::{Asking, Engine};
use crate::error::Error;
use crate::filter::{at, column};
use crate::format::row_objects;
use crate::list::{Wanted, places_of, time_conditions};
use crate::searched::searched;
use crate::statement::Mentions;
use crate::table::{SignalTable, TimeRange};
use crate::visibility::Visibility;

pub use crate::cursor::Direction;
pub use request::{Around, Keys, TimelineRequest};
use row::Joining;
pub use row::{activity_row, columns, severity_column, summary};

/// Requests whose other rows join; with more, the oldest are left out and the answer is marked partial.
pub const REQUESTS_MAX: usize = 1000;
/// The name of that limit.
pub const LIMIT_REQUESTS: &str = "timeline_requests";

/// Signals of a timeline, in the order of rows that happened at the same nanosecond.
pub const SIGNALS: [Table; 5] = [Table::AuditLogs, Table::Logs, Table::ErrorEvents, Table::SessionEvents, Table::Spans];

/// Ids of requests that direct rows belong to.
#[derive(Debug, Default)]
struct Requests {
    correlation_ids: BTreeSet<String>,
    trace_ids: BTreeSet<Vec<u8>>,
    cut: bool,
}

impl Engine {
    /// One page of the timeline.
    pub async fn timeline(&self, request: TimelineRequest, visibility: &Visibility) -> Result<TimelineAnswer, Error> {
        request.check()?;
        let limits = self.settings().limits;
        let asking = self.ask(visibility, &Mentions::default(), limits).await?;
        let tables: Vec<Table> = SIGNALS
            .into_iter()
            .filter(|table| request.signals.is_empty() || request.signals.contains(table))
            .filter(|table| visibility.reads(*table))
            .collect();
        if tables.is_empty() {
            visibility.require(request.signals.first().copied().unwrap_or(Table::Logs))?;
        }
        let mut question = Question {
            engine: self,
            asking: &asking,
            request: &request,
            range: request.range(),
            keys: request.keys.clone(),
        };
        let mut requests = Requests::default();
        if let Some(around) = &request.around {
            question.look_around(around, visibility, &mut requests).await?;
        }
        if request.expand == Wanted::Yes && !question.keys.is_empty() {
            let readable = SIGNALS.into_iter().filter(|table| visibility.reads(*table));
            question.find_requests(readable, &mut requests).await?;
        }
        let (rows, next) = question.page(&tables, &requests).await?;
        let mut statistics = asking.statistics(self.world(), &tables);
        statistics.rows = rows.len() as u64;
        statistics.partial = requests.cut;
        statistics.limit = requests.cut.then(|| LIMIT_REQUESTS.to_owned());
        if rows.is_empty() {
            let ranges: Vec<_> = tables.iter().map(|table| (*table, question.range)).collect();
            statistics.searched = Some(searched(&asking.source, &ranges));
        }
        Ok(TimelineAnswer { rows, next, statistics })
    }
}

struct Question<'a> {
    engine: &'a Engine,
    asking: &'a Asking,
    request: &'a TimelineRequest,
    range: TimeRange,
    keys: Keys,
}

impl Question<'_> {
    fn scan(&self, table: Table) -> Result<LogicalPlanBuilder, Error> {
        let provider = SignalTable::new(self.asking.source.clone(), table, &Mentions::default());
        let mut plan = LogicalPlanBuilder::scan(table.name(), provider_as_source(Arc::new(provider)), None)?;
        for condition in time_conditions(self.range) {
            plan = plan.filter(condition)?;
        }
        Ok(plan)
    }

    async fn collect(&self, plan: LogicalPlan) -> Result<Vec<RecordBatch>, Error> {
        Ok(self.engine.run(self.asking, plan, self.engine.settings().limits).await?.collect().await?.0)
    }

    /// Turns `around` into a range of time and, for an entry, into the request it belongs to.
    async fn look_around(
        &mut self,
        around: &Around,
        visibility: &Visibility,
        requests: &mut Requests,
    ) -> Result<(), Error> {
        let time = match around {
            Around::Time(time) => *time,
            Around::Entry(id) => {
                visibility.require(Table::AuditLogs)?;
                let plan = self.scan(Table::AuditLogs)?.filter(column("id").eq(lit(id.as_str())))?;
                let columns = ["time", "correlation_id", "trace_id"].map(column);
                let batches = self.collect(plan.project(columns)?.limit(0, Some(1))?.build()?).await?;
                let entry = batches.first().ok_or_else(|| {
                    Error::new(whodunit_stdx::ErrorKind::NotFound, format!("no audit entry has the id {id}"))
                        .with_field("around")
                })?;
                requests.add(entry);
                let times = entry.column(0).as_primitive::<arrow::datatypes::TimestampNanosecondType>();
                Timestamp(times.value(0))
            }
        };
        let from = time.saturating_sub(self.request.window).nanos();
        let to = time.saturating_add(self.request.window).nanos();
        self.range = self.range.and(TimeRange { from, to });
        Ok(())
    }

    /// The ids of the requests that rows with the asked keys belong to, newest first.
    async fn find_requests(&self, tables: impl Iterator<Item = Table>, requests: &mut Requests) -> Result<(), Error> {
        for table in tables {
            let Some(direct) = self.keys.condition(table) else { continue };
            let has_request = column("correlation_id").is_not_null().or(column("trace_id").is_not_null());
            let plan = self
                .scan(table)?
                .filter(direct)?
                .filter(has_request)?
                .project(["time", "correlation_id", "trace_id"].map(column))?
                .sort(vec![column("time").sort(false, true)])?
                .limit(0, Some(10 * REQUESTS_MAX))?
                .build()?;
            for batch in self.collect(plan).await? {
                requests.add(&batch);
            }
        }
        Ok(())
    }

    async fn page(&self, tables: &[Table], requests: &Requests) -> Result<(Vec<TimelineRow>, Option<String>), Error> {
        let joining =
            Joining::new(&self.keys, &requests.correlation_ids, &requests.trace_ids, self.request.around.is_some());
        let mut rows: Vec<(Cursor, TimelineRow)> = Vec::new();
        for table in tables {
            let Some(plan) = self.page_of(*table, requests)? else { continue };
            for batch in self.collect(plan).await? {
                let objects = row_objects(&batch)?;
                let places = places_of(&batch, *table)?;
                rows.extend(
                    places.into_iter().zip(objects).map(|(place, object)| (place, joining.row(*table, object))),
                );
            }
        }
        match self.request.direction {
            Direction::OldestFirst => rows.sort_by_key(|(place, _)| *place),
            Direction::NewestFirst => rows.sort_by_key(|(place, _)| std::cmp::Reverse(*place)),
        }
        let more = rows.len() > self.request.limit;
        rows.truncate(self.request.limit);
        let next = rows.last().filter(|_| more).map(|(place, _)| place.encode());
        Ok((rows.into_iter().map(|(_, row)| row).collect(), next))
    }

    /// The rows of one signal that may stand on the page.
    fn page_of(&self, table: Table, requests: &Requests) -> Result<Option<LogicalPlan>, Error> {
        let mut plan = self.scan(table)?;
        if !self.keys.is_empty() {
            let any = disjunction(self.keys.condition(table).into_iter().chain(requests.conditions()));
            let Some(any) = any else { return Ok(None) };
            plan = plan.filter(any)?;
        }
        if let Some(cursor) = self.request.cursor {
            plan = plan.filter(after(cursor, table, self.request.direction))?;
        }
        let ascending = self.request.direction == Direction::OldestFirst;
        let order = ["time", "seq"].map(|name| column(name).sort(ascending, !ascending));
        let columns = row::columns(table).map(column);
        let plan = plan.project(columns)?.sort(order)?.limit(0, Some(self.request.limit + 1))?;
        Ok(Some(plan.build()?))
    }
}

/// Rows of one signal beyond the cursor.
fn after(cursor: Cursor, table: Table, direction: Direction) -> Expr {
    let time = || at(Timestamp(cursor.time));
    let (bound, beyond, tie) = match direction {
        Direction::OldestFirst => {
            (column("time").gt_eq(time()), column("time").gt(time()), column("seq").gt(lit(cursor.seq)))
        }
        Direction::NewestFirst => {
            (column("time").lt_eq(time()), column("time").lt(time()), column("seq").lt(lit(cursor.seq)))
        }
    };
    // At the cursor's own time, signals after its signal are still to come and those before it are done.
    let passed = match direction {
        Direction::OldestFirst => table.code() < cursor.table,
        Direction::NewestFirst => table.code() > cursor.table,
    };
    if table.code() == cursor.table {
        bound.and(beyond.or(column("time").eq(time()).and(tie)))
    } else if passed {
        beyond
    } else {
        bound
    }
}

impl Requests {
    fn add(&mut self, batch: &RecordBatch) {
        let (correlations, traces) = (batch.column_by_name("correlation_id"), batch.column_by_name("trace_id"));
        if let Some(correlations) = correlations.and_then(|column| column.as_string_view_opt()) {
            for id in correlations.iter().flatten() {
                if self.correlation_ids.len() < REQUESTS_MAX {
                    self.correlation_ids.insert(id.to_owned());
                } else if !self.correlation_ids.contains(id) {
                    self.cut = true;
                }
            }
        }
        if let Some(traces) = traces.and_then(|column| column.as_fixed_size_binary_opt()) {
            for id in traces.iter().flatten() {
                if self.trace_ids.len() < REQUESTS_MAX {
                    self.trace_ids.insert(id.to_owned());
                } else if !self.trace_ids.contains(id) {
                    self.cut = true;
                }
            }
        }
    }

    fn conditions(&self) -> Vec<Expr> {
        let mut conditions = Vec::new();
        if !self.correlation_ids.is_empty() {
            let ids = self.correlation_ids.iter().map(|id| lit(ScalarValue::Utf8View(Some(id.clone()))));
            conditions.push(column("correlation_id").in_list(ids.collect(), false));
        }
        if !self.trace_ids.is_empty() {
            let ids = self.trace_ids.iter().map(|id| lit(ScalarValue::FixedSizeBinary(16, Some(id.clone()))));
            conditions.push(column("trace_id").in_list(ids.collect(), false));
        }
        conditions
    }
}

/// Conditions that must all hold, or `None` if the table has no such column.
pub(crate) fn all_of(conditions: Vec<Option<Expr>>) -> Option<Expr> {
    conjunction(conditions.into_iter().collect::<Option<Vec<_>>>()?)
}
