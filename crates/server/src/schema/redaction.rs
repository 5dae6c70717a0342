//! The objects of redaction rules.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    (
        "RedactionRule",
        "One rule of a project's own.",
        &[
            ("name", "text", "Under which it is counted: a-z, 0-9 and `_`."),
            ("kind", "text", "`key` or `value`."),
            ("pattern", "text", "A glob (`*`, `?`) for a key, a regular expression for a value."),
            ("action?", "text", "`filter` (default), or `keep` for a key that the standard rules leave alone."),
        ],
    ),
    (
        "RedactionView",
        "A project's rules.",
        &[
            ("project", "text", ""),
            ("version", "integer", "Of the setting `redaction`, which holds the rules of all projects."),
            ("rules", "[]RedactionRule", ""),
            ("standard", "[]text", "Names of the rules that always count."),
        ],
    ),
    (
        "RedactionChange",
        "All rules of the project.",
        &[
            ("rules", "[]RedactionRule", "An empty list leaves the standard rules."),
            ("version?", "integer", "Refuse with `conflict` unless this is the version in force."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    (
        "RedactionTest",
        "What to try.",
        &[
            ("rules?", "[]RedactionRule", "Those in force if left out."),
            ("sample?", "any", "A text, or any other JSON."),
        ],
    ),
    (
        "RedactionTestAnswer",
        "What would be filtered; no secret is in it.",
        &[
            ("sample?", "SampleFiltered", ""),
            ("records", "[]RecordFiltered", "Values of the newest rows."),
            ("rows", "integer", "How many rows were looked at."),
        ],
    ),
    ("SampleFiltered", "The sample as it would be stored.", &[("filtered", "any", ""), ("rules", "[]RuleCount", "")]),
    (
        "RecordFiltered",
        "One value of a row.",
        &[
            ("table", "text", ""),
            ("id?", "text", "Of an audit entry."),
            ("time", "text", ""),
            ("column", "text", ""),
            ("rules", "[]RuleCount", ""),
            ("preview", "text", "The value as it would be stored, cut to 200 bytes."),
        ],
    ),
    ("RuleCount", "How often a rule filtered.", &[("rule", "text", ""), ("count", "integer", "")]),
];
