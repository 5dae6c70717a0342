//! Takes the varying parts out of a message, so that the same sentence about two users is the same sentence.
//!
//! `user 17 (eve@example.com) not found` becomes `user <int> (<email>) not found`. The text is read once from left
//! to right; at the start of each word a few recognisers look a bounded number of bytes ahead, so the time is linear
//! in the text whatever it is. What looks like a name in code stays: `(reading 'price')` says which bug it is.
//!
//! Everything here is part of an algorithm's version: a change of what is recognised changes fingerprints.
//!
//! Modules, top to bottom:

mod token;
mod date;
mod number;

use std::borrow::Cow;

/// Bytes of a message that are looked at; what stands behind cannot tell two messages apart.
pub const MESSAGE_BYTES_MAX: usize = 8 * 1024;
/// Lines of a message that count.
const LINES_MAX: usize = 2;

/// Replaces what varies by what it is: `<int>`, `<float>`, `<hex>`, `<uuid>`, `<email>`, `<ip>`, `<url>`, `<date>`,
/// `<duration>`, `<size>`, `<version>`, `<md5>`, `<sha1>`, `<sha256>`, `<hash>`, `<jwt>`, `<token>`, `<path>`,
/// `<quoted>`.
pub fn parameterise(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        if at > 0 && is_word(bytes[at - 1]) {
            at += 1;
            continue;
        }
        match token::at(bytes, at) {
            Some((length, name)) => {
                out.push_str(&text[kept..at]);
                out.push_str(name);
                at += length;
                kept = at;
            }
            None if is_word(bytes[at]) => {
                let length = word_length(&bytes[at..]);
                if let Some(number) = number_at_end(&bytes[at..at + length]) {
                    out.push_str(&text[kept..at + number]);
                    out.push_str("<int>");
                    kept = at + length;
                }
                at += length;
            }
            None => at += 1,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The lines of a message that count: the first two that are not empty, trimmed.
pub fn headline(text: &str) -> Cow<'_, str> {
    let text = cut(text, MESSAGE_BYTES_MAX);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES_MAX);
    match (lines.next(), lines.next()) {
        (None, _) => Cow::Borrowed(""),
        (Some(line), None) => Cow::Borrowed(line),
        (Some(line), Some(next)) => Cow::Owned(format!("{line}\n{next}")),
    }
}

/// At most `bytes_max` bytes of a text, without breaking a character.
pub(crate) fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// A byte of a word; every byte of a character beyond ASCII is one.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_word(**byte)).count()
}

/// Where the number of `order_1234` starts.
fn number_at_end(word: &[u8]) -> Option<usize> {
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let start = word.len() - digits;
    (digits > 0 && start > 1 && word[start - 1] == b'_').then_some(start)
}

#[cfg(test)]
mod tests;
