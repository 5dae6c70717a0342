//! Lists of audit entries, log lines and errors: filters, newest first, pages, facets and a histogram.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use datafusion::catalog::default_table_source::provider_as_source;
use datafusion::common::ScalarValue;
use datafusion::functions::datetime::expr_fn::date_bin;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr, lit};
use serde_json::Value;
use whodunit_api::query::{Bucket, Facet, FacetValue, Histogram, ListAnswer};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;
use whodunit_store::segment::rollup::level_column;

use crate::cursor::{Cursor, Direction};
use crate::engine::{Asking, Engine};
use crate::error::Error;
use crate::filter::{self, Filters, FreeText, at, column};
use crate::format::{row_objects, time_text};
use crate::issue_scope::IssueScope;
use crate::searched::searched;
use crate::statement::Mentions;
use crate::table::{SignalTable, TimeRange};
use crate::time;
use crate::visibility::Visibility;

pub const LIST_ROWS_DEFAULT: usize = 100;
pub const LIST_ROWS_MAX: usize = 1000;
pub const FACETS_MAX: usize = 20;
pub const FACET_VALUES_MAX: usize = 10;
/// Buckets of a histogram unless it is asked for with a number of them.
const BUCKETS_DEFAULT: i64 = 60;
/// The most that it may be asked for with.
pub const BUCKETS_MAX: usize = 500;

/// Columns that a list leaves out: they are for proofs and machines, and SQL has them.
const LEFT_OUT: &[&str] = &["salt"];
/// Columns that a page leaves out as well: one row may have a mebibyte of each, and the single event or file has them.
fn left_out_of_pages(table: Table) -> &'static [&'static str] {
    match table {
        Table::ErrorEvents => &["contexts", "request", "breadcrumbs", "exception", "raw"],
        Table::Attachments => &["data"],
        _ => &[],
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRequest {
    pub table: Table,
    pub from: Option<Timestamp>,
    /// Not included.
    pub to: Option<Timestamp>,
    pub filters: Filters,
    pub limit: usize,
    pub cursor: Option<Cursor>,
    pub direction: Direction,
    pub facets: Vec<String>,
    pub histogram: Wanted,
    /// About so many buckets, all of the range, also those without rows; if left out, only those with rows.
    pub buckets: Option<usize>,
    /// Of errors: what is laid over their issues.
    pub issues: Option<Arc<IssueScope>>,
}

/// Whether a part of the answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Yes,
    No,
}

impl ListRequest {
    /// Everything that passes the filters.
    pub fn of(table: Table, filters: Filters) -> ListRequest {
        ListRequest {
            table,
            from: None,
            to: None,
            filters,
            limit: LIST_ROWS_DEFAULT,
            cursor: None,
            direction: Direction::NewestFirst,
            facets: Vec::new(),
            histogram: Wanted::No,
            buckets: None,
            issues: None,
        }
    }

    /// From the parameters of a URL, in order.
    pub fn parse(table: Table, parameters: &[(String, String)], now: Timestamp) -> Result<ListRequest, Error> {
        let mut request = ListRequest::of(table, Filters::default());
        for (name, value) in parameters {
            let wrong =
                |what: &str| Error::invalid(format!("{name} is {what}, not {value:?}")).with_field(name.clone());
            match name.as_str() {
                "from" => request.from = Some(time::parse(value, now).ok_or_else(|| wrong("a time"))?),
                "to" => request.to = Some(time::parse(value, now).ok_or_else(|| wrong("a time"))?),
                "q" => request.filters.text = FreeText::parse(value),
                "limit" => request.limit = parse_limit(value, LIST_ROWS_MAX)?,
                "cursor" => request.cursor = Some(Cursor::decode(value)?),
                "facets" => request.facets.extend(value.split(',').filter(|name| !name.is_empty()).map(str::to_owned)),
                "histogram" => request.histogram = parse_wanted(value).ok_or_else(|| wrong("true or false"))?,
                "buckets" => request.buckets = Some(parse_number(name, value, 1, BUCKETS_MAX)?),
                "direction" if value == "asc" => request.direction = Direction::OldestFirst,
                "direction" if value == "desc" => request.direction = Direction::NewestFirst,
                // Also an attribute `direction` with values of its own.
                _ => request.filters.add(name, value)?,
            }
        }
        if request.facets.len() > FACETS_MAX {
            return Err(Error::invalid(format!("more than {FACETS_MAX} facets"))
                .with_field("facets")
                .with_limit("facets"));
        }
        Ok(request)
    }

    /// Both ends of the range, set if they were left open: up to now, and as long before it as `length`.
    pub(crate) fn bounded(&mut self, now: Timestamp, length: Duration) -> (Timestamp, Timestamp) {
        let to = *self.to.get_or_insert(now.saturating_add(Duration::from_nanos(1)));
        let from = *self.from.get_or_insert(to.saturating_sub(length));
        (from, to)
    }

    pub(crate) fn range(&self) -> TimeRange {
        TimeRange {
            from: self.from.map_or(i64::MIN, Timestamp::nanos),
            to: self.to.map_or(i64::MAX, |to| to.nanos().saturating_sub(1)),
        }
    }
}

/// A number of rows from 1 to `most`.
pub fn parse_limit(value: &str, most: usize) -> Result<usize, Error> {
    parse_number("limit", value, 1, most)
}

/// The value of a parameter that is a number within bounds.
pub fn parse_number(name: &str, value: &str, least: usize, most: usize) -> Result<usize, Error> {
    let number = value.parse::<usize>().ok().filter(|number| (least..=most).contains(number));
    let wrong = || format!("{name} is a number from {least} to {most}, not {value:?}");
    number.ok_or_else(|| Error::invalid(wrong()).with_field(name))
}

/// `true`, `1` or nothing; `false` or `0`.
pub fn parse_wanted(value: &str) -> Option<Wanted> {
    match value {
        "true" | "1" | "" => Some(Wanted::Yes),
        "false" | "0" => Some(Wanted::No),
        _ => None,
    }
}

impl Engine {
    /// One page of audit entries, log lines or errors, newest first.
    pub async fn list(&self, request: ListRequest, visibility: &Visibility) -> Result<ListAnswer, Error> {
        let ground = self.ground(&request, visibility).await?;
        let (question, asking) = (ground.question(self, &request), &ground.asking);
        let (rows, next) = question.page().await?;
        let mut facets = Vec::with_capacity(request.facets.len());
        for name in &request.facets {
            facets.push(question.facet(name).await?);
        }
        let wants_histogram = request.histogram == Wanted::Yes || request.buckets.is_some();
        let histogram = if wants_histogram { Some(question.histogram().await?) } else { None };
        let mut statistics = asking.statistics(self.world(), &[request.table]);
        statistics.rows = rows.len() as u64;
        if rows.is_empty() {
            statistics.searched = Some(searched(&asking.source, &[(request.table, request.range())]));
        }
        Ok(ListAnswer { rows, next, facets, histogram, statistics })
    }

    /// What a question about the rows of a list stands on.
    ///
    /// # Errors
    /// The caller may not read the table, or a filter names a column that is not there.
    pub(crate) async fn ground(&self, request: &ListRequest, visibility: &Visibility) -> Result<Ground, Error> {
        visibility.require(request.table)?;
        let asking = self.ask(visibility, &Mentions::default(), self.settings().limits).await?;
        let names = request.filters.column_names().chain(request.facets.iter().map(String::as_str));
        let table = SignalTable::new(asking.source.clone(), request.table, &Mentions::of(names).with_star());
        let condition = request.filters.expression(request.table, &table.schema, self.world().now())?;
        Ok(Ground { asking, table, condition })
    }
}

/// The rows as they are now, with every column, and the condition that the filters are.
pub(crate) struct Ground {
    pub asking: Asking,
    table: SignalTable,
    condition: Option<Expr>,
}

impl Ground {
    pub fn question<'g>(&'g self, engine: &'g Engine, request: &'g ListRequest) -> ListQuestion<'g> {
        let condition = self.condition.clone();
        ListQuestion { engine, asking: &self.asking, request, table: &self.table, condition }
    }
}

/// A list that is being answered.
pub(crate) struct ListQuestion<'a> {
    pub engine: &'a Engine,
    pub asking: &'a Asking,
    pub request: &'a ListRequest,
    pub table: &'a SignalTable,
    pub condition: Option<Expr>,
}

type JsonRow = serde_json::Map<String, Value>;

impl ListQuestion<'_> {
    /// The rows that are asked for, in no order.
    pub fn filtered(&self) -> Result<LogicalPlanBuilder, Error> {
        let source = provider_as_source(Arc::new(self.table.clone()));
        let mut plan = LogicalPlanBuilder::scan(self.request.table.name(), source, None)?;
        let scope = self.request.issues.iter().flat_map(IssueScope::conditions);
        for condition in time_conditions(self.request.range()).into_iter().chain(self.condition.clone()).chain(scope) {
            plan = plan.filter(condition)?;
        }
        Ok(plan)
    }

    pub async fn collect(&self, plan: LogicalPlan) -> Result<Vec<RecordBatch>, Error> {
        let rows = self.engine.run(self.asking, plan, self.engine.settings().limits).await?;
        Ok(rows.collect().await?.0)
    }

    /// Names of the columns that a list shows.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        let names = self.table.schema.fields().iter().map(|field| field.name().as_str());
        names.filter(|name| !LEFT_OUT.contains(name))
    }

    /// At most `most` rows that follow the cursor, with all columns.
    pub fn page_after(&self, cursor: Option<Cursor>, most: usize) -> Result<LogicalPlan, Error> {
        self.rows_after(cursor, most, self.shown())
    }

    fn rows_after<'n>(
        &self,
        cursor: Option<Cursor>,
        most: usize,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<LogicalPlan, Error> {
        let mut plan = self.filtered()?;
        if let Some(cursor) = cursor {
            plan = plan.filter(beyond(cursor, self.request.direction))?;
        }
        let columns: Vec<Expr> = names.map(column).collect();
        Ok(plan.project(columns)?.sort(order(self.request.direction))?.limit(0, Some(most))?.build()?)
    }

    async fn page(&self) -> Result<(Vec<JsonRow>, Option<String>), Error> {
        let left_out = left_out_of_pages(self.request.table);
        let names = self.shown().filter(|name| !left_out.contains(name));
        let plan = self.rows_after(self.request.cursor, self.request.limit + 1, names)?;
        let batches = self.collect(plan).await?;
        let mut rows = Vec::new();
        let mut places = Vec::new();
        for batch in &batches {
            rows.extend(row_objects(batch)?);
            places.extend(places_of(batch, self.request.table)?);
        }
        let more = rows.len() > self.request.limit;
        rows.truncate(self.request.limit);
        let next = more.then(|| places[self.request.limit - 1].encode());
        Ok((rows, next))
    }

    async fn facet(&self, name: &str) -> Result<Facet, Error> {
        let subject = filter::subject(name, self.request.table, &self.table.schema)?;
        let counted = count(lit(1i64)).alias("rows");
        let plan = self
            .filtered()?
            .aggregate(vec![subject.expression.alias_if_changed(subject.name.clone())?], vec![counted])?
            .sort(vec![column("rows").sort(false, false), column(&subject.name).sort(true, false)])?
            .limit(0, Some(FACET_VALUES_MAX))?
            .build()?;
        let mut values = Vec::new();
        for batch in self.collect(plan).await? {
            let counts = counts_of(&batch, 1)?;
            for (row, count) in row_objects(&batch)?.into_iter().zip(counts) {
                values.push(FacetValue { value: row.get(&subject.name).cloned().unwrap_or(Value::Null), count });
            }
        }
        Ok(Facet { column: name.to_owned(), values })
    }

    async fn histogram(&self) -> Result<Histogram, Error> {
        let range = self.charted();
        let width = bucket_seconds(range, self.request.buckets.map_or(BUCKETS_DEFAULT, |most| most as i64));
        let by = level_column(self.request.table);
        let nanos = width.saturating_mul(Timestamp::NANOS_PER_SECOND);
        let interval = lit(ScalarValue::new_interval_mdn(0, 0, nanos));
        let bucket = date_bin(interval, column("time"), at(Timestamp(0))).alias("bucket");
        let groups = std::iter::once(bucket).chain(by.map(column)).collect::<Vec<_>>();
        let plan = self
            .filtered()?
            .aggregate(groups, vec![count(lit(1i64)).alias("rows")])?
            .sort(vec![column("bucket").sort(true, false)])?
            .build()?;
        let mut buckets: BTreeMap<i64, BTreeMap<String, u64>> = BTreeMap::new();
        let mut total = 0;
        for batch in self.collect(plan).await? {
            let times = batch.column(0).as_primitive::<TimestampNanosecondType>();
            let levels = by.map(|_| batch.column(1).as_string_view());
            for (row, count) in counts_of(&batch, batch.num_columns() - 1)?.into_iter().enumerate() {
                let level = levels.filter(|levels| levels.is_valid(row)).map_or("", |levels| levels.value(row));
                *buckets.entry(times.value(row)).or_default().entry(level.to_owned()).or_default() += count;
                total += count;
            }
        }
        if self.request.buckets.is_some() && (total > 0 || self.request.from.is_some()) {
            for time in starts(range, nanos) {
                buckets.entry(time).or_default();
            }
        }
        let bucket = |(time, counts)| Bucket { time: time_text(time), counts };
        Ok(Histogram {
            bucket_seconds: width.unsigned_abs(),
            by: by.unwrap_or_default().to_owned(),
            buckets: buckets.into_iter().map(bucket).collect(),
            total,
        })
    }

    /// What a histogram covers: with a number of buckets the whole range that was asked for, otherwise what is known
    /// to have rows.
    fn charted(&self) -> TimeRange {
        let known = self.extent();
        if self.request.buckets.is_none() {
            return known;
        }
        let asked = self.request.range();
        let from = if self.request.from.is_some() { asked.from } else { known.from };
        let open = if self.request.from.is_some() { self.engine.world().now().nanos() } else { known.to };
        TimeRange { from, to: if self.request.to.is_some() { asked.to } else { open.max(from) } }
    }

    /// The times between which there can be rows, as far as is known without reading.
    fn extent(&self) -> TimeRange {
        let source = &self.asking.source;
        let mut known: Option<TimeRange> = None;
        let mut widen = |from: i64, to: i64| {
            known = Some(known.map_or(TimeRange { from, to }, |known| TimeRange {
                from: known.from.min(from),
                to: known.to.max(to),
            }));
        };
        for segment in source.snapshot.segments(self.request.table) {
            if source.visibility.sees_project(&segment.project) {
                widen(segment.min_time.nanos(), segment.max_time.nanos());
            }
        }
        for (project, batch) in source.snapshot.buffered(self.request.table) {
            let times =
                batch.column_by_name("time").and_then(|time| time.as_primitive_opt::<TimestampNanosecondType>());
            if let Some(times) = times.filter(|_| source.visibility.sees_project(&project)) {
                times.values().iter().for_each(|time| widen(*time, *time));
            }
        }
        self.request.range().and(known.unwrap_or(TimeRange { from: 0, to: 0 }))
    }
}

/// A range as filters, none where it is open.
pub fn time_conditions(range: TimeRange) -> Vec<Expr> {
    let from = (range.from != i64::MIN).then(|| column("time").gt_eq(at(Timestamp(range.from))));
    let to = (range.to != i64::MAX).then(|| column("time").lt_eq(at(Timestamp(range.to))));
    from.into_iter().chain(to).collect()
}

/// Rows in the order of pages.
pub(crate) fn order(direction: Direction) -> Vec<SortExpr> {
    let ascending = direction == Direction::OldestFirst;
    ["time", "seq"].map(|name| column(name).sort(ascending, !ascending)).to_vec()
}

/// Rows after the cursor in the order of pages. The first half alone prunes segments.
pub(crate) fn beyond(cursor: Cursor, direction: Direction) -> Expr {
    let time = || at(Timestamp(cursor.time));
    let same_time = || column("time").eq(time());
    match direction {
        Direction::NewestFirst => {
            let tie = same_time().and(column("seq").lt(lit(cursor.seq)));
            column("time").lt_eq(time()).and(column("time").lt(time()).or(tie))
        }
        Direction::OldestFirst => {
            let tie = same_time().and(column("seq").gt(lit(cursor.seq)));
            column("time").gt_eq(time()).and(column("time").gt(time()).or(tie))
        }
    }
}

/// The place of every row of a batch.
pub fn places_of(batch: &RecordBatch, table: Table) -> Result<Vec<Cursor>, Error> {
    let missing = || Error::internal("rows of a page have no time or seq");
    let times = batch.column_by_name("time").and_then(|time| time.as_primitive_opt::<TimestampNanosecondType>());
    let seqs = batch.column_by_name("seq").and_then(|seq| seq.as_primitive_opt::<Int64Type>());
    let (times, seqs) = (times.ok_or_else(missing)?, seqs.ok_or_else(missing)?);
    let place = |row| Cursor { time: times.value(row), table: table.code(), seq: seqs.value(row) };
    Ok((0..batch.num_rows()).map(place).collect())
}

fn counts_of(batch: &RecordBatch, index: usize) -> Result<Vec<u64>, Error> {
    let counts =
        batch.column(index).as_primitive_opt::<Int64Type>().ok_or_else(|| Error::internal("counts are no numbers"))?;
    Ok(counts.values().iter().map(|count| count.unsigned_abs()).collect())
}

/// Starts of all buckets that reach into the range.
pub fn starts(range: TimeRange, nanos: i64) -> impl Iterator<Item = i64> {
    let first = range.from.div_euclid(nanos).saturating_mul(nanos);
    std::iter::successors(Some(first), move |start| start.checked_add(nanos))
        .take_while(move |start| *start <= range.to)
}

/// The narrowest round bucket of which about `most` cover the range. Whole minutes are answered by roll-ups.
pub fn bucket_seconds(range: TimeRange, most: i64) -> i64 {
    const WIDTHS: [i64; 20] = [
        1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
        2_592_000, 31_536_000,
    ];
    let seconds = range.to.saturating_sub(range.from).max(0) / Timestamp::NANOS_PER_SECOND;
    let fits = |width: &i64| seconds / width < most;
    WIDTHS.into_iter().find(fits).unwrap_or_else(|| seconds / most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_has_at_most_sixty_buckets() {
        let second = Timestamp::NANOS_PER_SECOND;
        for (seconds, width) in
            [(0, 1), (59, 1), (3599, 60), (3600, 120), (86_399, 1800), (86_400, 1800), (30 * 86_400, 86_400)]
        {
            let width_found = bucket_seconds(TimeRange { from: 0, to: seconds * second }, BUCKETS_DEFAULT);
            assert_eq!(width_found, width, "{seconds}");
        }
    }

    #[test]
    fn buckets_cover_the_range_whatever_their_number() {
        let second = Timestamp::NANOS_PER_SECOND;
        let hour = TimeRange { from: -90 * second, to: 3510 * second - 1 };
        for (most, width, count) in [(1, 3600, 2), (12, 300, 13), (60, 60, 61), (500, 10, 360)] {
            let found = bucket_seconds(hour, most);
            let starts: Vec<i64> = starts(hour, found * second).collect();
            assert_eq!((found, starts.len()), (width, count), "{most}");
            assert!(starts[0] <= hour.from && starts.iter().all(|start| start % (found * second) == 0));
        }
        assert_eq!(starts(TimeRange { from: 5, to: 3 }, 10).count(), 1);
        assert_eq!(starts(TimeRange { from: 15, to: 3 }, 10).count(), 0);
    }

    #[test]
    fn unknown_values_are_named() {
        let parse = |name: &str, value: &str| {
            ListRequest::parse(Table::Logs, &[(name.to_owned(), value.to_owned())], Timestamp(0))
        };
        assert_eq!(parse("limit", "0").expect_err("too few").field.as_deref(), Some("limit"));
        assert_eq!(parse("from", "tomorrow?").expect_err("no time").field.as_deref(), Some("from"));
        assert_eq!(parse("level", "error").expect("fine").filters.columns.len(), 1);
    }
}
