//! Objects of cases.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    ("CaseList", "Cases.", &[("cases", "[]CaseView", "Last changed first.")]),
    (
        "CaseView",
        "A named list of rows with notes, without what it holds.",
        &[
            ("id", "text", ""),
            ("project", "text", "Who reaches it sees the case."),
            ("name", "text", ""),
            ("description", "text", ""),
            ("rows", "integer", "That it holds, also those that the caller may not see."),
            ("notes", "integer", "Likewise, of rows and alone."),
            ("version", "integer", "From 1; each change of the case or of what it holds counts it on."),
            ("created_at", "text", ""),
            ("created_by", "text", ""),
            ("updated_at", "text", ""),
            ("updated_by", "text", ""),
            ("closed_at?", "text", "Absent while it is open."),
            ("closed_by?", "text", ""),
        ],
    ),
    (
        "CaseAnswer",
        "A case with what it holds.",
        &[
            ("case", "CaseView", ""),
            ("items", "[]CaseItem", "In the order in which they were added; rows without their `fields`."),
            ("hidden", "integer", "Items left out because the caller may not read their rows."),
        ],
    ),
    (
        "CaseItem",
        "A row of a case, or a note.",
        &[
            ("number", "integer", "Within the case, from 1; never given again."),
            ("note?", "text", ""),
            ("added_at", "text", ""),
            ("added_by", "text", ""),
            ("noted_at?", "text", "When the note was last written."),
            ("noted_by?", "text", ""),
            ("row?", "CaseRow", "Absent for a note alone."),
        ],
    ),
    (
        "CaseRow",
        "A row as it was found when it was added.",
        &[
            ("signal", "text", "Table name."),
            ("project", "text", ""),
            ("time", "text", ""),
            ("id?", "text", "Of rows that have one."),
            ("seq", "integer", "The row's number in its table, which with its time tells it from all others."),
            ("severity?", "text", "Of an entry; the level of other signals."),
            ("summary", "text", "One line for a person."),
            ("left_out?", "[]text", "Columns that were too large to be kept."),
            (
                "told?",
                "object",
                "Of an audit entry of at most 16 KiB the columns that a sentence about it is made of, to write `summary` in another language.",
            ),
            ("fields?", "object", "Every column that had a value; only where one item is read, and in exports."),
        ],
    ),
    (
        "CreateCaseRequest",
        "A case to be opened.",
        &[
            ("name", "text", "At most 200 characters."),
            ("description?", "text", "At most 10,000 characters."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    (
        "UpdateCaseRequest",
        "What to change of a case; what is left out stays.",
        &[
            ("name?", "text", ""),
            ("description?", "text", ""),
            ("closed?", "boolean", "`true` closes the case, `false` opens it again."),
            ("version?", "integer", "Refuse with `conflict` unless this is the present version."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    (
        "AddCaseRowsRequest",
        "Rows to be kept: all of them, or none.",
        &[("rows", "[]CaseRowRequest", "At most 100."), ("reason?", "text", "Why, for the trail.")],
    ),
    (
        "CaseRowRequest",
        "Which row: by `id`, or by `time` and `seq`.",
        &[
            ("signal", "text", "Table name."),
            ("project?", "text", "The project of the request if left out."),
            ("id?", "text", "Of an audit entry, an error event or a session event."),
            ("time?", "text", "RFC 3339 with all its digits; beside `id` it finds the row faster."),
            ("seq?", "integer", ""),
            ("note?", "text", ""),
        ],
    ),
    (
        "AddCaseRowsAnswer",
        "What came of adding rows.",
        &[
            ("case", "CaseView", ""),
            ("added", "[]CaseItem", ""),
            ("present", "integer", "Rows of the request that the case had already."),
        ],
    ),
    (
        "CaseNoteRequest",
        "A note.",
        &[
            ("note", "text", "At most 10,000 characters. An empty one takes the note of a row away."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    ("CaseItemAnswer", "One item and its case.", &[("case", "CaseView", ""), ("item", "CaseItem", "")]),
];
