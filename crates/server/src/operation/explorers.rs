//! What the explorers of the interface ask beyond lists.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{PROJECT, Parameter, Verb, answers, content, query};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::export;

const EXPORTED: &[&str] = &["application/x-ndjson", "application/json", "text/csv"];

const EXPORT_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range, as in the list."),
    query("to", "End of the range, exclusive."),
    query("q", "Free text, as in the list."),
    query("format", "`ndjson` (default), `json` (an array of objects) or `csv`."),
    query(
        "formulas",
        "`exact` (default), or `escape` with `csv`: a cell or name that a spreadsheet would run (it begins with `=`, `+`, `-`, `@`, tab or carriage return) gets an apostrophe in front; numbers stay.",
    ),
    query("{column}", "Any column or attribute, as in the list."),
];

const EXPORT_SAID: &str = "Every row of the filter, newest first, without a limit on their number, as a file to save; it shows the moment at which it was begun. Works as a plain link for who is signed in. Recorded as an export with the number of rows that went out, also when the client goes away. A failure on the way is a last line `{\"error\": …}` of NDJSON; JSON and CSV break off. `query_time` and `query_memory` bound each piece of 4,096 rows.";

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/audit/export",
        id: "export_audit",
        permission: Permission::ReadAudit,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler: export::audit,
        summary: "Export audit entries",
        docs: answers(200, content(EXPORTED, "")).said(EXPORT_SAID).with(EXPORT_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/logs/export",
        id: "export_logs",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler: export::logs,
        summary: "Export log lines",
        docs: answers(200, content(EXPORTED, "")).said(EXPORT_SAID).with(EXPORT_PARAMETERS),
    },
];
