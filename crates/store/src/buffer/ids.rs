//! A set of entries that is published with every group: cheap to change by a few, cheap to share.
//!
//! An entry is known by its project and its id: two applications may use the same id.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use whodunit_model::Project;
use whodunit_stdx::EntryId;

/// By which an entry is known in the whole store.
pub type EntryKey = (Project, EntryId);

/// A large shared part and a short list of changes to it. Clones see no later change.
#[derive(Clone, Debug, Default)]
pub struct EntrySet {
    base: Arc<HashSet<EntryKey>>,
    changes: Arc<Vec<(EntryKey, Change)>>,
    whole: Arc<OnceLock<Arc<HashSet<EntryKey>>>>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Added,
    Removed,
}

/// The list of changes grows to this, or to a quarter of the set, before both become one again.
const CHANGES_MIN: usize = 256;

impl FromIterator<EntryKey> for EntrySet {
    fn from_iter<I: IntoIterator<Item = EntryKey>>(keys: I) -> EntrySet {
        EntrySet { base: Arc::new(keys.into_iter().collect()), ..EntrySet::default() }
    }
}

impl EntrySet {
    pub fn insert(&mut self, key: EntryKey) {
        self.change(key, Change::Added);
    }

    pub fn remove(&mut self, key: EntryKey) {
        self.change(key, Change::Removed);
    }

    fn change(&mut self, key: EntryKey, change: Change) {
        Arc::make_mut(&mut self.changes).push((key, change));
        self.whole = Arc::default();
        if self.changes.len() > CHANGES_MIN.max(self.base.len() / 4) {
            self.base = self.all();
            self.changes = Arc::default();
        }
    }

    pub fn contains(&self, key: &EntryKey) -> bool {
        let last = self.changes.iter().rev().find(|(changed, _)| changed == key);
        match last {
            Some((_, Change::Added)) => true,
            Some((_, Change::Removed)) => false,
            None => self.base.contains(key),
        }
    }

    /// The whole set; put together at most once per version.
    pub fn all(&self) -> Arc<HashSet<EntryKey>> {
        if self.changes.is_empty() {
            return self.base.clone();
        }
        let put_together = || {
            let mut all = HashSet::clone(&self.base);
            for (key, change) in self.changes.iter() {
                match change {
                    Change::Added => all.insert(key.clone()),
                    Change::Removed => all.remove(key),
                };
            }
            Arc::new(all)
        };
        self.whole.get_or_init(put_together).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_sees_no_later_change_and_the_list_folds() {
        let id = |number: u16| {
            let mut bytes = [0; 16];
            bytes[..2].copy_from_slice(&number.to_be_bytes());
            (Project::default_project(), EntryId(bytes))
        };
        let mut set = EntrySet::from_iter([id(1)]);
        let before = set.clone();
        for number in 2..2000 {
            set.insert(id(number));
        }
        set.remove(id(1));
        assert_eq!((before.all().len(), set.all().len()), (1, 1998));
        assert!(before.contains(&id(1)) && !set.contains(&id(1)) && set.contains(&id(1999)));
        assert!(set.changes.len() <= CHANGES_MIN.max(set.base.len() / 4));
    }
}
