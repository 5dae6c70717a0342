//! A signal table as DataFusion sees it: one snapshot, one caller, one question.
//!
//! The provider offers the fixed columns and the attributes that the question mentions. Its scan opens only what the
//! caller may see and what may match: segments are pruned by project, time, ids and their attribute names, then
//! blocks of rows by the token index; the rest is pruned by Parquet statistics as it is read. Buffered rows come
//! from memory, brought into the same shape. The scan decides filters itself, in the Parquet reader and over the buffered
//! rows, so that every predicate is evaluated once.
//!
//! Modules, top to bottom: each imports only those below it.

mod scan;
mod buffer;
mod adapter;
mod reader;
pub mod prune;
mod demand;
mod entries;
mod statistics;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use whodunit_model::{Sources, Table};
use whodunit_stdx::Timestamp;
use whodunit_store::{AttributeType, Snapshot, Store};

use crate::statement::Mentions;
use crate::visibility::Visibility;

pub use prune::TimeRange;
pub(crate) use scan::{Part, Scan, visible_segments};
pub use schema::{attribute_names, offered_schema};

/// One batch with exactly the columns of the schema.
pub fn shape_batch(table: Table, schema: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch> {
    buffer::Shape { table, schema: schema.clone() }.conform(batch)
}

/// What all tables of one question share.
#[derive(Clone)]
pub struct Source {
    pub store: Store,
    pub snapshot: Snapshot,
    pub visibility: Visibility,
    /// Who was heard from.
    pub sources: Sources,
    /// When it was asked.
    pub now: Timestamp,
}

impl Source {
    /// All attributes of a table, with those in the overflow of buffered rows as far as they are mentioned.
    pub fn attributes(&self, table: Table, mentions: &Mentions) -> Arc<BTreeMap<String, AttributeType>> {
        let known = self.snapshot.attributes(table);
        if !table.takes_attributes() {
            return known;
        }
        let buffered = self.snapshot.buffered(table);
        let visible = buffered.iter().filter(|(project, _)| self.visibility.sees_project(project));
        schema::with_overflow(table, known, mentions, visible.map(|(_, batch)| batch))
    }
}

/// The order in which a scan should give its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Any; the scan is split for as many cores as there are.
    Any,
    /// By time, newest first, as far as files allow; for questions that stop early, if known after how many rows.
    NewestFirst { fetch: Option<usize>, ties: Ties },
}

/// What a question that stops after some rows wants of rows with the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ties {
    /// The later `seq` first, or any: the scan may stop where the question does.
    AsStored,
    /// Ordered by something else, so all of them have to be seen.
    Ordered,
}

/// One signal table of one question.
#[derive(Clone)]
pub struct SignalTable {
    pub(crate) source: Arc<Source>,
    pub(crate) table: Table,
    pub(crate) schema: SchemaRef,
    pub(crate) order: Order,
}

impl SignalTable {
    /// The caller must be allowed to read the table; its projects are applied by the scan.
    pub fn new(source: Arc<Source>, table: Table, mentions: &Mentions) -> SignalTable {
        let schema = offered_schema(table, &source.attributes(table, mentions), mentions);
        SignalTable { source, table, schema, order: Order::Any }
    }

    /// Whether the scan can decide the filter for every row: not with nested columns or subqueries.
    fn decides(&self, filter: &Expr) -> bool {
        let mut decides = true;
        let visited = filter.apply(|part| {
            let refused = match part {
                Expr::Column(column) => {
                    self.schema.field_with_name(&column.name).map_or(true, |field| field.data_type().is_nested())
                }
                Expr::ScalarSubquery(_)
                | Expr::InSubquery(_)
                | Expr::Exists(_)
                | Expr::OuterReferenceColumn(..)
                | Expr::Placeholder(_)
                | Expr::AggregateFunction(_)
                | Expr::WindowFunction(_) => true,
                _ => false,
            };
            decides &= !refused;
            Ok(if refused { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        });
        visited.is_ok() && decides && !filter.is_volatile() && !filter.column_refs().is_empty()
    }

    pub fn with_order(&self, order: Order) -> SignalTable {
        SignalTable { order, ..self.clone() }
    }

    pub fn table(&self) -> Table {
        self.table
    }
}

impl std::fmt::Debug for SignalTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignalTable").field("table", &self.table).field("order", &self.order).finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for SignalTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| {
            if self.decides(filter) {
                TableProviderFilterPushDown::Exact
            } else {
                TableProviderFilterPushDown::Unsupported
            }
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let everything: Vec<usize>;
        let projection = match projection {
            Some(projection) => projection,
            None => {
                everything = (0..self.schema.fields().len()).collect();
                &everything
            }
        };
        Scan { table: self, state, projection, limit }.plan(filters, Part::Everything).await
    }
}
