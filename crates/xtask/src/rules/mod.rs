//! The rules of `tidy`: each a pure function from the repository to what breaks it.

mod floors;
mod modules;
mod fences;
mod reasons;
mod text;
mod links;

use std::fmt;

use crate::repository::Repository;

/// Where a rule is broken, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// All findings of all rules.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let rules = [floors::check, modules::check, fences::check, reasons::check, text::check, links::check];
    rules.iter().flat_map(|rule| rule(repository)).collect()
}

fn finding(path: &str, line: usize, message: impl Into<String>) -> Finding {
    Finding { path: path.to_owned(), line, message: message.into() }
}

#[cfg(test)]
fn messages(findings: Vec<Finding>) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}
