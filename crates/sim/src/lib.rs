//! A store in a world of its own: seeded clock, seeded disk and object storage that fail, and power cuts.
//!
//! A simulation plays clients, time and misfortune against one store, and after every few steps asks checkers that
//! know what the store has promised (I-1 to I-7 of docs/ARCHITECTURE.md). The same seed plays the same game, but for
//! how concurrent submissions fall into groups, since lanes are real threads.
//!
//! ```text
//! traffic ──▶ store ──▶ reading ──▶ checker      what clients were told, against what is there
//!               ▲
//!  clock, faults, crashes (simulation)
//! ```
//!
//! Modules, top to bottom: each imports only those below it.

pub mod simulation;
pub mod checker;
pub mod reading;
pub mod traffic;

pub use simulation::{Report, Simulation};
