//! Issues: error events of the same problem, as they are found in a range of time.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::query::Statistics;

/// `GET /api/v1/issues`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssuesAnswer {
    /// In the order that was asked for.
    pub issues: Vec<IssueSummary>,
    /// There are more issues than `limit`.
    pub more: bool,
    /// The range that everything here is counted in, RFC 3339; `to` is not in it.
    pub from: String,
    pub to: String,
    /// Width of the buckets of each issue; the first begins at or before `from`.
    pub bucket_seconds: u64,
    pub statistics: Statistics,
}

/// One issue, as far as its events of the range tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueSummary {
    pub id: String,
    /// Of the newest event, as are type, culprit, level and platform.
    pub title: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub culprit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Of the first event of the range; there may be older ones before it.
    pub first_seen: String,
    pub last_seen: String,
    pub events: u64,
    /// Different users: by id, else e-mail address, else IP address.
    pub users: u64,
    /// Those that events name, in alphabetical order.
    pub releases: Vec<String>,
    pub environments: Vec<String>,
    /// Events of each bucket of the range, the empty ones included.
    pub buckets: Vec<u64>,
}

/// `GET /api/v1/issues/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IssueAnswer {
    pub issue: IssueSummary,
    pub from: String,
    pub to: String,
    pub bucket_seconds: u64,
    /// The newest event of the range, with every column that has a value.
    pub latest: Map<String, Value>,
    /// Of the newest events, see `tagged_events`; most frequent first.
    pub tags: Vec<TagValues>,
    /// How many events the tags were counted of: the newest 1,000 of the range at most.
    pub tagged_events: u64,
    pub grouping: GroupingExplained,
    pub statistics: Statistics,
}

/// The values of one tag.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TagValues {
    pub name: String,
    /// Events that have the tag.
    pub events: u64,
    /// The ten most frequent ones.
    pub values: Vec<TagValue>,
}

/// One value of a tag.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TagValue {
    pub value: String,
    pub events: u64,
}

/// Why the newest event is in this issue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupingExplained {
    /// The version of grouping: `v1`.
    pub algorithm: String,
    /// 64 hexadecimal digits.
    pub fingerprint: String,
    /// A sentence, then one line per part; `+` counts, `-` does not and says why.
    pub explanation: String,
}
