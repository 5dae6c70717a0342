//! Keys: shown once, found by hash, bounded in what they do.

use std::time::Duration;

use whodunit_control::{KeyKind, NewKey, NewProject, ProjectUpdate};
use whodunit_model::{Caller, Permission, Principal, Project, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::{House, START};
use crate::on_both;

on_both! {
    an_ingest_key_sends_into_its_project_and_nothing_else,
    an_api_key_has_its_scopes_and_projects,
    a_secret_is_shown_once_and_stored_nowhere,
    a_revoked_key_opens_nothing_from_the_answer_on,
    an_expired_key_opens_nothing,
    powers_are_checked,
    a_key_never_makes_a_stronger_key,
    a_key_of_an_archived_project_rests,
    the_last_use_is_kept_lazily,
    keys_survive_a_restart,
}

fn slugs(caller: &Caller) -> Option<Vec<String>> {
    caller.projects.as_ref().map(|projects| projects.iter().map(Project::to_string).collect())
}

async fn an_ingest_key_sends_into_its_project_and_nothing_else(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let made =
        house.control.create_key(&owner, NewKey::ingest("shop", Project::default_project())).await.expect("is made");
    assert!(made.secret.starts_with("wd_ing_") && made.secret.len() == 50, "{}", made.secret);
    let caller = house.control.authenticate_key(&made.secret).expect("is known at once");
    assert!(caller.allows(Permission::Ingest) && !caller.allows(Permission::ReadTelemetry));
    assert_eq!(slugs(&caller), Some(vec!["default".to_owned()]));
    assert!(matches!(&caller.principal, Principal::Key { id, name, .. } if *id == made.key.id && name == "shop"));
    let public_id = made.key.public_id.expect("an ingest key has one");
    assert!(public_id.len() == 32 && public_id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(house.control.authenticate_key(&public_id).is_none(), "the public part is no secret");
    let directory = house.control.directory();
    assert!(directory.authenticate_public_id(&public_id, house.world.now()).is_some());
    assert!(directory.authenticate_public_id("0", house.world.now()).is_none());
    for wrong in ["", "wd_ing_", &made.secret[1..], &"x".repeat(10_000)] {
        assert!(house.control.authenticate_key(wrong).is_none(), "{wrong:?}");
    }
}

async fn an_api_key_has_its_scopes_and_projects(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let new = NewKey {
        projects: Some(vec![Project::whodunit(), Project::default_project(), Project::whodunit()]),
        ..NewKey::api("report", vec![Scope::ReadAudit, Scope::ReadAudit, Scope::Ingest])
    };
    let made = house.control.create_key(&owner, new).await.expect("is made");
    assert!(made.secret.starts_with("wd_api_"));
    assert_eq!((made.key.kind, made.key.public_id), (KeyKind::Api, None));
    let caller = house.control.authenticate_key(&made.secret).expect("is known");
    assert!(matches!(&caller.principal, Principal::Key { scopes, .. } if *scopes == [Scope::Ingest, Scope::ReadAudit]));
    assert_eq!(slugs(&caller).map(|slugs| slugs.len()), Some(2));
    let free = house.control.create_key(&owner, NewKey::api("all", vec![Scope::ReadTelemetry])).await.expect("is made");
    assert_eq!(slugs(&house.control.authenticate_key(&free.secret).expect("is known")), None);
}

async fn a_secret_is_shown_once_and_stored_nowhere(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let made = house.control.create_key(&owner, NewKey::api("report", vec![Scope::ReadAudit])).await.expect("is made");
    let listed = house.control.keys().await.expect("lists");
    assert_eq!((listed.len(), listed[0].hint.as_str()), (1, &made.secret[made.secret.len() - 4..]));
    assert_eq!(listed[0].created_by, "owner@example.com");
    assert!(!format!("{listed:?}").contains(&made.secret));
    let rows = house.trail_of("API_KEY_CREATE");
    assert_eq!(rows[1]["target_id"], made.key.id);
    assert!(rows.iter().all(|row| row.values().all(|value| !value.contains(&made.secret))));
}

async fn a_revoked_key_opens_nothing_from_the_answer_on(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let made = house.control.create_key(&owner, NewKey::api("report", vec![Scope::ReadAudit])).await.expect("is made");
    let revoked = house.control.revoke_key(&owner, &made.key.id, Some("leaked")).await.expect("is revoked");
    assert_eq!(revoked.revoked_at, Some(START));
    assert!(house.control.authenticate_key(&made.secret).is_none());
    house.clock.advance(Duration::from_secs(5));
    let again = house.control.revoke_key(&owner, &made.key.id, None).await.expect("again is fine");
    assert_eq!(again.revoked_at, Some(START));
    assert_eq!(house.trail_of("API_KEY_REVOKE")[1]["reason"], "leaked");
    let error = house.control.revoke_key(&owner, "nothing", None).await.expect_err("no such key");
    assert_eq!(error.kind, ErrorKind::NotFound);
}

async fn an_expired_key_opens_nothing(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let hour = Duration::from_secs(3600);
    let new =
        NewKey { expires_at: Some(START.saturating_add(hour)), ..NewKey::api("soon gone", vec![Scope::ReadAudit]) };
    let made = house.control.create_key(&owner, new.clone()).await.expect("is made");
    house.clock.advance(hour - Duration::from_nanos(1));
    assert!(house.control.authenticate_key(&made.secret).is_some());
    house.clock.advance(Duration::from_nanos(1));
    assert!(house.control.authenticate_key(&made.secret).is_none());
    let error = house.control.create_key(&owner, new).await.expect_err("is past");
    assert_eq!(error.field, Some("expires_at"));
}

async fn powers_are_checked(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let other = Project::parse("other").expect("a slug");
    let ingest = NewKey::ingest("k", Project::default_project());
    let api = NewKey::api("k", vec![Scope::ReadAudit]);
    let cases = [
        (NewKey { scopes: vec![Scope::ReadAudit], ..ingest.clone() }, "scopes"),
        (NewKey { projects: Some(vec![]), ..ingest.clone() }, "projects"),
        (NewKey { projects: Some(vec![Project::default_project(), other.clone()]), ..ingest.clone() }, "projects"),
        (NewKey { projects: Some(vec![Project::whodunit()]), ..ingest.clone() }, "projects"),
        (NewKey { projects: Some(vec![other]), ..ingest.clone() }, "projects"),
        (NewKey { name: " ".into(), ..ingest }, "name"),
        (NewKey { scopes: vec![], ..api.clone() }, "scopes"),
        (NewKey { projects: Some(vec![]), ..api }, "projects"),
    ];
    for (new, field) in cases {
        let error = house.control.create_key(&owner, new.clone()).await.expect_err(field);
        assert_eq!(error.field, Some(field), "{new:?}");
    }
    assert!(house.control.keys().await.expect("lists").is_empty());
}

async fn a_key_never_makes_a_stronger_key(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let new = NewKey {
        projects: Some(vec![Project::default_project()]),
        ..NewKey::api("robot", vec![Scope::Administer, Scope::ReadTelemetry])
    };
    let robot = house.control.create_key(&owner, new).await.expect("is made");
    let robot = house.control.authenticate_key(&robot.secret).expect("is known");
    let bound = |scopes| NewKey { projects: Some(vec![Project::default_project()]), ..NewKey::api("child", scopes) };
    let refused = [
        bound(vec![Scope::ReadAudit]),
        NewKey::api("child", vec![Scope::ReadTelemetry]),
        NewKey { projects: Some(vec![Project::whodunit()]), ..NewKey::api("child", vec![Scope::ReadTelemetry]) },
        NewKey::ingest("child", Project::default_project()),
    ];
    for new in refused {
        let error = house.control.create_key(&robot, new.clone()).await.expect_err("is stronger");
        assert_eq!(error.kind, ErrorKind::Forbidden, "{new:?}");
    }
    house.control.create_key(&robot, bound(vec![Scope::ReadTelemetry])).await.expect("is weaker");
    let error = house.control.create_project(&robot, NewProject { slug: "x".into(), name: None, reason: None }).await;
    assert_eq!(error.expect_err("is bound").kind, ErrorKind::Forbidden);
}

async fn a_key_of_an_archived_project_rests(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let new = NewProject { slug: "shop".into(), name: None, reason: None };
    let shop = house.control.create_project(&owner, new).await.expect("is made").slug;
    let made = house.control.create_key(&owner, NewKey::ingest("shop", shop.clone())).await.expect("is made");
    let archived = |archived| ProjectUpdate { archived: Some(archived), ..ProjectUpdate::default() };
    house.control.update_project(&owner, "shop", archived(true)).await.expect("is archived");
    assert!(house.control.authenticate_key(&made.secret).is_none());
    let error = house.control.create_key(&owner, NewKey::ingest("shop", shop)).await.expect_err("is archived");
    assert_eq!(error.kind, ErrorKind::Conflict);
    house.control.update_project(&owner, "shop", archived(false)).await.expect("is back");
    assert!(house.control.authenticate_key(&made.secret).is_some());
}

async fn the_last_use_is_kept_lazily(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let made = house.control.create_key(&owner, NewKey::api("report", vec![Scope::ReadAudit])).await.expect("is made");
    assert_eq!(house.control.keys().await.expect("lists")[0].last_used_at, None);
    house.clock.advance(Duration::from_secs(60));
    house.control.authenticate_key(&made.secret).expect("is known");
    let used = Some(house.world.now());
    assert_eq!(house.control.keys().await.expect("lists")[0].last_used_at, used, "lists know it from memory");
    assert_eq!(house.reopened().await.keys().await.expect("lists")[0].last_used_at, None, "the database not yet");
    house.control.maintain().await.expect("saves");
    assert_eq!(house.reopened().await.keys().await.expect("lists")[0].last_used_at, used);
}

async fn keys_survive_a_restart(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let kept =
        house.control.create_key(&owner, NewKey::ingest("kept", Project::default_project())).await.expect("is made");
    let gone =
        house.control.create_key(&owner, NewKey::ingest("gone", Project::default_project())).await.expect("is made");
    house.control.revoke_key(&owner, &gone.key.id, None).await.expect("is revoked");
    let reopened = house.reopened().await;
    assert!(reopened.authenticate_key(&kept.secret).is_some());
    assert!(reopened.authenticate_key(&gone.secret).is_none());
    assert_eq!(reopened.keys().await.expect("lists").len(), 2);
}
