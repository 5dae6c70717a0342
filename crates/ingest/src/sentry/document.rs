//! An event as it is read: a tree, and beside it the members that stay text.
//!
//! What happened before an error and which packages were loaded decides nothing here: it is filtered, stored and shown.
//! Building a tree of it, which is often most of an event, and writing that again would be work for nothing, so such a
//! member is only checked: [`plain`] takes what every reader of JSON takes, and what it does not take is read and
//! repaired like all else.

use serde_json::{Map, Value};
use whodunit_model::members::Members;

use super::repair;
use crate::logs::rejection::Refusal;

/// Members that stay text.
const NAMES: [&str; 2] = ["breadcrumbs", "modules"];
/// Lists and objects inside one another.
const DEPTH_MAX: usize = 64;
/// Digits of a number; any that is so short is finite.
const DIGITS_MAX: usize = 64;
/// What stands before the list of an object that has nothing else.
const ALONE: &str = "{\"values\":";

/// An event. A member that stays text is null in the tree.
#[derive(Debug, Default)]
pub struct Document<'p> {
    pub members: Map<String, Value>,
    texts: [Option<Plain<'p>>; 2],
}

/// JSON that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain<'p> {
    pub text: &'p str,
    /// It is an object with `values`, nothing else and no space.
    pub has_only_values: bool,
}

impl From<Map<String, Value>> for Document<'_> {
    fn from(members: Map<String, Value>) -> Self {
        Document { members, ..Document::default() }
    }
}

impl<'p> Document<'p> {
    /// Reads an event.
    pub fn read(payload: &'p [u8]) -> Result<Document<'p>, Refusal> {
        match Document::of_two_kinds(payload) {
            Some(document) => Ok(document),
            None => repair::object(payload).map(Document::from),
        }
    }

    /// `None` if nothing can stay text, or what is left is not as it should be.
    fn of_two_kinds(payload: &'p [u8]) -> Option<Document<'p>> {
        let text = std::str::from_utf8(payload).ok()?;
        let mut texts = [None; 2];
        let mut tree = String::new();
        let mut copied = 0;
        for (key, at) in Members::of(text, 0) {
            let Some(place) = NAMES.iter().position(|name| *name == key) else { continue };
            if texts[place].is_some() {
                return None;
            }
            let Some(found) = plain(&text[at.clone()]) else { continue };
            texts[place] = Some(found);
            tree.push_str(&text[copied..at.start]);
            tree.push_str("null");
            copied = at.end;
        }
        if copied == 0 {
            return None;
        }
        tree.push_str(&text[copied..]);
        Some(Document { members: serde_json::from_str(&tree).ok()?, texts })
    }

    /// The text of a member that has stayed one.
    pub fn text(&self, name: &str) -> Option<Plain<'p>> {
        self.texts[NAMES.iter().position(|known| *known == name)?]
    }
}

/// The text, if it is JSON for every reader: no half of a character, no number without bounds, no endless depth.
pub fn plain(text: &str) -> Option<Plain<'_>> {
    let mut check = Check { bytes: text.as_bytes(), at: 0 };
    let mut only = None;
    check.value(0, &mut only)?;
    let has_only_values = only.is_some_and(|end| text.starts_with(ALONE) && end + 1 == text.len());
    (check.at == text.len()).then_some(Plain { text, has_only_values })
}

struct Check<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Check<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// `only` becomes the end of the value of an object's only member.
    fn value(&mut self, depth: usize, only: &mut Option<usize>) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(depth, only),
            b'[' => self.list(depth),
            b'"' => self.text(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize, only: &mut Option<usize>) -> Option<()> {
        self.at += 1;
        self.space();
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        for count in 0_usize.. {
            self.text()?;
            self.space();
            self.take(b':')?;
            self.space();
            self.inner(depth)?;
            *only = (count == 0).then_some(self.at);
            self.space();
            if self.peek()? != b',' {
                return self.take(b'}');
            }
            self.at += 1;
            self.space();
        }
        None
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.space();
        if self.peek()? == b']' {
            return self.take(b']');
        }
        loop {
            self.inner(depth)?;
            self.space();
            if self.peek()? != b',' {
                return self.take(b']');
            }
            self.at += 1;
            self.space();
        }
    }

    fn inner(&mut self, depth: usize) -> Option<()> {
        if depth + 1 == DEPTH_MAX { None } else { self.value(depth + 1, &mut None) }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        // What comes next is for the caller to see: an exponent is none of the things that it may be.
        (self.at - start <= DIGITS_MAX).then_some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn text(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'"' => return self.take(b'"'),
                b'\\' => self.escape()?,
                0..b' ' => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let (escape, rest) = self.bytes[self.at..].split_at_checked(2)?;
        self.at += 2;
        match escape[1] {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                self.at += 4;
                match unit(rest)? {
                    0xd800..=0xdbff => {
                        self.at += 6;
                        let low = unit(rest.get(4..)?.strip_prefix(b"\\u")?)?;
                        (0xdc00..=0xdfff).contains(&low).then_some(())
                    }
                    0xdc00..=0xdfff => None,
                    _ => Some(()),
                }
            }
            _ => None,
        }
    }
}

/// The number that four hexadecimal digits make.
fn unit(bytes: &[u8]) -> Option<u16> {
    let mut unit = [0; 2];
    hex::decode_to_slice(bytes.get(..4)?, &mut unit).ok()?;
    Some(u16::from_be_bytes(unit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(payload: &str) -> Document<'_> {
        Document::read(payload.as_bytes()).unwrap_or_else(|refusal| panic!("{payload}: {}", refusal.text))
    }

    #[test]
    fn crumbs_and_modules_stay_text_and_all_else_is_read() {
        let document = read(
            r#"{"level":"error","breadcrumbs": {"values":[{"b":1,"a":2.50}]} ,"modules":{"x":"1"},"extra":{"modules":1}}"#,
        );
        assert_eq!(
            Value::Object(document.members.clone()),
            json!({"level": "error", "breadcrumbs": null, "modules": null, "extra": {"modules": 1}})
        );
        let crumbs = document.text("breadcrumbs").expect("text");
        assert_eq!((crumbs.text, crumbs.has_only_values), (r#"{"values":[{"b":1,"a":2.50}]}"#, true));
        assert_eq!(document.text("modules").map(|text| text.has_only_values), Some(false));
        assert_eq!(document.text("extra"), None);
    }

    #[test]
    fn what_is_not_plain_is_read_and_repaired() {
        for (payload, crumbs) in [
            (r#"{"breadcrumbs":[NaN]}"#, json!([null])),
            (r#"{"breadcrumbs":[1e999]}"#, json!([null])),
            (r#"{"breadcrumbs":["\ud83d"]}"#, json!(["\u{fffd}"])),
            (r#"{"breadcrumbs":[1],"breadcrumbs":[2]}"#, json!([2])),
            (r#"{"breadcrumbs":[1],"level":NaN}"#, json!([1])),
        ] {
            let document = read(payload);
            assert_eq!((&document.members["breadcrumbs"], document.text("breadcrumbs")), (&crumbs, None), "{payload}");
        }
        for torn in [r#"{"breadcrumbs":[1]"#, r#"{"breadcrumbs":[1]} x"#, r#"["breadcrumbs"]"#] {
            assert!(Document::read(torn.as_bytes()).is_err(), "{torn}");
        }
    }

    #[test]
    fn only_a_list_alone_has_only_values() {
        for (text, expected) in [
            (r#"{"values":[]}"#, true),
            (r#"{"values":{"values":[1],"a":2}}"#, true),
            (r#"{"values":[1],"a":[]}"#, false),
            (r#"{"values": [1]}"#, true),
            (r#"{"values":[1] }"#, false),
            (r#"{ "values":[1]}"#, false),
            (r#"[{"values":[1]}]"#, false),
        ] {
            assert_eq!(plain(text).map(|plain| plain.has_only_values), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_some_reader_would_refuse_is_not_plain() {
        let deep = format!("{}{}", "[".repeat(DEPTH_MAX + 1), "]".repeat(DEPTH_MAX + 1));
        for text in [
            "",
            "[",
            "[1,]",
            "{\"a\"}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e5",
            "tru",
            "nul",
            "[1] ",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"",
            "\"\\ud800\"",
            "'a'",
            &deep,
            &"9".repeat(400),
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
        for text in ["0", "-0.5", "\"\\ud83d\\ude00\"", "[]", "{ }", "[ 1 , {\"a\" : null} ]", "\"é\\u00e9\\\"\""] {
            assert!(plain(text).is_some(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_json_and_what_serde_writes_is_plain(text in ".*", number in any::<i64>()) {
            if plain(&text).is_some() {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
            }
            let written = json!({"a": [text, number], text.clone(): null}).to_string();
            prop_assert!(plain(&written).is_some());
        }

        #[test]
        fn a_change_anywhere_is_json_or_not_plain(at in any::<prop::sample::Index>(), byte in 0u8..128) {
            let mut bytes = r#"{"a":["\\ud83d\\ude00 \"x",-1.25,true],"b":{"c":null}}"#.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let text = String::from_utf8(bytes).expect("ASCII");
            if plain(&text).is_some() {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
            }
        }
    }
}
