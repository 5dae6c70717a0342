//! Every link from one of our pages to another file leads somewhere.

use super::{Finding, finding};
use crate::repository::Repository;

pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in repository.ending(".md") {
        for (index, line) in text.lines().enumerate() {
            for target in targets(line).filter(|target| is_file(target)) {
                let file = target.split('#').next().expect("splitting yields a first part");
                if !repository.has(&resolve(path, file)) {
                    findings.push(finding(path, index + 1, format!("link to {target}, which does not exist")));
                }
            }
        }
    }
    findings
}

/// What stands in the parentheses of `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.trim())
}

fn is_file(target: &str) -> bool {
    !target.starts_with('#') && !target.contains("://") && !target.starts_with("mailto:")
}

/// The target as a path from the root.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::messages;

    #[test]
    fn links_lead_somewhere() {
        let text = "[a](docs/a.md#part) [web](https://example.com/x) [here](#here)\n[b](docs/b.md)\n";
        let a = "[up](../README.md), [gone](gone.md)";
        let repository = Repository::of(&[("README.md", text), ("docs/a.md", a)]);
        assert_eq!(
            messages(check(&repository)),
            [
                "README.md:2: link to docs/b.md, which does not exist",
                "docs/a.md:1: link to gone.md, which does not exist",
            ]
        );
    }
}
