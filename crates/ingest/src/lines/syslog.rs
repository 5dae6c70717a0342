//! Syslog lines: RFC 5424, RFC 3164, and how daemons write them into files, without a priority in front.
//!
//! ```text
//! <165>1 2026-11-25T06:20:01.003Z web-1 shop 1234 ID47 [exampleSDID@32473 eventID="1011"] an event
//! <34>Nov 25 06:20:01 web-1 su[77]: 'su root' failed
//! Nov 25 06:20:01 web-1 sshd[77]: session opened
//! 2026-11-25T06:20:01.123456+00:00 web-1 sshd[77]: session opened
//! ```
//!
//! A time without a year (RFC 3164) is the latest such moment in UTC that is not after a time given by the caller.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};
use whodunit_stdx::Timestamp;

use crate::level::{self, Scale};
use crate::syslog::parse;
use crate::time;

/// One message, as it stands in the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<'a> {
    /// Facility times 8 plus severity; `None` where a file leaves it out.
    pub priority: Option<u8>,
    /// RFC 3339.
    pub time: Option<String>,
    pub host: Option<&'a str>,
    pub app: Option<&'a str>,
    pub process: Option<&'a str>,
    pub message_id: Option<&'a str>,
    /// `id.name` and value of structured data; `id` alone of an element without parameters.
    pub structured: Vec<(String, String)>,
    pub text: &'a str,
}

/// Reads a line; nothing if it is no syslog.
pub fn parse(line: &str, not_after: Timestamp) -> Option<Message<'_>> {
    let (priority, rest) = match parse::priority(line) {
        Some((priority, rest)) => (Some(priority), rest),
        None => (None, line),
    };
    if let (Some(priority), Some(rest)) = (priority, rest.strip_prefix("1 ")) {
        return modern(priority, rest);
    }
    traditional(priority, rest, not_after)
}

/// RFC 5424 behind `<165>1 `. A line whose time nobody can read is no syslog: as text it loses nothing.
fn modern(priority: u8, rest: &str) -> Option<Message<'_>> {
    let read = parse::structured(rest).filter(|read| read.odd_time.is_none())?;
    let structured = read.data.into_iter();
    Some(Message {
        priority: Some(priority),
        time: read.time.and_then(|_| rest.split(' ').next()).map(str::to_owned),
        host: read.host,
        app: read.app,
        process: read.process,
        message_id: read.id,
        structured: structured.map(|(id, name, value)| (member(id, name), value.into_owned())).collect(),
        text: read.text,
    })
}

fn member(element: &str, name: &str) -> String {
    if name.is_empty() { element.to_owned() } else { format!("{element}.{name}") }
}

/// RFC 3164, or a line of a file: time, host, `app[process]:`, message.
fn traditional(priority: Option<u8>, rest: &str, not_after: Timestamp) -> Option<Message<'_>> {
    let (time, rest) = match without_year(rest, not_after) {
        Some(found) => found,
        None => {
            let (word, rest) = rest.split_once(' ')?;
            if !word.contains('T') || time::parse_text(word).is_err() {
                return None;
            }
            (word.to_owned(), rest)
        }
    };
    let (host, rest) = rest.split_once(' ')?;
    let (app, process, text) = tag(rest);
    // Without a priority the tag is what tells syslog from prose with a date.
    if host.is_empty() || (priority.is_none() && app.is_none()) {
        return None;
    }
    let host = Some(host).filter(|host| *host != "-");
    Some(Message { priority, time: Some(time), host, app, process, message_id: None, structured: Vec::new(), text })
}

/// `sshd[77]: text` or `kernel: text`.
fn tag(text: &str) -> (Option<&str>, Option<&str>, &str) {
    let Some((tag, message)) = text.split_once(": ").or_else(|| text.strip_suffix(':').map(|tag| (tag, ""))) else {
        return (None, None, text);
    };
    if tag.is_empty() || tag.contains(' ') {
        return (None, None, text);
    }
    match tag.strip_suffix(']').and_then(|tag| tag.split_once('[')) {
        Some((app, process)) => (Some(app), Some(process), message),
        None => (Some(tag), None, message),
    }
}

/// Clocks of senders may be ahead by this much before a date is taken for last year's.
const AHEAD_NANOS: i64 = Timestamp::NANOS_PER_DAY;

/// `Nov 25 06:20:01 ` (a day below ten has two spaces before it).
fn without_year(text: &str, not_after: Timestamp) -> Option<(String, &str)> {
    let (stamp, rest) = (text.get(..15)?, text.get(15..)?.strip_prefix(' ')?);
    let month = u32::try_from(parse::MONTHS.iter().position(|name| stamp.starts_with(name))?).ok()? + 1;
    let day: u32 = stamp.get(4..6)?.trim_start().parse().ok()?;
    let clock = stamp.get(7..15)?;
    let latest = not_after.nanos().saturating_add(AHEAD_NANOS);
    let now = chrono::DateTime::from_timestamp_nanos(not_after.nanos());
    // 29 February may be up to eight years back.
    let years = (0..=8).map(|back| now.year() + 1 - back);
    let exists = years.filter(|year| NaiveDate::from_ymd_opt(*year, month, day).is_some());
    let stamps = exists.map(|year| format!("{year:04}-{month:02}-{day:02}T{clock}Z"));
    let found = stamps.filter_map(|text| Some((time::parse_text(&text).ok()?, text)));
    let (_, text) = found.into_iter().find(|(time, _)| time.nanos() <= latest)?;
    Some((text, rest))
}

impl Message<'_> {
    /// The fields of a log line; the message is the whole line where it would otherwise be empty.
    pub fn into_fields(self, line: &str) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), Value::from(value));
            }
        };
        put("time", self.time.as_deref());
        put("message", Some(if self.text.is_empty() { line } else { self.text }));
        put("host", self.host);
        put("service", self.app);
        put("process", self.process);
        put("message_id", self.message_id);
        for (name, value) in &self.structured {
            put(name, Some(value));
        }
        if let Some(priority) = self.priority {
            let level = level::from_number(i64::from(priority % 8), Scale::Syslog);
            fields.insert("level".to_owned(), Value::from(level.map_or("INFO", |level| level.name)));
            fields.insert("facility".to_owned(), Value::from(priority / 8));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25T06:20:00Z.
    const NOW: Timestamp = Timestamp(1_795_587_600_000_000_000);

    fn check(line: &str, expected: &str) {
        let message = parse(line, NOW).unwrap_or_else(|| panic!("{line} is syslog"));
        let found = serde_json::to_string(&message.into_fields(line)).expect("JSON");
        let (found, expected): (Value, Value) =
            (found.parse().expect("JSON"), expected.parse().expect("the expectation is JSON"));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn both_rfcs_and_files_are_read() {
        check(
            "<165>1 2026-11-25T06:20:01.003Z web-1 shop 1234 ID47 [a@1 k=\"v \\\"x\\\" \\]\"][b] \u{feff}an event",
            r#"{"time":"2026-11-25T06:20:01.003Z","message":"an event","host":"web-1","service":"shop","process":"1234","message_id":"ID47","a@1.k":"v \"x\" ]","b":"","level":"INFO","facility":20}"#,
        );
        check(
            "<34>Nov  5 06:20:01 web-1 su[77]: 'su root' failed",
            r#"{"time":"2026-11-05T06:20:01Z","message":"'su root' failed","host":"web-1","service":"su","process":"77","level":"FATAL","facility":4}"#,
        );
        check(
            "Nov 25 06:20:01 web-1 kernel: oops",
            r#"{"time":"2026-11-25T06:20:01Z","message":"oops","host":"web-1","service":"kernel"}"#,
        );
        check(
            "2026-11-25T06:20:01.123456+01:00 web-1 sshd[7]: opened",
            r#"{"time":"2026-11-25T06:20:01.123456+01:00","message":"opened","host":"web-1","service":"sshd","process":"7"}"#,
        );
        check("<13>1 - - - - - - no more than this", r#"{"message":"no more than this","level":"INFO","facility":1}"#);
    }

    #[test]
    fn a_date_without_a_year_is_the_latest_that_has_been() {
        for (line, year) in [("Dec 31 23:59:59 h a: b", "2025"), ("Nov 26 01:00:00 h a: b", "2026")] {
            let time = parse(line, NOW).and_then(|message| message.time).expect("has a time");
            assert!(time.starts_with(year), "{line}: {time}");
        }
        assert!(parse("Feb 29 00:00:00 h a: b", NOW).and_then(|one| one.time).expect("a time").starts_with("2024"));
    }

    #[test]
    fn prose_is_no_syslog() {
        let lines = [
            "",
            "hello",
            "<200>1 - - - - - - x",
            "<13>",
            "Nov 25 was a fine day",
            "2026-11-25T06:20:01Z INFO nothing here: really",
            "<165>1 yesterday h a - - - x",
            "<165>1 - h a - - [broken x",
            "<1>é",
        ];
        for line in lines {
            assert_eq!(parse(line, NOW), None, "{line}");
        }
    }
}
