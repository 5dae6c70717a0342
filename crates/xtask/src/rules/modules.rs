//! Inside a crate a module imports only from modules below it in the list of their common parent.

use std::collections::BTreeMap;

use super::{Finding, finding};
use crate::repository::Repository;
use crate::source::{code, is_test, module_list, paths, without_tests};

/// A module of a crate: its code without tests, its children in order, and from which child a name is re-exported.
struct Module {
    file: String,
    code: String,
    children: Vec<String>,
    reexports: BTreeMap<String, String>,
}

pub fn check(repository: &Repository) -> Vec<Finding> {
    repository.crates().flat_map(|name| check_crate(repository, name)).collect()
}

fn check_crate(repository: &Repository, name: &str) -> Vec<Finding> {
    let modules = modules(repository, &format!("crates/{name}/src"));
    let mut findings = Vec::new();
    for (place, module) in &modules {
        for (path, line) in paths(&module.code, &["crate", "super", "self"]) {
            let Some(target) = absolute(place, &path) else { continue };
            if let Some((above, below)) = upward(&modules, place, &target) {
                let message = format!("{above} must not import from {below}, which stands above it");
                findings.push(finding(&module.file, line, message));
            }
        }
    }
    findings.dedup();
    findings
}

/// All modules of a crate by their path from its root.
fn modules(repository: &Repository, source: &str) -> BTreeMap<Vec<String>, Module> {
    let mut found = BTreeMap::new();
    for (file, text) in repository.ending(".rs") {
        let Some(inside) = file.strip_prefix(source).and_then(|rest| rest.strip_prefix('/')) else { continue };
        if is_test(file) || inside.starts_with("bin/") {
            continue;
        }
        let mut place: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(place.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            place.pop();
        }
        let code = without_tests(&code(text)).to_owned();
        let children = module_list(&code);
        let reexports = reexports(&code, &children);
        found.insert(place, Module { file: file.to_owned(), code, children, reexports });
    }
    found
}

/// Name to child, for every name that the module takes from a child.
fn reexports(code: &str, children: &[String]) -> BTreeMap<String, String> {
    let starts: Vec<&str> = children.iter().map(String::as_str).collect();
    let mut names = BTreeMap::new();
    for (path, _) in paths(code, &starts) {
        if let [child, .., name] = &path[..] {
            names.insert(name.clone(), child.clone());
        }
    }
    names
}

/// Resolves `crate`, `super` and `self` as seen from the module at `place`.
fn absolute(place: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut at = place.to_vec();
    let mut rest = path;
    while let [first, after @ ..] = rest {
        match first.as_str() {
            "crate" => at.clear(),
            "super" => drop(at.pop()?),
            "self" => {}
            _ => break,
        }
        rest = after;
    }
    at.extend(rest.iter().cloned());
    Some(at)
}

/// The importing and the imported module, if the first stands below the second in their common parent's list.
fn upward(modules: &BTreeMap<Vec<String>, Module>, place: &[String], target: &[String]) -> Option<(String, String)> {
    let common = place.iter().zip(target).take_while(|(here, there)| here == there).count();
    let (here, there) = (place.get(common)?, target.get(common)?);
    let parent = modules.get(&place[..common])?;
    let position = |name: &String| parent.children.iter().position(|child| child == name);
    // A name that the parent re-exports belongs to the child it comes from, unless it is that of a child itself.
    let there = parent.reexports.get(there).filter(|_| position(there).is_none()).unwrap_or(there);
    (position(here)? > position(there)?).then(|| (here.clone(), there.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::messages;

    fn found(texts: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![("crates/a/Cargo.toml", "")];
        all.extend(texts);
        messages(check(&Repository::of(&all)))
    }

    #[test]
    fn imports_run_down_the_list() {
        let root = ("crates/a/src/lib.rs", "pub mod top;\nmod low;\npub use top::Top;\n");
        let top = ("crates/a/src/top.rs", "use crate::low::Low;\n");
        let low = ("crates/a/src/low/mod.rs", "// crate::top\n#[cfg(test)]\nmod tests { use crate::top::Top; }\n");
        assert_eq!(found(&[root, top, low]), [""; 0]);
        let low = ("crates/a/src/low/mod.rs", "\nuse crate::{top::Top};\n");
        let expected = "crates/a/src/low/mod.rs:2: low must not import from top, which stands above it";
        assert_eq!(found(&[root, top, low]), [expected]);
        let deep = ("crates/a/src/low/deep.rs", "fn f() { super::super::top::g() }\n");
        let expected = "crates/a/src/low/deep.rs:1: low must not import from top, which stands above it";
        assert_eq!(found(&[root, deep]), [expected]);
    }

    #[test]
    fn a_reexport_is_no_way_around() {
        let root = ("crates/a/src/lib.rs", "mod top;\nmod low;\npub use top::{Top, other::Thing as Any};\n");
        let low = ("crates/a/src/low.rs", "use crate::Top;\n");
        let expected = "crates/a/src/low.rs:1: low must not import from top, which stands above it";
        assert_eq!(found(&[root, low]), [expected]);
    }

    #[test]
    fn a_module_is_not_what_another_one_has_of_its_name() {
        let root = ("crates/a/src/lib.rs", "mod top;\nmod low;\nmod pace;\nfn f() { top::pace() }\n");
        let low = ("crates/a/src/low.rs", "use crate::pace::Pace;\n");
        assert_eq!(found(&[root, low]), [""; 0]);
    }

    #[test]
    fn lists_inside_a_room_count_too() {
        let room = ("crates/a/src/room/mod.rs", "mod plan;\nmod act;\n");
        let act = ("crates/a/src/room/act.rs", "use super::plan::Plan;\n");
        let expected = "crates/a/src/room/act.rs:1: act must not import from plan, which stands above it";
        assert_eq!(found(&[("crates/a/src/lib.rs", "mod room;\n"), room, act]), [expected]);
    }
}
