//! Go: packages carry versions, functions receivers, type arguments and numbered closures.

use super::brackets;
use super::names::{Names, file, is_inside, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = text(&frame.function);
    let (module, function) = match text(&frame.module) {
        "" => split_package(raw),
        module => (module, raw),
    };
    let receiver = brackets::without(function, '[', ']').replace("(*", "").replace([')', '('], "");
    let receiver = receiver.strip_suffix("-fm").unwrap_or(&receiver);
    let kept: Vec<&str> = receiver.split('.').map(without_range).filter(|name| !is_generated(name)).collect();
    let path = path::clean(file(frame));
    Names {
        module: package(module),
        function: kept.join("."),
        file: match path::after_last(&path, &["/pkg/mod/", "/vendor/"]) {
            Some(inside) => package(inside),
            None => path::stable(&path),
        },
        noise: None,
    }
}

/// `github.com/acme/shop.(*Cart).Total` is a package and a function.
fn split_package(raw: &str) -> (&str, &str) {
    let start = raw.rfind('/').map_or(0, |at| at + 1);
    match raw[start..].find('.') {
        Some(dot) => (&raw[..start + dot], &raw[start + dot + 1..]),
        None => ("", raw),
    }
}

/// Without versions: `github.com/jackc/pgx/v5@v5.1.0/pgxpool` is `github.com/jackc/pgx/pgxpool`.
fn package(module: &str) -> String {
    let names = module.split('/').map(|name| name.split('@').next().unwrap_or(name));
    let is_major =
        |name: &str| name.len() > 1 && name.starts_with('v') && name[1..].bytes().all(|byte| byte.is_ascii_digit());
    names.filter(|name| !is_major(name)).collect::<Vec<_>>().join("/")
}

/// The body of a loop over a function: `Total-range1`.
fn without_range(name: &str) -> &str {
    name.split_once("-range").map_or(name, |(name, _)| name)
}

/// Closures belong to the function that holds them: `func1`, `1`, `gowrap2`, `deferwrap1`.
fn is_generated(name: &str) -> bool {
    let rest = ["func", "gowrap", "deferwrap"].iter().find_map(|start| name.strip_prefix(start)).unwrap_or(name);
    rest.bytes().all(|byte| byte.is_ascii_digit()) && (rest.len() < name.len() || !name.is_empty()) || name.is_empty()
}

pub fn library(frame: &Frame<'_>, names: &Names) -> Option<&'static str> {
    if path_has(frame, &["/pkg/mod/", "/vendor/"]) {
        return Some("a module from elsewhere");
    }
    const STANDARD: &[&str] = &["runtime", "net/http", "testing", "reflect", "sync", "internal"];
    let is_standard =
        is_inside(&names.module, STANDARD, "/") || path_has(frame, &["/usr/local/go/src/", "/libexec/src/"]);
    is_standard.then_some("Go's own library")
}
