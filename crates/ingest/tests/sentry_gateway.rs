//! Sentry's protocol through the gateway over a real store.

use serde_json::json;
use whodunit_ingest::Taken;
use whodunit_ingest::sentry::{Form, SentryAnswer};
use whodunit_model::{Project, Table};

use crate::gateway::{House, house};

const ID: &str = "0000000000000000000000000000000a";

async fn sent(house: &House, body: String) -> SentryAnswer {
    let Taken { answer, failure } = house.gateway.sentry(house.request(body), Form::Envelope).await.expect("taken");
    assert!(failure.is_none(), "{failure:?}");
    answer
}

fn event(id: &str, message: &str) -> String {
    format!("{{\"type\":\"event\"}}\n{}\n", json!({"event_id": id, "message": message}))
}

#[tokio::test]
async fn an_event_sent_again_is_stored_once_and_answered_alike() {
    let house = house().await;
    let first = sent(&house, format!("{{}}\n{}", event(ID, "a"))).await;
    let again = sent(&house, format!("{{}}\n{}", event(ID, "a"))).await;
    assert_eq!((first.event_id.as_deref(), first.accepted), (Some(ID), 1));
    assert_eq!((again.event_id.as_deref(), again.accepted, again.rejected), (Some(ID), 0, 0));
    assert_eq!(house.rows(Table::ErrorEvents).len(), 1);
    let reasons = &house.sources.list(|_| true)[0].reasons;
    assert_eq!(reasons.get("repeated_event"), Some(&1), "{reasons:?}");
    // Its neighbour is new, and the same event twice in one envelope is one.
    let other = ID.replace('a', "b");
    let body = format!("{{}}\n{}{}{}", event(ID, "a"), event(&other, "b"), event(&other, "b"));
    assert_eq!(sent(&house, body).await.accepted, 1);
    assert_eq!(house.rows(Table::ErrorEvents).len(), 2);
    assert_eq!(house.memory.used(), 0);
}

#[tokio::test]
async fn two_attempts_at_once_are_one_event() {
    let house = house().await;
    let body = || format!("{{}}\n{}", event(ID, "a"));
    let (one, other) = tokio::join!(sent(&house, body()), sent(&house, body()));
    assert_eq!(one.accepted + other.accepted, 1);
    assert_eq!(house.rows(Table::ErrorEvents).len(), 1);
}

#[tokio::test]
async fn the_same_id_in_another_project_is_another_event() {
    let house = house().await;
    for project in ["default", "shop"] {
        let project = Project::parse(project).expect("a slug");
        let request = whodunit_ingest::Request { project, ..house.request(format!("{{}}\n{}", event(ID, "a"))) };
        assert_eq!(house.gateway.sentry(request, Form::Envelope).await.expect("taken").answer.accepted, 1);
    }
}

#[tokio::test]
async fn events_without_an_id_are_each_stored() {
    let house = house().await;
    for _ in 0..2 {
        sent(&house, "{}\n{\"type\":\"event\"}\n{\"message\":\"a\"}".to_owned()).await;
    }
    assert_eq!(house.rows(Table::ErrorEvents).len(), 2);
}
