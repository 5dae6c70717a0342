//! Secrets within text: by shape, and by the name that stands before them.
//!
//! Most texts have none, so a text is first asked for what every secret has: nine digits, a separator after a name, or
//! three bytes of a word. That takes a few nanoseconds, since the loops have no branches and the compiler makes
//! vectors of them. Only then is anybody looked for.
//!
//! ```text
//! login ok password="hunter2", retry      Cookie: a=b; c=d ⏎      /reset?token=abc&next=/
//!          └name──┘└value─┘               └name┘ └to the end┘            └name┘└val┘
//! ```

use memchr::memchr3_iter;

use super::edit::{Edit, Edits, FILTERED};
use super::names::{self, Verdict};
use super::rules::{OwnRules, RuleId, standard};
use super::shapes::{self, looks_random};

/// How much of a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Free,
    /// Names of things: `auth:login` is no secret, so only shapes count.
    Names,
    /// Its digits are an id's.
    Identifier,
    /// Only a project's own rules for values.
    OwnOnly,
}

/// Fewest digits of a number with a shape (an American social security number).
const DIGITS_MIN: usize = 9;
/// Longest name before a separator.
const NAME_BYTES_MAX: usize = 128;

/// What a text has, so that it is worth looking for more.
#[derive(Clone, Copy, Debug, Default)]
struct Traits {
    digits: usize,
    separator: bool,
    at_sign: bool,
    /// `---`, `eyJ`, and the ends of `Bearer` and `Basic`.
    triple: bool,
}

/// What is to be filtered of a text that is no JSON.
pub fn find(text: &str, scope: Scope, own: &OwnRules) -> Edits {
    let mut edits = Edits::default();
    if scope != Scope::OwnOnly {
        find_standard(text, scope, own, &mut edits);
    }
    for (expression, rule) in &own.filter_values {
        for found in expression.captures_iter(text) {
            // A match of the whole is group 0.
            let Some(part) = found.get(1).or_else(|| found.get(0)) else { continue };
            if !part.is_empty() && part.as_str() != FILTERED {
                edits.add(Edit::new(part.range(), *rule));
            }
        }
    }
    edits
}

fn find_standard(text: &str, scope: Scope, own: &OwnRules, edits: &mut Edits) {
    let traits = traits(text.as_bytes());
    if traits.triple {
        shapes::private_keys(text, edits);
        shapes::http_credentials(text, edits);
        shapes::web_tokens(text, edits);
    }
    if traits.at_sign && traits.separator {
        shapes::url_credentials(text, edits);
    }
    if traits.digits >= DIGITS_MIN && scope != Scope::Identifier {
        shapes::numbers(text, edits);
    }
    if traits.separator && scope == Scope::Free {
        pairs(text, own, edits);
    }
}

fn traits(bytes: &[u8]) -> Traits {
    let mut traits = Traits::default();
    for chunk in bytes.chunks(usize::from(u8::MAX)) {
        let (mut digits, mut separator, mut at_sign) = (0u8, 0u8, 0u8);
        for &byte in chunk {
            digits += u8::from(byte.wrapping_sub(b'0') < 10);
            separator |= u8::from(byte == b'=') | u8::from(byte == b':') | u8::from(byte == b'>');
            at_sign |= u8::from(byte == b'@');
        }
        traits.digits += usize::from(digits);
        traits.separator |= separator != 0;
        traits.at_sign |= at_sign != 0;
    }
    let mut triple = 0u8;
    let second = bytes.get(1..).unwrap_or_default();
    let third = bytes.get(2..).unwrap_or_default();
    for ((&first, &second), &third) in bytes.iter().zip(second).zip(third) {
        let is = |known: [u8; 3]| {
            u8::from(first | 0x20 == known[0])
                & u8::from(second | 0x20 == known[1])
                & u8::from(third | 0x20 == known[2])
        };
        triple |= is(*b"rer") | is(*b"sic") | is(*b"eyj") | is(*b"---");
    }
    traits.triple = triple != 0;
    traits
}

/// A name and where its value begins.
struct Pair<'t> {
    name: &'t str,
    separator: u8,
    /// The quote that opens before the name and is still open: `-H 'Cookie: a=b'`.
    around: Option<u8>,
    value: usize,
}

/// Values that stand after the name of a secret.
fn pairs(text: &str, own: &OwnRules, edits: &mut Edits) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for at in memchr3_iter(b'=', b':', b'>', bytes) {
        if at < done {
            continue;
        }
        let Some(pair) = pair(text, at) else { continue };
        let own_rule = own.filters(pair.name);
        if own_rule.is_none() && !names::may_be_secret(pair.name.as_bytes()) {
            continue;
        }
        let rule = match own_rule {
            Some(rule) => rule,
            None if own.keeps(pair.name) => continue,
            None => match names::judge(pair.name) {
                Verdict::Secret { rule, .. } => rule,
                _ => continue,
            },
        };
        if let Some(range) = value(text, &pair, rule) {
            done = range.end;
            edits.add(Edit::new(range, rule));
        }
    }
}

fn pair(text: &str, at: usize) -> Option<Pair<'_>> {
    let bytes = text.as_bytes();
    let (separator, next) = (bytes[at], bytes.get(at + 1).copied());
    let before = at.checked_sub(1).map(|before| bytes[before])?;
    match separator {
        b'>' => {
            let tag = bytes[at.saturating_sub(NAME_BYTES_MAX)..at].iter().rposition(|byte| *byte == b'<')?;
            let start = at.saturating_sub(NAME_BYTES_MAX) + tag + 1;
            let inside = text.get(start..at)?;
            let name = inside.split([' ', '\t', '\n']).next().filter(|name| !name.starts_with('/'))?;
            let name = name.rsplit(':').next().unwrap_or(name);
            return (!inside.ends_with('/')).then_some(Pair { name, separator, around: None, value: at + 1 });
        }
        b':' if next == Some(b':') || before == b':' || bytes[at..].starts_with(b"://") => return None,
        // These compare; `:=` assigns.
        b'=' if next == Some(b'=') || b"!<>=~".contains(&before) => return None,
        _ => {}
    }
    let closes = |byte: u8| matches!(byte, b' ' | b'"' | b'\'' | b'`' | b']' | b'\\' | b':');
    let mut end = at;
    while end > 0 && at - end < 5 && closes(bytes[end - 1]) {
        end -= 1;
    }
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || *byte >= 0x80;
    let length = bytes[end.saturating_sub(NAME_BYTES_MAX)..end].iter().rev().take_while(|byte| of_name(byte)).count();
    let name = text.get(end - length..end)?.trim_matches(['-', '.', '_']);
    let around = (end > length).then(|| bytes[end - length - 1]).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let around = around.filter(|quote| !bytes[end..at].contains(quote));
    let arrow = separator == b'=' && next == Some(b'>');
    let value = if arrow { at + 2 } else { at + 1 };
    Some(Pair { name, separator, around, value })
}

/// Where the secret after a name stands, if it is one.
fn value(text: &str, pair: &Pair<'_>, rule: RuleId) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    if pair.separator == b'>' {
        let length = bytes[pair.value..].iter().position(|byte| *byte == b'<')?;
        return secret(text, pair.value..pair.value + length);
    }
    let spaces = bytes[pair.value..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = pair.value + spaces;
    if text[start..].starts_with(FILTERED) {
        return None;
    }
    let slashes = bytes[start..].iter().take_while(|byte| **byte == b'\\').count();
    match bytes.get(start + slashes)? {
        quote @ (b'"' | b'\'' | b'`') if Some(*quote) != pair.around || slashes > 0 => {
            let inside = start + slashes + 1;
            let end = closing_quote(bytes, inside, *quote, slashes);
            secret(text, inside..end)
        }
        b'{' | b'[' | b'(' if !is_own_word(rule) => secret(text, start..closing_bracket(bytes, start)),
        b'\n' | b'\r' => None,
        _ => bare(text, pair, rule, start, spaces > 0),
    }
}

/// Brackets belong to what is secret by a word of ours; by a project's own key they may be anything.
fn is_own_word(rule: RuleId) -> bool {
    rule > standard::US_SSN
}

/// A value without quotes.
fn bare(text: &str, pair: &Pair<'_>, rule: RuleId, start: usize, spaced: bool) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let of_header = pair.separator == b':' && matches!(rule, standard::COOKIE | standard::AUTH);
    let line_end = || {
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n') || Some(*byte) == pair.around;
        start + bytes[start..].iter().position(ends).unwrap_or(bytes.len() - start)
    };
    if of_header && rule == standard::COOKIE {
        let end = line_end();
        // A cookie has a name.
        return if text[start..end].contains('=') { secret(text, start..end) } else { None };
    }
    let end = word_end(bytes, start, pair.around);
    if of_header && let Some(scheme_end) = scheme(&text[start..end]).map(|length| start + length) {
        let token = scheme_end + bytes[scheme_end..].iter().take_while(|byte| **byte == b' ').count();
        let takes_line = !matches!(text[start..scheme_end].to_ascii_lowercase().as_str(), "bearer" | "basic" | "token");
        let token_end = if takes_line { line_end() } else { word_end(bytes, token, pair.around) };
        return if pair.name.to_ascii_lowercase().ends_with("authorization") || looks_random(&bytes[token..token_end]) {
            secret(text, start..token_end)
        } else {
            None
        };
    }
    let word = &text[start..end];
    if names::is_working_directory(pair.name, word) {
        return None;
    }
    let is_secret = match pair.separator {
        b'=' => !(spaced && is_prose(word)),
        _ if is_strong(rule) => !is_prose(word),
        _ if rule == standard::ONE_TIME_CODE => word.len() >= 4 && word.bytes().any(|byte| byte.is_ascii_digit()),
        _ if is_own_word(rule) => true,
        _ => looks_random(word.as_bytes()) && !word.contains("://"),
    };
    if is_secret { secret(text, start..end) } else { None }
}

fn is_strong(rule: RuleId) -> bool {
    rule < standard::AUTH
}

/// Length of an authentication scheme's name, if the word is one.
fn scheme(word: &str) -> Option<usize> {
    const SCHEMES: &[&str] =
        &["bearer", "basic", "token", "digest", "apikey", "negotiate", "ntlm", "hawk", "oauth", "aws4-hmac-sha256"];
    SCHEMES.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(word.len())
}

/// The range, unless there is nothing in it, or nothing that anybody would hide.
fn secret(text: &str, range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    is_worth_filtering(&text[range.clone()]).then_some(range)
}

/// Not nothing, not a placeholder, and not filtered before.
pub fn is_worth_filtering(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty()
        && value != FILTERED
        && !["null", "none", "nil", "undefined", "true", "false"].iter().any(|empty| value.eq_ignore_ascii_case(empty))
}

/// Where a quoted value ends: at the same quote with as many backslashes before it as the opening one has.
fn closing_quote(bytes: &[u8], start: usize, quote: u8, slashes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match *byte {
            b'\\' => run += 1,
            byte if byte == quote && (run == slashes || (slashes == 0 && run % 2 == 0)) => {
                return at - slashes.min(run);
            }
            _ => run = 0,
        }
    }
    bytes.len()
}

fn closing_bracket(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// The end of a value without quotes: a space, a quote, `&`, or a comma or semicolon before the next pair. Closing
/// brackets and full stops at the end belong to the text around.
fn word_end(bytes: &[u8], start: usize, around: Option<u8>) -> usize {
    let mut end = start;
    while let Some(byte) = bytes.get(end) {
        let ends = byte.is_ascii_whitespace()
            || matches!(byte, b'&' | b'"' | b'<' | b'`')
            || Some(*byte) == around
            || (*byte == b'\'' && bytes.get(end + 1).is_none_or(|next| !next.is_ascii_alphanumeric()))
            || (matches!(byte, b',' | b';') && begins_pair(&bytes[end + 1..]));
        if ends {
            break;
        }
        end += 1;
    }
    let filtered = FILTERED.as_bytes();
    while end > start
        && matches!(bytes[end - 1], b',' | b';' | b'.' | b')' | b'}' | b']' | b'>' | b'|' | b'\\')
        && !bytes[start..end].ends_with(filtered)
    {
        end -= 1;
    }
    end
}

/// Whether a name and a separator follow, or the end.
fn begins_pair(rest: &[u8]) -> bool {
    if rest.first().is_none_or(u8::is_ascii_whitespace) {
        return true;
    }
    let name = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"_-.\"'".contains(byte)));
    match name {
        None => false,
        Some(length) => length > 0 && matches!(rest[length], b'=' | b':'),
    }
}

/// Words that follow `password:` in messages and are none.
fn is_prose(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "a",
        "an",
        "and",
        "at",
        "attempt",
        "attempts",
        "auth",
        "authentication",
        "blank",
        "bad",
        "can",
        "cannot",
        "change",
        "changed",
        "check",
        "could",
        "denied",
        "did",
        "do",
        "does",
        "empty",
        "error",
        "expired",
        "expected",
        "failed",
        "failure",
        "field",
        "for",
        "from",
        "got",
        "has",
        "have",
        "hidden",
        "in",
        "incorrect",
        "invalid",
        "is",
        "it",
        "lookup",
        "login",
        "masked",
        "match",
        "mismatch",
        "missing",
        "must",
        "need",
        "needs",
        "no",
        "not",
        "of",
        "ok",
        "on",
        "omitted",
        "only",
        "optional",
        "or",
        "provided",
        "redacted",
        "removed",
        "required",
        "reset",
        "revoked",
        "rotated",
        "sent",
        "set",
        "should",
        "success",
        "the",
        "this",
        "to",
        "too",
        "unexpected",
        "unknown",
        "unset",
        "updated",
        "use",
        "used",
        "user",
        "valid",
        "verified",
        "was",
        "weak",
        "with",
        "wrong",
        "yes",
        "your",
    ];
    let word = word.trim_end_matches(['.', ',', ';', '!', '?', ':']);
    WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
        || WORDS.contains(&word.to_ascii_lowercase().as_str())
}
