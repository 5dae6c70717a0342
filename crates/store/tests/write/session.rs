//! Two copies of one data directory at one bucket: the newest opener goes on, the other stops, nothing is mixed up.

use std::path::Path;

use whodunit_model::Project;
use whodunit_stdx::ErrorKind;
use whodunit_store::object::{FaultRates, Faults, ObjectsIn};
use whodunit_store::{CheckStatus, Disk, FaultyDisk, Purpose, Store};

use super::place::{Place, assert_sound, assert_stored};
use super::whereabouts::bucket;

fn at_a_bucket(seed: u64) -> Place {
    let mut place = Place::new(seed);
    place.settings.objects = bucket("shop");
    place
}

/// The same directory and bucket on another machine.
fn copy(place: &Place, seed: u64) -> Place {
    let mut other = Place { objects: place.objects.clone(), ..at_a_bucket(seed) };
    other.disk = FaultyDisk::new(seed);
    for directory in ["/data", "/data/wal/audit", "/data/wal/telemetry"] {
        let directory = Path::new(directory);
        for name in place.disk.list(directory).expect("lists") {
            let path = directory.join(name);
            other.disk.write_whole(&path, &place.disk.read(&path).expect("reads")).expect("writes");
        }
    }
    other
}

fn audit_lane(store: &Store) -> (CheckStatus, String) {
    let check = store.health().into_iter().find(|check| check.name == "store.audit_lane").expect("there is one");
    (check.status, check.message)
}

#[tokio::test]
async fn the_newest_opener_goes_on_and_the_one_before_stops_acknowledging() {
    let place = at_a_bucket(1);
    let older = place.open().await;
    let first = place.add(&older).await;
    older.flush().await.expect("flushes");
    let second = place.add(&older).await;

    let other = copy(&place, 2);
    let newer = other.open().await;
    let third = other.add(&newer).await;
    let error = older.maintain().await.expect_err("it looks, and finds the other");
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.contains("another process has opened a copy"), "{}", error.message);
    let refused = place.append(&older, &[(place.id(), "complete")]).await.expect_err("it has stopped");
    assert_eq!(refused.kind, ErrorKind::Unavailable);
    assert!(refused.message.contains("another process has opened a copy"), "{}", refused.message);
    let (status, message) = audit_lane(&older);
    assert_eq!(status, CheckStatus::Unhealthy);
    assert!(message.contains("another process has opened a copy"), "{message}");

    newer.flush().await.expect("flushes");
    assert_stored(&newer, &[first, second, third]).await;
    older.close().await.expect("closes");
    let error = place.try_open().await.expect_err("the copy has gone on");
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.contains("another copy of /data"), "{}", error.message);
    let newer = other.restart(newer).await;
    assert_stored(&newer, &[first, second, third]).await;
    assert_sound(&newer).await;
}

/// Numbers of manifests are free again once they are old: taking one again looked like a commit.
#[tokio::test]
async fn a_process_that_slept_while_the_other_committed_a_dozen_times_takes_no_old_number() {
    let place = at_a_bucket(3);
    let older = place.open().await;
    let mut ids = vec![place.add(&older).await];
    older.flush().await.expect("flushes");

    let other = copy(&place, 4);
    let newer = other.open().await;
    for _ in 0..15 {
        ids.push(other.add(&newer).await);
        newer.flush().await.expect("flushes");
    }
    // Acknowledged before it could know; it stays in its own log and is never called flushed.
    let stranded = place.add(&older).await;
    let error = older.flush().await.expect_err("the other has gone on");
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(!older.find_entry(&Project::default_project(), stranded).await.expect("found").is_empty());
    let newer = other.restart(newer).await;
    assert_stored(&newer, &ids).await;
}

#[tokio::test]
async fn whoever_only_looks_leaves_the_other_alone() {
    let place = at_a_bucket(5);
    let store = place.open().await;
    let first = place.add(&store).await;
    let mut other = copy(&place, 6);
    other.settings.purpose = Purpose::Look;
    let looking = other.open().await;
    assert_stored(&looking, &[first]).await;
    other.append(&looking, &[(other.id(), "complete")]).await.expect_err("it was opened to be read");
    store.flush().await.expect("flushes");
    store.maintain().await.expect("maintains");
    assert_stored(&store, &[first]).await;
}

#[tokio::test]
async fn a_crash_at_any_point_of_opening_locks_nobody_out() {
    for operations in 0..16 {
        let mut place = at_a_bucket(7);
        let faults = Faults::new(7, FaultRates::default());
        place.objects = place.objects.with_faults(&faults);
        let store = place.open().await;
        let id = place.add(&store).await;
        store.close().await.expect("closes");
        drop(store);
        faults.stop_after(operations);
        let cut_short = place.try_open().await;
        drop(cut_short);
        place.disk.crash();
        faults.resume();
        let store = place.open().await;
        assert_stored(&store, &[id]).await;
    }
}

#[tokio::test]
async fn a_directory_of_its_own_needs_no_session() {
    let mut place = Place::new(8);
    place.settings.objects = ObjectsIn::Directory;
    let store = place.open().await;
    place.add(&store).await;
    store.flush().await.expect("flushes");
    assert!(place.disk.read("/data/session".as_ref()).is_err());
    assert_eq!(store.snapshot().manifest().session, None);
}
