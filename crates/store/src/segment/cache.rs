//! Open segments, the least recently used closed first when they hold too many bytes.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::meta::{SegmentId, SegmentMeta};
use super::reader::SegmentReader;
use crate::Error;
use crate::object::Objects;

/// Bounded by the bytes of footers, token indexes and roll-ups.
#[derive(Debug)]
pub struct SegmentCache {
    objects: Objects,
    bytes_max: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    readers: HashMap<SegmentId, (Arc<SegmentReader>, u64)>,
    /// Counts uses, to tell which is the least recent.
    uses: u64,
}

impl SegmentCache {
    pub fn new(objects: Objects, bytes_max: usize) -> SegmentCache {
        SegmentCache { objects, bytes_max, open: Mutex::default() }
    }

    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// The open segment. Two that ask at once for the same may both open it, and one of them is kept.
    pub async fn reader(&self, meta: &SegmentMeta) -> Result<Arc<SegmentReader>, Error> {
        if let Some(reader) = self.known(meta.id) {
            return Ok(reader);
        }
        let reader = Arc::new(SegmentReader::open(&self.objects, meta).await?);
        let mut open = self.open.lock();
        open.uses += 1;
        let use_now = open.uses;
        let kept = open.readers.entry(meta.id).or_insert((reader, use_now)).0.clone();
        open.shrink_to(self.bytes_max, meta.id);
        Ok(kept)
    }

    fn known(&self, id: SegmentId) -> Option<Arc<SegmentReader>> {
        let mut open = self.open.lock();
        open.uses += 1;
        let use_now = open.uses;
        let (reader, used) = open.readers.get_mut(&id)?;
        *used = use_now;
        Some(reader.clone())
    }

    /// Closes segments that are no longer live.
    pub fn forget(&self, ids: &[SegmentId]) {
        let mut open = self.open.lock();
        ids.iter().for_each(|id| drop(open.readers.remove(id)));
    }

    /// Bytes held in memory just now.
    pub fn memory(&self) -> usize {
        self.open.lock().memory()
    }
}

impl Open {
    fn memory(&self) -> usize {
        self.readers.values().map(|(reader, _)| reader.memory()).sum()
    }

    /// Closes the least recently used until the rest fits; never the one just asked for.
    fn shrink_to(&mut self, bytes_max: usize, keep: SegmentId) {
        let mut total = self.memory();
        if total <= bytes_max {
            return;
        }
        let mut by_use: Vec<_> = self.readers.iter().map(|(id, (_, used))| (*used, *id)).collect();
        by_use.sort_unstable();
        for (_, id) in by_use.into_iter().filter(|(_, id)| *id != keep) {
            if total <= bytes_max {
                break;
            }
            if let Some((reader, _)) = self.readers.remove(&id) {
                total = total.saturating_sub(reader.memory());
            }
        }
    }
}
