//! Users: who makes, changes and disables whom.

use std::time::Duration;

use whodunit_control::{NewUser, UserUpdate};
use whodunit_model::{Caller, Principal, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::{House, PASSWORD, as_user, from};
use crate::on_both;

on_both! {
    a_made_user_is_listed_and_in_the_trail_without_the_password,
    a_left_out_password_is_made_up_and_works_once_told,
    an_email_is_unique_whatever_its_case,
    the_last_owner_stays,
    an_admin_does_not_touch_owners,
    those_who_only_read_change_nobody,
    a_disabled_user_is_out_at_once_and_can_come_back,
    a_changed_role_counts_from_the_next_request,
    changing_the_password_ends_the_other_sessions,
    a_wrong_current_password_changes_nothing_and_counts,
    a_reset_password_ends_all_sessions,
    a_key_bound_to_projects_manages_nobody,
}

fn new(email: &str, role: Role) -> NewUser {
    NewUser {
        email: email.into(),
        name: "Some One".into(),
        role,
        password: Some(PASSWORD.into()),
        reason: Some("hired".into()),
    }
}

fn role(role: Role) -> UserUpdate {
    UserUpdate { role: Some(role), ..UserUpdate::default() }
}

fn disabled(disabled: bool) -> UserUpdate {
    UserUpdate { disabled: Some(disabled), ..UserUpdate::default() }
}

async fn a_made_user_is_listed_and_in_the_trail_without_the_password(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    house.clock.advance(Duration::from_millis(1));
    let made = house.control.create_user(&owner, new(" Dana@Example.com", Role::Member)).await.expect("is made");
    assert_eq!((made.user.email.as_str(), made.password), ("dana@example.com", None));
    let users = house.control.users().await.expect("lists");
    assert_eq!(
        users.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(),
        ["owner@example.com", "dana@example.com"]
    );
    let rows = house.trail_of("USER_CREATE");
    let [intent, complete] = &rows[rows.len() - 2..] else { panic!("two rows") };
    assert_eq!((intent["state"].as_str(), complete["state"].as_str()), ("intent", "complete"));
    assert_eq!(intent["id"], complete["id"]);
    assert!(!intent.contains_key("outcome"));
    let expected = [
        ("outcome", "success"),
        ("actor_type", "user"),
        ("actor_email", "owner@example.com"),
        ("ip", "192.0.2.1"),
        ("target_type", "user"),
        ("target_id", made.user.id.as_str()),
        ("target_name", "dana@example.com"),
        ("reason", "hired"),
        ("category", "configuration"),
        ("origin", "whodunit"),
        ("service", "whodunit"),
    ];
    for (column, value) in expected {
        assert_eq!(complete[column], value, "{column}");
    }
    assert!(complete["changes"].contains("\"member\""), "{}", complete["changes"]);
    assert!(rows.iter().all(|row| row.values().all(|value| !value.contains(PASSWORD) && !value.contains("argon2"))));
}

async fn a_left_out_password_is_made_up_and_works_once_told(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let request = NewUser { password: None, ..new("dana@example.com", Role::Viewer) };
    let made = house.control.create_user(&owner, request).await.expect("is made");
    let password = made.password.expect("is told once");
    house.control.sign_in("dana@example.com", &password, &from("192.0.2.7")).await.expect("signs in");
}

async fn an_email_is_unique_whatever_its_case(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let error = house.control.create_user(&owner, new("OWNER@example.com", Role::Viewer)).await.expect_err("is taken");
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(error.message, "there is a user owner@example.com already");
    let rows = house.trail_of("USER_CREATE");
    assert_eq!(rows[rows.len() - 1]["outcome"], "failure");
    assert_eq!(rows[rows.len() - 1]["error_type"], "conflict");
}

async fn the_last_owner_stays(house: House) {
    let owner = house.user("owner@example.com", Role::Owner).await;
    let caller = as_user(&owner);
    for update in [role(Role::Admin), disabled(true)] {
        let error = house.control.update_user(&caller, &owner.id, update).await.expect_err("nobody would own it");
        assert_eq!(error.kind, ErrorKind::Conflict);
    }
    let second = house.user("second@example.com", Role::Owner).await;
    house.control.update_user(&caller, &second.id, disabled(true)).await.expect("there is another");
    house
        .control
        .update_user(&caller, &owner.id, role(Role::Viewer))
        .await
        .expect_err("a disabled owner does not count");
    house.control.update_user(&caller, &second.id, disabled(false)).await.expect("comes back");
    let after = house.control.update_user(&caller, &owner.id, role(Role::Viewer)).await.expect("now there are two");
    assert_eq!(after.role, Role::Viewer);
    let rows = house.trail_of("PERMISSION_CHANGE");
    assert!(rows[rows.len() - 1]["changes"].contains("\"owner\""), "{}", rows[rows.len() - 1]["changes"]);
}

async fn an_admin_does_not_touch_owners(house: House) {
    let owner = house.user("owner@example.com", Role::Owner).await;
    let admin = house.caller("admin@example.com", Role::Admin).await;
    let member = house.user("member@example.com", Role::Member).await;
    let forbidden = [
        house.control.update_user(&admin, &owner.id, role(Role::Viewer)).await.expect_err("an owner").kind,
        house.control.update_user(&admin, &owner.id, disabled(true)).await.expect_err("an owner").kind,
        house.control.reset_password(&admin, &owner.id, None).await.expect_err("an owner").kind,
        house.control.update_user(&admin, &member.id, role(Role::Owner)).await.expect_err("makes an owner").kind,
        house.control.create_user(&admin, new("x@example.com", Role::Owner)).await.expect_err("makes an owner").kind,
    ];
    assert_eq!(forbidden, [ErrorKind::Forbidden; 5]);
    house.control.update_user(&admin, &member.id, role(Role::Admin)).await.expect("but admins it makes");
    house.signed_in("owner@example.com").await;
}

async fn those_who_only_read_change_nobody(house: House) {
    let owner = house.user("owner@example.com", Role::Owner).await;
    for role in [Role::Member, Role::Auditor, Role::Viewer] {
        let caller = house.caller(&format!("{}@example.com", role.name()), role).await;
        let error = house.control.create_user(&caller, new("x@example.com", Role::Viewer)).await.expect_err("may not");
        assert_eq!(error.kind, ErrorKind::Forbidden);
        let error = house.control.update_user(&caller, &owner.id, disabled(true)).await.expect_err("may not");
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
    let error = house.control.update_user(&as_user(&owner), "nobody", disabled(true)).await.expect_err("no such user");
    assert_eq!(error.kind, ErrorKind::NotFound);
}

async fn a_disabled_user_is_out_at_once_and_can_come_back(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let member = house.user("member@example.com", Role::Member).await;
    let session = house.signed_in("member@example.com").await;
    house.control.update_user(&owner, &member.id, disabled(true)).await.expect("is disabled");
    assert!(house.control.session(&session.token).await.expect("asks").is_none());
    let error = house.control.sign_in("member@example.com", PASSWORD, &from("192.0.2.7")).await.expect_err("is out");
    assert_eq!(error.message, "the e-mail address or the password is wrong");
    house.control.update_user(&owner, &member.id, disabled(false)).await.expect("is back");
    assert!(house.control.session(&session.token).await.expect("asks").is_none(), "the old session stays ended");
    house.signed_in("member@example.com").await;
}

async fn a_changed_role_counts_from_the_next_request(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let member = house.user("member@example.com", Role::Member).await;
    let session = house.signed_in("member@example.com").await;
    house.control.update_user(&owner, &member.id, role(Role::Auditor)).await.expect("is changed");
    let caller = house.control.session(&session.token).await.expect("asks").expect("is alive").caller;
    assert!(matches!(caller.principal, Principal::User { role: Role::Auditor, .. }));
}

async fn changing_the_password_ends_the_other_sessions(house: House) {
    house.user("owner@example.com", Role::Owner).await;
    let (kept, ended) = (house.signed_in("owner@example.com").await, house.signed_in("owner@example.com").await);
    house.control.change_password(&kept.caller, PASSWORD, "owner@example.com").await.expect_err("the e-mail address");
    house.control.change_password(&kept.caller, PASSWORD, "another good password").await.expect("is changed");
    assert!(house.control.session(&kept.token).await.expect("asks").is_some());
    assert!(house.control.session(&ended.token).await.expect("asks").is_none());
    house.control.sign_in("owner@example.com", PASSWORD, &from("192.0.2.7")).await.expect_err("the old one");
    house.control.sign_in("owner@example.com", "another good password", &from("192.0.2.7")).await.expect("the new one");
}

async fn a_wrong_current_password_changes_nothing_and_counts(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    for _ in 0..whodunit_control::SIGN_IN_FAILURES_PER_EMAIL_MAX {
        let error = house
            .control
            .change_password(&owner, "not the password", "another good password")
            .await
            .expect_err("wrong");
        assert_eq!((error.kind, error.field), (ErrorKind::Invalid, Some("current")));
    }
    let error = house.control.change_password(&owner, PASSWORD, "another good password").await.expect_err("too many");
    assert_eq!(error.kind, ErrorKind::Exhausted);
    assert_eq!(
        house
            .trail_of("PASSWORD_CHANGE")
            .iter()
            .filter(|row| row.get("outcome").is_some_and(|o| o == "failure"))
            .count(),
        10
    );
    house.clock.advance(whodunit_control::SIGN_IN_WINDOW + Duration::from_secs(1));
    house.signed_in("owner@example.com").await;
}

async fn a_reset_password_ends_all_sessions(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let member = house.user("member@example.com", Role::Member).await;
    let session = house.signed_in("member@example.com").await;
    let password = house.control.reset_password(&owner, &member.id, Some("forgotten")).await.expect("is reset");
    assert!(house.control.session(&session.token).await.expect("asks").is_none());
    house.control.sign_in("member@example.com", &password, &from("192.0.2.7")).await.expect("the new one");
    let rows = house.trail_of("PASSWORD_RESET");
    assert_eq!(rows[1]["reason"], "forgotten");
    assert!(rows.iter().all(|row| row.values().all(|value| !value.contains(&password))));
}

async fn a_key_bound_to_projects_manages_nobody(house: House) {
    let principal = |scopes| Principal::Key { id: "k".into(), name: "k".into(), scopes };
    let free = Caller::new(principal(vec![Scope::Administer]));
    let bound = Caller { projects: Some([whodunit_model::Project::default_project()].into()), ..free.clone() };
    let error = house.control.create_user(&bound, new("x@example.com", Role::Viewer)).await.expect_err("is bound");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    let error = house.control.create_user(&free, new("x@example.com", Role::Owner)).await.expect_err("is no owner");
    assert_eq!(error.kind, ErrorKind::Forbidden);
    house.control.create_user(&free, new("x@example.com", Role::Admin)).await.expect("is like an admin");
}
