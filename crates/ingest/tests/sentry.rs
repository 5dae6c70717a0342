//! Envelopes and the rows that they become, as data; and what is refused as a whole.

use std::io::Write;

use arrow::array::{Array, AsArray};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use whodunit_ingest::Error;
use whodunit_ingest::logs::{Decode, Desk};
use whodunit_ingest::sentry::{Dsn, Envelope, Form, decode, dsn};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, Fingerprint, IssueId, group};
use whodunit_issues::rules::Rules;
use whodunit_model::{Project, Redactor, Table};
use whodunit_stdx::{ErrorKind, Limit};

use crate::audit_cases::check_row;
use crate::loki::desk;
use crate::shown;

const CLIENT: Option<&str> = Some("192.0.2.7");

type Rows = Vec<Map<String, Value>>;

/// The envelope of a case: its `body` as it stands, or its header and items.
fn body(case: &Value) -> Vec<u8> {
    if let Some(body) = case.get("body") {
        return body.as_str().expect("a text").as_bytes().to_vec();
    }
    let mut lines = vec![case.get("header").cloned().unwrap_or_else(|| json!({})).to_string()];
    for item in case["items"].as_array().expect("items") {
        let mut header = item.as_object().expect("an object").clone();
        lines.push(String::new());
        let payload = header.remove("payload").expect("a payload").to_string();
        *lines.last_mut().expect("pushed above") = Value::Object(header).to_string();
        lines.push(payload);
    }
    lines.join("\n").into_bytes()
}

/// Errors and log lines, as they would be stored, and how many values were filtered.
fn stored(envelope: &mut Envelope) -> (Rows, Rows, u64) {
    let mut tally = envelope.take_tally();
    let (mut errors, mut lines) = (Rows::new(), Rows::new());
    while let Some(batch) = envelope.next_batch(&Project::default_project()).expect("memory for a batch") {
        let into = if batch.table() == Table::ErrorEvents { &mut errors } else { &mut lines };
        let batch = Redactor::standard().batch(batch, &mut tally);
        into.extend((0..batch.row_count()).map(|row| shown::row(batch.rows(), row)));
    }
    (errors, lines, tally.total())
}

fn list<'c>(case: &'c Value, name: &str) -> &'c [Value] {
    case.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn check(case: &Value) {
    let name = case["name"].as_str().expect("a case has a name");
    let desk = desk();
    let mut envelope = decode(&body(case), Form::Envelope, CLIENT, &desk).expect(name);
    let id = envelope.event_id.clone();
    match case.get("id").and_then(Value::as_str) {
        Some("*") => assert_eq!(id.expect(name).len(), 32, "{name}"),
        expected => assert_eq!(id.as_deref(), expected, "{name}"),
    }
    assert_eq!(json!(envelope.passed_over), case.get("passed_over").cloned().unwrap_or(json!({})), "{name}");
    let refused = envelope.rejections().listed.clone();
    assert_eq!(refused.len(), list(case, "rejected").len(), "{name}: {refused:?}");
    for (found, expected) in refused.iter().zip(list(case, "rejected")) {
        assert!(found.reason.contains(expected.as_str().expect("a text")), "{name}: {}", found.reason);
    }
    let (errors, lines, filtered) = stored(&mut envelope);
    for (found, expected) in [(&errors, list(case, "rows")), (&lines, list(case, "lines"))] {
        assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
        found.iter().zip(expected).for_each(|(found, expected)| check_row(name, found, expected));
    }
    for absent in list(case, "absent") {
        let absent = absent.as_str().expect("a text");
        assert!(!json!([errors, lines]).to_string().contains(absent), "{name}: {absent} is stored");
    }
    if let Some(expected) = case.get("filtered") {
        assert_eq!(json!(filtered), *expected, "{name}");
    }
    check_pairs(name, case, &errors);
    errors.iter().for_each(|row| check_grouping(name, row));
    drop(envelope);
    assert_eq!(desk.memory.used(), 0, "{name}: memory is given back");
}

fn check_pairs(name: &str, case: &Value, errors: &Rows) {
    for (pair, column, equal) in [
        ("same_issue", "issue_id", true),
        ("other_issue", "issue_id", false),
        ("same_event", "event_id", true),
        ("other_event", "event_id", false),
    ] {
        let places: Vec<usize> =
            list(case, pair).iter().map(|place| place.as_u64().expect("a number") as usize).collect();
        if let [one, other] = places[..] {
            assert_eq!(errors[one][column] == errors[other][column], equal, "{name}: {pair}");
        }
    }
}

/// What is stored gives the same group again.
fn check_grouping(name: &str, row: &Map<String, Value>) {
    let raw: Value = serde_json::from_str(row["raw"].as_str().expect("a text")).expect("JSON");
    let again = group(&Event::read(&raw), &Rules::default(), Algorithm::NEWEST).fingerprint;
    assert_eq!(Fingerprint::parse(row["fingerprint"].as_str().expect("hexadecimal")), Some(again), "{name}");
    let issue = IssueId::of(Project::DEFAULT, &again);
    assert_eq!(IssueId::parse(row["issue_id"].as_str().expect("hexadecimal")), Some(issue), "{name}");
}

#[test]
fn envelopes_become_rows() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases/sentry.json")).expect("cases are JSON");
    cases.iter().for_each(check);
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).expect("writes to memory");
    encoder.finish().expect("writes to memory")
}

#[test]
fn a_store_request_is_json_or_zlib_in_base64() {
    let event = br#"{"event_id":"00000000000000000000000000000001","message":"a"}"#;
    for body in [event.to_vec(), STANDARD.encode(zlib(event)).into_bytes()] {
        let mut envelope = decode(&body, Form::Store, CLIENT, &desk()).expect("an event");
        assert_eq!(stored(&mut envelope).0[0]["value"], "a");
    }
    let torn = STANDARD.encode(&zlib(event)[..20]);
    for body in ["not base64!", "", &torn] {
        assert!(decode(body.as_bytes(), Form::Store, CLIENT, &desk()).is_err(), "{body:?}");
    }
}

#[test]
fn what_is_too_large_is_refused_by_name() {
    let event = json!({"message": "x".repeat(1 << 20)}).to_string();
    let body = format!("{{}}\n{{\"type\":\"event\"}}\n{event}\n{{\"type\":\"event\"}}\n{{\"message\":\"small\"}}");
    let mut envelope = decode(body.as_bytes(), Form::Envelope, CLIENT, &desk()).expect("an envelope");
    assert_eq!(envelope.rejections().listed[0].reason, "longer than 1048576 bytes");
    assert_eq!(stored(&mut envelope).0.len(), 1, "its neighbour is kept");
    let small = Desk { memory: Limit::new("test", 1 << 20), ..desk() };
    let event = json!({"message": "x".repeat(1 << 19)}).to_string();
    let body = format!("{{}}\n{{\"type\":\"event\"}}\n{event}");
    let refused: Error = decode(body.as_bytes(), Form::Envelope, CLIENT, &small).expect_err("no memory");
    assert_eq!((refused.kind, small.memory.used()), (ErrorKind::Exhausted, 0));
}

#[test]
fn the_dsn_is_found_in_a_compressed_body() {
    let body = format!("{{\"dsn\":\"https://abc@errors.example.com/7\"}}\n{}", "x".repeat(1 << 20));
    let found = Some(Dsn { key: "abc".to_owned(), project: "7".to_owned() });
    assert_eq!(dsn(&Bytes::from(body.clone()), None).expect("plain"), found);
    assert_eq!(dsn(&Bytes::from(zlib(body.as_bytes())), Some("deflate")).expect("deflate"), found);
    assert_eq!(dsn(&Bytes::from_static(b"{}"), None).expect("no DSN"), None);
    assert_eq!(dsn(&Bytes::from_static(b"nothing"), None).expect_err("no header").kind, ErrorKind::Invalid);
}

#[test]
fn columns_of_events_are_of_the_table() {
    let body = br#"{"message":"a"}"#;
    let mut envelope = decode(body, Form::Store, CLIENT, &desk()).expect("an event");
    let batch = envelope.next_batch(&Project::default_project()).expect("memory").expect("a batch");
    assert!(envelope.is_done());
    let ids = batch.rows().column_by_name("issue_id").expect("has an issue").as_fixed_size_binary();
    assert_eq!((ids.len(), ids.null_count()), (1, 0));
}
