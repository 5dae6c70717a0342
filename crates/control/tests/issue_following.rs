//! What is known of issues by following their errors: it is kept whole, once, and bounded.

use std::collections::BTreeSet;

use whodunit_control::{
    Counted, FollowedErrors, ISSUES_KNOWN_PER_PROJECT_MAX, IssueAction, IssueSighting, RELEASES_KNOWN_PER_PROJECT_MAX,
    user_hash,
};
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::release::Release;
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{Happened, Resolution, State, Until};
use whodunit_model::{Project, Role};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::house::House;
use crate::issues::{A, B, C, action, changed};
use crate::on_both;

on_both! {
    what_was_seen_is_kept_together_with_the_place,
    a_round_of_many_issues_is_kept_whole_and_an_issue_may_be_in_it_twice,
    what_was_seen_longest_ago_is_forgotten_past_the_limit,
    the_next_release_is_measured_against_the_newest_one,
    what_was_counted_by_somebody_else_is_not_counted_over,
    an_issue_moves_by_itself_in_whodunits_name,
}

fn seen(issue: IssueId, life: i64, (first, last): (i64, i64), release: Option<&str>) -> IssueSighting {
    IssueSighting {
        project: Project::default_project(),
        issue,
        life: Timestamp(life),
        first_seen: Timestamp(first),
        first_release: release.map(str::to_owned),
        last_seen: Timestamp(last),
    }
}

fn followed(seq: i64, sightings: Vec<IssueSighting>) -> FollowedErrors {
    FollowedErrors {
        writer: "0123456789abcdef".to_owned(),
        seq,
        sightings,
        releases: Vec::new(),
        counted: Vec::new(),
        issues_max: ISSUES_KNOWN_PER_PROJECT_MAX,
        releases_max: RELEASES_KNOWN_PER_PROJECT_MAX,
    }
}

async fn what_was_seen_is_kept_together_with_the_place(house: House) {
    let (control, project) = (&house.control, Project::default_project());
    assert_eq!(control.issue_place("0123456789abcdef").await.expect("is asked"), None);
    let first = followed(7, vec![seen(A, 0, (100, 200), Some("shop@2")), seen(B, 0, (300, 300), None)]);
    for _ in 0..2 {
        control.keep_followed(&first).await.expect("is kept");
    }
    // A late event is older than what is known, and has a release that does not win over an older one's.
    control.keep_followed(&followed(9, vec![seen(A, 0, (50, 60), None)])).await.expect("is kept");
    control.keep_followed(&followed(11, vec![seen(B, 0, (310, 320), Some("shop@3"))])).await.expect("is kept");
    control.keep_followed(&followed(12, vec![seen(A, 250, (260, 270), Some("shop@4"))])).await.expect("is kept");
    let known = control.issue_sightings(&project, &[A, B, C]).await.expect("is asked");
    let expected = [
        seen(A, 0, (50, 200), Some("shop@2")),
        seen(A, 250, (260, 270), Some("shop@4")),
        seen(B, 0, (300, 320), Some("shop@3")),
    ];
    assert_eq!(known, expected);
    let begun = control.issues_begun(&project, Timestamp(260)).await.expect("is asked");
    assert_eq!(begun, expected[1..]);
    let reopened = house.reopened().await;
    assert_eq!(reopened.issue_place("0123456789abcdef").await.expect("is asked"), Some(12));
    assert_eq!(reopened.issue_place("another").await.expect("is asked"), None, "each writer has its own");
}

async fn a_round_of_many_issues_is_kept_whole_and_an_issue_may_be_in_it_twice(house: House) {
    let (control, project) = (&house.control, Project::default_project());
    let issues: Vec<IssueId> = (0..450_u128).map(|at| IssueId(at.to_be_bytes())).collect();
    let mut sightings: Vec<IssueSighting> = issues.iter().map(|issue| seen(*issue, 0, (100, 200), None)).collect();
    sightings.push(seen(issues[7], 0, (50, 300), Some("shop@2")));
    control.keep_followed(&followed(1, sightings)).await.expect("is kept");
    let known = control.issue_sightings(&project, &issues).await.expect("is asked");
    assert_eq!(known.len(), 450);
    for (at, one) in known.iter().enumerate() {
        let expected = if at == 7 { (50, 300) } else { (100, 200) };
        assert_eq!((one.issue, (one.first_seen.0, one.last_seen.0)), (issues[at], expected));
    }
    assert_eq!(known[7].first_release.as_deref(), Some("shop@2"));
}

async fn what_was_seen_longest_ago_is_forgotten_past_the_limit(house: House) {
    let (control, project) = (&house.control, Project::default_project());
    let release = |name: &str, at: i64| (project.clone(), name.to_owned(), Timestamp(at));
    let all = FollowedErrors {
        issues_max: 2,
        releases_max: 1,
        releases: vec![release("shop@1", 1), release("shop@2", 2)],
        ..followed(1, vec![seen(A, 0, (1, 30), None), seen(B, 0, (2, 10), None), seen(C, 0, (3, 20), None)])
    };
    control.keep_followed(&all).await.expect("is kept");
    let left = control.issue_sightings(&project, &[A, B, C]).await.expect("is asked");
    assert_eq!(left.iter().map(|one| one.issue).collect::<Vec<_>>(), [A, C]);
    let releases = control.issue_releases(&project).await.expect("is asked");
    assert_eq!(releases, [Release::new("shop@2", Some(Time(2)))]);
}

async fn the_next_release_is_measured_against_the_newest_one(house: House) {
    let project = Project::default_project();
    let member = house.caller("member@example.com", Role::Member).await;
    let resolved = changed(&house, &member, &[A], action(IssueAction::ResolveInNext)).await;
    assert!(matches!(resolved.issues[0].standing.state, State::Resolved { by: Resolution::After(None), .. }));
    let release = |name: &str, at: i64| (project.clone(), name.to_owned(), Timestamp(at));
    // A fix of an old version came after the newest one.
    let releases = vec![release("shop@1.9.0", 1), release("shop@1.10.0", 2), release("shop@1.8.1", 3)];
    let known = FollowedErrors { releases, ..followed(1, vec![seen(A, 0, (1, 1), None)]) };
    house.control.keep_followed(&known).await.expect("is kept");
    let newest = Release::new("shop@1.10.0", Some(Time(2)));
    for (asked, expected) in [
        (IssueAction::ResolveInNext, Resolution::After(Some(newest.clone()))),
        (IssueAction::ResolveIn(None), Resolution::In(newest)),
        (IssueAction::ResolveIn(Some("shop@1.9.0".into())), Resolution::In(Release::new("shop@1.9.0", Some(Time(1))))),
        (IssueAction::ResolveIn(Some("shop@2".into())), Resolution::In(Release::new("shop@2", None))),
    ] {
        let resolved = changed(&house, &member, &[A], action(asked)).await;
        let State::Resolved { by, .. } = &resolved.issues[0].standing.state else { panic!("is resolved") };
        assert_eq!(*by, expected);
    }
}

async fn what_was_counted_by_somebody_else_is_not_counted_over(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let ignored = changed(&house, &member, &[A], action(IssueAction::Ignore(Until::Users(9)))).await;
    let before = ignored.issues[0].clone();
    let users: BTreeSet<String> = ["ann@example.com", "17"].into_iter().map(user_hash).collect();
    let counted = Counted { events: 3, users };
    let count = |seq, before: &whodunit_control::Issue| FollowedErrors {
        counted: vec![(before.clone(), counted.clone())],
        ..followed(seq, vec![seen(A, 0, (seq, seq), None)])
    };
    house.control.keep_followed(&count(5, &before)).await.expect("is counted");
    let error = house.control.keep_followed(&count(6, &before)).await.expect_err("was counted since it was read");
    assert_eq!(error.kind, ErrorKind::Conflict);
    let control = &house.control;
    assert_eq!(control.issue_place("0123456789abcdef").await.expect("is asked"), Some(5), "the place did not move");
    let known = control.issue_sightings(&Project::default_project(), &[A]).await.expect("is asked");
    assert_eq!(known[0].last_seen, Timestamp(5), "nor did anything else");
    let present =
        || async { control.issue_book(&member, None).await.expect("lists").get(A).cloned().expect("is there") };
    assert_eq!((present().await.counted, present().await.version), (counted.clone(), 1), "counting is no change");

    // Opened and taken back, it goes on counting; ignored anew it begins anew.
    let reopened = changed(&house, &member, &[A], action(IssueAction::Reopen)).await;
    control.undo_issue_change(&member, &reopened.change.expect("a change"), None).await.expect("is undone");
    assert_eq!(present().await.counted, counted);
    house.clock.advance(std::time::Duration::from_secs(1));
    changed(&house, &member, &[A], action(IssueAction::Ignore(Until::Users(9)))).await;
    assert_eq!(present().await.counted, Counted::default());
}

async fn an_issue_moves_by_itself_in_whodunits_name(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let later = Time(house.world.now().nanos() + 1_000_000_000);
    changed(&house, &member, &[B], action(IssueAction::Ignore(Until::Time(later)))).await;
    assert_eq!(house.control.issues_due().await.expect("lists"), []);
    house.clock.advance(std::time::Duration::from_secs(2));
    let due = house.control.issues_due().await.expect("lists");
    assert_eq!(due.iter().map(|issue| issue.id).collect::<Vec<_>>(), [B]);
    let moved = house.control.move_issue(due[0].clone(), State::Unresolved, &Happened::Returned, None).await;
    let moved = moved.expect("moves");
    assert_eq!(moved.issues[0].updated_by, "system/issues");
    let error = house.control.move_issue(due[0].clone(), State::Unresolved, &Happened::Returned, None).await;
    assert_eq!(error.expect_err("was changed since").kind, ErrorKind::Conflict);

    let resolved = changed(&house, &member, &[A], action(IssueAction::ResolveNow)).await;
    let state = State::Regressed { at: later, release: Some("shop@3".to_owned()) };
    let title = Some("KeyError".to_owned());
    let before = resolved.issues[0].clone();
    house.control.move_issue(before, state, &Happened::Regressed, title).await.expect("moves");
    let trail = house.trail_of("ISSUE_REGRESS");
    assert_eq!((&trail[1]["actor_type"], &trail[1]["severity"]), (&"system".to_owned(), &"WARNING".to_owned()));
    assert!(trail[1]["changes"].contains("regressed") && trail[1]["target_name"] == "KeyError", "{trail:?}");
    let change = house.control.issue_history(&Project::default_project(), A).await.expect("lists")[0].clone();
    let undone = house.control.undo_issue_change(&member, &change.change_id, None).await.expect("is undone");
    assert!(matches!(undone.issues[0].standing.state, State::Resolved { .. }));
}
