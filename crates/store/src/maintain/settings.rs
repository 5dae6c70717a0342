//! What can be set about upkeep. Every default stands in `docs/limits.md`.

use std::collections::BTreeMap;
use std::time::Duration;

use whodunit_model::{Project, Table};

use crate::segment::Tier;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug)]
pub struct MaintainSettings {
    /// Most attributes of a segment that are columns; the rest goes into `attributes_overflow`.
    pub segment_attributes_max: usize,
    pub compaction: CompactionSettings,
    pub tiers: TierSettings,
    pub guard: GuardSettings,
    /// Most bytes that one round of scrubbing reads.
    pub scrub_bytes: u64,
    /// A segment verified or written within this time is not read again.
    pub scrub_interval: Duration,
}

impl Default for MaintainSettings {
    /// 512 attributes: planning a query grows with the columns of a table, and past a few hundred one feels it.
    fn default() -> Self {
        MaintainSettings {
            segment_attributes_max: 512,
            compaction: CompactionSettings::default(),
            tiers: TierSettings::default(),
            guard: GuardSettings::default(),
            scrub_bytes: 64 << 20,
            scrub_interval: 7 * DAY,
        }
    }
}

#[derive(Clone, Debug)]
pub struct CompactionSettings {
    /// So many segments of a partition and of about one size are merged into one.
    pub fan_in: usize,
    /// Segments above either size are left alone.
    pub rows_max: u64,
    pub bytes_max: u64,
    /// A partition that got no segment for this long is tidied up whatever the number of its segments.
    pub quiet: Duration,
}

impl Default for CompactionSettings {
    /// A fan-in of 16 rewrites a row of a busy project once, and of a project with one row a minute three times.
    fn default() -> Self {
        CompactionSettings { fan_in: 16, rows_max: 4 << 20, bytes_max: 256 << 20, quiet: Duration::from_secs(60 * 60) }
    }
}

#[derive(Clone, Debug)]
pub struct TierSettings {
    /// Age of a day's last moment after which its segments become warm.
    pub warm_after: Duration,
    pub cold_after: Duration,
    /// The place of `Objects` where cold segments lie, if elsewhere.
    pub cold_place: Option<String>,
}

impl Default for TierSettings {
    fn default() -> Self {
        TierSettings { warm_after: 2 * DAY, cold_after: 30 * DAY, cold_place: None }
    }
}

impl TierSettings {
    pub fn place(&self, tier: Tier) -> Option<String> {
        if tier == Tier::Cold { self.cold_place.clone() } else { None }
    }
}

/// What to do when the disk is nearly full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFull {
    /// Drop the oldest telemetry; refuse new telemetry only when none is left.
    EvictTelemetry,
    /// Keep everything and refuse new telemetry.
    Refuse,
}

#[derive(Clone, Debug)]
pub struct GuardSettings {
    /// Free bytes to keep; `None` means 5 % of the disk or 1 GiB, whichever is less.
    pub disk_free_min: Option<u64>,
    pub when_full: DiskFull,
}

impl Default for GuardSettings {
    /// Nothing is thrown away unless somebody has said so.
    fn default() -> Self {
        GuardSettings { disk_free_min: None, when_full: DiskFull::Refuse }
    }
}

/// How long and how much to keep. Absent limits keep for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// For all projects of a table.
    pub tables: BTreeMap<Table, Rule>,
    /// For one project of a table; stands before the table's own rule, limit by limit.
    pub projects: BTreeMap<(Table, Project), Rule>,
    /// For all segments together: telemetry goes first, audit only when no telemetry is left.
    pub total_bytes_max: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Rows older than this go, a segment at a time: when its newest row is older.
    pub age_max: Option<Duration>,
    /// Bytes per project; the oldest segments go first.
    pub bytes_max: Option<u64>,
}

impl RetentionPolicy {
    pub fn rule(&self, table: Table, project: &Project) -> Rule {
        let general = self.tables.get(&table).copied().unwrap_or_default();
        let special = self.projects.get(&(table, project.clone())).copied().unwrap_or_default();
        Rule { age_max: special.age_max.or(general.age_max), bytes_max: special.bytes_max.or(general.bytes_max) }
    }
}
