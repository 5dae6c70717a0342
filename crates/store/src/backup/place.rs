//! Where backups are kept, and the mark that says whose they are.

use std::fmt;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use whodunit_stdx::{ErrorKind, Timestamp};

use super::description::{Description, FORMAT, Part, check_format};
use crate::Error;
use crate::object::{Created, Objects, S3Settings};
use crate::segment::meta::day_name;

/// A directory or a prefix of a bucket.
#[derive(Clone, Debug)]
pub enum BackupPlace {
    Directory(PathBuf),
    S3(S3Settings),
}

impl fmt::Display for BackupPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupPlace::Directory(path) => path.display().fmt(f),
            BackupPlace::S3(settings) => settings.fmt(f),
        }
    }
}

impl BackupPlace {
    /// To read from: a directory must be there.
    pub fn open(&self) -> Result<Objects, Error> {
        match self {
            BackupPlace::Directory(path) if !path.is_dir() => {
                Err(Error::new(ErrorKind::NotFound, format!("there is no directory {}", path.display())))
            }
            BackupPlace::Directory(path) => Objects::local(path),
            BackupPlace::S3(settings) => Objects::s3(settings),
        }
    }

    /// To write to: a directory is made if missing, for its owner's eyes only, since everything is in there.
    pub fn open_or_make(&self) -> Result<Objects, Error> {
        if let BackupPlace::Directory(path) = self {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(|error: io::Error| {
                Error::because(ErrorKind::Unavailable, format!("cannot make {}", path.display()), error)
            })?;
        }
        self.open()
    }
}

/// A place that holds backups of one writer.
#[derive(Clone, Debug)]
pub struct Place {
    pub objects: Objects,
    pub writer: String,
}

#[derive(Serialize, Deserialize)]
struct Mark {
    format: u32,
    writer: String,
}

const MARK: &str = "whodunit-backup";
pub(super) const DESCRIPTIONS: &str = "backups";
pub(super) const PARTS: &str = "parts";
pub(super) const SEGMENTS: &str = "segments";
pub(super) const FILES: &str = "files";

/// The file of a place that holds what lay beside the store.
pub(super) fn shared_file(sha256: &[u8; 32]) -> String {
    format!("{FILES}/{}", hex::encode(sha256))
}

pub(super) fn description_file(name: &str) -> String {
    format!("{DESCRIPTIONS}/{name}.json")
}

pub(super) fn segment_file(sha256: &[u8; 32]) -> String {
    format!("{SEGMENTS}/{}.parquet", hex::encode(sha256))
}

/// `2026-11-25T062000Z`: sorts by time and is a file name everywhere.
pub(super) fn name_of(time: Timestamp) -> String {
    let seconds = time.nanos().div_euclid(Timestamp::NANOS_PER_SECOND).rem_euclid(86_400);
    format!("{}T{:02}{:02}{:02}Z", day_name(time.day()), seconds / 3600, seconds / 60 % 60, seconds % 60)
}

impl Place {
    /// Takes a place for a writer: an empty one is marked, one of another writer or with other things in it is refused.
    pub async fn claim(objects: Objects, writer: &str) -> Result<Place, Error> {
        let mark = Mark { format: FORMAT, writer: writer.to_owned() };
        let bytes = Bytes::from(serde_json::to_vec(&mark).expect("plain fields with text keys always serialise"));
        if objects.head(MARK).await?.is_none() {
            if let Some(stranger) = objects.list("").await?.first() {
                let message = format!(
                    "the place is neither empty nor a place of backups: it holds {:?}; name another one",
                    stranger.path
                );
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            if objects.create(MARK, bytes).await? == Created::Yes {
                return Ok(Place { objects, writer: writer.to_owned() });
            }
        }
        let place = Place::open(objects).await?;
        if place.writer != writer {
            let message = format!(
                "the place holds backups of writer {}, this data directory is writer {writer}: name another place",
                place.writer
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        Ok(place)
    }

    /// A place that must hold backups.
    pub async fn open(objects: Objects) -> Result<Place, Error> {
        let bytes = objects.get(MARK).await.map_err(|error| match error.kind {
            ErrorKind::NotFound => {
                Error::new(ErrorKind::NotFound, format!("no backups are there: the file {MARK:?} is missing"))
            }
            _ => error,
        })?;
        check_format(MARK, &bytes)?;
        let mark: Mark = serde_json::from_slice(&bytes)
            .map_err(|error| Error::because(ErrorKind::Corrupt, format!("{MARK:?} is damaged"), error))?;
        Ok(Place { objects, writer: mark.writer })
    }

    /// All finished backups, oldest first.
    pub async fn descriptions(&self) -> Result<Vec<Description>, Error> {
        let mut found = Vec::new();
        for entry in self.objects.list(DESCRIPTIONS).await? {
            found.push(Description::decode(&entry.path, &self.objects.get(&entry.path).await?)?);
        }
        found.sort_by(|one, other| (one.began_at, &one.name).cmp(&(other.began_at, &other.name)));
        Ok(found)
    }

    /// Writes a small file whole.
    pub(super) async fn put(&self, file: String, bytes: Bytes) -> Result<Part, Error> {
        let part = Part { bytes: bytes.len() as u64, sha256: hex::encode(Sha256::digest(&bytes)), file };
        self.objects.put(&part.file, bytes).await?;
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_times_that_sort() {
        assert_eq!(name_of(Timestamp(1_795_587_600_000_000_000)), "2026-11-25T062000Z");
        assert_eq!(name_of(Timestamp(-1)), "1969-12-31T235959Z");
    }

    #[tokio::test]
    async fn a_place_belongs_to_one_writer_and_holds_nothing_else() {
        let objects = Objects::memory();
        Place::claim(objects.clone(), "aa").await.expect("is empty");
        Place::claim(objects.clone(), "aa").await.expect("is its own");
        let error = Place::claim(objects, "bb").await.expect_err("is another's");
        assert!(error.message.contains("aa") && error.message.contains("bb"), "{}", error.message);
        let other = Objects::memory();
        other.put("holiday.jpg", Bytes::from_static(b"x")).await.expect("puts");
        let error = Place::claim(other.clone(), "aa").await.expect_err("holds something");
        assert!(error.message.contains("holiday.jpg"), "{}", error.message);
        assert_eq!(Place::open(other).await.expect_err("no backups").kind, ErrorKind::NotFound);
    }
}
