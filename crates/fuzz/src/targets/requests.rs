//! Request decoders: whatever a client sends, the answer is entries and rejections, in order and within bounds.

use std::io::Write;

use bytes::Bytes;
use whodunit_ingest::body::{BodyLimits, Encoding, decode};
use whodunit_ingest::logs::Mapping;
use whodunit_ingest::{audit, logs};
use whodunit_model::{AuditBuilder, Caller, Project};
use whodunit_stdx::Limit;

use super::sample;
use crate::rounds::Target;

const WORDS: &[&[u8]] = &[
    b"{\"entries\":[",
    b"\"changes\":[{\"field\":\"a\",\"before\":1,\"after\":[]}]",
    b"\"timestamp\":\"2026-11-20T22:14:00.123456789+01:00\"",
    b"\"id\":\"018bcfe5-6800-7000-8000-0000000000aa\"",
    b"\"metadata\":{\"a\":{\"b\":[1e308,-0.0,null]}}",
    b"\"userId\":",
    b"\"durationMs\":1e30",
    b"\\ud83d",
    b"\\u0000",
    b"\xc3\x28",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"\n",
    b",",
    b"}",
];

const AUDIT: &[&str] = &[
    r#"{"action":"ORDER_DELETED","userId":"u-17","entityType":"order","entityId":42,"ipAddress":"192.0.2.1"}"#,
    r#"[{"action":"client_updated","changes":[{"field":"name","before":"a","after":"b"}]},{"action":"LOGIN"}]"#,
    "{\"action\":\"READ\",\"time\":\"2026-11-20T22:14:00Z\"}\n{\"action\":\"EXPORT\",\"severity\":\"HIGH\"}\n",
    r#"{"entries":[{"action":"DELETE","oldValues":{"a":1},"newValues":null,"duration_ms":12.5,"outcome":"failure"}]}"#,
];

/// Entries become rows, one each, and every position is answered once, in order.
pub fn audit() -> Target {
    let check = |bytes: &[u8]| {
        let context = audit::Context::new(sample::NOW, &Caller::system("fuzz"), &[]);
        let decoded = audit::decode(bytes, &context);
        let kept: Vec<u64> = decoded.entries.iter().map(|(position, _)| *position).collect();
        assert!(kept.is_sorted_by(|one, next| one < next), "positions of entries are out of order");
        let mut builder = AuditBuilder::new();
        for (_, entry) in &decoded.entries {
            builder.push(entry);
        }
        let batch = builder.finish(&Project::default_project());
        assert_eq!(batch.row_count(), decoded.entries.len());
    };
    let corpus = AUDIT.iter().map(|text| text.as_bytes().to_vec()).collect();
    Target { name: "audit", corpus, words: WORDS, check: Box::new(check) }
}

const LOGS: &[&str] = &[
    "{\"time\":\"2026-11-20T22:14:00.5Z\",\"level\":\"warn\",\"message\":\"slow\",\"status\":200,\"http\":{\"route\":\"/a\"}}\n",
    "{\"ts\":1700000000.25,\"msg\":\"x\",\"user_id\":\"u-1\",\"tags\":[1,2]}\n{\"ts\":1700000000,\"msg\":\"y\",\"user_id\":7}\n",
    "[{\"message\":\"one\"},{\"message\":\"two\",\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"}]",
];

/// Lines become rows of a fitting batch, and the same bytes always become the same rows.
pub fn logs() -> Target {
    let check = |bytes: &[u8]| {
        let decode = || {
            let body = Bytes::copy_from_slice(bytes);
            logs::decode(body, &Mapping::default(), sample::NOW, &Project::default_project())
        };
        let (first, second) = (decode(), decode());
        assert_eq!(first.rejected, second.rejected);
        let rows =
            |decoded: &logs::Decoded| -> Vec<_> { decoded.batches.iter().map(|batch| batch.rows().clone()).collect() };
        assert_eq!(rows(&first), rows(&second), "the same bytes became other rows");
        assert!(first.rejections.len() as u64 <= first.rejected);
    };
    let corpus = LOGS.iter().map(|text| text.as_bytes().to_vec()).collect();
    Target { name: "logs", corpus, words: WORDS, check: Box::new(check) }
}

const HEADERS: &[&[u8]] = &[b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x11\x1e", b"\xff\x06\x00\x00sNaPpY"];
const BODY_BYTES_MAX: usize = 64 << 10;
const MEMORY_BYTES: usize = 256 << 10;

/// Compressed bodies, the first byte saying how: never more memory than the limit, and all of it given back.
pub fn body() -> Target {
    const ENCODINGS: [Encoding; 5] =
        [Encoding::Gzip, Encoding::Deflate, Encoding::Zstd, Encoding::Brotli, Encoding::Snappy];
    let check = |bytes: &[u8]| {
        let Some((which, sent)) = bytes.split_first() else { return };
        let memory = Limit::new("fuzz", MEMORY_BYTES);
        let limits = BodyLimits { compressed_bytes_max: BODY_BYTES_MAX, body_bytes_max: BODY_BYTES_MAX };
        let encoding = ENCODINGS[usize::from(*which) % ENCODINGS.len()];
        if let Ok(body) = decode(Bytes::copy_from_slice(sent), encoding, limits, &memory) {
            assert!(body.bytes.len() <= BODY_BYTES_MAX, "a body of {} bytes", body.bytes.len());
            assert!(memory.used() >= body.bytes.len(), "bytes that nobody reserved");
        }
        assert_eq!(memory.used(), 0, "memory was not given back");
    };
    Target { name: "body", corpus: compressed(), words: HEADERS, check: Box::new(check) }
}

/// The same few lines in every encoding, behind its number.
fn compressed() -> Vec<Vec<u8>> {
    let plain = LOGS.concat().repeat(3);
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(vec![0], flate2::Compression::best());
        encoder.write_all(plain.as_bytes()).and_then(|()| encoder.finish()).expect("memory takes it")
    };
    let deflate = {
        let mut encoder = flate2::write::ZlibEncoder::new(vec![1], flate2::Compression::best());
        encoder.write_all(plain.as_bytes()).and_then(|()| encoder.finish()).expect("memory takes it")
    };
    let zstandard = [vec![2], zstd::encode_all(plain.as_bytes(), 3).expect("memory takes it")].concat();
    let mut brotli = vec![3];
    brotli::CompressorWriter::new(&mut brotli, 4096, 5, 22).write_all(plain.as_bytes()).expect("memory takes it");
    let block = snap::raw::Encoder::new().compress_vec(plain.as_bytes()).expect("memory takes it");
    let mut framed = snap::write::FrameEncoder::new(vec![4]);
    framed.write_all(plain.as_bytes()).expect("memory takes it");
    let framed = framed.into_inner().expect("memory takes it");
    vec![gzip, deflate, zstandard, brotli, [vec![4], block].concat(), framed]
}
