//! How a command ends badly, and the exit code that says so.
//!
//! Codes: 0 done · 1 the command ran and the answer is bad (damage found, request refused) · 2 wrong flags, environment
//! or file · 3 no answer: the server cannot be reached, or the data directory is held by another process · 4 it ran,
//! and there are warnings.

use std::fmt;

/// Why a command did not do what was asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The command ran; its answer is bad.
    Failed(String),
    /// Flags, environment or file are wrong.
    Usage(String),
    /// Nobody answered, or somebody else holds the data.
    Unreachable(String),
    /// The command ran; somebody should look at its answer.
    Warned(String),
}

impl Failure {
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Failed(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Unreachable(_) => 3,
            Failure::Warned(_) => 4,
        }
    }

    pub fn failed(cause: impl fmt::Display) -> Failure {
        Failure::Failed(cause.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Failed(text) | Failure::Usage(text) | Failure::Unreachable(text) | Failure::Warned(text) => {
                f.write_str(text)
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// Joins an error and its causes into one line: `what: why: why`.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let line = inner.to_string();
        if !text.contains(&line) {
            text.push_str(": ");
            text.push_str(&line);
        }
        cause = inner.source();
    }
    text
}
