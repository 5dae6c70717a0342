//! What the store holds, how fast that grows, and how long the disk lasts.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use whodunit_api::storage::{BufferedRows, StorageAnswer, StorageDisk, StorageGrowth, StoragePart, StorageUploads};
use whodunit_model::{Project, Sources, Table};
use whodunit_query::Visibility;
use whodunit_query::format::time_text;
use whodunit_stdx::Timestamp;
use whodunit_store::maintain::outlook::Growth;
use whodunit_store::store::{DaysLeft, DiskSpace, Outlook};
use whodunit_store::{Snapshot, Tier};

use super::artifacts::in_background;
use crate::app::App;
use crate::artifacts::{self, Kept};
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;

pub fn get(call: Call) -> Answer {
    async move {
        let app = &call.app;
        let visibility = call.visibility(ProjectChoice::All);
        let begun = begun(&app.sources);
        let outlook = app.store.outlook(&|table, project| begun.get(&(table, project.clone())).copied())?;
        let statistics = app.store.statistics();
        let parts = parts(&app.store.snapshot(), &visibility);
        let sum = |of: fn(&StoragePart) -> u64| parts.iter().map(of).sum();
        let buffered = statistics.tables.iter().filter(|table| table.buffered_rows > 0);
        let because = because(&outlook);
        let growth: Vec<Growth> =
            outlook.growth.into_iter().filter(|one| visibility.sees_project(&one.project)).collect();
        ok(&StorageAnswer {
            at: time_text(app.world.now().nanos()),
            segments: sum(|part| part.segments),
            rows: sum(|part| part.rows),
            bytes: sum(|part| part.bytes),
            parts,
            buffered: buffered
                .map(|table| BufferedRows { table: table.table.name().to_owned(), rows: table.buffered_rows })
                .collect(),
            wal_bytes: statistics.lanes.iter().map(|lane| lane.wal_bytes).sum(),
            uploads: uploads(app, &visibility).await?,
            disks: outlook.disks.into_iter().map(disk).collect(),
            growth_bytes_per_day: per_day(&growth),
            growth: growth.into_iter().map(grown).collect(),
            days_left: match outlook.days_left {
                DaysLeft::Days(days) => Some(days),
                DaysLeft::MoreThan(_) | DaysLeft::TooLittleHistory | DaysLeft::NotOnDisk => None,
            },
            days_left_code: code(&outlook.days_left).to_owned(),
            days_left_because: because,
        })
    }
    .boxed()
}

/// Since when each table of a project was sent something: what is older was imported.
fn begun(sources: &Sources) -> BTreeMap<(Table, Project), Timestamp> {
    let mut begun = BTreeMap::new();
    for source in sources.list(|_| true) {
        let since = begun.entry((source.table(), source.key.project)).or_insert(source.first_heard_at);
        *since = source.first_heard_at.min(*since);
    }
    begun
}

fn parts(snapshot: &Snapshot, visibility: &Visibility) -> Vec<StoragePart> {
    let mut parts: BTreeMap<(Table, &Project, Tier), (StoragePart, Timestamp, Timestamp)> = BTreeMap::new();
    for segment in snapshot.manifest().segments.iter().filter(|segment| visibility.sees_project(&segment.project)) {
        let unknown = || (StoragePart::default(), segment.min_time, segment.max_time);
        let key = (segment.table, &segment.project, segment.tier);
        let (part, oldest, newest) = parts.entry(key).or_insert_with(unknown);
        part.segments += 1;
        part.rows += segment.rows;
        part.bytes += segment.bytes;
        (*oldest, *newest) = ((*oldest).min(segment.min_time), (*newest).max(segment.max_time));
    }
    let named = parts.into_iter().map(|((table, project, tier), (part, oldest, newest))| StoragePart {
        table: table.name().to_owned(),
        project: project.to_string(),
        tier: tier.name().to_owned(),
        oldest: time_text(oldest.nanos()),
        newest: time_text(newest.nanos()),
        ..part
    });
    named.collect()
}

/// What was uploaded for the projects that are seen.
async fn uploads(app: &Arc<App>, visibility: &Visibility) -> Result<Vec<StorageUploads>, Failure> {
    let data = app.settings.data.clone();
    let kept = in_background(move || artifacts::kept_in(&data)).await?;
    let seen = |project: &str| Project::parse(project).is_ok_and(|project| visibility.sees_project(&project));
    let named = kept.into_iter().filter(|kept| seen(&kept.project));
    Ok(named.map(|Kept { project, files, bytes }| StorageUploads { project, files, bytes }).collect())
}

fn disk(disk: DiskSpace) -> StorageDisk {
    let DiskSpace { place, free_bytes, total_bytes, reserve_bytes } = disk;
    StorageDisk { place: place.unwrap_or_else(|| "data".to_owned()), free_bytes, total_bytes, reserve_bytes }
}

fn grown(growth: Growth) -> StorageGrowth {
    let Growth { table, project, bytes_per_day, days } = growth;
    StorageGrowth { table: table.name().to_owned(), project: project.to_string(), bytes_per_day, days }
}

/// The sum of what is known.
fn per_day(growth: &[Growth]) -> Option<u64> {
    let known: Vec<u64> = growth.iter().filter_map(|one| one.bytes_per_day).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

fn code(days_left: &DaysLeft) -> &'static str {
    match days_left {
        DaysLeft::Days(_) => "played_forward",
        DaysLeft::MoreThan(_) => "beyond",
        DaysLeft::TooLittleHistory => "no_whole_day",
        DaysLeft::NotOnDisk => "in_a_bucket",
    }
}

fn because(outlook: &Outlook) -> String {
    let days = outlook.growth.iter().map(|one| one.days).max().unwrap_or(0);
    let unknown = outlook.growth.iter().filter(|one| one.bytes_per_day.is_none()).count();
    let beside = match unknown {
        0 => String::new(),
        1 => ", without 1 table of a project that has no whole day yet".to_owned(),
        more => format!(", without {more} tables of projects that have no whole day yet"),
    };
    let played = format!(
        "growth of up to {days} whole days, less what retention drops or moves away, against the free space above the reserve{beside}"
    );
    match outlook.days_left {
        DaysLeft::Days(_) => played,
        DaysLeft::MoreThan(days) => format!("more than {days} days: {played}"),
        DaysLeft::TooLittleHistory => {
            "there is no whole day of any table yet: growth is known the day after the first whole UTC day".to_owned()
        }
        DaysLeft::NotOnDisk => "segments are in a bucket, which does not fill up as a disk does".to_owned(),
    }
}
