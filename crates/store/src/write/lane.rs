//! One lane: the handle that callers hold and the thread that writes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast, oneshot};
use whodunit_model::Batch;
use whodunit_stdx::{ErrorKind, Instant, Tasks, World};

use super::assembly::{Assembly, Rows, pick};
use super::ledger::{Ledger, Plan};
use super::measure;
use super::prepare::{First, Prepared};
use super::queue::{Portion, Queue, Refused};
use crate::Error;
use crate::buffer::{ActiveBuffer, Frozen, Group, Publisher};
use crate::disk::Disk;
use crate::manifest::PendingIntent;
use crate::segment::Lane;
use crate::types::{Check, CheckStatus, Durability};
use crate::wal::{Section, WalWriter, WriteFailure};

/// A group stops gathering here; what remains goes into the next.
const GROUP: Portion = Portion { submissions_max: 4096, bytes_max: 16 << 20 };
/// Of the telemetry lane: so long after a group of several begins the next. A disk that syncs at once would else give
/// each small submission a group of its own, and a group costs more than what is in it.
const GROUP_INTERVAL: Duration = Duration::from_millis(2);

/// What can be set about a lane; see `Settings`.
#[derive(Clone, Debug)]
pub struct LaneSettings {
    pub data: PathBuf,
    pub flush_bytes: usize,
    pub buffered_sync_interval: Duration,
    pub queue_submissions_max: usize,
    pub wal_free_min: u64,
}

/// Everything a lane starts with.
pub struct LaneParts {
    pub lane: Lane,
    pub settings: LaneSettings,
    pub world: World,
    pub disk: Arc<dyn Disk>,
    pub publisher: Arc<Publisher>,
    pub published: broadcast::Sender<Arc<Batch>>,
    pub wal: WalWriter,
    /// Present in the audit lane.
    pub ledger: Option<Ledger>,
    pub buffer: ActiveBuffer,
    pub next_seq: u64,
    /// Told when the buffer is full enough to be flushed.
    pub flush_wanted: Arc<Notify>,
    /// Kept until the thread has ended: the lock of the data directory.
    pub guard: Arc<dyn Send + Sync>,
}

/// The answer to one submission.
#[derive(Debug)]
pub struct Answer {
    pub first_leaf: u64,
    pub new_rows: usize,
    pub repeated: Vec<(usize, First)>,
}

/// What a lane says to a submission that it did not refuse.
#[derive(Debug)]
pub enum Reply {
    Done(Answer),
    /// Ids were forgotten here since the caller looked them up in segments: look again.
    Recheck(Box<Prepared>),
}

/// Files that are no longer needed, to be removed by the caller.
#[derive(Debug, Default)]
pub struct Released {
    pub files: Vec<PathBuf>,
}

struct Waiting {
    prepared: Prepared,
    bytes: usize,
    answer: oneshot::Sender<Result<Reply, Error>>,
}

enum Order {
    Freeze(oneshot::Sender<Option<Frozen>>),
    Release(u64, oneshot::Sender<Released>),
    OpenIntents(oneshot::Sender<Vec<PendingIntent>>),
}

/// What handle and thread share.
struct Shared {
    lane: Lane,
    queue: Queue<Waiting, Order>,
    /// Why the lane has stopped (I-7).
    stopped: Mutex<Option<String>>,
    /// Why the last group was refused although the lane goes on.
    full: Mutex<Option<String>>,
    forgotten: AtomicU64,
    buffered_bytes: AtomicUsize,
    wal_bytes: AtomicU64,
    /// When the oldest row of the active buffer came.
    buffered_since: Mutex<Option<Instant>>,
    /// Why the disk guard wants nothing more here.
    held: Mutex<Option<String>>,
}

/// The handle of a lane. Dropping the last one ends the thread.
pub struct LaneHandle {
    shared: Arc<Shared>,
}

impl Drop for LaneHandle {
    fn drop(&mut self) {
        self.shared.queue.close();
    }
}

fn unavailable(lane: Lane, why: &str) -> Error {
    Error::new(ErrorKind::Unavailable, format!("the {} lane has stopped: {why}", lane.name()))
}

impl LaneHandle {
    /// Starts the thread.
    pub fn start(parts: LaneParts, tasks: &Tasks) -> Result<LaneHandle, Error> {
        let shared = Arc::new(Shared {
            lane: parts.lane,
            queue: Queue::new(parts.settings.queue_submissions_max),
            stopped: Mutex::new(None),
            full: Mutex::new(None),
            forgotten: AtomicU64::new(parts.ledger.as_ref().map_or(0, Ledger::forgotten)),
            buffered_bytes: AtomicUsize::new(parts.buffer.bytes()),
            wal_bytes: AtomicU64::new(parts.wal.bytes()),
            held: Mutex::new(None),
            buffered_since: Mutex::new((!parts.buffer.is_empty()).then(|| parts.world.instant())),
        });
        let name = match parts.lane {
            Lane::Audit => "audit lane",
            Lane::Telemetry => "telemetry lane",
        };
        let thread = Thread { parts, shared: shared.clone(), unsynced_since: None, released: 0, several_at: None };
        let started = tasks.thread(name, move |_| thread.run());
        started.map_err(|error| Error::because(ErrorKind::Unavailable, format!("cannot start the {name}"), error))?;
        Ok(LaneHandle { shared })
    }

    /// Queues a submission and waits for its group.
    pub async fn append(&self, prepared: Prepared) -> Result<Reply, Error> {
        self.refuse_if_stopped()?;
        let (answer, answered) = oneshot::channel();
        let bytes = prepared.reservation.as_ref().map_or(0, |reservation| reservation.bytes());
        let gauge = measure::queue_gauge(self.shared.lane);
        self.shared.queue.submit(Waiting { prepared, bytes, answer }).map_err(|refused| match refused {
            Refused::Full(_) => Error::new(
                ErrorKind::Exhausted,
                format!("queue_submissions_max: the queue of the {} lane is full", self.shared.lane.name()),
            ),
            Refused::Closed(_) => unavailable(self.shared.lane, "the store is closed"),
        })?;
        gauge.set(self.shared.queue.len() as i64);
        answered.await.unwrap_or_else(|_| Err(unavailable(self.shared.lane, "its thread has ended")))
    }

    pub fn refuse_if_stopped(&self) -> Result<(), Error> {
        match &*self.shared.stopped.lock() {
            Some(why) => Err(unavailable(self.shared.lane, why)),
            None => match &*self.shared.held.lock() {
                Some(why) => Err(Error::new(ErrorKind::Unavailable, why.clone())),
                None => Ok(()),
            },
        }
    }

    /// Acknowledges nothing more until the process starts again.
    pub fn stop(&self, why: &str) {
        self.shared.stopped.lock().get_or_insert_with(|| why.to_owned());
    }

    /// Refuses appends, or accepts them again, by order of the disk guard.
    pub fn hold_back(&self, why: Option<String>) {
        *self.shared.held.lock() = why;
    }

    async fn order<T>(&self, make: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let closed = || unavailable(self.shared.lane, "the store is closed");
        self.shared.queue.order(make(answer)).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())
    }

    /// Sets everything so far aside for a flush; `None` if there is nothing.
    pub async fn freeze(&self) -> Result<Option<Frozen>, Error> {
        self.order(Order::Freeze).await
    }

    /// Rows below `through` are in segments, and the manifest that says so is shown.
    pub async fn release(&self, through: u64) -> Result<Released, Error> {
        self.order(|answer| Order::Release(through, answer)).await
    }

    pub async fn open_intents(&self) -> Result<Vec<PendingIntent>, Error> {
        self.order(Order::OpenIntents).await
    }

    /// Nothing more is accepted; what is queued is still written.
    pub fn close(&self) {
        self.shared.queue.close();
    }

    /// See `Ledger::forgotten`.
    pub fn forgotten(&self) -> u64 {
        self.shared.forgotten.load(Ordering::Acquire)
    }

    pub fn buffered_bytes(&self) -> usize {
        self.shared.buffered_bytes.load(Ordering::Relaxed)
    }

    pub fn wal_bytes(&self) -> u64 {
        self.shared.wal_bytes.load(Ordering::Relaxed)
    }

    /// When the oldest row of the buffer came; `None` if it is empty.
    pub fn buffered_since(&self) -> Option<Instant> {
        *self.shared.buffered_since.lock()
    }

    pub fn health(&self) -> Check {
        let name = match self.shared.lane {
            Lane::Audit => "store.audit_lane",
            Lane::Telemetry => "store.telemetry_lane",
        };
        if let Some(why) = &*self.shared.stopped.lock() {
            let message = format!("acknowledges nothing until the process starts again: {why}");
            return Check { name, status: CheckStatus::Unhealthy, message };
        }
        let degraded = self.shared.held.lock().clone().or_else(|| self.shared.full.lock().clone());
        if let Some(why) = &degraded {
            return Check { name, status: CheckStatus::Degraded, message: why.clone() };
        }
        Check { name, status: CheckStatus::Healthy, message: "writes and syncs".to_owned() }
    }
}

struct Thread {
    parts: LaneParts,
    shared: Arc<Shared>,
    /// Since when rows that were answered as buffered wait for their sync.
    unsynced_since: Option<Instant>,
    /// The flush before the last: ids of its rows may be forgotten at the next.
    released: u64,
    /// When the last group began, if others are to gather meanwhile.
    several_at: Option<Instant>,
}

/// A submission whose place in the group is known.
struct Accepted {
    waiting: Waiting,
    answer: Answer,
}

impl Thread {
    fn run(mut self) {
        loop {
            if let Some(begun) = self.several_at.take() {
                let pause = GROUP_INTERVAL.saturating_sub(self.parts.world.instant().since(begun));
                if !pause.is_zero() {
                    self.shared.queue.gather(pause);
                }
            }
            let work = self.shared.queue.take(GROUP, self.sync_due_in(), |waiting| waiting.bytes);
            for order in work.orders {
                self.obey(order);
            }
            if !work.submissions.is_empty() {
                measure::queue_gauge(self.shared.lane).set(self.shared.queue.len() as i64);
                let is_paced = self.shared.lane == Lane::Telemetry && work.submissions.len() > 1;
                self.several_at = is_paced.then(|| self.parts.world.instant());
                self.group(work.submissions);
            }
            self.sync_if_due();
            if work.ended {
                break;
            }
        }
        if self.unsynced_since.is_some() {
            let _told_in_health = self.sync();
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Freeze(answer) => {
                let _caller_gone = answer.send(self.freeze());
            }
            Order::Release(through, answer) => {
                let files = self.parts.wal.release(through).into_iter().map(|closed| closed.path).collect();
                if let Some(ledger) = &mut self.parts.ledger {
                    // One flush is remembered longer than needed, so that ids of the last minute stay cheap.
                    ledger.forget(self.released);
                    self.shared.forgotten.store(ledger.forgotten(), Ordering::Release);
                }
                self.released = through;
                self.shared.wal_bytes.store(self.parts.wal.bytes(), Ordering::Relaxed);
                let _caller_gone = answer.send(Released { files });
            }
            Order::OpenIntents(answer) => {
                let open = self.parts.ledger.as_ref().map(Ledger::open_intents).unwrap_or_default();
                let _caller_gone = answer.send(open);
            }
        }
    }

    fn freeze(&mut self) -> Option<Frozen> {
        if !self.parts.buffer.is_empty() {
            // The log goes on in a new file, so that the old ones can be removed whole. A stopped log stays as it is.
            if self.shared.stopped.lock().is_none() {
                match self.parts.wal.rotate() {
                    Ok(()) => self.unsynced_since = None,
                    Err(failure) => self.stop(&failure),
                }
            }
        }
        let ended = self.parts.buffer.freeze(self.parts.next_seq);
        *self.shared.buffered_since.lock() = None;
        self.shared.buffered_bytes.store(0, Ordering::Relaxed);
        let entries = self.parts.ledger.as_ref().map(Ledger::entries);
        self.parts.publisher.freeze(self.shared.lane, ended, entries)
    }

    fn group(&mut self, submissions: Vec<Waiting>) {
        if let Some(why) = self.shared.stopped.lock().clone() {
            return refuse(submissions, || unavailable(self.shared.lane, &why));
        }
        if let Err(why) = self.check_space() {
            *self.shared.full.lock() = Some(why.clone());
            return refuse(submissions, || Error::new(ErrorKind::Unavailable, why.clone()));
        }
        let mut plan = Plan::default();
        let mut assembly = Assembly::default();
        let mut accepted = Vec::with_capacity(submissions.len());
        for waiting in submissions {
            accepted.extend(self.admit(&mut plan, &mut assembly, waiting));
        }
        let sections = assembly.finish(self.parts.next_seq);
        let any_synced = accepted.iter().any(|one| one.waiting.prepared.durability == Durability::Synced);
        match self.write(&sections, any_synced) {
            Ok(()) => self.publish(plan, sections, accepted),
            Err(failure) => self.fail(plan, failure, accepted),
        }
    }

    /// Numbers the rows of a submission and puts them into a section; `None` if it is answered already.
    fn admit(&mut self, plan: &mut Plan, assembly: &mut Assembly, waiting: Waiting) -> Option<Accepted> {
        let prepared = &waiting.prepared;
        let count = prepared.rows.num_rows();
        let (Some(ledger), Some(entries)) = (&mut self.parts.ledger, &prepared.entries) else {
            assembly.add(
                prepared.table,
                &prepared.project,
                Rows { rows: prepared.rows.clone(), first_leaf: 0, notes: &[] },
            );
            let answer = Answer { first_leaf: 0, new_rows: count, repeated: Vec::new() };
            return Some(Accepted { waiting, answer });
        };
        if prepared.searched_below < ledger.forgotten() {
            let Waiting { prepared, answer, .. } = waiting;
            let _caller_gone = answer.send(Ok(Reply::Recheck(Box::new(prepared))));
            return None;
        }
        let admitted = match ledger.admit(plan, &prepared.project, (entries, &prepared.older)) {
            Ok(admitted) => admitted,
            Err(error) => {
                refuse(vec![waiting], || Error::new(error.kind, error.message.clone()));
                return None;
            }
        };
        let rows = pick(&prepared.rows, &admitted.new);
        let first_leaf = admitted.first_leaf;
        assembly.add(prepared.table, &prepared.project, Rows { rows, first_leaf, notes: &admitted.notes });
        measure::REPEATED.add(admitted.repeated.len() as u64);
        let answer = Answer { first_leaf, new_rows: admitted.new.len(), repeated: admitted.repeated };
        Some(Accepted { waiting, answer })
    }

    /// Refuses in good order before the file system does it in the middle of a frame.
    fn check_space(&self) -> Result<(), String> {
        let settings = &self.parts.settings;
        let least = match self.shared.lane {
            Lane::Audit => settings.wal_free_min / 2,
            Lane::Telemetry => settings.wal_free_min,
        };
        match self.parts.disk.space(&settings.data) {
            Ok(space) if space.free_bytes < least => Err(format!(
                "wal_free_min: only {} bytes are free on the disk of {}",
                space.free_bytes,
                settings.data.display()
            )),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("cannot read the free space of {}: {error}", settings.data.display())),
        }
    }

    fn write(&mut self, sections: &[Section], any_synced: bool) -> Result<(), WriteFailure> {
        if sections.is_empty() {
            return Ok(());
        }
        let bytes = self.parts.wal.write(self.parts.next_seq, self.parts.world.now(), sections)?;
        measure::APPENDED_BYTES.add(&[self.shared.lane.name()], bytes as u64);
        self.shared.wal_bytes.store(self.parts.wal.bytes(), Ordering::Relaxed);
        if any_synced {
            self.sync()?;
        } else if self.unsynced_since.is_none() {
            self.unsynced_since = Some(self.parts.world.instant());
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), WriteFailure> {
        let before = self.parts.world.instant();
        self.parts.wal.sync()?;
        measure::sync_histogram(self.shared.lane).observe(self.parts.world.instant().since(before));
        self.unsynced_since = None;
        Ok(())
    }

    fn sync_due_in(&self) -> Option<Duration> {
        let since = self.unsynced_since?;
        let waited = self.parts.world.instant().since(since);
        Some(self.parts.settings.buffered_sync_interval.saturating_sub(waited))
    }

    fn sync_if_due(&mut self) {
        if self.sync_due_in() == Some(Duration::ZERO)
            && self.shared.stopped.lock().is_none()
            && let Err(failure) = self.sync()
        {
            self.stop(&failure);
        }
    }

    fn publish(&mut self, plan: Plan, sections: Vec<Section>, mut accepted: Vec<Accepted>) {
        let lane = self.shared.lane;
        let was_empty = self.parts.buffer.is_empty();
        for section in &sections {
            self.parts.next_seq += section.rows.num_rows() as u64;
            self.parts.buffer.push(section.table, &section.project, section.rows.clone());
            measure::APPENDED_ROWS.add(&[section.table.name()], section.rows.num_rows() as u64);
        }
        if let Some(ledger) = &mut self.parts.ledger {
            ledger.commit(plan, self.parts.next_seq);
        }
        if !sections.is_empty() {
            for one in accepted.iter_mut().filter(|one| one.answer.new_rows > 0) {
                self.parts.buffer.hold(one.waiting.prepared.reservation.take());
            }
            let intents = self.parts.ledger.as_ref().map(|ledger| (ledger.pending_keys(), ledger.late_keys()));
            self.parts.publisher.publish(Group { lane, active: self.parts.buffer.image(), intents });
            *self.shared.full.lock() = None;
        }
        self.shared.buffered_bytes.store(self.parts.buffer.bytes(), Ordering::Relaxed);
        if was_empty && !self.parts.buffer.is_empty() {
            *self.shared.buffered_since.lock() = Some(self.parts.world.instant());
        }
        measure::GROUPS.add(&[lane.name()], 1);
        measure::GROUPED_SUBMISSIONS.add(&[lane.name()], accepted.len() as u64);
        for Accepted { waiting, answer } in accepted {
            let _caller_gone = waiting.answer.send(Ok(Reply::Done(answer)));
        }
        self.tell(sections);
        if self.parts.buffer.bytes() >= self.parts.settings.flush_bytes {
            self.parts.flush_wanted.notify_one();
        }
    }

    /// Sends the rows, visible by now, to those who follow along.
    fn tell(&self, sections: Vec<Section>) {
        if self.parts.published.receiver_count() == 0 {
            return;
        }
        for section in sections {
            let batch = Batch::new(section.table, section.project, section.rows);
            let batch = batch.expect("rows of admitted batches fit their table");
            let _nobody_listens = self.parts.published.send(Arc::new(batch));
        }
    }

    fn fail(&mut self, plan: Plan, failure: WriteFailure, accepted: Vec<Accepted>) {
        if let Some(ledger) = &mut self.parts.ledger {
            ledger.roll_back(plan);
        }
        let kind = match &failure {
            WriteFailure::TooLarge(_) => ErrorKind::TooLarge,
            WriteFailure::Full { .. } => {
                *self.shared.full.lock() = Some(failure.to_string());
                ErrorKind::Unavailable
            }
            WriteFailure::Broken { .. } => {
                self.stop(&failure);
                ErrorKind::Unavailable
            }
        };
        let message = failure.to_string();
        refuse(accepted.into_iter().map(|one| one.waiting).collect(), || Error::new(kind, message.clone()));
    }

    /// I-7. After a failed sync the kernel may have dropped the pages, so trying again would lie.
    fn stop(&mut self, failure: &WriteFailure) {
        use std::error::Error as _;
        let cause = failure.source().map(|source| format!(": {source}")).unwrap_or_default();
        let why = format!("{failure}{cause}");
        tracing::error!(lane = self.shared.lane.name(), error = %why, "lane stopped");
        measure::FAILED_SYNCS.add(&[self.shared.lane.name()], 1);
        self.shared.stopped.lock().get_or_insert(why);
        self.unsynced_since = None;
    }
}

fn refuse(submissions: Vec<Waiting>, error: impl Fn() -> Error) {
    for waiting in submissions {
        let error = error();
        measure::REFUSED.add(&[Lane::of(waiting.prepared.table).name(), error.kind.name()], 1);
        let _caller_gone = waiting.answer.send(Err(error));
    }
}
