//! The objects of releases and of scheduled jobs.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    ("MonitorsAnswer", "Scheduled jobs.", &[("monitors", "[]MonitorView", "In order of their projects and names.")]),
    (
        "MonitorView",
        "A job in an environment, as its check-ins tell.",
        &[
            ("project", "text", ""),
            ("monitor", "text", ""),
            ("environment", "text", ""),
            (
                "state",
                "text",
                "`ok`; `failing`: so many bad runs in a row as make it an issue; `unscheduled`: no check-in has said when it is due.",
            ),
            ("config?", "object", "As the client sent it."),
            ("last_check_in", "text", ""),
            ("last_status", "text", "`in_progress`, `ok` or `error`."),
            ("next_due?", "text", ""),
        ],
    ),
    (
        "ReleaseHealthAnswer",
        "The health of releases.",
        &[
            ("from", "text", "The range in which the sessions began."),
            ("to", "text", "Not in it."),
            ("sessions", "integer", "Of all releases of the filter, named or not."),
            ("crashed", "integer", ""),
            ("crash_free_sessions?", "number", "Share of all sessions that did not crash, 0 to 1; absent without any."),
            ("bucket_seconds", "integer", "Width of the buckets; the first begins at or before `from`."),
            ("over_time", "[]SessionBucket", "Sessions over time, the empty buckets included."),
            ("releases", "[]ReleaseHealth", "The one that was heard from last comes first."),
            ("more", "boolean", "There are more than are named."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "SessionBucket",
        "The sessions of all releases that began in one stretch of time.",
        &[("time", "text", "Its start."), ("sessions", "integer", ""), ("crashed", "integer", "")],
    ),
    (
        "ReleaseHealth",
        "One release in one environment.",
        &[
            ("release", "text", ""),
            ("environment?", "text", ""),
            ("sessions", "integer", ""),
            ("crashed", "integer", "Ended in a crash."),
            ("abnormal", "integer", "Ended without saying how."),
            ("errored", "integer", "Had errors and did not end in a crash."),
            ("crash_free_sessions?", "number", "Share of sessions that did not crash, 0 to 1; absent without any."),
            ("adoption?", "number", "Share of its sessions in all of its environment, 0 to 1; absent without any."),
            ("users", "integer", "Different ones, as far as sessions name them."),
            ("crash_free_users?", "number", "Share of these users who met no crash, 0 to 1; absent without any."),
            ("errors", "integer", ""),
            ("issues", "integer", "That these errors are of."),
            (
                "new_issues",
                "integer",
                "That began in the range and whose first event names the release, whatever its environment.",
            ),
            ("first_seen?", "text", "Of its first session or error in the range; absent of one that was only named."),
            ("last_seen?", "text", "Of its last one."),
            ("named_at?", "text", "When it was named by a command line, whatever the range."),
            ("deploys?", "[]ReleaseDeploy", "To this environment, the newest first, whatever the range."),
        ],
    ),
    (
        "ReleaseDeploy",
        "A release went out.",
        &[("name?", "text", ""), ("url?", "text", ""), ("started_at?", "text", ""), ("finished_at?", "text", "")],
    ),
];
