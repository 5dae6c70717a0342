//! Every limit ends a question with its name, and gives back what it held.

use std::time::Duration;

use futures::StreamExt;
use whodunit_api::query::{SqlAnswer, SqlFormat};
use whodunit_query::{Limits, SqlRequest, format};
use whodunit_stdx::ErrorKind;

use crate::data::{Stage, World1, everything, filled, limits};

async fn ask(world: &World1, query: &str, limits: Limits) -> Result<u64, whodunit_query::Error> {
    let request = SqlRequest { query: query.to_owned(), limits };
    let (_, statistics) = world.engine.sql(request, &everything()).await?.collect().await?;
    Ok(statistics.rows)
}

/// Tasks of a question end when the runtime gets to them.
async fn given_back(world: &World1, before: usize) {
    for _ in 0..10_000 {
        if world.memory.used() == before {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} bytes are held, {before} were before", world.memory.used());
}

#[tokio::test]
async fn a_row_limit_cuts_and_says_so() {
    let world = filled(Stage::Half).await;
    for (query, rows, partial) in [
        ("SELECT * FROM logs", 7, true),
        ("SELECT * FROM logs LIMIT 7", 7, false),
        ("SELECT * FROM logs LIMIT 8", 7, true),
        ("SELECT * FROM logs LIMIT 3", 3, false),
        ("SELECT value FROM generate_series(1, 100000)", 7, true),
    ] {
        let request = SqlRequest { query: query.to_owned(), limits: Limits { rows: 7, ..limits() } };
        let (_, statistics) =
            world.engine.sql(request, &everything()).await.expect(query).collect().await.expect(query);
        assert_eq!((statistics.rows, statistics.partial), (rows, partial), "{query}");
        assert_eq!(statistics.limit.as_deref(), partial.then_some("query_rows"), "{query}");
    }
}

#[tokio::test]
async fn a_memory_limit_has_its_name_and_is_given_back() {
    let world = filled(Stage::Half).await;
    let before = world.memory.used();
    let query = "SELECT value, count(*) FROM generate_series(1, 3000000) GROUP BY value ORDER BY value DESC";
    let error = ask(&world, query, Limits { memory: 1 << 20, ..limits() }).await.expect_err("does not fit");
    assert_eq!((error.kind, error.limit), (ErrorKind::Exhausted, Some("query_memory")), "{error}");
    given_back(&world, before).await;
    assert_eq!(ask(&world, "SELECT count(*) FROM logs", limits()).await.expect("recovered"), 1);
}

#[tokio::test]
async fn a_time_limit_has_its_name() {
    let world = filled(Stage::Buffered).await;
    let query =
        "SELECT sum(a.value * b.value) FROM generate_series(1, 1000000) a CROSS JOIN generate_series(1, 1000000) b";
    let time = Duration::from_millis(300);
    let error = ask(&world, query, Limits { time, ..limits() }).await.expect_err("takes for ever");
    assert_eq!((error.kind, error.limit), (ErrorKind::Timeout, Some("query_time")), "{error}");
}

#[tokio::test]
async fn a_dropped_question_gives_back_its_memory() {
    let world = filled(Stage::Buffered).await;
    let before = world.memory.used();
    let mut rows =
        world.sql("SELECT value, sum(value) FROM generate_series(1, 200000) GROUP BY value").await.expect("starts");
    let _first = rows.next().await.expect("has rows").expect("runs");
    drop(rows);
    given_back(&world, before).await;
}

async fn written(world: &World1, query: &str, format: SqlFormat) -> Vec<u8> {
    let rows = world.sql(query).await.expect(query);
    let body = format::body(rows, format).await.expect(query);
    let parts: Vec<_> = body.collect().await;
    parts.into_iter().flat_map(|part| part.expect("written").to_vec()).collect()
}

#[tokio::test]
async fn every_format_holds_the_same_rows() {
    let world = filled(Stage::Half).await;
    let query = "SELECT time, id, changes, metadata, duration_ns, reason FROM audit_logs WHERE target_id IN ('1003', '1016') ORDER BY time";
    let json: SqlAnswer = serde_json::from_slice(&written(&world, query, SqlFormat::Json).await).expect("an answer");
    let kinds: Vec<&str> = json.columns.iter().map(|column| column.kind.as_str()).collect();
    assert_eq!(kinds, ["time", "uuid", "changes", "json", "integer", "text"]);
    assert_eq!(json.rows.len(), 2);
    assert_eq!(json.rows[0][2][1]["before"], "old");
    assert_eq!(json.rows[1][3]["n"], 16);
    assert!(json.rows[0][4].is_null());
    assert_eq!((json.statistics.rows, json.statistics.partial), (2, false));
    assert_eq!(json.statistics.tables, ["audit_logs"]);

    let ndjson = String::from_utf8(written(&world, query, SqlFormat::Ndjson).await).expect("text");
    assert_eq!(ndjson.lines().count(), 2);
    assert!(!ndjson.contains("duration_ns"));
    let nothing = written(&world, "SELECT id FROM audit_logs WHERE target_id = 'nobody'", SqlFormat::Ndjson).await;
    let nothing: serde_json::Value = serde_json::from_slice(&nothing).expect("one line");
    assert_eq!(nothing["statistics"]["searched"]["tables"][0]["table"], "audit_logs", "{nothing}");

    let csv =
        String::from_utf8(written(&world, "SELECT 'a,\"b\"' AS x, '' AS y, NULL AS z, 1.5 AS f", SqlFormat::Csv).await);
    assert_eq!(csv.expect("text"), "x,y,z,f\r\n\"a,\"\"b\"\"\",\"\",,1.5\r\n");

    let arrow = written(&world, query, SqlFormat::Arrow).await;
    let reader = arrow::ipc::reader::StreamReader::try_new(std::io::Cursor::new(arrow), None).expect("a stream");
    assert_eq!(reader.map(|batch| batch.expect("readable").num_rows()).sum::<usize>(), 2);

    let empty = written(&world, "SELECT body FROM logs WHERE false", SqlFormat::Json).await;
    assert!(serde_json::from_slice::<SqlAnswer>(&empty).expect("an answer").rows.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_text_ends_the_process() {
    let world = filled(Stage::Half).await;
    let chain = |link: &str| format!("SELECT count(*) FROM logs WHERE status = 1{}", link.repeat(100_000));
    for query in [
        format!("SELECT 1{}", "+1".repeat(200_000)),
        format!("SELECT 1{}", "::int".repeat(100_000)),
        format!("SELECT {}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("SELECT {}1{}", "abs(".repeat(100_000), ")".repeat(100_000)),
        format!("SELECT {} true", "NOT ".repeat(100_000)),
        format!("SELECT {} 1", "- ".repeat(100_000)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(50_000)),
        format!("SELECT {}logs{}", "(SELECT * FROM ".repeat(20_000), ") AS x".repeat(20_000)),
        chain(" OR a=1"),
    ] {
        let error = ask(&world, &query, limits()).await.expect_err(&query[..40]);
        assert_eq!(error.kind, ErrorKind::Invalid, "{}: {error}", &query[..40]);
    }
    // What passes is planned and run within the stack of a worker.
    for query in [
        format!("SELECT count(*) FROM logs WHERE status = 1{}", " OR status = 2".repeat(400)),
        format!("SELECT 1{}", "+1".repeat(120)),
        format!("SELECT {}1{}", "abs(".repeat(15), ")".repeat(15)),
        format!("SELECT * FROM {}logs{} LIMIT 1", "(SELECT * FROM ".repeat(15), ") AS x".repeat(15)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(100)),
    ] {
        let query = query.clone();
        let world = &world;
        assert!(ask(world, &query, limits()).await.is_ok(), "{}", &query[..40]);
    }
}
