//! The first algorithm. Frozen: what it makes of an event never changes, and golden fingerprints hold it to that.
//!
//! In order, the first that says something decides:
//!
//! 1. a rule of the project, else the client's `fingerprint`, with `{{ default }}` meaning what follows;
//! 2. a browser's report;
//! 3. exceptions: type and frames of the application, for every exception of the chain; the message only where type
//!    or stack say nothing;
//! 4. the stack of the event with its message;
//! 5. the place in a template;
//! 6. the message, without what varies;
//! 7. nothing: all such events of one transaction are one issue.
//!
//! Modules, top to bottom:

mod custom;
mod exceptions;
mod message;
mod stack;

use custom::Source;

use super::component::Component;
use crate::event::Event;
use crate::frame::stack_of_event;
use crate::rules::Rules;
use stack::Depth;

/// Separates these hashes from those of every other algorithm.
pub const DOMAIN: &str = "whodunit/grouping/v1";

/// Everything that was looked at; what counts makes the fingerprint.
pub fn components(event: &Event<'_>, rules: &Rules) -> Component {
    let default = || default(event, rules);
    if let Some(rule) = rules.fingerprint(event) {
        let parts: Vec<&str> = rule.parts.iter().map(String::as_str).collect();
        if custom::is_default(&parts) {
            return default();
        }
        return custom::custom(&parts, Source::Rule(&rule.text), event, rules, default);
    }
    let parts: Vec<&str> = event.fingerprint.iter().map(AsRef::as_ref).collect();
    match custom::is_default(&parts) {
        true => default(),
        false => custom::custom(&parts, Source::Client, event, rules, default),
    }
}

fn default(event: &Event<'_>, rules: &Rules) -> Component {
    if let Some(report) = message::report(event) {
        return Component::group("event", vec![report]);
    }
    let message = message::message(event);
    if let Some(exceptions) = exceptions::exceptions(event, rules, DOMAIN) {
        let message = message.map(|message| message.without("the exceptions say it better"));
        return Component::group("event", [Some(exceptions), message].into_iter().flatten().collect());
    }
    if let Some(stack) = stack_of_event(event) {
        let part = stack::stack(stack, event, rules, Depth::Normal);
        if part.is_enough {
            return Component::group("event", [Some(part.component), message].into_iter().flatten().collect());
        }
    }
    if let Some(template) = message::template(event) {
        let message = message.map(|message| message.without("the place in the template says it better"));
        return Component::group("event", [Some(template), message].into_iter().flatten().collect());
    }
    if let Some(message) = message {
        return Component::group("event", vec![message]);
    }
    let transaction = event.transaction.as_deref().unwrap_or("<no transaction>");
    let nothing = Component::leaf("transaction", transaction).because("the event has neither exception nor message");
    Component::group("event", vec![nothing])
}
