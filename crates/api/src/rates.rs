//! How fast rows come in, and what is refused of them.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/ingest/rates`: of all projects together, since the process began to serve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestRates {
    /// The server's time, RFC 3339.
    pub at: String,
    /// Since when is counted: the start of the process.
    pub since: String,
    /// What `…_per_second` is the average of: the last minute, or less after the start.
    pub window_seconds: f64,
    /// Those by which something came.
    pub protocols: Vec<IngestRate>,
    /// Of the last hour, oldest first; the last one runs.
    pub minutes: Vec<IngestMinute>,
    /// Most frequent first.
    pub rejects: Vec<IngestReject>,
}

/// One protocol.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestRate {
    /// `audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`.
    pub protocol: String,
    /// Rows that were taken.
    pub rows_per_second: f64,
    /// Bytes as they came over the wire.
    pub bytes_per_second: f64,
    /// Rows that were refused one by one, and dropped messages of syslog.
    pub rejected_per_second: f64,
    /// Since the start.
    pub total: IngestCount,
}

/// What came by one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngestCount {
    pub protocol: String,
    pub rows: u64,
    pub bytes: u64,
    pub rejected: u64,
    /// Requests that failed as a whole.
    pub requests_failed: u64,
}

/// A minute of the clock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IngestMinute {
    pub at: String,
    /// How long it was counted: less for the one that runs, more where counting stood still.
    pub seconds: f64,
    /// Those by which something came in it.
    pub protocols: Vec<IngestCount>,
}

/// How often something was refused for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngestReject {
    pub protocol: String,
    /// Of rows the code of their rejection, of whole requests the kind of failure after `request_`, and `dropped` for
    /// messages of syslog that found no room.
    pub code: String,
    pub last_minute: u64,
    pub last_hour: u64,
    /// Since the start.
    pub total: u64,
}
