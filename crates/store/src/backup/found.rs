//! Reading a place: which backups there are, and one of them with its manifest.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use whodunit_stdx::ErrorKind;

use super::description::{Description, FilePart, Part};
use super::place::{FILES, Place, segment_file};
use crate::Error;
use crate::manifest::Manifest;
use crate::object::Objects;
use crate::segment::SegmentMeta;

/// A finished backup.
#[derive(Clone, Debug)]
pub struct Found {
    pub objects: Objects,
    pub description: Description,
    pub manifest: Manifest,
}

/// All finished backups of a place, oldest first.
pub async fn list(objects: &Objects) -> Result<Vec<Description>, Error> {
    Place::open(objects.clone()).await?.descriptions().await
}

/// The backup of a name, or the newest.
pub async fn find(objects: &Objects, name: Option<&str>) -> Result<Found, Error> {
    let mut all = list(objects).await?;
    let at = match name {
        Some(name) => all.iter().position(|description| description.name == name),
        None => all.len().checked_sub(1),
    };
    let Some(at) = at else {
        let known: Vec<&str> = all.iter().rev().take(3).map(|description| description.name.as_str()).collect();
        let message = match (name, known.is_empty()) {
            (_, true) => "the place holds no finished backup".to_owned(),
            (name, false) => {
                format!("no backup is called {:?}; the newest are {}", name.unwrap_or_default(), known.join(", "))
            }
        };
        return Err(Error::new(ErrorKind::NotFound, message));
    };
    let description = all.swap_remove(at);
    let bytes = objects.get(&description.manifest.file).await?;
    if let Some(what) = flaw(&description.manifest, &bytes) {
        let message = format!("{:?} in the backup is damaged: {what}", description.manifest.file);
        return Err(Error::new(ErrorKind::Corrupt, message));
    }
    let manifest = Manifest::decode(&description.manifest.file, &bytes)?;
    Ok(Found { objects: objects.clone(), description, manifest })
}

/// What is wrong with the bytes of a part.
fn flaw(part: &Part, bytes: &[u8]) -> Option<String> {
    if bytes.len() as u64 != part.bytes {
        return Some(format!("{} bytes instead of {}", bytes.len(), part.bytes));
    }
    let found = hex::encode(Sha256::digest(bytes));
    (found != part.sha256).then(|| format!("SHA-256 is {found}, not {}", part.sha256))
}

impl Found {
    /// The file of the place that holds a segment.
    pub fn segment_file(&self, segment: &SegmentMeta) -> String {
        segment_file(&segment.sha256)
    }

    /// The file of the place that holds what lay beside the store.
    pub fn shared_file(&self, file: &FilePart) -> String {
        format!("{FILES}/{}", file.sha256)
    }

    /// A part with what is wrong with it; nothing if it is gone.
    pub async fn part(&self, part: &Part) -> Result<Option<(Bytes, Option<String>)>, Error> {
        match self.objects.get(&part.file).await {
            Ok(bytes) => {
                let flaw = flaw(part, &bytes);
                Ok(Some((bytes, flaw)))
            }
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
