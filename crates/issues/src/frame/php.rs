//! PHP: the class stands in the function; closures and anonymous classes carry files and lines.

use super::names::{Names, file, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = text(&frame.function);
    let (class, function) = raw.split_once("::").unwrap_or((text(&frame.module), raw));
    let path = path::clean(file(frame));
    let path = path.split("(").next().unwrap_or(&path).to_owned();
    let is_view = path_has(frame, &["/framework/views/", "/cache/twig/", "/templates_c/", "/smarty/compile/"]);
    Names {
        module: self::class(class),
        function: if is_view { String::new() } else { self::function(function) },
        file: match path::after_last(&path, &["/vendor/"]) {
            Some(inside) => inside.to_owned(),
            None if is_view => "<compiled template>".to_owned(),
            None => path::stable(&path),
        },
        noise: None,
    }
}

/// `class@anonymous` and its parent, without the file behind it; templates without their hash.
fn class(raw: &str) -> String {
    if let Some(at) = raw.find("@anonymous") {
        return raw[..at + "@anonymous".len()].to_owned();
    }
    match raw.find("__TwigTemplate_") {
        Some(at) => raw[..at + "__TwigTemplate".len()].to_owned(),
        None => raw.trim_start_matches('\\').to_owned(),
    }
}

/// `{closure:Shop\Cart::total():42}` is `{closure}`, as PHP before 8.4 calls it. Namespaces before it stay.
fn function(raw: &str) -> String {
    match raw.find("{closure") {
        Some(at) => format!("{}{{closure}}", &raw[..at]),
        None if matches!(raw, "include" | "include_once" | "require" | "require_once" | "{main}") => String::new(),
        None => raw.trim_start_matches('\\').to_owned(),
    }
}

pub fn library(frame: &Frame<'_>) -> Option<&'static str> {
    if path_has(frame, &["/vendor/", "\\vendor\\"]) {
        return Some("an installed package");
    }
    path_has(frame, &["[internal]", "/pear/"]).then_some("PHP's own library")
}
