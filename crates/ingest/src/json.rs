//! A JSON reader that copies nothing it need not, and the canonical form of a JSON value.
//!
//! Log lines are read as a stream of tokens straight into columns; audit entries as a small tree. Both keep numbers
//! as they were sent: an evidence system must not turn `1.10` into `1.1` or `1e400` into infinity, which is why
//! this is ours and not a tape parser that hands out `f64` (the differential test compares it with `serde_json`).
//!
//! More lenient than RFC 8259 in three points, each because real clients do it: control characters inside strings,
//! `NaN`/`Infinity`/`-Infinity` as numbers (Python), and lone surrogates (they become U+FFFD).

use std::borrow::Cow;

use whodunit_model::log::write_json_text;

/// Deepest nesting that is read.
pub const JSON_DEPTH_MAX: usize = 64;

/// Where and why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at byte {at}: {what}")]
pub struct JsonError {
    pub at: usize,
    pub what: &'static str,
}

/// A string as it stands between its quotes.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    raw: &'a str,
    escaped: bool,
}

/// The start of a value; scalars are read whole.
#[derive(Clone, Copy, Debug)]
pub enum Token<'a> {
    Null,
    Boolean(bool),
    /// As sent.
    Number(&'a str),
    Text(Text<'a>),
    Object,
    Array,
}

/// Reads tokens from a text.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// A whole value, borrowing from the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Boolean(bool),
    /// As sent.
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Text<'a> {
    /// The string itself, when it has no escapes.
    #[inline]
    pub fn plain(self) -> Option<&'a str> {
        (!self.escaped).then_some(self.raw)
    }

    /// Appends the string with its escapes resolved.
    pub fn unescape_into(self, out: &mut String) -> Result<(), JsonError> {
        let mut rest = self.raw;
        while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
            out.push_str(&rest[..at]);
            rest = unescape_one(&rest[at + 1..], out)?;
        }
        out.push_str(rest);
        Ok(())
    }

    pub fn to_cow(self) -> Result<Cow<'a, str>, JsonError> {
        match self.plain() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => {
                let mut text = String::with_capacity(self.raw.len());
                self.unescape_into(&mut text)?;
                Ok(Cow::Owned(text))
            }
        }
    }
}

/// Resolves the escape after a backslash and gives what follows it.
fn unescape_one<'t>(after: &'t str, out: &mut String) -> Result<&'t str, JsonError> {
    let kind = after.bytes().next();
    let plain = match kind {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unescape_unicode(&after[1..], out),
        _ => return Err(JsonError { at: 0, what: "unknown escape in a string" }),
    };
    out.push(plain);
    Ok(&after[1..])
}

fn unescape_unicode<'t>(digits: &'t str, out: &mut String) -> Result<&'t str, JsonError> {
    let (first, rest) = code_unit(digits)?;
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = rest.strip_prefix("\\u")
    {
        let (low, after) = code_unit(second)?;
        if (0xdc00..0xe000).contains(&low) {
            let code = 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00);
            out.push(char::from_u32(code).expect("a surrogate pair is a scalar value"));
            return Ok(after);
        }
    }
    out.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    Ok(rest)
}

fn code_unit(digits: &str) -> Result<(u32, &str), JsonError> {
    let bad = JsonError { at: 0, what: "\\u needs four hexadecimal digits" };
    let four = digits.get(..4).filter(|four| four.bytes().all(|byte| byte.is_ascii_hexdigit())).ok_or(bad)?;
    let unit = u32::from_str_radix(four, 16).map_err(|_| bad)?;
    Ok((unit, &digits[4..]))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks the bytes of a word that equal `byte`; the lowest mark is exact.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * u64::from(byte));
    difference.wrapping_sub(ONES) & !difference & HIGHS
}

/// The first quote or backslash at or after `from`: most strings are short, so words first, then SIMD.
#[inline]
fn string_stop(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let near = from + 32;
    while at < near {
        let Some(eight) = bytes.get(at..at + 8) else { break };
        let word = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        let found = marks(word, b'"') | marks(word, b'\\');
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr::memchr2(b'"', b'\\', bytes.get(at..)?).map(|offset| at + offset)
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0 }
    }

    fn fail<T>(&self, what: &'static str) -> Result<T, JsonError> {
        Err(JsonError { at: self.at, what })
    }

    /// Gives an error of an unescaped string its place.
    fn placed<T>(&self, result: Result<T, JsonError>) -> Result<T, JsonError> {
        result.map_err(|error| JsonError { at: self.at, ..error })
    }

    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Nothing but white space may follow.
    pub fn end(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fail("more after the end of the value"),
        }
    }

    /// Reads a scalar, or the opening bracket of an object or array.
    #[inline]
    pub fn token(&mut self) -> Result<Token<'a>, JsonError> {
        match self.peek() {
            Some(b'"') => self.string().map(Token::Text),
            Some(b'{') => {
                self.at += 1;
                Ok(Token::Object)
            }
            Some(b'[') => {
                self.at += 1;
                Ok(Token::Array)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Token::Boolean(true)),
            Some(b'f') => self.word("false", Token::Boolean(false)),
            Some(b'n') => self.word("null", Token::Null),
            Some(b'N') => self.word("NaN", Token::Number("NaN")),
            Some(b'I') => self.word("Infinity", Token::Number("Infinity")),
            Some(_) => self.fail("expected a value"),
            None => self.fail("the text ends where a value should stand"),
        }
    }

    fn word(&mut self, word: &'static str, token: Token<'a>) -> Result<Token<'a>, JsonError> {
        if !self.text[self.at..].starts_with(word) {
            return self.fail("expected a value");
        }
        self.at += word.len();
        Ok(token)
    }

    /// The next key of an object, or `None` after its closing brace. `first` is true right after the opening brace.
    #[inline]
    pub fn key(&mut self, first: &mut bool) -> Result<Option<Text<'a>>, JsonError> {
        match (self.peek(), std::mem::replace(first, false)) {
            (Some(b'}'), _) => {
                self.at += 1;
                return Ok(None);
            }
            (Some(b','), false) => {
                self.at += 1;
                if self.peek() != Some(b'"') {
                    return self.fail("expected a key in quotes");
                }
            }
            (Some(b'"'), true) => {}
            (None, _) => return self.fail("the text ends inside an object"),
            (_, true) => return self.fail("expected a key in quotes or }"),
            (_, false) => return self.fail("expected , or }"),
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return self.fail("expected : after a key");
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether an array has another element; reads its closing bracket otherwise.
    #[inline]
    pub fn element(&mut self, first: &mut bool) -> Result<bool, JsonError> {
        match (self.peek(), std::mem::replace(first, false)) {
            (Some(b']'), _) => {
                self.at += 1;
                Ok(false)
            }
            (Some(b','), false) => {
                self.at += 1;
                match self.peek() {
                    Some(b']') => self.fail("expected a value after ,"),
                    _ => Ok(true),
                }
            }
            (None, _) => self.fail("the text ends inside an array"),
            (_, true) => Ok(true),
            (_, false) => self.fail("expected , or ]"),
        }
    }

    #[inline]
    fn string(&mut self) -> Result<Text<'a>, JsonError> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut escaped = false;
        loop {
            let Some(stop) = string_stop(bytes, at) else { return self.fail("the text ends inside a string") };
            if bytes[stop] == b'"' {
                self.at = stop + 1;
                return Ok(Text { raw: &self.text[start..stop], escaped });
            }
            escaped = true;
            at = stop + 2;
        }
    }

    fn number(&mut self) -> Result<Token<'a>, JsonError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + usize::from(bytes[start] == b'-');
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let whole = at;
        at = digits(at);
        if at == whole {
            if self.text[at..].starts_with("Infinity") {
                self.at = at + "Infinity".len();
                return Ok(Token::Number("-Infinity"));
            }
            return self.fail("a number needs digits");
        }
        if bytes[whole] == b'0' && at > whole + 1 {
            return self.fail("a number starts with 0");
        }
        if bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            if end == at + 1 {
                return self.fail("a number needs digits after its point");
            }
            at = end;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let end = digits(at + 1 + sign);
            if end == at + 1 + sign {
                return self.fail("a number needs digits in its exponent");
            }
            at = end;
        }
        self.at = at;
        Ok(Token::Number(&self.text[start..at]))
    }

    /// Reads the rest of a value that [`Reader::token`] began and gives its text as sent.
    pub fn rest(&mut self, token: Token<'a>) -> Result<&'a str, JsonError> {
        let start = self.at - 1;
        self.skip(token, JSON_DEPTH_MAX)?;
        Ok(&self.text[start..self.at])
    }

    /// Passes over the rest of a value that [`Reader::token`] began.
    pub fn pass(&mut self, token: Token<'a>) -> Result<(), JsonError> {
        self.skip(token, JSON_DEPTH_MAX)
    }

    fn skip(&mut self, token: Token<'a>, depth: usize) -> Result<(), JsonError> {
        let Some(below) = depth.checked_sub(1) else { return self.fail("nested too deeply") };
        let mut first = true;
        match token {
            Token::Object => {
                while let Some(key) = self.key(&mut first)? {
                    self.check(key)?;
                    let token = self.token()?;
                    self.skip(token, below)?;
                }
            }
            Token::Array => {
                while self.element(&mut first)? {
                    let token = self.token()?;
                    self.skip(token, below)?;
                }
            }
            Token::Text(text) => self.check(text)?,
            Token::Null | Token::Boolean(_) | Token::Number(_) => {}
        }
        Ok(())
    }

    fn check(&self, text: Text<'a>) -> Result<(), JsonError> {
        match text.plain() {
            Some(_) => Ok(()),
            None => self.placed(text.to_cow()).map(drop),
        }
    }

    fn tree(&mut self, token: Token<'a>, depth: usize) -> Result<Value<'a>, JsonError> {
        let Some(below) = depth.checked_sub(1) else { return self.fail("nested too deeply") };
        let mut first = true;
        Ok(match token {
            Token::Null => Value::Null,
            Token::Boolean(truth) => Value::Boolean(truth),
            Token::Number(raw) => Value::Number(raw),
            Token::Text(text) => Value::Text(self.placed(text.to_cow())?),
            Token::Object => {
                let mut members = Vec::new();
                while let Some(key) = self.key(&mut first)? {
                    let key = self.placed(key.to_cow())?;
                    let token = self.token()?;
                    members.push((key, self.tree(token, below)?));
                }
                Value::Object(members)
            }
            Token::Array => {
                let mut elements = Vec::new();
                while self.element(&mut first)? {
                    let token = self.token()?;
                    elements.push(self.tree(token, below)?);
                }
                Value::Array(elements)
            }
        })
    }
}

impl<'a> Value<'a> {
    /// Reads one whole value with nothing after it.
    pub fn parse(text: &'a str) -> Result<Value<'a>, JsonError> {
        let mut reader = Reader::new(text);
        let token = reader.token()?;
        let value = reader.tree(token, JSON_DEPTH_MAX)?;
        reader.end()?;
        Ok(value)
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&[(Cow<'a, str>, Value<'a>)]> {
        match self {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member with this key; the last one, when a key stands twice.
    pub fn member(&self, key: &str) -> Option<&Value<'a>> {
        self.as_object()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Appends the canonical form: members sorted by the bytes of their keys, the last of equal keys, no white
    /// space, the fewest escapes, numbers as sent.
    pub fn write_canonical(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Boolean(true) => out.push_str("true"),
            Value::Boolean(false) => out.push_str("false"),
            Value::Number(raw) if raw.ends_with(|last: char| last.is_ascii_digit()) => out.push_str(raw),
            // NaN and the infinities are no JSON.
            Value::Number(raw) => write_json_text(out, raw),
            Value::Text(text) => write_json_text(out, text),
            Value::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write_canonical(out);
                }
                out.push(']');
            }
            Value::Object(members) => {
                let mut sorted: Vec<&(Cow<'a, str>, Value<'a>)> = members.iter().collect();
                sorted.sort_by(|left, right| left.0.cmp(&right.0));
                out.push('{');
                let mut written = 0;
                for (index, (key, value)) in sorted.iter().enumerate() {
                    if sorted.get(index + 1).is_some_and(|next| next.0 == *key) {
                        continue;
                    }
                    if written > 0 {
                        out.push(',');
                    }
                    written += 1;
                    write_json_text(out, key);
                    out.push(':');
                    value.write_canonical(out);
                }
                out.push('}');
            }
        }
    }

    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write_canonical(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Value::parse(text).map_or_else(|error| error.to_string(), |value| value.canonical())
    }

    #[test]
    fn the_canonical_form_sorts_keys_and_keeps_numbers() {
        let cases = [
            (r#" { "b" : 1.10 , "a" : [ true , null , "x" ] } "#, r#"{"a":[true,null,"x"],"b":1.10}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""A\n\"\\\/é😀\ud800""#, "\"A\\n\\\"\\\\/é😀\u{fffd}\""),
            ("[1e400,-0,123456789012345678901234567890]", "[1e400,-0,123456789012345678901234567890]"),
            ("[NaN,Infinity,-Infinity]", r#"["NaN","Infinity","-Infinity"]"#),
            ("\"a\u{1}\tb\"", "\"a\\u0001\\tb\""),
        ];
        for (sent, expected) in cases {
            assert_eq!(canonical(sent), expected);
            assert_eq!(canonical(expected), expected, "canonical text is its own canonical form");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        let cases = [
            ("", "not JSON at byte 0: the text ends where a value should stand"),
            (r#"{"a":1"#, "not JSON at byte 6: the text ends inside an object"),
            (r#"{"a" 1}"#, "not JSON at byte 5: expected : after a key"),
            (r#"{"a":1,}"#, "not JSON at byte 7: expected a key in quotes"),
            ("[1,]", "not JSON at byte 3: expected a value after ,"),
            ("[1 2]", "not JSON at byte 3: expected , or ]"),
            ("01", "not JSON at byte 0: a number starts with 0"),
            ("1.", "not JSON at byte 0: a number needs digits after its point"),
            ("1e+", "not JSON at byte 0: a number needs digits in its exponent"),
            ("\"abc", "not JSON at byte 0: the text ends inside a string"),
            ("\"abc\\", "not JSON at byte 0: the text ends inside a string"),
            (r#""\x""#, "not JSON at byte 4: unknown escape in a string"),
            (r#""\u12g4""#, "not JSON at byte 8: \\u needs four hexadecimal digits"),
            ("{} {}", "not JSON at byte 3: more after the end of the value"),
            ("nul", "not JSON at byte 0: expected a value"),
        ];
        for (sent, expected) in cases {
            assert_eq!(canonical(sent), expected, "{sent}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Value::parse(&deep(JSON_DEPTH_MAX)).is_ok());
        assert!(Value::parse(&deep(JSON_DEPTH_MAX + 1)).is_err());
        assert!(Value::parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn a_string_ends_at_its_quote_wherever_it_stands() {
        for length in 0..100 {
            let text = format!("\"{}\"", "ü".repeat(length));
            assert_eq!(Value::parse(&text), Ok(Value::Text("ü".repeat(length).into())));
            let text = format!("\"{}\\n\"  ", "x".repeat(length));
            assert_eq!(Value::parse(&text), Ok(Value::Text(format!("{}\n", "x".repeat(length)).into())));
        }
    }
}
