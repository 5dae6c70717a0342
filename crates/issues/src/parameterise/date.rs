//! Dates and times of day in the forms that logs and databases write.

use super::is_word;

/// The length of the date that starts here. Looks at most 64 bytes ahead.
pub fn at(rest: &[u8]) -> Option<usize> {
    let rest = &rest[..rest.len().min(64)];
    let length = iso(rest).or_else(|| slashed(rest)).or_else(|| worded(rest)).or_else(|| time(rest))?;
    (!rest.get(length).is_some_and(|byte| is_word(*byte))).then_some(length)
}

/// `2026-11-28`, `2026/11/28`, with a time and a zone.
fn iso(rest: &[u8]) -> Option<usize> {
    let date = shape(rest, b"9999-99-99").or_else(|| shape(rest, b"9999/99/99"))?;
    let Some(time) = rest.get(date..).and_then(|rest| match rest {
        [b'T' | b' ' | b'_', after @ ..] => time(after),
        _ => None,
    }) else {
        return Some(date);
    };
    Some(date + 1 + time)
}

/// `28/11/2026`, `28.11.2026`, with a time.
fn slashed(rest: &[u8]) -> Option<usize> {
    let date = shape(rest, b"99/99/9999").or_else(|| shape(rest, b"99.99.9999"))?;
    let time =
        rest.get(date..).and_then(|rest| rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b":"))).and_then(time);
    Some(date + time.map_or(0, |time| time + 1))
}

/// `10:20`, `10:20:30.123`, `10:20:30,123`, with a zone.
fn time(rest: &[u8]) -> Option<usize> {
    let mut length = shape(rest, b"99:99:99").or_else(|| shape(rest, b"99:99"))?;
    if let Some(b"." | b",") = rest.get(length..length + 1) {
        let digits = digits(&rest[length + 1..]);
        length += if digits > 0 { digits + 1 } else { 0 };
    }
    let after = &rest[length..];
    let zone = match after {
        [b'Z' | b'z', ..] => Some(1),
        [b'+' | b'-', zone @ ..] => shape(zone, b"99:99").or_else(|| shape(zone, b"9999")).map(|zone| zone + 1),
        [b' ', b'+' | b'-', zone @ ..] => shape(zone, b"9999").map(|zone| zone + 2),
        _ => [" UTC", " GMT"].iter().find(|zone| after.starts_with(zone.as_bytes())).map(|zone| zone.len()),
    };
    Some(length + zone.unwrap_or(0))
}

/// `Sat, 28 Nov 2026 10:20:30 GMT`, `Sat Nov 28 10:20:30 2026`, `Nov 28 10:20:30`, `28 Nov 2026`.
fn worded(rest: &[u8]) -> Option<usize> {
    const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut length, mut numbers, mut has_month) = (0, 0, false);
    let mut end = 0;
    // A handful of words that are each a day, a month, a number or a time, with spaces and commas between.
    for _ in 0..6 {
        let word = &rest[length..];
        let is_one_of = |names: &[&str]| {
            let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            (letters == 3 && names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(&word[..3]))).then_some(3)
        };
        let taken = if let Some(taken) = time(word) {
            numbers += 1;
            taken
        } else if let Some(taken) = is_one_of(MONTHS) {
            has_month = true;
            taken
        } else if let Some(taken) = is_one_of(DAYS) {
            taken
        } else if let digits @ (1 | 2 | 4) = digits(word) {
            numbers += 1;
            digits
        } else {
            break;
        };
        length += taken;
        end = length;
        length += rest[length..].iter().take(2).take_while(|byte| b" ,-/".contains(byte)).count();
        if length == end {
            break;
        }
    }
    (has_month && numbers >= 2).then_some(end)
}

/// Whether the text starts like the pattern, in which `9` is any digit; a further digit must not follow.
fn shape(rest: &[u8], pattern: &[u8]) -> Option<usize> {
    let text = rest.get(..pattern.len())?;
    let fits = text.iter().zip(pattern).all(|(byte, expected)| match expected {
        b'9' => byte.is_ascii_digit(),
        other => byte == other,
    });
    (fits && !rest.get(pattern.len()).is_some_and(u8::is_ascii_digit)).then_some(pattern.len())
}

fn digits(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
