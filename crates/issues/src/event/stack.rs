//! Exceptions, threads and the stacks they carry.

use serde_json::{Map, Value};

use super::limits::{CONTEXT_LINES_MAX, EXCEPTIONS_MAX, FRAMES_MAX, THREADS_MAX};
use super::read::{Fields, Keep, Text};

/// One frame as a client sent it. Everything is optional; which names are filled differs per language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame<'a> {
    pub function: Option<Text<'a>>,
    pub raw_function: Option<Text<'a>>,
    pub module: Option<Text<'a>>,
    pub filename: Option<Text<'a>>,
    pub abs_path: Option<Text<'a>>,
    pub package: Option<Text<'a>>,
    pub symbol: Option<Text<'a>>,
    /// The language of this frame, where it differs from the event's (React Native, Unity, JNI).
    pub platform: Option<Text<'a>>,
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub context_line: Option<Text<'a>>,
    pub pre_context: Vec<Text<'a>>,
    pub post_context: Vec<Text<'a>>,
    /// What the client thinks; `None` when it says nothing.
    pub in_app: Option<bool>,
    pub variables: Option<&'a Map<String, Value>>,
    pub instruction_address: Option<Text<'a>>,
    pub symbol_address: Option<Text<'a>>,
    pub image_address: Option<Text<'a>>,
}

impl Frame<'_> {
    /// The longest path that is known of the frame.
    pub fn path(&self) -> Option<&str> {
        self.abs_path.as_deref().or(self.filename.as_deref()).filter(|path| !path.is_empty())
    }
}

/// A stack, outermost call first: the last frame is where it broke.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stack<'a> {
    pub frames: Vec<Frame<'a>>,
    /// The stack as the engine printed it, from clients that do not take it apart.
    pub text: Option<Text<'a>>,
}

/// How an exception came to be reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mechanism<'a> {
    pub kind: Option<Text<'a>>,
    pub description: Option<Text<'a>>,
    /// False if nothing caught it.
    pub handled: Option<bool>,
    /// The exception was made by the client to have something to send: its type says nothing.
    pub synthetic: bool,
    pub source: Option<Text<'a>>,
    pub exception_id: Option<u64>,
    pub parent_id: Option<u64>,
    pub is_group: bool,
}

/// One exception of a chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exception<'a> {
    pub kind: Option<Text<'a>>,
    pub value: Option<Text<'a>>,
    pub module: Option<Text<'a>>,
    pub thread_id: Option<Text<'a>>,
    pub mechanism: Option<Mechanism<'a>>,
    pub stack: Option<Stack<'a>>,
}

/// A thread at the time of the event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thread<'a> {
    pub id: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub crashed: bool,
    pub current: bool,
    pub main: bool,
    pub state: Option<Text<'a>>,
    pub stack: Option<Stack<'a>>,
}

pub(super) fn exceptions<'a>(event: &Fields<'a, '_>) -> Vec<Exception<'a>> {
    // The first clients of the protocol called it by the name of its interface.
    let key = if event.value("exception").is_some() { "exception" } else { "sentry.interfaces.Exception" };
    event.objects(key, Keep::Last(EXCEPTIONS_MAX), |fields| Exception {
        kind: fields.scalar("type"),
        value: value(&fields),
        module: fields.text("module"),
        thread_id: fields.scalar("thread_id"),
        mechanism: fields.object("mechanism", |fields| mechanism(&fields)),
        stack: stack(&fields, "stacktrace"),
    })
}

pub(super) fn threads<'a>(event: &Fields<'a, '_>) -> Vec<Thread<'a>> {
    event.objects("threads", Keep::First(THREADS_MAX), |fields| Thread {
        id: fields.scalar("id"),
        name: fields.scalar("name"),
        crashed: fields.boolean("crashed").unwrap_or(false),
        current: fields.boolean("current").unwrap_or(false),
        main: fields.boolean("main").unwrap_or(false),
        state: fields.text("state"),
        stack: stack(&fields, "stacktrace"),
    })
}

/// A stack under `key`: an object with frames, or the text that the engine printed.
pub(super) fn stack<'a>(fields: &Fields<'a, '_>, key: &str) -> Option<Stack<'a>> {
    if let Some(Value::String(text)) = fields.value(key) {
        return Some(Stack { frames: Vec::new(), text: Some(text.as_str().into()) });
    }
    fields.object(key, |fields| Stack {
        frames: fields.objects("frames", Keep::BothEnds(FRAMES_MAX), |fields| frame(&fields)),
        text: None,
    })
}

/// The value of an exception is a text; some clients send the thrown object itself.
fn value<'a>(fields: &Fields<'a, '_>) -> Option<Text<'a>> {
    match fields.value("value") {
        Some(value @ (Value::Object(_) | Value::Array(_))) => Some(value.to_string().into()),
        _ => fields.scalar("value"),
    }
}

fn mechanism<'a>(fields: &Fields<'a, '_>) -> Mechanism<'a> {
    Mechanism {
        kind: fields.text("type"),
        description: fields.text("description"),
        handled: fields.boolean("handled"),
        synthetic: fields.boolean("synthetic").unwrap_or(false),
        source: fields.text("source"),
        exception_id: fields.integer("exception_id"),
        parent_id: fields.integer("parent_id"),
        is_group: fields.boolean("is_exception_group").unwrap_or(false),
    }
}

fn frame<'a>(fields: &Fields<'a, '_>) -> Frame<'a> {
    Frame {
        function: fields.text("function"),
        raw_function: fields.text("raw_function"),
        module: fields.text("module"),
        filename: fields.text("filename"),
        abs_path: fields.text("abs_path"),
        package: fields.text("package"),
        symbol: fields.text("symbol"),
        platform: fields.text("platform"),
        line: fields.integer("lineno"),
        column: fields.integer("colno"),
        context_line: fields.text("context_line"),
        pre_context: fields.texts("pre_context", CONTEXT_LINES_MAX),
        post_context: fields.texts("post_context", CONTEXT_LINES_MAX),
        in_app: fields.boolean("in_app"),
        variables: fields.map("vars"),
        instruction_address: fields.scalar("instruction_addr"),
        symbol_address: fields.scalar("symbol_addr"),
        image_address: fields.scalar("image_addr"),
    }
}
