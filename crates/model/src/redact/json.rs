//! Secrets within JSON, at every depth: the text stays byte for byte but for the values that are replaced.
//!
//! Nothing is parsed into a tree and written again, so numbers keep their digits, members their order, and a text in
//! canonical form stays in it.

use std::borrow::Cow;

use super::Redactor;
use super::edit::{FILTERED, Tally};
use super::names::{Numbers, Verdict};
use super::shapes;
use super::text::{Scope, is_worth_filtering};
use crate::log::write_json_text;

/// Deeper than this a text is not taken for JSON.
const DEPTH_MAX: usize = 128;

/// How values are treated under the names above them.
#[derive(Clone, Copy)]
enum Under {
    /// Looked through.
    Scope(Scope),
    /// Secret, unless they count something.
    Counted(usize),
}

/// Not JSON.
pub struct NotJson;

struct Walk<'a> {
    redactor: &'a Redactor,
    text: &'a str,
    at: usize,
    /// The names above, with dots between them.
    path: String,
    out: String,
    /// Up to here `out` has it all.
    copied: usize,
    tally: &'a mut Tally,
}

/// The text with its secrets replaced, or `None` if it has none. `path` is the name under which it stands.
pub fn redact(redactor: &Redactor, path: &str, text: &str, tally: &mut Tally) -> Result<Option<String>, NotJson> {
    let mut found = Tally::default();
    let path = path.to_owned();
    let mut walk = Walk { redactor, text, at: 0, path, out: String::new(), copied: 0, tally: &mut found };
    let under = below(redactor.judge(&walk.path), Under::Scope(Scope::Free));
    walk.space();
    walk.value(under, 0)?;
    walk.space();
    let out = walk.end()?;
    found.rules().for_each(|(rule, times)| tally.add(rule, times));
    Ok(out)
}

/// The value that stands under a name of an object without its secrets, as if the whole object had been filtered.
pub fn redact_member(
    redactor: &Redactor,
    name: &str,
    text: &str,
    tally: &mut Tally,
) -> Result<Option<String>, NotJson> {
    let mut found = Tally::default();
    let path = String::new();
    let mut walk = Walk { redactor, text, at: 0, path, out: String::new(), copied: 0, tally: &mut found };
    walk.member(name, Under::Scope(Scope::Free), 0)?;
    let out = walk.end()?;
    found.rules().for_each(|(rule, times)| tally.add(rule, times));
    Ok(out)
}

/// What a name says about what stands below it, which goes before what was known without it.
fn below(verdict: Verdict, above: Under) -> Under {
    match (verdict, above) {
        (Verdict::Secret { rule, numbers: Numbers::Counts }, _) => Under::Counted(rule),
        (Verdict::Exempt, _) => Under::Scope(Scope::OwnOnly),
        (Verdict::Identifier, Under::Scope(Scope::Free)) => Under::Scope(Scope::Identifier),
        (_, Under::Scope(Scope::Identifier)) => Under::Scope(Scope::Free),
        (_, above) => above,
    }
}

impl Walk<'_> {
    /// What came of the text, which must be at its end.
    fn end(self) -> Result<Option<String>, NotJson> {
        if self.at != self.text.len() {
            return Err(NotJson);
        }
        if self.copied == 0 {
            return Ok(None);
        }
        let mut out = self.out;
        out.push_str(&self.text[self.copied..]);
        Ok(Some(out))
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.peek() != Some(byte) {
            return Err(NotJson);
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, under: Under, depth: usize) -> Result<(), NotJson> {
        if depth > DEPTH_MAX {
            return Err(NotJson);
        }
        match self.peek().ok_or(NotJson)? {
            b'{' => self.object(under, depth),
            b'[' => self.array(under, depth),
            b'"' => self.text_value(under),
            _ => self.scalar(under),
        }
    }

    fn object(&mut self, under: Under, depth: usize) -> Result<(), NotJson> {
        self.take(b'{')?;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let key = self.text_token()?;
            let key = decoded(&self.text[key]);
            self.space();
            self.take(b':')?;
            self.space();
            self.member(&key, under, depth)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => return self.take(b'}'),
            }
            self.space();
        }
    }

    fn member(&mut self, key: &str, under: Under, depth: usize) -> Result<(), NotJson> {
        let above = self.path.len();
        if above > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        let done = match self.redactor.judge(&self.path) {
            Verdict::Secret { rule, numbers: Numbers::Secret } => self.whole(rule, depth),
            verdict => self.value(below(verdict, under), depth + 1),
        };
        self.path.truncate(above);
        done
    }

    fn array(&mut self, under: Under, depth: usize) -> Result<(), NotJson> {
        self.take(b'[')?;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(under, depth + 1)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => return self.take(b']'),
            }
            self.space();
        }
    }

    /// A value under the name of a secret: whatever it is, one text stands for it.
    fn whole(&mut self, rule: usize, depth: usize) -> Result<(), NotJson> {
        let start = self.at;
        self.skip(depth)?;
        let value = &self.text[start..self.at];
        let inner = decoded(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value));
        let empty = matches!(value, "{}" | "[]");
        if !empty && is_worth_filtering(&inner) {
            self.replace(start, &format!("\"{FILTERED}\""));
            self.tally.count(rule);
        }
        Ok(())
    }

    /// Passes over a value without looking into it.
    fn skip(&mut self, depth: usize) -> Result<(), NotJson> {
        let mut open = 0usize;
        loop {
            match self.peek().ok_or(NotJson)? {
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                b'"' => {
                    self.text_token()?;
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if open > 0 => self.at += 1,
                _ => {
                    self.scalar_token()?;
                }
            }
            if open == 0 {
                return Ok(());
            }
            if open + depth > DEPTH_MAX {
                return Err(NotJson);
            }
        }
    }

    fn text_value(&mut self, under: Under) -> Result<(), NotJson> {
        let start = self.at;
        let content = self.text_token()?;
        let content = decoded(&self.text[content]);
        let filtered = match under {
            Under::Counted(rule) if is_worth_filtering(&content) => {
                self.tally.count(rule);
                Some(FILTERED.to_owned())
            }
            Under::Counted(_) => None,
            Under::Scope(scope) => self.redactor.scan(&self.path, &content, scope, self.tally),
        };
        if let Some(filtered) = filtered {
            let mut quoted = String::with_capacity(filtered.len() + 2);
            write_json_text(&mut quoted, &filtered);
            self.replace(start, &quoted);
        }
        Ok(())
    }

    fn scalar(&mut self, under: Under) -> Result<(), NotJson> {
        let start = self.at;
        let token = self.scalar_token()?;
        let digits = self.text[token.clone()].parse().is_ok_and(shapes::is_card_integer);
        if digits && matches!(under, Under::Scope(Scope::Free)) {
            self.replace(start, &format!("\"{FILTERED}\""));
            self.tally.count(super::rules::standard::CARD_NUMBER);
        }
        Ok(())
    }

    /// A number or a word.
    fn scalar_token(&mut self) -> Result<std::ops::Range<usize>, NotJson> {
        let start = self.at;
        let of_scalar = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        while self.peek().is_some_and(of_scalar) {
            self.at += 1;
        }
        let token = &self.text[start..self.at];
        let known = matches!(token, "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity");
        let number =
            token.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && token.parse::<f64>().is_ok();
        if known || number { Ok(start..self.at) } else { Err(NotJson) }
    }

    /// What stands between the quotes, with its escapes.
    fn text_token(&mut self) -> Result<std::ops::Range<usize>, NotJson> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            match memchr::memchr2(b'"', b'\\', &self.text.as_bytes()[self.at..]) {
                None => return Err(NotJson),
                Some(length) => self.at += length,
            }
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(start..self.at - 1);
            }
            // The backslash and what it escapes; a multi-byte character after it is not JSON.
            let escaped = self.text.as_bytes().get(self.at + 1).ok_or(NotJson)?;
            if !escaped.is_ascii() {
                return Err(NotJson);
            }
            self.at += 2;
        }
    }

    fn replace(&mut self, start: usize, with: &str) {
        self.out.push_str(&self.text[self.copied..start]);
        self.out.push_str(with);
        self.copied = self.at;
    }
}

/// The text that stands between quotes, without its escapes. What cannot be read stays as it is.
fn decoded(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    match serde_json::from_str(&format!("\"{raw}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(raw),
    }
}
