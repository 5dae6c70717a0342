//! The timeline across all signals.

use std::time::Duration;

use whodunit_api::query::TimelineAnswer;
use whodunit_model::Table;
use whodunit_query::list::Wanted;
use whodunit_query::timeline::{Around, Direction, TimelineRequest};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::data::{SECOND, START, Stage, World1, entry_id, everything, filled};

async fn timeline(world: &World1, pairs: &[(&str, &str)]) -> Result<TimelineAnswer, whodunit_query::Error> {
    let parameters: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    world.engine.timeline(TimelineRequest::parse(&parameters, Timestamp(START))?, &everything()).await
}

fn shown(answer: &TimelineAnswer) -> Vec<String> {
    let line = |row: &whodunit_api::query::TimelineRow| {
        format!("{} {} [{} {}]", row.signal, row.summary, row.joined_by.key, row.joined_by.certainty)
    };
    answer.rows.iter().map(line).collect()
}

#[tokio::test]
async fn a_deleted_order_tells_its_whole_request() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        let answer = timeline(&world, &[("target", "order:1003")]).await.expect("answers");
        assert_eq!(
            shown(&answer),
            [
                "logs request 12 done [correlation_id request]",
                "logs request 13 done [correlation_id request]",
                "logs request 14 slow, 100% busy [correlation_id request]",
                "logs request 15 failed: connection reset by peer [correlation_id request]",
                "audit_logs user0@example.com deleted order 1003, reason: ticket 3: the customer asked for it [target asked]",
                "spans DELETE /orders/1003 server ok [trace_id request]",
                "error_events TypeError: total is undefined [correlation_id request]",
            ],
            "{stage:?}"
        );
        let entry = answer.rows.iter().find(|row| row.signal == "audit_logs").expect("the entry");
        assert_eq!(entry.id.as_deref(), Some("01a1f90a-d880-7303-8303-030303030303"));
        assert_eq!(entry.fields["actor_id"], "user-0");
        let alone = timeline(&world, &[("target", "order:1003"), ("expand", "false")]).await.expect("answers");
        assert_eq!(
            shown(&alone),
            [
                "audit_logs user0@example.com deleted order 1003, reason: ticket 3: the customer asked for it [target asked]"
            ],
            "{stage:?}"
        );
    }
}

#[tokio::test]
async fn a_person_is_followed_through_signals_in_pages() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        for order in ["asc", "desc"] {
            let base = [("actor", "user-0"), ("order", order)];
            let whole = timeline(&world, &[&base[..], &[("limit", "1000")]].concat()).await.expect("answers");
            let signals: std::collections::BTreeSet<&str> = whole.rows.iter().map(|row| row.signal.as_str()).collect();
            assert_eq!(signals.len(), 5, "{stage:?}: {signals:?}");
            let times: Vec<&str> = whole.rows.iter().map(|row| row.time.as_str()).collect();
            assert!(
                if order == "asc" { times.is_sorted() } else { times.is_sorted_by(|a, b| a >= b) },
                "{stage:?} {order}"
            );
            let mut paged = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let mut pairs = [&base[..], &[("limit", "7")]].concat();
                pairs.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let page = timeline(&world, &pairs).await.expect("answers");
                paged.extend(page.rows);
                match page.next {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
            assert_eq!(paged, whole.rows, "{stage:?} {order}");
        }
    }
}

#[tokio::test]
async fn every_key_finds_its_rows() {
    let world = filled(Stage::Half).await;
    for (pairs, rows) in [
        (&[("session_id", "s1"), ("expand", "false")][..], 2),
        (&[("correlation_id", "req-1"), ("expand", "false")], 6),
        (&[("trace_id", "abababababababab0000000000000003"), ("expand", "false")], 6),
        (&[("batch_id", "batch-1"), ("expand", "false")], 5),
        (&[("from", "2026-11-20T10:00:00Z"), ("to", "2026-11-20T10:10:00Z")], 4),
        (&[("correlation_id", "req-1"), ("signals", "logs")], 4),
        (&[("actor", "user0@example.com"), ("signals", "audit_logs")], 9),
        (&[("actor", "nobody")], 0),
    ] {
        assert_eq!(timeline(&world, pairs).await.expect("answers").rows.len(), rows, "{pairs:?}");
    }
}

#[tokio::test]
async fn around_an_entry_guesses_are_marked() {
    let world = filled(Stage::Flushed).await;
    let request = TimelineRequest {
        around: Some(Around::Entry(entry_id(3).to_string())),
        window: Duration::from_secs(60),
        direction: Direction::OldestFirst,
        expand: Wanted::Yes,
        ..TimelineRequest::default()
    };
    let answer = world.engine.timeline(request.clone(), &everything()).await.expect("answers");
    assert_eq!(
        shown(&answer),
        [
            "audit_logs user0@example.com deleted order 1003, reason: ticket 3: the customer asked for it [correlation_id request]",
            "spans DELETE /orders/1003 server ok [trace_id request]",
            "logs request 18 slow, 100% busy [time guess]",
            "error_events TypeError: total is undefined [correlation_id request]",
        ]
    );
    let missing = TimelineRequest { around: Some(Around::Entry(entry_id(99).to_string())), ..request };
    assert_eq!(world.engine.timeline(missing, &everything()).await.expect_err("absent").kind, ErrorKind::NotFound);
    let middle = TimelineRequest {
        around: Some(Around::Time(Timestamp(START + 3600 * SECOND))),
        window: Duration::from_secs(5),
        signals: vec![Table::SessionEvents, Table::AuditLogs],
        ..TimelineRequest::default()
    };
    assert_eq!(world.engine.timeline(middle, &everything()).await.expect("answers").rows.len(), 2);
}
