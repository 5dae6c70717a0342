//! Retention: segments move to slower tiers with age, and go when they are too old or too many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;
use whodunit_stdx::metrics::CounterVec;

use super::Workshop;
use super::compact::is_damaged;
use super::rewrite::Rewrite;
use super::settings::{CompactionSettings, RetentionPolicy, TierSettings};
use crate::Error;
use crate::manifest::{Change, Manifest};
use crate::segment::{Lane, SegmentId, SegmentMeta, Tier};

pub static SEGMENTS_DROPPED: CounterVec =
    CounterVec::new("whodunit_store_retention_segments_total", "Segments dropped by retention.", &["table"]);
pub static ROWS_DROPPED: CounterVec =
    CounterVec::new("whodunit_store_retention_rows_total", "Rows dropped by retention.", &["table"]);

/// The segments that retention asks to drop.
pub fn plan_drops(manifest: &Manifest, policy: &RetentionPolicy, now: Timestamp) -> Vec<SegmentId> {
    let mut gone: BTreeSet<SegmentId> = BTreeSet::new();
    let mut kept: BTreeMap<(Table, &Project), Vec<&Arc<SegmentMeta>>> = BTreeMap::new();
    for segment in &manifest.segments {
        let rule = policy.rule(segment.table, &segment.project);
        if rule.age_max.is_some_and(|age| now.since(segment.max_time) > age) {
            gone.insert(segment.id);
        } else {
            kept.entry((segment.table, &segment.project)).or_default().push(segment);
        }
    }
    for ((table, project), segments) in kept {
        if let Some(bytes_max) = policy.rule(table, project).bytes_max {
            gone.extend(oldest_beyond(segments, bytes_max));
        }
    }
    if let Some(bytes_max) = policy.total_bytes_max {
        let rest = manifest.segments.iter().filter(|segment| !gone.contains(&segment.id)).collect();
        let more = oldest_beyond(rest, bytes_max);
        gone.extend(more);
    }
    gone.into_iter().collect()
}

/// The oldest segments without which the rest fits; telemetry before audit.
fn oldest_beyond(mut segments: Vec<&Arc<SegmentMeta>>, bytes_max: u64) -> Vec<SegmentId> {
    segments.sort_by_key(|segment| (segment.lane == Lane::Audit, segment.max_time, segment.id));
    let mut total: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let mut gone = Vec::new();
    for segment in segments {
        if total <= bytes_max {
            break;
        }
        total -= segment.bytes;
        gone.push(segment.id);
    }
    gone
}

/// Drops segments from the manifest; `None` if none of them is live any more.
pub async fn drop_segments(workshop: &Workshop<'_>, ids: &[SegmentId]) -> Result<Option<Arc<Manifest>>, Error> {
    let before = workshop.manifests.current();
    let manifest = workshop.manifests.commit(|manifest| {
        let live: Vec<SegmentId> = ids.iter().copied().filter(|id| manifest.segment(*id).is_some()).collect();
        let mut next = manifest.clone();
        if live.is_empty() || !next.remove(&live, workshop.world.now()) {
            return Change::Nothing;
        }
        Change::To(Box::new(next))
    });
    let manifest = manifest.await?;
    let dropped: Vec<_> = ids.iter().filter_map(|id| before.segment(*id)).collect();
    if dropped.is_empty() {
        return Ok(None);
    }
    workshop.cache.forget(ids);
    for segment in dropped {
        SEGMENTS_DROPPED.add(&[segment.table.name()], 1);
        ROWS_DROPPED.add(&[segment.table.name()], segment.rows);
    }
    Ok(Some(manifest))
}

/// Days whose segments are old enough for a slower tier, each as rewrites within the size limits.
pub fn plan_tiers(
    manifest: &Manifest,
    tiers: &TierSettings,
    sizes: &CompactionSettings,
    now: Timestamp,
) -> Vec<Rewrite> {
    let mut moves: BTreeMap<(Table, &Project, i32, Tier), Vec<&Arc<SegmentMeta>>> = BTreeMap::new();
    for segment in manifest.segments.iter().filter(|segment| !is_damaged(manifest, segment)) {
        let wanted = tier_of(segment.day, tiers, now);
        if wanted > segment.tier {
            moves.entry((segment.table, &segment.project, segment.day, wanted)).or_default().push(segment);
        }
    }
    let mut plans = Vec::new();
    for ((.., tier), mut segments) in moves {
        segments.sort_by_key(|segment| (segment.min_time, segment.id));
        let mut group: Vec<Arc<SegmentMeta>> = Vec::new();
        for segment in segments {
            let rows: u64 = group.iter().map(|one| one.rows).sum();
            let bytes: u64 = group.iter().map(|one| one.bytes).sum();
            if !group.is_empty() && (rows + segment.rows > sizes.rows_max || bytes + segment.bytes > sizes.bytes_max) {
                plans.push(Rewrite { inputs: std::mem::take(&mut group), tier });
            }
            group.push(Arc::clone(segment));
        }
        plans.push(Rewrite { inputs: group, tier });
    }
    plans
}

/// The tier that a day deserves by the age of its last moment.
fn tier_of(day: i32, tiers: &TierSettings, now: Timestamp) -> Tier {
    let end = Timestamp((i64::from(day) + 1).saturating_mul(Timestamp::NANOS_PER_DAY));
    let age = now.since(end);
    if now < end {
        Tier::Hot
    } else if age >= tiers.cold_after {
        Tier::Cold
    } else if age >= tiers.warm_after {
        Tier::Warm
    } else {
        Tier::Hot
    }
}
