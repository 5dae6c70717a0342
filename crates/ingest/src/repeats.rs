//! Events that were sent before: a client that heard no answer sends again, and its event is stored once all the same.
//!
//! The newest ids are remembered in two generations, so that memory is bounded and forgetting costs nothing: when the
//! newer one is full, the older one goes. An id under way is neither stored nor new: whoever brings it meanwhile waits
//! for what becomes of it, since answering at once would promise what may still fail.
//! What a restart finds in the store's buffer is remembered; what is in segments by then is not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::AsArray;
use parking_lot::Mutex;
use tokio::sync::watch;
use whodunit_issues::fingerprint::Fingerprint;
use whodunit_model::{Project, Table};
use whodunit_store::Snapshot;

/// Ids of events that are remembered, of all projects together; the oldest half goes first.
pub const EVENT_IDS_MAX: usize = 262_144;

/// A project and an id in it.
pub type Key = [u8; 16];

/// Sixteen bytes that stand for an event of a project.
pub fn key(project: &Project, event_id: &[u8; 16]) -> Key {
    Fingerprint::of_parts(&["event", project.as_str(), &hex::encode(event_id)]).id()
}

/// The events that are known. Cheap to clone.
#[derive(Clone, Default)]
pub struct Repeats(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    newer: HashSet<Key>,
    older: HashSet<Key>,
    /// Those that somebody is about to store; the channel closes when that is over.
    under_way: HashMap<Key, watch::Receiver<()>>,
}

/// Events that one request may store. What was not said to be stored is free again once this is dropped.
pub struct Claims {
    repeats: Repeats,
    mine: Vec<Key>,
    stored: HashSet<Key>,
    /// Closes with the claims.
    _over: watch::Sender<()>,
}

impl Repeats {
    /// Knows the events that are in no segment yet.
    pub fn of_buffered(snapshot: &Snapshot) -> Repeats {
        let repeats = Repeats::default();
        let mut known = repeats.0.lock();
        for (project, rows) in snapshot.buffered(Table::ErrorEvents) {
            let Some(ids) = rows.column_by_name("event_id").and_then(|ids| ids.as_fixed_size_binary_opt()) else {
                continue;
            };
            let ids = ids.iter().flatten().filter_map(|id| <[u8; 16]>::try_from(id).ok());
            ids.for_each(|id| known.remember(key(&project, &id)));
        }
        drop(known);
        repeats
    }

    /// Claims events: those that nobody knows are the caller's to store. Waits for those that are under way.
    pub async fn claim(&self, mut keys: Vec<Key>) -> Claims {
        // In order, so that two requests with the same events never wait for each other.
        keys.sort_unstable();
        keys.dedup();
        let (over, ends) = watch::channel(());
        let mut claims =
            Claims { repeats: self.clone(), mine: Vec::with_capacity(keys.len()), stored: HashSet::new(), _over: over };
        for key in keys {
            while let Some(mut other) = claims.take(key, &ends) {
                let _closes = other.changed().await;
            }
        }
        claims
    }
}

impl Known {
    fn knows(&self, key: &Key) -> bool {
        self.newer.contains(key) || self.older.contains(key)
    }

    fn remember(&mut self, key: Key) {
        if self.newer.len() >= EVENT_IDS_MAX / 2 {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(key);
    }
}

impl Claims {
    /// Takes one event, or gives what to wait for.
    fn take(&mut self, key: Key, ends: &watch::Receiver<()>) -> Option<watch::Receiver<()>> {
        let mut known = self.repeats.0.lock();
        if known.knows(&key) {
            self.stored.insert(key);
            return None;
        }
        if let Some(other) = known.under_way.get(&key) {
            return Some(other.clone());
        }
        known.under_way.insert(key, ends.clone());
        self.mine.push(key);
        None
    }

    /// Whether the event was stored before.
    pub fn is_stored(&self, key: &Key) -> bool {
        self.stored.contains(key)
    }

    /// All that was claimed is stored now.
    pub fn are_stored(self) {
        self.remember(|_| true);
    }

    /// Of what was claimed only these are stored; the rest is free again.
    pub fn these_are_stored(self, keys: &[Key]) {
        self.remember(|key| keys.contains(key));
    }

    fn remember(self, is_stored: impl Fn(&Key) -> bool) {
        let mut known = self.repeats.0.lock();
        self.mine.iter().filter(|key| is_stored(key)).for_each(|key| known.remember(*key));
        drop(known);
    }
}

impl Drop for Claims {
    fn drop(&mut self) {
        let mut known = self.repeats.0.lock();
        for key in &self.mine {
            known.under_way.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn id(number: u32) -> Key {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        id
    }

    fn claimed(repeats: &Repeats, numbers: &[u32]) -> Option<Claims> {
        repeats.claim(numbers.iter().copied().map(id).collect()).now_or_never()
    }

    #[test]
    fn what_is_stored_is_known_and_what_failed_is_free_again() {
        let repeats = Repeats::default();
        drop(claimed(&repeats, &[1]).expect("free"));
        let claims = claimed(&repeats, &[1, 1, 2]).expect("free again");
        assert!(!claims.is_stored(&id(1)));
        claims.are_stored();
        let again = claimed(&repeats, &[2, 3]).expect("nothing is under way");
        assert!(again.is_stored(&id(2)) && !again.is_stored(&id(3)));
    }

    #[test]
    fn of_a_request_that_failed_half_way_only_what_is_stored_is_known() {
        let repeats = Repeats::default();
        claimed(&repeats, &[1, 2]).expect("free").these_are_stored(&[id(1)]);
        let again = claimed(&repeats, &[1, 2]).expect("nothing is under way");
        assert!(again.is_stored(&id(1)) && !again.is_stored(&id(2)));
    }

    #[test]
    fn what_is_under_way_is_waited_for() {
        for stored in [true, false] {
            let repeats = Repeats::default();
            let first = claimed(&repeats, &[1, 2]).expect("free");
            let mut second = Box::pin(repeats.claim(vec![id(0), id(2)]));
            assert!(second.as_mut().now_or_never().is_none(), "it waits");
            if stored {
                first.are_stored()
            } else {
                drop(first)
            }
            let second = second.now_or_never().expect("its turn");
            assert_eq!(second.is_stored(&id(2)), stored);
            assert!(!second.is_stored(&id(0)));
        }
    }

    #[test]
    fn the_oldest_are_forgotten_and_memory_is_bounded() {
        let repeats = Repeats::default();
        let mut known = repeats.0.lock();
        let half = u32::try_from(EVENT_IDS_MAX / 2).expect("small");
        (0..3 * half + 1).for_each(|number| known.remember(id(number)));
        assert!(known.newer.len() + known.older.len() <= EVENT_IDS_MAX);
        assert!(!known.knows(&id(0)) && known.knows(&id(2 * half)) && known.knows(&id(3 * half)));
    }
}
