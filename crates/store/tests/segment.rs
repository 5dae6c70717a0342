//! Segments: what goes in comes out, nothing is missed, and damage is found.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryViewArray, ListArray, RecordBatch, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, TimestampNanosecondType};
use futures::TryStreamExt;
use proptest::prelude::*;
use whodunit_model::table::change_fields;
use whodunit_model::{Kind, Table};
use whodunit_stdx::{EntryId, ErrorKind, Timestamp};
use whodunit_store::segment::{AttributeType, SegmentReader, Tier, token};
use whodunit_store::{Objects, maintain};

use crate::rows::*;

async fn shop() -> Shop {
    Shop::open(Objects::memory(), 1).await
}

/// Values of every kind, null in every third row.
fn column(kind: Kind, rows: usize) -> ArrayRef {
    let some = |row: usize| row % 3 != 1;
    let bytes = |row: usize, length: usize| some(row).then(|| vec![row as u8; length]);
    match kind {
        Kind::Text => texts((0..rows).map(|row| some(row).then(|| format!("a text that is not short, number {row}")))),
        Kind::Json => texts((0..rows).map(|row| some(row).then(|| format!("{{\"n\":{row}}}")))),
        Kind::Time => times((0..rows).map(|row| MIDNIGHT + row as i64)),
        Kind::Integer => integers((0..rows).map(|row| some(row).then_some(row as i64 * 7 - 3))),
        Kind::Float => floats((0..rows).map(|row| some(row).then_some(row as f64 / 3.0))),
        Kind::Boolean => booleans((0..rows).map(|row| some(row).then_some(row % 2 == 0))),
        Kind::Uuid => binaries(16, (0..rows).map(|row| bytes(row, 16))),
        Kind::Hex(length) => binaries(length as usize, (0..rows).map(|row| bytes(row, length as usize))),
        Kind::Bytes => Arc::new((0..rows).map(|row| bytes(row, row % 40)).collect::<BinaryViewArray>()),
        Kind::Changes => changes(rows),
    }
}

/// Row n has n % 4 changes, every fifth row none at all.
fn changes(rows: usize) -> ArrayRef {
    let lengths: Vec<usize> = (0..rows).map(|row| if row % 5 == 4 { 0 } else { row % 4 }).collect();
    let total: usize = lengths.iter().sum();
    let part = |name: &str| texts((0..total).map(|at| (at % 3 != 2).then(|| format!("\"{name} {at}\""))));
    let items = StructArray::new(change_fields(), vec![part("field"), part("before"), part("after")], None);
    let nulls = (0..rows).map(|row| row % 5 != 4).collect::<Vec<bool>>().into();
    let item = Arc::new(Field::new("item", DataType::Struct(change_fields()), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths(lengths), Arc::new(items), Some(nulls)))
}

fn every_column(table: Table, rows: usize) -> RecordBatch {
    let own = table.columns().filter(|column| !["time", "received_at", "project", "seq"].contains(&column.name));
    let mut columns: Vec<(&str, ArrayRef)> = own.map(|one| (one.name, column(one.kind, rows))).collect();
    if table.takes_attributes() {
        columns.retain(|(name, _)| *name != "attributes_overflow");
        for (name, kind) in [("a.b", Kind::Boolean), ("é", Kind::Float), ("n", Kind::Integer), ("t", Kind::Text)] {
            columns.push((name, column(kind, rows)));
        }
    }
    batch(MIDNIGHT, 1000, 10, columns)
}

/// The rows as they must stand in a segment: newest first, columns in the order of the segment.
fn reversed(rows: &RecordBatch, like: &RecordBatch) -> RecordBatch {
    let indices = arrow::array::UInt32Array::from_iter_values((0..rows.num_rows() as u32).rev());
    let columns =
        like.schema_ref().fields().iter().map(|field| {
            arrow::compute::take(&rows[field.name().as_str()], &indices, None).expect("indices are inside")
        });
    RecordBatch::try_new(like.schema(), columns.collect()).expect("same types")
}

#[tokio::test]
async fn every_kind_of_column_of_every_table_comes_back() {
    for table in Table::ALL {
        let shop = shop().await;
        let rows = every_column(table, 100);
        let manifest = shop.flush(table, vec![rows.clone()]).await.expect("flushes");
        let segment = &manifest.segments[0];
        assert_eq!((segment.rows, segment.min_seq, segment.max_seq), (100, 10, 109));
        assert_eq!(segment.min_time, Timestamp(MIDNIGHT));
        let back = shop.rows(segment).await;
        assert_eq!(back.num_columns(), rows.num_columns(), "{}", table.name());
        assert_eq!(back, reversed(&rows, &back), "{}", table.name());
        let fixed: Vec<&str> = table.columns().map(|column| column.name).collect();
        let order: Vec<usize> = (back.schema().fields().iter())
            .filter_map(|field| fixed.iter().position(|name| name == field.name()))
            .collect();
        assert!(order.is_sorted(), "fixed columns stand in table order");
    }
}

#[tokio::test]
async fn columns_without_values_are_left_out() {
    let shop = shop().await;
    let nothing = texts((0..3).map(|_| None::<&str>));
    let rows = batch(
        MIDNIGHT,
        1,
        0,
        vec![("body", texts([Some("x"), None, None])), ("host", nothing.clone()), ("k", nothing)],
    );
    let manifest = shop.flush(Table::Logs, vec![rows]).await.expect("flushes");
    let back = shop.rows(&manifest.segments[0]).await;
    let names: Vec<String> = back.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["time", "received_at", "project", "body", "seq"]);
    assert!(manifest.segments[0].attributes.is_empty());
}

#[tokio::test]
async fn six_hundred_attributes_make_512_columns_and_an_overflow() {
    let shop = shop().await;
    // Attribute n stands in rows 0..=n, so that the last ones are the most frequent.
    let names: Vec<String> = (0..600).map(|n| format!("key{n:03}")).collect();
    let column = |n: usize| integers((0..700).map(|row| (row <= n).then_some((n * 1000 + row) as i64)));
    let columns = names.iter().enumerate().map(|(n, name)| (name.as_str(), column(n))).collect();
    let manifest = shop.flush(Table::Logs, vec![batch(MIDNIGHT, 1, 0, columns)]).await.expect("flushes");
    let segment = &manifest.segments[0];
    assert_eq!(segment.attributes.len(), 512);
    assert_eq!(segment.attributes[0], ("key088".to_owned(), AttributeType::Integer));
    assert!(segment.has_overflow);
    assert_eq!(segment.overflow_attributes.len(), 88);
    assert_eq!(segment.overflow_attributes[87], ("key087".to_owned(), AttributeType::Integer));
    let back = shop.rows(segment).await;
    let overflow = back["attributes_overflow"].as_string_view();
    // The newest row comes first, so row 80 is the 81st from the end.
    let row: serde_json::Value = serde_json::from_str(overflow.value(699 - 80)).expect("an object");
    assert_eq!(row["key087"], 87_080);
    assert_eq!(row["key080"], 80_080);
    assert_eq!(row.get("key079"), None);
    assert!(overflow.is_null(0));
    let tokens = shop.reader(segment).await.tokens().await.expect("tokens");
    assert_eq!(tokens.matching(&[token::value("key087", b"87080")]), [true]);
    assert_eq!(manifest.attributes(Table::Logs).len(), 600);
}

#[tokio::test]
async fn types_that_differ_between_batches_widen() {
    let shop = shop().await;
    let first = batch(MIDNIGHT, 1, 0, vec![("a", integers([Some(1)])), ("b", booleans([Some(true)]))]);
    let second = batch(MIDNIGHT + 5, 1, 1, vec![("a", floats([Some(0.5)])), ("b", integers([Some(7)]))]);
    let manifest = shop.flush(Table::Logs, vec![first, second]).await.expect("flushes");
    let expected = [("a".to_owned(), AttributeType::Float), ("b".to_owned(), AttributeType::Text)];
    assert_eq!(manifest.segments[0].attributes, expected);
    let back = shop.rows(&manifest.segments[0]).await;
    assert_eq!(back["a"].as_primitive::<Float64Type>().values(), &[0.5, 1.0]);
    assert_eq!(back["b"].as_string_view().iter().flatten().collect::<Vec<_>>(), ["7", "true"]);
}

#[tokio::test]
async fn pages_and_groups_end_where_blocks_do() {
    let shop = shop().await;
    let batches = (0..15).map(|n| log_lines(MIDNIGHT + n * 10_000_000_000, n * 10_000, 10_000)).collect();
    let manifest = shop.flush(Table::Logs, batches).await.expect("flushes");
    let segment = &manifest.segments[0];
    let reader = shop.reader(segment).await;
    let parquet = reader.parquet();
    let groups: Vec<i64> = parquet.row_groups().iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [131_072, 150_000 - 131_072]);
    let sorting = parquet.row_group(0).sorting_columns().expect("declared");
    assert!(sorting[0].descending && sorting[0].column_idx == 0 && sorting[1].descending);
    let pages = parquet.page_index_offsets();
    for (group, columns) in pages.iter().enumerate() {
        for (column, starts) in columns.iter().enumerate() {
            let rows = parquet.row_group(group).num_rows();
            let ends = starts.iter().skip(1).chain([&rows]);
            let longest = starts.iter().zip(ends).map(|(start, end)| end - start).max();
            assert!(longest.is_some_and(|rows| rows <= 8192), "group {group}, column {column}: {starts:?}");
        }
        // Only long values end pages before the end of a block.
        assert!(columns[0].iter().all(|start| start % 8192 == 0), "group {group}, times: {:?}", columns[0]);
    }
    assert_eq!(reader.tokens().await.expect("tokens").blocks(), 150_000usize.div_ceil(8192));
    assert!(parquet.row_group(0).columns().iter().any(|column| column.bloom_filter_offset().is_some()));
}

trait Pages {
    fn page_index_offsets(&self) -> Vec<Vec<Vec<i64>>>;
}

impl Pages for parquet::file::metadata::ParquetMetaData {
    fn page_index_offsets(&self) -> Vec<Vec<Vec<i64>>> {
        let index = self.offset_index().expect("a page index");
        let starts = |pages: &parquet::file::page_index::offset_index::OffsetIndexMetaData| {
            pages.page_locations().iter().map(|page| page.first_row_index).collect()
        };
        index.iter().map(|group| group.iter().map(starts).collect()).collect()
    }
}

#[tokio::test]
async fn a_projection_of_some_rows_reads_just_those() {
    let shop = shop().await;
    let manifest = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 20_000)]).await.expect("flushes");
    let reader = shop.reader(&manifest.segments[0]).await;
    let stream = reader.stream(Some(&["seq", "nothing"]), Some(vec![5..7, 10_000..10_001]));
    let batches: Vec<RecordBatch> = stream.try_collect().await.expect("reads");
    let rows = arrow::compute::concat_batches(&batches[0].schema(), &batches).expect("one schema");
    assert_eq!(rows.num_columns(), 1);
    assert_eq!(rows["seq"].as_primitive::<Int64Type>().values(), &[19_994, 19_993, 9_999]);
}

#[tokio::test]
async fn large_rows_are_read_few_at_a_time() {
    let shop = shop().await;
    let rows = 600;
    let text = |row: usize| Some(format!("{row} {}", "x".repeat(100_000)));
    let large = batch(MIDNIGHT, 1, 0, vec![("body", texts((0..rows).map(text)))]);
    let manifest = shop.flush(Table::Logs, vec![large]).await.expect("flushes");
    let reader = shop.reader(&manifest.segments[0]).await;
    let batches: Vec<RecordBatch> = reader.stream(None, None).try_collect().await.expect("reads");
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), rows);
    assert!(batches.iter().all(|one| one.num_rows() < 200), "16 MiB hold about 160 of them");
    let first = batches[0].column_by_name("body").expect("a column").as_string_view().value(0).to_owned();
    assert_eq!(first, text(rows - 1).expect("a text"));
}

#[tokio::test]
async fn the_rollup_counts_every_row_once() {
    let shop = shop().await;
    let rows = log_lines(MIDNIGHT, 0, 100_000);
    let manifest = shop.flush(Table::Logs, vec![rows]).await.expect("flushes");
    let reader = shop.reader(&manifest.segments[0]).await;
    let rollup = reader.rollup().await.expect("reads").expect("few lines");
    let counts = rollup["count"].as_primitive::<Int64Type>();
    assert_eq!(counts.iter().flatten().sum::<i64>(), 100_000);
    // 100 s of lines make two minutes; 3 services and 2 levels each.
    assert_eq!(rollup.num_rows(), 12);
    let minutes = rollup["minute"].as_primitive::<TimestampNanosecondType>();
    assert_eq!(minutes.value(0), MIDNIGHT + Timestamp::NANOS_PER_MINUTE);
    let errors: i64 = (0..12)
        .filter(|line| rollup["level"].as_string_view().value(*line) == "ERROR")
        .map(|line| counts.value(line))
        .sum();
    assert_eq!(errors, 2000);
}

fn entries(ids: &[u128], states: &[&str]) -> RecordBatch {
    let rows = ids.len();
    batch(
        MIDNIGHT,
        1000,
        0,
        vec![
            ("id", binaries(16, ids.iter().map(|id| Some(id.to_be_bytes().to_vec())))),
            ("state", texts(states.iter().map(|state| Some(*state)))),
            ("writer", texts((0..rows).map(|_| Some("0123456789abcdef")))),
            ("leaf_index", integers((0..rows).map(|row| Some(row as i64 + 5)))),
            ("action", texts((0..rows).map(|row| Some(format!("ACT_{row}"))))),
        ],
    )
}

#[tokio::test]
async fn entries_are_found_by_id_in_all_their_states() {
    let shop = shop().await;
    let ids: Vec<u128> = (0..10_000).map(|n| 1_000_000 + n / 2 * 17).collect();
    let states: Vec<&str> = (0..10_000).map(|n| if n % 2 == 0 { "intent" } else { "complete" }).collect();
    let manifest = shop.flush(Table::AuditLogs, vec![entries(&ids, &states)]).await.expect("flushes");
    let segment = &manifest.segments[0];
    assert_eq!((segment.intents, segment.expired), (5000, 0));
    assert_eq!(segment.leaves[0].first, 5);
    assert_eq!(segment.leaves[0].last, 10_004);
    assert_eq!(segment.ids.map(|(first, _)| first), Some(EntryId(1_000_000u128.to_be_bytes())));
    let find = |id: u128| {
        let (cache, manifest) = (&shop.cache, manifest.clone());
        async move {
            whodunit_store::manifest::find_entry(cache, &manifest, &project(), EntryId(id.to_be_bytes()))
                .await
                .expect("finds")
        }
    };
    let found = find(1_000_000 + 17 * 4000).await;
    let states: Vec<&str> = found.iter().map(|row| row["state"].as_string_view().value(0)).collect();
    assert_eq!(states, ["complete", "intent"]);
    assert!(find(1_000_001).await.is_empty());
    assert!(find(5).await.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// No word of a text and no value of an id is ever missed, whatever the text.
    #[test]
    fn the_token_index_never_misses(
        lines in proptest::collection::vec("\\PC{0,40}|[a-zA-Z0-9_.:@ -]{0,60}", 1..60),
        ids in proptest::collection::vec("\\PC{1,12}", 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let rows = lines.len().min(ids.len());
            let shop = shop().await;
            let columns = vec![
                ("body", texts(lines[..rows].iter().map(Some))),
                ("actor_id", texts(ids[..rows].iter().map(Some))),
                ("custom", texts(ids[..rows].iter().map(Some))),
            ];
            let manifest = shop.flush(Table::Logs, vec![batch(MIDNIGHT, 1, 0, columns)]).await.expect("flushes");
            let tokens = shop.reader(&manifest.segments[0]).await.tokens().await.expect("tokens");
            for row in 0..rows {
                let mut all = Vec::new();
                token::words(&lines[row], |hash| all.push(hash));
                // What a pattern demands of a text equal to it stands in the text.
                let pattern = lines[row].replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                let demanded = token::words_in_like_pattern(&pattern);
                assert!(demanded.iter().all(|hash| all.contains(hash)), "{:?}", lines[row]);
                all.push(token::value("actor_id", ids[row].as_bytes()));
                all.push(token::value("custom", ids[row].as_bytes()));
                assert_eq!(tokens.matching(&all), [true], "{:?}", lines[row]);
            }
        });
    }
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_found_and_named_and_nothing_panics() {
    let shop = shop().await;
    let manifest = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 300)]).await.expect("flushes");
    let segment = manifest.segments[0].clone();
    let good = shop.objects.get(&segment.path).await.expect("reads");
    assert_eq!(maintain::scrub::verify(&shop.workshop(), &segment).await.expect("verifies"), None);
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.to_vec();
        bad[at] ^= 1 << (at % 8);
        shop.objects.put(&segment.path, bad.into()).await.expect("writes");
        let finding = maintain::scrub::verify(&shop.workshop(), &segment).await.expect("verifies").expect("found");
        assert!(finding.what.contains("SHA-256"), "byte {at}");
        assert_eq!(finding.path, segment.path);
        // Reading may succeed with a wrong value or fail, but every failure names the file.
        match SegmentReader::open(&shop.objects, &segment).await {
            Ok(reader) => {
                for error in [
                    reader.stream(None, None).try_collect::<Vec<_>>().await.err(),
                    reader.tokens().await.err(),
                    reader.rollup().await.err(),
                ]
                .into_iter()
                .flatten()
                {
                    assert!(error.message.contains(&segment.path), "{}", error.message);
                }
            }
            Err(error) => {
                assert!(matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Unsupported), "{error:?}");
                assert!(error.message.contains(&segment.path), "{}", error.message);
            }
        }
    }
    for length in [0, 1, 8, good.len() / 2, good.len() - 1] {
        shop.objects.put(&segment.path, good.slice(..length)).await.expect("writes");
        let error = SegmentReader::open(&shop.objects, &segment).await.expect_err("too short");
        assert!(error.message.contains("bytes instead of"), "{}", error.message);
        let finding = maintain::scrub::verify(&shop.workshop(), &segment).await.expect("verifies").expect("found");
        assert!(finding.what.contains("bytes instead of"), "{}", finding.what);
    }
}

#[tokio::test]
async fn a_segment_in_the_place_of_another_is_refused() {
    let shop = shop().await;
    shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 10)]).await.expect("flushes");
    let manifest = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 10, 20)]).await.expect("flushes");
    let (one, other) = (&manifest.segments[0], &manifest.segments[1]);
    let bytes = shop.objects.get(&other.path).await.expect("reads");
    shop.objects.put(&one.path, bytes.clone()).await.expect("writes");
    let mut claimed = one.as_ref().clone();
    claimed.bytes = bytes.len() as u64;
    let error = SegmentReader::open(&shop.objects, &claimed).await.expect_err("refused");
    assert!(error.message.contains("another segment"), "{}", error.message);
}

#[test]
fn a_stronger_codec_is_for_a_slower_tier() {
    assert!(Tier::Hot.zstd_level() < Tier::Warm.zstd_level() && Tier::Warm.zstd_level() < Tier::Cold.zstd_level());
}

/// The files in `tests/golden` were written by the format in their name and must be read for as long as it is supported.
mod golden {
    use super::*;
    use whodunit_store::manifest::Manifests;

    const MANIFEST: &[u8] = include_bytes!("golden/manifest-1.json.zst");
    const MANIFEST_2: &[u8] = include_bytes!("golden/manifest-2.json.zst");
    const SEGMENT: &[u8] = include_bytes!("golden/segment-1.parquet");

    #[tokio::test]
    async fn a_manifest_of_format_2_is_read_with_its_places() {
        let objects = Objects::memory();
        objects.put("manifest/00000000000000000006.json.zst", MANIFEST_2.into()).await.expect("writes");
        let manifests = Manifests::open(objects, Shop::open(Objects::memory(), 1).await.world);
        let manifest = manifests.await.expect("opens").current();
        let mut places: Vec<_> =
            manifest.segments.iter().map(|segment| (segment.table, segment.place(), segment.rows)).collect();
        places.sort_by_key(|(table, ..)| table.name());
        let audit = |place, rows| (Table::AuditLogs, place, rows);
        assert_eq!((manifest.version, &manifest.session), (6, &None));
        assert!(places.contains(&audit(Some("cold-1"), 20)), "{places:?}");
        assert!(places.contains(&(Table::Logs, Some("cold-1"), 20)), "{places:?}");
        assert_eq!(places.iter().filter(|(_, place, _)| place.is_none()).count(), 1, "{places:?}");
    }

    #[tokio::test]
    async fn a_manifest_and_a_segment_of_format_1_are_read() {
        let objects = Objects::memory();
        objects.put("manifest/00000000000000000001.json.zst", MANIFEST.into()).await.expect("writes");
        let manifests = Manifests::open(objects.clone(), Shop::open(Objects::memory(), 1).await.world);
        let manifest = manifests.await.expect("opens").current();
        assert_eq!((manifest.version, manifest.flushed_through.telemetry), (1, 40));
        let segment = &manifest.segments[0];
        objects.put(&segment.path, SEGMENT.into()).await.expect("writes");
        assert_eq!(
            segment.attributes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["a.b", "n", "t", "é"]
        );
        let shop = Shop::open(objects, 1).await;
        assert_eq!(maintain::scrub::verify(&shop.workshop(), segment).await.expect("verifies"), None);
        let rows = every_column(Table::Logs, 30);
        let back = shop.rows(segment).await;
        assert_eq!(back, reversed(&rows, &back));
        let tokens = shop.reader(segment).await.tokens().await.expect("tokens");
        let mut words = Vec::new();
        token::words("number 29", |hash| words.push(hash));
        words.push(token::value("t", b"a text that is not short, number 3"));
        words.push(token::value("trace_id", &[5; 16]));
        assert_eq!(tokens.matching(&words), [true]);
        assert_eq!(tokens.matching(&[token::value("t", b"absent")]), [false]);
    }
}
