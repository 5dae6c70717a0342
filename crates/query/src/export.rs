//! Exports: all rows of a list, newest first, however many there are.
//!
//! Rows come in pieces, each a page of the same snapshot after the last row of the piece before, so that memory does
//! not grow with the export and no place among the questions is held while a client is slow. A piece that does not
//! fit into the memory of a query is asked for again, shorter.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use whodunit_api::query::{Searched, SqlFormat, Statistics};

use crate::cursor::Cursor;
use crate::engine::{Asking, Engine};
use crate::error::{Error, LIMIT_MEMORY};
use crate::format::{Formulas, csv_header, csv_rows, each_object, ndjson_rows};
use crate::list::{ListQuestion, ListRequest, places_of};
use crate::rows::Limits;
use crate::searched::searched;
use crate::statement::Mentions;
use crate::table::{SignalTable, Source};
use crate::visibility::Visibility;
use crate::visible::attribute_columns;

/// Rows of one piece.
pub const EXPORT_PIECE_ROWS: usize = 4096;
/// Attributes that become columns of an export; with more of them in the range it is refused.
pub const EXPORT_ATTRIBUTES_MAX: usize = 1000;

/// A piece that needs too much memory is divided by this until it is one row.
const SHORTEN: usize = 8;

/// The rows of a list, piece by piece.
pub struct Export {
    engine: Engine,
    request: ListRequest,
    table: SignalTable,
    source: Arc<Source>,
    visibility: Visibility,
    piece_rows: usize,
    cursor: Option<Cursor>,
    first: Option<Piece>,
    ended: bool,
    schema: SchemaRef,
}

struct Piece {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Engine {
    /// Starts an export: its first piece is read, so that what is wrong is known before anything is sent.
    pub async fn export(&self, request: ListRequest, visibility: &Visibility) -> Result<Export, Error> {
        visibility.require(request.table)?;
        let asking = self.ask(visibility, &Mentions::default(), self.settings().limits).await?;
        let source = asking.source.clone();
        let attributes = attribute_columns(&source, request.table, request.range());
        if attributes.len() > EXPORT_ATTRIBUTES_MAX {
            let message = format!("the rows have {} attributes, more than {EXPORT_ATTRIBUTES_MAX}", attributes.len());
            let hint = "narrow the range of time, or export with SQL and name the columns";
            return Err(Error::invalid(message).with_hint(hint).with_limit("export_attributes_max"));
        }
        let names = request.filters.column_names().chain(attributes.iter().map(String::as_str));
        let table = SignalTable::new(source.clone(), request.table, &Mentions::of(names));
        drop(asking);
        let mut export = Export {
            engine: self.clone(),
            schema: table.schema.clone(),
            request,
            table,
            source,
            visibility: visibility.clone(),
            piece_rows: EXPORT_PIECE_ROWS,
            cursor: None,
            first: None,
            ended: false,
        };
        let first = export.read().await?;
        export.schema = first.schema.clone();
        export.first = Some(first);
        Ok(export)
    }
}

impl Export {
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows, newest first; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<RecordBatch>>, Error> {
        let piece = match self.first.take() {
            Some(first) => first,
            None if self.ended => return Ok(None),
            None => self.read().await?,
        };
        Ok((!piece.batches.is_empty()).then_some(piece.batches))
    }

    /// Where an export without rows has looked for them.
    pub fn searched(&self) -> Option<Searched> {
        let is_empty = self.ended && self.cursor.is_none();
        is_empty.then(|| searched(&self.source, &[(self.request.table, self.request.range())]))
    }

    async fn read(&mut self) -> Result<Piece, Error> {
        loop {
            let mut asking = self.engine.ask(&self.visibility, &Mentions::default(), self.limits()).await?;
            // Every piece shows the moment of the first.
            asking.source = self.source.clone();
            match self.piece(&asking).await {
                Err(error) if error.limit == Some(LIMIT_MEMORY) && self.piece_rows > 1 => {
                    self.piece_rows = (self.piece_rows / SHORTEN).max(1);
                }
                Err(error) => return Err(error),
                Ok(piece) => return self.passed(piece),
            }
        }
    }

    async fn piece(&self, asking: &Asking) -> Result<Piece, Error> {
        let now = self.source.now;
        let condition = self.request.filters.expression(self.request.table, &self.table.schema, now)?;
        let question =
            ListQuestion { engine: &self.engine, asking, request: &self.request, table: &self.table, condition };
        let plan = question.page_after(self.cursor, self.piece_rows)?;
        let rows = self.engine.run(asking, plan, self.limits()).await?;
        let schema = rows.schema().clone();
        Ok(Piece { schema, batches: rows.collect().await?.0 })
    }

    fn passed(&mut self, piece: Piece) -> Result<Piece, Error> {
        let rows: usize = piece.batches.iter().map(RecordBatch::num_rows).sum();
        self.ended = rows < self.piece_rows;
        if let Some(last) = piece.batches.last() {
            self.cursor = places_of(last, self.request.table)?.last().copied();
        }
        Ok(piece)
    }

    /// Of one piece: the number of its rows is in the plan.
    fn limits(&self) -> Limits {
        Limits { rows: u64::MAX, ..self.engine.settings().limits }
    }
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("request", &self.request).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One object per row and line.
    Ndjson,
    /// One array of objects.
    Json,
    Csv(Formulas),
}

impl ExportFormat {
    pub fn content_type(self) -> &'static str {
        match self {
            ExportFormat::Ndjson => SqlFormat::Ndjson.content_type(),
            ExportFormat::Json => SqlFormat::Json.content_type(),
            ExportFormat::Csv(_) => SqlFormat::Csv.content_type(),
        }
    }

    /// How the name of its file ends.
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Ndjson => "ndjson",
            ExportFormat::Json => "json",
            ExportFormat::Csv(_) => "csv",
        }
    }
}

/// Writes an export: `start`, then each piece, then `finish` or `fail`.
#[derive(Clone, Debug)]
pub struct ExportWriter {
    format: ExportFormat,
    rows: u64,
}

impl ExportWriter {
    pub fn new(format: ExportFormat) -> ExportWriter {
        ExportWriter { format, rows: 0 }
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn start(&self, schema: &SchemaRef) -> Vec<u8> {
        match self.format {
            ExportFormat::Ndjson => Vec::new(),
            ExportFormat::Json => b"[".to_vec(),
            ExportFormat::Csv(formulas) => csv_header(schema, formulas),
        }
    }

    pub fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), Error> {
        match self.format {
            ExportFormat::Ndjson => ndjson_rows(batch, out)?,
            ExportFormat::Csv(formulas) => csv_rows(batch, formulas, out)?,
            ExportFormat::Json => {
                let mut is_first = self.rows == 0;
                each_object(batch, |object| {
                    out.extend_from_slice(if is_first { b"\n" } else { b",\n" });
                    out.extend_from_slice(object);
                    is_first = false;
                })?;
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// The end of a whole export; one of no rows says where they were looked for, as far as the format has room.
    pub fn finish(&self, searched: Option<Searched>) -> Vec<u8> {
        match self.format {
            ExportFormat::Json => b"\n]\n".to_vec(),
            ExportFormat::Csv(_) => Vec::new(),
            ExportFormat::Ndjson => searched.map_or_else(Vec::new, |searched| {
                let statistics = Statistics { searched: Some(searched), ..Statistics::default() };
                format!("{}\n", serde_json::json!({ "statistics": statistics })).into_bytes()
            }),
        }
    }

    /// The end of an export that failed on its way; empty where the format has no room for it.
    pub fn fail(&self, error: &Error) -> Vec<u8> {
        match self.format {
            ExportFormat::Ndjson => format!("{}\n", serde_json::json!({ "error": error.body().error })).into_bytes(),
            ExportFormat::Json | ExportFormat::Csv(_) => Vec::new(),
        }
    }
}
