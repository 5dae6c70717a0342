//! The face of the store: open, append, snapshot, maintain, verify, close.
//!
//! It wires the rooms together and decides nothing that a room below could decide.
//!
//! Modules, top to bottom: each imports only those below it.

mod restore;
mod back_up;
mod open;
mod session;
mod places;
mod whereabouts;
mod upkeep;
mod verify;
mod intents;
mod outlook;
mod report;
mod append;
mod worker;

pub use back_up::{BackedUp, BackupOrder};
pub use open::FORMAT as DATA_FORMAT;
pub use outlook::{DaysLeft, DiskSpace, Outlook};
pub use report::{LaneStatistics, Statistics, TableStatistics, TierStatistics};
pub use restore::Restored;
pub use upkeep::Maintained;
pub use verify::{VerifyFinding, VerifyReport};

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use arrow::array::RecordBatch;
use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};
use whodunit_model::{Batch, Project, Table};
use whodunit_stdx::metrics::Metric;
use whodunit_stdx::{EntryId, Instant, Limit, Tasks, World};

use crate::Error;
use crate::backup::{Found, Progress};
use crate::buffer::Publisher;
use crate::disk::{Disk, RealDisk};
use crate::maintain::outlook::Since;
use crate::maintain::{RetentionPolicy, Scrubber, Workshop};
use crate::manifest::Manifests;
use crate::object::{Objects, ObjectsIn};
use crate::segment::{Lane, SegmentCache, SegmentMeta, SegmentReader};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::types::{Appended, Check, Submission};
use crate::wal::Finding;
use crate::write::older::{find, find_buffered};
use crate::write::prepare::Sender;
use crate::write::{LaneHandle, Preparer, measure};
use places::Places;
use worker::Workers;

/// The doors to disk and objects, where they are not the usual ones.
#[derive(Clone, Debug)]
pub struct Parts {
    pub objects: Objects,
    pub disk: Arc<dyn Disk>,
}

/// The store. Cheap to clone; dropping the last clone ends it as [`Store::close`] does, without waiting.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

impl Parts {
    /// The usual doors: the local file system, and objects where the settings say.
    fn of(settings: &Settings) -> Result<Parts, Error> {
        let objects = match &settings.objects {
            ObjectsIn::Directory => Objects::local(&settings.data)?,
            ObjectsIn::S3(s3) => Objects::s3(s3)?,
        };
        Ok(Parts { objects, disk: Arc::new(RealDisk) })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.inner.settings.data.display())
    }
}

/// What the store counts about itself.
pub fn metrics() -> Vec<&'static dyn Metric> {
    measure::METRICS.iter().chain(crate::maintain::METRICS).copied().collect()
}

struct Inner {
    settings: Settings,
    world: World,
    disk: Arc<dyn Disk>,
    writer: String,
    publisher: Arc<Publisher>,
    published: broadcast::Sender<Arc<Batch>>,
    manifests: Manifests,
    cache: SegmentCache,
    places: Places,
    /// Places whose disk has no room for more, with the reason; renewed with every round of maintenance.
    full_places: Mutex<std::collections::BTreeMap<String, String>>,
    scrubber: Scrubber,
    /// When the last round of scrubbing began.
    scrubbed: Mutex<Instant>,
    retention: ArcSwap<RetentionPolicy>,
    preparer: Preparer,
    /// By `Lane as usize`.
    lanes: [LaneHandle; 2],
    buffer_limits: [Limit; 2],
    /// Told when memory of a buffer comes free.
    room: Arc<Notify>,
    flush_wanted: Arc<Notify>,
    flushing: [tokio::sync::Mutex<()>; 2],
    maintaining: tokio::sync::Mutex<()>,
    /// The backup under way.
    backup: Mutex<Option<Arc<Progress>>>,
    workers: Workers,
    /// Damage that replay came upon.
    findings: Vec<Finding>,
    /// What last failed in the background, by the name of its check.
    failures: Mutex<std::collections::BTreeMap<&'static str, String>>,
    tasks: Tasks,
}

impl Store {
    /// Opens the data directory of `settings`, replays what is in its WAL and starts the lanes.
    pub async fn open(settings: Settings, world: World, memory: Limit) -> Result<Store, Error> {
        let parts = Parts::of(&settings)?;
        Store::open_with(settings, world, memory, parts).await
    }

    pub async fn open_with(settings: Settings, world: World, memory: Limit, parts: Parts) -> Result<Store, Error> {
        open::open(settings, world, memory, parts).await
    }

    /// Makes rows durable and visible. Entries come back with their receipts in order.
    pub async fn append(&self, submission: Submission) -> Result<Appended, Error> {
        self.inner.append(submission, Sender::Client).await
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.inner.publisher.view())
    }

    /// Every batch published from now on, after it is visible. A slow receiver is told how many it missed.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.inner.published.subscribe()
    }

    /// One-row batches of one entry: as intent, completed, expired.
    pub async fn find_entry(&self, project: &Project, id: EntryId) -> Result<Vec<RecordBatch>, Error> {
        self.inner.find_entry(project, id).await
    }

    /// The open segment, cached.
    pub async fn reader(&self, segment: &SegmentMeta) -> Result<Arc<SegmentReader>, Error> {
        self.inner.cache.reader(segment).await
    }

    pub fn objects(&self) -> &Objects {
        self.inner.cache.objects()
    }

    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The id of this installation, which stands in receipts.
    pub fn writer(&self) -> &str {
        &self.inner.writer
    }

    /// Writes all buffers to segments.
    pub async fn flush(&self) -> Result<(), Error> {
        self.inner.flush().await
    }

    /// One round of everything that is due: flush, expiry of intents, retention, compaction, tiers, disk guard, scrub.
    pub async fn maintain(&self) -> Result<Maintained, Error> {
        self.inner.maintain(upkeep::Effort::Full).await
    }

    /// Flushes and maintains until nothing is left to do.
    pub async fn settle(&self) -> Result<(), Error> {
        self.inner.settle().await
    }

    /// Reads every frame, every segment and every leaf, and says what is not as it was written.
    pub async fn verify(&self) -> Result<VerifyReport, Error> {
        self.inner.verify().await
    }

    /// Copies everything that was acknowledged before, while everything goes on.
    pub async fn back_up(&self, order: BackupOrder) -> Result<BackedUp, Error> {
        self.inner.back_up(order).await
    }

    /// Makes a data directory out of a backup; `settings.data` must be empty. It has the writer id of the one that was
    /// backed up, which must not run any more.
    pub async fn restore(found: &Found, settings: &Settings, progress: &Progress) -> Result<Restored, Error> {
        restore::restore(found, settings, Parts::of(settings)?, progress).await
    }

    /// Reads every frame, every segment and every leaf of a backup, with an empty scratch directory in `settings.data`.
    pub async fn verify_backup(
        found: &Found,
        settings: Settings,
        world: World,
        memory: Limit,
    ) -> Result<VerifyReport, Error> {
        let (parts, restored) = restore::rehearse(found, &settings, Arc::new(RealDisk)).await?;
        let store = Store::open_with(settings, world, memory, parts).await?;
        let verified = store.verify().await;
        store.close().await?;
        let mut report = verified?;
        report.findings.splice(0..0, restored.findings);
        Ok(report)
    }

    pub fn health(&self) -> Vec<Check> {
        self.inner.health()
    }

    pub fn statistics(&self) -> Statistics {
        self.inner.statistics()
    }

    /// How fast tables grow, and how long the disk lasts if that goes on. `since` says since when a table of a project
    /// gets what happens now, where that is known.
    pub fn outlook(&self, since: Since<'_>) -> Result<Outlook, Error> {
        self.inner.outlook(since)
    }

    /// What to keep from now on.
    pub fn set_retention(&self, policy: RetentionPolicy) {
        self.inner.retention.store(Arc::new(policy));
    }

    /// Ends the lanes after what they have accepted, and releases the directory once their threads are gone.
    /// Nothing is flushed: the WAL has it.
    pub async fn close(&self) -> Result<(), Error> {
        for lane in &self.inner.lanes {
            lane.close();
        }
        self.inner.stop_backup();
        self.inner.workers.close();
        let _named_in_the_log = self.inner.tasks.stop().await;
        Ok(())
    }
}

impl Inner {
    fn lane(&self, lane: Lane) -> &LaneHandle {
        &self.lanes[lane as usize]
    }

    fn workshop(&self) -> Workshop<'_> {
        Workshop {
            objects: self.cache.objects(),
            manifests: &self.manifests,
            cache: &self.cache,
            world: &self.world,
            writer: &self.writer,
            settings: &self.settings.maintain,
        }
    }

    async fn find_entry(&self, project: &Project, id: EntryId) -> Result<Vec<RecordBatch>, Error> {
        let view = self.publisher.view();
        let mut found = find_buffered(&view, project, id);
        if let Some(known) = view.entry_segments.get(project) {
            found.extend(find(known.segments.iter(), &self.cache, id).await?);
        }
        Ok(found)
    }

    fn wal_directory(&self, lane: Lane) -> PathBuf {
        open::wal_directory(&self.settings, lane)
    }

    fn quarantine(&self) -> PathBuf {
        self.settings.data.join(open::QUARANTINE)
    }
}

/// Tables whose rows have leaves.
const PROVEN: Table = Table::AuditLogs;
