//! The server over its own front door: a real socket, a real data directory, HTTP in and JSON out.

mod access;
mod activity;
mod append;
mod client;
mod desk;
mod explorers;
mod holdings;
mod interface;
mod issues;
mod limits;
mod questions;
mod redaction;
mod release_files;
mod sentry;
mod table;
mod trail;
