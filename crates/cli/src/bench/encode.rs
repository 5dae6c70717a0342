//! Lines as bodies of each way in: NDJSON, Loki's JSON, Loki's protobuf in snappy, OTLP, Elasticsearch's bulk,
//! syslog.
//!
//! The protobuf of Loki is four small messages (`PushRequest`, `StreamAdapter`, `EntryAdapter`, `Timestamp`), written
//! by hand like that of OTLP.

mod otlp;
mod syslog;

use std::path::Path;

use serde_json::{Value, json};

use super::bodies::{Bodies, BodiesWriter};
use super::generate::{Generator, Line, Plan};
use crate::arguments::Target;
use crate::failure::Failure;

/// How bodies are made.
#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    pub target: Target,
    pub body_bytes: usize,
}

impl Encoding {
    pub fn content_type(self) -> &'static str {
        match self.target {
            Target::Whodunit => "application/x-ndjson",
            Target::LokiJson => "application/json",
            Target::Loki | Target::Otlp => "application/x-protobuf",
            Target::Elasticsearch => "application/x-ndjson",
            Target::Syslog => "",
            Target::Sentry => "application/x-sentry-envelope",
        }
    }
}

/// Where our own server takes bodies of this kind over HTTP.
pub fn path(target: Target) -> &'static str {
    match target {
        Target::Whodunit => "/api/v1/logs",
        Target::LokiJson | Target::Loki => "/loki/api/v1/push",
        Target::Otlp => "/v1/logs",
        Target::Elasticsearch => "/_bulk",
        Target::Syslog => "",
        // The project `default` has the number 1.
        Target::Sentry => "/api/1/envelope/",
    }
}

/// Generates all lines and writes them as bodies into the file at `path`.
pub fn write_bodies(plan: Plan, encoding: Encoding, path: &Path) -> Result<Bodies, Failure> {
    let mut writer = BodiesWriter::create(path)?;
    let mut generator = Generator::new(plan);
    let mut line = Line::default();
    let mut pending: Vec<Line> = Vec::new();
    let mut bytes = 0;
    while generator.next(&mut line) {
        bytes += line.json.len() + 1;
        pending.push(line.clone());
        if bytes >= encoding.body_bytes {
            writer.push(&encode(&pending, encoding.target)?, pending.len() as u64)?;
            pending.clear();
            bytes = 0;
        }
    }
    if !pending.is_empty() {
        writer.push(&encode(&pending, encoding.target)?, pending.len() as u64)?;
    }
    writer.finish()
}

fn encode(lines: &[Line], target: Target) -> Result<Vec<u8>, Failure> {
    match target {
        Target::Whodunit => Ok(ndjson(lines)),
        Target::LokiJson => Ok(loki_json(lines)),
        Target::Loki => snap::raw::Encoder::new().compress_vec(&loki_protobuf(lines)).map_err(Failure::failed),
        Target::Otlp => otlp::encode(lines).map_err(Failure::failed),
        Target::Elasticsearch => Ok(bulk(lines)),
        Target::Syslog => Ok(syslog::encode(lines)),
        Target::Sentry => Err(Failure::Usage("log lines are no captured errors".to_owned())),
    }
}

fn ndjson(lines: &[Line]) -> Vec<u8> {
    let mut body = Vec::with_capacity(lines.iter().map(|line| line.json.len() + 1).sum());
    for line in lines {
        body.extend_from_slice(line.json.as_bytes());
        body.push(b'\n');
    }
    body
}

fn bulk(lines: &[Line]) -> Vec<u8> {
    let mut body = Vec::new();
    for line in lines {
        body.extend_from_slice(b"{\"create\":{\"_index\":\"logs-bench\"}}\n");
        body.extend_from_slice(line.json.as_bytes());
        body.push(b'\n');
    }
    body
}

/// Lines grouped into Loki's streams: by service, level, environment and region.
fn streams(lines: &[Line]) -> Vec<Vec<&Line>> {
    let key = |line: &Line| (line.service, line.level, line.environment, line.region);
    let mut groups = std::collections::BTreeMap::<_, Vec<&Line>>::new();
    for line in lines {
        groups.entry(key(line)).or_default().push(line);
    }
    groups.into_values().collect()
}

fn loki_json(lines: &[Line]) -> Vec<u8> {
    let stream = |group: Vec<&Line>| {
        let first = group[0];
        let values: Vec<Value> = group.iter().map(|line| json!([line.time.to_string(), line.json])).collect();
        json!({
            "stream": {
                "service": first.service,
                "level": first.level,
                "environment": first.environment,
                "region": first.region,
            },
            "values": values,
        })
    };
    let streams: Vec<Value> = streams(lines).into_iter().map(stream).collect();
    json!({ "streams": streams }).to_string().into_bytes()
}

fn loki_protobuf(lines: &[Line]) -> Vec<u8> {
    let mut request = Vec::new();
    for group in streams(lines) {
        let first = group[0];
        let labels = format!(
            "{{environment=\"{}\", level=\"{}\", region=\"{}\", service=\"{}\"}}",
            first.environment, first.level, first.region, first.service
        );
        let mut stream = Vec::new();
        field(&mut stream, 1, labels.as_bytes());
        for line in group {
            let mut timestamp = Vec::new();
            varint_field(&mut timestamp, 1, (line.time / 1_000_000_000) as u64);
            varint_field(&mut timestamp, 2, (line.time % 1_000_000_000) as u64);
            let mut entry = Vec::new();
            field(&mut entry, 1, &timestamp);
            field(&mut entry, 2, line.json.as_bytes());
            field(&mut stream, 2, &entry);
        }
        field(&mut request, 1, &stream);
    }
    request
}

pub fn field(message: &mut Vec<u8>, number: u8, content: &[u8]) {
    message.push(number << 3 | 2);
    varint(message, content.len() as u64);
    message.extend_from_slice(content);
}

pub fn varint_field(message: &mut Vec<u8>, number: u8, value: u64) {
    message.push(number << 3);
    varint(message, value);
}

fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            time: 1_700_000_000_000_000_005,
            level: "INFO",
            service: "mail",
            environment: "production",
            region: "eu-west-1",
            json: "{\"a\":1}".to_owned(),
        }
    }

    #[test]
    fn loki_json_groups_lines_into_streams() {
        let other = Line { level: "WARN", ..line() };
        let body: Value = serde_json::from_slice(&loki_json(&[line(), other, line()])).expect("JSON");
        let streams = body["streams"].as_array().expect("streams");
        assert_eq!(streams.len(), 2);
        assert_eq!(streams[0]["values"][1], json!(["1700000000000000005", "{\"a\":1}"]));
        assert_eq!(streams[1]["stream"]["level"], "WARN");
    }

    #[test]
    fn loki_protobuf_has_the_bytes_of_the_message_definitions() {
        let labels = r#"{environment="production", level="INFO", region="eu-west-1", service="mail"}"#;
        let mut expected = vec![0x0a, 0x65, 0x0a, labels.len() as u8];
        expected.extend_from_slice(labels.as_bytes());
        expected
            .extend_from_slice(&[0x12, 0x13, 0x0a, 0x08, 0x08, 0x80, 0xe2, 0xcf, 0xaa, 0x06, 0x10, 0x05, 0x12, 0x07]);
        expected.extend_from_slice(b"{\"a\":1}");
        expected[1] = (expected.len() - 2) as u8;
        assert_eq!(loki_protobuf(&[line()]), expected);
    }
}
