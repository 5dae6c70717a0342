//! Making one backup: parts first, then files and segments, then the description.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use whodunit_stdx::{ErrorKind, Timestamp, World};

use super::CHUNK_BYTES;
use super::beside::{self, Beside, Taken};
use super::description::{ControlPart, Description, FORMAT, FilePart, Missing, Segments, WalPart};
use super::found::find;
use super::place::{FILES, PARTS, Place, SEGMENTS, description_file, name_of, segment_file};
use super::progress::Progress;
use crate::Error;
use crate::manifest::Manifest;
use crate::object::{Created, Objects, Upload};
use crate::segment::{Lane, SegmentMeta};

/// A backup under way. Dropped, it leaves nothing that is named anywhere.
pub struct Draft {
    place: Place,
    name: String,
    began_at: Timestamp,
    wal: Vec<WalPart>,
    files: Vec<FilePart>,
    missing: Vec<Missing>,
    control: ControlPart,
}

/// Where the segments come from, and what the description says of it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub objects: &'a Objects,
    pub objects_in: &'a str,
    pub data_format: u32,
}

/// What to copy of a manifest's segments.
#[derive(Debug, Default)]
struct Plan {
    copy: Vec<Arc<SegmentMeta>>,
    files: u64,
    bytes: u64,
}

/// Segments that the place does not hold in full length. `present` has the bytes of each file below `segments/`.
fn plan(manifest: &Manifest, present: &HashMap<String, u64>) -> Plan {
    let mut plan = Plan::default();
    for segment in &manifest.segments {
        plan.files += 1;
        plan.bytes = plan.bytes.saturating_add(segment.bytes);
        if present.get(&segment_file(&segment.sha256)) != Some(&segment.bytes) {
            plan.copy.push(segment.clone());
        }
    }
    plan
}

impl Draft {
    /// Chooses a name and removes what interrupted backups have left of theirs.
    pub async fn begin(place: Place, world: &World, control: Option<Bytes>) -> Result<Draft, Error> {
        let began_at = world.now();
        let taken: HashSet<String> = place.descriptions().await?.into_iter().map(|one| one.name).collect();
        for entry in place.objects.list(PARTS).await? {
            let of = entry.path.split('/').nth(1).unwrap_or_default();
            if !taken.contains(of) {
                place.objects.delete(&entry.path).await?;
            }
        }
        let first = name_of(began_at);
        let name = (1..)
            .map(|number| if number == 1 { first.clone() } else { format!("{first}-{number}") })
            .find(|name| !taken.contains(name))
            .expect("a place does not hold 2^31 backups of one second");
        let control = match control {
            Some(bytes) => {
                ControlPart::Sqlite { part: place.put(format!("{PARTS}/{name}/control.sqlite"), bytes).await? }
            }
            None => ControlPart::Postgres {
                note: "the control database is on PostgreSQL and not inside: take it with pg_dump".to_owned(),
            },
        };
        Ok(Draft { place, name, began_at, wal: Vec::new(), files: Vec::new(), missing: Vec::new(), control })
    }

    /// Adds a file of the write-ahead log.
    pub async fn add_wal(&mut self, lane: Lane, name: &str, bytes: Bytes) -> Result<(), Error> {
        let file = format!("{PARTS}/{}/wal/{}/{name}", self.name, lane.name());
        let part = self.place.put(file, bytes).await?;
        self.wal.push(WalPart { lane, name: name.to_owned(), part });
        Ok(())
    }

    /// Adds files that lie beside the store.
    pub async fn add_files(&mut self, beside: &Beside, progress: &Progress) -> Result<(), Error> {
        let to = &self.place.objects;
        let mut present = to.list(FILES).await?.into_iter().map(|entry| (entry.path, entry.bytes)).collect();
        for path in &beside.paths {
            match beside::take(&beside.objects, path, to, &mut present, progress).await? {
                Taken::Kept(part) => self.files.push(part),
                Taken::Gone => {}
                Taken::Missing(missing) => self.missing.push(missing),
            }
        }
        Ok(())
    }

    /// Copies what is missing of the manifest's segments and writes the description. The caller keeps the manifest, so
    /// that none of its files is deleted meanwhile.
    pub async fn finish(
        self,
        manifest: &Manifest,
        source: Source<'_>,
        world: &World,
        progress: &Progress,
    ) -> Result<Description, Error> {
        let Draft { place, name, began_at, wal, files, mut missing, control } = self;
        let bytes = Bytes::from(manifest.encode()?);
        let manifest_part = place.put(format!("{PARTS}/{name}/manifest.json.zst"), bytes).await?;
        let present = place.objects.list(SEGMENTS).await?.into_iter().map(|entry| (entry.path, entry.bytes)).collect();
        let plan = plan(manifest, &present);
        let to_copy = plan.copy.iter().map(|segment| segment.bytes).sum();
        progress.expect(plan.copy.len() as u64, to_copy);
        let mut segments = Segments { files: plan.files, bytes: plan.bytes, copied_files: 0, copied_bytes: 0 };
        for segment in &plan.copy {
            match copy(source.objects, segment, &place.objects, progress).await? {
                None => {
                    segments.copied_files += 1;
                    segments.copied_bytes += segment.bytes;
                }
                Some(what) => missing.push(Missing { path: segment.path.clone(), what }),
            }
            progress.add_file();
        }
        let description = Description {
            format: FORMAT,
            name,
            whodunit: env!("CARGO_PKG_VERSION").to_owned(),
            writer: place.writer.clone(),
            data_format: source.data_format,
            objects: source.objects_in.to_owned(),
            began_at,
            finished_at: world.now(),
            manifest: manifest_part,
            wal,
            control,
            segments,
            files,
            missing,
        };
        publish(&place, &description).await?;
        Ok(description)
    }
}

async fn publish(place: &Place, description: &Description) -> Result<(), Error> {
    let file = description_file(&description.name);
    let bytes = Bytes::from(description.encode());
    match place.objects.create(&file, bytes.clone()).await? {
        Created::Yes => Ok(()),
        // The answer to an earlier attempt was lost on the way.
        Created::Exists if place.objects.get(&file).await? == bytes => Ok(()),
        Created::Exists => {
            let message = format!("another process has made {file:?} meanwhile: is this data directory open twice?");
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}

/// Copies one segment, or says why its bytes are not those of the manifest (B-2).
async fn copy(
    from: &Objects,
    segment: &SegmentMeta,
    to: &Objects,
    progress: &Progress,
) -> Result<Option<String>, Error> {
    match from.head(&segment.path).await? {
        None => return Ok(Some("the file is gone".to_owned())),
        Some(entry) if entry.bytes != segment.bytes => {
            return Ok(Some(format!("{} bytes instead of {}", entry.bytes, segment.bytes)));
        }
        Some(_) => {}
    }
    let mut upload = to.upload(&segment_file(&segment.sha256)).await?;
    match pour(from, segment, &mut upload, progress).await {
        Ok(found) if found == segment.sha256 => upload.finish().await.map(|()| None),
        Ok(found) => {
            upload.abort().await;
            Ok(Some(format!("SHA-256 is {}, not {}", hex::encode(found), hex::encode(segment.sha256))))
        }
        Err(error) => {
            upload.abort().await;
            Err(error)
        }
    }
}

async fn pour(
    from: &Objects,
    segment: &SegmentMeta,
    upload: &mut Upload,
    progress: &Progress,
) -> Result<[u8; 32], Error> {
    let mut digest = Sha256::new();
    let mut start = 0;
    while start < segment.bytes {
        progress.go_on()?;
        let end = (start + CHUNK_BYTES).min(segment.bytes);
        let bytes = from.get_range(&segment.path, start..end).await?;
        digest.update(&bytes);
        upload.write(bytes).await?;
        progress.add_bytes(end - start);
        start = end;
    }
    Ok(digest.finalize().into())
}

impl Place {
    /// Keeps the newest `keep` backups and removes the others with the shared files that only they name. Returns the names
    /// that went. Descriptions go first, so that an interruption leaves none that names missing parts (B-1).
    pub async fn prune(&self, keep: usize) -> Result<Vec<String>, Error> {
        let all = self.descriptions().await?;
        let (old, kept) = all.split_at(all.len().saturating_sub(keep.max(1)));
        let mut named = HashSet::new();
        for description in kept {
            let found = find(&self.objects, Some(&description.name)).await?;
            named.extend(found.manifest.segments.iter().map(|segment| segment_file(&segment.sha256)));
            named.extend(description.files.iter().map(|file| format!("{FILES}/{}", file.sha256)));
        }
        for description in old {
            self.objects.delete(&description_file(&description.name)).await?;
        }
        for description in old {
            for entry in self.objects.list(&format!("{PARTS}/{}", description.name)).await? {
                self.objects.delete(&entry.path).await?;
            }
        }
        for shared in [SEGMENTS, FILES] {
            for entry in self.objects.list(shared).await? {
                if !named.contains(&entry.path) {
                    self.objects.delete(&entry.path).await?;
                }
            }
        }
        Ok(old.iter().map(|description| description.name.clone()).collect())
    }
}
