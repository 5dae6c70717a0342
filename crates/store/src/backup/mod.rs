//! Backups: immutable files that many backups share, and a description that is written last.
//!
//! Segments never change, so a backup copies each of them once and later ones only name it. What does change is small
//! and belongs to one backup alone: the manifest, the part of the write-ahead log that is in no segment yet, and the
//! control database.
//!
//! ```text
//! whodunit-backup                              whose backups these are
//! backups/<name>.json                          the description: names all of its parts
//! parts/<name>/manifest.json.zst
//! parts/<name>/wal/<lane>/<first seq>.wal
//! parts/<name>/control.sqlite
//! segments/<sha256>.parquet                    shared by all backups of the place
//! files/<sha256>                               likewise: what was uploaded, and lies beside the store
//! ```
//!
//! - B-1: a description is created when everything that it names is in place, and whole.
//! - B-2: a file below `segments/` or `files/` holds what its name says: it appears as a whole, after its hash was checked.
//! - B-3: only the holder of the data directory writes to a place, one backup at a time; a place has one writer id.
//!
//! An interrupted backup leaves segments, which the next one finds, and parts, which the next one removes. Every byte
//! is described in `docs/format/backup.md`. This room knows neither lanes nor buffers: what is in no segment it is
//! given.
//!
//! Modules, top to bottom: each imports only those below it.

mod draft;
mod found;
mod beside;
mod place;
mod description;
mod progress;

pub use beside::{BESIDE, Beside};
pub(crate) use beside::{copy, digest, is_beside};
pub use description::{ControlPart, Description, FilePart, Missing, Part, Segments, WalPart};
pub use draft::{Draft, Source};
pub use found::{Found, find, list};
pub use place::{BackupPlace, Place};
pub use progress::Progress;

/// Bytes that are read and written at a time.
pub(crate) const CHUNK_BYTES: u64 = 4 << 20;
