//! A backup through the face: what is in no segment is copied while no flush runs, segments in their own time.
//!
//! ```text
//! flush → hold flushes back { manifest as committed, files of the WAL } → segments → description
//! ```
//!
//! While flushes are held back, every row is in the manifest's segments or in the files of the WAL, and no file is
//! removed (I-4). Holding the manifest afterwards keeps its segments, since the sweep deletes nothing that a snapshot
//! names. The flush before is for thrift only: rows in segments are copied once, rows in the WAL with every backup.

use std::sync::Arc;

use bytes::Bytes;
use whodunit_stdx::ErrorKind;

use super::Inner;
use super::open::{FORMAT, failed};
use super::verify::in_full;
use crate::Error;
use crate::backup::{Beside, Description, Draft, Place, Progress, Source};
use crate::manifest::{Change, Manifest};
use crate::object::Objects;
use crate::segment::Lane;

/// What to back up where.
#[derive(Clone, Debug)]
pub struct BackupOrder {
    pub to: Objects,
    /// A copy of the control database that is not newer than the audit trail; `None` if it is on PostgreSQL.
    pub control: Option<Bytes>,
    /// Files beside the store.
    pub beside: Option<Beside>,
    /// Remove older backups when this one is done, until so many are left.
    pub keep: Option<usize>,
    pub progress: Arc<Progress>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    pub description: Description,
    /// Names of backups that were removed.
    pub pruned: Vec<String>,
}

/// One backup at a time; the sign is taken away whatever happens.
struct Turn<'a>(&'a Inner);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.backup.lock().take();
    }
}

impl Inner {
    pub(super) async fn back_up(self: &Arc<Self>, order: BackupOrder) -> Result<BackedUp, Error> {
        let inner = self.clone();
        self.workers.backups.run(async move { inner.back_up_here(order).await }).await
    }

    /// Ends a backup that is under way, so that its thread can end.
    pub(super) fn stop_backup(&self) {
        if let Some(progress) = &*self.backup.lock() {
            progress.stop();
        }
    }

    async fn back_up_here(self: &Arc<Self>, order: BackupOrder) -> Result<BackedUp, Error> {
        let _turn = self.take_turn(&order.progress)?;
        let place = Place::claim(order.to, &self.writer).await?;
        let mut draft = Draft::begin(place.clone(), &self.world, order.control).await?;
        if let Err(error) = self.flush().await {
            tracing::warn!(error = in_full(&error), "rows could not be flushed before the backup; the log is copied");
        }
        order.progress.go_on()?;
        let manifest = self.capture(&mut draft).await?;
        if let Some(beside) = &order.beside {
            draft.add_files(beside, &order.progress).await?;
        }
        let objects_in = self.settings.objects.to_string();
        let source = Source { objects: self.cache.objects(), objects_in: &objects_in, data_format: FORMAT };
        let description = draft.finish(&manifest, source, &self.world, &order.progress).await?;
        let pruned = match order.keep {
            Some(keep) => place.prune(keep).await?,
            None => Vec::new(),
        };
        Ok(BackedUp { description, pruned })
    }

    fn take_turn(&self, progress: &Arc<Progress>) -> Result<Turn<'_>, Error> {
        let mut present = self.backup.lock();
        if present.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "a backup of this data is under way already"));
        }
        *present = Some(progress.clone());
        Ok(Turn(self))
    }

    /// The manifest, and into the draft the files of the WAL that hold everything else.
    async fn capture(&self, draft: &mut Draft) -> Result<Arc<Manifest>, Error> {
        let (_audit, _telemetry) = (self.flushing[0].lock().await, self.flushing[1].lock().await);
        // A commit whose answer was lost may have happened: this finds out.
        let manifest = self.manifests.commit(|_| Change::Nothing).await?;
        for lane in Lane::ALL {
            let directory = self.wal_directory(lane);
            for name in self.disk.list(&directory).map_err(|error| failed("list", &directory, error))? {
                if crate::wal::first_seq_of(&name).is_none() {
                    continue;
                }
                let path = directory.join(&name);
                // The last frame may be half written. It is not acknowledged then, and replay cuts it off.
                let bytes = self.disk.read(&path).map_err(|error| failed("read", &path, error))?;
                draft.add_wal(lane, &name, Bytes::from(bytes)).await?;
            }
        }
        Ok(manifest)
    }
}
