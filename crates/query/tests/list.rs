//! Lists: filters, free text, pages, facets, histogram.

use serde_json::Value;
use whodunit_api::query::ListAnswer;
use whodunit_model::Table;
use whodunit_query::list::ListRequest;
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, Stage, World1, everything, filled};

fn parameters(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn list(world: &World1, table: Table, pairs: &[(&str, &str)]) -> Result<ListAnswer, whodunit_query::Error> {
    let now = Timestamp(START + 3 * 86_400 * SECOND);
    let request = ListRequest::parse(table, &parameters(pairs), now)?;
    world.engine.list(request, &everything()).await
}

async fn count(world: &World1, table: Table, pairs: &[(&str, &str)]) -> usize {
    let all: Vec<(&str, &str)> = pairs.iter().copied().chain([("limit", "1000")]).collect();
    list(world, table, &all).await.unwrap_or_else(|error| panic!("{pairs:?}: {error}")).rows.len()
}

#[tokio::test]
async fn filters_choose_rows() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        for (pairs, expected) in [
            (&[][..], 240),
            (&[("level", "error")], 60),
            (&[("level", "error"), ("level", "WARN")], 120),
            (&[("level", "!INFO")], 120),
            (&[("service", "api"), ("status", "500")], 20),
            (&[("status", ">=500")], 60),
            (&[("duration", ">10"), ("duration", "<=11")], 4),
            (&[("http.route", "/users")], 120),
            (&[("userId", "u1"), ("userId", "u2")], 69),
            (&[("rare", "*")], 6),
            (&[("rare", "!*")], 234),
            (&[("rare", "!needle-7")], 239),
            (&[("actor_id", "*")], 40),
            (&[("user_email", "User0@example.com")], 8),
            (&[("trace_id", "ABABABABABABABAB0000000000000001")], 4),
            (&[("cached", "true")], 80),
            (&[("from", "2026-11-21T00:00:00Z"), ("to", "2026-11-21T06:00:00Z")], 36),
            (&[("from", "2d")], 96),
            (&[("q", "failed 47")], 1),
            (&[("q", "\"47 failed\"")], 2),
            (&[("q", "req-3")], 4),
            (&[("q", "User0@example.com")], 8),
            (&[("q", "\"100% busy\"")], 60),
            (&[("q", "nowhere")], 0),
            (&[("project", "shop")], 48),
            (&[("attr.host", "inside"), ("host", "a1")], 120),
        ] {
            assert_eq!(count(&world, Table::Logs, pairs).await, expected, "{stage:?}: {pairs:?}");
        }
        for (pairs, expected) in [
            (&[][..], 25),
            (&[("action", "DELETE"), ("actor_id", "user-0")], 2),
            (&[("entity_id", "1003")], 1),
            (&[("q", "\"ticket 7:\"")], 1),
            (&[("id", "01a1f90a-d880-7303-8303-030303030303")], 1),
            (&[("batch_id", "batch-1")], 5),
            (&[("batch_id", "batch-1"), ("project", "!whodunit")], 4),
        ] {
            assert_eq!(count(&world, Table::AuditLogs, pairs).await, expected, "{stage:?}: {pairs:?}");
        }
    }
}

#[tokio::test]
async fn wrong_filters_are_named() {
    let world = filled(Stage::Buffered).await;
    for (pairs, field) in [
        (&[("serivce", "api")][..], "serivce"),
        (&[("severity_number", "high")], "severity_number"),
        (&[("trace_id", "xyz")], "trace_id"),
        (&[("cached", "maybe")], "cached"),
        (&[("cursor", "AAAA")], "cursor"),
        (&[("facets", "nope")], "nope"),
    ] {
        let error = list(&world, Table::Logs, pairs).await.expect_err("refused");
        assert_eq!(error.field.as_deref(), Some(field), "{pairs:?}: {error}");
    }
}

#[tokio::test]
async fn pages_join_without_gap_or_repetition() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        let whole = list(&world, Table::Logs, &[("limit", "1000")]).await.expect("answers");
        assert!(whole.next.is_none());
        let times: Vec<&str> = whole.rows.iter().map(|row| row["time"].as_str().expect("a text")).collect();
        assert!(times.is_sorted_by(|a, b| a >= b), "{stage:?}: newest first");
        let mut paged = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut pairs = vec![("limit", "37")];
            pairs.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = list(&world, Table::Logs, &pairs).await.expect("answers");
            paged.extend(page.rows);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(paged, whole.rows, "{stage:?}");
    }
}

#[tokio::test]
async fn rows_show_attributes_and_leave_out_nulls() {
    let world = filled(Stage::Flushed).await;
    let answer = list(&world, Table::Logs, &[("rare", "needle-47")]).await.expect("answers");
    let row = &answer.rows[0];
    assert_eq!(
        (&row["status"], &row["http.route"], &row["cached"]),
        (&Value::from(500), &Value::from("/users"), &Value::from(false))
    );
    assert!(!row.contains_key("actor_id") && !row.contains_key("release"));
    let entries = list(&world, Table::AuditLogs, &[("target_id", "1003")]).await.expect("answers");
    let entry = &entries.rows[0];
    assert_eq!(entry["changes"][1]["before"], "old");
    assert!(entry.contains_key("leaf_index") && !entry.contains_key("salt"), "{entry:?}");
}

#[tokio::test]
async fn facets_and_histogram_count_the_filtered_rows() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        let pairs = [("service", "api"), ("facets", "level,status,rare"), ("histogram", "true"), ("limit", "1")];
        let answer = list(&world, Table::Logs, &pairs).await.expect("answers");
        let level: Vec<_> =
            answer.facets[0].values.iter().map(|one| (one.value.as_str().expect("text"), one.count)).collect();
        assert_eq!(level, [("INFO", 40), ("ERROR", 20), ("WARN", 20)], "{stage:?}");
        assert_eq!(answer.facets[1].values[0].value, Value::from(200));
        assert_eq!((&answer.facets[2].values[0].value, answer.facets[2].values[0].count), (&Value::Null, 78));
        let histogram = answer.histogram.expect("asked for");
        assert_eq!(
            (histogram.total, histogram.by.as_str(), histogram.bucket_seconds),
            (80, "level", 3600),
            "{stage:?}"
        );
        assert!(histogram.buckets.len() <= 60);
        assert_eq!(histogram.buckets.iter().flat_map(|bucket| bucket.counts.values()).sum::<u64>(), 80);
        assert_eq!(histogram.buckets[0].time, "2026-11-20T10:00:00.000000000Z");
    }
}
