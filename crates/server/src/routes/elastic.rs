//! Elasticsearch's way in: bulk requests, and what its clients ask before they send one.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::FutureExt;
use serde_json::json;
use whodunit_ingest::Taken;
use whodunit_ingest::elastic::{Action, Item};
use whodunit_ingest::logs::Reason;
use whodunit_model::log::write_json_text;
use whodunit_stdx::{ErrorKind, World};

use super::append::{admit, request, without_memory};
use crate::call::{Answer, Call, ok, typed};
use crate::dialect::elastic_type;
use crate::failure::Failure;

/// The version that clients are told: they ask for one whose requests they know how to write.
const VERSION: &str = "8.19.0";
/// By this word clients of version 7 know what they talk to.
const TAGLINE: &str = "You Know, for Search";

/// 200 with an item for each item, in their order.
pub fn bulk(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let begun = call.app.world.instant();
        let Taken { answer: items, failure } = gateway.elastic(request(&call), call.segment("index")).await?;
        if items.is_empty() {
            return Err(Failure::invalid("request body is required"));
        }
        let took = call.app.world.instant().since(begun).as_millis();
        Ok(typed(StatusCode::OK, media(&call), answer(&items, failure.map(Failure::from), took, &call.app.world)))
    }
    .boxed()
}

/// The type that the client accepts, if it is one of Elasticsearch's own.
fn media(call: &Call) -> HeaderValue {
    let accepted = call.headers.get(header::ACCEPT);
    let own = |value: &&HeaderValue| {
        value.to_str().is_ok_and(|text| text.starts_with("application/vnd.elasticsearch+json") && !text.contains(','))
    };
    accepted.filter(own).cloned().unwrap_or(HeaderValue::from_static("application/json"))
}

/// What became of one item, as the status and the error that it is answered with.
fn outcome(item: &Item, failure: Option<&Failure>) -> Option<(u16, &'static str, String)> {
    let Some(refusal) = &item.refusal else {
        // Those after the first that failed are answered as that one is: clients send them again, and only them.
        let failure = failure.filter(|_| !item.stored)?;
        return Some((failure.status_code().as_u16(), elastic_type(failure.kind), failure.message().to_owned()));
    };
    let kind = match (refusal.reason, item.action) {
        (Reason::Refused, _) | (_, Action::Update | Action::Delete) => "illegal_argument_exception",
        _ => "document_parsing_exception",
    };
    let reason = match refusal.field.as_str() {
        "" => refusal.text.clone(),
        field => format!("{field}: {}", refusal.text),
    };
    Some((400, kind, reason))
}

/// Compact, with `errors` straight before `items`: some clients search the text for it.
fn answer(items: &[Item], failure: Option<Failure>, took: u128, world: &World) -> String {
    let errors = items.iter().any(|item| item.refusal.is_some() || !item.stored);
    let mut out = String::with_capacity(64 + items.len() * 160);
    out.push_str(&format!("{{\"took\":{took},\"errors\":{errors},\"items\":["));
    // An item without an id is told one that is made up for the answer.
    let made_up = world.entry_id();
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        out.push_str("{\"");
        out.push_str(item.action.name());
        out.push_str("\":{\"_index\":");
        write_json_text(&mut out, &item.index);
        out.push_str(",\"_id\":");
        match &item.id {
            Some(id) => write_json_text(&mut out, id),
            None => out.push_str(&format!("\"{made_up}-{number}\"")),
        }
        match outcome(item, failure.as_ref()) {
            None => out.push_str(
                ",\"_version\":1,\"result\":\"created\",\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},\
                 \"_seq_no\":0,\"_primary_term\":1,\"status\":201}}",
            ),
            Some((status, kind, reason)) => {
                out.push_str(&format!(",\"status\":{status},\"error\":{{\"type\":\"{kind}\",\"reason\":"));
                write_json_text(&mut out, &reason);
                out.push_str("}}}");
            }
        }
    }
    out.push_str("]}");
    out
}

/// What `GET /` says to clients that ask for JSON.
pub fn greeting(call: &Call) -> Result<Response, Failure> {
    let version = json!({
        "number": VERSION,
        "build_flavor": "default",
        "build_type": "tar",
        "build_hash": "0000000000000000000000000000000000000000",
        "build_date": "1970-01-01T00:00:00.000Z",
        "build_snapshot": false,
        "lucene_version": "9.12.0",
        "minimum_wire_compatibility_version": "7.17.0",
        "minimum_index_compatibility_version": "7.0.0",
    });
    let body = json!({
        "name": "whodunit",
        "cluster_name": "whodunit",
        "cluster_uuid": "whodunit",
        "version": version,
        "tagline": TAGLINE,
        "whodunit": {"version": env!("CARGO_PKG_VERSION")},
    });
    let mut response = typed(StatusCode::OK, media(call), body.to_string());
    crate::dialect::Dialect::Elastic.sign(&mut response);
    Ok(response)
}

/// Whether a client of Elasticsearch asks, and no browser.
pub fn wants_json(call: &Call) -> bool {
    let says_json = |name| call.header(name).is_some_and(|value| value.to_ascii_lowercase().contains("json"));
    says_json(header::ACCEPT) || says_json(header::CONTENT_TYPE)
}

fn status(call: &Call) -> &'static str {
    if call.app.is_stopping() { "red" } else { "green" }
}

pub fn health(call: Call) -> Answer {
    async move {
        ok(&json!({
            "cluster_name": "whodunit",
            "status": status(&call),
            "timed_out": false,
            "number_of_nodes": 1,
            "number_of_data_nodes": 1,
            "active_primary_shards": 1,
            "active_shards": 1,
            "relocating_shards": 0,
            "initializing_shards": 0,
            "unassigned_shards": 0,
            "delayed_unassigned_shards": 0,
            "number_of_pending_tasks": 0,
            "number_of_in_flight_fetch": 0,
            "task_max_waiting_in_queue_millis": 0,
            "active_shards_percent_as_number": 100.0,
        }))
    }
    .boxed()
}

pub fn cat_health(call: Call) -> Answer {
    async move {
        let seconds = call.app.world.now().nanos() / 1_000_000_000;
        let clock = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let status = status(&call);
        let line = format!("{seconds} {hour:02}:{minute:02}:{second:02} whodunit {status} 1 1 1 1 0 0 0 0 - 100.0%\n");
        Ok(typed(StatusCode::OK, HeaderValue::from_static("text/plain; charset=UTF-8"), line))
    }
    .boxed()
}

pub fn license(_call: Call) -> Answer {
    async move {
        ok(&json!({"license": {"status": "active", "uid": "whodunit", "type": "basic", "issued_to": "whodunit", "issuer": "whodunit"}}))
    }
    .boxed()
}

pub fn xpack(_call: Call) -> Answer {
    async move { ok(&json!({"license": {"uid": "whodunit", "type": "basic", "mode": "basic", "status": "active"}, "features": {}})) }.boxed()
}

pub fn acknowledge(_call: Call) -> Answer {
    async move { ok(&json!({"acknowledged": true})) }.boxed()
}

pub fn absent(call: Call) -> Answer {
    async move {
        let name = call.segment("name");
        Err(Failure::new(ErrorKind::NotFound, format!("{name:?} is not here: nothing of this kind is kept")))
    }
    .boxed()
}

/// What was answered for is visible to the next question.
pub fn refresh(_call: Call) -> Answer {
    async move { ok(&json!({"_shards": {"total": 1, "successful": 1, "failed": 0}})) }.boxed()
}
