//! Objects of the activity.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "ActivityRow",
        "The data of one `row` event: one thing that happened.",
        &[
            ("signal", "text", "Table name."),
            ("time", "text", ""),
            ("summary", "text", "One line for a person."),
            ("id?", "text", ""),
            ("seq?", "integer", "The row's number in its table, which with its time tells it from all others."),
            ("severity?", "text", "Of an entry; the level of other signals."),
            ("fields", "object", "Context and main columns; null members left out."),
        ],
    ),
    (
        "ActivityOpened",
        "The data of the event `opened`.",
        &[
            ("signals", "[]text", "Table names."),
            ("without", "[]Without", "What the caller may not read."),
            ("rate_max", "integer", "Rows a second that come one by one."),
        ],
    ),
    ("Without", "A signal that is left out.", &[("signal", "text", ""), ("reason", "text", "")]),
    (
        "ActivityCounts",
        "Rows by how bad they are; a critical one is an error as well.",
        &[
            ("events", "integer", ""),
            ("errors", "integer", ""),
            ("critical", "integer", ""),
            ("warnings", "integer", ""),
        ],
    ),
    (
        "ActivitySummary",
        "What went on in a range of time.",
        &[
            ("from", "text", ""),
            ("to", "text", "Not included."),
            ("totals", "ActivityCounts", ""),
            ("bucket_seconds", "integer", ""),
            ("buckets", "[]ActivityBucket", "All of the range in time order, empty ones too."),
            ("signals", "object", "Rows by table name."),
            ("actions", "[]ActionCount", "Most frequent first."),
            ("actors", "[]ActorCount", "Most frequent first."),
            ("addresses", "[]AddressCount", "Most frequent first."),
            ("without", "[]Without", "What the caller may not read."),
        ],
    ),
    ("ActivityBucket", "One bucket.", &[("time", "text", "Its start."), ("counts", "ActivityCounts", "")]),
    (
        "ActionCount",
        "An action of audit entries.",
        &[("action", "text", ""), ("count", "integer", ""), ("failures", "integer", "")],
    ),
    (
        "ActorCount",
        "An actor of audit entries.",
        &[
            ("id?", "text", ""),
            ("email?", "text", ""),
            ("name?", "text", ""),
            ("count", "integer", ""),
            ("last_ip?", "text", ""),
            ("last_time", "text", ""),
        ],
    ),
    (
        "AddressCount",
        "An address of audit entries.",
        &[
            ("ip", "text", ""),
            ("count", "integer", ""),
            ("actors", "integer", "Different ones."),
            ("last_time", "text", ""),
        ],
    ),
];
