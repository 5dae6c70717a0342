//! Disk guard: what to give up, and whom to refuse, before the disk is full.
//!
//! Audit comes last in every respect: its segments are never evicted here, and its appends are refused only when half
//! of the reserve is gone, which is left for it to be written into.

use std::sync::Arc;

use whodunit_stdx::metrics::Counter;

use super::settings::{DiskFull, GuardSettings};
use crate::manifest::Manifest;
use crate::segment::meta::place_of;
use crate::segment::{Lane, SegmentId, SegmentMeta};

pub static SEGMENTS_EVICTED: Counter = Counter::new(
    "whodunit_store_evicted_segments_total",
    "Telemetry segments dropped because the disk was nearly full.",
);

/// The state of one disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    pub free: u64,
    pub total: u64,
}

/// Which appends may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    All,
    AuditOnly,
    Nothing,
}

/// Whether a segment lies on the disk in question, by the name of its place: dropping others would free nothing there.
pub type OnDisk<'a> = &'a dyn Fn(Option<&str>) -> bool;

/// What to do about the space that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardPlan {
    pub admission: Admission,
    /// Oldest telemetry, to be dropped at once.
    pub evict: Vec<SegmentId>,
}

const FREE_MIN_CEILING: u64 = 1 << 30;

/// Free bytes to keep on a disk of this size.
pub fn reserve(settings: &GuardSettings, total: u64) -> u64 {
    settings.disk_free_min.unwrap_or((total / 20).min(FREE_MIN_CEILING))
}

pub fn plan(manifest: &Manifest, settings: &GuardSettings, space: Space, on_disk: OnDisk<'_>) -> GuardPlan {
    let reserve = reserve(settings, space.total);
    if space.free >= reserve {
        return GuardPlan { admission: Admission::All, evict: Vec::new() };
    }
    let mut evict = Vec::new();
    // Files that wait for their last reader will be free without anybody giving up more.
    let leaving = manifest.discarded.iter().filter(|file| on_disk(place_of(&file.path)));
    let mut freed: u64 = leaving.map(|file| file.bytes).sum();
    if settings.when_full == DiskFull::EvictTelemetry {
        let here = manifest.segments.iter().filter(|segment| on_disk(segment.place()));
        let mut telemetry: Vec<&Arc<SegmentMeta>> = here.filter(|segment| segment.lane == Lane::Telemetry).collect();
        telemetry.sort_by_key(|segment| (segment.max_time, segment.id));
        for segment in telemetry {
            if space.free.saturating_add(freed) >= reserve {
                break;
            }
            freed = freed.saturating_add(segment.bytes);
            evict.push(segment.id);
        }
    }
    // What will be free is no reason to let the last half of the reserve go: until then admission goes by what is.
    let admission = if space.free >= reserve / 2 { Admission::AuditOnly } else { Admission::Nothing };
    let enough = space.free.saturating_add(freed) >= reserve && space.free >= reserve / 2;
    GuardPlan { admission: if enough { Admission::All } else { admission }, evict }
}
