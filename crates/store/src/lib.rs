//! The store: an append goes in, is durable and visible at once, and leaves through a snapshot.
//!
//! See `docs/ARCHITECTURE.md` for the rooms and the invariants I-1 to I-9 that comments here cite.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod store;
pub mod settings;
pub mod backup;
pub mod maintain;
pub mod snapshot;
pub mod write;
pub mod evidence;
pub mod buffer;
pub mod manifest;
pub mod wal;
pub mod segment;
pub mod object;
pub mod disk;
pub mod types;
pub mod error;

pub use backup::{BackupPlace, Beside, Description, Progress};
pub use buffer::EntryKey;
pub use disk::{Disk, DiskFile, FaultyDisk, RealDisk};
pub use error::Error;
pub use maintain::RetentionPolicy;
pub use object::Objects;
pub use segment::{AttributeType, Lane, SegmentMeta, SegmentReader, Tier};
pub use settings::{Purpose, Settings, Upkeep};
pub use snapshot::Snapshot;
pub use store::{BackupOrder, Maintained, Parts, Restored, Statistics, Store, VerifyReport};
pub use types::{Appended, Check, CheckStatus, Durability, Receipt, Submission};
