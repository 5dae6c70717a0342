//! The activity: what happens now, and what the last day was like.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{EVENTS, PROJECT, Verb, answers, content, json, query};
use crate::call::{AuditClass, BodyLimit};
use crate::gate::RateClass;
use crate::routes::activity;

pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Verb::Get,
        path: "/api/v1/activity/stream",
        id: "activity_stream",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler: activity::stream,
        summary: "Follow everything",
        docs: answers(200, content(EVENTS, "ActivityRow")).said("Server-sent events: `opened` (`ActivityOpened`), the newest rows of the last day oldest first, then one `row` per row of any signal as it becomes visible. `skipped` says how many came past `rate_max` within a second, `lagged` how many batches a slow reader missed. Audit entries only for callers that may read them; `opened` says what is left out. One entry in the trail per opened stream. `project=*` follows all applications, without Whodunit's own trail.").with(&[
            PROJECT,
            query("only", "`all` (default) or `errors`: log lines of level ERROR and above, error events, entries that failed or are of severity ERROR and above."),
            query("rate_max", "Rows a second that come one by one, 1 to 1,000, default 50."),
            query("backlog", "Newest rows to begin with, 0 to 1,000, default 100."),
        ]),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/activity/summary",
        id: "activity_summary",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::Query,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: activity::summary,
        summary: "What the last day was like",
        docs: json("ActivitySummary").said("Counts by level in at most 25 buckets (hours, for a day), and the ten most frequent actions, actors and addresses of audit entries. A page may ask again and again: one entry in the trail stands for 15 minutes of the same caller and project. Without the permission for audit entries those are left out, and `without` says so.").with(&[
            PROJECT,
            query("from", "Start of the range; 24 hours before its end if left out."),
            query("to", "End of the range, exclusive; now if left out."),
        ]),
    },
];
