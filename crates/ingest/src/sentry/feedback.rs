//! What users say: `feedback`, which is an event of its own, and the older `user_report` about another one.

use serde_json::{Map, Value};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::Fingerprint;
use whodunit_model::{ErrorEvent, Row, Table};
use whodunit_stdx::Timestamp;

use super::around::{self, Sender, text_of};
use super::malformed;
use super::scrub::Scrubbed;
use crate::logs::rejection::Refusal;
use crate::logs::value;

/// The row of a feedback whose secrets are gone, and its id.
pub fn feedback(scrubbed: &Scrubbed, sender: &Sender<'_>) -> Result<([u8; 16], Row), Refusal> {
    let document = &scrubbed.document;
    let event = Event::read(document);
    let said = document.get("contexts").and_then(|all| all.get("feedback")).and_then(Value::as_object);
    let said = said.ok_or_else(|| malformed("a feedback has a context feedback"))?;
    let message = text_of(said, "message").ok_or_else(|| malformed("a feedback has a message"))?;
    let sent = event.event_id.as_deref().or(sender.header.event_id.as_deref()).and_then(value::id);
    let id = sent.unwrap_or_else(|| Fingerprint::of_parts(&["feedback", &scrubbed.text]).id());
    let time = event.time.map_or(sender.received_at, |time| Timestamp(time.0));
    let mut row = Row::new(Table::Feedback, time, sender.received_at);
    let mut context = ErrorEvent::default();
    around::fill(document, &event, sender, &mut context);
    around::copy(&context, &mut row);
    let of = |name: &str| text_of(said, name).unwrap_or_default();
    row.set_bytes("id", id);
    row.set("message", message);
    row.set("url", of("url"));
    row.set("source", if of("source").is_empty() { "feedback" } else { of("source") });
    if let Some(event_id) = text_of(said, "associated_event_id").and_then(value::id::<16>) {
        row.set_bytes("event_id", event_id);
    }
    person(&mut row, of("contact_email"), of("name"));
    Ok((id, row))
}

/// The row of `{event_id, name, email, comments}`, and an id that follows from it.
pub fn user_report(report: &Map<String, Value>, sender: &Sender<'_>) -> Result<([u8; 16], Row), Refusal> {
    let event_id = text_of(report, "event_id").or(sender.header.event_id.as_deref()).and_then(value::id::<16>);
    let event_id = event_id.ok_or_else(|| malformed("a user report names an event by its event_id"))?;
    let message = text_of(report, "comments").ok_or_else(|| malformed("a user report has comments"))?;
    let of = |name: &str| text_of(report, name).unwrap_or_default();
    let id = Fingerprint::of_parts(&["user_report", &hex::encode(event_id), of("email"), of("name"), message]).id();
    let mut row = Row::new(Table::Feedback, sender.received_at, sender.received_at);
    row.set_bytes("id", id);
    row.set_bytes("event_id", event_id);
    row.set("message", message);
    row.set("source", "user_report");
    person(&mut row, of("email"), of("name"));
    Ok((id, row))
}

/// Who says it: what the form says goes before what the application knows.
fn person(row: &mut Row, email: &str, name: &str) {
    row.set("actor_email", email);
    row.set("actor_name", name);
    if !(email.is_empty() && name.is_empty()) {
        row.set("actor_type", "user");
    }
}
