//! Histograms without touching rows: `COUNT(*)` by minute or coarser, service, level and project.
//!
//! Every list page draws one, and each segment holds its counts by (minute, service, level). The rule replaces the
//! scan below such an aggregate by a table of counted minutes, and `COUNT(*)` by the sum of the counts. What no
//! roll-up counts is read as rows and counts one each: the buffer, segments of intents, and the minutes at both ends
//! of a range that does not start or end with a minute. The answers are equal by construction, and by test.

mod counted;

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::catalog::default_table_source::provider_as_source;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ScalarValue};
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::expr::{AggregateFunction, ScalarFunction};
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{
    Aggregate, Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, Projection, TableScan, lit,
};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;
use whodunit_store::segment::rollup::level_column;

use crate::newest::signal_table;
use crate::table::{SignalTable, TimeRange};
use counted::CountedTable;

/// The signal table that a provider of counts counts, and over which range.
pub fn counted_table(provider: &dyn TableProvider) -> Option<(Table, TimeRange)> {
    provider.downcast_ref::<CountedTable>().map(|counted| (counted.table(), counted.range()))
}

/// The column of counts.
pub const ROWS: &str = "__rows";

/// The rule.
#[derive(Debug, Default)]
pub struct CountByRollup;

impl OptimizerRule for CountByRollup {
    fn name(&self) -> &str {
        "count_by_rollup"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Aggregate(aggregate) = &plan else { return Ok(Transformed::no(plan)) };
        match Counting::of(aggregate)? {
            Some(counting) => counting.plan(aggregate).map(Transformed::yes),
            None => Ok(Transformed::no(plan)),
        }
    }
}

/// An aggregate that counted minutes can answer.
struct Counting<'a> {
    table: &'a SignalTable,
    scan: &'a TableScan,
    range: TimeRange,
    /// Filters on anything but time.
    filters: Vec<Expr>,
    groups: Vec<Expr>,
    /// Per `COUNT(*)` the condition under which it counts.
    counts: Vec<Option<Expr>>,
}

impl<'a> Counting<'a> {
    fn of(aggregate: &'a Aggregate) -> Result<Option<Counting<'a>>> {
        let Some(below) = Below::of(&aggregate.input)? else { return Ok(None) };
        let Some(table) = signal_table(below.plan) else { return Ok(None) };
        let LogicalPlan::TableScan(scan) = below.plan else { return Ok(None) };
        if scan.fetch.is_some() {
            return Ok(None);
        }
        let columns = Counted { level: level_column(table.table()) };
        let mut range = TimeRange::ALL;
        let mut filters = Vec::new();
        // The scan's own filters are inexact copies of those above it, unless there is nothing above.
        for filter in below.filters.iter().chain(&scan.filters) {
            for part in split_conjunction(filter) {
                match TimeRange::of(part) {
                    Some(more) => range = range.and(more),
                    None if !columns.holds(part) => return Ok(None),
                    None if filters.contains(part) => {}
                    None => filters.push(part.clone()),
                }
            }
        }
        if aggregate.group_expr.is_empty() && filters.is_empty() && range == TimeRange::ALL {
            // The manifest knows the total.
            return Ok(None);
        }
        let groups: Vec<Expr> = aggregate.group_expr.iter().map(|group| below.resolve(group)).collect::<Result<_>>()?;
        if !groups.iter().all(|group| columns.holds(group)) {
            return Ok(None);
        }
        let mut counts = Vec::new();
        for expression in &aggregate.aggr_expr {
            let Some(condition) = counted_when(expression) else { return Ok(None) };
            let condition = condition.map(|condition| below.resolve(condition)).transpose()?;
            if condition.as_ref().is_some_and(|condition| !columns.holds(condition)) {
                return Ok(None);
            }
            counts.push(condition);
        }
        Ok((!counts.is_empty()).then_some(Counting { table, scan, range, filters, groups, counts }))
    }

    fn plan(self, aggregate: &Aggregate) -> Result<LogicalPlan> {
        let provider = CountedTable::new(self.table.clone(), self.range);
        let mut builder =
            LogicalPlanBuilder::scan(self.scan.table_name.clone(), provider_as_source(Arc::new(provider)), None)?;
        if let Some(filter) = conjunction(self.filters) {
            builder = builder.filter(filter)?;
        }
        let rows = Expr::Column(Column::new(Some(self.scan.table_name.clone()), ROWS));
        let sums = self.counts.into_iter().map(|condition| match condition {
            Some(condition) => sum(rows.clone()).filter(condition).build(),
            None => Ok(sum(rows.clone())),
        });
        let sums: Vec<Expr> = sums.collect::<Result<_>>()?;
        let inner = Aggregate::try_new(Arc::new(builder.build()?), self.groups, sums)?;
        // The same columns as before, under their names; no row at all sums up to null, but counts as 0.
        let outputs = inner.schema.iter().zip(aggregate.schema.iter()).enumerate();
        let expressions = outputs.map(|(index, (held, (qualifier, field)))| {
            let column = Expr::Column(Column::from(held));
            let value = if index < aggregate.group_expr.len() { column } else { coalesce(vec![column, lit(0i64)]) };
            value.alias_qualified(qualifier.cloned(), field.name())
        });
        let expressions: Vec<Expr> = expressions.collect();
        let projection = Projection::try_new(expressions, Arc::new(LogicalPlan::Aggregate(inner)))?;
        Ok(LogicalPlan::Projection(projection))
    }
}

/// What lies between the aggregate and the scan: projections and filters.
struct Below<'a> {
    plan: &'a LogicalPlan,
    filters: Vec<Expr>,
    /// What the columns that the aggregate sees are in terms of the scan.
    columns: Option<HashMap<Column, Expr>>,
}

impl<'a> Below<'a> {
    fn of(plan: &'a LogicalPlan) -> Result<Option<Below<'a>>> {
        match plan {
            LogicalPlan::TableScan(_) => Ok(Some(Below { plan, filters: Vec::new(), columns: None })),
            LogicalPlan::Filter(filter) => {
                let Some(mut below) = Below::of(&filter.input)? else { return Ok(None) };
                let condition = below.resolve(&filter.predicate)?;
                below.filters.push(condition);
                Ok(Some(below))
            }
            LogicalPlan::Projection(projection) => {
                let Some(mut below) = Below::of(&projection.input)? else { return Ok(None) };
                let mut columns = HashMap::new();
                for ((qualifier, field), expression) in projection.schema.iter().zip(&projection.expr) {
                    let column = Column::new(qualifier.cloned(), field.name());
                    columns.insert(column, below.resolve(expression)?.unalias());
                }
                below.columns = Some(columns);
                Ok(Some(below))
            }
            LogicalPlan::SubqueryAlias(alias) => {
                let Some(mut below) = Below::of(&alias.input)? else { return Ok(None) };
                let mut columns = HashMap::new();
                for (outer, inner) in alias.schema.iter().zip(alias.input.schema().iter()) {
                    columns.insert(Column::from(outer), below.resolve(&Expr::Column(Column::from(inner)))?);
                }
                below.columns = Some(columns);
                Ok(Some(below))
            }
            _ => Ok(None),
        }
    }

    fn resolve(&self, expression: &Expr) -> Result<Expr> {
        let Some(columns) = &self.columns else { return Ok(expression.clone()) };
        let replace = |expression: Expr| match &expression {
            Expr::Column(column) => Ok(match columns.get(column) {
                Some(inner) => Transformed::yes(inner.clone()),
                None => Transformed::no(expression),
            }),
            _ => Ok(Transformed::no(expression)),
        };
        expression.clone().transform_up(replace).data()
    }
}

/// The condition of a `COUNT(*)`; `None` if the expression is something else.
fn counted_when(expression: &Expr) -> Option<Option<&Expr>> {
    let Expr::AggregateFunction(AggregateFunction { func, params }) = unaliased(expression) else { return None };
    let counts_rows = match params.args.as_slice() {
        [] => true,
        [Expr::Literal(value, _)] => !value.is_null(),
        [Expr::Column(column)] => matches!(column.name.as_str(), "time" | "received_at"),
        _ => false,
    };
    let plain = func.name() == "count" && !params.distinct && params.order_by.is_empty() && counts_rows;
    plain.then_some(params.filter.as_deref())
}

fn unaliased(expression: &Expr) -> &Expr {
    match expression {
        Expr::Alias(alias) => unaliased(&alias.expr),
        other => other,
    }
}

/// The columns of counted minutes.
struct Counted {
    level: Option<&'static str>,
}

impl Counted {
    /// Whether the expression has the same value for a row and for the minute that counts it.
    fn holds(&self, expression: &Expr) -> bool {
        let mut holds = true;
        let visited = expression.apply(|part| {
            Ok(match part {
                Expr::Column(column) if self.has(&column.name) => TreeNodeRecursion::Continue,
                Expr::ScalarFunction(call) if coarser_than_minute(call) => TreeNodeRecursion::Jump,
                Expr::ScalarFunction(call)
                    if call.func.signature().volatility != datafusion::logical_expr::Volatility::Immutable =>
                {
                    holds = false;
                    TreeNodeRecursion::Stop
                }
                Expr::Column(_) | Expr::AggregateFunction(_) | Expr::WindowFunction(_) => {
                    holds = false;
                    TreeNodeRecursion::Stop
                }
                Expr::OuterReferenceColumn(..) | Expr::ScalarSubquery(_) | Expr::InSubquery(_) | Expr::Exists(_) => {
                    holds = false;
                    TreeNodeRecursion::Stop
                }
                _ => TreeNodeRecursion::Continue,
            })
        });
        visited.is_ok() && holds
    }

    fn has(&self, column: &str) -> bool {
        matches!(column, "service" | "project") || self.level == Some(column)
    }
}

/// `date_trunc`, `date_bin` and `date_part` of `time` that see no more of it than its minute.
fn coarser_than_minute(call: &ScalarFunction) -> bool {
    let is_time = |expression: Option<&Expr>| matches!(expression, Some(Expr::Column(column)) if column.name == "time");
    let literal = |expression: Option<&Expr>| match expression {
        Some(Expr::Literal(value, _)) => Some(value.clone()),
        _ => None,
    };
    match call.func.name() {
        "date_trunc" | "date_part" => {
            const UNITS: [&str; 8] = ["minute", "hour", "day", "week", "month", "quarter", "year", "dow"];
            let unit = literal(call.args.first());
            let unit = unit.as_ref().and_then(|unit| unit.try_as_str().flatten()).map(str::to_lowercase);
            unit.is_some_and(|unit| UNITS.contains(&unit.as_str())) && call.args.len() == 2 && is_time(call.args.get(1))
        }
        "date_bin" => {
            let width = literal(call.args.first()).and_then(|width| whole_minutes(&width));
            let origin = match call.args.get(2) {
                None => true,
                some => literal(some).is_some_and(|origin| starts_a_minute(&origin)),
            };
            width.is_some() && origin && is_time(call.args.get(1))
        }
        _ => false,
    }
}

/// The interval if it is of minutes only; months differ in length and are left to the slow way.
fn whole_minutes(interval: &ScalarValue) -> Option<i64> {
    let nanos = match interval {
        ScalarValue::IntervalMonthDayNano(Some(value)) if value.months == 0 => {
            i64::from(value.days).checked_mul(Timestamp::NANOS_PER_DAY)?.checked_add(value.nanoseconds)?
        }
        ScalarValue::IntervalDayTime(Some(value)) => {
            let millis = i64::from(value.milliseconds).checked_mul(1_000_000)?;
            i64::from(value.days).checked_mul(Timestamp::NANOS_PER_DAY)?.checked_add(millis)?
        }
        _ => return None,
    };
    (nanos > 0 && nanos % Timestamp::NANOS_PER_MINUTE == 0).then_some(nanos)
}

fn starts_a_minute(origin: &ScalarValue) -> bool {
    use arrow::datatypes::{DataType, TimeUnit};
    let DataType::Timestamp(_, zone) = origin.data_type() else { return false };
    match origin.cast_to(&DataType::Timestamp(TimeUnit::Nanosecond, zone)) {
        Ok(ScalarValue::TimestampNanosecond(Some(nanos), _)) => nanos % Timestamp::NANOS_PER_MINUTE == 0,
        _ => false,
    }
}
