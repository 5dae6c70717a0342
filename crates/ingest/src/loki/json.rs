//! `{"streams": [{"stream": {"app": "shop"}, "values": [["<ns>", "line", {"trace_id": "…"}]]}]}`.

use std::borrow::Cow;

use whodunit_stdx::Timestamp;

use super::push::{LABELS_MAX, Push, Stream, too_many_labels};
use crate::json::{Reader, Token};
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::{Kind, Row, Value};
use crate::logs::stop::Stop;

/// Reads a whole push.
pub fn read(text: &str, push: &mut Push<'_>) -> Result<(), Stop> {
    let mut reader = Reader::new(text);
    let Token::Object = reader.token()? else { return refuse("expected an object with streams") };
    let mut row = Row::new();
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("streams", Token::Array) => {
                let mut first = true;
                while reader.element(&mut first)? {
                    let Token::Object = reader.token()? else { return refuse("a stream is an object") };
                    stream(&mut reader, push, &mut row)?;
                }
            }
            ("streams", Token::Null) => {}
            ("streams", _) => return refuse("streams is an array"),
            (_, token) => reader.pass(token)?,
        }
    }
    Ok(reader.end()?)
}

fn refuse<T>(what: &'static str) -> Result<T, Stop> {
    Err(Stop::Shape(what))
}

/// One stream. Its labels count for all its entries, also if they come after them.
fn stream<'a>(reader: &mut Reader<'a>, push: &mut Push<'_>, row: &mut Row<'a>) -> Result<(), Stop> {
    let mut labels: Option<Stream<'a>> = None;
    let mut waiting = Vec::new();
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("stream", Token::Object) => labels = Some(read_labels(reader, push)?),
            ("values", Token::Array) => match &labels {
                Some(labels) => values(reader, labels, push, row)?,
                None => waiting.push(reader.rest(Token::Array)?),
            },
            ("values", Token::Null) => {}
            ("stream" | "values", _) => return refuse("stream is an object and values an array"),
            (_, token) => reader.pass(token)?,
        }
    }
    let labels = labels.unwrap_or_default();
    for text in waiting {
        let mut reader = Reader::new(text);
        let _bracket = reader.token()?;
        values(&mut reader, &labels, push, row)?;
    }
    Ok(())
}

fn read_labels<'a>(reader: &mut Reader<'a>, push: &mut Push<'_>) -> Result<Stream<'a>, Stop> {
    let mut labels = Vec::new();
    let mut refusal = None;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let name = key.to_cow()?;
        let value = match reader.token()? {
            Token::Text(text) => text.to_cow()?,
            Token::Number(raw) => Cow::Borrowed(raw),
            Token::Boolean(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Token::Null => continue,
            token => {
                reader.pass(token)?;
                let field = format!("stream.{name}");
                refusal = Some(Refusal { reason: Reason::Malformed, field, text: "a label is a text".to_owned() });
                continue;
            }
        };
        match labels.len() < LABELS_MAX {
            true => labels.push((name, value)),
            false => refusal = Some(too_many_labels()),
        }
    }
    let mut stream = push.stream(labels);
    stream.refusal = refusal;
    Ok(stream)
}

fn values<'a>(
    reader: &mut Reader<'a>,
    stream: &Stream<'a>,
    push: &mut Push<'_>,
    row: &mut Row<'a>,
) -> Result<(), Stop> {
    let mut scratch = String::new();
    let mut first = true;
    while reader.element(&mut first)? {
        push.begin(stream, row);
        let read = match reader.token()? {
            Token::Array => entry(reader, push, row, &mut scratch)?,
            token => {
                reader.pass(token)?;
                Err(Refusal::whole(Reason::Malformed, "an entry is an array of time, line and metadata"))
            }
        };
        match (read, &stream.refusal) {
            (_, Some(refusal)) => push.refuse(refusal.clone(), row)?,
            (Err(refusal), None) => push.refuse(refusal, row)?,
            (Ok((time, line)), None) => push.end(stream, Some(time), line.unwrap_or(&scratch), row)?,
        }
    }
    Ok(())
}

/// Time and line of an entry; the line stands in the scratch when it has escapes.
type Entry<'a> = Result<(Timestamp, Option<&'a str>), Refusal>;

fn entry<'a>(
    reader: &mut Reader<'a>,
    push: &mut Push<'_>,
    row: &mut Row<'a>,
    scratch: &mut String,
) -> Result<Entry<'a>, Stop> {
    let mut time = None;
    let mut line: Option<Option<&'a str>> = None;
    let mut refusal = None;
    let mut at = 0;
    let mut first = true;
    while reader.element(&mut first)? {
        match (at, reader.token()?) {
            (0, Token::Text(text)) => time = instant(&text.to_cow()?),
            (0, Token::Number(raw)) => time = instant(raw),
            (1, Token::Text(text)) => {
                scratch.clear();
                line = Some(text.plain());
                if text.plain().is_none() {
                    text.unescape_into(scratch)?;
                }
            }
            (2, Token::Object) => metadata(reader, push, row)?,
            (2, Token::Null) => {}
            (_, token) => {
                reader.pass(token)?;
                if at >= 2 {
                    let text = "the third element of an entry is an object of metadata, and there is no fourth";
                    refusal = Some(Refusal::whole(Reason::Malformed, text));
                }
            }
        }
        at += 1;
    }
    Ok(match (time, line, refusal) {
        (_, _, Some(refusal)) => Err(refusal),
        (None, ..) => {
            let text = "the first element of an entry is its time in nanoseconds since 1970, as a text".to_owned();
            Err(Refusal { reason: Reason::Time, field: "time".to_owned(), text })
        }
        (Some(_), None, None) => {
            Err(Refusal::whole(Reason::Malformed, "the second element of an entry is its line, a text"))
        }
        (Some(time), Some(line), None) => Ok((time, line)),
    })
}

fn instant(digits: &str) -> Option<Timestamp> {
    digits.parse().ok().map(Timestamp)
}

fn metadata<'a>(reader: &mut Reader<'a>, push: &mut Push<'_>, row: &mut Row<'a>) -> Result<(), Stop> {
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let name = key.to_cow()?;
        let value = match reader.token()? {
            Token::Null => continue,
            Token::Boolean(truth) => Value::Boolean(truth),
            Token::Number(raw) => Value::Number(raw),
            Token::Text(text) => match text.plain() {
                Some(plain) => Value::Text(plain),
                None => row.keep(Kind::Text, |out| text.unescape_into(out))?,
            },
            token => Value::Json(reader.rest(token)?),
        };
        push.rows.field(&name, value, row);
    }
    Ok(())
}
