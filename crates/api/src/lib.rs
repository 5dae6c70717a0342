//! Wire types of Whodunit's own HTTP API: plain, versioned serde structs and nothing else.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod activity;
pub mod explorers;
pub mod admin;
pub mod audit;
pub mod cases;
pub mod logs;
pub mod monitors;
pub mod error;
pub mod health;
pub mod import;
pub mod intake;
pub mod issues;
pub mod releases;
pub mod query;
pub mod rates;
pub mod redaction;
pub mod sources;
pub mod storage;
pub mod views;
