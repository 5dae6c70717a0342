//! The running server: whether it answers, and a probe through the whole way: sent, on disk, found again.

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use whodunit_stdx::World;

use super::Finding;
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Answer, Call, Client};

/// What the probe's entry is called; its category is `system`.
const PROBE: &str = "WHODUNIT_DOCTOR_PROBE";
/// Health is answered from memory; who takes longer is not well, or not ours.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);
/// A step of the probe that takes longer is worth a look.
const STEP_WARNING: Duration = Duration::from_secs(1);

pub async fn look(configuration: &Configuration, world: &World) -> Result<Vec<Finding>, Failure> {
    let client = Client::new(&configuration.url(), configuration.api_key(), configuration.ca())?;
    match ask_health(&client).await {
        Err(_) => Ok(vec![nobody(configuration, &configuration.url()).await]),
        Ok(answer) => {
            let health = judge_answer_of_health(&answer, &configuration.url());
            Ok(vec![health, probe(&client, configuration.api_key().is_some(), world).await])
        }
    }
}

/// Only whether the server answers and is well.
pub async fn health(configuration: &Configuration) -> Result<Finding, Failure> {
    let url = configuration.url();
    match ask_health(&Client::new(&url, None, configuration.ca())?).await {
        Ok(answer) => Ok(judge_answer_of_health(&answer, &url)),
        Err(failure) => Ok(Finding::problem("server", failure.to_string(), "is the server running, and --url right?")),
    }
}

async fn ask_health(client: &Client) -> Result<Answer, Failure> {
    let silent = || Failure::Unreachable(format!("no answer within {} s", HEALTH_TIMEOUT.as_secs()));
    tokio::time::timeout(HEALTH_TIMEOUT, client.send(Call::get("/health"))).await.unwrap_or_else(|_| Err(silent()))
}

fn judge_answer_of_health(answer: &Answer, url: &str) -> Finding {
    match answer.json().ok().filter(|health| health["status"].is_string() && health["version"].is_string()) {
        Some(health) => judge_health(&health, url),
        None => {
            let found = format!("something else than whodunit answers at {url}");
            Finding::problem("server", found, "choose another port with --listen")
        }
    }
}

/// Nobody answers: a server could be started if its port is free.
async fn nobody(configuration: &Configuration, url: &str) -> Finding {
    let listen = &configuration.settings.listen;
    if matches!(configuration.origin("url"), Origin::Flag(_)) {
        return Finding::problem(
            "server",
            format!("nobody answers at {url}"),
            "is the server running, and --url right?",
        );
    }
    match tokio::net::TcpListener::bind(listen).await {
        Ok(_) => Finding::ok("server", format!("no server runs; {listen} is free for one")),
        Err(error) => Finding::problem(
            "server",
            format!("nobody answers at {url}, and {listen} cannot be listened on: {error}"),
            "end what holds the port, or choose another one with --listen",
        ),
    }
}

fn judge_health(health: &Value, url: &str) -> Finding {
    let (status, version) = (health["status"].as_str().unwrap_or_default(), health["version"].as_str().unwrap_or("?"));
    let found = format!("whodunit {version} answers at {url} and is {status}");
    let bad = health["checks"].as_array().into_iter().flatten().filter(|check| check["status"] != "healthy");
    let bad: Vec<String> = bad
        .map(|check| format!("{}: {}", check["name"].as_str().unwrap_or("?"), check["message"].as_str().unwrap_or("?")))
        .collect();
    let advice = bad.join("; ");
    match status {
        "healthy" => Finding::ok("server", found),
        "degraded" => Finding::warning("server", found, advice),
        _ => Finding::problem("server", found, advice),
    }
}

/// How long a step took.
struct Step(&'static str, Duration);

/// An audit entry of its own: sent, and asked for by its id and by a list.
async fn probe(client: &Client, has_key: bool, world: &World) -> Finding {
    if !has_key {
        let found = "no probe was sent: there is no key";
        return Finding::warning("probe", found, "give --api-key with a key that has the scopes ingest and read_audit");
    }
    let id = world.entry_id().to_string();
    let entry = json!({
        "id": id, "action": PROBE, "category": "system", "actor_type": "system", "actor_id": "whodunit doctor",
        "description": "sent by whodunit doctor to try the whole way",
    });
    let (one, list) = (format!("/api/v1/audit/{id}"), format!("/api/v1/audit?action={PROBE}&limit=1&from=1h"));
    let steps = [
        ("sent and on disk", Call::json(Method::POST, "/api/v1/audit", &entry)),
        ("found by its id", Call::get(&one)),
        ("found by a question", Call::get(&list)),
    ];
    let mut took = Vec::new();
    for (name, call) in steps {
        let began = world.instant();
        let answer = match client.send(call).await {
            Ok(answer) => answer,
            Err(failure) => return Finding::problem("probe", format!("{name}: {failure}"), "look at the server's log"),
        };
        took.push(Step(name, world.instant().since(began)));
        if let Some(finding) = judge_answer(name, &answer, &id) {
            return finding;
        }
    }
    judge_steps(&took)
}

/// What is wrong with a step's answer.
fn judge_answer(step: &str, answer: &Answer, id: &str) -> Option<Finding> {
    let text = answer.text();
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(Finding::warning(
            "probe",
            format!("the probe was not {step}: the key does not allow it"),
            "give --api-key with a key that has the scopes ingest and read_audit",
        )),
        status if status.is_success() && text.contains(id) => None,
        status if status.is_success() => Some(Finding::problem(
            "probe",
            format!("the probe was not {step}, although the server said {status}"),
            "run verify-data on a copy of the data directory and report what it says",
        )),
        status => Some(Finding::problem(
            "probe",
            format!("the probe was not {step}: {status} {text}"),
            "see the server's log",
        )),
    }
}

fn judge_steps(steps: &[Step]) -> Finding {
    let told = steps.iter().map(|Step(name, took)| format!("{name} in {:.1} ms", took.as_secs_f64() * 1e3));
    let found = format!("an entry was {}", told.collect::<Vec<_>>().join(", "));
    if steps.iter().any(|Step(_, took)| *took > STEP_WARNING) {
        return Finding::warning(
            "probe",
            found,
            "more than a second for a step: is the machine busy, or the disk slow?",
        );
    }
    Finding::ok("probe", found)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn health_and_steps_are_judged() {
        let health = |status: &str| {
            json!({"status": status, "version": "1", "checks": [
                {"name": "store.wal", "status": status, "message": "damaged"}]})
        };
        assert_eq!(judge_health(&health("healthy"), "u").state, State::Ok);
        let degraded = judge_health(&health("degraded"), "u");
        assert_eq!((degraded.state, degraded.advice.as_str()), (State::Warning, "store.wal: damaged"));
        assert_eq!(judge_health(&health("unhealthy"), "u").state, State::Problem);
        let steps = |last| [Step("a", Duration::from_millis(1)), Step("b", last)];
        assert_eq!(judge_steps(&steps(Duration::from_millis(2))).state, State::Ok);
        assert_eq!(judge_steps(&steps(Duration::from_secs(2))).state, State::Warning);
    }
}
