//! Objects of the explorers.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "FieldsAnswer",
        "Which fields the rows of a filter have.",
        &[
            ("fields", "[]FieldCount", "Those that some row has, most frequent first."),
            ("sampled", "boolean", "There are more rows than were counted: the newest."),
            ("rows", "integer", "Rows that were counted."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "FieldCount",
        "One column or attribute.",
        &[
            ("name", "text", ""),
            ("kind", "text", "`text`, `json`, `time`, `integer`, `float`, `boolean`, `uuid`, `hex` or `changes`."),
            ("rows", "integer", "Rows that have a value."),
            ("share", "number", "Of the rows that were counted, 0 to 1."),
        ],
    ),
    (
        "BlameAnswer",
        "Who last set each field of a thing.",
        &[
            ("target_type", "text", ""),
            ("target_id", "text", ""),
            ("fields", "[]BlamedField", "Last changed first."),
            ("statistics", "Statistics", ""),
        ],
    ),
    (
        "BlamedField",
        "One field, as it was last set.",
        &[
            ("field", "text", ""),
            ("value", "any", "Null if it was taken away."),
            ("time", "text", ""),
            ("id", "text", "Of the audit entry."),
            ("action", "text", ""),
            ("actor_id?", "text", ""),
            ("actor_email?", "text", ""),
            ("actor_name?", "text", ""),
            ("changes", "integer", "How often it was changed."),
        ],
    ),
    ("RetentionPreviewRequest", "Rules to try.", &[("value", "[]RetentionRule", "As in the setting.")]),
    (
        "RetentionPreview",
        "What would go now if the rules were in force.",
        &[
            ("at", "text", "The moment that ages are counted from."),
            ("segments", "integer", ""),
            ("rows", "integer", ""),
            ("bytes", "integer", ""),
            ("drops", "[]RetentionDrop", "Per table and project of which something would go."),
        ],
    ),
    (
        "RetentionDrop",
        "What would go of one table of one project.",
        &[
            ("table", "text", ""),
            ("project", "text", ""),
            ("segments", "integer", ""),
            ("rows", "integer", ""),
            ("bytes", "integer", ""),
            ("oldest", "text", "Time of the oldest row that would go."),
            ("newest", "text", "Of the newest."),
            ("rows_kept", "integer", "Rows that would stay in segments."),
        ],
    ),
];
