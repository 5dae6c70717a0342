//! `GET /api/v1/activity/summary` and the first event of `GET /api/v1/activity/stream`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A signal that the answer leaves out, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Without {
    pub signal: String,
    pub reason: String,
}

/// The event `opened`, before the first row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityOpened {
    /// Table names.
    pub signals: Vec<String>,
    pub without: Vec<Without>,
    /// Rows a second that come one by one.
    pub rate_max: u64,
}

/// Counts by how bad things are. A critical row is an error as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityCounts {
    pub events: u64,
    pub errors: u64,
    pub critical: u64,
    pub warnings: u64,
}

/// What went on in a range of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySummary {
    pub from: String,
    /// Not included.
    pub to: String,
    pub totals: ActivityCounts,
    pub bucket_seconds: u64,
    /// All buckets of the range in time order, empty ones too; the first and the last may reach beyond it.
    pub buckets: Vec<ActivityBucket>,
    /// Rows by table name.
    pub signals: BTreeMap<String, u64>,
    pub actions: Vec<ActionCount>,
    pub actors: Vec<ActorCount>,
    pub addresses: Vec<AddressCount>,
    /// What the caller may not read and is therefore not counted.
    pub without: Vec<Without>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityBucket {
    pub time: String,
    pub counts: ActivityCounts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCount {
    pub action: String,
    pub count: u64,
    pub failures: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorCount {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub count: u64,
    /// Of the newest entry that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ip: Option<String>,
    pub last_time: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressCount {
    pub ip: String,
    pub count: u64,
    /// Different actors who came from it.
    pub actors: u64,
    pub last_time: String,
}
