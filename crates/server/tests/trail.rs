//! Whodunit audits itself: reads of audit data, exports, refusals.

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::json;

use crate::client::{API_KEY, INGEST_KEY, Running};

async fn with_entries() -> Running {
    let running = Running::owned().await;
    let entries = json!([{"action": "A"}, {"action": "B"}, {"action": "C"}]).to_string();
    running.post("/api/v1/audit", INGEST_KEY, entries).await.expect(StatusCode::OK);
    running
}

/// The completed trail entry with this action and operation: outcome, rows.
async fn entry(running: &Running, action: &str, operation: &str) -> serde_json::Value {
    let question = format!(
        "SELECT metadata, outcome, actor_type FROM audit_logs WHERE project = 'whodunit' AND action = '{action}' \
         AND state = 'complete' AND description LIKE '%{operation}'"
    );
    let rows = running.sql_until_some(&question).await;
    let metadata = &rows[0][0];
    let metadata = metadata.as_str().map_or_else(|| metadata.clone(), |text| serde_json::from_str(text).expect("JSON"));
    json!({"outcome": rows[0][1], "rows": metadata["rows"], "actor_type": rows[0][2]})
}

#[tokio::test]
async fn a_list_of_audit_entries_leaves_one_with_its_outcome_and_rows() {
    let running = with_entries().await;
    let page = running.get("/api/v1/audit?limit=2", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(page["rows"].as_array().expect("rows").len(), 2);
    let trail = entry(&running, "audit_logs_accessed", "list_audit").await;
    assert_eq!(trail, json!({"outcome": "success", "rows": 2, "actor_type": "api_key"}));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn sql_over_audit_entries_is_recorded_and_sql_over_logs_is_not() {
    let running = with_entries().await;
    running.sql("SELECT count(*) FROM logs").await;
    let count = "SELECT count(*) FROM change_history";
    running.sql(count).await;
    let question = "SELECT metadata FROM audit_logs WHERE project = 'whodunit' AND action = 'audit_logs_accessed' AND state = 'complete'";
    let rows = running.sql_until_some(question).await;
    let text = serde_json::to_string(&rows).expect("JSON");
    assert!(text.contains("change_history") && !text.contains("FROM logs"), "{text}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn exports_are_recorded_as_exports() {
    let running = with_entries().await;
    let body = json!({"query": "SELECT action FROM audit_logs WHERE project = 'default'", "format": "csv"}).to_string();
    assert_eq!(running.post("/api/v1/sql", API_KEY, body).await.text().lines().count(), 4);
    assert_eq!(entry(&running, "EXPORT", "sql").await["rows"], 3);
    let listed = running.get("/api/v1/audit?format=ndjson", API_KEY).await;
    assert_eq!(listed.headers["content-type"], "application/x-ndjson");
    assert_eq!(listed.text().lines().count(), 3);
    assert_eq!(entry(&running, "EXPORT", "list_audit").await["rows"], 3);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn questions_in_plain_words_are_recorded_with_their_text_and_only_if_they_run() {
    let running = with_entries().await;
    let ask = async |question: &str| {
        running.post("/api/v1/ask", API_KEY, json!({ "question": question }).to_string()).await.expect(StatusCode::OK)
    };
    assert_eq!(ask("gibberish of no kind").await["understood"], false);
    ask("errors today").await;
    assert_eq!(entry(&running, "audit_logs_accessed", "ask").await["outcome"], "success");
    let question = "SELECT metadata FROM audit_logs WHERE project = 'whodunit' AND action = 'audit_logs_accessed'";
    let text = serde_json::to_string(&running.sql(question).await).expect("JSON");
    assert!(text.contains("errors today") && !text.contains("gibberish"), "{text}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_read_that_fails_is_recorded_as_failed() {
    let running = with_entries().await;
    running.get("/api/v1/audit?cursor=nonsense", API_KEY).await.refused(StatusCode::BAD_REQUEST);
    assert_eq!(entry(&running, "audit_logs_accessed", "list_audit").await["outcome"], "failure");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_reader_that_goes_away_leaves_a_failure() {
    let running = with_entries().await;
    let request = running.request(Method::GET, "/api/v1/audit/stream", &[("x-api-key", API_KEY)], "");
    let mut response = running.open(request).await;
    response.body_mut().frame().await.expect("a first frame").expect("whole");
    drop(response);
    assert_eq!(entry(&running, "audit_logs_accessed", "tail_audit").await["outcome"], "failure");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn refusals_enter_the_trail() {
    let running = Running::owned().await;
    running.get("/api/v1/audit", INGEST_KEY).await.refused(StatusCode::FORBIDDEN);
    running.get("/api/v1/logs", "wd_api_unknown_unknown").await.refused(StatusCode::UNAUTHORIZED);
    for action in ["AUTHORIZATION_REFUSED", "AUTHENTICATION_REFUSED"] {
        let question =
            format!("SELECT outcome, severity FROM audit_logs WHERE project = 'whodunit' AND action = '{action}'");
        assert_eq!(running.sql_until_some(&question).await[0], vec![json!("failure"), json!("WARNING")]);
    }
    running.server.stop().await.expect("stops");
}
