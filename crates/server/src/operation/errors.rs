//! What is asked about errors.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{LIST_PARAMETERS, LIST_ROWS, PROJECT, Verb, answers, content, json};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::{errors, read};

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/errors",
        id: "list_errors",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: read::list_errors,
        summary: "List errors",
        docs: answers(200, content(LIST_ROWS, "ListAnswer"))
            .said("Newest first, by pages. `issue_id=…` lists the events of one issue. What may be long (`contexts`, `request`, `breadcrumbs`, `exception`, `raw`) is left out; the single event has it.")
            .with(LIST_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/errors/{id}",
        id: "get_error",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: errors::get_error,
        summary: "Show one error",
        docs: json("ErrorEventAnswer")
            .said("By its event id, with every column: `raw` is the whole event as it was stored, without its secrets.")
            .with(&[PROJECT]),
    },
];
