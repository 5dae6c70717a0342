//! Objects of the registry of sources.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "SearchedSource",
        "One source that was heard from.",
        &[
            ("project", "text", ""),
            ("protocol", "text", ""),
            ("sender", "text", ""),
            ("services?", "[]text", "At most 10, most rows first."),
            ("first_heard_at", "text", ""),
            ("last_heard_at", "text", ""),
        ],
    ),
    (
        "SourceList",
        "Who sends what, last heard first.",
        &[("now", "text", "The server's time."), ("sources", "[]SourceView", "")],
    ),
    (
        "SourceView",
        "One sender with one program over one protocol into one project.",
        &[
            ("project", "text", ""),
            ("protocol", "text", "`audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`."),
            ("sender_type", "text", "`key`, `user`, `address` (syslog), `system`, or `other` for all past the limit."),
            ("sender_id", "text", ""),
            ("sender", "text", "Name of the key, e-mail address of the user, or the address that it came from."),
            ("client", "text", "The program that sends, as it calls itself; empty if it does not."),
            ("first_heard_at", "text", ""),
            ("last_heard_at", "text", ""),
            ("requests", "integer", "Of syslog messages."),
            ("requests_failed", "integer", "That failed as a whole."),
            ("rows", "integer", "That are stored."),
            ("rows_today", "integer", "Of those the ones since midnight UTC."),
            ("bytes", "integer", "As they came over the wire."),
            ("rejected", "integer", "Rows that were refused one by one."),
            ("services", "[]SourceService", "Most rows first; rows that name no service are in none."),
            ("reasons", "[]SourceReason", "Most frequent first."),
            ("last_rejection?", "SourceRejection", ""),
        ],
    ),
    ("SourceService", "Rows of one service within a source.", &[("service", "text", ""), ("rows", "integer", "")]),
    (
        "SourceReason",
        "How often something was refused for one reason.",
        &[
            ("code", "text", "Of rows the code of their rejection; of whole requests the kind after `request_`."),
            ("count", "integer", ""),
        ],
    ),
    (
        "SourceRejection",
        "The last thing that was refused.",
        &[("at", "text", ""), ("code", "text", ""), ("reason", "text", "What it quotes from the request is left out.")],
    ),
];
