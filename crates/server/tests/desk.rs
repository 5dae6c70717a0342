//! Saved views and cases over HTTP: by role, and with what their answers show.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, INGEST_KEY, PASSWORD, Running};

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

/// Rows of both signals, as their lists show them.
async fn sent(running: &Running) -> (Value, Value) {
    let entry = json!({"action": "DELETE", "target_type": "order", "target_id": "17", "reason": "duplicate",
        "actor_id": "eve", "metadata": {"large": "x".repeat(70_000)}});
    running.post("/api/v1/audit", INGEST_KEY, entry.to_string()).await.expect(StatusCode::OK);
    let line = json!({"message": "=order 17 is gone", "level": "ERROR", "status": 500});
    running.post("/api/v1/logs", INGEST_KEY, line.to_string()).await.expect(StatusCode::OK);
    let entry = running.get("/api/v1/audit", API_KEY).await.expect(StatusCode::OK)["rows"][0].clone();
    let line = running.get("/api/v1/logs", API_KEY).await.expect(StatusCode::OK)["rows"][0].clone();
    (entry, line)
}

#[tokio::test]
async fn rows_are_looked_up_kept_shown_and_exported() {
    let running = Running::owned().await;
    let member = Person::with_role(&running, "member").await;
    let (entry, line) = sent(&running).await;
    let new = json!({"name": "order 17", "description": "who deleted it?"});
    let case = member.send(Method::POST, "/api/v1/cases", new).await.expect(StatusCode::CREATED);
    let path = format!("/api/v1/cases/{}", case["id"].as_str().expect("an id"));
    let of_entry = json!({"signal": "audit_logs", "id": entry["id"], "note": "here"});
    let of_line = json!({"signal": "logs", "time": line["time"], "seq": line["seq"]});
    let rows = json!({"rows": [of_entry, of_line], "reason": "evidence"});
    let added = member.send(Method::POST, &format!("{path}/rows"), rows.clone()).await.expect(StatusCode::OK);
    assert_eq!(
        (&added["present"], &added["case"]["rows"], &added["case"]["version"]),
        (&json!(0), &json!(2), &json!(2))
    );
    assert_eq!(added["added"][0]["row"]["summary"], "eve deleted order 17, reason: duplicate");
    let again = member.send(Method::POST, &format!("{path}/rows"), rows).await.expect(StatusCode::OK);
    assert_eq!((&again["present"], &again["added"]), (&json!(2), &json!([])));
    let missing = json!({"rows": [{"signal": "logs", "time": line["time"], "seq": 999_999}]});
    let refused = member.send(Method::POST, &format!("{path}/rows"), missing).await.refused(StatusCode::NOT_FOUND);
    assert_eq!(refused["field"], "rows[0]");
    for (row, field) in [
        (json!({"signal": "users", "id": "1"}), "rows[0].signal"),
        (json!({"signal": "logs", "time": "yesterday", "seq": 1}), "rows[0].time"),
        (json!({"signal": "logs", "time": line["time"]}), "rows[0].id"),
        (json!({"signal": "logs", "id": "1"}), "id"),
    ] {
        let answer = member.send(Method::POST, &format!("{path}/rows"), json!({ "rows": [row] })).await;
        assert_eq!(answer.refused(StatusCode::BAD_REQUEST)["field"], field);
    }
    let hidden = json!({"rows": [{"signal": "audit_logs", "project": "whodunit", "id": entry["id"]}]});
    member.send(Method::POST, &format!("{path}/rows"), hidden).await.refused(StatusCode::NOT_FOUND);
    member
        .send(Method::POST, &format!("{path}/notes"), json!({"note": "two lines\nof it"}))
        .await
        .expect(StatusCode::CREATED);

    let read = member.get(&path).await;
    assert_eq!((read["items"].as_array().expect("a list").len(), &read["hidden"]), (3, &json!(0)));
    assert_eq!(read["items"][0]["row"]["left_out"], json!(["metadata"]), "it was too large");
    assert!(read["items"][0]["row"].get("fields").is_none());
    let whole = member.get(&format!("{path}/items/2")).await;
    assert_eq!(whole["item"]["row"]["fields"], line, "as the list shows it");

    let export = member.send(Method::GET, &format!("{path}/export"), Value::Null).await;
    let name = export.headers["content-disposition"].to_str().expect("ASCII").to_owned();
    assert!(name.contains("whodunit-case-") && name.ends_with(".ndjson\""), "{name}");
    let lines: Vec<Value> = export.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["case", "row", "row", "note"]);
    assert_eq!((&lines[0]["summary"], &lines[0]["state"]), (&json!("order 17"), &json!("open")));
    assert_eq!((&lines[1]["note"], &lines[1]["id"]), (&json!("here"), &entry["id"]));
    assert_eq!((&lines[2]["fields"], &lines[3]["note"]), (&line, &json!("two lines\nof it")));
    let json_export = member.get(&format!("{path}/export?format=json")).await;
    assert_eq!(json_export, Value::Array(lines));
    let csv = member.send(Method::GET, &format!("{path}/export?format=csv&formulas=escape"), Value::Null).await.text();
    assert!(csv.starts_with("kind,number,signal,project,time,id,seq,") && csv.contains("'=order 17 is gone"), "{csv}");

    let id = case["id"].as_str().expect("an id");
    let trail = format!(
        "SELECT action, actor_email FROM audit_logs WHERE project = 'whodunit' AND target_type = 'case'
        AND target_id = '{id}' AND outcome = 'success' AND action IN ('EXPORT', 'audit_logs_accessed', 'CASE_ROW_ADD')
        ORDER BY action, time LIMIT 1 OFFSET 6"
    );
    running.sql_until_some(&trail).await;
    let acts = trail.replace("LIMIT 1 OFFSET 6", "");
    let acts: Vec<_> = running.sql(&acts).await.into_iter().map(|row| row[0].clone()).collect();
    let count = |action: &str| acts.iter().filter(|one| *one == action).count();
    assert_eq!((count("EXPORT"), count("audit_logs_accessed"), count("CASE_ROW_ADD")), (3, 2, 2), "{acts:?}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_case_shows_each_what_they_may_read() {
    let running = Running::owned().await;
    let admin = Person::with_role(&running, "admin").await;
    let viewer = Person::with_role(&running, "viewer").await;
    let (entry, _) = sent(&running).await;
    let case = admin.send(Method::POST, "/api/v1/cases", json!({"name": "both"})).await.expect(StatusCode::CREATED);
    let path = format!("/api/v1/cases/{}", case["id"].as_str().expect("an id"));
    let own = admin.get("/api/v1/audit?project=whodunit&limit=1").await["rows"][0].clone();
    let rows = json!({"rows": [
        {"signal": "audit_logs", "project": "whodunit", "id": own["id"]},
        {"signal": "audit_logs", "id": entry["id"], "time": entry["time"]},
    ]});
    admin.send(Method::POST, &format!("{path}/rows"), rows).await.expect(StatusCode::OK);
    assert_eq!(admin.get(&path).await["hidden"], 0);
    let seen = viewer.get(&path).await;
    assert_eq!((seen["items"].as_array().expect("a list").len(), &seen["hidden"]), (1, &json!(1)));
    viewer.send(Method::GET, &format!("{path}/items/1"), Value::Null).await.refused(StatusCode::NOT_FOUND);
    let export = viewer.send(Method::GET, &format!("{path}/export"), Value::Null).await.text();
    assert_eq!(export.lines().count(), 2, "the case and the row that a viewer may read: {export}");
    viewer.send(Method::POST, &format!("{path}/notes"), json!({"note": "x"})).await.refused(StatusCode::FORBIDDEN);

    admin.send(Method::PATCH, &path, json!({"closed": true})).await.expect(StatusCode::OK);
    let closed = admin.send(Method::POST, &format!("{path}/notes"), json!({"note": "x"})).await;
    assert_eq!(closed.refused(StatusCode::CONFLICT)["kind"], "conflict");
    assert_eq!(viewer.get("/api/v1/cases?state=open").await["cases"], json!([]));
    assert_eq!(viewer.get("/api/v1/cases?state=closed").await["cases"][0]["closed_by"], "admin@example.com");
    admin.send(Method::DELETE, &path, Value::Null).await.expect(StatusCode::OK);
    viewer.send(Method::GET, &path, Value::Null).await.refused(StatusCode::NOT_FOUND);
    running.server.stop().await.expect("stops");
}
