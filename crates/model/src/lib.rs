//! The nouns of the house: tables and their columns, batches of rows, callers, projects, canonical bytes,
//! redaction.
//!
//! Everything that moves between rooms is one of these. This crate knows no IO, no runtime and no wire format.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod redact;
pub mod canonical;
pub mod entry;
pub mod captured;
pub mod parts;
pub mod members;
pub mod row;
pub mod log;
pub mod keys;
pub mod sources;
pub mod batch;
pub mod caller;
pub mod table;
pub mod project;

pub use batch::{Batch, BatchError};
pub use caller::{Caller, Permission, Principal, Role, Scope};
pub use captured::ErrorEvent;
pub use entry::{AuditBuilder, AuditEntry, Change};
pub use project::Project;
pub use redact::Redactor;
pub use row::Row;
pub use sources::{Heard, Sources};
pub use table::{Column, Kind, Table};
