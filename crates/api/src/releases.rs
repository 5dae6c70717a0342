//! Releases: how well the sessions of each went.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/releases/health`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseHealthAnswer {
    /// The range in which the sessions began, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
    /// The release that was heard from last comes first.
    pub releases: Vec<ReleaseHealth>,
    /// There are more than are named.
    pub more: bool,
}

/// The sessions of one release in one environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseHealth {
    pub release: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    pub sessions: u64,
    /// Sessions that ended in a crash.
    pub crashed: u64,
    /// Sessions that ended without saying how.
    pub abnormal: u64,
    /// Sessions with errors that did not end in a crash.
    pub errored: u64,
    /// Share of sessions that did not crash, 0 to 1.
    pub crash_free_sessions: f64,
    /// Different users, as far as sessions name them.
    pub users: u64,
    /// Share of these users who met no crash, 0 to 1; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crash_free_users: Option<f64>,
    /// Start of its first and last session in the range.
    pub first_seen: String,
    pub last_seen: String,
}
