//! Releases: how well the sessions of each went, which errors it has, and when it went out.

use serde::{Deserialize, Serialize};

use crate::query::Statistics;

/// `GET /api/v1/releases/health`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseHealthAnswer {
    /// The range in which the sessions began, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
    /// Of all releases of the filter, named or not.
    pub sessions: u64,
    pub crashed: u64,
    /// Share of all sessions that did not crash, 0 to 1; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crash_free_sessions: Option<f64>,
    /// Width of the buckets; the first begins at or before `from`.
    pub bucket_seconds: u64,
    /// Sessions over time, by when they began, the empty buckets included.
    pub over_time: Vec<SessionBucket>,
    /// The release that was heard from last comes first.
    pub releases: Vec<ReleaseHealth>,
    /// There are more than are named.
    pub more: bool,
    pub statistics: Statistics,
}

/// The sessions of all releases that began in one stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionBucket {
    /// Its start, RFC 3339.
    pub time: String,
    pub sessions: u64,
    pub crashed: u64,
}

/// One release in one environment.
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
    /// Share of sessions that did not crash, 0 to 1; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crash_free_sessions: Option<f64>,
    /// Share of its sessions in all of its environment, 0 to 1; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adoption: Option<f64>,
    /// Different users, as far as sessions name them.
    pub users: u64,
    /// Share of these users who met no crash, 0 to 1; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crash_free_users: Option<f64>,
    /// Errors, and issues that they are of.
    pub errors: u64,
    pub issues: u64,
    /// Issues that began in the range and whose first event names the release, whatever its environment.
    pub new_issues: u64,
    /// Of its first and last session or error in the range; absent of one that was only named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// When it was named by a command line, whatever the range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_at: Option<String>,
    /// To this environment, the newest first, whatever the range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deploys: Vec<ReleaseDeploy>,
}

/// A release went out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDeploy {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}
