//! What changed, from the many shapes in which applications say it.

use std::collections::BTreeSet;

use whodunit_model::Change;

use crate::json::Value;

/// Most changed fields of one entry.
pub const CHANGES_MAX: usize = 1_000;

const FIELD_NAMES: &[&str] = &["field", "name", "key", "column", "path", "property", "attribute"];
const BEFORE_NAMES: &[&str] = &["before", "old", "from", "old_value", "oldValue", "previous"];
const AFTER_NAMES: &[&str] = &["after", "new", "to", "new_value", "newValue", "current"];

/// Reads a list of changes or a map from field to change; `None` if the value is neither.
pub fn read(value: &Value<'_>) -> Option<Vec<Change>> {
    match value {
        Value::Array(elements) => elements.iter().map(from_element).collect(),
        Value::Object(members) => {
            // `{"before": {…}, "after": {…}}` is a pair of states and not two changed fields.
            let (before, after) = (first_of(value, BEFORE_NAMES), first_of(value, AFTER_NAMES));
            let is_state =
                |side: Option<&Value<'_>>| side.is_none_or(|side| side.is_null() || side.as_object().is_some());
            let known = usize::from(before.is_some()) + usize::from(after.is_some());
            if known > 0 && known == members.len() && is_state(before) && is_state(after) {
                return difference(before, after);
            }
            Some(members.iter().map(|(field, change)| from_member(field, change)).collect())
        }
        Value::Text(text) => read(&nested(text)?),
        _ => None,
    }
}

/// The changes between two states, in the order of the old one, then of the new. `None` if a state is no object.
pub fn difference(before: Option<&Value<'_>>, after: Option<&Value<'_>>) -> Option<Vec<Change>> {
    let (before, after) = (state(before)?, state(after)?);
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for (field, _) in before.iter().chain(after.iter()) {
        if !seen.insert(field.as_str()) {
            continue;
        }
        let text = |state: &[(String, Option<String>)]| {
            state.iter().rev().find(|(name, _)| name == field).and_then(|(_, text)| text.clone())
        };
        let change = Change { field: field.clone(), before: text(&before), after: text(&after) };
        if change.before != change.after {
            changes.push(change);
        }
    }
    Some(changes)
}

type State = Vec<(String, Option<String>)>;

/// The fields of a state with their canonical texts; an object may come as the text of one.
fn state(value: Option<&Value<'_>>) -> Option<State> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Object(members)) => {
            Some(members.iter().map(|(field, value)| (field.clone().into_owned(), canonical(Some(value)))).collect())
        }
        Some(Value::Text(text)) => state(Some(&nested(text)?)),
        Some(_) => None,
    }
}

/// JSON inside a string.
fn nested(text: &str) -> Option<Value<'_>> {
    Value::parse(text).ok().filter(|value| matches!(value, Value::Object(_) | Value::Array(_)))
}

/// The canonical text of a value; null is nothing.
fn canonical(value: Option<&Value<'_>>) -> Option<String> {
    value.filter(|value| !value.is_null()).map(Value::canonical)
}

fn first_of<'v, 'a>(value: &'v Value<'a>, names: &[&str]) -> Option<&'v Value<'a>> {
    names.iter().find_map(|name| value.member(name))
}

/// An element of a list: `{field, before, after}` under many names, or just the field's name.
fn from_element(element: &Value<'_>) -> Option<Change> {
    if let Value::Text(field) = element {
        return Some(Change { field: field.clone().into_owned(), before: None, after: None });
    }
    let field = first_of(element, FIELD_NAMES)?.as_text()?.to_owned();
    let before = canonical(first_of(element, BEFORE_NAMES));
    let after = canonical(first_of(element, AFTER_NAMES));
    Some(Change { field, before, after })
}

/// A member of a map: `{old, new}` under many names, `[old, new]`, or just the new value.
fn from_member(field: &str, change: &Value<'_>) -> Change {
    let field = field.to_owned();
    match change {
        Value::Array(pair) if pair.len() == 2 => {
            Change { field, before: canonical(pair.first()), after: canonical(pair.last()) }
        }
        Value::Object(_) => {
            let (before, after) = (first_of(change, BEFORE_NAMES), first_of(change, AFTER_NAMES));
            if before.is_none() && after.is_none() {
                return Change { field, before: None, after: canonical(Some(change)) };
            }
            Change { field, before: canonical(before), after: canonical(after) }
        }
        other => Change { field, before: None, after: canonical(Some(other)) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(changes: Option<Vec<Change>>) -> String {
        let Some(changes) = changes else { return "unreadable".to_owned() };
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let one = |change: &Change| format!("{}:{}>{}", change.field, side(&change.before), side(&change.after));
        changes.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn changes_are_read_in_every_shape() {
        let cases = [
            (r#"[{"field":"a","before":1,"after":2}]"#, "a:1>2"),
            (r#"[{"name":"a","old_value":"x","newValue":null}]"#, "a:\"x\">-"),
            (r#"{"a":{"old":1,"new":2},"b":{"from":[1],"to":{"z":1,"y":2}}}"#, r#"a:1>2 b:[1]>{"y":2,"z":1}"#),
            (r#"{"a":[1,2],"b":7,"c":{"before":1,"after":2}}"#, "a:1>2 b:->7 c:1>2"),
            (r#"["name","email"]"#, "name:->- email:->-"),
            (r#"{"before":{"a":1,"b":2},"after":{"a":1,"b":3,"c":4}}"#, "b:2>3 c:->4"),
            (r#"{"old":"x","new":"y"}"#, "old:->\"x\" new:->\"y\""),
            (r#""{\"a\":[1,2]}""#, "a:1>2"),
            ("[1]", "unreadable"),
            ("7", "unreadable"),
            (r#""free text""#, "unreadable"),
        ];
        for (sent, expected) in cases {
            assert_eq!(shown(read(&Value::parse(sent).expect("valid JSON"))), expected, "{sent}");
        }
    }
}
