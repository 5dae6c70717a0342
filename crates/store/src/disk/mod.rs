//! The door to append-only files: the WAL and the few small files of the data directory.
//!
//! A [`Disk`] knows names and bytes and nothing of what they mean. What is not synced may be lost or torn by a crash;
//! [`FaultyDisk`] does exactly that on purpose.
//!
//! Modules, top to bottom: each imports only those below it.

mod faulty;
mod real;
mod native;

use std::fmt::Debug;
use std::io;
use std::path::Path;

pub use faulty::{DiskFaults, FaultyDisk};
pub use real::RealDisk;

/// Room on the file system of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    pub free_bytes: u64,
    pub total_bytes: u64,
    /// The same number for two paths means the same file system.
    pub device: u64,
}

/// A directory tree of append-only files. Paths are absolute or relative as the caller likes.
pub trait Disk: Send + Sync + Debug {
    fn create_directory(&self, directory: &Path) -> io::Result<()>;
    /// Names of the files in a directory, sorted; empty if there is no such directory.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Opens a file for appending; makes it, with its directory entry on disk, if missing.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Writes a whole small file so that a crash leaves either nothing or all of it.
    fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Cuts a file to `length` bytes, on disk when it returns.
    fn truncate(&self, path: &Path, length: u64) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes creations, renames and removals in a directory durable.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
    fn space(&self, directory: &Path) -> io::Result<Space>;
    /// Takes the exclusive lock of a path until the guard is dropped; `WouldBlock` if another holder has it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>>;
}

/// One file open for appending.
pub trait DiskFile: Send {
    /// Writes all bytes at the end. After an error the file may hold a part of them.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// `fdatasync`.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file back to `length` bytes, after an append that failed.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}
