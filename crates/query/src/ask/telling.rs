//! What is said about a question and its answer: the reading that was taken, and a sentence as far as rows carry it.

use serde_json::{Map, Value};
use whodunit_stdx::Timestamp;

use super::question::{Event, Question, Side, Target};
use super::verbs::{Meaning, Verb};
use super::when::{When, told};
use super::zone::Zone;

/// The reading that was taken, to be checked by the one who asked.
pub fn reading(question: &Question, zone: Zone) -> String {
    let said = |what: String, when: &When| format!("{what}, {}", when.told(zone));
    match question {
        Question::Deed { verb, target, actor, when } => {
            said(format!("who {} {}{}", verb.past, thing(target), by(actor)), when)
        }
        Question::Deeds { verb, kind, actor, when } => {
            let what = kind.as_ref().map_or("anything".to_owned(), |kind| format!("things of type {kind:?}"));
            said(format!("who {} {what}{}", verb.past, by(actor)), when)
        }
        Question::Actor { actor, when } => said(format!("everything that {actor} did"), when),
        Question::Changes { target, field: None, actor, when } => {
            said(format!("what changed on {}{}", thing(target), by(actor)), when)
        }
        Question::Changes { target, field: Some(field), actor, when } => {
            said(format!("who changed {field} of {}{}", thing(target), by(actor)), when)
        }
        Question::Reads { target, when } => said(format!("who read {}", thing(target)), when),
        Question::History { target, when } => said(format!("everything about {}", thing(target)), when),
        Question::Near { event, side, within } => {
            let minutes = match (within, side) {
                (Some(within), _) => format!("{} s", within.as_secs()),
                (None, Side::Around) => "5 minutes on each side".to_owned(),
                (None, _) => "15 minutes".to_owned(),
            };
            let side = match side {
                Side::Before => "before",
                Side::After => "after",
                Side::Around => "around",
            };
            format!("what happened {side} {}, {minutes}", self::event(event, zone))
        }
        Question::Happened { when } => said("what happened".to_owned(), when),
        Question::FailedLogins { actor, when } => said(format!("failed logins{}", of(actor)), when),
        Question::Logins { actor, when } => said(format!("logins that succeeded{}", of(actor)), when),
        Question::Access { target, actor, when } => {
            let on = target.as_ref().map_or(String::new(), |target| format!(" on {}", thing(target)));
            said(format!("changes of permissions, roles and shares{on}{}", by(actor)), when)
        }
        Question::Errors { service, when } => {
            let of = service.as_ref().map_or(String::new(), |service| format!(" of the service {service}"));
            said(format!("errors{of}"), when)
        }
        Question::Request { id } => format!("what happened in request {id}"),
        Question::Batch { id } => format!("what batch {id} did"),
        Question::Session { id } => format!("what happened in session {id}"),
        Question::Busiest { when } => said("actors by their number of entries".to_owned(), when),
        Question::Address { ip, when } => said(format!("everything that came from {ip}"), when),
    }
}

fn thing(target: &Target) -> String {
    match &target.kind {
        Some(kind) => format!("{kind} {}", target.id),
        None => format!("{:?}", target.id),
    }
}

fn by(actor: &Option<String>) -> String {
    actor.as_ref().map_or(String::new(), |actor| format!(", if {actor} did it"))
}

fn of(actor: &Option<String>) -> String {
    actor.as_ref().map_or(String::new(), |actor| format!(" of {actor}"))
}

fn event(event: &Event, zone: Zone) -> String {
    match event {
        Event::Entry(id) => format!("the entry {id}"),
        Event::Deed { verb, target } => format!("{} was last {}", thing(target), verb.past),
        Event::At(moment) => format!("{} {}", told(moment.from, zone), zone.name()),
    }
}

/// What was found.
pub struct Found<'a> {
    /// Null members are left out.
    pub rows: &'a [Map<String, Value>],
    /// There are more rows.
    pub more: bool,
    pub zone: Zone,
}

impl Found<'_> {
    fn count(&self, one: &str, many: &str) -> String {
        match (self.rows.len(), self.more) {
            (1, false) => format!("1 {one}"),
            (count, false) => format!("{count} {many}"),
            (count, true) => format!("more than {count} {many}"),
        }
    }
}

/// The answer in one sentence; never more than the rows say.
pub fn sentence(question: &Question, found: &Found<'_>) -> String {
    let Some(first) = found.rows.first() else { return nothing(question) };
    let counted = |one: &str, many: &str| found.count(one, many);
    match question {
        Question::Deed { verb, .. } | Question::Deeds { verb, .. } => {
            newest(found, first, |row| deed(row, verb, found.zone))
        }
        Question::Reads { .. } => newest(found, first, |row| read(row, found.zone)),
        Question::Changes { .. } => {
            let told = format!("{}{}", change(first), why(first));
            let when = at(first, found.zone);
            match found.rows.len() {
                1 => format!("{told}, {when}."),
                _ => format!("{}; the newest: {told}, {when}.", counted("change", "changes")),
            }
        }
        Question::Busiest { .. } => {
            let entries = first.get("entries").and_then(Value::as_u64).unwrap_or_default();
            let who = text(first, "actor").unwrap_or(UNNAMED);
            format!("{who} did most, {entries} entries; {} in all.", counted("actor", "actors"))
        }
        Question::Near { .. } | Question::Happened { .. } | Question::Request { .. } | Question::Session { .. } => {
            format!("{}: {}.", counted("row", "rows"), signals(found.rows))
        }
        Question::Errors { .. } => {
            let message = text(first, "message").or(text(first, "error_type")).unwrap_or("no message");
            format!("{}; the newest: {message}, {}.", counted("error", "errors"), at(first, found.zone))
        }
        Question::Batch { id } => {
            format!("Batch {id} has {}; the first: {}.", counted("entry", "entries"), entry(first, found.zone))
        }
        _ => newest(found, first, |row| entry(row, found.zone)),
    }
}

fn newest(found: &Found<'_>, first: &Map<String, Value>, tell: impl Fn(&Map<String, Value>) -> String) -> String {
    match found.rows.len() {
        1 if !found.more => format!("{}.", tell(first)),
        _ => format!("{}; the newest: {}.", found.count("entry", "entries"), tell(first)),
    }
}

/// Not "nobody did": only that no row says so.
fn nothing(question: &Question) -> String {
    let what = match question {
        Question::Deed { verb, target, actor, .. } => {
            let who = actor.as_deref().map_or("anybody", |actor| actor);
            format!("that {who} {} {}", verb.past, thing(target))
        }
        Question::Deeds { verb, kind: Some(kind), .. } => format!("that a thing of type {kind:?} was {}", verb.past),
        Question::Deeds { verb, .. } => format!("that anything was {}", verb.past),
        Question::Actor { actor, .. } => format!("that {actor} did anything"),
        Question::Changes { target, .. } => format!("that a field of {} changed", thing(target)),
        Question::Reads { target, .. } => format!("that anybody read {}", thing(target)),
        _ => return "Nothing was found.".to_owned(),
    };
    format!("No entry says {what}.")
}

/// The event of a question about its surroundings was not found.
pub fn no_event(event: &Event) -> String {
    match event {
        Event::Entry(id) => format!("No audit entry has the id {id}."),
        Event::Deed { verb, target } => format!("No entry says that anybody {} {}.", verb.past, thing(target)),
        Event::At(_) => "Nothing was found.".to_owned(),
    }
}

const UNNAMED: &str = "somebody who is not named";

fn text<'a>(row: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// `dana@example.com deleted order 17 on 2026-11-20 at 10:00:00 UTC, reason: duplicate`.
fn deed(row: &Map<String, Value>, verb: &Verb, zone: Zone) -> String {
    if !matches!(verb.meaning, Meaning::Words(_)) {
        // Found by its category: what was done stands in the action.
        return entry(row, zone);
    }
    match (text(row, "outcome"), verb.base) {
        _ if is_intent(row) => verb.base.map_or_else(
            || entry(row, zone),
            |base| act(row, &format!("set out to {base}"), zone) + ", with no outcome yet",
        ),
        (Some("failure"), Some(base)) => act(row, &format!("tried to {base}"), zone) + ", without success",
        // An application that says no outcome says that it was done.
        (Some("success") | None, _) => act(row, &verb.past, zone),
        _ => entry(row, zone),
    }
}

/// Announced, and neither completed nor expired.
fn is_intent(row: &Map<String, Value>) -> bool {
    text(row, "state") == Some("intent")
}

/// A read that succeeded, or the entry as it is.
fn read(row: &Map<String, Value>, zone: Zone) -> String {
    let done = matches!(text(row, "outcome"), Some("success") | None) && !is_intent(row);
    if done { act(row, "read", zone) } else { entry(row, zone) }
}

fn act(row: &Map<String, Value>, did: &str, zone: Zone) -> String {
    let who = text(row, "actor").unwrap_or(UNNAMED);
    let target = match (text(row, "target_type"), text(row, "target_id")) {
        (Some(kind), Some(id)) => format!(" {kind} {id}"),
        (None, Some(id)) => format!(" {id}"),
        (Some(kind), None) => format!(" a {kind}"),
        (None, None) => " something".to_owned(),
    };
    format!("{who} {did}{target} {}{}", at(row, zone), why(row))
}

/// Any entry in its application's own words.
fn entry(row: &Map<String, Value>, zone: Zone) -> String {
    let who = text(row, "actor").unwrap_or(UNNAMED);
    let action = text(row, "action").unwrap_or("something without a name");
    let target = [text(row, "target_type"), text(row, "target_id")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let target = if target.is_empty() { target } else { format!(" {target}") };
    let outcome = match text(row, "outcome") {
        _ if is_intent(row) => ", no outcome yet".to_owned(),
        Some("success") | None => String::new(),
        Some(outcome) => format!(", outcome {outcome}"),
    };
    format!("{who}: {action}{target} {}{outcome}{}", at(row, zone), why(row))
}

fn change(row: &Map<String, Value>) -> String {
    let who = text(row, "actor").unwrap_or(UNNAMED);
    let field = text(row, "field").unwrap_or("a field");
    let value = |name: &str| {
        row.get(name).map_or("nothing".to_owned(), |value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    format!("{who} changed {field} from {} to {}", value("before"), value("after"))
}

fn why(row: &Map<String, Value>) -> String {
    text(row, "reason").map_or(String::new(), |reason| format!(", reason: {reason}"))
}

fn at(row: &Map<String, Value>, zone: Zone) -> String {
    let time = text(row, "time").and_then(|time| chrono::DateTime::parse_from_rfc3339(time).ok());
    match time.and_then(|time| time.timestamp_nanos_opt()) {
        Some(nanos) => {
            let local = zone.local(Timestamp(nanos));
            format!("on {} at {} {}", local.format("%Y-%m-%d"), local.format("%H:%M:%S"), zone.name())
        }
        None => "at an unknown time".to_owned(),
    }
}

/// `3 audit_logs, 1 logs`, in the order in which they appear.
fn signals(rows: &[Map<String, Value>]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for signal in rows.iter().filter_map(|row| text(row, "signal")) {
        match counts.iter_mut().find(|(name, _)| *name == signal) {
            Some((_, count)) => *count += 1,
            None => counts.push((signal, 1)),
        }
    }
    counts.iter().map(|(name, count)| format!("{count} of {name}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::verbs::find;
    use serde_json::json;

    #[test]
    fn a_deed_is_told_as_far_as_it_got() {
        let verb = find("deleted").expect("a verb");
        let told = |more: Value| {
            let mut row =
                json!({"time": "2026-11-21T12:00:00Z", "actor": "dana", "action": "DELETE", "target_id": "17"});
            let object = row.as_object_mut().expect("an object");
            object.extend(more.as_object().expect("an object").clone());
            deed(object, &verb, Zone::utc())
        };
        let at = "17 on 2026-11-21 at 12:00:00 UTC";
        assert_eq!(told(json!({"state": "complete"})), format!("dana deleted {at}"));
        assert_eq!(told(json!({"outcome": "failure"})), format!("dana tried to delete {at}, without success"));
        assert_eq!(told(json!({"outcome": "unknown"})), format!("dana: DELETE {at}, outcome unknown"));
        assert_eq!(told(json!({"state": "intent"})), format!("dana set out to delete {at}, with no outcome yet"));
    }
}
