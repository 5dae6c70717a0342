//! Where segments lie that are not with the others: places by name, remembered in the data directory.
//!
//! The path of such a segment starts with the name of its place, `cold-1/segments/…`, so the manifest says where each
//! one is. What the names stand for is in the file `places`, one a line, and only ever grows: another `cold_location`
//! is another place for what moves from then on, and what moved before is still read where it is.
//!
//! A place holds a small object that says whose it is. Without it the place is refused: a disk that is not mounted
//! looks like an empty directory, and a store that opened it would call every segment in there lost.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use whodunit_stdx::ErrorKind;

use crate::Error;
use crate::disk::Disk;
use crate::manifest::Manifest;
use crate::object::{Created, Location, Objects, ObjectsIn, S3Settings};
use crate::segment::meta::place_of;
use crate::settings::{Purpose, Settings};

const FILE: &str = "places";
/// In each place, with the name of the place inside.
const MARK: &str = "place";

/// The opened places.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub names: Vec<String>,
    /// Where cold segments go from now on, if elsewhere.
    pub cold: Option<String>,
    /// Those that are directories, whose disks can fill up.
    pub directories: Vec<(String, PathBuf)>,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    name: String,
    location: String,
}

/// Opens every place that is wanted or in use, and gives the objects of all places together.
pub(super) async fn open(
    disk: &dyn Disk,
    settings: &Settings,
    writer: &str,
    manifest: &Manifest,
    mut objects: Objects,
) -> Result<(Places, Objects), Error> {
    let file = settings.data.join(FILE);
    let mut known = read(disk, &file)?;
    let wanted = settings.cold.as_ref().map(Location::to_string);
    let position = |known: &[Known]| known.iter().position(|one| Some(&one.location) == wanted.as_ref());
    let mut new = None;
    if let (Some(location), None, Purpose::Append) = (&wanted, position(&known), settings.purpose) {
        new = Some(known.len());
        known.push(Known { name: format!("cold-{}", known.len() + 1), location: location.clone() });
    }
    let used = used(manifest);
    refuse_unknown(&used, &known, &file)?;
    let mut places = Places { cold: position(&known).map(|at| known[at].name.clone()), ..Places::default() };
    for (at, one) in known.iter().enumerate() {
        if !used.contains(one.name.as_str()) && places.cold.as_ref() != Some(&one.name) {
            continue;
        }
        let location = locate(one, settings)?;
        let first = new == Some(at);
        let inside = open_one(&location, one, writer, first).await?;
        objects = objects.with_place(&one.name, inside);
        if let Location::Directory(path) = location {
            places.directories.push((one.name.clone(), path));
        }
        places.names.push(one.name.clone());
    }
    if new.is_some() {
        let lines: String = known.iter().map(|one| format!("{} {}\n", one.name, one.location)).collect();
        disk.write_whole(&file, lines.as_bytes()).map_err(|error| failed("write", &file, error))?;
    }
    Ok((places, objects))
}

fn used(manifest: &Manifest) -> BTreeSet<&str> {
    let live = manifest.segments.iter().map(|segment| segment.path.as_str());
    live.chain(manifest.discarded.iter().map(|one| one.path.as_str())).filter_map(place_of).collect()
}

/// Names that were given here must be known; others are directories of the main place.
fn refuse_unknown(used: &BTreeSet<&str>, known: &[Known], file: &Path) -> Result<(), Error> {
    let is_ours = |name: &str| name.strip_prefix("cold-").is_some_and(|number| number.parse::<u32>().is_ok());
    let lost = used.iter().find(|name| is_ours(name) && !known.iter().any(|one| one.name == **name));
    lost.map_or(Ok(()), |name| {
        let message = format!("segments lie in the place {name}, and {} does not say where that is", file.display());
        Err(Error::new(ErrorKind::Corrupt, message))
    })
}

fn read(disk: &dyn Disk, file: &Path) -> Result<Vec<Known>, Error> {
    let bytes = match disk.read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", file, error)),
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once(' ') {
            Some((name, location)) => Ok(Known { name: name.to_owned(), location: location.to_owned() }),
            None => {
                let message = format!("{} has a line that is no name and location: {line:?}", file.display());
                Err(Error::new(ErrorKind::Corrupt, message))
            }
        })
        .collect()
}

/// A remembered location with what it takes to get there.
fn locate(known: &Known, settings: &Settings) -> Result<Location, Error> {
    let Some(rest) = known.location.strip_prefix("s3://") else {
        return Ok(Location::Directory(PathBuf::from(&known.location)));
    };
    let reach = match (&settings.cold, &settings.objects) {
        (Some(Location::S3(s3)), _) | (_, ObjectsIn::S3(s3)) => s3,
        _ => {
            let message = format!(
                "segments lie in {}, and no setting leads to a bucket: set cold_location as it was",
                known.location
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    Ok(Location::S3(S3Settings { bucket: bucket.to_owned(), prefix: prefix.to_owned(), ..reach.clone() }))
}

/// Several data directories may share a location, also with their manifests: each place is below the writer's id and
/// its own name, `<location>/<writer>/cold-1/`.
async fn open_one(location: &Location, known: &Known, writer: &str, first: bool) -> Result<Objects, Error> {
    let inside = format!("{writer}/{}", known.name);
    let missing = || {
        let message = format!(
            "{} is not the place of cold segments that it was: {inside}/{MARK} is not in it; is its disk mounted?",
            known.location
        );
        Error::new(ErrorKind::Unavailable, message)
    };
    let objects = match location {
        // Opening makes the directory, which would hide that it is gone.
        Location::Directory(path) if !first && !path.join(&inside).is_dir() => return Err(missing()),
        Location::Directory(path) => Objects::local(&path.join(&inside))?,
        Location::S3(s3) => Objects::s3(s3)?.below(&inside),
    };
    if first && objects.create(MARK, Bytes::from(known.name.clone())).await? == Created::Yes {
        return Ok(objects);
    }
    match objects.get(MARK).await {
        Ok(found) if found == known.name.as_bytes() => Ok(objects),
        Ok(_) => Err(missing()),
        Err(error) if error.kind == ErrorKind::NotFound => Err(missing()),
        Err(error) => Err(error),
    }
}

fn failed(act: &str, file: &Path, error: io::Error) -> Error {
    Error::because(ErrorKind::Unavailable, format!("cannot {act} {}", file.display()), error)
}
