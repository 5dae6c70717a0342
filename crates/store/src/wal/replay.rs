//! Reading a lane's log back after a start.
//!
//! What is whole is kept, whatever stands before or after it. A torn tail is what a crash leaves of a frame that was
//! never acknowledged; it is cut off. Anything else that does not read is damage: its bytes are copied to the
//! quarantine, it is named by file and offset, and the frames behind it are still replayed.

use std::path::{Path, PathBuf};

use whodunit_stdx::ErrorKind;

use super::files::Closed;
use super::first_seq_of;
use super::frame::{Flaw, Frame, Hash, MAGIC, parse};
use crate::Error;
use crate::disk::Disk;
use crate::segment::Lane;

/// Where to replay from.
pub struct Source<'a> {
    pub disk: &'a dyn Disk,
    pub directory: &'a Path,
    pub quarantine: &'a Path,
    pub lane: Lane,
    /// Rows below this sequence number are in segments already.
    pub from_seq: u64,
}

/// What replay came upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub file: PathBuf,
    pub offset: u64,
    pub bytes: u64,
    pub kind: FindingKind,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// An unfinished frame at the very end; cut off.
    TornTail,
    /// Bytes that are not what was written, or frames that are missing.
    Damage,
}

/// How the log stands after replay.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The number for the next row.
    pub next_seq: u64,
    /// The hash for the next frame to carry.
    pub previous: Hash,
    pub files: Vec<Closed>,
    pub findings: Vec<Finding>,
    pub frames: u64,
}

/// What the files hold, without changing them.
pub struct Examined {
    pub frames: u64,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Repair,
    Examine,
}

struct Walk<'a> {
    source: &'a Source<'a>,
    mode: Mode,
    state: Replayed,
    /// Set once a frame was read; before, there is nothing to link to.
    linked: bool,
    /// The frame before was damaged, so the next one cannot link.
    excused: bool,
}

/// Hands every whole frame with rows at or above `from_seq` to `each`, in order. Cuts a torn tail, copies damage
/// to the quarantine and removes files whose rows are all in segments.
pub fn replay(source: &Source<'_>, mut each: impl FnMut(&Frame<'_>) -> Result<(), Error>) -> Result<Replayed, Error> {
    let files = files(source)?;
    let mut walk = Walk::new(source, Mode::Repair);
    for (index, (first_seq, name)) in files.iter().enumerate() {
        let path = source.directory.join(name);
        if files.get(index + 1).is_some_and(|(next, _)| *next <= source.from_seq) {
            source.disk.remove(&path).map_err(|error| unreadable("remove", &path, error))?;
            continue;
        }
        let bytes = source.disk.read(&path).map_err(|error| unreadable("read", &path, error))?;
        let is_last = index + 1 == files.len();
        let kept = walk.file(&path, &bytes, is_last, &mut each)?;
        if is_last && kept > 0 {
            make_durable(source.disk, &path, &bytes[..kept])?;
        }
        if kept == 0 {
            source.disk.remove(&path).map_err(|error| unreadable("remove", &path, error))?;
        } else {
            let end_seq = walk.state.next_seq.max(*first_seq);
            walk.state.files.push(Closed { path, end_seq, bytes: kept as u64 });
        }
    }
    Ok(walk.state)
}

/// Writes the last file anew. The process before may have ended between write and sync, or because a sync failed; what
/// was read here may then be in the kernel's memory only, and even marked there as written. It is about to be shown
/// and acknowledged when sent again (I-1). Earlier files were synced when they were closed.
fn make_durable(disk: &dyn Disk, path: &Path, kept: &[u8]) -> Result<(), Error> {
    match disk.write_whole(path, kept) {
        // Without room for a copy a sync must do.
        Err(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            disk.truncate(path, kept.len() as u64).map_err(|error| unreadable("truncate", path, error))
        }
        outcome => outcome.map_err(|error| unreadable("write", path, error)),
    }
}

/// Reads every frame and changes nothing. Run while the lane may be writing: an unfinished end is no finding.
pub fn examine(source: &Source<'_>) -> Result<Examined, Error> {
    let mut walk = Walk::new(source, Mode::Examine);
    let files = files(source)?;
    for (index, (_, name)) in files.iter().enumerate() {
        let path = source.directory.join(name);
        let bytes = match source.disk.read(&path) {
            Ok(bytes) => bytes,
            // Flushed and removed meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable("read", &path, error)),
        };
        walk.file(&path, &bytes, index + 1 == files.len(), &mut |frame| {
            frame.sections().map(drop).map_err(|error| corrupt(&path, &error))
        })?;
    }
    let findings = walk.state.findings.into_iter().filter(|one| one.kind == FindingKind::Damage).collect();
    Ok(Examined { frames: walk.state.frames, findings })
}

fn files(source: &Source<'_>) -> Result<Vec<(u64, String)>, Error> {
    let names = source.disk.list(source.directory).map_err(|error| unreadable("list", source.directory, error))?;
    Ok(names.into_iter().filter_map(|name| Some((first_seq_of(&name)?, name))).collect())
}

fn unreadable(act: &str, path: &Path, error: std::io::Error) -> Error {
    Error::because(ErrorKind::Unavailable, format!("cannot {act} {}", path.display()), error)
}

fn corrupt(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("a frame in {} has a right checksum but wrong content: {error}", path.display()),
    )
}

impl<'a> Walk<'a> {
    fn new(source: &'a Source<'a>, mode: Mode) -> Walk<'a> {
        let state = Replayed {
            next_seq: source.from_seq.max(1),
            previous: [0; 32],
            files: Vec::new(),
            findings: Vec::new(),
            frames: 0,
        };
        Walk { source, mode, state, linked: false, excused: false }
    }

    /// Reads one file and returns how many bytes of it are to be kept.
    fn file(
        &mut self,
        path: &Path,
        bytes: &[u8],
        is_last: bool,
        each: &mut impl FnMut(&Frame<'_>) -> Result<(), Error>,
    ) -> Result<usize, Error> {
        let mut at = 0;
        while at < bytes.len() {
            let flaw = match parse(&bytes[at..]) {
                Ok(frame) if frame.head.lane == self.source.lane => {
                    self.link(path, at, &frame);
                    if frame.end_seq() > self.source.from_seq {
                        each(&frame)?;
                    }
                    at += frame.length;
                    continue;
                }
                Ok(frame) => Flaw::Damaged { length: frame.length },
                Err(flaw) => flaw,
            };
            let next = next_frame(bytes, at);
            if next.is_none() && is_last {
                self.tail(path, at, &bytes[at..], &flaw)?;
                return Ok(at);
            }
            let end = next.unwrap_or(bytes.len());
            self.damage(path, at, end - at, "bytes are not what was written".to_owned());
            self.copy_aside(path, at, &bytes[at..end])?;
            self.excused = true;
            at = end;
        }
        Ok(bytes.len())
    }

    /// Checks that nothing is missing between the frame before and this one.
    fn link(&mut self, path: &Path, at: usize, frame: &Frame<'_>) {
        let expected = self.state.next_seq;
        let first = frame.head.first_seq;
        let gap = first > expected;
        let broken = self.linked && frame.head.previous != self.state.previous;
        if gap && !self.excused {
            self.damage(path, at, 0, format!("rows {expected} to {} are missing before this frame", first - 1));
        } else if broken && !self.excused {
            self.damage(path, at, 0, "the frame does not carry the hash of the one before".to_owned());
        }
        self.linked = true;
        self.excused = false;
        self.state.frames += 1;
        self.state.next_seq = frame.end_seq().max(expected);
        self.state.previous = frame.hash;
    }

    /// A frame cut short is what a crash leaves. One of full length that does not check out may have been whole
    /// once, so its bytes are kept in the quarantine; in both cases the log goes on from here.
    fn tail(&mut self, path: &Path, at: usize, bytes: &[u8], flaw: &Flaw) -> Result<(), Error> {
        let kind = if *flaw == Flaw::Incomplete { FindingKind::TornTail } else { FindingKind::Damage };
        let message = match kind {
            FindingKind::TornTail => "an unfinished frame at the end was cut off".to_owned(),
            FindingKind::Damage => "a frame at the end is not what was written and was cut off".to_owned(),
        };
        self.state.findings.push(Finding {
            file: path.to_owned(),
            offset: at as u64,
            bytes: bytes.len() as u64,
            kind,
            message,
        });
        if kind == FindingKind::Damage { self.copy_aside(path, at, bytes) } else { Ok(()) }
    }

    fn copy_aside(&self, path: &Path, at: usize, bytes: &[u8]) -> Result<(), Error> {
        match self.mode {
            Mode::Repair => quarantine(self.source, path, at, bytes),
            Mode::Examine => Ok(()),
        }
    }

    fn damage(&mut self, path: &Path, at: usize, length: usize, message: String) {
        self.state.findings.push(Finding {
            file: path.to_owned(),
            offset: at as u64,
            bytes: length as u64,
            kind: FindingKind::Damage,
            message,
        });
    }
}

/// The next whole frame behind a flaw.
fn next_frame(bytes: &[u8], flaw_at: usize) -> Option<usize> {
    let from = flaw_at + 1;
    let places = memchr::memmem::find_iter(bytes.get(from..)?, &MAGIC);
    places.map(|found| from + found).find(|at| parse(&bytes[*at..]).is_ok())
}

/// Copies damaged bytes aside. The name tells lane, file, offset and checksum, so a second start copies nothing anew.
fn quarantine(source: &Source<'_>, file: &Path, offset: usize, bytes: &[u8]) -> Result<(), Error> {
    let file = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("{}-{file}-{offset}-{:08x}", source.lane.name(), crc32c::crc32c(bytes));
    let directory = source.quarantine;
    let disk = source.disk;
    disk.create_directory(directory).map_err(|error| unreadable("create", directory, error))?;
    let there = disk.list(directory).map_err(|error| unreadable("list", directory, error))?;
    if there.contains(&name) {
        return Ok(());
    }
    let target = directory.join(name);
    disk.write_whole(&target, bytes).map_err(|error| unreadable("write", &target, error))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use whodunit_model::{AuditBuilder, AuditEntry, Project, Table};
    use whodunit_stdx::Timestamp;

    use super::*;
    use crate::FaultyDisk;
    use crate::wal::{Section, WalSettings, WalWriter};

    fn frames_of(disk: &FaultyDisk) -> u64 {
        let (directory, quarantine) = (Path::new("/wal"), Path::new("/quarantine"));
        let source = Source { disk, directory, quarantine, lane: Lane::Audit, from_seq: 1 };
        replay(&source, |_| Ok(())).expect("the disk has no faults").frames
    }

    /// The simulator found it: a group whose sync failed was read back by the next process, shown and acknowledged
    /// when it was sent again, and lost when the power went out.
    #[test]
    fn what_was_read_back_survives_the_next_power_cut() {
        for seed in 0..20 {
            let disk = FaultyDisk::new(seed);
            let settings = WalSettings {
                disk: Arc::new(disk.clone()),
                directory: "/wal".into(),
                lane: Lane::Audit,
                writer: [1; 8],
                file_bytes_max: 1 << 20,
            };
            let mut builder = AuditBuilder::new();
            builder.push(&AuditEntry::default());
            let project = Project::default_project();
            let rows = builder.finish(&project).into_rows();
            let section = Section { table: Table::AuditLogs, project, first_leaf: 0, rows, notes: Vec::new() };
            let mut writer = WalWriter::new(settings, [0; 32], Vec::new());
            writer.write(1, Timestamp(0), &[section]).expect("the disk has no faults");
            drop(writer);
            assert_eq!(frames_of(&disk), 1, "written, not synced");
            disk.crash();
            assert_eq!(frames_of(&disk), 1, "read back, so it had to be made durable");
        }
    }
}
