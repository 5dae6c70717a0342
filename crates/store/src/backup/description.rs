//! What a backup consists of, as it stands in `backups/<name>.json`.
//!
//! A new field needs `#[serde(default)]`; `format` rises when an older Whodunit must not restore the backup.

use serde::{Deserialize, Serialize};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::Error;
use crate::segment::Lane;
use crate::segment::meta::nanos;

/// The format of marks and descriptions that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    pub format: u32,
    /// Its name, made from the time at which it began.
    pub name: String,
    /// Version of the program that made it.
    pub whodunit: String,
    /// The id of the data directory it was taken from, which the restored one has again.
    pub writer: String,
    /// Format version of the data directory.
    pub data_format: u32,
    /// Where the segments were: `directory` or `s3://bucket/prefix`.
    pub objects: String,
    /// Everything that was acknowledged before is inside.
    #[serde(with = "nanos")]
    pub began_at: Timestamp,
    #[serde(with = "nanos")]
    pub finished_at: Timestamp,
    pub manifest: Part,
    pub wal: Vec<WalPart>,
    pub control: ControlPart,
    pub segments: Segments,
    /// Files of the data directory that are no part of the store.
    #[serde(default)]
    pub files: Vec<FilePart>,
    /// Segments that were gone or damaged before they could be copied, and of which there was no earlier copy; and files
    /// that changed while they were copied.
    #[serde(default)]
    pub missing: Vec<Missing>,
}

/// A file below the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub file: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// A file of a lane's write-ahead log; `name` is its name there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalPart {
    pub lane: Lane,
    pub name: String,
    pub part: Part,
}

/// A file of the data directory by its path there; the place has it as `files/<sha256>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePart {
    pub path: String,
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// The control database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ControlPart {
    Sqlite {
        part: Part,
    },
    /// Not inside: it has tools of its own.
    Postgres {
        note: String,
    },
}

/// How much the manifest's segments are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    pub files: u64,
    pub bytes: u64,
    /// Files and bytes that this backup had to copy; the others were there from earlier ones.
    pub copied_files: u64,
    pub copied_bytes: u64,
}

/// A file that is not inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub path: String,
    pub what: String,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Description {
    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain fields with text keys always serialise")
    }

    pub(super) fn decode(file: &str, bytes: &[u8]) -> Result<Description, Error> {
        check_format(file, bytes)?;
        serde_json::from_slice(bytes).map_err(|error| damaged(file, error))
    }
}

fn damaged(file: &str, error: serde_json::Error) -> Error {
    Error::because(ErrorKind::Corrupt, format!("{file:?} in the backup is damaged"), error)
}

/// Refuses what a newer program wrote, naming both versions.
pub(super) fn check_format(file: &str, bytes: &[u8]) -> Result<(), Error> {
    let FormatOnly { format } = serde_json::from_slice(bytes).map_err(|error| damaged(file, error))?;
    if format == FORMAT {
        return Ok(());
    }
    let message = format!("{file:?} in the backup has format {format}, this whodunit reads format {FORMAT}");
    Err(Error::new(ErrorKind::Unsupported, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        let part = |file: &str| Part { file: file.to_owned(), bytes: 3, sha256: "ab".repeat(32) };
        Description {
            format: FORMAT,
            name: "2026-11-25T062000Z".to_owned(),
            whodunit: "0.1.0".to_owned(),
            writer: "0011223344556677".to_owned(),
            data_format: 1,
            objects: "directory".to_owned(),
            began_at: Timestamp(1_795_587_600_000_000_000),
            finished_at: Timestamp(1_795_587_601_000_000_000),
            manifest: part("parts/2026-11-25T062000Z/manifest.json.zst"),
            wal: vec![WalPart {
                lane: Lane::Audit,
                name: "00000000000000000001.wal".to_owned(),
                part: part("parts/2026-11-25T062000Z/wal/audit/00000000000000000001.wal"),
            }],
            control: ControlPart::Sqlite { part: part("parts/2026-11-25T062000Z/control.sqlite") },
            segments: Segments { files: 2, bytes: 2000, copied_files: 1, copied_bytes: 1000 },
            files: vec![FilePart {
                path: "artifacts/default/releases.json".to_owned(),
                bytes: 3,
                sha256: "ab".repeat(32),
            }],
            missing: vec![Missing { path: "segments/x.parquet".to_owned(), what: "the file is gone".to_owned() }],
        }
    }

    /// `golden_description.json` was written by format 1 and must be read for as long as it is supported.
    #[test]
    fn the_golden_description_is_written_and_read_as_it_stands() {
        let golden = include_bytes!("golden_description.json").trim_ascii_end();
        assert_eq!(String::from_utf8(description().encode()).expect("JSON"), String::from_utf8_lossy(golden));
        assert_eq!(Description::decode("x", golden).expect("decodes"), description());
    }

    #[test]
    fn a_description_without_files_is_read() {
        let mut old: serde_json::Value = serde_json::from_slice(&description().encode()).expect("JSON");
        old.as_object_mut().expect("an object").remove("files");
        let read = Description::decode("x", old.to_string().as_bytes()).expect("decodes");
        assert_eq!(read, Description { files: Vec::new(), ..description() });
    }

    #[test]
    fn a_newer_format_is_refused_with_both_versions() {
        let newer = serde_json::to_vec(&Description { format: 7, ..description() }).expect("JSON");
        let error = Description::decode("backups/x.json", &newer).expect_err("newer");
        assert_eq!(error.kind, ErrorKind::Unsupported);
        assert!(error.message.contains("format 7") && error.message.contains("format 1"), "{}", error.message);
    }
}
