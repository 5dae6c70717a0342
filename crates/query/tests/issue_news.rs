//! Errors by their numbers: whoever asks for what came after a number gets each error once, wherever it is by then, and
//! a scope says what counts for what.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use whodunit_issues::fingerprint::IssueId;
use whodunit_model::captured::ErrorEvent;
use whodunit_model::{Batch, Project, Table};
use whodunit_query::issue_news::{IssueNews, Stretch};
use whodunit_query::issues::IssueOrder;
use whodunit_query::{IssueScope, ListRequest};
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, World1, empty, everything};

const A: IssueId = IssueId([0xa; 16]);
const B: IssueId = IssueId([0xb; 16]);

/// An error of an issue so many seconds after the start, received a second later.
fn error(issue: IssueId, second: i64, release: &str, user: &str) -> Batch {
    let mut event = ErrorEvent {
        time: Timestamp(START + second * SECOND),
        received_at: Timestamp(START + (second + 1) * SECOND),
        issue_id: issue.0,
        ..ErrorEvent::default()
    };
    event.set("title", format!("error {second}"));
    event.set("release", release);
    event.set("actor_id", user);
    ErrorEvent::batch(&[event], &Project::default_project()).expect("one row")
}

async fn news(world: &World1, stretch: Stretch, scope: &IssueScope) -> Vec<IssueNews> {
    let scope = Arc::new(scope.clone());
    world.engine.issue_news(stretch, &scope, &everything()).await.expect("is told")
}

/// Follows from a number to the end, as a task would, and sums up what it was told.
async fn followed(world: &World1, mut at: i64) -> (i64, HashMap<IssueId, u64>) {
    let mut counted = HashMap::new();
    while let Some(stretch) = world.engine.errors_after(at) {
        assert!(stretch.after >= at && stretch.through > stretch.after, "{stretch:?} after {at}");
        for one in news(world, stretch, &IssueScope::default()).await {
            *counted.entry(one.issue).or_default() += one.events;
        }
        at = stretch.through;
    }
    (at, counted)
}

#[tokio::test]
async fn every_error_is_told_once_wherever_it_is_by_then() {
    let world = empty(|_| {}).await;
    assert_eq!((world.engine.newest_error(), world.engine.errors_after(0)), (None, None));
    world.append(vec![error(A, 1, "shop@1", "17"), error(B, 2, "", "18")]).await;
    let (place, counted) = followed(&world, 0).await;
    assert_eq!(counted, HashMap::from([(A, 1), (B, 1)]));
    assert_eq!(world.engine.newest_error(), Some(place));

    // What was told is flushed, and something new lies in the buffer; lines of logs are numbered in between.
    world.store.flush().await.expect("flushes");
    world.append(crate::data::known_batches(crate::data::Half::First)).await;
    world.append(vec![error(A, 3, "", "17"), error(A, 0, "", "19")]).await;
    let known = world.lines("SELECT count(*) FROM error_events").await.expect("counts");
    let (next, counted) = followed(&world, place).await;
    let (_, all) = followed(&world, 0).await;
    assert_eq!(counted.get(&A), Some(&2), "the late one, too: {counted:?}");
    assert_eq!(counted.get(&B), None, "B was told before");
    assert_eq!(all.values().sum::<u64>().to_string(), known[0]);

    // Compacted, all of it is in one segment; only what is new is told.
    world.store.flush().await.expect("flushes");
    world.store.settle().await.expect("settles");
    world.append(vec![error(B, 5, "", "17")]).await;
    assert_eq!(followed(&world, next).await.1, HashMap::from([(B, 1)]));
    assert_eq!(followed(&world, 0).await.1.values().sum::<u64>(), all.values().sum::<u64>() + 1);
}

#[tokio::test]
async fn news_tell_first_sights_releases_and_what_a_deletion_hides() {
    let world = empty(|_| {}).await;
    world.append(vec![error(A, 10, "shop@2", "17"), error(A, 5, "shop@1", "18"), error(A, 20, "shop@2", "17")]).await;
    let stretch = world.engine.errors_after(0).expect("there are some");
    let at = |second: i64| Timestamp(START + second * SECOND);
    let [one] = news(&world, stretch, &IssueScope::default()).await.try_into().expect("one issue");
    assert_eq!((one.events, one.first_seen, one.last_seen), (3, at(5), at(20)));
    assert_eq!(one.title.as_deref(), Some("error 20"));
    let mut releases = one.releases.clone();
    releases.sort();
    assert_eq!(releases, [("shop@1".to_owned(), at(5)), ("shop@2".to_owned(), at(10))]);

    // Deleted between the second and the third, as they were received.
    let hidden = IssueScope { hidden: HashMap::from([(A, at(11))]), ..IssueScope::default() };
    let apart = news(&world, stretch, &hidden).await;
    let told: Vec<_> = apart.iter().map(|one| (one.stands, one.events, one.first_seen)).collect();
    assert_eq!(told, [(false, 2, at(5)), (true, 1, at(20))]);
    let narrowed = Arc::new(IssueScope { only: Some(HashSet::from([A])), ..hidden });
    let events = world.engine.issue_events(stretch, &narrowed, &everything()).await.expect("is told");
    assert_eq!(
        events.iter().map(|event| (event.time, event.user.as_deref())).collect::<Vec<_>>(),
        [(at(20), Some("17"))]
    );
    let titles = world.engine.issue_titles(&[A, B], &everything()).await.expect("is told");
    assert_eq!(titles, HashMap::from([(A, Some("error 20".to_owned()))]));
}

#[tokio::test]
async fn a_scope_decides_which_events_count_for_which_issue() {
    let world = empty(|_| {}).await;
    world.append(vec![error(A, 1, "", "17"), error(A, 2, "", "18"), error(B, 3, "", "17")]).await;
    world.store.flush().await.expect("flushes");
    world.append(vec![error(B, 4, "", "19")]).await;
    let counted = |scope: IssueScope| {
        let world = &world;
        async move {
            let request = ListRequest {
                issues: Some(Arc::new(scope)),
                ..ListRequest::of(Table::ErrorEvents, Default::default())
            };
            let answer = world.engine.issues(request, IssueOrder::Events, &everything()).await.expect("counts");
            let told = |issue: &whodunit_api::issues::IssueSummary| {
                (issue.id.clone(), issue.events, issue.users, issue.buckets.iter().sum::<u64>())
            };
            answer.issues.iter().map(told).collect::<Vec<_>>()
        }
    };
    let (a, b) = (A.to_string(), B.to_string());
    let merged = || HashMap::from([(A, B)]);
    assert_eq!(counted(IssueScope::default()).await, [(a.clone(), 2, 2, 2), (b.clone(), 2, 2, 2)]);
    assert_eq!(counted(IssueScope { merged: merged(), ..Default::default() }).await, [(b.clone(), 4, 3, 4)]);
    let only = IssueScope { merged: merged(), only: Some(HashSet::from([A])), ..Default::default() };
    assert_eq!(counted(only).await, [(b.clone(), 2, 2, 2)]);
    assert_eq!(counted(IssueScope { except: HashSet::from([A]), ..Default::default() }).await, [(b, 2, 2, 2)]);
    // More issues than are looked for one by one.
    let many = (0..2_000u128).map(|number| IssueId(number.to_be_bytes())).chain([A]).collect();
    assert_eq!(counted(IssueScope { only: Some(many), ..Default::default() }).await, [(a, 2, 2, 2)]);
}
