//! Fields of a list: which columns and attributes its rows have, and how many rows have each.

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr, lit};
use whodunit_api::explorers::{FieldCount, FieldsAnswer};

use crate::cursor::{Cursor, Direction};
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::column;
use crate::format::Shown;
use crate::list::{ListQuestion, ListRequest, beyond, order, places_of};
use crate::statement::Mentions;
use crate::table::SignalTable;
use crate::visibility::Visibility;
use crate::visible::attribute_columns;

/// Of more rows than these the newest are counted.
pub const FIELDS_ROWS_MAX: usize = 200_000;
/// Attributes that are counted, in alphabetical order; with more the answer is partial.
pub const FIELDS_ATTRIBUTES_MAX: usize = 1000;
/// The name of that limit.
pub const LIMIT_FIELDS: &str = "fields_attributes_max";

impl Engine {
    /// The fields of a list's rows, most frequent first; of more than `rows_max` rows, of the newest so many.
    pub async fn fields(
        &self,
        request: ListRequest,
        rows_max: usize,
        visibility: &Visibility,
    ) -> Result<FieldsAnswer, Error> {
        visibility.require(request.table)?;
        let asking = self.ask(visibility, &Mentions::default(), self.settings().limits).await?;
        let attributes = attribute_columns(&asking.source, request.table, request.range());
        let counted = attributes.iter().take(FIELDS_ATTRIBUTES_MAX).map(String::as_str);
        let mentions = Mentions::of(request.filters.column_names().chain(counted));
        let table = SignalTable::new(asking.source.clone(), request.table, &mentions);
        let condition = request.filters.expression(request.table, &table.schema, self.world().now())?;
        let question = ListQuestion { engine: self, asking: &asking, request: &request, table: &table, condition };
        let first_beyond = question.first_beyond(rows_max).await?;
        let (fields, rows) = question.count_fields(first_beyond).await?;
        let mut statistics = asking.statistics(self.world(), &[request.table]);
        statistics.rows = rows;
        statistics.partial = attributes.len() > FIELDS_ATTRIBUTES_MAX;
        statistics.limit = statistics.partial.then(|| LIMIT_FIELDS.to_owned());
        Ok(FieldsAnswer { fields, sampled: first_beyond.is_some(), rows, statistics })
    }
}

impl ListQuestion<'_> {
    /// The newest row that is not among so many; `None` if there are no more.
    async fn first_beyond(&self, rows: usize) -> Result<Option<Cursor>, Error> {
        let places = vec![column("time"), column("seq")];
        let plan =
            self.filtered()?.project(places)?.sort(order(Direction::NewestFirst))?.limit(rows, Some(1))?.build()?;
        let batches = self.collect(plan).await?;
        let places = batches.first().map(|batch| places_of(batch, self.request.table)).transpose()?;
        Ok(places.and_then(|places| places.first().copied()))
    }

    /// Over the rows that are newer than that one.
    async fn count_fields(&self, first_beyond: Option<Cursor>) -> Result<(Vec<FieldCount>, u64), Error> {
        let mut plan = self.filtered()?;
        if let Some(first) = first_beyond {
            plan = plan.filter(beyond(first, Direction::OldestFirst))?;
        }
        let names: Vec<&str> = self.shown().collect();
        let by_name = names.iter().enumerate().map(|(index, name)| count(column(name)).alias(format!("field {index}")));
        let counts: Vec<Expr> = std::iter::once(count(lit(1i64)).alias("all rows")).chain(by_name).collect();
        let batches = self.collect(plan.aggregate(Vec::<Expr>::new(), counts)?.build()?).await?;
        let batch = batches.first().ok_or_else(|| Error::internal("counts have no row"))?;
        let number = |index: usize| {
            let counts = batch.column(index).as_primitive_opt::<Int64Type>();
            counts.map(|counts| counts.value(0).unsigned_abs()).ok_or_else(|| Error::internal("counts are no numbers"))
        };
        let rows = number(0)?;
        let mut fields = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            let having = number(index + 1)?;
            if having > 0 {
                let field = self.table.schema.field_with_name(name).map_err(|_| Error::internal("a field is gone"))?;
                let share = having as f64 / rows as f64;
                fields.push(FieldCount { name: name.to_owned(), kind: Shown::of(field).name(), rows: having, share });
            }
        }
        // As the table has them where they are equally frequent.
        fields.sort_by_key(|field| std::cmp::Reverse(field.rows));
        Ok((fields, rows))
    }
}
