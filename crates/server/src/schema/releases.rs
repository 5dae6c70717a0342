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
            ("releases", "[]ReleaseHealth", "The one that was heard from last comes first."),
            ("more", "boolean", "There are more than are named."),
        ],
    ),
    (
        "ReleaseHealth",
        "The sessions of one release in one environment.",
        &[
            ("release", "text", ""),
            ("environment?", "text", ""),
            ("sessions", "integer", ""),
            ("crashed", "integer", "Ended in a crash."),
            ("abnormal", "integer", "Ended without saying how."),
            ("errored", "integer", "Had errors and did not end in a crash."),
            ("crash_free_sessions", "number", "Share of sessions that did not crash, 0 to 1."),
            ("users", "integer", "Different ones, as far as sessions name them."),
            ("crash_free_users?", "number", "Share of these users who met no crash, 0 to 1; absent without any."),
            ("first_seen", "text", "Start of its first session in the range."),
            ("last_seen", "text", "Start of its last one."),
        ],
    ),
];
