//! `whodunit tail`: follows the server-sent events of the live tail and prints a line per row.

use futures::StreamExt;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::arguments::{Signal, Tail};
use crate::configuration::Configuration;
use crate::failure::{Failure, chain};
use crate::http::{Answer, Call, Client, percent_encode};
use crate::output::{Style, print_text, shown};

/// An event larger than this is not ours; the connection is given up.
const EVENT_BYTES_MAX: usize = 64 << 20;

pub async fn run(tail: Tail, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let client = Client::new(&configuration.url(), configuration.api_key(), configuration.ca())?;
    let path = path(&tail)?;
    let response = client.open(Call::get(&path)).await?;
    if !response.status().is_success() {
        let status = response.status();
        let body =
            response.into_body().collect().await.map_err(|error| Failure::Unreachable(chain(&error)))?.to_bytes();
        return Answer { status, body }.success().map(|_| ());
    }
    let mut left = tail.rows.unwrap_or(u64::MAX);
    let mut events = Events::default();
    let mut pieces = response.into_body().into_data_stream();
    while left > 0 {
        let piece = match pieces.next().await {
            Some(Ok(piece)) => piece,
            Some(Err(error)) => return Err(Failure::Unreachable(format!("the tail broke off: {}", chain(&error)))),
            None => return Err(Failure::Unreachable("the server ended the tail".to_owned())),
        };
        for event in events.feed(&piece)? {
            if left > 0 && print(tail.signal, &event, style)? == Printed::Row {
                left -= 1;
            }
        }
    }
    Ok(())
}

fn path(tail: &Tail) -> Result<String, Failure> {
    let signal = match tail.signal {
        Signal::Logs => "logs",
        Signal::Audit => "audit",
    };
    let mut parameters = Vec::new();
    for filter in &tail.filters {
        let Some((column, value)) = filter.split_once('=') else {
            return Err(Failure::Usage(format!("--filter {filter:?}: write it as column=value")));
        };
        parameters.push(format!("{}={}", percent_encode(column), percent_encode(value)));
    }
    parameters.extend(tail.text.iter().map(|words| format!("q={}", percent_encode(words))));
    let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&")) };
    Ok(format!("/api/v1/{signal}/stream{query}"))
}

/// One server-sent event.
#[derive(Debug, Default, PartialEq, Eq)]
struct Event {
    name: String,
    data: String,
}

/// Puts events together from pieces that end anywhere.
#[derive(Default)]
struct Events {
    pending: Vec<u8>,
    event: Event,
}

impl Events {
    fn feed(&mut self, piece: &[u8]) -> Result<Vec<Event>, Failure> {
        self.pending.extend_from_slice(piece);
        if self.pending.len().saturating_add(self.event.data.len()) > EVENT_BYTES_MAX {
            return Err(Failure::Failed(format!("the tail sent an event of more than {EVENT_BYTES_MAX} bytes")));
        }
        let mut done = Vec::new();
        let mut start = 0;
        while let Some(length) = self.pending[start..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.pending[start..start + length]).trim_end_matches('\r').to_owned();
            start += length + 1;
            done.extend(self.line(&line));
        }
        self.pending.drain(..start);
        Ok(done)
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return (!event.data.is_empty()).then_some(event);
        }
        // A line that starts with a colon is a comment that keeps the connection open.
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event.name = value.to_owned(),
            "data" if self.event.data.is_empty() => self.event.data = value.to_owned(),
            "data" => {
                self.event.data.push('\n');
                self.event.data.push_str(value);
            }
            _ => {}
        }
        None
    }
}

#[derive(PartialEq, Eq)]
enum Printed {
    Row,
    Notice,
}

fn print(signal: Signal, event: &Event, style: Style) -> Result<Printed, Failure> {
    let Ok(value) = serde_json::from_str::<Value>(&event.data) else {
        eprintln!("{}: {}", shown(&event.name), shown(&event.data));
        return Ok(Printed::Notice);
    };
    // Rows come unnamed or named after themselves; anything else is the server speaking about the tail.
    if !matches!(event.name.as_str(), "" | "message" | "row" | "log" | "logs" | "audit" | "entry") {
        eprintln!("{}: {}", shown(&event.name), shown(&event.data));
        return Ok(Printed::Notice);
    }
    match style {
        Style::Json => print_text(&event.data)?,
        Style::Table | Style::Plain => print_text(&line(signal, &value))?,
    }
    Ok(Printed::Row)
}

/// The columns that a person reads first, then the message.
fn line(signal: Signal, row: &Value) -> String {
    let columns: &[&str] = match signal {
        Signal::Logs => &["time", "level", "service", "body"],
        Signal::Audit => {
            &["time", "actor_email", "actor_id", "action", "target_type", "target_id", "outcome", "description"]
        }
    };
    let text = |name: &&str| match row.get(*name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(shown(text)),
        Some(other) => Some(other.to_string()),
    };
    columns.iter().filter_map(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_put_together_wherever_pieces_end() {
        let stream = b"event: row\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n: still here\n\ndata:x\n\n";
        for size in [1, 3, 7, stream.len()] {
            let mut events = Events::default();
            let mut got = Vec::new();
            for piece in stream.chunks(size) {
                got.extend(events.feed(piece).expect("small"));
            }
            let event = |name: &str, data: &str| Event { name: name.to_owned(), data: data.to_owned() };
            assert_eq!(got, [event("row", "{\"a\":\n1}"), event("", "x")], "pieces of {size}");
        }
    }

    #[test]
    fn filters_become_parameters() {
        let tail = Tail {
            signal: Signal::Audit,
            filters: vec!["actor_id=u 1".to_owned()],
            text: Some("deleted order".to_owned()),
            rows: None,
        };
        assert_eq!(path(&tail).expect("good"), "/api/v1/audit/stream?actor_id=u%201&q=deleted%20order");
        assert!(path(&Tail { filters: vec!["actor".to_owned()], ..tail }).is_err());
    }
}
