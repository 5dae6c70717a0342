//! Loki pushes and the rows or refusals that they become.

use serde_json::{Map, Value, json};
use whodunit_ingest::logs::{Decoded, Desk, collect};
use whodunit_ingest::loki::{Form, decode};
use whodunit_model::{Project, Redactor};
use whodunit_stdx::{ErrorKind, Limit};

use crate::audit_cases::{NOW, check_row};
use crate::shown;

pub const TIME: &str = "1795168800000000001";

pub fn desk() -> Desk {
    Desk {
        project: Project::default_project(),
        received_at: NOW,
        memory: Limit::new("test", 256 << 20),
        redactor: Redactor::standard().clone(),
        grouping: std::sync::Arc::default(),
        scripts: None,
    }
}

pub fn rows(decoded: &Decoded) -> Vec<Map<String, Value>> {
    let batches = decoded.batches.iter();
    batches.flat_map(|batch| (0..batch.row_count()).map(|row| shown::row(batch.rows(), row))).collect()
}

fn read(body: &[u8], form: Form) -> Result<Decoded, whodunit_ingest::Error> {
    let desk = desk();
    decode(body, form, &desk).map(|whole| collect(whole, &desk.project))
}

fn push(stream: Value, values: Value) -> Vec<u8> {
    json!({"streams": [{"stream": stream, "values": values}]}).to_string().into_bytes()
}

fn check(stream: Value, values: Value, expected: &[Value]) {
    let body = push(stream, values);
    let name = String::from_utf8_lossy(&body).into_owned();
    let decoded = read(&body, Form::Json).expect(&name);
    let found = rows(&decoded);
    assert_eq!((found.len(), decoded.rejected), (expected.len(), 0), "{name}: {:?}", decoded.rejections);
    found.iter().zip(expected).for_each(|(row, expected)| check_row(&name, row, expected));
}

#[test]
fn labels_and_metadata_fill_context_columns_and_the_rest_are_attributes() {
    check(
        json!({"service_name": "shop", "level": "warning", "pod": "a-1"}),
        json!([[TIME, "slow", {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "user_id": "u1", "http_status": "500", "request_id": "r1", "pod": "b"}], ["0", "x"]]),
        &[
            json!({"time": "2026-11-20T10:00:00.000000001Z", "body": "slow", "service": "shop", "level": "WARN", "severity_number": 13,
                "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "actor_id": "u1", "correlation_id": "r1", "pod": "a-1", "metadata.pod": "b",
                "http_status": "500", "stream": r#"{"level":"warning","pod":"a-1","service_name":"shop"}"#}),
            json!({"time": "1970-01-01T00:00:00.000000000Z", "body": "x", "service": "shop", "actor_id": null, "trace_id": null}),
        ],
    );
}

#[test]
fn the_service_is_found_in_lokis_order() {
    for (labels, service) in [
        (json!({"app": "a", "job": "j"}), "a"),
        (json!({"job": "j", "container": "c", "component": "k"}), "c"),
        (json!({"component": "k", "k8s_job_name": "j"}), "k"),
        (json!({"pod": "p"}), "unknown_service"),
        (json!({}), "unknown_service"),
    ] {
        check(labels, json!([[TIME, "x"]]), &[json!({"service": service})]);
    }
    check(json!({"job": "j"}), json!([[TIME, "x"]]), &[json!({"service": "j", "job": "j"})]);
}

#[test]
fn context_inside_a_json_line_is_found_and_the_line_stays_as_it_was() {
    let line = r#"{ "message":"a \"b\"", "level":"error","userId":7,"req":{"id":"r-1"},"time":"2020-01-01","trace_id":"nonsense","service":"other","tags":["x"] }"#;
    let expected = json!({"body": line, "level": "ERROR", "actor_id": "7", "correlation_id": "r-1", "service": "shop",
        "time": "2026-11-20T10:00:00.000000001Z", "trace_id": null, "attr.trace_id": null, "message": null, "tags": null});
    check(json!({"app": "shop"}), json!([[TIME, line]]), &[expected]);
    let broken = r#"{"level":"error","userId":"u1""#.to_owned() + "}}";
    let expected = json!({"body": broken, "level": null, "actor_id": null});
    check(json!({"app": "shop"}), json!([[TIME, broken]]), &[expected]);
    check(json!({"app": "shop"}), json!([[TIME, "ts=1 level=warn msg=x"]]), &[json!({"level": "WARN"})]);
    check(json!({"level": "info"}), json!([[TIME, "level=warn"]]), &[json!({"level": "INFO"})]);
}

#[test]
fn lines_are_kept_byte_for_byte() {
    for line in ["", " \t", "\u{0}\u{1}", "é😀\u{fffd}", "\"quoted\\", "a\nb\r\n"] {
        check(json!({"app": "x"}), json!([[TIME, line]]), &[json!({"body": line})]);
    }
}

#[test]
fn labels_that_come_after_their_entries_count_all_the_same() {
    let body = format!(r#"{{"streams":[{{"values":[["{TIME}","x"]],"stream":{{"app":"shop"}}}}],"other":[1,{{}}]}}"#);
    let decoded = read(body.as_bytes(), Form::Json).expect("taken");
    check_row("late labels", &rows(&decoded)[0], &json!({"service": "shop", "body": "x"}));
}

#[test]
fn a_bad_entry_is_refused_and_its_neighbours_are_kept() {
    let long = "x".repeat(1024 * 1024 + 1);
    for (bad, field, reason) in [
        (json!("x"), "", "an entry is an array"),
        (json!([]), "time", "nanoseconds"),
        (json!(["soon", "x"]), "time", "nanoseconds"),
        (json!(["9223372036854775808", "x"]), "time", "nanoseconds"),
        (json!(["1.5", "x"]), "time", "nanoseconds"),
        (json!([TIME]), "", "second element"),
        (json!([TIME, 5]), "", "second element"),
        (json!([TIME, null]), "", "second element"),
        (json!([TIME, "x", "y"]), "", "third element"),
        (json!([TIME, "x", {}, 4]), "", "third element"),
        (json!([TIME, long]), "", "longer than 1048576 bytes"),
    ] {
        let body = push(json!({"app": "x"}), json!([[TIME, "before"], bad, [TIME, "after"]]));
        let decoded = read(&body, Form::Json).expect("a push");
        let bodies: Vec<_> = rows(&decoded).iter().map(|row| row["body"].clone()).collect();
        assert_eq!(bodies, [json!("before"), json!("after")], "{reason}");
        let [rejection] = decoded.rejections.as_slice() else { panic!("{reason}: {:?}", decoded.rejections) };
        assert_eq!((rejection.line, rejection.field.as_str()), (2, field), "{rejection:?}");
        assert!(rejection.reason.contains(reason), "{rejection:?}");
    }
    let body = json!({"streams": [{"stream": {"a": {"b": 1}}, "values": [[TIME, "x"]]}, {"stream": {}, "values": [[TIME, "y"]]}]});
    let decoded = read(body.to_string().as_bytes(), Form::Json).expect("a push");
    assert_eq!((rows(&decoded).len(), decoded.rejections[0].field.as_str()), (1, "stream.a"));
}

#[test]
fn a_body_that_is_no_push_is_refused_whole() {
    for body in [
        "",
        "[]",
        "5",
        "{",
        r#"{"streams":"#,
        r#"{"streams":5}"#,
        r#"{"streams":[5]}"#,
        r#"{"streams":[{"values":5}]}"#,
        r#"{"streams":[{"stream":[]}]}"#,
        r#"{"streams":[]} x"#,
        r#"{"streams":[{"stream":{},"values":[["1","x"]]}"#,
    ] {
        assert_eq!(read(body.as_bytes(), Form::Json).expect_err(body).kind, ErrorKind::Invalid, "{body}");
    }
    assert!(
        read(b"{\"streams\":[{\"stream\":{\"a\":\"\xff\"}}]}", Form::Json)
            .expect_err("bytes")
            .message
            .contains("not UTF-8 at byte 28")
    );
    let deep = format!("{{\"x\":{}", "[".repeat(100_000));
    assert!(read(deep.as_bytes(), Form::Json).expect_err("deep").message.contains("nested too deeply"));
    assert_eq!(read(b"{}", Form::Json).expect("no streams are for the route to refuse").batches.len(), 0);
}

#[test]
fn ten_thousand_labels_are_all_kept_within_bounds() {
    let labels: Map<String, Value> = (0..10_000).map(|number| (format!("l{number}"), json!("v"))).collect();
    let decoded = read(&push(Value::Object(labels), json!([[TIME, "x"], [TIME, "y"]])), Form::Json).expect("taken");
    let found = rows(&decoded);
    let spilled: Map<String, Value> =
        serde_json::from_str(found[1]["attributes_overflow"].as_str().expect("spilled")).expect("JSON");
    assert_eq!(
        found[1].len() - 6 + spilled.len(),
        10_000,
        "time, received_at, body, service, stream and the rest beside them"
    );
}

#[test]
fn memory_that_is_full_ends_the_push() {
    let values: Vec<Value> = (0..50_000).map(|_| json!([TIME, "x".repeat(100)])).collect();
    let body = push(json!({"app": "x"}), Value::Array(values));
    let small = Desk { memory: Limit::new("test", 1 << 20), ..desk() };
    assert_eq!(decode(&body, Form::Json, &small).expect_err("full").kind, ErrorKind::Exhausted);
    assert_eq!(small.memory.used(), 0);
    let desk = desk();
    let whole = decode(&body, Form::Json, &desk).expect("fits");
    let held: usize = whole.batches.iter().map(|batch| batch.rows().get_array_memory_size()).sum();
    assert!(desk.memory.used() > held / 2, "{} of {held} bytes are accounted for", desk.memory.used());
    drop(whole);
    assert_eq!(desk.memory.used(), 0);
}

/// Protobuf by hand.
pub fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(content);
    out
}

fn entry(line: &[u8], more: &[u8]) -> Vec<u8> {
    // 1795168800 s and 1 ns.
    let time = [0x08, 0xa0, 0xb4, 0x80, 0xd8, 0x06, 0x10, 0x01];
    field(2, &[field(1, &time), field(2, line), more.to_vec()].concat())
}

fn wire(labels: &[u8], entries: &[Vec<u8>]) -> Vec<u8> {
    field(1, &[field(1, labels), entries.concat()].concat())
}

#[test]
fn protobuf_says_the_same_as_json() {
    let metadata = field(3, &[field(1, b"trace_id"), field(2, b"4bf92f3577b34da6a3ce929d0e0e4736")].concat());
    let body = wire(br#"{app="shop", pod="a\"1"}"#, &[entry(b"one", &metadata), entry(b"two", b"")]);
    let by_wire = rows(&read(&body, Form::Protobuf).expect("taken"));
    let body = push(
        json!({"app": "shop", "pod": "a\"1"}),
        json!([[TIME, "one", {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}], [TIME, "two"]]),
    );
    assert_eq!(by_wire, rows(&read(&body, Form::Json).expect("taken")));
    assert_eq!(by_wire[0]["time"], "2026-11-20T10:00:00.000000001Z");
}

#[test]
fn bad_protobuf_is_refused_as_narrowly_as_it_can_be() {
    let bad_time =
        field(2, &[field(1, &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), field(2, b"x")].concat());
    for (bad, reason) in [
        (entry(b"\xff", b""), "not UTF-8 at byte 0"),
        (entry(b"x", b"\x1a\x09"), "longer than its message"),
        (bad_time, "a time outside"),
        (entry(&vec![b'x'; 1024 * 1024 + 1], b""), "longer than 1048576 bytes"),
    ] {
        let body = wire(b"{}", &[entry(b"before", b""), bad, entry(b"after", b"")]);
        let decoded = read(&body, Form::Protobuf).expect("framed well");
        assert_eq!((rows(&decoded).len(), decoded.rejected), (2, 1), "{reason}");
        assert!(decoded.rejections[0].reason.contains(reason), "{:?}", decoded.rejections);
    }
    let body = [wire(b"{a=1}", &[entry(b"x", b"")]), wire(b"{}", &[entry(b"y", b"")])].concat();
    let decoded = read(&body, Form::Protobuf).expect("framed well");
    assert_eq!((rows(&decoded).len(), decoded.rejections[0].field.as_str()), (1, "labels"));
    let whole = wire(b"{}", &[entry(b"x", b"")]);
    for end in 1..whole.len() {
        assert_eq!(read(&whole[..end], Form::Protobuf).expect_err("torn").kind, ErrorKind::Invalid, "{end}");
    }
}

#[test]
fn entries_without_a_time_get_that_of_their_arrival() {
    let body = wire(b"{}", &[field(2, &field(2, b"x"))]);
    let decoded = read(&body, Form::Protobuf).expect("taken");
    assert_eq!(rows(&decoded)[0]["time"], json!(whodunit_ingest::time::format(NOW)));
}

#[test]
fn the_form_follows_the_media_type_and_then_the_first_byte() {
    for (content_type, body, form) in [
        (Some("application/json; charset=utf-8"), "x", Form::Json),
        (Some("application/x-protobuf"), "{", Form::Protobuf),
        (None, "\x0a", Form::Protobuf),
        (None, " {", Form::Json),
        (Some("text/plain"), "{", Form::Json),
    ] {
        assert_eq!(Form::of(content_type, body.as_bytes()), form, "{content_type:?} {body:?}");
    }
}
