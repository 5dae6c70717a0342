//! One value of one row as JSON or as text.

use std::fmt::Write;

use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, TimeUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value};
use whodunit_model::table::SHOWN_AS;

use crate::error::Error;

/// Value of the field metadata [`SHOWN_AS`] for text that holds JSON.
pub const SHOWN_AS_JSON: &str = "json";
/// Value of the field metadata [`SHOWN_AS`] for lists of changes, whose `before` and `after` hold JSON.
pub const SHOWN_AS_CHANGES: &str = "changes";

/// How the values of a column are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Text,
    Json,
    Changes,
    Time,
    Integer,
    Float,
    Boolean,
    Uuid,
    Hex,
    Other(String),
}

impl Shown {
    pub fn of(field: &Field) -> Shown {
        let marked = field.metadata().get(SHOWN_AS).map(String::as_str);
        match (field.data_type(), marked) {
            (DataType::FixedSizeBinary(16), Some("uuid")) => Shown::Uuid,
            (DataType::FixedSizeBinary(_) | DataType::Binary | DataType::BinaryView | DataType::LargeBinary, _) => {
                Shown::Hex
            }
            (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, Some(SHOWN_AS_JSON)) => Shown::Json,
            (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, _) => Shown::Text,
            (DataType::List(_), Some(SHOWN_AS_CHANGES)) => Shown::Changes,
            (DataType::Timestamp(_, _), _) => Shown::Time,
            (data_type, _) if data_type.is_integer() => Shown::Integer,
            (DataType::Float64 | DataType::Float32, _) => Shown::Float,
            (DataType::Boolean, _) => Shown::Boolean,
            (other, _) => Shown::Other(other.to_string()),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Shown::Text => "text",
            Shown::Json => "json",
            Shown::Changes => "changes",
            Shown::Time => "time",
            Shown::Integer => "integer",
            Shown::Float => "float",
            Shown::Boolean => "boolean",
            Shown::Uuid => "uuid",
            Shown::Hex => "hex",
            Shown::Other(name) => return name.clone(),
        }
        .to_owned()
    }
}

/// The columns of one batch, ready to be written row by row.
pub(crate) struct Cells {
    columns: Vec<(Shown, ArrayRef)>,
}

impl Cells {
    pub fn of(batch: &RecordBatch) -> Result<Cells, Error> {
        let column = |(field, array): (&std::sync::Arc<Field>, &ArrayRef)| Ok((Shown::of(field), normal(array)?));
        let columns =
            batch.schema_ref().fields().iter().zip(batch.columns()).map(column).collect::<Result<_, Error>>()?;
        Ok(Cells { columns })
    }

    pub fn write_json(&self, column: usize, row: usize, out: &mut Vec<u8>) {
        let (shown, array) = &self.columns[column];
        write_json(shown, array, row, out);
    }

    /// The value alone: text without quotes, everything else as in JSON.
    pub fn write_text(&self, column: usize, row: usize, out: &mut Vec<u8>) {
        let (_, array) = &self.columns[column];
        match array.data_type() {
            DataType::Utf8View => out.extend_from_slice(array.as_string_view().value(row).as_bytes()),
            _ => {
                let mut json = Vec::new();
                self.write_json(column, row, &mut json);
                let quoted = json.len() >= 2 && json.first() == Some(&b'"') && json.last() == Some(&b'"');
                out.extend_from_slice(if quoted { &json[1..json.len() - 1] } else { &json });
            }
        }
    }
}

impl Cells {
    /// The value alone: a text as it is, JSON as JSON, everything else as in JSON without quotes.
    pub(crate) fn write_text_or_json(&self, column: usize, row: usize, out: &mut Vec<u8>) {
        match self.columns[column].0 {
            Shown::Json | Shown::Changes => self.write_json(column, row, out),
            _ => self.write_text(column, row, out),
        }
    }
}

/// Rows as JSON objects without their null members.
pub fn row_objects(batch: &RecordBatch) -> Result<Vec<Map<String, Value>>, Error> {
    let cells = Cells::of(batch)?;
    let mut json = Vec::new();
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let mut object = Map::new();
        for (column, field) in batch.schema_ref().fields().iter().enumerate() {
            if is_null(batch.column(column), row) {
                continue;
            }
            json.clear();
            cells.write_json(column, row, &mut json);
            let value = serde_json::from_slice(&json).map_err(|error| Error {
                source: Some(Box::new(error)),
                ..Error::internal(format!("a value of {} could not be written", field.name()))
            })?;
            object.insert(field.name().clone(), value);
        }
        rows.push(object);
    }
    Ok(rows)
}

/// Arrow's own answer is no for columns of the type null.
pub fn is_null(array: &ArrayRef, row: usize) -> bool {
    *array.data_type() == DataType::Null || array.is_null(row)
}

/// Narrows the many Arrow types to the few that are written below.
fn normal(array: &ArrayRef) -> Result<ArrayRef, Error> {
    let wanted = match array.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => DataType::BinaryView,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            DataType::Int64
        }
        DataType::Float16 | DataType::Float32 => DataType::Float64,
        DataType::Timestamp(unit, zone) if *unit != TimeUnit::Nanosecond => {
            DataType::Timestamp(TimeUnit::Nanosecond, zone.clone())
        }
        DataType::Dictionary(_, value) => return normal(&cast(array, value).map_err(|e| unwritable(array, e))?),
        _ => return Ok(array.clone()),
    };
    if let (DataType::FixedSizeBinary(_), Some(fixed)) = (array.data_type(), array.as_fixed_size_binary_opt()) {
        return Ok(std::sync::Arc::new(fixed.iter().collect::<BinaryViewArray>()));
    }
    cast(array, &wanted).map_err(|error| unwritable(array, error))
}

fn unwritable(array: &ArrayRef, error: arrow::error::ArrowError) -> Error {
    Error {
        source: Some(Box::new(error)),
        ..Error::internal(format!("values of type {} cannot be written", array.data_type()))
    }
}

fn write_json(shown: &Shown, array: &ArrayRef, row: usize, out: &mut Vec<u8>) {
    if is_null(array, row) {
        out.extend_from_slice(b"null");
        return;
    }
    match array.data_type() {
        DataType::Utf8View => {
            let text = array.as_string_view().value(row);
            match shown {
                Shown::Json => write_embedded(text, out),
                _ => write_string(text, out),
            }
        }
        DataType::BinaryView => write_bytes(shown, array.as_binary_view().value(row), out),
        DataType::Boolean => out.extend_from_slice(if array.as_boolean().value(row) { b"true" } else { b"false" }),
        DataType::Int64 => {
            write_number(array.as_primitive::<arrow::datatypes::Int64Type>().value(row), out);
        }
        DataType::UInt64 => {
            write_number(array.as_primitive::<arrow::datatypes::UInt64Type>().value(row), out);
        }
        DataType::Float64 => write_float(array.as_primitive::<arrow::datatypes::Float64Type>().value(row), out),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            write_string(&time_text(array.as_primitive::<arrow::datatypes::TimestampNanosecondType>().value(row)), out);
        }
        DataType::List(item) => write_list(shown, item, &array.as_list::<i32>().value(row), out),
        DataType::LargeList(item) => write_list(shown, item, &array.as_list::<i64>().value(row), out),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            out.push(b'{');
            for (index, (field, column)) in fields.iter().zip(columns).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_string(field.name(), out);
                out.push(b':');
                let json = *shown == Shown::Changes && matches!(field.name().as_str(), "before" | "after");
                let shown = if json { Shown::Json } else { Shown::of(field) };
                match normal(column) {
                    Ok(column) => write_json(&shown, &column, row, out),
                    Err(_) => out.extend_from_slice(b"null"),
                }
            }
            out.push(b'}');
        }
        _ => write_displayed(array, row, out),
    }
}

fn write_list(shown: &Shown, item: &Field, values: &ArrayRef, out: &mut Vec<u8>) {
    let inner = if *shown == Shown::Changes { Shown::Changes } else { Shown::of(item) };
    out.push(b'[');
    if let Ok(values) = normal(values) {
        for index in 0..values.len() {
            if index > 0 {
                out.push(b',');
            }
            write_json(&inner, &values, index, out);
        }
    }
    out.push(b']');
}

/// Decimals are JSON numbers; every other type is the text that Arrow gives it.
fn write_displayed(array: &ArrayRef, row: usize, out: &mut Vec<u8>) {
    let options = FormatOptions::default();
    let text = match ArrayFormatter::try_new(array.as_ref(), &options) {
        Ok(formatter) => formatter.value(row).to_string(),
        Err(_) => return out.extend_from_slice(b"null"),
    };
    if matches!(
        array.data_type(),
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..)
    ) {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_string(&text, out);
    }
}

fn write_number(number: impl std::fmt::Display, out: &mut Vec<u8>) {
    let mut text = String::with_capacity(20);
    write!(text, "{number}").expect("a String takes everything");
    out.extend_from_slice(text.as_bytes());
}

fn write_float(number: f64, out: &mut Vec<u8>) {
    match serde_json::Number::from_f64(number) {
        Some(finite) => write_number(finite, out),
        None if number.is_nan() => out.extend_from_slice(b"\"NaN\""),
        None if number > 0.0 => out.extend_from_slice(b"\"Infinity\""),
        None => out.extend_from_slice(b"\"-Infinity\""),
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a Vec takes everything");
}

/// Text that should hold JSON is embedded if it does, else it stays a text.
fn write_embedded(text: &str, out: &mut Vec<u8>) {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => out.extend_from_slice(text.as_bytes()),
        Err(_) => write_string(text, out),
    }
}

fn write_bytes(shown: &Shown, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    match (shown, <[u8; 16]>::try_from(bytes)) {
        (Shown::Uuid, Ok(bytes)) => write_number(uuid::Uuid::from_bytes(bytes).as_hyphenated(), out),
        _ => out.extend_from_slice(hex::encode(bytes).as_bytes()),
    }
    out.push(b'"');
}

/// RFC 3339 in UTC with nanoseconds.
pub fn time_text(nanos: i64) -> String {
    DateTime::from_timestamp_nanos(nanos).to_rfc3339_opts(SecondsFormat::Nanos, true)
}
