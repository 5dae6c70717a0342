//! Python: the module is dotted already; comprehensions come and go with the interpreter.

use super::names::{Names, file, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let raw = text(&frame.function);
    let function = match raw.rsplit_once("<locals>.") {
        // `view.<locals>.inner`: the name before is how Python 3.11 and later call it.
        Some((_, inner)) => inner,
        None => raw,
    };
    let is_comprehension = ["<listcomp>", "<dictcomp>", "<setcomp>"].iter().any(|name| function.ends_with(name));
    let anonymous = matches!(function, "<module>" | "<lambda>") || function.ends_with(".<lambda>");
    let path = path::clean(file(frame));
    let is_cell = path.contains("ipykernel_") || path.starts_with("<ipython-input");
    let file = if is_cell {
        "<notebook>".to_owned()
    } else if path.starts_with('<') {
        path
    } else {
        match path::after_last(&path, &["/site-packages/", "/dist-packages/"]) {
            Some(inside) => inside.to_owned(),
            None => path::stable(&path),
        }
    };
    let module = text(&frame.module);
    let module = if matches!(module, "__main__" | "__mp_main__" | "builtins") { "" } else { module };
    Names {
        module: module.to_owned(),
        function: if anonymous { String::new() } else { function.to_owned() },
        // A script is known by its name, wherever it was started.
        file: if text(&frame.module) == "__main__" { path::base(&file).to_owned() } else { file },
        noise: is_comprehension.then_some("a comprehension, which newer interpreters do not show"),
    }
}

pub fn library(frame: &Frame<'_>) -> Option<&'static str> {
    if path_has(frame, &["/site-packages/", "/dist-packages/"]) {
        return Some("an installed package");
    }
    let is_standard = path_has(frame, &["/lib/python", "\\lib\\python", "<frozen "])
        || path_has(frame, &["/Python.framework/", "\\Python3"]);
    is_standard.then_some("Python's own library")
}
