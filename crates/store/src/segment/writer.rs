//! Writing one segment: rows go in sorted, a Parquet file and its metadata come out.
//!
//! Rows stream through: at any time one row group is in memory, encoded. Beside Parquet's own encoding each row feeds
//! the token index, the roll-up and the facts that become [`SegmentMeta`]. The file's SHA-256 is taken on the way out.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use sha2::{Digest, Sha256};
use whodunit_model::{Project, Table};
use whodunit_stdx::{ErrorKind, Timestamp};

use super::columns::{self, ROW_GROUP_ROWS};
use super::facts::Facts;
use super::layout::Layout;
use super::meta::{Lane, SegmentId, SegmentMeta, Tier, segment_path};
use super::rollup::RollupBuilder;
use super::token;
use super::tokens::{BLOCK_ROWS, TokenIndexBuilder};
use crate::Error;
use crate::object::{Objects, Upload};

/// Raised when an older Whodunit must not read the segment.
pub const FORMAT: &str = "1";

/// Keys of the file's key-value metadata.
pub mod key {
    pub const FORMAT: &str = "whodunit.format";
    pub const TABLE: &str = "whodunit.table";
    pub const PROJECT: &str = "whodunit.project";
    pub const WRITER: &str = "whodunit.writer";
    /// Offset and length of the token index in the file, as `offset,length`.
    pub const TOKEN_INDEX: &str = "whodunit.token_index";
    pub const ROLLUP: &str = "whodunit.rollup";
}

/// Rows after which whoever writes a segment makes room for others: a few looks at a page's size
/// ([`columns::WRITE_BATCH`]), so that pages end where they would anyway. Of large rows fewer.
const PIECE_ROWS: usize = 4 * columns::WRITE_BATCH;
const PIECE_ROWS_OF_LARGE: usize = columns::WRITE_BATCH / 8;
const LARGE_ROW_BYTES: usize = 2 << 10;

/// A row group that is this large in memory ends early, at the end of a block.
const ROW_GROUP_BYTES_MAX: usize = 16 << 20;

/// Whose rows these are and how they are kept.
#[derive(Clone, Debug)]
pub struct SegmentIdentity {
    pub id: SegmentId,
    pub table: Table,
    pub project: Project,
    pub day: i32,
    pub level: u32,
    pub tier: Tier,
    /// Id of the writing installation.
    pub writer: String,
    pub created_at: Timestamp,
    /// Put before the path, for tiers that lie elsewhere: `cold`.
    pub place: Option<String>,
}

impl SegmentIdentity {
    pub fn path(&self) -> String {
        let path = segment_path(self.table, &self.project, self.day, self.id);
        match &self.place {
            Some(place) => format!("{place}/{path}"),
            None => path,
        }
    }
}

/// Writes one segment.
pub struct SegmentWriter {
    identity: SegmentIdentity,
    path: String,
    layout: Layout,
    /// Made with the first rows, which decide the encodings.
    encoder: Option<Encoder>,
    upload: Upload,
    digest: Sha256,
    bytes: u64,
}

impl SegmentWriter {
    pub async fn create(objects: &Objects, identity: SegmentIdentity, layout: Layout) -> Result<SegmentWriter, Error> {
        let path = identity.path();
        let upload = objects.upload(&path).await?;
        Ok(SegmentWriter { identity, path, layout, encoder: None, upload, digest: Sha256::new(), bytes: 0 })
    }

    /// Adds rows in segment order, with exactly the columns of the layout (see [`Layout::conform`]).
    pub async fn push(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        if rows.num_rows() == 0 {
            return Ok(());
        }
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            None => self.encoder.insert(Encoder::new(&self.identity, &self.layout, rows)?),
        };
        let piece_rows = piece_rows(rows);
        for start in (0..rows.num_rows()).step_by(piece_rows) {
            let piece = rows.slice(start, piece_rows.min(rows.num_rows() - start));
            encoder.push(&piece).map_err(|error| named(error, &self.path))?;
            tokio::task::yield_now().await;
        }
        self.drain().await
    }

    /// Ends the file and makes it durable. It is live only once a manifest names it.
    pub async fn finish(mut self) -> Result<SegmentMeta, Error> {
        let Some(encoder) = self.encoder.take() else {
            return Err(Error::new(ErrorKind::Internal, format!("segment {:?} without rows", self.path)));
        };
        let (rest, facts) = encoder.finish(&self.identity).map_err(|error| named(error, &self.path))?;
        self.send(rest.into()).await?;
        self.upload.finish().await?;
        let (min_time, max_time) = facts.times.expect("a segment has rows and each row a time");
        let (min_seq, max_seq) = facts.numbers.unwrap_or((0, 0));
        assert!(
            min_time.day() == self.identity.day && max_time.day() == self.identity.day,
            "segment {} holds rows of another day",
            self.path
        );
        Ok(SegmentMeta {
            id: self.identity.id,
            table: self.identity.table,
            project: self.identity.project,
            day: self.identity.day,
            path: self.path,
            rows: facts.rows,
            bytes: self.bytes,
            min_time,
            max_time,
            min_seq,
            max_seq,
            lane: Lane::of(self.identity.table),
            level: self.identity.level,
            tier: self.identity.tier,
            sha256: self.digest.finalize().into(),
            created_at: self.identity.created_at,
            attributes: self.layout.attributes().to_vec(),
            has_overflow: facts.has_overflow,
            overflow_attributes: facts.overflow(),
            ids: facts.ids,
            leaves: facts.leaves(),
            intents: facts.intents,
            expired: facts.expired,
        })
    }

    /// Gives up; nothing becomes visible.
    pub async fn abort(self) {
        self.upload.abort().await;
    }

    async fn drain(&mut self) -> Result<(), Error> {
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        let encoded = encoder.take_encoded();
        if encoded.is_empty() { Ok(()) } else { self.send(encoded.into()).await }
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.digest.update(&bytes);
        self.bytes += bytes.len() as u64;
        self.upload.write(bytes).await
    }
}

fn piece_rows(rows: &RecordBatch) -> usize {
    // The low half of a view is the length of its text.
    let bytes_of = |views: &[u128]| views.iter().map(|view| *view as u32 as usize).sum::<usize>();
    let texts = rows.columns().iter().filter_map(|column| column.as_string_view_opt());
    let bytes: usize = texts.map(|texts| bytes_of(texts.views())).sum();
    if bytes / rows.num_rows() > LARGE_ROW_BYTES { PIECE_ROWS_OF_LARGE } else { PIECE_ROWS }
}

fn named(error: parquet::errors::ParquetError, path: &str) -> Error {
    Error::because(ErrorKind::Internal, format!("cannot encode segment {path:?}"), error)
}

/// Turns rows into bytes. Does no IO.
struct Encoder {
    parquet: ArrowWriter<Vec<u8>>,
    tokens: TokenIndexBuilder,
    inputs: Vec<TokenInput>,
    rollup: RollupBuilder,
    facts: Facts,
    block_rows: usize,
    group_rows: usize,
}

/// A column whose words or values enter the token index.
struct TokenInput {
    column: usize,
    kind: TokenKind,
}

enum TokenKind {
    Words,
    /// With the hash seed of the column.
    Texts(u64),
    Binaries(u64),
}

impl Encoder {
    fn new(identity: &SegmentIdentity, layout: &Layout, sample: &RecordBatch) -> Result<Encoder, Error> {
        let sample = sample.slice(0, sample.num_rows().min(BLOCK_ROWS));
        let properties = columns::properties(layout, identity.tier, &sample)?;
        let parquet = ArrowWriter::try_new(Vec::new(), layout.schema().clone(), Some(properties))
            .map_err(|error| named(error, &identity.path()))?;
        Ok(Encoder {
            parquet,
            tokens: TokenIndexBuilder::new(),
            inputs: token_inputs(layout),
            rollup: RollupBuilder::new(identity.table),
            facts: Facts::default(),
            block_rows: 0,
            group_rows: 0,
        })
    }

    fn push(&mut self, rows: &RecordBatch) -> parquet::errors::Result<()> {
        let mut start = 0;
        while start < rows.num_rows() {
            let length = (BLOCK_ROWS - self.block_rows).min(rows.num_rows() - start);
            self.push_piece(&rows.slice(start, length))?;
            start += length;
        }
        Ok(())
    }

    /// Rows that all belong to the block under way.
    fn push_piece(&mut self, rows: &RecordBatch) -> parquet::errors::Result<()> {
        self.parquet.write(rows)?;
        self.rollup.add(rows);
        self.facts.add(rows);
        self.facts.add_overflow(rows, |hash| self.tokens.add(hash));
        for input in &self.inputs {
            add_tokens(&mut self.tokens, input, rows);
        }
        self.block_rows += rows.num_rows();
        self.group_rows += rows.num_rows();
        if self.block_rows == BLOCK_ROWS {
            self.tokens.end_block();
            self.block_rows = 0;
            // A group that ends early still ends with a block, so blocks never straddle groups.
            if self.group_rows >= ROW_GROUP_ROWS || self.parquet.in_progress_size() > ROW_GROUP_BYTES_MAX {
                self.parquet.flush()?;
                self.group_rows = 0;
            }
        }
        Ok(())
    }

    /// What has been encoded since the last call: whole row groups.
    fn take_encoded(&mut self) -> Vec<u8> {
        if self.parquet.sync().is_err() {
            unreachable!("writing to memory does not fail");
        }
        std::mem::take(self.parquet.inner_mut())
    }

    fn finish(mut self, identity: &SegmentIdentity) -> parquet::errors::Result<(Vec<u8>, Facts)> {
        if self.block_rows > 0 {
            self.tokens.end_block();
        }
        self.parquet.flush()?;
        let mut metadata = vec![
            KeyValue::new(key::FORMAT.to_owned(), FORMAT.to_owned()),
            KeyValue::new(key::TABLE.to_owned(), identity.table.name().to_owned()),
            KeyValue::new(key::PROJECT.to_owned(), identity.project.to_string()),
            KeyValue::new(key::WRITER.to_owned(), identity.writer.clone()),
        ];
        let mut append = |parquet: &mut ArrowWriter<Vec<u8>>, key: &str, blob: &[u8]| {
            let position = format!("{},{}", parquet.bytes_written(), blob.len());
            metadata.push(KeyValue::new(key.to_owned(), position));
            parquet.write_all(blob)
        };
        append(&mut self.parquet, key::TOKEN_INDEX, &self.tokens.finish())?;
        if let Some(rollup) = self.rollup.finish()? {
            append(&mut self.parquet, key::ROLLUP, &rollup)?;
        }
        for pair in metadata {
            self.parquet.append_key_value_metadata(pair);
        }
        // Writes the footer.
        let rest = self.parquet.into_inner()?;
        Ok((rest, self.facts))
    }
}

fn token_inputs(layout: &Layout) -> Vec<TokenInput> {
    let mut inputs = Vec::new();
    for (column, field) in layout.schema().fields().iter().enumerate() {
        let kind = match layout.table().column(field.name()) {
            Some(fixed) if fixed.searched => TokenKind::Words,
            Some(fixed) if !fixed.identifies => continue,
            _ => match field.data_type() {
                DataType::Utf8View => TokenKind::Texts(token::column_seed(field.name())),
                DataType::FixedSizeBinary(_) => TokenKind::Binaries(token::column_seed(field.name())),
                _ => continue,
            },
        };
        inputs.push(TokenInput { column, kind });
    }
    inputs
}

/// No view has all bits set, since no text is that long.
const RECENT_VIEWS: usize = 256;

fn recent_place(view: u128) -> usize {
    let folded = (view as u64) ^ ((view >> 64) as u64).rotate_left(32);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
}

fn add_tokens(tokens: &mut TokenIndexBuilder, input: &TokenInput, rows: &RecordBatch) {
    let column = rows.column(input.column);
    match input.kind {
        TokenKind::Words => {
            for text in column.as_string_view().iter().flatten() {
                token::words(text, |hash| tokens.add(hash));
            }
        }
        TokenKind::Texts(seed) => {
            let texts = column.as_string_view();
            // Values repeat, and equal views are equal texts: remembering a few saves their hashing.
            let mut recent = [u128::MAX; RECENT_VIEWS];
            for (row, view) in texts.views().iter().enumerate() {
                let place = &mut recent[recent_place(*view)];
                if *place == *view || texts.is_null(row) {
                    continue;
                }
                *place = *view;
                tokens.add(token::value_with(seed, texts.value(row).as_bytes()));
            }
        }
        TokenKind::Binaries(seed) => {
            for bytes in column.as_fixed_size_binary().iter().flatten() {
                tokens.add(token::value_with(seed, bytes));
            }
        }
    }
}
