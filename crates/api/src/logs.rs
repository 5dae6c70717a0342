//! Answer of `POST /api/v1/logs`.

use serde::{Deserialize, Serialize};

/// What became of the lines of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogsAnswer {
    pub accepted: u64,
    pub rejected: u64,
    /// The first [`REJECTIONS_MAX`] lines that were not taken.
    pub rejections: Vec<LineRejection>,
}

/// How many rejections an answer lists; `rejected` counts all.
pub const REJECTIONS_MAX: usize = 100;

/// One line that was not taken, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRejection {
    /// Line number (or array position) from 1.
    pub line: u64,
    /// The field at fault; empty when it is the line as a whole.
    pub field: String,
    /// One sentence for people.
    pub reason: String,
}
