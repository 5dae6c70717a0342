//! The plain nouns of the store's face.

use whodunit_model::{Batch, Project, Table};
use whodunit_stdx::{EntryId, Timestamp};

/// When the answer to an append may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// After `fdatasync`. Audit entries are always synced, whatever is asked.
    Synced,
    /// After the row is visible; it is on disk within `Settings::buffered_sync_interval`.
    Buffered,
}

/// What to append: rows plus how long to wait.
#[derive(Clone, Debug)]
pub struct Submission {
    pub batch: Batch,
    pub durability: Durability,
}

/// What the store says of one audit entry it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub id: EntryId,
    pub project: Project,
    pub writer: String,
    /// Position in the ledger of (project, writer), from 0, gapless.
    pub leaf_index: u64,
    /// RFC 9162 leaf hash over the list of field commitments.
    pub leaf_hash: [u8; 32],
    pub received_at: Timestamp,
    /// The entry had been sent before; this is its first receipt.
    pub repeated: bool,
}

/// The answer to an append.
#[derive(Clone, Debug)]
pub struct Appended {
    pub table: Table,
    /// Rows that are new; repeated entries do not count.
    pub rows: usize,
    /// One per row for `audit_logs`, in order; empty for other tables.
    pub receipts: Vec<Receipt>,
}

/// One line of health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub status: CheckStatus,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    Healthy,
    Degraded,
    Unhealthy,
}
