//! Everything about the store that can be set. Every default here stands in `docs/limits.md`.

use std::path::PathBuf;
use std::time::Duration;

use crate::maintain::{MaintainSettings, RetentionPolicy};
use crate::object::{Location, ObjectsIn};
use crate::write::LaneSettings;

/// Who runs maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// A task of the store flushes and maintains when work is due.
    Automatic,
    /// Only `flush`, `maintain` and `settle` do: for tests and the simulator.
    Manual,
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To take rows. Another process that has a copy of the directory open acknowledges nothing from then on.
    Append,
    /// To read only: whoever else has a copy open goes on. Appending and flushing may fail.
    Look,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    /// Where segments and manifest are kept; the write-ahead log is always in `data`.
    pub objects: ObjectsIn,
    /// Where cold segments are kept, if not with the others. Those moved elsewhere before are still found there.
    pub cold: Option<Location>,
    pub purpose: Purpose,
    /// Bytes a lane may hold in its buffer before it is flushed.
    pub flush_bytes: usize,
    /// Longest time a row waits in the buffer for its segment.
    pub flush_interval: Duration,
    /// Longest time a row that was answered as `Buffered` waits for its sync.
    pub buffered_sync_interval: Duration,
    /// Bytes a lane may hold in queue and buffer together; past it appends wait, then are refused.
    pub buffer_bytes_max: usize,
    /// How long an append waits for room in the buffer before it is refused.
    pub append_wait: Duration,
    /// Submissions that may wait for a lane.
    pub queue_submissions_max: usize,
    /// A WAL file is closed when it is larger than this.
    pub wal_file_bytes: u64,
    /// An intent not completed within this time is shown as `unknown`.
    pub intent_timeout: Duration,
    /// Intents that may be open at once.
    pub open_intents_max: usize,
    /// Intents that may be completed after they have expired: each is remembered for good.
    pub late_completions_max: usize,
    /// The write-ahead log is not grown while the disk has fewer free bytes than this. Audit may use the last half.
    pub wal_free_min: u64,
    /// Memory for footers and token indexes of open segments.
    pub segment_cache_bytes: usize,
    pub upkeep: Upkeep,
    /// Time between two rounds of maintenance, if automatic.
    pub maintain_interval: Duration,
    /// Time between two rounds of scrubbing, each of `maintain.scrub_bytes`.
    pub scrub_interval: Duration,
    pub maintain: MaintainSettings,
    /// What to keep; `Store::set_retention` replaces it.
    pub retention: RetentionPolicy,
}

impl Settings {
    /// The defaults, with data in `data`.
    pub fn new(data: impl Into<PathBuf>) -> Settings {
        Settings {
            data: data.into(),
            objects: ObjectsIn::Directory,
            cold: None,
            purpose: Purpose::Append,
            flush_bytes: 64 << 20,
            flush_interval: Duration::from_secs(30),
            buffered_sync_interval: Duration::from_millis(200),
            buffer_bytes_max: 192 << 20,
            append_wait: Duration::from_secs(5),
            queue_submissions_max: 16_384,
            wal_file_bytes: 64 << 20,
            intent_timeout: Duration::from_secs(15 * 60),
            open_intents_max: 100_000,
            late_completions_max: 100_000,
            wal_free_min: 32 << 20,
            segment_cache_bytes: 128 << 20,
            upkeep: Upkeep::Automatic,
            maintain_interval: Duration::from_secs(10),
            scrub_interval: Duration::from_secs(60),
            maintain: MaintainSettings::default(),
            retention: RetentionPolicy::default(),
        }
    }

    /// With cold segments in that place, unless one was named already.
    pub(crate) fn with_cold_place(mut self, place: Option<String>) -> Settings {
        self.maintain.tiers.cold_place = place.or(self.maintain.tiers.cold_place);
        self
    }

    /// The part that a lane knows.
    pub(crate) fn lanes(&self) -> LaneSettings {
        LaneSettings {
            data: self.data.clone(),
            flush_bytes: self.flush_bytes,
            buffered_sync_interval: self.buffered_sync_interval,
            queue_submissions_max: self.queue_submissions_max,
            wal_free_min: self.wal_free_min,
        }
    }
}
