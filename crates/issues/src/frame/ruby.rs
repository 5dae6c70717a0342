//! Ruby: blocks belong to their method, templates have numbers, gems have versions.

use super::names::{Names, file, path_has, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    // Clients shorten the path of a gem to `rack-2.2.8/lib/rack.rb`; the whole one says that it is a gem.
    let absolute = path::clean(text(&frame.abs_path));
    let path = if absolute.contains("/gems/") { absolute } else { path::clean(file(frame)) };
    Names {
        module: String::new(),
        function: function(text(&frame.function)),
        file: match path::after_last(&path, &["/bundler/gems/", "/gems/"]) {
            Some(inside) => match inside.split_once('/') {
                Some((gem, rest)) => format!("{}/{rest}", path::without_version(gem)),
                None => inside.to_owned(),
            },
            None => path::stable(&path),
        },
        noise: None,
    }
}

/// `block (2 levels) in Cart#total`, `rescue in total` and `Cart#total` (Ruby 3.4) are all `total`.
fn function(raw: &str) -> String {
    let method = raw.rsplit_once(" in ").map_or(raw, |(_, method)| method);
    if matches!(method, "<main>" | "<top (required)>" | "<eval>")
        || method.starts_with("<class:")
        || method.starts_with("<module:")
    {
        return String::new();
    }
    let is_template = method.starts_with('_') && ["_erb_", "_haml_", "_slim_"].iter().any(|kind| method.contains(kind));
    if is_template {
        return method.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-').to_owned();
    }
    let name = method.rsplit_once('#').map_or(method, |(_, name)| name);
    // `Cart.total` and `Shop::Cart.total`, but not the operator of `a..b`.
    match name.rsplit_once('.') {
        Some((owner, name)) if !name.is_empty() && owner.starts_with(|c: char| c.is_ascii_uppercase()) => {
            name.to_owned()
        }
        _ => name.to_owned(),
    }
}

pub fn library(frame: &Frame<'_>) -> Option<&'static str> {
    if path_has(frame, &["/gems/", "/bundler/gems/", "/vendor/bundle/"]) {
        return Some("a gem");
    }
    path_has(frame, &["/lib/ruby/", "<internal:"]).then_some("Ruby's own library")
}
