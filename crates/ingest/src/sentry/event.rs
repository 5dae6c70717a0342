//! An event becomes a row: grouped, titled, with its parts in columns of their own and what is left of it beside them.

use serde_json::{Map, Value};
use whodunit_issues::event::{Event, Level};
use whodunit_issues::fingerprint::{Algorithm, Fingerprint, IssueId, group};
use whodunit_issues::rules::Rules;
use whodunit_issues::title::Title;
use whodunit_model::{ErrorEvent, Project, parts};
use whodunit_stdx::Timestamp;

use super::around::{self, Sender, set};
use super::scrub::Scrubbed;

/// Columns that hold what [`super::scrub`] has filtered, as it stands there.
pub const FILTERED_COLUMNS: &[&str] = &["raw", "contexts", "request", "breadcrumbs", "exception"];

/// The row of an event whose secrets are gone.
pub fn row(scrubbed: &Scrubbed, sender: &Sender<'_>, rules: &Rules, project: &Project) -> ErrorEvent {
    let document = &scrubbed.document;
    let event = Event::read(document);
    let grouping = group(&event, rules, Algorithm::NEWEST);
    let title = Title::of(&event, rules);
    let mut row = ErrorEvent {
        time: event.time.map_or(sender.received_at, |time| Timestamp(time.0)),
        received_at: sender.received_at,
        event_id: event_id(&event, sender, &scrubbed.text),
        issue_id: IssueId::of(project.as_str(), &grouping.fingerprint).0,
        fingerprint: grouping.fingerprint.0,
        handled: event.handled(),
        ..ErrorEvent::default()
    };
    around::fill(document, &event, sender, &mut row);
    row.set("algorithm", grouping.algorithm.name());
    row.set("title", title.text());
    row.set("type", title.kind);
    row.set("culprit", title.culprit);
    row.set("level", level(event.level));
    let message = event.message.as_ref().map(|message| message.text()).filter(|text| !text.is_empty());
    let value = event.thrown().and_then(|thrown| thrown.value.as_deref()).filter(|value| !value.trim().is_empty());
    row.set("value", value.or(message).unwrap_or(&title.message));
    set(&mut row, "platform", event.platform.as_deref());
    set(&mut row, "transaction", event.transaction.as_deref());
    set(&mut row, "logger", event.logger.as_deref());
    set(&mut row, "dist", event.dist.as_deref());
    if let Some(sdk) = &event.sdk {
        let names = [sdk.name.as_deref(), sdk.version.as_deref()].map(Option::unwrap_or_default);
        row.set("sdk", names.join("/").trim_matches('/'));
    }
    if let Some(request) = &event.request {
        set(&mut row, "request_method", request.method.as_deref());
        set(&mut row, "request_path", request.url.as_deref().map(path));
    }
    let tags = event.tags.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_ref())));
    let tags: Map<String, Value> = tags.collect();
    if !tags.is_empty() {
        row.set("tags", Value::Object(tags).to_string());
    }
    let (raw, parts) = parts::apart(&scrubbed.text, |name| scrubbed.member(name));
    row.set("raw", raw);
    parts::NAMES.into_iter().zip(parts).for_each(|(column, part)| set(&mut row, column, part));
    row
}

/// The event's own id, else the envelope's, else one that follows from what it says: sent again it is the same event.
fn event_id(event: &Event<'_>, sender: &Sender<'_>, text: &str) -> [u8; 16] {
    let mut id = [0; 16];
    let sent = event.event_id.as_deref().or(sender.header.event_id.as_deref());
    if sent.is_none_or(|sent| hex::decode_to_slice(sent, &mut id).is_err()) {
        id = Fingerprint::of_parts(&["event", text]).id();
    }
    id
}

/// The word that log lines have for it; an event without one is an error.
fn level(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Debug) => "DEBUG",
        Some(Level::Info) => "INFO",
        Some(Level::Warning) => "WARN",
        Some(Level::Error) | None => "ERROR",
        Some(Level::Fatal) => "FATAL",
    }
}

/// The path of a URL, without its query.
fn path(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    after.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_urls() {
        for (url, expected) in [
            ("https://shop.example.com/cart/17?coupon=x#top", "/cart/17"),
            ("https://shop.example.com", "/"),
            ("/cart?x", "/cart"),
            ("app:///index.js", "/index.js"),
            ("", ""),
        ] {
            assert_eq!(path(url), expected, "{url}");
        }
    }
}
