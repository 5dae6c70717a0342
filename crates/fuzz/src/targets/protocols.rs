//! Decoders of other systems' log protocols: whatever comes, it is rows and refusals within the memory limit.

use arrow::array::RecordBatch;
use whodunit_ingest::logs::{Decode, Desk};
use whodunit_ingest::sentry::{Form, Origin};
use whodunit_ingest::syslog::{Frame, Frames, Received};
use whodunit_ingest::{elastic, loki, otlp, sentry, syslog};
use whodunit_model::{Project, Redactor};
use whodunit_stdx::Limit;

use super::sample;
use crate::rounds::Target;

const MEMORY_BYTES: usize = 64 << 20;

/// Reads the same bytes twice: the same rows, within memory that is given back.
fn check<D: Decode>(decode: impl Fn(&Desk) -> Option<D>) {
    let memory = Limit::new("fuzz", MEMORY_BYTES);
    let desk = desk(&memory);
    let (first, second) = (decode(&desk), decode(&desk));
    match (first, second) {
        (Some(mut first), Some(mut second)) => {
            assert_eq!(rows(&mut first), rows(&mut second), "the same bytes became other rows");
            assert_eq!(first.rejections(), second.rejections());
            assert!(first.rejections().listed.len() as u64 <= first.rejections().total());
        }
        (None, None) => {}
        _ => panic!("the same bytes were taken and refused"),
    }
    assert_eq!(memory.used(), 0, "memory was not given back");
}

fn desk(memory: &Limit) -> Desk {
    Desk {
        project: Project::default_project(),
        received_at: sample::NOW,
        memory: memory.clone(),
        redactor: Redactor::standard().clone(),
        grouping: std::sync::Arc::default(),
        scripts: None,
    }
}

fn rows(decoder: &mut impl Decode) -> Vec<RecordBatch> {
    let mut all = Vec::new();
    while let Ok(Some(batch)) = decoder.next_batch(&Project::default_project()) {
        all.push(batch.into_rows());
    }
    all
}

/// A field of protobuf that holds bytes shorter than 16 KiB.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![number << 3 | 2];
    if length >= 0x80 {
        out.push(length as u8 | 0x80);
        out.push((length >> 7) as u8);
    } else {
        out.push(length as u8);
    }
    out.extend_from_slice(content);
    out
}

const LOKI_WORDS: &[&[u8]] = &[
    b"{\"streams\":[",
    b"\"stream\":{\"app\":\"x\"}",
    b"\"values\":[[\"1795168800000000001\",\"line\",{\"trace_id\":\"1\"}]]",
    b"[\"-9223372036854775808\",\"\"]",
    b"{app=\"a\",b=`c`}",
    b"\\x",
    b"level=",
    b"{\\\"level\\\":1}",
    b"\x0a",
    b"\x12",
    b"\x1a",
];

/// Pushes; the first byte says in which form.
pub fn loki() -> Target {
    let json = r#"0{"streams":[{"stream":{"app":"shop","level":"warn"},"values":[["1795168800000000001","{\"userId\":7}",{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}],["0","level=info x"]]},{"values":[["1","y"]],"stream":{}}]}"#;
    let pair = field(3, &[field(1, b"user_id"), field(2, b"u1")].concat());
    let entry = field(2, &[field(1, &[8, 1, 16, 2]), field(2, b"{\"level\":\"error\"}"), pair].concat());
    let stream = field(1, &[field(1, br#"{app="shop", pod="a\"\x41"}"#), entry.clone(), entry].concat());
    let wire = [b"1".to_vec(), stream.clone(), stream].concat();
    let act = |bytes: &[u8]| {
        let Some((which, body)) = bytes.split_first() else { return };
        let form = if which % 2 == 0 { loki::Form::Json } else { loki::Form::Protobuf };
        check(|desk| loki::decode(body, form, desk).ok());
    };
    Target { name: "loki", corpus: vec![json.as_bytes().to_vec(), wire], words: LOKI_WORDS, check: Box::new(act) }
}

const OTLP_WORDS: &[&[u8]] = &[
    b"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[",
    b"\"body\":{\"stringValue\":\"{}\"}",
    b"{\"key\":\"a\",\"value\":{\"kvlistValue\":{\"values\":[]}}}",
    b"{\"arrayValue\":{\"values\":[",
    b"\"timeUnixNano\":\"18446744073709551615\"",
    b"\"traceId\":\"0\"",
    b"\x0a",
    b"\x12",
    b"\x2a",
    b"\x32",
];

/// Requests to export logs; the first byte says in which form.
pub fn otlp() -> Target {
    let json = r#"0{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"scope":{"name":"a","version":"1"},"logRecords":[{"timeUnixNano":"1795168800000000001","severityNumber":9,"severityText":"INFO","body":{"kvlistValue":{"values":[{"key":"userId","value":{"intValue":"7"}}]}},"attributes":[{"key":"tags","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":0.5}]}}}],"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","flags":1}]}],"schemaUrl":"x"}]}"#;
    let pair = |number: u8, name: &[u8], value: &[u8]| field(number, &[field(1, name), field(2, value)].concat());
    let nested = field(6, &pair(1, b"a", &field(5, &field(1, &[0x18, 5]))));
    let record = field(
        2,
        &[
            &[0x09, 1, 0, 0, 0, 0, 0, 0, 0x10, 0x10, 9][..],
            &field(3, b"INFO"),
            &field(5, &field(1, b"{\"userId\":7}")),
            &pair(6, b"http.route", &field(1, b"/a")),
            &pair(6, b"nested", &nested),
            &field(9, &[7; 16]),
            &field(10, &[7; 8]),
        ]
        .concat(),
    );
    let scope = field(2, &[field(1, &field(1, b"app")), record.clone(), record].concat());
    let resource = field(1, &pair(1, b"service.name", &field(1, b"shop")));
    let wire = [b"1".to_vec(), field(1, &[resource, scope].concat())].concat();
    let act = |bytes: &[u8]| {
        let Some((which, body)) = bytes.split_first() else { return };
        let form = if which % 2 == 0 { otlp::Form::Json } else { otlp::Form::Protobuf };
        check(|desk| otlp::decode(body, form, desk).ok());
    };
    Target { name: "otlp", corpus: vec![json.as_bytes().to_vec(), wire], words: OTLP_WORDS, check: Box::new(act) }
}

const ELASTIC_WORDS: &[&[u8]] = &[
    b"{\"create\":{}}\n",
    b"{\"index\":{\"_index\":\"x\",\"_id\":1}}\n",
    b"{\"update\":{}}\n",
    b"{\"delete\":{\"_id\":\"1\"}}\n",
    b"\n",
    b"\xff",
    b"{}",
];

/// Bulk requests: as many answers as items.
pub fn elastic() -> Target {
    let body = "{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"message\":\"m\",\"user\":{\"id\":7}}\n{\"delete\":{\"_id\":\"1\"}}\n{\"create\":{}}\n{\"@timestamp\":\"2026-11-20T22:14:00Z\"}\n";
    let act = |bytes: &[u8]| {
        check(|desk| {
            let bulk = elastic::decode(bytes, "logs", desk).ok()?;
            let refused = bulk.items.iter().filter(|item| item.refusal.is_some()).count() as u64;
            assert_eq!(refused, bulk.rejections().total());
            Some(bulk)
        });
    };
    Target { name: "elastic", corpus: vec![body.as_bytes().to_vec()], words: ELASTIC_WORDS, check: Box::new(act) }
}

const SYSLOG_WORDS: &[&[u8]] = &[
    b"<165>1 ",
    b"- - - - - ",
    b"[a x=\"\\]\"]",
    b"<34>Feb 29 23:59:60 ",
    b"65536 <",
    b"999999999 <1>",
    b"\xef\xbb\xbf",
    b"app[1]: ",
    b"@cee: {",
    b"\n",
    b"\x00",
];

/// A stream of messages: the same ones however it is cut, and every one of them a row or a refusal.
pub fn syslog() -> Target {
    let stream = b"<165>1 2026-11-20T09:00:00Z web-1 shop 77 ID [ctx@1 user_id=\"u1\" a=\"\\\"\"] text\n<34>Oct 11 22:14:15 h su[1]: failed\n30 <13>1 - - - - - - @cee: {\"a\":1}\n2026 is a year\n";
    let act = |bytes: &[u8]| {
        let whole = frames(&[bytes]);
        let cut = bytes.len() / 3;
        assert_eq!(whole, frames(&[&bytes[..cut], &bytes[cut..]]), "the stream was cut elsewhere");
        let peer = std::net::Ipv4Addr::LOCALHOST.into();
        let received: Vec<Received> = whole.into_iter().map(|frame| Received { frame, peer }).collect();
        check(|desk| Some(syslog::decode(received.clone(), desk)));
        let desk = desk(&Limit::new("fuzz", MEMORY_BYTES));
        let mut decoded = syslog::decode(received.clone(), &desk);
        let taken: usize = rows(&mut decoded).iter().map(RecordBatch::num_rows).sum();
        assert_eq!(taken as u64 + decoded.rejections().total(), received.len() as u64);
    };
    Target { name: "syslog", corpus: vec![stream.to_vec()], words: SYSLOG_WORDS, check: Box::new(act) }
}

fn frames(pieces: &[&[u8]]) -> Vec<Frame> {
    let mut frames = Frames::default();
    let mut all = Vec::new();
    for piece in pieces {
        frames.push(piece);
        all.extend(std::iter::from_fn(|| frames.next_frame()));
    }
    all.extend(frames.last_frame());
    all
}

const SENTRY_WORDS: &[&[u8]] = &[
    b"{\"type\":\"event\"}\n",
    b"{\"type\":\"event\",\"length\":2}\n{}\n",
    b"{\"type\":\"log\"}\n{\"items\":[{\"body\":\"x\",\"attributes\":{\"a\":{\"value\":1}}}]}\n",
    b"{\"type\":\"client_report\"}\n{\"discarded_events\":[{\"reason\":\"x\",\"quantity\":18446744073709551615}]}\n",
    b"{\"type\":\"transaction\"}\n{\"start_timestamp\":1,\"timestamp\":0,\"contexts\":{\"trace\":{\"trace_id\":\"255\",\"span_id\":\"255\"}},\"spans\":[{}]}\n",
    b"{\"type\":\"span\"}\n{\"items\":[{\"trace_id\":\"255\",\"span_id\":\"1\",\"start_timestamp\":1e99,\"end_timestamp\":-1,\"attributes\":{\"\":{}}}]}\n",
    b"{\"type\":\"attachment\",\"length\":3,\"attachment_type\":\"event.minidump\"}\nMDM\n",
    b"{\"type\":\"user_report\"}\n{\"comments\":\"x\"}\n",
    b"{\"type\":\"feedback\"}\n{\"contexts\":{\"feedback\":{\"message\":\"x\"}}}\n",
    b"{\"type\":\"check_in\"}\n{\"monitor_slug\":\"a\",\"status\":\"ok\",\"duration\":1e300,\"monitor_config\":{}}\n",
    b"{\"type\":\"session\"}\n{\"sid\":\"a\",\"attrs\":{\"release\":\"r\"},\"errors\":-1,\"duration\":1e300}\n",
    b"{\"type\":\"sessions\"}\n{\"aggregates\":[{\"crashed\":9223372036854775807}],\"attrs\":{\"release\":\"r\"}}\n",
    b"{\"type\":\"security\"}\n[{\"type\":\"csp-violation\",\"body\":{}},{\"csp-report\":{}}]\n",
    b"--x\r\nContent-Disposition: form-data; name=\"upload_file_minidump\"\r\n\r\nMDMP\r\n--x--",
    b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"../a\"\r\n\r\n\r\n",
    b"\"length\":",
    b"18446744073709551615",
    b"{{auto}}",
    b"{{ default }}",
    b"\"fingerprint\":[",
    b"\"stacktrace\":{\"frames\":[",
    b"\"password\":\"x\"",
    b"[[\"Cookie\",\"a=b\"]]",
    b"\\ud83d",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"\xc3\x28",
];

/// Envelopes, single events, forms and reports; the first byte says which.
pub fn sentry() -> Target {
    let event = r#"{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":1795845600.5,"platform":"python","level":"error","exception":{"values":[{"type":"KeyError","value":"'a'","mechanism":{"handled":false},"stacktrace":{"frames":[{"function":"f","module":"m","filename":"m.py","lineno":3,"in_app":true,"vars":{"secret":"s"}}]}}]},"user":{"id":7,"ip_address":"{{auto}}"},"tags":[["a","b"],{"key":"c","value":"d"}],"request":{"url":"https://shop.example.com/a?b","headers":[["Cookie","x=y"]],"env":{"REMOTE_ADDR":"192.0.2.1"}},"contexts":{"trace":{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}},"breadcrumbs":{"values":[{"message":"m"}]},"fingerprint":["{{ default }}","x"]}"#;
    let log = r#"{"version":2,"items":[{"timestamp":1795845600.5,"level":"warn","body":"slow","attributes":{"sentry.release":{"value":"a@1","type":"string"},"n":{"value":0.5,"type":"double"}}}]}"#;
    let report = r#"{"discarded_events":[{"reason":"sample_rate","category":"error","quantity":2}]}"#;
    let envelope = format!(
        "0{{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\",\"dsn\":\"https://a@b/1\"}}\n{{\"type\":\"event\",\"length\":{}}}\n{event}\n{{\"type\":\"log\"}}\n{log}\n{{\"type\":\"session\"}}\n{{}}\n{{\"type\":\"client_report\"}}\n{report}\n",
        event.len()
    );
    let transaction = r#"{"event_id":"9ec79c33ec9942ab8353589fcb2e04dd","transaction":"GET /a","start_timestamp":1795845600.25,"timestamp":1795845600.5,"contexts":{"trace":{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","op":"http.server","status":"ok","data":{"a":1}}},"spans":[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b8","op":"db","start_timestamp":1795845600.3,"timestamp":1795845600.4,"data":{"b":[1]},"tags":{"c":"d"}}],"measurements":{"fcp":{"value":1.5}}}"#;
    let spans = r#"{"version":2,"items":[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","name":"a","status":"error","start_timestamp":1,"end_timestamp":2,"links":[{}],"attributes":{"a":{"value":true,"type":"boolean"}}}]}"#;
    let job = r#"{"check_in_id":"9ec79c33ec9942ab8353589fcb2e04de","monitor_slug":"a","status":"ok","duration":1.5,"monitor_config":{"schedule":{"type":"crontab","value":"* * * * *"}}}"#;
    let visit = r#"{"sid":"a","init":true,"started":"2026-11-28T06:00:00Z","status":"crashed","errors":1,"attrs":{"release":"a@1"}}"#;
    let said = r#"{"event_id":"9ec79c33ec9942ab8353589fcb2e04df","contexts":{"feedback":{"message":"m","associated_event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}}}"#;
    let more = format!(
        "0{{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}}\n{{\"type\":\"transaction\"}}\n{transaction}\n{{\"type\":\"span\"}}\n{spans}\n{{\"type\":\"check_in\"}}\n{job}\n{{\"type\":\"session\"}}\n{visit}\n{{\"type\":\"feedback\"}}\n{said}\n{{\"type\":\"attachment\",\"length\":4,\"filename\":\"a\"}}\nMDMP\n"
    );
    let act = |bytes: &[u8]| {
        let Some((which, body)) = bytes.split_first() else { return };
        let boundary = "x".to_owned();
        let event_id = "9ec79c33ec9942ab8353589fcb2e04dc".to_owned();
        let form = match which & 7 {
            1 => Form::Store,
            2 => Form::Minidump { boundary: Some(boundary) },
            3 => Form::Minidump { boundary: None },
            4 => Form::Attachments { event_id, boundary },
            5 => Form::Reports { release: Some("a@1".to_owned()), environment: None },
            _ => Form::Envelope,
        };
        let origin = Origin { client_ip: Some("192.0.2.7"), user_agent: Some("a/1"), filters: None, limited: &[] };
        check(|desk| sentry::decode(body, form.clone(), origin, desk).ok());
    };
    let dump =
        "--x\r\nContent-Disposition: form-data; name=\"upload_file_minidump\"; filename=\"a\"\r\n\r\nMDMP\r\n--x--\r\n";
    let csp =
        r#"{"csp-report":{"document-uri":"https://a/b","effective-directive":"img-src","blocked-uri":"https://c"}}"#;
    let corpus = vec![
        envelope.into_bytes(),
        more.into_bytes(),
        format!("1{event}").into_bytes(),
        b"0{}\n".to_vec(),
        format!("2{dump}").into_bytes(),
        b"3MDMP".to_vec(),
        format!("4{dump}").into_bytes(),
        format!("5{csp}").into_bytes(),
    ];
    Target { name: "sentry", corpus, words: SENTRY_WORDS, check: Box::new(act) }
}
