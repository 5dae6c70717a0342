//! Counted minutes as a table: roll-ups where they count, rows that count one each where they do not.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, StringViewArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimestampNanosecondType};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType, col, lit};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::union::UnionExec;
use futures::{StreamExt, TryStreamExt};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;
use whodunit_store::segment::rollup::level_column;
use whodunit_store::segment::{SegmentId, SegmentMeta};

use super::ROWS;
use crate::error::Error;
use crate::table::prune::Prune;
use crate::table::{Part, Scan, SignalTable, TimeRange, visible_segments};

/// Roll-ups read at once.
const READING_MAX: usize = 16;

/// Counts of a signal table over a range of time.
#[derive(Debug)]
pub struct CountedTable {
    table: SignalTable,
    range: TimeRange,
    schema: SchemaRef,
}

impl CountedTable {
    pub fn new(table: SignalTable, range: TimeRange) -> CountedTable {
        let names = ["time", "service", "project"].into_iter().chain(level_column(table.table()));
        let mut fields: Vec<Arc<Field>> =
            names.map(|name| Arc::new(table.schema.field_with_name(name).expect("a fixed column").clone())).collect();
        fields.push(Arc::new(Field::new(ROWS, DataType::Int64, false)));
        CountedTable { table, range, schema: Arc::new(Schema::new(fields)) }
    }

    pub fn table(&self) -> Table {
        self.table.table()
    }

    pub fn range(&self) -> TimeRange {
        self.range
    }

    /// The minutes that lie in the range as a whole.
    fn whole_minutes(&self) -> TimeRange {
        let minute = Timestamp::NANOS_PER_MINUTE;
        let TimeRange { from, to } = self.range;
        let nothing = TimeRange { from: 1, to: 0 };
        let start = match from.rem_euclid(minute) {
            _ if from == i64::MIN => Some(i64::MIN),
            0 => Some(from),
            past => from.checked_add(minute - past),
        };
        let end = if to == i64::MAX {
            i64::MAX
        } else {
            to.saturating_add(1).div_euclid(minute).saturating_mul(minute).saturating_sub(1)
        };
        start.map_or(nothing, |from| TimeRange { from, to: end })
    }

    /// The counts of every segment that has them.
    async fn roll_ups(&self, whole: TimeRange) -> Result<(HashSet<SegmentId>, Vec<RecordBatch>)> {
        let segments = visible_segments(&self.table, &Prune::within(self.range));
        let read = |segment: Arc<SegmentMeta>| async move {
            if segment.intents > 0 || segment.expired > 0 {
                return Ok(None);
            }
            let reader = self.table.source.store.reader(&segment).await?;
            Ok::<_, whodunit_store::Error>(reader.rollup().await?.map(|counts| (segment, counts)))
        };
        let read: Vec<_> = futures::stream::iter(segments)
            .map(read)
            .buffered(READING_MAX)
            .try_collect()
            .await
            .map_err(|error| Error::from(error).into_datafusion())?;
        let mut counted = HashSet::new();
        let mut batches = Vec::new();
        for (segment, counts) in read.into_iter().flatten() {
            counted.insert(segment.id);
            let counts = within(&counts, whole)?;
            if counts.num_rows() > 0 {
                batches.push(self.shaped(&segment, &counts)?);
            }
        }
        Ok((counted, batches))
    }

    /// A roll-up with the columns of this table.
    fn shaped(&self, segment: &SegmentMeta, counts: &RecordBatch) -> Result<RecordBatch> {
        let column = |field: &Arc<Field>| -> ArrayRef {
            match field.name().as_str() {
                "time" => counts["minute"].clone(),
                "service" => counts["service"].clone(),
                "project" => Arc::new(StringViewArray::from_iter_values(std::iter::repeat_n(
                    segment.project.as_str(),
                    counts.num_rows(),
                ))),
                ROWS => counts["count"].clone(),
                _ => counts["level"].clone(),
            }
        };
        let columns = self.schema.fields().iter().map(column).collect();
        Ok(RecordBatch::try_new(self.schema.clone(), columns)?)
    }

    /// Rows that count one each.
    async fn rows(
        &self,
        state: &dyn Session,
        condition: Option<Expr>,
        part: Part<'_>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let names = self.schema.fields().iter().filter(|field| field.name() != ROWS).map(|field| field.name());
        let projection: Vec<usize> = names.map(|name| self.table.schema.index_of(name)).collect::<Result<_, _>>()?;
        let filters: Vec<Expr> = condition.into_iter().collect();
        let scan = Scan { table: &self.table, state, projection: &projection, limit: None };
        let plan = scan.plan(&filters, part).await?;
        let own = plan
            .schema()
            .fields()
            .iter()
            .enumerate()
            .map(|(index, field)| {
                (Arc::new(Column::new(field.name(), index)) as Arc<dyn PhysicalExpr>, field.name().clone())
            })
            .collect::<Vec<_>>();
        let one = (Arc::new(Literal::new(ScalarValue::Int64(Some(1)))) as Arc<dyn PhysicalExpr>, ROWS.to_owned());
        Ok(Arc::new(ProjectionExec::try_new(own.into_iter().chain([one]).collect::<Vec<_>>(), plan)?))
    }

    fn range_filter(&self) -> Option<Expr> {
        (self.range != TimeRange::ALL).then(|| col("time").between(at(self.range.from), at(self.range.to)))
    }
}

fn at(nanos: i64) -> Expr {
    lit(ScalarValue::TimestampNanosecond(Some(nanos), Some("UTC".into())))
}

fn within(counts: &RecordBatch, range: TimeRange) -> Result<RecordBatch> {
    let minutes = counts["minute"].as_primitive::<TimestampNanosecondType>().values();
    let mask: BooleanArray = minutes.iter().map(|minute| Some(range.contains(*minute))).collect();
    Ok(filter_record_batch(counts, &mask)?)
}

#[async_trait]
impl TableProvider for CountedTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let whole = self.whole_minutes();
        let (counted, batches) = self.roll_ups(whole).await?;
        let mut plans: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        if !batches.is_empty() {
            plans.push(MemorySourceConfig::try_new_exec(&[batches], self.schema.clone(), None)?);
        }
        let rows = self.rows(state, self.range_filter(), Part::Uncounted { counted: &counted }).await?;
        plans.push(rows);
        if whole != TimeRange::ALL && !counted.is_empty() {
            let outside = col("time").lt(at(whole.from)).or(col("time").gt(at(whole.to)));
            let outside = if whole.is_empty() {
                self.range_filter()
            } else {
                self.range_filter().map(|range| range.and(outside))
            };
            plans.push(self.rows(state, outside, Part::Edges { counted: &counted, whole }).await?);
        }
        let plan: Arc<dyn ExecutionPlan> = match plans.len() {
            1 => plans.remove(0),
            _ => UnionExec::try_new(plans)?,
        };
        match projection {
            None => Ok(plan),
            Some(projection) => {
                let columns = projection.iter().map(|index| {
                    let name = self.schema.field(*index).name();
                    (Arc::new(Column::new(name, *index)) as Arc<dyn PhysicalExpr>, name.clone())
                });
                Ok(Arc::new(ProjectionExec::try_new(columns.collect::<Vec<_>>(), plan)?))
            }
        }
    }
}
