//! What the store holds, how fast that grows, and how long the disk lasts.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/storage`: of the projects that the caller reaches; disks and write-ahead log are the whole store's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageAnswer {
    /// The server's time, RFC 3339.
    pub at: String,
    /// By table, project and tier.
    pub parts: Vec<StoragePart>,
    /// Of all parts.
    pub segments: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Rows that are in no segment yet, by table.
    pub buffered: Vec<BufferedRows>,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// What was uploaded, by project: source maps, releases and deploys.
    pub uploads: Vec<StorageUploads>,
    /// The data directory's first.
    pub disks: Vec<StorageDisk>,
    /// By table and project.
    pub growth: Vec<StorageGrowth>,
    /// The sum of those that are known; absent while none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_bytes_per_day: Option<u64>,
    /// Whole days until the data directory's disk is down to its reserve; absent where that cannot be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<u32>,
    /// `played_forward`, or why `days_left` is absent: `beyond`, `no_whole_day` or `in_a_bucket`.
    pub days_left_code: String,
    /// How `days_left` came about, or why it is absent, in one sentence.
    pub days_left_because: String,
}

/// Segments of one table, project and tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoragePart {
    pub table: String,
    pub project: String,
    /// `hot`, `warm` or `cold`.
    pub tier: String,
    pub segments: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Time of the oldest row.
    pub oldest: String,
    pub newest: String,
}

/// Rows of a table in memory and write-ahead log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BufferedRows {
    pub table: String,
    pub rows: u64,
}

/// What was uploaded for a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageUploads {
    pub project: String,
    pub files: u64,
    pub bytes: u64,
}

/// A disk that segments lie on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageDisk {
    /// `data`, or the name of a place for cold segments.
    pub place: String,
    pub free_bytes: u64,
    pub total_bytes: u64,
    /// Kept free: below it new telemetry is refused, or the oldest dropped.
    pub reserve_bytes: u64,
}

/// What a table of a project grows by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageGrowth {
    pub table: String,
    pub project: String,
    /// Bytes of segments whose rows happened on a day, on the average of the last whole UTC days; absent while there is
    /// no whole day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_per_day: Option<u64>,
    /// Whole days that it was read from, at most 7.
    pub days: u32,
}
