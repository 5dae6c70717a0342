//! `ExportLogsServiceRequest` as protobuf. Field numbers as in opentelemetry-proto 1.

use std::borrow::Cow;

use super::any::{Any, Attribute, Nested};
use super::record::{Export, Id, Origin, Record};
use crate::error::Error;
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::{LINE_BYTES_MAX, Row};
use crate::protobuf::{Field, Message, WireError};

/// Why reading ends before the end of the body.
pub enum Stop {
    /// What follows cannot be understood.
    Wire(WireError),
    /// No memory for more rows.
    Full(Error),
}

impl From<WireError> for Stop {
    fn from(error: WireError) -> Stop {
        Stop::Wire(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Full(error)
    }
}

/// Reads a whole request.
pub fn read(bytes: &[u8], export: &mut Export<'_>) -> Result<(), Stop> {
    let mut row = Row::new();
    let mut record = Record::default();
    let mut request = Message::new(bytes);
    while let Some(field) = request.next_field()? {
        if let (1, Field::Bytes(bytes)) = field {
            resource_logs(bytes, export, &mut record, &mut row)?;
        }
    }
    Ok(())
}

/// The resource may stand after its logs, so a first look finds it.
fn resource_logs<'a>(
    bytes: &'a [u8],
    export: &mut Export<'_>,
    record: &mut Record<'a>,
    row: &mut Row<'a>,
) -> Result<(), Stop> {
    let mut resource = Origin::default();
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Bytes(bytes)) => resource.contain("resource", |resource| {
                let mut message = bounded(bytes)?;
                while let Some(field) = message.next_field()? {
                    if let (1, Field::Bytes(bytes)) = field {
                        resource.attributes.push(pair(bytes)?);
                    }
                }
                Ok(())
            }),
            (3, Field::Bytes(bytes)) => resource.contain("schema_url", |resource| {
                resource.schema_url = text(bytes)?;
                Ok(())
            }),
            _ => {}
        }
    }
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        if let (2, Field::Bytes(bytes)) = field {
            scope_logs(bytes, &resource, export, record, row)?;
        }
    }
    Ok(())
}

fn scope_logs<'a>(
    bytes: &'a [u8],
    resource: &Origin<'a>,
    export: &mut Export<'_>,
    record: &mut Record<'a>,
    row: &mut Row<'a>,
) -> Result<(), Stop> {
    let mut scope = Origin::default();
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Bytes(bytes)) => scope.contain("scope", |scope| {
                let mut message = bounded(bytes)?;
                while let Some(field) = message.next_field()? {
                    match field {
                        (1, Field::Bytes(bytes)) => scope.name = text(bytes)?,
                        (2, Field::Bytes(bytes)) => scope.version = text(bytes)?,
                        (3, Field::Bytes(bytes)) => scope.attributes.push(pair(bytes)?),
                        _ => {}
                    }
                }
                Ok(())
            }),
            (3, Field::Bytes(bytes)) => scope.contain("schema_url", |scope| {
                scope.schema_url = text(bytes)?;
                Ok(())
            }),
            _ => {}
        }
    }
    let mut message = Message::new(bytes);
    while let Some(field) = message.next_field()? {
        if let (2, Field::Bytes(bytes)) = field {
            let read = log_record(bytes, record);
            export.record(read.map(|()| &*record), &scope, resource, row)?;
        }
    }
    Ok(())
}

fn log_record<'a>(bytes: &'a [u8], record: &mut Record<'a>) -> Result<(), Refusal> {
    let mut attributes = std::mem::take(&mut record.attributes);
    attributes.clear();
    *record = Record { attributes, ..Record::default() };
    let mut message = bounded(bytes)?;
    while let Some(field) = message.next_field()? {
        match field {
            (1, Field::Fixed64(nanos)) => record.time = nanos,
            (2, Field::Varint(number)) => record.severity_number = number.cast_signed(),
            (3, Field::Bytes(bytes)) => record.severity_text = text(bytes)?,
            (5, Field::Bytes(bytes)) => record.body = any(bytes)?,
            (6, Field::Bytes(bytes)) => record.attributes.push(pair(bytes)?),
            (7, Field::Varint(count)) => record.dropped_attributes = count,
            (8, Field::Fixed32(flags)) => record.flags = u64::from(flags),
            (9, Field::Bytes(id)) => record.trace_id = Id::of(id),
            (10, Field::Bytes(id)) => record.span_id = Id::of(id),
            (11, Field::Fixed64(nanos)) => record.observed = nanos,
            (12, Field::Bytes(bytes)) => record.event_name = text(bytes)?,
            (1..=12, _) => {
                return Err(Refusal::whole(Reason::Malformed, format!("field {} is of another type", field.0)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A message of which a list of its parts is made.
fn bounded(bytes: &[u8]) -> Result<Message<'_>, Refusal> {
    if bytes.len() > LINE_BYTES_MAX { Err(Refusal::too_long(LINE_BYTES_MAX)) } else { Ok(Message::new(bytes)) }
}

fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(Refusal::not_utf8)
}

fn pair(bytes: &[u8]) -> Result<Attribute<'_>, Refusal> {
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

fn any(bytes: &[u8]) -> Result<Any<'_>, Refusal> {
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
