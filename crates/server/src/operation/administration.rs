//! Endpoints for administrators that came after the first ones: redaction.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{PROJECT, Verb, json};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::redaction;

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/redaction",
        id: "get_redaction",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: redaction::get,
        summary: "Read a project's redaction rules",
        docs: json("RedactionView").with(&[PROJECT]),
    },
    Operation {
        method: Verb::Put,
        path: "/api/v1/admin/redaction",
        id: "set_redaction",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Request,
        rate: RateClass::Account,
        handler: redaction::set,
        summary: "Replace a project's redaction rules",
        docs: json("RedactionView")
            .said("In force at once, for what comes from now on. The standard rules always count, but for keys that a rule keeps.")
            .takes_json("RedactionChange")
            .with(&[PROJECT]),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/redaction/test",
        id: "test_redaction",
        permission: Permission::Administer,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::Request,
        rate: RateClass::Query,
        handler: redaction::test,
        summary: "Say what redaction rules would filter",
        docs: json("RedactionTestAnswer")
            .said("Of a sample, and of the 100 newest audit entries and log lines of the project that the caller may read. Changes nothing; values are shown as they would be stored.")
            .takes_json("RedactionTest")
            .with(&[PROJECT]),
    },
];
