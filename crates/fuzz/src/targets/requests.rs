//! Request decoders: whatever a client sends, the answer is entries and rejections, in order and within bounds.

use whodunit_ingest::audit;
use whodunit_model::{AuditBuilder, Caller, Project};

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
