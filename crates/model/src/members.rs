//! The members of a JSON object, found in its text: nothing is built of them, and their values are passed over.
//!
//! What is no JSON gives some answer and no panic; whoever needs to know checks what is found.

use std::ops::Range;

/// The members of the object that begins at a place in a text: keys as they are written, and where values stand. Of
/// what is no object there are none; of what is broken, those before it breaks.
#[derive(Clone, Debug)]
pub struct Members<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Members<'t> {
    pub fn of(text: &'t str, start: usize) -> Members<'t> {
        let is_object = text.as_bytes().get(start) == Some(&b'{');
        Members { text, at: if is_object { start + 1 } else { text.len() } }
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let key_at = space(bytes, self.at);
        if bytes.get(key_at) != Some(&b'"') {
            return None;
        }
        let key_end = end_of_text(bytes, key_at);
        let colon = space(bytes, key_end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let start = space(bytes, colon + 1);
        let end = end_of_value(bytes, start);
        let after = space(bytes, end);
        self.at = if bytes.get(after) == Some(&b',') { after + 1 } else { bytes.len() };
        Some((self.text.get(key_at + 1..key_end.checked_sub(1)?)?, start..end))
    }
}

fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Behind the quote that ends a text, or the end of all.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn end_of_value(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut open = 0usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_text(bytes, at),
            b'{' | b'[' => {
                open += 1;
                at += 1;
            }
            b'}' | b']' | b',' if open == 0 => return at,
            b'}' | b']' => {
                open -= 1;
                at += 1;
            }
            b' ' | b'\n' | b'\r' | b'\t' if open == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if open == 0 {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        Members::of(text, 0).map(|(key, at)| (key, &text[at])).collect()
    }

    #[test]
    fn members_are_found_with_their_values() {
        let text = r#" {"a":1}"#;
        assert!(found(text).is_empty(), "an object begins at once");
        assert_eq!(Members::of(text, 1).next(), Some(("a", 6..7)));
        let text = r#"{"a" : [{"b":"]}"}, "\\" ] ,"c\"d":{"a":2},"e":null , "f":-1.5e3}"#;
        assert_eq!(
            found(text),
            [("a", r#"[{"b":"]}"}, "\\" ]"#), (r#"c\"d"#, r#"{"a":2}"#), ("e", "null"), ("f", "-1.5e3")]
        );
        for text in ["", "{", "{}", "[1]", "{\"a\"", "{\"a\":", "{a:1}", "\"a\":1"] {
            assert!(found(text).iter().all(|(_, value)| value.is_empty()), "{text}");
        }
    }
}
