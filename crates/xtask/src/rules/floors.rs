//! A crate imports only from floors below its own. The floors are read from docs/ARCHITECTURE.md, so that the page
//! stays true.

use std::collections::BTreeMap;

use super::{Finding, finding};
use crate::manifest::dependencies;
use crate::repository::Repository;

const PLAN: &str = "docs/ARCHITECTURE.md";
const PREFIX: &str = "whodunit-";

pub fn check(repository: &Repository) -> Vec<Finding> {
    let floors = floors(repository.text(PLAN).unwrap_or_default());
    let mut findings = Vec::new();
    for name in repository.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(floor) = floors.get(name) else {
            findings.push(finding(PLAN, 1, format!("crate {name} stands on no floor")));
            continue;
        };
        for dependency in dependencies(repository.text(&path).unwrap_or_default()) {
            let Some(used) = dependency.name.strip_prefix(PREFIX) else { continue };
            let below = floors.get(used).is_some_and(|other| other < floor);
            // `apart` crates may be used by nobody and use nobody.
            if !below || *floor == APART {
                let message = format!("{name} must not use {used}: not on a floor below");
                findings.push(finding(&path, dependency.line, message));
            }
        }
    }
    findings
}

/// The floor of crates that are marked `(apart)`: they use nothing of ours, and nothing of ours uses them.
const APART: u32 = u32::MAX;

/// Reads lines such as `9  cli (binary …)   sim (dev only)`.
fn floors(plan: &str) -> BTreeMap<String, u32> {
    let mut floors = BTreeMap::new();
    for line in plan.lines() {
        let Some((number, names)) = line.split_once("  ") else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        let mut rest = names;
        while !rest.trim().is_empty() {
            rest = rest.trim_start();
            let (name, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
            let (remark, after) = match after.trim_start().strip_prefix('(').and_then(|text| text.split_once(')')) {
                Some((remark, after)) => (remark, after),
                None => ("", after),
            };
            floors.insert(name.to_owned(), if remark == "apart" { APART } else { number });
            rest = after;
        }
    }
    floors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::messages;

    const PLAN_TEXT: &str = "```text\n2  top (binary `x`)     other (dev only)\n1  low     tool (apart)\n```\n";

    #[test]
    fn arrows_run_down() {
        let repository = Repository::of(&[
            (PLAN, PLAN_TEXT),
            ("crates/top/Cargo.toml", "[dependencies]\nwhodunit-low.workspace = true\nserde = \"1\"\n"),
            ("crates/other/Cargo.toml", "[dev-dependencies]\nwhodunit-top.workspace = true\n"),
            ("crates/low/Cargo.toml", "[dependencies]\nwhodunit-top.workspace = true\nwhodunit-tool = \"1\"\n"),
            ("crates/tool/Cargo.toml", "[dependencies]\nwhodunit-low.workspace = true\n"),
            ("crates/loft/Cargo.toml", ""),
        ]);
        assert_eq!(
            messages(check(&repository)),
            [
                "docs/ARCHITECTURE.md:1: crate loft stands on no floor",
                "crates/low/Cargo.toml:2: low must not use top: not on a floor below",
                "crates/low/Cargo.toml:3: low must not use tool: not on a floor below",
                "crates/other/Cargo.toml:2: other must not use top: not on a floor below",
                "crates/tool/Cargo.toml:2: tool must not use low: not on a floor below",
            ]
        );
    }
}
