//! Everything that is fuzzed.
//!
//! Modules, top to bottom: each imports only those below it.

mod postgres;
mod protocols;
mod requests;
mod segment;
mod wal;
mod sample;

use crate::rounds::Target;

/// Makes a target with its inputs.
pub type Make = fn() -> Target;

/// All targets by name; each makes its inputs anew.
pub const ALL: &[(&str, Make)] = &[
    ("wal", wal::replay),
    ("frame", wal::frame),
    ("columns", wal::columns),
    ("segment", segment::segment),
    ("audit", requests::audit),
    ("logs", requests::logs),
    ("body", requests::body),
    ("postgres", postgres::messages),
    ("loki", protocols::loki),
    ("otlp", protocols::otlp),
    ("elastic", protocols::elastic),
    ("syslog", protocols::syslog),
    ("sentry", protocols::sentry),
];
