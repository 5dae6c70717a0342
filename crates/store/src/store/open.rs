//! Opening a data directory.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::{Notify, broadcast};
use whodunit_model::Batch;
use whodunit_stdx::{ErrorKind, Limit, Tasks, World};

use super::whereabouts::Whereabouts;
use super::worker::Workers;
use super::{Inner, Parts, Store, upkeep};
use super::{places, session};
use crate::Error;
use crate::buffer::{ActiveBuffer, Group, Publisher};
use crate::disk::Disk;
use crate::maintain::Scrubber;
use crate::manifest::{Manifest, Manifests};
use crate::object::{Objects, ObjectsIn};
use crate::segment::{Lane, SegmentCache};
use crate::settings::{Purpose, Settings, Upkeep};
use crate::wal::{Finding, FindingKind, Source, WalSettings, WalWriter};
use crate::write::recover::{Target, recover};
use crate::write::{LaneHandle, LaneParts, Ledger, Limits, Preparer};

/// Where damaged parts of the WAL are kept.
pub(super) const QUARANTINE: &str = "quarantine";
/// The version of the directory's layout. A change that older programs cannot read raises it.
pub const FORMAT: u32 = 1;
/// Where the format version stands.
pub(super) const FORMAT_FILE: &str = "format";
/// In place of a version while a restore is under way.
pub(super) const RESTORING: &str = "restoring";
/// Where the writer's id stands.
pub(super) const WRITER_FILE: &str = "writer";
/// The control database, as the server names it unless it is told otherwise.
pub(super) const CONTROL: &str = "control.sqlite";
/// Batches that a slow follower of the live tail may be behind.
const PUBLISHED_BEHIND_MAX: usize = 1024;

pub(super) fn wal_directory(settings: &Settings, lane: Lane) -> PathBuf {
    settings.data.join("wal").join(lane.name())
}

pub(super) async fn open(settings: Settings, world: World, memory: Limit, parts: Parts) -> Result<Store, Error> {
    let Parts { objects, disk } = parts;
    let guard = prepare_directory(&*disk, &settings.data)?;
    let whereabouts = Whereabouts::check(&*disk, &settings)?;
    let writer_id = writer_id(&*disk, &settings.data, &world)?;
    let writer = hex::encode(writer_id);
    let objects = own(objects, &settings.objects, &writer);
    let manifests = Manifests::open(objects.clone(), world.clone()).await?;
    whereabouts.check_manifest(&manifests.current())?;
    manifests.begin().await?;
    whereabouts.remember(&*disk)?;
    session::begin(&*disk, &settings, &manifests, &world).await?;
    let manifest = manifests.current();
    let (places, objects) = places::open(&*disk, &settings, &writer, &manifest, objects).await?;
    let settings = settings.with_cold_place(places.cold.clone());
    let publisher = Arc::new(Publisher::new(manifest.clone()));
    let published = broadcast::Sender::new(PUBLISHED_BEHIND_MAX);
    let (room, flush_wanted) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let buffer_limits = buffer_limits(&settings, &memory);
    let tasks = Tasks::new();
    let start = Start {
        settings: &settings,
        world: &world,
        disk: &disk,
        manifest: &manifest,
        publisher: &publisher,
        published: &published,
        room: &room,
        flush_wanted: &flush_wanted,
        writer_id,
        guard: &guard,
        tasks: &tasks,
    };
    let (audit, mut findings) = start.lane(Lane::Audit, &buffer_limits[0])?;
    let (telemetry, more) = start.lane(Lane::Telemetry, &buffer_limits[1])?;
    findings.extend(more);
    let inner = Arc::new(Inner {
        cache: SegmentCache::new(objects, settings.segment_cache_bytes),
        places,
        full_places: Default::default(),
        scrubber: Scrubber::new(),
        scrubbed: parking_lot::Mutex::new(world.instant()),
        retention: ArcSwap::from_pointee(settings.retention.clone()),
        preparer: Preparer { world: world.clone(), writer: writer.clone() },
        workers: Workers::start(&tasks)?,
        settings,
        world,
        disk,
        writer,
        publisher,
        published,
        manifests,
        lanes: [audit, telemetry],
        buffer_limits,
        room,
        flush_wanted,
        flushing: Default::default(),
        maintaining: tokio::sync::Mutex::default(),
        backup: Default::default(),
        findings,
        failures: Default::default(),
        tasks,
    });
    match inner.settings.purpose {
        Purpose::Append => inner.remove_orphans().await,
        Purpose::Look => inner.lanes.iter().for_each(|lane| lane.stop("the store was opened to be read")),
    }
    if inner.settings.upkeep == Upkeep::Automatic {
        upkeep::start(&inner);
    }
    Ok(Store { inner })
}

/// A third of memory each, so that neither lane can take what the other or queries need.
fn buffer_limits(settings: &Settings, memory: &Limit) -> [Limit; 2] {
    let bytes_max = settings.buffer_bytes_max.min(memory.bytes_max() / 3);
    [
        memory.child("audit buffer (buffer_bytes_max)", bytes_max),
        memory.child("telemetry buffer (buffer_bytes_max)", bytes_max),
    ]
}

/// A bucket may serve several writers: each has its manifest and its segments below its id.
pub(super) fn own(objects: Objects, objects_in: &ObjectsIn, writer: &str) -> Objects {
    match objects_in {
        ObjectsIn::Directory => objects,
        ObjectsIn::S3(_) => objects.below(writer),
    }
}

pub(super) fn failed(act: &str, path: &Path, error: io::Error) -> Error {
    Error::because(ErrorKind::Unavailable, format!("cannot {act} {}", path.display()), error)
}

/// Makes or checks the directory and takes its lock.
fn prepare_directory(disk: &dyn Disk, data: &Path) -> Result<Arc<dyn Send + Sync>, Error> {
    for directory in [data.to_owned(), data.join("wal/audit"), data.join("wal/telemetry"), data.join(QUARANTINE)] {
        disk.create_directory(&directory).map_err(|error| failed("create", &directory, error))?;
    }
    let lock = data.join("lock");
    let guard = disk.lock(&lock).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => Error::new(
            ErrorKind::Unavailable,
            format!("another whodunit process has {} open (it holds {})", data.display(), lock.display()),
        ),
        _ => failed("lock", &lock, error),
    })?;
    let format = data.join(FORMAT_FILE);
    match disk.read(&format) {
        Ok(bytes) => check_format(&format, &bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let line = format!("{FORMAT}\n");
            disk.write_whole(&format, line.as_bytes()).map_err(|error| failed("write", &format, error))?;
        }
        Err(error) => return Err(failed("read", &format, error)),
    }
    Ok(Arc::from(guard))
}

fn check_format(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    let found = text.parse::<u32>().ok();
    let message = match found {
        Some(FORMAT) => return Ok(()),
        Some(newer) if newer > FORMAT => {
            format!("{} has format {newer}, made by a newer whodunit; this one reads up to {FORMAT}", path.display())
        }
        None if text == RESTORING => {
            format!("a restore did not finish, as {} says: empty the directory and restore again", path.display())
        }
        _ => format!("{} does not hold a format version", path.display()),
    };
    Err(Error::new(ErrorKind::Unsupported, message))
}

/// The id of this writer, made once.
fn writer_id(disk: &dyn Disk, data: &Path, world: &World) -> Result<[u8; 8], Error> {
    let path = data.join(WRITER_FILE);
    match disk.read(&path) {
        Ok(bytes) => {
            let mut id = [0; 8];
            hex::decode_to_slice(bytes.trim_ascii_end(), &mut id).map_err(|error| {
                let message = format!("{} does not hold 16 hexadecimal digits", path.display());
                Error::because(ErrorKind::Corrupt, message, error)
            })?;
            Ok(id)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id: [u8; 8] = world.random_bytes();
            let line = format!("{}\n", hex::encode(id));
            disk.write_whole(&path, line.as_bytes()).map_err(|error| failed("write", &path, error))?;
            Ok(id)
        }
        Err(error) => Err(failed("read", &path, error)),
    }
}

/// What both lanes start with.
struct Start<'a> {
    settings: &'a Settings,
    world: &'a World,
    disk: &'a Arc<dyn Disk>,
    manifest: &'a Manifest,
    publisher: &'a Arc<Publisher>,
    published: &'a broadcast::Sender<Arc<Batch>>,
    room: &'a Arc<Notify>,
    flush_wanted: &'a Arc<Notify>,
    writer_id: [u8; 8],
    guard: &'a Arc<dyn Send + Sync>,
    tasks: &'a Tasks,
}

impl Start<'_> {
    /// Replays a lane, publishes what was found and starts its thread.
    fn lane(&self, lane: Lane, memory: &Limit) -> Result<(LaneHandle, Vec<Finding>), Error> {
        let directory = wal_directory(self.settings, lane);
        let quarantine = self.settings.data.join(QUARANTINE);
        let from_seq = self.manifest.flushed_through.of(lane);
        let mut buffer = ActiveBuffer::new(self.room.clone());
        let mut ledger = (lane == Lane::Audit).then(|| {
            let writer = hex::encode(self.writer_id);
            let limits = Limits {
                open_intents_max: self.settings.open_intents_max,
                late_completions_max: self.settings.late_completions_max,
            };
            Ledger::new(writer, &self.manifest.entries, from_seq, limits)
        });
        let source = Source { disk: &**self.disk, directory: &directory, quarantine: &quarantine, lane, from_seq };
        let target = Target { buffer: &mut buffer, ledger: ledger.as_mut(), memory };
        let replayed = recover(&source, target)?;
        if !buffer.is_empty() {
            let intents = ledger.as_ref().map(|ledger| (ledger.pending_keys(), ledger.late_keys()));
            self.publisher.publish(Group { lane, active: buffer.image(), intents });
        }
        let settings = WalSettings {
            disk: self.disk.clone(),
            directory,
            lane,
            writer: self.writer_id,
            file_bytes_max: self.settings.wal_file_bytes,
        };
        let parts = LaneParts {
            lane,
            settings: self.settings.lanes(),
            world: self.world.clone(),
            disk: self.disk.clone(),
            publisher: self.publisher.clone(),
            published: self.published.clone(),
            wal: WalWriter::new(settings, replayed.previous, replayed.files),
            ledger,
            buffer,
            next_seq: replayed.next_seq,
            flush_wanted: self.flush_wanted.clone(),
            guard: self.guard.clone(),
        };
        let damage = replayed.findings.into_iter().filter(|finding| finding.kind == FindingKind::Damage).collect();
        Ok((LaneHandle::start(parts, self.tasks)?, damage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::append::SUBMISSION_BYTES_MAX;
    use crate::wal::FRAME_BYTES_MAX;

    #[test]
    fn the_page_of_limits_has_the_store_as_it_is() {
        let page = include_str!("../../../../docs/limits.md");
        let settings = Settings::new("data");
        let bytes = |bytes: u64| format!("{bytes} bytes");
        let lines = [
            ("buffer_bytes_max", bytes(settings.buffer_bytes_max as u64)),
            ("append_wait", format!("{} s", settings.append_wait.as_secs())),
            ("queue_submissions_max", settings.queue_submissions_max.to_string()),
            ("submission_bytes_max", bytes(SUBMISSION_BYTES_MAX as u64)),
            ("frame_bytes_max", bytes(FRAME_BYTES_MAX as u64)),
            ("flush_bytes", bytes(settings.flush_bytes as u64)),
            ("flush_interval", format!("{} s", settings.flush_interval.as_secs())),
            ("buffered_sync_interval", format!("{} ms", settings.buffered_sync_interval.as_millis())),
            ("wal_file_bytes", bytes(settings.wal_file_bytes)),
            ("wal_free_min", bytes(settings.wal_free_min)),
            ("open_intents_max", settings.open_intents_max.to_string()),
            ("late_completions_max", settings.late_completions_max.to_string()),
            ("segment_cache_bytes", bytes(settings.segment_cache_bytes as u64)),
            ("scrub_bytes", bytes(settings.maintain.scrub_bytes)),
            ("published_behind_max", PUBLISHED_BEHIND_MAX.to_string()),
        ];
        for (name, value) in lines {
            let line = format!("| `{name}` | {value} |");
            assert!(page.contains(&line), "docs/limits.md lacks {line}");
        }
    }
}
