//! A set of entry ids that is published with every group: cheap to change by a few, cheap to share.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use whodunit_stdx::EntryId;

/// A large shared part and a short list of changes to it. Clones see no later change.
#[derive(Clone, Debug, Default)]
pub struct IdSet {
    base: Arc<HashSet<EntryId>>,
    changes: Arc<Vec<(EntryId, Change)>>,
    whole: Arc<OnceLock<Arc<HashSet<EntryId>>>>,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Added,
    Removed,
}

/// The list of changes grows to this, or to a quarter of the set, before both become one again.
const CHANGES_MIN: usize = 256;

impl FromIterator<EntryId> for IdSet {
    fn from_iter<I: IntoIterator<Item = EntryId>>(ids: I) -> IdSet {
        IdSet { base: Arc::new(ids.into_iter().collect()), ..IdSet::default() }
    }
}

impl IdSet {
    pub fn insert(&mut self, id: EntryId) {
        self.change(id, Change::Added);
    }

    pub fn remove(&mut self, id: EntryId) {
        self.change(id, Change::Removed);
    }

    fn change(&mut self, id: EntryId, change: Change) {
        Arc::make_mut(&mut self.changes).push((id, change));
        self.whole = Arc::default();
        if self.changes.len() > CHANGES_MIN.max(self.base.len() / 4) {
            self.base = self.all();
            self.changes = Arc::default();
        }
    }

    pub fn contains(&self, id: EntryId) -> bool {
        let last = self.changes.iter().rev().find(|(changed, _)| *changed == id);
        match last {
            Some((_, Change::Added)) => true,
            Some((_, Change::Removed)) => false,
            None => self.base.contains(&id),
        }
    }

    /// The whole set; put together at most once per version.
    pub fn all(&self) -> Arc<HashSet<EntryId>> {
        if self.changes.is_empty() {
            return self.base.clone();
        }
        let put_together = || {
            let mut all = HashSet::clone(&self.base);
            for (id, change) in self.changes.iter() {
                match change {
                    Change::Added => all.insert(*id),
                    Change::Removed => all.remove(id),
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
            EntryId(bytes)
        };
        let mut set = IdSet::from_iter([id(1)]);
        let before = set.clone();
        for number in 2..2000 {
            set.insert(id(number));
        }
        set.remove(id(1));
        assert_eq!((before.all().len(), set.all().len()), (1, 1998));
        assert!(before.contains(id(1)) && !set.contains(id(1)) && set.contains(id(1999)));
        assert!(set.changes.len() <= CHANGES_MIN.max(set.base.len() / 4));
    }
}
