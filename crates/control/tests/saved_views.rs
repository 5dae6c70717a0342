//! Saved views: of one's own and shared, by role, within their limits, with their trail.

use whodunit_control::{NewSavedView, SAVED_VIEWS_PER_USER_MAX, SavedViewUpdate, Sharing, ViewPage};
use whodunit_model::{Caller, Principal, Project, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::House;
use crate::on_both;

on_both! {
    a_view_of_ones_own_is_ones_own,
    shared_views_are_for_those_who_edit,
    names_and_numbers_are_bounded,
    every_change_says_what_was_before,
}

fn view(name: &str, sharing: Sharing) -> NewSavedView {
    NewSavedView {
        project: Project::default_project(),
        page: ViewPage::Audit,
        name: name.to_owned(),
        query: "?from=-24h&action=DELETE".to_owned(),
        sharing,
        reason: None,
    }
}

async fn names(house: &House, caller: &Caller) -> Vec<String> {
    house.control.saved_views(caller).await.expect("lists").into_iter().map(|view| view.name).collect()
}

async fn a_view_of_ones_own_is_ones_own(house: House) {
    let viewer = house.caller("viewer@example.com", Role::Viewer).await;
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let kept = house.control.create_saved_view(&viewer, view("mine", Sharing::Own)).await.expect("is kept");
    assert_eq!((kept.query.as_str(), kept.version), ("from=-24h&action=DELETE", 1), "the question mark is no part");
    assert_eq!(names(&house, &viewer).await, ["mine"]);
    assert!(names(&house, &owner).await.is_empty());
    let rename = || SavedViewUpdate { name: Some("ours".to_owned()), ..SavedViewUpdate::default() };
    let refused = house.control.update_saved_view(&owner, &kept.id, rename()).await.expect_err("is not theirs");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = house.control.delete_saved_view(&owner, &kept.id, None).await.expect_err("is not theirs");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let renamed = house.control.update_saved_view(&viewer, &kept.id, rename()).await.expect("is renamed");
    assert_eq!((renamed.name.as_str(), renamed.version), ("ours", 2));
    let stale = SavedViewUpdate { version: Some(1), ..rename() };
    let refused = house.control.update_saved_view(&viewer, &kept.id, stale).await.expect_err("is version 2");
    assert_eq!((refused.kind, refused.field), (ErrorKind::Conflict, Some("version")));
    house.control.delete_saved_view(&viewer, &kept.id, None).await.expect("is deleted");
    assert!(names(&house, &viewer).await.is_empty());
}

async fn shared_views_are_for_those_who_edit(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let auditor = house.caller("auditor@example.com", Role::Auditor).await;
    let refused = house.control.create_saved_view(&auditor, view("all", Sharing::Shared)).await;
    assert_eq!(refused.expect_err("an auditor shares nothing").kind, ErrorKind::Forbidden);
    let shared = house.control.create_saved_view(&member, view("all", Sharing::Shared)).await.expect("is shared");
    assert_eq!(names(&house, &auditor).await, ["all"]);
    let refused = house.control.delete_saved_view(&auditor, &shared.id, None).await.expect_err("an auditor reads");
    assert_eq!(refused.kind, ErrorKind::Forbidden);
    let own = house.control.create_saved_view(&auditor, view("own", Sharing::Own)).await.expect("one's own may be");
    let share = SavedViewUpdate { sharing: Some(Sharing::Shared), ..SavedViewUpdate::default() };
    let refused = house.control.update_saved_view(&auditor, &own.id, share).await.expect_err("sharing is editing");
    assert_eq!(refused.kind, ErrorKind::Forbidden);

    let principal = Principal::Key { id: "k".into(), name: "k".into(), scopes: vec![Scope::ReadTelemetry] };
    let key = Caller::new(principal);
    assert_eq!(names(&house, &key).await, ["all"], "a key sees what is shared");
    let elsewhere = [Project::parse("shop").expect("a slug")];
    let bound = Caller { projects: Some(elsewhere.into_iter().collect()), ..key.clone() };
    assert!(names(&house, &bound).await.is_empty());
    let refused = house.control.create_saved_view(&key, view("k", Sharing::Own)).await;
    assert_eq!(refused.expect_err("keys are nobody").kind, ErrorKind::Forbidden);

    let other = house.caller("other@example.com", Role::Member).await;
    let back = SavedViewUpdate { sharing: Some(Sharing::Own), ..SavedViewUpdate::default() };
    house.control.update_saved_view(&other, &shared.id, back).await.expect("another member may");
    assert!(names(&house, &other).await.is_empty(), "it is its owner's again");
    assert_eq!(names(&house, &member).await, ["all"]);
    assert_eq!(house.trail_of("VIEW_SHARE").len(), 2, "the refused one alone: intent and failure");
    assert_eq!(house.trail_of("VIEW_UNSHARE")[1]["outcome"], "success");
}

async fn names_and_numbers_are_bounded(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let keep = |new: NewSavedView| house.control.create_saved_view(&member, new);
    let field = |field| move |error: whodunit_control::Error| assert_eq!(error.field, Some(field), "{error}");
    keep(view("  ", Sharing::Own)).await.map_err(field("name")).expect_err("no name");
    let spaced = NewSavedView { query: "q=a b".to_owned(), ..view("x", Sharing::Own) };
    keep(spaced).await.map_err(field("query")).expect_err("a space");
    let long = NewSavedView { query: "q".repeat(9000), ..view("x", Sharing::Own) };
    assert_eq!(keep(long).await.expect_err("too long").limit, Some("saved_view_query_bytes_max"));
    let nowhere = NewSavedView { project: Project::parse("nowhere").expect("a slug"), ..view("x", Sharing::Own) };
    assert_eq!(keep(nowhere).await.expect_err("no project").kind, ErrorKind::NotFound);

    keep(view("x", Sharing::Own)).await.expect("is kept");
    keep(view("x", Sharing::Shared)).await.expect("shared and own names do not meet");
    let again = keep(view("x", Sharing::Own)).await.expect_err("the name is taken");
    assert_eq!((again.kind, again.field), (ErrorKind::Conflict, Some("name")));
    keep(NewSavedView { page: ViewPage::Logs, ..view("x", Sharing::Own) }).await.expect("another page");
    for number in 2..SAVED_VIEWS_PER_USER_MAX {
        keep(view(&number.to_string(), Sharing::Own)).await.expect("is kept");
    }
    let past = keep(view("one more", Sharing::Own)).await.expect_err("is one too many");
    assert_eq!((past.kind, past.limit), (ErrorKind::Conflict, Some("saved_views_per_user_max")));
}

async fn every_change_says_what_was_before(house: House) {
    let member = house.caller("member@example.com", Role::Member).await;
    let kept = house.control.create_saved_view(&member, view("deletions", Sharing::Own)).await.expect("is kept");
    let update = SavedViewUpdate {
        query: Some("from=-7d".to_owned()),
        reason: Some("a day was too short".to_owned()),
        ..SavedViewUpdate::default()
    };
    house.control.update_saved_view(&member, &kept.id, update).await.expect("is changed");
    house.control.delete_saved_view(&member, &kept.id, None).await.expect("is deleted");
    for (action, wanted) in [
        ("VIEW_CREATE", vec!["deletions", "from=-24h&action=DELETE", "audit"]),
        ("VIEW_UPDATE", vec!["from=-24h&action=DELETE", "from=-7d"]),
        ("VIEW_DELETE", vec!["deletions", "from=-7d"]),
    ] {
        let [intent, complete] = &house.trail_of(action)[..] else { panic!("{action}: two rows") };
        assert_eq!((intent["state"].as_str(), complete["outcome"].as_str()), ("intent", "success"));
        assert_eq!((complete["target_type"].as_str(), complete["target_id"].as_str()), ("view", kept.id.as_str()));
        for word in wanted {
            assert!(complete["changes"].contains(word), "{action}: {word} in {}", complete["changes"]);
        }
    }
    assert_eq!(house.trail_of("VIEW_UPDATE")[1]["reason"], "a day was too short");
}
