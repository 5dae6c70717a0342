//! Cases: named lists of rows with notes. A row is kept as it was found when it was added.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `GET /api/v1/cases`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseList {
    /// Last changed first.
    pub cases: Vec<CaseView>,
}

/// A case without what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseView {
    pub id: String,
    /// Who reaches it sees the case.
    pub project: String,
    pub name: String,
    pub description: String,
    /// Rows and notes that it holds, also those that the caller may not see.
    pub rows: u64,
    pub notes: u64,
    /// From 1; each change of the case or of what it holds counts it on.
    pub version: i64,
    pub created_at: String,
    pub created_by: String,
    pub updated_at: String,
    pub updated_by: String,
    /// Absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
}

/// `GET /api/v1/cases/{id}`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseAnswer {
    pub case: CaseView,
    /// In the order in which they were added; rows without their `fields`.
    pub items: Vec<CaseItem>,
    /// Items left out because the caller may not see their rows.
    pub hidden: u64,
}

/// A row of a case, or a note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseItem {
    /// Within the case, from 1; never given again.
    pub number: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub added_at: String,
    pub added_by: String,
    /// When the note was last written, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted_by: Option<String>,
    /// Absent for a note alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<CaseRow>,
}

/// A row as it was found when it was added; retention of the signal does not touch it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Table name.
    pub signal: String,
    pub project: String,
    pub time: String,
    /// Of rows that have one: audit entries, error events, session events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The row's number in its table, which with its time tells it from all others.
    pub seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// One line for a person.
    pub summary: String,
    /// Columns that were too large to be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Of an audit entry the columns that a sentence about it is made of, for those who write `summary` in another
    /// language. Absent for other signals, and for entries of more than 16 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Map<String, Value>>,
    /// Every column that had a value. Only in `GET /api/v1/cases/{id}/items/{number}` and in exports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Map<String, Value>>,
}

/// `POST /api/v1/cases`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCaseRequest {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `PATCH /api/v1/cases/{id}`: what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateCaseRequest {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// `true` closes the case, `false` opens it again. A closed case takes no other change.
    #[serde(default)]
    pub closed: Option<bool>,
    /// Refuse with `conflict` unless this is the present version.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/cases/{id}/rows`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCaseRowsRequest {
    /// All of them are added, or none.
    pub rows: Vec<CaseRowRequest>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// Which row: by `id`, or by `time` and `seq`; `time` beside `id` finds it faster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRowRequest {
    /// Table name.
    pub signal: String,
    /// The project of the request if left out.
    #[serde(default)]
    pub project: Option<String>,
    #[serde(default)]
    pub id: Option<String>,
    /// RFC 3339 with all its digits, as the answer that had the row says it.
    #[serde(default)]
    pub time: Option<String>,
    #[serde(default)]
    pub seq: Option<i64>,
    #[serde(default)]
    pub note: Option<String>,
}

/// What came of adding rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AddCaseRowsAnswer {
    pub case: CaseView,
    pub added: Vec<CaseItem>,
    /// Rows of the request that the case had already.
    pub present: u64,
}

/// `POST /api/v1/cases/{id}/notes` and `PATCH /api/v1/cases/{id}/items/{number}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseNoteRequest {
    /// Of a row an empty one takes its note away.
    pub note: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// What came of one note.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseItemAnswer {
    pub case: CaseView,
    pub item: CaseItem,
}
