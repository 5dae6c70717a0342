//! Some names may be spoken only in some rooms; see "Fences" in docs/ARCHITECTURE.md.

use super::{Finding, finding};
use crate::manifest::dependencies;
use crate::repository::Repository;
use crate::source::{code, is_test, without_tests};

/// A dependency and the only crates that may declare it.
const CRATES: &[(&str, &[&str])] =
    &[("datafusion", &["query"]), ("sqlx", &["control"]), ("axum", &["server", "ingest"])];

/// A dependency and the crates that must not declare it.
const KEPT_OUT: &[(&str, &[&str])] = &[("tokio", &["model", "ledger", "api", "issues", "sourcemaps"])];

/// A name in code and the only places (starts of paths) where it may stand.
const NAMES: &[(&str, &[&str])] = &[
    ("datafusion", &["crates/query/"]),
    ("sqlx", &["crates/control/src/db"]),
    ("axum", &["crates/server/", "crates/ingest/src/listen"]),
    ("ArrowWriter", &["crates/store/src/segment"]),
    ("AsyncArrowWriter", &["crates/store/src/segment"]),
    ("SerializedFileWriter", &["crates/store/src/segment"]),
];

pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in repository.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        for dependency in dependencies(repository.text(&path).unwrap_or_default()) {
            let is = |other: &&(&str, &[&str])| other.0 == dependency.name;
            let fenced = CRATES.iter().find(is).is_some_and(|(_, allowed)| !allowed.contains(&name));
            let kept_out = KEPT_OUT.iter().find(is).is_some_and(|(_, refused)| refused.contains(&name));
            if fenced || kept_out {
                let message = format!("{name} must not depend on {}", dependency.name);
                findings.push(finding(&path, dependency.line, message));
            }
        }
    }
    for (path, text) in repository.ending(".rs").filter(|(path, _)| !is_test(path)) {
        let code = code(text);
        for (index, line) in without_tests(&code).lines().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            for word in words {
                let fence = NAMES.iter().find(|(name, _)| *name == word);
                if fence.is_some_and(|(_, places)| !places.iter().any(|place| path.starts_with(place))) {
                    findings.push(finding(path, index + 1, format!("{word} is fenced off here")));
                }
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
    fn fenced_names_stay_in_their_rooms() {
        let repository = Repository::of(&[
            ("crates/model/Cargo.toml", "[dependencies]\ntokio.workspace = true\n"),
            ("crates/server/Cargo.toml", "[dependencies]\naxum.workspace = true\nsqlx.workspace = true\n"),
            ("crates/ingest/src/listen/http.rs", "use axum::Router;\n"),
            ("crates/ingest/src/gateway.rs", "// axum is not here\nuse axum::Router;\n"),
            ("crates/store/src/segment/write.rs", "use parquet::arrow::ArrowWriter;\n"),
            ("crates/store/src/wal/mod.rs", "use parquet::arrow::ArrowWriter;\n"),
        ]);
        assert_eq!(
            messages(check(&repository)),
            [
                "crates/model/Cargo.toml:2: model must not depend on tokio",
                "crates/server/Cargo.toml:3: server must not depend on sqlx",
                "crates/ingest/src/gateway.rs:2: axum is fenced off here",
                "crates/store/src/wal/mod.rs:1: ArrowWriter is fenced off here",
            ]
        );
    }
}
