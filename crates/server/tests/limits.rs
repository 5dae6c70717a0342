//! Every limit that a client meets ends in a named error.

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{API_KEY, INGEST_KEY, Running};

#[tokio::test]
async fn a_body_past_its_limit_is_refused_by_name() {
    let running = Running::owned_with(&[("audit_body_max", "1KiB"), ("logs_body_max", "2KiB")]).await;
    let long = format!("{{\"action\": \"{}\"}}", "x".repeat(1_200));
    let refused = running.post("/api/v1/audit", INGEST_KEY, long.clone()).await.refused(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused["limit"], "audit_body_max");
    let refused = running.post("/api/v1/logs", INGEST_KEY, long.repeat(2)).await.refused(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused["limit"], "logs_body_max");
    let refused = running.post("/api/v1/session", "", "x".repeat(70_000)).await.refused(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused["limit"], "small_body_max");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_tail_too_many_is_told_to_come_back_and_nobody_else_is() {
    let running = Running::owned_with(&[("stream_requests_max", "1")]).await;
    let tail = || running.request(Method::GET, "/api/v1/logs/stream", &[("x-api-key", API_KEY)], "");
    let mut held = running.open(tail()).await;
    held.body_mut().frame().await.expect("open").expect("whole");
    let refused = running.send(tail()).await;
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(refused.refused(StatusCode::TOO_MANY_REQUESTS)["limit"], "stream_requests_max");
    running.post("/api/v1/audit", INGEST_KEY, r#"{"action": "X"}"#).await.expect(StatusCode::OK);
    drop(held);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_body_that_does_not_come_ends_its_request() {
    let running = Running::owned_with(&[("body_idle_timeout", "50ms")]).await;
    let mut stream = TcpStream::connect(running.server.started().address).await.expect("connects");
    let head =
        format!("POST /api/v1/audit HTTP/1.1\r\nhost: x\r\nx-api-key: {INGEST_KEY}\r\ncontent-length: 100\r\n\r\n{{");
    stream.write_all(head.as_bytes()).await.expect("the head goes out");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server closes");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body_idle_timeout"), "{answer}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_its_connection() {
    let running = Running::owned_with(&[("header_timeout", "50ms")]).await;
    let mut stream = TcpStream::connect(running.server.started().address).await.expect("connects");
    stream.write_all(b"GET /health HTTP/1.1\r\nho").await.expect("half a head goes out");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server closes");
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn rows_past_the_limit_are_cut_and_marked() {
    let running = Running::owned().await;
    let entries: Vec<_> = (0..5).map(|index| json!({"action": "X", "target_id": index.to_string()})).collect();
    running.post("/api/v1/audit", INGEST_KEY, json!(entries).to_string()).await.expect(StatusCode::OK);
    let body =
        json!({"query": "SELECT target_id FROM audit_logs WHERE project = 'default'", "rows_max": 2}).to_string();
    let answer = running.post("/api/v1/sql", API_KEY, body).await.expect(StatusCode::OK);
    assert_eq!((answer["rows"].as_array().map(Vec::len), &answer["statistics"]["partial"]), (Some(2), &json!(true)));
    running.server.stop().await.expect("stops");
}
