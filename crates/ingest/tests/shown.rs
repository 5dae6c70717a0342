//! Shows rows as JSON, so that cases can be written down.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampNanosecondType};
use serde_json::{Map, Value, json};
use whodunit_stdx::Timestamp;

/// The columns of one row that are not null.
pub fn row(rows: &RecordBatch, row: usize) -> Map<String, Value> {
    let mut shown = Map::new();
    for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
        if column.is_valid(row) {
            shown.insert(field.name().clone(), cell(column, row));
        }
    }
    shown
}

fn cell(column: &ArrayRef, row: usize) -> Value {
    match column.data_type() {
        DataType::Utf8View => json!(column.as_string_view().value(row)),
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row);
            if value.is_finite() { json!(value) } else { json!(value.to_string()) }
        }
        DataType::Boolean => json!(column.as_boolean().value(row)),
        DataType::Timestamp(..) => {
            json!(whodunit_ingest::time::format(Timestamp(column.as_primitive::<TimestampNanosecondType>().value(row))))
        }
        DataType::FixedSizeBinary(16) if column.as_fixed_size_binary().value(row)[6] >> 4 == 7 => {
            json!(hex::encode(column.as_fixed_size_binary().value(row)))
        }
        DataType::FixedSizeBinary(_) => json!(hex::encode(column.as_fixed_size_binary().value(row))),
        DataType::BinaryView => json!(String::from_utf8_lossy(column.as_binary_view().value(row))),
        DataType::List(_) => {
            let changes = column.as_list::<i32>().value(row);
            let parts = changes.as_struct();
            let side = |index: usize, at: usize| {
                let texts = parts.column(index).as_string_view();
                if texts.is_valid(at) { json!(texts.value(at)) } else { Value::Null }
            };
            (0..parts.len()).map(|at| json!([side(0, at), side(1, at), side(2, at)])).collect()
        }
        other => panic!("no case shows a {other}"),
    }
}
