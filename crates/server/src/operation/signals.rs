//! Lists of the signals that have no other way to be asked for.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{EXPORTED, LIST_PARAMETERS, LIST_ROWS, PROJECT, Parameter, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use crate::routes::{attachments, export, monitors, read, releases};

const BYTES: &[&str] = &["application/octet-stream"];

const fn list(
    path: &'static str,
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    said: &'static str,
) -> Operation {
    Operation {
        method: Verb::Get,
        path,
        id,
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler,
        summary,
        docs: answers(200, content(LIST_ROWS, "ListAnswer")).said(said).with(LIST_PARAMETERS),
    }
}

const RANGE: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range; 14 days before `to` if left out."),
    query("to", "End of the range, exclusive; now if left out."),
    query("release", "Of this release; also several times, `!` before it excludes, `*` asks for one at all."),
    query("environment", "Of this environment; likewise."),
    query("buckets", "1 to 500: about so many round buckets, 60 if left out."),
];

const EXPORT_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("from", "Start of the range, as in the list."),
    query("to", "End of the range, exclusive."),
    query("q", "Free text, as in the list."),
    query("format", "`ndjson`, `json` (an array of objects) or `csv`."),
    query("formulas", "`exact` (default), or `escape` with `csv`, as in the exports of other lists."),
    query("{column}", "Any column, as in the list."),
];

pub const OPERATIONS: &[Operation] = &[
    list(
        "/api/v1/spans",
        "list_spans",
        read::list_spans,
        "List spans",
        "Newest first, by pages. `trace_id=…` lists one trace; `duration_ns=>=…` finds the slow ones. Every attribute is a column under its key.",
    ),
    list(
        "/api/v1/attachments",
        "list_attachments",
        read::list_attachments,
        "List files that came with errors",
        "Newest first, by pages. `event_id=…` lists those of one event. What is in a file is downloaded by its id.",
    ),
    Operation {
        docs: answers(200, content(BYTES, ""))
            .said("The whole file, as a download that no browser shows. Recorded as an export.")
            .with(&[PROJECT]),
        ..list(
            "/api/v1/attachments/{id}",
            "download_attachment",
            attachments::download,
            "Download a file that came with an error",
            "",
        )
    },
    list(
        "/api/v1/feedback",
        "list_feedback",
        read::list_feedback,
        "List what users said",
        "Newest first, by pages. `event_id=…` lists what was said about one event.",
    ),
    Operation {
        audit: AuditClass::Query,
        rate: RateClass::Stream,
        docs: answers(200, content(EXPORTED, ""))
            .said("Everything of the filter with every column, newest first, streamed, NDJSON unless `format` says otherwise; as the exports of other lists. Recorded as an export.")
            .with(EXPORT_PARAMETERS),
        ..list("/api/v1/feedback/export", "export_feedback", export::feedback, "Export what users said", "")
    },
    list(
        "/api/v1/check-ins",
        "list_check_ins",
        read::list_check_ins,
        "List check-ins of scheduled jobs",
        "Newest first, by pages. `monitor=…` lists those of one job.",
    ),
    Operation {
        docs: json("MonitorsAnswer")
            .said("Every job that has checked in within 40 days, in each of its environments, and how it stands. What is missed, fails or runs too long is an error with the tag `monitor`; all of one job in one environment are one issue.")
            .with(&[PROJECT]),
        ..list("/api/v1/monitors", "list_monitors", monitors::list, "List scheduled jobs", "")
    },
    Operation {
        docs: json("ReleaseHealthAnswer")
            .said("Of each release in each environment, of how many of its sessions the last word was a crash, how many errors it has, and when it went out; and the sessions of all of them over time. Up to 200 of them, the one heard from last first: those with sessions or errors in the range, and those that were named or deployed in it.")
            .with(RANGE),
        ..list("/api/v1/releases/health", "release_health", releases::health, "Show the health of releases", "")
    },
];
