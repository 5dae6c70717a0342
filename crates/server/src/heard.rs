//! Remembering sources: counted in memory by the gateway, kept in the control database.
//!
//! Requests that the pipeline refuses before the gateway sees them are noted here as well, if they belong to a source:
//! without known credentials they belong to none.

use std::sync::Arc;
use std::time::Duration;

use whodunit_ingest::Protocol;
use whodunit_model::{Caller, Project};
use whodunit_stdx::Tasks;

use crate::app::App;
use crate::call::AuditClass;
use crate::failure::Failure;
use crate::operation::Operation;

/// How often what was counted is saved. A crash loses at most what came since.
pub const SOURCES_SAVE_INTERVAL: Duration = Duration::from_secs(10);

/// Saves until `tasks` stop. The last time is up to the one who stops the server.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    let app = app.clone();
    tasks.spawn("sources", move |mut stop| async move {
        while !stop.is_set() {
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(SOURCES_SAVE_INTERVAL) => save(&app).await,
            }
        }
    });
}

pub async fn save(app: &App) {
    if let Err(error) = app.control.save_sources(app.store.writer(), &app.sources).await {
        tracing::warn!(%error, "sources were not saved; it is tried again");
    }
}

/// Notes a request to send something that was refused before its rows were looked at.
pub fn note_refused(app: &App, operation: &Operation, caller: &Caller, project: &Project, failure: &Failure) {
    let Some(protocol) = protocol(operation) else { return };
    let known = app.control.directory().project(project.as_str()).is_some_and(|known| known.archived_at.is_none());
    if known && caller.reaches(project) && project.as_str() != Project::WHODUNIT {
        app.gateway.note_refused(protocol, project, caller, failure.kind, failure.message());
    }
}

/// The protocol of an operation by which rows are sent.
pub fn protocol(operation: &Operation) -> Option<Protocol> {
    match operation.id {
        "append_audit" | "complete_audit" => Some(Protocol::Audit),
        "append_logs" | "append_import" => Some(Protocol::Logs),
        "loki_push" => Some(Protocol::Loki),
        "otlp_logs" | "otlp_logs_below" => Some(Protocol::Otlp),
        id if id.starts_with("elastic_bulk") => Some(Protocol::Elasticsearch),
        id if id.starts_with("sentry_") => (operation.audit == AuditClass::Ingest).then_some(Protocol::Sentry),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::BodyLimit;
    use crate::operation::OPERATIONS;

    #[test]
    fn whatever_takes_rows_has_a_protocol() {
        for operation in OPERATIONS.iter().filter(|operation| operation.audit == AuditClass::Ingest) {
            let takes_rows = matches!(operation.body, BodyLimit::Audit | BodyLimit::Logs);
            let in_the_address = ["sentry_cron", "sentry_store_by_address"];
            let sends = takes_rows
                || operation.id == "complete_audit"
                || in_the_address.iter().any(|start| operation.id.starts_with(start));
            assert_eq!(protocol(operation).is_some(), sends, "{}", operation.id);
        }
    }
}
