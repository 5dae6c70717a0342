//! Keys that are proved and not sent: SCRAM-SHA-256 as a client does it.

use ring::{digest, hmac, pbkdf2};
use sqlx::Connection;
use whodunit_control::{Control, NewKey, Parameters, Proof, SIGN_IN_FAILURES_PER_ADDRESS_MAX, SIGN_IN_WINDOW};
use whodunit_model::{Caller, Principal, Project, Role, Scope};
use whodunit_stdx::ErrorKind;

use crate::house::House;
use crate::on_both;

on_both! {
    a_key_is_proved_without_being_sent,
    a_key_that_may_not_be_used_proves_nothing,
    failures_are_recorded_and_limited_by_address_alone,
    salt_and_verifiers_survive_a_restart,
    a_key_without_verifier_is_named_as_the_cause,
}

const MESSAGE: &[u8] = b"n=,r=a,r=ab,s=c,i=4096,c=biws,r=ab";

fn hmac_of(key: &[u8], message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    tag.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn proof_of(secret: &str, parameters: &Parameters) -> [u8; 32] {
    let mut salted = [0; 32];
    let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
    pbkdf2::derive(algorithm, parameters.iterations, &parameters.salt, secret.as_bytes(), &mut salted);
    let mut proof = hmac_of(&salted, b"Client Key");
    let signature = hmac_of(digest::digest(&digest::SHA256, &proof).as_ref(), MESSAGE);
    proof.iter_mut().zip(signature).for_each(|(byte, other)| *byte ^= other);
    proof
}

fn who(ip: &str) -> Caller {
    Caller { ip: Some(ip.to_owned()), ..Caller::new(Principal::Anonymous) }
}

async fn prove(control: &Control, secret: &str, ip: &str) -> Result<Caller, whodunit_control::Error> {
    let proof = proof_of(secret, &control.scram());
    let proof = Proof { auth_message: MESSAGE, proof: &proof, place: "a test" };
    control.authenticate_proof(proof, &who(ip)).await.map(|proved| proved.caller)
}

async fn api_key(house: &House, name: &str) -> whodunit_control::CreatedKey {
    let new = NewKey::api(name, vec![Scope::ReadAudit]);
    house.control.create_key(&Caller::system("test"), new).await.expect("is made")
}

async fn a_key_is_proved_without_being_sent(house: House) {
    let (one, two) = (api_key(&house, "one").await, api_key(&house, "two").await);
    for made in [&one, &two] {
        let caller = prove(&house.control, &made.secret, "192.0.2.1").await.expect("is proved");
        assert!(matches!(&caller.principal, Principal::Key { id, .. } if *id == made.key.id));
    }
    let error = prove(&house.control, "wd_api_nobody-has-this-key", "192.0.2.1").await.expect_err("is no key");
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
}

async fn a_key_that_may_not_be_used_proves_nothing(house: House) {
    let owner = house.caller("owner@example.com", Role::Owner).await;
    let project = Project::default_project();
    let ingest = house.control.create_key(&owner, NewKey::ingest("shop", project)).await.expect("is made");
    assert!(prove(&house.control, &ingest.secret, "192.0.2.1").await.is_err(), "an ingest key has no verifier");
    let made = api_key(&house, "report").await;
    let directory = house.control.directory();
    assert!(directory.caller_of_key(&made.key.id, house.world.now()).is_some());
    house.control.revoke_key(&owner, &made.key.id, None).await.expect("is revoked");
    assert!(prove(&house.control, &made.secret, "192.0.2.1").await.is_err(), "a revoked key proves nothing");
    assert!(house.control.directory().caller_of_key(&made.key.id, house.world.now()).is_none());
}

async fn failures_are_recorded_and_limited_by_address_alone(house: House) {
    let made = api_key(&house, "report").await;
    for _ in 0..SIGN_IN_FAILURES_PER_ADDRESS_MAX {
        prove(&house.control, "wrong", "192.0.2.7").await.expect_err("is no key");
    }
    let refused = prove(&house.control, &made.secret, "192.0.2.7").await.expect_err("too many failures");
    assert_eq!((refused.kind, refused.limit), (ErrorKind::Exhausted, Some("sign_in_failures_per_address_max")));
    prove(&house.control, &made.secret, "192.0.2.8").await.expect("another address is not in the way");
    house.clock.advance(SIGN_IN_WINDOW);
    prove(&house.control, &made.secret, "192.0.2.7").await.expect("the window is over");
    let rows = house.trail_of("LOGIN_FAILED");
    assert_eq!(rows.len(), SIGN_IN_FAILURES_PER_ADDRESS_MAX as usize + 1, "each failure, and the first refusal");
    assert_eq!(rows[0]["ip"], "192.0.2.7");
    assert!(rows[0]["description"].contains("a test"), "{:?}", rows[0]);
}

async fn salt_and_verifiers_survive_a_restart(house: House) {
    let made = api_key(&house, "report").await;
    let before = house.control.scram();
    let control = house.reopened().await;
    assert_eq!(control.scram(), before);
    prove(&control, &made.secret, "192.0.2.1").await.expect("is proved");
}

async fn a_key_without_verifier_is_named_as_the_cause(house: House) {
    let made = api_key(&house, "old").await;
    let place = &house.place;
    let url = if place.starts_with("postgres") { place.clone() } else { format!("sqlite://{place}") };
    let mut connection = sqlx::AnyConnection::connect(&url).await.expect("connects");
    sqlx::query("DELETE FROM key_verifier").execute(&mut connection).await.expect("is deleted");
    let control = house.reopened().await;
    let error = prove(&control, &made.secret, "192.0.2.1").await.expect_err("has no verifier");
    assert!(error.message.contains("make a new one"), "{}", error.message);
    assert!(control.authenticate_key(&made.secret).is_some(), "over HTTP it goes on working");
}
