//! The gateway over a real store: receipts, repeats, intents, limits.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use whodunit_api::audit::AuditAnswer;
use whodunit_ingest::syslog::{Frame, Received};
use whodunit_ingest::{Error, Gateway, GatewaySettings, Request, Taken};
use whodunit_model::{Caller, Principal, Project, Sources, Table};
use whodunit_stdx::{ErrorKind, Limit, ManualClock, World};
use whodunit_store::{Settings, Store, Upkeep};

use crate::audit_cases::NOW;
use crate::loki::field;
use crate::shown;

const ID: &str = "019a9d3c-8a00-7000-8000-000000000001";

/// A gateway over an empty store in a directory that goes with it.
pub struct House {
    pub gateway: Gateway,
    pub store: Store,
    pub memory: Limit,
    pub sources: Sources,
    pub clock: Arc<ManualClock>,
    pub caller: Caller,
    _directory: tempfile::TempDir,
}

async fn house_with(bytes_max: usize) -> House {
    house_of(bytes_max, |_| {}).await
}

async fn house_of(bytes_max: usize, change: impl FnOnce(&mut Settings)) -> House {
    let directory = tempfile::tempdir().expect("a directory");
    let (world, clock) = World::seeded(7, NOW);
    let memory = Limit::new("memory", bytes_max);
    let mut settings = Settings { upkeep: Upkeep::Manual, ..Settings::new(directory.path()) };
    change(&mut settings);
    let store = Store::open(settings, world.clone(), Limit::new("store", 256 << 20)).await.expect("opens");
    let sources = Sources::default();
    let gateway = Gateway::new(store.clone(), world, memory.clone(), GatewaySettings::for_cores(2), sources.clone());
    let caller = Caller::new(Principal::Anonymous);
    House { gateway, store, memory, sources, clock, caller, _directory: directory }
}

pub async fn house() -> House {
    house_with(256 << 20).await
}

impl House {
    pub fn request(&self, body: impl Into<Bytes>) -> Request<'_> {
        Request {
            body: body.into(),
            content_encoding: None,
            content_type: Some("application/json; charset=utf-8"),
            project: Project::default_project(),
            caller: &self.caller,
            parameters: &[],
        }
    }

    async fn audit(&self, body: Value) -> Result<AuditAnswer, Error> {
        let taken = self.gateway.audit(self.request(body.to_string())).await?;
        assert!(taken.failure.is_none(), "{taken:?}");
        Ok(taken.answer)
    }

    async fn complete(&self, id: &str, body: Value) -> Result<whodunit_api::audit::Receipt, Error> {
        let id = id.parse().expect("an entry id");
        self.gateway.complete(&Project::default_project(), id, Bytes::from(body.to_string()), &self.caller).await
    }

    /// All rows of a table that are still in the buffer.
    pub fn rows(&self, table: Table) -> Vec<serde_json::Map<String, Value>> {
        let buffered = self.store.snapshot().buffered(table);
        let rows = buffered.iter().flat_map(|(_, batch)| (0..batch.num_rows()).map(|row| without_ledger(batch, row)));
        rows.collect()
    }
}

fn without_ledger(batch: &arrow::array::RecordBatch, row: usize) -> serde_json::Map<String, Value> {
    let kept: Vec<usize> = batch
        .schema()
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| field.name() != "salt")
        .map(|(index, _)| index)
        .collect();
    shown::row(&batch.project(&kept).expect("columns exist"), row)
}

#[tokio::test]
async fn every_entry_gets_a_receipt_or_a_rejection() {
    let house = house().await;
    let body = json!([{"action": "a", "id": ID}, {"no": "action"}, {"action": "c"}]);
    let answer = house.audit(body).await.expect("taken");
    assert_eq!((answer.accepted, answer.rejected, answer.repeated), (2, 1, 0));
    assert_eq!(answer.receipts.iter().map(|receipt| receipt.index).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(answer.receipts.iter().map(|receipt| receipt.leaf_index).collect::<Vec<_>>(), [0, 1]);
    assert_eq!((answer.receipts[0].id.as_str(), answer.receipts[0].project.as_str()), (ID, "default"));
    assert_eq!(answer.receipts[0].received_at, "2026-11-20T10:00:00.000000000Z");
    assert_eq!(answer.receipts[0].leaf_hash.len(), 64);
    assert_eq!((answer.rejections[0].index, answer.rejections[0].field.as_str()), (1, "action"));
    let rows = house.rows(Table::AuditLogs);
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["action"], &rows[0]["project"]), (&json!("a"), &json!("default")));
    assert_eq!(house.memory.used(), 0);
}

#[tokio::test]
async fn an_entry_sent_again_gets_its_first_receipt() {
    let house = house().await;
    let first = house.audit(json!({"action": "a", "id": ID})).await.expect("taken");
    house.clock.advance(std::time::Duration::from_secs(60));
    let second = house.audit(json!([{"action": "b"}, {"action": "a", "id": ID}])).await.expect("taken");
    assert_eq!((second.accepted, second.repeated), (2, 1));
    assert!(second.receipts[1].repeated);
    assert_eq!(second.receipts[1].leaf_hash, first.receipts[0].leaf_hash);
    assert_eq!(second.receipts[1].received_at, first.receipts[0].received_at);
    assert_eq!(house.rows(Table::AuditLogs).len(), 2);
}

#[tokio::test]
async fn an_intent_is_completed_with_what_came_of_it() {
    complete_an_intent(Meanwhile::Nothing).await;
}

#[tokio::test]
async fn an_intent_is_completed_when_it_is_in_a_segment_already() {
    complete_an_intent(Meanwhile::Flushed).await;
}

/// What happens between the two steps.
#[derive(PartialEq)]
enum Meanwhile {
    Nothing,
    Flushed,
}

async fn complete_an_intent(meanwhile: Meanwhile) {
    let house = house().await;
    let intent = json!({"action": "EXPORT", "id": ID, "state": "intent", "actor_id": "u1", "metadata": {"a": 1, "b": 1},
        "changes": {"rows": [0, 10]}, "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"});
    house.audit(intent).await.expect("taken");
    if meanwhile == Meanwhile::Flushed {
        house.store.flush().await.expect("flushes");
    }
    let completion =
        json!({"outcome": "failure", "error": "disk full", "duration_ms": 5, "metadata": {"b": 2}, "actor_id": "u1"});
    let receipt = house.complete(ID, completion).await.expect("completed");
    assert_eq!((receipt.id.as_str(), receipt.leaf_index), (ID, 1));
    let rows = house.rows(Table::AuditLogs);
    let whole = rows.iter().find(|row| row["state"] == "complete").expect("a complete row");
    for (column, expected) in [
        ("action", json!("EXPORT")),
        ("actor_id", json!("u1")),
        ("outcome", json!("failure")),
        ("error_message", json!("disk full")),
        ("duration_ns", json!(5_000_000)),
        ("metadata", json!("{\"a\":1,\"b\":2}")),
        ("category", json!("access")),
        ("changes", json!([["rows", "0", "10"]])),
        ("trace_id", json!("4bf92f3577b34da6a3ce929d0e0e4736")),
    ] {
        assert_eq!(whole[column], expected, "{column}");
    }
    let again = house.complete(ID, json!({"outcome": "failure"})).await.expect("completed before");
    assert!(again.repeated);
    assert_eq!(again.leaf_hash, receipt.leaf_hash);
}

#[tokio::test]
async fn a_completion_changes_nothing_that_the_intent_has_fixed() {
    let house = house().await;
    let unknown = house.complete(ID, json!({"outcome": "success"})).await.expect_err("unknown");
    assert_eq!(unknown.kind, ErrorKind::NotFound);
    house.audit(json!({"action": "EXPORT", "id": ID, "state": "intent", "actor_id": "u1"})).await.expect("taken");
    for (body, kind, field) in [
        (json!({"actor_id": "u2"}), ErrorKind::Conflict, "actor_id"),
        (json!({"action": "DELETE"}), ErrorKind::Conflict, "action"),
        (json!({"state": "intent"}), ErrorKind::Conflict, "state"),
        (json!({"id": "019a9d3c-8a00-7000-8000-000000000009"}), ErrorKind::Conflict, "id"),
        (json!({"duration_ms": "long"}), ErrorKind::Invalid, "duration_ns"),
    ] {
        let error = house.complete(ID, body).await.expect_err(field);
        assert_eq!((error.kind, error.field.as_deref()), (kind, Some(field)));
    }
    let other = "019a9d3c-8a00-7000-8000-000000000005";
    house.audit(json!({"action": "a", "id": other})).await.expect("taken");
    assert_eq!(house.complete(other, json!({})).await.expect_err("no intent").kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn lines_are_stored_and_bad_ones_named() {
    let house = house().await;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for number in 0..70_000 {
        writeln!(encoder, "{{\"msg\":\"line {number}\",\"n\":{number}}}").expect("writes to memory");
    }
    encoder.write_all(b"broken\n").expect("writes to memory");
    let mut request = house.request(encoder.finish().expect("writes to memory"));
    request.content_encoding = Some("gzip");
    let Taken { answer, failure } = house.gateway.logs(request).await.expect("taken");
    assert!(failure.is_none() && answer.resume_at_line.is_none(), "{failure:?}");
    assert_eq!((answer.accepted, answer.rejected), (70_000, 1));
    assert_eq!(answer.rejections[0].line, 70_001);
    let buffered = house.store.snapshot().buffered(Table::Logs);
    assert_eq!(buffered.iter().map(|(_, batch)| batch.num_rows()).sum::<usize>(), 70_000);
    assert_eq!(house.memory.used(), 0);
}

fn numbered_lines(count: u32) -> String {
    (0..count).map(|number| format!("{{\"msg\":\"line {number}\",\"n\":{number}}}\n")).collect()
}

/// A client that was only told of an error sent all again, and the lines that were stored already stood there twice.
#[tokio::test]
async fn a_body_that_fails_half_way_says_where_to_go_on_and_nothing_is_doubled() {
    let sizes = house().await;
    sizes.gateway.logs(sizes.request(numbered_lines(65_536))).await.expect("taken");
    let one_batch = usize::try_from(sizes.store.statistics().lanes[1].buffered_bytes).expect("it fits");
    let house = house_of(256 << 20, |settings| {
        settings.buffer_bytes_max = one_batch * 3 / 2;
        settings.append_wait = std::time::Duration::ZERO;
    });
    let house = house.await;
    let body = format!("\nbroken\n{}", numbered_lines(100_000));
    let Taken { answer, failure } = house.gateway.logs(house.request(body.clone())).await.expect("partly taken");
    let failure = failure.expect("it is no success");
    assert_eq!((failure.kind, answer.rejected), (ErrorKind::Exhausted, 1), "{failure:?}");
    let stored = answer.accepted;
    assert!((1..100_000).contains(&stored), "{stored} lines are stored");
    assert_eq!(answer.resume_at_line, Some(stored + 3), "one blank and one broken line came before");

    house.store.flush().await.expect("flushes");
    let done = usize::try_from(stored).expect("it fits") + 2;
    let rest: String = body.lines().skip(done).map(|line| format!("{line}\n")).collect();
    let Taken { answer, failure } = house.gateway.logs(house.request(rest)).await.expect("taken");
    assert!(failure.is_none(), "{failure:?}");
    assert_eq!((answer.accepted, answer.rejected, answer.resume_at_line), (100_000 - stored, 0, None));
    assert_eq!(house.memory.used(), 0);
}

/// A store that is full before the second batch of rows like these.
async fn house_for_one_batch(sent: impl AsyncFn(&House)) -> House {
    let sizes = house().await;
    sent(&sizes).await;
    let one_batch = usize::try_from(sizes.store.statistics().lanes[1].buffered_bytes).expect("it fits");
    house_of(256 << 20, |settings| {
        settings.buffer_bytes_max = one_batch * 5 / 4;
        settings.append_wait = std::time::Duration::ZERO;
    })
    .await
}

#[tokio::test]
async fn every_protocol_that_fails_half_way_says_what_is_stored() {
    let records = |count: usize| {
        let records = vec![json!({"body": {"stringValue": "text"}}); count];
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}).to_string()
    };
    let house = house_for_one_batch(async |house| {
        let _ = house.gateway.otlp_logs(house.request(records(65_536))).await.expect("taken");
    });
    let house = house.await;
    let Taken { answer, failure } = house.gateway.otlp_logs(house.request(records(100_000))).await.expect("in part");
    assert_eq!((answer.accepted, answer.rejected, answer.resume_at_line), (65_536, 0, None));
    assert_eq!(failure.expect("it is no success").kind, ErrorKind::Exhausted);
    let error = house.gateway.otlp_logs(house.request(records(65_536))).await.expect_err("nothing is stored");
    assert_eq!(error.kind, ErrorKind::Exhausted);

    let push = |count: usize| {
        let values = vec![json!(["1764064800000000000", "text"]); count];
        json!({"streams": [{"stream": {"app": "shop"}, "values": values}]}).to_string()
    };
    let house = house_for_one_batch(async |house| {
        let _ = house.gateway.loki(house.request(push(65_536))).await.expect("taken");
    });
    let house = house.await;
    let Taken { answer, failure } = house.gateway.loki(house.request(push(100_000))).await.expect("in part");
    assert_eq!((answer.accepted, answer.rejected, answer.resume_at_line), (65_536, 0, None));
    assert_eq!(failure.expect("it is no success").kind, ErrorKind::Exhausted);

    let bulk = |count: usize| "{\"delete\":{\"_id\":\"1\"}}\n".to_owned() + &"{\"create\":{}}\n{}\n".repeat(count);
    let house = house_for_one_batch(async |house| {
        let _ = house.gateway.elastic(house.request(bulk(65_536)), "logs").await.expect("taken");
    });
    let house = house.await;
    let Taken { answer, failure } = house.gateway.elastic(house.request(bulk(90_000)), "logs").await.expect("in part");
    assert_eq!(failure.expect("it is no success").kind, ErrorKind::Exhausted);
    assert!(answer[0].refusal.is_some() && !answer[0].stored);
    let stored: Vec<usize> =
        answer.iter().enumerate().filter(|(_, item)| item.stored).map(|(number, _)| number).collect();
    assert!((1..90_000).contains(&stored.len()), "{} items are stored", stored.len());
    assert!(stored.iter().copied().eq(1..=stored.len()), "the stored items are the first ones");

    let peer = std::net::Ipv4Addr::LOCALHOST.into();
    let message = |_| Received { frame: Frame::Message(b"<13>hello".to_vec()), peer };
    let received = |count: usize| -> Vec<Received> {
        [Received { frame: Frame::TooLong, peer }].into_iter().chain((0..count).map(message)).collect()
    };
    let house = house_for_one_batch(async |house| {
        let _ = house.gateway.syslog(received(65_536), Project::default_project()).await.expect("taken");
    });
    let house = house.await;
    let Taken { answer, failure } =
        house.gateway.syslog(received(100_000), Project::default_project()).await.expect("in part");
    assert!((1..100_000).contains(&answer.accepted), "{} messages are stored", answer.accepted);
    assert_eq!((answer.rejected, answer.resume_at_line), (1, Some(answer.accepted + 2)));
    let source = &house.sources.list(|_| true)[0];
    assert_eq!((source.rows, source.requests), (answer.accepted, answer.accepted + 1), "what comes again counts then");
    assert_eq!(failure.expect("it is no success").kind, ErrorKind::Exhausted);
    assert_eq!(house.memory.used(), 0);
}

/// The rest is for audit entries, however much telemetry comes.
#[tokio::test]
async fn telemetry_may_hold_half_of_the_memory() {
    let house = house_with(1 << 20).await;
    let more_than_half = numbered_lines(20_000);
    assert!(((512 << 10)..(1 << 20)).contains(&more_than_half.len()), "{} bytes", more_than_half.len());
    let error = house.gateway.logs(house.request(more_than_half)).await.expect_err("does not fit");
    assert_eq!((error.kind, error.limit), (ErrorKind::Exhausted, Some("memory")));
    let Taken { answer, failure } = house.gateway.logs(house.request(numbered_lines(1_000))).await.expect("fits");
    assert!(failure.is_none() && answer.accepted == 1_000, "{failure:?}");
    assert_eq!(house.memory.used(), 0);
}

#[tokio::test]
async fn a_request_of_which_nothing_is_taken_has_failed_by_name() {
    let house = house().await;
    let body = json!([{"no": "action"}, {"action": "a", "time": "yesterday-ish"}]).to_string();
    let Taken { answer, failure } = house.gateway.audit(house.request(body)).await.expect("read");
    let failure = failure.expect("it is no success");
    assert_eq!((failure.kind, failure.field.as_deref()), (ErrorKind::Invalid, Some("action")));
    assert!(failure.message.starts_with("none of 2 entries was accepted; entry 0: action: "), "{}", failure.message);
    assert_eq!((answer.accepted, answer.rejected, answer.rejections.len()), (0, 2, 2));

    let Taken { answer, failure } = house.gateway.logs(house.request("broken\n[]\n")).await.expect("read");
    let failure = failure.expect("it is no success");
    assert_eq!((failure.kind, answer.rejected, answer.resume_at_line), (ErrorKind::Invalid, 2, None));
    assert!(failure.message.starts_with("none of 2 lines was accepted; line 1: "), "{}", failure.message);

    for empty in ["", "[]", "\n\n"] {
        let nothing = house.gateway.logs(house.request(empty)).await.expect("read");
        assert!(nothing.failure.is_none(), "nothing was sent, and nothing is wrong: {empty:?}");
    }
}

/// `{streams: [{labels, entries: [line, …]}]}` as protobuf, without times.
fn push(lines: &[&[u8]]) -> Vec<u8> {
    let entries: Vec<u8> = lines.iter().flat_map(|line| field(2, &field(2, line))).collect();
    field(1, &[field(1, b"{app=\"shop\"}"), entries].concat())
}

#[tokio::test]
async fn every_log_protocol_goes_the_one_way() {
    let house = house().await;
    let snappy = |plain: &[u8]| snap::raw::Encoder::new().compress_vec(plain).expect("encodes in memory");
    let wire = push(&[b"one", b"\xff"]);
    let as_protobuf = |body: Vec<u8>, content_encoding| Request {
        content_type: Some("application/x-protobuf"),
        content_encoding,
        ..house.request(body)
    };
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(&snappy(&wire)).expect("writes to memory");
    let zipped = zipped.finish().expect("writes to memory");
    for (body, encoding) in [(snappy(&wire), None), (snappy(&wire), Some("snappy")), (zipped, Some("gzip"))] {
        let Taken { answer, .. } = house.gateway.loki(as_protobuf(body, encoding)).await.expect("a push");
        assert_eq!((answer.accepted, answer.rejected), (1, 1), "{encoding:?}");
    }
    let error = house.gateway.loki(as_protobuf(wire, None)).await.expect_err("not in snappy");
    assert_eq!(error.kind, ErrorKind::Invalid);

    let records = json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [{"timeUnixNano": "soon"}, {}]}]}]});
    let Taken { answer, .. } = house.gateway.otlp_logs(house.request(records.to_string())).await.expect("a request");
    assert_eq!((answer.accepted, answer.rejected), (1, 1));

    let bulk = "{\"create\":{}}\n{}\n{\"delete\":{\"_id\":\"1\"}}\n";
    let items = house.gateway.elastic(house.request(bulk), "logs").await.expect("a request").answer;
    assert!(items[0].stored && !items[1].stored);
    assert_eq!(items.iter().filter(|item| item.refusal.is_some()).count(), 1);

    let peer = std::net::Ipv4Addr::LOCALHOST.into();
    let frames = [Frame::Message(b"<13>hello".to_vec()), Frame::TooLong];
    let received = frames.into_iter().map(|frame| Received { frame, peer }).collect();
    let Taken { answer, .. } = house.gateway.syslog(received, Project::default_project()).await.expect("taken");
    assert_eq!((answer.accepted, answer.rejected), (1, 1));

    assert_eq!(house.rows(Table::Logs).len(), 6);
    assert_eq!(house.memory.used(), 0);
    let mut text = String::new();
    whodunit_ingest::METRICS.iter().for_each(|metric| metric.render(&mut text));
    for line in [
        "rows_accepted_total{protocol=\"loki\"}",
        "rows_rejected_total{protocol=\"loki\",code=\"not_utf8\"}",
        "rows_rejected_total{protocol=\"otlp\",code=\"time\"}",
        "rows_rejected_total{protocol=\"elasticsearch\",code=\"refused\"}",
        "rows_rejected_total{protocol=\"syslog\",code=\"too_long\"}",
        "requests_failed_total{protocol=\"loki\",kind=\"invalid\"}",
    ] {
        assert!(text.contains(line), "{line} is missing");
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_taken_says_why() {
    let house = house_with(1 << 20).await;
    type Case<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Vec<u8>, ErrorKind);
    let cases: [Case<'_>; 4] = [
        ("encoding", Some("compress"), None, b"{}".to_vec(), ErrorKind::Unsupported),
        ("media type", None, Some("multipart/form-data; boundary=x"), b"{}".to_vec(), ErrorKind::Unsupported),
        ("broken gzip", Some("gzip"), None, b"{}".to_vec(), ErrorKind::Invalid),
        ("memory", None, None, vec![b' '; 2 << 20], ErrorKind::Exhausted),
    ];
    for (name, content_encoding, content_type, body, kind) in cases {
        let request = Request { content_encoding, content_type, ..house.request(body.clone()) };
        assert_eq!(house.gateway.audit(request).await.expect_err(name).kind, kind, "{name}");
        let request = Request { content_encoding, content_type, ..house.request(body) };
        assert_eq!(house.gateway.logs(request).await.expect_err(name).kind, kind, "{name}");
    }
    let parameters = [("colour_field".to_owned(), "x".to_owned())];
    let request = Request { parameters: &parameters, ..house.request("{}") };
    assert_eq!(house.gateway.logs(request).await.expect_err("parameter").field.as_deref(), Some("colour_field"));
    assert_eq!(house.memory.used(), 0);
}

#[tokio::test]
async fn everything_counted_is_rendered() {
    let house = house().await;
    house.audit(json!([{"action": "a"}, {}])).await.expect("taken");
    let mut text = String::new();
    whodunit_ingest::METRICS.iter().for_each(|metric| metric.render(&mut text));
    assert!(text.contains("whodunit_ingest_rows_accepted_total{protocol=\"audit\"}"), "{text}");
    assert!(text.contains("whodunit_ingest_rows_rejected_total{protocol=\"audit\",code=\"missing\"}"), "{text}");
}

#[tokio::test]
async fn syslog_senders_are_told_apart_by_their_address() {
    let house = house().await;
    let peer = |last: u8| std::net::IpAddr::from([192, 0, 2, last]);
    let message = |last: u8, text: &str| Received { frame: Frame::Message(text.as_bytes().to_vec()), peer: peer(last) };
    let received = vec![
        message(1, "<13>1 - h shop - - - one"),
        Received { frame: Frame::TooLong, peer: peer(2) },
        message(2, "<13>1 - h bank - - - two"),
        message(1, "<13>1 - h shop - - - three"),
    ];
    let taken = house.gateway.syslog(received, Project::default_project()).await.expect("taken");
    assert_eq!((taken.answer.accepted, taken.answer.rejected), (3, 1));
    let mut sources = house.sources.list(|_| true);
    sources.sort_by(|one, other| one.key.cmp(&other.key));
    let [first, second] = &sources[..] else { panic!("two senders: {sources:?}") };
    assert_eq!((first.sender.as_str(), first.requests, first.rows, first.rejected), ("192.0.2.1", 2, 2, 0));
    assert_eq!((second.sender.as_str(), second.requests, second.rows, second.rejected), ("192.0.2.2", 2, 1, 1));
    assert_eq!((first.services["shop"], second.services["bank"]), (2, 1));
    assert_eq!((first.bytes, second.reasons["too_long"]), (50, 1));
}

#[tokio::test]
async fn entries_that_come_again_and_requests_that_fail_are_not_rows() {
    let house = house().await;
    let entry = r#"{"id": "018f2f3e-7c1a-7000-8000-000000000001", "action": "LOGIN", "service": "shop"}"#;
    for _ in 0..2 {
        house.gateway.audit(house.request(entry)).await.expect("taken");
    }
    house.gateway.audit(house.request("{}")).await.expect("answered").failure.expect("nothing was taken");
    house.gateway.loki(house.request("nonsense")).await.expect_err("no JSON");
    let mut sources = house.sources.list(|_| true);
    sources.sort_by(|one, other| one.key.cmp(&other.key));
    let [audit, loki] = &sources[..] else { panic!("two protocols: {sources:?}") };
    assert_eq!((audit.requests, audit.requests_failed, audit.rows, audit.rejected), (3, 0, 1, 1));
    assert_eq!((audit.services["shop"], audit.reasons["missing"]), (1, 1));
    assert_eq!((loki.requests, loki.requests_failed, loki.rows), (1, 1, 0));
    assert_eq!(loki.last_rejection.as_ref().expect("is said").code, "request_invalid");
}
