//! JavaScript in browsers and Node: three engines name one function in three ways, bundlers rename the files.

use super::names::{Names, file, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = file(frame);
    let place = place(raw);
    let function = function(text(&frame.function));
    let is_minified = place.is_bundle && function.chars().count() <= MINIFIED_MAX;
    let module = text(&frame.module);
    Names {
        // The module that clients derive from the file is as good as the file, where they know no file.
        module: if place.name.is_empty() && !place.is_native && raw.is_empty() {
            module.to_owned()
        } else {
            String::new()
        },
        function: if is_minified { String::new() } else { function.to_owned() },
        file: place.name,
        noise: place.is_native.then_some("part of the engine"),
    }
}

/// Names that a minifier gives: they change with every build.
const MINIFIED_MAX: usize = 2;

struct Place {
    name: String,
    /// Served to browsers, and perhaps minified.
    is_bundle: bool,
    is_native: bool,
}

fn place(raw: &str) -> Place {
    let path = path::clean(raw);
    let (scheme, rest) = match path.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None if path.starts_with("//") => ("http", &path[2..]),
        None => ("", path.as_str()),
    };
    let known = |name: String| Place { name, is_bundle: false, is_native: false };
    match scheme {
        "http" | "https" => Place { name: script(path::base(rest)), is_bundle: true, is_native: false },
        // `app:///main.4185d9aa.js` is how clients write what they have taken the host from.
        "app" | "capacitor" | "ionic" | "tauri" => Place {
            name: script(path::base(rest)),
            is_bundle: rest.matches('/').count() < 2 || has_hash(rest),
            is_native: false,
        },
        "" if rest.starts_with("~/") => Place { name: script(path::base(rest)), is_bundle: true, is_native: false },
        "" if matches!(rest, "" | "?" | "unknown") => known(String::new()),
        "" if rest.starts_with('<') || rest.starts_with('[') || matches!(rest, "native" | "self-hosted") => {
            // `<anonymous>` holds both natives and evaluated code; neither has a name that stays.
            Place { name: String::new(), is_bundle: false, is_native: rest != "<anonymous>" }
        }
        "" if rest.starts_with("blob:") || rest.starts_with("data:") || rest.starts_with("eval at") => {
            known(String::new())
        }
        "" if rest.starts_with("node:") => known(rest.to_owned()),
        "" => known(source(rest)),
        "file" => known(source(rest)),
        _ if scheme.starts_with("blob:") || scheme.starts_with("data:") => known(String::new()),
        // `webpack://shop/./src/cart.ts`, `webpack-internal:///(ssr)/./src/cart.ts`, `turbopack://[project]/src/cart.ts`.
        _ => {
            let inside = rest.split_once('/').map_or(rest, |(_, inside)| inside);
            let names = inside.split('/').filter(|name| !name.starts_with('('));
            known(source(&names.collect::<Vec<_>>().join("/")))
        }
    }
}

/// A script's name without its hash. Anything else is a page, and pages have many names for one script.
fn script(base: &str) -> String {
    const EXTENSIONS: &[&str] = &["js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "svelte", "bundle"];
    let extension = base.rsplit_once('.').map_or("", |(_, extension)| extension);
    if EXTENSIONS.contains(&extension) { path::without_hash(base) } else { String::new() }
}

fn has_hash(rest: &str) -> bool {
    let base = path::base(rest);
    path::without_hash(base) != base
}

/// A source file: from the package on if it is one, else the part of its path that stays.
fn source(path: &str) -> String {
    if let Some(inside) = path::after_last(path, &["node_modules/"]) {
        // pnpm and yarn keep the version in the directory.
        let names: Vec<&str> = inside.split('/').map(path::without_version).collect();
        return names.join("/");
    }
    let stable = path::stable(path);
    match stable.rsplit_once('/') {
        Some((directory, file)) => format!("{directory}/{}", path::without_hash(file)),
        None => path::without_hash(&stable),
    }
}

/// The last name, without how it was called. Empty for anonymous functions and for code at the top.
fn function(raw: &str) -> &str {
    // V8: `async Cart.total`, `new Cart`, `Layer.handle [as handle_request]`. Firefox: `async*total`, `total/<`.
    let name = raw.split_once(" [as ").map_or(raw, |(name, _)| name);
    let name = name.rsplit_once('*').map_or(name, |(_, name)| name);
    let name = name.rsplit(' ').next().unwrap_or(name).trim_end_matches("()");
    let is_anonymous = name.ends_with("/<") || name.is_empty();
    let is_top = matches!(raw, "global code" | "module code" | "eval code" | "eval" | "?" | "anonymous");
    if is_anonymous || is_top || name.ends_with('?') || name.ends_with("<anonymous>") || name.ends_with("anonymous") {
        return "";
    }
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit('.').next().unwrap_or(name).trim_end_matches(['<', '>', ']', ')'])
}

pub fn library(frame: &Frame<'_>, names: &Names) -> Option<&'static str> {
    if path_has(frame, &["/node_modules/", "/~/", "/bower_components/", "/jspm_packages/"]) {
        return Some("an installed package");
    }
    if path_has(frame, &["node:", "internal/", "webpack/runtime", "webpack/bootstrap", "<anonymous>", "[native code]"])
    {
        // `internal/` is Node's own only at the start; applications have such directories, too.
        let is_node = |path: &str| path.starts_with("node:") || path.starts_with("internal/");
        let is_engine = |path: &str| path.contains("webpack/runtime") || path.contains("webpack/bootstrap");
        let is_native = |path: &str| matches!(path, "<anonymous>" | "[native code]");
        let paths = [text(&frame.filename), text(&frame.abs_path)];
        if paths.iter().any(|path| is_node(path) || is_engine(path) || is_native(path)) {
            return Some("the engine or its loader");
        }
    }
    const EXTENSIONS: &[&str] =
        &["chrome-extension://", "moz-extension://", "safari-extension://", "safari-web-extension://", "chrome://"];
    let paths = [text(&frame.filename), text(&frame.abs_path)];
    if paths.iter().any(|path| EXTENSIONS.iter().any(|scheme| path.starts_with(scheme))) {
        return Some("a browser extension");
    }
    names.function.starts_with("__webpack_require__").then_some("the engine or its loader")
}
