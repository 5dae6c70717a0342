//! Whatever arrives, decoding ends without a panic and keeps the neighbours of what is broken.

use bytes::Bytes;
use proptest::prelude::*;
use whodunit_ingest::audit;
use whodunit_ingest::json::Value;
use whodunit_ingest::logs::{self, Mapping};
use whodunit_model::Project;

use crate::audit_cases::NOW;

const SEED: &str = r#"[{"action":"a","userId":1,"changes":{"x":[1,2.5e3]},"old_values":{"k":null},"time":"2026-11-20T10:00:00.5+01:00","error":{"type":"E"},"m":"\u00e9\ud83d\ude00\n"},{"action":"b","nested":{"deep":[true,false,null,-0.0]}}]"#;
const LINE: &str = r#"{"time":"2026-11-20T10:00:00Z","level":"info","msg":"a \"quoted\" text","http":{"status":200,"path":"/a"},"n":[1,2],"f":1.5,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}"#;

fn context() -> audit::Context {
    audit::Context { received_at: NOW, ..audit::Context::default() }
}

fn decode_logs(body: &[u8]) -> logs::Decoded {
    logs::decode(Bytes::copy_from_slice(body), &Mapping::default(), NOW, &Project::default_project())
}

fn rows(decoded: &logs::Decoded) -> usize {
    decoded.batches.iter().map(whodunit_model::Batch::row_count).sum()
}

/// A text with some of its bytes replaced, removed or repeated.
fn mutated(seed: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (0..seed.len(), any::<u8>(), 0..4_u8);
    prop::collection::vec(change, 1..8).prop_map(move |changes| {
        let mut bytes = seed.as_bytes().to_vec();
        for (at, byte, kind) in changes {
            let at = at % bytes.len().max(1);
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..(at + 3).min(bytes.len()))),
                2 => bytes.insert(at, byte),
                _ => bytes.insert(at, b"{}[]\",:\\"[usize::from(byte) % 8]),
            }
            if bytes.is_empty() {
                bytes.push(byte);
            }
        }
        bytes
    })
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9_f64).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_mutated_audit_body_never_panics(body in mutated(SEED)) {
        let decoded = audit::decode(&body, &context());
        prop_assert!(decoded.entries.len() + decoded.rejections.len() <= body.len());
    }

    #[test]
    fn a_mutated_log_body_never_panics(body in mutated(LINE)) {
        let decoded = decode_logs(&body);
        prop_assert!(rows(&decoded) + decoded.rejected as usize <= body.len());
    }

    #[test]
    fn arbitrary_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        decode_logs(&body);
        audit::decode(&body, &context());
    }

    #[test]
    fn a_broken_line_leaves_its_neighbours(broken in mutated(LINE)) {
        let mut body = format!("{LINE}\n").into_bytes();
        body.extend(broken.iter().filter(|byte| **byte != b'\n'));
        body.extend(format!("\n{LINE}\n").into_bytes());
        let decoded = decode_logs(&body);
        prop_assert!(rows(&decoded) >= 2);
        prop_assert!(rows(&decoded) + decoded.rejected as usize <= 3);
        let entries = br#"{"action":"first"}"#;
        let mut body = entries.to_vec();
        body.push(b'\n');
        body.extend(broken.iter().filter(|byte| **byte != b'\n'));
        body.push(b'\n');
        body.extend(entries);
        let decoded = audit::decode(&body, &context());
        prop_assert!(decoded.entries.iter().filter(|(_, entry)| entry.action.as_deref() == Some("first")).count() >= 2);
    }

    #[test]
    fn valid_json_is_read_as_serde_json_reads_it(value in json_value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("serializes")] {
            let canonical = Value::parse(&text).expect("valid").canonical();
            // Both read by serde_json, whose floats may be off by their last bit.
            let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("is JSON");
            prop_assert_eq!(read(&canonical), read(&text));
        }
    }

    #[test]
    fn what_we_refuse_serde_json_refuses_too(body in mutated(SEED)) {
        if let Ok(text) = std::str::from_utf8(&body)
            && serde_json::from_str::<serde_json::Value>(text).is_ok()
        {
            prop_assert!(Value::parse(text).is_ok(), "{}", text);
        }
    }
}
