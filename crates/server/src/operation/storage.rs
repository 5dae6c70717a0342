//! What the store holds.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{PROJECT, Verb, json};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::storage;

pub const OPERATIONS: &[Operation] = &[Operation {
    method: Verb::Get,
    path: "/api/v1/storage",
    id: "storage",
    permission: Permission::ReadTelemetry,
    audit: AuditClass::ReadControl,
    body: BodyLimit::None,
    rate: RateClass::Account,
    handler: storage::get,
    summary: "Say what the store holds, how it grows, and how long the disk lasts",
    docs: json("StorageAnswer")
        .said("Rows, bytes and segments by table, project and tier, of all projects that the caller reaches, unless one is named; disks and write-ahead log are the whole store's. Growth is read from the segments: the bytes whose rows happened on the last whole UTC days, at most 7, without the first day of a table and project and without days before anything was sent. `days_left` plays that growth forward a day at a time, takes off what retention drops or moves to another disk by then, and stops where the free space above the reserve is used up; it is absent while no table has a whole day, when it is more than 1,000 days, and when segments are in a bucket, and `days_left_because` says which.")
        .with(&[PROJECT]),
}];
