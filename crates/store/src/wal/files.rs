//! Writing frames into files that rotate by size.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use whodunit_stdx::Timestamp;

use super::file_name;
use super::frame::{self, Hash, Origin, Section, TooLarge};
use crate::disk::{Disk, DiskFile};
use crate::segment::Lane;

/// A file that gets no more frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub path: PathBuf,
    /// The sequence number after the last row inside.
    pub end_seq: u64,
    pub bytes: u64,
}

/// The open end of a lane's log.
pub struct WalWriter {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    lane: Lane,
    writer: [u8; 8],
    file_bytes_max: u64,
    previous: Hash,
    open: Option<Open>,
    closed: Vec<Closed>,
    /// Reused by every frame, so that a group is copied once.
    scratch: Vec<u8>,
}

struct Open {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    end_seq: u64,
    bytes: u64,
}

/// Where and how a log is written.
pub struct WalSettings {
    pub disk: Arc<dyn Disk>,
    pub directory: PathBuf,
    pub lane: Lane,
    pub writer: [u8; 8],
    pub file_bytes_max: u64,
}

/// Why a frame was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFailure {
    /// The disk is full; the file is as it was before, and the log may go on.
    #[error("no space left for the write-ahead log in {directory}")]
    Full { directory: String, source: io::Error },
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// What the file holds is not known any more.
    #[error("cannot {act} {path}")]
    Broken { act: &'static str, path: String, source: io::Error },
}

fn broken(act: &'static str, path: &Path, source: io::Error) -> WriteFailure {
    WriteFailure::Broken { act, path: path.display().to_string(), source }
}

/// The scratch buffer is given back to the allocator when a frame was larger than this.
const SCRATCH_BYTES_KEPT: usize = 8 << 20;

impl WalWriter {
    /// Goes on after `previous`, the hash of the last frame. The next frame opens a new file.
    pub fn new(settings: WalSettings, previous: Hash, closed: Vec<Closed>) -> WalWriter {
        WalWriter {
            disk: settings.disk,
            directory: settings.directory,
            lane: settings.lane,
            writer: settings.writer,
            file_bytes_max: settings.file_bytes_max,
            previous,
            open: None,
            closed,
            scratch: Vec::new(),
        }
    }

    /// Writes one frame, not yet synced. Returns its size in bytes.
    pub fn write(&mut self, first_seq: u64, now: Timestamp, sections: &[Section]) -> Result<usize, WriteFailure> {
        self.scratch.clear();
        if self.scratch.capacity() > SCRATCH_BYTES_KEPT {
            self.scratch = Vec::new();
        }
        let origin =
            Origin { lane: self.lane, first_seq, writer: self.writer, written_at: now, previous: self.previous };
        let hash = frame::encode(&origin, sections, &mut self.scratch)?;
        let rows: u64 = sections.iter().map(|section| section.rows.num_rows() as u64).sum();
        if self.open.as_ref().is_some_and(|open| open.bytes >= self.file_bytes_max) {
            self.rotate()?;
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(open_file(&*self.disk, &self.directory, first_seq)?),
        };
        if let Err(error) = open.file.append(&self.scratch) {
            if error.kind() == io::ErrorKind::StorageFull && open.file.cut(open.bytes).is_ok() {
                let directory = self.directory.display().to_string();
                return Err(WriteFailure::Full { directory, source: error });
            }
            return Err(broken("write", &open.path, error));
        }
        open.bytes += self.scratch.len() as u64;
        open.end_seq = first_seq + rows;
        self.previous = hash;
        Ok(self.scratch.len())
    }

    /// Waits until every written frame is on disk.
    pub fn sync(&mut self) -> Result<(), WriteFailure> {
        match &mut self.open {
            Some(open) => open.file.sync().map_err(|source| broken("sync", &open.path, source)),
            None => Ok(()),
        }
    }

    /// Closes the open file, synced; the next frame starts another one.
    pub fn rotate(&mut self) -> Result<(), WriteFailure> {
        self.sync()?;
        if let Some(open) = self.open.take() {
            self.closed.push(Closed { path: open.path, end_seq: open.end_seq, bytes: open.bytes });
        }
        Ok(())
    }

    /// Forgets the closed files that end at or before `through`; the caller removes them.
    pub fn release(&mut self, through: u64) -> Vec<Closed> {
        let (released, kept) = std::mem::take(&mut self.closed).into_iter().partition(|one| one.end_seq <= through);
        self.closed = kept;
        released
    }

    /// Bytes in all files of the lane.
    pub fn bytes(&self) -> u64 {
        self.closed.iter().map(|one| one.bytes).sum::<u64>() + self.open.as_ref().map_or(0, |open| open.bytes)
    }
}

fn open_file(disk: &dyn Disk, directory: &Path, first_seq: u64) -> Result<Open, WriteFailure> {
    let path = directory.join(file_name(first_seq));
    match disk.open_append(&path) {
        Ok(file) => Ok(Open { file, path, end_seq: first_seq, bytes: 0 }),
        Err(source) if source.kind() == io::ErrorKind::StorageFull => {
            Err(WriteFailure::Full { directory: directory.display().to_string(), source })
        }
        Err(source) => Err(broken("open", &path, source)),
    }
}
