//! Values as protobuf. Field numbers as in opentelemetry-proto 1.

use std::borrow::Cow;

use super::value::{Any, Attribute, Nested};
use crate::logs::rejection::Refusal;
use crate::logs::rows::LINE_BYTES_MAX;
use crate::protobuf::{Field, Message};

/// A message of which a list of its parts is made.
pub fn bounded(bytes: &[u8]) -> Result<Message<'_>, Refusal> {
    if bytes.len() > LINE_BYTES_MAX { Err(Refusal::too_long(LINE_BYTES_MAX)) } else { Ok(Message::new(bytes)) }
}

pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(Refusal::not_utf8)
}

pub fn pair(bytes: &[u8]) -> Result<Attribute<'_>, Refusal> {
    let (mut name, mut value) = (Cow::Borrowed(""), Any::Empty);
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Bytes(bytes)) => name = text(bytes)?,
            (2, Field::Bytes(bytes)) => value = any(bytes)?,
            _ => {}
        }
    }
    Ok((name, value))
}

pub fn any(bytes: &[u8]) -> Result<Any<'_>, Refusal> {
    let mut value = Any::Empty;
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        value = match field {
            (1, Field::Bytes(bytes)) => Any::Text(text(bytes)?),
            (2, Field::Varint(truth)) => Any::Boolean(truth != 0),
            (3, Field::Varint(number)) => Any::Integer(number.cast_signed()),
            (4, Field::Fixed64(bits)) => Any::Float(f64::from_bits(bits)),
            (5, Field::Bytes(bytes)) => Any::List(Nested::Wire(bytes)),
            (6, Field::Bytes(bytes)) => Any::Map(Nested::Wire(bytes)),
            (7, Field::Bytes(bytes)) => Any::Bytes(bytes),
            _ => continue,
        };
    }
    Ok(value)
}

/// The elements of an `ArrayValue`.
pub fn elements(bytes: &[u8]) -> Result<Vec<Any<'_>>, Refusal> {
    let mut all = Vec::new();
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        if let (1, Field::Bytes(bytes)) = field {
            all.push(any(bytes)?);
        }
    }
    Ok(all)
}

/// The members of a `KeyValueList`.
pub fn pairs(bytes: &[u8]) -> Result<Vec<Attribute<'_>>, Refusal> {
    let mut all = Vec::new();
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        if let (1, Field::Bytes(bytes)) = field {
            all.push(pair(bytes)?);
        }
    }
    Ok(all)
}
