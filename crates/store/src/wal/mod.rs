//! The write-ahead log of a lane: frames in files, written before the answer and replayed after a crash.
//!
//! One frame holds one group of submissions. Its head says what is inside and carries the hash of the frame before,
//! so that a frame that is missing or replaced shows (I-3). Files rotate by size and are named by the first sequence
//! number inside; they are removed when everything in them is in segments. `docs/format/wal.md` has every byte.
//!
//! This room knows rows as columns of a table. It knows nothing of buffers, ledgers or manifests.
//!
//! ```text
//! 00000000000000000001.wal   | frame | frame | frame |      each: head, directory, payloads, checksum
//! 00000000000000081923.wal   | frame | fra                  a torn tail: cut at the next start
//! ```
//!
//! Modules, top to bottom: each imports only those below it.

pub mod replay;
pub mod files;
pub mod frame;
pub mod columns;

pub use files::{Closed, WalSettings, WalWriter, WriteFailure};
pub use frame::{Frame, FrameHead, Hash, Note, NoteKind, Section, SectionHead};
pub use replay::{Finding, FindingKind, Replayed, Source, examine, replay};

/// Largest frame in bytes. A group stops gathering long before; a single submission beyond it is refused.
pub const FRAME_BYTES_MAX: usize = 256 << 20;

/// Where a file with this first sequence number lies in its lane's directory.
pub fn file_name(first_seq: u64) -> String {
    format!("{first_seq:020}.wal")
}

/// The first sequence number from a file's name; `None` if it is no WAL file.
pub fn first_seq_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".wal")?;
    (digits.len() == 20).then(|| digits.parse().ok()).flatten()
}
