//! Segments: immutable Parquet files of one table, project and day, sorted by time descending.
//!
//! What makes them fast is inside them: sort order, page index, bloom filters on ids, a token index for words and
//! a roll-up for histograms, kept where other Parquet readers ignore it. `docs/format/segment.md` has every byte.
//! Only this room writes or opens Parquet; it knows neither the manifest nor the WAL.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod cache;
pub mod merge;
pub mod reader;
pub mod writer;
pub mod columns;
pub mod facts;
pub mod layout;
pub mod sort;
pub mod rollup;
pub mod tokens;
pub mod token;
pub mod meta;

pub use cache::SegmentCache;
pub use layout::{Census, Layout};
pub use meta::{AttributeType, Lane, LeafRange, SegmentId, SegmentMeta, Tier};
pub use reader::SegmentReader;
pub use tokens::TokenIndex;
pub use writer::{SegmentIdentity, SegmentWriter};
