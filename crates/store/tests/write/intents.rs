//! Two-step entries: intent, completion, expiry, and a completion after that.

use std::time::Duration;

use whodunit_model::Project;
use whodunit_stdx::{EntryId, ErrorKind};
use whodunit_store::Store;

use super::place::{Place, assert_sound, stored};

fn pending(store: &Store, id: EntryId) -> bool {
    store.snapshot().pending_intents().contains(&(Project::default_project(), id))
}

fn late(store: &Store, id: EntryId) -> bool {
    store.snapshot().late_completions().contains(&(Project::default_project(), id))
}

#[tokio::test]
async fn an_intent_is_pending_until_it_is_completed_over_restart_and_flush() {
    for step in ["nothing", "restart", "flush", "flush and restart"] {
        let place = Place::new(1);
        let mut store = place.open().await;
        let id = place.id();
        place.append(&store, &[(id, "intent")]).await.expect("appended");
        assert!(pending(&store, id));
        if step.contains("flush") {
            store.flush().await.expect("flushed");
        }
        if step.contains("restart") {
            store = place.restart(store).await;
        }
        assert!(pending(&store, id), "{step}");
        let receipt = place.append(&store, &[(id, "complete")]).await.expect("appended").receipts.remove(0);
        assert_eq!((receipt.repeated, receipt.leaf_index), (false, 1), "{step}");
        assert!(!pending(&store, id) && !late(&store, id), "{step}");
        let store = place.restart(store).await;
        assert!(!pending(&store, id), "{step}");
        let again = place.append(&store, &[(id, "intent"), (id, "complete")]).await.expect("appended");
        assert_eq!(again.rows, 0, "{step}");
        assert!(!pending(&store, id), "{step}");
        assert_eq!(store.find_entry(&Project::default_project(), id).await.expect("found").len(), 2, "{step}");
        assert_sound(&store).await;
    }
}

#[tokio::test]
async fn an_intent_that_is_never_completed_expires_with_a_leaf_of_its_own() {
    for flushed in [false, true] {
        let place = Place::new(2);
        let store = place.open().await;
        let id = place.id();
        place.append(&store, &[(id, "intent")]).await.expect("appended");
        if flushed {
            store.flush().await.expect("flushed");
        }
        assert_eq!(store.maintain().await.expect("maintained").expired_intents, 0);
        place.clock.advance(place.settings.intent_timeout);
        assert_eq!(store.maintain().await.expect("maintained").expired_intents, 1);
        assert!(!pending(&store, id));
        let rows = stored(&store).await.remove(&id).expect("stored");
        let states: Vec<_> = rows.iter().map(|row| (row.state.as_str(), row.leaf_index)).collect();
        assert_eq!(states, [("intent", 0), ("expired", 1)]);
        let rows = store.find_entry(&Project::default_project(), id).await.expect("found");
        let outcome = |row: &arrow::array::RecordBatch| {
            use arrow::array::AsArray;
            row.column_by_name("outcome").map(|text| text.as_string_view().value(0).to_owned())
        };
        assert!(rows.iter().any(|row| outcome(row).as_deref() == Some("unknown")));
        assert_eq!(store.maintain().await.expect("maintained").expired_intents, 0);
        let store = place.restart(store).await;
        assert!(!pending(&store, id));
        assert_eq!(assert_sound(&store).await, 2);
    }
}

#[tokio::test]
async fn a_completion_after_expiry_is_known_as_late_from_then_on() {
    for step in ["nothing", "restart", "flush", "flush twice"] {
        let place = Place::new(3);
        let mut store = place.open().await;
        let id = place.id();
        place.append(&store, &[(id, "intent")]).await.expect("appended");
        place.clock.advance(place.settings.intent_timeout);
        store.maintain().await.expect("maintained");
        match step {
            "restart" => store = place.restart(store).await,
            "flush" => store.flush().await.expect("flushed"),
            "flush twice" => {
                store.flush().await.expect("flushed");
                place.add(&store).await;
                store.flush().await.expect("flushed");
            }
            _ => {}
        }
        place.append(&store, &[(id, "complete")]).await.expect("appended");
        assert!(late(&store, id), "{step}");
        store = place.restart(store).await;
        assert!(late(&store, id), "{step}");
        store.flush().await.expect("flushed");
        store = place.restart(store).await;
        assert!(late(&store, id), "{step}");
        assert_sound(&store).await;
    }
}

#[tokio::test]
async fn a_completion_that_overtakes_its_intent_leaves_nothing_pending() {
    let place = Place::new(4);
    let store = place.open().await;
    let id = place.id();
    place.append(&store, &[(id, "complete")]).await.expect("appended");
    store.flush().await.expect("flushed");
    let store = place.restart(store).await;
    place.append(&store, &[(id, "intent")]).await.expect("appended");
    assert!(!pending(&store, id));
    let store = place.restart(store).await;
    assert!(!pending(&store, id));
}

#[tokio::test]
async fn too_many_open_intents_are_refused_by_name_until_some_close() {
    let mut place = Place::new(5);
    place.settings.open_intents_max = 2;
    let store = place.open().await;
    let ids = [place.id(), place.id(), place.id()];
    place.append(&store, &[(ids[0], "intent"), (ids[1], "intent")]).await.expect("appended");
    let error = place.append(&store, &[(ids[2], "intent")]).await.expect_err("two are open");
    assert_eq!(error.kind, ErrorKind::Exhausted);
    assert!(error.message.contains("open_intents_max"), "{}", error.message);
    place.append(&store, &[(ids[0], "complete")]).await.expect("appended");
    let receipt = place.append(&store, &[(ids[2], "intent")]).await.expect("appended").receipts.remove(0);
    assert_eq!(receipt.leaf_index, 3);
    place.clock.advance(Duration::from_secs(1));
    assert_sound(&store).await;
}

#[tokio::test]
async fn too_many_late_completions_are_refused_by_name_and_repeated_ones_are_not() {
    let mut place = Place::new(6);
    place.settings.late_completions_max = 1;
    let mut store = place.open().await;
    let ids = [place.id(), place.id()];
    place.append(&store, &[(ids[0], "intent"), (ids[1], "intent")]).await.expect("appended");
    place.clock.advance(place.settings.intent_timeout);
    store.maintain().await.expect("maintained");
    place.append(&store, &[(ids[0], "complete")]).await.expect("the first one is remembered");
    for flushed in [false, true] {
        if flushed {
            store.flush().await.expect("flushed");
            store = place.restart(store).await;
        }
        let error = place.append(&store, &[(ids[1], "complete")]).await.expect_err("one is remembered");
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.contains("late_completions_max"), "{}", error.message);
        place.append(&store, &[(ids[0], "complete")]).await.expect("it has its receipt already");
    }
    assert_sound(&store).await;
}
