//! Sweep: files go when nobody can need them any more.
//!
//! Two rules, both safe after a crash at any point:
//! - A discarded file (the manifest says so) goes when no snapshot of this process holds its segment. A process that
//!   has just started has no snapshots.
//! - A file that the manifest does not name at all goes at start only, and only if its id is older than the manifest:
//!   it was left by a flush or rewrite that never got to its commit. A younger one may mean that the manifest is a
//!   restored older copy, and stays.

use std::collections::{BTreeSet, HashSet};
use std::str::FromStr;

use whodunit_stdx::metrics::Counter;
use whodunit_stdx::{EntryId, Timestamp};

use super::Workshop;
use crate::Error;
use crate::manifest::{Change, Manifest};

pub static FILES_DELETED: Counter =
    Counter::new("whodunit_store_deleted_files_total", "Segment files deleted after nobody needed them.");

/// Deletes discarded files that no snapshot reads; returns how many.
pub async fn sweep(workshop: &Workshop<'_>) -> Result<usize, Error> {
    let deletable = workshop.manifests.deletable();
    let mut deleted = HashSet::new();
    let mut failed = None;
    for path in deletable {
        match workshop.objects.delete(&path).await {
            Ok(()) => drop(deleted.insert(path)),
            Err(error) => failed = Some(error),
        }
    }
    if !deleted.is_empty() {
        let committed = workshop.manifests.commit(|manifest| {
            let mut next = manifest.clone();
            next.discarded.retain(|one| !deleted.contains(&one.path));
            if next.discarded.len() == manifest.discarded.len() { Change::Nothing } else { Change::To(Box::new(next)) }
        });
        committed.await?;
        FILES_DELETED.add(deleted.len() as u64);
    }
    failed.map_or(Ok(deleted.len()), Err)
}

/// Deletes what crashes have left behind, here and in other places; call once, before anything is flushed. Returns the
/// paths.
pub async fn remove_orphans(workshop: &Workshop<'_>, places: &[String]) -> Result<Vec<String>, Error> {
    let manifest = workshop.manifests.current();
    let places = places.iter().chain(&workshop.settings.tiers.cold_place).map(|place| format!("{place}/segments"));
    let prefixes: BTreeSet<String> = places.chain(["segments".to_owned()]).collect();
    let mut removed = Vec::new();
    for prefix in prefixes {
        let files = workshop.objects.list(&prefix).await?;
        let paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        for path in plan_orphans(&manifest, paths) {
            workshop.objects.delete(&path).await?;
            tracing::info!(path, "removed a segment that no manifest names");
            removed.push(path);
        }
    }
    Ok(removed)
}

/// Of these files the ones that may go by the rule above.
pub fn plan_orphans(manifest: &Manifest, paths: Vec<String>) -> Vec<String> {
    let live = manifest.segments.iter().map(|segment| segment.path.as_str());
    let known: HashSet<&str> = live.chain(manifest.discarded.iter().map(|one| one.path.as_str())).collect();
    let is_older = |path: &str| made_at(path).is_some_and(|made| made.millis() < manifest.committed_at.millis());
    paths.into_iter().filter(|path| !known.contains(path.as_str()) && is_older(path)).collect()
}

/// When a segment was made, by its name; nothing for names that are not ours.
fn made_at(path: &str) -> Option<Timestamp> {
    let name = path.rsplit('/').next()?.strip_suffix(".parquet")?;
    EntryId::from_str(name).ok().map(EntryId::time)
}
