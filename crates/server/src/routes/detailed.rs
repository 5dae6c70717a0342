//! Health for those who look after the server: every check with its time, and what the process uses.

use futures::FutureExt;
use whodunit_api::health::{Check, Connections, DetailedCheck, DetailedHealth, MemoryUse, Status};

use super::meta::{certificate_check, memory_check, recording_check, store_checks};
use crate::app::App;
use crate::call::{Answer, Call, ok};
use crate::observed;
use crate::process;

pub fn detailed(call: Call) -> Answer {
    async move {
        let app = &call.app;
        let mut checks = Vec::new();
        timed(app, &mut checks, async { store_checks(app) }).await;
        timed(app, &mut checks, async { vec![control_check(app).await] }).await;
        timed(app, &mut checks, async { vec![memory_check(app)] }).await;
        timed(app, &mut checks, async { vec![recording_check(app)] }).await;
        timed(app, &mut checks, async { certificate_check(app).into_iter().collect() }).await;
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

async fn timed(app: &App, all: &mut Vec<DetailedCheck>, checks: impl Future<Output = Vec<Check>>) {
    let started = app.world.instant();
    let checks = checks.await;
    let response_time_ms = app.world.instant().since(started).as_secs_f64() * 1e3;
    all.extend(checks.into_iter().map(|Check { name, status, message }| DetailedCheck {
        name,
        status,
        message,
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
