//! A line as it is, with the time at its start and a level among its first words, if they can be told.

use serde_json::{Map, Value};

use crate::level;
use crate::time;

/// A level stands among so many words behind the time.
const WORDS_BEFORE_LEVEL: usize = 5;
/// Shorter levels (`I`, `E`) are words of their own in prose.
const LEVEL_CHARACTERS_MIN: usize = 3;

pub fn parse(line: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let rest = match leading_time(line) {
        Some((time, rest)) => {
            fields.insert("time".to_owned(), Value::from(time));
            rest
        }
        None => line,
    };
    if let Some(level) = level_among(rest) {
        fields.insert("level".to_owned(), Value::from(level));
    }
    fields.insert("message".to_owned(), Value::from(line));
    fields
}

/// `2026-11-25 06:20:01,123`, `[2026-11-25T06:20:01Z]`, `2026/11/25 06:20:01`, and what follows.
fn leading_time(line: &str) -> Option<(String, &str)> {
    let start = line.trim_start_matches(['[', '(']);
    let bytes = start.as_bytes();
    let date = bytes.get(..10)?;
    let is_date = |at: usize, byte: &u8| match at {
        4 | 7 => matches!(byte, b'-' | b'/'),
        _ => byte.is_ascii_digit(),
    };
    if !date.iter().enumerate().all(|(at, byte)| is_date(at, byte)) || !matches!(bytes.get(10), Some(b'T' | b' ')) {
        return None;
    }
    // A space as the 11th character belongs to the time, the next one ends it, unless a zone follows.
    let of_clock = |byte: &u8| byte.is_ascii_digit() || b":.,Z+-".contains(byte);
    let length = 11 + bytes[11..].iter().take_while(|byte| of_clock(byte)).count();
    let zone = start[length..].strip_prefix(' ').map(|after| after.split(' ').next().unwrap_or_default());
    let zone = zone.filter(|zone| zone.starts_with(['+', '-']) && zone.len() == 5);
    let clock = start[..length].trim_end_matches([',', ':', '-', '.', '+']).replace('/', "-").replace(',', ".");
    let text = format!("{clock}{}", zone.unwrap_or_default());
    time::parse_text(&text).ok()?;
    Some((text, &start[length + zone.map_or(0, |zone| zone.len() + 1)..]))
}

fn level_among(text: &str) -> Option<&'static str> {
    let words = text.split([' ', '\t', '|']).filter(|word| !word.is_empty()).take(WORDS_BEFORE_LEVEL);
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    // In prose levels are written small; a log writes them large, or in brackets.
    let written =
        bare.filter(|word| word.len() >= LEVEL_CHARACTERS_MIN && word.chars().all(|c| c.is_ascii_uppercase()));
    written.filter_map(level::from_word).next().map(|level| level.name)
}
