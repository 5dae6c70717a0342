//! Rows as bytes: the columns of one record batch, compact enough to write, hash and sync within a group commit.
//!
//! Not Arrow IPC: views would cost 16 bytes per text and carry whole shared buffers, where here a short text costs
//! its length and a repeated one a single byte. Decoding checks every length, so that damaged or hostile bytes are
//! an error and never a panic.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewBuilder, BooleanBuilder, FixedSizeBinaryBuilder, Float64Builder, Int64Builder,
    ListBuilder, RecordBatch, RecordBatchOptions, StringViewBuilder, StructBuilder, TimestampNanosecondBuilder,
};
use arrow::array::{GenericByteViewArray, types::ByteViewType};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type, Schema, TimestampNanosecondType};
use whodunit_model::captured::INLINE_BYTES;
use whodunit_model::table::change_fields;
use whodunit_model::{Kind, Table};

/// Why bytes are not columns.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ColumnsError {
    #[error("the payload ends inside {0}")]
    Short(&'static str),
    #[error("column {0} does not exist in table {1}")]
    NoSuchColumn(u16, &'static str),
    #[error("{0} is not a type of attributes")]
    NoSuchType(u8),
    #[error("text is not UTF-8")]
    NotUtf8,
    #[error("{0} bytes are left over")]
    LeftOver(usize),
    #[error("the columns do not fit together: {0}")]
    Misfit(String),
}

/// An attribute's type, or 0 for a fixed column.
const FIXED: u8 = 0;

fn attribute_code(data_type: &DataType) -> u8 {
    match data_type {
        DataType::Utf8View => 1,
        DataType::Int64 => 2,
        DataType::Float64 => 3,
        DataType::Boolean => 4,
        other => unreachable!("a batch has no attribute of type {other}"),
    }
}

fn attribute_kind(code: u8) -> Result<Kind, ColumnsError> {
    match code {
        1 => Ok(Kind::Text),
        2 => Ok(Kind::Integer),
        3 => Ok(Kind::Float),
        4 => Ok(Kind::Boolean),
        other => Err(ColumnsError::NoSuchType(other)),
    }
}

/// Appends the columns for which `wanted` holds and that have a value in any row.
pub fn encode(table: Table, rows: &RecordBatch, wanted: impl Fn(&str) -> bool, out: &mut Vec<u8>) {
    let count_at = out.len();
    out.extend_from_slice(&[0; 2]);
    let mut count: u16 = 0;
    for (field, values) in rows.schema_ref().fields().iter().zip(rows.columns()) {
        if !wanted(field.name()) || values.null_count() == values.len() {
            continue;
        }
        encode_name(table, field, out);
        encode_column(values, out);
        count = count.checked_add(1).expect("tables have fewer than 65,536 columns");
    }
    out[count_at..count_at + 2].copy_from_slice(&count.to_le_bytes());
}

fn encode_name(table: Table, field: &Field, out: &mut Vec<u8>) {
    let position = table.columns().position(|column| column.name == field.name());
    match position {
        Some(position) => {
            out.push(FIXED);
            out.extend_from_slice(&u16::try_from(position).expect("tables have few fixed columns").to_le_bytes());
        }
        None => {
            out.push(attribute_code(field.data_type()));
            put_bytes(field.name().as_bytes(), out);
        }
    }
}

fn encode_column(values: &ArrayRef, out: &mut Vec<u8>) {
    match values.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => out.push(0),
        Some(nulls) => {
            out.push(1);
            let start = out.len();
            out.resize(start + values.len().div_ceil(8), 0);
            for row in nulls.valid_indices() {
                out[start + row / 8] |= 1 << (row % 8);
            }
        }
    }
    match values.data_type() {
        DataType::Utf8View => encode_runs(values.as_string_view(), str::as_bytes, out),
        DataType::BinaryView => encode_runs(values.as_binary_view(), |bytes| bytes, out),
        DataType::Int64 => encode_numbers(values, values.as_primitive::<Int64Type>().values(), out),
        DataType::Timestamp(..) => {
            encode_numbers(values, values.as_primitive::<TimestampNanosecondType>().values(), out);
        }
        DataType::Float64 => {
            for value in values.as_primitive::<Float64Type>().iter().flatten() {
                out.extend_from_slice(&value.to_bits().to_le_bytes());
            }
        }
        DataType::Boolean => out.extend(values.as_boolean().iter().flatten().map(u8::from)),
        DataType::FixedSizeBinary(_) => {
            for value in values.as_fixed_size_binary().iter().flatten() {
                out.extend_from_slice(value);
            }
        }
        DataType::List(_) => encode_changes(values, out),
        other => unreachable!("a batch has no column of type {other}"),
    }
}

/// Each value as its length plus one and its bytes; zero alone repeats the value before.
///
/// Views are compared before values: two short texts are equal only if their views are, and two long ones only if
/// the first eight bytes of theirs, length and beginning, are.
fn encode_runs<T: ByteViewType>(
    values: &GenericByteViewArray<T>,
    bytes_of: impl Fn(&T::Native) -> &[u8],
    out: &mut Vec<u8>,
) {
    let nulls = values.nulls().filter(|nulls| nulls.null_count() > 0);
    let mut before: Option<(u128, usize)> = None;
    for (row, view) in values.views().iter().enumerate() {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            continue;
        }
        let value = bytes_of(values.value(row));
        let repeated = before.is_some_and(|(other, at)| {
            let could_be = value.len() > INLINE_BYTES && other as u64 == *view as u64;
            other == *view || (could_be && bytes_of(values.value(at)) == value)
        });
        if repeated {
            out.push(0);
        } else {
            put_length(value.len() as u64 + 1, out);
            out.extend_from_slice(value);
            before = Some((*view, row));
        }
    }
}

fn encode_numbers(values: &ArrayRef, numbers: &[i64], out: &mut Vec<u8>) {
    out.reserve(numbers.len() * 8);
    if values.null_count() == 0 {
        out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    } else {
        for (row, number) in numbers.iter().enumerate() {
            if values.is_valid(row) {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
    }
}

fn encode_changes(values: &ArrayRef, out: &mut Vec<u8>) {
    for elements in values.as_list::<i32>().iter().flatten() {
        let elements = elements.as_struct();
        put_length(elements.len() as u64, out);
        for row in 0..elements.len() {
            for part in elements.columns() {
                let text = part.as_string_view();
                if text.is_null(row) {
                    put_length(0, out);
                } else {
                    put_length(text.value(row).len() as u64 + 1, out);
                    out.extend_from_slice(text.value(row).as_bytes());
                }
            }
        }
    }
}

/// LEB128: seven bits a byte, lowest first.
fn put_length(mut length: u64, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push((length as u8) | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    put_length(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// The record batch of `rows` rows that [`encode`] wrote.
pub fn decode(table: Table, rows: usize, bytes: &[u8]) -> Result<RecordBatch, ColumnsError> {
    let mut input = Input { bytes };
    let count = u16::from_le_bytes(input.array("the column count")?);
    let mut fields: Vec<FieldRef> = Vec::with_capacity(usize::from(count));
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        let (field, kind) = decode_name(table, &mut input)?;
        arrays.push(decode_column(kind, rows, &mut input)?);
        fields.push(Arc::new(field));
    }
    if !input.bytes.is_empty() {
        return Err(ColumnsError::LeftOver(input.bytes.len()));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
        .map_err(|error| ColumnsError::Misfit(error.to_string()))
}

fn decode_name(table: Table, input: &mut Input<'_>) -> Result<(Field, Kind), ColumnsError> {
    let [code] = input.array("a column's name")?;
    if code == FIXED {
        let position = u16::from_le_bytes(input.array("a column's name")?);
        let column = table.columns().nth(usize::from(position));
        let column = column.ok_or(ColumnsError::NoSuchColumn(position, table.name()))?;
        return Ok((column.field(), column.kind));
    }
    let kind = attribute_kind(code)?;
    let length = input.length("a column's name")?;
    let name = std::str::from_utf8(input.take(length, "a column's name")?).map_err(|_| ColumnsError::NotUtf8)?;
    Ok((Field::new(name, kind.data_type(), true), kind))
}

/// Which rows have a value.
struct Present<'a> {
    bitmap: Option<&'a [u8]>,
    rows: usize,
}

impl Present<'_> {
    fn iter(&self) -> impl Iterator<Item = bool> {
        (0..self.rows).map(|row| self.bitmap.is_none_or(|bits| bits[row / 8] & (1 << (row % 8)) != 0))
    }
}

fn decode_column(kind: Kind, rows: usize, input: &mut Input<'_>) -> Result<ArrayRef, ColumnsError> {
    let [has_nulls] = input.array("a column's nulls")?;
    let bitmap = if has_nulls == 0 { None } else { Some(input.take(rows.div_ceil(8), "a column's nulls")?) };
    let present = Present { bitmap, rows };
    // Nothing is reserved by a count that was not checked against the bytes at hand.
    Ok(match kind {
        Kind::Text | Kind::Json => {
            let mut builder = StringViewBuilder::new();
            let text = |bytes| std::str::from_utf8(bytes).map_err(|_| ColumnsError::NotUtf8);
            decode_runs(&present, input, |value| {
                builder.append_option(value.map(text).transpose()?);
                Ok(())
            })?;
            Arc::new(builder.finish())
        }
        Kind::Bytes => {
            let mut builder = BinaryViewBuilder::new();
            decode_runs(&present, input, |value| {
                builder.append_option(value);
                Ok(())
            })?;
            Arc::new(builder.finish())
        }
        Kind::Integer => {
            let mut builder = Int64Builder::new();
            decode_fixed(&present, input, |value| builder.append_option(value.map(i64::from_le_bytes)))?;
            Arc::new(builder.finish())
        }
        Kind::Time => {
            let mut builder = TimestampNanosecondBuilder::new().with_timezone("UTC");
            decode_fixed(&present, input, |value| builder.append_option(value.map(i64::from_le_bytes)))?;
            Arc::new(builder.finish())
        }
        Kind::Float => {
            let mut builder = Float64Builder::new();
            let number = |bytes| f64::from_bits(u64::from_le_bytes(bytes));
            decode_fixed(&present, input, |value| builder.append_option(value.map(number)))?;
            Arc::new(builder.finish())
        }
        Kind::Boolean => {
            let mut builder = BooleanBuilder::new();
            decode_fixed(&present, input, |value: Option<[u8; 1]>| builder.append_option(value.map(|[bit]| bit != 0)))?;
            Arc::new(builder.finish())
        }
        Kind::Uuid => decode_binary(16, &present, input)?,
        Kind::Hex(length) => decode_binary(length, &present, input)?,
        Kind::Changes => decode_changes(&present, input)?,
    })
}

fn decode_runs<'a>(
    present: &Present<'_>,
    input: &mut Input<'a>,
    mut append: impl FnMut(Option<&'a [u8]>) -> Result<(), ColumnsError>,
) -> Result<(), ColumnsError> {
    let mut before: &[u8] = &[];
    for here in present.iter() {
        if !here {
            append(None)?;
            continue;
        }
        let length = input.length("a text")?;
        if let Some(length) = length.checked_sub(1) {
            before = input.take(length, "a text")?;
        }
        append(Some(before))?;
    }
    Ok(())
}

fn decode_fixed<const N: usize>(
    present: &Present<'_>,
    input: &mut Input<'_>,
    mut append: impl FnMut(Option<[u8; N]>),
) -> Result<(), ColumnsError> {
    for here in present.iter() {
        append(if here { Some(input.array("a number")?) } else { None });
    }
    Ok(())
}

fn decode_binary(length: i32, present: &Present<'_>, input: &mut Input<'_>) -> Result<ArrayRef, ColumnsError> {
    let mut builder = FixedSizeBinaryBuilder::new(length);
    let width = usize::try_from(length).expect("a column's width is positive");
    for here in present.iter() {
        if here {
            let value = input.take(width, "an id")?;
            builder.append_value(value).map_err(|error| ColumnsError::Misfit(error.to_string()))?;
        } else {
            builder.append_null();
        }
    }
    Ok(Arc::new(builder.finish()))
}

fn decode_changes(present: &Present<'_>, input: &mut Input<'_>) -> Result<ArrayRef, ColumnsError> {
    let fields = change_fields();
    let element = Field::new("item", DataType::Struct(fields.clone()), true);
    let texts = fields.iter().map(|_| Box::new(StringViewBuilder::new()) as _).collect();
    let mut builder = ListBuilder::new(StructBuilder::new(fields, texts)).with_field(element);
    for here in present.iter() {
        let count = if here { input.length("a list of changes")? } else { 0 };
        for _ in 0..count {
            for part in 0..3 {
                let length = input.length("a change")?;
                let text = match length.checked_sub(1) {
                    None => None,
                    Some(length) => {
                        let bytes = input.take(length, "a change")?;
                        Some(std::str::from_utf8(bytes).map_err(|_| ColumnsError::NotUtf8)?)
                    }
                };
                let texts = builder.values().field_builder::<StringViewBuilder>(part);
                texts.expect("a change has three texts").append_option(text);
            }
            builder.values().append(true);
        }
        builder.append(here);
    }
    Ok(Arc::new(builder.finish()))
}

/// Bytes still to read.
struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize, what: &'static str) -> Result<&'a [u8], ColumnsError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(ColumnsError::Short(what))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ColumnsError> {
        Ok(self.take(N, what)?.try_into().expect("exactly N bytes were taken"))
    }

    fn length(&mut self, what: &'static str) -> Result<usize, ColumnsError> {
        let mut length: u64 = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array(what)?;
            length |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(length).map_err(|_| ColumnsError::Short(what));
            }
        }
        Err(ColumnsError::Short(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{BooleanArray, Float64Array, Int64Array, StringViewArray};
    use whodunit_model::{AuditBuilder, AuditEntry, Change, Project};
    use whodunit_stdx::{EntryId, Timestamp};

    fn audit() -> RecordBatch {
        let mut builder = AuditBuilder::new();
        for number in 0..20_i64 {
            let change = Change { field: "total".into(), before: None, after: Some(number.to_string()) };
            builder.push(&AuditEntry {
                time: Timestamp(number),
                received_at: Timestamp(number + 1),
                id: Some(EntryId([number as u8; 16])),
                action: Some("UPDATE".into()),
                reason: (number % 3 == 0).then(|| format!("because of a reason number {number}")),
                request_status: (number % 2 == 0).then_some(200),
                changes: if number % 4 == 0 { vec![change.clone(), change] } else { Vec::new() },
                ..AuditEntry::default()
            });
        }
        builder.finish(&Project::default_project()).into_rows()
    }

    #[test]
    fn every_type_comes_back_as_it_went() {
        let rows = audit();
        let mut bytes = Vec::new();
        encode(Table::AuditLogs, &rows, |_| true, &mut bytes);
        assert_eq!(decode(Table::AuditLogs, rows.num_rows(), &bytes), Ok(rows));
    }

    #[test]
    fn attributes_keep_name_and_type_and_empty_columns_stay_out() {
        let times = || {
            let array = TimestampNanosecondBuilder::new().with_timezone("UTC");
            let mut array = array;
            array.append_slice(&[1, 2]);
            Arc::new(array.finish()) as ArrayRef
        };
        let rows = RecordBatch::try_from_iter(vec![
            ("time", times()),
            ("ratio", Arc::new(Float64Array::from(vec![Some(0.5), None])) as ArrayRef),
            ("cached", Arc::new(BooleanArray::from(vec![None, Some(true)]))),
            ("status", Arc::new(Int64Array::from(vec![200, 500]))),
            ("nothing", Arc::new(StringViewArray::from(vec![None::<&str>, None]))),
            ("route", Arc::new(StringViewArray::from(vec!["/a", "/a"]))),
        ])
        .expect("columns are equally long");
        let mut bytes = Vec::new();
        encode(Table::Logs, &rows, |name| name != "status", &mut bytes);
        let back = decode(Table::Logs, 2, &bytes).expect("decodes");
        let names: Vec<_> = back.schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["time", "ratio", "cached", "route"]);
        assert_eq!(back.column(1), rows.column(1));
        assert_eq!(back.column(3), rows.column(5));
    }

    #[test]
    fn cut_and_changed_bytes_are_errors_and_never_panics() {
        let rows = audit();
        let mut bytes = Vec::new();
        encode(Table::AuditLogs, &rows, |_| true, &mut bytes);
        for length in 0..bytes.len() {
            assert!(decode(Table::AuditLogs, rows.num_rows(), &bytes[..length]).is_err(), "{length}");
        }
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 0xff;
            let _any_answer_but_a_panic = decode(Table::AuditLogs, rows.num_rows(), &changed);
        }
    }
}
