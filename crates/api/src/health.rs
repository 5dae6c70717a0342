//! Answers of `/health`, its halves and its longer forms. They name no path, address or account: anybody may read
//! most of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `GET /health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The worst status of all checks: `healthy`, `degraded` or `unhealthy`.
    pub status: Status,
    pub version: String,
    /// Seconds since the process began to serve.
    pub uptime_seconds: u64,
    pub checks: Vec<Check>,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub name: String,
    pub status: Status,
    /// What was found, in one sentence.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Healthy,
    /// Works, but somebody should look before it does not.
    Degraded,
    /// Something that was asked for is refused.
    Unhealthy,
}

/// `GET /health/live` and `GET /health/ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub ok: bool,
    /// Why not, when not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `GET /health/detailed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailedHealth {
    /// The worst status of all checks.
    pub status: Status,
    pub version: String,
    /// Seconds since the process began to serve.
    pub uptime_seconds: u64,
    pub checks: Vec<DetailedCheck>,
    pub memory: MemoryUse,
    pub connections: Connections,
    pub requests: RequestRate,
}

/// One thing looked at, and how long that took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailedCheck {
    pub name: String,
    pub status: Status,
    pub message: String,
    /// Milliseconds. The store answers all its checks at once, and each of them shows that time.
    pub response_time_ms: f64,
    /// When this process last found it healthy, RFC 3339: now, while it is. Absent if it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<String>,
    /// What somebody can do about it, in plain words; absent while it is healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_to_do: Option<String>,
}

/// Bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryUse {
    /// Reserved from the memory limit now.
    pub used_bytes: u64,
    /// The most that was reserved so far.
    pub peak_bytes: u64,
    pub limit_bytes: u64,
    /// Of the whole process, as the operating system counts.
    pub resident_bytes: u64,
}

/// Connections to the HTTP port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    pub open: u64,
    /// Further ones wait to be accepted.
    pub max: u64,
}

/// Requests that were answered, whatever their status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestRate {
    /// In the last 60 whole seconds.
    pub last_minute: u64,
    /// The same by the second; over the uptime while that is shorter than a minute.
    pub per_second: f64,
    /// Since the start.
    pub total: u64,
}

/// `GET /api/system/health`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemHealth {
    /// The worst status of all checks.
    pub status: Status,
    /// When this was found out, RFC 3339; an answer is used again for 5 seconds.
    pub timestamp: String,
    /// Milliseconds that finding out took.
    pub response_time: f64,
    pub checks: SystemChecks,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemChecks {
    pub database: DatabaseCheck,
    pub database_performance: PerformanceCheck,
    pub error_rate: ErrorRateCheck,
    pub system_metrics: CountsCheck,
    pub recent_activity: CountsCheck,
}

/// Whether store and control plane answer and are whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseCheck {
    pub status: Status,
    pub message: String,
    /// Milliseconds.
    pub response_time: f64,
}

/// How long a question for the newest audit entry takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceCheck {
    pub status: Status,
    pub message: String,
    /// Milliseconds.
    pub response_time: f64,
    /// Milliseconds above which the status is `degraded`.
    pub threshold: f64,
}

/// Errors among what applications sent in the last hour: log lines, error events, audit entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorRateCheck {
    pub status: Status,
    pub message: String,
    /// Per cent of `total`; 0 while there is nothing.
    pub rate: f64,
    /// Per cent above which the status is `degraded`.
    pub threshold: f64,
    /// Of level or severity ERROR and above, critical ones among them.
    pub errors: u64,
    /// Of level FATAL or severity CRITICAL.
    pub critical: u64,
    pub total: u64,
}

/// Rows by table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountsCheck {
    pub status: Status,
    pub message: String,
    pub total: u64,
    pub tables: BTreeMap<String, u64>,
}
