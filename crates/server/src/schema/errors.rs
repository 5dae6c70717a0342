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
];
