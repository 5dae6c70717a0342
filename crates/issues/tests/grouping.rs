//! Pairs of events that must or must not be one issue, one file per language in `tests/cases`, and the fingerprints of
//! all these events in `tests/golden.txt`.
//!
//! An event is written whole, or as another event with changes: `{"like": "name", "with": {"/json/pointer": value}}`.
//! A pair is `[event, "together" | "apart", event, why]`.
//!
//! A change of the golden file is a change of an algorithm that people's issues depend on: it is never right for an
//! algorithm that was released. Before that: `UPDATE_GOLDEN=1 cargo test -p whodunit-issues --test grouping`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, Grouping, group};
use whodunit_issues::rules::Rules;

struct Cases {
    language: String,
    events: BTreeMap<String, Value>,
    pairs: Vec<[String; 4]>,
}

fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn cases() -> Vec<Cases> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(tests().join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(read).collect()
}

fn read(file: &PathBuf) -> Cases {
    let language = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let written = document["events"].as_object().unwrap();
    let events = written.keys().map(|name| (name.clone(), resolve(written, name))).collect();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pair = |pair: &Value| std::array::from_fn(|index| text(&pair[index]));
    let pairs = document["pairs"].as_array().unwrap().iter().map(pair).collect();
    Cases { language, events, pairs }
}

/// The event with the changes to the one that it is like.
fn resolve(written: &serde_json::Map<String, Value>, name: &str) -> Value {
    let event = written.get(name).unwrap_or_else(|| panic!("no event {name:?}"));
    let Some(like) = event.get("like") else { return event.clone() };
    let mut resolved = resolve(written, like.as_str().unwrap());
    for (pointer, value) in event["with"].as_object().unwrap() {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = resolved.pointer_mut(parent).unwrap_or_else(|| panic!("{name:?}: nothing at {parent}"));
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            Value::Object(map) => drop(map.insert(key.to_owned(), value.clone())),
            _ => panic!("{name:?}: nothing below {pointer}"),
        }
    }
    resolved
}

fn grouping(event: &Value) -> Grouping {
    let read = Event::read(event);
    assert_eq!(read.skipped, [], "{event}");
    group(&read, &Rules::default(), Algorithm::V1)
}

#[test]
fn pairs_are_one_issue_or_two_as_people_expect() {
    let (mut failed, mut count) = (String::new(), 0);
    for Cases { language, events, pairs } in cases() {
        for [one, expected, other, why] in pairs {
            count += 1;
            let [first, second] = [&one, &other].map(|name| grouping(&events[name]));
            let found = if first.fingerprint == second.fingerprint { "together" } else { "apart" };
            if found != expected {
                let (first, second) = (first.explain(), second.explain());
                let _ =
                    writeln!(failed, "{language}: {one:?} and {other:?} must be {expected}: {why}\n{first}{second}");
            }
        }
    }
    assert!(failed.is_empty(), "\n{failed}");
    assert!(count >= 100, "only {count} pairs");
}

#[test]
fn fingerprints_of_released_algorithms_never_change() {
    let mut found = String::new();
    for Cases { language, events, .. } in cases() {
        for (name, event) in events {
            let grouping = grouping(&event);
            let _ = writeln!(found, "{} {} {language}: {name}", grouping.fingerprint, grouping.algorithm.name());
        }
    }
    let file = tests().join("golden.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap();
    let changed: Vec<&str> = found.lines().filter(|line| !golden.lines().any(|golden| golden == *line)).collect();
    assert!(changed.is_empty(), "not in golden.txt:\n{}", changed.join("\n"));
    assert_eq!(golden.lines().count(), found.lines().count(), "golden.txt has events that are gone");
}

/// Every line of the table says why, and no event is written for nothing.
#[test]
fn the_table_is_tidy() {
    for Cases { language, events, pairs } in cases() {
        assert!(pairs.len() >= 10, "{language} has {} pairs", pairs.len());
        for name in events.keys() {
            assert!(
                pairs.iter().any(|[one, _, other, _]| one == name || other == name),
                "{language}: {name} is unused"
            );
        }
        for [one, expected, other, why] in &pairs {
            assert!(events.contains_key(one) && events.contains_key(other), "{language}: {one} or {other}");
            assert!(matches!(expected.as_str(), "together" | "apart") && !why.is_empty(), "{language}: {one} {other}");
        }
    }
}
