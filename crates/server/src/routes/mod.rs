//! Handlers, one file per noun. Each gets a [`crate::call::Call`] that has passed the pipeline.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod system;
pub mod detailed;
pub mod meta;
pub mod pages;
pub mod upkeep;
pub mod backup;
pub mod redaction;
pub mod retention;
pub mod views;
pub mod case_export;
pub mod cases;
pub mod settings;
pub mod projects;
pub mod keys;
pub mod users;
pub mod account;
pub mod access;
pub mod activity;
pub mod summary;
pub mod tail;
pub mod explorers;
pub mod export;
pub mod issue_changes;
pub mod similar;
pub mod feedback;
pub mod releases;
pub mod issues;
pub mod errors;
pub mod attachments;
pub mod monitors;
pub mod read;
pub mod sources;
pub mod rates;
pub mod storage;
pub mod ask;
pub mod sql;
pub mod import;
pub mod release_files;
pub mod artifacts;
pub mod sentry;
pub mod elastic;
pub mod otlp;
pub mod loki;
pub mod append;
