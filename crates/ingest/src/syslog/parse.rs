//! One message taken apart: RFC 5424, else RFC 3164 and its many relatives, else a text.
//!
//! Whatever cannot be understood stays part of the text, since nobody is there to be told: syslog has no answers.

use std::borrow::Cow;

use whodunit_stdx::Timestamp;

use crate::time;

/// A message and what it says of itself.
#[derive(Debug, Default, PartialEq)]
pub struct Message<'a> {
    /// Facility times eight plus severity.
    pub priority: Option<u8>,
    pub time: Option<Timestamp>,
    /// A time that could be read by nobody.
    pub odd_time: Option<&'a str>,
    pub host: Option<&'a str>,
    pub app: Option<&'a str>,
    pub process: Option<&'a str>,
    pub id: Option<&'a str>,
    /// Element, name and value of the structured data.
    pub data: Vec<(&'a str, &'a str, Cow<'a, str>)>,
    pub text: &'a str,
}

/// As RFC 3164 writes them.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Longest name of a program before its colon.
const TAG_BYTES_MAX: usize = 64;

/// Takes a message apart. Times without a year are those nearest to `now`, times without a zone are UTC.
pub fn parse(text: &str, now: Timestamp) -> Message<'_> {
    let Some((priority, rest)) = priority(text) else { return Message { text, ..Message::default() } };
    let found = rest.strip_prefix("1 ").and_then(structured);
    Message { priority: Some(priority), ..found.unwrap_or_else(|| traditional(rest, now)) }
}

/// `<165>` and what follows it.
pub fn priority(text: &str) -> Option<(u8, &str)> {
    let (digits, rest) = text.strip_prefix('<')?.split_once('>')?;
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u8 = digits.parse().ok().filter(|_| plain)?;
    (number <= 191).then_some((number, rest))
}

/// RFC 5424, past its version.
pub fn structured(text: &str) -> Option<Message<'_>> {
    let mut rest = text;
    let mut field = || {
        let (value, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        (!value.is_empty()).then_some(if value == "-" { None } else { Some(value) })
    };
    let (sent, host, app, process, id) = (field()?, field()?, field()?, field()?, field()?);
    let time = sent.map(time::parse_text);
    let mut message = Message {
        time: time.and_then(Result::ok),
        odd_time: sent.filter(|_| time.is_some_and(|time| time.is_err())),
        host,
        app,
        process,
        id,
        ..Message::default()
    };
    let rest = match rest.strip_prefix('-') {
        Some(rest) => rest,
        None => elements(rest, &mut message.data)?,
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let text = rest.strip_prefix(' ').unwrap_or(rest);
    message.text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Some(message)
}

/// `[id name="value" …][…]`; gives what follows.
fn elements<'a>(text: &'a str, data: &mut Vec<(&'a str, &'a str, Cow<'a, str>)>) -> Option<&'a str> {
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix('[') {
        let end = inside.find([' ', ']'])?;
        let id = &inside[..end];
        rest = &inside[end..];
        if rest.starts_with(']') {
            // An element may have nothing to say but its name.
            data.push((id, "", Cow::Borrowed("")));
        }
        while let Some(parameter) = rest.strip_prefix(' ') {
            let (name, after) = parameter.trim_start_matches(' ').split_once("=\"")?;
            let (value, after) = quoted(after)?;
            data.push((id, name, value));
            rest = after;
        }
        rest = rest.strip_prefix(']')?;
    }
    (rest.len() < text.len()).then_some(rest)
}

/// A value up to its closing quote, with `\"`, `\\` and `\]` resolved, and what follows.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut value = String::new();
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', &text.as_bytes()[from..])?;
        if text.as_bytes()[at] == b'"' {
            let rest = &text[at + 1..];
            return Some(if value.is_empty() {
                (Cow::Borrowed(&text[..at]), rest)
            } else {
                value.push_str(&text[from..at]);
                (Cow::Owned(value), rest)
            });
        }
        let escaped = *text.as_bytes().get(at + 1)?;
        let kept = if matches!(escaped, b'"' | b'\\' | b']') { at } else { at + 1 };
        value.push_str(&text[from..kept]);
        // What is escaped is next; a backslash before anything else stands for itself.
        from = at + 1;
        if kept == at {
            value.push(char::from(escaped));
            from = at + 2;
        }
    }
}

/// RFC 3164: time, host, program and text, any of which may be missing.
fn traditional(text: &str, now: Timestamp) -> Message<'_> {
    let (time, rest) = match clock(text, now) {
        Some((time, rest)) => (Some(time), rest.trim_start_matches(' ')),
        None => (None, text),
    };
    let mut message = Message { time, text: rest, ..Message::default() };
    // Without a time there is no telling a host from the first word of a sentence.
    if time.is_some()
        && let Some((word, after)) = rest.split_once(' ')
        && !word.ends_with(':')
        && !word.contains('[')
    {
        message.host = Some(word);
        message.text = after;
    }
    if let Some((app, process, after)) = tag(message.text) {
        message.app = Some(app);
        message.process = process;
        message.text = after;
    }
    message
}

/// `program[123]: text` or `program: text`.
fn tag(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let colon = text.get(..text.floor_char_boundary(TAG_BYTES_MAX)).and_then(|head| head.find(':'))?;
    let (head, after) = (&text[..colon], &text[colon + 1..]);
    let after = after.strip_prefix(' ').unwrap_or(after);
    let (app, process) = match head.strip_suffix(']').and_then(|head| head.split_once('[')) {
        Some((app, process)) => (app, Some(process)),
        None => (head, None),
    };
    let plain = !app.is_empty() && app.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@".contains(&byte));
    plain.then_some((app, process, after))
}

/// `Nov 20 10:00:00[.123]`, `Nov 20 2026 10:00:00` or RFC 3339, and what follows.
fn clock(text: &str, now: Timestamp) -> Option<(Timestamp, &str)> {
    let (word, rest) = text.split_once(' ')?;
    let Some(month) = MONTHS.iter().position(|month| *month == word) else {
        let written_out = word.len() >= 19 && word.as_bytes()[4] == b'-';
        return time::parse_text(word).ok().filter(|_| written_out).map(|time| (time, rest));
    };
    let (day, rest) = rest.trim_start_matches(' ').split_once(' ')?;
    let day: u8 = day.parse().ok()?;
    let (mut clock, mut rest) = rest.split_once(' ')?;
    let mut year = None;
    if let Ok(number) = clock.parse::<i64>() {
        year = Some(number);
        (clock, rest) = rest.split_once(' ')?;
    }
    let clock = clock.trim_end_matches(':');
    if clock.len() < 8 || clock.as_bytes()[2] != b':' {
        return None;
    }
    let at = |year: i64| time::parse_text(&format!("{year:04}-{:02}-{day:02}T{clock}Z", month + 1)).ok();
    if let Some(year) = year {
        return at(year).map(|time| (time, rest));
    }
    let this_year: i64 = time::format(now).get(..4)?.parse().ok()?;
    let distance = |time: &Timestamp| (i128::from(time.0) - i128::from(now.0)).abs();
    let nearest = (this_year - 1..=this_year + 1).filter_map(at).min_by_key(distance)?;
    Some((nearest, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01T00:30:00Z.
    const NOW: Timestamp = Timestamp(1_767_227_400_000_000_000);

    fn shown(text: &str) -> String {
        let message = parse(text, NOW);
        let time = message.time.map(time::format).unwrap_or_default();
        let data: String = message.data.iter().map(|(id, name, value)| format!("[{id} {name}={value}]")).collect();
        let part = |part: Option<&str>| part.unwrap_or("-").to_owned();
        let [host, app, process, id] = [message.host, message.app, message.process, message.id].map(part);
        let priority = message.priority.map_or("-".to_owned(), |number| number.to_string());
        format!("{priority}|{time}|{host}|{app}|{process}|{id}|{data}|{}", message.text)
    }

    #[test]
    fn messages_of_both_kinds_are_taken_apart() {
        let cases = [
            (
                "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \u{feff}'su root' failed",
                "34|2003-10-11T22:14:15.003000000Z|mymachine.example.com|su|-|ID47||'su root' failed",
            ),
            (
                "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time.",
                "165|2003-08-24T12:14:15.000003000Z|192.0.2.1|myproc|8710|-||%% It's time.",
            ),
            (
                r#"<165>1 - - - - - [a@1 x="1" y="q\"\\\]\n"][b][c z=""] t"#,
                r#"165||-|-|-|-|[a@1 x=1][a@1 y=q"\]\n][b =][c z=]|t"#,
            ),
            ("<0>1 - - - - - -", "0||-|-|-|-||"),
            (r#"<13>1 - h a - - [x y="1"]"#, "13||h|a|-|-|[x y=1]|"),
            (
                "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
                "34|2025-10-11T22:14:15.000000000Z|mymachine|su|-|-||'su root' failed",
            ),
            ("<13>Dec 31 23:59:59 web-1 app[77]: bye", "13|2025-12-31T23:59:59.000000000Z|web-1|app|77|-||bye"),
            ("<13>Jan  2 03:04:05.5 web-1 app: hi", "13|2026-01-02T03:04:05.500000000Z|web-1|app|-|-||hi"),
            ("<13>Jan  2 03:04:05 app[7]: no host", "13|2026-01-02T03:04:05.000000000Z|-|app|7|-||no host"),
            (
                "<189>Mar  1 2024 00:00:00: %SYS-5-CONFIG_I: x",
                "189|2024-03-01T00:00:00.000000000Z|-|-|-|-||%SYS-5-CONFIG_I: x",
            ),
            (
                "<13>2026-01-02T03:04:05.123456+01:00 web-1 app: hi",
                "13|2026-01-02T02:04:05.123456000Z|web-1|app|-|-||hi",
            ),
            ("<13>just a text: with a colon", "13||-|-|-|-||just a text: with a colon"),
            ("<13>app: text", "13||-|app|-|-||text"),
            ("<192>1 - - - - - - x", "-||-|-|-|-||<192>1 - - - - - - x"),
            ("<1 x", "-||-|-|-|-||<1 x"),
            ("plain", "-||-|-|-|-||plain"),
            ("", "-||-|-|-|-||"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_broken_stays_part_of_the_text() {
        for text in ["1 - - - - - [a x=\"1\" t", "1 - - - - - [a x] t", "1 - -", "1 - - - - - -x", "1 - - - - - t"] {
            let message = parse(&format!("<13>{text}"), NOW).text.to_owned();
            assert_eq!(message, text);
        }
        let far = parse("<13>1 9999-01-01T00:00:00Z h a - - - t", NOW);
        assert_eq!((far.time, far.odd_time, far.text), (None, Some("9999-01-01T00:00:00Z"), "t"));
        assert_eq!(parse("<13>Feb 30 10:00:00 h a: t", NOW).text, "Feb 30 10:00:00 h a: t");
    }

    #[test]
    fn a_day_that_only_leap_years_have_finds_one() {
        // 2024-03-01T00:00:00Z.
        let now = Timestamp(1_709_251_200_000_000_000);
        let message = parse("<13>Feb 29 23:59:59 h a: t", now);
        assert_eq!(message.time.map(time::format).as_deref(), Some("2024-02-29T23:59:59.000000000Z"));
    }
}
