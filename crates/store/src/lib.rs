//! The store: an append goes in, is durable and visible at once, and leaves through a snapshot.
//!
//! See `docs/ARCHITECTURE.md` for the rooms and the invariants I-1 to I-9 that comments here cite.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod buffer;
pub mod disk;
pub mod error;
pub mod evidence;
pub mod maintain;
pub mod manifest;
pub mod object;
pub mod segment;
pub mod settings;
pub mod snapshot;
pub mod store;
pub mod types;
pub mod wal;
pub mod write;

pub use disk::{Disk, DiskFile, FaultyDisk, RealDisk};
pub use error::Error;
pub use object::Objects;
pub use segment::{AttributeType, Lane, SegmentMeta, Tier};
pub use settings::{Settings, Upkeep};
pub use snapshot::Snapshot;
pub use store::{Parts, Store};
pub use types::{Appended, Check, CheckStatus, Durability, Receipt, Submission};
