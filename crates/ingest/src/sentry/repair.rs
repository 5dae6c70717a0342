//! JSON as clients write it, which is not always JSON.
//!
//! Python writes NaN and infinities as bare words, JavaScript cuts texts between the halves of a character, and some
//! clients leave control characters as they are. Each would cost the whole event, so what a strict reader refuses is
//! repaired and read again: numbers that JSON has not become null, half a character becomes U+FFFD, and so do bytes that
//! are no UTF-8.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::malformed;
use crate::logs::rejection::Refusal;

/// Reads a JSON object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match value(bytes)? {
        Value::Object(object) => Ok(object),
        _ => Err(malformed("expected a JSON object")),
    }
}

/// Reads any JSON value.
pub fn value(bytes: &[u8]) -> Result<Value, Refusal> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let repaired = repaired(&String::from_utf8_lossy(bytes));
    serde_json::from_str(&repaired).map_err(|error| malformed(format!("not JSON: {error}")))
}

fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string(rest, &mut out),
            '-' | '0'..='9' | 'A'..='Z' | 'a'..='z' => word(rest, &mut out),
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

/// A number or a name outside of texts; says how long it is.
fn word(text: &str, out: &mut String) -> usize {
    let end = text.find(|one: char| !(one.is_ascii_alphanumeric() || matches!(one, '-' | '+' | '.')));
    let word = &text[..end.unwrap_or(text.len())];
    let unknown = matches!(word, "NaN" | "-NaN" | "Infinity" | "-Infinity");
    let numeric = word.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let too_large = numeric && word.parse::<f64>().is_ok_and(f64::is_infinite);
    out.push_str(if unknown || too_large { "null" } else { word });
    word.len()
}

/// A text with its quotes; says how long it is.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(next) = text[at..].chars().next() {
        match next {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => {
                let (escape, length) = escape(&text[at..]);
                out.push_str(&escape);
                at += length;
            }
            control if control < ' ' => {
                let _infallible = write!(out, "\\u{:04x}", u32::from(control));
                at += 1;
            }
            other => {
                out.push(other);
                at += other.len_utf8();
            }
        }
    }
    at
}

/// The escape that the text begins with, and its length: halves of characters must come in pairs.
fn escape(text: &str) -> (Cow<'_, str>, usize) {
    let Some(unit) = unit(text) else {
        // The backslash and one character after it, whatever that is.
        let length = 1 + text[1..].chars().next().map_or(0, char::len_utf8);
        return (text[..length].into(), length);
    };
    match unit {
        0xd800..=0xdbff if text.get(6..).and_then(self::unit).is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) => {
            (text[..12].into(), 12)
        }
        0xd800..=0xdfff => ("\\ufffd".into(), 6),
        _ => (text[..6].into(), 6),
    }
}

/// The number in `\uXXXX`, if the text begins so.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_clients_write_is_read() {
        let cases: &[(&[u8], Value)] = &[
            (br#"{"a":NaN,"b":-Infinity,"c":[Infinity,1]}"#, json!({"a": null, "b": null, "c": [null, 1]})),
            (br#"{"a":"NaN is NaN","b":NaN}"#, json!({"a": "NaN is NaN", "b": null})),
            (br#"{"a":1e999,"b":-1e999,"c":1e5}"#, json!({"a": null, "b": null, "c": 1e5})),
            (
                br#"{"a":"x\ud83d","b":"\ud83d\ude00","c":"\ude00y"}"#,
                json!({"a": "x\u{fffd}", "b": "😀", "c": "\u{fffd}y"}),
            ),
            (br#"{"a":"\ud83d\u0041","b":"\\ud83d"}"#, json!({"a": "\u{fffd}A", "b": "\\ud83d"})),
            (b"{\"a\":\"one\ntwo\tthree\"}", json!({"a": "one\ntwo\tthree"})),
            (b"{\"a\":\"\xc3\x28\"}", json!({"a": "\u{fffd}("})),
        ];
        for (bytes, expected) in cases {
            let read =
                value(bytes).unwrap_or_else(|refusal| panic!("{}: {}", String::from_utf8_lossy(bytes), refusal.text));
            assert_eq!(read, *expected);
        }
    }

    #[test]
    fn what_is_torn_is_refused() {
        for torn in
            ["", "{", "{\"a\":", "{\"a\":\"\\", "{\"a\":\"\\ud8", "nothing", "{\"a\":NaNa}", "[[[[", "{\"a\":\"b\\"]
        {
            assert!(value(torn.as_bytes()).is_err(), "{torn:?}");
        }
        let deep = "[".repeat(100_000);
        assert!(value(deep.as_bytes()).is_err());
        assert!(object(b"[]").is_err());
    }

    proptest! {
        #[test]
        fn repairing_never_panics_and_leaves_json_alone(text in ".*", number in any::<f64>()) {
            let _refused_or_not = value(text.as_bytes());
            let whole = json!({"a": text, "b": number, text.clone(): [text]}).to_string();
            prop_assert_eq!(repaired(&whole), whole);
        }
    }
}
