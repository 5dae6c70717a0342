//! Health for those who look after the server: every check with its time, when it was last good and what to do where
//! it is not, and what the process uses.

use futures::FutureExt;
use whodunit_api::health::{Check, Connections, DetailedCheck, DetailedHealth, MemoryUse, Status};
use whodunit_query::format::time_text;

use super::meta::{certificate_check, memory_check, recording_check, store_checks};
use crate::app::App;
use crate::call::{Answer, Call, ok};
use crate::checkup::what_to_do;
use crate::observed;
use crate::process;

pub fn detailed(call: Call) -> Answer {
    async move {
        let app = &call.app;
        let checks = check_all(app).await;
        let uptime = app.world.instant().since(app.started);
        let bytes = |bytes: usize| bytes as u64;
        ok(&DetailedHealth {
            status: checks.iter().map(|check| check.status).max().unwrap_or(Status::Healthy),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_seconds: uptime.as_secs(),
            checks,
            memory: MemoryUse {
                used_bytes: bytes(app.memory.used()),
                peak_bytes: bytes(app.memory.peak()),
                limit_bytes: bytes(app.memory.bytes_max()),
                resident_bytes: process::usage().resident_bytes,
            },
            connections: Connections {
                open: observed::CONNECTIONS.value().unsigned_abs(),
                max: bytes(app.settings.connections_max),
            },
            requests: app.traffic.rate(uptime),
        })
    }
    .boxed()
}

/// Every check as it is now; remembers which are good.
pub async fn check_all(app: &App) -> Vec<DetailedCheck> {
    let mut checks = Vec::new();
    timed(app, &mut checks, async { store_checks(app) }).await;
    timed(app, &mut checks, async { vec![control_check(app).await] }).await;
    timed(app, &mut checks, async { vec![memory_check(app)] }).await;
    timed(app, &mut checks, async { vec![recording_check(app)] }).await;
    timed(app, &mut checks, async { certificate_check(app).into_iter().collect() }).await;
    checks
}

async fn timed(app: &App, all: &mut Vec<DetailedCheck>, checks: impl Future<Output = Vec<Check>>) {
    let started = app.world.instant();
    let checks = checks.await;
    let response_time_ms = app.world.instant().since(started).as_secs_f64() * 1e3;
    app.checkup.note(&checks, app.world.now());
    all.extend(checks.into_iter().map(|check| DetailedCheck {
        last_success_at: app.checkup.last_success(&check.name).map(|at| time_text(at.nanos())),
        what_to_do: what_to_do(&check).map(str::to_owned),
        name: check.name,
        status: check.status,
        message: check.message,
        response_time_ms,
    }));
}

/// Reads from the control plane's database, not from its copy in memory.
pub async fn control_check(app: &App) -> Check {
    let (status, message) = match app.control.projects().await {
        Ok(projects) => (Status::Healthy, format!("answers; it knows {} projects", projects.len())),
        Err(error) => {
            tracing::warn!(%error, "the control plane did not answer a check");
            (Status::Unhealthy, format!("does not answer: {}", error.kind.name()))
        }
    };
    Check { name: "control".to_owned(), status, message }
}
