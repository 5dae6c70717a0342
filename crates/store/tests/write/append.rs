//! Appending when nothing goes wrong: visible, numbered, once.

use std::collections::BTreeSet;
use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use whodunit_model::{Project, Table};
use whodunit_stdx::{EntryId, ErrorKind, Limit, World};
use whodunit_store::{AttributeType, Durability, Settings, Store, Submission, Upkeep};

use super::place::{Place, all, assert_sound, assert_stored, lines, stored, synced};

#[tokio::test]
async fn an_entry_is_visible_with_its_receipt_when_the_answer_is_there() {
    let place = Place::new(1);
    let store = place.open().await;
    let mut followed = store.subscribe();
    let before = store.snapshot();
    let id = place.id();
    let receipt = place.append(&store, &[(id, "complete")]).await.expect("appended").receipts.remove(0);
    assert_eq!((receipt.leaf_index, receipt.writer.as_str(), receipt.writer.len()), (0, store.writer(), 16));
    assert!(store.snapshot().version() > before.version() && before.buffered(Table::AuditLogs).is_empty());
    assert_stored(&store, &[id]).await;
    assert_eq!(stored(&store).await[&id][0].leaf_hash, receipt.leaf_hash);
    assert_eq!(followed.try_recv().expect("told").row_count(), 1);
    assert_eq!(store.find_entry(&Project::default_project(), id).await.expect("found").len(), 1);
    assert_eq!(assert_sound(&store).await, 1);
}

#[tokio::test]
async fn leaves_go_on_without_a_gap_over_flush_and_restart() {
    let place = Place::new(2);
    let mut store = place.open().await;
    let mut ids = Vec::new();
    for round in 0..6 {
        ids.push(place.add(&store).await);
        match round % 3 {
            0 => store = place.restart(store).await,
            1 => store.flush().await.expect("flushed"),
            _ => {}
        }
        assert_stored(&store, &ids).await;
    }
    assert_eq!(assert_sound(&store).await, 6);
}

#[tokio::test]
async fn a_repeated_entry_gets_its_first_receipt_wherever_it_is_by_now() {
    let place = Place::new(3);
    let mut store = place.open().await;
    let ids = [place.id(), place.id()];
    let rows = [(ids[0], "complete"), (ids[1], "complete"), (ids[0], "complete")];
    let first = place.append(&store, &rows).await.expect("appended");
    assert_eq!(first.rows, 2);
    assert!(first.receipts[2].repeated && first.receipts[2].leaf_index == 0);
    for place_of_rows in ["buffer", "wal", "segment", "segment, forgotten by the lane", "segment after a restart"] {
        match place_of_rows {
            "wal" | "segment after a restart" => store = place.restart(store).await,
            "segment" => store.flush().await.expect("flushed"),
            "segment, forgotten by the lane" => {
                place.append(&store, &[(place.id(), "complete")]).await.expect("appended");
                store.flush().await.expect("flushed");
            }
            _ => {}
        }
        place.clock.advance(Duration::from_secs(1));
        let again = place.append(&store, &rows[..2]).await.expect("appended");
        assert_eq!(again.rows, 0, "{place_of_rows}");
        for (again, first) in again.receipts.iter().zip(&first.receipts) {
            assert!(again.repeated, "{place_of_rows}");
            assert_eq!((again.leaf_index, again.leaf_hash), (first.leaf_index, first.leaf_hash), "{place_of_rows}");
            assert_eq!(again.received_at, first.received_at, "{place_of_rows}");
        }
    }
    assert_eq!(stored(&store).await.len(), 3);
    assert_eq!(assert_sound(&store).await, 3);
}

#[tokio::test]
async fn the_same_id_in_another_project_is_another_entry() {
    let place = Place::new(4);
    let store = place.open().await;
    let id = place.add(&store).await;
    let rows = place.entries(&[(id, "complete")]).into_rows();
    let other = Project::parse("shop").expect("a slug");
    let batch = whodunit_model::Batch::new(Table::AuditLogs, other.clone(), rows).expect("a batch");
    let receipt = store.append(synced(batch)).await.expect("appended").receipts.remove(0);
    assert_eq!((receipt.repeated, receipt.leaf_index, receipt.project), (false, 0, other));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_callers_at_once_get_each_entry_stored_once() {
    let place = std::sync::Arc::new(Place::new(5));
    let store = place.open().await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..64_u8 {
        let (place, store) = (place.clone(), store.clone());
        callers.spawn(async move {
            let mut ids = Vec::new();
            for round in 0..10_u8 {
                let mut bytes = place.id().0;
                (bytes[14], bytes[15]) = (caller, round);
                let id = EntryId(bytes);
                place.append(&store, &[(id, "complete")]).await.expect("appended");
                if round == 5 {
                    let again = place.append(&store, &[(id, "complete")]).await.expect("appended");
                    assert!(again.receipts[0].repeated);
                }
                if caller == 0 && round % 4 == 3 {
                    store.flush().await.expect("flushed");
                }
                ids.push(id);
            }
            ids
        });
    }
    let sent: BTreeSet<EntryId> = callers.join_all().await.into_iter().flatten().collect();
    let found = stored(&store).await;
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), sent);
    let leaves: BTreeSet<i64> = found.values().map(|rows| rows[0].leaf_index).collect();
    assert_eq!(leaves, (0..640).collect());
    assert_eq!(assert_sound(&store).await, 640);
    let again = place.restart(store).await;
    assert_eq!(stored(&again).await, found);
}

#[tokio::test]
async fn attributes_are_the_union_of_buffer_and_segments() {
    let place = Place::new(6);
    let store = place.open().await;
    store.append(synced(lines(0, 10))).await.expect("appended");
    let attributes = store.snapshot().attributes(Table::Logs);
    assert_eq!(attributes.get("status"), Some(&AttributeType::Integer));
    assert!(!attributes.contains_key("body"));
    store.flush().await.expect("flushed");
    let other = crate::rows::batch(0, 1, 0, vec![("status", crate::rows::texts([Some("ok")]))]);
    let other = whodunit_model::Batch::new(Table::Logs, Project::default_project(), other).expect("a batch");
    store.append(synced(other)).await.expect("appended");
    assert_eq!(store.snapshot().attributes(Table::Logs).get("status"), Some(&AttributeType::Text));
    store.flush().await.expect("flushed");
    assert_eq!(store.snapshot().attributes(Table::Logs).get("status"), Some(&AttributeType::Text));
}

#[tokio::test]
async fn a_snapshot_does_not_move_while_rows_go_to_segments() {
    let place = Place::new(7);
    let store = place.open().await;
    store.append(synced(lines(0, 100))).await.expect("appended");
    let before = store.snapshot();
    store.flush().await.expect("flushed");
    store.append(synced(lines(100, 50))).await.expect("appended");
    let count = |batches: Vec<(Project, arrow::array::RecordBatch)>| -> usize {
        batches.iter().map(|(_, batch)| batch.num_rows()).sum()
    };
    assert_eq!((count(before.buffered(Table::Logs)), before.segments(Table::Logs).len()), (100, 0));
    let after = store.snapshot();
    assert_eq!((count(after.buffered(Table::Logs)), after.segments(Table::Logs)[0].rows), (50, 100));
}

#[tokio::test]
async fn many_small_batches_of_logs_stay_in_order_and_survive_a_restart() {
    let place = Place::new(8);
    let store = place.open().await;
    for first in 0..200 {
        let durability = if first % 2 == 0 { Durability::Buffered } else { Durability::Synced };
        store.append(Submission { batch: lines(first, 1), durability }).await.expect("appended");
    }
    let numbers = |batches: &[arrow::array::RecordBatch]| -> Vec<i64> {
        batches.iter().flat_map(|batch| batch["status"].as_primitive::<Int64Type>().values().to_vec()).collect()
    };
    let before = all(&store, Table::Logs).await;
    assert!(before.len() < 20, "{} batches", before.len());
    assert_eq!(numbers(&before), (0..200).collect::<Vec<_>>());
    let store = place.restart(store).await;
    let after = all(&store, Table::Logs).await;
    assert_eq!(numbers(&after), (0..200).collect::<Vec<_>>());
}

#[tokio::test]
async fn rows_without_id_or_with_an_unknown_state_are_invalid() {
    let place = Place::new(9);
    let store = place.open().await;
    for state in ["expired", "done"] {
        let error = place.append(&store, &[(place.id(), state)]).await.expect_err(state);
        assert_eq!(error.kind, ErrorKind::Invalid);
    }
    let mut builder = whodunit_model::AuditBuilder::new();
    builder.push(&whodunit_model::AuditEntry::default());
    let error = store.append(synced(builder.finish(&Project::default_project()))).await.expect_err("no id");
    assert_eq!(error.kind, ErrorKind::Invalid);
}

#[tokio::test]
async fn memory_that_is_full_refuses_by_name_and_recovers_by_flushing() {
    let mut place = Place::new(10);
    place.memory = Limit::new("memory", 3 << 20);
    let store = place.open().await;
    let mut accepted = 0;
    let error = loop {
        match store.append(synced(lines(accepted, 1000))).await {
            Ok(_) => accepted += 1000,
            Err(error) => break error,
        }
    };
    assert!(accepted > 0);
    assert_eq!(error.kind, ErrorKind::Exhausted);
    assert!(error.message.contains("buffer_bytes_max"), "{}", error.message);
    place.add(&store).await;
    store.flush().await.expect("flushed");
    assert_eq!(place.memory.used(), 0);
    store.append(synced(lines(accepted, 1000))).await.expect("there is room again");
}

#[tokio::test]
async fn on_a_real_disk_the_store_flushes_by_itself_and_has_one_owner() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut settings = Settings::new(directory.path().join("data"));
    settings.flush_bytes = 1;
    settings.upkeep = Upkeep::Automatic;
    let memory = || Limit::new("memory", 64 << 20);
    let store = Store::open(settings.clone(), World::system(), memory()).await.expect("opens");
    let second = Store::open(settings.clone(), World::system(), memory()).await.expect_err("it is locked");
    assert!(second.message.contains("another whodunit process"), "{}", second.message);
    store.append(synced(lines(0, 100))).await.expect("appended");
    while store.snapshot().segments(Table::Logs).is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(all(&store, Table::Logs).await.iter().map(|batch| batch.num_rows()).sum::<usize>(), 100);
    store.close().await.expect("closes");
    let error = store.append(synced(lines(0, 1))).await.expect_err("it is closed");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let store = Store::open(settings, World::system(), memory()).await.expect("opens again");
    assert_eq!(store.snapshot().segments(Table::Logs).len(), 1);
}
