//! Set-up, sign-in, sessions.

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::client::{API_KEY, OWNER, PASSWORD, Running};

const FORM: &[(&str, &str)] = &[("content-type", "application/json")];

#[tokio::test]
async fn the_set_up_link_works_once_and_signs_the_owner_in() {
    let running = Running::fresh().await;
    let started = running.server.started().clone();
    let link = started.setup_link.expect("nobody owns the server yet");
    let ingest_key = started.ingest_key.expect("a first start makes a key");
    let path = link.strip_prefix(&format!("http://{}", started.address)).expect("the link points here").to_owned();
    let page = running.get(&path, "").await;
    let policy = page.headers["content-security-policy"].to_str().expect("ASCII").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let token = path.split_once("token=").expect("a token").1.to_owned();
    let set_up = |token: &str| json!({"token": token, "email": OWNER, "name": "O", "password": PASSWORD}).to_string();
    let wrong = running.send(running.request(Method::POST, "/api/v1/setup", FORM, set_up("wrong"))).await;
    assert!(wrong.status.is_client_error(), "{}", wrong.text());
    let answer = running.send(running.request(Method::POST, "/api/v1/setup", FORM, set_up(&token))).await;
    let cookie = answer.cookie();
    assert!(answer.headers["set-cookie"].to_str().expect("ASCII").contains("HttpOnly; SameSite=Strict"));
    assert_eq!(answer.expect(StatusCode::CREATED)["user"]["role"], "owner");
    let me = running.send(running.request(Method::GET, "/api/v1/session", &[("cookie", &cookie)], "")).await;
    assert_eq!(me.expect(StatusCode::OK)["email"], OWNER);
    let again = running.send(running.request(Method::POST, "/api/v1/setup", FORM, set_up(&token))).await;
    assert!(again.status.is_client_error(), "the link works once: {}", again.text());
    running.post("/api/v1/audit", &ingest_key, r#"{"action": "FIRST"}"#).await.expect(StatusCode::OK);
    let running = running.restart().await;
    assert!(running.server.started().setup_link.is_none() && running.server.started().ingest_key.is_none());
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_page_learns_what_to_begin_with() {
    let running = Running::fresh().await;
    let stranger = running.get("/api/v1/session", "").await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!((&stranger["setup_needed"], &stranger["error"]["kind"]), (&json!(true), &json!("unauthenticated")));
    running.server.stop().await.expect("stops");

    let running = Running::owned().await;
    let stranger = running.get("/api/v1/session", "").await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!((&stranger["setup_needed"], &stranger["version"]), (&json!(false), &json!(env!("CARGO_PKG_VERSION"))));
    let who = async |headers: &[(&str, &str)]| {
        running.send(running.request(Method::GET, "/api/v1/session", headers, "")).await.expect(StatusCode::OK)
    };
    let (cookie, csrf) = running.sign_in().await;
    let owner = who(&[("cookie", &cookie)]).await;
    assert_eq!((&owner["csrf"], &owner["setup_needed"]), (&json!(csrf), &json!(false)));
    assert_eq!(owner["features"], json!({"audit_logging": true, "session_tracking": true}));
    for permission in ["read_telemetry", "read_audit", "own_account", "administer", "manage_users"] {
        assert!(owner["permissions"].as_array().expect("a list").contains(&json!(permission)), "{owner}");
    }
    let slugs = |who: &serde_json::Value| {
        who["reachable"].as_array().expect("a list").iter().map(|one| one["slug"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(slugs(&owner), ["default", "whodunit"]);
    let viewer = json!({"email": "v@example.com", "role": "viewer", "password": PASSWORD}).to_string();
    running.post("/api/v1/admin/users", API_KEY, viewer).await.expect(StatusCode::CREATED);
    let viewer = who(&[("cookie", &running.sign_in_as("v@example.com").await.0)]).await;
    assert_eq!(viewer["permissions"], json!(["read_telemetry", "read_audit", "own_account"]));
    assert_eq!(slugs(&viewer), ["default"], "Whodunit's own trail is not for viewers");
    let key = who(&[("x-api-key", crate::client::INGEST_KEY)]).await;
    assert_eq!(key["permissions"], json!(["ingest"]));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_form_of_another_site_cannot_sign_anybody_in() {
    let running = Running::owned().await;
    let body = json!({"email": OWNER, "password": PASSWORD}).to_string();
    let plain = [("content-type", "text/plain")];
    let answer = running.send(running.request(Method::POST, "/api/v1/session", &plain, body)).await;
    assert_eq!(answer.refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)["kind"], "unsupported");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn failed_sign_ins_are_recorded_and_then_limited() {
    let running = Running::owned().await;
    let body = json!({"email": OWNER, "password": "not the password"}).to_string();
    let attempt = async || running.send(running.request(Method::POST, "/api/v1/session", FORM, body.clone())).await;
    let mut statuses = Vec::new();
    for _ in 0..whodunit_control::SIGN_IN_FAILURES_PER_EMAIL_MAX {
        statuses.push(attempt().await.status);
    }
    assert!(statuses.iter().all(|status| *status == StatusCode::UNAUTHORIZED), "{statuses:?}");
    let limited = attempt().await;
    assert!(limited.headers.contains_key("retry-after"));
    limited.refused(StatusCode::TOO_MANY_REQUESTS);
    let rows = running
        .sql_until_some("SELECT actor_type, ip FROM audit_logs WHERE project = 'whodunit' AND action = 'LOGIN_FAILED'")
        .await;
    assert_eq!(rows[0], vec![json!("anonymous"), json!("127.0.0.1")]);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let running = Running::owned().await;
    let (cookie, csrf) = running.sign_in().await;
    let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
    let sessions = running.send(running.request(Method::GET, "/api/v1/me/sessions", &headers, "")).await;
    assert_eq!(sessions.expect(StatusCode::OK)["sessions"][0]["current"], true);
    running.send(running.request(Method::DELETE, "/api/v1/session", &headers, "")).await.expect(StatusCode::NO_CONTENT);
    let me = running.send(running.request(Method::GET, "/api/v1/session", &headers, "")).await;
    me.refused(StatusCode::UNAUTHORIZED);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn users_keys_projects_and_settings_are_kept_through_the_api() {
    let running = Running::owned().await;
    let user = json!({"email": "m@example.com", "role": "member"}).to_string();
    let made = running.post("/api/v1/admin/users", API_KEY, user).await.expect(StatusCode::CREATED);
    assert!(made["password"].is_string(), "a password is made up: {made}");
    let project = json!({"slug": "shop"}).to_string();
    running.post("/api/v1/admin/projects", API_KEY, project).await.expect(StatusCode::CREATED);
    let key = json!({"kind": "ingest", "name": "shop", "projects": ["shop"]}).to_string();
    let key = running.post("/api/v1/admin/keys", API_KEY, key).await.expect(StatusCode::CREATED);
    let secret = key["secret"].as_str().expect("a secret").to_owned();
    let receipt = running.post("/api/v1/audit", &secret, r#"{"action": "X"}"#).await.expect(StatusCode::OK);
    assert_eq!(receipt["receipts"][0]["project"], "shop", "the key's only project is taken without being named");
    let headers = [("x-api-key", API_KEY), ("content-type", "application/json")];
    let rules = json!({"value": [{"table": "logs", "days": 30}]}).to_string();
    let answer = running.send(running.request(Method::PUT, "/api/v1/admin/retention", &headers, rules)).await;
    assert_eq!(answer.expect(StatusCode::OK)["version"], 1);
    let path = format!("/api/v1/admin/keys/{}", key["key"]["id"].as_str().expect("an id"));
    let revoked = running.send(running.request(Method::DELETE, &path, &headers, "{}")).await;
    assert!(revoked.expect(StatusCode::OK)["revoked_at"].is_string());
    running.post("/api/v1/audit", &secret, r#"{"action": "X"}"#).await.refused(StatusCode::UNAUTHORIZED);
    let trail = running
        .sql_until_some("SELECT actor_type FROM audit_logs WHERE project = 'whodunit' AND target_type = 'key' AND outcome = 'success'")
        .await;
    assert_eq!(trail[0][0], "api_key");
    running.server.stop().await.expect("stops");
}
