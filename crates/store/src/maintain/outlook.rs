//! Outlook: how fast tables grow, and when a disk is full if it goes on like that.
//!
//! Growth is read from the segments that are there: of each table and project the bytes whose rows happened on the last
//! whole UTC days, divided by those days. The first day of a series is left out, since it is rarely whole, and today is.
//! So a series that is younger than two days has no growth. What was imported counts on the day on which it happened,
//! and days before anything was sent live are not counted for it, if the caller knows since when.
//!
//! Days left are played forward a day at a time: each series gets its growth, and loses what its retention drops or
//! moves to another disk by then. Rows in the buffer and the write-ahead log, which come and go, are no part of it.

use std::collections::BTreeMap;
use std::time::Duration;

use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;

use super::guard::OnDisk;
use super::settings::RetentionPolicy;
use crate::manifest::Manifest;

/// Whole days that growth is read from, at most.
pub const GROWTH_DAYS_MAX: i32 = 7;
/// How far days left are played forward.
pub const OUTLOOK_DAYS_MAX: u32 = 1_000;

/// What one table of one project grows by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    pub table: Table,
    pub project: Project,
    /// `None` while there is no whole day to read it from.
    pub bytes_per_day: Option<u64>,
    /// Whole days that it was read from.
    pub days: u32,
}

/// Since when a series gets what happens now, beside what was imported into it.
pub type Since<'a> = &'a dyn Fn(Table, &Project) -> Option<Timestamp>;

/// The growth of every table and project that has segments, in their order.
pub fn growth(manifest: &Manifest, since: Since<'_>, now: Timestamp) -> Vec<Growth> {
    let today = now.day();
    let all = series(manifest, &|_| true).into_iter();
    all.map(|((table, project), by_day)| {
        let oldest = by_day.keys().next().copied().unwrap_or(today);
        let begun = since(table, project).map_or(oldest, |since| oldest.max(since.day()));
        let first = (begun + 1).max(today - GROWTH_DAYS_MAX);
        let days = u32::try_from(today - first).unwrap_or(0);
        let bytes: u64 = by_day.range(first..today.max(first)).map(|(_, bytes)| bytes).sum();
        Growth { table, project: project.clone(), bytes_per_day: bytes.checked_div(u64::from(days)), days }
    })
    .collect()
}

/// A disk to be filled.
#[derive(Clone, Copy)]
pub struct Room<'a> {
    /// Bytes that may still be written.
    pub free: u64,
    pub on_disk: OnDisk<'a>,
    /// Age at which segments leave for another disk.
    pub leaves_after: Option<Duration>,
}

/// Whole days until the room is used up; `None` if that is not within [`OUTLOOK_DAYS_MAX`].
pub fn days_left(
    manifest: &Manifest,
    growth: &[Growth],
    policy: &RetentionPolicy,
    room: Room<'_>,
    now: Timestamp,
) -> Option<u32> {
    let today = now.day();
    let held = series(manifest, room.on_disk);
    let mut all: Vec<Forecast> = growth
        .iter()
        .map(|one| {
            let rule = policy.rule(one.table, &one.project);
            let age = rule.age_max.into_iter().chain(room.leaves_after).min();
            let held = held.get(&(one.table, &one.project)).cloned().unwrap_or_default();
            Forecast {
                per_day: one.bytes_per_day.unwrap_or(0),
                days_max: age.map(|age| i32::try_from(age.as_secs().div_ceil(86_400)).unwrap_or(i32::MAX)),
                bytes_max: rule.bytes_max,
                held_bytes: held.values().sum(),
                held: held.into_iter().rev().collect(),
            }
        })
        .collect();
    let used = |all: &mut [Forecast], ahead: u32| {
        let sum = all.iter_mut().map(|one| one.bytes(today, ahead)).fold(0u64, u64::saturating_add);
        policy.total_bytes_max.map_or(sum, |most| sum.min(most))
    };
    let before = used(&mut all, 0);
    (1..=OUTLOOK_DAYS_MAX).find(|ahead| used(&mut all, *ahead).saturating_sub(before) > room.free).map(|day| day - 1)
}

/// One series on its way ahead.
struct Forecast {
    per_day: u64,
    /// Days that a row stays on this disk.
    days_max: Option<i32>,
    bytes_max: Option<u64>,
    /// Day and bytes of what is there now, newest first: the oldest is taken off the end.
    held: Vec<(i32, u64)>,
    held_bytes: u64,
}

impl Forecast {
    /// Bytes so many days ahead; asked in the order of days.
    fn bytes(&mut self, today: i32, ahead: u32) -> u64 {
        let ahead_days = i32::try_from(ahead).unwrap_or(i32::MAX);
        let kept_days = self.days_max.map_or(ahead_days, |most| most.min(ahead_days));
        if let Some(most) = self.days_max {
            let gone = today.saturating_add(ahead_days).saturating_sub(most);
            while let Some((_, bytes)) = self.held.pop_if(|(day, _)| *day <= gone) {
                self.held_bytes -= bytes;
            }
        }
        let grown = self.per_day.saturating_mul(u64::try_from(kept_days).unwrap_or(0));
        let all = self.held_bytes.saturating_add(grown);
        self.bytes_max.map_or(all, |most| all.min(most))
    }
}

type Series<'a> = BTreeMap<(Table, &'a Project), BTreeMap<i32, u64>>;

/// Bytes by day of each table and project.
fn series<'a>(manifest: &'a Manifest, on_disk: OnDisk<'_>) -> Series<'a> {
    let mut all = Series::new();
    for segment in manifest.segments.iter().filter(|segment| on_disk(segment.place())) {
        *all.entry((segment.table, &segment.project)).or_default().entry(segment.day).or_default() += segment.bytes;
    }
    all
}
