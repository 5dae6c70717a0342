//! The frame around items: a header line, then for each item a header line and its bytes.
//!
//! `length` says where an item's bytes end; without it they run to the next line feed. Source: Sentry's developer
//! documentation, "Envelopes"; clients in JavaScript leave `length` out on JSON items.

use std::borrow::Cow;

use serde_json::{Map, Value};
use whodunit_issues::event::limits::ENVELOPE_ITEMS_MAX;
use whodunit_stdx::ErrorKind;

use super::malformed;
use crate::error::Error;
use crate::logs::rejection::Refusal;

/// Longest first line, and longest header of an item.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;

/// What the first line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// 32 hexadecimal digits in lower case.
    pub event_id: Option<String>,
    /// Of the dynamic sampling context, which names the trace of what has none itself.
    pub trace_id: Option<String>,
    pub release: Option<String>,
    pub environment: Option<String>,
    pub dsn: Option<Dsn>,
}

/// Whose an envelope is: `https://KEY@host/PROJECT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dsn {
    pub key: String,
    /// The number of a project, or its slug.
    pub project: String,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    pub kind: Cow<'a, str>,
    /// The item's own line.
    pub line: &'a [u8],
    pub payload: &'a [u8],
}

impl Header {
    /// The id of an event in the form in which it is compared.
    pub fn id(text: &str) -> Option<String> {
        let id = text.replace('-', "").to_ascii_lowercase();
        (id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(id)
    }
}

impl Dsn {
    /// Reads `scheme://KEY[:SECRET]@host[:port][/path]/PROJECT`.
    pub fn parse(text: &str) -> Option<Dsn> {
        let (_scheme, rest) = text.split_once("://")?;
        let (credentials, place) = rest.split_once('@')?;
        let key = credentials.split(':').next().unwrap_or_default();
        let (_host, project) = place.trim_end_matches('/').rsplit_once('/')?;
        let filled = !key.is_empty() && !project.is_empty();
        filled.then(|| Dsn { key: key.to_owned(), project: project.to_owned() })
    }
}

/// The header and the items in their order. An item whose frame is broken ends the list with the reason: what follows
/// it cannot be found.
pub fn read(body: &[u8]) -> Result<(Header, Vec<Result<Item<'_>, Refusal>>), Error> {
    let (line, mut rest) = line(body);
    let header = header(line)?;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (line, after) = self::line(rest);
        if line.trim_ascii().is_empty() {
            rest = after;
            continue;
        }
        if items.len() == ENVELOPE_ITEMS_MAX {
            let message = format!("the envelope has more than {ENVELOPE_ITEMS_MAX} items");
            return Err(Error::new(ErrorKind::Invalid, message).limit("envelope_items_max"));
        }
        match item(line, after) {
            Ok((item, after)) => {
                items.push(Ok(item));
                rest = after;
            }
            Err(refusal) => {
                items.push(Err(refusal));
                break;
            }
        }
    }
    Ok((header, items))
}

/// The DSN in the first line, of which `head` is the beginning.
pub fn dsn(head: &[u8]) -> Result<Option<Dsn>, Error> {
    let (line, _) = line(head);
    let header = object(line)?;
    Ok(header.get("dsn").and_then(Value::as_str).and_then(Dsn::parse))
}

fn header(line: &[u8]) -> Result<Header, Error> {
    let header = object(line)?;
    let text = |holder: &Map<String, Value>, name: &str| holder.get(name).and_then(Value::as_str).map(str::to_owned);
    let trace = header.get("trace").and_then(Value::as_object);
    let of_trace = |name| trace.and_then(|trace| text(trace, name));
    Ok(Header {
        event_id: text(&header, "event_id").and_then(|id| Header::id(&id)),
        trace_id: of_trace("trace_id"),
        release: of_trace("release"),
        environment: of_trace("environment"),
        dsn: header.get("dsn").and_then(Value::as_str).and_then(Dsn::parse),
    })
}

fn object(line: &[u8]) -> Result<Map<String, Value>, Error> {
    let wrong = |why: String| Error::new(ErrorKind::Invalid, format!("the envelope has no header: {why}"));
    if line.len() > HEADER_BYTES_MAX {
        let message = format!("the envelope's header is longer than {HEADER_BYTES_MAX} bytes");
        return Err(Error::new(ErrorKind::Invalid, message).limit("envelope_header_bytes_max"));
    }
    match serde_json::from_slice(line) {
        Ok(Value::Object(header)) => Ok(header),
        Ok(_) => Err(wrong("its first line is no JSON object".to_owned())),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The item whose header is `line`, and what follows it.
fn item<'a>(line: &'a [u8], after: &'a [u8]) -> Result<(Item<'a>, &'a [u8]), Refusal> {
    if line.len() > HEADER_BYTES_MAX {
        return Err(Refusal::too_long(HEADER_BYTES_MAX));
    }
    let header: Map<String, Value> =
        serde_json::from_slice(line).map_err(|error| malformed(format!("item header: {error}")))?;
    let kind = header.get("type").and_then(Value::as_str).ok_or_else(|| malformed("item header: no type"))?;
    let kind = Cow::Owned(kind.to_owned());
    let length = match header.get("length") {
        None | Some(Value::Null) => {
            let (payload, after) = self::line(after);
            return Ok((Item { kind, line, payload }, after));
        }
        Some(length) => length.as_u64().and_then(|length| usize::try_from(length).ok()),
    };
    let length = length.ok_or_else(|| malformed("item header: length is no number of bytes"))?;
    let split = after.split_at_checked(length);
    let (payload, after) = split.ok_or_else(|| malformed("the item is longer than what is left of the envelope"))?;
    match after {
        [] => Ok((Item { kind, line, payload }, after)),
        [b'\n', after @ ..] => Ok((Item { kind, line, payload }, after)),
        _ => Err(malformed("no line feed where the item ends")),
    }
}

/// Up to the line feed and what follows that; a carriage return before it belongs to it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', bytes) {
        Some(end) => (bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]), &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(body: &str) -> Vec<String> {
        let (_, items) = read(body.as_bytes()).expect("an envelope");
        let told = |item: Result<Item<'_>, Refusal>| match item {
            Ok(item) => format!("{}={}", item.kind, String::from_utf8_lossy(item.payload)),
            Err(refusal) => refusal.text,
        };
        items.into_iter().map(told).collect()
    }

    #[test]
    fn items_end_by_their_length_or_with_their_line() {
        let cases: &[(&str, &[&str])] = &[
            ("{}", &[]),
            ("{}\n\n\n", &[]),
            ("{}\n{\"type\":\"event\"}\n{\"a\":1}\n", &["event={\"a\":1}"]),
            ("{}\n{\"type\":\"event\"}\n{\"a\":1}", &["event={\"a\":1}"]),
            ("{}\r\n{\"type\":\"event\"}\r\n{}\r\n", &["event={}"]),
            ("{}\n{\"type\":\"a\",\"length\":3}\nx\ny\n{\"type\":\"b\"}\nz", &["a=x\ny", "b=z"]),
            ("{}\n{\"type\":\"a\",\"length\":0}\n\n{\"type\":\"b\"}\nz", &["a=", "b=z"]),
            ("{}\n{\"type\":\"a\",\"length\":null}\nx\n", &["a=x"]),
            (
                "{}\n{\"type\":\"a\"}\nx\n{\"type\":\"b\",\"length\":9}\ny",
                &["a=x", "the item is longer than what is left of the envelope"],
            ),
            ("{}\n{\"type\":\"a\",\"length\":1}\nxy\n", &["no line feed where the item ends"]),
            ("{}\n{\"type\":\"a\",\"length\":-1}\nxy\n", &["item header: length is no number of bytes"]),
            ("{}\n{\"kind\":\"a\"}\nxy\n", &["item header: no type"]),
        ];
        for (body, expected) in cases {
            assert_eq!(kinds(body), *expected, "{body:?}");
        }
    }

    #[test]
    fn what_has_no_header_is_no_envelope() {
        for body in ["", "\n{}", "[]\n", "x", "{\"event_id\":"] {
            assert_eq!(read(body.as_bytes()).expect_err(body).kind, ErrorKind::Invalid, "{body:?}");
        }
        let many = format!("{{}}\n{}", "{\"type\":\"a\"}\n\n".repeat(ENVELOPE_ITEMS_MAX + 1));
        assert_eq!(read(many.as_bytes()).expect_err("too many").limit, Some("envelope_items_max"));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(HEADER_BYTES_MAX));
        assert_eq!(read(long.as_bytes()).expect_err("too long").limit, Some("envelope_header_bytes_max"));
    }

    #[test]
    fn a_dsn_names_key_and_project() {
        for (text, key, project) in [
            ("https://abc@errors.example.com/1", "abc", "1"),
            ("http://abc:secret@errors.example.com:8080/behind/a/path/shop/", "abc", "shop"),
        ] {
            let dsn = Dsn::parse(text).expect(text);
            assert_eq!((dsn.key.as_str(), dsn.project.as_str()), (key, project));
        }
        for text in ["", "abc", "https://errors.example.com/1", "https://@errors.example.com/1", "https://abc@host"] {
            assert_eq!(Dsn::parse(text), None, "{text}");
        }
    }
}
