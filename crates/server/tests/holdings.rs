//! What the server says of itself: what it holds, what comes in, and how its checks stand.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::client::{API_KEY, INGEST_KEY, Running};

fn days_ago(days: i64) -> String {
    let at = whodunit_stdx::World::system().now().nanos() - days * 86_400_000_000_000;
    whodunit_query::format::time_text(at)
}

async fn storage(running: &Running) -> Value {
    running.get("/api/v1/storage", API_KEY).await.expect(StatusCode::OK)
}

#[tokio::test]
async fn storage_says_what_is_held_and_how_it_grows() {
    let running = Running::owned().await;
    let empty = storage(&running).await;
    assert!(empty.get("days_left").is_none() && empty["growth"] == json!([]), "{empty}");
    assert_eq!(empty["days_left_code"], "no_whole_day");
    assert!(empty["days_left_because"].as_str().expect("a text").contains("no whole day"), "{empty}");

    let line = |days: i64| json!({"message": format!("{days} days ago"), "time": days_ago(days)}).to_string();
    let lines: Vec<String> = [0, 0, 1, 2, 3].map(line).to_vec();
    running.post("/api/v1/logs", INGEST_KEY, lines.join("\n")).await.expect(StatusCode::OK);
    running.post("/api/v1/audit", INGEST_KEY, r#"{"action": "X"}"#).await.expect(StatusCode::OK);
    let before = storage(&running).await;
    let logs = |answer: &Value| {
        answer["buffered"].as_array().expect("a list").iter().find(|one| one["table"] == "logs").cloned()
    };
    assert_eq!(logs(&before), Some(json!({"table": "logs", "rows": 5})), "they are in no segment yet");
    assert!(before["wal_bytes"].as_u64().expect("a number") > 0);
    running.post("/api/v1/admin/settle", API_KEY, "{}").await.expect(StatusCode::NO_CONTENT);

    let held = storage(&running).await;
    assert_eq!(logs(&held), None);
    let parts = held["parts"].as_array().expect("a list");
    let of_logs: Vec<_> = parts.iter().filter(|part| part["table"] == "logs").collect();
    assert_eq!(of_logs.iter().map(|part| part["rows"].as_u64().expect("a number")).sum::<u64>(), 5);
    assert!(of_logs.iter().all(|part| part["project"] == "default" && part["bytes"].as_u64() > Some(0)), "{held}");
    assert_eq!(
        of_logs.iter().map(|part| part["oldest"].as_str().expect("a time")).min().map(|time| &time[..10]),
        Some(&days_ago(3)[..10])
    );
    assert!(parts.iter().any(|part| part["project"] == "whodunit"), "the own trail is held, too");
    let sum: u64 = parts.iter().map(|part| part["bytes"].as_u64().expect("a number")).sum();
    assert_eq!(held["bytes"], sum);
    let disk = &held["disks"][0];
    assert!(disk["place"] == "data" && disk["free_bytes"].as_u64() <= disk["total_bytes"].as_u64(), "{disk}");
    // The lines of days before came today: nothing was sent on a whole day.
    let of_logs = held["growth"].as_array().expect("a list").iter().find(|one| one["table"] == "logs");
    assert_eq!(of_logs, Some(&json!({"table": "logs", "project": "default", "days": 0})));

    let narrow = json!({"kind": "api", "name": "n", "scopes": ["read_telemetry"], "projects": ["default"]}).to_string();
    let narrow = running.post("/api/v1/admin/keys", API_KEY, narrow).await.expect(StatusCode::CREATED);
    let narrow = running.get("/api/v1/storage", narrow["secret"].as_str().expect("a secret")).await;
    let narrow = narrow.expect(StatusCode::OK);
    assert!(narrow["parts"].as_array().expect("a list").iter().all(|part| part["project"] == "default"), "{narrow}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn rates_say_what_comes_in_and_what_is_refused() {
    let running = Running::owned().await;
    let rates = async || running.get("/api/v1/ingest/rates", API_KEY).await.expect(StatusCode::OK);
    // Counters are the process's: other servers of these tests count, too.
    let of = |answer: &Value, list: &str, name: &str, wanted: &str, count: &str| {
        let all = answer[list].as_array().expect("a list");
        let mine = all.iter().find(|one| one["protocol"] == "logs" && (name.is_empty() || one[name] == wanted));
        mine.and_then(|one| one.pointer(count)).and_then(Value::as_u64).unwrap_or(0)
    };
    let before = rates().await;
    let lines = b"{\"message\": \"good\"}\n\xff\n{\"message\": \"good, too\"}\n".to_vec();
    running.post("/api/v1/logs", INGEST_KEY, lines).await.expect(StatusCode::OK);
    let headers = [("x-api-key", INGEST_KEY), ("content-encoding", "rot13")];
    let strange = running.send(running.request(hyper::Method::POST, "/api/v1/logs", &headers, "x")).await;
    let kind = strange.json()["error"]["kind"].as_str().expect("is refused").to_owned();
    let after = rates().await;
    let grown = |count: &str| of(&after, "protocols", "", "", count) - of(&before, "protocols", "", "", count);
    assert!(grown("/total/rows") >= 2 && grown("/total/rejected") >= 1 && grown("/total/bytes") >= 40, "{after}");
    let refused = |code: &str| of(&after, "rejects", "code", code, "/last_minute");
    assert!(refused("not_utf8") >= 1 && refused(&format!("request_{kind}")) >= 1, "{after}");
    let last = after["minutes"].as_array().expect("a list").last().expect("the one that runs").clone();
    assert!(last["protocols"].as_array().expect("a list").iter().any(|one| one["protocol"] == "logs"), "{last}");
    let rate = after["protocols"].as_array().expect("a list").iter().find(|one| one["protocol"] == "logs");
    assert!(rate.expect("is there")["rows_per_second"].as_f64() > Some(0.0), "{after}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_check_says_when_it_was_good_and_what_to_do() {
    let running = Running::owned().await;
    let check = async |name: &str| {
        let health = running.get("/health/detailed", API_KEY).await.expect(StatusCode::OK);
        let all = health["checks"].as_array().expect("a list").clone();
        all.into_iter().find(|check| check["name"] == name).expect("is looked at")
    };
    for name in ["store.audit_lane", "store.wal", "control", "memory", "audit_logging"] {
        let good = check(name).await;
        assert!(good["last_success_at"].is_string() && good.get("what_to_do").is_none(), "{good}");
    }
    let good = check("audit_logging").await["last_success_at"].clone();
    let headers = [("x-api-key", API_KEY), ("content-type", "application/json")];
    let path = "/api/v1/admin/settings/audit_logging";
    let off = running.request(hyper::Method::PUT, path, &headers, r#"{"value": false}"#);
    running.send(off).await.expect(StatusCode::OK);
    let bad = check("audit_logging").await;
    assert_eq!(bad["status"], "degraded");
    assert!(bad["what_to_do"].as_str().expect("a sentence").starts_with("Switch audit logging on"), "{bad}");
    let then = bad["last_success_at"].as_str().expect("it was good");
    assert!(then >= good.as_str().expect("a time"), "{bad}");
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!(check("audit_logging").await["last_success_at"], then, "it stays at the last success");
    running.server.stop().await.expect("stops");
}
