//! Reading one segment: its footer once, then pages as asked for.
//!
//! Bytes from a disk are strangers: whatever they hold, the answer is rows or an error that names file and fault.
//! A decoder that panics on them is caught here, at the boundary.

use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, RowSelection};
use parquet::arrow::async_reader::{AsyncFileReader, ParquetRecordBatchStreamBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use whodunit_stdx::{EntryId, ErrorKind};

use super::meta::SegmentMeta;
use super::rollup;
use super::token;
use super::tokens::{BLOCK_ROWS, TokenIndex};
use super::writer::{FORMAT, key};
use crate::Error;
use crate::object::Objects;

/// The footer of a segment of a million rows is smaller; a larger one takes a second read.
const FOOTER_BYTES_GUESS: usize = 256 << 10;

/// Bytes read at a time when a whole file is checked.
const VERIFY_CHUNK_BYTES: u64 = 4 << 20;

/// One open segment. Holds the footer with its page index; token index and roll-up are loaded when first asked for.
pub struct SegmentReader {
    meta: Arc<SegmentMeta>,
    objects: Objects,
    arrow: ArrowReaderMetadata,
    token_index: Range<u64>,
    rollup: Option<Range<u64>>,
    tokens: OnceCell<Arc<TokenIndex>>,
    rolled_up: OnceCell<RecordBatch>,
}

impl std::fmt::Debug for SegmentReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SegmentReader({})", self.meta.path)
    }
}

/// What is wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub what: String,
}

/// Bytes of rows that are read at once.
const BATCH_BYTES: u64 = 8 << 20;
/// Rows that are read at once however large they are.
const BATCH_ROWS_MIN: u64 = 64;

/// How many rows make a batch: a block, or fewer where rows are large. A block of captured errors would be 100 MB.
fn batch_rows(parquet: &ParquetMetaData) -> usize {
    let sum =
        |of: fn(&RowGroupMetaData) -> i64| parquet.row_groups().iter().map(|group| of(group).unsigned_abs()).sum();
    let (rows, bytes): (u64, u64) = (sum(RowGroupMetaData::num_rows), sum(RowGroupMetaData::total_byte_size));
    let fit = BATCH_BYTES / (bytes / rows.max(1)).max(1);
    usize::try_from(fit.max(BATCH_ROWS_MIN)).unwrap_or(BLOCK_ROWS).min(BLOCK_ROWS)
}

impl SegmentReader {
    /// Reads the footer and checks that the file is the segment that the manifest speaks of.
    pub async fn open(objects: &Objects, meta: &SegmentMeta) -> Result<SegmentReader, Error> {
        // A copy of its own: how often the manifest's is held tells which files are still in use.
        let meta = Arc::new(meta.clone());
        let mut source = Source { objects: objects.clone(), meta: meta.clone(), parquet: None };
        let loading = async {
            let reader = ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Required)
                .with_prefetch_hint(Some(FOOTER_BYTES_GUESS.min(usize::try_from(meta.bytes).unwrap_or(usize::MAX))));
            let parquet = Arc::new(reader.load_and_finish(&mut source, meta.bytes).await?);
            ArrowReaderMetadata::try_new(parquet, ArrowReaderOptions::new())
        };
        let arrow = AssertUnwindSafe(loading).catch_unwind().await.map_err(|_| panicked(&meta, "footer"))?;
        let arrow = match arrow {
            Ok(arrow) => arrow,
            Err(error) => return Err(explain(objects, &meta, failed(&meta, "footer", error)).await),
        };
        let (token_index, rollup) = check_footer(&meta, arrow.metadata())?;
        let (tokens, rolled_up) = (OnceCell::new(), OnceCell::new());
        Ok(SegmentReader { meta, objects: objects.clone(), arrow, token_index, rollup, tokens, rolled_up })
    }

    pub fn meta(&self) -> &SegmentMeta {
        &self.meta
    }

    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    pub fn path(&self) -> &str {
        &self.meta.path
    }

    /// The footer with page index.
    pub fn parquet(&self) -> Arc<ParquetMetaData> {
        self.arrow.metadata().clone()
    }

    pub fn schema(&self) -> &SchemaRef {
        self.arrow.schema()
    }

    /// The filters of words and values, one per block of rows.
    pub async fn tokens(&self) -> Result<Arc<TokenIndex>, Error> {
        let load = || async {
            let bytes = self.objects.get_range(&self.meta.path, self.token_index.clone()).await?;
            // The whole file may be what is cached behind these bytes; the index lives longer.
            let index = TokenIndex::decode(Bytes::copy_from_slice(&bytes));
            let index = index.map_err(|what| corrupt(&self.meta, "token index", what))?;
            let blocks = usize::try_from(self.meta.rows).unwrap_or(usize::MAX).div_ceil(index.block_rows());
            if blocks != index.blocks() {
                let what = format!("{} blocks instead of {blocks}", index.blocks());
                return Err(corrupt(&self.meta, "token index", what));
            }
            Ok(Arc::new(index))
        };
        self.tokens.get_or_try_init(load).await.cloned()
    }

    /// Rows per minute, service and level; `None` if there are too many lines for it to help.
    pub async fn rollup(&self) -> Result<Option<RecordBatch>, Error> {
        let Some(range) = self.rollup.clone() else { return Ok(None) };
        let load = || async {
            let bytes = self.objects.get_range(&self.meta.path, range).await?;
            let decoded = std::panic::catch_unwind(|| rollup::decode(&bytes));
            let decoded = decoded.map_err(|_| panicked(&self.meta, "roll-up"))?;
            decoded.map_err(|what| corrupt(&self.meta, "roll-up", what))
        };
        self.rolled_up.get_or_try_init(load).await.cloned().map(Some)
    }

    /// Bytes held in memory just now.
    pub fn memory(&self) -> usize {
        let tokens = self.tokens.get().map_or(0, |tokens| tokens.memory());
        let rolled_up = self.rolled_up.get().map_or(0, RecordBatch::get_array_memory_size);
        self.arrow.metadata().memory_size() + tokens + rolled_up
    }

    /// The rows in segment order, in batches of at most 8192 and of not much more than 16 MiB.
    ///
    /// `columns`: only these, in the order of the file (names that the segment lacks are left out); `None`: all.
    /// `rows`: only these, ascending and disjoint; `None`: all.
    pub fn stream(
        &self,
        columns: Option<&[&str]>,
        rows: Option<Vec<Range<usize>>>,
    ) -> BoxStream<'static, Result<RecordBatch, Error>> {
        let meta = self.meta.clone();
        let parquet = Some(self.parquet());
        let source = Source { objects: self.objects.clone(), meta: self.meta.clone(), parquet };
        let mut builder = ParquetRecordBatchStreamBuilder::new_with_metadata(source, self.arrow.clone())
            .with_batch_size(batch_rows(self.arrow.metadata()));
        if let Some(columns) = columns {
            let fields = self.schema().fields().iter().enumerate();
            let wanted = fields.filter(|(_, field)| columns.contains(&field.name().as_str())).map(|(at, _)| at);
            builder = builder.with_projection(ProjectionMask::roots(self.arrow.parquet_schema(), wanted));
        }
        if let Some(rows) = rows {
            let total = usize::try_from(self.meta.rows).unwrap_or(usize::MAX);
            builder = builder.with_row_selection(RowSelection::from_consecutive_ranges(rows.into_iter(), total));
        }
        let stream = match builder.build() {
            Ok(stream) => stream,
            Err(error) => {
                let error = failed(&meta, "rows", error);
                return futures::stream::once(async move { Err(error) }).boxed();
            }
        };
        let mut broken = false;
        let rows = AssertUnwindSafe(stream).catch_unwind().map(move |next| match next {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => Err(failed(&meta, "rows", error)),
            Err(_) => Err(panicked(&meta, "rows")),
        });
        // A decoder that has failed once is not asked again.
        rows.take_while(move |next| {
            let go_on = !broken;
            broken |= next.is_err();
            futures::future::ready(go_on)
        })
        .boxed()
    }

    /// The rows of the entry with this id; usually none or one, two for an entry in two steps.
    pub async fn find_id(&self, id: EntryId) -> Result<Vec<RecordBatch>, Error> {
        if self.meta.ids.is_none_or(|(first, last)| id < first || id > last) {
            return Ok(Vec::new());
        }
        let blocks = self.tokens().await?.matching(&[token::value("id", &id.0)]);
        let total = usize::try_from(self.meta.rows).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        for block in (0..blocks.len()).filter(|block| blocks[*block]) {
            let (start, end) = (block * BLOCK_ROWS, ((block + 1) * BLOCK_ROWS).min(total));
            let block_rows = std::iter::once(start..end).collect();
            let mut ids = self.stream(Some(&["id"]), Some(block_rows));
            let mut row = start;
            while let Some(batch) = ids.try_next().await? {
                let column = batch.column_by_name("id").and_then(|ids| ids.as_fixed_size_binary_opt());
                let column = column.ok_or_else(|| corrupt(&self.meta, "rows", "no column of ids"))?;
                let hits = (0..column.len()).filter(|at| column.is_valid(*at) && column.value(*at) == id.0);
                found.extend(hits.map(|at| row + at..row + at + 1));
                row += batch.num_rows();
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let batches: Vec<RecordBatch> = self.stream(None, Some(found)).try_collect().await?;
        let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| batch.slice(row, 1)));
        Ok(rows.collect())
    }
}

/// Compares every byte of the file with the manifest's SHA-256. An error means that the file could not be read.
pub async fn verify_bytes(objects: &Objects, meta: &SegmentMeta) -> Result<Option<Finding>, Error> {
    let finding = |what: String| Some(Finding { path: meta.path.clone(), what });
    match objects.head(&meta.path).await? {
        None => return Ok(finding("the file is gone".to_owned())),
        Some(entry) if entry.bytes != meta.bytes => {
            return Ok(finding(format!("{} bytes instead of {}", entry.bytes, meta.bytes)));
        }
        Some(_) => {}
    }
    let mut digest = Sha256::new();
    let mut start = 0;
    while start < meta.bytes {
        let end = (start + VERIFY_CHUNK_BYTES).min(meta.bytes);
        digest.update(objects.get_range(&meta.path, start..end).await?);
        start = end;
    }
    let found: [u8; 32] = digest.finalize().into();
    if found == meta.sha256 {
        return Ok(None);
    }
    Ok(finding(format!("SHA-256 is {}, the manifest says {}", hex::encode(found), hex::encode(meta.sha256))))
}

/// Where token index and roll-up lie, if the footer belongs to this segment.
fn check_footer(meta: &SegmentMeta, parquet: &ParquetMetaData) -> Result<(Range<u64>, Option<Range<u64>>), Error> {
    let pairs = parquet.file_metadata().key_value_metadata();
    let value = |key: &str| {
        let pair = pairs.into_iter().flatten().find(|pair| pair.key == key);
        pair.and_then(|pair| pair.value.as_deref())
    };
    let format = value(key::FORMAT).unwrap_or("none");
    if format != FORMAT {
        let message = format!("segment {:?} has format {format}, this program reads format {FORMAT}", meta.path);
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let rows = u64::try_from(parquet.file_metadata().num_rows()).unwrap_or(0);
    if value(key::TABLE) != Some(meta.table.name())
        || value(key::PROJECT) != Some(meta.project.as_str())
        || rows != meta.rows
    {
        return Err(corrupt(meta, "footer", "it belongs to another segment"));
    }
    let range = |key: &str| -> Result<Option<Range<u64>>, Error> {
        let Some(text) = value(key) else { return Ok(None) };
        let numbers =
            text.split_once(',').and_then(|(start, length)| Some((start.parse().ok()?, length.parse().ok()?)));
        let range = numbers.and_then(|(start, length): (u64, u64)| Some(start..start.checked_add(length)?));
        let range = range.filter(|range| range.end <= meta.bytes);
        range.map(Some).ok_or_else(|| corrupt(meta, "footer", format!("{key} is {text:?}")))
    };
    let tokens = range(key::TOKEN_INDEX)?.ok_or_else(|| corrupt(meta, "footer", "it names no token index"))?;
    Ok((tokens, range(key::ROLLUP)?))
}

/// A file of another size fails to be read in ways that say nothing of the cause.
async fn explain(objects: &Objects, meta: &SegmentMeta, error: Error) -> Error {
    match objects.head(&meta.path).await {
        Ok(Some(entry)) if entry.bytes != meta.bytes => {
            corrupt(meta, "file", format!("{} bytes instead of {}", entry.bytes, meta.bytes))
        }
        _ => error,
    }
}

fn corrupt(meta: &SegmentMeta, part: &str, what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Corrupt, format!("segment {:?} is damaged: {part}: {what}", meta.path))
}

fn panicked(meta: &SegmentMeta, part: &str) -> Error {
    corrupt(meta, part, "its bytes make no sense to the decoder")
}

/// A failure to read keeps its kind; what remains is a failure to understand.
fn failed(meta: &SegmentMeta, part: &str, error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<Error>() {
            Ok(inner) => *inner,
            Err(other) => {
                Error::because(ErrorKind::Corrupt, format!("segment {:?} is damaged: {part}", meta.path), other)
            }
        },
        other => Error::because(ErrorKind::Corrupt, format!("segment {:?} is damaged: {part}", meta.path), other),
    }
}

/// The bytes of a segment for the Parquet decoder.
struct Source {
    objects: Objects,
    meta: Arc<SegmentMeta>,
    parquet: Option<Arc<ParquetMetaData>>,
}

impl Source {
    /// Ranges come from the footer, and a damaged one must not make us allocate what it says.
    fn check(&self, range: &Range<u64>) -> Result<(), ParquetError> {
        if range.start <= range.end && range.end <= self.meta.bytes {
            return Ok(());
        }
        Err(ParquetError::General(format!("bytes {range:?} of a file of {}", self.meta.bytes)))
    }
}

impl AsyncFileReader for Source {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, ParquetError>> {
        async move {
            self.check(&range)?;
            let bytes = self.objects.get_range(&self.meta.path, range).await;
            bytes.map_err(|error| ParquetError::External(Box::new(error)))
        }
        .boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Result<Vec<Bytes>, ParquetError>> {
        async move {
            ranges.iter().try_for_each(|range| self.check(range))?;
            let bytes = self.objects.get_ranges(&self.meta.path, &ranges).await;
            bytes.map_err(|error| ParquetError::External(Box::new(error)))
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>, ParquetError>> {
        let loaded = self.parquet.clone();
        async move { loaded.ok_or_else(|| ParquetError::General("the footer is loaded by open".to_owned())) }.boxed()
    }
}
