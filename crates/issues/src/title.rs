//! What an issue is called in lists: the type, the first line of the message, and where it broke.

use crate::event::{Event, Report};
use crate::frame::first_in_app;
use crate::parameterise::cut;
use crate::rules::Rules;

/// Bytes of a title's message.
pub const MESSAGE_BYTES_MAX: usize = 512;
/// Bytes of a title's type and of a culprit.
pub const NAME_BYTES_MAX: usize = 256;

/// The title of an issue, from one of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// The type of what was thrown; empty for messages.
    pub kind: String,
    /// The first line that is not empty; empty if there is none.
    pub message: String,
    /// `function (module or file)` of the first frame of the application, else the transaction, else the logger.
    pub culprit: String,
}

impl Title {
    pub fn of(event: &Event<'_>, rules: &Rules) -> Title {
        let (kind, message) = kind_and_message(event);
        Title {
            kind: cut(kind.trim(), NAME_BYTES_MAX).to_owned(),
            message: cut(first_line(&message), MESSAGE_BYTES_MAX).to_owned(),
            culprit: cut(&culprit(event, rules), NAME_BYTES_MAX).to_owned(),
        }
    }

    /// `KeyError: 'price'`, or whichever part there is.
    pub fn text(&self) -> String {
        match (self.kind.as_str(), self.message.as_str()) {
            ("", "") => "event without a message".to_owned(),
            ("", message) => message.to_owned(),
            (kind, "") => kind.to_owned(),
            (kind, message) => format!("{kind}: {message}"),
        }
    }
}

fn kind_and_message(event: &Event<'_>) -> (String, String) {
    if let Some(report) = &event.report {
        return (String::new(), report_message(report));
    }
    let message = || event.message.as_ref().map(|message| message.text().to_owned()).unwrap_or_default();
    // What only holds other exceptions is called by the first that it holds.
    let is_group =
        |one: &&crate::event::Exception<'_>| !one.mechanism.as_ref().is_some_and(|mechanism| mechanism.is_group);
    let Some(thrown) = event.exceptions.iter().rev().find(is_group).or(event.thrown()) else {
        let template = event.template.as_ref().and_then(|template| template.filename.as_deref());
        return match (template, message()) {
            (Some(file), text) if text.is_empty() => (String::new(), format!("template {file}")),
            (_, text) => (String::new(), text),
        };
    };
    let synthetic = thrown.mechanism.as_ref().is_some_and(|mechanism| mechanism.synthetic);
    let kind = thrown.kind.as_deref().filter(|_| !synthetic || thrown.value.is_none()).unwrap_or_default();
    let value = thrown.value.as_deref().map(str::to_owned).filter(|value| !value.trim().is_empty());
    (kind.to_owned(), value.unwrap_or_else(message))
}

fn report_message(report: &Report<'_>) -> String {
    let directive = report.directive.as_deref().unwrap_or("a policy");
    match (&report.blocked, &report.hostname) {
        (Some(blocked), _) => format!("{}: blocked {blocked} by {directive}", report.kind.name()),
        (None, Some(host)) => format!("{}: {host}", report.kind.name()),
        (None, None) => format!("{}: {directive}", report.kind.name()),
    }
}

/// Where it broke: the first frame of the application, else the transaction, else the logger.
pub fn culprit(event: &Event<'_>, rules: &Rules) -> String {
    let frame = first_in_app(event, rules).map(|normal| {
        let (function, place) = (normal.names.function.as_str(), normal.names.place());
        match (function, place) {
            ("", place) => place.to_owned(),
            (function, "") => function.to_owned(),
            (function, place) => format!("{function} ({place})"),
        }
    });
    let other = event.transaction.as_deref().or(event.logger.as_deref()).unwrap_or_default();
    frame.unwrap_or_else(|| other.to_owned())
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(document: Value) -> Title {
        Title::of(&Event::read(&document), &Rules::default())
    }

    #[test]
    fn exceptions_are_called_by_type_message_and_first_frame_of_the_application() {
        let title = of(json!({"platform": "python", "transaction": "cart", "exception": {"values": [
            {"type": "KeyError", "value": "'a'"},
            {"type": "RuntimeError", "value": "\n no total\nfor 17", "stacktrace": {"frames": [
                {"module": "shop.cart", "function": "total", "in_app": true},
                {"module": "flask.app", "function": "run", "in_app": false}]}}]}}));
        assert_eq!((title.text().as_str(), title.culprit.as_str()), ("RuntimeError: no total", "total (shop.cart)"));
    }

    #[test]
    fn what_has_no_type_is_called_by_what_it_says() {
        assert_eq!(of(json!({"message": "slow", "transaction": "cart"})).culprit, "cart");
        assert_eq!(of(json!({"message": "slow"})).text(), "slow");
        assert_eq!(of(json!({})).text(), "event without a message");
        let synthetic = json!({"exception": {"type": "Error", "value": "hello", "mechanism": {"synthetic": true}}});
        assert_eq!(of(synthetic).text(), "hello");
        let csp = json!({"csp": {"effective_directive": "img-src", "blocked_uri": "https://x.example.com/a.png"}});
        assert_eq!(of(csp).text(), "csp: blocked https://x.example.com/a.png by img-src");
    }

    #[test]
    fn groups_are_called_by_what_failed_in_them() {
        let document = json!({"exception": {"values": [{"type": "ValueError", "value": "x"},
            {"type": "ExceptionGroup", "value": "unhandled", "mechanism": {"is_exception_group": true}}]}});
        assert_eq!(of(document).text(), "ValueError: x");
    }

    #[test]
    fn titles_are_bounded() {
        let title = of(json!({"exception": {"type": "é".repeat(1000), "value": "é".repeat(1000)}}));
        assert!(title.kind.len() <= NAME_BYTES_MAX && title.message.len() <= MESSAGE_BYTES_MAX);
    }
}
