//! The workflow of issues over HTTP: from events to states and back, across a restart, and what lists and exports say.

use std::time::Duration;

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use whodunit_stdx::World;

use crate::client::{API_KEY, Answer, INGEST_KEY, OWNER, Running};

/// How often a test looks again for what happens in the background, and for how long.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const LOOKS_MAX: usize = 1_000;

async fn change(running: &Running, method: Method, path: &str, body: &Value) -> Answer {
    let headers = [("x-api-key", API_KEY), ("content-type", "application/json")];
    running.send(running.request(method, path, &headers, body.to_string())).await
}

async fn patch(running: &Running, id: &str, body: Value) -> Value {
    change(running, Method::PATCH, &format!("/api/v1/issues/{id}"), &body).await.expect(StatusCode::OK)
}

async fn post(running: &Running, path: &str, body: Value) -> Value {
    change(running, Method::POST, path, &body).await.expect(StatusCode::OK)
}

async fn undo(running: &Running, answer: &Value) -> Value {
    post(running, "/api/v1/issues/undo", json!({"change": answer["change"]})).await
}

/// Sends one error of a type, from a user and in a release.
async fn raise(running: &Running, number: u32, kind: &str, user: &str, release: &str) {
    let event = json!({
        "event_id": format!("{number:032x}"), "platform": "python", "level": "error", "release": release,
        "exception": {"values": [{"type": kind, "value": "it broke", "stacktrace": {"frames": [
            {"function": "pay", "module": "shop.cart", "in_app": true}]}}]},
        "transaction": "/pay", "user": {"id": user},
    });
    let body = Bytes::from(format!("{{}}\n{{\"type\":\"event\"}}\n{event}\n"));
    let headers = [("x-api-key", INGEST_KEY)];
    running.send(running.request(Method::POST, "/api/1/envelope/", &headers, body)).await.expect(StatusCode::OK);
}

async fn issues(running: &Running, query: &str) -> Vec<Value> {
    let answer = running.get(&format!("/api/v1/issues?{query}"), API_KEY).await.expect(StatusCode::OK);
    answer["issues"].as_array().expect("a list").clone()
}

async fn issue(running: &Running, kind: &str) -> Value {
    issues(running, &format!("type={kind}")).await.pop().expect("an issue of the type")
}

async fn id_of(running: &Running, kind: &str) -> String {
    issue(running, kind).await["id"].as_str().expect("an id").to_owned()
}

/// The issue, once its state has this name.
async fn once(running: &Running, kind: &str, state: &str) -> Value {
    for _ in 0..LOOKS_MAX {
        let found = issue(running, kind).await;
        if found["state"]["name"] == state {
            return found;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{kind} never was {state}: {}", issue(running, kind).await);
}

#[tokio::test]
async fn what_was_resolved_and_happens_again_is_regressed_also_after_a_restart() {
    let running = Running::owned().await;
    raise(&running, 1, "KeyError", "17", "shop@1").await;
    let found = issue(&running, "KeyError").await;
    assert_eq!(
        (&found["state"], &found["new"], &found["version"]),
        (&json!({"name": "unresolved"}), &json!(true), &json!(0))
    );
    let id = id_of(&running, "KeyError").await;
    let resolved = patch(&running, &id, json!({"state": {"name": "resolved"}, "assignee": OWNER})).await;
    assert_eq!(resolved["issues"][0]["state"]["terms"], "now", "{resolved}");
    assert_eq!(resolved["issues"][0]["assignee"]["email"], OWNER);
    assert_eq!(patch(&running, &id, json!({"assignee": OWNER})).await, json!({"issues": []}), "no change");

    let running = running.restart().await;
    assert_eq!(issue(&running, "KeyError").await["state"]["name"], "resolved");
    raise(&running, 2, "KeyError", "18", "shop@2").await;
    let regressed = once(&running, "KeyError", "regressed").await;
    assert_eq!((&regressed["state"]["release"], &regressed["events"]), (&json!("shop@2"), &json!(2)));
    assert_eq!(regressed["assignee"]["email"], OWNER, "it stays assigned");
    let history = running.get(&format!("/api/v1/issues/{id}/history"), API_KEY).await.expect(StatusCode::OK);
    let changes = history["changes"].as_array().expect("a list");
    assert_eq!((&changes[0]["action"], &changes[0]["changed_by"]), (&json!("ISSUE_REGRESS"), &json!("system/issues")));
    let rows = running
        .sql("SELECT action, actor_type, target_id, target_name FROM audit_logs WHERE action = 'ISSUE_REGRESS' AND outcome = 'success'")
        .await;
    assert_eq!(json!(rows), json!([["ISSUE_REGRESS", "system", id, "KeyError: it broke"]]));
    // Taken back by hand it is resolved again, and so it stays until the next event.
    undo(&running, &changes[0]).await;
    assert_eq!(issue(&running, "KeyError").await["state"]["name"], "resolved");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_was_ignored_comes_back_by_events_by_users_and_by_time() {
    let running = Running::owned().await;
    for (number, kind) in [(1, "ByEvents"), (2, "ByUsers"), (3, "ByTime"), (4, "Forever")] {
        raise(&running, number, kind, "17", "").await;
    }
    let until = whodunit_control::rfc3339(World::system().now().saturating_add(Duration::from_secs(5)));
    for (kind, state) in [
        ("ByEvents", json!({"name": "ignored", "terms": "events", "count": 3})),
        ("ByUsers", json!({"name": "ignored", "terms": "users", "count": 2})),
        ("ByTime", json!({"name": "ignored", "terms": "time", "until": until})),
        ("Forever", json!({"name": "ignored"})),
    ] {
        patch(&running, &id_of(&running, kind).await, json!({"state": state})).await;
    }
    for number in 10..12 {
        raise(&running, number, "ByEvents", "17", "").await;
        raise(&running, number + 10, "ByUsers", "17", "").await;
        raise(&running, number + 20, "Forever", "17", "").await;
    }
    once(&running, "ByTime", "unresolved").await;
    // Its time passed without an event; what came in between has been followed, too.
    let running = running.restart().await;
    for _ in 0..LOOKS_MAX {
        if issue(&running, "ByEvents").await["state"]["counted"] == 2 {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    let by_events = issue(&running, "ByEvents").await;
    assert_eq!((&by_events["state"]["counted"], &by_events["state"]["name"]), (&json!(2), &json!("ignored")));
    assert_eq!(issue(&running, "ByUsers").await["state"]["counted"], 1);
    raise(&running, 40, "ByEvents", "17", "").await;
    raise(&running, 41, "ByUsers", "18", "").await;
    once(&running, "ByEvents", "unresolved").await;
    once(&running, "ByUsers", "unresolved").await;
    assert_eq!(issue(&running, "Forever").await["state"]["name"], "ignored");
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn merged_issues_count_together_wherever_they_are_counted() {
    let running = Running::owned().await;
    raise(&running, 1, "KeyError", "17", "shop@1").await;
    raise(&running, 2, "IndexError", "18", "shop@2").await;
    raise(&running, 3, "ValueError", "18", "shop@2").await;
    let [a, b, c] =
        [id_of(&running, "KeyError").await, id_of(&running, "IndexError").await, id_of(&running, "ValueError").await];
    let merged = post(&running, "/api/v1/issues/merge", json!({"ids": [a], "into": b, "reason": "one bug"})).await;
    assert_eq!((&merged["issues"][0]["id"], &merged["issues"][0]["merged_into"]), (&json!(a), &json!(b)));
    let list = issues(&running, "sort=events").await;
    assert_eq!(list.len(), 2);
    assert_eq!(
        (&list[0]["id"], &list[0]["events"], &list[0]["users"], &list[0]["merged"]),
        (&json!(b), &json!(2), &json!(2), &json!([a]))
    );
    assert_eq!(list[0]["releases"], json!(["shop@1", "shop@2"]));
    let buckets: u64 = list[0]["buckets"].as_array().expect("a list").iter().filter_map(Value::as_u64).sum();
    assert_eq!(buckets, 2);
    // The one that was merged stands for the one that it was merged into.
    let shown = running.get(&format!("/api/v1/issues/{a}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!(
        (&shown["issue"]["id"], &shown["issue"]["events"], &shown["tagged_events"]),
        (&json!(b), &json!(2), &json!(2))
    );
    let events = running.get(&format!("/api/v1/errors?issue_id={b}"), API_KEY).await.expect(StatusCode::OK);
    assert_eq!(events["rows"].as_array().map(Vec::len), Some(2));
    let export = running.get(&format!("/api/admin/errors/export?issue_id={b}"), API_KEY).await;
    assert!(export.headers["content-disposition"].to_str().expect("text").contains("whodunit-errors-default"));
    assert_eq!(export.text().lines().count(), 3, "a header and two events: {}", export.text());
    let counted = running.get("/api/v1/issues/statistics", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&counted["events"], &counted["issues"], &counted["users"]), (&json!(3), &json!(2), &json!(2)));

    // What was resolved regresses by an event of what was merged into it.
    patch(&running, &b, json!({"state": {"name": "resolved"}})).await;
    raise(&running, 4, "KeyError", "17", "shop@3").await;
    let regressed = once(&running, "KeyError", "regressed").await;
    assert_eq!(regressed["id"], json!(b));

    undo(&running, &merged).await;
    let apart = issues(&running, "sort=events").await;
    let events = |id: &str| apart.iter().find(|issue| issue["id"] == id).map(|issue| issue["events"].clone());
    assert_eq!([events(&a), events(&b), events(&c)], [Some(json!(2)), Some(json!(1)), Some(json!(1))]);
    let unknown = json!({"ids": [a], "into": "00000000-0000-8000-8000-000000000000"});
    let refused = change(&running, Method::POST, "/api/v1/issues/merge", &unknown).await;
    refused.refused(StatusCode::NOT_FOUND);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn a_deleted_issue_is_gone_until_its_next_event_and_then_it_is_new() {
    let running = Running::owned().await;
    raise(&running, 1, "KeyError", "17", "shop@1").await;
    raise(&running, 2, "ValueError", "17", "shop@1").await;
    let id = id_of(&running, "KeyError").await;
    patch(&running, &id, json!({"state": {"name": "ignored"}, "assignee": OWNER})).await;
    let path = format!("/api/v1/issues/{id}");
    let deleted = change(&running, Method::DELETE, &path, &json!({"reason": "noise"})).await.expect(StatusCode::OK);
    assert_eq!(issues(&running, "type=KeyError").await, Vec::<Value>::new());
    running.get(&path, API_KEY).await.refused(StatusCode::NOT_FOUND);
    let listed = running.get("/api/v1/errors", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(listed["rows"].as_array().map(Vec::len), Some(1), "its events are hidden");
    let counted = running.get("/api/v1/issues/statistics", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(counted["events"], 1);
    assert_eq!(running.sql("SELECT count(*) FROM error_events").await, [[json!(2)]], "and still stored");

    raise(&running, 3, "KeyError", "18", "shop@2").await;
    let back = issue(&running, "KeyError").await;
    assert_eq!((&back["id"], &back["events"], &back["state"]["name"]), (&json!(id), &json!(1), &json!("unresolved")));
    assert_eq!((&back["new"], back.get("assignee")), (&json!(true), None));
    assert_eq!(back["begun_at"], back["first_seen"], "its life began with that event");
    undo(&running, &deleted).await;
    let whole = issue(&running, "KeyError").await;
    assert_eq!((&whole["events"], &whole["state"]["name"]), (&json!(2), &json!("ignored")));
    assert_eq!(whole["assignee"]["email"], OWNER);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn lists_choose_by_state_assignee_and_age_and_many_change_together() {
    let running = Running::owned().await;
    for (number, kind) in [(1, "KeyError"), (2, "IndexError"), (3, "ValueError")] {
        raise(&running, number, kind, "17", "shop@1").await;
    }
    let [a, b] = [id_of(&running, "KeyError").await, id_of(&running, "IndexError").await];
    let kinds = |query: &'static str| {
        let running = &running;
        async move {
            let mut kinds: Vec<String> = issues(running, query)
                .await
                .iter()
                .map(|issue| issue["type"].as_str().expect("a type").to_owned())
                .collect();
            kinds.sort();
            kinds
        }
    };
    let resolve = json!({"ids": [a, b], "state": {"name": "resolved", "terms": "next_release"}});
    let resolved = post(&running, "/api/v1/issues/change", resolve).await;
    assert_eq!(resolved["issues"].as_array().map(Vec::len), Some(2));
    let assigned = patch(&running, &b, json!({"assignee": OWNER})).await;
    assert_eq!(kinds("status=resolved").await, ["IndexError", "KeyError"]);
    assert_eq!(kinds("status=unresolved").await, ["ValueError"]);
    assert_eq!(kinds("status=unresolved&status=resolved&assignee=none").await, ["KeyError", "ValueError"]);
    assert_eq!(kinds("assignee=owner@example.com").await, ["IndexError"]);
    assert_eq!(kinds("status=ignored").await, Vec::<String>::new());
    let counted = running.get("/api/v1/issues/statistics?status=resolved", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(counted["events"], 2);
    let exported = running.get("/api/v1/errors/export?status=unresolved&format=csv", API_KEY).await.text();
    assert!(exported.contains("ValueError") && !exported.contains("KeyError"), "{exported}");
    for _ in 0..LOOKS_MAX {
        if kinds("new=true").await.len() == 3 {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    assert_eq!(kinds("new=true").await.len(), 3, "they are known as soon as they were followed");
    assert_eq!(kinds("new=false").await, Vec::<String>::new());
    for (query, field) in [
        ("status=solved", "status"),
        ("assignee=nobody@example.com", "assignee"),
        ("assignee=me", "assignee"),
        ("new=maybe", "new"),
    ] {
        let refused = running.get(&format!("/api/v1/issues?{query}"), API_KEY).await.refused(StatusCode::BAD_REQUEST);
        assert_eq!(refused["field"], field);
    }
    let unknown = json!({"ids": [a, "00000000-0000-8000-8000-000000000000"], "state": {"name": "unresolved"}});
    change(&running, Method::POST, "/api/v1/issues/change", &unknown).await.refused(StatusCode::NOT_FOUND);
    assert_eq!(kinds("status=resolved").await.len(), 2, "none of them, as one is not there");
    for (body, field) in [
        (json!({"ids": []}), "ids"),
        (json!({"ids": ["seventeen"]}), "ids[0]"),
        (json!({"ids": [a], "state": {"name": "solved"}}), "state"),
        (json!({"ids": [a], "state": {"name": "ignored", "terms": "events"}}), "count"),
    ] {
        let refused =
            change(&running, Method::POST, "/api/v1/issues/change", &body).await.refused(StatusCode::BAD_REQUEST);
        assert_eq!(refused["field"], field, "{body}");
    }
    let taken_back = json!({"change": resolved["change"]});
    let refused = change(&running, Method::POST, "/api/v1/issues/undo", &taken_back).await;
    assert_eq!(refused.refused(StatusCode::CONFLICT)["field"], "change", "one of them was assigned since");
    undo(&running, &assigned).await;
    undo(&running, &resolved).await;
    assert_eq!(kinds("status=resolved").await, Vec::<String>::new());
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn comments_are_said_changed_and_removed() {
    let running = Running::owned().await;
    raise(&running, 1, "KeyError", "17", "shop@1").await;
    let path = format!("/api/v1/issues/{}/comments", id_of(&running, "KeyError").await);
    let body = json!({"body": "since the last deploy"});
    let said = change(&running, Method::POST, &path, &body).await.expect(StatusCode::CREATED);
    let one = format!("{path}/{}", said["id"].as_str().expect("an id"));
    let changed = change(&running, Method::PATCH, &one, &json!({"body": "since 1.4"})).await.expect(StatusCode::OK);
    assert_eq!(changed["body"], "since 1.4");
    let list = running.get(&path, API_KEY).await.expect(StatusCode::OK);
    assert_eq!(list["comments"], json!([changed]));
    change(&running, Method::DELETE, &one, &json!({})).await.expect(StatusCode::OK);
    assert_eq!(running.get(&path, API_KEY).await.expect(StatusCode::OK), json!({"comments": []}));
    let nowhere = "/api/v1/issues/00000000-0000-8000-8000-000000000000/comments";
    change(&running, Method::POST, nowhere, &body).await.refused(StatusCode::NOT_FOUND);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn statistics_tell_the_most_frequent_values_and_the_others_together() {
    let running = Running::owned().await;
    for number in 0..12 {
        raise(&running, number, &format!("Error{number:02}"), &format!("user-{}", number % 3), "shop@1").await;
    }
    raise(&running, 20, "Error00", "user-0", "").await;
    let counted = running.get("/api/v1/issues/statistics?buckets=10", API_KEY).await.expect(StatusCode::OK);
    assert_eq!((&counted["events"], &counted["issues"], &counted["users"]), (&json!(13), &json!(12), &json!(3)));
    let series = |by: &str| {
        let all = counted["series"].as_array().expect("a list");
        all.iter().find(|series| series["by"] == by).expect("a series")["values"].as_array().expect("a list").clone()
    };
    let types = series("type");
    assert_eq!((types.len(), &types[0]["value"], &types[0]["events"]), (11, &json!("Error00"), &json!(2)));
    assert_eq!((&types[10]["others"], &types[10]["events"], types[10].get("value")), (&json!(true), &json!(2), None));
    let releases = series("release");
    assert_eq!((releases.len(), releases[1].get("value"), &releases[1]["others"]), (2, None, &json!(false)));
    assert_eq!(
        series("page"),
        [json!({"value": "/pay", "others": false, "events": 13, "buckets": series("level")[0]["buckets"]})]
    );
    let over_time: u64 = types[0]["buckets"].as_array().expect("a list").iter().filter_map(Value::as_u64).sum();
    assert_eq!(over_time, 2);
    let users = counted["top_users"].as_array().expect("a list");
    assert_eq!(
        (users.len(), &users[0]["user"], &users[0]["events"], &users[0]["issues"]),
        (3, &json!("user-0"), &json!(5), &json!(4))
    );
    let few = running.get("/api/v1/issues/statistics?type=Error01", API_KEY).await.expect(StatusCode::OK);
    assert_eq!(few["events"], 1);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn similar_issues_share_type_and_culprit_or_frames() {
    let running = Running::owned().await;
    // All break in one function of the application; the one of another type breaks there as well.
    for (number, kind) in [(1, "KeyError"), (2, "IndexError")] {
        raise(&running, number, kind, "17", "shop@1").await;
    }
    let elsewhere = json!({
        "event_id": format!("{:032x}", 3), "platform": "python",
        "exception": {"values": [{"type": "KeyError", "value": "it broke", "stacktrace": {"frames": [
            {"function": "ship", "module": "shop.store", "in_app": true}]}}]},
    });
    let body = Bytes::from(format!("{{}}\n{{\"type\":\"event\"}}\n{elsewhere}\n"));
    let request = running.request(Method::POST, "/api/1/envelope/", &[("x-api-key", INGEST_KEY)], body);
    running.send(request).await.expect(StatusCode::OK);
    let path = format!("/api/v1/issues/{}/similar", id_of(&running, "IndexError").await);
    let answer = running.get(&path, API_KEY).await.expect(StatusCode::OK);
    let similar = answer["issues"].as_array().expect("a list");
    assert_eq!((similar.len(), &answer["compared"]), (1, &json!(1)), "one breaks elsewhere: {answer}");
    let one = &similar[0];
    assert_eq!((&one["issue"]["type"], &one["issue"]["state"]["name"]), (&json!("KeyError"), &json!("unresolved")));
    assert_eq!((&one["same_type"], &one["same_culprit"]), (&json!(false), &json!(true)));
    assert_eq!((&one["shared_frames"], &one["frames"]), (&json!(1), &json!(1)));
    // By the project's own rules, as its events are grouped: then nothing of the application is left to share.
    let rules = json!({"value": {"default": "module:shop.cart -app\n"}});
    change(&running, Method::PUT, "/api/v1/admin/settings/grouping", &rules).await.expect(StatusCode::OK);
    let answer = running.get(&path, API_KEY).await.expect(StatusCode::OK);
    assert_eq!(answer["issues"], json!([]), "{answer}");
    let nowhere = "/api/v1/issues/00000000-0000-8000-8000-000000000000/similar";
    running.get(nowhere, API_KEY).await.refused(StatusCode::NOT_FOUND);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn the_list_of_issues_is_exported_as_it_stands_and_recorded() {
    let running = Running::owned().await;
    for (number, kind, user) in
        [(1, "KeyError", "17"), (2, "KeyError", "18"), (3, "IndexError", "17"), (4, "=cmd()", "17")]
    {
        raise(&running, number, kind, user, "shop@1").await;
    }
    let id = id_of(&running, "IndexError").await;
    patch(&running, &id, json!({"state": {"name": "resolved"}})).await;
    let export = async |query: &str| running.get(&format!("/api/v1/issues/export?{query}"), API_KEY).await;
    let rows = async |query: &str| -> Vec<Value> {
        let answer = export(query).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };

    // In the order and with the words of the list.
    let listed = issues(&running, "sort=events").await;
    let exported = rows("sort=events&format=ndjson").await;
    assert_eq!(exported.len(), 3);
    for (one, other) in exported.iter().zip(&listed) {
        for name in [
            "id",
            "title",
            "type",
            "culprit",
            "level",
            "events",
            "users",
            "first_seen",
            "last_seen",
            "begun_at",
            "new",
            "releases",
        ] {
            assert_eq!(one[name], other[name], "{name}: {one}");
        }
        assert_eq!(one["state"], other["state"]["name"]);
    }
    // Of exactly the filter.
    for (query, kinds) in [
        ("status=resolved", vec!["IndexError"]),
        ("type=KeyError", vec!["KeyError"]),
        ("user=18&sort=users", vec!["KeyError"]),
        ("status=ignored", vec![]),
    ] {
        let found = rows(query).await;
        assert_eq!(found.iter().map(|one| one["type"].as_str().expect("a text")).collect::<Vec<_>>(), kinds, "{query}");
    }
    let resolved = &rows("status=resolved").await[0];
    assert_eq!((&resolved["state"], &resolved["state_terms"]), (&json!("resolved"), &json!("now")), "{resolved}");
    let csv = export("format=csv&formulas=escape&type=%3Dcmd()").await;
    assert!(csv.headers["content-type"].to_str().is_ok_and(|media| media.starts_with("text/csv")));
    let named = csv.headers["content-disposition"].to_str().expect("text").to_owned();
    assert!(named.contains("filename=\"whodunit-issues-default-") && named.ends_with(".csv\""), "{named}");
    let text = csv.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("id,title,type,culprit,"), "{text}");
    assert!(lines[1].contains("'=cmd()") && lines[1].contains("\"[\"\"shop@1\"\"]\""), "{text}");
    let array = export("format=json&sort=events").await.expect(StatusCode::OK);
    assert_eq!(array, json!(exported));

    for (query, field) in
        [("limit=3", "limit"), ("buckets=9", "buckets"), ("sort=colour", "sort"), ("format=pdf", "format")]
    {
        assert_eq!(export(query).await.refused(StatusCode::BAD_REQUEST)["field"], field, "{query}");
    }
    running.get("/api/v1/issues/export", INGEST_KEY).await.refused(StatusCode::FORBIDDEN);
    let trail = running
        .sql_until_some(
            "SELECT count(*) FROM audit_logs WHERE project = 'whodunit' AND state = 'complete' AND outcome = 'success'
             AND description LIKE '%export_issues' HAVING count(*) = 8",
        )
        .await;
    assert_eq!(trail, [[json!(8)]]);
    running.server.stop().await.expect("stops");
}

#[tokio::test]
async fn what_users_said_is_exported_and_recorded() {
    let running = Running::owned().await;
    for (number, said) in [(1, "the cart is empty"), (2, "=1+1")] {
        let item =
            json!({"event_id": format!("{number:032x}"), "name": "ann", "email": "ann@example.com", "comments": said});
        let body = Bytes::from(format!("{{}}\n{{\"type\":\"user_report\"}}\n{item}\n"));
        let request = running.request(Method::POST, "/api/1/envelope/", &[("x-api-key", INGEST_KEY)], body);
        running.send(request).await.expect(StatusCode::OK);
    }
    let export = async |query: &str| running.get(&format!("/api/v1/feedback/export?{query}"), API_KEY).await;
    let array = export("format=json").await.expect(StatusCode::OK);
    let said: Vec<&Value> = array.as_array().expect("a list").iter().map(|one| &one["message"]).collect();
    assert_eq!(said, ["=1+1", "the cart is empty"], "newest first");
    let lines = export("q=cart").await;
    assert_eq!((lines.status, lines.text().lines().count()), (StatusCode::OK, 1));
    assert!(lines.headers["content-disposition"].to_str().expect("text").contains("whodunit-feedback-default-"));
    assert!(export("format=csv&formulas=escape").await.text().contains("'=1+1"));
    assert_eq!(export("limit=3").await.refused(StatusCode::BAD_REQUEST)["field"], "limit");
    let trail = running
        .sql_until_some(
            "SELECT count(*) FROM audit_logs WHERE project = 'whodunit' AND state = 'complete'
             AND description LIKE '%export_feedback' HAVING count(*) = 3",
        )
        .await;
    assert_eq!(trail, [[json!(3)]]);
    running.server.stop().await.expect("stops");
}
