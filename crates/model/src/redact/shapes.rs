//! Secrets that are known by their shape, wherever they stand: numbers with a check digit, keys, tokens, passwords in
//! addresses.

use memchr::{memchr2_iter, memmem};

use super::edit::{Edit, Edits, FILTERED};
use super::rules::standard;

/// Fewest and most digits of a card number.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// Fewest characters of an IBAN (Norway's).
const IBAN_BYTES_MIN: usize = 15;

/// Cards, bank accounts and social security numbers. They begin where a run of digits does.
pub fn numbers(text: &str, edits: &mut Edits) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let found = social_security_number(bytes, at)
            .map(|end| Edit::new(at..end, standard::US_SSN))
            .or_else(|| card_number(bytes, at).map(|end| Edit::new(at..end, standard::CARD_NUMBER)))
            .or_else(|| iban(bytes, at).map(|range| Edit::new(range, standard::IBAN)));
        at = match found {
            Some(edit) => {
                let end = edit.range.end;
                edits.add(edit);
                end
            }
            None => at + digits_at(bytes, at),
        };
    }
}

fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a number may begin here: not inside a word, a fraction or a phone number.
fn begins(bytes: &[u8], at: usize) -> bool {
    match at.checked_sub(1).map(|before| bytes[before]) {
        None => true,
        Some(b'.') => at < 2 || !bytes[at - 2].is_ascii_digit(),
        Some(byte) => !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+')),
    }
}

/// Whether a number may end before `end`.
fn ends(bytes: &[u8], end: usize) -> bool {
    match bytes.get(end) {
        None => true,
        Some(b'.') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(byte) => !(byte.is_ascii_alphanumeric() || *byte == b'_'),
    }
}

/// `123-45-6789`, without the numbers that are never given out.
fn social_security_number(bytes: &[u8], at: usize) -> Option<usize> {
    let part = bytes.get(at..at + 11)?;
    let digits = |range: std::ops::Range<usize>| part[range].iter().all(u8::is_ascii_digit);
    let shaped = digits(0..3) && part[3] == b'-' && digits(4..6) && part[6] == b'-' && digits(7..11);
    let given = &part[..3] != b"000" && &part[..3] != b"666" && part[0] != b'9';
    let given = given && &part[4..6] != b"00" && &part[7..] != b"0000";
    let alone = begins(bytes, at) && (at == 0 || bytes[at - 1] != b'-') && ends(bytes, at + 11);
    (shaped && given && alone && bytes.get(at + 11) != Some(&b'-')).then_some(at + 11)
}

/// A card number in one run, or in the groups that are printed on cards.
fn card_number(bytes: &[u8], at: usize) -> Option<usize> {
    if !begins(bytes, at) {
        return None;
    }
    let mut groups = [0usize; 5];
    let (mut count, mut end, mut separator) = (0, at, None);
    while count < groups.len() {
        let length = digits_at(bytes, end);
        if length == 0 {
            break;
        }
        groups[count] = length;
        count += 1;
        end += length;
        let shape = &groups[..count];
        let whole = matches!(shape, [length] if CARD_DIGITS.contains(length))
            || matches!(shape, [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 1]);
        let goes_on = separator == Some(b'-') && bytes.get(end) == Some(&b'-');
        if whole && !goes_on && ends(bytes, end) && is_card(&bytes[at..end]) {
            return Some(end);
        }
        match (bytes.get(end), separator) {
            (Some(byte @ (b' ' | b'-')), None) => separator = Some(*byte),
            (Some(byte), Some(known)) if *byte == known => {}
            _ => return None,
        }
        end += 1;
    }
    None
}

fn is_card(written: &[u8]) -> bool {
    let mut digits = [0u8; 19];
    let mut count = 0;
    for byte in written.iter().filter(|byte| byte.is_ascii_digit()) {
        *digits.get_mut(count).expect("shapes have at most 19 digits") = byte - b'0';
        count += 1;
    }
    has_issuer(&digits[..count]) && passes_luhn(&digits[..count])
}

/// Whether an integer column holds a card number.
pub fn is_card_integer(number: i64) -> bool {
    const FOURTEEN_DIGITS_LESS_ONE: i64 = 1_000_000_000_000;
    number >= FOURTEEN_DIGITS_LESS_ONE && is_card(number.to_string().as_bytes())
}

/// The ranges that card networks use, with the lengths that they use them in.
fn has_issuer(digits: &[u8]) -> bool {
    let prefix = |length: usize| digits[..length].iter().fold(0u32, |value, digit| value * 10 + u32::from(*digit));
    matches!(
        (digits.len(), prefix(4)),
        (13 | 16 | 19, 4000..=4999)
            | (16, 5100..=5599 | 2221..=2720)
            | (15, 3400..=3499 | 3700..=3799)
            | (14, 3000..=3059 | 3600..=3699 | 3800..=3999)
            | (16..=19, 3528..=3589 | 6011 | 6200..=6299 | 6440..=6599)
            | (13..=19, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763)
    )
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, u32::from(*digit)) {
            (1, digit) if digit > 4 => 2 * digit - 9,
            (1, digit) => 2 * digit,
            (_, digit) => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Countries with the length of their IBANs (the registry of ISO 13616).
const IBAN_LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 \
    EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 \
    LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 \
    SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/// The bank account whose check digits begin at `at`, two letters before. In capitals and with spaces or nothing
/// between its groups, as ISO 13616 prints it: of ids with a country's letters at the right place one in
/// 97 would pass otherwise.
fn iban(bytes: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let start = at.checked_sub(2)?;
    let country = std::str::from_utf8(&bytes[start..at]).ok()?;
    let alone = start == 0 || !(bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'_' | b'-'));
    if !alone || !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let known = IBAN_LENGTHS.split_ascii_whitespace().find(|one| &one[..2] == country)?;
    let length: usize = known[2..].parse().ok()?;
    let mut compact = Vec::with_capacity(length);
    let mut end = start;
    while compact.len() < length {
        match bytes.get(end)? {
            byte if byte.is_ascii_uppercase() || byte.is_ascii_digit() => compact.push(*byte),
            b' ' if compact.len() % 4 == 0 => {}
            _ => return None,
        }
        end += 1;
    }
    (compact.len() >= IBAN_BYTES_MIN && ends(bytes, end) && is_one_mod_97(&compact)).then_some(start..end)
}

fn is_one_mod_97(compact: &[u8]) -> bool {
    let rest = compact[4..].iter().chain(&compact[..4]).fold(0u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

/// Private keys in their armour. One that is cut off is filtered to the end.
pub fn private_keys(text: &str, edits: &mut Edits) {
    let mut from = 0;
    while let Some(found) = text[from..].find("-----BEGIN ") {
        let start = from + found;
        let title = start + "-----BEGIN ".len();
        let title_end = text[title..].find("-----").map_or(text.len(), |length| title + length);
        from = title_end;
        if !text[title..title_end].contains("PRIVATE KEY") {
            continue;
        }
        let end = text[title_end..].find("-----END ").map(|length| title_end + length + "-----END ".len());
        let end = end.and_then(|end| text[end..].find("-----").map(|length| end + length + "-----".len()));
        let end = end.unwrap_or(text.len());
        edits.add(Edit::new(start..end, standard::PEM));
        from = end;
    }
}

/// Passwords in addresses: `scheme://user:password@host`. The user's name stays.
pub fn url_credentials(text: &str, edits: &mut Edits) {
    let bytes = text.as_bytes();
    for found in memmem::find_iter(bytes, "://") {
        let start = found + "://".len();
        if found == 0 || !bytes[found - 1].is_ascii_alphanumeric() {
            continue;
        }
        let stops = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\');
        let word = &bytes[start..][..bytes[start..].iter().position(stops).unwrap_or(bytes.len() - start)];
        let authority = &word[..word.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(word.len())];
        let Some(colon) = authority.iter().position(|byte| *byte == b':') else { continue };
        // A slash in a password should have been escaped. What follows the colon is no port, so it is a password.
        let is_port = authority[colon + 1..].iter().all(u8::is_ascii_digit);
        let part = if authority.contains(&b'@') || is_port { authority } else { word };
        let Some(at_sign) = part.iter().rposition(|byte| *byte == b'@').filter(|at_sign| *at_sign > colon) else {
            continue;
        };
        if at_sign > colon + 1 && &part[colon + 1..at_sign] != FILTERED.as_bytes() {
            edits.add(Edit::new(start + colon + 1..start + at_sign, standard::URL_CREDENTIALS));
        }
    }
}

/// `Bearer …` and `Basic …`, as they stand in headers.
pub fn http_credentials(text: &str, edits: &mut Edits) {
    let bytes = text.as_bytes();
    for start in memchr2_iter(b'b', b'B', bytes) {
        let rest = &bytes[start..];
        let is =
            |scheme: &str| rest.len() > scheme.len() && rest[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes());
        let (length, looks): (usize, fn(&[u8]) -> bool) = if is("bearer ") {
            (7, looks_random)
        } else if is("basic ") {
            (6, is_user_and_password)
        } else {
            continue;
        };
        if start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
            continue;
        }
        let from = start + length + rest[length..].iter().take_while(|byte| **byte == b' ').count();
        let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(byte);
        let taken = bytes[from..].iter().take_while(|byte| of_token(byte)).count();
        let token = &bytes[from..from + taken];
        let token = &token[..token.iter().rposition(|byte| !matches!(byte, b'.' | b':')).map_or(0, |last| last + 1)];
        if looks(token) {
            edits.add(Edit::new(from..from + token.len(), standard::HTTP_CREDENTIALS));
        }
    }
}

/// Whether a word is no word of a language: it is long, has digits, or mixes small letters and capitals.
pub fn looks_random(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let capitals = word.iter().skip(1).any(u8::is_ascii_uppercase);
    let small = word.iter().any(u8::is_ascii_lowercase);
    let marks = word.iter().any(|byte| b"_+/=!@#$%^*~".contains(byte));
    word.len() >= 6 && (digits > 0 || (capitals && small) || marks || (word.len() >= 20 && !word.contains(&b'-')))
}

/// Whether this is base64 of a text with a colon.
fn is_user_and_password(token: &[u8]) -> bool {
    let digits = token.iter().copied().take_while(|byte| *byte != b'=');
    let (mut bits, mut held, mut colon) = (0u32, 0u32, false);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return false,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            let byte = (bits >> held & 0xff) as u8;
            colon |= byte == b':';
            if byte < 0x20 {
                return false;
            }
        }
    }
    colon && token.len() >= 4
}

/// JSON web tokens: two or more parts in base64 with dots, of which the first begins like `{"`.
pub fn web_tokens(text: &str, edits: &mut Edits) {
    let bytes = text.as_bytes();
    for start in memmem::find_iter(bytes, "eyJ") {
        if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'-' | b'_' | b'.')) {
            continue;
        }
        let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
        let length = bytes[start..].iter().take_while(|byte| of_token(byte)).count();
        let token = text[start..start + length].trim_end_matches('.');
        let mut parts = token.split('.');
        let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let signed = token.split('.').count() > 2;
        if header.len() >= 10 && payload.len() >= 4 && (signed || payload.starts_with("eyJ")) {
            edits.add(Edit::new(start..start + token.len(), standard::JWT));
        }
    }
}
