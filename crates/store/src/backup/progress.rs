//! How far a backup or restore is, and the wish to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use whodunit_stdx::ErrorKind;

use crate::Error;

/// Read by whoever waits, written by whoever copies. Counts segment files only: the rest is small.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU64,
    files_done: AtomicU64,
    bytes: AtomicU64,
    bytes_done: AtomicU64,
    stopped: AtomicBool,
}

impl Progress {
    /// Files to copy, and how many of them are copied.
    pub fn files(&self) -> (u64, u64) {
        (self.files_done.load(Ordering::Relaxed), self.files.load(Ordering::Relaxed))
    }

    /// Bytes copied, of how many.
    pub fn bytes(&self) -> (u64, u64) {
        (self.bytes_done.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// Ends the copying at the next chunk.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn expect(&self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn add_file(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn go_on(&self) -> Result<(), Error> {
        if !self.stopped.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, "stopped on request before the end"))
    }
}
