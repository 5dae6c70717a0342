//! Rows as JSON, NDJSON, CSV and an Arrow stream.
//!
//! Values are exact: 64-bit integers are JSON numbers, decimals are JSON numbers in full, times are RFC 3339 in UTC
//! with nanoseconds, ids are UUIDs or lower-case hexadecimal, NaN and infinities are texts. CSV adds nothing against
//! spreadsheets that read values as formulas, because then an export could not be read back.

mod value;

use bytes::Bytes;
use futures::Stream;
use whodunit_api::query::{AnswerColumn, SqlFormat, Statistics};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::ipc::writer::StreamWriter;

use crate::error::Error;
use crate::rows::Rows;

pub(crate) use value::{Cells, is_null};
pub use value::{SHOWN_AS_CHANGES, SHOWN_AS_JSON, Shown, row_objects, time_text};

/// Room made for a written row. The size of the arrays says nothing: a view of one text holds its whole page.
const ROW_BYTES_GUESS: usize = 256;

/// Writes one answer in one format: `start`, then each batch, then `finish` or `fail`.
pub struct Writer {
    format: SqlFormat,
    schema: SchemaRef,
    rows: u64,
    arrow: Option<StreamWriter<Vec<u8>>>,
}

impl Writer {
    pub fn new(format: SqlFormat, schema: SchemaRef) -> Writer {
        Writer { format, schema, rows: 0, arrow: None }
    }

    pub fn start(&mut self) -> Result<Vec<u8>, Error> {
        match self.format {
            SqlFormat::Json => {
                let columns = serde_json::to_string(&columns(&self.schema)).expect("names and types are text");
                Ok(format!("{{\"columns\":{columns},\"rows\":[").into_bytes())
            }
            SqlFormat::Ndjson => Ok(Vec::new()),
            SqlFormat::Csv => Ok(csv_header(&self.schema, Formulas::Exact)),
            SqlFormat::Arrow => {
                let schema = plain_schema(&self.schema);
                let writer = StreamWriter::try_new(Vec::new(), &schema).map_err(encoding)?;
                Ok(std::mem::take(self.arrow.insert(writer).get_mut()))
            }
        }
    }

    pub fn batch(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(batch.num_rows().saturating_mul(ROW_BYTES_GUESS));
        match self.format {
            SqlFormat::Json => self.json_rows(batch, &mut out)?,
            SqlFormat::Ndjson => ndjson_rows(batch, &mut out)?,
            SqlFormat::Csv => csv_rows(batch, Formulas::Exact, &mut out)?,
            SqlFormat::Arrow => {
                let plain = plain_batch(batch)?;
                let writer = self.arrow.as_mut().ok_or_else(|| Error::internal("arrow rows before the start"))?;
                writer.write(&plain).map_err(encoding)?;
                out = std::mem::take(writer.get_mut());
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(out)
    }

    fn json_rows(&self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        let cells = Cells::of(batch)?;
        for row in 0..batch.num_rows() {
            if self.rows > 0 || row > 0 {
                out.push(b',');
            }
            out.extend_from_slice(b"\n[");
            for column in 0..batch.num_columns() {
                if column > 0 {
                    out.push(b',');
                }
                cells.write_json(column, row, out);
            }
            out.push(b']');
        }
        Ok(())
    }

    /// The end of a whole answer, or of one that a limit cut.
    pub fn finish(&mut self, statistics: &Statistics) -> Result<Vec<u8>, Error> {
        let text = serde_json::to_string(statistics).expect("statistics are plain");
        match self.format {
            SqlFormat::Json => Ok(format!("\n],\"statistics\":{text}}}\n").into_bytes()),
            SqlFormat::Ndjson if statistics.partial || statistics.searched.is_some() => {
                Ok(format!("{{\"statistics\":{text}}}\n").into_bytes())
            }
            SqlFormat::Ndjson | SqlFormat::Csv => Ok(Vec::new()),
            SqlFormat::Arrow => {
                let writer =
                    self.arrow.as_mut().ok_or_else(|| Error::internal("the end of arrow rows before the start"))?;
                writer.finish().map_err(encoding)?;
                Ok(std::mem::take(writer.get_mut()))
            }
        }
    }

    /// The end of an answer that failed after its first rows had gone out. CSV and Arrow can only stop short.
    pub fn fail(&mut self, error: &Error, statistics: &Statistics) -> Vec<u8> {
        let detail = serde_json::to_string(&error.body().error).expect("errors are plain");
        let text =
            serde_json::to_string(&Statistics { partial: true, ..statistics.clone() }).expect("statistics are plain");
        match self.format {
            SqlFormat::Json => format!("\n],\"error\":{detail},\"statistics\":{text}}}\n").into_bytes(),
            SqlFormat::Ndjson => format!("{{\"error\":{detail}}}\n").into_bytes(),
            SqlFormat::Csv | SqlFormat::Arrow => Vec::new(),
        }
    }
}

/// The body of an answer, piece by piece. An error before the first rows is returned, so that it can have a status
/// code of its own; a later one is written into the body where the format allows it, and ends the stream.
pub async fn body(
    mut rows: Rows,
    format: SqlFormat,
) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + 'static, Error> {
    let mut writer = Writer::new(format, rows.schema().clone());
    let mut head = writer.start()?;
    let first = rows.next().await.transpose()?;
    let more = first.is_some();
    if let Some(batch) = first {
        head.extend(writer.batch(&batch)?);
    }
    let state = Body { rows, writer, head: Some(head), more };
    Ok(futures::stream::unfold(Some(state), |state| async move { state?.step().await }))
}

struct Body {
    rows: Rows,
    writer: Writer,
    head: Option<Vec<u8>>,
    more: bool,
}

impl Body {
    async fn step(mut self) -> Option<(Result<Bytes, Error>, Option<Body>)> {
        if let Some(mut head) = self.head.take() {
            if self.more {
                return Some((Ok(head.into()), Some(self)));
            }
            let end = self.writer.finish(&self.rows.statistics()).map(|end| {
                head.extend(end);
                Bytes::from(head)
            });
            return Some((end, None));
        }
        match self.rows.next().await {
            Some(Ok(batch)) => match self.writer.batch(&batch) {
                Ok(bytes) => Some((Ok(bytes.into()), Some(self))),
                Err(error) => Some((Err(error), None)),
            },
            Some(Err(error)) => {
                let bytes = self.writer.fail(&error, &self.rows.statistics());
                // Formats without a place for the error stop short, so that the client sees a broken body.
                Some((if bytes.is_empty() { Err(error) } else { Ok(bytes.into()) }, None))
            }
            None => Some((self.writer.finish(&self.rows.statistics()).map(Bytes::from), None)),
        }
    }
}

/// The columns of an answer as they are named in JSON.
pub fn columns(schema: &Schema) -> Vec<AnswerColumn> {
    let column =
        |field: &std::sync::Arc<Field>| AnswerColumn { name: field.name().clone(), kind: Shown::of(field).name() };
    schema.fields().iter().map(column).collect()
}

pub(crate) fn ndjson_rows(batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
    each_object(batch, |object| {
        out.extend_from_slice(object);
        out.push(b'\n');
    })
}

/// Every row as a JSON object without its null members.
pub(crate) fn each_object(batch: &RecordBatch, mut take: impl FnMut(&[u8])) -> Result<(), Error> {
    let cells = Cells::of(batch)?;
    let keys: Vec<String> = batch
        .schema_ref()
        .fields()
        .iter()
        .map(|field| serde_json::to_string(field.name()).expect("names are text"))
        .collect();
    let mut out = Vec::new();
    for row in 0..batch.num_rows() {
        out.clear();
        out.push(b'{');
        let mut first = true;
        for (column, key) in keys.iter().enumerate() {
            if value::is_null(batch.column(column), row) {
                continue;
            }
            if !first {
                out.push(b',');
            }
            first = false;
            out.extend_from_slice(key.as_bytes());
            out.push(b':');
            cells.write_json(column, row, &mut out);
        }
        out.push(b'}');
        take(&out);
    }
    Ok(())
}

/// What is done about texts that a spreadsheet would run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formulas {
    /// Nothing: the export can be read back as it was.
    Exact,
    /// An apostrophe goes in front of them.
    Escape,
}

impl Formulas {
    fn guard(self, text: &mut Vec<u8>) {
        let runs = matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
        if self == Formulas::Escape && runs {
            text.insert(0, b'\'');
        }
    }
}

pub(crate) fn csv_header(schema: &Schema, formulas: Formulas) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut name = field.name().clone().into_bytes();
        formulas.guard(&mut name);
        csv_text(&name, &mut out);
    }
    out.extend_from_slice(b"\r\n");
    out
}

pub(crate) fn csv_rows(batch: &RecordBatch, formulas: Formulas, out: &mut Vec<u8>) -> Result<(), Error> {
    let cells = Cells::of(batch)?;
    // A number is a number, also a negative one.
    let is_number = |field: &std::sync::Arc<Field>| matches!(Shown::of(field), Shown::Integer | Shown::Float);
    let numbers: Vec<bool> = batch.schema_ref().fields().iter().map(is_number).collect();
    let mut text = Vec::new();
    for row in 0..batch.num_rows() {
        for (column, is_number) in numbers.iter().enumerate() {
            if column > 0 {
                out.push(b',');
            }
            if value::is_null(batch.column(column), row) {
                continue;
            }
            text.clear();
            cells.write_text(column, row, &mut text);
            if !is_number {
                formulas.guard(&mut text);
            }
            csv_text(&text, out);
        }
        out.extend_from_slice(b"\r\n");
    }
    Ok(())
}

/// An empty text is quoted, so that it differs from null.
fn csv_text(text: &[u8], out: &mut Vec<u8>) {
    let quote = text.is_empty() || text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
    if !quote {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Views are written as plain text and bytes: many Arrow readers do not know views yet.
fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(item) => DataType::List(plain_field(item).into()),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|field| plain_field(field)).collect()),
        other => other.clone(),
    }
}

fn plain_field(field: &Field) -> Field {
    field.clone().with_data_type(plain_type(field.data_type()))
}

fn plain_schema(schema: &Schema) -> Schema {
    Schema::new(schema.fields().iter().map(|field| plain_field(field)).collect::<Vec<_>>())
}

fn plain_batch(batch: &RecordBatch) -> Result<RecordBatch, Error> {
    let schema = plain_schema(batch.schema_ref());
    let column = |(column, field): (&ArrayRef, &std::sync::Arc<Field>)| {
        if column.data_type() == field.data_type() { Ok(column.clone()) } else { cast(column, field.data_type()) }
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(column).collect::<Result<Vec<_>, _>>();
    let columns = columns.map_err(encoding)?;
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema.into(), columns, &options).map_err(encoding)
}

fn encoding(error: arrow::error::ArrowError) -> Error {
    Error { source: Some(Box::new(error)), ..Error::internal("the rows could not be written") }
}
