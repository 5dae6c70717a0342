//! Where this directory's segments and manifest are, remembered beside `format`.
//!
//! The manifest says what the store consists of. Opened with the manifest of another place, the directory would go on
//! as if every flushed row had never been. So the place is written down once its first manifest is there, and from
//! then on another place, or that place without a manifest, is refused.

use std::io;
use std::path::PathBuf;

use whodunit_stdx::ErrorKind;

use crate::Error;
use crate::disk::Disk;
use crate::manifest::Manifest;
use crate::object::ObjectsIn;
use crate::settings::Settings;

const FILE: &str = "objects";

/// The place that is asked for, checked against the one that was remembered.
pub(super) struct Whereabouts {
    path: PathBuf,
    asked: String,
    memory: Memory,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// This place has held a manifest.
    Remembered,
    /// No place has been written down.
    Fresh,
}

impl Whereabouts {
    /// Refuses a place that is not the remembered one.
    pub fn check(disk: &dyn Disk, settings: &Settings) -> Result<Whereabouts, Error> {
        let path = settings.data.join(FILE);
        let asked = settings.objects.to_string();
        let memory = match remembered(disk, settings, &path)? {
            None => Memory::Fresh,
            Some(place) if place == asked => Memory::Remembered,
            Some(place) => {
                let data = settings.data.display();
                let message = format!(
                    "{data} keeps its segments in {}, not in {}: set objects as it was, or use another data directory",
                    in_words(&place),
                    in_words(&asked),
                );
                return Err(Error::new(ErrorKind::Conflict, message));
            }
        };
        Ok(Whereabouts { path, asked, memory })
    }

    /// Refuses a remembered place that has lost its manifest, or is another one by the same name.
    pub fn check_manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        if self.memory == Memory::Fresh || manifest.version > 0 {
            return Ok(());
        }
        let place = in_words(&self.asked);
        let message = format!(
            "there is no manifest in {place}, where {} says that there is one: is s3_endpoint another, or was it deleted?",
            self.path.display()
        );
        Err(Error::new(ErrorKind::Corrupt, message))
    }

    /// Writes the place down. Called when its first manifest is there.
    pub fn remember(&self, disk: &dyn Disk) -> Result<(), Error> {
        if self.memory == Memory::Remembered {
            return Ok(());
        }
        disk.write_whole(&self.path, format!("{}\n", self.asked).as_bytes()).map_err(|error| {
            Error::because(ErrorKind::Unavailable, format!("cannot write {}", self.path.display()), error)
        })
    }
}

fn remembered(disk: &dyn Disk, settings: &Settings, path: &std::path::Path) -> Result<Option<String>, Error> {
    let unreadable =
        |error: io::Error| Error::because(ErrorKind::Unavailable, format!("cannot read {}", path.display()), error);
    match disk.read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(bytes.trim_ascii_end()).into_owned())),
        // A directory from before places were written down has its manifest inside.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let inside = disk.list(&settings.data.join("manifest")).map_err(unreadable)?;
            Ok((!inside.is_empty()).then(|| ObjectsIn::Directory.to_string()))
        }
        Err(error) => Err(unreadable(error)),
    }
}

fn in_words(place: &str) -> &str {
    if place == "directory" { "the directory itself" } else { place }
}
