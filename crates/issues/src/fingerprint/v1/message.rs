//! Events without exceptions: messages, templates, browsers' reports.

use crate::event::{Event, Report, ReportKind};
use crate::fingerprint::component::Component;
use crate::parameterise::{headline, parameterise};

/// What varies is taken out of a text, of which two lines count.
pub fn plain(text: &str) -> String {
    parameterise(&headline(text)).into_owned()
}

/// The template of the message, else its text.
pub fn message(event: &Event<'_>) -> Option<Component> {
    let message = event.message.as_ref()?;
    let template = message.template.as_deref().filter(|template| !template.trim().is_empty());
    let plain = plain(template.unwrap_or(message.text()));
    (!plain.is_empty()).then(|| Component::leaf("message", plain))
}

/// A template engine's place: file and line of source, not its number.
pub fn template(event: &Event<'_>) -> Option<Component> {
    let template = event.template.as_ref()?;
    let file = template.filename.as_deref().or(template.abs_path.as_deref())?;
    let mut parts = vec![Component::leaf("file", file)];
    if let Some(line) = template.context_line.as_deref().map(str::trim).filter(|line| !line.is_empty()) {
        parts.push(Component::leaf("source line", line));
    }
    Some(Component::group("template", parts))
}

/// What was violated, and by whom; not the page on which it happened.
pub fn report(event: &Event<'_>) -> Option<Component> {
    let report = event.report.as_ref()?;
    let mut parts = vec![Component::leaf("kind", report.kind.name())];
    if let Some(directive) = &report.directive {
        let name = directive.split_whitespace().next().unwrap_or_default();
        parts.push(Component::leaf("directive", name.to_ascii_lowercase()));
    }
    if report.kind == ReportKind::Csp {
        parts.push(Component::leaf("blocked", blocked(report)));
    } else if let Some(host) = report.hostname.as_deref().or(report.document.as_deref().and_then(host)) {
        parts.push(Component::leaf("host", host.to_ascii_lowercase()));
    }
    Some(Component::group("report", parts))
}

/// The host of what was blocked, `self` for the page's own, or the word or scheme that stands there.
fn blocked(report: &Report<'_>) -> String {
    let blocked = report.blocked.as_deref().unwrap_or("self").trim();
    let own = report.document.as_deref().and_then(host);
    match host(blocked) {
        Some(host) if own.is_some_and(|own| own.eq_ignore_ascii_case(host)) => "self".to_owned(),
        Some(host) => host.to_ascii_lowercase(),
        // `inline`, `eval`, `data:image/png;base64,…`, `blob`.
        None => blocked.split(':').next().unwrap_or(blocked).trim_matches('\'').to_ascii_lowercase(),
    }
}

/// The host of an address with a scheme; extensions are known by their scheme alone.
fn host(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    if scheme.ends_with("-extension") {
        return Some(scheme);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some(host.split(':').next().unwrap_or(host))
}
