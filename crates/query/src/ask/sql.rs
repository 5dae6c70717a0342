//! Question to SQL. Every value from the question enters as a quoted literal, made in one place.

use std::fmt::Write;

use whodunit_stdx::Timestamp;

use super::question::{Event, Question, Side, Target};
use super::verbs::{Meaning, Verb};
use super::when::When;
use crate::format::time_text;

/// How far before or after an event rows are looked for, in nanoseconds.
pub const BESIDE: i64 = 15 * 60 * Timestamp::NANOS_PER_SECOND;
/// The same on each side.
pub const AROUND: i64 = 5 * 60 * Timestamp::NANOS_PER_SECOND;

/// Which projects are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those of applications: Whodunit's own trail would answer questions about itself.
    Applications,
    Project(String),
}

const ACTOR: &str = "coalesce(actor_email, actor_name, actor_id)";
const ENTRY: &str = "time, coalesce(actor_email, actor_name, actor_id) AS actor, action, target_type, target_id, \
                     outcome, state, reason, ip, project, correlation_id, id";
const CHANGE: &str = "time, coalesce(actor_email, actor_name, actor_id) AS actor, action, target_type, target_id, \
                      field, before, after, reason, project, id";
const SIGNAL: &str = "time, signal, severity, summary, coalesce(actor_email, actor_name, actor_id) AS actor, service, \
                      project, correlation_id";
const ERROR: &str = "time, signal, \"level\", error_type, message, service, project, correlation_id, trace_id";
/// `orderDeleted` and `order.deleted` as `order_deleted` and `order.deleted`.
const ACTION_WORDS: &str = r"lower(regexp_replace(action, '([a-z0-9])([A-Z])', '\1_\2', 'g'))";
const SIGN_IN: &str = "log(ged|on)?[_. -]?in|logon|sign(ed)?[_. -]?in|authenticat(e|ed|ion)";
const FAILED: &str = "fail|failed|failure|failures|denied|refused|rejected|invalid";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    NewestFirst,
    OldestFirst,
}

/// A SELECT as it is put together.
struct Select {
    columns: &'static str,
    from: &'static str,
    conditions: Vec<String>,
    order: Order,
}

impl Select {
    fn new(columns: &'static str, from: &'static str) -> Select {
        Select { columns, from, conditions: Vec::new(), order: Order::NewestFirst }
    }

    fn oldest_first(self) -> Select {
        Select { order: Order::OldestFirst, ..self }
    }

    fn and(mut self, condition: impl Into<Option<String>>) -> Select {
        self.conditions.extend(condition.into());
        self
    }

    fn within(self, when: When) -> Select {
        let from = when.from.map(|from| format!("time >= {}", at(from)));
        let to = when.to.map(|to| format!("time < {}", at(to)));
        self.and(from).and(to)
    }

    fn text(self, scope: &Scope) -> String {
        let mut text = self.filtered(scope);
        text.push_str(if self.order == Order::NewestFirst { "\nORDER BY time DESC" } else { "\nORDER BY time" });
        text
    }

    fn filtered(&self, scope: &Scope) -> String {
        let project = match scope {
            Scope::Applications => "project <> 'whodunit'".to_owned(),
            Scope::Project(name) => format!("project = {}", literal(name)),
        };
        let mut text = format!("SELECT {}\nFROM {}\nWHERE {project}", self.columns, self.from);
        for condition in &self.conditions {
            let _infallible = write!(text, "\n  AND {condition}");
        }
        text
    }
}

/// The statement that answers a question. What lies near an event needs the event's time, which [`event`] finds.
pub fn of(question: &Question, event_time: Option<When>, scope: &Scope) -> String {
    let entries = || Select::new(ENTRY, "audit_logs");
    let select = match question {
        Question::Deed { verb, target, actor, when } => {
            entries().and(thing(target)).and(deed(verb)).and(by(actor)).within(*when)
        }
        Question::Deeds { verb, kind, actor, when } => {
            entries().and(kind.as_deref().map(of_type)).and(deed(verb)).and(by(actor)).within(*when)
        }
        Question::Actor { actor, when } => entries().and(is_actor(actor)).within(*when),
        Question::Changes { target, field, actor, when } => {
            let select = Select::new(CHANGE, "change_history").and(thing(target));
            select.and(field.as_deref().map(is_field)).and(by(actor)).within(*when)
        }
        Question::Reads { target, when } => Select::new(ENTRY, "data_access_logs").and(thing(target)).within(*when),
        Question::History { target, when } => entries().and(thing(target)).within(*when),
        Question::Near { side, .. } => {
            let select = Select::new(SIGNAL, "timeline").within(event_time.unwrap_or_default());
            if *side == Side::Before { select } else { select.oldest_first() }
        }
        Question::Happened { when } => Select::new(SIGNAL, "timeline").within(*when).oldest_first(),
        Question::FailedLogins { actor, when } => {
            let failed = format!("(outcome = 'failure' OR {})", action_has(FAILED));
            entries().and(action_has(SIGN_IN)).and(failed).and(by(actor)).within(*when)
        }
        Question::Logins { actor, when } => {
            let succeeded = format!("(outcome IS NULL OR outcome <> 'failure') AND NOT {}", action_has(FAILED));
            entries().and(action_has(SIGN_IN)).and(succeeded).and(by(actor)).within(*when)
        }
        Question::Access { target, actor, when } => {
            let select = entries().and("category = 'authorization'".to_owned());
            select.and(target.as_ref().map(thing)).and(by(actor)).within(*when)
        }
        Question::Errors { service, when } => {
            let service =
                service.as_ref().map(|service| format!("lower(service) = {}", literal(&service.to_lowercase())));
            Select::new(ERROR, "error_logs").and(service).within(*when)
        }
        Question::Request { id } => Select::new(SIGNAL, "timeline").and(is_request(id)).oldest_first(),
        Question::Batch { id } => entries().and(format!("batch_id = {}", literal(id))).oldest_first(),
        Question::Session { id } => {
            Select::new(SIGNAL, "timeline").and(format!("session_id = {}", literal(id))).oldest_first()
        }
        Question::Busiest { when } => return busiest(*when, scope),
        Question::Address { ip, when } => entries().and(format!("ip = {}", literal(&ip.to_string()))).within(*when),
    };
    select.text(scope)
}

/// The statement that finds the newest time of an event; `None` for a moment, which is known.
pub fn event(event: &Event, scope: &Scope) -> Option<String> {
    let select = Select::new("time", "audit_logs");
    let select = match event {
        Event::At(_) => return None,
        Event::Entry(id) => select.and(format!("id = {}", literal(&id.to_string()))),
        Event::Deed { verb, target } => select.and(thing(target)).and(deed(verb)),
    };
    Some(format!("{}\nLIMIT 1", select.text(scope)))
}

fn busiest(when: When, scope: &Scope) -> String {
    let columns = "coalesce(actor_email, actor_name, actor_id) AS actor, count(*) AS entries, min(time) AS first, \
                   max(time) AS last";
    let select = Select::new(columns, "audit_logs").and(format!("{ACTOR} IS NOT NULL")).within(when);
    format!("{}\nGROUP BY {ACTOR}\nORDER BY entries DESC, actor", select.filtered(scope))
}

/// A text as a literal of SQL: in quotes, with quotes inside doubled. Backslashes mean themselves in this dialect.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn at(time: Timestamp) -> String {
    // Whole seconds without their nine zeros, to be read by people.
    literal(&time_text(time.nanos()).replace(".000000000Z", "Z"))
}

fn list(values: impl IntoIterator<Item = String>) -> String {
    let literals: Vec<String> = values.into_iter().map(|value| literal(&value)).collect();
    match literals.as_slice() {
        [one] => format!("= {one}"),
        _ => format!("IN ({})", literals.join(", ")),
    }
}

/// Entries about a thing. One without a type is taken by its id.
fn thing(target: &Target) -> String {
    let ids = [target.id.clone(), format!("#{}", target.id)];
    let id = format!("target_id {}", list(ids));
    // What has no digit may be a name.
    let named = !target.id.chars().any(|character| character.is_ascii_digit());
    let id = match named {
        true => format!("({id} OR lower(target_name) = {})", literal(&target.id.to_lowercase())),
        false => id,
    };
    match &target.kind {
        None => id,
        Some(kind) => format!("{id}\n  AND ({} OR target_type IS NULL)", of_type(kind)),
    }
}

fn of_type(kind: &str) -> String {
    format!("lower(target_type) {}", list(spellings(kind)))
}

/// Singular and plural; several words joined in every usual way.
fn spellings(kind: &str) -> Vec<String> {
    let (before, last) = kind.rsplit_once(' ').map_or(("", kind), |(before, last)| (before, last));
    let singular = singular(last);
    let mut all = Vec::new();
    for end in [plural(&singular), singular, last.to_owned()] {
        let whole = if before.is_empty() { end } else { format!("{before} {end}") };
        let joints: &[&str] = if before.is_empty() { &[""] } else { &[" ", "_", "-", ".", ""] };
        all.extend(joints.iter().map(|joint| whole.replace(' ', joint)));
    }
    all.sort();
    all.dedup();
    all
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let es = ["ses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end));
    let cut = if es { "es" } else { "s" };
    let kept = ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) || word.len() < 4;
    if kept { word.to_owned() } else { word.strip_suffix(cut).unwrap_or(word).to_owned() }
}

fn plural(word: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    if let Some(stem) = word.strip_suffix('y').filter(|_| !vowel_before_y) {
        return format!("{stem}ies");
    }
    let es = ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end));
    format!("{word}{}", if es { "es" } else { "s" })
}

fn deed(verb: &Verb) -> String {
    match &verb.meaning {
        Meaning::Words(words) => action_has(&words.join("|")),
        Meaning::Changed => {
            "(category IN ('mutation', 'configuration', 'authorization') OR array_length(changes) > 0)".to_owned()
        }
        Meaning::Read => "category = 'access'".to_owned(),
    }
}

/// Whether the action has one of the words, alone and not inside another. Only our own words come here.
fn action_has(words: &str) -> String {
    format!("{ACTION_WORDS} ~ '(^|[^a-z])({words})([^a-z]|$)'")
}

fn by(actor: &Option<String>) -> Option<String> {
    actor.as_deref().map(is_actor)
}

/// An id, an e-mail address, a name, or the first part of the latter two.
fn is_actor(actor: &str) -> String {
    let (as_is, lower) = (literal(actor), actor.to_lowercase());
    let mut any = vec![format!("actor_id = {as_is}"), format!("lower(actor_email) = {}", literal(&lower))];
    if !actor.contains('@') {
        any.push(format!("lower(actor_name) = {}", literal(&lower)));
        if !actor.contains(' ') {
            any.push(format!("starts_with(lower(actor_email), {})", literal(&format!("{lower}@"))));
            any.push(format!("starts_with(lower(actor_name), {})", literal(&format!("{lower} "))));
        }
    }
    format!("({})", any.join(" OR "))
}

/// `due date` finds `due_date` and `dueDate`.
fn is_field(field: &str) -> String {
    let plain: String = field.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
    format!("lower(regexp_replace(field, '[^[:alnum:]]', '', 'g')) = {}", literal(&plain))
}

fn is_request(id: &str) -> String {
    let digits: String = id.chars().filter(|character| *character != '-').collect();
    let correlation = format!("correlation_id = {}", literal(id));
    match digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => format!("({correlation} OR trace_id = {})", literal(&digits)),
        false => correlation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_in_singular_and_plural() {
        assert_eq!(spellings("orders"), ["order", "orders"]);
        assert_eq!(spellings("company"), ["companies", "company"]);
        assert_eq!(spellings("boxes"), ["box", "boxes"]);
        assert_eq!(spellings("address"), ["address", "addresses"]);
        assert!(spellings("purchase orders").contains(&"purchase_order".to_owned()));
    }

    #[test]
    fn a_literal_is_closed_only_at_its_end() {
        assert_eq!(literal("x' OR 'a'='a"), "'x'' OR ''a''=''a'");
        assert_eq!(literal(r"\'"), r"'\'''");
    }
}
