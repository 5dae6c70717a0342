//! The live activity and the summary of the last day.

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, INGEST_KEY, Running};

/// Server-sent events as they come.
struct Events {
    response: Response<Incoming>,
    text: String,
}

impl Events {
    async fn open(running: &Running, query: &str, key: &str) -> Events {
        let path = format!("/api/v1/activity/stream{query}");
        let response = running.open(running.request(Method::GET, &path, &[("x-api-key", key)], "")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { response, text: String::new() }
    }

    /// The next event of that name.
    async fn next(&mut self, name: &str) -> Value {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.strip_prefix(&format!("event: {name}\ndata: ")).map(str::to_owned);
                self.text = rest.to_owned();
                if let Some(data) = data {
                    return serde_json::from_str(&data).expect("data is JSON");
                }
            }
            let frame = tokio::time::timeout(std::time::Duration::from_secs(20), self.response.body_mut().frame());
            let frame = frame.await.expect("comes in time").expect("goes on").expect("whole");
            self.text.push_str(&String::from_utf8_lossy(frame.data_ref().expect("data")));
        }
    }
}

async fn key(running: &Running, scopes: &[&str]) -> String {
    let body = json!({"kind": "api", "name": "k", "scopes": scopes}).to_string();
    let made = running.post("/api/v1/admin/keys", API_KEY, body).await.expect(StatusCode::CREATED);
    made["secret"].as_str().expect("a secret").to_owned()
}

async fn log(running: &Running, lines: &str) {
    running.post("/api/v1/logs", INGEST_KEY, lines.to_owned()).await.expect(StatusCode::OK);
}

async fn entry(running: &Running, entry: Value) {
    running.post("/api/v1/audit", INGEST_KEY, entry.to_string()).await.expect(StatusCode::OK);
}

#[tokio::test]
async fn a_feed_begins_with_what_was_and_goes_on_with_what_comes() {
    let running = Running::owned().await;
    log(&running, r#"{"level":"info","msg":"before"}"#).await;
    entry(
        &running,
        json!({"action": "DELETE", "actor_email": "eve@example.com", "target_type": "order", "target_id": "17"}),
    )
    .await;
    let mut events = Events::open(&running, "", API_KEY).await;
    let opened = events.next("opened").await;
    assert_eq!((&opened["without"], &opened["rate_max"]), (&json!([]), &json!(50)));
    let first = [events.next("row").await, events.next("row").await];
    assert_eq!((&first[0]["signal"], &first[0]["summary"]), (&json!("logs"), &json!("before")));
    assert_eq!(first[1]["summary"], "eve@example.com deleted order 17");
    assert!(first[1]["id"].is_string() && first[1]["fields"]["target_id"] == "17", "{}", first[1]);
    log(&running, r#"{"level":"warn","msg":"after"}"#).await;
    let row = events.next("row").await;
    assert_eq!((&row["summary"], &row["severity"]), (&json!("after"), &json!("WARN")), "nothing is told twice: {row}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn errors_alone_are_log_lines_entries_that_failed_and_nothing_else() {
    let running = Running::owned().await;
    for line in [r#"{"level":"info","msg":"fine"}"#, r#"{"level":"error","msg":"old error"}"#] {
        log(&running, line).await;
    }
    let mut events = Events::open(&running, "?only=errors", API_KEY).await;
    assert_eq!(events.next("row").await["summary"], "old error");
    entry(&running, json!({"action": "READ", "actor_id": "u1"})).await;
    entry(&running, json!({"action": "LOGIN_FAILED", "actor_id": "u1", "outcome": "failure"})).await;
    assert_eq!(events.next("row").await["fields"]["action"], "LOGIN_FAILED");
    log(&running, "{\"level\":\"info\",\"msg\":\"fine\"}\n{\"level\":\"fatal\",\"msg\":\"bad\"}").await;
    assert_eq!(events.next("row").await["summary"], "bad");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_flood_is_told_up_to_the_rate_and_counted_past_it() {
    let running = Running::owned().await;
    let mut events = Events::open(&running, "?rate_max=5&backlog=0", API_KEY).await;
    events.next("opened").await;
    let lines: String = (0..100).map(|number| format!("{{\"msg\":\"line {number}\"}}\n")).collect();
    log(&running, &lines).await;
    for number in 95..100 {
        assert_eq!(events.next("row").await["summary"], format!("line {number}"), "the newest are told");
    }
    assert_eq!(events.next("skipped").await["count"], 95);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn who_may_not_read_entries_gets_the_rest_and_is_told() {
    let running = Running::owned().await;
    entry(&running, json!({"action": "DELETE", "actor_id": "u1", "ip": "192.0.2.1"})).await;
    log(&running, r#"{"level":"error","msg":"broken"}"#).await;
    let key = key(&running, &["read_telemetry"]).await;
    let mut events = Events::open(&running, "", &key).await;
    let opened = events.next("opened").await;
    assert_eq!(opened["without"][0]["signal"], "audit_logs");
    assert_eq!(events.next("row").await["signal"], "logs");
    let summary = running.get("/api/v1/activity/summary", &key).await.expect(StatusCode::OK);
    assert_eq!(summary["totals"], json!({"events": 1, "errors": 1, "critical": 0, "warnings": 0}), "{summary}");
    assert_eq!((&summary["actors"], &summary["without"][0]["signal"]), (&json!([]), &json!("audit_logs")));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn the_summary_counts_by_level_bucket_action_actor_and_address() {
    let running = Running::owned().await;
    for (actor, ip, outcome) in
        [("eve", "192.0.2.1", "success"), ("eve", "192.0.2.2", "failure"), ("bob", "192.0.2.2", "success")]
    {
        let body = json!({"action": "ORDER_DELETED", "actor_id": actor, "actor_email": format!("{actor}@example.com"), "ip": ip, "outcome": outcome, "severity": "WARNING"});
        entry(&running, body).await;
    }
    log(
        &running,
        "{\"level\":\"error\",\"msg\":\"a\"}\n{\"level\":\"fatal\",\"msg\":\"b\"}\n{\"level\":\"info\",\"msg\":\"c\"}",
    )
    .await;
    let summary = running.get("/api/v1/activity/summary", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(summary["totals"], json!({"events": 6, "errors": 2, "critical": 1, "warnings": 3}), "{summary}");
    assert_eq!(summary["signals"], json!({"audit_logs": 3, "logs": 3}));
    assert_eq!(summary["bucket_seconds"], 3600);
    let buckets = summary["buckets"].as_array().expect("buckets");
    assert_eq!(buckets.len(), 25, "all hours of the day, also those without rows");
    let sum: u64 = buckets.iter().map(|bucket| bucket["counts"]["events"].as_u64().expect("a count")).sum();
    assert_eq!(sum, 6);
    assert_eq!(summary["actions"], json!([{"action": "ORDER_DELETED", "count": 3, "failures": 1}]));
    let eve = &summary["actors"][0];
    assert_eq!(
        (&eve["id"], &eve["email"], &eve["count"], &eve["last_ip"]),
        (&json!("eve"), &json!("eve@example.com"), &json!(2), &json!("192.0.2.2"))
    );
    let address = &summary["addresses"][0];
    assert_eq!((&address["ip"], &address["count"], &address["actors"]), (&json!("192.0.2.2"), &json!(2), &json!(2)));
    for (query, field) in
        [("?from=x", "from"), ("?from=1h&to=2h", "from"), ("?from=2000d", "from"), ("?level=error", "level")]
    {
        let refused = running.get(&format!("/api/v1/activity/summary{query}"), API_KEY).await;
        assert_eq!(refused.refused(StatusCode::BAD_REQUEST)["field"], field, "{query}");
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_page_that_asks_again_and_again_leaves_one_entry_and_a_feed_leaves_one() {
    let running = Running::owned().await;
    for _ in 0..5 {
        running.get("/api/v1/activity/summary", API_KEY).await.expect(StatusCode::OK);
    }
    drop(Events::open(&running, "", API_KEY).await);
    let count = |operation: &str| {
        format!(
            "SELECT count(*) FROM audit_logs WHERE project = 'whodunit' AND description LIKE '%{operation}' \
             AND state = 'complete' HAVING count(*) > 0"
        )
    };
    assert_eq!(running.sql_until_some(&count("activity_stream")).await[0][0], 1);
    assert_eq!(running.sql_until_some(&count("activity_summary")).await[0][0], 1);
    running.server.stop().await.expect("stops");
}
