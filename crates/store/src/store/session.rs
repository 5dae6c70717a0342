//! Which process goes on with a manifest that several could reach.
//!
//! The lock keeps processes apart that share a data directory; it knows nothing of a copy of the directory on another
//! machine, which is the same writer with the same manifest in the bucket. So every process that opens puts a random
//! id of its own into the manifest, its *session*, and commits only while it is there: the newest opener goes on, the
//! one before stops acknowledging (`Manifests::take_over`).
//!
//! The directory remembers the session under which it was last opened. If the manifest has another, a copy has gone
//! on, and the numbers of rows in this write-ahead log mean other rows there: opening would take them for flushed.
//! That is refused. Two ids are remembered while the manifest is being changed, since a crash may come on either side.

use std::io;
use std::path::Path;

use whodunit_stdx::{ErrorKind, World};

use crate::Error;
use crate::disk::Disk;
use crate::manifest::Manifests;
use crate::object::ObjectsIn;
use crate::settings::{Purpose, Settings};

const FILE: &str = "session";

/// Takes the manifest over, or refuses to. A manifest in the directory itself is behind the directory's lock.
pub(super) async fn begin(
    disk: &dyn Disk,
    settings: &Settings,
    manifests: &Manifests,
    world: &World,
) -> Result<(), Error> {
    let ObjectsIn::S3(place) = &settings.objects else { return Ok(()) };
    let path = settings.data.join(FILE);
    let present = manifests.current().session.clone();
    let remembered = remembered(disk, &path)?;
    let passed = |by: &str| {
        let (data, file) = (settings.data.display(), path.display());
        let message = format!(
            "the manifest in {place} was last committed by another copy of {data} ({by}), which does not have the rows \
             that only this one holds: go on with the copy; or, to give those rows up, remove {file} while no copy runs"
        );
        Error::new(ErrorKind::Conflict, message)
    };
    if let (Some(present), Some(known)) = (&present, &remembered)
        && !known.contains(present)
    {
        return Err(passed(present));
    }
    if settings.purpose == Purpose::Look {
        return Ok(());
    }
    let own = hex::encode(world.random_bytes::<8>());
    let mut known: Vec<String> = present.into_iter().collect();
    remember(disk, &path, &[known.as_slice(), std::slice::from_ref(&own)].concat())?;
    if manifests.take_over(&own, &known).await?.is_none() {
        return Err(passed("just now"));
    }
    known = vec![own];
    remember(disk, &path, &known)
}

/// `None` for a directory that was never opened with a session.
fn remembered(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<String>>, Error> {
    match disk.read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

fn remember(disk: &dyn Disk, path: &Path, sessions: &[String]) -> Result<(), Error> {
    let lines: String = sessions.iter().map(|session| format!("{session}\n")).collect();
    disk.write_whole(path, lines.as_bytes()).map_err(|error| failed("write", path, error))
}

fn failed(act: &str, path: &Path, error: io::Error) -> Error {
    Error::because(ErrorKind::Unavailable, format!("cannot {act} {}", path.display()), error)
}
