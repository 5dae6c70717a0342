//! Scrub: segments are read again from time to time, since disks forget in silence.
//!
//! A damaged segment stays where it is: most of its rows may still be readable, and whoever has a copy can put it back
//! under the same name. It is named in the manifest and in health, is never rewritten, and is cleared when a later
//! round finds it whole.

use std::collections::HashMap;
use std::sync::Arc;

use futures::TryStreamExt;
use parking_lot::Mutex;
use whodunit_stdx::metrics::Counter;
use whodunit_stdx::{ErrorKind, Timestamp};

use super::Workshop;
use super::compact::is_damaged;
use super::settings::MaintainSettings;
use crate::Error;
use crate::manifest::{Change, Damaged, Manifest};
use crate::segment::reader::{Finding, verify_bytes};
use crate::segment::{SegmentId, SegmentMeta, SegmentReader};

pub static BYTES: Counter =
    Counter::new("whodunit_store_scrubbed_bytes_total", "Bytes of segments verified by scrubbing.");
pub static DAMAGED: Counter = Counter::new("whodunit_store_damaged_segments_total", "Segments found damaged.");

/// Remembers when each segment was last verified by this process.
#[derive(Debug, Default)]
pub struct Scrubber {
    verified: Mutex<HashMap<SegmentId, Timestamp>>,
}

/// Segments to verify next: of those that are due the longest unverified first, up to a number of bytes but at least
/// one. What was found damaged is always due, so that it is cleared soon after it was put back.
pub fn plan(
    manifest: &Manifest,
    verified: &HashMap<SegmentId, Timestamp>,
    settings: &MaintainSettings,
    now: Timestamp,
) -> Vec<Arc<SegmentMeta>> {
    let last = |segment: &SegmentMeta| verified.get(&segment.id).copied().unwrap_or(segment.created_at);
    let is_due = |segment: &&Arc<SegmentMeta>| {
        now.since(last(segment)) >= settings.scrub_interval || is_damaged(manifest, segment)
    };
    let mut segments: Vec<&Arc<SegmentMeta>> = manifest.segments.iter().filter(is_due).collect();
    segments.sort_by_key(|segment| (last(segment), segment.id));
    let mut bytes = 0u64;
    let mut chosen = Vec::new();
    for segment in segments {
        if !chosen.is_empty() && bytes.saturating_add(segment.bytes) > settings.scrub_bytes {
            break;
        }
        bytes = bytes.saturating_add(segment.bytes);
        chosen.push(segment.clone());
    }
    chosen
}

impl Scrubber {
    pub fn new() -> Scrubber {
        Scrubber::default()
    }

    /// Verifies some segments and writes down what it finds. Returns the findings of this round.
    pub async fn round(&self, workshop: &Workshop<'_>) -> Result<Vec<Finding>, Error> {
        let manifest = workshop.manifests.current();
        let chosen = plan(&manifest, &self.verified.lock(), workshop.settings, workshop.world.now());
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let mut findings = Vec::new();
        let mut whole = Vec::new();
        for segment in &chosen {
            match verify_bytes(workshop.objects, segment).await? {
                Some(finding) => findings.push(finding),
                None => whole.push(segment.path.clone()),
            }
            BYTES.add(segment.bytes);
        }
        record(workshop, &findings, &whole).await?;
        let now = workshop.world.now();
        let mut verified = self.verified.lock();
        verified.extend(chosen.iter().map(|segment| (segment.id, now)));
        verified.retain(|id, _| manifest.segment(*id).is_some());
        Ok(findings)
    }
}

/// Writes findings into the manifest and clears those that are no longer true.
pub async fn record(workshop: &Workshop<'_>, findings: &[Finding], whole: &[String]) -> Result<(), Error> {
    for finding in findings {
        tracing::error!(path = finding.path, what = finding.what, "segment is damaged");
    }
    let now = workshop.world.now();
    let committed = workshop.manifests.commit(|manifest| {
        let mut damaged: Vec<Damaged> =
            manifest.damaged.iter().filter(|one| !whole.contains(&one.path)).cloned().collect();
        for finding in findings {
            let is_live = manifest.segments.iter().any(|segment| segment.path == finding.path);
            if is_live && !damaged.iter().any(|one| one.path == finding.path) {
                damaged.push(Damaged { path: finding.path.clone(), finding: finding.what.clone(), at: now });
            }
        }
        if damaged == manifest.damaged {
            return Change::Nothing;
        }
        Change::To(Box::new(Manifest { damaged, ..manifest.clone() }))
    });
    let before = workshop.manifests.current().damaged.len();
    let after = committed.await?.damaged.len();
    DAMAGED.add(after.saturating_sub(before) as u64);
    Ok(())
}

/// What is wrong with one segment: its bytes, or else rows that cannot be read although the bytes are as written.
pub async fn verify(workshop: &Workshop<'_>, segment: &SegmentMeta) -> Result<Option<Finding>, Error> {
    if let Some(finding) = verify_bytes(workshop.objects, segment).await? {
        return Ok(Some(finding));
    }
    match read_all(workshop, segment).await {
        Ok(()) => Ok(None),
        Err(error) if matches!(error.kind, ErrorKind::Corrupt | ErrorKind::Unsupported) => {
            Ok(Some(Finding { path: segment.path.clone(), what: error.to_string() }))
        }
        Err(error) => Err(error),
    }
}

async fn read_all(workshop: &Workshop<'_>, segment: &SegmentMeta) -> Result<(), Error> {
    let reader = SegmentReader::open(workshop.objects, segment).await?;
    reader.tokens().await?;
    reader.rollup().await?;
    let mut rows = 0;
    let mut stream = reader.stream(None, None);
    while let Some(batch) = stream.try_next().await? {
        rows += batch.num_rows() as u64;
    }
    if rows == segment.rows {
        return Ok(());
    }
    let message = format!("segment {:?} has {rows} rows, the manifest says {}", segment.path, segment.rows);
    Err(Error::new(ErrorKind::Corrupt, message))
}
