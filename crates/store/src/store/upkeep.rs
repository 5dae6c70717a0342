//! Flush and maintenance: when what is due, and showing what came of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use whodunit_stdx::{ErrorKind, World};

use super::Inner;
use super::worker::Pace;
use crate::Error;
use crate::maintain::guard::{self, Admission};
use crate::maintain::rewrite::{Rewrite, Rewritten, rewrite};
use crate::maintain::{self, Frozen, compact, retain, sweep};
use crate::manifest::{Change, Manifest};
use crate::segment::{Lane, SegmentId, Tier};

/// What one round of maintenance did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Maintained {
    pub flushed_lanes: usize,
    pub expired_intents: usize,
    pub dropped_segments: usize,
    /// Compactions and moves to another tier.
    pub rewrites: usize,
    pub deleted_files: usize,
    /// Segments found damaged by this round's scrub.
    pub damaged_segments: usize,
}

impl Maintained {
    /// Whether another round could find more to do.
    fn changed(&self) -> bool {
        let done =
            self.flushed_lanes + self.expired_intents + self.dropped_segments + self.rewrites + self.deleted_files;
        done > 0
    }
}

/// How often the flush task looks whether a buffer is old enough.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// Rewrites done in one round, so that retention and guard get their turn.
const REWRITES_AT_ONCE: usize = 8;
/// A flush that can wait works a fifth of the time, until the next buffer, or the memory of all, is so full.
const FLUSH_RESTS: u32 = 4;
const FLUSH_IS_URGENT_AT_PER_HUNDRED: usize = 75;
/// Whoever fills a buffer faster than this waits for the flush anyway.
const FLUSH_CAN_WAIT_AFTER: Duration = Duration::from_secs(1);
/// Rewrites, sweeps and scrubs that can wait work a quarter of the time, unless more rewrites wait than are done in a
/// round.
const UPKEEP_RESTS: u32 = 3;
/// `settle` gives up after so many rounds: something keeps making work.
const ROUNDS_MAX: usize = 10_000;

/// Whether upkeep makes room for other work, or is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    Gentle,
    Full,
}

/// Starts the tasks that flush and maintain when work is due.
pub(super) fn start(inner: &Arc<Inner>) {
    let weak = Arc::downgrade(inner);
    let wanted = inner.flush_wanted.clone();
    inner.tasks.spawn("flush", |mut stop| async move {
        loop {
            tokio::select! {
                () = stop.wait() => return,
                () = wanted.notified() => {}
                () = tokio::time::sleep(LOOK_INTERVAL) => {}
            }
            let Some(inner) = weak.upgrade() else { return };
            tokio::select! {
                () = stop.wait() => return,
                () = inner.flush_due() => {}
            }
        }
    });
    let weak = Arc::downgrade(inner);
    let interval = inner.settings.maintain_interval;
    inner.tasks.spawn("maintenance", |mut stop| async move {
        loop {
            tokio::select! {
                () = stop.wait() => return,
                () = tokio::time::sleep(interval) => {}
            }
            let Some(inner) = Weak::upgrade(&weak) else { return };
            tokio::select! {
                () = stop.wait() => return,
                outcome = inner.maintain(Effort::Gentle) => inner.note("maintenance", outcome.map(drop)),
            }
        }
    });
}

impl Inner {
    /// Remembers or clears a failure for health; the first of a kind is logged.
    fn note(&self, what: &'static str, outcome: Result<(), Error>) {
        let mut failures = self.failures.lock();
        match outcome {
            Ok(()) => drop(failures.remove(what)),
            Err(error) => {
                let why = crate::store::verify::in_full(&error);
                if failures.insert(what, why.clone()).is_none() {
                    tracing::error!(error = %why, "{what} failed");
                }
            }
        }
    }

    pub(super) async fn remove_orphans(self: &Arc<Self>) {
        let outcome = sweep::remove_orphans(&self.workshop(), &self.places.names).await.map(drop);
        self.note("removal of orphaned files", outcome);
    }

    /// Flushes the lanes whose buffer is full or old, and all when memory is short.
    async fn flush_due(self: &Arc<Self>) {
        let due = |lane: Lane| {
            let handle = self.lane(lane);
            let limit = &self.buffer_limits[lane as usize];
            let short = limit.used() > limit.bytes_max() / 2;
            let old = handle
                .buffered_since()
                .is_some_and(|since| self.world.instant().since(since) >= self.settings.flush_interval);
            old || short
                || handle.buffered_bytes() >= self.settings.flush_bytes
                || !self.publisher.view().lane(lane).frozen.is_empty()
        };
        let flush = |lane| async move {
            if due(lane) {
                let outcome = self.flush_lane(lane, Effort::Gentle).await;
                self.note(flush_name(lane), outcome.map(drop));
            }
        };
        futures::join!(flush(Lane::Audit), flush(Lane::Telemetry));
    }

    pub(super) async fn flush(self: &Arc<Self>) -> Result<(), Error> {
        let _hurry = self.workers.hurry();
        let flush = |lane| self.flush_lane(lane, Effort::Full);
        let (audit, telemetry) = futures::join!(flush(Lane::Audit), flush(Lane::Telemetry));
        audit.and(telemetry).map(drop)
    }

    /// Moves a lane's buffer into segments; false if there was nothing to move.
    ///
    /// After an error the rows stay in buffer and WAL, visible, and the next call tries again.
    async fn flush_lane(self: &Arc<Self>, lane: Lane, effort: Effort) -> Result<bool, Error> {
        let outcome = self.try_flush_lane(lane, effort).await;
        self.stop_if_superseded();
        outcome
    }

    async fn try_flush_lane(self: &Arc<Self>, lane: Lane, effort: Effort) -> Result<bool, Error> {
        let _turn = self.flushing[lane as usize].lock().await;
        // A flush before may have committed although its answer was lost, or may have been dropped right after.
        // What it moved must leave the buffer first, or it would be written twice (I-4).
        self.publisher.show(self.manifests.commit(|_| Change::Nothing).await?);
        let filled_in = self.lane(lane).buffered_since().map(|since| self.world.instant().since(since));
        let Some(frozen) = self.lane(lane).freeze().await? else { return Ok(false) };
        let through = frozen.through;
        let frozen = to_flush(frozen);
        let inner = self.clone();
        let flushed = async move {
            let manifest = maintain::flush(&inner.workshop(), &frozen).await?;
            // Here, since the rows that leave the buffer with it take a while to be freed.
            inner.publisher.show(manifest);
            Ok(())
        };
        let is_gentle = effort == Effort::Gentle && filled_in.is_some_and(|time| time >= FLUSH_CAN_WAIT_AFTER);
        // Audit does not wait.
        let pace = (is_gentle && lane == Lane::Telemetry).then(|| self.flush_pace(lane));
        self.workers.flush(lane).run_at(pace, flushed).await?;
        let released = self.lane(lane).release(through).await?;
        let inner = self.clone();
        let removed = async move { inner.remove_files(lane, released.files) };
        self.workers.flush(lane).run(removed).await?;
        Ok(true)
    }

    fn flush_pace(self: &Arc<Self>, lane: Lane) -> Pace {
        let inner = self.clone();
        let is_urgent = move || {
            let (next, limit) = (inner.lane(lane).buffered_bytes(), &inner.buffer_limits[lane as usize]);
            let is_full = |bytes: usize, of: usize| bytes >= of / 100 * FLUSH_IS_URGENT_AT_PER_HUNDRED;
            is_full(next, inner.settings.flush_bytes) || is_full(limit.used(), limit.bytes_max())
        };
        self.workers.pace(&self.world, FLUSH_RESTS, is_urgent)
    }

    fn remove_files(&self, lane: Lane, files: Vec<PathBuf>) -> Result<(), Error> {
        for path in files {
            // What stays behind is removed by the next start.
            self.disk.remove(&path).map_err(|error| {
                Error::because(ErrorKind::Unavailable, format!("cannot remove {}", path.display()), error)
            })?;
        }
        let directory = self.wal_directory(lane);
        self.disk.sync_directory(&directory).map_err(|error| {
            Error::because(ErrorKind::Unavailable, format!("cannot sync {}", directory.display()), error)
        })
    }

    /// Rows that only this process knows could never be flushed again: none must be acknowledged.
    fn stop_if_superseded(&self) {
        if let Some(why) = self.manifests.superseded() {
            self.lanes.iter().for_each(|lane| lane.stop(why));
        }
    }

    pub(super) async fn maintain(self: &Arc<Self>, effort: Effort) -> Result<Maintained, Error> {
        let _hurry = (effort == Effort::Full).then(|| self.workers.hurry());
        let outcome = self.try_maintain(effort).await;
        self.stop_if_superseded();
        outcome
    }

    async fn try_maintain(self: &Arc<Self>, effort: Effort) -> Result<Maintained, Error> {
        let _turn = self.maintaining.lock().await;
        self.manifests.look().await?;
        let mut done = Maintained { expired_intents: self.expire_intents().await?, ..Maintained::default() };
        for lane in Lane::ALL {
            let waited = self.lane(lane).buffered_since().map(|since| self.world.instant().since(since));
            if waited.is_some_and(|waited| waited >= self.settings.flush_interval) {
                done.flushed_lanes += usize::from(self.flush_lane(lane, effort).await?);
            }
        }
        done.dropped_segments = self.guard_disk().await? + self.retain().await?;
        done.rewrites = self.rewrite_some(effort).await?;
        let pace = || (effort == Effort::Gentle).then(|| self.workers.pace(&self.world, UPKEEP_RESTS, || false));
        let inner = self.clone();
        let sweep = async move { sweep::sweep(&inner.workshop()).await };
        done.deleted_files = self.workers.rewrites.run_at(pace(), sweep).await?;
        if self.scrub_is_due() {
            let inner = self.clone();
            let scrub = async move { inner.scrubber.round(&inner.workshop()).await };
            done.damaged_segments = self.workers.rewrites.run_at(pace(), scrub).await?.len();
        }
        self.publisher.show(self.manifests.current());
        Ok(done)
    }

    fn scrub_is_due(&self) -> bool {
        let now = self.world.instant();
        let mut last = self.scrubbed.lock();
        let due = now.since(*last) >= self.settings.scrub_interval;
        if due {
            *last = now;
        }
        due
    }

    async fn retain(&self) -> Result<usize, Error> {
        let gone = retain::plan_drops(&self.manifests.current(), &self.retention.load(), self.world.now());
        self.drop_segments(gone).await
    }

    async fn drop_segments(&self, gone: Vec<SegmentId>) -> Result<usize, Error> {
        if gone.is_empty() {
            return Ok(0);
        }
        if let Some(manifest) = retain::drop_segments(&self.workshop(), &gone).await? {
            self.publisher.show(manifest);
        }
        Ok(gone.len())
    }

    async fn guard_disk(&self) -> Result<usize, Error> {
        let mut evict = self.guard_data_disk()?;
        evict.extend(self.guard_places());
        guard::SEGMENTS_EVICTED.add(evict.len() as u64);
        self.drop_segments(evict).await
    }

    /// The disk of the data directory, and so of the write-ahead log: past its reserve appends are refused.
    fn guard_data_disk(&self) -> Result<Vec<SegmentId>, Error> {
        let data = &self.settings.data;
        let space = self.disk.space(data).map_err(|error| {
            Error::because(ErrorKind::Unavailable, format!("cannot read the free space of {}", data.display()), error)
        })?;
        // Places on another disk have a guard of their own.
        let is_elsewhere = |path: &PathBuf| self.disk.space(path).map_or(true, |other| other.device != space.device);
        let places = self.places.directories.iter().filter(|(_, path)| is_elsewhere(path));
        let elsewhere: Vec<&str> = places.map(|(name, _)| name.as_str()).collect();
        let space = guard::Space { free: space.free_bytes, total: space.total_bytes };
        let settings = &self.settings.maintain.guard;
        let on_disk = |place: Option<&str>| place.is_none_or(|place| !elsewhere.contains(&place));
        let plan = guard::plan(&self.manifests.current(), settings, space, &on_disk);
        let why = || {
            let reserve = guard::reserve(settings, space.total);
            Some(format!("disk_free_min: {} bytes are free, {reserve} are to be kept", space.free))
        };
        let (audit, telemetry) = match plan.admission {
            Admission::All => (None, None),
            Admission::AuditOnly => (None, why()),
            Admission::Nothing => (why(), why()),
        };
        self.lane(Lane::Audit).hold_back(audit);
        self.lane(Lane::Telemetry).hold_back(telemetry);
        Ok(plan.evict)
    }

    /// Other disks: past their reserve nothing more moves there, and appends go on.
    fn guard_places(&self) -> Vec<SegmentId> {
        let settings = &self.settings.maintain.guard;
        let data = self.disk.space(&self.settings.data).ok();
        let (mut full, mut evict) = (BTreeMap::new(), Vec::new());
        for (name, path) in &self.places.directories {
            let space = match self.disk.space(path) {
                Ok(space) => space,
                Err(error) => {
                    full.insert(name.clone(), format!("cannot read the free space of {}: {error}", path.display()));
                    continue;
                }
            };
            let is_data_disk = data.is_some_and(|data| data.device == space.device);
            let space = guard::Space { free: space.free_bytes, total: space.total_bytes };
            let plan = guard::plan(&self.manifests.current(), settings, space, &|place| place == Some(name.as_str()));
            if plan.admission != Admission::All {
                let reserve = guard::reserve(settings, space.total);
                let room = format!("disk_free_min: {} bytes are free, {reserve} are to be kept", space.free);
                full.insert(name.clone(), format!("nothing more moves to {}: {room}", path.display()));
            }
            if !is_data_disk {
                evict.extend(plan.evict);
            }
        }
        *self.full_places.lock() = full;
        evict
    }

    async fn rewrite_some(self: &Arc<Self>, effort: Effort) -> Result<usize, Error> {
        let plans = plans(&self.manifests.current(), self);
        let count = plans.len().min(REWRITES_AT_ONCE);
        let is_gentle = effort == Effort::Gentle && plans.len() <= REWRITES_AT_ONCE;
        let pace = || is_gentle.then(|| self.workers.pace(&self.world, UPKEEP_RESTS, || false));
        for plan in plans.into_iter().take(REWRITES_AT_ONCE) {
            let inner = self.clone();
            let rewritten = async move { rewrite(&inner.workshop(), &plan).await };
            if let Rewritten::Done(manifest) = self.workers.rewrites.run_at(pace(), rewritten).await? {
                self.publisher.show(manifest);
            }
        }
        Ok(count)
    }

    pub(super) async fn settle(self: &Arc<Self>) -> Result<(), Error> {
        for _ in 0..ROUNDS_MAX {
            self.flush().await?;
            if !self.maintain(Effort::Full).await?.changed() {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::Internal, format!("maintenance still found work after {ROUNDS_MAX} rounds")))
    }
}

fn flush_name(lane: Lane) -> &'static str {
    match lane {
        Lane::Audit => "flush of audit",
        Lane::Telemetry => "flush of telemetry",
    }
}

fn plans(manifest: &Manifest, inner: &Inner) -> Vec<Rewrite> {
    let now = World::now(&inner.world);
    let settings = &inner.settings.maintain;
    let mut tiers = settings.tiers.clone();
    let cold_is_full = tiers.cold_place.as_ref().is_some_and(|place| inner.full_places.lock().contains_key(place));
    if cold_is_full {
        tiers.cold_after = Duration::MAX;
    }
    let moves = retain::plan_tiers(manifest, &tiers, &settings.compaction, now);
    if !moves.is_empty() {
        return moves;
    }
    let mut merges = compact::plan(manifest, &settings.compaction, now);
    merges.retain(|merge| !(cold_is_full && merge.tier == Tier::Cold));
    merges
}

fn to_flush(frozen: crate::buffer::Frozen) -> Frozen {
    let batches = frozen.parts.into_iter().flat_map(|part| {
        let (table, project) = (part.table, part.project);
        part.batches.into_iter().map(move |batch| (table, project.clone(), batch))
    });
    Frozen { lane: frozen.lane, batches: batches.collect(), through: frozen.through, entries: frozen.entries }
}
