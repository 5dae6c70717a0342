//! A typed view of an error event as Sentry's clients send it.
//!
//! The problem: two hundred client versions in twenty languages send what they think an event is, and an event that
//! is wrong in one place is still worth all the others. The idea: a view that borrows from the parsed JSON and reads
//! what it knows; what has another type is left out and named in [`Event::skipped`], never an error. Unknown fields
//! are ignored: the raw event is kept by whoever received it.
//!
//! Modules, top to bottom:

mod report;
mod context;
mod stack;
mod read;
pub mod limits;

use std::cell::RefCell;

use serde_json::{Map, Value};

pub use context::{Breadcrumb, DebugImage, Request, Sdk, User};
pub use read::{Skipped, Text};
pub use report::{Report, ReportKind};
pub use stack::{Exception, Frame, Mechanism, Stack, Thread};

use crate::time::Time;
use limits::{FINGERPRINT_PARTS_MAX, MODULES_MAX, PARAMETERS_MAX, TAGS_MAX};
use read::{Fields, Notes, Place};

/// How bad it is, as the client says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Fatal,
}

impl Level {
    /// Reads the protocol's words, those of loggers (`warn`, `critical`, `log`), and Python's numbers.
    pub fn parse(text: &str) -> Option<Level> {
        const WORDS: &[(&str, Level)] = &[
            ("error", Level::Error),
            ("warning", Level::Warning),
            ("info", Level::Info),
            ("fatal", Level::Fatal),
            ("debug", Level::Debug),
            ("warn", Level::Warning),
            ("critical", Level::Fatal),
            ("log", Level::Info),
            ("notice", Level::Info),
            ("trace", Level::Debug),
            ("alert", Level::Fatal),
            ("emergency", Level::Fatal),
            ("10", Level::Debug),
            ("20", Level::Info),
            ("30", Level::Warning),
            ("40", Level::Error),
            ("50", Level::Fatal),
        ];
        let text = text.trim();
        WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, level)| *level)
    }

    pub(crate) fn from_json(value: &Value) -> Option<Level> {
        match value {
            Value::String(text) => Level::parse(text),
            Value::Number(number) => Level::parse(&number.to_string()),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
            Level::Fatal => "fatal",
        }
    }
}

/// A message and how it was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message<'a> {
    /// The text with its gaps: `user %s failed`. Equal to the message where the client knows no gaps.
    pub template: Option<Text<'a>>,
    pub parameters: Vec<Text<'a>>,
    /// The text as people read it.
    pub formatted: Option<Text<'a>>,
}

impl Message<'_> {
    /// As people read it.
    pub fn text(&self) -> &str {
        self.formatted.as_deref().or(self.template.as_deref()).unwrap_or_default()
    }
}

/// Where a template engine failed (an old interface of the protocol).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template<'a> {
    pub filename: Option<Text<'a>>,
    pub abs_path: Option<Text<'a>>,
    pub line: Option<u64>,
    pub context_line: Option<Text<'a>>,
}

/// An event, borrowed from its JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event<'a> {
    /// 32 hexadecimal digits in lower case; `None` if it is missing or no id.
    pub event_id: Option<String>,
    pub time: Option<Time>,
    /// The language in the client's word: `python`, `javascript`, `node`, `native`, `other`.
    pub platform: Option<Text<'a>>,
    pub level: Option<Level>,
    pub logger: Option<Text<'a>>,
    pub transaction: Option<Text<'a>>,
    pub server_name: Option<Text<'a>>,
    pub release: Option<Text<'a>>,
    pub dist: Option<Text<'a>>,
    pub environment: Option<Text<'a>>,
    pub message: Option<Message<'a>>,
    /// The chain of exceptions, root cause first: the last one is what was thrown.
    pub exceptions: Vec<Exception<'a>>,
    /// A stack of the event itself, from clients that know no threads.
    pub stack: Option<Stack<'a>>,
    pub threads: Vec<Thread<'a>>,
    pub template: Option<Template<'a>>,
    pub report: Option<Report<'a>>,
    pub breadcrumbs: Vec<Breadcrumb<'a>>,
    pub request: Option<Request<'a>>,
    pub user: Option<User<'a>>,
    pub tags: Vec<(Text<'a>, Text<'a>)>,
    pub extra: Option<&'a Map<String, Value>>,
    pub contexts: Option<&'a Map<String, Value>>,
    pub sdk: Option<Sdk<'a>>,
    pub fingerprint: Vec<Text<'a>>,
    pub modules: Vec<(Text<'a>, Text<'a>)>,
    pub images: Vec<DebugImage<'a>>,
    /// What was left out and why; the first [`limits::SKIPPED_NAMED_MAX`].
    pub skipped: Vec<Skipped>,
    /// How many more were left out without being named.
    pub skipped_more: usize,
}

impl<'a> Event<'a> {
    /// Reads an event. Never fails: a document that is no object is an event of nothing, and says so.
    pub fn read(document: &'a Value) -> Event<'a> {
        let Value::Object(map) = document else {
            let skipped = vec![Skipped { path: String::new(), why: "expected an object".to_owned() }];
            return Event { skipped, ..Event::default() };
        };
        let notes = RefCell::new(Notes::default());
        let place = Place::ROOT;
        let mut event = read(&Fields::new(map, &place, &notes));
        let notes = notes.into_inner();
        (event.skipped, event.skipped_more) = (notes.named, notes.unnamed);
        event
    }

    pub fn tag(&self, name: &str) -> Option<&str> {
        self.tags.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }

    /// The exception that was thrown: the last of the chain.
    pub fn thrown(&self) -> Option<&Exception<'a>> {
        self.exceptions.last()
    }

    /// Whether something caught it, if the client says.
    pub fn handled(&self) -> Option<bool> {
        let mechanism = |exception: &Exception<'_>| exception.mechanism.as_ref().and_then(|one| one.handled);
        self.exceptions.iter().rev().find_map(mechanism)
    }
}

fn read<'a>(fields: &Fields<'a, '_>) -> Event<'a> {
    let filled = |text: Option<Text<'a>>| text.filter(|text| !text.trim().is_empty());
    Event {
        event_id: fields.typed("event_id", "expected 32 hexadecimal digits", event_id),
        time: fields.time("timestamp"),
        platform: filled(fields.text("platform")),
        level: fields.typed("level", "expected a level", Level::from_json),
        logger: filled(fields.text("logger")),
        transaction: filled(fields.text("transaction")).or_else(|| filled(fields.text("culprit"))),
        server_name: filled(fields.text("server_name")),
        release: filled(fields.scalar("release")),
        dist: filled(fields.scalar("dist")),
        environment: filled(fields.text("environment")),
        message: message(fields),
        exceptions: stack::exceptions(fields),
        stack: stack::stack(fields, "stacktrace"),
        threads: stack::threads(fields),
        template: fields.object("template", |fields| Template {
            filename: fields.text("filename"),
            abs_path: fields.text("abs_path"),
            line: fields.integer("lineno"),
            context_line: fields.text("context_line"),
        }),
        report: report::report(fields),
        breadcrumbs: context::breadcrumbs(fields),
        request: fields.object("request", |fields| context::request(&fields)),
        user: fields.object("user", |fields| context::user(&fields)),
        tags: fields.pairs("tags", TAGS_MAX),
        extra: fields.map("extra"),
        contexts: fields.map("contexts"),
        sdk: fields.object("sdk", |fields| context::sdk(&fields)),
        fingerprint: fields.texts("fingerprint", FINGERPRINT_PARTS_MAX),
        modules: fields.pairs("modules", MODULES_MAX),
        images: fields.object("debug_meta", |fields| context::images(&fields)).unwrap_or_default(),
        skipped: Vec::new(),
        skipped_more: 0,
    }
}

/// 32 hexadecimal digits, with or without dashes.
fn event_id(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let digits: String = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).take(33).collect();
    (digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
}

/// `logentry` if it says something, else `message`, each a text or an object.
fn message<'a>(fields: &Fields<'a, '_>) -> Option<Message<'a>> {
    ["logentry", "message"].into_iter().find_map(|key| {
        let message = match fields.value(key)? {
            Value::Object(_) => fields.object(key, |fields| Message {
                template: fields.scalar("message"),
                parameters: parameters(&fields),
                formatted: fields.scalar("formatted"),
            })?,
            _ => Message { template: fields.scalar(key), ..Message::default() },
        };
        (!message.text().trim().is_empty()).then_some(message)
    })
}

/// A list, or an object of named parameters.
fn parameters<'a>(fields: &Fields<'a, '_>) -> Vec<Text<'a>> {
    match fields.value("params") {
        Some(Value::Object(_)) => fields.pairs("params", PARAMETERS_MAX).into_iter().map(|(_, value)| value).collect(),
        Some(Value::Array(items)) => {
            // A parameter may be anything that the application logged.
            let write = |item: &'a Value| item.as_str().map_or_else(|| item.to_string().into(), Text::Borrowed);
            items.iter().take(PARAMETERS_MAX).map(write).collect()
        }
        Some(_) => {
            fields.leave("params", "expected a list or an object");
            Vec::new()
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
