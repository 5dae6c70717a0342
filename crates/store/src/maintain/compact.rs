//! Compaction: many small segments of a partition become few large ones.
//!
//! Size-tiered: segments of about one size wait until there are `fan_in` of them, so that a row is rewritten as often
//! as the logarithm of its project's traffic. Segments too large to gain anything are left alone. A partition
//! (table, project, day) that has fallen quiet is tidied up once, however few its small segments are.

use std::collections::BTreeMap;
use std::sync::Arc;

use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;

use super::rewrite::Rewrite;
use super::settings::CompactionSettings;
use crate::manifest::Manifest;
use crate::segment::{SegmentMeta, Tier};

type Partition<'a> = (Table, &'a Project, i32, Tier);

/// The next rewrites, each independent of the others, the smallest first.
pub fn plan(manifest: &Manifest, settings: &CompactionSettings, now: Timestamp) -> Vec<Rewrite> {
    let mut partitions: BTreeMap<Partition<'_>, Vec<&Arc<SegmentMeta>>> = BTreeMap::new();
    for segment in manifest.segments.iter().filter(|segment| !is_damaged(manifest, segment)) {
        let partition = (segment.table, &segment.project, segment.day, segment.tier);
        partitions.entry(partition).or_default().push(segment);
    }
    let of_partition = |((table, ..), segments): (Partition<'_>, Vec<&Arc<SegmentMeta>>)| {
        plan_partition(segments, &settings_of(table, settings), now)
    };
    let mut plans: Vec<Rewrite> = partitions.into_iter().flat_map(of_partition).collect();
    plans.sort_by_key(|plan| plan.inputs.iter().map(|input| input.bytes).sum::<u64>());
    plans
}

/// Most rows of a segment of files that compaction makes. A row holds a part of a file, up to 256 KiB, and a rewrite has
/// a block of rows in memory.
const ATTACHMENT_ROWS_MAX: u64 = 256;

fn settings_of(table: Table, settings: &CompactionSettings) -> CompactionSettings {
    match table {
        Table::Attachments => {
            CompactionSettings { rows_max: settings.rows_max.min(ATTACHMENT_ROWS_MAX), ..settings.clone() }
        }
        _ => settings.clone(),
    }
}

/// Rewriting damage would bless it with a new checksum.
pub(super) fn is_damaged(manifest: &Manifest, segment: &SegmentMeta) -> bool {
    manifest.damaged.iter().any(|damaged| damaged.path == segment.path)
}

fn plan_partition(segments: Vec<&Arc<SegmentMeta>>, settings: &CompactionSettings, now: Timestamp) -> Vec<Rewrite> {
    let newest = segments.iter().map(|segment| segment.created_at).max().unwrap_or_default();
    let is_quiet = now.since(newest) >= settings.quiet;
    // More than half full: merging it with another of its size would pass the limit.
    let is_small =
        |segment: &&Arc<SegmentMeta>| segment.rows < settings.rows_max / 2 && segment.bytes < settings.bytes_max / 2;
    let mut small: Vec<&Arc<SegmentMeta>> = segments.into_iter().filter(is_small).collect();
    // Neighbours in time, so that merged ranges stay narrow.
    small.sort_by_key(|segment| (segment.min_time, segment.id));
    if is_quiet {
        return groups(&small, settings, usize::MAX, 2);
    }
    let mut classes: BTreeMap<u32, Vec<&Arc<SegmentMeta>>> = BTreeMap::new();
    for segment in small {
        classes.entry(size_class(segment.rows)).or_default().push(segment);
    }
    let plans = classes.values().flat_map(|class| groups(class, settings, settings.fan_in, settings.fan_in));
    plans.collect()
}

/// Sizes within a factor of four are about the same. Below 1024 rows all are.
fn size_class(rows: u64) -> u32 {
    rows.max(1024).ilog2() / 2
}

/// Cuts neighbours into groups within the limits; a group of fewer than `count_min` waits, unless the limits ended it.
fn groups(
    segments: &[&Arc<SegmentMeta>],
    settings: &CompactionSettings,
    count_max: usize,
    count_min: usize,
) -> Vec<Rewrite> {
    let mut plans = Vec::new();
    let mut group: Vec<Arc<SegmentMeta>> = Vec::new();
    let (mut rows, mut bytes) = (0u64, 0u64);
    for segment in segments {
        let is_full = group.len() >= count_max
            || rows.saturating_add(segment.rows) > settings.rows_max
            || bytes.saturating_add(segment.bytes) > settings.bytes_max;
        if is_full && group.len() > 1 {
            plans.push(Rewrite { tier: group[0].tier, inputs: std::mem::take(&mut group) });
            (rows, bytes) = (0, 0);
        }
        group.push(Arc::clone(segment));
        rows = rows.saturating_add(segment.rows);
        bytes = bytes.saturating_add(segment.bytes);
    }
    if group.len() >= count_min.max(2) {
        plans.push(Rewrite { tier: group[0].tier, inputs: group });
    }
    plans
}
