//! Loading the present manifest and replacing it by the next one.

use std::sync::{Arc, Weak};

use arc_swap::ArcSwap;
use bytes::Bytes;
use parking_lot::Mutex;
use whodunit_stdx::{ErrorKind, World};

use super::{Manifest, format};
use crate::Error;
use crate::object::{Created, Objects};
use crate::segment::SegmentMeta;

/// What a caller wants of the present manifest.
pub enum Change {
    /// Make this the next version. `version` and `committed_at` are filled in.
    To(Box<Manifest>),
    /// Nothing to do: the present one already is as wanted, or the plan no longer applies.
    Nothing,
}

/// The manifests of one store.
#[derive(Debug)]
pub struct Manifests {
    objects: Objects,
    world: World,
    current: ArcSwap<Manifest>,
    /// Held while a commit is under way, so that commits of one process queue instead of racing.
    committing: tokio::sync::Mutex<Certainty>,
    /// Segments that left the manifest in this process, until nobody holds them.
    retired: Mutex<Vec<Weak<SegmentMeta>>>,
}

/// Whether `current` is known to be what the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Known,
    /// A write ended with an error and may have happened.
    Unsure,
}

const DIRECTORY: &str = "manifest";
/// How many versions stay, to look into after an accident.
const KEPT_VERSIONS: u64 = 10;
/// Attempts against other committers before giving up.
const ATTEMPTS_MAX: usize = 16;

/// Where the manifest of a version lies.
pub fn path_of(version: u64) -> String {
    format!("{DIRECTORY}/{version:020}.json.zst")
}

fn version_of(path: &str) -> Option<u64> {
    path.strip_prefix(DIRECTORY)?.strip_prefix('/')?.strip_suffix(".json.zst")?.parse().ok()
}

impl Manifests {
    /// Loads the present manifest; an empty one if there was never a commit.
    pub async fn open(objects: Objects, world: World) -> Result<Manifests, Error> {
        let present = latest(&objects).await?.unwrap_or_else(Manifest::empty);
        if present.version == 0 && !objects.list("segments").await?.is_empty() {
            let message = "there are segments but no manifest: restore the manifest directory".to_owned();
            return Err(Error::new(ErrorKind::Corrupt, message));
        }
        Ok(Manifests {
            objects,
            world,
            current: ArcSwap::from_pointee(present),
            committing: tokio::sync::Mutex::new(Certainty::Known),
            retired: Mutex::new(Vec::new()),
        })
    }

    /// Commits the empty manifest if there was never a commit. Called before anything else is written, so that
    /// segments without a manifest mean that it was lost, and never that the first flush was cut short.
    pub async fn begin(&self) -> Result<(), Error> {
        let begin = |manifest: &Manifest| match manifest.version {
            0 => Change::To(Box::new(Manifest::empty())),
            _ => Change::Nothing,
        };
        self.commit(begin).await.map(drop)
    }

    pub fn current(&self) -> Arc<Manifest> {
        self.current.load_full()
    }

    /// Replaces the present manifest by what `change` makes of it, and returns the one that then is the present.
    ///
    /// `change` may be asked several times, each time with a newer manifest. After an error the change may or may not
    /// have happened; the next call finds out first, so `change` must recognise its own earlier success.
    pub async fn commit(&self, change: impl Fn(&Manifest) -> Change + Send) -> Result<Arc<Manifest>, Error> {
        let mut certainty = self.committing.lock().await;
        if *certainty == Certainty::Unsure {
            self.reload().await?;
            *certainty = Certainty::Known;
        }
        for _ in 0..ATTEMPTS_MAX {
            let current = self.current();
            let Change::To(mut next) = change(&current) else { return Ok(current) };
            next.version = current.version.checked_add(1).expect("nobody commits 2^64 times");
            next.committed_at = self.world.now().max(current.committed_at);
            let bytes = Bytes::from(format::encode(&next)?);
            let path = path_of(next.version);
            *certainty = Certainty::Unsure;
            let created = match self.objects.create(&path, bytes.clone()).await {
                Ok(created) => created,
                Err(error) => match self.objects.get(&path).await {
                    // The answer was lost but the write was not.
                    Ok(found) if found == bytes => Created::Yes,
                    _ => return Err(error),
                },
            };
            *certainty = Certainty::Known;
            if created == Created::Yes {
                let next = Arc::new(*next);
                self.publish(next.clone());
                self.forget_old_versions(next.version).await;
                return Ok(next);
            }
            self.reload().await?;
        }
        let message = format!("gave up after {ATTEMPTS_MAX} attempts to commit the manifest against other writers");
        Err(Error::new(ErrorKind::Conflict, message))
    }

    /// Paths of discarded files that no snapshot in this process can still read.
    pub fn deletable(&self) -> Vec<String> {
        let mut retired = self.retired.lock();
        retired.retain(|segment| segment.strong_count() > 0);
        let used: Vec<Arc<SegmentMeta>> = retired.iter().filter_map(Weak::upgrade).collect();
        let discarded = &self.current().discarded;
        let unused = discarded.iter().filter(|one| !used.iter().any(|segment| segment.path == one.path));
        unused.map(|one| one.path.clone()).collect()
    }

    async fn reload(&self) -> Result<(), Error> {
        if let Some(mut found) = latest(&self.objects).await? {
            let current = self.current();
            // Snapshots are counted by these pointers, so an unchanged segment keeps its own.
            for segment in &mut found.segments {
                if let Some(known) = current.segment(segment.id) {
                    *segment = known.clone();
                }
            }
            self.publish(Arc::new(found));
        }
        Ok(())
    }

    fn publish(&self, next: Arc<Manifest>) {
        let before = self.current.swap(next.clone());
        let gone = before.segments.iter().filter(|segment| next.segment(segment.id).is_none());
        self.retired.lock().extend(gone.map(Arc::downgrade));
    }

    /// Old versions are a convenience: failing to remove one is only logged.
    async fn forget_old_versions(&self, version: u64) {
        let Some(oldest_to_go) = version.checked_sub(KEPT_VERSIONS).filter(|oldest| *oldest > 0) else { return };
        if let Err(error) = self.objects.delete(&path_of(oldest_to_go)).await {
            tracing::warn!(version = oldest_to_go, %error, "old manifest not removed");
        }
    }
}

/// The manifest with the highest number. It being damaged is an error, see the top of this room.
async fn latest(objects: &Objects) -> Result<Option<Manifest>, Error> {
    let entries = objects.list(DIRECTORY).await?;
    let Some(version) = entries.iter().filter_map(|entry| version_of(&entry.path)).max() else { return Ok(None) };
    let path = path_of(version);
    let manifest = format::decode(&path, &objects.get(&path).await?)?;
    if manifest.version != version {
        let message = format!("manifest {path:?} says that it is version {}", manifest.version);
        return Err(Error::new(ErrorKind::Corrupt, message));
    }
    Ok(Some(manifest))
}
