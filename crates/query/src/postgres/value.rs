//! Values as PostgreSQL clients read them: as text, or in the binary form of the type that the column is shown as.
//!
//! Times have microseconds there; nanoseconds are cut (`time::text` shows them). Infinities of floats are written as
//! PostgreSQL does.

use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Field, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNanoType,
    IntervalUnit, SchemaRef, Time64MicrosecondType, TimeUnit, TimestampMicrosecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, Timelike};

use crate::error::Error;
use crate::format::{Cells, is_null};
use crate::pg_types::{self as types, PgType};

/// How a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    Binary,
}

/// Microseconds from 1970 to PostgreSQL's beginning of time, 2000.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;

/// The columns of one batch, ready to be written row by row.
pub struct Columns {
    columns: Vec<Column>,
    shown: Cells,
}

struct Column {
    kind: PgType,
    form: Form,
    values: ArrayRef,
}

impl Columns {
    /// `forms` has one for each column.
    pub fn of(batch: &RecordBatch, forms: &[Form]) -> Result<Columns, Error> {
        let mut columns = Vec::with_capacity(batch.num_columns());
        for ((field, values), form) in batch.schema_ref().fields().iter().zip(batch.columns()).zip(forms) {
            let kind = types::column_type(field);
            columns.push(Column { kind, form: *form, values: comparable(kind, values)? });
        }
        Ok(Columns { columns, shown: Cells::of(batch)? })
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Each value of a row behind its length, -1 for null: as in `DataRow` and in a binary copy.
    pub fn write_row(&self, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        for index in 0..self.columns.len() {
            let start = out.len();
            out.extend_from_slice(&[0; 4]);
            let length = match self.write_value(index, row, out)? {
                true => i32::try_from(out.len() - start - 4).map_err(|_| too_long())?,
                false => -1,
            };
            out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }

    /// Writes nothing and says `false` for null.
    pub fn write_value(&self, index: usize, row: usize, out: &mut Vec<u8>) -> Result<bool, Error> {
        let column = &self.columns[index];
        if is_null(&column.values, row) {
            return Ok(false);
        }
        match (column.kind.element, column.form) {
            (0, _) => self.write_single(index, row, out)?,
            (_, Form::Text) => write_array_text(column, row, out)?,
            (_, Form::Binary) => write_array_binary(column, row, out)?,
        }
        Ok(true)
    }

    fn write_single(&self, index: usize, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let column = &self.columns[index];
        match (column.kind, column.form) {
            (types::UUID, Form::Binary) => out.extend_from_slice(bytes_of(&column.values, row)),
            (types::TEXT | types::JSON | types::UUID, _) => self.shown.write_text_or_json(index, row, out),
            (kind, form) => write_plain(kind, form, &column.values, row, out)?,
        }
        Ok(())
    }
}

fn too_long() -> Error {
    Error::new(whodunit_stdx::ErrorKind::TooLarge, "a value is longer than 2 GiB")
}

fn bytes_of(values: &ArrayRef, row: usize) -> &[u8] {
    match values.as_fixed_size_binary_opt() {
        Some(fixed) => fixed.value(row),
        None => values.as_binary_view().value(row),
    }
}

/// The Arrow type in which values of a PostgreSQL type are written below.
fn arrow_type(kind: PgType) -> Option<DataType> {
    Some(match kind {
        types::INT2 => DataType::Int16,
        types::INT4 => DataType::Int32,
        types::INT8 => DataType::Int64,
        types::FLOAT4 => DataType::Float32,
        types::FLOAT8 => DataType::Float64,
        types::DATE => DataType::Date32,
        types::TIME => DataType::Time64(TimeUnit::Microsecond),
        types::TIMESTAMP => DataType::Timestamp(TimeUnit::Microsecond, None),
        types::TIMESTAMPTZ => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        types::INTERVAL => DataType::Interval(IntervalUnit::MonthDayNano),
        _ => return None,
    })
}

fn comparable(kind: PgType, values: &ArrayRef) -> Result<ArrayRef, Error> {
    if kind == types::UUID && values.as_fixed_size_binary_opt().is_none() {
        return cast(values, &DataType::BinaryView).map_err(unwritable);
    }
    match arrow_type(kind) {
        Some(wanted) if *values.data_type() != wanted => cast(values, &wanted).map_err(unwritable),
        _ => Ok(values.clone()),
    }
}

fn unwritable(error: arrow::error::ArrowError) -> Error {
    Error { source: Some(Box::new(error)), ..Error::internal("a column cannot be shown as its PostgreSQL type") }
}

macro_rules! value {
    ($kind:ty, $values:expr, $row:expr) => {
        $values.as_primitive::<$kind>().value($row)
    };
}

fn write_plain(kind: PgType, form: Form, values: &ArrayRef, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    match form {
        Form::Text => write_plain_text(kind, values, row, out),
        Form::Binary => write_plain_binary(kind, values, row, out),
    }
}

fn write_plain_text(kind: PgType, values: &ArrayRef, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let text = match kind {
        types::BOOL => truth(values.as_boolean().value(row)).to_owned(),
        types::INT2 => value!(Int16Type, values, row).to_string(),
        types::INT4 => value!(Int32Type, values, row).to_string(),
        types::INT8 => value!(Int64Type, values, row).to_string(),
        types::FLOAT4 => float_text(f64::from(value!(Float32Type, values, row)), &value!(Float32Type, values, row)),
        types::FLOAT8 => float_text(value!(Float64Type, values, row), &value!(Float64Type, values, row)),
        types::TIMESTAMP => time_text(value!(TimestampMicrosecondType, values, row)),
        types::TIMESTAMPTZ => time_text(value!(TimestampMicrosecondType, values, row)) + "+00",
        types::INTERVAL => interval_text(value!(IntervalMonthDayNanoType, values, row)),
        _ => displayed(values, row)?,
    };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn truth(value: bool) -> &'static str {
    if value { "t" } else { "f" }
}

fn displayed(values: &ArrayRef, row: usize) -> Result<String, Error> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(values.as_ref(), &options).map_err(unwritable)?;
    Ok(formatter.value(row).to_string())
}

fn float_text(value: f64, shortest: &dyn std::fmt::Display) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ => shortest.to_string(),
    }
}

/// `2026-11-20 22:14:00.5`: fractions without trailing zeros, as PostgreSQL writes them.
fn time_text(micros: i64) -> String {
    let Some(time) = DateTime::from_timestamp_micros(micros) else { return micros.to_string() };
    let seconds = time.format("%Y-%m-%d %H:%M:%S").to_string();
    match time.nanosecond() / 1_000 {
        0 => seconds,
        fraction => format!("{seconds}.{fraction:06}").trim_end_matches('0').to_owned(),
    }
}

/// In the style `postgres`, the default.
fn interval_text(value: arrow::datatypes::IntervalMonthDayNano) -> String {
    let micros = value.nanoseconds / 1_000;
    let sign = if micros < 0 { "-" } else { "" };
    let (seconds, fraction) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    let clock = format!("{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let clock = match fraction {
        0 => clock,
        fraction => format!("{clock}.{fraction:06}").trim_end_matches('0').to_owned(),
    };
    let mut parts = Vec::new();
    let plural = |count: i32| if count == 1 { "" } else { "s" };
    for (count, unit) in [(value.months / 12, "year"), (value.months % 12, "mon"), (value.days, "day")] {
        if count != 0 {
            parts.push(format!("{count} {unit}{}", plural(count)));
        }
    }
    if micros != 0 || parts.is_empty() {
        parts.push(clock);
    }
    parts.join(" ")
}

fn write_plain_binary(kind: PgType, values: &ArrayRef, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    match kind {
        types::BOOL => out.push(u8::from(values.as_boolean().value(row))),
        types::INT2 => out.extend_from_slice(&value!(Int16Type, values, row).to_be_bytes()),
        types::INT4 => out.extend_from_slice(&value!(Int32Type, values, row).to_be_bytes()),
        types::INT8 => out.extend_from_slice(&value!(Int64Type, values, row).to_be_bytes()),
        types::FLOAT4 => out.extend_from_slice(&value!(Float32Type, values, row).to_be_bytes()),
        types::FLOAT8 => out.extend_from_slice(&value!(Float64Type, values, row).to_be_bytes()),
        types::DATE => out.extend_from_slice(&value!(Date32Type, values, row).saturating_sub(EPOCH_DAYS).to_be_bytes()),
        types::TIME => out.extend_from_slice(&value!(Time64MicrosecondType, values, row).to_be_bytes()),
        types::TIMESTAMP | types::TIMESTAMPTZ => {
            let micros = value!(TimestampMicrosecondType, values, row).saturating_sub(EPOCH_MICROS);
            out.extend_from_slice(&micros.to_be_bytes());
        }
        types::INTERVAL => {
            let interval = value!(IntervalMonthDayNanoType, values, row);
            out.extend_from_slice(&(interval.nanoseconds / 1_000).to_be_bytes());
            out.extend_from_slice(&interval.days.to_be_bytes());
            out.extend_from_slice(&interval.months.to_be_bytes());
        }
        types::NUMERIC => numeric_binary(&displayed(values, row)?, out),
        _ => out.extend_from_slice(displayed(values, row)?.as_bytes()),
    }
    Ok(())
}

/// Groups of four decimal digits: `ndigits`, `weight` of the first, `sign`, `dscale`, then the groups.
fn numeric_binary(text: &str, out: &mut Vec<u8>) {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let padded = format!("{}{whole}{fraction}{}", "0".repeat(pad(whole.len())), "0".repeat(pad(fraction.len())));
    let group = |group: &[u8]| group.iter().fold(0i16, |value, digit| value * 10 + i16::from(digit - b'0'));
    let mut groups: Vec<i16> = padded.as_bytes().chunks(4).map(group).collect();
    let mut weight = i16::try_from(whole.len().div_ceil(4)).unwrap_or(i16::MAX) - 1;
    while groups.first() == Some(&0) {
        groups.remove(0);
        weight -= 1;
    }
    while groups.last() == Some(&0) {
        groups.pop();
    }
    let weight = if groups.is_empty() { 0 } else { weight };
    let sign: u16 = if negative && !groups.is_empty() { 0x4000 } else { 0 };
    out.extend_from_slice(&i16::try_from(groups.len()).unwrap_or(i16::MAX).to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&sign.to_be_bytes());
    out.extend_from_slice(&i16::try_from(fraction.len()).unwrap_or(i16::MAX).to_be_bytes());
    for group in groups {
        out.extend_from_slice(&group.to_be_bytes());
    }
}

/// Zeros that fill a number of digits up to groups of four.
fn pad(digits: usize) -> usize {
    digits.next_multiple_of(4) - digits
}

fn items(column: &Column, row: usize) -> Result<(PgType, ArrayRef), Error> {
    let values = match column.values.data_type() {
        DataType::LargeList(_) => column.values.as_list::<i64>().value(row),
        _ => column.values.as_list::<i32>().value(row),
    };
    let kind = PgType::from_oid(column.kind.element).unwrap_or(types::TEXT);
    let values = match kind {
        types::TEXT | types::UUID => text_items(&values)?,
        _ => comparable(kind, &values)?,
    };
    Ok((kind, values))
}

/// Elements as texts: ids in the form in which they are shown.
fn text_items(values: &ArrayRef) -> Result<ArrayRef, Error> {
    if matches!(values.data_type(), DataType::FixedSizeBinary(_) | DataType::BinaryView | DataType::Binary) {
        let cells = Cells::of(&single(values)?)?;
        let mut texts = StringViewBuilder::new();
        for row in 0..values.len() {
            let mut text = Vec::new();
            cells.write_text_or_json(0, row, &mut text);
            if is_null(values, row) {
                texts.append_null();
            } else {
                texts.append_value(String::from_utf8_lossy(&text));
            }
        }
        return Ok(std::sync::Arc::new(texts.finish()));
    }
    cast(values, &DataType::Utf8View).map_err(unwritable)
}

fn single(values: &ArrayRef) -> Result<RecordBatch, Error> {
    let schema: SchemaRef =
        arrow::datatypes::Schema::new(vec![Field::new("item", values.data_type().clone(), true)]).into();
    RecordBatch::try_new(schema, vec![values.clone()]).map_err(unwritable)
}

/// `{a,"b c",NULL}`.
fn write_array_text(column: &Column, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let (kind, values) = items(column, row)?;
    out.push(b'{');
    for index in 0..values.len() {
        if index > 0 {
            out.push(b',');
        }
        if is_null(&values, index) {
            out.extend_from_slice(b"NULL");
            continue;
        }
        match kind {
            types::TEXT | types::UUID => write_quoted(values.as_string_view().value(index), out),
            _ => write_plain_text(kind, &values, index, out)?,
        }
    }
    out.push(b'}');
    Ok(())
}

fn write_quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

fn write_array_binary(column: &Column, row: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let (kind, values) = items(column, row)?;
    let length = i32::try_from(values.len()).map_err(|_| too_long())?;
    out.extend_from_slice(&i32::from(length > 0).to_be_bytes());
    out.extend_from_slice(&i32::from(values.null_count() > 0).to_be_bytes());
    out.extend_from_slice(&kind.oid.to_be_bytes());
    if length > 0 {
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&1i32.to_be_bytes());
    }
    for index in 0..values.len() {
        if is_null(&values, index) {
            out.extend_from_slice(&(-1i32).to_be_bytes());
            continue;
        }
        let mut value = Vec::new();
        match kind {
            types::TEXT => value.extend_from_slice(values.as_string_view().value(index).as_bytes()),
            types::UUID => {
                let parsed = uuid::Uuid::parse_str(values.as_string_view().value(index));
                value.extend_from_slice(parsed.unwrap_or_default().as_bytes());
            }
            _ => write_plain_binary(kind, &values, index, &mut value)?,
        }
        out.extend_from_slice(&i32::try_from(value.len()).map_err(|_| too_long())?.to_be_bytes());
        out.extend_from_slice(&value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_are_groups_of_four_digits() {
        let binary = |text: &str| {
            let mut out = Vec::new();
            numeric_binary(text, &mut out);
            { out.chunks(2) }.map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>()
        };
        assert_eq!(binary("0"), [0, 0, 0, 0]);
        assert_eq!(binary("12345.678"), [3, 1, 0, 3, 1, 2345, 6780]);
        assert_eq!(binary("-0.0001"), [1, -1, 0x4000, 4, 1]);
        assert_eq!(binary("10000"), [1, 1, 0, 0, 1]);
    }

    #[test]
    fn times_and_intervals_are_written_as_postgresql_does() {
        assert_eq!(time_text(1_790_000_000_000_000), "2026-09-21 14:13:20");
        assert_eq!(time_text(1_790_000_000_120_000), "2026-09-21 14:13:20.12");
        let interval = |months, days, nanoseconds| {
            interval_text(arrow::datatypes::IntervalMonthDayNano { months, days, nanoseconds })
        };
        assert_eq!(interval(14, 3, 3_723_500_000_000), "1 year 2 mons 3 days 01:02:03.5");
        assert_eq!(interval(0, 0, 0), "00:00:00");
        assert_eq!(interval(0, 1, 0), "1 day");
    }
}
