//! Backups: what was acknowledged before is inside and comes back once, whatever interrupts the copying.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;
use whodunit_model::Table;
use whodunit_stdx::{EntryId, ErrorKind, Limit, World};
use whodunit_store::backup::{ControlPart, Found, find, list};
use whodunit_store::object::{FaultRates, Faults};
use whodunit_store::store::BackedUp;
use whodunit_store::{BackupOrder, Beside, Error, Objects, Progress, Restored, Settings, Store, Upkeep, VerifyReport};

use crate::gate::gated;
use crate::write::place::{Place, all, assert_sound, assert_stored, lines, synced};

fn order(to: &Objects) -> BackupOrder {
    let control = Some(Bytes::from_static(b"users and keys"));
    BackupOrder { to: to.clone(), control, beside: None, keep: None, progress: Arc::new(Progress::default()) }
}

async fn back_up(store: &Store, to: &Objects) -> BackedUp {
    store.back_up(order(to)).await.expect("the backup is made")
}

fn settings(data: &Path) -> Settings {
    Settings { upkeep: Upkeep::Manual, ..Settings::new(data) }
}

async fn restored(found: &Found, data: &Path) -> Result<Restored, Error> {
    Store::restore(found, &settings(data), &Progress::default()).await
}

async fn reopen(data: &Path) -> Result<Store, Error> {
    Store::open(settings(data), World::system(), Limit::new("memory", 256 << 20)).await
}

/// Restores the newest backup and looks at all of it.
async fn assert_restores(from: &Objects, ids: &[EntryId]) {
    let data = TempDir::new().expect("a directory");
    let found = find(from, None).await.expect("a backup");
    let done = restored(&found, data.path()).await.expect("restores");
    assert!(done.findings.is_empty(), "{:?}", done.findings);
    let store = reopen(data.path()).await.expect("opens");
    assert_stored(&store, ids).await;
    assert_eq!(assert_sound(&store).await, ids.len() as u64);
    store.close().await.expect("closes");
}

async fn verified(found: &Found) -> VerifyReport {
    let scratch = TempDir::new().expect("a directory");
    let memory = Limit::new("memory", 256 << 20);
    let data = scratch.path().join("data");
    Store::verify_backup(found, settings(&data), World::system(), memory).await.expect("verification runs")
}

async fn rows_of(store: &Store, table: Table) -> usize {
    all(store, table).await.iter().map(|batch| batch.num_rows()).sum()
}

/// A store with some entries and log lines, partly flushed.
async fn filled(place: &Place) -> (Store, Vec<EntryId>) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(place.add(&store).await);
        store.append(synced(lines(number * 10, 10))).await.expect("appends");
        if number % 2 == 0 {
            store.flush().await.expect("flushes");
        }
    }
    (store, ids)
}

/// Replaces all segments by larger ones, as happens to a partition that has been quiet for an hour.
async fn compact(place: &Place, store: &Store) {
    let before = store.snapshot().segments(Table::Logs);
    place.clock.advance(Duration::from_secs(2 * 60 * 60));
    store.settle().await.expect("settles");
    let after = store.snapshot().segments(Table::Logs);
    assert!(after.len() < before.len() && !after.iter().any(|segment| before.contains(segment)));
}

#[tokio::test]
async fn everything_comes_back_and_the_ledger_goes_on() {
    let place = Place::new(1);
    let (store, mut ids) = filled(&place).await;
    let to = Objects::memory();
    let done = back_up(&store, &to).await;
    assert!(done.description.missing.is_empty() && done.description.segments.files > 0);
    let data = TempDir::new().expect("a directory");
    let found = find(&to, None).await.expect("a backup");
    assert!(verified(&found).await.findings.is_empty());
    restored(&found, data.path()).await.expect("restores");
    assert_eq!(std::fs::read(data.path().join("control.sqlite")).expect("is there"), b"users and keys");
    let again = reopen(data.path()).await.expect("opens");
    assert_eq!(again.writer(), store.writer());
    assert_eq!(rows_of(&again, Table::Logs).await, 60);
    ids.push(place.add(&again).await);
    assert_stored(&again, &ids).await;
    assert_sound(&again).await;
    again.close().await.expect("closes");
}

#[tokio::test]
async fn what_lies_beside_the_store_comes_back_is_shared_and_is_checked() {
    let place = Place::new(21);
    let (store, ids) = filled(&place).await;
    let (to, uploads) = (Objects::memory(), Objects::memory());
    let large = Bytes::from(vec![7; 9 << 20]);
    for (path, bytes) in [
        ("artifacts/shop/a.zip", large.clone()),
        ("artifacts/shop/a.json", Bytes::from_static(b"{}")),
        ("artifacts/shop/b", Bytes::new()),
    ] {
        uploads.put(path, bytes).await.expect("puts");
    }
    let paths = ["artifacts/shop/a.zip", "artifacts/shop/a.json", "artifacts/shop/b", "artifacts/shop/gone"];
    let beside = Beside { objects: uploads.clone(), paths: paths.map(str::to_owned).to_vec() };
    let with = |beside: &Beside, keep| BackupOrder { beside: Some(beside.clone()), keep, ..order(&to) };
    let first = store.back_up(with(&beside, None)).await.expect("the backup is made").description;
    let named: Vec<&str> = first.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(named, paths[..3], "what is gone is not named");
    let second = store.back_up(with(&beside, None)).await.expect("the backup is made").description;
    assert_eq!(second.files, first.files);
    assert_eq!(to.list("files").await.expect("lists").len(), 3, "both have the same ones");

    let data = TempDir::new().expect("a directory");
    let found = find(&to, None).await.expect("a backup");
    assert!(verified(&found).await.findings.is_empty());
    let done = restored(&found, data.path()).await.expect("restores");
    assert_eq!((done.files, done.findings.len()), (3, 0), "{:?}", done.findings);
    for (path, bytes) in [("a.zip", &large[..]), ("a.json", b"{}"), ("b", b"")] {
        let read = std::fs::read(data.path().join("artifacts/shop").join(path)).expect("is there");
        assert!(read == bytes, "{path}");
    }

    // A flipped byte is named by checking and by restoring, and so is a file that is lost.
    let shared = found.shared_file(&first.files[0]);
    let mut flipped = large.to_vec();
    flipped[5 << 20] ^= 1;
    to.put(&shared, flipped.into()).await.expect("puts");
    to.delete(&found.shared_file(&first.files[1])).await.expect("deletes");
    let into = TempDir::new().expect("a directory");
    let restored = restored(&found, into.path()).await.expect("restores the rest");
    for findings in [verified(&found).await.findings, restored.findings] {
        let told: Vec<String> = findings.iter().map(|one| format!("{}: {}", one.place, one.what)).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with(&shared) && told[0].contains("SHA-256"), "{told:?}");
        assert!(told[1].starts_with("artifacts/shop/a.json: the backup has lost"), "{told:?}");
    }

    // The last backup without them takes them away.
    let without = Beside { paths: Vec::new(), ..beside };
    store.back_up(with(&without, Some(1))).await.expect("the backup is made");
    assert!(to.list("files").await.expect("lists").is_empty());
    assert_restores(&to, &ids).await;
    store.close().await.expect("closes");
}

#[tokio::test]
async fn rows_that_cannot_be_flushed_are_in_the_log_of_the_backup() {
    let mut place = Place::new(2);
    let faults = Faults::new(2, FaultRates::default());
    place.objects = place.objects.clone().with_faults(&faults);
    let (store, mut ids) = filled(&place).await;
    ids.push(place.add(&store).await);
    faults.set(FaultRates { write: 1000, ..FaultRates::default() });
    let to = Objects::memory();
    let done = back_up(&store, &to).await;
    assert!(done.description.wal.iter().any(|one| one.part.bytes > 0), "{:?}", done.description.wal);
    assert_restores(&to, &ids).await;
}

#[tokio::test]
async fn later_backups_copy_only_what_is_new_and_earlier_ones_stay_whole() {
    let place = Place::new(3);
    let (store, ids) = filled(&place).await;
    let to = Objects::memory();
    let first = back_up(&store, &to).await.description;
    let again = back_up(&store, &to).await.description;
    assert_eq!((again.segments.copied_files, again.segments.files), (0, first.segments.files));
    assert_ne!(first.name, again.name, "both began within one second");
    let mut more = ids.clone();
    more.push(place.add(&store).await);
    let third = back_up(&store, &to).await.description;
    assert_eq!(third.segments.copied_files, 1);
    compact(&place, &store).await;
    more.push(place.add(&store).await);
    back_up(&store, &to).await;
    assert_restores(&to, &more).await;
    let data = TempDir::new().expect("a directory");
    restored(&find(&to, Some(&first.name)).await.expect("is listed"), data.path()).await.expect("restores");
    let old = reopen(data.path()).await.expect("opens");
    assert_stored(&old, &ids).await;
    old.close().await.expect("closes");
}

/// Compaction replaces the segments and the sweep would delete their files, just when the first one is to be copied.
#[tokio::test]
async fn files_that_are_replaced_meanwhile_stay_until_they_are_copied() {
    let place = Place::new(14);
    let (store, ids) = filled(&place).await;
    let (objects, gate) = gated();
    let to = Objects::over(objects);
    let compacted = async {
        gate.arrived().await;
        compact(&place, &store).await;
        gate.open();
    };
    let (done, ()) = futures::join!(store.back_up(order(&to)), compacted);
    assert_eq!(done.expect("the backup is made").description.missing, []);
    assert_restores(&to, &ids).await;
    store.settle().await.expect("settles");
    let live = store.snapshot().manifest().segments.len();
    let files = place.objects.list("segments").await.expect("lists").len();
    assert_eq!(files, live, "what was kept for the backup goes afterwards");
}

#[tokio::test]
async fn an_interruption_at_any_operation_leaves_no_half_backup_and_the_next_one_goes_on() {
    let place = Place::new(4);
    let (store, ids) = filled(&place).await;
    for operations in 0.. {
        let to = Objects::memory();
        let faults = Faults::new(1, FaultRates::default());
        faults.stop_after(operations);
        let outcome = store.back_up(order(&to.clone().with_faults(&faults))).await;
        let named = match list(&to).await {
            Ok(named) => named,
            // Not even the mark is there.
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::NotFound);
                Vec::new()
            }
        };
        assert!(outcome.is_err() || named.len() == 1);
        for description in &named {
            let found = find(&to, Some(&description.name)).await.expect("is listed");
            assert!(verified(&found).await.findings.is_empty(), "after {operations} operations");
        }
        let done = back_up(&store, &to).await.description;
        let parts = to.list("parts").await.expect("lists");
        let mut names: Vec<&str> = parts.iter().filter_map(|part| part.path.split('/').nth(1)).collect();
        names.dedup();
        assert_eq!(names.len(), named.len() + 1, "what was left over is gone: {names:?}");
        assert!(names.contains(&done.name.as_str()));
        if outcome.is_ok() {
            assert_restores(&to, &ids).await;
            return;
        }
    }
}

#[tokio::test]
async fn a_stopped_backup_goes_on_with_what_it_had() {
    let place = Place::new(5);
    let (store, ids) = filled(&place).await;
    let to = Objects::memory();
    let stopped = order(&to);
    stopped.progress.stop();
    let error = store.back_up(stopped).await.expect_err("is stopped");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(list(&to).await.expect("lists").is_empty());
    back_up(&store, &to).await;
    assert_restores(&to, &ids).await;
}

#[tokio::test]
async fn pruning_keeps_the_newest_whole_and_removes_what_only_the_others_had() {
    let place = Place::new(6);
    let (store, mut ids) = filled(&place).await;
    let to = Objects::memory();
    back_up(&store, &to).await;
    let before = to.list("segments").await.expect("lists").len();
    compact(&place, &store).await;
    ids.push(place.add(&store).await);
    let done = store.back_up(BackupOrder { keep: Some(1), ..order(&to) }).await.expect("the backup is made");
    assert_eq!(done.pruned.len(), 1);
    let left = to.list("segments").await.expect("lists").len() as u64;
    assert!(left == done.description.segments.files && left < before as u64, "{left} of {before}");
    assert_eq!(list(&to).await.expect("lists").len(), 1);
    assert_restores(&to, &ids).await;
}

#[tokio::test]
async fn a_flipped_byte_is_found_named_and_does_not_keep_the_rest_from_coming_back() {
    let place = Place::new(7);
    let (store, ids) = filled(&place).await;
    let to = Objects::memory();
    back_up(&store, &to).await;
    for prefix in ["segments", "parts"] {
        for entry in to.list(prefix).await.expect("lists") {
            let whole = to.get(&entry.path).await.expect("reads");
            let mut damaged = whole.to_vec();
            let middle = damaged.len() / 2;
            damaged[middle] ^= 0x10;
            to.put(&entry.path, Bytes::from(damaged)).await.expect("writes");
            match find(&to, None).await {
                Ok(found) => {
                    let report = verified(&found).await;
                    assert!(report.findings.iter().any(|one| one.place == entry.path), "{} {report:?}", entry.path);
                    let data = TempDir::new().expect("a directory");
                    let done = restored(&found, data.path()).await.expect("restores what there is");
                    assert_eq!(done.findings.len(), 1, "{:?}", done.findings);
                    assert_eq!(done.findings[0].place, entry.path);
                }
                Err(error) => {
                    assert!(entry.path.ends_with("manifest.json.zst"), "{error}");
                    assert!(error.message.contains(&entry.path), "{error}");
                }
            }
            to.put(&entry.path, whole).await.expect("writes");
        }
    }
    assert_restores(&to, &ids).await;
}

#[tokio::test]
async fn a_segment_that_was_damaged_before_is_named_unless_an_earlier_backup_has_it() {
    let place = Place::new(8);
    let (store, ids) = filled(&place).await;
    let earlier = Objects::memory();
    back_up(&store, &earlier).await;
    let segment = store.snapshot().segments(Table::AuditLogs)[0].clone();
    place.objects.put(&segment.path, Bytes::from(vec![0; 100])).await.expect("writes");
    let fresh = Objects::memory();
    let done = back_up(&store, &fresh).await.description;
    assert_eq!(done.missing.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), [segment.path.as_str()]);
    let data = TempDir::new().expect("a directory");
    let told = restored(&find(&fresh, None).await.expect("a backup"), data.path()).await.expect("restores the rest");
    assert!(told.findings[0].what.contains("100 bytes instead of"), "{:?}", told.findings);
    assert!(back_up(&store, &earlier).await.description.missing.is_empty());
    assert_restores(&earlier, &ids).await;
}

#[tokio::test]
async fn places_and_directories_of_others_are_left_alone() {
    let place = Place::new(9);
    let (store, _) = filled(&place).await;
    let to = Objects::memory();
    back_up(&store, &to).await;
    let stranger = Place::new(10);
    let other = stranger.open().await;
    let error = other.back_up(order(&to)).await.expect_err("is another writer's");
    assert!(error.kind == ErrorKind::Conflict && error.message.contains(store.writer()), "{error}");
    let found = find(&to, None).await.expect("a backup");
    let data = TempDir::new().expect("a directory");
    std::fs::create_dir(data.path().join("photos")).expect("made");
    let error = restored(&found, data.path()).await.expect_err("is not empty");
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("photos"), "{error}");
    let error = find(&to, Some("yesterday")).await.expect_err("no such backup");
    assert!(error.message.contains("yesterday") && error.message.contains(&found.description.name), "{error}");
}

#[tokio::test]
async fn a_restore_that_did_not_finish_is_not_opened() {
    let place = Place::new(11);
    let (store, _) = filled(&place).await;
    let to = Objects::memory();
    back_up(&store, &to).await;
    let data = TempDir::new().expect("a directory");
    let progress = Progress::default();
    progress.stop();
    let found = find(&to, None).await.expect("a backup");
    Store::restore(&found, &settings(data.path()), &progress).await.expect_err("is stopped");
    let error = reopen(data.path()).await.expect_err("is half restored");
    assert!(error.kind == ErrorKind::Unsupported && error.message.contains("did not finish"), "{error}");
}

#[tokio::test]
async fn what_a_newer_program_made_is_refused_with_both_versions() {
    let place = Place::new(12);
    let (store, _) = filled(&place).await;
    let to = Objects::memory();
    back_up(&store, &to).await;
    let mut found = find(&to, None).await.expect("a backup");
    found.description.data_format = 9;
    let data = TempDir::new().expect("a directory");
    let error = restored(&found, data.path()).await.expect_err("is newer");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("format 9") && error.message.contains("up to 1"), "{error}");
}

#[tokio::test]
async fn a_control_database_elsewhere_is_said_not_to_be_inside() {
    let place = Place::new(13);
    let (store, _) = filled(&place).await;
    let to = Objects::memory();
    let done = store.back_up(BackupOrder { control: None, ..order(&to) }).await.expect("the backup is made");
    assert!(matches!(&done.description.control, ControlPart::Postgres { note } if note.contains("pg_dump")));
}
