//! Shapes of record batches: joining those of unlike columns, adding columns, letting go of memory they share.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, Int64Array, ListArray, RecordBatch, RecordBatchOptions, StringViewArray,
    StructArray, make_view, new_null_array,
};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, FieldRef, Schema};
use whodunit_model::Table;
use whodunit_model::captured::INLINE_BYTES;

/// Columns that batches joined into one have together.
#[derive(Clone, Debug, Default)]
pub struct Union {
    fields: Vec<FieldRef>,
    places: HashMap<String, usize>,
}

/// Batches are not joined into more columns than this: a row would pay for columns that it does not have.
const COLUMNS_MAX: usize = 640;

impl Union {
    pub fn of(rows: &RecordBatch) -> Union {
        let mut union = Union::default();
        union.extend(rows);
        union
    }

    /// Adds the columns of `rows`; false, with nothing changed, if one has another type or they are too many.
    pub fn try_add(&mut self, rows: &RecordBatch) -> bool {
        let fields = rows.schema_ref().fields();
        let mut new = 0;
        for (position, field) in fields.iter().enumerate() {
            // Batches of one sender have the same columns in the same places.
            let same = self.fields.get(position).filter(|known| known.name() == field.name());
            let known = same.or_else(|| self.places.get(field.name()).map(|at| &self.fields[*at]));
            match known {
                Some(known) if known.data_type() == field.data_type() => {}
                Some(_) => return false,
                None => new += 1,
            }
        }
        if self.fields.len() + new > COLUMNS_MAX.max(self.fields.len()) {
            return false;
        }
        if new > 0 {
            self.extend(rows);
        }
        true
    }

    fn extend(&mut self, rows: &RecordBatch) {
        for field in rows.schema_ref().fields() {
            if !self.places.contains_key(field.name()) {
                self.places.insert(field.name().clone(), self.fields.len());
                self.fields.push(nullable(field));
            }
        }
    }

    /// All batches below one another, with memory of its own. They must have been added before.
    pub fn join(&self, parts: &[RecordBatch]) -> RecordBatch {
        let count = parts.iter().map(RecordBatch::num_rows).sum();
        let column = |field: &FieldRef| -> ArrayRef {
            let pieces: Vec<ArrayRef> = parts.iter().map(|part| column_or_nulls(part, field)).collect();
            let pieces: Vec<&dyn Array> = pieces.iter().map(AsRef::as_ref).collect();
            own(&arrow::compute::concat(&pieces).expect("columns of one name in a union have one type"))
        };
        let columns: Vec<ArrayRef> = self.fields.iter().map(column).collect();
        batch(self.fields.clone(), columns, count)
    }
}

/// A batch may say that a column has no nulls, but its rows below others that lack the column make some.
fn nullable(field: &FieldRef) -> FieldRef {
    if field.is_nullable() || matches!(field.name().as_str(), "time" | "received_at") {
        return field.clone();
    }
    Arc::new(field.as_ref().clone().with_nullable(true))
}

fn column_or_nulls(rows: &RecordBatch, field: &FieldRef) -> ArrayRef {
    match rows.column_by_name(field.name()) {
        Some(values) => values.clone(),
        None => new_null_array(field.data_type(), rows.num_rows()),
    }
}

/// A batch of `count` rows, also without columns.
pub fn batch(fields: Vec<FieldRef>, columns: Vec<ArrayRef>, count: usize) -> RecordBatch {
    let options = RecordBatchOptions::new().with_row_count(Some(count));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .expect("columns come with their own fields and have one length")
}

/// `rows` with fixed columns of `table` added or replaced.
pub fn with_columns(table: Table, rows: &RecordBatch, added: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    let mut fields: Vec<FieldRef> = Vec::with_capacity(rows.num_columns() + added.len());
    let mut columns = Vec::with_capacity(rows.num_columns() + added.len());
    for (field, values) in rows.schema_ref().fields().iter().zip(rows.columns()) {
        if !added.iter().any(|(name, _)| name == field.name()) {
            fields.push(field.clone());
            columns.push(values.clone());
        }
    }
    for (name, values) in added {
        let column = table.column(name).expect("only fixed columns are added");
        fields.push(Arc::new(column.field()));
        columns.push(values);
    }
    batch(fields, columns, rows.num_rows())
}

/// `rows` without columns that are null in every row or named in `unwanted`.
pub fn without(rows: &RecordBatch, unwanted: &[&str]) -> RecordBatch {
    let kept: Vec<usize> = (0..rows.num_columns())
        .filter(|at| {
            let values = rows.column(*at);
            (values.is_empty() || values.null_count() < values.len())
                && !unwanted.contains(&rows.schema_ref().field(*at).name().as_str())
        })
        .collect();
    if kept.len() == rows.num_columns() {
        return rows.clone();
    }
    rows.project(&kept).expect("the columns were counted on this batch")
}

/// The same text in every row.
pub fn constant(text: &str, count: usize) -> ArrayRef {
    let stands_in_view = text.len() <= INLINE_BYTES;
    let buffers = if stands_in_view { Vec::new() } else { vec![Buffer::from(text.as_bytes().to_vec())] };
    let views = vec![make_view(text.as_bytes(), 0, 0); count];
    Arc::new(StringViewArray::try_new(views.into(), buffers, None).expect("every view is that of one text"))
}

/// `first`, `first + 1`, …
pub fn counted(first: u64, count: usize) -> ArrayRef {
    let first = i64::try_from(first).expect("nobody appends 2^63 rows");
    Arc::new(Int64Array::from_iter_values((0..count as i64).map(|row| first + row)))
}

/// `rows` without memory that mostly belongs to others: text views often point into a buffer shared by many columns
/// or by rows that are gone.
pub fn compact(rows: &RecordBatch) -> RecordBatch {
    let columns: Vec<ArrayRef> =
        rows.columns().iter().map(|values| if is_loose(values) { own(values) } else { values.clone() }).collect();
    RecordBatch::try_new_with_options(
        rows.schema(),
        columns,
        &RecordBatchOptions::new().with_row_count(Some(rows.num_rows())),
    )
    .expect("the columns keep type and length")
}

/// Held bytes that nobody reads are tolerated up to this many, and up to the size of those that are read.
const LOOSE_BYTES_MAX: usize = 4096;

fn is_loose(values: &ArrayRef) -> bool {
    let (held, used) = match values.data_type() {
        DataType::Utf8View => {
            let views = values.as_string_view();
            (
                views.data_buffers().iter().map(|buffer| buffer.capacity()).sum::<usize>(),
                views.total_buffer_bytes_used(),
            )
        }
        DataType::BinaryView => {
            let views = values.as_binary_view();
            (
                views.data_buffers().iter().map(|buffer| buffer.capacity()).sum::<usize>(),
                views.total_buffer_bytes_used(),
            )
        }
        DataType::List(_) => return true,
        _ => return false,
    };
    held > used.saturating_mul(2).saturating_add(LOOSE_BYTES_MAX)
}

/// The same values in buffers of their own.
fn own(values: &ArrayRef) -> ArrayRef {
    match values.data_type() {
        DataType::Utf8View => Arc::new(StringViewArray::gc(values.as_string_view())),
        DataType::BinaryView => Arc::new(BinaryViewArray::gc(values.as_binary_view())),
        DataType::List(field) => {
            let list = values.as_list::<i32>();
            let elements = own(list.values());
            let made = ListArray::try_new(field.clone(), list.offsets().clone(), elements, list.nulls().cloned());
            Arc::new(made.expect("the elements keep type and length"))
        }
        DataType::Struct(fields) => {
            let parts = values.as_struct();
            let columns = parts.columns().iter().map(own).collect();
            let made = StructArray::try_new(fields.clone(), columns, parts.nulls().cloned());
            Arc::new(made.expect("the parts keep type and length"))
        }
        _ => values.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true)))
            .expect("columns are equally long")
    }

    fn texts(values: &[&str]) -> ArrayRef {
        Arc::new(StringViewArray::from(values.to_vec()))
    }

    #[test]
    fn unlike_batches_join_with_nulls_and_types_that_differ_do_not() {
        let one = rows(vec![("a", texts(&["x"])), ("n", counted(1, 1))]);
        let two = rows(vec![("b", texts(&["a text longer than a view holds"])), ("n", counted(7, 1))]);
        let mut union = Union::of(&one);
        assert!(union.try_add(&two));
        let joined = union.join(&[one, two]);
        assert_eq!((joined.num_rows(), joined.num_columns()), (2, 3));
        assert!(joined["a"].is_null(1) && joined["b"].is_null(0));
        assert_eq!(joined["n"].as_primitive::<arrow::datatypes::Int64Type>().values(), &[1, 7]);
        assert!(!union.try_add(&rows(vec![("n", texts(&["text"]))])));
    }

    #[test]
    fn a_constant_is_the_same_in_every_row() {
        for text in ["", "default", "twelve bytes", "a slug of more than twelve bytes"] {
            let column = constant(text, 3);
            assert_eq!(column.as_string_view().iter().collect::<Vec<_>>(), [Some(text); 3]);
        }
    }

    #[test]
    fn a_view_into_a_large_buffer_gets_its_own() {
        let large = "x".repeat(100_000);
        let all = rows(vec![("a", texts(&["a text longer than a view holds", large.as_str()]))]);
        let small = compact(&all.slice(0, 1));
        assert_eq!(small, all.slice(0, 1));
        assert!(small.get_array_memory_size() < 1000);
    }
}
