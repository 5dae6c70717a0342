//! Tags of errors: filtered by, counted, and a facet; wherever the events are.

use whodunit_api::issues::TagValues;
use whodunit_model::captured::ErrorEvent;
use whodunit_model::{Batch, Project, Table};
use whodunit_query::ListRequest;
use whodunit_query::issues::IssueOrder;
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, World1, empty, everything};

const TAGS: [&str; 6] = [
    r#"{"region":"eu","till":"7"}"#,
    r#"{"region":"eu","till":"9"}"#,
    r#"{"region":"us"}"#,
    r#"{"regional":"eu"}"#,
    r#"{"a b \"c\"":"d=e","region":"!x"}"#,
    "",
];

fn error(number: usize, tags: &str) -> Batch {
    let time = Timestamp(START + i64::try_from(number).expect("small") * SECOND);
    let mut event = ErrorEvent { time, received_at: time, issue_id: [number as u8; 16], ..ErrorEvent::default() };
    event.set("title", format!("error {number}"));
    event.set(["transaction", "request_path"][number % 2], ["/pay", "/cart"][number / 3]);
    event.set(["actor_id", "actor_email", "ip"][number % 3], "dana");
    if !tags.is_empty() {
        event.set("tags", tags);
    }
    ErrorEvent::batch(&[event], &Project::default_project()).expect("one row")
}

/// The same events: all in the buffer, half of them in a segment, all in a segment.
async fn worlds() -> Vec<World1> {
    let mut worlds = Vec::new();
    for flushed in [0, 3, TAGS.len()] {
        let world = empty(|_| {}).await;
        for (number, tags) in TAGS.iter().enumerate() {
            world.append(vec![error(number, tags)]).await;
            if number + 1 == flushed {
                world.store.flush().await.expect("flushes");
            }
        }
        worlds.push(world);
    }
    worlds
}

fn request(table: Table, pairs: &[(&str, &str)]) -> ListRequest {
    let parameters: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ListRequest::parse(table, &parameters, Timestamp(START + 86_400 * SECOND)).expect("fine")
}

#[tokio::test]
async fn a_tag_is_filtered_by_like_a_column_in_lists_issues_statistics_and_exports() {
    for world in worlds().await {
        for (pairs, expected) in [
            (&[("tag.region", "eu")][..], 2),
            (&[("tag.region", "eu"), ("tag.region", "us")], 3),
            (&[("tag.region", "eu"), ("tag.till", "9")], 1),
            (&[("tag.region", "!eu")], 4),
            (&[("tag.region", "*")], 4),
            (&[("tag.region", "!*")], 2),
            (&[("tag.region", "\\!x")], 1),
            (&[("tag.a b \"c\"", "d=e")], 1),
            (&[("tag.till", ">=8")], 1),
            (&[("tag.none", "eu")], 0),
            (&[("page", "/pay")], 3),
            (&[("page", "!/pay"), ("user", "dana")], 3),
            (&[("user", "!*")], 0),
        ] {
            let asked = || request(Table::ErrorEvents, pairs);
            let engine = &world.engine;
            let list = engine.list(asked(), &everything()).await.expect("answers");
            assert_eq!(list.rows.len(), expected, "{pairs:?}");
            let issues = engine.issues(asked(), IssueOrder::Events, &everything()).await.expect("answers");
            assert_eq!(issues.issues.len(), expected, "{pairs:?}");
            assert!(issues.issues.iter().all(|issue| issue.buckets.iter().sum::<u64>() == 1), "{pairs:?}");
            let statistics = engine.issue_statistics(asked(), &everything()).await.expect("answers");
            assert_eq!(statistics.events, expected as u64, "{pairs:?}");
            let mut export = engine.export(asked(), &everything()).await.expect("answers");
            let mut exported = 0;
            while let Some(batches) = export.next().await.expect("answers") {
                exported += batches.iter().map(|batch| batch.num_rows()).sum::<usize>();
            }
            assert_eq!(exported, expected, "{pairs:?}");
        }
    }
}

#[tokio::test]
async fn a_tag_is_a_facet_and_tags_are_counted() {
    for world in worlds().await {
        let asked = request(Table::ErrorEvents, &[("facets", "tag.region,level")]);
        let answer = world.engine.list(asked, &everything()).await.expect("answers");
        let [region, _] = answer.facets.as_slice() else { panic!("two facets") };
        let values: Vec<(Option<&str>, u64)> =
            region.values.iter().map(|one| (one.value.as_str(), one.count)).collect();
        assert_eq!((region.column.as_str(), values.len()), ("tag.region", 4));
        assert_eq!(values[0], (Some("eu"), 2));
        assert!(values.contains(&(None, 2)) && values.contains(&(Some("!x"), 1)), "{values:?}");

        let all = world.engine.error_tags(&request(Table::ErrorEvents, &[]), &everything()).await.expect("answers");
        assert_eq!((all.events, all.sampled), (6, false));
        let told: Vec<(&str, u64)> = all.tags.iter().map(|tag| (tag.name.as_str(), tag.events)).collect();
        assert_eq!(told, [("region", 4), ("till", 2), ("a b \"c\"", 1), ("regional", 1)]);
        assert_eq!((all.tags[0].values[0].value.as_str(), all.tags[0].values[0].events), ("eu", 2));
        let asked = request(Table::ErrorEvents, &[("tag.till", "7")]);
        let some = world.engine.error_tags(&asked, &everything()).await.expect("answers");
        let events = |tag: &TagValues| (tag.name.clone(), tag.events);
        assert_eq!(some.tags.iter().map(events).collect::<Vec<_>>(), [("region".into(), 1), ("till".into(), 1)]);
    }
}

#[tokio::test]
async fn what_has_no_tags_has_no_such_filter() {
    let world = empty(|_| {}).await;
    world.append(vec![error(0, TAGS[0])]).await;
    for (table, name, hint) in [
        (Table::Logs, "tag.region", None),
        (Table::Logs, "user", None),
        (Table::ErrorEvents, "tag.", None),
        (Table::ErrorEvents, "till", Some("a tag of errors is tag.till")),
    ] {
        let error = world.engine.list(request(table, &[(name, "eu")]), &everything()).await.expect_err("no column");
        assert_eq!(error.field.as_deref(), Some(name));
        if hint.is_some() {
            assert_eq!(error.hint.as_deref(), hint);
        }
    }
}
