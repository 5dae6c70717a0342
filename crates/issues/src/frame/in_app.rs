//! Whether a frame is the application's own code.

use super::family::Family;
use super::names::Names;
use super::{csharp, go, java, javascript, native, php, python, ruby, rust};
use crate::event::Frame;
use crate::rules::Rules;

/// The decision and what made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InApp {
    pub in_app: bool,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A rule of the project, as it was written.
    Rule(String),
    /// The client said so.
    Client,
    /// What the frame's language knows of its libraries.
    Library(&'static str),
    /// Nothing says that it is somebody else's.
    Unmarked,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Why::Rule(rule) => write!(f, "by the rule {rule}"),
            Why::Client => f.write_str("the client says so"),
            Why::Library(what) => f.write_str(what),
            Why::Unmarked => f.write_str("nothing says otherwise"),
        }
    }
}

/// The project's rules decide first, then the client, then what is known of the language's libraries.
///
/// Clients in JavaScript and in Rust call nearly everything the application's, so there a known library wins over their
/// yes; and the runtimes that native programs stand on are never theirs.
pub fn decide(frame: &Frame<'_>, names: &Names, family: Family, platform: &str, rules: &Rules) -> InApp {
    if let Some((in_app, rule)) = rules.in_app(frame, platform) {
        return InApp { in_app, why: Why::Rule(rule.to_owned()) };
    }
    let trusts_yes = match family {
        Family::JavaScript | Family::Rust => false,
        Family::Native => native::runtime(names).is_none(),
        _ => true,
    };
    match frame.in_app {
        Some(false) => return InApp { in_app: false, why: Why::Client },
        Some(true) if trusts_yes => return InApp { in_app: true, why: Why::Client },
        _ => {}
    }
    let library = match family {
        Family::Python => python::library(frame),
        Family::JavaScript => javascript::library(frame, names),
        Family::Rust => rust::library(frame, names),
        Family::Native => native::library(frame).or_else(|| native::runtime(names)),
        Family::Go => go::library(frame, names),
        Family::Java => java::library(names),
        Family::Php => php::library(frame),
        Family::Ruby => ruby::library(frame),
        Family::CSharp => csharp::library(names),
        Family::Other => None,
    };
    match library {
        Some(what) => InApp { in_app: false, why: Why::Library(what) },
        None => InApp { in_app: true, why: if frame.in_app.is_some() { Why::Client } else { Why::Unmarked } },
    }
}
