//! Who and what stands around an event or a log line: the columns that it shares with all other signals.
//!
//! Sentry's protocol has places for some of them (user, release, trace); the others are found under the names that
//! people give to tags, contexts and headers, which are those of log lines.

use serde_json::{Map, Value};
use whodunit_issues::event::{Event, Text};
use whodunit_model::{ErrorEvent, Row};
use whodunit_stdx::Timestamp;

use super::envelope::Header;
use crate::logs::mapping::GUESSES;
use crate::logs::value;

/// Asks for the address that the envelope came from.
pub const AUTO: &str = "{{auto}}";
/// Headers that carry the id of a request, in the order in which they are asked.
const REQUEST_ID_HEADERS: &[&str] = &["x-correlation-id", "x-request-id"];
/// Objects in which people put what the protocol has no place for, in the order in which they are asked.
const HOLDERS: &[&str] = &["app", "session", "request", "user"];

/// What is known of an envelope before its items are read.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'s> {
    pub client_ip: Option<&'s str>,
    /// Of the program that sends.
    pub user_agent: Option<&'s str>,
    pub header: &'s Header,
    pub received_at: Timestamp,
}

/// Fills the context columns of a row.
pub fn fill(document: &Value, event: &Event<'_>, sender: &Sender<'_>, row: &mut ErrorEvent) {
    set(row, "environment", event.environment.as_deref().or(sender.header.environment.as_deref()));
    set(row, "release", event.release.as_deref().or(sender.header.release.as_deref()));
    set(row, "host", event.server_name.as_deref());
    set(row, "user_agent", header(event, "user-agent"));
    let resource = member(event.contexts, "otel").and_then(|otel| member(Some(otel), "resource"));
    let resource_service = resource.and_then(|resource| text(resource.get("service.name")?));
    set(row, "service", found(event, "service").or(resource_service).as_deref());
    set(row, "session_id", found(event, "session_id").as_deref());
    set(row, "batch_id", found(event, "batch_id").as_deref());
    let of_header = || REQUEST_ID_HEADERS.iter().find_map(|name| header(event, name)).map(Text::Borrowed);
    set(row, "correlation_id", found(event, "correlation_id").or_else(of_header).as_deref());
    let trace = member(event.contexts, "trace");
    let of_trace = |name: &str| trace.and_then(|trace| text(trace.get(name)?));
    row.trace_id = of_trace("trace_id").as_deref().or(sender.header.trace_id.as_deref()).and_then(value::id);
    row.span_id = of_trace("span_id").as_deref().and_then(value::id);
    let user = event.user.as_ref();
    let sent = user.and_then(|user| user.ip_address.as_deref()).filter(|ip| !ip.is_empty());
    set(row, "ip", sent.or_else(|| seen_ip(event)).or_else(|| inferred_ip(document, sender)));
    let Some(user) = user else { return };
    set(row, "actor_id", user.id.as_deref());
    set(row, "actor_email", user.email.as_deref());
    set(row, "actor_name", user.name.as_deref().or(user.username.as_deref()));
    let named = ["actor_id", "actor_email", "actor_name"].iter().any(|column| row.text(column).is_some());
    set(row, "actor_type", named.then_some("user"));
}

/// The address that the application saw.
fn seen_ip<'e>(event: &Event<'e>) -> Option<&'e str> {
    event.request.as_ref()?.environment?.get("REMOTE_ADDR")?.as_str()
}

/// The address that the envelope came from, where the client asks for it. That of a server that sends is nobody's.
fn inferred_ip<'e>(document: &Value, sender: &Sender<'e>) -> Option<&'e str> {
    let asked = document.pointer("/sdk/settings/infer_ip").and_then(Value::as_str);
    sender.client_ip.filter(|_| asked == Some("auto"))
}

/// A value under one of the names that log lines have for this column: a tag, a member of a context or of the extra
/// data.
fn found<'e>(event: &'e Event<'_>, column: &str) -> Option<Text<'e>> {
    let names = GUESSES.iter().find(|guess| guess.column == column).map_or(&[][..], |guess| guess.names);
    let filled = |text: &Text<'e>| !text.is_empty();
    let tag = || names.iter().find_map(|name| event.tag(name)).map(Text::Borrowed).filter(filled);
    let in_map = |map: &'e Map<String, Value>| names.iter().find_map(|name| text(map.get(*name)?)).filter(filled);
    let in_context = || HOLDERS.iter().find_map(|holder| in_map(member(event.contexts, holder)?));
    tag().or_else(in_context).or_else(|| in_map(event.extra?))
}

/// A text, or a number as text.
fn text(value: &Value) -> Option<Text<'_>> {
    match value {
        Value::String(text) => Some(Text::Borrowed(text)),
        Value::Number(number) => Some(Text::Owned(number.to_string())),
        _ => None,
    }
}

fn member<'e>(map: Option<&'e Map<String, Value>>, name: &str) -> Option<&'e Map<String, Value>> {
    map?.get(name)?.as_object()
}

/// The first value of a request's header.
pub fn header<'e>(event: &'e Event<'_>, name: &str) -> Option<&'e str> {
    let headers = &event.request.as_ref()?.headers;
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
}

/// Gives another row the same context.
pub fn copy(context: &ErrorEvent, row: &mut Row) {
    context.filled().for_each(|(column, text)| row.set(column, text));
    if let Some(id) = context.trace_id {
        row.set_bytes("trace_id", id);
    }
    if let Some(id) = context.span_id {
        row.set_bytes("span_id", id);
    }
}

pub fn set(row: &mut ErrorEvent, column: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        row.set(column, text);
    }
}

/// A text of an object, without spaces around it; none if nothing is left.
pub fn text_of<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}
