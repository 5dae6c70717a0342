//! Upkeep: rows leave the buffer for segments, small segments become large ones, old ones get smaller and then go.
//!
//! Each kind of work is a pure plan (what, decided from the manifest and the time) and a small executor (act, then one
//! commit of the manifest). Executors never wait for each other and leave nothing half done: until the commit, what
//! they wrote is an orphan; after it, what they replaced is discarded and deleted once no snapshot reads it.
//! This room takes what it flushes as an argument and knows neither lanes nor WAL.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod outlook;
pub mod guard;
pub mod scrub;
pub mod sweep;
pub mod retain;
pub mod compact;
pub mod rewrite;
pub mod flush;
pub mod settings;

pub use flush::{Frozen, flush};
pub use scrub::Scrubber;
pub use settings::{
    CompactionSettings, DiskFull, GuardSettings, MaintainSettings, RetentionPolicy, Rule, TierSettings,
};

use whodunit_stdx::World;
use whodunit_stdx::metrics::Metric;

use crate::manifest::Manifests;
use crate::object::Objects;
use crate::segment::SegmentCache;

/// What every executor works with.
#[derive(Clone, Copy, Debug)]
pub struct Workshop<'a> {
    pub objects: &'a Objects,
    pub manifests: &'a Manifests,
    pub cache: &'a SegmentCache,
    pub world: &'a World,
    /// The id of this installation, written into segments.
    pub writer: &'a str,
    pub settings: &'a MaintainSettings,
}

/// What this room counts.
pub static METRICS: &[&dyn Metric] = &[
    &flush::ROWS,
    &flush::SEGMENTS,
    &flush::BYTES,
    &flush::DURATION,
    &rewrite::ROWS,
    &rewrite::BYTES,
    &rewrite::SEGMENTS_IN,
    &rewrite::DURATION,
    &retain::SEGMENTS_DROPPED,
    &retain::ROWS_DROPPED,
    &guard::SEGMENTS_EVICTED,
    &sweep::FILES_DELETED,
    &scrub::BYTES,
    &scrub::DAMAGED,
];
