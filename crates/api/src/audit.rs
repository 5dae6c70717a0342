//! Answers of `POST /api/v1/audit` and of completing an intent.

use serde::{Deserialize, Serialize};

use crate::error::ErrorDetail;

/// What became of every entry of one request: a receipt or a rejection each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAnswer {
    /// Entries that are on disk now, repeated ones included.
    pub accepted: u64,
    pub rejected: u64,
    /// How many of the accepted were known already and got their first receipt again.
    pub repeated: u64,
    /// Values in whose place `[Filtered]` stands, of the entries that were not known before.
    #[serde(default)]
    pub filtered: u64,
    /// In the order of the request.
    pub receipts: Vec<Receipt>,
    /// In the order of the request.
    pub rejections: Vec<Rejection>,
    /// No entry was accepted, with the first rejection in words; the status is then the error's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

/// Proof of acceptance: the entry is on disk as this leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Position in the request, from 0.
    pub index: u64,
    /// The entry's UUIDv7: the client's, or ours when it sent none.
    pub id: String,
    pub project: String,
    /// The writer whose ledger holds the leaf.
    pub writer: String,
    /// Gapless per project and writer, from 0.
    pub leaf_index: u64,
    /// 64 lower-case hexadecimal digits.
    pub leaf_hash: String,
    /// RFC 3339 in UTC with nanoseconds.
    pub received_at: String,
    /// The entry was sent before; this is its first receipt.
    pub repeated: bool,
    /// Values of this entry in whose place `[Filtered]` stands; 0 for one that was known already.
    #[serde(default)]
    pub filtered: u64,
}

/// One entry that was not taken, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Position in the request, from 0.
    pub index: u64,
    /// The field at fault, in the words of the vocabulary; empty when it is the entry as a whole.
    pub field: String,
    /// One sentence for people.
    pub reason: String,
    /// A stable word for programs: `missing`, `invalid`, `too_large`, `out_of_range`, `not_json`, `not_utf8`, `conflict`.
    pub code: String,
}
