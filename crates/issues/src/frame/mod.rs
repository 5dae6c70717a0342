//! Frames without what differs between two runs of the same code: line numbers, hashes, versions, install paths,
//! the numbers of closures; and whether a frame is the application's own.
//!
//! Every language has one file that says what its names mean. The result is part of an algorithm's version: a change
//! here changes fingerprints.
//!
//! Modules, top to bottom:

mod in_app;
mod family;
mod python;
mod javascript;
mod rust;
mod native;
mod go;
mod java;
mod php;
mod ruby;
mod csharp;
mod names;
mod brackets;
mod path;
pub mod stack_text;

use std::borrow::Cow;

pub use family::Family;
pub use in_app::{InApp, Why};
pub use names::Names;

use crate::event::{Event, Frame, Stack};
use crate::rules::Rules;

/// A frame as grouping sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    pub family: Family,
    pub names: Names,
    pub in_app: InApp,
}

/// The frames of a stack; a stack that came as text is taken apart.
pub fn frames_of<'s>(stack: &'s Stack<'s>) -> Cow<'s, [Frame<'s>]> {
    match stack.text.as_deref() {
        Some(text) if stack.frames.is_empty() => Cow::Owned(stack_text::parse(text)),
        _ => Cow::Borrowed(&stack.frames),
    }
}

/// The stack of the event itself: that of the thread that crashed or was running, else the one without a thread.
pub fn stack_of_event<'e, 'a>(event: &'e Event<'a>) -> Option<&'e Stack<'a>> {
    let with_stack = || event.threads.iter().filter(|thread| thread.stack.is_some());
    let thread = with_stack().find(|thread| thread.crashed).or_else(|| with_stack().find(|thread| thread.current));
    let only = || with_stack().next().filter(|_| with_stack().count() == 1);
    thread.or_else(only).and_then(|thread| thread.stack.as_ref()).or(event.stack.as_ref())
}

/// The frame that people look at first: the innermost of the application in what was thrown, else the innermost.
pub fn first_in_app(event: &Event<'_>, rules: &Rules) -> Option<Normal> {
    let thrown = event.exceptions.iter().rev().find_map(|exception| exception.stack.as_ref());
    let frames = frames_of(thrown.or_else(|| stack_of_event(event))?);
    let mut innermost = None;
    for frame in frames.iter().rev() {
        let normal = normalise(frame, event, rules);
        let is_nameless = normal.names.function.is_empty() && normal.names.place().is_empty();
        if normal.names.noise.is_some() || is_nameless {
            continue;
        }
        if normal.in_app.in_app {
            return Some(normal);
        }
        innermost = innermost.or(Some(normal));
    }
    innermost
}

/// Normalises one frame of an event.
pub fn normalise(frame: &Frame<'_>, event: &Event<'_>, rules: &Rules) -> Normal {
    let family = Family::of(frame, event);
    let names = match family {
        Family::Python => python::names(frame),
        Family::JavaScript => javascript::names(frame),
        Family::Rust => rust::names(frame),
        Family::Native => native::names(frame),
        Family::Go => go::names(frame),
        Family::Java => java::names(frame),
        Family::Php => php::names(frame),
        Family::Ruby => ruby::names(frame),
        Family::CSharp => csharp::names(frame),
        Family::Other => other(frame),
    };
    let platform = event.platform.as_deref().unwrap_or_default();
    let in_app = in_app::decide(frame, &names, family, platform, rules);
    Normal { family, names, in_app }
}

/// The type of an exception without numbers and hashes; empty if it says nothing.
pub fn type_name(kind: &str, family: Family) -> String {
    let kind = kind.trim();
    match family {
        Family::Java => java::class(kind),
        Family::CSharp => kind.split('`').next().unwrap_or(kind).to_owned(),
        // A class that a minifier has named.
        Family::JavaScript if kind.chars().count() <= 2 => String::new(),
        _ => kind.to_owned(),
    }
}

/// Frames of a language that we do not know are taken as they are.
fn other(frame: &Frame<'_>) -> Names {
    Names {
        module: names::text(&frame.module).to_owned(),
        function: names::text(&frame.function).to_owned(),
        file: path::stable(&path::clean(names::file(frame))),
        noise: None,
    }
}

#[cfg(test)]
mod tests;
