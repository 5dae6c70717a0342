//! The one shape of every error answer.

use serde::{Deserialize, Serialize};

/// `{"error": {"kind", "message", "hint"?, "field"?, "limit"?}}` with the HTTP status that belongs to the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// Stable word: `invalid`, `unauthenticated`, `forbidden`, `not_found`, `conflict`, `too_large`, `unsupported`,
    /// `exhausted`, `timeout`, `unavailable`, `corrupt`, `internal`.
    pub kind: String,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The field or parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The name of the limit that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
}
