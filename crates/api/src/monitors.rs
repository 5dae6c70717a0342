//! Monitors of scheduled jobs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `GET /api/v1/monitors`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MonitorsAnswer {
    /// In order of their projects and names.
    pub monitors: Vec<MonitorView>,
}

/// A job in an environment, as its check-ins tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonitorView {
    pub project: String,
    pub monitor: String,
    pub environment: String,
    pub state: MonitorState,
    /// As the client sent it: schedule, margin, longest run time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
    /// RFC 3339.
    pub last_check_in: String,
    /// `in_progress`, `ok` or `error`.
    pub last_status: String,
    /// When the next check-in is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<String>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorState {
    Ok,
    /// So many bad runs in a row as make it an issue, and no recovery since.
    Failing,
    /// No check-in has said when it is due.
    Unscheduled,
}
