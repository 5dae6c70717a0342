//! Names to small numbers, for names that come in nearly the same order over and over.
//!
//! Log lines of one source repeat their keys in the same order. So each name remembers which two names followed it
//! last, and a lookup first compares the key with those: a comparison of a few bytes instead of a hash.
//! Names form a tree (a key inside the object of another key), so nested keys need no joined text to be found.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

/// No parent: the name stands at the top.
pub const TOP: u32 = u32::MAX;

/// A growing, bounded set of names.
pub struct KeyTable {
    names: Vec<Name>,
    /// Hash of (parent, text) to the first name with that hash; the others follow by `same_hash`.
    by_hash: HashMap<u64, u32, PassThrough>,
    names_max: usize,
    hasher: std::hash::RandomState,
    last: u32,
    first: [u32; 2],
}

struct Name {
    text: Box<str>,
    parent: u32,
    followers: [u32; 2],
    same_hash: u32,
}

/// The map's keys are hashes already.
#[derive(Clone, Copy, Default)]
struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only u64 keys are hashed");
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl BuildHasher for PassThrough {
    type Hasher = PassThrough;

    fn build_hasher(&self) -> PassThrough {
        PassThrough(0)
    }
}

const NONE: u32 = u32::MAX;

impl KeyTable {
    pub fn new(names_max: usize) -> KeyTable {
        KeyTable {
            names: Vec::new(),
            by_hash: HashMap::default(),
            names_max,
            // Keyed at random, so that nobody can choose names that collide.
            hasher: std::hash::RandomState::new(),
            last: NONE,
            first: [NONE; 2],
        }
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The text of a number that this table gave.
    pub fn name(&self, number: u32) -> &str {
        &self.names[number as usize].text
    }

    /// Says that a new row begins, so that its first name is guessed from the first names of earlier rows.
    pub fn begin(&mut self) {
        self.last = NONE;
    }

    pub fn find_or_add(&mut self, text: &str) -> Option<u32> {
        self.find_or_add_in(TOP, text)
    }

    /// The number of a name inside `parent`. New names get the next number; `None` when the table is full.
    #[inline]
    pub fn find_or_add_in(&mut self, parent: u32, text: &str) -> Option<u32> {
        let followers = match self.names.get(self.last as usize) {
            Some(last) => last.followers,
            None => self.first,
        };
        for guess in followers {
            if let Some(name) = self.names.get(guess as usize)
                && name.parent == parent
                && *name.text == *text
            {
                self.last = guess;
                return Some(guess);
            }
        }
        self.look_up(parent, text, followers)
    }

    #[cold]
    fn look_up(&mut self, parent: u32, text: &str, followers: [u32; 2]) -> Option<u32> {
        let hash = self.hasher.hash_one((parent, text));
        let head = self.by_hash.get(&hash).copied().unwrap_or(NONE);
        let mut found = head;
        while let Some(name) = self.names.get(found as usize) {
            if name.parent == parent && *name.text == *text {
                break;
            }
            found = name.same_hash;
        }
        if found == NONE {
            if self.names.len() >= self.names_max {
                return None;
            }
            found = u32::try_from(self.names.len()).expect("the table is bounded far below");
            self.names.push(Name { text: text.into(), parent, followers: [NONE; 2], same_hash: head });
            self.by_hash.insert(hash, found);
        }
        let learned = [found, followers[0]];
        match self.names.get_mut(self.last as usize) {
            Some(last) => last.followers = learned,
            None => self.first = learned,
        }
        self.last = found;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers_in_any_order() {
        let mut keys = KeyTable::new(100);
        for _ in 0..3 {
            keys.begin();
            for (number, name) in ["time", "level", "msg"].into_iter().enumerate() {
                assert_eq!(keys.find_or_add(name), Some(number as u32));
            }
            keys.begin();
            assert_eq!((keys.find_or_add("msg"), keys.find_or_add("time")), (Some(2), Some(0)));
        }
        assert_eq!(keys.name(1), "level");
    }

    #[test]
    fn the_same_name_in_another_object_is_another_name() {
        let mut keys = KeyTable::new(100);
        let http = keys.find_or_add("http").expect("not full");
        let status = keys.find_or_add("status").expect("not full");
        assert_ne!(keys.find_or_add_in(http, "status"), Some(status));
        assert_eq!(keys.find_or_add("status"), Some(status));
    }

    #[test]
    fn a_full_table_still_finds_what_it_knows() {
        let mut keys = KeyTable::new(2);
        assert_eq!((keys.find_or_add("a"), keys.find_or_add("b"), keys.find_or_add("c")), (Some(0), Some(1), None));
        assert_eq!(keys.find_or_add("a"), Some(0));
    }
}
