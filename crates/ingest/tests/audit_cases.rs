//! Audit bodies and the rows or rejections that they become, as data.

use serde_json::{Map, Value, json};
use whodunit_ingest::audit::{Context, Decoded, decode};
use whodunit_model::{AuditBuilder, Caller, Principal, Project};
use whodunit_stdx::Timestamp;

use crate::shown;

/// 2026-11-20T10:00:00Z.
pub const NOW: Timestamp = Timestamp(1_795_168_800_000_000_000);

/// The parameters of a case.
pub fn parameters(case: &Value) -> Vec<(String, String)> {
    let given = case.get("parameters").and_then(Value::as_object).cloned().unwrap_or_default();
    given.into_iter().map(|(name, value)| (name, value.as_str().expect("a text").to_owned())).collect()
}

/// The body of a case: `body` is JSON, `text` is sent as it stands, `hex` is bytes.
pub fn body(case: &Value) -> Vec<u8> {
    if let Some(text) = case.get("text") {
        return text.as_str().expect("a text").as_bytes().to_vec();
    }
    if let Some(hexadecimal) = case.get("hex") {
        return hex::decode(hexadecimal.as_str().expect("a text")).expect("hexadecimal");
    }
    let mut sent = case["body"].clone();
    repeat(&mut sent);
    sent.to_string().into_bytes()
}

/// `{"$repeat": ["a", 3]}` stands for `"aaa"`.
fn repeat(value: &mut Value) {
    if let Some([text, times]) = value.get("$repeat").and_then(Value::as_array).map(Vec::as_slice) {
        let times = usize::try_from(times.as_u64().expect("a number")).expect("fits");
        *value = json!(text.as_str().expect("a text").repeat(times));
        return;
    }
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(repeat),
        Value::Object(members) => members.values_mut().for_each(repeat),
        _ => {}
    }
}

/// Listed columns have the listed value; a listed null says that the column is null.
pub fn check_row(name: &str, found: &Map<String, Value>, expected: &Value) {
    for (column, value) in expected.as_object().expect("a row is an object") {
        assert_eq!(found.get(column).unwrap_or(&Value::Null), value, "{name}: {column} in {found:?}");
    }
}

fn context(case: &Value) -> Context {
    let mut caller = Caller::new(Principal::Anonymous);
    caller.ip = Some("10.0.0.1".to_owned());
    caller.user_agent = Some("sender/1".to_owned());
    Context::new(NOW, &caller, &parameters(case))
}

fn check(case: &Value) {
    let name = case["name"].as_str().expect("a case has a name");
    let Decoded { entries, rejections } = decode(&body(case), &context(case));
    let mut builder = AuditBuilder::new();
    entries.iter().for_each(|(_, entry)| builder.push(entry));
    let batch = builder.finish(&Project::default_project());
    let none = Vec::new();
    let expected = case.get("rows").and_then(Value::as_array).unwrap_or(&none);
    assert_eq!(entries.len(), expected.len(), "{name}: {rejections:?}");
    for (row, expected) in expected.iter().enumerate() {
        check_row(name, &shown::row(batch.rows(), row), expected);
    }
    let expected = case.get("rejections").and_then(Value::as_array).unwrap_or(&none);
    assert_eq!(rejections.len(), expected.len(), "{name}: {rejections:?}");
    for (found, expected) in rejections.iter().zip(expected) {
        let found = serde_json::to_value(found).expect("serializes");
        check_row(name, found.as_object().expect("an object"), expected);
    }
}

fn check_all(cases: &str, at_least: usize) {
    let cases: Vec<Value> = serde_json::from_str(cases).expect("valid JSON");
    assert!(cases.len() >= at_least, "{}", cases.len());
    cases.iter().for_each(check);
}

#[test]
fn names_that_applications_send() {
    check_all(include_str!("cases/audit_names.json"), 60);
}

#[test]
fn entries_that_are_not_taken() {
    check_all(include_str!("cases/audit_errors.json"), 35);
}

#[test]
fn ten_thousand_unknown_fields_are_kept() {
    let mut entry = Map::from_iter([("action".to_owned(), json!("x"))]);
    (0..10_000).for_each(|number| drop(entry.insert(format!("label_{number}"), json!(number))));
    let decoded = decode(Value::Object(entry).to_string().as_bytes(), &context(&json!({})));
    let metadata = decoded.entries[0].1.metadata.as_deref().expect("kept");
    let metadata: Map<String, Value> = serde_json::from_str(metadata).expect("valid JSON");
    assert_eq!((metadata.len(), &metadata["label_9999"]), (10_000, &json!(9999)));
}

#[test]
fn too_many_changes_are_one_rejection() {
    let changes: Map<String, Value> = (0..1_001).map(|number| (format!("f{number}"), json!([0, 1]))).collect();
    let decoded = decode(
        json!([{"action": "x", "changes": changes}, {"action": "y"}]).to_string().as_bytes(),
        &context(&json!({})),
    );
    assert_eq!((decoded.rejections[0].field.as_str(), decoded.entries.len()), ("changes", 1));
}
