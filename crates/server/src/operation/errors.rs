//! What is asked about errors.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{LIST_PARAMETERS, LIST_ROWS, PROJECT, Parameter, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::{errors, issues, read};

const ISSUES_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
    query("q", "Free text, as in the list of errors."),
    query("sort", "`last_seen` (default), `first_seen`, `events` or `users`: the highest first."),
    query("limit", "Issues of the answer, 1 to 1,000, default 100."),
    query("buckets", "1 to 500: about so many round buckets of each issue, 30 if left out."),
    query("{column}", "Any column of an error, as in the list: only events that fit are counted."),
];

const ISSUE_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
];

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
    Operation {
        method: Verb::Get,
        path: "/api/v1/issues",
        id: "list_issues",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: issues::list_issues,
        summary: "Count errors by issue",
        docs: json("IssuesAnswer")
            .said("Events of the same problem are one issue; all that is told is what the events of the range say, so `first_seen` is that of the range.")
            .with(ISSUES_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/issues/{id}",
        id: "get_issue",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: issues::get_issue,
        summary: "Show one issue",
        docs: json("IssueAnswer")
            .said("Its counts, its newest event, the tags of its newest events, and why that event is in it. 404 if the range has no event of it.")
            .with(ISSUE_PARAMETERS),
    },
];
