//! Signing in and out, the life of sessions, and the limit on failures.

use std::time::Duration;

use whodunit_control::{
    SESSION_ABSOLUTE, SESSION_IDLE, SESSION_TOUCH_INTERVAL, SIGN_IN_FAILURES_PER_ADDRESS_MAX,
    SIGN_IN_FAILURES_PER_EMAIL_MAX, SIGN_IN_WINDOW,
};
use whodunit_model::{Principal, Role};
use whodunit_stdx::ErrorKind;

use crate::house::{House, PASSWORD, START, as_user, from};
use crate::on_both;

on_both! {
    a_sign_in_gives_a_session_that_is_the_user,
    every_failure_looks_alike_and_is_in_the_trail,
    ten_failures_close_an_email_for_the_window,
    fifty_failures_close_an_address,
    a_session_ends_idle_and_lives_while_used,
    a_session_ends_absolutely,
    a_sign_out_ends_its_session_only,
    own_sessions_are_listed_and_ended,
    maintenance_forgets_ended_sessions,
}

async fn a_sign_in_gives_a_session_that_is_the_user(house: House) {
    let user = house.user("dana@example.com", Role::Auditor).await;
    let signed_in = house.control.sign_in(" DANA@example.com", PASSWORD, &from("192.0.2.7")).await.expect("signs in");
    assert_eq!((signed_in.token.len(), signed_in.expires_at), (43, START.saturating_add(SESSION_ABSOLUTE)));
    let session = house.control.session(&signed_in.token).await.expect("asks").expect("is alive");
    assert_eq!(session.csrf, signed_in.csrf);
    assert_ne!(session.csrf, signed_in.token);
    assert!(matches!(&session.caller.principal, Principal::User { id, role: Role::Auditor, .. } if *id == user.id));
    assert_eq!(session.caller.session_id.as_deref(), Some(session.id.as_str()));
    assert!(house.control.session(&session.id).await.expect("asks").is_none(), "the id is no token");
    assert!(house.control.session("").await.expect("asks").is_none());
    assert_eq!(house.control.user(&user.id).await.expect("is there").last_sign_in_at, Some(START));
    let rows = house.trail_of("LOGIN");
    assert_eq!(rows.len(), 2);
    for (column, value) in
        [("outcome", "success"), ("ip", "192.0.2.7"), ("user_agent", "test/1"), ("category", "authentication")]
    {
        assert_eq!(rows[1][column], value);
    }
    assert_eq!((&rows[1]["actor_id"], &rows[1]["session_id"]), (&user.id, &session.id));
    assert!(house.trail().iter().all(|row| row.values().all(|value| !value.contains(&signed_in.token))));
}

async fn every_failure_looks_alike_and_is_in_the_trail(house: House) {
    let user = house.user("dana@example.com", Role::Member).await;
    let mut messages = Vec::new();
    for (email, password) in
        [("dana@example.com", "wrong password"), ("nobody@example.com", PASSWORD), ("no address", PASSWORD)]
    {
        let error = house.control.sign_in(email, password, &from("192.0.2.7")).await.expect_err("fails");
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        messages.push(error.message);
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
    let rows = house.trail_of("LOGIN_FAILED");
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(
            (row["severity"].as_str(), row["outcome"].as_str(), row["state"].as_str()),
            ("WARNING", "failure", "complete")
        );
        assert_eq!((row["actor_type"].as_str(), row["ip"].as_str()), ("anonymous", "192.0.2.7"));
    }
    assert_eq!(
        (rows[0]["target_id"].as_str(), rows[0]["error_message"].as_str()),
        (user.id.as_str(), "wrong password")
    );
    assert_eq!(rows[1]["metadata"], "{\"email\":\"nobody@example.com\"}");
    assert!(rows.iter().all(|row| row.values().all(|value| !value.contains(PASSWORD))));
}

async fn ten_failures_close_an_email_for_the_window(house: House) {
    house.user("dana@example.com", Role::Member).await;
    for _ in 0..SIGN_IN_FAILURES_PER_EMAIL_MAX {
        house.control.sign_in("dana@example.com", "wrong password", &from("192.0.2.7")).await.expect_err("is wrong");
    }
    for _ in 0..3 {
        let error =
            house.control.sign_in("dana@example.com", PASSWORD, &from("192.0.2.8")).await.expect_err("is closed");
        assert_eq!((error.kind, error.limit), (ErrorKind::Exhausted, Some("sign_in_failures_per_email_max")));
        assert_eq!(error.retry_after, Some(SIGN_IN_WINDOW));
    }
    let rows = house.trail_of("LOGIN_FAILED");
    assert_eq!(rows.len() as u32, SIGN_IN_FAILURES_PER_EMAIL_MAX + 1, "refusals are told once");
    assert_eq!(rows[rows.len() - 1]["error_message"], "too many failed sign-ins");
    house.clock.advance(SIGN_IN_WINDOW);
    house.signed_in("dana@example.com").await;
}

async fn fifty_failures_close_an_address(house: House) {
    house.user("dana@example.com", Role::Member).await;
    for index in 0..SIGN_IN_FAILURES_PER_ADDRESS_MAX {
        let email = format!("{index}@example.com");
        house.control.sign_in(&email, "wrong password", &from("192.0.2.7")).await.expect_err("is wrong");
    }
    let error = house.control.sign_in("dana@example.com", PASSWORD, &from("192.0.2.7")).await.expect_err("is closed");
    assert_eq!(error.limit, Some("sign_in_failures_per_address_max"));
    house.control.sign_in("dana@example.com", PASSWORD, &from("192.0.2.8")).await.expect("another address");
}

async fn a_session_ends_idle_and_lives_while_used(house: House) {
    house.user("dana@example.com", Role::Member).await;
    let signed_in = house.signed_in("dana@example.com").await;
    for _ in 0..3 {
        house.clock.advance(SESSION_IDLE - Duration::from_secs(1));
        assert!(house.control.session(&signed_in.token).await.expect("asks").is_some());
    }
    house.clock.advance(SESSION_IDLE);
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_none());
}

async fn a_session_ends_absolutely(house: House) {
    house.user("dana@example.com", Role::Member).await;
    let signed_in = house.signed_in("dana@example.com").await;
    let step = Duration::from_secs(6 * 60 * 60);
    while house.world.now().saturating_add(step) < START.saturating_add(SESSION_ABSOLUTE) {
        house.clock.advance(step);
        assert!(house.control.session(&signed_in.token).await.expect("asks").is_some());
    }
    house.clock.advance(step);
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_none());
}

async fn a_sign_out_ends_its_session_only(house: House) {
    house.user("dana@example.com", Role::Member).await;
    let (first, second) = (house.signed_in("dana@example.com").await, house.signed_in("dana@example.com").await);
    house.control.sign_out(&first.token, &from("192.0.2.7")).await.expect("signs out");
    assert!(house.control.session(&first.token).await.expect("asks").is_none());
    assert!(house.control.session(&second.token).await.expect("asks").is_some());
    house.control.sign_out(&first.token, &from("192.0.2.7")).await.expect("again is fine");
    let rows = house.trail_of("LOGOUT");
    assert_eq!((rows.len(), rows[0]["actor_email"].as_str()), (1, "dana@example.com"));
}

async fn own_sessions_are_listed_and_ended(house: House) {
    let dana = house.user("dana@example.com", Role::Member).await;
    let other = house.caller("other@example.com", Role::Owner).await;
    let (first, second) = (house.signed_in("dana@example.com").await, house.signed_in("dana@example.com").await);
    let sessions = house.control.sessions(&first.caller).await.expect("lists");
    assert_eq!(sessions.len(), 2);
    assert_eq!((sessions[0].user_id.as_str(), sessions[0].ip.as_deref()), (dana.id.as_str(), Some("192.0.2.7")));
    let second_id = second.caller.session_id.clone().expect("has one");
    let error = house.control.end_session(&other, &second_id).await.expect_err("is not theirs");
    assert_eq!(error.kind, ErrorKind::NotFound);
    house.control.end_session(&first.caller, &second_id).await.expect("is ended");
    assert!(house.control.session(&second.token).await.expect("asks").is_none());
    assert!(house.control.session(&first.token).await.expect("asks").is_some());
    assert_eq!(house.control.sessions(&as_user(&dana)).await.expect("lists").len(), 1);
}

async fn maintenance_forgets_ended_sessions(house: House) {
    house.user("dana@example.com", Role::Member).await;
    let signed_in = house.signed_in("dana@example.com").await;
    house.clock.advance(SESSION_TOUCH_INTERVAL);
    house.control.maintain().await.expect("maintains");
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_some());
    house.clock.advance(SESSION_IDLE);
    house.control.maintain().await.expect("maintains");
    house.clock.set(START);
    assert!(house.control.session(&signed_in.token).await.expect("asks").is_none(), "even if the clock went back");
}
