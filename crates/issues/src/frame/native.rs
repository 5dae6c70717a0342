//! C, C++, Objective-C and Swift: arguments, templates and lambdas go; files and addresses say nothing.

use super::brackets;
use super::names::{Names, is_inside, text};
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = match text(&frame.function) {
        "" => text(&frame.symbol),
        function => function,
    };
    let plain = plain(raw);
    let (module, function) = match plain.rsplit_once("::") {
        Some((module, function)) => (module.to_owned(), function.to_owned()),
        None => (text(&frame.module).to_owned(), plain),
    };
    let is_unknown = matches!(function.as_str(), "<unknown>" | "?" | "??") || function.starts_with("0x");
    Names { module, function: if is_unknown { String::new() } else { function }, file: String::new(), noise: None }
}

fn plain(raw: &str) -> String {
    // Objective-C's methods are their whole text: `-[Cart totalFor:]`.
    if raw.starts_with("-[") || raw.starts_with("+[") || raw.contains("operator") {
        return raw.to_owned();
    }
    let raw = raw.replace("(anonymous namespace)", "{anonymous}").replace("'lambda'", "{lambda}");
    // Swift: `closure #1 in Cart.total()`.
    let raw = match raw.rsplit_once(" in ") {
        Some((part, function)) if part.starts_with("closure #") || part.contains(" closure #") => function.to_owned(),
        _ => raw,
    };
    let raw = brackets::without(&brackets::without(&raw, '<', '>'), '(', ')');
    let raw = raw.trim().trim_end_matches(" const").trim_end_matches(" volatile").trim();
    // What is left of a space is the type that the function returns.
    let raw = raw.rsplit(' ').next().unwrap_or(raw);
    raw.split("::").filter(|name| !name.starts_with("$_") && *name != "{lambda}").collect::<Vec<_>>().join("::")
}

pub fn library(frame: &Frame<'_>) -> Option<&'static str> {
    const SYSTEM: &[&str] = &[
        "/usr/lib",
        "/lib/",
        "/lib64/",
        "/System/Library/",
        "/usr/libexec",
        "/apex/",
        "/system/",
        "/vendor/lib",
        "linux-gate",
        "C:\\Windows\\",
        "C:/Windows/",
    ];
    let package = text(&frame.package);
    SYSTEM.iter().any(|start| package.starts_with(start)).then_some("a library of the system")
}

/// What no application is, by its name: the languages' own libraries, what starts and ends a process, and how a program
/// in Rust breaks, which is not known to be one. Names that an application may well have stay out.
pub fn runtime(names: &Names) -> Option<&'static str> {
    const MODULES: &[&str] = &[
        "std",
        "__cxxabiv1",
        "__gnu_cxx",
        "core::panicking",
        "core::ops::function",
        "core::option",
        "core::result",
        "alloc::boxed",
        "tokio::runtime",
        "sentry_core",
        "sentry_panic",
        "sentry_backtrace",
    ];
    const SYMBOLS: &[&str] = &[
        "rust_begin_unwind",
        "rust_panic",
        "_Unwind_RaiseException",
        "_Unwind_Backtrace",
        "_Unwind_Resume",
        "_start",
        "start_thread",
        "clone3",
        "gsignal",
        "abort",
    ];
    let is_symbol =
        names.module.is_empty() && (SYMBOLS.contains(&&*names.function) || names.function.starts_with("__"));
    (is_symbol || is_inside(&names.module, MODULES, "::")).then_some("the language's own library")
}
