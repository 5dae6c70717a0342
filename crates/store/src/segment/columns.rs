//! How each column of a segment is encoded: decided once per segment, from its first block of rows.
//!
//! Measured choices (SPIKE.md, docs/performance.md): a dictionary only where values repeat, since a dictionary that
//! overflows costs its building for nothing; differences for times and numbers that grow; no compression for random
//! bytes; no page statistics for long texts, whose minimum and maximum tell nothing.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use hashbrown::HashSet;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{BloomFilterProperties, EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use twox_hash::XxHash3_64;
use whodunit_model::{Column, Kind, Table};
use whodunit_stdx::ErrorKind;

use super::layout::Layout;
use super::meta::Tier;
use super::tokens::BLOCK_ROWS;
use crate::Error;

/// Rows per row group: large enough to compress, small enough that the newest hundred rows decode little.
pub const ROW_GROUP_ROWS: usize = 131_072;

/// Values written between two looks at the page size. A page ends at the next look after it is full.
pub const WRITE_BATCH: usize = 512;

/// Whoever wants one row unpacks one page of each column, so pages of long values are short. What shorter ones would
/// gain and cost stands in docs/performance.md.
const PAGE_BYTES_MAX: usize = 32 << 10;

/// One stranger in ten passes. Our own searches ask the token index, which is finer; these filters are for other
/// readers, and at one in 33 they would take twice the room.
const BLOOM_FALSE_POSITIVES: f64 = 0.1;

/// Above this share of new values a dictionary costs more than it saves.
const NEW_VALUES_PER_HUNDRED_MAX: usize = 33;

/// The same for ids: to find one of them, a reader has to unpack the dictionary of a whole row group.
const NEW_IDS_PER_HUNDRED_MAX: usize = 3;

/// Numbers that grow by small steps in segment order.
const GROWING: &[&str] = &["time", "received_at", "observed_at", "seq", "leaf_index"];

/// From this share of new values on, ids in hexadecimal digits are taken for random bytes.
const RANDOM_PER_HUNDRED_MIN: usize = 97;

/// Random bytes, for which a codec only spends time.
const RANDOM: &[&str] = &["salt", "leaf_hash"];

/// The Parquet properties for a segment of this layout whose first rows are `sample`.
pub fn properties(layout: &Layout, tier: Tier, sample: &RecordBatch) -> Result<WriterProperties, Error> {
    let level = ZstdLevel::try_new(tier.zstd_level())
        .map_err(|source| Error::because(ErrorKind::Internal, "a tier asks for an unknown zstd level", source))?;
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("whodunit ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(BLOCK_ROWS)
        .set_data_page_size_limit(PAGE_BYTES_MAX)
        .set_write_batch_size(WRITE_BATCH)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(Some(sorting_columns(layout)));
    let table = layout.table();
    for (field, values) in layout.schema().fields().iter().zip(sample.columns()) {
        builder = column(builder, table, tier, (field.name(), values));
    }
    Ok(builder.build())
}

fn sorting_columns(layout: &Layout) -> Vec<SortingColumn> {
    // Leaf columns are counted, and the only nested column stands behind neither `time` nor `seq` in most tables.
    let leaf = |name: &str| {
        let mut at = 0;
        for field in layout.schema().fields() {
            if field.name() == name {
                return Some(at);
            }
            at += leaves(field.data_type());
        }
        None
    };
    let descending = |at: i32| SortingColumn { column_idx: at, descending: true, nulls_first: false };
    ["time", "seq"].into_iter().filter_map(leaf).map(descending).collect()
}

fn leaves(data_type: &DataType) -> i32 {
    match data_type {
        DataType::List(item) => leaves(item.data_type()),
        DataType::Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        _ => 1,
    }
}

fn column(
    builder: WriterPropertiesBuilder,
    table: Table,
    tier: Tier,
    (name, sample): (&str, &ArrayRef),
) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(name);
    let fixed: Option<&Column> = table.column(name);
    if let Some(Kind::Changes) = fixed.map(|column| column.kind) {
        return changes(builder, name);
    }
    let mut builder = builder;
    let identifies = fixed.is_some_and(|column| column.identifies);
    let new_max = if identifies { NEW_IDS_PER_HUNDRED_MAX } else { NEW_VALUES_PER_HUNDRED_MAX };
    let new = new_per_hundred(sample);
    let repeats = !GROWING.contains(&name) && !RANDOM.contains(&name) && new <= new_max;
    builder = builder.set_column_dictionary_enabled(path.clone(), repeats);
    let is_hex = fixed.is_some_and(|column| matches!(column.kind, Kind::Hex(_)));
    if RANDOM.contains(&name) || (is_hex && new >= RANDOM_PER_HUNDRED_MIN) {
        builder = builder.set_column_compression(path.clone(), Compression::UNCOMPRESSED);
    } else if tier == Tier::Hot && (repeats || is_number(sample.data_type())) {
        // Their encodings have made them small already, and zstd takes 2 % off a segment in them. What it costs is a
        // context for each column of each row group that a question reads: a fifth of the time of a needle.
        builder = builder.set_column_compression(path.clone(), Compression::LZ4_RAW);
    }
    if !repeats && let Some(encoding) = plain_encoding(sample.data_type()) {
        builder = builder.set_column_encoding(path.clone(), encoding);
    }
    let is_long = fixed.is_some_and(|column| column.searched || column.kind == Kind::Json);
    if is_long || RANDOM.contains(&name) {
        builder = builder.set_column_statistics_enabled(path.clone(), EnabledStatistics::Chunk);
    }
    if identifies {
        let bloom = BloomFilterProperties::builder()
            .with_fpp(BLOOM_FALSE_POSITIVES)
            .with_max_ndv(ROW_GROUP_ROWS as u64)
            .build();
        builder = builder.set_column_bloom_filter_properties(path, bloom);
    }
    builder
}

/// The three texts of each change. Field names repeat, values seldom do.
fn changes(builder: WriterPropertiesBuilder, name: &str) -> WriterPropertiesBuilder {
    let path = |part: &str| ColumnPath::from(vec![name.to_owned(), "list".into(), "item".into(), part.into()]);
    let mut builder = builder.set_column_dictionary_enabled(path("field"), true);
    for part in ["before", "after"] {
        builder = builder
            .set_column_encoding(path(part), Encoding::DELTA_LENGTH_BYTE_ARRAY)
            .set_column_statistics_enabled(path(part), EnabledStatistics::Chunk);
    }
    builder
}

fn plain_encoding(data_type: &DataType) -> Option<Encoding> {
    match data_type {
        DataType::Timestamp(..) => Some(Encoding::DELTA_BINARY_PACKED),
        DataType::Int64 => Some(Encoding::DELTA_BINARY_PACKED),
        DataType::Float64 => Some(Encoding::BYTE_STREAM_SPLIT),
        DataType::Utf8View => Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
        _ => None,
    }
}

fn is_number(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(..) | DataType::Int64)
}

/// How many of a hundred sampled values had not been seen before; a dictionary pays where they are few.
fn new_per_hundred(sample: &ArrayRef) -> usize {
    let mut seen: HashSet<u64> = HashSet::new();
    let mut values = 0usize;
    let mut see = |hash: u64| {
        values += 1;
        seen.insert(hash);
    };
    match sample.data_type() {
        DataType::Utf8View => {
            sample.as_string_view().iter().flatten().for_each(|text| see(XxHash3_64::oneshot(text.as_bytes())))
        }
        DataType::Int64 => sample.as_primitive::<Int64Type>().iter().flatten().for_each(|value| see(value as u64)),
        DataType::Float64 => {
            sample.as_primitive::<Float64Type>().iter().flatten().for_each(|value| see(value.to_bits()));
        }
        DataType::FixedSizeBinary(_) => {
            sample.as_fixed_size_binary().iter().flatten().for_each(|value| see(XxHash3_64::oneshot(value)));
        }
        // Booleans are bits already; other kinds have their own rule.
        _ => return 100,
    }
    // Few values say nothing about repetition, and a dictionary of few values costs nothing.
    if values < 64 { 0 } else { seen.len() * 100 / values }
}
