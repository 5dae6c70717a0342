//! The server: the operation table, what every request passes, and the composition of all rooms below.
//!
//! ```text
//! listen → front → pipeline → operation table → routes → the rooms below
//!                  (place, identity, permission, project, body, trail)
//! ```
//!
//! Modules, top to bottom: each imports only those below it.

pub mod start;
mod listen;
mod syslog;
mod pipeline;
mod counting;
mod following;
mod judging;
mod heard;
pub mod reference;
pub mod openapi;
pub mod operation;
mod routes;
pub mod schema;
pub mod backup;
mod keeping;
mod incoming;
mod desk;
mod call;
pub mod pg;
mod recording;
mod app;
pub mod artifacts;
mod backups;
mod imports;
mod monitors;
mod refusals;
mod watching;
mod identity;
mod checkup;
mod rates;
mod observed;
mod traffic;
mod gate;
mod front;
mod unread;
mod dialect;
mod failure;
mod pages;
mod interface;
mod process;
pub mod tls;
pub mod settings;
mod proxy;

pub use call::{AuditClass, BodyLimit};
pub use dialect::Dialect;
pub use settings::{SETTINGS, Setting, SettingError, SettingKind, Settings};
pub use start::{Server, StartError, Started};
