//! Sending: receipts, idempotency, intents, projects, context headers, and what a restart keeps.

use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{API_KEY, INGEST_KEY, Running};

#[tokio::test]
async fn an_acknowledged_entry_is_visible_and_survives_a_restart() {
    let running = Running::owned().await;
    let entry = json!({"action": "ORDER_DELETED", "actor_email": "dana@example.com", "target_type": "order", "target_id": "17"});
    let headers = [("authorization", "Bearer wd_ing_test_0123456789abcdef"), ("x-correlation-id", "req-7")];
    let answer = running.send(running.request(Method::POST, "/api/v1/audit", &headers, entry.to_string())).await;
    assert_eq!(answer.headers["x-correlation-id"], "req-7", "the id is echoed");
    let answer = answer.expect(StatusCode::OK);
    assert_eq!((&answer["accepted"], &answer["receipts"][0]["leaf_index"]), (&json!(1), &json!(0)));
    let question = "SELECT actor_email, target_id, correlation_id FROM audit_logs WHERE project = 'default'";
    let row = vec![json!("dana@example.com"), json!("17"), json!("req-7")];
    assert_eq!(running.sql(question).await, vec![row.clone()]);
    let running = running.restart().await;
    assert_eq!(running.sql(question).await, vec![row]);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_entry_sent_again_gets_its_first_receipt() {
    let running = Running::owned().await;
    let entry = json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057", "action": "X"}).to_string();
    let first = running.post("/api/v1/audit", INGEST_KEY, entry.clone()).await.expect(StatusCode::OK);
    let second = running.post("/api/v1/audit", INGEST_KEY, entry).await.expect(StatusCode::OK);
    assert_eq!(first["receipts"][0]["leaf_hash"], second["receipts"][0]["leaf_hash"]);
    assert_eq!((&first["repeated"], &second["repeated"]), (&json!(0), &json!(1)));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_intent_is_completed_with_its_outcome() {
    let running = Running::owned().await;
    let intent = json!({"action": "TRANSFER", "state": "intent"}).to_string();
    let answer = running.post("/api/v1/audit", INGEST_KEY, intent).await.expect(StatusCode::OK);
    let id = answer["receipts"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/audit/{id}/complete");
    let receipt = running.post(&path, INGEST_KEY, r#"{"outcome": "failure"}"#).await.expect(StatusCode::OK);
    assert_eq!(receipt["id"], id);
    let entry = running.get(&format!("/api/v1/audit/{id}"), API_KEY).await.expect(StatusCode::OK);
    let outcomes: Vec<_> = entry["rows"].as_array().expect("rows").iter().map(|row| row["state"].clone()).collect();
    assert_eq!(outcomes, [json!("complete"), json!("intent")], "newest first: {entry}");
    assert!(entry["rows"][0]["writer"].is_string() && entry["rows"][0]["leaf_index"] == 1, "{entry}");
    assert_eq!(entry["sentence"], "somebody: TRANSFER (failure)", "the newest state speaks: {entry}");
    running.post("/api/v1/audit/not-an-id/complete", INGEST_KEY, "{}").await.refused(StatusCode::BAD_REQUEST);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_bad_entry_is_rejected_by_index_and_the_good_ones_are_kept() {
    let running = Running::owned().await;
    let entries = json!([{"action": "A"}, {"description": "no action"}, {"action": "B"}]).to_string();
    let answer = running.post("/api/v1/audit", INGEST_KEY, entries).await.expect(StatusCode::OK);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(2), &json!(1)));
    assert_eq!((&answer["rejections"][0]["index"], &answer["rejections"][0]["field"]), (&json!(1), &json!("action")));
    running.server.stop().await.expect("stops");
}

/// A client that looks only at the status must not believe that all is well.
#[tokio::test]
async fn a_request_of_which_nothing_is_accepted_is_answered_400_with_every_rejection() {
    let running = Running::owned().await;
    let entries = json!([{"description": "no action"}, 17]).to_string();
    let answer = running.post("/api/v1/audit", INGEST_KEY, entries).await.expect(StatusCode::BAD_REQUEST);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(0), &json!(2)));
    assert_eq!((&answer["error"]["kind"], &answer["error"]["field"]), (&json!("invalid"), &json!("action")));
    assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains("entry 0")), "{answer}");
    assert_eq!(answer["rejections"][1]["index"], 1);
    let answer = running.post("/api/v1/logs", INGEST_KEY, "broken\n").await.expect(StatusCode::BAD_REQUEST);
    assert_eq!((&answer["accepted"], &answer["rejections"][0]["line"]), (&json!(0), &json!(1)));
    assert!(answer["error"]["message"].as_str().is_some_and(|text| text.contains("line 1")), "{answer}");
    let answer = running.post("/api/v1/logs", INGEST_KEY, "broken\n{\"msg\":\"fine\"}\n").await.expect(StatusCode::OK);
    assert_eq!((&answer["accepted"], &answer["error"]), (&json!(1), &json!(null)));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn nobody_writes_into_the_trail_or_into_projects_that_are_not_theirs() {
    let running = Running::owned().await;
    let into = async |project: &str, key: &str| {
        let headers = [("x-api-key", key), ("x-whodunit-project", project)];
        running.send(running.request(Method::POST, "/api/v1/audit", &headers, r#"{"action": "X"}"#)).await
    };
    into("whodunit", API_KEY).await.refused(StatusCode::FORBIDDEN);
    into("whodunit", INGEST_KEY).await.refused(StatusCode::FORBIDDEN);
    into("other", INGEST_KEY).await.refused(StatusCode::FORBIDDEN);
    assert_eq!(into("other", API_KEY).await.refused(StatusCode::NOT_FOUND)["field"], "project");
    into("No Slug", API_KEY).await.refused(StatusCode::BAD_REQUEST);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn log_lines_become_rows_with_their_attributes() {
    let running = Running::owned().await;
    let lines = "{\"msg\":\"order 17 deleted\",\"level\":\"warn\",\"status\":204}\n{\"msg\":\"bye\"}\n";
    let answer = running.post("/api/v1/logs", INGEST_KEY, lines).await.expect(StatusCode::OK);
    assert_eq!(answer["accepted"], 2);
    let rows = running.sql("SELECT body, status FROM logs WHERE status = 204").await;
    assert_eq!(rows, vec![vec![json!("order 17 deleted"), json!(204)]]);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_arrived_whole_is_stored_also_if_the_sender_does_not_stay_for_the_answer() {
    let running = Running::owned().await;
    let send = async |framing: &str, body: &str| {
        let head = format!("POST /api/v1/logs HTTP/1.1\r\nhost: x\r\nx-api-key: {INGEST_KEY}\r\n{framing}\r\n\r\n");
        let mut stream = TcpStream::connect(running.server.started().address).await.expect("connects");
        stream.write_all(head.as_bytes()).await.expect("the head goes out");
        stream.write_all(body.as_bytes()).await.expect("the body goes out");
    };
    let line = "{\"msg\":\"the process ends\"}\n";
    send(&format!("content-length: {}", line.len() + 1), line).await;
    send("transfer-encoding: chunked", &format!("{:x}\r\n{line}\r\n", line.len())).await;
    // Too large to be decoded where it arrives: the connection ends while a thread is at it.
    let lines = line.repeat(20_000);
    send(&format!("content-length: {}", lines.len()), &lines).await;
    let all = "SELECT count(*) FROM logs WHERE body = 'the process ends' HAVING count(*) >= 20000";
    assert_eq!(running.sql_until_some(all).await, vec![vec![json!(20_000)]], "and nothing of half a body");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn while_audit_logging_is_off_entries_are_refused_and_the_switching_is_recorded() {
    let running = Running::owned_with(&[("enable_audit_logging", "false")]).await;
    let refused = running.post("/api/v1/audit", INGEST_KEY, r#"{"action": "X"}"#).await.refused(StatusCode::CONFLICT);
    assert_eq!(refused["field"], "audit_logging");
    assert_eq!(running.get("/health", "").await.expect(StatusCode::OK)["status"], "degraded");
    let trail =
        "SELECT actor_type, severity FROM audit_logs WHERE project = 'whodunit' AND target_id = 'audit_logging'";
    assert_eq!(running.sql_until_some(trail).await[0], vec![json!("system"), json!("CRITICAL")]);
    let headers = [("x-api-key", API_KEY), ("content-type", "application/json")];
    let on = running.request(Method::PUT, "/api/v1/admin/settings/audit_logging", &headers, r#"{"value": true}"#);
    running.send(on).await.expect(StatusCode::OK);
    running.post("/api/v1/audit", INGEST_KEY, r#"{"action": "X"}"#).await.expect(StatusCode::OK);
    running.server.stop().await.expect("stops");
}
