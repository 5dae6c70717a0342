//! Sources: who sends what, over which protocol, since when, how much, and what was refused.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/sources`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceList {
    /// The server's time, RFC 3339, to which `last_heard_at` can be held.
    pub now: String,
    /// Last heard first.
    pub sources: Vec<SourceView>,
}

/// One sender with one program over one protocol into one project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    pub project: String,
    /// `audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`.
    pub protocol: String,
    /// `key`, `user`, `address` (syslog), `system`, or `other` for all that are past the limit.
    pub sender_type: String,
    pub sender_id: String,
    /// The name of the key, the e-mail address of the user, or the address that it came from.
    pub sender: String,
    /// The program that sends, as it calls itself: `python-requests/2.32.0`; empty if it does not say.
    pub client: String,
    pub first_heard_at: String,
    pub last_heard_at: String,
    /// Of syslog messages.
    pub requests: u64,
    /// Requests that failed as a whole.
    pub requests_failed: u64,
    /// Rows that are stored.
    pub rows: u64,
    /// Of those the ones since midnight UTC.
    pub rows_today: u64,
    /// Bytes as they came over the wire.
    pub bytes: u64,
    /// Rows that were refused one by one.
    pub rejected: u64,
    /// Most rows first; rows that name no service are in none.
    #[serde(default)]
    pub services: Vec<SourceService>,
    /// Most frequent first.
    #[serde(default)]
    pub reasons: Vec<SourceReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_rejection: Option<SourceRejection>,
}

/// Rows of one service within a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceService {
    pub service: String,
    pub rows: u64,
}

/// How often something was refused for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReason {
    /// Of rows the code of their rejection; of whole requests the kind of failure after `request_`.
    pub code: String,
    pub count: u64,
}

/// The last thing that was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRejection {
    pub at: String,
    pub code: String,
    /// For people; what it quotes from the request is left out.
    pub reason: String,
}
