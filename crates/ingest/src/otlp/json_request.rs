//! The same as JSON: lowerCamelCase names, ids in hexadecimal, enums as numbers. Unknown members are passed over.

use std::borrow::Cow;

use super::json::{any, attributes, inside, number, string};
use super::record::{Export, Id, Origin, Record};
use crate::json::{Reader, Token};
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::{LINE_BYTES_MAX, Row};
use crate::logs::stop::Stop;

/// Reads a whole request.
pub fn read(text: &str, export: &mut Export<'_>) -> Result<(), Stop> {
    let mut row = Row::new();
    let mut reader = Reader::new(text);
    let Token::Object = reader.token()? else { return Err(Stop::Shape("expected an object with resourceLogs")) };
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("resourceLogs", Token::Array) => {
                let mut first = true;
                while reader.element(&mut first)? {
                    let token = reader.token()?;
                    let Token::Object = token else { return Err(Stop::Shape("resourceLogs holds objects")) };
                    resource_logs(reader.rest(token)?, export, &mut row)?;
                }
            }
            ("resourceLogs", Token::Null) => {}
            ("resourceLogs", _) => return Err(Stop::Shape("resourceLogs is an array")),
            (_, token) => reader.pass(token)?,
        }
    }
    Ok(reader.end()?)
}

/// The resource may stand after its logs, so those wait. That it is all JSON is known here.
fn resource_logs<'a>(text: &'a str, export: &mut Export<'_>, row: &mut Row<'a>) -> Result<(), Stop> {
    let mut resource = Origin::default();
    let mut logs = Vec::new();
    let mut reader = inside(text)?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("resource", token @ Token::Object) => {
                let text = reader.rest(token)?;
                resource.contain("resource", |resource| origin(text, resource));
            }
            ("schemaUrl", Token::Text(text)) => resource.schema_url = text.to_cow()?,
            ("scopeLogs", token @ Token::Array) => logs.push(reader.rest(token)?),
            ("scopeLogs", Token::Null) => {}
            ("scopeLogs", _) => return Err(Stop::Shape("scopeLogs is an array")),
            (_, token) => reader.pass(token)?,
        }
    }
    for text in logs {
        each_object(text, "scopeLogs holds objects", |text| scope_logs(text, &resource, export, row))?;
    }
    Ok(())
}

fn scope_logs<'a>(
    text: &'a str,
    resource: &Origin<'a>,
    export: &mut Export<'_>,
    row: &mut Row<'a>,
) -> Result<(), Stop> {
    let mut scope = Origin::default();
    let mut records = Vec::new();
    let mut reader = inside(text)?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("scope", token @ Token::Object) => {
                let text = reader.rest(token)?;
                scope.contain("scope", |scope| origin(text, scope));
            }
            ("schemaUrl", Token::Text(text)) => scope.schema_url = text.to_cow()?,
            ("logRecords", token @ Token::Array) => records.push(reader.rest(token)?),
            ("logRecords", Token::Null) => {}
            ("logRecords", _) => return Err(Stop::Shape("logRecords is an array")),
            (_, token) => reader.pass(token)?,
        }
    }
    for text in records {
        each_object(text, "logRecords holds objects", |text| {
            let mut record = Record::default();
            let read = log_record(text, &mut record);
            Ok(export.record(read.map(|()| &record), &scope, resource, row)?)
        })?;
    }
    Ok(())
}

/// The texts of the objects of an array.
fn each_object<'a>(
    array: &'a str,
    shape: &'static str,
    mut each: impl FnMut(&'a str) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut reader = inside(array)?;
    let mut first = true;
    while reader.element(&mut first)? {
        let token = reader.token()?;
        let Token::Object = token else { return Err(Stop::Shape(shape)) };
        each(reader.rest(token)?)?;
    }
    Ok(())
}

/// A resource or a scope.
fn origin<'a>(text: &'a str, origin: &mut Origin<'a>) -> Result<(), Refusal> {
    if text.len() > LINE_BYTES_MAX {
        return Err(Refusal::too_long(LINE_BYTES_MAX));
    }
    let mut reader = inside(text)?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        let token = reader.token()?;
        match &*key {
            "name" => origin.name = string(&mut reader, token, "name")?,
            "version" => origin.version = string(&mut reader, token, "version")?,
            "attributes" => origin.attributes = attributes(&mut reader, token)?,
            _ => reader.pass(token)?,
        }
    }
    Ok(())
}

fn log_record<'a>(text: &'a str, record: &mut Record<'a>) -> Result<(), Refusal> {
    if text.len() > LINE_BYTES_MAX {
        return Err(Refusal::too_long(LINE_BYTES_MAX));
    }
    let mut reader = inside(text)?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        let token = reader.token()?;
        let reader = &mut reader;
        match &*key {
            "timeUnixNano" => record.time = nanos(reader, token, "timeUnixNano")?,
            "observedTimeUnixNano" => record.observed = nanos(reader, token, "observedTimeUnixNano")?,
            "severityNumber" => record.severity_number = number(reader, token, "severityNumber")?,
            "severityText" => record.severity_text = string(reader, token, "severityText")?,
            "body" => record.body = any(reader, token)?,
            "attributes" => record.attributes = attributes(reader, token)?,
            "droppedAttributesCount" => record.dropped_attributes = number(reader, token, "droppedAttributesCount")?,
            "flags" => record.flags = number(reader, token, "flags")?,
            "traceId" => record.trace_id = id(string(reader, token, "traceId")?),
            "spanId" => record.span_id = id(string(reader, token, "spanId")?),
            "eventName" => record.event_name = string(reader, token, "eventName")?,
            _ => reader.pass(token)?,
        }
    }
    Ok(())
}

fn nanos<'a>(reader: &mut Reader<'a>, token: Token<'a>, field: &str) -> Result<u64, Refusal> {
    number(reader, token, field).map_err(|refusal| Refusal { reason: Reason::Time, ..refusal })
}

fn id<const N: usize>(text: Cow<'_, str>) -> Id<'_, N> {
    let mut bytes = [0; N];
    match hex::decode_to_slice(text.as_bytes(), &mut bytes) {
        Ok(()) => Id::of(&bytes),
        Err(_) if text.bytes().all(|digit| digit == b'0') => Id::None,
        Err(_) => Id::Odd(text),
    }
}
