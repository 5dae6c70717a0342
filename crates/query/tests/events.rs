//! A captured event is whole where it is asked for, wherever its parts are by then.

use serde_json::Value;
use whodunit_model::captured::ErrorEvent;
use whodunit_model::{Batch, Project, Table, parts};
use whodunit_query::ListRequest;
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, World1, empty, everything};

/// One with all parts, one with some, one with none: as they were sent.
const EVENTS: [&str; 3] = [
    r#"{"breadcrumbs":{"values":[{"message":"clicked"}]},"contexts":{"os":{"name":"Linux"}},"exception":{"values":[{"type":"KeyError"}]},"level":"error","request":{"url":"https://shop.example.com/cart"}}"#,
    r#"{"exception":[{"type":"TypeError","value":"\"}"}],"level":"error"}"#,
    r#"{"level":"error","message":"contexts are missing"}"#,
];

/// As ingest stores it.
fn stored(second: i64, text: &str) -> Batch {
    let event: Value = serde_json::from_str(text).expect("JSON");
    let find = |name: &str| {
        let value = event[name].to_string();
        let start = text.find(&format!("\"{name}\":{value}"))? + name.len() + 3;
        let has_only_values = event[name].get("values").is_some();
        Some(parts::Member { at: start..start + value.len(), has_only_values })
    };
    let (raw, parts) = parts::apart(text, find);
    let time = Timestamp(START + second * SECOND);
    let mut row = ErrorEvent { time, received_at: time, ..ErrorEvent::default() };
    row.set("raw", raw);
    for (column, part) in parts::NAMES.into_iter().zip(parts) {
        row.set(column, part.unwrap_or_default());
    }
    ErrorEvent::batch(&[row], &Project::default_project()).expect("one row")
}

async fn check(world: &World1) {
    let lines = |sql: &'static str| async move { world.lines(sql).await.expect(sql) };
    assert_eq!(lines("SELECT raw FROM error_events ORDER BY time").await, EVENTS);
    let both = lines("SELECT exception, raw FROM error_events ORDER BY time LIMIT 1").await;
    assert_eq!(both, [format!("{}\t{}", r#"[{"type":"KeyError"}]"#, EVENTS[0])]);
    // What is looked for in the whole is found in its parts, and what only the store knows is not.
    assert_eq!(lines("SELECT raw FROM error_events WHERE raw LIKE '%clicked%'").await, [EVENTS[0]]);
    assert_eq!(lines("SELECT raw FROM error_events WHERE raw LIKE '%TypeError%' AND level IS NULL").await, [EVENTS[1]]);
    assert_eq!(lines("SELECT count(*) FROM error_events WHERE raw LIKE '%null%'").await, ["0"]);
    assert_eq!(lines("SELECT count(raw) FROM error_events WHERE exception IS NULL").await, ["1"]);
    assert_eq!(lines("SELECT max(length(raw)) FROM error_events").await, [EVENTS[0].len().to_string()]);

    let list = ListRequest::of(Table::ErrorEvents, Default::default());
    let mut export = world.engine.export(list, &everything()).await.expect("exports");
    let mut exported = Vec::new();
    while let Some(batches) = export.next().await.expect("goes on") {
        for batch in batches {
            let rows = whodunit_query::format::row_objects(&batch).expect("rows");
            exported.extend(rows.into_iter().map(|row| row["raw"].clone()));
        }
    }
    exported.sort_by_key(|event| EVENTS.iter().position(|text| as_sent(event) == *text));
    assert_eq!(exported.iter().map(as_sent).collect::<Vec<_>>(), EVENTS);
}

/// JSON columns are shown as JSON, whose members have an order.
fn as_sent(event: &Value) -> String {
    event.as_str().map_or_else(|| event.to_string(), str::to_owned)
}

#[tokio::test]
async fn an_event_is_whole_in_the_buffer_in_a_segment_and_once_it_is_compacted() {
    let world = empty(|_| {}).await;
    for (second, text) in (0..).zip(EVENTS) {
        world.append(vec![stored(second, text)]).await;
    }
    check(&world).await;
    world.store.flush().await.expect("flushes");
    check(&world).await;

    let world = empty(|_| {}).await;
    for (second, text) in (0..).zip(EVENTS) {
        world.append(vec![stored(second, text)]).await;
        world.store.flush().await.expect("flushes");
    }
    check(&world).await;
    world.store.settle().await.expect("settles");
    check(&world).await;
}

#[tokio::test]
async fn an_event_is_stored_once() {
    let world = empty(|_| {}).await;
    world.append(vec![stored(0, EVENTS[0])]).await;
    let snapshot = world.store.snapshot();
    let buffered = snapshot.buffered(Table::ErrorEvents);
    let rows = &buffered.first().expect("one batch").1;
    let held = whodunit_query::format::row_objects(rows).expect("rows").remove(0);
    assert_eq!(
        held["raw"],
        r#"{"breadcrumbs":{"values":null},"contexts":null,"exception":{"values":null},"level":"error","request":null}"#
    );
}

#[tokio::test]
async fn a_tail_tells_whole_events() {
    let world = empty(|_| {}).await;
    let list = ListRequest::of(Table::ErrorEvents, Default::default());
    let mut tail = world.engine.tail(&list, &everything()).await.expect("follows");
    world.append(vec![stored(0, EVENTS[1])]).await;
    let told = tail.next().await.expect("goes on").expect("a row");
    let whodunit_query::tail::Tailed::Rows(rows) = told else { panic!("{told:?}") };
    assert_eq!(as_sent(&rows[0]["raw"]), EVENTS[1]);
}
