//! Fingerprints that a client or a rule sets, with variables.

use super::DOMAIN;
use super::message::plain;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::component::Component;
use crate::frame::first_in_app;
use crate::rules::Rules;

/// Who set the fingerprint.
pub enum Source<'r> {
    Client,
    Rule(&'r str),
}

/// Whether the parts ask for nothing but the default.
pub fn is_default(parts: &[&str]) -> bool {
    parts.is_empty() || matches!(parts, [one] if variable(one) == Some("default"))
}

/// The parts with their variables filled in. `default` stands for what would count otherwise.
pub fn custom(
    parts: &[&str],
    source: Source<'_>,
    event: &Event<'_>,
    rules: &Rules,
    default: impl Fn() -> Component,
) -> Component {
    let children = parts.iter().map(|part| match variable(part) {
        Some("default") => Component { name: "part", ..Component::group("part", vec![default()]) },
        _ => Component::leaf("part", fill(part, event, rules, &default)),
    });
    let component = Component::group("fingerprint", children.collect());
    match source {
        Source::Client => component.because("set by the client"),
        Source::Rule(rule) => component.because(format!("set by the rule {rule}")),
    }
}

/// The name, if the whole part is one variable: `{{ default }}`, `{{default}}`.
fn variable(part: &str) -> Option<&str> {
    let name = part.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (!name.contains(['{', '}'])).then_some(name)
}

/// The part with every variable replaced; what is no variable stays as it is.
fn fill(part: &str, event: &Event<'_>, rules: &Rules, default: &impl Fn() -> Component) -> String {
    let mut out = String::new();
    let mut rest = part;
    while let Some(open) = rest.find("{{") {
        let Some(close) = rest[open..].find("}}").map(|at| open + at) else { break };
        out.push_str(&rest[..open]);
        match rest[open + 2..close].trim() {
            // Inside of other text there is no room for the default's parts, so their hash stands for them.
            "default" => out.push_str(&Fingerprint(default().digest(DOMAIN)).to_string()),
            name => match value(name, event, rules) {
                Some(value) => out.push_str(&value),
                None => out.push_str(&rest[open..close + 2]),
            },
        }
        rest = &rest[close + 2..];
    }
    out.push_str(rest);
    out
}

/// The value of a variable; what the event does not have is `<no …>`. `None` if there is no such variable.
fn value(name: &str, event: &Event<'_>, rules: &Rules) -> Option<String> {
    let thrown = event.thrown();
    let names = || first_in_app(event, rules).map(|normal| normal.names);
    let filled = |value: String| Some(value).filter(|value| !value.is_empty());
    let text = |text: Option<&str>| text.map(str::to_owned);
    let value = match name {
        "type" | "error.type" => thrown.and_then(|thrown| text(thrown.kind.as_deref())),
        "value" | "error.value" => thrown.and_then(|thrown| thrown.value.as_deref()).map(plain),
        "message" => match &event.message {
            Some(message) => Some(plain(message.template.as_deref().unwrap_or(message.text()))),
            None => thrown.and_then(|thrown| thrown.value.as_deref()).map(plain),
        },
        "function" | "stack.function" => names().and_then(|names| filled(names.function)),
        "module" | "stack.module" => names().and_then(|names| filled(names.module)),
        "file" | "path" | "stack.abs_path" | "stack.filename" => names().and_then(|names| filled(names.file)),
        "transaction" => text(event.transaction.as_deref()),
        "level" => event.level.map(|level| level.name().to_owned()),
        "logger" => text(event.logger.as_deref()),
        "release" => text(event.release.as_deref()),
        "environment" => text(event.environment.as_deref()),
        "platform" => text(event.platform.as_deref()),
        "server_name" => text(event.server_name.as_deref()),
        _ => match name.strip_prefix("tags.") {
            Some(tag) => text(event.tag(tag.trim())),
            None => return None,
        },
    };
    Some(value.unwrap_or_else(|| format!("<no {name}>")))
}
