//! Objects of saved views.

use super::Field;

pub const OBJECTS: &[(&str, &str, &[Field])] = &[
    ("SavedViewList", "Saved views.", &[("views", "[]SavedView", "By page and name.")]),
    (
        "SavedView",
        "A page that somebody comes back to, with the query of its link.",
        &[
            ("id", "text", ""),
            ("project", "text", ""),
            ("page", "text", "`activity`, `audit`, `logs` or `timeline`."),
            ("name", "text", ""),
            ("query", "text", "The part of a link after the question mark."),
            ("shared", "boolean", "Seen by everybody who reaches the project; by its owner alone otherwise."),
            ("owner", "text", "E-mail address of the one who saved it."),
            ("mine", "boolean", "The caller is its owner."),
            ("version", "integer", "From 1; each change counts it on."),
            ("created_at", "text", ""),
            ("updated_at", "text", ""),
            ("updated_by", "text", "Who changed it last."),
        ],
    ),
    (
        "CreateSavedViewRequest",
        "A view to be kept.",
        &[
            ("page", "text", "`activity`, `audit`, `logs` or `timeline`."),
            ("name", "text", "At most 200 characters."),
            ("query", "text", "As it stands in the link; a question mark in front is dropped. At most 8,192 bytes."),
            ("shared?", "boolean", "`false` if left out."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    (
        "UpdateSavedViewRequest",
        "What to change of a view; what is left out stays.",
        &[
            ("name?", "text", ""),
            ("query?", "text", ""),
            ("shared?", "boolean", ""),
            ("version?", "integer", "Refuse with `conflict` unless this is the present version."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
];
