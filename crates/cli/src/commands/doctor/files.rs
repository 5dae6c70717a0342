//! The data directory: what it lies on, who may read it, its format, its room and how long a sync takes.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use whodunit_server::Settings;
use whodunit_stdx::{Timestamp, World};
use whodunit_store::manifest::Manifest;
use whodunit_store::store::DATA_FORMAT;
use whodunit_store::{Disk, RealDisk};

use super::Finding;
use crate::progress::bytes;

/// Syncs that are timed, and the bytes of each.
const SYNCS: usize = 30;
const SYNC_BYTES: usize = 4096;
/// An audit entry waits for one sync; with a median above this people begin to notice.
const SYNC_WARNING: Duration = Duration::from_millis(20);
const SYNC_PROBLEM: Duration = Duration::from_millis(200);
/// The growth of so many days says how long the room lasts.
const GROWTH_DAYS: i32 = 7;
const DAYS_LEFT_WARNING: u64 = 14;

pub fn look(settings: &Settings, world: &World) -> Vec<Finding> {
    let data = std::path::absolute(&settings.data).unwrap_or_else(|_| settings.data.clone());
    let nearest = nearest(&data);
    let mut findings = vec![directory(&data)];
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let resolved = nearest.canonicalize().unwrap_or_else(|_| nearest.clone());
    match mount_of(&mounts, &resolved) {
        Some(mount) => findings.push(judge_disk(&mount, rotational(&mount.device))),
        None => findings.push(Finding::ok("disk", "its kind cannot be told on this system")),
    }
    findings.push(room(settings, &data, &nearest, world));
    findings.push(sync(&data, &nearest, world));
    if data.is_dir() {
        findings.push(format(&data));
        findings.push(permissions(&data));
    }
    findings
}

/// The directory itself, or the closest one above it that is there.
fn nearest(data: &Path) -> PathBuf {
    data.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

fn directory(data: &Path) -> Finding {
    let path = data.display();
    if data.is_dir() {
        return Finding::ok("data", format!("the data directory is {path}"));
    }
    if data.exists() {
        return Finding::problem("data", format!("{path} is no directory"), "name another one with --data");
    }
    Finding::warning(
        "data",
        format!("{path} is not there yet"),
        "the first `whodunit serve` makes it; is --data right?",
    )
}

/// A file system as the kernel lists it.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    kind: String,
    /// `major:minor`.
    device: String,
    point: String,
}

/// The mount that a path lies on: the longest mount point that is its beginning, the last one of equals.
fn mount_of(mountinfo: &str, path: &Path) -> Option<Mount> {
    let read = |line: &str| {
        let (about, kind) = line.split_once(" - ")?;
        let mut words = about.split(' ').skip(2);
        let (device, point) = (words.next()?.to_owned(), words.nth(1)?.replace("\\040", " "));
        Some(Mount { kind: kind.split(' ').next()?.to_owned(), device, point })
    };
    let mounts = mountinfo.lines().filter_map(read).filter(|mount| path.starts_with(&mount.point));
    mounts.max_by_key(|mount| mount.point.len())
}

/// Whether the disk turns, of a partition as of a whole disk.
fn rotational(device: &str) -> Option<bool> {
    let place = format!("/sys/dev/block/{device}");
    let read = |path: String| fs::read_to_string(path).ok();
    let text = read(format!("{place}/queue/rotational")).or_else(|| read(format!("{place}/../queue/rotational")))?;
    Some(text.trim() == "1")
}

fn judge_disk(mount: &Mount, rotational: Option<bool>) -> Finding {
    let Mount { kind, point, .. } = mount;
    let at = format!("{kind} at {point}");
    let network = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "afs", "lustre"];
    if kind == "tmpfs" || kind == "ramfs" {
        let found = format!("{at}: it is memory, and everything is lost when the machine restarts");
        return Finding::problem("disk", found, "put the data directory on a disk");
    }
    if network.contains(&kind.as_str()) || kind.starts_with("fuse.") {
        let found = format!("{at}: a file system over the network may lose a sync or a lock");
        return Finding::warning(
            "disk",
            found,
            "use a local disk for the data directory, and a bucket for segments (objects)",
        );
    }
    if kind == "overlay" {
        let found = format!("{at}: a container's own layer goes away with the container");
        return Finding::warning("disk", found, "mount a volume at the data directory");
    }
    match rotational {
        Some(true) => Finding::warning(
            "disk",
            format!("{at}, a disk that turns: each sync waits for it"),
            "use an SSD where many entries a second are written one by one",
        ),
        Some(false) => Finding::ok("disk", format!("{at}, no turning disk")),
        None => Finding::ok("disk", at),
    }
}

fn room(settings: &Settings, data: &Path, nearest: &Path, world: &World) -> Finding {
    let space = match RealDisk.space(nearest) {
        Ok(space) => space,
        Err(error) => return Finding::problem("space", format!("cannot be read: {error}"), "is the disk mounted?"),
    };
    let reserve = settings.disk_free_min.unwrap_or((space.total_bytes / 20).min(1 << 30));
    let growth = match settings.objects {
        None => growth(data, world.now()),
        Some(_) => None,
    };
    judge_room(space.free_bytes, space.total_bytes, reserve, growth)
}

/// Bytes a day that rows of the last week take in segments, by the newest manifest.
fn growth(data: &Path, now: Timestamp) -> Option<u64> {
    let directory = data.join("manifest");
    let name = RealDisk.list(&directory).ok()?.into_iter().filter(|name| name.ends_with(".json.zst")).max()?;
    let manifest = Manifest::decode(&name, &fs::read(directory.join(&name)).ok()?).ok()?;
    let today = now.day();
    let recent = manifest.segments.iter().filter(|segment| (today - GROWTH_DAYS..=today).contains(&segment.day));
    let oldest = manifest.segments.iter().map(|segment| segment.day).min().unwrap_or(today);
    let days = (today.saturating_sub(oldest).saturating_add(1)).clamp(1, GROWTH_DAYS);
    Some(recent.map(|segment| segment.bytes).sum::<u64>() / u64::try_from(days).unwrap_or(1))
}

fn judge_room(free: u64, total: u64, reserve: u64, growth: Option<u64>) -> Finding {
    let mut found = format!("{} of {} are free", bytes(free), bytes(total));
    if free <= reserve {
        found.push_str(&format!(", less than the {} that are kept free: new rows are refused", bytes(reserve)));
        return Finding::problem("space", found, "make room, set retention, or lower disk_free_min");
    }
    let Some(growth) = growth.filter(|growth| *growth > 0) else { return Finding::ok("space", found) };
    let days = (free - reserve) / growth;
    found.push_str(&format!(", about {} a day are added: enough for {days} days", bytes(growth)));
    if days < DAYS_LEFT_WARNING {
        return Finding::warning("space", found, "set retention, add disk, or keep segments in a bucket (objects)");
    }
    Finding::ok("space", found)
}

/// Writes and syncs a small file some times, as the log does for a group of entries.
fn sync(data: &Path, nearest: &Path, world: &World) -> Finding {
    let path = nearest.join(format!(".whodunit-doctor-{}", world.entry_id()));
    let timed = || -> std::io::Result<Vec<Duration>> {
        let mut file = RealDisk.open_append(&path)?;
        let mut took = Vec::with_capacity(SYNCS);
        for _ in 0..SYNCS {
            let began = world.instant();
            file.append(&[0; SYNC_BYTES])?;
            file.sync()?;
            took.push(world.instant().since(began));
        }
        Ok(took)
    };
    let took = timed();
    let _was_never_made = fs::remove_file(&path);
    match took {
        Ok(mut took) => {
            took.sort_unstable();
            judge_sync(took[took.len() / 2], took[took.len() - 1])
        }
        Err(error) => Finding::problem(
            "sync",
            format!("cannot write to {}: {error}", if data.is_dir() { data.display() } else { nearest.display() }),
            "run as the user that owns the data directory, or give that user the right to write",
        ),
    }
}

fn judge_sync(median: Duration, slowest: Duration) -> Finding {
    let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let found = format!(
        "writing 4 KiB until it is on disk takes {} (median of {SYNCS}; slowest {})",
        milliseconds(median),
        milliseconds(slowest)
    );
    let advice = "every audit entry waits for one such sync: use a faster disk, or send entries in batches";
    match median {
        median if median >= SYNC_PROBLEM => Finding::problem("sync", found, advice),
        median if median >= SYNC_WARNING => Finding::warning("sync", found, advice),
        _ => Finding::ok("sync", found),
    }
}

fn format(data: &Path) -> Finding {
    match fs::read_to_string(data.join("format")) {
        Ok(text) => judge_format(text.trim()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Finding::ok("format", "the directory holds no data yet")
        }
        Err(error) => Finding::problem("format", format!("cannot be read: {error}"), "run as the server's user"),
    }
}

fn judge_format(text: &str) -> Finding {
    match text.parse::<u32>() {
        Ok(version) if version == DATA_FORMAT => {
            Finding::ok("format", format!("version {version}, as this program writes it"))
        }
        Ok(version) if version < DATA_FORMAT => {
            Finding::ok("format", format!("version {version}; the next start brings it to {DATA_FORMAT}"))
        }
        Ok(version) => Finding::problem(
            "format",
            format!("version {version} was made by a newer whodunit; this one reads up to {DATA_FORMAT}"),
            "install the version of whodunit that was used last",
        ),
        Err(_) => Finding::problem(
            "format",
            format!("{text:?} is no version: a restore may not have finished"),
            "empty the directory and restore again",
        ),
    }
}

fn permissions(data: &Path) -> Finding {
    let mut open = Vec::new();
    for name in ["", "control.sqlite"] {
        let path = if name.is_empty() { data.to_owned() } else { data.join(name) };
        if let Ok(about) = fs::metadata(&path)
            && about.permissions().mode() & 0o007 != 0
        {
            open.push(format!("{} (mode {:o}, user {})", path.display(), about.mode() & 0o777, about.uid()));
        }
    }
    if open.is_empty() {
        return Finding::ok("permissions", "other users of this machine may not read the data");
    }
    let found = format!("every user of this machine may look into {}", open.join(", "));
    Finding::warning("permissions", found, format!("chmod -R o= {}", data.display()))
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn the_closest_mount_counts_and_its_kind_is_judged() {
        let mounts = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                      30 22 0:27 / /srv rw - nfs4 nas:/export rw\n\
                      31 30 0:28 / /srv/my\\040data rw shared:2 master:1 - tmpfs tmpfs rw\n";
        let kind = |path: &str| mount_of(mounts, Path::new(path)).map(|mount| mount.kind);
        assert_eq!(kind("/var/lib").as_deref(), Some("ext4"));
        assert_eq!(kind("/srv/x").as_deref(), Some("nfs4"));
        assert_eq!(kind("/srv/my data/x").as_deref(), Some("tmpfs"));
        let state = |kind: &str, turns| {
            let mount = Mount { kind: kind.to_owned(), device: "8:1".to_owned(), point: "/".to_owned() };
            judge_disk(&mount, turns).state
        };
        assert_eq!(state("ext4", Some(false)), State::Ok);
        assert_eq!(state("ext4", Some(true)), State::Warning);
        assert_eq!(state("nfs4", None), State::Warning);
        assert_eq!(state("fuse.sshfs", None), State::Warning);
        assert_eq!(state("tmpfs", None), State::Problem);
    }

    #[test]
    fn room_is_judged_by_what_is_kept_free_and_by_growth() {
        let gib = |count: u64| count << 30;
        assert_eq!(judge_room(gib(50), gib(100), gib(1), None).state, State::Ok);
        assert_eq!(judge_room(gib(1), gib(100), gib(1), None).state, State::Problem);
        let soon = judge_room(gib(11), gib(100), gib(1), Some(gib(1)));
        assert_eq!(soon.state, State::Warning);
        assert!(soon.found.contains("10 days"), "{}", soon.found);
        assert_eq!(judge_room(gib(50), gib(100), gib(1), Some(gib(1))).state, State::Ok);
    }

    #[test]
    fn syncs_and_formats_have_their_bounds() {
        let state = |milliseconds| judge_sync(Duration::from_millis(milliseconds), Duration::from_secs(1)).state;
        assert_eq!([state(1), state(20), state(200)], [State::Ok, State::Warning, State::Problem]);
        assert_eq!(judge_format("99").state, State::Problem);
        assert_eq!(judge_format(&DATA_FORMAT.to_string()).state, State::Ok);
        assert!(judge_format("restoring").advice.contains("restore again"));
    }
}
