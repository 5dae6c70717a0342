//! One game: clients, time, faults and power cuts against one store, from one seed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use whodunit_stdx::{Limit, ManualClock, Timestamp, World};
use whodunit_store::disk::DiskFaults;
use whodunit_store::maintain::{CompactionSettings, MaintainSettings, TierSettings};
use whodunit_store::object::{FaultRates, Faults};
use whodunit_store::{Appended, CheckStatus, Error, FaultyDisk, Objects, Parts, Settings, Snapshot, Store, Upkeep};

use crate::checker::Checker;
use crate::reading::{Evidence, Reader, Seen};
use crate::traffic::{Sent, Traffic};

/// Steps of one game unless told otherwise.
pub const STEPS: u32 = 120;

const START: Timestamp = Timestamp(1_700_000_000_000_000_000);
const MEMORY_BYTES: usize = 512 << 20;

/// What a game was like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    pub entries: usize,
    pub observations: u64,
    pub crashes: u32,
    pub faults: u64,
    pub flushes: usize,
    pub rewrites: usize,
    pub expired: usize,
}

/// A promise was broken.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub step: u32,
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {} broke in step {}: {}", self.seed, self.step, self.what)
    }
}

/// A store and the world around it.
pub struct Simulation {
    chance: StdRng,
    world: World,
    clock: Arc<ManualClock>,
    disk: FaultyDisk,
    /// What survives a crash, without faults.
    objects: Objects,
    faults: Faults,
    traffic: Traffic,
    checker: Checker,
    reader: Reader,
    store: Store,
    /// Snapshots that a slow reader still uses, with what they showed when they were taken.
    held: Vec<(Snapshot, Seen)>,
    /// The disk has failed since the last start, so lanes may have stopped.
    disk_has_failed: bool,
    report: Report,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Burst,
    BurstWhileBusy,
    Flush,
    FlushWithFaults,
    Maintain,
    MaintainWithFaults,
    Wait,
    Hold,
    ReadHeld,
    FindEntry,
    Crash,
    CrashWhileFlushing,
    CrashUnderLoad,
    FailingSync,
    UnsteadyDisk,
    FullDisk,
    Restart,
}

/// How often each step comes, as parts of the sum.
const STEPS_AND_WEIGHTS: &[(Step, u32)] = &[
    (Step::Burst, 32),
    (Step::BurstWhileBusy, 12),
    (Step::Flush, 8),
    (Step::FlushWithFaults, 6),
    (Step::Maintain, 8),
    (Step::MaintainWithFaults, 5),
    (Step::Wait, 10),
    (Step::Hold, 4),
    (Step::ReadHeld, 4),
    (Step::FindEntry, 4),
    (Step::Crash, 3),
    (Step::CrashWhileFlushing, 3),
    (Step::CrashUnderLoad, 3),
    (Step::FailingSync, 2),
    (Step::UnsteadyDisk, 2),
    (Step::FullDisk, 1),
    (Step::Restart, 2),
];

/// Runs a game on a runtime of its own, one task at a time.
pub fn play<F: Future>(game: impl FnOnce() -> F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime of one thread starts").block_on(game())
}

impl Simulation {
    /// Plays a whole game.
    pub async fn run(seed: u64, steps: u32) -> Result<Report, Failure> {
        let fail = |step| move |what| Failure { seed, step, what };
        let mut simulation = Simulation::start(seed).await.map_err(fail(0))?;
        for step in 1..=steps {
            let doing = simulation.choose();
            let fail = |what| Failure { seed, step, what: format!("{doing:?}: {what}") };
            simulation.step(doing).await.map_err(fail)?;
            simulation.observe().await.map_err(fail)?;
        }
        simulation.end().await.map_err(fail(steps + 1))
    }

    async fn start(seed: u64) -> Result<Simulation, String> {
        let (world, clock) = World::seeded(seed, START);
        let (disk, objects) = (FaultyDisk::new(seed), Objects::memory());
        let faults = Faults::new(seed, FaultRates::default());
        let store = open(&world, &disk, &objects.clone().with_faults(&faults)).await?;
        Ok(Simulation {
            chance: StdRng::seed_from_u64(seed),
            traffic: Traffic::new(world.clone()),
            world,
            clock,
            disk,
            objects,
            faults,
            checker: Checker::default(),
            reader: Reader::default(),
            store,
            held: Vec::new(),
            disk_has_failed: false,
            report: Report::default(),
        })
    }

    async fn step(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Burst => self.burst().await,
            Step::BurstWhileBusy => self.burst_while_busy().await,
            Step::Flush => self.upkeep(Upkeeping::Flush).await,
            Step::Maintain => self.upkeep(Upkeeping::Maintain).await,
            Step::FlushWithFaults => self.with_object_faults(Upkeeping::Flush).await,
            Step::MaintainWithFaults => self.with_object_faults(Upkeeping::Maintain).await,
            Step::Wait => {
                let seconds = if self.chance.random_ratio(1, 5) { 40_000 } else { 600 };
                self.clock.advance(Duration::from_secs(self.chance.random_range(1..seconds)));
                Ok(())
            }
            Step::Hold => self.hold().await,
            Step::ReadHeld => self.read_held().await,
            Step::FindEntry => self.find_entry().await,
            Step::Crash => self.crash().await,
            Step::CrashWhileFlushing => self.crash_while_flushing().await,
            Step::CrashUnderLoad => self.crash_under_load().await,
            Step::FailingSync => self.failing_sync().await,
            Step::UnsteadyDisk => self.unsteady_disk().await,
            Step::FullDisk => self.full_disk().await,
            Step::Restart => self.restart().await,
        }
    }

    fn choose(&mut self) -> Step {
        let sum: u32 = STEPS_AND_WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut left = self.chance.random_range(0..sum);
        for (step, weight) in STEPS_AND_WEIGHTS {
            match left.checked_sub(*weight) {
                None => return *step,
                Some(rest) => left = rest,
            }
        }
        Step::Burst
    }

    /// Several clients send at once, while a reader looks.
    async fn burst(&mut self) -> Result<(), String> {
        let sent = self.some_traffic();
        let answers = self.send(sent, async {}).await?;
        self.all_accepted(answers)
    }

    /// The same while the store flushes and maintains.
    async fn burst_while_busy(&mut self) -> Result<(), String> {
        let (sent, more) = (self.some_traffic(), self.some_traffic());
        let (store, flushes) = (self.store.clone(), self.chance.random());
        let answers = self.send(sent, async {
            let _checked_elsewhere = if flushes { store.flush().await } else { store.maintain().await.map(drop) };
        });
        let answers = answers.await?;
        self.all_accepted(answers)?;
        let store = self.store.clone();
        let answers = self.send(more, async {
            let _checked_elsewhere = futures::join!(store.flush(), store.maintain());
        });
        let answers = answers.await?;
        self.all_accepted(answers)
    }

    fn some_traffic(&mut self) -> Vec<(u32, Sent)> {
        (0..self.chance.random_range(1..=6)).map(|_| self.traffic.next(&mut self.chance)).collect()
    }

    fn all_accepted(&self, answers: Vec<Result<(), Error>>) -> Result<(), String> {
        match answers.into_iter().find_map(Result::err) {
            Some(error) if !self.disk_has_failed => Err(format!("refused without a reason: {error} ({error:?})")),
            _ => Ok(()),
        }
    }

    /// Sends all at once, with something else going on, and tells the checker the answers. A reader that looks
    /// meanwhile sees all or nothing of each.
    async fn send(
        &mut self,
        sent: Vec<(u32, Sent)>,
        alongside: impl Future<Output = ()>,
    ) -> Result<Vec<Result<(), Error>>, String> {
        for (number, sent) in &sent {
            self.checker.sent(*number, sent.what.clone());
        }
        let store = self.store.clone();
        let appending = join_all(sent.into_iter().map(|(number, sent)| {
            let store = store.clone();
            async move { (number, store.append(sent.submission).await) }
        }));
        let looking = async {
            tokio::task::yield_now().await;
            store.snapshot()
        };
        let moment = self.checker.moment();
        let (answers, meanwhile, ()) = futures::join!(appending, looking, alongside);
        let seen = self.reader.read(&self.store, &meanwhile, Evidence::Believed).await?;
        self.checker.observe(&moment, &seen)?;
        let mut outcomes = Vec::new();
        for (number, answer) in answers {
            outcomes.push(match answer {
                Ok(Appended { receipts, .. }) => {
                    self.checker.acknowledged(number, receipts)?;
                    Ok(())
                }
                Err(error) => Err(error),
            });
        }
        Ok(outcomes)
    }

    async fn upkeep(&mut self, what: Upkeeping) -> Result<(), String> {
        match self.run_upkeep(what).await {
            Err(error) if !self.disk_has_failed => {
                Err(format!("{what:?} failed without a reason: {error} ({error:?})"))
            }
            _ => Ok(()),
        }
    }

    async fn run_upkeep(&mut self, what: Upkeeping) -> Result<(), Error> {
        match what {
            Upkeeping::Flush => self.store.flush().await,
            Upkeeping::Maintain => {
                let done = self.store.maintain().await?;
                self.report.flushes += done.flushed_lanes;
                self.report.rewrites += done.rewrites;
                self.report.expired += done.expired_intents;
                Ok(())
            }
        }
    }

    /// Object storage fails now and then; afterwards the same work must succeed.
    async fn with_object_faults(&mut self, what: Upkeeping) -> Result<(), String> {
        let rate = self.chance.random_range(20..400);
        self.faults.set(FaultRates { write: rate, read: rate / 2, list: rate / 2, delete: rate });
        let _may_fail = self.run_upkeep(what).await;
        self.faults.set(FaultRates::default());
        self.observe().await?;
        self.upkeep(what).await
    }

    async fn hold(&mut self) -> Result<(), String> {
        let snapshot = self.store.snapshot();
        let seen = self.reader.read(&self.store, &snapshot, Evidence::Believed).await?;
        self.held.push((snapshot, seen));
        if self.held.len() > 3 {
            self.held.remove(0);
        }
        Ok(())
    }

    /// A snapshot shows the same for as long as it is held, whatever was flushed, merged and deleted since.
    async fn read_held(&mut self) -> Result<(), String> {
        for (snapshot, before) in &self.held {
            let now = self.reader.read(&self.store, snapshot, Evidence::Believed).await;
            let now = now.map_err(|error| format!("a held snapshot: {error}"))?;
            if now != *before {
                return Err(format!("snapshot {} has changed while it was held", snapshot.version()));
            }
        }
        Ok(())
    }

    /// An acknowledged entry is found by its id.
    async fn find_entry(&mut self) -> Result<(), String> {
        let Some(key) = self.traffic.some_key(&mut self.chance) else { return Ok(()) };
        let Some(receipt) = self.checker.receipt(key) else { return Ok(()) };
        let found = self.store.find_entry(&key.project, key.id).await.map_err(|error| format!("{error:?}"))?;
        let hash_of = |rows: &arrow::array::RecordBatch| {
            let hashes = arrow::array::AsArray::as_fixed_size_binary(&rows["leaf_hash"]);
            hashes.value(0) == receipt.leaf_hash
        };
        match found.iter().filter(|rows| hash_of(rows)).count() {
            1 => Ok(()),
            count => Err(format!("{key:?} is found {count} times by its id")),
        }
    }

    /// The power goes out. What was not synced is lost or torn.
    async fn crash(&mut self) -> Result<(), String> {
        self.disk.crash();
        self.checker.crashed();
        self.report.crashes += 1;
        self.open_again().await
    }

    /// From a random act on, object storage does nothing more, and then the power goes out.
    async fn crash_while_flushing(&mut self) -> Result<(), String> {
        self.faults.stop_after(self.chance.random_range(0..12));
        let what = if self.chance.random() { Upkeeping::Flush } else { Upkeeping::Maintain };
        let _may_fail = self.run_upkeep(what).await;
        self.crash().await
    }

    /// The power goes out while clients are being answered: whoever was told yes finds it again.
    async fn crash_under_load(&mut self) -> Result<(), String> {
        let (sent, disk, turns) = (self.some_traffic(), self.disk.clone(), self.chance.random_range(0..8));
        let answers = self.send(sent, async {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            disk.crash();
        });
        let _some_refused = answers.await?;
        self.checker.crashed();
        self.report.crashes += 1;
        self.open_again().await
    }

    /// A sync fails: no more acknowledgements in that lane until a restart, and health says so (I-7).
    async fn failing_sync(&mut self) -> Result<(), String> {
        self.disk_has_failed = true;
        self.disk.set(DiskFaults { sync_fails: 1000, ..DiskFaults::default() });
        let first = self.traffic.next_audit(&mut self.chance);
        let is_new_work = self.send(vec![first], async {}).await?.iter().all(Result::is_err);
        self.disk.set(DiskFaults::default());
        if is_new_work {
            let healthy = self.store.health().iter().all(|check| check.status != CheckStatus::Unhealthy);
            if healthy {
                return Err("a sync failed and health does not say so".to_owned());
            }
            let second = self.traffic.next_audit(&mut self.chance);
            if self.send(vec![second], async {}).await?.iter().any(Result::is_ok) {
                return Err("an append was acknowledged after a failed sync".to_owned());
            }
        }
        self.crash().await
    }

    /// The disk fails now and then, then the machine is started anew.
    async fn unsteady_disk(&mut self) -> Result<(), String> {
        self.disk_has_failed = true;
        self.disk.set(DiskFaults { append_fails: 50, append_is_short: 50, sync_fails: 50, capacity_bytes: None });
        for _ in 0..self.chance.random_range(1..6) {
            self.burst().await?;
        }
        let _may_fail = self.run_upkeep(Upkeeping::Flush).await;
        self.disk.set(DiskFaults::default());
        self.observe().await?;
        if self.chance.random() { self.crash().await } else { self.restart().await }
    }

    /// The disk is full; once there is room again, appends are taken without a restart.
    async fn full_disk(&mut self) -> Result<(), String> {
        let had_failed = std::mem::replace(&mut self.disk_has_failed, true);
        self.disk.set(DiskFaults { capacity_bytes: Some(self.chance.random_range(0..4096)), ..DiskFaults::default() });
        self.burst().await?;
        self.observe().await?;
        self.disk.set(DiskFaults::default());
        self.disk_has_failed = had_failed;
        let _due = self.run_upkeep(Upkeeping::Maintain).await;
        self.burst().await.map_err(|error| format!("after the disk was full: {error}"))
    }

    /// An orderly stop and start.
    async fn restart(&mut self) -> Result<(), String> {
        let closed = self.store.close().await;
        if let Err(error) = closed
            && !self.disk_has_failed
        {
            return Err(format!("cannot close: {error:?}"));
        }
        if self.disk_has_failed {
            // What a stopped lane had written but not synced is in doubt.
            self.checker.crashed();
        }
        self.open_again().await
    }

    async fn open_again(&mut self) -> Result<(), String> {
        self.held.clear();
        // The old store's threads must be gone before the new one starts; what they say no longer matters.
        let _dead = self.store.close().await;
        self.faults.set(FaultRates::default());
        self.faults.resume();
        self.disk.set(DiskFaults::default());
        self.disk_has_failed = false;
        self.store = open(&self.world, &self.disk, &self.objects.clone().with_faults(&self.faults)).await?;
        Ok(())
    }

    async fn observe(&mut self) -> Result<(), String> {
        let moment = self.checker.moment();
        let evidence = if self.chance.random_ratio(1, 16) { Evidence::Recomputed } else { Evidence::Believed };
        let seen = self.reader.read(&self.store, &self.store.snapshot(), evidence).await?;
        self.checker.observe(&moment, &seen)
    }

    /// Settles, verifies every byte, starts once more and looks again.
    async fn end(mut self) -> Result<Report, String> {
        if self.disk_has_failed {
            self.restart().await?;
        }
        self.store.settle().await.map_err(|error| format!("cannot settle: {error} ({error:?})"))?;
        self.read_held().await?;
        self.held.clear();
        let verified = self.store.verify().await.map_err(|error| format!("cannot verify: {error:?}"))?;
        if let Some(finding) = verified.findings.first() {
            return Err(format!("verification finds {finding:?}"));
        }
        self.observe().await?;
        self.restart().await?;
        self.observe().await?;
        let _threads_gone = self.store.close().await;
        self.report.entries = self.checker.acknowledged_entries();
        self.report.observations = self.checker.observations;
        self.report.faults = self.faults.injected();
        Ok(self.report)
    }
}

#[derive(Clone, Copy, Debug)]
enum Upkeeping {
    Flush,
    Maintain,
}

async fn open(world: &World, disk: &FaultyDisk, objects: &Objects) -> Result<Store, String> {
    let day = Duration::from_secs(24 * 60 * 60);
    // Everything that waits for size or age comes early, so that a short game sees it.
    let maintain = MaintainSettings {
        segment_attributes_max: 6,
        compaction: CompactionSettings { fan_in: 3, ..CompactionSettings::default() },
        tiers: TierSettings { warm_after: day / 2, cold_after: day, cold_place: Some("cold".to_owned()) },
        scrub_interval: day / 4,
        ..MaintainSettings::default()
    };
    let settings = Settings {
        wal_file_bytes: 32 << 10,
        intent_timeout: Duration::from_secs(15 * 60),
        upkeep: Upkeep::Manual,
        maintain,
        ..Settings::new("/data")
    };
    let parts = Parts { objects: objects.clone(), disk: Arc::new(disk.clone()) };
    let opened = Store::open_with(settings, world.clone(), Limit::new("simulation", MEMORY_BYTES), parts).await;
    opened.map_err(|error| format!("cannot open: {error} ({error:?})"))
}
