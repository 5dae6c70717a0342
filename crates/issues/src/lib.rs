//! Issues: which error events are the same problem, and what becomes of it. Pure: no IO, no clock, no waiting.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod monitor;
pub mod workflow;
pub mod placement;
pub mod similar;
pub mod filter;
pub mod category;
pub mod title;
pub mod fingerprint;
pub mod frame;
pub mod rules;
pub mod parameterise;
pub mod event;
pub mod release;
pub mod glob;
pub mod time;
