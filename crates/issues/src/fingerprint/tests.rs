use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn of(document: &Value) -> Grouping {
    group(&Event::read(document), &Rules::default(), Algorithm::V1)
}

fn frame(function: &str) -> Value {
    json!({"module": "shop", "function": function, "in_app": true})
}

fn stack(functions: &[&str]) -> Value {
    let frames: Vec<Value> = functions.iter().map(|function| frame(function)).collect();
    json!({"exception": {"type": "E", "stacktrace": {"frames": frames}}, "platform": "python"})
}

fn counting(grouping: &Grouping) -> Vec<String> {
    let explained = grouping.explain();
    explained.lines().filter_map(|line| line.strip_prefix("+ ")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_recursion_is_the_same_at_every_depth() {
    let shallow = of(&stack(&["main", "a", "b", "a", "b"]));
    assert_eq!(shallow.fingerprint, of(&stack(&["main", "a", "b", "a", "b", "a", "b", "a", "b"])).fingerprint);
    assert_eq!(of(&stack(&["main", "f", "f", "f"])).fingerprint, of(&stack(&["main", "f"])).fingerprint);
    // Where it broke still shows.
    assert_ne!(shallow.fingerprint, of(&stack(&["main", "a", "b", "a"])).fingerprint);
}

#[test]
fn the_explanation_says_what_counts_and_why_the_rest_does_not() {
    let document = json!({"platform": "python", "logentry": {"message": "failed"}, "exception": {"values": [
        {"type": "KeyError", "value": "'price'", "stacktrace": {"frames": [
            {"module": "flask.app", "function": "wsgi_app", "in_app": false},
            {"module": "flask.app", "function": "dispatch", "in_app": false},
            {"module": "shop.views", "function": "view", "in_app": true},
            {"module": "shop.cart", "function": "total", "in_app": true},
        ]}},
    ]}});
    assert_eq!(
        of(&document).explain(),
        "\
Grouped by the exceptions and their stacks (algorithm v1).
+ event
+   exceptions
+     exception
+       type: KeyError
+       stack
-         2 frames (not of the application: the client says so)
+         frame
+           module: shop.views
+           function: view
+         frame
+           module: shop.cart
+           function: total
-       value: 'price' (type and stack say it better)
-   message: failed (the exceptions say it better)
"
    );
}

#[test]
fn variables_are_filled_in() {
    let document = |fingerprint: Value| {
        json!({"platform": "python", "level": "error", "tags": {"zone": "eu"}, "fingerprint": fingerprint,
            "exception": {"type": "E", "value": "order 17", "stacktrace": {"frames": [frame("total")]}}})
    };
    let parts = |fingerprint: Value| counting(&of(&document(fingerprint)))[1..].join(" | ");
    assert_eq!(parts(json!(["a", 5])), "part: a | part: 5");
    assert_eq!(
        parts(json!(["{{ type }}-{{value}} {{ function }} {{ module }}", "{{ level }}", "{{tags.zone}}"])),
        "part: E-order <int> total shop | part: error | part: eu"
    );
    assert_eq!(parts(json!(["{{ tags.none }}", "{{ logger }}"])), "part: <no tags.none> | part: <no logger>");
    assert_eq!(parts(json!(["{{ nonsense }} {{", "{{}}"])), "part: {{ nonsense }} {{ | part: {{}}");
    let default = of(&document(json!(null)));
    for same in [json!([]), json!(["{{ default }}"]), json!(["{{default}}"])] {
        assert_eq!(of(&document(same)).fingerprint, default.fingerprint);
    }
    let inside = format!("part: x-{}", default.fingerprint);
    assert_eq!(parts(json!(["x-{{ default }}"])), inside);
    let divided = of(&document(json!(["{{ default }}", "a"])));
    assert!(counting(&divided).contains(&"function: total".to_owned()));
    assert_ne!(divided.fingerprint, default.fingerprint);
}

#[test]
fn rules_win_over_clients() {
    let document = json!({"fingerprint": ["client"], "exception": {"type": "TimeoutError", "value": "x"}});
    let rules = Rules::parse("type:Timeout* -> timeouts").unwrap();
    let grouping = group(&Event::read(&document), &rules, Algorithm::V1);
    assert!(grouping.explain().contains("part: timeouts"), "{}", grouping.explain());
    let rules = Rules::parse("type:Timeout* -> {{ default }}").unwrap();
    let default = group(&Event::read(&document), &rules, Algorithm::V1);
    assert!(default.explain().contains("type: TimeoutError"));
}

#[test]
fn every_event_has_a_fingerprint() {
    for document in
        [json!({}), json!(null), json!([]), json!({"exception": {}}), json!({"exception": [{}]}), json!({"message": 5})]
    {
        let grouping = of(&document);
        assert!(grouping.components.counts, "{document}");
        assert!(grouping.explain().ends_with('\n'));
    }
}

#[test]
fn ids_follow_from_project_and_fingerprint() {
    let fingerprint = of(&json!({"message": "a"})).fingerprint;
    let id = IssueId::of("shop", &fingerprint);
    assert_eq!(id, IssueId::of("shop", &fingerprint));
    assert_ne!(id, IssueId::of("other", &fingerprint));
    assert_eq!(id.to_string().as_bytes()[14], b'8');
    assert_eq!(IssueId::parse(&id.to_string()), Some(id));
    assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
    for wrong in ["", "x", &"g".repeat(32), &"é".repeat(16)] {
        assert_eq!(IssueId::parse(wrong), None);
        assert_eq!(Fingerprint::parse(&wrong.repeat(2)), None);
    }
    assert_ne!(Fingerprint::of_parts(&["a", "b"]), Fingerprint::of_parts(&["ab"]));
}

#[test]
fn large_events_take_linear_time() {
    let functions: Vec<String> = (0..500).map(|number| format!("<{}>f{number}", "<".repeat(1500))).collect();
    let names: Vec<&str> = functions.iter().map(String::as_str).collect();
    let mut document = stack(&names);
    for platform in ["python", "javascript", "rust", "go", "java", "php", "ruby", "csharp", "native"] {
        document["platform"] = json!(platform);
        of(&document);
    }
    let deep = (0..120).fold(json!("x"), |inner, _| json!([inner]));
    of(&json!({"exception": {"type": deep, "value": deep}, "message": deep, "tags": deep, "extra": {"a": deep}}));
}

/// Documents of any shape under the names that an event has.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "exception",
        "values",
        "type",
        "value",
        "stacktrace",
        "frames",
        "function",
        "module",
        "filename",
        "abs_path",
        "in_app",
        "context_line",
        "threads",
        "crashed",
        "current",
        "message",
        "logentry",
        "formatted",
        "params",
        "fingerprint",
        "platform",
        "level",
        "tags",
        "mechanism",
        "is_exception_group",
        "synthetic",
        "csp",
        "blocked_uri",
        "document_uri",
        "template",
        "sdk",
        "name",
        "timestamp",
        "event_id",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z<>{}.:/@#é ]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "python",
            "javascript",
            "go",
            "java",
            "{{ default }}",
            "{{ type }}",
            "x@https://a/b.js:1:2"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_document_is_grouped_and_always_alike(document in any_json()) {
        let one = of(&document);
        prop_assert!(one.components.counts);
        prop_assert_eq!(one.fingerprint, of(&document).fingerprint);
    }

    /// What identifies an event must not tell it apart: ids, times, users, lines, addresses.
    #[test]
    fn what_is_of_one_event_only_does_not_count(line in 0u32.., time in 0.0f64..2e9, id in "[0-9a-f]{32}", user in "[a-z]{1,8}") {
        let event = |line: u32, time: f64, id: &str, user: &str| json!({
            "platform": "python", "event_id": id, "timestamp": time, "user": {"id": user}, "server_name": user,
            "exception": {"type": "E", "value": format!("user {id} at {time}"), "stacktrace": {"frames": [
                {"module": "shop", "function": "total", "in_app": true, "lineno": line, "vars": {"user": user}}]}},
            "breadcrumbs": [{"message": user}],
        });
        let one = of(&event(line, time, &id, &user)).fingerprint;
        prop_assert_eq!(one, of(&event(1, 1.0, "0", "eve")).fingerprint);
    }
}
