//! The world as the rest of the house may see it: time, chance, ids, tasks, limits, error kinds, self-metrics.
//!
//! Nothing above asks the operating system for the time or for randomness; it asks a [`World`], so that the
//! simulator can hand in another one. This crate must not know what an audit entry or a log line is.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod world;
pub mod tasks;
pub mod limit;
pub mod turns;
pub mod id;
pub mod metrics;
pub mod clock;
pub mod error;

pub use clock::{Clock, Instant, ManualClock, SystemClock, Timestamp};
pub use error::ErrorKind;
pub use id::EntryId;
pub use limit::{Limit, Reservation};
pub use tasks::Tasks;
pub use turns::{Share, Turn, Turns};
pub use world::World;
