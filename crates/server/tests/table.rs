//! Walks the operation table: what holds for one operation holds for all.

use hyper::{Method, StatusCode};
use serde_json::json;
use whodunit_model::{Permission, Scope};
use whodunit_server::Dialect;
use whodunit_server::operation::{OPERATIONS, Operation};

use crate::client::{API_KEY, INGEST_KEY, Running};

fn method(operation: &Operation) -> Method {
    operation.method.name().parse().expect("a method")
}

/// The path with something in each hole.
fn path(operation: &Operation) -> String {
    operation
        .path
        .replace("{id}", "01890000-0000-7000-8000-000000000000")
        .replace("{comment}", "01890000-0000-7000-8000-000000000001")
        .replace("{number}", "1")
        .replace("{slug}", "none")
        .replace("{project}", "default")
        .replace("{index}", "logs")
        .replace("{name}", "retention")
}

#[tokio::test]
async fn strangers_get_401_everywhere_but_at_public_operations() {
    let running = Running::owned().await;
    for operation in OPERATIONS.iter().filter(|operation| operation.permission != Permission::Public) {
        let wrong = ("authorization", "Bearer wd_api_nobody_has_this_key");
        for headers in [&[][..], &[wrong]] {
            let answer = running.send(running.request(method(operation), &path(operation), headers, "{}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", operation.id);
            if operation.docs.errors == Dialect::House {
                let kind = answer.refused(StatusCode::UNAUTHORIZED)["kind"].clone();
                assert_eq!(kind, "unauthenticated", "{}", operation.id);
            }
        }
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn an_ingest_key_gets_403_wherever_nothing_is_sent() {
    let running = Running::owned().await;
    let walked =
        OPERATIONS.iter().filter(|operation| !matches!(operation.permission, Permission::Public | Permission::Ingest));
    for operation in walked {
        let answer = running
            .send(running.request(method(operation), &path(operation), &[("x-api-key", INGEST_KEY)], "{}"))
            .await;
        if operation.path.starts_with("/api/0/") {
            // Sentry's command line has its own form of errors.
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", operation.id);
            continue;
        }
        assert_eq!(answer.refused(StatusCode::FORBIDDEN)["kind"], "forbidden", "{}", operation.id);
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_key_passes_where_its_scope_allows_and_nowhere_else() {
    let running = Running::owned().await;
    for scope in Scope::ALL {
        let body = json!({"kind": "api", "name": scope.name(), "scopes": [scope.name()]}).to_string();
        let made = running.post("/api/v1/admin/keys", API_KEY, body).await.expect(StatusCode::CREATED);
        let secret = made["secret"].as_str().expect("a secret").to_owned();
        for operation in OPERATIONS.iter().filter(|operation| operation.permission != Permission::Public) {
            // A stream that is let in does not end by itself: its head is enough.
            let response = running
                .open(running.request(method(operation), &path(operation), &[("x-api-key", &secret)], "{"))
                .await;
            let allowed = scope.allows(operation.permission);
            assert_eq!(response.status() != StatusCode::FORBIDDEN, allowed, "{} with {}", operation.id, scope.name());
        }
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn changes_by_cookie_need_the_csrf_token() {
    let running = Running::owned().await;
    let (cookie, csrf) = running.sign_in().await;
    let changing =
        OPERATIONS.iter().filter(|operation| !operation.method.is_safe() && operation.permission != Permission::Public);
    for operation in changing.filter(|operation| operation.id != "sign_out") {
        let headers = [("cookie", cookie.as_str())];
        let answer = running.send(running.request(method(operation), &path(operation), &headers, "{")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", operation.id);
        assert!(answer.text().contains("X-CSRF-Token"), "{}", operation.id);
        let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
        let answer = running.send(running.request(method(operation), &path(operation), &headers, "{")).await;
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{}: {}", operation.id, answer.text());
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn unknown_paths_methods_and_the_description_have_the_one_shape() {
    let running = Running::owned().await;
    running.get("/nowhere", "").await.refused(StatusCode::NOT_FOUND);
    let answer = running.send(running.request(Method::PUT, "/api/v1/audit", &[], "")).await;
    assert!(answer.headers.contains_key("allow"), "405 says what is allowed");
    answer.refused(StatusCode::METHOD_NOT_ALLOWED);
    let document = running.get("/api/v1/openapi.json", "").await.expect(StatusCode::OK);
    assert_eq!(document["openapi"], "3.1.0");
    for operation in OPERATIONS {
        let verb = operation.method.name().to_ascii_lowercase();
        assert_eq!(document["paths"][operation.path][verb]["operationId"], operation.id);
    }
    running.server.stop().await.expect("stops");
}
