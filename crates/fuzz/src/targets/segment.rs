//! Segments: whatever a file holds, reading it ends in rows or an error, and a full check notices every change.

use arrow::array::RecordBatch;
use bytes::Bytes;
use futures::TryStreamExt;
use tokio::runtime::Runtime;
use whodunit_model::Batch;
use whodunit_stdx::EntryId;
use whodunit_store::segment::reader::verify_bytes;
use whodunit_store::segment::{Census, SegmentId, SegmentIdentity, SegmentReader, SegmentWriter, token};
use whodunit_store::{Error, Objects, SegmentMeta, Tier};

use super::sample;
use crate::rounds::Target;

const WORDS: &[&[u8]] = &[b"PAR1", b"whodunit.token_index", b"\x28\xb5\x2f\xfd", b"ARROW1"];

pub fn segment() -> Target {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without IO starts");
    let made: Vec<(SegmentMeta, Bytes)> =
        [sample::audit(60), sample::logs(200)].iter().map(|batch| runtime.block_on(write(batch))).collect();
    let corpus = made.iter().map(|(_, bytes)| bytes.to_vec()).collect();
    let check = move |bytes: &[u8]| {
        for (meta, original) in &made {
            check(&runtime, meta, original, Bytes::copy_from_slice(bytes));
        }
    };
    Target { name: "segment", corpus, words: WORDS, check: Box::new(check) }
}

fn check(runtime: &Runtime, meta: &SegmentMeta, original: &Bytes, bytes: Bytes) {
    let is_whole = bytes == original;
    runtime.block_on(async {
        let objects = Objects::memory();
        let mut meta = meta.clone();
        objects.put(&meta.path, bytes.clone()).await.expect("memory takes it");
        let finding = verify_bytes(&objects, &meta).await;
        assert_eq!(matches!(finding, Ok(None)), is_whole, "the full check misses a change or sees one where none is");
        // As if the manifest were damaged in the same way: the length alone must not be what saves the reader.
        meta.bytes = bytes.len() as u64;
        match read(&objects, &meta).await {
            Ok(rows) if is_whole => assert_eq!(rows, meta.rows, "rows are missing"),
            Err(error) if is_whole => panic!("a whole segment is not read: {error}"),
            Ok(_) | Err(_) => {}
        }
    });
}

/// Reads everything there is to read and counts the rows.
async fn read(objects: &Objects, meta: &SegmentMeta) -> Result<u64, Error> {
    let reader = SegmentReader::open(objects, meta).await?;
    let _matching = reader.tokens().await.map(|tokens| tokens.matching(&[token::value("id", &[1; 16])]));
    let _rolled_up = reader.rollup().await;
    let _found = reader.find_id(EntryId::from_parts(sample::NOW, [1; 10])).await;
    let _some = reader.stream(Some(&["body", "description"]), Some(vec![0..1, 3..4])).try_collect::<Vec<_>>().await;
    let batches: Vec<RecordBatch> = reader.stream(None, None).try_collect().await?;
    Ok(batches.iter().map(|batch| batch.num_rows() as u64).sum())
}

async fn write(batch: &Batch) -> (SegmentMeta, Bytes) {
    let objects = Objects::memory();
    let rows = sample::stored(batch);
    let identity = SegmentIdentity {
        id: SegmentId(EntryId::from_parts(sample::NOW, [9; 10])),
        table: batch.table(),
        project: batch.project().clone(),
        day: sample::NOW.day(),
        level: 0,
        tier: Tier::Hot,
        writer: "0123456789abcdef".into(),
        created_at: sample::NOW,
        place: None,
    };
    let mut census = Census::new(batch.table());
    census.count_batch(&rows).expect("sample rows fit");
    // Few columns, so that the overflow column is there as well.
    let layout = census.layout(2);
    let rows = layout.conform(&rows).expect("sample rows fit");
    let mut writer = SegmentWriter::create(&objects, identity, layout).await.expect("memory takes it");
    writer.push(&rows).await.expect("memory takes it");
    let meta = writer.finish().await.expect("memory takes it");
    let bytes = objects.get(&meta.path).await.expect("it was just written");
    (meta, bytes)
}
