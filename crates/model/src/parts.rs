//! The text of a captured event, apart and whole.
//!
//! Some members of an event have a column of their own and are most of its bytes. They stand in the store once: in
//! `raw` each has left `null` in its place, and whoever reads `raw` gets it whole, byte for byte.
//!
//! ```text
//! whole  {"breadcrumbs":{"values":[…]},"exception":{"values":[…]},"level":"error"}
//! raw    {"breadcrumbs":{"values":null},"exception":{"values":null},"level":"error"}
//! ```
//!
//! A list under `values` has the column for itself; what else its object says stays in `raw`. A member that is null was
//! null when its column has nothing, so no mark beside `null` is needed. A column that is hidden from a reader is null
//! in the whole as well.

use std::borrow::Cow;
use std::ops::Range;

use crate::members::Members;

/// The members, in the order of [`Parts`] and of the columns that they are in.
pub const NAMES: [&str; 4] = ["contexts", "request", "breadcrumbs", "exception"];

/// Of these the column has what stands under `values`.
const LISTS: [&str; 2] = ["breadcrumbs", "exception"];
const VALUES: &str = "values";
/// What stands before the list of an object that has nothing else.
const ALONE: &str = "{\"values\":";
const NULL: &str = "null";

/// The text of each column; `None`: the event has nothing there.
pub type Parts<'t> = [Option<&'t str>; 4];

/// A member of an event.
#[derive(Clone, Debug)]
pub struct Member {
    /// Where its value stands, without space around it.
    pub at: Range<usize>,
    /// It is an object with `values` and nothing else.
    pub has_only_values: bool,
}

/// The event without its parts, and the parts. `find` finds a member in `text`.
pub fn apart<'t>(text: &'t str, find: impl Fn(&str) -> Option<Member>) -> (String, Parts<'t>) {
    let mut parts = Parts::default();
    let mut taken: Vec<Range<usize>> = Vec::with_capacity(NAMES.len());
    for (name, part) in NAMES.iter().zip(&mut parts) {
        let Some(member) = find(name).filter(|member| &text[member.at.clone()] != NULL) else { continue };
        let at = match (LISTS.contains(name), member.has_only_values) {
            (true, true) => member.at.start + ALONE.len()..member.at.end - 1,
            (true, false) => under_values(text, member.at),
            (false, _) => member.at,
        };
        *part = Some(&text[at.clone()]);
        taken.push(at);
    }
    taken.sort_unstable_by_key(|at| at.start);
    let left = text.len() - taken.iter().map(Range::len).sum::<usize>();
    let mut raw = String::with_capacity(left + taken.len() * NULL.len());
    let mut copied = 0;
    for at in taken {
        raw.push_str(&text[copied..at.start]);
        raw.push_str(NULL);
        copied = at.end;
    }
    raw.push_str(&text[copied..]);
    (raw, parts)
}

/// The event with its parts where [`apart`] has left `null`.
pub fn whole<'t>(raw: &'t str, parts: Parts<'_>) -> Cow<'t, str> {
    if parts.iter().all(Option::is_none) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len() + parts.iter().flatten().map(|part| part.len()).sum::<usize>());
    let mut copied = 0;
    for (key, member) in Members::of(raw, 0) {
        let known = NAMES.iter().position(|name| *name == key).and_then(|at| Some((NAMES[at], parts[at]?)));
        let Some((name, part)) = known else { continue };
        let at = if LISTS.contains(&name) { under_values(raw, member) } else { member };
        if &raw[at.clone()] == NULL {
            text.push_str(&raw[copied..at.start]);
            text.push_str(part);
            copied = at.end;
        }
    }
    text.push_str(&raw[copied..]);
    Cow::Owned(text)
}

/// Where that which stands under `values` is, or all of the value if it has no such member.
fn under_values(text: &str, value: Range<usize>) -> Range<usize> {
    let values = Members::of(text, value.start).find(|(key, _)| *key == VALUES);
    values.map_or(value, |(_, at)| at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;

    /// Apart and whole again; what is left of the event and what went into columns.
    fn there_and_back(text: &str) -> (String, Vec<Option<String>>) {
        let event: Value = serde_json::from_str(text).expect("JSON");
        let only =
            |name: &str| event[name].as_object().is_some_and(|more| more.len() == 1 && more.contains_key(VALUES));
        let members: Vec<(&str, Range<usize>)> = Members::of(text, 0).collect();
        let find = |name: &str| {
            let (_, at) = members.iter().find(|(key, _)| *key == name)?;
            Some(Member { at: at.clone(), has_only_values: only(name) })
        };
        let (raw, parts) = apart(text, find);
        assert_eq!(whole(&raw, parts), text, "by way of {raw}");
        (raw, parts.map(|part| part.map(str::to_owned)).to_vec())
    }

    fn check(event: &str, raw: &str, parts: [Option<&str>; 4]) {
        let (left, found) = there_and_back(event);
        assert_eq!(left, raw, "{event}");
        assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), parts, "{event}");
    }

    #[test]
    fn every_part_has_a_column_and_leaves_null() {
        check(
            r#"{"breadcrumbs":{"values":[1]},"contexts":{"a":"b"},"exception":{"values":[{"type":"}\"]"}]},"request":{"url":"x"},"z":1}"#,
            r#"{"breadcrumbs":{"values":null},"contexts":null,"exception":{"values":null},"request":null,"z":1}"#,
            [Some(r#"{"a":"b"}"#), Some(r#"{"url":"x"}"#), Some("[1]"), Some(r#"[{"type":"}\"]"}]"#)],
        );
    }

    #[test]
    fn odd_parts_come_back_as_they_were() {
        let cases = [
            (r#"{"exception":[1,2]}"#, r#"{"exception":null}"#, Some("[1,2]")),
            (r#"{"exception":{"type":"E"}}"#, r#"{"exception":null}"#, Some(r#"{"type":"E"}"#)),
            (
                r#"{"exception":{"a":[],"values":[1],"z":{"values":2}}}"#,
                r#"{"exception":{"a":[],"values":null,"z":{"values":2}}}"#,
                Some("[1]"),
            ),
            (r#"{"exception":{"values":[1],"z":[2]}}"#, r#"{"exception":{"values":null,"z":[2]}}"#, Some("[1]")),
            (r#"{"exception":{"values":null}}"#, r#"{"exception":{"values":null}}"#, Some("null")),
            (r#"{"exception":null}"#, r#"{"exception":null}"#, None),
            (r#"{"exception":"null"}"#, r#"{"exception":null}"#, Some(r#""null""#)),
            (r#"{"exception":17}"#, r#"{"exception":null}"#, Some("17")),
            (r#"{"inside":{"exception":[1]}}"#, r#"{"inside":{"exception":[1]}}"#, None),
            ("{}", "{}", None),
        ];
        for (event, raw, exception) in cases {
            check(event, raw, [None, None, None, exception]);
        }
    }

    #[test]
    fn a_part_that_is_hidden_is_null_and_what_is_no_event_stays() {
        let hidden = whole(r#"{"contexts":null,"exception":{"values":null}}"#, [None, None, None, Some("[1]")]);
        assert_eq!(hidden, r#"{"contexts":null,"exception":{"values":[1]}}"#);
        for text in ["", "null", "[1]", "{", "{\"a", "{\"contexts\"", "{\"contexts\":", "\"x", "{\"\\"] {
            assert_eq!(whole(text, [None, None, None, Some("[1]")]), text);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let names = prop_oneof![Just("values".to_owned()), Just("exception".to_owned()), ".{0,3}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_event_comes_back_byte_for_byte(
            contexts in any_value(), breadcrumbs in any_value(), exception in any_value(), extra in any_value()
        ) {
            let event = json!({"contexts": contexts, "breadcrumbs": breadcrumbs, "exception": exception, "extra": extra});
            there_and_back(&event.to_string());
        }

        #[test]
        fn no_text_makes_it_panic(raw in ".*", part in ".*") {
            let _any_answer = whole(&raw, [Some(&part); 4]);
            let _any_answer = whole(&format!("{{{raw}"), [Some(&part); 4]);
        }
    }
}
