//! Numbers, and what is made of them: durations, sizes, versions, hexadecimal.

use super::is_word;

const DURATIONS: &[&str] = &["ns", "us", "µs", "ms", "s", "sec", "secs", "m", "min", "mins", "h", "hr", "hrs", "d"];
const SIZES: &[&str] = &["b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "bytes"];

/// A number with a sign, if the sign is no hyphen of a word.
pub fn signed(bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let is_sign = at == 0 || matches!(bytes[at - 1], b' ' | b'(' | b'[' | b'=' | b',' | b':' | b'\t');
    let (length, name) = self::at(bytes, at + 1).filter(|_| is_sign)?;
    Some((length + 1, name))
}

/// The number that starts here. Looks at most [`NUMBER_BYTES_MAX`] bytes ahead.
pub fn at(bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let rest = &bytes[at..];
    let rest = &rest[..rest.len().min(NUMBER_BYTES_MAX)];
    if let [b'0', b'x' | b'X', after @ ..] = rest {
        let digits = after.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        return (digits > 0 && ends(after, digits)).then_some((digits + 2, "<hex>"));
    }
    let whole = digits(rest);
    if whole == 0 {
        return None;
    }
    if is_status(bytes, at, whole) {
        return None;
    }
    let mut length = whole;
    let mut dots = 0;
    while let Some([b'.' | b',', next, ..]) = rest.get(length..)
        && next.is_ascii_digit()
    {
        let more = digits(&rest[length + 1..]);
        // `1,234,567` is one number, `1,2` are two.
        if rest[length] == b',' && more != 3 {
            break;
        }
        dots += usize::from(rest[length] == b'.');
        length += more + 1;
    }
    if let [b'e' | b'E', exponent @ ..] = &rest[length..] {
        let sign = usize::from(matches!(exponent, [b'+' | b'-', ..]));
        let more = digits(&exponent[sign..]);
        if more > 0 && ends(exponent, sign + more) {
            return Some((length + 1 + sign + more, "<float>"));
        }
    }
    if dots <= 1
        && let Some(found) = with_unit(rest, length)
    {
        return Some(found);
    }
    let name = match dots {
        0 => "<int>",
        1 => "<float>",
        _ => "<version>",
    };
    ends(rest, length).then_some((length, name))
}

/// Digits, unit, and more of both: `1h2m3.5s`.
fn with_unit(rest: &[u8], number: usize) -> Option<(usize, &'static str)> {
    const PARTS_MAX: usize = 5;
    let mut length = number;
    for part in 0..PARTS_MAX {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        let unit = rest[length..].iter().take(8).take_while(|byte| is_letter(byte)).count();
        let word = std::str::from_utf8(&rest[length..length + unit]).ok()?;
        let end = length + unit;
        if part == 0 && SIZES.iter().any(|size| word.eq_ignore_ascii_case(size)) && ends(rest, end) {
            return Some((end, "<size>"));
        }
        if !DURATIONS.contains(&word) {
            return None;
        }
        if ends(rest, end) {
            return Some((end, "<duration>"));
        }
        let more = digits(&rest[end..]);
        let fraction = match rest.get(end + more..) {
            Some([b'.', after @ ..]) => 1 + digits(after),
            _ => 0,
        };
        (more > 0).then_some(())?;
        length = end + more + fraction;
    }
    None
}

/// The code of an answer says which error it is: `status code 404`, `HTTP 503`, `HTTP/1.1 500`.
fn is_status(bytes: &[u8], at: usize, digits: usize) -> bool {
    if digits != 3 || !matches!(bytes[at], b'1'..=b'5') || !ends(&bytes[at..], 3) {
        return false;
    }
    let before = &bytes[at.saturating_sub(24)..at];
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"=")).unwrap_or(before).trim_ascii_end();
    const WORDS: &[&str] =
        &["status", "status code", "statuscode", "status_code", "http", "http/1.1", "http/2", "http error"];
    WORDS.iter().any(|word| {
        let start = before.len().checked_sub(word.len());
        start.is_some_and(|start| {
            before[start..].eq_ignore_ascii_case(word.as_bytes()) && (start == 0 || !is_word(before[start - 1]))
        })
    })
}

const NUMBER_BYTES_MAX: usize = 128;

fn digits(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn ends(rest: &[u8], length: usize) -> bool {
    !rest.get(length).is_some_and(|byte| is_word(*byte))
}
