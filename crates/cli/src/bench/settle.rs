//! Waiting until a server has nothing left to do, so that background work counts as part of the work that caused it.

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;
use whodunit_stdx::World;

use super::process::cpu_seconds;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// A process that used less than this in each of [`QUIET_ROUNDS`] rounds has settled.
const QUIET_CPU_SECONDS: f64 = 0.05;
const QUIET_ROUNDS: u32 = 5;
const ROUND: Duration = Duration::from_secs(1);
/// After this long the wait ends, settled or not.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Asks a Whodunit server to flush and compact until nothing is left. It answers 504 when that takes longer than a
/// request may, and goes on when it is asked again.
pub async fn whodunit(client: &Client, world: &World) -> Result<(), Failure> {
    let begun = world.instant();
    loop {
        let answer = client.send(Call::json(Method::POST, "/api/v1/admin/settle", &json!({}))).await?;
        match answer.status {
            StatusCode::GATEWAY_TIMEOUT if world.instant().since(begun) < TIMEOUT => {}
            StatusCode::NOT_FOUND => {
                let older = "the server has no /api/v1/admin/settle: it is older than this benchmark";
                return Err(Failure::Failed(older.to_owned()));
            }
            _ => return answer.success().map(|_| ()),
        }
    }
}

/// Waits until the process has been quiet for a while; the way for servers that cannot be asked.
pub async fn quiet(pid: u32, world: &World) -> Result<(), Failure> {
    let begun = world.instant();
    let mut quiet = 0;
    let mut before = cpu_seconds(pid)?;
    while quiet < QUIET_ROUNDS && world.instant().since(begun) < TIMEOUT {
        tokio::time::sleep(ROUND).await;
        let now = cpu_seconds(pid)?;
        quiet = if now - before < QUIET_CPU_SECONDS { quiet + 1 } else { 0 };
        before = now;
    }
    Ok(())
}
