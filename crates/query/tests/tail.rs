//! The live tail passes what the list would show.

use whodunit_model::Table;
use whodunit_query::Visibility;
use whodunit_query::list::ListRequest;
use whodunit_query::tail::Tailed;
use whodunit_stdx::Timestamp;

use crate::data::{Half, World1, empty, everything, known_batches};

async fn tailed(world: &World1, table: Table, pairs: &[(&str, &str)], visibility: &Visibility) -> usize {
    let parameters: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let request = ListRequest::parse(table, &parameters, Timestamp(0)).expect("fine");
    let mut tail = world.engine.tail(&request, visibility).await.expect("follows");
    world.append(known_batches(Half::Second)).await;
    let mut rows = 0;
    while let Ok(Ok(Some(next))) = tokio::time::timeout(std::time::Duration::from_millis(200), tail.next()).await {
        match next {
            Tailed::Rows(more) => rows += more.len(),
            Tailed::Missed(_) => panic!("nothing is missed"),
        }
    }
    rows
}

#[tokio::test]
async fn filters_hold_for_what_arrives() {
    for (pairs, expected) in [
        (&[][..], 120),
        (&[("level", "error")], 30),
        (&[("status", ">=500"), ("service", "api")], 10),
        (&[("mixed", "m3")], 12),
        (&[("rare", "*")], 3),
        (&[("q", "reset")], 30),
        (&[("trace_id", "abababababababab0000000000000021")], 4),
        (&[("attr.host", "inside")], 120),
    ] {
        let world = empty(|_| {}).await;
        world.append(known_batches(Half::First)).await;
        assert_eq!(tailed(&world, Table::Logs, pairs, &everything()).await, expected, "{pairs:?}");
    }
}

#[tokio::test]
async fn other_projects_stay_unseen() {
    let world = empty(|_| {}).await;
    let shop = everything().narrowed(&[crate::data::shop()]);
    assert_eq!(tailed(&world, Table::Logs, &[], &shop).await, 24);
    assert_eq!(tailed(&world, Table::AuditLogs, &[], &shop).await, 0);
}
