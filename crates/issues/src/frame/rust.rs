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

/// The compiler's own crates, which no application is one of.
const STANDARD: &[&str] = &[
    "std",
    "core",
    "alloc",
    "proc_macro",
    "test",
    "panic_abort",
    "panic_unwind",
    "compiler_builtins",
    "std_detect",
    "hashbrown",
    "backtrace",
    "backtrace_rs",
    "addr2line",
    "gimli",
    "miniz_oxide",
    "rustc_demangle",
];
/// Functions of the runtime and of what starts and ends a process, which have no module.
const SYMBOLS: &[&str] = &[
    "rust_begin_unwind",
    "rust_panic",
    "rust_eh_personality",
    "begin_panic_handler",
    "lang_start",
    "lang_start_internal",
    "_Unwind_RaiseException",
    "_Unwind_Backtrace",
    "_Unwind_Resume",
    "_start",
    "start_thread",
    "thread_start",
    "clone",
    "clone3",
    "abort",
    "raise",
    "main",
];
/// Crates that stand between an application and its processor: clients, runtimes, servers, what carries errors.
const RUNTIMES: &[&str] = &[
    // Sentry's own.
    "sentry",
    "sentry_core",
    "sentry_types",
    "sentry_panic",
    "sentry_backtrace",
    "sentry_contexts",
    "sentry_debug_images",
    "sentry_anyhow",
    "sentry_actix",
    "sentry_log",
    "sentry_slog",
    "sentry_tower",
    "sentry_tracing",
    "sentry_opentelemetry",
    // Errors and panics.
    "anyhow",
    "eyre",
    "color_eyre",
    "thiserror",
    "human_panic",
    // Tasks and threads.
    "tokio",
    "tokio_util",
    "tokio_stream",
    "mio",
    "futures",
    "futures_util",
    "futures_core",
    "futures_channel",
    "futures_executor",
    "async_std",
    "async_executor",
    "async_global_executor",
    "async_io",
    "async_task",
    "smol",
    "rayon",
    "rayon_core",
    "crossbeam",
    "crossbeam_utils",
    "crossbeam_channel",
    "parking_lot",
    "parking_lot_core",
    "once_cell",
    // Servers and clients.
    "hyper",
    "hyper_util",
    "h2",
    "axum",
    "axum_core",
    "actix",
    "actix_web",
    "actix_rt",
    "actix_http",
    "actix_server",
    "actix_service",
    "warp",
    "rocket",
    "poem",
    "tower",
    "tower_http",
    "tower_service",
    "tonic",
    "reqwest",
    // What is told on the way.
    "tracing",
    "tracing_core",
    "tracing_subscriber",
    "tracing_log",
    "log",
    "env_logger",
    "serde",
    "serde_core",
    "serde_json",
];

/// Why a frame is not the application's.
pub fn library(frame: &Frame<'_>, names: &Names) -> Option<&'static str> {
    const SOURCES: &[&str] =
        &["/rustc/", "/lib/rustlib/src/rust/", "/library/std/", "/library/core/", "/library/alloc/"];
    let name = owner(names);
    // A function that was inlined may have nothing but its bare name, and one of an application may be called `clone`.
    let has_source = text(&frame.filename).ends_with(".rs") || text(&frame.abs_path).ends_with(".rs");
    let is_symbol = names.module.is_empty() && !has_source && (SYMBOLS.contains(&name) || name.starts_with("__"));
    if is_symbol || is_inside(name, STANDARD, "::") || path_has(frame, SOURCES) {
        return Some("Rust's own library");
    }
    let is_elsewhere =
        is_inside(name, RUNTIMES, "::") || path_has(frame, &["/.cargo/registry/", "/registry/src/", "/git/checkouts/"]);
    is_elsewhere.then_some("a crate from elsewhere")
}

/// Whose a function is. That of a trait for whatever has it (`<F as futures_core::Future>::poll`) is the trait's.
fn owner(names: &Names) -> &str {
    let whole = if names.module.is_empty() { &names.function } else { &names.module };
    match whole.split_once(" as ") {
        Some((implementer, of_trait)) if !implementer.contains("::") => of_trait,
        Some((implementer, _)) => implementer,
        None => whole,
    }
}
