//! The common and combined logs of nginx and Apache.
//!
//! ```text
//! 203.0.113.9 - dana [25/Nov/2026:06:20:01 +0100] "GET /orders/17 HTTP/1.1" 200 512 "https://a.example/" "curl/8"
//! ```
//!
//! What stands behind the user agent, or a virtual host in front, depends on the server's configuration: it is kept
//! as `extra` and `vhost`. A byte that the server escaped (`\x22`, `\"`) is read back.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::put;

pub fn parse(line: &str) -> Option<Map<String, Value>> {
    // `%v:%p` in front, as in Apache's vhost_combined: an address stands where the identity of RFC 1413 would.
    let is_address = |rest: &&str| rest.split(' ').next().is_some_and(|word| word.parse::<IpAddr>().is_ok());
    let of_vhost = line.split_once(' ').filter(|(_, rest)| is_address(rest));
    let mut fields = of_client(of_vhost.map_or(line, |(_, rest)| rest), line)?;
    put(&mut fields, "vhost", of_vhost.map(|(vhost, _)| vhost));
    Some(fields)
}

fn of_client(line: &str, whole: &str) -> Option<Map<String, Value>> {
    let (ip, rest) = line.split_once(' ')?;
    let (_ident, rest) = rest.split_once(' ')?;
    // A user's name may hold spaces; the bracket of the time may not.
    let (user, rest) = rest.split_once(" [")?;
    let (time, rest) = rest.split_once("] ")?;
    let (request, rest) = quoted(rest)?;
    let mut words = rest.trim_start().splitn(3, ' ');
    let status: u16 = words.next()?.parse().ok().filter(|status| (100..1000).contains(status))?;
    let bytes = words.next()?;
    if bytes != "-" && bytes.parse::<u64>().is_err() {
        return None;
    }
    let mut fields = Map::new();
    fields.insert("time".to_owned(), Value::from(instant(time)?));
    fields.insert("message".to_owned(), Value::from(whole));
    fields.insert("level".to_owned(), Value::from(if status >= 500 { "ERROR" } else { "INFO" }));
    put(&mut fields, "ip", Some(ip));
    put(&mut fields, "user_name", Some(user));
    fields.insert("status".to_owned(), Value::from(status));
    if let Ok(bytes) = bytes.parse::<u64>() {
        fields.insert("bytes".to_owned(), Value::from(bytes));
    }
    put_request(&mut fields, &request);
    if let Some(rest) = words.next() {
        put_rest(&mut fields, rest);
    }
    Some(fields)
}

/// `GET /orders/17?a=b HTTP/1.1`; whatever a stranger sent instead is only in the message.
fn put_request(fields: &mut Map<String, Value>, request: &str) {
    let mut words = request.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        return;
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    put(fields, "method", Some(method));
    put(fields, "path", Some(path));
    put(fields, "query", Some(query));
    put(fields, "protocol", words.next());
}

/// Referrer and user agent, and what a configuration adds.
fn put_rest(fields: &mut Map<String, Value>, rest: &str) {
    let Some((referer, rest)) = quoted(rest) else { return put(fields, "extra", Some(rest.trim())) };
    put(fields, "referer", Some(&referer));
    let Some((agent, rest)) = quoted(rest.trim_start()) else { return put(fields, "extra", Some(rest.trim())) };
    put(fields, "user_agent", Some(&agent));
    put(fields, "extra", Some(rest.trim()));
}

/// The text between two quotes, and what follows the second.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((unescape(&inside[..end]), &inside[end + 1..]))
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = || text.get(at + 2..at + 4).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'x')) if hex().is_some() => {
                plain.extend(hex());
                at += 4;
            }
            (b'\\', Some(next @ (b'"' | b'\\'))) => {
                plain.push(*next);
                at += 2;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `25/Nov/2026:06:20:01 +0100` as RFC 3339.
fn instant(time: &str) -> Option<String> {
    let (clock, zone) = time.split_once(' ')?;
    let (date, clock) = clock.split_once(':')?;
    let mut parts = date.splitn(3, '/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, offset) = zone.split_at_checked(1)?;
    if !digits(day, 2) || !digits(year, 4) || clock.len() != 8 || !matches!(sign, "+" | "-") || !digits(offset, 4) {
        return None;
    }
    let text = format!("{year}-{month:02}-{day}T{clock}{sign}{}:{}", &offset[..2], &offset[2..]);
    crate::time::parse_text(&text).is_ok().then_some(text)
}
