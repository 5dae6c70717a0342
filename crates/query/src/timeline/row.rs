//! One row of a timeline: a line for a person, and why it is there.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use whodunit_api::query::{ActivityRow, JoinKey, TimelineRow};
use whodunit_model::Table;
use whodunit_model::table::CONTEXT;

use super::Keys;
use super::sentence::{Entry, sentence};

/// The columns that a timeline reads of a table: the context, the row's number, and its own main ones.
pub fn columns(table: Table) -> impl Iterator<Item = &'static str> {
    let own: &'static [&'static str] = match table {
        Table::AuditLogs => &[
            "id",
            "action",
            "category",
            "severity",
            "outcome",
            "state",
            "description",
            "reason",
            "target_type",
            "target_id",
            "target_name",
            "request_method",
            "request_path",
            "request_status",
            "changes",
            "error_message",
            "duration_ns",
            "metadata",
        ],
        Table::Logs => &["level", "logger", "body"],
        Table::ErrorEvents => &["event_id", "issue_id", "level", "type", "value", "culprit"],
        Table::SessionEvents => &["id", "type", "path", "element", "metadata"],
        Table::Spans => &["parent_span_id", "name", "kind", "duration_ns", "status"],
        Table::Samples => &["name"],
        Table::Attachments => &["id", "event_id", "name", "kind", "bytes", "part"],
        Table::Feedback => &["id", "event_id", "message", "url", "source"],
        Table::CheckIns => &["check_in_id", "monitor", "status", "duration_ns"],
        Table::ReleaseSessions => &["status", "errors", "sessions"],
    };
    CONTEXT.iter().map(|column| column.name).chain(["seq"]).chain(own.iter().copied())
}

/// Decides by which key a row joined.
pub struct Joining<'a> {
    keys: &'a Keys,
    correlation_ids: &'a BTreeSet<String>,
    trace_ids: BTreeSet<String>,
    around: bool,
}

impl<'a> Joining<'a> {
    pub fn new(
        keys: &'a Keys,
        correlation_ids: &'a BTreeSet<String>,
        trace_ids: &BTreeSet<Vec<u8>>,
        around: bool,
    ) -> Joining<'a> {
        Joining { keys, correlation_ids, trace_ids: trace_ids.iter().map(hex::encode).collect(), around }
    }

    pub fn row(&self, table: Table, mut fields: Map<String, Value>) -> TimelineRow {
        let joined_by = self.key(&fields);
        let summary = summary(table, &fields);
        let take_text =
            |fields: &Map<String, Value>, name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let time = take_text(&fields, "time").unwrap_or_default();
        let id = take_text(&fields, if table == Table::ErrorEvents { "event_id" } else { "id" })
            .or_else(|| take_text(&fields, "span_id").filter(|_| table == Table::Spans));
        let severity = take_text(&fields, severity_column(table));
        let seq = fields.remove("seq").and_then(|seq| seq.as_i64());
        fields.remove("time");
        TimelineRow { signal: table.name().to_owned(), time, summary, joined_by, id, seq, severity, fields }
    }

    fn key(&self, fields: &Map<String, Value>) -> JoinKey {
        if let Some(key) = self.asked(fields) {
            return key;
        }
        let held = |name: &str| fields.get(name).and_then(Value::as_str);
        let by_request = |key: &str, value: &str| JoinKey {
            key: key.into(),
            value: Some(value.into()),
            certainty: "request".into(),
        };
        if let Some(id) = held("correlation_id").filter(|id| self.correlation_ids.contains(*id)) {
            return by_request("correlation_id", id);
        }
        if let Some(id) = held("trace_id").filter(|id| self.trace_ids.contains(*id)) {
            return by_request("trace_id", id);
        }
        let certainty = if self.around { "guess" } else { "asked" };
        JoinKey { key: "time".into(), value: None, certainty: certainty.into() }
    }

    /// The first asked key, if the row has all of them.
    fn asked(&self, fields: &Map<String, Value>) -> Option<JoinKey> {
        let has = |name: &str, wanted: &str| {
            fields.get(name).and_then(Value::as_str).is_some_and(|held| same(name, held, wanted))
        };
        let keys = self.keys;
        let checks: [(&str, &[&str], &Option<String>); 7] = [
            ("actor", &["actor_id", "actor_email"], &keys.actor),
            ("target", &["target_id"], &keys.target_id),
            ("target", &["target_type"], &keys.target_type),
            ("session_id", &["session_id"], &keys.session_id),
            ("correlation_id", &["correlation_id"], &keys.correlation_id),
            ("trace_id", &["trace_id"], &keys.trace_id),
            ("batch_id", &["batch_id"], &keys.batch_id),
        ];
        let mut first = None;
        for (key, names, wanted) in checks {
            let Some(wanted) = wanted else { continue };
            if !names.iter().any(|name| has(name, wanted)) {
                return None;
            }
            first.get_or_insert(JoinKey { key: key.into(), value: Some(wanted.clone()), certainty: "asked".into() });
        }
        first
    }
}

/// Trace ids are compared as bytes, so their case and hyphens do not matter here either.
fn same(name: &str, held: &str, wanted: &str) -> bool {
    if name != "trace_id" {
        return held == wanted;
    }
    let digits = |text: &str| {
        text.trim().chars().filter(|one| *one != '-').map(|one| one.to_ascii_lowercase()).collect::<String>()
    };
    digits(held) == digits(wanted)
}

/// The column that says how much a row matters.
pub fn severity_column(table: Table) -> &'static str {
    if table == Table::AuditLogs { "severity" } else { "level" }
}

/// A row that stands for itself: nothing joined it.
pub fn activity_row(table: Table, fields: Map<String, Value>) -> ActivityRow {
    let (keys, none) = (Keys::default(), BTreeSet::new());
    let row = Joining::new(&keys, &none, &BTreeSet::new(), false).row(table, fields);
    let TimelineRow { signal, time, summary, id, seq, severity, fields, .. } = row;
    ActivityRow { signal, time, summary, id, seq, severity, fields }
}

/// The row in one line for a person: of an audit entry who did what, to what and why.
pub fn summary(table: Table, fields: &Map<String, Value>) -> String {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let joined = |names: &[&str], between: &str| {
        names.iter().map(|name| text(name)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
    };
    let line = match table {
        Table::AuditLogs => sentence(&Entry {
            actor_type: text("actor_type"),
            actor_id: text("actor_id"),
            actor_email: text("actor_email"),
            actor_name: text("actor_name"),
            action: text("action"),
            description: text("description"),
            target_type: text("target_type"),
            target_id: text("target_id"),
            target_name: text("target_name"),
            outcome: text("outcome"),
            state: text("state"),
            batch_id: text("batch_id"),
            reason: text("reason"),
        }),
        Table::Logs => joined(&["body"], " "),
        Table::ErrorEvents => joined(&["type", "value"], ": "),
        Table::SessionEvents => joined(&["type", "path", "element"], " "),
        Table::Spans => joined(&["name", "kind", "status"], " "),
        Table::Samples => joined(&["name"], " "),
        Table::Attachments => joined(&["name", "kind"], " "),
        Table::Feedback => joined(&["message"], " "),
        Table::CheckIns => joined(&["monitor", "status"], " "),
        Table::ReleaseSessions => joined(&["release", "status"], " "),
    };
    one_line(&line)
}

const SUMMARY_CHARACTERS_MAX: usize = 300;

fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(SUMMARY_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn a_row_says_why_it_is_there() {
        let keys = Keys { actor: Some("eve".into()), ..Keys::default() };
        let correlations = BTreeSet::from(["r1".to_owned()]);
        let joining = Joining::new(&keys, &correlations, &BTreeSet::new(), false);
        let direct = joining.row(
            Table::AuditLogs,
            fields(
                json!({"time": "t", "actor_id": "eve", "action": "DELETE", "target_id": "17", "outcome": "failure"}),
            ),
        );
        assert_eq!((direct.joined_by.key.as_str(), direct.joined_by.certainty.as_str()), ("actor", "asked"));
        assert_eq!(direct.summary, "eve: DELETE 17 (failure)");
        let joined =
            joining.row(Table::Logs, fields(json!({"time": "t", "correlation_id": "r1", "body": "line\nmore"})));
        assert_eq!((joined.joined_by.key.as_str(), joined.joined_by.certainty.as_str()), ("correlation_id", "request"));
        assert_eq!(joined.summary, "line");
    }
}
