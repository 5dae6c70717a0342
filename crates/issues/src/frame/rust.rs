//! Rust: symbols carry hashes, generics, closures and trait implementations.

use super::brackets;
use super::names::{Names, file, is_inside, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = match text(&frame.function) {
        "" => text(&frame.symbol),
        function => function,
    };
    let path = plain_path(raw);
    let mut names: Vec<&str> = path.split("::").filter(|name| !is_generated(name)).collect();
    let function = names.pop().unwrap_or_default().to_owned();
    let module = names.join("::");
    Names {
        module: if module.is_empty() { text(&frame.module).to_owned() } else { module },
        function: if matches!(function.as_str(), "<unknown>" | "?") { String::new() } else { function },
        file: source(&path::clean(file(frame))),
        noise: None,
    }
}

/// `<shop::Cart<T> as core::fmt::Debug>::fmt::h0123456789abcdef` is `shop::Cart as core::fmt::Debug::fmt`.
fn plain_path(raw: &str) -> String {
    let raw = unescape(raw);
    let raw = without_hash(raw.split(".llvm.").next().unwrap_or(&raw));
    let raw = raw.strip_prefix('_').filter(|rest| rest.starts_with('<')).unwrap_or(raw);
    let (head, tail) = match brackets::end_of_first(raw, '<', '>') {
        Some(end) => (&raw[1..end - 1], &raw[end..]),
        None => ("", raw),
    };
    let plain = |text: &str| brackets::without(&without_disambiguators(text), '<', '>').replace("::::", "::");
    if head.is_empty() {
        return plain(tail).trim_end_matches("::").to_owned();
    }
    let (implementer, of_trait) = brackets::split_as(head);
    let implementer = implementer.trim_start_matches(['&', '*']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let mut path = plain(implementer);
    if let Some(of_trait) = of_trait {
        path.push_str(" as ");
        path.push_str(&plain(of_trait));
    }
    path.push_str(&plain(tail));
    path
}

/// The escapes of symbols that nobody has taken apart.
fn unescape(raw: &str) -> String {
    if !raw.contains('$') {
        return raw.to_owned();
    }
    const ESCAPES: &[(&str, &str)] = &[
        ("$LT$", "<"),
        ("$GT$", ">"),
        ("$RF$", "&"),
        ("$BP$", "*"),
        ("$C$", ","),
        ("$u20$", " "),
        ("$u27$", "'"),
        ("$u5b$", "["),
        ("$u5d$", "]"),
        ("$u7b$", "{"),
        ("$u7d$", "}"),
        ("$LP$", "("),
        ("$RP$", ")"),
        ("..", "::"),
    ];
    ESCAPES.iter().fold(raw.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Without `::h` and sixteen hexadecimal digits at the end.
fn without_hash(raw: &str) -> &str {
    match raw.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => path,
        _ => raw,
    }
}

/// Without `[4185d9aade26cd3a]` behind a crate's name. Slices and arrays stay.
fn without_disambiguators(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let close = rest[open..].find(']').map_or(rest.len(), |close| open + close + 1);
        let inside = rest[open + 1..].split(']').next().unwrap_or_default();
        let is_hash = inside.len() >= 8 && inside.bytes().all(|byte| byte.is_ascii_hexdigit());
        out.push_str(&rest[..if is_hash { open } else { close }]);
        rest = &rest[close..];
    }
    out.push_str(rest);
    out
}

/// Closures, the futures of `async fn` and shims belong to the function that holds them.
fn is_generated(name: &str) -> bool {
    let is_part =
        name.starts_with('{') && ["closure", "shim", "constant", "coroutine"].iter().any(|part| name.contains(part));
    name.is_empty() || is_part
}

/// The part of a source file's path that stays: from the crate on in the registry, from `library` in the compiler.
fn source(path: &str) -> String {
    if let Some(inside) = path::after_last(path, &["/registry/src/", "/git/checkouts/"]) {
        let inside = inside.split_once('/').map_or(inside, |(_, inside)| inside);
        let names: Vec<&str> = inside.split('/').map(path::without_version).collect();
        return names.join("/");
    }
    if path.starts_with("/rustc/") {
        return path.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
    }
    path::stable(path)
}

pub fn library(frame: &Frame<'_>, names: &Names) -> Option<&'static str> {
    const STANDARD: &[&str] = &["std", "core", "alloc", "proc_macro", "test", "backtrace", "panic_unwind"];
    const FRAMEWORKS: &[&str] = &[
        "sentry",
        "sentry_core",
        "sentry_panic",
        "sentry_backtrace",
        "sentry_anyhow",
        "anyhow",
        "eyre",
        "tokio",
        "futures",
        "futures_util",
        "futures_core",
        "async_std",
        "smol",
        "rayon",
        "rayon_core",
        "hyper",
        "hyper_util",
        "axum",
        "axum_core",
        "actix",
        "actix_web",
        "actix_rt",
        "actix_http",
        "actix_server",
        "warp",
        "rocket",
        "tower",
        "tower_http",
        "tower_service",
        "tonic",
        "tracing",
        "tracing_core",
        "log",
        "serde",
        "serde_json",
        "parking_lot",
        "crossbeam",
    ];
    let start = names.module.split(" as ").next().unwrap_or_default();
    let start = if start.is_empty() { names.function.as_str() } else { start };
    const SYMBOLS: &[&str] =
        &["rust_begin_unwind", "rust_panic", "_start", "__libc_start_main", "start_thread", "clone3", "main"];
    let is_symbol = names.module.is_empty() && (SYMBOLS.contains(&start) || start.starts_with("__"));
    if is_inside(start, STANDARD, "::") || is_symbol || path_has(frame, &["/rustc/", "/library/std/", "/library/core/"])
    {
        return Some("Rust's own library");
    }
    let is_framework = is_inside(start, FRAMEWORKS, "::")
        || path_has(frame, &["/.cargo/registry/", "/registry/src/", "/git/checkouts/"]);
    is_framework.then_some("a crate from elsewhere")
}
