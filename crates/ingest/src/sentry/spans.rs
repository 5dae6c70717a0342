//! Spans: those of a transaction, single ones, and containers of the newer form, all as rows of `spans`.
//!
//! The columns are OpenTelemetry's: a kind by what the operation is, a status of `ok` or `error`. Sentry's own words
//! stay beside them as `sentry.op` and `sentry.status`. What a transaction says of its user, request and release stands
//! with each of its spans. Sources: Sentry's developer documentation, "Transaction Payloads" and "Span Protocol".

use std::collections::VecDeque;

use serde_json::{Map, Value as Json};
use whodunit_issues::event::Event;
use whodunit_issues::event::limits::SPAN_BYTES_MAX;
use whodunit_issues::time::Time;
use whodunit_model::log::{Scalar, TextField};
use whodunit_model::{Batch, ErrorEvent};
use whodunit_stdx::{Reservation, Timestamp};

use super::around::{self, Sender};
use super::malformed;
use super::scrub::Scrubbed;
use crate::error::Error;
use crate::logs::decode::Desk;
use crate::logs::rejection::{Refusal, Rejections};
use crate::logs::rows::{Kind, Row, Rows, Value};
use crate::logs::value;

/// Attributes of Sentry's that mean a column of ours.
const NAMES: &[(&str, &str)] = &[
    ("sentry.environment", "environment"),
    ("sentry.release", "release"),
    ("user.ip_address", "ip"),
    ("server_name", "host"),
];
/// What begins an operation, and the kind of such a span.
const KINDS: &[(&str, &str)] = &[
    ("http.server", "server"),
    ("rpc.server", "server"),
    ("grpc.server", "server"),
    ("websocket.server", "server"),
    ("http.client", "client"),
    ("rpc.client", "client"),
    ("grpc.client", "client"),
    ("db", "client"),
    ("cache", "client"),
    ("queue.publish", "producer"),
    ("queue.submit", "producer"),
    ("queue.process", "consumer"),
    ("queue.task", "consumer"),
];
const KINDS_KNOWN: &[&str] = &["internal", "server", "client", "producer", "consumer"];

/// The spans of an envelope.
pub struct Spans<'d> {
    desk: &'d Desk,
    rows: Option<Rows>,
    batches: VecDeque<Batch>,
}

/// What a span has in common with those of its transaction.
struct Shared<'s> {
    context: Option<&'s ErrorEvent>,
    sender: &'s Sender<'s>,
}

/// One span, whichever form it came in.
struct Span<'s> {
    json: &'s Map<String, Json>,
    name: &'s str,
    op: Option<&'s str>,
    /// Objects of attributes, the first that has a name being the one that counts.
    attributes: Vec<&'s Map<String, Json>>,
    /// Numbers that were measured: `{"fcp": {"value": 17.5, "unit": "millisecond"}}`.
    measurements: Option<&'s Map<String, Json>>,
}

impl<'d> Spans<'d> {
    pub fn new(desk: &'d Desk) -> Spans<'d> {
        Spans { desk, rows: None, batches: VecDeque::new() }
    }

    /// A transaction whose secrets are gone: itself, and the spans in it. Those that cannot be read are noted under
    /// the number of the item.
    pub fn transaction(
        &mut self,
        scrubbed: &Scrubbed,
        number: u64,
        sender: &Sender<'_>,
        rejections: &mut Rejections,
    ) -> Result<Result<(), Refusal>, Error> {
        let Some(document) = scrubbed.document.as_object() else { return Ok(Err(malformed("no JSON object"))) };
        let event = Event::read(&scrubbed.document);
        let mut context = ErrorEvent::default();
        around::fill(&scrubbed.document, &event, sender, &mut context);
        let Some(trace) = document.get("contexts").and_then(|all| all.get("trace")).and_then(Json::as_object) else {
            return Ok(Err(malformed("a transaction has a context trace")));
        };
        let mut root = trace.clone();
        for name in ["start_timestamp", "timestamp"] {
            document.get(name).into_iter().for_each(|time| drop(root.insert(name.to_owned(), time.clone())));
        }
        let more = of_root(document, &event);
        let span = Span {
            json: &root,
            name: event.transaction.as_deref().unwrap_or_default(),
            op: text(&root, "op"),
            attributes: vec![&more].into_iter().chain(object(&root, "data")).collect(),
            measurements: object(document, "measurements"),
        };
        let shared = Shared { context: Some(&context), sender };
        if let Err(refusal) = self.push(&span, &shared)? {
            return Ok(Err(refusal));
        }
        for child in document.get("spans").and_then(Json::as_array).into_iter().flatten() {
            let taken = match child.as_object() {
                None => Err(malformed("a span is a JSON object")),
                Some(child) => self.push(&of_first_form(child), &shared)?,
            };
            if let Err(refusal) = taken {
                rejections.note(number, refusal);
            }
        }
        Ok(Ok(()))
    }

    /// A single span, or a container of spans of the second form.
    pub fn item(
        &mut self,
        item: &Map<String, Json>,
        number: u64,
        sender: &Sender<'_>,
        rejections: &mut Rejections,
    ) -> Result<Result<(), Refusal>, Error> {
        let shared = Shared { context: None, sender };
        let Some(spans) = item.get("items") else { return self.push(&of_first_form(item), &shared) };
        let Some(spans) = spans.as_array() else { return Ok(Err(malformed("items of a container is no list"))) };
        for span in spans {
            let taken = match span.as_object() {
                None => Err(malformed("a span is a JSON object")),
                Some(span) => self.push(&of_second_form(span), &shared)?,
            };
            if let Err(refusal) = taken {
                rejections.note(number, refusal);
            }
        }
        Ok(Ok(()))
    }

    fn push(&mut self, span: &Span<'_>, shared: &Shared<'_>) -> Result<Result<(), Refusal>, Error> {
        let desk = self.desk;
        let rows = self.rows.get_or_insert_with(|| Rows::spans(desk.received_at, &desk.memory));
        let mut row = Row::new();
        rows.begin(&mut row);
        let taken = match fill(rows, span, shared, &mut row) {
            Ok(time) => rows.finish_row(&mut row, Some(time)),
            Err(refusal) => {
                rows.abandon_row(&mut row);
                Err(refusal)
            }
        };
        rows.account()?;
        if rows.is_full() {
            self.batches.extend(rows.finish(&desk.project));
        }
        Ok(taken)
    }

    /// The batches of all spans, and what they are accounted for.
    pub fn finish(mut self) -> (VecDeque<Batch>, Option<Reservation>) {
        let Some(mut rows) = self.rows else { return (self.batches, None) };
        self.batches.extend(rows.finish(&self.desk.project));
        (self.batches, rows.take_reservation())
    }
}

fn text<'s>(map: &'s Map<String, Json>, name: &str) -> Option<&'s str> {
    map.get(name).and_then(Json::as_str).filter(|text| !text.is_empty())
}

fn object<'s>(map: &'s Map<String, Json>, name: &str) -> Option<&'s Map<String, Json>> {
    map.get(name).and_then(Json::as_object)
}

/// What a transaction says beside its trace: its request, its tags, its id.
fn of_root(document: &Map<String, Json>, event: &Event<'_>) -> Map<String, Json> {
    let mut more = Map::new();
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            more.entry(name).or_insert_with(|| value.into());
        }
    };
    if let Some(request) = &event.request {
        set("http.request.method", request.method.as_deref());
        set("url.full", request.url.as_deref());
    }
    let source = document.get("transaction_info").and_then(|info| info.get("source")).and_then(Json::as_str);
    set("sentry.source", source);
    set("sentry.event_id", event.event_id.as_deref());
    let sdk = event.sdk.as_ref();
    set("sentry.sdk.name", sdk.and_then(|sdk| sdk.name.as_deref()));
    set("sentry.sdk.version", sdk.and_then(|sdk| sdk.version.as_deref()));
    event.tags.iter().for_each(|(name, value)| set(name, Some(value)));
    more
}

/// `{op, description, start_timestamp, timestamp, data, tags}`.
fn of_first_form(span: &Map<String, Json>) -> Span<'_> {
    Span {
        json: span,
        name: text(span, "description").or_else(|| text(span, "op")).unwrap_or_default(),
        op: text(span, "op"),
        attributes: object(span, "data").into_iter().chain(object(span, "tags")).collect(),
        measurements: object(span, "measurements"),
    }
}

/// `{name, start_timestamp, end_timestamp, attributes: {k: {value, type}}}`.
fn of_second_form(span: &Map<String, Json>) -> Span<'_> {
    let attributes = object(span, "attributes");
    let op = attributes.and_then(|all| all.get("sentry.op")?.get("value")?.as_str());
    let name = text(span, "name").or(op).unwrap_or_default();
    Span { json: span, name, op, attributes: attributes.into_iter().collect(), measurements: None }
}

/// Sets all fields of a span, and gives its start.
fn fill<'a>(rows: &mut Rows, span: &Span<'a>, shared: &Shared<'_>, row: &mut Row<'a>) -> Result<Timestamp, Refusal> {
    let json = span.json;
    let missing = |field: &str, what: &str| Refusal { field: field.to_owned(), ..malformed(what) };
    let time = |name: &str| json.get(name).and_then(Time::from_json);
    let start = time("start_timestamp").ok_or_else(|| missing("start_timestamp", "a span has a start"))?;
    let end = time("end_timestamp").or_else(|| time("timestamp"));
    let end = end.ok_or_else(|| missing("timestamp", "a span has an end"))?;
    let trace = text(json, "trace_id").or(shared.sender.header.trace_id.as_deref());
    let trace = trace.and_then(value::id).ok_or_else(|| missing("trace_id", "a span has a trace"))?;
    let id = text(json, "span_id").and_then(value::id).ok_or_else(|| missing("span_id", "a span has an id"))?;
    rows.builder.trace_id(&trace);
    rows.builder.span_id(&id);
    if let Some(parent) = text(json, "parent_span_id").and_then(value::id) {
        rows.builder.parent_span_id(&parent);
    }
    // A clock that was set back within a span makes no negative time.
    rows.builder.duration_ns(end.0.saturating_sub(start.0).max(0));
    rows.builder.text(TextField::Name, span.name);
    rows.builder.text(TextField::Kind, kind(json, span.op));
    if let Some(status) = text(json, "status") {
        let word = if matches!(status, "ok" | "unset") { status } else { "error" };
        rows.builder.text(TextField::Status, word);
        if word == "error" && status != "error" {
            rows.field("sentry.status", Value::Text(status), row);
        }
    }
    if let Some(links) = json.get("links").and_then(Json::as_array).filter(|links| !links.is_empty()) {
        rows.builder.text(TextField::Links, &Json::from(links.clone()).to_string());
    }
    for name in ["op", "origin"] {
        if let Some(word) = text(json, name) {
            rows.field(&format!("sentry.{name}"), Value::Text(word), row);
        }
    }
    let mut bytes = 0_usize;
    for attributes in &span.attributes {
        self::attributes(rows, attributes, &mut bytes, row)?;
    }
    for (name, measured) in span.measurements.into_iter().flatten() {
        if let Some(number) = measured.get("value").and_then(Json::as_f64) {
            rows.field(&format!("measurements.{name}"), Value::Float(number), row);
        }
    }
    beside(rows, shared, row);
    Ok(Timestamp(start.0))
}

/// What is known of the whole transaction, where the span itself does not say otherwise.
fn beside(rows: &mut Rows, shared: &Shared<'_>, row: &mut Row<'_>) {
    let header = shared.sender.header;
    let of_header = [("environment", header.environment.as_deref()), ("release", header.release.as_deref())];
    let of_context = shared.context.into_iter().flat_map(ErrorEvent::filled);
    let all = of_context.chain(of_header.into_iter().filter_map(|(name, text)| Some((name, text?))));
    for (column, text) in all {
        let Some(field) = TextField::ALL.into_iter().find(|field| field.column() == column) else { continue };
        // Attributes have taken their roles only when the row ends, so the context waits behind them.
        if !row.has(crate::logs::mapping::Role::Text(field)) {
            let kept = row.keep_text(text);
            rows.own_field(column, kept, row);
        }
    }
}

fn kind<'s>(span: &'s Map<String, Json>, op: Option<&str>) -> &'s str {
    if let Some(kind) = text(span, "kind").and_then(|sent| KINDS_KNOWN.iter().find(|known| **known == sent)) {
        return kind;
    }
    let op = op.unwrap_or_default();
    KINDS.iter().find(|(start, _)| op.starts_with(start)).map_or("internal", |(_, kind)| kind)
}

fn attributes<'a>(
    rows: &mut Rows,
    attributes: &'a Map<String, Json>,
    bytes: &mut usize,
    row: &mut Row<'a>,
) -> Result<(), Refusal> {
    for (name, attribute) in attributes {
        let value = match attribute.as_object() {
            Some(typed) => typed.get("value").unwrap_or(attribute),
            None => attribute,
        };
        let value = match value {
            Json::Null => continue,
            Json::Bool(truth) => Value::Boolean(*truth),
            Json::String(text) => Value::Text(text),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Value::Integer(number),
                None => Value::Float(number.as_f64().unwrap_or_default()),
            },
            Json::Array(_) | Json::Object(_) => row.keep(Kind::Json, |out| {
                out.push_str(&value.to_string());
                Ok::<(), Refusal>(())
            })?,
        };
        *bytes = bytes.saturating_add(name.len()).saturating_add(size(&value));
        if *bytes > SPAN_BYTES_MAX {
            return Err(Refusal::too_long(SPAN_BYTES_MAX));
        }
        match NAMES.iter().find(|(theirs, _)| theirs == name) {
            Some((_, ours)) => rows.own_field(ours, value, row),
            None => rows.field(name, value, row),
        }
    }
    Ok(())
}

fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        _ => size_of::<Scalar<'_>>(),
    }
}
