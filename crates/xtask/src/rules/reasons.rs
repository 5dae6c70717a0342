//! A dependency needs a sentence: what for, why not ours.

use super::{Finding, finding};
use crate::manifest::dependencies;
use crate::repository::Repository;

const MANIFEST: &str = "Cargo.toml";

pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in dependencies(repository.text(MANIFEST).unwrap_or_default()) {
        if !dependency.has_reason && !dependency.is_path {
            let message = format!("dependency {} has no reason above it", dependency.name);
            findings.push(finding(MANIFEST, dependency.line, message));
        }
    }
    for name in repository.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        let text = repository.text(&path).unwrap_or_default();
        for dependency in dependencies(text) {
            let line = text.lines().nth(dependency.line - 1).unwrap_or_default();
            if !line.contains("workspace = true") {
                let message = format!("dependency {} must be declared in the root's manifest", dependency.name);
                findings.push(finding(&path, dependency.line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::messages;

    #[test]
    fn dependencies_are_declared_once_and_with_a_reason() {
        let repository = Repository::of(&[
            (MANIFEST, "[workspace.dependencies]\n# Wire types.\nserde = \"1\"\nfast = \"1\"\n"),
            ("crates/a/Cargo.toml", "[dependencies]\nserde.workspace = true\nodd = \"1\"\n"),
        ]);
        assert_eq!(
            messages(check(&repository)),
            [
                "Cargo.toml:4: dependency fast has no reason above it",
                "crates/a/Cargo.toml:3: dependency odd must be declared in the root's manifest",
            ]
        );
    }
}
