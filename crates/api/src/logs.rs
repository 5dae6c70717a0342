//! Answer of `POST /api/v1/logs`.

use serde::{Deserialize, Serialize};

use crate::error::ErrorDetail;

/// What became of the lines of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogsAnswer {
    pub accepted: u64,
    pub rejected: u64,
    /// Values of the accepted lines in whose place `[Filtered]` stands.
    #[serde(default)]
    pub filtered: u64,
    /// The first [`REJECTIONS_MAX`] lines that were not taken.
    pub rejections: Vec<LineRejection>,
    /// Line number (or array position) from 1: the lines before it are done with, counted above and never to be sent
    /// again; of it and those after it nothing is stored. Only beside an `error` that came when some were stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_at_line: Option<u64>,
    /// No line was accepted, or not all were stored; the status is then the error's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
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
