//! The first owner.

use whodunit_control::{Control, SetUp};
use whodunit_model::{Principal, Role};
use whodunit_stdx::ErrorKind;

use crate::house::{House, PASSWORD, from};
use crate::on_both;

on_both! {
    the_link_makes_one_owner_and_is_gone,
    a_wrong_or_replaced_link_makes_nobody,
    raced_twice_one_wins,
    an_owner_made_otherwise_ends_the_link,
}

fn request(token: &str, email: &str) -> SetUp {
    SetUp { token: token.into(), email: email.into(), name: "Dana".into(), password: PASSWORD.into() }
}

async fn the_link_makes_one_owner_and_is_gone(house: House) {
    let token = house.control.setup_token().expect("nobody owns it");
    let signed_in =
        house.control.set_up(request(&token, "Dana@example.com"), &from("192.0.2.7")).await.expect("is made");
    assert!(matches!(&signed_in.caller.principal, Principal::User { role: Role::Owner, .. }));
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_some());
    assert_eq!(house.control.setup_token(), None);
    assert!(house.control.directory().has_owner());
    let error =
        house.control.set_up(request(&token, "eve@example.com"), &from("192.0.2.7")).await.expect_err("is used");
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(house.reopened().await.setup_token(), None);
    let rows = house.trail_of("SETUP");
    assert_eq!((rows[1]["outcome"].as_str(), rows[1]["target_name"].as_str()), ("success", "dana@example.com"));
    assert!(house.trail().iter().all(|row| row.values().all(|value| !value.contains(&token))));
}

async fn a_wrong_or_replaced_link_makes_nobody(house: House) {
    let first = house.control.setup_token().expect("nobody owns it");
    let restarted: Control = house.reopened().await;
    let second = restarted.setup_token().expect("a new one each start");
    assert_ne!(first, second);
    for wrong in ["", "guess", first.as_str()] {
        let error =
            restarted.set_up(request(wrong, "eve@example.com"), &from("192.0.2.7")).await.expect_err("is wrong");
        assert_eq!(error.kind, ErrorKind::Forbidden);
    }
    let weak = SetUp { password: "short".into(), ..request(&second, "dana@example.com") };
    assert_eq!(restarted.set_up(weak, &from("192.0.2.7")).await.expect_err("is weak").field, Some("password"));
    assert!(house.control.users().await.expect("lists").is_empty());
    restarted.set_up(request(&second, "dana@example.com"), &from("192.0.2.7")).await.expect("still works");
}

async fn raced_twice_one_wins(house: House) {
    let node = house.second_node().await;
    let token = node.control.setup_token().expect("nobody owns it");
    let (here, there) = (from("192.0.2.7"), from("192.0.2.8"));
    let (a, b) = tokio::join!(
        house.control.set_up(request(&token, "a@example.com"), &here),
        node.control.set_up(request(&token, "b@example.com"), &there),
    );
    assert_eq!(u32::from(a.is_ok()) + u32::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(a.err().or(b.err()).expect("one lost").kind, ErrorKind::Conflict);
    assert_eq!(house.control.users().await.expect("lists").len(), 1);
}

async fn an_owner_made_otherwise_ends_the_link(house: House) {
    let token = house.control.setup_token().expect("nobody owns it");
    house.user("admin@example.com", Role::Admin).await;
    assert!(house.control.setup_token().is_some(), "an admin is no owner");
    house.user("owner@example.com", Role::Owner).await;
    assert_eq!(house.control.setup_token(), None);
    let error =
        house.control.set_up(request(&token, "eve@example.com"), &from("192.0.2.7")).await.expect_err("is over");
    assert_eq!(error.kind, ErrorKind::Conflict);
}
