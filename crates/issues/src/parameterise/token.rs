//! What may start at a word's start. Every recogniser looks a bounded number of bytes ahead.

use std::net::Ipv6Addr;

use super::{date, is_word, number, word_length};

const URL_BYTES_MAX: usize = 2048;
const EMAIL_BYTES_MAX: usize = 254;
const LOCAL_PART_BYTES_MAX: usize = 64;
const QUOTED_BYTES_MAX: usize = 128;
const PATH_BYTES_MAX: usize = 1024;
const IP_BYTES_MAX: usize = 45;
/// The longest of the usual roots, and one more.
const ROOT_BYTES_MAX: usize = 10;
const TOKEN_BYTES_MAX: usize = 4096;

/// The length and name of what starts at `at`, which is the start of a word or a mark before one.
pub fn at(bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let rest = &bytes[at..];
    match rest[0] {
        b'\'' | b'"' | b'`' => quoted(bytes, at).map(|length| (length, "<quoted>")),
        b'/' | b'~' | b'\\' => path(rest).map(|length| (length, "<path>")),
        b':' => ip(rest).map(|length| (length, "<ip>")),
        b'-' | b'+' => number::signed(bytes, at),
        first if is_word(first) => word(bytes, at),
        _ => None,
    }
}

fn word(bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let rest = &bytes[at..];
    None.or_else(|| url(rest).map(|length| (length, "<url>")))
        .or_else(|| windows_path(rest).map(|length| (length, "<path>")))
        .or_else(|| email(rest).map(|length| (length, "<email>")))
        .or_else(|| jwt(rest).map(|length| (length, "<jwt>")))
        .or_else(|| uuid(rest).map(|length| (length, "<uuid>")))
        .or_else(|| date::at(rest).map(|length| (length, "<date>")))
        .or_else(|| ip(rest).map(|length| (length, "<ip>")))
        .or_else(|| number::at(bytes, at))
        .or_else(|| hash(rest))
        .or_else(|| value(bytes, at).map(|length| (length, "<quoted>")))
}

/// `https://…`, `postgres://…`, `blob:https://…`, `data:image/png;base64,…`.
fn url(rest: &[u8]) -> Option<usize> {
    let scheme = rest.iter().take(20).take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    let after = rest.get(scheme..)?;
    let is_data = rest.starts_with(b"data:") && after.get(1).is_some_and(u8::is_ascii_alphabetic);
    let is_url = after.starts_with(b"://") || rest.starts_with(b"blob:") || is_data;
    if scheme < 2 || !rest[0].is_ascii_alphabetic() || !is_url {
        return None;
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>)]}|".contains(byte);
    let length = rest.iter().take(URL_BYTES_MAX).take_while(|byte| !ends(byte)).count();
    // What ends the sentence is not part of the address.
    let trailing = rest[..length].iter().rev().take_while(|byte| b".,;:!?".contains(byte)).count();
    let length = length - trailing;
    (length > scheme + 1).then(|| whole_characters(rest, length))
}

fn email(rest: &[u8]) -> Option<usize> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let local = rest.iter().take(LOCAL_PART_BYTES_MAX + 1).take_while(|byte| is_local(byte)).count();
    if local == 0 || local > LOCAL_PART_BYTES_MAX || rest.get(local) != Some(&b'@') {
        return None;
    }
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let domain = rest[local + 1..].iter().take(EMAIL_BYTES_MAX).take_while(|byte| is_domain(byte)).count();
    let trailing = rest[..local + 1 + domain].iter().rev().take_while(|byte| b".-".contains(byte)).count();
    let domain = &rest[local + 1..local + 1 + domain.saturating_sub(trailing)];
    let last = domain.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let is_name = last.len() >= 2 && last.len() < domain.len() && last.iter().all(u8::is_ascii_alphabetic);
    is_name.then_some(local + 1 + domain.len())
}

/// Three parts in base64url of which the first is a JSON object.
fn jwt(rest: &[u8]) -> Option<usize> {
    if !rest.starts_with(b"eyJ") {
        return None;
    }
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-=".contains(byte);
    let mut length = 0;
    for part in 0..3 {
        length += rest[length..].iter().take(TOKEN_BYTES_MAX).take_while(|byte| is_base64(byte)).count();
        if part < 2 {
            (rest.get(length) == Some(&b'.')).then_some(())?;
            length += 1;
        }
    }
    Some(length)
}

fn uuid(rest: &[u8]) -> Option<usize> {
    const LENGTH: usize = 36;
    let text = rest.get(..LENGTH)?;
    let is_shape = text.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (is_shape && !rest.get(LENGTH).is_some_and(|byte| is_word(*byte))).then_some(LENGTH)
}

/// Addresses of version 4, and of version 6 if they hold a digit (`dead::beef` may be a path in Rust).
fn ip(rest: &[u8]) -> Option<usize> {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || b":.".contains(byte);
    let run = rest.iter().take(IP_BYTES_MAX + 1).take_while(|byte| is_part(byte)).count();
    let trailing = rest[..run].iter().rev().take_while(|byte| b":.".contains(byte)).count();
    let run = run - trailing;
    if !(3..=IP_BYTES_MAX).contains(&run) || rest.get(run).is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let text = std::str::from_utf8(&rest[..run]).ok()?;
    if text.bytes().filter(|byte| *byte == b':').count() >= 2 {
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        return (has_digit && text.parse::<Ipv6Addr>().is_ok()).then_some(run);
    }
    // A port may follow, and is a number of its own.
    let host = text.split(':').next().unwrap_or_default();
    let is_version_4 = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    is_version_4.then_some(host.len())
}

/// Hexadecimal digits of known or unknown length, and long random words.
fn hash(rest: &[u8]) -> Option<(usize, &'static str)> {
    let length = word_length(rest);
    let word = &rest[..length];
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    if word.iter().all(u8::is_ascii_hexdigit) && digits > 0 {
        return match length {
            32 => Some((length, "<md5>")),
            40 => Some((length, "<sha1>")),
            64 => Some((length, "<sha256>")),
            56 | 96 | 128 => Some((length, "<hash>")),
            7.. if digits >= 2 => Some((length, "<hex>")),
            _ => None,
        };
    }
    (length >= 16 && digits > 0 && is_random(word)).then_some((length, "<token>"))
}

/// Random words change their kind of character all the time; names do so once a syllable.
fn is_random(word: &[u8]) -> bool {
    let kind = |byte: &u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    if !word.is_ascii() {
        return false;
    }
    // A capital before a small letter starts a word of a name.
    let changes = |pair: &&[u8]| kind(&pair[0]) != kind(&pair[1]) && (kind(&pair[0]), kind(&pair[1])) != (1, 0);
    word.windows(2).filter(changes).count() * 4 >= word.len()
}

/// A path in one of the usual roots of a file system. Others may be routes, which say what was called.
fn path(rest: &[u8]) -> Option<usize> {
    const ROOTS: &[&str] = &[
        "app",
        "bin",
        "builds",
        "data",
        "dev",
        "etc",
        "home",
        "lib",
        "media",
        "mnt",
        "opt",
        "private",
        "proc",
        "root",
        "run",
        "srv",
        "tmp",
        "usr",
        "var",
        "users",
        "volumes",
        "workspace",
    ];
    let start = match rest {
        [b'~', b'/', ..] => return Some(path_length(rest)),
        [b'\\', b'\\', first, ..] if is_word(*first) => return Some(path_length(rest)),
        [b'/', ..] => 1,
        _ => return None,
    };
    // The root is looked at first: most slashes start no path, and should cost next to nothing.
    let root = rest[start..].iter().take(ROOT_BYTES_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let is_root = ROOTS.iter().any(|one| one.as_bytes().eq_ignore_ascii_case(&rest[start..start + root]));
    if !is_root || rest.get(start + root) != Some(&b'/') {
        return None;
    }
    let length = path_length(rest);
    (length > start + root + 1).then_some(length)
}

/// `C:\…` or `C:/…`.
fn windows_path(rest: &[u8]) -> Option<usize> {
    match rest {
        [letter, b':', b'\\' | b'/', next, ..] if letter.is_ascii_alphabetic() && *next != b'/' => {
            Some(path_length(rest))
        }
        _ => None,
    }
}

fn path_length(rest: &[u8]) -> usize {
    let is_part = |byte: &u8| is_word(*byte) || b"/\\.-+@%~$#:".contains(byte);
    let length = rest.iter().take(PATH_BYTES_MAX).take_while(|byte| is_part(byte)).count();
    let trailing = rest[..length].iter().rev().take_while(|byte| b".:".contains(byte)).count();
    whole_characters(rest, length - trailing)
}

/// Quoted text that cannot be a name in code, or that is the value of something: `name="eve"`.
fn quoted(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let quote = rest[0];
    let length = rest[1..].iter().take(QUOTED_BYTES_MAX).position(|byte| *byte == quote || *byte == b'\n')?;
    if length == 0 || rest[1 + length] != quote || rest.get(length + 2).is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let content = &rest[1..1 + length];
    let is_value = at > 0 && bytes[at - 1] == b'=';
    (is_value || !is_name(content)).then_some(length + 2)
}

/// A name in code, perhaps with its path: `price`, `shop.Cart`, `std::vec::Vec`, `--verbose`, `text/html`.
fn is_name(content: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphabetic() || b"_$.:-/<>[]()*&".contains(byte);
    content.iter().all(is_part) && content.iter().any(u8::is_ascii_alphabetic)
}

/// The value in `Key (email)=(eve)`, as databases write it.
fn value(bytes: &[u8], at: usize) -> Option<usize> {
    if !bytes[..at].ends_with(b")=(") {
        return None;
    }
    bytes[at..].iter().take(QUOTED_BYTES_MAX).position(|byte| *byte == b')' || *byte == b'\n')
}

/// At most `length` bytes, and no broken character.
fn whole_characters(bytes: &[u8], length: usize) -> usize {
    let mut end = length;
    while end < bytes.len() && end > 0 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    end
}
