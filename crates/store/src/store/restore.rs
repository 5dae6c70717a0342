//! From a backup to a data directory, or to a look at everything in it without writing the segments anywhere.
//!
//! While files are written `format` says so, and no program opens the directory; the version is written last.
//! What is damaged in the backup is restored as it is and named: most of a damaged segment may still be readable, and
//! the log's replay knows what to do with a damaged frame.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use whodunit_stdx::ErrorKind;

use super::open::{CONTROL, FORMAT, FORMAT_FILE, RESTORING, WRITER_FILE, failed, own, wal_directory};
use super::{Parts, VerifyFinding};
use crate::Error;
use crate::backup::{self, CHUNK_BYTES, ControlPart, FilePart, Found, Part, Progress, is_beside};
use crate::disk::Disk;
use crate::manifest::{Manifest, path_of};
use crate::object::Objects;
use crate::segment::SegmentMeta;
use crate::settings::Settings;
use crate::wal::first_seq_of;

/// What was restored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    pub segments: u64,
    pub bytes: u64,
    /// Files beside the store.
    pub files: u64,
    /// Parts that were damaged or missing in the backup.
    pub findings: Vec<VerifyFinding>,
}

/// Writes a backup into the empty data directory of `settings`, and segments where `settings.objects` says.
pub(super) async fn restore(
    found: &Found,
    settings: &Settings,
    parts: Parts,
    progress: &Progress,
) -> Result<Restored, Error> {
    check_version(found)?;
    refuse_full(&settings.data)?;
    let objects = own(parts.objects, &settings.objects, &found.description.writer);
    for prefix in ["manifest", "segments"] {
        if let Some(entry) = objects.list(prefix).await?.first() {
            let message = format!("{} holds {:?} of this writer already", settings.objects, entry.path);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
    }
    let disk = &*parts.disk;
    mark(disk, &settings.data, RESTORING)?;
    let mut restored = Restored::default();
    let bytes = found.manifest.segments.iter().map(|segment| segment.bytes).sum();
    progress.expect(found.manifest.segments.len() as u64, bytes);
    let manifest = together(&found.manifest);
    for segment in &manifest.segments {
        match copy(found, segment, &objects, progress).await? {
            Copied::Whole => {}
            Copied::AsItIs(what) => restored.find(found.segment_file(segment), what),
            Copied::Missing => restored.find(&segment.path, what_is_missing(found, segment)),
        }
        restored.segments += 1;
        restored.bytes += segment.bytes;
        progress.add_file();
    }
    restore_log(found, settings, disk, &mut restored).await?;
    restore_control(found, &settings.data, &mut restored).await?;
    restore_files(found, &settings.data, &mut restored, progress).await?;
    objects.put(&path_of(manifest.version), Bytes::from(manifest.encode()?)).await?;
    mark(disk, &settings.data, &found.description.data_format.to_string())?;
    Ok(restored)
}

/// The manifest with all segments beside it, also those that lay in places of their own: those are of the machine that
/// the backup was taken from, and only their segments are in it.
fn together(manifest: &Manifest) -> Manifest {
    let beside = |segment: &Arc<SegmentMeta>| match segment.place() {
        None => segment.clone(),
        Some(place) => {
            let path = segment.path[place.len() + 1..].to_owned();
            Arc::new(SegmentMeta { path, ..SegmentMeta::clone(segment) })
        }
    };
    Manifest { segments: manifest.segments.iter().map(beside).collect(), discarded: Vec::new(), ..manifest.clone() }
}

/// Prepares `settings.data`, a scratch directory, so that a store opened there with the returned parts reads the
/// segments where they lie in the backup. Nothing is written to the backup.
pub(super) async fn rehearse(
    found: &Found,
    settings: &Settings,
    disk: Arc<dyn Disk>,
) -> Result<(Parts, Restored), Error> {
    check_version(found)?;
    refuse_full(&settings.data)?;
    let scratch = Objects::local(&settings.data)?;
    let mut restored = Restored::default();
    restore_log(found, settings, &*disk, &mut restored).await?;
    if let ControlPart::Sqlite { part } = &found.description.control {
        restored.read(found, part).await?;
    }
    check_files(found, &mut restored).await?;
    let moved = found
        .manifest
        .segments
        .iter()
        .map(|segment| Arc::new(SegmentMeta { path: found.segment_file(segment), ..SegmentMeta::clone(segment) }));
    let manifest = Manifest { segments: moved.collect(), discarded: Vec::new(), ..found.manifest.clone() };
    scratch.put(&path_of(manifest.version), Bytes::from(manifest.encode()?)).await?;
    mark(&*disk, &settings.data, &found.description.data_format.to_string())?;
    let objects = scratch.with_place("segments", found.objects.clone().below("segments"));
    Ok((Parts { objects, disk }, restored))
}

fn check_version(found: &Found) -> Result<(), Error> {
    let (made, version) = (&found.description.whodunit, found.description.data_format);
    if version <= FORMAT {
        return Ok(());
    }
    let message = format!(
        "the backup holds a data directory of format {version}, made by whodunit {made}; this one reads up to {FORMAT}"
    );
    Err(Error::new(ErrorKind::Unsupported, message))
}

fn refuse_full(data: &Path) -> Result<(), Error> {
    let first = match fs::read_dir(data) {
        Ok(mut entries) => entries.next(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed("read", data, error)),
    };
    match first {
        None => Ok(()),
        Some(entry) => {
            let entry = entry.map_err(|error| failed("read", data, error))?;
            let held = entry.file_name();
            let message =
                format!("{} is not empty, it holds {held:?}: restore into an empty directory", data.display());
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}

fn mark(disk: &dyn Disk, data: &Path, text: &str) -> Result<(), Error> {
    disk.create_directory(data).map_err(|error| failed("create", data, error))?;
    let path = data.join(FORMAT_FILE);
    disk.write_whole(&path, format!("{text}\n").as_bytes()).map_err(|error| failed("write", &path, error))
}

fn what_is_missing(found: &Found, segment: &SegmentMeta) -> String {
    let known = found.description.missing.iter().find(|missing| missing.path.ends_with(&segment.path));
    match known {
        Some(missing) => format!("is not in the backup: when it was made, {}", missing.what),
        None => format!("the backup has lost {:?}", found.segment_file(segment)),
    }
}

impl Restored {
    fn find(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.findings.push(VerifyFinding { place: place.into(), what: what.into() });
    }

    fn check(&mut self, file: &FilePart, from: &str, sha256: [u8; 32]) {
        let sha256 = hex::encode(sha256);
        if sha256 != file.sha256 {
            self.find(from, format!("SHA-256 is {sha256}, not {}", file.sha256));
        }
    }

    /// A part as it is, its flaws named.
    async fn read(&mut self, found: &Found, part: &Part) -> Result<Option<Bytes>, Error> {
        match found.part(part).await? {
            None => {
                self.find(&part.file, "the file is gone");
                Ok(None)
            }
            Some((bytes, flaw)) => {
                if let Some(what) = flaw {
                    self.find(&part.file, what);
                }
                Ok(Some(bytes))
            }
        }
    }
}

/// The files of the WAL, and the id of the writer that wrote them.
async fn restore_log(
    found: &Found,
    settings: &Settings,
    disk: &dyn Disk,
    restored: &mut Restored,
) -> Result<(), Error> {
    for one in &found.description.wal {
        if first_seq_of(&one.name).is_none() {
            let message = format!("the backup names {:?}, which is no file of a write-ahead log", one.name);
            return Err(Error::new(ErrorKind::Corrupt, message));
        }
        let Some(bytes) = restored.read(found, &one.part).await? else { continue };
        let directory = wal_directory(settings, one.lane);
        disk.create_directory(&directory).map_err(|error| failed("create", &directory, error))?;
        let path = directory.join(&one.name);
        disk.write_whole(&path, &bytes).map_err(|error| failed("write", &path, error))?;
    }
    let path = settings.data.join(WRITER_FILE);
    let line = format!("{}\n", found.description.writer);
    disk.create_directory(&settings.data).map_err(|error| failed("create", &settings.data, error))?;
    disk.write_whole(&path, line.as_bytes()).map_err(|error| failed("write", &path, error))
}

/// The control database, which only its owner reads.
async fn restore_control(found: &Found, data: &Path, restored: &mut Restored) -> Result<(), Error> {
    let ControlPart::Sqlite { part } = &found.description.control else { return Ok(()) };
    let Some(bytes) = restored.read(found, part).await? else { return Ok(()) };
    let path = data.join(CONTROL);
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(&bytes)?;
        file.sync_all()
    };
    write().map_err(|error| failed("write", &path, error))
}

/// What was uploaded: as it is, its flaws named.
async fn restore_files(found: &Found, data: &Path, restored: &mut Restored, progress: &Progress) -> Result<(), Error> {
    let to = Objects::local(data)?;
    for file in &found.description.files {
        if !is_beside(&file.path) {
            let message = format!("the backup names {:?}, which is no file that goes beside a store", file.path);
            return Err(Error::new(ErrorKind::Corrupt, message));
        }
        let from = found.shared_file(file);
        match found.objects.head(&from).await? {
            None => restored.find(&file.path, format!("the backup has lost {from:?}")),
            Some(entry) => {
                let copied = backup::copy(&found.objects, &from, entry.bytes, &to, &file.path, progress).await?;
                restored.check(file, &from, copied);
                restored.files += 1;
            }
        }
    }
    Ok(())
}

async fn check_files(found: &Found, restored: &mut Restored) -> Result<(), Error> {
    for file in &found.description.files {
        let from = found.shared_file(file);
        match found.objects.head(&from).await? {
            None => restored.find(&file.path, format!("the backup has lost {from:?}")),
            Some(entry) => {
                let read = backup::digest(&found.objects, &from, entry.bytes, &Progress::default()).await?;
                restored.check(file, &from, read);
                restored.files += 1;
            }
        }
    }
    Ok(())
}

enum Copied {
    Whole,
    AsItIs(String),
    Missing,
}

async fn copy(found: &Found, segment: &SegmentMeta, to: &Objects, progress: &Progress) -> Result<Copied, Error> {
    let file = found.segment_file(segment);
    let Some(entry) = found.objects.head(&file).await? else { return Ok(Copied::Missing) };
    let mut upload = to.upload(&segment.path).await?;
    let mut digest = Sha256::new();
    let mut start = 0;
    while start < entry.bytes {
        progress.go_on()?;
        let end = (start + CHUNK_BYTES).min(entry.bytes);
        let bytes = found.objects.get_range(&file, start..end).await?;
        digest.update(&bytes);
        upload.write(bytes).await?;
        progress.add_bytes(end - start);
        start = end;
    }
    upload.finish().await?;
    let sha256: [u8; 32] = digest.finalize().into();
    if sha256 == segment.sha256 {
        return Ok(Copied::Whole);
    }
    let what = format!("SHA-256 is {}, the manifest says {}", hex::encode(sha256), hex::encode(segment.sha256));
    Ok(Copied::AsItIs(what))
}
