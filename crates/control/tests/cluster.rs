//! Several processes on one control database.

use whodunit_control::{NewKey, NewProject, UserUpdate};
use whodunit_model::{Project, Role, Scope};

use crate::house::{House, PASSWORD, as_user, from};
use crate::on_both;

on_both! {
    another_node_follows_with_its_maintenance,
    two_owners_cannot_demote_each_other_at_one_time,
    many_changes_at_one_time_all_happen_once,
    a_session_is_good_on_every_node,
}

async fn another_node_follows_with_its_maintenance(house: House) {
    let node = house.second_node().await;
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let made = house.control.create_key(&owner, NewKey::api("report", vec![Scope::ReadAudit])).await.expect("is made");
    assert!(node.control.authenticate_key(&made.secret).is_none());
    node.control.maintain().await.expect("follows");
    assert!(node.control.authenticate_key(&made.secret).is_some());
    assert_eq!(node.control.setup_token(), None);
    house.control.revoke_key(&owner, &made.key.id, None).await.expect("is revoked");
    node.control.maintain().await.expect("follows");
    assert!(node.control.authenticate_key(&made.secret).is_none());
    assert_eq!(node.control.directory().revision(), house.control.directory().revision());
}

async fn two_owners_cannot_demote_each_other_at_one_time(house: House) {
    let node = house.second_node().await;
    let (a, b) = (house.user("a@example.com", Role::Owner).await, house.user("b@example.com", Role::Owner).await);
    let (as_a, as_b) = (as_user(&a), as_user(&b));
    let demote = || UserUpdate { role: Some(Role::Viewer), ..UserUpdate::default() };
    let (first, second) = tokio::join!(
        house.control.update_user(&as_a, &b.id, demote()),
        node.control.update_user(&as_b, &a.id, demote()),
    );
    assert_eq!(u32::from(first.is_ok()) + u32::from(second.is_ok()), 1, "{first:?} {second:?}");
    let owners =
        house.control.users().await.expect("lists").into_iter().filter(|user| user.role == Role::Owner).count();
    assert_eq!(owners, 1);
}

async fn many_changes_at_one_time_all_happen_once(house: House) {
    let node = house.second_node().await;
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let new = |index: usize| NewProject { slug: format!("p{index}"), name: None, reason: None };
    let made = (0..12).map(|index| {
        let (control, owner) =
            (if index % 2 == 0 { house.control.clone() } else { node.control.clone() }, owner.clone());
        tokio::spawn(async move { control.create_project(&owner, new(index)).await.expect("is made").number })
    });
    let mut numbers = Vec::new();
    for handle in made.collect::<Vec<_>>() {
        numbers.push(handle.await.expect("does not panic"));
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (2..14).collect::<Vec<i64>>());
    node.control.maintain().await.expect("follows");
    house.control.maintain().await.expect("follows");
    assert_eq!(node.control.directory().projects().count(), 14);
    assert_eq!(house.control.directory().projects().count(), 14);
    assert!(house.control.directory().project(Project::DEFAULT).is_some());
}

async fn a_session_is_good_on_every_node(house: House) {
    let node = house.second_node().await;
    house.user("dana@example.com", Role::Member).await;
    let signed_in = house.control.sign_in("dana@example.com", PASSWORD, &from("192.0.2.7")).await.expect("signs in");
    let there = node.control.session(&signed_in.token).await.expect("asks").expect("is alive");
    assert_eq!(there.csrf, signed_in.csrf);
    node.control.sign_out(&signed_in.token, &from("192.0.2.7")).await.expect("signs out");
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_none());
}
