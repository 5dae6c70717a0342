//! A project's redaction rules, and trying them out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One rule of a project's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionRule {
    /// Under which it is counted: a-z, 0-9 and `_`.
    pub name: String,
    pub kind: RuleKind,
    /// A glob (`*`, `?`) for a key, a regular expression for a value.
    pub pattern: String,
    #[serde(default)]
    pub action: RuleAction,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    Key,
    Value,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAction {
    #[default]
    Filter,
    Keep,
}

/// `GET /api/v1/admin/redaction`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactionView {
    pub project: String,
    /// Of the setting `redaction`, which holds the rules of all projects.
    pub version: i64,
    pub rules: Vec<RedactionRule>,
    /// Names of the rules that always count.
    pub standard: Vec<String>,
}

/// `PUT /api/v1/admin/redaction`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionChange {
    /// All rules of the project; an empty list leaves the standard ones.
    pub rules: Vec<RedactionRule>,
    /// Refuse with `conflict` unless this is the version in force.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/admin/redaction/test`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionTest {
    /// Rules to try; those in force if left out.
    #[serde(default)]
    pub rules: Option<Vec<RedactionRule>>,
    /// A text, or any other JSON.
    #[serde(default)]
    pub sample: Option<Value>,
}

/// What would be filtered. Nothing is changed, and no secret is in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RedactionTestAnswer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleFiltered>,
    /// Values of the newest rows that would be filtered if they came now.
    pub records: Vec<RecordFiltered>,
    /// How many rows were looked at.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleFiltered {
    /// The sample as it would be stored.
    pub filtered: Value,
    pub rules: Vec<RuleCount>,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFiltered {
    pub table: String,
    /// Of an audit entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub time: String,
    pub column: String,
    pub rules: Vec<RuleCount>,
    /// The value as it would be stored, cut to 200 bytes.
    pub preview: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    pub rule: String,
    pub count: u64,
}
