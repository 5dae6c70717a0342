//! The objects of what people make of issues.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "IssueState",
        "What people, and time, made of an issue.",
        &[
            ("name", "text", "`unresolved`, `resolved`, `ignored` or `regressed`."),
            ("since?", "text", ""),
            (
                "terms?",
                "text",
                "Resolved: `now`, `in_release` or `next_release`. Ignored: `forever`, `time`, `events` or `users`.",
            ),
            ("release?", "text", "Resolved: that the terms speak of. Regressed: of the event."),
            ("until?", "text", "Ignored: the time at which it comes back."),
            ("count?", "integer", "Ignored: the events or users after which it comes back."),
            ("counted?", "integer", "Likewise, how many there were."),
        ],
    ),
    ("IssueAssignee", "A user of Whodunit.", &[("id", "text", ""), ("email", "text", ""), ("name", "text", "")]),
    (
        "IssueAssigneeList",
        "Users to whom issues may be assigned.",
        &[("users", "[]IssueAssignee", "By e-mail address.")],
    ),
    (
        "SetIssueState",
        "A state to be set.",
        &[
            ("name", "text", "`unresolved`, `resolved` or `ignored`."),
            ("terms?", "text", "As in the state; `now` or `forever` if left out."),
            ("release?", "text", "With `in_release`; the newest one that is known if left out."),
            ("until?", "text", "With `time`: RFC 3339."),
            ("count?", "integer", "With `events` or `users`."),
        ],
    ),
    (
        "UpdateIssueRequest",
        "What to change of an issue; what is left out stays.",
        &[
            ("state?", "SetIssueState", ""),
            ("assignee?", "text", "The id or e-mail address of a user; empty for nobody."),
            ("version?", "integer", "Refuse unless this version is the present one."),
            ("reason?", "text", "For the trail."),
        ],
    ),
    (
        "ChangeIssuesRequest",
        "What to change of several issues.",
        &[
            ("ids", "[]text", "1 to 1,000."),
            ("state?", "SetIssueState", ""),
            ("assignee?", "text", "The id or e-mail address of a user; empty for nobody."),
            ("reason?", "text", "For the trail."),
        ],
    ),
    (
        "MergeIssuesRequest",
        "Issues to be merged into another one.",
        &[("ids", "[]text", "1 to 1,000."), ("into", "text", ""), ("reason?", "text", "For the trail.")],
    ),
    ("IssueIdsRequest", "Several issues.", &[("ids", "[]text", "1 to 1,000."), ("reason?", "text", "For the trail.")]),
    (
        "UndoIssuesRequest",
        "A change to be taken back.",
        &[("change", "text", "As its answer and the history name it."), ("reason?", "text", "For the trail.")],
    ),
    (
        "ChangedIssuesAnswer",
        "What came of a change of issues.",
        &[
            ("change?", "text", "Names the change, to take it back; absent if everything was so already."),
            ("issues", "[]IssueView", "That it touched, as they are now."),
        ],
    ),
    (
        "IssueView",
        "An issue without its events.",
        &[
            ("id", "text", ""),
            ("project", "text", ""),
            ("version", "integer", "Each change counts it on."),
            ("state", "IssueState", ""),
            ("assignee?", "IssueAssignee", ""),
            ("merged_into?", "text", "The issue that its events count for."),
            ("deleted_at?", "text", "Events received until then are hidden."),
            ("updated_at", "text", ""),
            ("updated_by", "text", ""),
        ],
    ),
    ("IssueHistory", "The changes of an issue.", &[("changes", "[]IssueChangeView", "Newest first.")]),
    (
        "IssueChangeView",
        "One change of an issue.",
        &[
            ("change", "text", "To take it back; shared by all issues that one act changed."),
            ("issue", "text", "The issue, or one that was merged into it."),
            ("version", "integer", "That it made."),
            ("action", "text", "The word of the trail."),
            ("before", "IssueStandingView", ""),
            ("after", "IssueStandingView", ""),
            ("changed_at", "text", ""),
            ("changed_by", "text", "`system/issues` is Whodunit itself."),
            ("reason?", "text", ""),
            ("undoes?", "text", "The change that this one took back."),
        ],
    ),
    (
        "IssueStandingView",
        "How an issue stood.",
        &[
            ("state", "IssueState", ""),
            ("assignee?", "IssueAssignee", ""),
            ("merged_into?", "text", ""),
            ("deleted_at?", "text", ""),
        ],
    ),
    ("IssueCommentList", "Comments on an issue.", &[("comments", "[]IssueCommentView", "Oldest first.")]),
    (
        "IssueCommentView",
        "What somebody said about an issue.",
        &[
            ("id", "text", ""),
            ("body", "text", "May have several lines."),
            ("added_at", "text", ""),
            ("added_by", "text", ""),
            ("changed_at?", "text", ""),
            ("changed_by?", "text", ""),
        ],
    ),
    ("IssueCommentRequest", "A comment.", &[("body", "text", "Up to 10,000 characters.")]),
    (
        "SimilarIssuesAnswer",
        "Issues like another one.",
        &[
            ("issues", "[]SimilarIssue", "The most alike first, ten at most."),
            (
                "compared",
                "integer",
                "Issues that were compared: of those with the same type, and of those with the same culprit, the newest 50.",
            ),
            ("from", "text", "The range that everything is counted in."),
            ("to", "text", "Not in it."),
        ],
    ),
    (
        "SimilarIssue",
        "An issue like another one, and why: the newest events of both are compared.",
        &[
            ("issue", "IssueSummary", ""),
            ("same_type", "boolean", ""),
            ("same_culprit", "boolean", ""),
            ("shared_frames", "integer", "Frames of the application that both stacks have."),
            ("frames", "integer", "Different frames of the application in both stacks together."),
        ],
    ),
    (
        "IssueStatisticsAnswer",
        "Errors of a range, for charts.",
        &[
            ("from", "text", "The range that everything is counted in."),
            ("to", "text", "Not in it."),
            ("bucket_seconds", "integer", "Width of the buckets; the first begins at or before `from`."),
            ("events", "integer", ""),
            ("users", "integer", "Different ones: by id, else e-mail address, else IP address."),
            ("issues", "integer", ""),
            ("series", "[]IssueSeries", "By `level`, `type`, `release`, `environment` and `page`."),
            ("top_users", "[]AffectedUser", "The ten who had the most errors."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "IssueSeries",
        "Errors over time, by one thing that they say.",
        &[
            ("by", "text", "The page is the transaction, else the path of the request."),
            ("values", "[]IssueSeriesValue", "The ten most frequent ones, and the others together."),
        ],
    ),
    (
        "IssueSeriesValue",
        "One value of a series.",
        &[
            ("value?", "text", "Absent for errors that do not say, and for the others together."),
            ("others", "boolean", "These are all other values together."),
            ("events", "integer", ""),
            ("buckets", "[]integer", "Events over time, the empty buckets included."),
        ],
    ),
    (
        "AffectedUser",
        "Somebody who had errors.",
        &[
            ("user", "text", "The id, else the e-mail address, else the IP address."),
            ("email?", "text", "Of the newest event, as is the name."),
            ("name?", "text", ""),
            ("events", "integer", ""),
            ("issues", "integer", ""),
            ("last_seen", "text", ""),
        ],
    ),
];
