//! What the explorers of the interface ask beyond lists.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{EXPORTED, PROJECT, Parameter, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::{explorers, export, retention};

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

const FILTER_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range, as in the list."),
    query("to", "End of the range, exclusive."),
    query("q", "Free text, as in the list."),
    query("{column}", "Any column or attribute, as in the list."),
];

const FIELDS_SAID: &str = "Columns and attributes that the rows of the filter have, with the number of rows that have each. Up to 200,000 rows are counted exactly; of more the newest so many, and `sampled` says so.";

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/audit/fields",
        id: "audit_fields",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: explorers::audit_fields,
        summary: "Count the fields of audit entries",
        docs: json("FieldsAnswer").said(FIELDS_SAID).with(FILTER_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/logs/fields",
        id: "logs_fields",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: explorers::logs_fields,
        summary: "Count the fields of log lines",
        docs: json("FieldsAnswer").said(FIELDS_SAID).with(FILTER_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/blame",
        id: "blame",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: explorers::blame,
        summary: "Say who last set each field of a thing",
        docs: json("BlameAnswer")
            .said("From the changes of its audit entries, as in `change_history`; entries that failed and intents do not count. The field that was changed last comes first.")
            .with(&[PROJECT, query("target_type", "Required, as in the entries."), query("target_id", "Required.")]),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/retention/preview",
        id: "preview_retention",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: retention::preview,
        summary: "Say what retention rules would drop now",
        docs: json("RetentionPreview")
            .said("Segments that would go at once if these rules were in force, by the plan that retention itself follows. Changes nothing. Rows that are in no segment yet stay.")
            .takes_json("RetentionPreviewRequest"),
    },
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
