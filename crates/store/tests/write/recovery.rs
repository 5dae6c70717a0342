//! Coming back: torn tails, damage in the middle, crashes at any moment.

use whodunit_stdx::ErrorKind;
use whodunit_store::wal::frame::parse;
use whodunit_store::{CheckStatus, Disk, Store};

use super::place::{Place, assert_sound, assert_stored, lines, stored, synced};

fn wal_check(store: &Store) -> whodunit_store::Check {
    store.health().into_iter().find(|check| check.name == "store.wal").expect("the check is there")
}

/// A place with three entries, each in a frame of its own, and where the frames start.
async fn three_frames() -> (Place, Vec<whodunit_stdx::EntryId>, Vec<usize>) {
    let place = Place::new(1);
    let store = place.open().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(place.add(&store).await);
    }
    store.close().await.expect("closes");
    let bytes = place.read(&place.only_file());
    let mut starts = vec![0];
    while let Some(last) = starts.last().filter(|last| **last < bytes.len()) {
        starts.push(last + parse(&bytes[*last..]).expect("a frame").length);
    }
    assert_eq!(starts.len(), 4);
    (place, ids, starts)
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_is_cut_and_everything_before_is_kept() {
    let (place, ids, starts) = three_frames().await;
    let file = place.only_file();
    let bytes = place.read(&file);
    for length in starts[2]..bytes.len() {
        let place = place.with_file(&file, &bytes[..length]);
        let mut store = place.open().await;
        assert_stored(&store, &ids[..2]).await;
        assert_eq!(wal_check(&store).status, CheckStatus::Healthy, "cut at {length}");
        if length % 16 == 0 {
            let next = place.add(&store).await;
            store = place.restart(store).await;
            assert_stored(&store, &[ids[0], ids[1], next]).await;
            assert_sound(&store).await;
        }
        store.close().await.expect("closes");
    }
}

#[tokio::test]
async fn a_flipped_bit_in_the_middle_is_named_kept_aside_and_the_rest_replayed() {
    let (place, ids, starts) = three_frames().await;
    let file = place.only_file();
    let bytes = place.read(&file);
    for at in (starts[1]..starts[2]).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        let place = place.with_file(&file, &damaged);
        let store = place.open().await;
        let found = stored(&store).await;
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [ids[0], ids[2]], "bit at {at}");
        assert_eq!(found[&ids[2]][0].leaf_index, 2);
        let check = wal_check(&store);
        assert_eq!(check.status, CheckStatus::Degraded);
        assert!(check.message.contains("00000000000000000001.wal"), "{}", check.message);
        assert!(check.message.contains(&format!("offset {}", starts[1])), "{}", check.message);
        let kept = place.disk.list(std::path::Path::new("/data/quarantine")).expect("lists");
        let kept = place.read(&std::path::Path::new("/data/quarantine").join(&kept[0]));
        assert_eq!(kept, damaged[starts[1]..starts[2]]);
        let report = store.verify().await.expect("verifies");
        assert!(report.findings.iter().any(|finding| finding.place.contains("00000000000000000001.wal")));
        assert!(report.findings.iter().any(|finding| finding.what.contains("leaves 1 to 1")));
        let again = place.restart(store).await;
        assert_eq!(stored(&again).await, found);
        assert_eq!(wal_check(&again).status, CheckStatus::Degraded);
    }
}

#[tokio::test]
async fn a_flipped_bit_in_the_last_frame_is_kept_aside_too() {
    let (place, ids, starts) = three_frames().await;
    let file = place.only_file();
    let mut damaged = place.read(&file);
    let last = damaged.len() - 10;
    damaged[last] ^= 1;
    let place = place.with_file(&file, &damaged);
    let store = place.open().await;
    assert_stored(&store, &ids[..2]).await;
    assert_eq!(wal_check(&store).status, CheckStatus::Degraded);
    assert_eq!(place.read(&file).len(), starts[2]);
    let kept = place.disk.list(std::path::Path::new("/data/quarantine")).expect("lists");
    assert_eq!(kept.len(), 1);
    let next = place.add(&store).await;
    assert_stored(&store, &[ids[0], ids[1], next]).await;
}

#[tokio::test]
async fn a_frame_that_was_taken_out_shows_in_the_chain() {
    let (place, ids, starts) = three_frames().await;
    let file = place.only_file();
    let bytes = place.read(&file);
    let without = [&bytes[..starts[1]], &bytes[starts[2]..]].concat();
    let place = place.with_file(&file, &without);
    let store = place.open().await;
    assert_eq!(stored(&store).await.keys().copied().collect::<Vec<_>>(), [ids[0], ids[2]]);
    let check = wal_check(&store);
    assert!(check.message.contains("rows 2 to 2 are missing"), "{}", check.message);
}

#[tokio::test]
async fn a_newer_directory_and_a_strange_one_are_refused_in_words() {
    let place = Place::new(3);
    for (content, words) in [("2\n", "newer whodunit"), ("?", "does not hold a format version")] {
        place.disk.write_whole(std::path::Path::new("/data/format"), content.as_bytes()).expect("writes");
        let error = place.try_open().await.expect_err(words);
        assert_eq!(error.kind, ErrorKind::Unsupported);
        assert!(error.message.contains(words), "{}", error.message);
    }
}

#[tokio::test]
async fn files_rotate_and_go_when_their_rows_are_in_segments() {
    let mut place = Place::new(4);
    place.settings.wal_file_bytes = 1;
    let store = place.open().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(place.add(&store).await);
    }
    assert_eq!(place.disk.list(&place.audit_wal()).expect("lists").len(), 3);
    let mut store = place.restart(store).await;
    assert_stored(&store, &ids).await;
    store.flush().await.expect("flushed");
    assert!(place.disk.list(&place.audit_wal()).expect("lists").is_empty());
    ids.push(place.add(&store).await);
    store = place.restart(store).await;
    assert_stored(&store, &ids).await;
    assert_sound(&store).await;
}

#[tokio::test]
async fn after_a_crash_at_any_moment_every_acknowledged_row_is_there_once() {
    for seed in 0..40 {
        let place = Place::new(seed);
        let mut store = place.open().await;
        let mut ids = Vec::new();
        let mut logs = 0;
        for round in 0..4 {
            for _ in 0..=(seed + round) % 3 {
                ids.push(place.add(&store).await);
            }
            store.append(synced(lines(logs, 3))).await.expect("appended");
            logs += 3;
            if (seed + round) % 2 == 0 {
                store.flush().await.expect("flushed");
            }
            place.disk.crash();
            drop(store);
            store = place.open().await;
            assert_stored(&store, &ids).await;
            let lines: usize =
                super::place::all(&store, whodunit_model::Table::Logs).await.iter().map(|rows| rows.num_rows()).sum();
            assert_eq!(lines as i64, logs, "seed {seed}, round {round}");
        }
        assert_sound(&store).await;
        store.close().await.expect("closes");
    }
}

#[tokio::test]
async fn verification_names_the_leaf_of_an_entry_whose_row_was_changed() {
    use whodunit_store::wal::frame::{Origin, encode};
    let (place, _, starts) = three_frames().await;
    let file = place.only_file();
    let bytes = place.read(&file);
    let last = parse(&bytes[starts[2]..]).expect("a frame");
    let mut sections = last.sections().expect("decodes");
    let rows = &sections[0].rows;
    let action = rows.schema_ref().index_of("action").expect("there is an action");
    let mut columns = rows.columns().to_vec();
    columns[action] = crate::rows::texts([Some("READ")]);
    sections[0].rows = arrow::array::RecordBatch::try_new(rows.schema(), columns).expect("the same types");
    let head = &last.head;
    let origin = Origin {
        lane: head.lane,
        first_seq: head.first_seq,
        writer: head.writer,
        written_at: head.written_at,
        previous: head.previous,
    };
    let mut forged = bytes[..starts[2]].to_vec();
    encode(&origin, &sections, &mut forged).expect("small");
    let place = place.with_file(&file, &forged);
    let store = place.open().await;
    for flushed in [false, true] {
        if flushed {
            store.flush().await.expect("flushed");
        }
        let report = store.verify().await.expect("verifies");
        assert_eq!((report.entries, report.findings.len()), (3, 1), "{:?}", report.findings);
        assert!(report.findings[0].what.contains("leaf 2"), "{:?}", report.findings);
    }
}
