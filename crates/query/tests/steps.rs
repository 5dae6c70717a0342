//! Entries in two steps: shown once, as what they have become.

use std::time::Duration;

use whodunit_model::entry::AuditEntry;
use whodunit_model::{Project, Table};
use whodunit_query::list::ListRequest;
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, Stage, World1, audit_of, empty, entry, everything, shop};

const TIMEOUT: Duration = Duration::from_secs(60);

fn step(n: i64, state: &str, outcome: Option<&str>) -> AuditEntry {
    let received_at = Timestamp(START + 3 * 86_400 * SECOND);
    AuditEntry { received_at, state: Some(state.to_owned()), outcome: outcome.map(str::to_owned), ..entry(n) }
}

async fn append(world: &World1, steps: &[AuditEntry]) {
    world.append(vec![audit_of(steps, &Project::default_project())]).await;
}

async fn place(world: &World1, stage: Stage) {
    match stage {
        Stage::Buffered => {}
        Stage::Flushed | Stage::Half => world.store.flush().await.expect("flushes"),
        Stage::Compacted => world.store.settle().await.expect("settles"),
    }
}

/// What is shown of the entries 1 to 4: target, state, outcome.
async fn shown(world: &World1) -> Vec<String> {
    world.lines("SELECT target_id, state, outcome FROM audit_logs ORDER BY target_id").await.expect("runs")
}

#[tokio::test]
async fn an_entry_is_shown_once_as_what_it_has_become() {
    for stage in [Stage::Buffered, Stage::Flushed, Stage::Compacted] {
        let world = empty(|settings| settings.intent_timeout = TIMEOUT).await;
        append(
            &world,
            &[
                step(1, "intent", None),
                step(2, "intent", None),
                step(3, "intent", None),
                step(4, "complete", Some("success")),
            ],
        )
        .await;
        place(&world, stage).await;
        let before = ["1001\tintent\tNULL", "1002\tintent\tNULL", "1003\tintent\tNULL", "1004\tcomplete\tsuccess"];
        assert_eq!(shown(&world).await, before, "{stage:?}");

        append(&world, &[step(1, "complete", Some("failure"))]).await;
        place(&world, stage).await;
        let completed =
            ["1001\tcomplete\tfailure", "1002\tintent\tNULL", "1003\tintent\tNULL", "1004\tcomplete\tsuccess"];
        assert_eq!(shown(&world).await, completed, "{stage:?}");

        world.clock.advance(TIMEOUT * 2);
        world.store.maintain().await.expect("maintains");
        place(&world, stage).await;
        let expired =
            ["1001\tcomplete\tfailure", "1002\texpired\tunknown", "1003\texpired\tunknown", "1004\tcomplete\tsuccess"];
        assert_eq!(shown(&world).await, expired, "{stage:?}");

        append(&world, &[step(2, "complete", Some("success"))]).await;
        place(&world, stage).await;
        let late =
            ["1001\tcomplete\tfailure", "1002\tcomplete\tsuccess", "1003\texpired\tunknown", "1004\tcomplete\tsuccess"];
        assert_eq!(shown(&world).await, late, "{stage:?}");

        for (query, expected) in [
            ("SELECT count(*) FROM audit_logs", "4"),
            ("SELECT count(*) FROM audit_logs WHERE target_type = 'order'", "4"),
            ("SELECT severity, count(*) FROM audit_logs GROUP BY severity ORDER BY 1 LIMIT 1", "INFO\t3"),
            ("SELECT count(*) FROM timeline", "4"),
            ("SELECT count(*) FROM audit_logs WHERE outcome = 'unknown'", "1"),
        ] {
            assert_eq!(world.lines(query).await.expect(query), [expected], "{stage:?}: {query}");
        }
        let request = ListRequest::parse(Table::AuditLogs, &[("histogram".into(), "true".into())], Timestamp(0));
        let answer = world.engine.list(request.expect("fine"), &everything()).await.expect("answers");
        assert_eq!((answer.rows.len(), answer.histogram.expect("asked for").total), (4, 4), "{stage:?}");
    }
}

/// Two applications that use the same client id: what becomes of the entry of one says nothing about the other's.
#[tokio::test]
async fn an_id_known_from_another_project_neither_hides_nor_shows_a_row() {
    let query = "SELECT project, state FROM audit_logs ORDER BY project, state";
    for stage in [Stage::Buffered, Stage::Flushed, Stage::Compacted] {
        let world = empty(|settings| settings.intent_timeout = TIMEOUT).await;
        let intent = [step(1, "intent", None)];
        append(&world, &intent).await;
        world.append(vec![audit_of(&intent, &shop())]).await;
        place(&world, stage).await;
        append(&world, &[step(1, "complete", Some("success"))]).await;
        place(&world, stage).await;
        let completed = ["default\tcomplete", "shop\tintent"];
        assert_eq!(world.lines(query).await.expect("runs"), completed, "{stage:?}");

        let world = empty(|settings| settings.intent_timeout = TIMEOUT).await;
        append(&world, &intent).await;
        world.append(vec![audit_of(&intent, &shop())]).await;
        world.clock.advance(TIMEOUT * 2);
        world.store.maintain().await.expect("maintains");
        place(&world, stage).await;
        append(&world, &[step(1, "complete", Some("success"))]).await;
        place(&world, stage).await;
        let late = ["default\tcomplete", "shop\texpired"];
        assert_eq!(world.lines(query).await.expect("runs"), late, "{stage:?}");
    }
}
