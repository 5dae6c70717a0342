//! What no source file may hold: too many lines, leftovers, paths of somebody's machine.

use super::{Finding, finding};
use crate::repository::Repository;
use crate::source::{code, is_test, without_tests};

/// Lines that a source file may have, its tests not counted.
const LINES_MAX: usize = 700;

/// Files that are longer still.
const EXCEPTIONS: &str = "crates/xtask/exceptions.txt";

/// Leftovers in code, split so that this file does not find itself.
const LEFTOVERS: &[&str] = &["todo!", "unimplemented!", "dbg!", "#[ignore"];

/// Starts of paths that exist on one machine only, split so that this file does not find itself.
const MACHINE_PATHS: &[&str] = &[concat!("/wor", "k/"), concat!("/roo", "t/."), concat!("/Use", "rs/")];

pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = lengths(repository);
    for (path, text) in repository.ending(".rs") {
        for (index, line) in code(text).lines().enumerate() {
            for leftover in LEFTOVERS.iter().filter(|leftover| has_word(line, leftover)) {
                findings.push(finding(path, index + 1, format!("leftover {leftover}")));
            }
        }
    }
    let texts = [".rs", ".toml", ".md"].into_iter().flat_map(|ending| repository.ending(ending));
    for (path, text) in texts {
        for (index, line) in text.lines().enumerate() {
            if let Some(start) = MACHINE_PATHS.iter().find(|start| line.contains(*start)) {
                findings.push(finding(path, index + 1, format!("path of one machine: {start}")));
            }
        }
    }
    findings
}

fn has_word(line: &str, word: &str) -> bool {
    let starts_word = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| starts_word(at))
}

fn lengths(repository: &Repository) -> Vec<Finding> {
    let list = repository.text(EXCEPTIONS).unwrap_or_default();
    let excused = || list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut findings = Vec::new();
    for (path, text) in repository.ending(".rs").filter(|(path, _)| !is_test(path)) {
        let lines = without_tests(&code(text)).lines().count();
        let is_excused = excused().any(|excused| excused == path);
        if lines > LINES_MAX && !is_excused {
            findings.push(finding(path, lines, format!("{lines} lines, more than {LINES_MAX}: look for the seam")));
        } else if lines <= LINES_MAX && is_excused {
            findings.push(finding(EXCEPTIONS, 1, format!("{path} is no longer too long: take it off the list")));
        }
    }
    for gone in excused().filter(|path| repository.text(path).is_none()) {
        findings.push(finding(EXCEPTIONS, 1, format!("{gone} does not exist: take it off the list")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::messages;

    #[test]
    fn leftovers_and_machine_paths_are_found() {
        let here = format!("// see {}main\n", MACHINE_PATHS[0]);
        let code = "fn f() { todo!() }\n// todo! in words\nlet x = \"dbg!\";\n#[ignore]\nmydbg!();\n";
        let repository = Repository::of(&[("a.rs", code), ("docs/b.md", here.as_str())]);
        let expected = [
            "a.rs:1: leftover todo!".to_owned(),
            "a.rs:4: leftover #[ignore".to_owned(),
            format!("docs/b.md:1: path of one machine: {}", MACHINE_PATHS[0]),
        ];
        assert_eq!(messages(check(&repository)), expected);
    }

    #[test]
    fn long_files_are_excused_by_name_only_while_they_are_long() {
        let long = "x;\n".repeat(LINES_MAX + 1);
        let short = format!("x;\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let exceptions = "# why\ncrates/a/excused.rs\ncrates/a/short.rs\ncrates/a/gone.rs\n";
        let repository = Repository::of(&[
            ("crates/a/long.rs", long.as_str()),
            ("crates/a/excused.rs", long.as_str()),
            ("crates/a/short.rs", short.as_str()),
            ("crates/a/tests/long.rs", long.as_str()),
            (EXCEPTIONS, exceptions),
        ]);
        assert_eq!(
            messages(check(&repository)),
            [
                "crates/a/long.rs:701: 701 lines, more than 700: look for the seam",
                "crates/xtask/exceptions.txt:1: crates/a/short.rs is no longer too long: take it off the list",
                "crates/xtask/exceptions.txt:1: crates/a/gone.rs does not exist: take it off the list",
            ]
        );
    }
}
