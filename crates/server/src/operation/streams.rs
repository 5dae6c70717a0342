//! What comes in, as it is remembered: the sources, and how fast.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{PROJECT, Verb, json};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::{rates, sources};

pub const OPERATIONS: &[Operation] = &[SOURCES, RATES];

const SOURCES: Operation = Operation {
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
};

const RATES: Operation = Operation {
    method: Verb::Get,
    path: "/api/v1/ingest/rates",
    id: "ingest_rates",
    permission: Permission::ReadTelemetry,
    audit: AuditClass::ReadControl,
    body: BodyLimit::None,
    rate: RateClass::Light,
    handler: rates::get,
    summary: "Say how fast rows come in, and what is refused",
    docs: json("IngestRates")
        .said("Rows and bytes a second by protocol, on the average of the last minute; what came in each minute of the last hour; what was refused, by reason. Of all projects together, as `/metrics` has it, and since the process began: it reads counters and nothing else, so a page may ask every few seconds. What each sender had refused is in `GET /api/v1/sources`."),
};
