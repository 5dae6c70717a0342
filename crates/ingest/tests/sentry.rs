//! Envelopes and the rows that they become, as data; and what is refused as a whole.

use std::io::Write;

use arrow::array::{Array, AsArray};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use whodunit_ingest::Error;
use whodunit_ingest::logs::{Decode, Desk};
use whodunit_ingest::sentry::{Dsn, Envelope, Form, Origin, decode, dsn};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, Fingerprint, IssueId, group};
use whodunit_issues::rules::Rules;
use whodunit_model::{Project, Redactor, Table, parts};
use whodunit_stdx::{ErrorKind, Limit};

use crate::audit_cases::check_row;
use crate::loki::desk;
use crate::shown;

const CLIENT: Origin<'_> =
    Origin { client_ip: Some("192.0.2.7"), user_agent: Some("Browser/9"), filters: None, limited: &[] };

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

/// What would be stored.
#[derive(Default)]
struct Stored {
    errors: Rows,
    lines: Rows,
    spans: Rows,
    /// Of all other tables, each row with `table`.
    others: Rows,
    /// Values in whose place `[Filtered]` stands.
    filtered: u64,
}

fn stored(envelope: &mut Envelope) -> Stored {
    let mut tally = envelope.take_tally();
    let mut stored = Stored::default();
    while let Some(batch) = envelope.next_batch(&Project::default_project()).expect("memory for a batch") {
        let into = match batch.table() {
            Table::ErrorEvents => &mut stored.errors,
            Table::Logs => &mut stored.lines,
            Table::Spans => &mut stored.spans,
            _ => &mut stored.others,
        };
        let table = batch.table().name();
        let batch = Redactor::standard().batch(batch, &mut tally);
        into.extend((0..batch.row_count()).map(|row| {
            let mut shown = shown::row(batch.rows(), row);
            shown.insert("table".to_owned(), json!(table));
            shown
        }));
    }
    stored.filtered = tally.total();
    stored
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
    let Stored { errors, lines, spans, others, filtered } = stored(&mut envelope);
    for (found, expected) in [(&errors, "rows"), (&lines, "lines"), (&spans, "spans"), (&others, "others")] {
        let expected = list(case, expected);
        assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
        found.iter().zip(expected).for_each(|(found, expected)| check_row(name, found, expected));
    }
    for absent in list(case, "absent") {
        let absent = absent.as_str().expect("a text");
        assert!(!json!([errors, lines, spans, others]).to_string().contains(absent), "{name}: {absent} is stored");
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
    let part = |name: &str| row.get(name).and_then(Value::as_str);
    let text = parts::whole(part("raw").expect("a text"), parts::NAMES.map(part));
    let raw: Value = serde_json::from_str(&text).expect("JSON");
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
        assert_eq!(stored(&mut envelope).errors[0]["value"], "a");
    }
    let torn = STANDARD.encode(&zlib(event)[..20]);
    for body in ["not base64!", "", &torn] {
        assert!(decode(body.as_bytes(), Form::Store, CLIENT, &desk()).is_err(), "{body:?}");
    }
}

const DUMP: &[u8] = b"MDMP\r\n\r\nthe memory";

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (disposition, data) in parts {
        body.extend(format!("--xyz\r\nContent-Disposition: form-data; {disposition}\r\n\r\n").bytes());
        body.extend(*data);
        body.extend(b"\r\n");
    }
    body.extend(b"--xyz--\r\n");
    body
}

#[test]
fn a_crash_is_an_event_with_its_memory_in_each_form() {
    let boundary = Some("xyz".to_owned());
    let dump = ("name=\"upload_file_minidump\"; filename=\"a.dmp\"", DUMP);
    let event = ("name=\"sentry\"", &br#"{"event_id":"00000000000000000000000000000001","message":"hit a wall"}"#[..]);
    let cases = [
        (DUMP.to_vec(), None, "The process crashed; its memory is attached."),
        (form(&[dump]), boundary.clone(), "The process crashed; its memory is attached."),
        (form(&[event, dump]), boundary.clone(), "hit a wall"),
    ];
    for (body, boundary, value) in cases {
        let mut envelope = decode(&body, Form::Minidump { boundary }, CLIENT, &desk()).expect("a crash");
        let id = envelope.event_id.clone().expect("an id");
        let stored = stored(&mut envelope);
        assert_eq!((stored.errors.len(), &stored.errors[0]["value"]), (1, &json!(value)));
        assert_eq!((&stored.errors[0]["event_id"], &stored.others[0]["event_id"]), (&json!(id), &json!(id)));
        let file = &stored.others[0];
        assert_eq!((&file["table"], &file["kind"]), (&json!("attachments"), &json!("event.minidump")));
        assert_eq!(file["data"], json!(String::from_utf8_lossy(DUMP)));
    }
    let again = |form| decode(DUMP, form, CLIENT, &desk()).expect("a crash").event_id;
    assert_eq!(again(Form::Minidump { boundary: None }), again(Form::Minidump { boundary: None }));
    for wrong in [form(&[event]), b"not a dump".to_vec(), form(&[("name=\"upload_file_minidump\"", b"ELF")])] {
        let boundary = wrong.starts_with(b"--").then(|| "xyz".to_owned());
        assert_eq!(
            decode(&wrong, Form::Minidump { boundary }, CLIENT, &desk()).expect_err("no dump").kind,
            ErrorKind::Invalid
        );
    }
}

#[test]
fn what_browsers_report_becomes_events() {
    let form = || Form::Reports { release: Some("web@2".to_owned()), environment: None };
    let older = json!({"csp-report": {"document-uri": "https://shop.example.com/cart?x=1", "blocked-uri": "https://evil.example.com/a.js",
        "effective-directive": "script-src-elem", "violated-directive": "script-src-elem"}});
    let newer = json!([{"type": "csp-violation", "url": "https://shop.example.com/cart", "body": {"documentURL": "https://shop.example.com/cart",
        "blockedURL": "https://evil.example.com/a.js", "effectiveDirective": "script-src-elem"}},
        {"type": "network-error", "url": "https://shop.example.com/pay", "body": {"type": "tcp.timed_out", "phase": "connection"}}]);
    let mut envelope = decode(older.to_string().as_bytes(), form(), CLIENT, &desk()).expect("a report");
    let first = stored(&mut envelope).errors;
    let mut envelope = decode(newer.to_string().as_bytes(), form(), CLIENT, &desk()).expect("two reports");
    let second = stored(&mut envelope).errors;
    assert_eq!((first.len(), second.len()), (1, 2));
    assert_eq!((&first[0]["logger"], &first[0]["request_path"]), (&json!("csp"), &json!("/cart")));
    assert_eq!((&first[0]["release"], &first[0]["user_agent"]), (&json!("web@2"), &json!("Browser/9")));
    assert!(first[0]["title"].as_str().expect("a title").contains("script-src-elem"), "{}", first[0]["title"]);
    assert_eq!(first[0]["issue_id"], second[0]["issue_id"], "the same violation in both forms");
    assert_ne!(first[0]["event_id"], second[0]["event_id"]);
    assert_eq!(second[1]["logger"], "nel");
    for wrong in ["17", "[17]", "{\"body\":1}", "[{\"type\":\"crash\",\"body\":{}}]", "{"] {
        let refused = decode(wrong.as_bytes(), form(), CLIENT, &desk()).expect("read");
        assert_eq!((refused.rejections().total(), refused.event_id.as_deref()), (1, None), "{wrong}");
    }
}

#[test]
fn files_follow_an_event() {
    let of = |event_id: &str| Form::Attachments { event_id: event_id.to_owned(), boundary: "xyz".to_owned() };
    let body = form(&[("name=\"a\"; filename=\"a.txt\"", b"one"), ("name=\"b\"; filename=\"b.txt\"", b"")]);
    let mut envelope = decode(&body, of("00000000-0000-0000-0000-000000000001"), CLIENT, &desk()).expect("files");
    let names: Vec<Value> = stored(&mut envelope).others.iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    assert!(decode(&body, of("17"), CLIENT, &desk()).is_err());
    assert!(decode(&form(&[("name=\"a\"", b"one")]), of("00000000000000000000000000000001"), CLIENT, &desk()).is_err());
}

#[test]
fn a_file_that_is_too_large_is_refused_and_its_event_is_kept() {
    let file = "x".repeat(whodunit_ingest::sentry::ATTACHMENT_BYTES_MAX + 1);
    let id = "00000000000000000000000000000001";
    let mut body = format!("{{\"event_id\":\"{id}\"}}\n{{\"type\":\"event\"}}\n{{\"message\":\"a\"}}\n");
    body.push_str(&format!("{{\"type\":\"attachment\",\"length\":{}}}\n{file}\n", file.len()));
    let mut envelope = decode(body.as_bytes(), Form::Envelope, CLIENT, &desk()).expect("an envelope");
    assert_eq!(envelope.rejections().listed[0].reason, "longer than 20971520 bytes");
    let stored = stored(&mut envelope);
    assert_eq!((stored.errors.len(), stored.others.len()), (1, 0));
}

#[test]
fn what_is_too_large_is_refused_by_name() {
    let event = json!({"message": "x".repeat(1 << 20)}).to_string();
    let body = format!("{{}}\n{{\"type\":\"event\"}}\n{event}\n{{\"type\":\"event\"}}\n{{\"message\":\"small\"}}");
    let mut envelope = decode(body.as_bytes(), Form::Envelope, CLIENT, &desk()).expect("an envelope");
    assert_eq!(envelope.rejections().listed[0].reason, "longer than 1048576 bytes");
    assert_eq!(stored(&mut envelope).errors.len(), 1, "its neighbour is kept");
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
