//! The writers: one lane for audit, one for everything else, neither waiting for the other.
//!
//! A lane is a bounded queue, one thread and one WAL. All that arrives while a group syncs goes into the next group.
//!
//! ```text
//! callers:  prepare (columns, salts, leaf hashes) → look up older ids → queue ─┐
//! thread:   ┌──────────────────────────────────────────────────────────────────┘
//!           └ drain → admit (idempotency, intents, seq, leaf index) → one frame → write → fdatasync → publish → answer
//! ```
//!
//! - I-1, I-2: the answer comes after sync (or publishing, if buffered) and always after publishing.
//! - I-5: `leaf_index` is counted here, and a group that was not written gives its numbers back.
//! - I-6: ids are remembered here until the flush after the one that wrote them; older ones are found in segments.
//! - I-7: after a failed write or sync the lane answers `Unavailable` until the process starts again.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod recover;
pub mod lane;
pub mod older;
pub mod assembly;
pub mod ledger;
pub mod queue;
pub mod prepare;
pub mod measure;

pub use lane::{LaneHandle, LaneParts, LaneSettings, Released, Reply};
pub use ledger::{Ledger, Limits};
pub use prepare::{EntryState, First, Prepared, Preparer};
