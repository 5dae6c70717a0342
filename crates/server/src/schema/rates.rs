//! Objects of the rates at which rows come in.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "IngestRates",
        "How fast rows come in, of all projects together, since the process began to serve.",
        &[
            ("at", "text", "The server's time."),
            ("since", "text", "Since when is counted: the start of the process."),
            (
                "window_seconds",
                "number",
                "What `…_per_second` is the average of: the last minute, or less after the start.",
            ),
            ("protocols", "[]IngestRate", "Those by which something came."),
            ("minutes", "[]IngestMinute", "Of the last hour, oldest first; the last one runs."),
            ("rejects", "[]IngestReject", "Most frequent first."),
        ],
    ),
    (
        "IngestRate",
        "One protocol.",
        &[
            ("protocol", "text", "`audit`, `logs`, `loki`, `otlp`, `elasticsearch`, `syslog` or `sentry`."),
            ("rows_per_second", "number", "Rows that were taken."),
            ("bytes_per_second", "number", "As they came over the wire."),
            ("rejected_per_second", "number", "Rows that were refused one by one, and dropped messages of syslog."),
            ("total", "IngestCount", "Since the start."),
        ],
    ),
    (
        "IngestCount",
        "What came by one protocol.",
        &[
            ("protocol", "text", ""),
            ("rows", "integer", ""),
            ("bytes", "integer", ""),
            ("rejected", "integer", ""),
            ("requests_failed", "integer", "That failed as a whole."),
        ],
    ),
    (
        "IngestMinute",
        "A minute of the clock, to the 5 seconds in which the counters are read.",
        &[
            ("at", "text", ""),
            (
                "seconds",
                "number",
                "How long it was counted: less for the one that runs, more where counting stood still.",
            ),
            ("protocols", "[]IngestCount", "Those by which something came in it."),
        ],
    ),
    (
        "IngestReject",
        "How often something was refused for one reason.",
        &[
            ("protocol", "text", ""),
            (
                "code",
                "text",
                "Of rows the code of their rejection, of whole requests the kind of failure after `request_`, and `dropped` for messages of syslog that found no room.",
            ),
            ("last_minute", "integer", ""),
            ("last_hour", "integer", ""),
            ("total", "integer", "Since the start."),
        ],
    ),
];
