//! Finding one entry in the live segments by its id.

use arrow::array::RecordBatch;
use whodunit_model::{Project, Table};
use whodunit_stdx::EntryId;

use super::Manifest;
use crate::Error;
use crate::segment::SegmentCache;

/// The rows of an entry, one per batch: its intent, its completion, its expiry, in no particular order.
///
/// Ids start with the time of their making, so few segments have a range that holds the id, and the token index of
/// those tells nearly always whether it is there.
pub async fn find_entry(
    cache: &SegmentCache,
    manifest: &Manifest,
    project: &Project,
    id: EntryId,
) -> Result<Vec<RecordBatch>, Error> {
    let mut found = Vec::new();
    for segment in manifest.of_table(Table::AuditLogs).filter(|segment| segment.project == *project) {
        if segment.ids.is_some_and(|(first, last)| first <= id && id <= last) {
            found.extend(cache.reader(segment).await?.find_id(id).await?);
        }
    }
    Ok(found)
}
