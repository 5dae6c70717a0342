//! Syslog messages and the rows that they become.

use std::net::IpAddr;

use serde_json::{Value, json};
use whodunit_ingest::logs::{Decoded, collect};
use whodunit_ingest::syslog::{Frame, MESSAGE_BYTES_MAX, Received, decode};

use crate::audit_cases::check_row;
use crate::loki::{desk, rows};

fn read(messages: &[&[u8]]) -> Decoded {
    let peer: IpAddr = "192.0.2.9".parse().expect("an address");
    let received: Vec<Received> =
        messages.iter().map(|bytes| Received { frame: Frame::Message(bytes.to_vec()), peer }).collect();
    let desk = desk();
    collect(decode(received, &desk), &desk.project)
}

fn check(message: &str, expected: Value) {
    let decoded = read(&[message.as_bytes()]);
    check_row(message, &rows(&decoded)[0], &expected);
}

#[test]
fn a_message_becomes_a_row_with_its_context() {
    check(
        r#"<165>1 2026-11-20T09:00:00.123456Z web-1 shop 77 ORDER [ctx@32473 user_id="u1" request_id="r\"1" order="17"][origin ip="192.0.2.1"] slow é"#,
        json!({"time": "2026-11-20T09:00:00.123456000Z", "host": "web-1", "service": "shop", "level": "INFO", "severity_number": 10, "body": "slow é",
            "syslog.facility": "local4", "syslog.procid": "77", "syslog.msgid": "ORDER", "syslog.peer": "192.0.2.9",
            "actor_id": "u1", "correlation_id": "r\"1", "ctx@32473.order": "17", "ip": "192.0.2.1"}),
    );
    check(
        "<11>Nov 20 09:00:00 web-1 shop[77]: broken",
        json!({"time": "2026-11-20T09:00:00.000000000Z", "host": "web-1", "service": "shop", "level": "ERROR", "body": "broken", "syslog.facility": "user"}),
    );
    check(
        "no priority",
        json!({"body": "no priority", "host": "192.0.2.9", "level": null, "time": "2026-11-20T10:00:00.000000000Z"}),
    );
}

#[test]
fn json_inside_a_message_gives_its_context_and_stays_as_it_is() {
    let text = r#"@cee: {"userId":"u1","level":"debug","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}"#;
    check(
        &format!("<12>1 - h a - - - {text}"),
        json!({"body": text, "actor_id": "u1", "level": "WARN", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}),
    );
    check(
        r#"{"level":"error","service":"shop"}"#,
        json!({"level": "ERROR", "service": "shop", "body": r#"{"level":"error","service":"shop"}"#}),
    );
}

#[test]
fn what_is_odd_is_kept_and_what_is_too_long_is_refused() {
    let long = vec![b'x'; MESSAGE_BYTES_MAX + 1];
    let decoded = read(&[b"<13>1 - h a - - - caf\xe9", &long, b"<13>after"]);
    let found = rows(&decoded);
    assert_eq!((found.len(), decoded.rejected, decoded.rejections[0].line), (2, 1, 2));
    check_row(
        "latin",
        &found[0],
        &json!({"body": "caf\u{fffd}", "syslog.raw": hex::encode(b"<13>1 - h a - - - caf\xe9")}),
    );
    check(
        "<13>1 9999-01-01T00:00:00Z h a - - - t",
        json!({"syslog.time": "9999-01-01T00:00:00Z", "body": "t", "time": "2026-11-20T10:00:00.000000000Z"}),
    );
    for (time, expected) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000000Z"),
        ("2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775807Z"),
    ] {
        check(&format!("<13>1 {time} h a - - - t"), json!({"time": expected}));
    }
    let many: String = (0..10_000).map(|number| format!(" l{number}=\"v\"")).collect();
    let decoded = read(&[format!("<13>1 - h a - - [x{many}] t").as_bytes()]);
    assert_eq!(decoded.rejected, 1, "ten thousand parameters are longer than a message may be");
    let many: String = (0..4_000).map(|number| format!(" l{number}=\"v\"")).collect();
    let found = rows(&read(&[format!("<13>1 - h a - - [x{many}] t").as_bytes()]));
    let spilled: serde_json::Map<String, Value> =
        serde_json::from_str(found[0]["attributes_overflow"].as_str().expect("spilled")).expect("JSON");
    assert!(spilled.len() > 3_000 && found[0].len() > 500);
}
