//! Saved views and cases over HTTP: by role, and with what their answers show.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, PASSWORD, Running};

/// Somebody who signed in.
struct Person<'a> {
    running: &'a Running,
    cookie: String,
    csrf: String,
}

impl Person<'_> {
    async fn with_role<'a>(running: &'a Running, role: &str) -> Person<'a> {
        let email = format!("{role}@example.com");
        let user = json!({"email": email, "role": role, "password": PASSWORD}).to_string();
        running.post("/api/v1/admin/users", API_KEY, user).await.expect(StatusCode::CREATED);
        let (cookie, csrf) = running.sign_in_as(&email).await;
        Person { running, cookie, csrf }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("x-csrf-token", self.csrf.as_str()),
            ("content-type", "application/json"),
        ];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.running.send(self.running.request(method, path, &headers, body)).await
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Value::Null).await.expect(StatusCode::OK)
    }
}

#[tokio::test]
async fn views_are_saved_listed_shared_and_deleted() {
    let running = Running::owned().await;
    let viewer = Person::with_role(&running, "viewer").await;
    let member = Person::with_role(&running, "member").await;
    let new = |shared: bool| json!({"page": "audit", "name": "deletions", "query": "?action=DELETE", "shared": shared});
    let refused = viewer.send(Method::POST, "/api/v1/views", new(true)).await.refused(StatusCode::FORBIDDEN);
    assert_eq!(refused["kind"], "forbidden", "a viewer shares nothing");
    let own = viewer.send(Method::POST, "/api/v1/views", new(false)).await.expect(StatusCode::CREATED);
    assert_eq!((&own["query"], &own["mine"], &own["shared"]), (&json!("action=DELETE"), &json!(true), &json!(false)));
    assert_eq!(member.get("/api/v1/views").await["views"], json!([]));

    let shared = member.send(Method::POST, "/api/v1/views", new(true)).await.expect(StatusCode::CREATED);
    let seen = viewer.get("/api/v1/views?page=audit").await;
    let seen: Vec<_> = seen["views"].as_array().expect("a list").iter().map(|one| one["mine"].clone()).collect();
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&json!(true)) && seen.contains(&json!(false)), "{seen:?}");
    assert_eq!(viewer.get("/api/v1/views?page=logs").await["views"], json!([]));
    assert_eq!(viewer.get("/api/v1/views?project=whodunit2").await["views"], json!([]));

    let path = format!("/api/v1/views/{}", shared["id"].as_str().expect("an id"));
    viewer.send(Method::DELETE, &path, Value::Null).await.refused(StatusCode::FORBIDDEN);
    let renamed = member.send(Method::PATCH, &path, json!({"name": "what went", "version": 1})).await;
    assert_eq!(renamed.expect(StatusCode::OK)["version"], 2);
    let stale = member.send(Method::PATCH, &path, json!({"name": "x", "version": 1})).await;
    assert_eq!(stale.refused(StatusCode::CONFLICT)["field"], "version");
    let bad = member.send(Method::POST, "/api/v1/views", json!({"page": "users", "name": "x", "query": ""})).await;
    assert_eq!(bad.refused(StatusCode::BAD_REQUEST)["field"], "page");
    let gone = member.send(Method::DELETE, &path, json!({"reason": "not needed"})).await.expect(StatusCode::OK);
    assert_eq!(gone["name"], "what went");
    let trail = running
        .sql_until_some(
            "SELECT actor_email, reason FROM audit_logs
            WHERE project = 'whodunit' AND action = 'VIEW_DELETE' AND outcome = 'success'",
        )
        .await;
    assert_eq!(trail[0], vec![json!("member@example.com"), json!("not needed")]);
    running.server.stop().await.expect("stops");
}
