//! One file per command. Each turns its arguments into calls of the rooms below and prints the answer.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod serve;
pub mod import;
pub mod doctor;
pub mod restore;
pub mod backup;
pub mod verify;
pub mod admin;
pub mod ask;
pub mod query;
pub mod sources;
pub mod tail;
pub mod config;
mod direct;
