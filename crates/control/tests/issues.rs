//! Issues: who resolves, ignores, assigns, merges and deletes them, what the trail says, and the way back.

use whodunit_control::{
    ChangeIssues, ChangedIssues, CommentPlace, Error, ISSUE_COMMENT_CHARACTERS_MAX, ISSUE_USERS_MAX,
    ISSUES_PER_REQUEST_MAX, IssueAct, IssueAction, NewProject, Standing, state_name,
};
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{Resolution, State, Until};
use whodunit_model::{Caller, Principal, Project, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::{House, START};
use crate::on_both;

on_both! {
    a_state_has_its_history_and_the_newest_change_is_taken_back,
    a_change_of_many_is_one_batch_and_all_or_nothing,
    merging_takes_along_what_was_merged_before_and_is_taken_back,
    a_deleted_issue_is_unresolved_and_hidden_until_now,
    those_who_only_read_change_no_issue,
    what_makes_no_sense_is_refused_by_name,
    comments_belong_to_who_said_them,
}

pub const A: IssueId = IssueId([0xa; 16]);
pub const B: IssueId = IssueId([0xb; 16]);
pub const C: IssueId = IssueId([0xc; 16]);

pub fn asked(ids: &[IssueId], act: IssueAct) -> ChangeIssues {
    let issues = ids.iter().map(|id| (*id, Some(format!("issue {}", id.0[0])))).collect();
    ChangeIssues { project: Project::default_project(), issues, act, version: None, reason: None }
}

pub fn action(action: IssueAction) -> IssueAct {
    IssueAct::Update { action: Some(action), assignee: None }
}

fn assign(user: Option<&str>) -> IssueAct {
    IssueAct::Update { action: None, assignee: Some(user.map(str::to_owned)) }
}

pub async fn changed(house: &House, caller: &Caller, ids: &[IssueId], act: IssueAct) -> ChangedIssues {
    house.control.change_issues(caller, asked(ids, act)).await.expect("is changed")
}

async fn refused(house: &House, caller: &Caller, ids: &[IssueId], act: IssueAct) -> Error {
    house.control.change_issues(caller, asked(ids, act)).await.expect_err("is refused")
}

/// The state of each issue by name, with what it is merged into.
async fn standings(house: &House, caller: &Caller) -> Vec<(IssueId, &'static str, Option<IssueId>)> {
    let book = house.control.issue_book(caller, Some(&Project::default_project())).await.expect("lists");
    book.iter().map(|issue| (issue.id, state_name(&issue.standing.state), issue.standing.merged_into)).collect()
}

async fn a_state_has_its_history_and_the_newest_change_is_taken_back(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let Principal::User { id: member_id, .. } = &member.principal else { panic!("a user") };
    let resolved = changed(&house, &member, &[A], action(IssueAction::ResolveNow)).await;
    let at = Time(START.nanos());
    assert_eq!(resolved.issues[0].standing.state, State::Resolved { at, by: Resolution::Now });
    let assigned = changed(&house, &member, &[A], assign(Some("MEMBER@example.com"))).await;
    assert_eq!(assigned.issues[0].standing.assignee.as_ref(), Some(member_id));
    let nothing = changed(&house, &member, &[A], assign(Some(member_id))).await;
    assert_eq!((nothing.change, nothing.issues.len()), (None, 0), "it was so already");

    let resolving = resolved.change.expect("a change");
    let error = house.control.undo_issue_change(&member, &resolving, None).await.expect_err("was changed since");
    assert_eq!((error.kind, error.field), (ErrorKind::Conflict, Some("change")));
    let assigning = assigned.change.expect("a change");
    let undone = house.control.undo_issue_change(&member, &assigning, Some("wrong one")).await.expect("is undone");
    assert_eq!(undone.issues[0].standing.assignee, None);
    let again = undone.change.expect("a change");
    house.control.undo_issue_change(&member, &again, None).await.expect("taking back is taken back");

    let history = house.control.issue_history(&Project::default_project(), A).await.expect("lists");
    let told: Vec<_> = history
        .iter()
        .map(|change| (change.version, change.action.as_str(), change.reason.as_deref(), change.undoes.as_deref()))
        .collect();
    let expected = [
        (4, "ISSUE_UNDO", None, Some(again.as_str())),
        (3, "ISSUE_UNDO", Some("wrong one"), Some(assigning.as_str())),
        (2, "ISSUE_ASSIGN", None, None),
        (1, "ISSUE_RESOLVE", None, None),
    ];
    assert_eq!(told, expected);
    assert_eq!(history[0].after, history[2].after);
    assert!(history.windows(2).all(|pair| pair[0].before == pair[1].after), "each begins where the last one ended");

    let trail = house.trail_of("ISSUE_ASSIGN");
    assert_eq!((trail.len(), trail[1]["state"].as_str(), trail[1]["outcome"].as_str()), (2, "complete", "success"));
    assert!(trail[1]["changes"].contains("member@example.com"), "{trail:?}");
    assert_eq!((&trail[1]["target_type"], &trail[1]["target_id"]), (&"issue".to_owned(), &A.to_string()));
    assert_eq!(house.trail_of("ISSUE_UNDO").len(), 4);
    let book = house.reopened().await.issue_book(&member, None).await.expect("lists");
    assert_eq!(book.get(A).map(|issue| issue.version), Some(4), "it outlives the process");

    // Once the later change is taken back, so is the one before it.
    house.control.undo_issue_change(&member, &again, None).await.expect_err("it is taken back already");
    let last = history[0].change_id.clone();
    house.control.undo_issue_change(&member, &last, None).await.expect("is undone");
    let first = house.control.undo_issue_change(&member, &resolving, None).await.expect("stands as it made it");
    assert_eq!(first.issues[0].standing, Standing::default());
}

async fn a_change_of_many_is_one_batch_and_all_or_nothing(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let ignored = changed(&house, &member, &[A, B, C], action(IssueAction::Ignore(Until::Events(3)))).await;
    assert_eq!(ignored.issues.len(), 3);
    let change = ignored.change.expect("a change");
    let trail = house.trail_of("ISSUE_IGNORE");
    assert_eq!(trail.len(), 6, "an intent and its end for each");
    assert!(trail.iter().all(|row| row["batch_id"] == change), "{trail:?}");
    let names: Vec<&str> = trail[3..].iter().map(|row| row["target_name"].as_str()).collect();
    assert_eq!(names, ["issue 10", "issue 11", "issue 12"]);

    changed(&house, &member, &[B], action(IssueAction::Reopen)).await;
    let error = house.control.undo_issue_change(&member, &change, None).await.expect_err("one was changed since");
    assert!(error.message.contains(&B.to_string()), "{error}");
    let expected = [(A, "ignored", None), (B, "unresolved", None), (C, "ignored", None)];
    assert_eq!(standings(&house, &member).await, expected, "the others stay as they are");

    let many: Vec<IssueId> =
        (0..=ISSUES_PER_REQUEST_MAX).map(|number| IssueId((number as u128).to_be_bytes())).collect();
    let error = refused(&house, &member, &many, IssueAct::Delete).await;
    assert_eq!(error.limit, Some("issues_per_request_max"));
    let most = changed(&house, &member, &many[1..], action(IssueAction::ResolveNow)).await;
    assert_eq!(most.issues.len(), ISSUES_PER_REQUEST_MAX);
    house.control.undo_issue_change(&member, &most.change.expect("a change"), None).await.expect("is undone");
    assert!(standings(&house, &member).await.iter().all(|(_, state, _)| *state != "resolved"));
}

async fn merging_takes_along_what_was_merged_before_and_is_taken_back(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    changed(&house, &member, &[A], IssueAct::Merge { into: B }).await;
    let second = changed(&house, &member, &[B], IssueAct::Merge { into: C }).await;
    assert_eq!(second.issues.len(), 2, "A comes along");
    assert_eq!(
        standings(&house, &member).await,
        [(A, "unresolved", Some(C)), (B, "unresolved", Some(C))],
        "C was not touched"
    );
    // What is done to a merged issue is done to the one that it counts for.
    changed(&house, &member, &[A], action(IssueAction::ResolveNow)).await;
    let book = house.control.issue_book(&member, None).await.expect("lists");
    assert_eq!(book.get(C).map(|issue| state_name(&issue.standing.state)), Some("resolved"));
    assert_eq!((book.counts_for(A), book.counts_for(C), book.merged_into(C).count()), (C, C, 2));
    // Merging into what is merged goes where that goes, and an issue into itself goes nowhere.
    let nothing = changed(&house, &member, &[A, C], IssueAct::Merge { into: B }).await;
    assert_eq!(nothing.change, None);

    house.control.undo_issue_change(&member, &second.change.expect("a change"), None).await.expect("is undone");
    assert_eq!(
        standings(&house, &member).await,
        [(A, "unresolved", Some(B)), (B, "unresolved", None), (C, "resolved", None)]
    );
    let unmerged = changed(&house, &member, &[A], IssueAct::Unmerge).await;
    assert_eq!(standings(&house, &member).await[0], (A, "unresolved", None));
    house.control.undo_issue_change(&member, &unmerged.change.expect("a change"), None).await.expect("is undone");
    assert_eq!(standings(&house, &member).await[0], (A, "unresolved", Some(B)));
    assert!(house.trail_of("ISSUE_MERGE")[1]["changes"].contains(&B.to_string()));
}

async fn a_deleted_issue_is_unresolved_and_hidden_until_now(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    changed(&house, &member, &[A], IssueAct::Merge { into: B }).await;
    changed(&house, &member, &[B], assign(Some("member@example.com"))).await;
    changed(&house, &member, &[B], action(IssueAction::Ignore(Until::Forever))).await;
    let deleted = changed(&house, &member, &[B], IssueAct::Delete).await;
    for issue in &deleted.issues {
        assert_eq!(issue.standing.deleted_at, Some(START), "with what was merged into it");
        assert_eq!((&issue.standing.state, &issue.standing.assignee), (&State::Unresolved, &None));
    }
    assert_eq!(deleted.issues.len(), 2);
    let undone = house.control.undo_issue_change(&member, &deleted.change.expect("a change"), None).await;
    let issues = undone.expect("is undone").issues;
    assert!(issues.iter().all(|issue| issue.standing.deleted_at.is_none()));
    assert_eq!(state_name(&issues[1].standing.state), "ignored");
    assert!(issues[1].standing.assignee.is_some() && issues[0].standing.merged_into == Some(B));
}

async fn those_who_only_read_change_no_issue(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    changed(&house, &member, &[A], action(IssueAction::ResolveNow)).await;
    for role in [Role::Viewer, Role::Auditor] {
        let reader = house.caller(&format!("{}@example.com", role.name()), role).await;
        let error = refused(&house, &reader, &[A], action(IssueAction::Reopen)).await;
        assert_eq!(error.kind, ErrorKind::Forbidden);
        assert_eq!(house.control.issue_book(&reader, None).await.expect("lists").iter().count(), 1, "it is read");
    }
    assert!(house.trail_of("ISSUE_REOPEN").iter().any(|row| row.get("outcome").is_some_and(|one| one == "failure")));
    let new = NewProject { slug: "shop".to_owned(), name: None, reason: None };
    house.control.create_project(&Caller::system("test"), new).await.expect("is made");
    let shop = Project::parse("shop").expect("a slug");
    let principal = Principal::Key { id: "k".into(), name: "k".into(), scopes: vec![Scope::Administer] };
    let bound = Caller { projects: Some([shop].into()), ..Caller::new(principal) };
    let error = refused(&house, &bound, &[A], action(IssueAction::Reopen)).await;
    assert_eq!(error.kind, ErrorKind::NotFound, "another project's");
    assert_eq!(house.control.issue_book(&bound, None).await.expect("lists").iter().count(), 0);
}

async fn what_makes_no_sense_is_refused_by_name(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let cases = [
        (IssueAct::Update { action: None, assignee: None }, "state"),
        (action(IssueAction::ResolveIn(None)), "release"),
        (action(IssueAction::Ignore(Until::Time(Time(START.nanos())))), "until"),
        (action(IssueAction::Ignore(Until::Events(0))), "events"),
        (action(IssueAction::Ignore(Until::Users(ISSUE_USERS_MAX + 1))), "users"),
        (assign(Some("nobody@example.com")), "assignee"),
    ];
    for (act, field) in cases {
        assert_eq!(refused(&house, &member, &[A], act).await.field, Some(field));
    }
    let stale = ChangeIssues { version: Some(3), ..asked(&[A], IssueAct::Delete) };
    let error = house.control.change_issues(&member, stale).await.expect_err("is at version 0");
    assert_eq!((error.kind, error.field), (ErrorKind::Conflict, Some("version")));
    let error = house.control.undo_issue_change(&member, "nothing", None).await.expect_err("no such change");
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(standings(&house, &member).await.is_empty());
}

async fn comments_belong_to_who_said_them(house: House) {
    let (control, project) = (&house.control, Project::default_project());
    let member = house.caller("member@example.com", Role::Member).await;
    let other = house.caller("other@example.com", Role::Member).await;
    let admin = house.caller("admin@example.com", Role::Admin).await;
    let said = control.add_issue_comment(&member, (&project, A, Some("a")), " look\nhere ").await.expect("is said");
    assert_eq!((said.body.as_str(), said.added_by.as_str()), ("look\nhere", "member@example.com"));
    let place = CommentPlace { project: &project, issue: A, id: &said.id };
    let error = control.change_issue_comment(&other, place, "not there").await.expect_err("is not theirs");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    let changed = control.change_issue_comment(&member, place, "look there").await.expect("is changed");
    assert_eq!((changed.body.as_str(), changed.changed_by.as_deref()), ("look there", Some("member@example.com")));
    let refused = control.add_issue_comment(&member, (&project, A, None), " ").await.expect_err("says nothing");
    assert_eq!(refused.field, Some("body"));
    let long = "x".repeat(ISSUE_COMMENT_CHARACTERS_MAX + 1);
    let refused = control.add_issue_comment(&member, (&project, A, None), &long).await.expect_err("is too long");
    assert_eq!(refused.limit, Some("issue_comment_characters_max"));

    // They follow a merge, and stay behind with a deletion.
    self::changed(&house, &member, &[A], IssueAct::Merge { into: B }).await;
    assert_eq!(control.issue_comments(&project, B).await.expect("lists").len(), 1);
    house.clock.advance(std::time::Duration::from_secs(1));
    let deleted = self::changed(&house, &member, &[B], IssueAct::Delete).await;
    assert_eq!(control.issue_comments(&project, B).await.expect("lists").len(), 0);
    control.undo_issue_change(&member, &deleted.change.expect("a change"), None).await.expect("is undone");
    let place = CommentPlace { project: &project, issue: B, id: &said.id };
    control.remove_issue_comment(&admin, place, Some("off topic")).await.expect("is removed");
    assert_eq!(control.issue_comments(&project, B).await.expect("lists").len(), 0);
    let removed = house.trail_of("ISSUE_COMMENT_REMOVE");
    assert!(removed[1]["changes"].contains("look there"), "{removed:?}");
}
