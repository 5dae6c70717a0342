//! What comes in, as it is remembered: the sources.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{PROJECT, Verb, json};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::sources;

pub const OPERATIONS: &[Operation] = &[Operation {
    method: Verb::Get,
    path: "/api/v1/sources",
    id: "list_sources",
    permission: Permission::ReadTelemetry,
    audit: AuditClass::ReadControl,
    body: BodyLimit::None,
    rate: RateClass::Light,
    handler: sources::list,
    summary: "List who sends what",
    docs: json("SourceList")
        .said("Each sender with each program over each protocol: when it was first and last heard from, how much is stored of it, and what was refused. Of all projects that the caller reaches, unless one is named. Also the SQL table `sources`. Counts are saved every 10 seconds: a crash loses what came after. Requests without known credentials belong to no source.")
        .with(&[PROJECT]),
}];
