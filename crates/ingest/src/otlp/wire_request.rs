//! `ExportLogsServiceRequest` as protobuf. Field numbers as in opentelemetry-proto 1.

use super::record::{Export, Id, Origin, Record};
use super::wire::{any, bounded, pair, text};
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::Row;
use crate::logs::stop::Stop;
use crate::protobuf::{Field, Message};

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
