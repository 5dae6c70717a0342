//! A line in, the fields out; and which format a file is taken for.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// 2026-11-25T06:20:00Z.
const NOW: Timestamp = Timestamp(1_795_587_600_000_000_000);

fn read(format: Format, line: &str) -> (Value, bool) {
    let read = LineReader::new(format, Vec::new(), NOW).read(line, &[]);
    (read.json.parse().expect("JSON"), read.fits)
}

fn check(format: Format, line: &str, expected: Value) {
    assert_eq!(read(format, line), (expected, true), "{line}");
}

#[test]
fn access_logs_are_read_common_combined_and_beyond() {
    let common = r#"203.0.113.9 - - [25/Nov/2026:06:20:01 +0100] "GET /orders/17?full=1 HTTP/1.1" 200 512"#;
    check(
        Format::Access,
        common,
        json!({"time": "2026-11-25T06:20:01+01:00", "message": common, "level": "INFO", "ip": "203.0.113.9",
            "status": 200, "bytes": 512, "method": "GET", "path": "/orders/17", "query": "full=1", "protocol": "HTTP/1.1"}),
    );
    let combined = r#"::1 - dana smith [25/Nov/2026:06:20:01 +0000] "POST / HTTP/2.0" 502 - "https://a.example/?q=\x22x\x22" "curl/8 \"quoted\"" 0.003"#;
    check(
        Format::Access,
        combined,
        json!({"time": "2026-11-25T06:20:01+00:00", "message": combined, "level": "ERROR", "ip": "::1",
            "user_name": "dana smith", "status": 502, "method": "POST", "path": "/", "protocol": "HTTP/2.0",
            "referer": "https://a.example/?q=\"x\"", "user_agent": "curl/8 \"quoted\"", "extra": "0.003"}),
    );
    let vhost = format!("shop.example:443 {common}");
    assert_eq!(read(Format::Access, &vhost).0["vhost"], "shop.example:443");
    let garbage = r#"203.0.113.9 - - [25/Nov/2026:06:20:01 +0100] "\x16\x03\x01" 400 157 "-" "-""#;
    let (fields, fits) = read(Format::Access, garbage);
    assert!(fits && fields.get("method").is_none() && fields.get("referer").is_none(), "{fields}");
}

#[test]
fn logfmt_has_types_quotes_and_bare_words() {
    check(
        Format::Logfmt,
        r#"time=2026-11-25T06:20:01Z level=info msg="a \"b\"\n" status=200 took=0.5 id=007 url=http://a/?b=c ok=true cached"#,
        json!({"time": "2026-11-25T06:20:01Z", "level": "info", "msg": "a \"b\"\n", "status": 200, "took": 0.5,
            "id": "007", "url": "http://a/?b=c", "ok": true, "cached": true}),
    );
    for line in ["a=b", "the answer = 42", "x=\"open y=1", "=a b=c", "these are just many words and one=pair x=y"] {
        assert!(!read(Format::Logfmt, line).1, "{line}");
    }
}

#[test]
fn text_keeps_the_line_and_finds_time_and_level() {
    for (line, time, level) in [
        ("2026-11-25 06:20:01,123 ERROR [main] it broke", "2026-11-25 06:20:01.123", "ERROR"),
        ("[2026-11-25T06:20:01Z] [WARN] careful", "2026-11-25T06:20:01Z", "WARN"),
        ("2026/11/25 06:20:01 [error] 7#7: oops", "2026-11-25 06:20:01", ""),
        ("2026-11-25 06:20:01.5 +0100 | CRITICAL | x", "2026-11-25 06:20:01.5+0100", "FATAL"),
    ] {
        let (fields, _) = read(Format::Text, line);
        assert_eq!((fields["message"].as_str(), fields["time"].as_str()), (Some(line), Some(time)));
        assert_eq!(fields["level"].as_str().unwrap_or_default(), level, "{line}");
    }
    check(Format::Text, "an error in prose", json!({"message": "an error in prose"}));
    check(Format::Text, "2026-99-99 99:99:99 x", json!({"message": "2026-99-99 99:99:99 x"}));
}

#[test]
fn a_line_that_does_not_fit_is_kept_as_text_at_the_time_of_the_one_above() {
    let mut reader = LineReader::new(Format::Text, Vec::new(), NOW);
    reader.read("2026-11-25 06:20:01 ERROR it broke", &[]);
    let trace: Value = reader.read("    at main.rs:7", &[]).json.parse().expect("JSON");
    assert_eq!(trace, json!({"message": "    at main.rs:7", "time": "2026-11-25 06:20:01"}));
    let (fields, fits) = read(Format::Json, "{\"cut\": ");
    assert_eq!((fields, fits), (json!({"message": "{\"cut\": "}), false));
}

#[test]
fn objects_stay_as_they_are_and_defaults_fill_only_gaps() {
    let defaults = vec![("service", "shop".to_owned()), ("environment", "production".to_owned())];
    let mut reader = LineReader::new(Format::Json, defaults.clone(), NOW);
    let line = r#" {"n": 123456789012345678901234567890, "app": "till"} "#;
    let read = reader.read(line, &[("import.line", Value::from(7))]).json;
    assert_eq!(
        read,
        r#"{"environment":"production","import.line":7,"n": 123456789012345678901234567890, "app": "till"}"#
    );
    assert_eq!(LineReader::new(Format::Json, Vec::new(), NOW).read("{}", &[]).json, "{}");
    assert_eq!(reader.read("{}", &[]).json, r#"{"environment":"production","service":"shop"}"#);
    let syslog = LineReader::new(Format::Syslog, defaults, NOW).read("Nov 25 06:20:01 h till: x", &[]);
    let fields: Value = syslog.json.parse().expect("JSON");
    assert_eq!((fields["service"].as_str(), fields["environment"].as_str()), (Some("till"), Some("production")));
}

#[test]
fn a_format_is_told_by_most_lines() {
    let cases: [(Format, &[&str]); 6] = [
        (Format::Json, &["{\"a\": 1}", "", "{\"b\": 2}"]),
        (Format::Access, &[r#"::1 - - [25/Nov/2026:06:20:01 +0000] "GET / HTTP/1.1" 200 1"#]),
        (Format::Syslog, &["<13>1 - - - - - - x", "Nov 25 06:20:01 h a: b"]),
        (Format::Logfmt, &["a=1 b=2", "a=1 b=\"x y\""]),
        (Format::Text, &["hello", "{\"a\": 1}"]),
        (Format::Text, &[]),
    ];
    for (format, lines) in cases {
        assert_eq!(Format::detect(lines.iter().copied(), NOW), format, "{lines:?}");
    }
}

/// Lines of strangers, and lines of each format with a piece missing or doubled.
fn any_line() -> impl Strategy<Value = String> {
    let whole = [
        r#"{"time": "2026-11-25T06:20:01Z", "n": {"m": [1, "é"]}}"#,
        r#"203.0.113.9 - - [25/Nov/2026:06:20:01 +0100] "GET /é?a=\x22 HTTP/1.1" 200 512 "-" "curl \"8\"""#,
        r#"<165>1 2026-11-25T06:20:01.003Z web-1 shop 1234 ID47 [a@1 k="v \"x\" \]"] é"#,
        "Nov 25 06:20:01 web-1 sshd[77]: é",
        r#"time=2026-11-25T06:20:01Z msg="a \"é\"" n=1"#,
        "[2026-11-25 06:20:01,5 +0100] [WARN] é",
    ];
    let damaged = (prop::sample::select(whole.to_vec()), 0..80usize, 0..80usize).prop_map(|(line, from, to)| {
        let characters: Vec<char> = line.chars().collect();
        let (from, to) = (from.min(characters.len()), to.min(characters.len()));
        characters[..from].iter().chain(&characters[to..]).collect()
    });
    prop_oneof![any::<String>(), damaged]
}

proptest! {
    #[test]
    fn any_line_becomes_one_object_in_any_format(line in any_line()) {
        for format in Format::ALL {
            let extra = [("import.line", Value::from(1))];
            let read = LineReader::new(format, vec![("service", "shop".to_owned())], NOW).read(&line, &extra);
            let fields: Map<String, Value> = serde_json::from_str(&read.json).expect("one object");
            prop_assert_eq!(&fields["import.line"], &Value::from(1));
            let keeps_line = matches!(format, Format::Access | Format::Text) || !read.fits;
            prop_assert!(!keeps_line || fields["message"] == line.as_str());
        }
        Format::detect([line.as_str()], NOW);
    }
}
