//! The objects of errors.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "SentryAnswer",
        "What an envelope is answered with.",
        &[("id?", "text", "The event's id, 32 hexadecimal digits; absent if there was no event.")],
    ),
    (
        "ErrorEventAnswer",
        "One error.",
        &[("sentence", "text", "Type and value in one line."), ("event", "object", "Every column that has a value.")],
    ),
    (
        "IssuesAnswer",
        "Issues of a range.",
        &[
            ("issues", "[]IssueSummary", "In the order that was asked for."),
            ("more", "boolean", "There are more than `limit`."),
            ("from", "text", "The range that everything is counted in."),
            ("to", "text", "Not in it."),
            ("bucket_seconds", "integer", "Width of the buckets; the first begins at or before `from`."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "IssueSummary",
        "One issue, as far as its events of the range tell.",
        &[
            ("id", "text", ""),
            ("title", "text", "Of the newest event, as are type, culprit, level and platform."),
            ("type?", "text", ""),
            ("culprit?", "text", "Where it broke."),
            ("level?", "text", ""),
            ("platform?", "text", ""),
            ("state", "IssueState", ""),
            ("assignee?", "IssueAssignee", ""),
            ("begun_at", "text", "Of the whole issue, whatever the range: when its first event happened."),
            ("first_release?", "text", "Likewise, the first release that events named."),
            ("new", "boolean", "It began within the last 24 hours."),
            ("merged?", "[]text", "Issues that were merged into it."),
            ("version", "integer", "Each change of the issue counts it on; 0 while nobody has acted on it."),
            ("first_seen", "text", "In the range; there may be older events before it."),
            ("last_seen", "text", ""),
            ("events", "integer", ""),
            ("users", "integer", "Different ones: by id, else e-mail address, else IP address."),
            ("releases", "[]text", "Those that events name."),
            ("environments", "[]text", ""),
            ("buckets", "[]integer", "Events over time, the empty buckets included."),
        ],
    ),
    (
        "IssueAnswer",
        "One issue.",
        &[
            ("issue", "IssueSummary", ""),
            ("from", "text", ""),
            ("to", "text", ""),
            ("bucket_seconds", "integer", ""),
            ("latest", "object", "The newest event of the range, with every column that has a value."),
            ("tags", "[]TagValues", "Most frequent first."),
            ("tagged_events", "integer", "Events whose tags were counted: the newest 10,000 of the range at most."),
            ("grouping", "GroupingExplained", ""),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "ErrorTagsAnswer",
        "Tags of errors.",
        &[
            ("tags", "[]TagValues", "Most frequent first, 100 at most."),
            ("events", "integer", "Events whose tags were counted."),
            ("sampled", "boolean", "There are more events than were counted: the newest."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "IssueFeedbackAnswer",
        "What users said of an issue.",
        &[
            ("feedback", "[]object", "Newest first, with every column that has a value."),
            ("more", "boolean", "There is more than is told: the newest 100."),
        ],
    ),
    (
        "TagValues",
        "The values of one tag.",
        &[
            ("name", "text", ""),
            ("events", "integer", "That have the tag."),
            ("values", "[]TagValue", "The ten most frequent ones."),
        ],
    ),
    ("TagValue", "One value of a tag.", &[("value", "text", ""), ("events", "integer", "")]),
    (
        "GroupingExplained",
        "Why the newest event is in its issue.",
        &[
            ("algorithm", "text", "The version of grouping."),
            ("fingerprint", "text", "64 hexadecimal digits."),
            ("explanation", "text", "A sentence, then one line per part; `+` counts, `-` does not and says why."),
        ],
    ),
];
