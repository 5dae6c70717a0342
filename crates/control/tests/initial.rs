//! Unattended installation.

use whodunit_control::{Initial, Initialised, KeyKind};
use whodunit_model::{Permission, Role};

use crate::house::{House, PASSWORD, from};
use crate::on_both;

on_both! {
    what_the_environment_brings_is_made_once,
    nothing_asked_is_nothing_done,
    an_installation_in_use_is_left_alone,
    wrong_wishes_make_nothing,
}

fn initial() -> Initial {
    Initial {
        owner_email: Some("Owner@example.com".into()),
        owner_password: Some(PASSWORD.into()),
        ingest_key: Some("ingest-key-0123456789".into()),
        api_key: Some("api-key-0123456789".into()),
    }
}

async fn what_the_environment_brings_is_made_once(house: House) {
    let made = house.control.initialise(initial()).await.expect("is made");
    let Initialised::Made { owner: Some(owner), keys } = made else { panic!("{made:?}") };
    assert_eq!((owner.email.as_str(), owner.role), ("owner@example.com", Role::Owner));
    assert_eq!(keys.iter().map(|key| key.kind).collect::<Vec<_>>(), [KeyKind::Ingest, KeyKind::Api]);
    house.control.sign_in("owner@example.com", PASSWORD, &from("192.0.2.7")).await.expect("signs in");
    let ingest = house.control.authenticate_key("ingest-key-0123456789").expect("is known");
    assert!(ingest.allows(Permission::Ingest) && !ingest.allows(Permission::ReadAudit));
    let api = house.control.authenticate_key("api-key-0123456789").expect("is known");
    assert!([Permission::Ingest, Permission::ReadAudit, Permission::Administer].into_iter().all(|one| api.allows(one)));
    assert_eq!(house.control.setup_token(), None);
    assert_eq!(house.control.initialise(initial()).await.expect("is not new"), Initialised::NotNew);
    assert_eq!(house.control.keys().await.expect("lists").len(), 2);
    let rows = house.trail_of("INITIALISE");
    assert_eq!((rows.len(), rows[1]["actor_type"].as_str(), rows[1]["outcome"].as_str()), (2, "system", "success"));
    let secrets = [PASSWORD, "ingest-key-0123456789", "api-key-0123456789"];
    assert!(
        house.trail().iter().all(|row| row.values().all(|value| !secrets.iter().any(|secret| value.contains(secret))))
    );
}

async fn nothing_asked_is_nothing_done(house: House) {
    assert_eq!(house.control.initialise(Initial::default()).await.expect("is nothing"), Initialised::Nothing);
    assert!(house.trail().is_empty());
    assert!(house.control.setup_token().is_some());
}

async fn an_installation_in_use_is_left_alone(house: House) {
    house.user("somebody@example.com", Role::Viewer).await;
    assert_eq!(house.control.initialise(initial()).await.expect("is not new"), Initialised::NotNew);
    assert!(house.control.authenticate_key("api-key-0123456789").is_none());
}

async fn wrong_wishes_make_nothing(house: House) {
    let cases = [
        (Initial { owner_password: None, ..initial() }, "owner_password"),
        (Initial { owner_email: None, ..initial() }, "owner_email"),
        (Initial { owner_password: Some("short".into()), ..initial() }, "password"),
        (Initial { ingest_key: Some("fifteen-chars-x".into()), ..initial() }, "ingest_key"),
        (Initial { api_key: Some("with spaces in between".into()), ..initial() }, "api_key"),
    ];
    for (wish, field) in cases {
        assert_eq!(house.control.initialise(wish).await.expect_err(field).field, Some(field));
    }
    assert!(house.control.users().await.expect("lists").is_empty());
    assert!(house.control.keys().await.expect("lists").is_empty());
    house.control.initialise(initial()).await.expect("is still new");
}
