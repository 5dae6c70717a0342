//! What the explorers ask beyond lists: exports, fields, charts, surroundings, who set what, what retention would take.

use http_body_util::BodyExt;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, INGEST_KEY, PASSWORD, Running};

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
        let level = if number.is_multiple_of(10) { "error" } else { "info" };
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

#[tokio::test]
async fn fields_are_counted_over_the_filtered_rows() {
    let running = Running::owned().await;
    log(&running, lines(100)).await;
    settle(&running).await;
    log(&running, r#"{"time":"2026-11-20T11:00:00Z","level":"error","msg":"last","price":1.5}"#.to_owned()).await;
    let answer = running.get("/api/v1/logs/fields?level=error", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&answer["rows"], &answer["sampled"]), (&json!(11), &json!(false)), "{answer}");
    let field = |name: &str| {
        let fields = answer["fields"].as_array().expect("fields");
        fields.iter().find(|field| field["name"] == name).cloned().unwrap_or_default()
    };
    let number = field("number");
    assert_eq!((&number["rows"], &number["kind"]), (&json!(10), &json!("integer")));
    assert!(number["share"].as_f64().is_some_and(|share| (share - 10.0 / 11.0).abs() < 1e-9), "{number}");
    assert_eq!((&field("price")["rows"], &field("price")["kind"]), (&json!(1), &json!("float")));
    assert_eq!((&field("body")["rows"], &field("body")["share"]), (&json!(11), &json!(1.0)));
    assert_eq!(field("trace_id"), Value::Null, "nothing has it");
    let nothing = running.get("/api/v1/logs/fields?q=nowhere", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&nothing["rows"], &nothing["fields"]), (&json!(0), &json!([])));

    entry(&running, json!({"action": "DELETE", "actor_id": "u1", "reason": "old"})).await;
    let audit = running.get("/api/v1/audit/fields", API_KEY).await.expect(StatusCode::OK);
    let names: Vec<_> = audit["fields"].as_array().expect("fields").iter().map(|field| field["name"].clone()).collect();
    assert!(names.contains(&json!("reason")) && !names.contains(&json!("salt")), "{audit}");
    let telemetry = key(&running, &["read_telemetry"]).await;
    running.get("/api/v1/audit/fields", &telemetry).await.refused(StatusCode::FORBIDDEN);
    running.get("/api/v1/logs/fields", &telemetry).await.expect(StatusCode::OK);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_chart_has_all_buckets_of_its_range() {
    let running = Running::owned().await;
    log(&running, lines(120)).await;
    let range = "from=2026-11-20T09:00:00Z&to=2026-11-20T12:00:00Z&limit=1";
    let chart = |query: String| {
        let running = &running;
        async move {
            let path = format!("/api/v1/logs?{query}");
            running.get(&path, API_KEY).await.expect(StatusCode::OK)["histogram"].clone()
        }
    };
    let few = chart(format!("{range}&histogram=true")).await;
    assert_eq!((few["buckets"].as_array().map(Vec::len), &few["bucket_seconds"]), (Some(24), &json!(5)), "{few}");
    let all = chart(format!("{range}&buckets=180")).await;
    assert_eq!((all["bucket_seconds"].clone(), all["total"].clone()), (json!(60), json!(120)));
    let buckets = all["buckets"].as_array().expect("buckets");
    assert_eq!((buckets.len(), &buckets[0]["time"]), (180, &json!("2026-11-20T09:00:00.000000000Z")));
    assert_eq!((&buckets[59]["counts"], &buckets[60]["counts"]), (&json!({}), &json!({"ERROR": 6, "INFO": 54})));
    let empty = chart(format!("{range}&buckets=3&q=nowhere")).await;
    assert_eq!((empty["buckets"].as_array().map(Vec::len), &empty["total"]), (Some(3), &json!(0)));
    let refused = running.get("/api/v1/logs?buckets=501", API_KEY).await.refused(StatusCode::BAD_REQUEST);
    assert_eq!(refused["field"], "buckets");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_list_goes_on_from_a_moment_in_either_direction() {
    let running = Running::owned().await;
    log(&running, lines(20)).await;
    settle(&running).await;
    // Two lines of one moment: the order of their numbers decides.
    let twins = "{\"time\":\"2026-11-20T10:00:10Z\",\"msg\":\"twin\",\"direction\":\"inbound\"}\n".repeat(2);
    log(&running, twins).await;
    let bodies = |answer: &Value| -> Vec<String> {
        let rows = answer["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["body"].as_str().expect("text").to_owned()).collect()
    };
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..20 {
        let path = format!("/api/v1/logs?direction=asc&from=2026-11-20T10:00:09Z&limit=2{cursor}");
        let page = running.get(&path, API_KEY).await.expect(StatusCode::OK);
        seen.extend(bodies(&page));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let mut expected = vec!["line 9".to_owned(), "line 10".into(), "twin".into(), "twin".into()];
    expected.extend((11..20).map(|number| format!("line {number}")));
    assert_eq!(seen, expected);
    let before = running.get("/api/v1/logs?to=2026-11-20T10:00:09Z&limit=2&direction=desc", API_KEY).await;
    assert_eq!(bodies(&before.expect(StatusCode::OK)), ["line 8", "line 7"]);
    let attribute = running.get("/api/v1/logs?direction=inbound", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(bodies(&attribute), ["twin", "twin"], "an attribute of that name still filters");
    let export = running.get("/api/v1/logs/export?direction=asc", API_KEY).await;
    assert_eq!(export.refused(StatusCode::BAD_REQUEST)["field"], "direction");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn blame_says_who_last_set_each_field() {
    let running = Running::owned().await;
    let change = |time: &str, actor: &str, outcome: &str, changes: Value| {
        json!({"action": "UPDATE", "time": time, "actor_id": actor, "actor_email": format!("{actor}@example.com"),
            "target_type": "order", "target_id": "o'17", "outcome": outcome, "changes": changes})
    };
    // The later one is sent first.
    for one in [
        change("2026-11-20T12:00:00Z", "eve", "success", json!({"total": {"before": 12, "after": 15}})),
        change(
            "2026-11-20T10:00:00Z",
            "bob",
            "success",
            json!({"total": {"before": null, "after": 12}, "note": {"before": "a", "after": "12"}, "lines": {"before": [], "after": [{"sku": "x"}]}}),
        ),
        change("2026-11-20T11:00:00Z", "bob", "success", json!({"note": {"before": "12", "after": null}})),
        change("2026-11-20T13:00:00Z", "mallory", "failure", json!({"total": {"before": 15, "after": 0}})),
    ] {
        entry(&running, one).await;
    }
    let answer = running.get("/api/v1/blame?target_type=order&target_id=o%2717", API_KEY).await.expect(StatusCode::OK);
    let told: Vec<Value> = answer["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(|field| json!([field["field"], field["value"], field["actor_email"], field["changes"], field["action"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["total", 15, "eve@example.com", 2, "UPDATE"]),
            json!(["note", null, "bob@example.com", 2, "UPDATE"]),
            json!(["lines", [{"sku": "x"}], "bob@example.com", 1, "UPDATE"]),
        ],
        "{answer}"
    );
    assert_eq!(answer["fields"][0]["time"], "2026-11-20T12:00:00.000000000Z");
    let id = answer["fields"][0]["id"].as_str().expect("an id");
    running.get(&format!("/api/v1/audit/{id}"), API_KEY).await.expect(StatusCode::OK);
    let trail = running
        .sql_until_some(
            "SELECT actor_id FROM audit_logs WHERE project = 'whodunit' AND action = 'audit_logs_accessed' \
             AND state = 'complete' AND description LIKE '%blame'",
        )
        .await;
    assert_eq!(trail.len(), 1, "one entry");
    let other = running.get("/api/v1/blame?target_type=order&target_id=18", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(other["fields"], json!([]));
    let missing = running.get("/api/v1/blame?target_type=order", API_KEY).await.refused(StatusCode::BAD_REQUEST);
    assert_eq!(missing["field"], "target_id");
    let telemetry = key(&running, &["read_telemetry"]).await;
    running.get("/api/v1/blame?target_type=a&target_id=b", &telemetry).await.refused(StatusCode::FORBIDDEN);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_preview_says_what_rules_would_drop_and_drops_nothing() {
    let running = Running::owned().await;
    let old =
        "{\"time\":\"2020-01-02T10:00:00Z\",\"msg\":\"old\"}\n{\"time\":\"2020-01-02T11:00:00Z\",\"msg\":\"old\"}";
    log(&running, old.to_owned()).await;
    log(&running, r#"{"msg":"new"}"#.to_owned()).await;
    settle(&running).await;
    let preview = |value: Value| {
        let running = &running;
        async move { running.post("/api/v1/admin/retention/preview", API_KEY, json!({ "value": value }).to_string()).await }
    };
    let days = preview(json!([{"table": "logs", "project": "default", "days": 30}])).await.expect(StatusCode::OK);
    let drop = &days["drops"][0];
    assert_eq!((days["drops"].as_array().map(Vec::len), &days["rows"]), (Some(1), &json!(2)), "{days}");
    assert_eq!((&drop["table"], &drop["project"]), (&json!("logs"), &json!("default")));
    assert_eq!((&drop["segments"], &drop["rows"], &drop["rows_kept"]), (&json!(1), &json!(2), &json!(1)));
    assert_eq!(
        (&drop["oldest"], &drop["newest"]),
        (&json!("2020-01-02T10:00:00.000000000Z"), &json!("2020-01-02T11:00:00.000000000Z"))
    );
    assert_eq!((&drop["bytes"], drop["bytes"].as_u64() > Some(0)), (&days["bytes"], true));
    let bytes = preview(json!([{"table": "logs", "bytes": 1}])).await.expect(StatusCode::OK);
    assert_eq!((&bytes["rows"], &bytes["drops"][0]["rows_kept"]), (&json!(3), &json!(0)));
    assert_eq!(preview(json!([])).await.expect(StatusCode::OK)["drops"], json!([]));
    assert_eq!(preview(json!([{"days": 0}])).await.refused(StatusCode::BAD_REQUEST)["field"], "value");
    assert_eq!(running.sql("SELECT count(*) FROM logs WHERE project = 'default'").await, [[json!(3)]]);
    let reader = key(&running, &["read_telemetry", "read_audit"]).await;
    let refused = running.post("/api/v1/admin/retention/preview", &reader, json!({"value": []}).to_string()).await;
    refused.refused(StatusCode::FORBIDDEN);
    running.server.stop().await.expect("stops");
}

/// Somebody signed in reads what the role allows; retention is not for readers.
#[tokio::test]
async fn a_viewer_reads_and_administers_nothing() {
    let running = Running::owned().await;
    entry(&running, json!({"action": "DELETE", "actor_id": "u1"})).await;
    let viewer = json!({"email": "v@example.com", "role": "viewer", "password": PASSWORD}).to_string();
    running.post("/api/v1/admin/users", API_KEY, viewer).await.expect(StatusCode::CREATED);
    let (cookie, csrf) = running.sign_in_as("v@example.com").await;
    for path in [
        "/api/v1/audit/export",
        "/api/v1/audit/fields",
        "/api/v1/logs/fields",
        "/api/v1/blame?target_type=a&target_id=b",
    ] {
        let answer = running.send(running.request(Method::GET, path, &[("cookie", &cookie)], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    }
    let own = running.request(Method::GET, "/api/v1/audit/export?project=whodunit", &[("cookie", &cookie)], "");
    let own = running.send(own).await;
    assert!(own.status != StatusCode::OK || !own.text().contains("\"id\""), "{}", own.text());
    let headers = [("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str()), ("content-type", "application/json")];
    let preview = running.request(Method::POST, "/api/v1/admin/retention/preview", &headers, r#"{"value":[]}"#);
    running.send(preview).await.refused(StatusCode::FORBIDDEN);
    running.server.stop().await.expect("stops");
}
