//! Streams and entries become rows, whichever form they came in.

use std::borrow::Cow;
use std::collections::VecDeque;

use whodunit_model::Batch;
use whodunit_model::keys::TOP;
use whodunit_model::log::{TextField, write_json_text};
use whodunit_stdx::Timestamp;

use crate::error::Error;
use crate::logs::decode::{Desk, Whole};
use crate::logs::mapping::{Mapping, Role};
use crate::logs::object;
use crate::logs::rejection::{Reason, Refusal, Rejections};
use crate::logs::rows::{LINE_BYTES_MAX, Row, Rows, Value};

/// Labels that name the service where none of the usual names does, in Loki's order.
const SERVICE_LABELS: [&str; 9] = [
    "name",
    "app_kubernetes_io_name",
    "container",
    "container_name",
    "k8s_container_name",
    "component",
    "workload",
    "job",
    "k8s_job_name",
];
/// The service of a stream that names none.
pub const UNKNOWN_SERVICE: &str = "unknown_service";
const SERVICE: Role = Role::Text(TextField::Service);

/// Most labels of a stream.
pub const LABELS_MAX: usize = 16_384;

pub fn too_many_labels() -> Refusal {
    Refusal { reason: Reason::TooLong, field: "stream".to_owned(), text: format!("more than {LABELS_MAX} labels") }
}

/// The rows of one push in the making.
pub struct Push<'d> {
    pub rows: Rows,
    desk: &'d Desk,
    batches: VecDeque<Batch>,
    rejections: Rejections,
    entries: u64,
}

/// The labels of the stream whose entries are being read.
#[derive(Debug, Default)]
pub struct Stream<'a> {
    labels: Vec<(Option<u32>, Cow<'a, str>, Cow<'a, str>)>,
    /// As a JSON object with sorted keys.
    text: String,
    service: Option<usize>,
    /// Why none of its entries can be taken.
    pub refusal: Option<Refusal>,
}

impl Stream<'_> {
    /// A stream of whose entries none can be taken.
    pub fn refused(refusal: Refusal) -> Self {
        Stream { refusal: Some(refusal), ..Stream::default() }
    }
}

impl<'d> Push<'d> {
    pub fn new(body_bytes: usize, desk: &'d Desk) -> Push<'d> {
        // Loki asks `component` only after `container`, and keeps it as a label.
        let mapping = Mapping::beside_a_line().without(SERVICE, "component");
        Push {
            rows: Rows::new(body_bytes, mapping, desk.received_at, &desk.memory),
            desk,
            batches: VecDeque::new(),
            rejections: Rejections::default(),
            entries: 0,
        }
    }

    /// The stream with these labels.
    pub fn stream<'a>(&mut self, labels: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Stream<'a> {
        let mut labels: Vec<_> =
            labels.into_iter().map(|(name, value)| (self.rows.number(TOP, &name), name, value)).collect();
        labels.sort_by(|one, next| one.1.cmp(&next.1));
        let mut text = String::new();
        for (_, name, value) in &labels {
            text.push(if text.is_empty() { '{' } else { ',' });
            write_json_text(&mut text, name);
            text.push(':');
            write_json_text(&mut text, value);
        }
        if !text.is_empty() {
            text.push('}');
        }
        let service = SERVICE_LABELS.iter().find_map(|wanted| labels.iter().position(|(_, name, _)| name == wanted));
        Stream { labels, text, service, refusal: None }
    }

    /// Begins an entry: its labels are taken, its metadata may follow.
    pub fn begin<'a>(&mut self, stream: &Stream<'a>, row: &mut Row<'a>) {
        self.rows.begin(row);
        for (number, name, value) in &stream.labels {
            let value = match value {
                Cow::Borrowed(text) => Value::Text(text),
                Cow::Owned(text) => row.keep_text(text),
            };
            match number {
                Some(number) => self.rows.take(*number, value, row),
                None => self.rows.spill(TOP, name, value, row),
            }
        }
        self.rows.of_origin("metadata");
    }

    /// Ends an entry that could be read.
    pub fn end(
        &mut self,
        stream: &Stream<'_>,
        time: Option<Timestamp>,
        line: &str,
        row: &mut Row<'_>,
    ) -> Result<(), Error> {
        if line.len() > LINE_BYTES_MAX {
            return self.refuse(Refusal::too_long(LINE_BYTES_MAX), row);
        }
        self.rows.builder.text(TextField::Body, line);
        object::lift(&mut self.rows, line, row);
        if !row.has(Role::Level)
            && let Some(level) = level_of_logfmt(line)
        {
            let level = row.keep_text(level);
            self.rows.lift_field("level", level, row);
        }
        if !row.has(SERVICE) {
            let service = stream.service.map_or(UNKNOWN_SERVICE, |at| &stream.labels[at].2);
            self.rows.builder.text(TextField::Service, service);
        }
        if !stream.text.is_empty() {
            self.rows.builder.text(TextField::Stream, &stream.text);
        }
        if let Err(refusal) = self.rows.finish_row(row, time) {
            self.rejections.note(self.entries, refusal);
        }
        self.after_entry()
    }

    /// Ends an entry that cannot be taken.
    pub fn refuse(&mut self, refusal: Refusal, row: &mut Row<'_>) -> Result<(), Error> {
        self.rows.abandon_row(row);
        self.rejections.note(self.entries, refusal);
        self.after_entry()
    }

    fn after_entry(&mut self) -> Result<(), Error> {
        self.entries += 1;
        self.rows.account()?;
        if self.rows.is_full() {
            self.batches.extend(self.rows.finish(&self.desk.project));
        }
        Ok(())
    }

    pub fn finish(mut self) -> Whole {
        self.batches.extend(self.rows.finish(&self.desk.project));
        Whole { batches: self.batches, rejections: self.rejections, reservation: self.rows.take_reservation() }
    }
}

/// The level in `… level=warn …`, as logfmt writes it.
fn level_of_logfmt(line: &str) -> Option<&str> {
    for key in ["level=", "lvl=", "severity="] {
        let mut from = 0;
        while let Some(found) = memchr::memmem::find(&line.as_bytes()[from..], key.as_bytes()) {
            let start = from + found;
            from = start + key.len();
            if start == 0 || line.as_bytes()[start - 1].is_ascii_whitespace() {
                let value = line[from..].trim_start_matches('"');
                let end = value.find(|end: char| end.is_whitespace() || end == '"').unwrap_or(value.len());
                return (end > 0).then(|| &value[..end]);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_of_a_logfmt_line_is_found_where_a_key_stands() {
        for (line, level) in [
            ("level=warn msg=x", Some("warn")),
            ("ts=1 lvl=\"error\" msg=x", Some("error")),
            ("a sublevel=info", None),
            ("xlevel=a level=info", Some("info")),
            ("level=", None),
            ("severity=é", Some("é")),
            ("plain", None),
        ] {
            assert_eq!(level_of_logfmt(line), level, "{line}");
        }
    }
}
