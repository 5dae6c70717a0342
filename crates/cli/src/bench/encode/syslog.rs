//! Lines as RFC 5424 messages in the frames of RFC 6587 that count octets.

use crate::bench::generate::Line;

/// Local use 0.
const FACILITY: u8 = 16;

/// Each message has its whole line as text.
pub fn encode(lines: &[Line]) -> Vec<u8> {
    let mut body = Vec::new();
    for line in lines {
        let time = chrono::DateTime::from_timestamp_nanos(line.time).format("%Y-%m-%dT%H:%M:%S%.6fZ");
        let (priority, service, json) = (FACILITY * 8 + severity(line.level), line.service, &line.json);
        let message = format!("<{priority}>1 {time} {service}-host {service} - - - {json}");
        body.extend_from_slice(format!("{} {message}", message.len()).as_bytes());
    }
    body
}

fn severity(level: &str) -> u8 {
    match level {
        "ERROR" => 3,
        "WARN" => 4,
        "INFO" => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_how_long_they_are() {
        let line = Line {
            time: 1_700_000_000_000_000_000,
            level: "WARN",
            service: "mail",
            environment: "production",
            region: "eu-west-1",
            json: "{\"a\":1}".to_owned(),
        };
        let message = "<132>1 2023-11-14T22:13:20.000000Z mail-host mail - - - {\"a\":1}";
        let expected = format!("{} {message}", message.len()).repeat(2);
        assert_eq!(String::from_utf8(encode(&[line.clone(), line])).expect("text"), expected);
    }
}
