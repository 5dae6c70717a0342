//! What the store says about itself: health and numbers.

use whodunit_model::Table;

use super::Inner;
use crate::segment::{Lane, Tier};
use crate::types::{Check, CheckStatus};

/// Numbers of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    pub manifest_version: u64,
    pub tables: Vec<TableStatistics>,
    pub lanes: Vec<LaneStatistics>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableStatistics {
    pub table: Table,
    pub tiers: Vec<TierStatistics>,
    pub buffered_rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierStatistics {
    pub tier: Tier,
    pub segments: u64,
    pub rows: u64,
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneStatistics {
    pub lane: Lane,
    /// Memory of rows that are in no segment yet.
    pub buffered_bytes: u64,
    pub wal_bytes: u64,
    pub open_intents: u64,
}

impl Inner {
    pub(super) fn statistics(&self) -> Statistics {
        let view = self.publisher.view();
        let tables = Table::ALL.into_iter().map(|table| {
            let tiers = Tier::ALL.into_iter().map(|tier| {
                let mut sum = TierStatistics { tier, segments: 0, rows: 0, bytes: 0 };
                for segment in view.manifest.of_table(table).filter(|segment| segment.tier == tier) {
                    sum.segments += 1;
                    sum.rows += segment.rows;
                    sum.bytes += segment.bytes;
                }
                sum
            });
            let generations = view.lanes.iter().flat_map(|lane| lane.generations());
            let parts = generations.flat_map(|generation| &generation.parts).filter(|((of, _), _)| *of == table);
            let rows = parts.flat_map(|(_, batches)| batches.iter()).map(|batch| batch.num_rows() as u64);
            TableStatistics { table, buffered_rows: rows.sum(), tiers: tiers.collect() }
        });
        let lanes = Lane::ALL.into_iter().map(|lane| {
            let buffered: usize = view.lane(lane).generations().map(|generation| generation.bytes).sum();
            let open = if lane == Lane::Audit { view.pending_intents.all().len() as u64 } else { 0 };
            LaneStatistics {
                lane,
                buffered_bytes: buffered as u64,
                wal_bytes: self.lane(lane).wal_bytes(),
                open_intents: open,
            }
        });
        Statistics { manifest_version: view.manifest.version, tables: tables.collect(), lanes: lanes.collect() }
    }

    pub(super) fn health(&self) -> Vec<Check> {
        let mut checks: Vec<Check> = self.lanes.iter().map(|lane| lane.health()).collect();
        checks.push(self.wal_health());
        checks.push(self.segment_health());
        checks.extend(self.place_health());
        checks.push(self.upkeep_health());
        checks
    }

    fn wal_health(&self) -> Check {
        let name = "store.wal";
        let Some(first) = self.findings.first() else {
            return Check { name, status: CheckStatus::Healthy, message: "replayed whole".to_owned() };
        };
        let (file, offset) = (first.file.display(), first.offset);
        let more = match self.findings.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let message = format!("damaged at {file}, offset {offset}: {}{more}; copies are in quarantine", first.message);
        Check { name, status: CheckStatus::Degraded, message }
    }

    fn segment_health(&self) -> Check {
        let name = "store.segments";
        let view = self.publisher.view();
        match view.manifest.damaged.as_slice() {
            [] => Check { name, status: CheckStatus::Healthy, message: "none is known to be damaged".to_owned() },
            [first, others @ ..] => {
                let message = format!("{} is damaged: {} ({} others)", first.path, first.finding, others.len());
                Check { name, status: CheckStatus::Degraded, message }
            }
        }
    }

    /// Only where there are places.
    fn place_health(&self) -> Option<Check> {
        let name = "store.places";
        if self.places.names.is_empty() {
            return None;
        }
        Some(match self.full_places.lock().values().next() {
            None => Check { name, status: CheckStatus::Healthy, message: "cold segments have room".to_owned() },
            Some(why) => Check { name, status: CheckStatus::Degraded, message: why.clone() },
        })
    }

    fn upkeep_health(&self) -> Check {
        let name = "store.upkeep";
        let failures = self.failures.lock();
        match failures.iter().next() {
            None => Check { name, status: CheckStatus::Healthy, message: "up to date".to_owned() },
            Some((what, why)) => {
                Check { name, status: CheckStatus::Degraded, message: format!("{what} failed: {why}") }
            }
        }
    }
}
