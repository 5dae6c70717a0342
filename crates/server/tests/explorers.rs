//! What the explorers ask beyond lists: exports, fields, charts, surroundings, who set what, what retention would take.

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, INGEST_KEY, Running};

async fn log(running: &Running, lines: String) {
    running.post("/api/v1/logs", INGEST_KEY, lines).await.expect(StatusCode::OK);
}

async fn entry(running: &Running, entry: Value) {
    running.post("/api/v1/audit", INGEST_KEY, entry.to_string()).await.expect(StatusCode::OK);
}

/// What was sent so far is in segments.
async fn settle(running: &Running) {
    running.post("/api/v1/admin/settle", API_KEY, "").await.expect(StatusCode::NO_CONTENT);
}

/// A key with these scopes alone.
async fn key(running: &Running, scopes: &[&str]) -> String {
    let body = json!({"kind": "api", "name": "k", "scopes": scopes}).to_string();
    let made = running.post("/api/v1/admin/keys", API_KEY, body).await.expect(StatusCode::CREATED);
    made["secret"].as_str().expect("a secret").to_owned()
}

/// `count` lines a second apart from 10:00 on, every tenth an error.
fn lines(count: u64) -> String {
    let line = |number: u64| {
        let (minute, second) = (number / 60 % 60, number % 60);
        let level = if number % 10 == 0 { "error" } else { "info" };
        let hour = 10 + number / 3600;
        format!(
            "{{\"time\":\"2026-11-20T{hour:02}:{minute:02}:{second:02}Z\",\"level\":\"{level}\",\"msg\":\"line {number}\",\"number\":{number}}}\n"
        )
    };
    (0..count).map(line).collect()
}

/// What the trail says about an export: outcome and number of rows.
async fn recorded(running: &Running, operation: &str) -> (Value, Value) {
    let rows = running
        .sql_until_some(&format!(
            "SELECT outcome, metadata FROM audit_logs WHERE project = 'whodunit' AND action = 'EXPORT' \
             AND state = 'complete' AND description LIKE '%{operation}'"
        ))
        .await;
    let metadata =
        rows[0][1].as_str().map_or_else(|| rows[0][1].clone(), |text| serde_json::from_str(text).expect("JSON"));
    (rows[0][0].clone(), metadata["rows"].clone())
}

fn ndjson(answer: &Answer) -> Vec<Value> {
    answer.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[tokio::test]
async fn an_export_is_every_row_of_the_filter_newest_first_and_recorded() {
    let running = Running::owned().await;
    // More than one piece; half of them in a segment.
    log(&running, lines(5_000)).await;
    settle(&running).await;
    log(&running, lines(5_000)).await;
    let answer = running.get("/api/v1/logs/export?level=info&from=2026-11-20T10:00:00Z&to=2026-11-21", API_KEY).await;
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"whodunit-logs-default-20261120T100000Z-20261121T000000Z.ndjson\""
    );
    let rows = ndjson(&answer);
    assert_eq!(rows.len(), 9_000);
    let places: Vec<_> = rows.iter().map(|row| (row["time"].as_str().expect("a time"), row["seq"].as_i64())).collect();
    assert!(places.is_sorted_by(|one, next| one > next), "newest first, nothing twice");
    assert_eq!(recorded(&running, "export_logs").await, (json!("success"), json!(9_000)));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_export_has_three_forms_and_spreadsheets_can_be_kept_from_running_it() {
    let running = Running::owned().await;
    let cells = r#"{"time":"2026-11-20T10:00:00Z","msg":"=1+1","note":"-x, \"y\"","change":-5}"#;
    log(&running, cells.to_owned()).await;
    let csv = running.get("/api/v1/logs/export?format=csv&formulas=escape", API_KEY).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8; header=present");
    let text = csv.text();
    let (names, row) = text.split_once("\r\n").expect("a header line");
    assert!(names.contains(",body,") && names.ends_with(",change,note"), "{names}");
    assert!(row.contains(",'=1+1,") && row.ends_with(",-5,\"'-x, \"\"y\"\"\"\r\n"), "{row}");
    let exact = running.get("/api/v1/logs/export?format=csv", API_KEY).await.text();
    assert!(exact.contains(",=1+1,") && !exact.contains('\''), "{exact}");
    let array = running.get("/api/v1/logs/export?format=json", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&array[0]["body"], &array[0]["change"], &array[1]), (&json!("=1+1"), &json!(-5), &Value::Null));
    let nothing = running.get("/api/v1/logs/export?format=json&level=error", API_KEY).await;
    assert!(nothing.headers.contains_key("x-whodunit-searched"));
    assert_eq!(nothing.expect(StatusCode::OK), json!([]));
    for (query, field) in [
        ("format=xml", "format"),
        ("formulas=maybe", "formulas"),
        ("formulas=escape", "formulas"),
        ("limit=5", "limit"),
        ("nothing_is_called_so=1", "nothing_is_called_so"),
    ] {
        let refused = running.get(&format!("/api/v1/logs/export?{query}"), API_KEY).await;
        assert_eq!(refused.refused(StatusCode::BAD_REQUEST)["field"], field, "{query}");
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_export_is_for_those_who_may_read_and_works_by_cookie() {
    let running = Running::owned().await;
    entry(&running, json!({"action": "DELETE", "actor_id": "u1"})).await;
    log(&running, lines(3)).await;
    let telemetry = key(&running, &["read_telemetry"]).await;
    running.get("/api/v1/audit/export", &telemetry).await.refused(StatusCode::FORBIDDEN);
    assert_eq!(ndjson(&running.get("/api/v1/logs/export", &telemetry).await).len(), 3);
    running.get("/api/v1/audit/export", INGEST_KEY).await.refused(StatusCode::FORBIDDEN);
    let (cookie, _) = running.sign_in().await;
    let by_link = running.request(Method::GET, "/api/v1/audit/export", &[("cookie", &cookie)], "");
    let rows = ndjson(&running.send(by_link).await);
    assert_eq!((rows.len(), &rows[0]["action"], rows[0].get("salt")), (1, &json!("DELETE"), None));
    assert_eq!(recorded(&running, "export_audit").await, (json!("success"), json!(1)));
    let stranger = running.request(Method::GET, "/api/v1/audit/export", &[], "");
    running.send(stranger).await.refused(StatusCode::UNAUTHORIZED);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_export_does_not_name_the_attributes_of_other_projects() {
    let running = Running::owned().await;
    let made = json!({"slug": "shop", "name": "Shop"}).to_string();
    running.post("/api/v1/admin/projects", API_KEY, made).await.expect(StatusCode::CREATED);
    log(&running, r#"{"msg":"a","mine":1}"#.to_owned()).await;
    let csv = running.get("/api/v1/logs/export?format=csv", API_KEY).await.text();
    assert!(csv.contains(",mine\r\n"), "{csv}");
    let csv = running.get("/api/v1/logs/export?format=csv&project=shop", API_KEY).await.text();
    assert!(!csv.contains("mine") && csv.starts_with("time,"), "{csv}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_export() {
    let running = Running::owned().await;
    let long = "x".repeat(2_000);
    let lines: String = (0..20_000).map(|number| format!("{{\"msg\":\"{number} {long}\"}}\n")).collect();
    for half in [&lines[..lines.len() / 2], &lines[lines.len() / 2..]] {
        let answer = running.post("/api/v1/logs", INGEST_KEY, half.to_owned()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let request = running.request(Method::GET, "/api/v1/logs/export", &[("x-api-key", API_KEY)], "");
    let mut response = running.open(request).await;
    assert!(response.body_mut().frame().await.expect("a first piece").is_ok());
    drop(response);
    let (outcome, rows) = recorded(&running, "export_logs").await;
    assert_eq!(outcome, "failure");
    assert!(rows.as_u64().is_some_and(|rows| (1..20_000).contains(&rows)), "{rows}");
    running.server.stop().await.expect("stops");
}
