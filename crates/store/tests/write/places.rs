//! Cold segments in another directory: queries find them, a crash on the way there loses nothing, and a disk that is
//! not mounted is not taken for an empty one.

use std::path::Path;
use std::time::Duration;

use whodunit_stdx::{EntryId, ErrorKind};
use whodunit_store::object::{FaultRates, Faults, Location};
use whodunit_store::{Disk, RetentionPolicy, Store, Tier};

use super::place::{Place, assert_sound, assert_stored};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Days are cold as soon as they are over.
fn with_cold(seed: u64, directory: &Path) -> Place {
    let mut place = Place::new(seed);
    place.settings.maintain.tiers.warm_after = Duration::ZERO;
    place.settings.maintain.tiers.cold_after = Duration::ZERO;
    place.settings.cold = Some(Location::Directory(directory.to_owned()));
    place
}

async fn add_and_wait(place: &Place, store: &Store) -> EntryId {
    let id = place.add(store).await;
    store.flush().await.expect("flushes");
    place.clock.advance(DAY * 2);
    id
}

fn paths(store: &Store) -> Vec<String> {
    store.snapshot().manifest().segments.iter().map(|segment| segment.path.clone()).collect()
}

/// Segments below a directory.
fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "parquet") {
                let inside = path.strip_prefix(directory).expect("it was found below");
                found.push(inside.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn cold_segments_move_to_the_other_directory_and_are_read_dropped_and_swept_there() {
    let cold = tempfile::tempdir().expect("a directory");
    let place = with_cold(1, cold.path());
    let mut store = place.open().await;
    let first = add_and_wait(&place, &store).await;
    store.settle().await.expect("settles");
    let [path] = paths(&store).try_into().expect("one segment");
    assert!(path.starts_with("cold-1/segments/audit_logs/default/"), "{path}");
    assert_eq!(files(cold.path()), [format!("{}/{path}", store.writer())]);
    assert_eq!(store.snapshot().manifest().segments[0].tier, Tier::Cold);
    let here = place.objects.list("segments").await.expect("lists");
    assert!(here.is_empty(), "{here:?}");
    assert_stored(&store, &[first]).await;

    store = place.restart(store).await;
    let second = add_and_wait(&place, &store).await;
    store.settle().await.expect("settles");
    assert_stored(&store, &[first, second]).await;
    assert_eq!(assert_sound(&store).await, 2);

    let everything = RetentionPolicy { total_bytes_max: Some(0), ..RetentionPolicy::default() };
    store.set_retention(everything);
    store.settle().await.expect("settles");
    assert_eq!((paths(&store), files(cold.path())), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn what_moved_before_is_found_where_it_is_whatever_is_set_now() {
    let (one, two) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let mut place = with_cold(2, one.path());
    let store = place.open().await;
    let mut ids = vec![add_and_wait(&place, &store).await];
    store.settle().await.expect("settles");

    place.settings.cold = Some(Location::Directory(two.path().to_owned()));
    let store = place.restart(store).await;
    ids.push(add_and_wait(&place, &store).await);
    store.settle().await.expect("settles");
    assert_eq!((files(one.path()).len(), files(two.path()).len()), (1, 1));

    place.settings.cold = None;
    let store = place.restart(store).await;
    assert_stored(&store, &ids).await;
    ids.push(add_and_wait(&place, &store).await);
    store.settle().await.expect("settles");
    assert_stored(&store, &ids).await;
    let here = place.objects.list("segments").await.expect("lists");
    assert_eq!(here.len(), 1, "cold segments stay with the others again: {here:?}");
    assert_eq!(assert_sound(&store).await, 3);
}

#[tokio::test]
async fn a_crash_on_the_way_to_the_other_directory_loses_and_doubles_nothing() {
    for operations in 0..24 {
        let cold = tempfile::tempdir().expect("a directory");
        let mut place = with_cold(3, cold.path());
        let faults = Faults::new(3, FaultRates::default());
        place.objects = place.objects.with_faults(&faults);
        let store = place.open().await;
        let ids = [place.add(&store).await, place.add(&store).await];
        store.flush().await.expect("flushes");
        place.clock.advance(DAY * 2);
        faults.stop_after(operations);
        let _cut_short = store.maintain().await;
        place.disk.crash();
        store.close().await.expect("closes");
        drop(store);
        faults.resume();

        let store = place.open().await;
        assert_stored(&store, &ids).await;
        place.add(&store).await;
        store.settle().await.expect("settles");
        let live = paths(&store).iter().filter(|path| path.starts_with("cold-1/")).count();
        let store = place.restart(store).await;
        assert_eq!(files(cold.path()).len(), live, "after {operations} operations: what was left half way is gone");
        assert_eq!(assert_sound(&store).await, 3);
    }
}

#[tokio::test]
async fn a_place_that_is_gone_is_refused_by_name_and_not_made_anew() {
    let cold = tempfile::tempdir().expect("a directory");
    let inside = cold.path().join("disk");
    let place = with_cold(4, &inside);
    let store = place.open().await;
    let id = add_and_wait(&place, &store).await;
    store.settle().await.expect("settles");
    store.close().await.expect("closes");
    drop(store);

    std::fs::rename(&inside, cold.path().join("away")).expect("unmounted");
    let error = place.try_open().await.expect_err("its disk is away");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(error.message.contains("is its disk mounted?") && error.message.contains("/disk"), "{}", error.message);
    std::fs::create_dir(&inside).expect("an empty mount point");
    place.try_open().await.expect_err("its disk is still away");
    std::fs::remove_dir_all(&inside).expect("removed");
    std::fs::rename(cold.path().join("away"), &inside).expect("mounted");
    assert_stored(&place.open().await, &[id]).await;

    place.disk.crash();
    place.disk.remove("/data/places".as_ref()).expect("removed");
    let mut place = place;
    place.settings.cold = None;
    let error = place.try_open().await.expect_err("nobody knows where it is");
    assert!(error.message.contains("cold-1") && error.message.contains("/data/places"), "{}", error.message);
}
