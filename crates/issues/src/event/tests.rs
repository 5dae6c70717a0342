use serde_json::json;

use super::*;

fn skipped(document: &Value) -> Vec<String> {
    Event::read(document).skipped.iter().map(|one| format!("{}: {}", one.path, one.why)).collect()
}

#[test]
fn an_event_is_read_whole() {
    let document = json!({
        "event_id": "B888F419-DED0-493A-A366-59235CA963F7", "timestamp": 1_795_845_008.5, "platform": "python",
        "level": "critical", "logger": "shop", "transaction": "cart", "server_name": "web-1", "release": "shop@1.2.0",
        "dist": 7, "environment": "production",
        "logentry": {"message": "user %s failed", "params": ["eve", 3, null], "formatted": "user eve failed"},
        "exception": {"values": [{"type": "KeyError", "value": "'b'", "mechanism": {"type": "flask", "handled": false},
            "stacktrace": {"frames": [{"function": "view", "lineno": 12, "in_app": true, "vars": {"a": 1}}]}}]},
        "threads": {"values": [{"id": 1, "crashed": true, "current": true}]},
        "breadcrumbs": [{"timestamp": "2026-11-28T05:50:07Z", "level": "warn", "message": "slow", "data": {}}],
        "request": {"url": "https://shop.example.com/", "headers": [["Host", "shop.example.com"]], "query_string": "a=1"},
        "user": {"id": 17, "email": "eve@example.com", "plan": "free"},
        "tags": [["server", "a"], {"key": "zone", "value": 2}],
        "sdk": {"name": "sentry.python", "version": "2.75.0", "integrations": ["flask"]},
        "fingerprint": ["a", 5, true], "modules": {"flask": "3.0"},
        "debug_meta": {"images": [{"type": "sourcemap", "debug_id": "x", "code_file": "app.js"}]},
    });
    let event = Event::read(&document);
    assert_eq!(event.skipped, []);
    assert_eq!(event.event_id.as_deref(), Some("b888f419ded0493aa36659235ca963f7"));
    assert_eq!(event.time, Some(Time(1_795_845_008_500_000_000)));
    assert_eq!((event.level, event.dist.as_deref()), (Some(Level::Fatal), Some("7")));
    let message = event.message.as_ref().unwrap();
    assert_eq!((message.text(), message.parameters.join("|")), ("user eve failed", "eve|3|null".to_owned()));
    let thrown = event.thrown().unwrap();
    assert_eq!((thrown.kind.as_deref(), event.handled()), (Some("KeyError"), Some(false)));
    assert_eq!(thrown.stack.as_ref().unwrap().frames[0].line, Some(12));
    assert_eq!((event.tag("server"), event.tag("zone"), event.tag("other")), (Some("a"), Some("2"), None));
    assert_eq!(event.user.as_ref().unwrap().id.as_deref(), Some("17"));
    assert_eq!(event.fingerprint, ["a", "5", "true"]);
    assert_eq!(event.breadcrumbs[0].level, Some(Level::Warning));
    assert_eq!(event.images[0].code_file.as_deref(), Some("app.js"));
}

#[test]
fn wrong_types_are_left_out_and_named() {
    let document = json!({
        "event_id": "short", "timestamp": {}, "platform": 5, "level": "loud", "message": ["x"],
        "exception": {"values": [7, {"type": {"a": 1}, "value": {"code": 5}, "stacktrace": {"frames": [
            {"function": 1, "lineno": -1, "in_app": "yes"}]}}]},
        "threads": "none", "tags": {"a": [], "b": null}, "fingerprint": 5, "extra": [], "request": 1,
        "user": null, "breadcrumbs": {"values": 5},
    });
    assert_eq!(
        skipped(&document),
        [
            "event_id: expected 32 hexadecimal digits",
            "timestamp: expected seconds or an ISO time",
            "platform: expected a text",
            "level: expected a level",
            "message: expected a text or a number",
            "exception.values[0]: expected an object",
            "exception.values[1].type: expected a text or a number",
            "exception.values[1].stacktrace.frames[0].function: expected a text",
            "exception.values[1].stacktrace.frames[0].lineno: expected a whole number",
            "exception.values[1].stacktrace.frames[0].in_app: expected true or false",
            "threads: expected a list",
            "breadcrumbs.values: expected a list",
            "request: expected an object",
            "tags.a: expected a text or a number",
            "extra: expected an object",
            "fingerprint: expected a list",
        ]
    );
    let event = Event::read(&document);
    assert_eq!(event.exceptions[0].value.as_deref(), Some(r#"{"code":5}"#));
    assert_eq!(Event::read(&json!([])).skipped[0].why, "expected an object");
}

#[test]
fn lists_come_bare_wrapped_or_as_one_object() {
    let one = json!({"type": "E"});
    for exception in [json!([one]), json!({"values": [one]}), one.clone()] {
        let document = json!({"exception": exception});
        assert_eq!(Event::read(&document).exceptions.len(), 1, "{document}");
    }
    for nothing in [json!(null), json!({}), json!([]), json!({"values": null}), json!({"values": []})] {
        let document = json!({"exception": nothing});
        assert_eq!((Event::read(&document).exceptions.len(), skipped(&document)), (0, vec![]), "{document}");
    }
}

#[test]
fn long_stacks_keep_both_ends_and_say_so() {
    let frames: Vec<Value> = (0..1000).map(|number| json!({"function": format!("f{number}")})).collect();
    let document = json!({"exception": {"type": "E", "stacktrace": {"frames": frames}}});
    let event = Event::read(&document);
    let read = &event.exceptions[0].stack.as_ref().unwrap().frames;
    let name = |index: usize| read[index].function.as_deref().unwrap();
    assert_eq!((read.len(), name(0), name(249), name(250), name(499)), (500, "f0", "f249", "f750", "f999"));
    assert_eq!(skipped(&document), ["exception[0].stacktrace.frames: 500 of 1000 were read"]);
}

#[test]
fn notes_are_bounded() {
    let tags: Map<String, Value> = (0..250).map(|number| (number.to_string(), json!([]))).collect();
    let document = json!({"tags": tags});
    let event = Event::read(&document);
    assert_eq!((event.skipped.len(), event.skipped_more), (100, 150));
}

#[test]
fn messages_come_in_two_places_and_two_forms() {
    let text = |document: Value| Event::read(&document).message.map(|message| message.text().to_owned());
    assert_eq!(text(json!({"message": "a"})).as_deref(), Some("a"));
    assert_eq!(text(json!({"message": {"formatted": "a", "message": "b"}})).as_deref(), Some("a"));
    assert_eq!(text(json!({"logentry": {"message": "a"}, "message": "b"})).as_deref(), Some("a"));
    assert_eq!(text(json!({"logentry": {"message": ""}, "message": "b"})).as_deref(), Some("b"));
    assert_eq!(text(json!({"logentry": null, "message": " "})), None);
}

#[test]
fn browser_reports_are_read_in_both_spellings() {
    let ours = json!({"csp": {"effective_directive": "img-src", "blocked_uri": "https://x.example.com/a.png"}});
    let theirs =
        json!({"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://x.example.com/a.png"}});
    assert_eq!(Event::read(&ours).report, Event::read(&theirs).report);
    assert_eq!(Event::read(&ours).report.unwrap().directive.as_deref(), Some("img-src"));
}
