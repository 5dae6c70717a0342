//! The log protocol: NDJSON (or a JSON array, or one object) becomes batches of `logs`, and bad lines rejections;
//! and what every other log protocol is written with.
//!
//! The hot path of the house. A line is read token by token and each value goes straight into its column: keys are
//! found by guessing the one that followed last time, strings are copied once, and nothing is allocated per field.
//! Only values that have a role (time, message, level, …) wait until the line is read, since a better-named
//! field may still come.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod decoder;
pub mod object;
pub mod rows;
pub mod decode;
pub mod stop;
pub mod rejection;
pub mod mapping;
pub mod value;

use bytes::Bytes;
use whodunit_api::logs::LineRejection;
use whodunit_model::{Batch, Project};
use whodunit_stdx::{Limit, Timestamp};

pub use decode::{Decode, Desk, Whole};
pub use decoder::Decoder;
pub use mapping::Mapping;
pub use rejection::{Reason, Refusal, Rejections};

/// Rows and rejections of a whole body.
#[derive(Debug, Default)]
pub struct Decoded {
    pub batches: Vec<Batch>,
    /// All rejected lines; `rejections` lists the first of them.
    pub rejected: u64,
    pub rejections: Vec<LineRejection>,
}

/// Reads a whole body at once: for tests and measurements. The gateway takes one batch after the other.
pub fn decode(body: Bytes, mapping: &Mapping, received_at: Timestamp, project: &Project) -> Decoded {
    let memory = Limit::new("decode", usize::MAX);
    collect(Decoder::new(body, mapping.clone(), received_at, &memory), project)
}

/// All that a decoder gives.
pub fn collect(mut decoder: impl Decode, project: &Project) -> Decoded {
    let mut batches = Vec::new();
    while let Ok(Some(batch)) = decoder.next_batch(project) {
        batches.push(batch);
    }
    let rejections = decoder.rejections();
    Decoded { batches, rejected: rejections.total(), rejections: rejections.listed.clone() }
}
