//! Buffered rows in the shape of the table: only the wanted columns, attributes widened, missing columns null.
//!
//! Small batches are joined, since an operator pays per batch: a client that sends entries one by one would
//! otherwise make queries pay for thousands of batches.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{Field, SchemaRef, TimestampNanosecondType};
use datafusion::common::cast::as_boolean_array;
use datafusion::error::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::{collect_columns, reassign_expr_columns};
use whodunit_model::{Table, parts};

use super::entries::Shown;
use super::prune::TimeRange;
use super::schema::{OVERFLOW, attribute_type, is_event};
use crate::functions::{complete, whole_events};

/// Batches below this many rows are joined up to it.
const BATCH_ROWS: usize = 8192;

/// Which buffered rows a scan wants.
pub struct Choice<'a> {
    pub range: TimeRange,
    /// For `audit_logs`.
    pub shown: Option<&'a Shown>,
    /// A condition over the columns of a schema.
    pub predicate: Option<(&'a Arc<dyn PhysicalExpr>, &'a SchemaRef)>,
    /// Only about so many of the newest.
    pub newest: Option<usize>,
}

/// The columns that a scan gives, in order.
pub struct Shape {
    pub table: Table,
    pub schema: SchemaRef,
}

impl Shape {
    /// The chosen rows. Rows are chosen by the few columns that conditions need before the others are touched.
    pub fn choose<'b>(
        &self,
        choice: &Choice<'_>,
        batches: impl Iterator<Item = &'b RecordBatch>,
    ) -> Result<Vec<RecordBatch>> {
        let condition = choice.predicate.map(|(predicate, schema)| self.condition(predicate, schema)).transpose()?;
        let mut kept = Vec::new();
        for batch in batches {
            if let Some(batch) = choice.rows_of(batch, condition.as_ref())? {
                kept.push(batch);
            }
        }
        if let Some(newest) = choice.newest {
            kept = newest_of(kept, newest)?;
        }
        kept.iter().map(|batch| self.conform(batch)).collect()
    }

    /// The predicate over only those columns of the schema that it uses.
    fn condition(&self, predicate: &Arc<dyn PhysicalExpr>, schema: &SchemaRef) -> Result<Condition> {
        let mut used: Vec<usize> = collect_columns(predicate).iter().map(Column::index).collect();
        used.sort_unstable();
        let schema = Arc::new(schema.project(&used)?);
        let predicate = reassign_expr_columns(predicate.clone(), &schema)?;
        Ok(Condition { predicate, shape: Shape { table: self.table, schema } })
    }

    /// Joins small batches and cuts large ones.
    pub fn join_small(&self, batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>> {
        let mut joined = Vec::new();
        let mut waiting: Vec<RecordBatch> = Vec::new();
        let mut waiting_rows = 0;
        for batch in batches {
            if waiting_rows + batch.num_rows() > BATCH_ROWS && waiting_rows > 0 {
                joined.push(self.join(&mut waiting)?);
                waiting_rows = 0;
            }
            waiting_rows += batch.num_rows();
            waiting.push(batch);
        }
        if !waiting.is_empty() {
            joined.push(self.join(&mut waiting)?);
        }
        Ok(joined.iter().flat_map(pieces).collect())
    }

    fn join(&self, waiting: &mut Vec<RecordBatch>) -> Result<RecordBatch> {
        let batches = std::mem::take(waiting);
        if batches.len() == 1 {
            return Ok(batches.into_iter().next().expect("there is one"));
        }
        if self.schema.fields().is_empty() {
            let rows = batches.iter().map(RecordBatch::num_rows).sum();
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            return Ok(RecordBatch::try_new_with_options(self.schema.clone(), Vec::new(), &options)?);
        }
        Ok(concat_batches(&self.schema, &batches)?)
    }

    /// The batch with exactly the columns of the schema.
    pub fn conform(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns = self.schema.fields().iter().map(|field| self.column(batch, field)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }

    fn column(&self, batch: &RecordBatch, field: &Field) -> Result<ArrayRef> {
        let own = match batch.column_by_name(field.name()) {
            Some(column) if column.data_type() == field.data_type() => column.clone(),
            Some(column) => cast(column, field.data_type())?,
            None => new_null_array(field.data_type(), batch.num_rows()),
        };
        if is_event(self.table, field.name()) {
            let parts = parts::NAMES.map(|name| batch.column_by_name(name)?.as_string_view_opt());
            return Ok(whole_events(own.as_string_view(), parts));
        }
        match (attribute_type(self.table, field), batch.column_by_name(OVERFLOW)) {
            (Some(kind), Some(overflow)) => complete(&own, overflow.as_string_view(), field.name(), kind),
            _ => Ok(own),
        }
    }
}

/// A predicate and the columns it needs.
struct Condition {
    predicate: Arc<dyn PhysicalExpr>,
    shape: Shape,
}

impl Choice<'_> {
    fn rows_of(&self, batch: &RecordBatch, condition: Option<&Condition>) -> Result<Option<RecordBatch>> {
        if batch.num_rows() == 0 || !self.in_range(batch) {
            return Ok(None);
        }
        let shown = self.shown.and_then(|shown| {
            let column = |name: &str| batch.column_by_name(name);
            shown.mask(column("state")?, column("project")?, column("id")?)
        });
        let batch = match shown {
            Some(mask) => filter_record_batch(batch, &mask)?,
            None => batch.clone(),
        };
        let batch = match condition {
            Some(condition) => {
                let narrow = condition.shape.conform(&batch)?;
                let passes = condition.predicate.evaluate(&narrow)?.into_array(narrow.num_rows())?;
                let passes = as_boolean_array(&passes)?;
                if passes.true_count() == batch.num_rows() { batch } else { filter_record_batch(&batch, passes)? }
            }
            None => batch,
        };
        Ok((batch.num_rows() > 0).then_some(batch))
    }

    fn in_range(&self, batch: &RecordBatch) -> bool {
        self.range == TimeRange::ALL
            || times_of(batch).is_none_or(|times| times.iter().any(|time| self.range.contains(*time)))
    }
}

fn times_of(batch: &RecordBatch) -> Option<&[i64]> {
    let times = batch.column_by_name("time")?.as_primitive_opt::<TimestampNanosecondType>()?;
    Some(times.values())
}

/// At least the `count` newest rows, and few more.
fn newest_of(batches: Vec<RecordBatch>, count: usize) -> Result<Vec<RecordBatch>> {
    let mut times: Vec<i64> = batches.iter().filter_map(times_of).flatten().copied().collect();
    if times.len() <= count || count == 0 {
        return Ok(batches);
    }
    let (_, oldest, _) = times.select_nth_unstable_by(count - 1, |a, b| b.cmp(a));
    let oldest = *oldest;
    let mut kept = Vec::new();
    for batch in batches {
        let mask: BooleanArray = match times_of(&batch) {
            Some(times) => times.iter().map(|time| Some(*time >= oldest)).collect(),
            None => continue,
        };
        match mask.true_count() {
            0 => {}
            all if all == batch.num_rows() => kept.push(batch),
            _ => kept.push(filter_record_batch(&batch, &mask)?),
        }
    }
    Ok(kept)
}

/// Slices of a size that operators like.
fn pieces(batch: &RecordBatch) -> Vec<RecordBatch> {
    let starts = (0..batch.num_rows()).step_by(BATCH_ROWS);
    starts.map(|start| batch.slice(start, BATCH_ROWS.min(batch.num_rows() - start))).collect()
}

/// Deals batches out to as many partitions as have work for them.
pub fn partitions(batches: Vec<RecordBatch>, most: usize) -> Vec<Vec<RecordBatch>> {
    let count = batches.len().div_ceil(4).clamp(1, most.max(1));
    let mut dealt: Vec<Vec<RecordBatch>> = (0..count).map(|_| Vec::new()).collect();
    for (index, batch) in batches.into_iter().enumerate() {
        dealt[index % count].push(batch);
    }
    dealt
}
