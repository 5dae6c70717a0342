//! Asking: SQL formats, lists, timeline, live tails, health and metrics.

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::json;

use crate::client::{API_KEY, INGEST_KEY, Running};

async fn with_entries() -> Running {
    let running = Running::owned().await;
    let entries = json!([
        {"action": "ORDER_CREATED", "actor_id": "u1", "target_type": "order", "target_id": "17"},
        {"action": "ORDER_DELETED", "actor_id": "u2", "target_type": "order", "target_id": "17", "reason": "duplicate"},
    ]);
    running.post("/api/v1/audit", INGEST_KEY, entries.to_string()).await.expect(StatusCode::OK);
    running
}

#[tokio::test]
async fn sql_answers_in_four_formats() {
    let running = with_entries().await;
    let ask = async |format: &str| {
        let query = "SELECT action, actor_id FROM audit_logs WHERE project = 'default' ORDER BY actor_id";
        running.post("/api/v1/sql", API_KEY, json!({"query": query, "format": format}).to_string()).await
    };
    let answer = ask("json").await.expect(StatusCode::OK);
    assert_eq!(answer["rows"], json!([["ORDER_CREATED", "u1"], ["ORDER_DELETED", "u2"]]));
    assert_eq!(answer["columns"][0]["name"], "action");
    let lines = ask("ndjson").await.text();
    assert_eq!(lines.lines().next().expect("a line"), r#"{"action":"ORDER_CREATED","actor_id":"u1"}"#);
    assert_eq!(ask("csv").await.text(), "action,actor_id\r\nORDER_CREATED,u1\r\nORDER_DELETED,u2\r\n");
    let stream = ask("arrow").await;
    assert_eq!(stream.headers["content-type"], "application/vnd.apache.arrow.stream");
    let reader = arrow::ipc::reader::StreamReader::try_new(stream.body.as_ref(), None).expect("an Arrow stream");
    assert_eq!(reader.map(|batch| batch.expect("whole").num_rows()).sum::<usize>(), 2);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn plain_words_are_answered_with_a_sentence_and_the_sql_that_ran() {
    let running = with_entries().await;
    let ask = async |body: serde_json::Value| running.post("/api/v1/ask", API_KEY, body.to_string()).await;
    let answer = ask(json!({"question": "who deleted order #17?"})).await.expect(StatusCode::OK);
    let sentence = answer["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with("u2 deleted order 17 on ") && sentence.ends_with("reason: duplicate."), "{answer}");
    assert_eq!((&answer["kind"], &answer["statistics"]["rows"]), (&json!("deed"), &json!(1)));
    let again = running.sql(answer["sql"][0].as_str().expect("the statement")).await;
    assert_eq!(json!(again), answer["rows"], "the shown statement finds the same");
    let csv = ask(json!({"question": "who deleted order 17", "format": "csv"})).await;
    assert_eq!(csv.text().lines().count(), 2, "{}", csv.text());
    let elsewhere =
        ask(json!({"question": "who deleted order 17", "project": "whodunit"})).await.expect(StatusCode::OK);
    assert_eq!(elsewhere["rows"], json!([]));
    assert_eq!(elsewhere["statistics"]["searched"]["tables"][0]["table"], "audit_logs", "{elsewhere}");
    let unclear = ask(json!({"question": "who deletd order 17"})).await.expect(StatusCode::OK);
    assert_eq!(
        (&unclear["understood"], &unclear["suggestions"][0]["question"]),
        (&json!(false), &json!("who deleted order 17"))
    );
    assert_eq!(
        ask(json!({"question": "errors", "zone": "Mars"})).await.refused(StatusCode::BAD_REQUEST)["field"],
        "zone"
    );
    assert_eq!(
        ask(json!({"question": "x".repeat(600)})).await.refused(StatusCode::BAD_REQUEST)["limit"],
        "question_bytes"
    );
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn nothing_says_where_it_was_looked_for() {
    let running = with_entries().await;
    let sql = json!({"query": "SELECT * FROM audit_logs WHERE time > '2001-01-01' AND action = 'NEVER' AND project = 'default'"});
    let answer = running.post("/api/v1/sql", API_KEY, sql.to_string()).await.expect(StatusCode::OK);
    let searched = &answer["statistics"]["searched"];
    assert_eq!(searched["from"], "2001-01-01T00:00:00.000000001Z", "{answer}");
    assert!(
        searched["tables"][0]["rows"].as_u64() >= Some(2) && searched["tables"][0]["oldest"].is_string(),
        "{answer}"
    );
    let list = running.get("/api/v1/audit?action=NEVER&to=2001-01-01", API_KEY).await.expect(StatusCode::OK);
    let table = &list["statistics"]["searched"]["tables"][0];
    assert_eq!((&table["rows"], &table["rows_in_reach"]), (&json!(2), &json!(0)), "{list}");
    let timeline = running.get("/api/v1/timeline?actor=nobody", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(timeline["statistics"]["searched"]["tables"].as_array().map(Vec::len), Some(5), "{timeline}");
    let found = running.get("/api/v1/audit", API_KEY).await.expect(StatusCode::OK);
    assert!(found["statistics"]["searched"].is_null(), "{found}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_before_any_row() {
    let running = with_entries().await;
    let ask = async |query: &str| running.post("/api/v1/sql", API_KEY, json!({ "query": query }).to_string()).await;
    ask("SELEKT 1").await.refused(StatusCode::BAD_REQUEST);
    ask("SELECT * FROM nothing").await.refused(StatusCode::BAD_REQUEST);
    ask("DROP TABLE audit_logs").await.refused(StatusCode::BAD_REQUEST);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn lists_filter_search_and_page() {
    let running = with_entries().await;
    let page = running
        .get("/api/v1/audit?target_id=17&limit=1&histogram=true&facets=action", API_KEY)
        .await
        .expect(StatusCode::OK);
    assert_eq!(page["rows"][0]["action"], "ORDER_DELETED", "newest first: {page}");
    assert_eq!(
        (&page["histogram"]["total"], page["facets"][0]["values"].as_array().map(Vec::len)),
        (&json!(2), Some(2))
    );
    let next = page["next"].as_str().expect("there is more").to_owned();
    let page =
        running.get(&format!("/api/v1/audit?target_id=17&limit=1&cursor={next}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!(page["rows"][0]["action"], "ORDER_CREATED");
    let found = running.get("/api/v1/audit?q=duplicate", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(1), "{found}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_timeline_gathers_signals_by_their_request() {
    let running = Running::owned().await;
    let headers = [("x-api-key", INGEST_KEY), ("x-correlation-id", "req-9")];
    let entry = r#"{"action": "ORDER_DELETED", "actor_id": "u2"}"#;
    running.send(running.request(Method::POST, "/api/v1/audit", &headers, entry)).await.expect(StatusCode::OK);
    let line = r#"{"msg": "deleting", "correlation_id": "req-9"}"#;
    running.post("/api/v1/logs", INGEST_KEY, line).await.expect(StatusCode::OK);
    let timeline = running.get("/api/v1/timeline?correlation_id=req-9", API_KEY).await.expect(StatusCode::OK);
    let mut signals: Vec<_> =
        timeline["rows"].as_array().expect("rows").iter().map(|row| row["signal"].to_string()).collect();
    signals.sort_unstable();
    assert_eq!(signals, ["\"audit_logs\"", "\"logs\""], "{timeline}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_tail_delivers_what_is_appended_after_it_was_opened_and_only_what_was_asked_for() {
    let running = Running::owned().await;
    let request = running.request(Method::GET, "/api/v1/audit/stream?actor_id=u2", &[("x-api-key", API_KEY)], "");
    let mut response = running.open(request).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    // The first bytes say that the tail is open; only then does anything count.
    let mut seen = Vec::new();
    seen.extend(response.body_mut().frame().await.expect("open").expect("whole").into_data().expect("data"));
    for actor in ["u1", "u2"] {
        let entry = json!({"action": "ORDER_DELETED", "actor_id": actor}).to_string();
        running.post("/api/v1/audit", INGEST_KEY, entry).await.expect(StatusCode::OK);
    }
    while !String::from_utf8_lossy(&seen).contains("\"actor_id\":\"u2\"") {
        seen.extend(response.body_mut().frame().await.expect("more").expect("whole").into_data().expect("data"));
    }
    let text = String::from_utf8_lossy(&seen).into_owned();
    assert!(text.contains("event: row") && !text.contains("\"actor_id\":\"u1\""), "{text}");
    drop(response);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn the_systems_health_has_real_figures() {
    let running = with_entries().await;
    let lines = "{\"level\":\"error\",\"msg\":\"a\"}\n{\"level\":\"fatal\",\"msg\":\"b\"}\n{\"msg\":\"c\"}";
    running.post("/api/v1/logs", INGEST_KEY, lines).await.expect(StatusCode::OK);
    let health = running.get("/api/system/health", "").await.expect(StatusCode::OK);
    let checks = &health["checks"];
    assert_eq!(
        (&health["status"], &checks["errorRate"]["status"]),
        (&json!("degraded"), &json!("degraded")),
        "{health}"
    );
    let rate = ["errors", "critical", "total", "rate", "threshold"].map(|name| checks["errorRate"][name].clone());
    assert_eq!(json!(rate), json!([2, 1, 5, 40.0, 5.0]), "{health}");
    assert_eq!(checks["recentActivity"]["tables"]["logs"], 3);
    assert_eq!(checks["recentActivity"]["total"], 5, "Whodunit's own entries are nobody's activity: {health}");
    assert!(checks["systemMetrics"]["tables"]["audit_logs"].as_u64() >= Some(2), "{health}");
    assert_eq!(checks["databasePerformance"]["threshold"], 1000.0);
    for check in ["database", "databasePerformance", "systemMetrics"] {
        assert_eq!(checks[check]["status"], "healthy", "{health}");
    }
    let again = running.get("/api/system/health", "").await.expect(StatusCode::OK);
    assert_eq!(again["timestamp"], health["timestamp"], "an answer is used again");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn detailed_health_needs_credentials_and_counts_what_is_there() {
    let running = with_entries().await;
    running.get("/health/detailed", "").await.refused(StatusCode::UNAUTHORIZED);
    let health = running.get("/health/detailed", API_KEY).await.expect(StatusCode::OK);
    assert!(health["requests"]["total"].as_u64() >= Some(2), "{health}");
    assert!(health["connections"]["open"].as_u64() >= Some(1), "{health}");
    assert!(health["memory"]["resident_bytes"].as_u64() > Some(1 << 20), "{health}");
    let checks = health["checks"].as_array().expect("checks");
    assert!(checks.iter().any(|check| check["name"] == "control"), "{health}");
    assert!(
        checks.iter().all(|check| check["response_time_ms"].is_number() && check["message"].is_string()),
        "{health}"
    );
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn the_systems_entries_come_whole_as_errors_or_as_counts() {
    let running = with_entries().await;
    let failed = json!({"action": "LOGIN_FAILED", "actor_id": "u3", "outcome": "failure"});
    running.post("/api/v1/audit", INGEST_KEY, failed.to_string()).await.expect(StatusCode::OK);
    running.post("/api/v1/logs", INGEST_KEY, r#"{"level":"error","msg":"broken"}"#).await.expect(StatusCode::OK);
    let get = async |query: &str| running.get(&format!("/api/system/audit-logs{query}"), API_KEY).await;
    let all = get("?limit=2").await.expect(StatusCode::OK);
    assert_eq!((&all["type"], &all["count"], &all["statistics"]["partial"]), (&json!("all"), &json!(2), &json!(true)));
    let errors = get("?type=errors").await.expect(StatusCode::OK);
    let mut signals: Vec<_> =
        errors["rows"].as_array().expect("rows").iter().map(|row| row["signal"].clone()).collect();
    signals.sort_by_key(ToString::to_string);
    assert_eq!(json!(signals), json!(["audit_logs", "logs"]), "{errors}");
    let stats = get("?type=stats").await.expect(StatusCode::OK)["stats"].clone();
    assert_eq!((&stats["total"], &stats["last_24h"], &stats["failures"]), (&json!(3), &json!(3), &json!(1)), "{stats}");
    assert!(stats["by_actor"].as_array().expect("actors").contains(&json!({"value": "u2", "count": 1})), "{stats}");
    assert_eq!(get("?type=some").await.refused(StatusCode::BAD_REQUEST)["field"], "type");
    assert_eq!(get("?limit=0").await.refused(StatusCode::BAD_REQUEST)["field"], "limit");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn health_and_metrics_need_no_credentials_and_tell_no_secrets() {
    let running = with_entries().await;
    let health = running.get("/health", "").await.expect(StatusCode::OK);
    assert_eq!(health["status"], "healthy", "{health}");
    assert!(!health.to_string().contains(running.data.path().to_str().expect("UTF-8")), "no path: {health}");
    running.get("/health/live", "").await.expect(StatusCode::OK);
    running.get("/health/ready", "").await.expect(StatusCode::OK);
    let metrics = running.get("/metrics", "").await.text();
    for name in [
        "whodunit_http_requests_total{operation=\"append_audit\",status=\"200\"}",
        "process_resident_memory_bytes",
        "whodunit_memory_limit_bytes",
    ] {
        assert!(metrics.contains(name), "{name} is missing");
    }
    let index = running.get("/", "").await;
    assert!(index.status.is_success() && index.text().contains("Whodunit"));
    running.server.stop().await.expect("stops");
}
