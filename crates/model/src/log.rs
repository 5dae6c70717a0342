//! The builder of batches of log lines and of spans: fixed columns that appear when first filled, and a column per attribute.
//!
//! Every way in for logs ends here, row by row, so this is where ingest spends its time. The idea: a column is
//! padded with nulls only when a later row fills it, so a row costs what it holds and not what the table has;
//! and a caller that knows its keys asks once for an [`AttributeId`] and never hashes again.
//! An attribute takes the type of its first value and is widened when a later one does not fit: integer to float
//! while no digit is lost, anything else to text. It must not know any wire format.

mod values;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryBuilder, Int64Builder, RecordBatch, StringViewBuilder,
    TimestampNanosecondArray,
};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, FieldRef, Schema};
use whodunit_stdx::Timestamp;

use crate::batch::Batch;
use crate::keys::KeyTable;
use crate::project::Project;
use crate::table::{Column, Table};
pub use values::{Scalar, write_json_text};
use values::{Values, append_overflow, pad_text};

/// How many attributes of one batch get a column of their own; the rest goes to `attributes_overflow`.
pub const ATTRIBUTE_COLUMNS_MAX: usize = 512;

/// Longest key, in bytes, that names a column; longer ones, and the empty one, go to `attributes_overflow`.
pub const ATTRIBUTE_KEY_BYTES_MAX: usize = 256;

/// Most bytes that columns of a batch may take by their number alone; an attribute whose column would pass this is
/// overflow, so that one row with many new keys cannot widen tens of thousands of rows.
const COLUMN_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of one value in its column, without text longer than 12 bytes.
const VALUE_BYTES: usize = 16;
/// Columns grow from here by doubling; more room in advance would be taken by every sparse column too.
const ROWS_EXPECTED_MAX: usize = 1024;

/// How many attribute keys a builder remembers; a key beyond them is overflow without being looked up.
const ATTRIBUTE_KEYS_MAX: usize = 8192;

/// A fixed text column of `logs` or `spans` that a client may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    Environment,
    Service,
    Host,
    Release,
    ActorType,
    ActorId,
    ActorEmail,
    ActorName,
    Ip,
    UserAgent,
    SessionId,
    CorrelationId,
    BatchId,
    Level,
    Logger,
    Body,
    /// Canonical JSON object of the stream's labels.
    Stream,
    /// What a span is called; this and the following are columns of spans alone.
    Name,
    Kind,
    Status,
    /// JSON list of what happened within the span.
    Events,
    /// JSON list of spans of other traces that it belongs with.
    Links,
}

/// An attribute key that the builder has seen; stays valid for the life of the builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeId(u32);

/// Collects log lines, or spans, column by column. Set what a row has, then end it with [`LogBuilder::finish_row`].
pub struct LogBuilder {
    table: Table,
    rows: usize,
    rows_expected: usize,
    text_bytes: usize,
    fixed_columns_used: usize,
    time: Vec<i64>,
    received_at: Vec<i64>,
    observed_at: Filled<Int64Builder>,
    severity_number: Filled<Int64Builder>,
    duration_ns: Filled<Int64Builder>,
    parent_span_id: Filled<FixedSizeBinaryBuilder>,
    trace_id: Filled<FixedSizeBinaryBuilder>,
    span_id: Filled<FixedSizeBinaryBuilder>,
    texts: Vec<Filled<StringViewBuilder>>,
    keys: KeyTable,
    attributes: Vec<Attribute>,
    columns_used: usize,
    overflow: Filled<StringViewBuilder>,
    overflow_row: String,
    abandoned: Vec<usize>,
}

/// A column that exists only once a row fills it.
struct Filled<B> {
    builder: Option<B>,
    rows: usize,
}

struct Attribute {
    column: String,
    values: Values,
    rows: usize,
}

impl TextField {
    pub const ALL: [TextField; 22] = [
        TextField::Environment,
        TextField::Service,
        TextField::Host,
        TextField::Release,
        TextField::ActorType,
        TextField::ActorId,
        TextField::ActorEmail,
        TextField::ActorName,
        TextField::Ip,
        TextField::UserAgent,
        TextField::SessionId,
        TextField::CorrelationId,
        TextField::BatchId,
        TextField::Level,
        TextField::Logger,
        TextField::Body,
        TextField::Stream,
        TextField::Name,
        TextField::Kind,
        TextField::Status,
        TextField::Events,
        TextField::Links,
    ];

    pub fn column(self) -> &'static str {
        match self {
            TextField::Environment => "environment",
            TextField::Service => "service",
            TextField::Host => "host",
            TextField::Release => "release",
            TextField::ActorType => "actor_type",
            TextField::ActorId => "actor_id",
            TextField::ActorEmail => "actor_email",
            TextField::ActorName => "actor_name",
            TextField::Ip => "ip",
            TextField::UserAgent => "user_agent",
            TextField::SessionId => "session_id",
            TextField::CorrelationId => "correlation_id",
            TextField::BatchId => "batch_id",
            TextField::Level => "level",
            TextField::Logger => "logger",
            TextField::Body => "body",
            TextField::Stream => "stream",
            TextField::Name => "name",
            TextField::Kind => "kind",
            TextField::Status => "status",
            TextField::Events => "events",
            TextField::Links => "links",
        }
    }
}

impl Default for LogBuilder {
    fn default() -> Self {
        Self::new(0)
    }
}

impl LogBuilder {
    /// A builder of log lines that expects about `rows_expected` rows; more are welcome.
    pub fn new(rows_expected: usize) -> LogBuilder {
        LogBuilder::of(Table::Logs, rows_expected)
    }

    /// A builder of spans.
    pub fn spans(rows_expected: usize) -> LogBuilder {
        LogBuilder::of(Table::Spans, rows_expected)
    }

    fn of(table: Table, rows_expected: usize) -> LogBuilder {
        LogBuilder {
            table,
            rows: 0,
            rows_expected: rows_expected.min(ROWS_EXPECTED_MAX),
            text_bytes: 0,
            fixed_columns_used: 2,
            time: Vec::with_capacity(rows_expected),
            received_at: Vec::with_capacity(rows_expected),
            observed_at: Filled::default(),
            severity_number: Filled::default(),
            duration_ns: Filled::default(),
            parent_span_id: Filled::default(),
            trace_id: Filled::default(),
            span_id: Filled::default(),
            texts: TextField::ALL.iter().map(|_| Filled::default()).collect(),
            keys: KeyTable::new(ATTRIBUTE_KEYS_MAX),
            attributes: Vec::new(),
            columns_used: 0,
            overflow: Filled::default(),
            overflow_row: String::new(),
            abandoned: Vec::new(),
        }
    }

    /// Rows so far, abandoned ones included.
    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == self.abandoned.len()
    }

    /// Roughly the bytes held, for cutting batches and counting memory.
    pub fn bytes(&self) -> usize {
        self.text_bytes + self.column_bytes()
    }

    fn column_bytes(&self) -> usize {
        self.rows * VALUE_BYTES * (self.fixed_columns_used + self.columns_used)
    }

    /// Sets a fixed text column of this row, which the table has. The first value of a row stands; `false` says that
    /// this is not the first.
    pub fn text(&mut self, field: TextField, value: &str) -> bool {
        let column = &mut self.texts[field as usize];
        if column.rows > self.rows {
            return false;
        }
        self.text_bytes += value.len();
        self.fixed_columns_used += usize::from(column.builder.is_none());
        append_text(column, self.rows, self.rows_expected, value);
        true
    }

    pub fn observed_at(&mut self, time: Timestamp) -> bool {
        append_integer(&mut self.observed_at, self.rows, self.rows_expected, time.0)
    }

    /// OpenTelemetry's 1 (TRACE) to 24 (FATAL4).
    pub fn severity_number(&mut self, number: i64) -> bool {
        append_integer(&mut self.severity_number, self.rows, self.rows_expected, number)
    }

    /// How long a span took.
    pub fn duration_ns(&mut self, nanos: i64) -> bool {
        append_integer(&mut self.duration_ns, self.rows, self.rows_expected, nanos)
    }

    /// The span that a span is part of.
    pub fn parent_span_id(&mut self, id: &[u8; 8]) -> bool {
        append_fixed(&mut self.parent_span_id, self.rows, id)
    }

    pub fn trace_id(&mut self, id: &[u8; 16]) -> bool {
        append_fixed(&mut self.trace_id, self.rows, id)
    }

    pub fn span_id(&mut self, id: &[u8; 8]) -> bool {
        append_fixed(&mut self.span_id, self.rows, id)
    }

    /// The handle of an attribute key; `None` for a key that gets no column, see [`LogBuilder::overflow`].
    pub fn attribute_id(&mut self, key: &str) -> Option<AttributeId> {
        if key.is_empty() || key.len() > ATTRIBUTE_KEY_BYTES_MAX {
            return None;
        }
        let found = self.keys.find_or_add(key)?;
        if found as usize == self.attributes.len() {
            let column = self.table.attribute_column(key).into_owned();
            self.attributes.push(Attribute { column, values: Values::Empty, rows: 0 });
        }
        Some(AttributeId(found))
    }

    /// Sets an attribute of this row by key. Keys that repeat in the same order from row to row are found without hashing.
    pub fn attribute(&mut self, key: &str, value: Scalar<'_>) -> bool {
        match self.attribute_id(key) {
            Some(id) => self.attribute_by_id(id, value),
            None => {
                self.overflow(key, value);
                true
            }
        }
    }

    /// Sets an attribute of this row. The first value of a row stands; `false` says that this is not the first.
    pub fn attribute_by_id(&mut self, id: AttributeId, value: Scalar<'_>) -> bool {
        let attribute = &mut self.attributes[id.0 as usize];
        if let Values::Empty = attribute.values {
            let full = self.columns_used >= ATTRIBUTE_COLUMNS_MAX
                || self.rows * VALUE_BYTES * (self.fixed_columns_used + self.columns_used) >= COLUMN_BYTES_MAX;
            if full {
                let key = self.keys.name(id.0);
                append_overflow(&mut self.overflow_row, key, value);
                return true;
            }
            self.columns_used += 1;
            attribute.values = Values::new(value, self.rows_expected);
        } else if attribute.rows > self.rows {
            return false;
        }
        if let Scalar::Text(text) = value {
            self.text_bytes += text.len();
        }
        attribute.values.pad(self.rows - attribute.rows);
        attribute.values.append(value);
        attribute.rows = self.rows + 1;
        true
    }

    /// Puts an attribute of this row straight into `attributes_overflow`.
    pub fn overflow(&mut self, key: &str, value: Scalar<'_>) {
        append_overflow(&mut self.overflow_row, key, value);
    }

    /// Ends the row.
    pub fn finish_row(&mut self, time: Timestamp, received_at: Timestamp) {
        if !self.overflow_row.is_empty() {
            self.overflow_row.push('}');
            self.text_bytes += self.overflow_row.len();
            append_text(&mut self.overflow, self.rows, self.rows_expected, &self.overflow_row);
            self.overflow_row.clear();
        }
        self.keys.begin();
        self.time.push(time.0);
        self.received_at.push(received_at.0);
        self.rows += 1;
    }

    /// Ends the row as one that never was: it will not be in the batch.
    pub fn abandon_row(&mut self) {
        self.abandoned.push(self.rows);
        self.finish_row(Timestamp::default(), Timestamp::default());
    }

    /// The batch of all rows, or `None` without any. The builder is empty afterwards and keeps its keys.
    pub fn finish(&mut self, project: &Project) -> Option<Batch> {
        let empty = self.is_empty();
        let rows = std::mem::take(&mut self.rows);
        let mut columns = Columns { table: self.table, fields: Vec::new(), arrays: Vec::new() };
        columns.fixed("time", Some(times(std::mem::take(&mut self.time))));
        columns.fixed("received_at", Some(times(std::mem::take(&mut self.received_at))));
        for field in TextField::ALL {
            columns.fixed(field.column(), finish_text(&mut self.texts[field as usize], rows));
        }
        let observed = self.observed_at.take(rows, |builder, missing| builder.append_nulls(missing));
        columns.fixed(
            "observed_at",
            observed.map(|mut builder| {
                Arc::new(
                    builder
                        .finish()
                        .reinterpret_cast::<arrow::datatypes::TimestampNanosecondType>()
                        .with_timezone("UTC"),
                ) as ArrayRef
            }),
        );
        let severity = self.severity_number.take(rows, |builder, missing| builder.append_nulls(missing));
        columns.fixed("severity_number", severity.map(|mut builder| Arc::new(builder.finish()) as ArrayRef));
        let duration = self.duration_ns.take(rows, |builder, missing| builder.append_nulls(missing));
        columns.fixed("duration_ns", duration.map(|mut builder| Arc::new(builder.finish()) as ArrayRef));
        let ids = [
            ("trace_id", &mut self.trace_id),
            ("span_id", &mut self.span_id),
            ("parent_span_id", &mut self.parent_span_id),
        ];
        for (name, ids) in ids {
            let ids = ids.take(rows, pad_fixed);
            columns.fixed(name, ids.map(|mut builder| Arc::new(builder.finish()) as ArrayRef));
        }
        columns.fixed("attributes_overflow", finish_text(&mut self.overflow, rows));
        for attribute in &mut self.attributes {
            columns.attribute(attribute, rows);
        }
        (self.columns_used, self.fixed_columns_used, self.text_bytes) = (0, 2, 0);
        let abandoned = std::mem::take(&mut self.abandoned);
        (!empty).then(|| columns.into_batch(project, rows, &abandoned))
    }
}

/// Finished columns with their fields.
struct Columns {
    table: Table,
    fields: Vec<FieldRef>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    fn fixed(&mut self, name: &str, array: Option<ArrayRef>) {
        if let Some(array) = array {
            let field = self.table.column(name).map(Column::field).expect("names are those of the table");
            self.fields.push(Arc::new(field));
            self.arrays.push(array);
        }
    }

    fn attribute(&mut self, attribute: &mut Attribute, rows: usize) {
        attribute.values.pad_used(rows - std::mem::take(&mut attribute.rows));
        let Some(array) = std::mem::replace(&mut attribute.values, Values::Empty).finish() else { return };
        self.fields.push(Arc::new(Field::new(&attribute.column, array.data_type().clone(), true)));
        self.arrays.push(array);
    }

    fn into_batch(self, project: &Project, rows: usize, abandoned: &[usize]) -> Batch {
        let all = RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.arrays)
            .expect("every column is padded to the same number of rows");
        let kept = if abandoned.is_empty() { all } else { without(&all, rows, abandoned) };
        Batch::new(self.table, project.clone(), kept)
            .expect("columns come from the table's schema and key names are distinct")
    }
}

/// The rows that were not abandoned, and of the columns those that still hold a value.
fn without(all: &RecordBatch, rows: usize, abandoned: &[usize]) -> RecordBatch {
    let mut keep = vec![true; rows];
    for row in abandoned {
        keep[*row] = false;
    }
    let kept = filter_record_batch(all, &BooleanArray::from(keep)).expect("the mask has one bit per row");
    let filled = |index: &usize| kept.column(*index).null_count() < kept.num_rows();
    let indices: Vec<usize> = (0..kept.num_columns()).filter(filled).collect();
    kept.project(&indices).expect("indices are those of its columns")
}

fn times(nanos: Vec<i64>) -> ArrayRef {
    Arc::new(TimestampNanosecondArray::from(nanos).with_timezone("UTC"))
}

impl<B> Default for Filled<B> {
    fn default() -> Self {
        Filled { builder: None, rows: 0 }
    }
}

impl<B> Filled<B> {
    /// The builder padded to `rows`, if there is one; nothing is left behind.
    fn take(&mut self, rows: usize, pad: impl Fn(&mut B, usize)) -> Option<B> {
        let mut builder = self.builder.take()?;
        pad(&mut builder, rows - std::mem::take(&mut self.rows));
        Some(builder)
    }
}

fn pad_fixed(builder: &mut FixedSizeBinaryBuilder, missing: usize) {
    for _ in 0..missing {
        builder.append_null();
    }
}

fn append_text(column: &mut Filled<StringViewBuilder>, row: usize, expected: usize, value: &str) {
    let builder = column.builder.get_or_insert_with(|| StringViewBuilder::with_capacity(expected));
    pad_text(builder, row - column.rows);
    builder.append_value(value);
    column.rows = row + 1;
}

fn append_integer(column: &mut Filled<Int64Builder>, row: usize, expected: usize, value: i64) -> bool {
    if column.rows > row {
        return false;
    }
    let builder = column.builder.get_or_insert_with(|| Int64Builder::with_capacity(expected));
    builder.append_nulls(row - column.rows);
    builder.append_value(value);
    column.rows = row + 1;
    true
}

fn append_fixed<const N: usize>(column: &mut Filled<FixedSizeBinaryBuilder>, row: usize, value: &[u8; N]) -> bool {
    if column.rows > row {
        return false;
    }
    let width = i32::try_from(N).expect("ids are 8 or 16 bytes");
    let builder = column.builder.get_or_insert_with(|| FixedSizeBinaryBuilder::new(width));
    pad_fixed(builder, row - column.rows);
    builder.append_value(value).expect("the array has the column's width");
    column.rows = row + 1;
    true
}

fn finish_text(column: &mut Filled<StringViewBuilder>, rows: usize) -> Option<ArrayRef> {
    column.take(rows, pad_text).map(|mut builder| Arc::new(builder.finish()) as ArrayRef)
}

#[cfg(test)]
mod tests;
