//! Sentry's clients against a server: who may send, what comes of it, and where it is found.

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, INGEST_KEY, Running};

const EVENT: &str = "9ec79c33ec9942ab8353589fcb2e04dc";

type Headers<'h> = &'h [(&'h str, &'h str)];

async fn public_key(running: &Running) -> String {
    let keys = running.get("/api/v1/admin/keys", API_KEY).await.expect(StatusCode::OK);
    let listed = keys["keys"].as_array().expect("a list");
    listed.iter().find_map(|key| key["public_id"].as_str()).expect("the ingest key has a public part").to_owned()
}

fn envelope(header: Value, event: Value) -> Bytes {
    Bytes::from(format!("{header}\n{{\"type\":\"event\"}}\n{event}\n"))
}

fn event() -> Value {
    json!({
        "event_id": EVENT, "platform": "python", "level": "error", "environment": "staging",
        "exception": {"values": [{"type": "KeyError", "value": "'price'", "stacktrace": {"frames": [
            {"function": "pay", "module": "shop.cart", "in_app": true}]}}]},
        "tags": {"request_id": "req-7"}, "user": {"id": "17", "email": "ann@example.com"},
    })
}

async fn send(running: &Running, path: &str, headers: &[(&str, &str)], body: Bytes) -> Answer {
    running.send(running.request(Method::POST, path, headers, body)).await
}

#[tokio::test]
async fn an_error_is_found_where_all_signals_are() {
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let sent = format!("Sentry sentry_key={key}, sentry_version=7");
    let answer = send(&running, "/api/1/envelope/", &[("x-sentry-auth", &sent)], envelope(json!({}), event())).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert_eq!(answer.expect(StatusCode::OK), json!({"id": EVENT}));

    let rows =
        running.sql("SELECT type, value, culprit, actor_id, correlation_id, environment FROM error_events").await;
    assert_eq!(json!(rows), json!([["KeyError", "'price'", "pay (shop.cart)", "17", "req-7", "staging"]]));
    let rows = running.sql("SELECT signal, level, error_type, message FROM error_logs").await;
    assert_eq!(json!(rows), json!([["error_events", "ERROR", "KeyError", "'price'"]]));

    let list = running.get("/api/v1/errors?actor_id=17&q=KeyError", API_KEY).await.expect(StatusCode::OK);
    let row = &list["rows"][0];
    assert_eq!((&row["title"], row.get("raw")), (&json!("KeyError: 'price'"), None), "{list}");
    let issue = row["issue_id"].as_str().expect("an id");
    let of_issue = running.get(&format!("/api/v1/errors?issue_id={issue}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!(of_issue["rows"].as_array().map(Vec::len), Some(1));
    let nobody = running.get("/api/v1/errors?actor_id=18", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(nobody["rows"], json!([]));

    let found = running.get(&format!("/api/v1/errors/{EVENT}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!(found["event"]["exception"][0]["type"], "KeyError", "{found}");
    running.get(&format!("/api/v1/errors/{}", "0".repeat(32)), API_KEY).await.refused(StatusCode::NOT_FOUND);
    running.get("/api/v1/errors/seventeen", API_KEY).await.refused(StatusCode::BAD_REQUEST);

    let timeline = running.get("/api/v1/timeline?correlation_id=req-7", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(timeline["rows"][0]["signal"], "error_events", "{timeline}");
    assert_eq!(timeline["rows"][0]["summary"], "KeyError: 'price'");
    let summary = running.get("/api/v1/activity/summary", API_KEY).await.expect(StatusCode::OK);
    assert!(summary.to_string().contains("\"errors\":1"), "{summary}");

    let sources = running.get("/api/v1/sources", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(sources["sources"][0]["protocol"], "sentry", "{sources}");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn the_public_key_is_taken_in_every_form_and_opens_nothing_else() {
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let dsn = format!("http://{key}@errors.example.com/1");
    let basic =
        format!("Basic {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("{key}:")));
    let header = format!("Sentry sentry_key={key}");
    let query = format!("/api/1/envelope/?sentry_version=7&sentry_key={key}");
    let cases: &[(&str, Headers<'_>, Value)] = &[
        ("/api/1/envelope/", &[("x-sentry-auth", &header)], json!({})),
        ("/api/default/envelope", &[("authorization", &header)], json!({})),
        ("/api/1/envelope/", &[("authorization", &basic)], json!({})),
        (&query, &[], json!({})),
        ("/api/1/envelope/", &[], json!({"dsn": dsn})),
        // The same DSN once more is no other one, by whichever name of the project.
        ("/api/1/envelope/", &[("x-sentry-auth", &header)], json!({"dsn": dsn})),
        (&query, &[], json!({"dsn": format!("http://{key}:old-secret@errors.example.com/default")})),
        ("/api/1/envelope/", &[("x-api-key", INGEST_KEY)], json!({})),
    ];
    // The same event again would be stored once.
    let numbered = |number: usize| {
        let mut event = event();
        event["event_id"] = json!(format!("{number:032x}"));
        event
    };
    for (number, (path, headers, first)) in cases.iter().enumerate() {
        send(&running, path, headers, envelope(first.clone(), numbered(number))).await.expect(StatusCode::OK);
    }
    for (number, path) in [(100, "/api/1/store/"), (101, "/api/store/")] {
        let body = numbered(number).to_string().into();
        send(&running, path, &[("x-sentry-auth", &header)], body).await.expect(StatusCode::OK);
    }
    let rows = running.sql("SELECT count(*) FROM error_events").await;
    assert_eq!(rows[0][0], cases.len() + 2);

    let unknown = "Sentry sentry_key=0123456789abcdef0123456789abcdef";
    let other = format!("http://{key}@errors.example.com/2");
    let stranger = "http://0123456789abcdef0123456789abcdef@errors.example.com/1";
    let refused: &[(&str, Headers<'_>, Value, StatusCode)] = &[
        ("/api/1/envelope/", &[], json!({}), StatusCode::UNAUTHORIZED),
        ("/api/1/envelope/", &[("x-sentry-auth", unknown)], json!({"dsn": dsn}), StatusCode::UNAUTHORIZED),
        (&query, &[("x-sentry-auth", &header)], json!({}), StatusCode::UNAUTHORIZED),
        (
            "/api/1/envelope/",
            &[("x-sentry-auth", &header), ("authorization", &basic)],
            json!({}),
            StatusCode::UNAUTHORIZED,
        ),
        ("/api/1/envelope/", &[("x-sentry-auth", &header)], json!({"dsn": other}), StatusCode::FORBIDDEN),
        (&query, &[], json!({"dsn": stranger}), StatusCode::FORBIDDEN),
        ("/api/1/envelope/", &[], json!({"dsn": other}), StatusCode::FORBIDDEN),
        ("/api/0/envelope/", &[("x-sentry-auth", &header)], json!({}), StatusCode::FORBIDDEN),
        ("/api/7/envelope/", &[("x-sentry-auth", &header)], json!({}), StatusCode::NOT_FOUND),
    ];
    for (path, headers, first, status) in refused {
        let answer = send(&running, path, headers, envelope(first.clone(), event())).await;
        assert!(answer.headers.contains_key("x-sentry-error"), "{}", answer.text());
        assert!(answer.expect(*status)["detail"].is_string());
    }
    for path in ["/api/v1/logs", "/api/v1/audit", "/loki/api/v1/push"] {
        let answer =
            send(&running, path, &[("authorization", &format!("Bearer {key}"))], Bytes::from_static(b"{}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: it is public");
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_is_broken_is_refused_and_what_is_not_stored_is_not() {
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let sent = format!("Sentry sentry_key={key}");
    let cases: &[(&str, &str, StatusCode)] = &[
        ("", "", StatusCode::BAD_REQUEST),
        ("", "nothing", StatusCode::BAD_REQUEST),
        ("", "{}\n{\"type\":\"event\"}\n{broken", StatusCode::BAD_REQUEST),
        ("gzip", "{}\n", StatusCode::BAD_REQUEST),
        ("compress", "{}\n", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("", "{}\n", StatusCode::OK),
        ("", "{}\n{\"type\":\"profile\"}\n{}\n{\"type\":\"of tomorrow\"}\n{}\n", StatusCode::OK),
        ("UTF-8", "{}\n{\"type\":\"event\"}\n{broken\n{\"type\":\"event\"}\n{\"message\":\"kept\"}", StatusCode::OK),
    ];
    for (encoding, body, status) in cases {
        let headers = [("x-sentry-auth", sent.as_str()), ("content-encoding", encoding)];
        let answer = send(&running, "/api/1/envelope/", &headers, Bytes::from_static(body.as_bytes())).await;
        assert_eq!(answer.status, *status, "{body}: {}", answer.text());
    }
    let sources = running.get("/api/v1/sources", API_KEY).await.expect(StatusCode::OK);
    let reasons = sources["sources"][0]["reasons"].as_array().expect("a list");
    for code in ["not_stored_profile", "unknown_item"] {
        assert!(reasons.contains(&json!({"code": code, "count": 1})), "{sources}");
    }
    let preflight = running
        .send(running.request(Method::OPTIONS, "/api/1/envelope/", &[("origin", "https://shop.example.com")], ""))
        .await;
    assert_eq!(
        (preflight.status, &preflight.headers["access-control-max-age"]),
        (StatusCode::OK, &"3600".parse().unwrap())
    );
    assert_eq!(preflight.headers["access-control-allow-origin"], "*");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn issues_are_counted_from_their_events_and_say_why() {
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let sent = format!("Sentry sentry_key={key}");
    let of = |number: u64, user: &str, release: &str, kind: &str| {
        let mut event = event();
        event["event_id"] = json!(format!("{number:032x}"));
        event["user"] = json!({"id": user});
        event["release"] = json!(release);
        event["exception"]["values"][0]["type"] = json!(kind);
        event
    };
    let events = [
        of(1, "17", "shop@1", "KeyError"),
        of(2, "17", "shop@2", "KeyError"),
        of(3, "18", "shop@2", "KeyError"),
        of(4, "18", "shop@2", "ValueError"),
    ];
    for event in events {
        let body = envelope(json!({}), event);
        send(&running, "/api/1/envelope/", &[("x-sentry-auth", &sent)], body).await.expect(StatusCode::OK);
    }
    let answer = running.get("/api/v1/issues?sort=events", API_KEY).await.expect(StatusCode::OK);
    let issues = answer["issues"].as_array().expect("a list");
    assert_eq!((issues.len(), &answer["more"]), (2, &json!(false)), "{answer}");
    let first = &issues[0];
    assert_eq!(
        (&first["title"], &first["type"], &first["level"]),
        (&json!("KeyError: 'price'"), &json!("KeyError"), &json!("ERROR"))
    );
    assert_eq!((&first["events"], &first["users"]), (&json!(3), &json!(2)));
    assert_eq!((&first["releases"], &first["environments"]), (&json!(["shop@1", "shop@2"]), &json!(["staging"])));
    let counted: u64 = first["buckets"].as_array().expect("a list").iter().filter_map(Value::as_u64).sum();
    assert_eq!(counted, 3, "{first}");
    let one = running.get("/api/v1/issues?release=shop@1", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&one["issues"][0]["events"], one["issues"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let few = running.get("/api/v1/issues?limit=1", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((few["issues"].as_array().map(Vec::len), &few["more"]), (Some(1), &json!(true)));
    running.get("/api/v1/issues?sort=colour", API_KEY).await.refused(StatusCode::BAD_REQUEST);

    let id = first["id"].as_str().expect("an id");
    let shown = running.get(&format!("/api/v1/issues/{id}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&shown["issue"]["events"], &shown["tagged_events"]), (&json!(3), &json!(3)), "{shown}");
    assert_eq!(
        shown["tags"],
        json!([{"name": "request_id", "events": 3, "values": [{"value": "req-7", "events": 3}]}])
    );
    assert_eq!(shown["latest"]["actor_id"], "18");
    let explanation = shown["grouping"]["explanation"].as_str().expect("a text");
    assert!(
        explanation.contains("by the exceptions and their stacks") && explanation.contains("KeyError"),
        "{explanation}"
    );
    running.get(&format!("/api/v1/issues/{id}?to=2020-01-01"), API_KEY).await.refused(StatusCode::NOT_FOUND);
    running.server.stop().await.expect("stops");
}

/// Percent-encoded as browsers do, with what they let stand.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[tokio::test]
async fn the_oldest_clients_put_an_event_into_the_address_of_a_picture() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let of = |number: u32, message: &str| json!({"event_id": format!("{number:032x}"), "message": message}).to_string();
    let zlib = |text: &str| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    };
    // Base64 of this has plus signs and slashes.
    let odd = "a + b é ÿÿÿ>>>???";
    let cases = [
        ("/api/1/store/", encoded(&of(1, odd))),
        ("/api/default/store", STANDARD.encode(of(2, odd))),
        ("/api/1/store/", encoded(&STANDARD.encode(of(3, odd)))),
        ("/api/1/store/", encoded(&STANDARD.encode(zlib(&of(4, odd))))),
        ("/api/store/", STANDARD.encode(zlib(&of(5, odd)))),
    ];
    for (path, data) in &cases {
        let path = format!("{path}?sentry_version=4&sentry_client=raven-js/1.1&sentry_key={key}&sentry_data={data}");
        let answer =
            running.send(running.request(Method::GET, &path, &[("origin", "https://shop.example.com")], "")).await;
        assert_eq!((answer.status, &answer.headers["content-type"]), (StatusCode::OK, &"image/gif".parse().unwrap()));
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert!(answer.body.starts_with(b"GIF89a\x01\0\x01\0") && answer.body.ends_with(b";"), "{:?}", answer.body);
    }
    let rows = running.sql("SELECT value, count(*) FROM error_events GROUP BY value").await;
    assert_eq!(json!(rows), json!([[odd, cases.len()]]));
    let refused = [
        (format!("/api/1/store/?sentry_key={key}"), StatusCode::BAD_REQUEST),
        (format!("/api/1/store/?sentry_key={key}&sentry_data=nothing"), StatusCode::BAD_REQUEST),
        ("/api/1/store/?sentry_data=%7B%7D".to_owned(), StatusCode::UNAUTHORIZED),
        (format!("/api/7/store/?sentry_key={key}&sentry_data=%7B%7D"), StatusCode::NOT_FOUND),
    ];
    for (path, status) in refused {
        let answer = running.send(running.request(Method::GET, &path, &[], "")).await;
        assert!(answer.headers.contains_key("x-sentry-error"), "{path}: {}", answer.text());
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn every_way_in_for_browsers_may_be_used_from_every_site() {
    let running = Running::owned().await;
    for path in ["envelope/", "envelope", "store/", "store", "security/", "csp-report/", "nel/"] {
        let path = format!("/api/1/{path}");
        let asked = [("origin", "https://shop.example.com"), ("access-control-request-method", "POST")];
        let answer = running.send(running.request(Method::OPTIONS, &path, &asked, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "POST"),
            ("access-control-max-age", "3600"),
            ("access-control-expose-headers", "x-sentry-error, x-sentry-rate-limits, retry-after"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let allowed = answer.headers["access-control-allow-headers"].to_str().expect("text");
        for name in ["x-sentry-auth", "content-type", "content-encoding", "authorization"] {
            assert!(allowed.contains(name), "{path}: {allowed}");
        }
    }
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_check_in_is_never_told_that_it_comes_too_often() {
    let running = Running::owned().await;
    let key = public_key(&running).await;
    let rules = json!({"value": {"default": {"key_category_items_per_minute": {"monitor": 1}}}}).to_string();
    let headers = [("x-api-key", API_KEY), ("content-type", "application/json")];
    let path = "/api/v1/admin/settings/intake";
    running.send(running.request(Method::PUT, path, &headers, rules)).await.expect(StatusCode::OK);
    for number in 0..6 {
        let path = format!("/api/1/cron/nightly/{key}/?status=ok&check_in_id={number:032x}");
        let answer = running.send(running.request(Method::GET, &path, &[], "")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    }
    // What is past the limit is left out and counted all the same.
    let stored = running.sql("SELECT count(*) FROM check_ins").await[0][0].as_u64().expect("a number");
    assert!((1..6).contains(&stored), "{stored}");
    let sources = running.get("/api/v1/sources", API_KEY).await.expect(StatusCode::OK);
    let left_out = json!({"code": "rate_limited_monitor", "count": 6 - stored});
    assert!(sources["sources"][0]["reasons"].as_array().expect("a list").contains(&left_out), "{sources}");
    running.server.stop().await.expect("stops");
}
