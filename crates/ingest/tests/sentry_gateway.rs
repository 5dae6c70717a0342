//! Sentry's protocol through the gateway over a real store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use whodunit_ingest::Taken;
use whodunit_ingest::sentry::{Form, SentryAnswer};
use whodunit_issues::category::Category;
use whodunit_issues::filter::{Filters, Intake};
use whodunit_issues::rules::Rules;
use whodunit_model::{Project, Table};
use whodunit_stdx::ErrorKind;

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

fn let_in(house: &House, intake: Intake) {
    house.gateway.intakes().replace(BTreeMap::from([(Project::default_project(), Arc::new(intake))]));
}

fn reasons(house: &House) -> BTreeMap<String, u64> {
    house.sources.list(|_| true)[0].reasons.clone()
}

#[tokio::test]
async fn what_a_project_does_not_want_is_counted_by_its_reason_and_answered_alike() {
    let house = house().await;
    let_in(&house, Intake { filters: Filters { development: true, ..Filters::default() }, ..Intake::default() });
    let unwanted = json!({"event_id": ID, "message": "a", "environment": "development"});
    let body = format!("{{}}\n{{\"type\":\"event\"}}\n{unwanted}\n{}", event(&ID.replace('a', "b"), "b"));
    assert_eq!(sent(&house, body).await.accepted, 1);
    let answer = sent(&house, format!("{{}}\n{{\"type\":\"event\"}}\n{unwanted}\n")).await;
    assert_eq!((answer.event_id.as_deref(), answer.accepted), (Some(ID), 0));
    assert_eq!(house.rows(Table::ErrorEvents).len(), 1);
    assert_eq!(reasons(&house).get("filtered_development"), Some(&2));
}

#[tokio::test]
async fn a_key_that_sends_too_much_is_told_how_long_to_wait() {
    let house = house().await;
    let_in(&house, Intake { key_items_per_minute: Some(2), ..Intake::default() });
    let body = |number: usize| format!("{{}}\n{}", event(&format!("{number:032x}"), "a"));
    for number in 0..3 {
        assert_eq!(sent(&house, body(number)).await.accepted, 1, "a request is taken whole");
    }
    let refused = house.gateway.sentry(house.request(body(3)), Form::Envelope).await.expect_err("it owes");
    assert_eq!((refused.kind, refused.limit), (ErrorKind::Exhausted, Some("key_items_per_minute")));
    assert_eq!(refused.retry_after, Some(Duration::from_secs(30)));
    // Another project is not concerned.
    let project = Project::parse("shop").expect("a slug");
    let elsewhere = whodunit_ingest::Request { project, ..house.request(body(3)) };
    assert!(house.gateway.sentry(elsewhere, Form::Envelope).await.is_ok());
    house.clock.advance(Duration::from_secs(30));
    assert_eq!(sent(&house, body(3)).await.accepted, 1);
}

#[tokio::test]
async fn of_a_spike_a_sample_is_stored_and_the_rest_is_counted() {
    let house = house().await;
    let_in(&house, Intake { spike_events_per_minute: Some(5), ..Intake::default() });
    let events: String = (0..25).map(|number| event(&format!("{number:032x}"), "a")).collect();
    assert_eq!(sent(&house, format!("{{}}\n{events}")).await.accepted, 7);
    assert_eq!(house.rows(Table::ErrorEvents).len(), 7);
    assert_eq!(reasons(&house).get("sampled_spike"), Some(&18));
}

#[tokio::test]
async fn past_the_limit_of_a_category_only_that_is_left_out_and_the_client_is_told() {
    let house = house().await;
    let limits = [(Category::Error, 2), (Category::Replay, 0)].into_iter().collect();
    let_in(&house, Intake { key_category_items_per_minute: limits, ..Intake::default() });
    let session = "{\"type\":\"session\"}\n{\"sid\":\"0190a1b2c3d44e5f8a9b0c1d2e3f4a5b\",\"started\":\"2026-11-28T09:00:00Z\",\
                   \"status\":\"ok\",\"attrs\":{\"release\":\"shop@1\"}}\n";
    let file = "{\"type\":\"attachment\",\"length\":1,\"filename\":\"a.txt\"}\nx\n";
    let number = |number: usize| event(&format!("{number:032x}"), "a");
    let answer = sent(&house, format!("{{}}\n{}", number(1))).await;
    assert_eq!(answer.limited, [(Category::Replay, Duration::from_secs(60))], "of which nothing at all is let in");
    let answer = sent(&house, format!("{{}}\n{}{}", number(2), number(3))).await;
    let errors = (Category::Error, Duration::from_secs(30));
    assert_eq!((answer.accepted, answer.limited[0]), (2, errors), "a request is taken whole");
    // The event is left out with its file; its neighbour of another category is stored.
    let answer = sent(&house, format!("{{\"event_id\":\"{ID}\"}}\n{}{file}{session}", number(4))).await;
    assert_eq!((answer.accepted, answer.limited[0]), (1, errors));
    assert_eq!((house.rows(Table::ErrorEvents).len(), house.rows(Table::Attachments).len()), (3, 0));
    assert_eq!(house.rows(Table::ReleaseSessions).len(), 1);
    // Nothing else is in it: 429.
    let body = format!("{{}}\n{}", number(5));
    let Taken { answer, failure } = house.gateway.sentry(house.request(body), Form::Envelope).await.expect("is read");
    let failure = failure.expect("it is no success");
    assert_eq!((failure.kind, failure.limit), (ErrorKind::Exhausted, Some("key_category_items_per_minute")));
    assert_eq!((answer.accepted, answer.limited[0]), (0, errors));
    let reasons = reasons(&house);
    let counted = ["rate_limited_error", "rate_limited_attachment"].map(|code| reasons.get(code).copied());
    assert_eq!(counted, [Some(2), Some(1)], "{reasons:?}");
    house.clock.advance(Duration::from_secs(30));
    assert_eq!(sent(&house, format!("{{}}\n{}", number(6))).await.accepted, 1);
}

#[tokio::test]
async fn rules_of_a_project_group_what_comes_from_then_on() {
    let house = house().await;
    let thrown = |id: usize, function: &str| {
        let frame = json!({"module": "shop.cart", "function": function, "in_app": true});
        let thrown = json!({"type": "TimeoutError", "value": "late", "stacktrace": {"frames": [frame]}});
        let event = json!({"event_id": format!("{id:032x}"), "platform": "python", "exception": {"values": [thrown]}});
        format!("{{}}\n{{\"type\":\"event\"}}\n{event}\n")
    };
    for (id, function) in [(1, "load"), (2, "save")] {
        sent(&house, thrown(id, function)).await;
    }
    let rules = Rules::parse("type:Timeout* -> timeout").expect("rules");
    house.gateway.groupings().replace([(Project::default_project(), Arc::new(rules))].into_iter().collect());
    for (id, function) in [(3, "load"), (4, "save")] {
        sent(&house, thrown(id, function)).await;
    }
    let ids: Vec<String> = house.rows(Table::ErrorEvents).iter().map(|row| row["issue_id"].to_string()).collect();
    let all: BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), all.len()), (4, 3), "two places before, one rule after: {ids:?}");
}
