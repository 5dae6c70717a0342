//! The manifest: one winner per number, no silent step back, and files that go only when nobody reads them.

use std::sync::Arc;

use bytes::Bytes;
use whodunit_model::log::LogBuilder;
use whodunit_model::{Project, Table};
use whodunit_stdx::{ErrorKind, Limit, Timestamp, World};
use whodunit_store::maintain::retain::drop_segments;
use whodunit_store::maintain::sweep;
use whodunit_store::manifest::{Change, Manifest, Manifests};
use whodunit_store::object::{FaultRates, Faults};
use whodunit_store::{Durability, FaultyDisk, Objects, Parts, Settings, Store, Submission, Upkeep};

use crate::rows::*;

fn mark(manifest: &Manifest) -> Change {
    let mut next = manifest.clone();
    next.flushed_through.telemetry += 1;
    Change::To(Box::new(next))
}

async fn open(objects: &Objects) -> Manifests {
    let (world, _) = World::seeded(7, Timestamp(MIDNIGHT));
    Manifests::open(objects.clone(), world).await.expect("opens")
}

#[tokio::test]
async fn of_those_that_race_each_gets_its_own_number_and_no_change_is_lost() {
    let objects = Objects::memory();
    let racers = futures::future::join_all((0..8).map(|_| open(&objects))).await;
    let commits = racers.iter().map(|one| one.commit(mark));
    let mut versions: Vec<u64> =
        futures::future::join_all(commits).await.into_iter().map(|result| result.expect("commits").version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=8).collect::<Vec<_>>());
    assert_eq!(open(&objects).await.current().flushed_through.telemetry, 8);
}

#[tokio::test]
async fn old_versions_go_and_ten_stay() {
    let objects = Objects::memory();
    let manifests = open(&objects).await;
    for _ in 0..25 {
        manifests.commit(mark).await.expect("commits");
    }
    let listed = objects.list("manifest").await.expect("lists");
    assert_eq!(listed.len(), 10);
    assert_eq!(listed[0].path, "manifest/00000000000000000016.json.zst");
}

#[tokio::test]
async fn a_damaged_present_is_an_error_and_not_the_past() {
    let objects = Objects::memory();
    let manifests = open(&objects).await;
    manifests.commit(mark).await.expect("commits");
    manifests.commit(mark).await.expect("commits");
    let path = "manifest/00000000000000000002.json.zst";
    let good = objects.get(path).await.expect("reads");
    let (world, _) = World::seeded(7, Timestamp(MIDNIGHT));
    for at in 0..good.len() {
        let mut bad = good.to_vec();
        bad[at] ^= 0x10;
        objects.put(path, bad.into()).await.expect("writes");
        // A bit that no decoder looks at may be changed without harm; it never leads to another version.
        match Manifests::open(objects.clone(), world.clone()).await {
            Ok(manifests) => assert_eq!(manifests.current().version, 2, "byte {at}"),
            Err(error) => assert!(error.message.contains(path), "{}", error.message),
        }
    }
    objects.put(path, Bytes::new()).await.expect("writes");
    let error = Manifests::open(objects.clone(), world.clone()).await.expect_err("an empty file");
    assert_eq!(error.kind, ErrorKind::Corrupt);
}

#[tokio::test]
async fn segments_without_a_manifest_are_an_accident_to_report() {
    let objects = Objects::memory();
    objects.put("segments/logs/default/2026-11-20/x.parquet", Bytes::from_static(b"x")).await.expect("writes");
    let (world, _) = World::seeded(7, Timestamp(MIDNIGHT));
    let error = Manifests::open(objects, world).await.expect_err("refused");
    assert!(error.message.contains("restore"), "{}", error.message);
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_happens_once() {
    for seed in 0..40 {
        let faults = Faults::new(seed, FaultRates { write: 300, read: 300, list: 100, delete: 300 });
        let objects = Objects::memory();
        let manifests = open(&objects.clone().with_faults(&faults)).await_or_retry(&faults).await;
        for wanted in 1..=10u64 {
            let reach = |manifest: &Manifest| {
                if manifest.flushed_through.telemetry >= wanted { Change::Nothing } else { mark(manifest) }
            };
            let mut attempts = 0;
            while manifests.commit(reach).await.is_err() {
                attempts += 1;
                assert!(attempts < 1000, "seed {seed}: one of so many attempts succeeds");
            }
        }
        faults.set(FaultRates::default());
        assert_eq!(open(&objects).await.current().flushed_through.telemetry, 10, "seed {seed}");
    }
}

trait AwaitOrRetry {
    async fn await_or_retry(self, faults: &Faults) -> Manifests;
}

impl<F: Future<Output = Manifests>> AwaitOrRetry for F {
    /// Opening is not what is tested here.
    async fn await_or_retry(self, faults: &Faults) -> Manifests {
        faults.set(FaultRates::default());
        let manifests = self.await;
        faults.set(FaultRates { write: 300, read: 300, list: 100, delete: 300 });
        manifests
    }
}

#[tokio::test]
async fn a_discarded_file_stays_while_a_snapshot_reads_it() {
    let shop = Shop::open(Objects::memory(), 3).await;
    let snapshot = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 10)]).await.expect("flushes");
    let (id, path) = (snapshot.segments[0].id, snapshot.segments[0].path.clone());
    drop_segments(&shop.workshop(), &[id]).await.expect("drops");
    assert_eq!(sweep::sweep(&shop.workshop()).await.expect("sweeps"), 0);
    assert!(shop.objects.head(&path).await.expect("looks").is_some());
    drop(snapshot);
    assert_eq!(sweep::sweep(&shop.workshop()).await.expect("sweeps"), 1);
    assert!(shop.objects.head(&path).await.expect("looks").is_none());
    assert!(shop.manifests.current().discarded.is_empty());
}

#[tokio::test]
async fn a_discarded_file_goes_after_a_restart() {
    let objects = Objects::memory();
    let shop = Shop::open(objects.clone(), 3).await;
    let snapshot = shop.flush(Table::Logs, vec![log_lines(MIDNIGHT, 0, 10)]).await.expect("flushes");
    drop_segments(&shop.workshop(), &[snapshot.segments[0].id]).await.expect("drops");
    let again = Shop::open(objects, 4).await;
    assert_eq!(sweep::sweep(&again.workshop()).await.expect("sweeps"), 1);
}

/// The simulator found it: segments without a manifest look like a lost manifest, and the store refused to open.
#[tokio::test]
async fn a_crash_in_the_very_first_flush_does_not_lock_the_store_out() {
    for operations in 0..12 {
        let (world, _) = World::seeded(operations, Timestamp(MIDNIGHT));
        let (disk, objects) = (FaultyDisk::new(operations), Objects::memory());
        let faults = Faults::new(operations, FaultRates::default());
        let open = || {
            let parts = Parts { objects: objects.clone().with_faults(&faults), disk: Arc::new(disk.clone()) };
            let settings = Settings { upkeep: Upkeep::Manual, ..Settings::new("/data") };
            Store::open_with(settings, world.clone(), Limit::new("test", 64 << 20), parts)
        };
        let store = open().await.expect("opens");
        let mut builder = LogBuilder::new(1);
        builder.finish_row(Timestamp(MIDNIGHT), Timestamp(MIDNIGHT));
        let batch = builder.finish(&Project::default_project()).expect("a row");
        store.append(Submission { batch, durability: Durability::Synced }).await.expect("appends");
        faults.stop_after(operations);
        let _cut_short = store.flush().await;
        disk.crash();
        store.close().await.expect("closes");
        faults.resume();
        let snapshot = open().await.expect("opens again").snapshot();
        let flushed: u64 = snapshot.segments(Table::Logs).iter().map(|segment| segment.rows).sum();
        let buffered: usize = snapshot.buffered(Table::Logs).iter().map(|(_, rows)| rows.num_rows()).sum();
        assert_eq!(flushed + buffered as u64, 1, "after {operations} operations");
    }
}
