//! The same as protobuf: `PushRequest{1: Stream{1: labels, 2: Entry{1: Timestamp, 2: line, 3: LabelPair{1, 2}}}}`.

use std::borrow::Cow;

use whodunit_stdx::Timestamp;

use super::labels;
use super::push::{LABELS_MAX, Push, Stream, too_many_labels};
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::{LINE_BYTES_MAX, Row, Value};
use crate::logs::stop::Stop;
use crate::protobuf::{Field, Message};

/// Reads a whole push.
pub fn read(bytes: &[u8], push: &mut Push<'_>) -> Result<(), Stop> {
    let mut row = Row::new();
    let mut request = Message::new(bytes);
    while let Some(field) = request.next_field()? {
        if let (1, Field::Bytes(bytes)) = field {
            stream(bytes, push, &mut row)?;
        }
    }
    Ok(())
}

fn stream<'a>(bytes: &'a [u8], push: &mut Push<'_>, row: &mut Row<'a>) -> Result<(), Stop> {
    // Labels come first, as far as anybody knows; the format does not promise it.
    let mut labels: &[u8] = b"{}";
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        if let (1, Field::Bytes(bytes)) = field {
            labels = bytes;
        }
    }
    let stream = read_labels(labels, push);
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        let (2, Field::Bytes(bytes)) = field else { continue };
        push.begin(&stream, row);
        match (entry(bytes, push, row), &stream.refusal) {
            (_, Some(refusal)) => push.refuse(refusal.clone(), row)?,
            (Err(refusal), None) => push.refuse(refusal, row)?,
            (Ok((time, line)), None) => push.end(&stream, time, line, row)?,
        }
    }
    Ok(())
}

fn read_labels<'a>(bytes: &'a [u8], push: &mut Push<'_>) -> Stream<'a> {
    let bounded = if bytes.len() > LINE_BYTES_MAX { Err(Refusal::too_long(LINE_BYTES_MAX)) } else { Ok(bytes) };
    let text = bounded.and_then(|bytes| std::str::from_utf8(bytes).map_err(Refusal::not_utf8));
    let read = text.and_then(|text| {
        labels::parse(text).map_err(|text| Refusal { reason: Reason::Malformed, field: "labels".to_owned(), text })
    });
    match read {
        Ok(labels) if labels.len() > LABELS_MAX => Stream::refused(too_many_labels()),
        Ok(labels) => push.stream(labels.into_iter().map(|(name, value)| (Cow::Borrowed(name), value))),
        Err(refusal) => Stream::refused(refusal),
    }
}

fn entry<'a>(bytes: &'a [u8], push: &mut Push<'_>, row: &mut Row<'a>) -> Result<(Option<Timestamp>, &'a str), Refusal> {
    let (mut time, mut line) = (None, "");
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Bytes(bytes)) => time = Some(timestamp(bytes)?),
            (2, Field::Bytes(bytes)) => line = std::str::from_utf8(bytes).map_err(Refusal::not_utf8)?,
            (3, Field::Bytes(bytes)) => {
                let (name, value) = pair(bytes)?;
                push.rows.field(name, Value::Text(value), row);
            }
            _ => {}
        }
    }
    Ok((time, line))
}

fn timestamp(bytes: &[u8]) -> Result<Timestamp, Refusal> {
    let (mut seconds, mut nanos) = (0, 0);
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Varint(bits)) => seconds = bits.cast_signed(),
            (2, Field::Varint(bits)) => nanos = bits.cast_signed(),
            _ => {}
        }
    }
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    i64::try_from(total).map(Timestamp).map_err(|_| {
        let text = "a time outside 1677-09-21 to 2262-04-11".to_owned();
        Refusal { reason: Reason::Time, field: "timestamp".to_owned(), text }
    })
}

fn pair(bytes: &[u8]) -> Result<(&str, &str), Refusal> {
    let (mut name, mut value) = ("", "");
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Bytes(bytes)) => name = std::str::from_utf8(bytes).map_err(Refusal::not_utf8)?,
            (2, Field::Bytes(bytes)) => value = std::str::from_utf8(bytes).map_err(Refusal::not_utf8)?,
            _ => {}
        }
    }
    Ok((name, value))
}
