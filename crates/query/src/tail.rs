//! The live tail: published batches through the filters of a list, as JSON rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::execution::SessionState;
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::PhysicalExpr;
use serde_json::{Map, Value};
use tokio::sync::broadcast;
use whodunit_model::{Batch, Table};
use whodunit_stdx::Timestamp;
use whodunit_store::segment::AttributeType;

use crate::analyzer;
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::{self, Filters};
use crate::format::row_objects;
use crate::list::ListRequest;
use crate::statement::Mentions;
use crate::table::{SignalTable, offered_schema, shape_batch};
use crate::visibility::Visibility;

/// Rows as they arrive.
pub struct Tail {
    published: broadcast::Receiver<Arc<Batch>>,
    matcher: Matcher,
}

/// What a tail has to tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Tailed {
    /// Rows in the order they came, in JSON without null members.
    Rows(Vec<Map<String, Value>>),
    /// The reader was too slow; so many batches were passed over.
    Missed(u64),
}

impl Engine {
    /// Follows what is published from now on. Only the filters of the request count.
    pub async fn tail(&self, request: &ListRequest, visibility: &Visibility) -> Result<Tail, Error> {
        visibility.require(request.table)?;
        let published = self.store().subscribe();
        let now = self.world().now();
        // Filters are checked against what is known, so that a wrong name or value is said at once.
        let asking = self.ask(visibility, &Mentions::default(), self.settings().limits).await?;
        let mentions = Mentions::of(request.filters.column_names());
        let known = SignalTable::new(asking.source.clone(), request.table, &mentions);
        let mut matcher = Matcher {
            table: request.table,
            filters: request.filters.clone(),
            visibility: visibility.clone(),
            attributes: attributes_of(request.table, &known.schema),
            now,
            state: self.state().clone(),
        };
        matcher.expect_attributes();
        let schema = matcher.schema_of(&RecordBatch::new_empty(Arc::new(Schema::empty())));
        if let Some(condition) = request.filters.expression(request.table, &schema, now)? {
            matcher.compile(condition, &schema)?;
        }
        Ok(Tail { published, matcher })
    }
}

fn attributes_of(table: Table, schema: &Schema) -> Vec<(String, AttributeType)> {
    let attribute = |field: &Arc<Field>| match table.column(field.name()) {
        Some(_) => None,
        None => AttributeType::of(field.data_type()).map(|kind| (field.name().clone(), kind)),
    };
    schema.fields().iter().filter_map(attribute).collect()
}

impl Tail {
    /// The next rows that pass; `None` when the store has closed.
    pub async fn next(&mut self) -> Result<Option<Tailed>, Error> {
        loop {
            match self.published.recv().await {
                Ok(batch) => {
                    let rows = self.matcher.rows(&batch)?;
                    if !rows.is_empty() {
                        return Ok(Some(Tailed::Rows(rows)));
                    }
                }
                Err(broadcast::error::RecvError::Lagged(batches)) => return Ok(Some(Tailed::Missed(batches))),
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
            }
        }
    }
}

/// Decides which rows of a batch pass.
struct Matcher {
    table: Table,
    filters: Filters,
    visibility: Visibility,
    /// Attributes that the filters name, in their known types.
    attributes: Vec<(String, AttributeType)>,
    now: Timestamp,
    /// Knows the functions and how types meet.
    state: Arc<SessionState>,
}

impl Matcher {
    /// Attributes that nobody has sent yet may come, and known ones may come with other types: then they are texts.
    fn expect_attributes(&mut self) {
        if !self.table.takes_attributes() {
            return;
        }
        for filter in &self.filters.columns {
            let fixed = self.table.schema();
            if filter::resolve(&filter.column, &fixed).is_some() {
                continue;
            }
            let fits = self.attributes.iter().any(|(name, kind)| {
                *name == filter.column && {
                    let field = Field::new(name, kind.data_type(), true);
                    let alone = Filters { columns: vec![filter.clone()], ..Filters::default() };
                    alone.expression(self.table, &Schema::new(vec![field]), self.now).is_ok()
                }
            });
            if !fits {
                self.attributes.retain(|(name, _)| *name != filter.column);
                self.attributes.push((filter.column.clone(), AttributeType::Text));
            }
        }
    }

    fn rows(&self, batch: &Batch) -> Result<Vec<Map<String, Value>>, Error> {
        if batch.table() != self.table || !self.visibility.sees_project(batch.project()) {
            return Ok(Vec::new());
        }
        let schema = self.schema_of(batch.rows());
        let shaped = shape_batch(self.table, &schema, batch.rows())?;
        let passing = match self.filters.expression(self.table, &schema, self.now)? {
            None => shaped,
            Some(condition) => {
                let passes = self.compile(condition, &schema)?.evaluate(&shaped)?.into_array(shaped.num_rows())?;
                filter_record_batch(&shaped, passes.as_boolean()).map_err(|error| Error::internal(error.to_string()))?
            }
        };
        let mut rows = row_objects(&passing)?;
        rows.iter_mut().for_each(|row| drop(row.remove("salt")));
        Ok(rows)
    }

    /// The fixed columns, the batch's own attributes, and the attributes that filters name.
    fn schema_of(&self, rows: &RecordBatch) -> SchemaRef {
        let own = rows.schema_ref().fields().iter().filter(|field| self.table.column(field.name()).is_none());
        let own = own.filter_map(|field| Some((field.name().clone(), AttributeType::of(field.data_type())?)));
        let mut attributes: BTreeMap<String, AttributeType> = self.attributes.iter().cloned().collect();
        for (name, kind) in own {
            attributes.entry(name).and_modify(|known| *known = known.widen(kind)).or_insert(kind);
        }
        offered_schema(self.table, &attributes, &Mentions::of(self.filters.column_names()).with_star())
    }

    fn compile(&self, condition: Expr, schema: &Schema) -> Result<Arc<dyn PhysicalExpr>, Error> {
        let schema = DFSchema::try_from(schema.clone())?;
        let condition = analyzer::ids_as_text(condition, &schema)?;
        Ok(self.state.create_physical_expr(condition, &schema)?)
    }
}
