//! What is asked about errors.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{
    Docs, EXPORTED, LIST_PARAMETERS, LIST_ROWS, PROJECT, Parameter, Verb, answers, content, json, query,
};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use crate::routes::{errors, export, feedback, issue_export, issues, read, similar};

const ISSUES_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
    query("q", "Free text, as in the list of errors."),
    STATUS,
    ASSIGNEE,
    NEW,
    query("sort", "`last_seen` (default), `first_seen`, `events` or `users`: the highest first."),
    query("limit", "Issues of the answer, 1 to 1,000, default 100."),
    query("buckets", "1 to 500: about so many round buckets of each issue, 30 if left out."),
    query(
        "{column}",
        "Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted.",
    ),
];

const STATUS: Parameter = query(
    "status",
    "`unresolved` (those that came back included), `regressed`, `resolved` or `ignored`, also several times; all if left out.",
);
const ASSIGNEE: Parameter =
    query("assignee", "`me`, `none`, or the id or e-mail address of a user, also several times; all if left out.");
const NEW: Parameter = query("new", "`true`: issues that began within the last 24 hours, `false`: the others.");

const STATISTICS_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
    query("q", "Free text, as in the list of errors."),
    STATUS,
    ASSIGNEE,
    NEW,
    query("issue_id", "Of these issues, with what was merged into them."),
    query("buckets", "1 to 500: about so many round buckets, 60 if left out."),
    query(
        "{column}",
        "Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted.",
    ),
];

const TAGS_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range, as in the list."),
    query("to", "End of the range, exclusive."),
    query("q", "Free text, as in the list."),
    STATUS,
    ASSIGNEE,
    NEW,
    query("issue_id", "Of these issues, with what was merged into them."),
    query(
        "{column}",
        "Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted.",
    ),
];

const EXPORT_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range, as in the list."),
    query("to", "End of the range, exclusive."),
    query("q", "Free text, as in the list."),
    STATUS,
    ASSIGNEE,
    NEW,
    query("issue_id", "Of these issues, with what was merged into them."),
    query("format", "`ndjson`, `json` (an array of objects) or `csv`."),
    query("formulas", "`exact` (default), or `escape` with `csv`, as in the exports of other lists."),
    query("{column}", "Any column of an error, `tag.NAME`, `page` or `user`, as in the list."),
];

const ISSUES_EXPORT_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
    query("q", "Free text, as in the list of errors."),
    STATUS,
    ASSIGNEE,
    NEW,
    query("sort", "`last_seen` (default), `first_seen`, `events` or `users`: the highest first."),
    query("format", "`ndjson`, `json` (an array of objects) or `csv`."),
    query("formulas", "`exact` (default), or `escape` with `csv`, as in the exports of other lists."),
    query(
        "{column}",
        "Any column of an error, `tag.NAME`, `page` or `user`, as in the list: only events that fit are counted.",
    ),
];

/// An export of errors.
const fn export(path: &'static str, id: &'static str, handler: Handler, docs: Docs) -> Operation {
    Operation {
        method: Verb::Get,
        path,
        id,
        permission: Permission::ReadTelemetry,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler,
        summary: "Export errors",
        docs,
    }
}

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
            .said("Newest first, by pages. `issue_id=…` lists the events of an issue and of what was merged into it; `status`, `assignee` and `new` choose issues as in their list, and events of deleted issues are left out. `tag.NAME=VALUE` chooses by a tag, with all that columns have (`!VALUE`, `*`, several values), and `tag.NAME` is a facet, too; so are `page` (the transaction, else the path of the request) and `user` (the id, else the e-mail address, else the IP address). What may be long (`contexts`, `request`, `breadcrumbs`, `exception`, `raw`) is left out; the single event has it.")
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
            .said("Events of the same problem are one issue, and those of issues that were merged count together. Counts and `first_seen` are of the range; `state`, `assignee`, `begun_at` and `new` are of the issue. A deleted issue is not there.")
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
            .said("What was merged stands for what it was merged into. Its counts, its newest event, the tags of its newest events, and why that event is in it. 404 if the range has no event of it.")
            .with(ISSUE_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/issues/{id}/similar",
        id: "similar_issues",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: similar::similar_issues,
        summary: "List issues like this one",
        docs: json("SimilarIssuesAnswer")
            .said("Those whose newest event has the same type and culprit, or shares frames of the application with that of this issue. For a person to look at, and perhaps to merge.")
            .with(ISSUE_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/issues/{id}/feedback",
        id: "issue_feedback",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: feedback::of_issue,
        summary: "List what users said of an issue",
        docs: json("IssueFeedbackAnswer")
            .said("Of its events and of those of what was merged into it, whatever the range.")
            .with(&[PROJECT]),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/issues/statistics",
        id: "issue_statistics",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: issues::statistics,
        summary: "Count errors over time, by what they say",
        docs: json("IssueStatisticsAnswer")
            .said("Of the same events that the list of issues counts with these parameters.")
            .with(STATISTICS_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/errors/tags",
        id: "error_tags",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: issues::tags,
        summary: "Count the tags of errors",
        docs: json("ErrorTagsAnswer")
            .said("Which tags the newest 10,000 events of the filter have, and the ten most frequent values of each.")
            .with(TAGS_PARAMETERS),
    },
    export(
        "/api/v1/errors/export",
        "export_errors",
        export::errors,
        answers(200, content(EXPORTED, ""))
            .said("Every event of the filter with every column, newest first, streamed, NDJSON unless `format` says otherwise; as the exports of other lists. Events of deleted issues are left out. Recorded as an export.")
            .with(EXPORT_PARAMETERS),
    ),
    export(
        "/api/admin/errors/export",
        "export_errors_as_csv",
        export::errors_as_csv,
        answers(200, content(EXPORTED, ""))
            .said("The same, as CSV unless `format` says otherwise.")
            .with(EXPORT_PARAMETERS),
    ),
    Operation {
        summary: "Export issues",
        ..export(
            "/api/v1/issues/export",
            "export_issues",
            issue_export::issues,
            answers(200, content(EXPORTED, ""))
                .said("Every issue of the list with these parameters, in its order, streamed: what the list says of each, without its counts over time. At most 100,000. Recorded as an export.")
                .with(ISSUES_EXPORT_PARAMETERS),
        )
    },
];
