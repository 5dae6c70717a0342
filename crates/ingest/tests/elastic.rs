//! Bulk requests and the rows or refusals that they become.

use serde_json::{Value, json};
use whodunit_ingest::elastic::{Action, Bulk, ITEMS_MAX, decode};
use whodunit_ingest::logs::{Decoded, collect};
use whodunit_stdx::{ErrorKind, Limit};

use crate::audit_cases::check_row;
use crate::loki::{desk, rows};

fn bulk(body: &str) -> Bulk {
    decode(body.as_bytes(), "logs-app", &desk()).expect("a bulk request")
}

fn read(body: &str) -> Decoded {
    collect(bulk(body), &desk().project)
}

#[test]
fn documents_become_rows_beside_their_index_and_id() {
    let body = concat!(
        "{\"index\":{\"_index\":\"orders\",\"_id\":\"a-1\"}}\n",
        "{\"@timestamp\":\"2026-11-20T09:00:00Z\",\"log.level\":\"error\",\"message\":\"m\",\"service\":{\"name\":\"shop\"},\"user\":{\"id\":\"u1\"},\"trace.id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}\r\n",
        "{\"create\":{ \"_id\": 7, \"routing\": \"x\", \"require_alias\": false }}\n",
        "{\"message\":\"n\",\"_id\":\"inner\"}\n",
        "\n",
        "{\"create\":{}}\n",
        "{}",
    );
    let found = rows(&read(body));
    check_row(
        "first",
        &found[0],
        &json!({"_index": "orders", "_id": "a-1", "time": "2026-11-20T09:00:00.000000000Z", "level": "ERROR",
        "body": "m", "service": "shop", "actor_id": "u1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}),
    );
    check_row("second", &found[1], &json!({"_index": "logs-app", "_id": "7", "source._id": "inner", "body": "n"}));
    check_row("third", &found[2], &json!({"_index": "logs-app", "_id": null, "body": null}));
    let items = bulk(body).items;
    assert_eq!(
        items.iter().map(|item| item.action).collect::<Vec<_>>(),
        [Action::Index, Action::Create, Action::Create]
    );
    assert_eq!((&*items[0].index, items[0].id.as_deref(), &*items[1].index), ("orders", Some("a-1"), "logs-app"));
}

/// What is refused of three items of which the middle one is given.
fn refused(middle: &str) -> (String, String) {
    let body = format!("{{\"create\":{{}}}}\n{{\"n\":1}}\n{middle}{{\"create\":{{}}}}\n{{\"n\":3}}\n");
    let decoded = read(&body);
    let numbers: Vec<Value> = rows(&decoded).iter().map(|row| row["n"].clone()).collect();
    assert_eq!(numbers, [json!(1), json!(3)], "{middle}");
    let items = bulk(&body).items;
    assert_eq!((items.len(), decoded.rejected, decoded.rejections[0].line), (3, 1, 2), "{middle}");
    let refusal = items[1].refusal.clone().expect("refused");
    (refusal.field, refusal.text)
}

#[test]
fn items_that_cannot_be_taken_are_refused_one_by_one() {
    let long = format!("{{\"create\":{{}}}}\n{{\"n\":\"{}\"}}\n", "x".repeat(1024 * 1024));
    let long_id = format!("{{\"create\":{{\"_id\":\"{}\"}}}}\n{{\"n\":2}}\n", "x".repeat(513));
    for (middle, field, reason) in [
        ("{\"update\":{\"_id\":\"1\"}}\n{\"doc\":{\"n\":2}}\n", "", "update is not taken"),
        ("{\"delete\":{\"_id\":\"1\"}}\n", "", "delete is not taken"),
        ("{\"create\":{}}\n{\"n\":\n", "", "the text ends"),
        ("{\"create\":{}}\n[2]\n", "", "a line is a JSON object"),
        ("{\"create\":{}}\n\n", "", "the text ends"),
        ("{\"create\":{\"_index\":\"\"}}\n{\"n\":2}\n", "_index", "index is missing"),
        (&long, "", "longer than 1048576 bytes"),
        (&long_id, "_id", "longer than 512 bytes"),
    ] {
        let (found_field, text) = refused(middle);
        assert_eq!(found_field, field, "{text}");
        assert!(text.contains(reason), "{text}");
    }
    let bytes = b"{\"create\":{}}\n{\"n\":1}\n{\"create\":{}}\n{\"n\":\"\xff\"}\n{\"create\":{}}\n{\"n\":3}\n";
    let found = decode(bytes, "x", &desk()).expect("a bulk request");
    assert!(found.items[1].refusal.as_ref().expect("refused").text.contains("not UTF-8 at byte 6"));
    let torn = bulk("{\"create\":{}}\n{\"n\":1}\n{\"index\":{}}");
    assert!(torn.items[1].refusal.is_some(), "an action without a document");
}

#[test]
fn an_action_that_cannot_be_read_refuses_the_request() {
    for (body, line, reason) in [
        ("not json\n{}\n", 1, "not JSON"),
        ("[]\n{}\n", 1, "expected an object"),
        ("{\"create\":{}}\n{}\n{\"upsert\":{}}\n{}\n", 3, "upsert"),
        ("{}\n{}\n", 1, "expected an action"),
        ("{\"create\":5}\n{}\n", 1, "expected an object in"),
        ("{\"create\":{},\"index\":{}}\n{}\n", 1, "one action"),
        ("{\"create\":{}} x\n{}\n", 1, "more after the end"),
    ] {
        let error = decode(body.as_bytes(), "x", &desk()).expect_err(body);
        assert_eq!(error.kind, ErrorKind::Invalid, "{body}");
        assert!(error.message.starts_with(&format!("malformed action/metadata line [{line}]")), "{}", error.message);
        assert!(error.message.contains(reason), "{}", error.message);
    }
    assert!(bulk("\n \n").items.is_empty());
}

#[test]
fn items_and_memory_are_bounded() {
    let many = "{\"create\":{}}\n{}\n".repeat(ITEMS_MAX + 1);
    let error = decode(many.as_bytes(), "x", &desk()).expect_err("too many");
    assert_eq!((error.kind, error.limit), (ErrorKind::TooLarge, Some("items_max")));
    let memory = Limit::new("test", 1 << 20);
    let small = whodunit_ingest::logs::Desk { memory: memory.clone(), ..desk() };
    assert_eq!(decode(many.as_bytes(), "x", &small).expect_err("full").kind, ErrorKind::Exhausted);
    assert_eq!(memory.used(), 0);
}
