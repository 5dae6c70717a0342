//! Lines as OTLP log records, with the names of the semantic conventions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{field, varint_field};
use crate::bench::generate::Line;

/// Fields of a line that belong to its resource, and what they are called there.
const RESOURCE: [(&str, &str); 5] = [
    ("service", "service.name"),
    ("host", "host.name"),
    ("environment", "deployment.environment.name"),
    ("release", "service.version"),
    ("region", "cloud.region"),
];
/// What other fields are called; those that are not listed keep their names.
const NAMES: [(&str, &str); 7] = [
    ("user_id", "enduser.id"),
    ("session_id", "session.id"),
    ("method", "http.request.method"),
    ("path", "url.path"),
    ("status", "http.response.status_code"),
    ("client_ip", "client.address"),
    ("user_agent", "user_agent.original"),
];
/// Fields that a record has itself.
const OWN: [&str; 5] = ["time", "level", "message", "trace_id", "span_id"];

pub fn encode(lines: &[Line]) -> Result<Vec<u8>, serde_json::Error> {
    let mut resources: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for line in lines {
        let fields: Map<String, Value> = serde_json::from_str(&line.json)?;
        let mut resource = Vec::new();
        for (name, known_as) in RESOURCE {
            attribute(&mut resource, 1, known_as, &fields[name]);
        }
        field(resources.entry(resource).or_default(), 2, &record(line, &fields));
    }
    let mut request = Vec::new();
    for (resource, records) in resources {
        let mut scope = Vec::new();
        field(&mut scope, 1, b"bench");
        let mut scope_logs = Vec::new();
        field(&mut scope_logs, 1, &scope);
        scope_logs.extend_from_slice(&records);
        let mut resource_logs = Vec::new();
        field(&mut resource_logs, 1, &resource);
        field(&mut resource_logs, 2, &scope_logs);
        field(&mut request, 1, &resource_logs);
    }
    Ok(request)
}

fn record(line: &Line, fields: &Map<String, Value>) -> Vec<u8> {
    let text = |name: &str| fields[name].as_str().unwrap_or_default();
    let mut record = Vec::new();
    fixed(&mut record, 1, line.time.cast_unsigned());
    fixed(&mut record, 11, line.time.cast_unsigned());
    let severity = match line.level {
        "DEBUG" => 5,
        "WARN" => 13,
        "ERROR" => 17,
        _ => 9,
    };
    varint_field(&mut record, 2, severity);
    field(&mut record, 3, line.level.as_bytes());
    field(&mut record, 5, &any(&fields["message"]));
    for (name, value) in fields {
        if OWN.contains(&name.as_str()) || RESOURCE.iter().any(|(known, _)| known == name) {
            continue;
        }
        let known_as = NAMES.iter().find(|(known, _)| known == name).map_or(name.as_str(), |(_, name)| name);
        attribute(&mut record, 6, known_as, value);
    }
    field(&mut record, 9, &hex::decode(text("trace_id")).unwrap_or_default());
    field(&mut record, 10, &hex::decode(text("span_id")).unwrap_or_default());
    record
}

fn attribute(message: &mut Vec<u8>, number: u8, name: &str, value: &Value) {
    let mut pair = Vec::new();
    field(&mut pair, 1, name.as_bytes());
    field(&mut pair, 2, &any(value));
    field(message, number, &pair);
}

fn any(value: &Value) -> Vec<u8> {
    let mut any = Vec::new();
    match value {
        Value::Number(number) if number.is_i64() => {
            varint_field(&mut any, 3, number.as_i64().unwrap_or_default().cast_unsigned());
        }
        Value::Number(number) => fixed(&mut any, 4, number.as_f64().unwrap_or_default().to_bits()),
        other => field(&mut any, 1, other.as_str().unwrap_or_default().as_bytes()),
    }
    any
}

fn fixed(message: &mut Vec<u8>, number: u8, value: u64) {
    message.push(number << 3 | 1);
    message.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_the_bytes_of_the_message_definitions() {
        let json = r#"{"time":"x","level":"INFO","service":"s","host":"h","environment":"e","release":"r","region":"g","message":"m","user_id":"u","trace_id":"0a","span_id":"0b","status":7}"#;
        let line = Line { time: 5, level: "INFO", json: json.to_owned(), ..Line::default() };
        let body = encode(&[line]).expect("JSON");
        let record = [
            &[0x09, 5, 0, 0, 0, 0, 0, 0, 0, 0x59, 5, 0, 0, 0, 0, 0, 0, 0, 0x10, 9, 0x1a, 4][..],
            b"INFO\x2a\x03\x0a\x01m\x32\x1f\x0a\x19http.response.status_code\x12\x02\x18\x07",
            b"\x32\x11\x0a\x0aenduser.id\x12\x03\x0a\x01u\x4a\x01\x0a\x52\x01\x0b",
        ]
        .concat();
        assert!(body.windows(record.len()).any(|window| window == record), "{body:x?}");
        let scope = [b"\x0a\x07\x0a\x05bench\x12".to_vec(), vec![record.len() as u8]].concat();
        assert!(body.windows(scope.len()).any(|window| window == scope), "{body:x?}");
    }
}
