//! OTLP log requests and the rows or refusals that they become.

use serde_json::{Map, Value, json};
use whodunit_ingest::logs::{Decoded, Desk, collect};
use whodunit_ingest::otlp::{Form, decode};
use whodunit_stdx::{ErrorKind, Limit};

use crate::audit_cases::check_row;
use crate::loki::{desk, field, rows};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn read(body: &[u8], form: Form) -> Result<Decoded, whodunit_ingest::Error> {
    let desk = desk();
    decode(body, form, &desk).map(|whole| collect(whole, &desk.project))
}

/// Attributes as OTLP's JSON has them.
fn attributes(map: Value) -> Value {
    map.as_object().expect("an object").iter().map(|(key, value)| json!({"key": key, "value": any(value)})).collect()
}

fn any(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(truth) => json!({"boolValue": truth}),
        Value::Number(number) if number.is_i64() => json!({"intValue": number.to_string()}),
        Value::Number(number) => json!({"doubleValue": number}),
        Value::String(text) => json!({"stringValue": text}),
        Value::Array(elements) => json!({"arrayValue": {"values": elements.iter().map(any).collect::<Vec<_>>()}}),
        Value::Object(_) => json!({"kvlistValue": {"values": attributes(value.clone())}}),
    }
}

/// A request with one resource and one scope.
fn request(resource: Value, scope: Value, records: Value) -> Value {
    json!({"resourceLogs": [{"resource": {"attributes": attributes(resource)}, "scopeLogs": [{"scope": scope, "logRecords": records}]}]})
}

fn check(request: &Value, expected: &[Value]) {
    for (form, body) in [(Form::Json, request.to_string().into_bytes()), (Form::Protobuf, wire(request))] {
        let decoded = read(&body, form).expect("a request");
        let found = rows(&decoded);
        assert_eq!((found.len(), decoded.rejected), (expected.len(), 0), "{form:?}: {:?}", decoded.rejections);
        found.iter().zip(expected).for_each(|(row, expected)| check_row(&format!("{form:?}"), row, expected));
    }
}

/// The same request as protobuf, written by hand.
fn wire(request: &Value) -> Vec<u8> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut out = Vec::new();
    for resource in list(&request["resourceLogs"]) {
        let mut message = Vec::new();
        for scope in list(&resource["scopeLogs"]) {
            let mut logs = Vec::new();
            for record in list(&scope["logRecords"]) {
                logs.extend(field(2, &wire_record(&record)));
            }
            // After the records, as no SDK does and the format allows.
            let mut inner = wire_text(1, &scope["scope"]["name"]);
            inner.extend(wire_text(2, &scope["scope"]["version"]));
            inner.extend(wire_attributes(3, &scope["scope"]["attributes"]));
            logs.extend(field(1, &inner));
            logs.extend(wire_text(3, &scope["schemaUrl"]));
            message.extend(field(2, &logs));
        }
        message.extend(field(1, &wire_attributes(1, &resource["resource"]["attributes"])));
        out.extend(field(1, &message));
    }
    out
}

fn wire_text(number: u8, value: &Value) -> Vec<u8> {
    value.as_str().map_or(Vec::new(), |text| field(number, text.as_bytes()))
}

fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn varint(number: u8, value: i64) -> Vec<u8> {
    let (mut out, mut bits) = (vec![number << 3], value.cast_unsigned());
    while bits >= 0x80 {
        out.push(bits as u8 | 0x80);
        bits >>= 7;
    }
    out.push(bits as u8);
    out
}

fn wire_record(record: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, name) in [(1, "timeUnixNano"), (11, "observedTimeUnixNano")] {
        if let Some(nanos) = integer(&record[name]) {
            out.push(number << 3 | 1);
            out.extend(nanos.to_le_bytes());
        }
    }
    for (number, name) in [(2, "severityNumber"), (7, "droppedAttributesCount")] {
        out.extend(integer(&record[name]).map_or(Vec::new(), |value| varint(number, value)));
    }
    if let Some(flags) = integer(&record["flags"]) {
        out.push(8 << 3 | 5);
        out.extend((flags as u32).to_le_bytes());
    }
    for (number, name) in [(9, "traceId"), (10, "spanId")] {
        let id = record[name].as_str().map(|id| hex::decode(id).expect("hexadecimal"));
        out.extend(id.map_or(Vec::new(), |id| field(number, &id)));
    }
    out.extend(wire_text(3, &record["severityText"]));
    out.extend(wire_text(12, &record["eventName"]));
    if record["body"].is_object() {
        out.extend(field(5, &wire_any(&record["body"])));
    }
    out.extend(wire_attributes(6, &record["attributes"]));
    out
}

fn wire_attributes(number: u8, attributes: &Value) -> Vec<u8> {
    let one = |attribute: &Value| {
        let value = field(2, &wire_any(&attribute["value"]));
        field(number, &[wire_text(1, &attribute["key"]), value].concat())
    };
    attributes.as_array().map_or(Vec::new(), |all| all.iter().flat_map(one).collect())
}

fn wire_any(value: &Value) -> Vec<u8> {
    let Some((name, value)) = value.as_object().and_then(|object| object.iter().next()) else { return Vec::new() };
    match name.as_str() {
        "stringValue" => wire_text(1, value),
        "boolValue" => varint(2, i64::from(value == true)),
        "intValue" => varint(3, integer(value).expect("a number")),
        "doubleValue" => [vec![4 << 3 | 1], value.as_f64().expect("a number").to_le_bytes().to_vec()].concat(),
        "arrayValue" => {
            let values = value["values"].as_array().expect("values").iter();
            field(5, &values.flat_map(|value| field(1, &wire_any(value))).collect::<Vec<_>>())
        }
        "kvlistValue" => field(6, &wire_attributes(1, &value["values"])),
        other => panic!("no test sends {other}"),
    }
}

#[test]
fn resource_scope_and_record_are_all_kept() {
    let resource = json!({"service.name": "shop", "service.version": "1.2", "host.name": "web-1", "deployment.environment.name": "prod",
        "telemetry.sdk.language": "python", "region": "eu"});
    let scope = json!({"name": "app.orders", "version": "9", "attributes": attributes(json!({"region": "scope's", "team": "a"}))});
    let records = json!([
        {"timeUnixNano": "1795168800000000001", "observedTimeUnixNano": "1795168800000000002", "severityNumber": 13, "severityText": "WARNING",
         "body": {"stringValue": "slow order"}, "traceId": TRACE, "spanId": "00f067aa0ba902b7", "flags": 1, "eventName": "order.slow", "droppedAttributesCount": 2,
         "attributes": attributes(json!({"enduser.id": "u1", "session.id": "s1", "client.address": "192.0.2.1", "user_agent.original": "curl", "version": 3,
            "http.response.status_code": 500, "ratio": 0.5, "ok": true, "region": "record's", "tags": [1, "a", null], "nested": {"a": {"b": 1}}, "time": "soon"}))},
        {"body": {"stringValue": "bare"}},
    ]);
    let first = json!({"time": "2026-11-20T10:00:00.000000001Z", "observed_at": "2026-11-20T10:00:00.000000002Z", "level": "WARN", "severity_number": 13,
        "body": "slow order", "service": "shop", "release": "1.2", "host": "web-1", "environment": "prod", "logger": "app.orders",
        "trace_id": TRACE, "span_id": "00f067aa0ba902b7", "actor_id": "u1", "session_id": "s1", "ip": "192.0.2.1", "user_agent": "curl",
        "http.response.status_code": 500, "ratio": 0.5, "ok": true, "tags": "[1,\"a\",null]", "nested.a.b": 1, "attr.time": "soon", "version": 3,
        "region": "record's", "scope.region": "scope's", "resource.region": "eu", "team": "a", "telemetry.sdk.language": "python",
        "otel.scope.version": "9", "event.name": "order.slow", "trace_flags": 1, "dropped_attributes_count": 2});
    let second = json!({"time": "2026-11-20T10:00:00.000000000Z", "body": "bare", "service": "shop", "region": "scope's", "resource.region": "eu",
        "level": null, "trace_id": null, "observed_at": null, "actor_id": null});
    check(&request(resource, scope, records), &[first, second]);
}

#[test]
fn severity_is_that_of_the_record_whatever_its_attributes_are_called() {
    for (record, level, number) in [
        (json!({"severityNumber": 17}), json!("ERROR"), json!(17)),
        (json!({"severityText": "Information"}), json!("INFO"), json!(9)),
        (json!({"severityNumber": 12, "severityText": "notice"}), json!("INFO"), json!(12)),
        (json!({"severityNumber": 9, "attributes": attributes(json!({"level": "fatal"}))}), json!("INFO"), json!(9)),
        (json!({"body": {"stringValue": "{\"level\":\"error\"}"}}), json!("ERROR"), json!(17)),
        (json!({}), Value::Null, Value::Null),
    ] {
        check(&request(json!({}), json!({}), json!([record])), &[json!({"level": level, "severity_number": number})]);
    }
    let odd = json!([{"severityText": "basement", "severityNumber": 99, "attributes": attributes(json!({"level": "fatal"}))}]);
    let expected =
        json!({"attr.severity_number": 99, "severity_text": "basement", "attr.level": "fatal", "level": null});
    check(&request(json!({}), json!({}), odd), &[expected]);
}

#[test]
fn a_structured_body_is_json_and_its_context_is_found() {
    for (body, text) in [
        (
            json!({"userId": "u1", "n": 1, "f": 1.5, "t": true, "x": null, "l": ["a\"", 2]}),
            r#"{"f":1.5,"l":["a\"",2],"n":1,"t":true,"userId":"u1","x":null}"#,
        ),
        (json!([1, {"a": "b"}]), r#"[1,{"a":"b"}]"#),
        (json!(7), "7"),
        (json!(false), "false"),
    ] {
        let user = body["userId"].clone();
        let records = json!([{"body": any(&body)}]);
        check(&request(json!({}), json!({}), records), &[json!({"body": text, "actor_id": user})]);
    }
}

#[test]
fn ids_of_another_length_are_attributes() {
    let records = json!([{"traceId": "00ff", "spanId": "0000000000000000"}, {"traceId": TRACE.to_uppercase()}]);
    check(
        &request(json!({}), json!({}), records),
        &[json!({"trace_id": null, "attr.trace_id": "00ff", "span_id": null}), json!({"trace_id": TRACE})],
    );
    let odd = request(json!({}), json!({}), json!([{"traceId": "no id"}])).to_string();
    check_row("odd", &rows(&read(odd.as_bytes(), Form::Json).expect("taken"))[0], &json!({"attr.trace_id": "no id"}));
}

#[test]
fn special_numbers_and_bytes_of_json() {
    let body = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":1,"attributes":[
        {"key":"nan","value":{"doubleValue":"NaN"}},{"key":"inf","value":{"doubleValue":"-Infinity"}},{"key":"bytes","value":{"bytesValue":"AAE="}},
        {"value":{"intValue":5},"key":"number"},{"key":"empty"},{"key":"","value":{"stringValue":"no name"}}],"unknown":{"a":[]}}]}],"unknown":1}]}"#;
    let decoded = read(body.as_bytes(), Form::Json).expect("taken");
    let expected = json!({"time": "1970-01-01T00:00:00.000000001Z", "nan": "NaN", "inf": "-inf", "bytes": "AAE=", "number": 5,
        "attributes_overflow": "{\"\":\"no name\"}"});
    check_row("json", &rows(&decoded)[0], &expected);
    let bytes = field(1, &field(2, &field(2, &field(6, &[field(1, b"b"), field(2, &field(7, &[0, 1]))].concat()))));
    check_row("wire", &rows(&read(&bytes, Form::Protobuf).expect("taken"))[0], &json!({"b": "AAE="}));
}

#[test]
fn a_bad_record_is_refused_and_its_neighbours_are_kept() {
    let good = json!({"body": {"stringValue": "good"}});
    let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
    for (bad, field_name, reason) in [
        (json!({"timeUnixNano": "soon"}), "timeUnixNano", "whole number"),
        (json!({"timeUnixNano": "9223372036854775808"}), "time_unix_nano", "2262"),
        (json!({"severityNumber": "INFO"}), "severityNumber", "whole number"),
        (json!({"body": "text"}), "value", "stringValue"),
        (json!({"body": {"intValue": "1.5"}}), "intValue", "whole number"),
        (json!({"body": {"boolValue": "yes"}}), "boolValue", "another type"),
        (json!({"body": {"arrayValue": {"values": 5}}}), "values", "array"),
        (json!({"attributes": {}}), "attributes", "array"),
        (json!({"attributes": [5]}), "attributes", "array"),
        (json!({"traceId": 5}), "traceId", "text"),
        (json!({"body": {"stringValue": "x".repeat(1024 * 1024)}}), "", "longer than"),
    ] {
        let body = request(json!({}), json!({}), json!([good, bad, good])).to_string();
        let decoded = read(body.as_bytes(), Form::Json).expect("a request");
        assert_eq!((rows(&decoded).len(), decoded.rejected), (2, 1), "{reason}: {:?}", decoded.rejections);
        let rejection = &decoded.rejections[0];
        assert_eq!((rejection.line, rejection.field.as_str()), (2, field_name), "{rejection:?}");
        assert!(rejection.reason.contains(reason), "{rejection:?}");
    }
    let body =
        wire(&request(json!({}), json!({}), json!([good, {"attributes": attributes(json!({"deep": deep}))}, good])));
    let decoded = read(&body, Form::Protobuf).expect("a request");
    assert_eq!((rows(&decoded).len(), decoded.rejected), (3, 0), "sixty levels are still read");
}

#[test]
fn bad_protobuf_is_refused_as_narrowly_as_it_can_be() {
    let record = |content: &[u8]| field(2, content);
    let good = record(&field(5, &field(1, b"good")));
    let mut nested = Vec::new();
    for _ in 0..100 {
        nested = field(5, &field(1, &nested));
    }
    let resource =
        |resource: &[u8], records: &[Vec<u8>]| field(1, &[field(1, resource), field(2, &records.concat())].concat());
    for (bad, reason) in [
        (record(&field(5, &field(1, b"\xff"))), "not UTF-8 at byte 0"),
        (record(&[0x2a, 9]), "longer than its message"),
        (record(&[0x08, 1]), "field 1 is of another type"),
        (record(&[0x09, 255, 255, 255, 255, 255, 255, 255, 255]), "2262"),
        (record(&field(5, &nested)), "nested too deeply"),
        (record(&field(5, &field(1, &vec![b'x'; 1024 * 1024]))), "longer than"),
    ] {
        let decoded = read(&resource(b"", &[good.clone(), bad, good.clone()]), Form::Protobuf).expect("framed well");
        assert_eq!((rows(&decoded).len(), decoded.rejected), (2, 1), "{reason}");
        assert!(decoded.rejections[0].reason.contains(reason), "{:?}", decoded.rejections);
    }
    let body = [
        resource(&field(1, &field(1, b"\xff")), std::slice::from_ref(&good)),
        resource(b"", std::slice::from_ref(&good)),
    ]
    .concat();
    let decoded = read(&body, Form::Protobuf).expect("framed well");
    assert_eq!((rows(&decoded).len(), decoded.rejections[0].field.as_str()), (1, "resource"));
    let whole = resource(b"", &[good]);
    for end in 1..whole.len() {
        assert_eq!(read(&whole[..end], Form::Protobuf).expect_err("torn").kind, ErrorKind::Invalid, "{end}");
    }
}

#[test]
fn a_body_that_is_no_request_is_refused_whole() {
    for body in [
        "",
        "[]",
        "{",
        r#"{"resourceLogs":5}"#,
        r#"{"resourceLogs":[5]}"#,
        r#"{"resourceLogs":[{"scopeLogs":{}}]}"#,
        r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[1]}]}]}"#,
        "{} x",
    ] {
        assert_eq!(read(body.as_bytes(), Form::Json).expect_err(body).kind, ErrorKind::Invalid, "{body}");
    }
    assert_eq!(read(b"{}", Form::Json).expect("nothing to take").batches.len(), 0);
    assert_eq!(read(b"", Form::Protobuf).expect("nothing to take").batches.len(), 0);
    assert_eq!(Form::of(Some("text/plain")).expect_err("neither").kind, ErrorKind::Unsupported);
    assert_eq!(Form::of(Some("application/json; charset=utf-8")).expect("JSON"), Form::Json);
}

#[test]
fn ten_thousand_attributes_are_all_kept_and_memory_is_bounded() {
    let many: Map<String, Value> = (0..10_000).map(|number| (format!("l{number}"), json!(number))).collect();
    let body = wire(&request(json!({}), json!({}), json!([{"attributes": attributes(Value::Object(many.clone()))}])));
    let decoded = read(&body, Form::Protobuf).expect("taken");
    let found = rows(&decoded);
    let spilled: Map<String, Value> =
        serde_json::from_str(found[0]["attributes_overflow"].as_str().expect("spilled")).expect("JSON");
    assert_eq!(found[0].len() - 3 + spilled.len(), 10_000);

    // A resource counts once on the wire and once for each of its records.
    let records = Value::Array(vec![json!({}); 20_000]);
    let body = wire(&request(Value::Object(many), json!({}), records));
    let small = Desk { memory: Limit::new("test", 16 << 20), ..desk() };
    assert_eq!(decode(&body, Form::Protobuf, &small).expect_err("full").kind, ErrorKind::Exhausted);
    assert!(small.memory.peak() <= 16 << 20);
    assert_eq!(small.memory.used(), 0);
}
