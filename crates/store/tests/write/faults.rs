//! Disks that fail: nothing is acknowledged that is not kept, and health says so.

use std::path::Path;

use whodunit_stdx::ErrorKind;
use whodunit_store::disk::DiskFaults;
use whodunit_store::{Check, CheckStatus, Disk, Durability, Store, Submission};

use super::place::{Place, assert_sound, assert_stored, lines, stored, synced};

fn lane(store: &Store, name: &str) -> Check {
    store.health().into_iter().find(|check| check.name == name).expect("the check is there")
}

#[tokio::test]
async fn a_failed_sync_stops_the_lane_and_only_the_lane() {
    let place = Place::new(1);
    let store = place.open().await;
    let kept = place.add(&store).await;
    place.disk.set(DiskFaults { sync_fails: 1000, ..DiskFaults::default() });
    let error = place.append(&store, &[(place.id(), "complete")]).await.expect_err("the sync fails");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    place.disk.set(DiskFaults::default());
    let error = place.append(&store, &[(place.id(), "complete")]).await.expect_err("the lane has stopped");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let check = lane(&store, "store.audit_lane");
    assert_eq!(check.status, CheckStatus::Unhealthy);
    assert!(check.message.contains("injected: sync failed"), "{}", check.message);
    assert_eq!(lane(&store, "store.telemetry_lane").status, CheckStatus::Healthy);
    store.append(synced(lines(0, 1))).await.expect("the other lane goes on");
    assert_stored(&store, &[kept]).await;
    store.flush().await.expect("what is visible can still be flushed");
    place.disk.crash();
    drop(store);
    let store = place.open().await;
    assert!(stored(&store).await.contains_key(&kept));
    assert_eq!(lane(&store, "store.audit_lane").status, CheckStatus::Healthy);
    place.add(&store).await;
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_failed_or_short_write_stops_the_lane_and_loses_nothing() {
    for faults in [
        DiskFaults { append_fails: 1000, ..DiskFaults::default() },
        DiskFaults { append_is_short: 1000, ..DiskFaults::default() },
    ] {
        let place = Place::new(2);
        let store = place.open().await;
        let kept = place.add(&store).await;
        place.disk.set(faults);
        let error = place.append(&store, &[(place.id(), "complete")]).await.expect_err("the write fails");
        assert_eq!(error.kind, ErrorKind::Unavailable);
        place.disk.set(DiskFaults::default());
        assert_eq!(lane(&store, "store.audit_lane").status, CheckStatus::Unhealthy);
        let store = place.restart(store).await;
        let next = place.add(&store).await;
        assert_stored(&store, &[kept, next]).await;
        assert_sound(&store).await;
    }
}

#[tokio::test]
async fn a_full_disk_is_an_orderly_error_and_ends_by_itself() {
    let mut place = Place::new(3);
    place.settings.wal_free_min = 0;
    let store = place.open().await;
    let kept = place.add(&store).await;
    let used = place.read(&place.only_file()).len() as u64 + 64;
    place.disk.set(DiskFaults { capacity_bytes: Some(used), ..DiskFaults::default() });
    for _ in 0..3 {
        let error = place.append(&store, &[(place.id(), "complete")]).await.expect_err("the disk is full");
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert!(error.message.contains("no space left"), "{}", error.message);
        assert_eq!(lane(&store, "store.audit_lane").status, CheckStatus::Degraded);
    }
    place.disk.set(DiskFaults::default());
    let next = place.add(&store).await;
    assert_eq!(lane(&store, "store.audit_lane").status, CheckStatus::Healthy);
    assert_stored(&store, &[kept, next]).await;
    let store = place.restart(store).await;
    assert_stored(&store, &[kept, next]).await;
    assert_sound(&store).await;
}

#[tokio::test]
async fn the_last_space_is_kept_for_audit() {
    let mut place = Place::new(4);
    place.settings.wal_free_min = 1 << 20;
    let store = place.open().await;
    place.disk.set(DiskFaults { capacity_bytes: Some(700 << 10), ..DiskFaults::default() });
    let error = store.append(synced(lines(0, 1))).await.expect_err("the rest is for audit");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(error.message.contains("wal_free_min"), "{}", error.message);
    place.add(&store).await;
}

#[tokio::test]
async fn buffered_rows_are_visible_before_they_are_safe() {
    let place = Place::new(5);
    let store = place.open().await;
    place.disk.set(DiskFaults { sync_fails: 1000, ..DiskFaults::default() });
    let batch = lines(0, 5);
    store.append(Submission { batch, durability: Durability::Buffered }).await.expect("no sync is waited for");
    let rows: usize =
        super::place::all(&store, whodunit_model::Table::Logs).await.iter().map(|rows| rows.num_rows()).sum();
    assert_eq!(rows, 5);
    let error = store.append(synced(lines(5, 1))).await.expect_err("this one is synced");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    place.disk.set(DiskFaults::default());
    let store = place.restart(store).await;
    let rows: usize =
        super::place::all(&store, whodunit_model::Table::Logs).await.iter().map(|rows| rows.num_rows()).sum();
    assert!(rows >= 5, "{rows}");
}

#[tokio::test]
async fn a_flush_that_fails_keeps_the_rows_and_the_next_one_takes_them() {
    let mut place = Place::new(6);
    let faults = whodunit_store::object::Faults::new(6, Default::default());
    place.objects = place.objects.clone().with_faults(&faults);
    let store = place.open().await;
    let mut ids = vec![place.add(&store).await];
    faults.set(whodunit_store::object::FaultRates { write: 1000, ..Default::default() });
    store.flush().await.expect_err("no object can be written");
    ids.push(place.add(&store).await);
    assert_stored(&store, &ids).await;
    store.flush().await.expect_err("no object can be written");
    faults.set(Default::default());
    store.flush().await.expect("flushed");
    assert_stored(&store, &ids).await;
    assert!(place.disk.list(Path::new("/data/wal/audit")).expect("lists").is_empty());
    let store = place.restart(store).await;
    assert_stored(&store, &ids).await;
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_flush_whose_answer_was_lost_writes_nothing_twice() {
    use whodunit_store::object::{FaultRates, Faults};
    for seed in 0..30 {
        let mut place = Place::new(seed);
        let faults = Faults::new(seed, FaultRates::default());
        place.objects = place.objects.clone().with_faults(&faults);
        let store = place.open().await;
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(place.add(&store).await);
            faults.set(FaultRates { write: 400, read: 700, list: 300, delete: 300 });
            let _any_outcome = store.flush().await;
            faults.set(FaultRates::default());
            assert_stored(&store, &ids).await;
        }
        store.flush().await.expect("flushed");
        assert_stored(&store, &ids).await;
        let store = place.restart(store).await;
        assert_stored(&store, &ids).await;
        assert_sound(&store).await;
    }
}
