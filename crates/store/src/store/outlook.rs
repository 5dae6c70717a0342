//! The outlook on this store's disks.

use std::time::Duration;

use whodunit_stdx::ErrorKind;

use super::Inner;
use crate::Error;
use crate::maintain::guard;
use crate::maintain::outlook::{self, Growth, OUTLOOK_DAYS_MAX, Room, Since};
use crate::object::ObjectsIn;

/// How the store grows and how long its disk lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub growth: Vec<Growth>,
    /// The data directory's first, then those of places whose disk answers.
    pub disks: Vec<DiskSpace>,
    pub days_left: DaysLeft,
}

/// One disk that segments lie on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskSpace {
    /// `None` is the data directory.
    pub place: Option<String>,
    pub free_bytes: u64,
    pub total_bytes: u64,
    /// Bytes that are kept free: see the setting `disk_free_min`.
    pub reserve_bytes: u64,
}

/// Days until the data directory's disk is down to its reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysLeft {
    Days(u32),
    /// Not within so many days.
    MoreThan(u32),
    /// No table has a whole day to read its growth from.
    TooLittleHistory,
    /// Segments are in a bucket.
    NotOnDisk,
}

impl Inner {
    pub(super) fn outlook(&self, since: Since<'_>) -> Result<Outlook, Error> {
        let manifest = self.manifests.current();
        let now = self.world.now();
        let growth = outlook::growth(&manifest, since, now);
        let (data, disks, elsewhere) = self.disks()?;
        let tiers = &self.settings.maintain.tiers;
        let cold_leaves = self.places.cold.as_ref().is_some_and(|place| elsewhere.contains(place));
        let leaves_after: Option<Duration> = cold_leaves.then_some(tiers.cold_after);
        let on_disk = |place: Option<&str>| place.is_none_or(|place| !elsewhere.iter().any(|one| one == place));
        let free = data.free_bytes.saturating_sub(data.reserve_bytes);
        let room = Room { free, on_disk: &on_disk, leaves_after };
        let days_left = if matches!(self.settings.objects, ObjectsIn::S3(_)) {
            DaysLeft::NotOnDisk
        } else if growth.iter().all(|one| one.bytes_per_day.is_none()) {
            DaysLeft::TooLittleHistory
        } else {
            let days = outlook::days_left(&manifest, &growth, &self.retention.load(), room, now);
            days.map_or(DaysLeft::MoreThan(OUTLOOK_DAYS_MAX), DaysLeft::Days)
        };
        Ok(Outlook { growth, disks, days_left })
    }

    /// The data directory's disk, all disks, and the names of places that are on none of the data directory.
    fn disks(&self) -> Result<(DiskSpace, Vec<DiskSpace>, Vec<String>), Error> {
        let settings = &self.settings.maintain.guard;
        let of = |place: Option<String>, space: crate::disk::Space| DiskSpace {
            place,
            free_bytes: space.free_bytes,
            total_bytes: space.total_bytes,
            reserve_bytes: guard::reserve(settings, space.total_bytes),
        };
        let path = &self.settings.data;
        let data = self.disk.space(path).map_err(|error| {
            Error::because(ErrorKind::Unavailable, format!("cannot read the free space of {}", path.display()), error)
        })?;
        let mut disks = vec![of(None, data)];
        let mut elsewhere = self.places.names.clone();
        for (name, path) in &self.places.directories {
            let Ok(space) = self.disk.space(path) else { continue };
            disks.push(of(Some(name.clone()), space));
            if space.device == data.device {
                elsewhere.retain(|other| other != name);
            }
        }
        Ok((disks[0].clone(), disks, elsewhere))
    }
}
