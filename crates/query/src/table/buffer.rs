//! Buffered rows in the shape of the table: only the wanted columns, attributes widened, missing columns null.
//!
//! Small batches are joined, since an operator pays per batch: a client that sends entries one by one would
//! otherwise make queries pay for thousands of batches.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::{Field, SchemaRef, TimestampNanosecondType};
use datafusion::error::Result;
use whodunit_model::Table;

use super::entries::Shown;
use super::prune::TimeRange;
use super::schema::{OVERFLOW, attribute_type};
use crate::functions::complete;

/// Batches below this many rows are joined up to it.
const BATCH_ROWS: usize = 8192;

/// How buffered batches are brought into shape.
pub struct Shape<'a> {
    pub table: Table,
    /// The columns to give, in order.
    pub schema: SchemaRef,
    pub range: TimeRange,
    /// For `audit_logs`.
    pub shown: Option<&'a Shown>,
}

impl Shape<'_> {
    pub fn apply<'b>(&self, batches: impl Iterator<Item = &'b RecordBatch>) -> Result<Vec<RecordBatch>> {
        let mut shaped = Vec::new();
        let mut waiting: Vec<RecordBatch> = Vec::new();
        let mut waiting_rows = 0;
        for batch in batches {
            let Some(batch) = self.one(batch)? else { continue };
            if waiting_rows + batch.num_rows() > BATCH_ROWS && waiting_rows > 0 {
                shaped.push(self.join(&mut waiting)?);
                waiting_rows = 0;
            }
            waiting_rows += batch.num_rows();
            waiting.push(batch);
        }
        if !waiting.is_empty() {
            shaped.push(self.join(&mut waiting)?);
        }
        Ok(shaped.into_iter().flat_map(|batch| pieces(&batch)).collect())
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

    fn one(&self, batch: &RecordBatch) -> Result<Option<RecordBatch>> {
        if batch.num_rows() == 0 || !self.in_range(batch) {
            return Ok(None);
        }
        let mask = self.shown.and_then(|shown| shown.mask(batch.column_by_name("state")?, batch.column_by_name("id")?));
        let batch = match mask {
            Some(mask) => &filter_record_batch(batch, &mask)?,
            None => batch,
        };
        if batch.num_rows() == 0 {
            return Ok(None);
        }
        self.conform(batch).map(Some)
    }

    /// The batch with exactly the columns of the schema.
    pub fn conform(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns = self.schema.fields().iter().map(|field| self.column(batch, field)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }

    fn in_range(&self, batch: &RecordBatch) -> bool {
        if self.range == TimeRange::ALL {
            return true;
        }
        let Some(times) =
            batch.column_by_name("time").and_then(|time| time.as_primitive_opt::<TimestampNanosecondType>())
        else {
            return true;
        };
        times.values().iter().any(|time| self.range.contains(*time))
    }

    fn column(&self, batch: &RecordBatch, field: &Field) -> Result<ArrayRef> {
        let own = match batch.column_by_name(field.name()) {
            Some(column) if column.data_type() == field.data_type() => column.clone(),
            Some(column) => cast(column, field.data_type())?,
            None => new_null_array(field.data_type(), batch.num_rows()),
        };
        match (attribute_type(self.table, field), batch.column_by_name(OVERFLOW)) {
            (Some(kind), Some(overflow)) => complete(&own, overflow.as_string_view(), field.name(), kind),
            _ => Ok(own),
        }
    }
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
