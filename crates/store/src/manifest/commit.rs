//! Loading the present manifest and replacing it by the next one.

use std::sync::{Arc, OnceLock, Weak};

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
    /// The id that this process has put into the manifest.
    session: OnceLock<String>,
    /// Why this process commits nothing more.
    superseded: OnceLock<String>,
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
            session: OnceLock::new(),
            superseded: OnceLock::new(),
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

    /// Makes this process the only one that may commit: from now on the manifest carries `session`, and a process that
    /// finds another one than its own there has been superseded and commits nothing more. So the newest opener wins.
    ///
    /// `known` are the sessions that whoever calls may follow. If the manifest has another, somebody has gone on
    /// without what the caller holds: `None`, and nothing has changed.
    pub async fn take_over(&self, session: &str, known: &[String]) -> Result<Option<Arc<Manifest>>, Error> {
        let manifest = self.commit(|manifest| match &manifest.session {
            Some(present) if present == session || !known.contains(present) => Change::Nothing,
            _ => Change::To(Box::new(Manifest { session: Some(session.to_owned()), ..manifest.clone() })),
        });
        let manifest = manifest.await?;
        if manifest.session.as_deref() != Some(session) {
            return Ok(None);
        }
        self.session.get_or_init(|| session.to_owned());
        Ok(Some(manifest))
    }

    /// Looks whether another process has taken over, for times in which there is nothing to commit.
    pub async fn look(&self) -> Result<(), Error> {
        let _turn = self.committing.lock().await;
        self.refuse_if_passed(self.current().version).await
    }

    /// Why this process commits nothing more, if that is so.
    pub fn superseded(&self) -> Option<&str> {
        self.superseded.get().map(String::as_str)
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
        self.refuse_if_superseded()?;
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
                self.refuse_if_passed(next.version).await?;
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

    fn refuse_if_superseded(&self) -> Result<(), Error> {
        self.superseded().map_or(Ok(()), |why| Err(Error::new(ErrorKind::Conflict, why)))
    }

    /// A number can be free because it is long gone: a process that slept while another committed a dozen times would
    /// take it again and believe that its change is the present.
    async fn refuse_if_passed(&self, version: u64) -> Result<(), Error> {
        if self.session.get().is_some() && newest(&self.objects).await?.is_some_and(|newest| newest > version) {
            self.reload().await?;
        }
        Ok(())
    }

    /// Loads what the store holds now. Another process's manifest is not shown: it does not know the rows of this one.
    async fn reload(&self) -> Result<(), Error> {
        if let Some(mut found) = latest(&self.objects).await? {
            if let Some(own) = self.session.get()
                && found.session.as_ref() != Some(own)
            {
                let version = found.version;
                self.superseded.get_or_init(|| {
                    format!("another process has opened a copy of this data directory and committed manifest {version}")
                });
                return self.refuse_if_superseded();
            }
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

/// The highest number that there is.
async fn newest(objects: &Objects) -> Result<Option<u64>, Error> {
    let entries = objects.list(DIRECTORY).await?;
    Ok(entries.iter().filter_map(|entry| version_of(&entry.path)).max())
}

/// The manifest with the highest number. It being damaged is an error, see the top of this room.
async fn latest(objects: &Objects) -> Result<Option<Manifest>, Error> {
    let Some(version) = newest(objects).await? else { return Ok(None) };
    let path = path_of(version);
    let manifest = format::decode(&path, &objects.get(&path).await?)?;
    if manifest.version != version {
        let message = format!("manifest {path:?} says that it is version {}", manifest.version);
        return Err(Error::new(ErrorKind::Corrupt, message));
    }
    Ok(Some(manifest))
}
