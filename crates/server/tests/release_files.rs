//! Files of releases that are uploaded one by one: taken, listed, used for frames, deleted, and who may.

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{API_KEY, Answer, INGEST_KEY, Running};

const FILES: &str = "/api/0/projects/any/default/releases/shop@1/files/";
const MAP: &str =
    r#"{"version":3,"sources":["src/cart.js"],"names":["total"],"mappings":"AAAAA","sourcesContent":["total() // é"]}"#;

/// A form with parts of text, and the file.
fn form(parts: &[(&str, &str)], file: &str) -> Bytes {
    let mut body = String::new();
    for (name, value) in parts {
        body += &format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"app.js\"";
    body +=
        &format!("--b0undary\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n{file}\r\n--b0undary--\r\n");
    body.into()
}

async fn ask(running: &Running, method: Method, path: &str, body: Bytes) -> Answer {
    let headers = [("x-api-key", API_KEY), ("content-type", "multipart/form-data; boundary=b0undary")];
    running.send(running.request(method, path, &headers, body)).await
}

async fn upload(running: &Running, path: &str, parts: &[(&str, &str)], file: &str) -> Answer {
    ask(running, Method::POST, path, form(parts, file)).await
}

/// The innermost frame of an error that a minified script threw.
async fn thrown(running: &Running, number: u32, dist: &str) -> Value {
    let frame = json!({"function": "a", "abs_path": "https://shop.example/static/app.js", "lineno": 1, "colno": 1});
    let event = json!({
        "event_id": format!("{number:032x}"), "platform": "javascript", "release": "shop@1", "dist": dist,
        "exception": {"values": [{"type": "TypeError", "value": "no total", "stacktrace": {"frames": [frame]}}]},
    });
    let request = running.request(Method::POST, "/api/1/store/", &[("x-api-key", INGEST_KEY)], event.to_string());
    running.send(request).await.expect(StatusCode::OK);
    let found = running.get(&format!("/api/v1/errors/{number:032x}"), API_KEY).await.expect(StatusCode::OK);
    found["event"]["exception"][0]["stacktrace"]["frames"][0].clone()
}

#[tokio::test]
async fn a_script_and_its_map_come_one_by_one_and_frames_are_those_of_the_source() {
    let running = Running::owned().await;
    let script = "a();\n//# sourceMappingURL=app.js.map";
    let map = upload(&running, FILES, &[("name", "~/static/app.js.map")], MAP).await.expect(StatusCode::CREATED);
    let expected = json!({"name": "~/static/app.js.map", "dist": null, "headers": {}, "size": MAP.len()});
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(map[name], *value, "{map}");
    }
    let sent = [("name", "~/static/app.js"), ("header", "Sourcemap:app.js.map"), ("header", "X-Note: a: b")];
    let sent = upload(&running, FILES, &sent, script).await.expect(StatusCode::CREATED);
    assert_eq!(sent["headers"], json!({"Sourcemap": "app.js.map", "X-Note": "a: b"}));

    let frame = thrown(&running, 1, "").await;
    assert_eq!(
        (&frame["filename"], &frame["context_line"]),
        (&json!("src/cart.js"), &json!("total() // é")),
        "{frame}"
    );
    assert_eq!(frame["data"]["sourcemap"], "~/static/app.js.map", "{frame}");

    let list = ask(&running, Method::GET, FILES, Bytes::new()).await.expect(StatusCode::OK);
    let names: Vec<&Value> = list.as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["~/static/app.js", "~/static/app.js.map"]);
    let by = async |filter: &str| ask(&running, Method::GET, &format!("{FILES}?{filter}"), Bytes::new()).await.json();
    let sha1 = map["sha1"].as_str().expect("a text");
    assert_eq!(by(&format!("checksum={sha1}")).await, json!([map]));
    let both = format!("cursor=&checksum={sha1}&checksum={}", sent["sha1"].as_str().expect("a text"));
    assert_eq!(by(&both).await, list);
    assert_eq!(by("query=.map").await, json!([map]));
    assert_eq!(by("query=nothing").await, json!([]));
    let held = running.get("/api/v1/storage", API_KEY).await.expect(StatusCode::OK);
    let [uploads] = &held["uploads"].as_array().expect("a list")[..] else { panic!("one project: {held}") };
    // Each file has its description beside it.
    assert_eq!((&uploads["project"], &uploads["files"]), (&json!("default"), &json!(4)), "{held}");
    assert!(uploads["bytes"].as_u64() > Some((MAP.len() + script.len()) as u64), "{held}");
    let ours = running.get("/api/v1/sourcemaps", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((ours["files"].as_array().map(Vec::len), &ours["more_files"]), (Some(2), &json!(false)), "{ours}");
    let one = format!("{FILES}{}/", map["id"].as_str().expect("an id"));
    assert_eq!(ask(&running, Method::GET, &one, Bytes::new()).await.expect(StatusCode::OK), map);

    // The older path, without a project, is that of the key's own or of `default`.
    let older = "/api/0/organizations/any/releases/shop@1/files/";
    assert_eq!(ask(&running, Method::GET, older, Bytes::new()).await.expect(StatusCode::OK), list);

    ask(&running, Method::DELETE, &one, Bytes::new()).await.expect(StatusCode::NO_CONTENT);
    for method in [Method::DELETE, Method::GET] {
        ask(&running, method, &one, Bytes::new()).await.expect(StatusCode::NOT_FOUND);
    }
    assert_eq!(thrown(&running, 2, "").await["context_line"], Value::Null, "its map is gone");
    let all = "/api/0/projects/any/default/files/source-maps/?name=shop@1";
    ask(&running, Method::DELETE, all, Bytes::new()).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(ask(&running, Method::GET, FILES, Bytes::new()).await.expect(StatusCode::OK), json!([]));

    let trail = running
        .sql(
            "SELECT action, count(*) FROM audit_logs WHERE project = 'whodunit' AND action LIKE 'SOURCEMAPS%'
             AND outcome = 'success' GROUP BY action ORDER BY action",
        )
        .await;
    assert_eq!(json!(trail), json!([["SOURCEMAPS_DELETE", 2], ["SOURCEMAPS_UPLOAD", 2]]));
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_dist_keeps_builds_of_a_release_apart_and_survives_a_restart() {
    let running = Running::owned().await;
    let other = MAP.replace("total() // é", "tax()");
    for (dist, map) in [("42", other.as_str()), ("", MAP)] {
        let parts = [("name", "~/static/app.js.map"), ("dist", dist)];
        upload(&running, FILES, &parts, map).await.expect(StatusCode::CREATED);
    }
    let running = running.restart().await;
    assert_eq!(thrown(&running, 1, "42").await["context_line"], "tax()");
    assert_eq!(thrown(&running, 2, "43").await["context_line"], "total() // é", "a file without a dist is for all");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_is_no_file_of_a_release_is_refused() {
    let running = Running::owned().await;
    let name = [("name", "~/a.js")];
    upload(&running, FILES, &name, "a").await.expect(StatusCode::CREATED);
    let again = upload(&running, FILES, &name, "b").await;
    assert!(again.headers.contains_key("x-sentry-error"));
    again.expect(StatusCode::CONFLICT);
    upload(&running, FILES, &[("name", "~/a.js"), ("dist", "2")], "b").await.expect(StatusCode::CREATED);
    // Without a name it is called as its file is.
    let unnamed = upload(&running, FILES, &[], "c").await.expect(StatusCode::CREATED);
    assert_eq!(unnamed["name"], "app.js");
    let long = "x".repeat(501);
    upload(&running, FILES, &[("name", &long)], "a").await.expect(StatusCode::BAD_REQUEST);
    let without =
        Bytes::from_static(b"--b0undary\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--b0undary--\r\n");
    ask(&running, Method::POST, FILES, without).await.expect(StatusCode::BAD_REQUEST);
    let plain = running.request(Method::POST, FILES, &[("x-api-key", API_KEY), ("content-type", "text/plain")], "a");
    running.send(plain).await.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let elsewhere = "/api/0/projects/any/nowhere/releases/shop@1/files/";
    upload(&running, elsewhere, &name, "a").await.expect(StatusCode::NOT_FOUND);
    // Who only sends errors puts nothing in the way of their frames.
    let headers = [("x-api-key", INGEST_KEY), ("content-type", "multipart/form-data; boundary=b0undary")];
    let request = running.request(Method::POST, FILES, &headers, form(&[("name", "~/b.js")], "b"));
    running.send(request).await.expect(StatusCode::FORBIDDEN);
    running.server.stop().await.expect("stops");
}
