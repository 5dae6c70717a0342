//! `ORDER BY time DESC LIMIT n`: tells the scan below to give its newest rows first, so that it can stop early.

use std::sync::Arc;

use datafusion::catalog::default_table_source::{DefaultTableSource, provider_as_source};
use datafusion::common::Column;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

use crate::table::{Order, SignalTable, Ties};

#[derive(Debug, Default)]
pub struct NewestFirst;

impl OptimizerRule for NewestFirst {
    fn name(&self) -> &str {
        "newest_first"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Sort(mut sort) = plan else { return Ok(Transformed::no(plan)) };
        let first = sort.expr.first().filter(|first| !first.asc && sort.fetch.is_some());
        let Some(Expr::Column(column)) = first.map(|first| &first.expr) else {
            return Ok(Transformed::no(LogicalPlan::Sort(sort)));
        };
        let as_stored = match &sort.expr[1..] {
            [] => true,
            [second] => matches!(&second.expr, Expr::Column(second_column)
                if !second.asc && is_column_of_scan(&sort.input, second_column, "seq")),
            _ => false,
        };
        let ties = if as_stored { Ties::AsStored } else { Ties::Ordered };
        match newest(&sort.input, column, Order::NewestFirst { fetch: sort.fetch, ties })? {
            Some(input) => {
                sort.input = Arc::new(input);
                Ok(Transformed::yes(LogicalPlan::Sort(sort)))
            }
            None => Ok(Transformed::no(LogicalPlan::Sort(sort))),
        }
    }
}

/// The signal table behind a scan.
pub fn signal_table(plan: &LogicalPlan) -> Option<&SignalTable> {
    let LogicalPlan::TableScan(scan) = plan else { return None };
    let source = scan.source.downcast_ref::<DefaultTableSource>()?;
    source.table_provider.downcast_ref::<SignalTable>()
}

/// The plan with its scans told, if `column` is their `time`.
fn newest(plan: &LogicalPlan, column: &Column, wanted: Order) -> Result<Option<LogicalPlan>> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            let table = signal_table(plan).filter(|table| column.name == "time" && table.order != wanted);
            Ok(table.map(|table| {
                let mut scan = scan.clone();
                scan.source = provider_as_source(Arc::new(table.with_order(wanted)));
                LogicalPlan::TableScan(scan)
            }))
        }
        // A filter that the scan does not decide may drop any number of its rows.
        LogicalPlan::Filter(_) => replaced(plan, column, Order::NewestFirst { fetch: None, ties: Ties::Ordered }),
        LogicalPlan::SubqueryAlias(_) => replaced(plan, &Column::from_name(&column.name), wanted),
        LogicalPlan::Projection(projection) => {
            let position = projection.schema.maybe_index_of_column(column);
            let inner = position.map(|index| unaliased(&projection.expr[index]));
            match inner {
                Some(Expr::Column(inner)) => replaced(plan, inner, wanted),
                _ => Ok(None),
            }
        }
        LogicalPlan::Union(union) => {
            let inputs: Vec<Option<LogicalPlan>> = union
                .inputs
                .iter()
                .map(|input| newest(input, &Column::from_name(&column.name), wanted))
                .collect::<Result<_>>()?;
            if inputs.iter().all(Option::is_none) {
                return Ok(None);
            }
            let mut union = union.clone();
            for (slot, input) in union.inputs.iter_mut().zip(inputs) {
                if let Some(input) = input {
                    *slot = Arc::new(input);
                }
            }
            Ok(Some(LogicalPlan::Union(union)))
        }
        _ => Ok(None),
    }
}

fn replaced(plan: &LogicalPlan, column: &Column, wanted: Order) -> Result<Option<LogicalPlan>> {
    let inputs = plan.inputs();
    let [input] = inputs.as_slice() else { return Ok(None) };
    match newest(input, column, wanted)? {
        Some(input) => plan.with_new_exprs(plan.expressions(), vec![input]).map(Some),
        None => Ok(None),
    }
}

/// Whether the column is, under whatever name, the scanned column `name` of every row below.
fn is_column_of_scan(plan: &LogicalPlan, column: &Column, name: &str) -> bool {
    match plan {
        LogicalPlan::TableScan(_) => column.name == name,
        LogicalPlan::Filter(filter) => is_column_of_scan(&filter.input, column, name),
        LogicalPlan::SubqueryAlias(alias) => is_column_of_scan(&alias.input, &Column::from_name(&column.name), name),
        LogicalPlan::Projection(projection) => {
            let position = projection.schema.maybe_index_of_column(column);
            match position.map(|index| unaliased(&projection.expr[index])) {
                Some(Expr::Column(inner)) => is_column_of_scan(&projection.input, inner, name),
                _ => false,
            }
        }
        _ => false,
    }
}

fn unaliased(expression: &Expr) -> &Expr {
    match expression {
        Expr::Alias(alias) => unaliased(&alias.expr),
        other => other,
    }
}
