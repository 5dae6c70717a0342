//! SQL over the PostgreSQL wire, for tools that know PostgreSQL: psql, drivers, Grafana, Metabase, DuckDB.
//!
//! A client signs in as user `api` with an API key as its password, by SCRAM-SHA-256, so that the key itself never
//! travels. It can read what the key may read and change nothing. Every question goes the way of `POST /api/v1/sql`:
//! visibility of the key, limits, and an entry in Whodunit's own trail where audit entries are read.
//!
//! ```text
//! listen → sign_in → session ─┬─ simple    ┐
//!                             └─ extended ─┴→ answer → engine
//! ```
//!
//! Must not know: SQL (the query room takes statements apart) and DataFusion.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod listen;
mod extended;
pub mod session;
mod copy;
pub mod portal;
mod answer;
mod sign_in;
pub mod settings;
mod sasl;
mod cancel;
pub mod wire;
pub mod reply;
pub mod message;
mod failure;
