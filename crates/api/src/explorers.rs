//! What the explorers of the interface ask beyond lists: fields, who set what, what retention would take.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::query::Statistics;

/// `GET /api/v1/logs/fields` and `GET /api/v1/audit/fields`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldsAnswer {
    /// Those that some row has, most frequent first.
    pub fields: Vec<FieldCount>,
    /// There are more rows than were counted: the newest.
    pub sampled: bool,
    /// Rows that were counted.
    pub rows: u64,
    pub statistics: Statistics,
}

/// One column or attribute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldCount {
    pub name: String,
    /// `text`, `json`, `time`, `integer`, `float`, `boolean`, `uuid`, `hex` or `changes`.
    pub kind: String,
    /// Rows that have a value.
    pub rows: u64,
    /// Of the rows that were counted, 0 to 1.
    pub share: f64,
}

/// `GET /api/v1/blame`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlameAnswer {
    pub target_type: String,
    pub target_id: String,
    /// Last changed first.
    pub fields: Vec<BlamedField>,
    pub statistics: Statistics,
}

/// Who last set a field of a target, and to what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlamedField {
    pub field: String,
    /// As last set; null if it was taken away.
    pub value: Value,
    pub time: String,
    /// Of the audit entry.
    pub id: String,
    pub action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// How often it was changed.
    pub changes: u64,
}

/// `POST /api/v1/admin/retention/preview`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionPreviewRequest {
    /// As in the setting `retention`.
    pub value: Value,
}

/// What would go now if the rules were in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPreview {
    /// The moment that ages are counted from.
    pub at: String,
    pub segments: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Per table and project of which something would go.
    pub drops: Vec<RetentionDrop>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionDrop {
    pub table: String,
    pub project: String,
    pub segments: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Time of the oldest row that would go.
    pub oldest: String,
    pub newest: String,
    /// Rows that would stay in segments.
    pub rows_kept: u64,
}
