//! Redaction rules over HTTP: in force at once, per project, recorded, and tried out without showing a secret.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{INGEST_KEY, Running};

const PATH: &str = "/api/v1/admin/redaction";

async fn ask(running: &Running, method: Method, path: &str, body: Value) -> crate::client::Answer {
    let (cookie, csrf) = running.sign_in().await;
    let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str()), ("content-type", "application/json")];
    running.send(running.request(method, path, &headers, body.to_string())).await
}

async fn line(running: &Running, text: &str) -> Value {
    let line = json!({"msg": text, "badge": "B-77", "public_token": "shown"}).to_string();
    running.post("/api/v1/logs", INGEST_KEY, line).await.expect(StatusCode::OK)
}

#[tokio::test]
async fn a_projects_rules_count_at_once_and_after_a_restart() {
    let running = Running::owned().await;
    let answer = line(&running, "password=hunter2 customer 4711").await;
    assert_eq!(answer["filtered"], 2, "the password and the token");
    let rules = json!({"reason": "badges are personal", "rules": [
        {"name": "badge", "kind": "key", "pattern": "badge"},
        {"name": "customer", "kind": "value", "pattern": "customer (\\d+)"},
        {"name": "widget", "kind": "key", "pattern": "public_*", "action": "keep"}]});
    let view = ask(&running, Method::PUT, PATH, rules.clone()).await.expect(StatusCode::OK);
    assert_eq!((&view["version"], &view["rules"][0]["action"]), (&json!(1), &json!("filter")));
    line(&running, "password=hunter2 customer 4712").await;
    let question = "SELECT body, badge, public_token FROM logs ORDER BY received_at";
    let expected = vec![
        json!(["password=[Filtered] customer 4711", "B-77", "[Filtered]"]),
        json!(["password=[Filtered] customer [Filtered]", "[Filtered]", "shown"]),
    ];
    assert_eq!(json!(running.sql(question).await), json!(expected));
    let trail = "SELECT reason, action FROM audit_logs WHERE project = 'whodunit' AND target_id = 'redaction'";
    let trail = running.sql(trail).await;
    assert!(trail.contains(&vec![json!("badges are personal"), json!("SETTINGS_CHANGE")]), "{trail:?}");

    let running = running.restart().await;
    line(&running, "customer 4713").await;
    let question = "SELECT body FROM logs ORDER BY received_at DESC LIMIT 1";
    assert_eq!(running.sql(question).await, vec![vec![json!("customer [Filtered]")]]);
    let metrics = running.get("/metrics", INGEST_KEY).await.text();
    assert!(metrics.contains("whodunit_ingest_filtered_values_total{rule=\"customer\"}"), "{metrics}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_test_says_what_would_be_filtered_and_shows_no_secret() {
    let running = Running::owned().await;
    line(&running, "customer 4711 called").await;
    let entry = json!({"action": "CALL", "changes": {"note": ["customer 4711", "customer 4712"]}}).to_string();
    running.post("/api/v1/audit", INGEST_KEY, entry).await.expect(StatusCode::OK);
    let test = json!({"sample": {"password": "hunter2", "n": 1},
        "rules": [{"name": "customer", "kind": "value", "pattern": "customer (\\d+)"}]});
    let path = format!("{PATH}/test");
    let answer = ask(&running, Method::POST, &path, test).await.expect(StatusCode::OK);
    assert_eq!(answer["sample"]["filtered"], json!({"password": "[Filtered]", "n": 1}));
    assert_eq!(answer["sample"]["rules"], json!([{"rule": "password", "count": 1}]));
    assert_eq!(answer["rows"], 2);
    let columns: Vec<_> = answer["records"].as_array().expect("records").iter().map(|one| &one["column"]).collect();
    assert_eq!(columns, ["changes", "body"]);
    assert!(answer["records"][0]["id"].is_string());
    assert_eq!(answer["records"][0]["rules"], json!([{"rule": "customer", "count": 2}]));
    let text = answer.to_string();
    assert!(!text.contains("4711") && !text.contains("4712") && !text.contains("hunter2"), "{text}");
    assert_eq!(
        running.sql("SELECT body FROM logs").await,
        vec![vec![json!("customer 4711 called")]],
        "nothing changed"
    );

    for (rules, reason) in [
        (json!([{"name": "x", "kind": "value", "pattern": "("}]), "unclosed group"),
        (json!([{"name": "x", "kind": "value", "pattern": "a", "action": "keep"}]), "only rules for keys"),
        (json!([{"name": "token", "kind": "value", "pattern": "a"}]), "another rule has this name"),
    ] {
        let refused = ask(&running, Method::PUT, PATH, json!({"rules": rules})).await.refused(StatusCode::BAD_REQUEST);
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    let late = json!({"rules": [], "version": 7});
    ask(&running, Method::PUT, PATH, late).await.refused(StatusCode::CONFLICT);
    running.server.stop().await.expect("stops");
}

/// What people type into questions and addresses is in the trail without its secrets.
#[tokio::test]
async fn the_trail_quotes_questions_without_their_secrets() {
    let running = Running::owned().await;
    running.sql("SELECT action FROM audit_logs WHERE description = 'password=hunter2 4111111111111111'").await;
    let trail = "SELECT metadata FROM audit_logs WHERE project = 'whodunit' AND metadata LIKE '%[Filtered]%'";
    running.sql_until_some(trail).await;
    let everything = running.sql("SELECT metadata, description, error_message FROM audit_logs").await;
    let text = json!(everything).to_string();
    assert!(!text.contains("hunter2") && !text.contains("4111111111111111"), "{text}");
    running.server.stop().await.expect("stops");
}
