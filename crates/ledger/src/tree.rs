//! The growing tree, kept as the hashes of the perfect subtrees it is made of: its frontier.
//!
//! A tree of `size` leaves is made of one perfect subtree per set bit of `size`, the largest leftmost. Appending
//! works like adding one in binary: equal neighbours merge. So 64 hashes at most stand for any number of leaves.

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// An append-only Merkle tree that knows its size, its frontier and so its root; it forgets the leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the perfect subtrees, the largest (leftmost) first; one per set bit of `size`.
    frontier: Vec<Hash>,
}

/// The bytes are not a frontier.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FrontierError {
    #[error("frontier has format version {0}, expected {FRONTIER_VERSION}")]
    UnknownVersion(u8),
    #[error("frontier of {size} leaves has {expected} hashes, found {found}")]
    WrongCount { size: u64, expected: usize, found: usize },
    #[error("frontier of {0} bytes is cut off")]
    CutOff(usize),
}

/// First byte of a serialised frontier.
const FRONTIER_VERSION: u8 = 1;

/// Bytes before the hashes: version and size.
const HEADER_BYTES: usize = 1 + 8;

impl Tree {
    /// The tree without leaves.
    pub fn new() -> Tree {
        Tree::default()
    }

    /// The tree of `size` leaves whose perfect subtrees have these roots, the largest first.
    pub fn from_frontier(size: u64, frontier: Vec<Hash>) -> Result<Tree, FrontierError> {
        let (expected, found) = (size.count_ones() as usize, frontier.len());
        if expected != found {
            return Err(FrontierError::WrongCount { size, expected, found });
        }
        Ok(Tree { size, frontier })
    }

    /// Adds a leaf by its hash (see [`crate::leaf_hash`]) and says at which index it stands.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size;
        let mut merged = leaf;
        // Every trailing one bit is a full subtree as large as what is being added.
        for _ in 0..index.trailing_ones() {
            let left = self.frontier.pop().expect("the frontier has one hash per set bit of the size");
            merged = node_hash(&left, &merged);
        }
        self.frontier.push(merged);
        self.size = index.checked_add(1).expect("nobody appends 2^64 leaves");
        index
    }

    /// How many leaves there are, which is also the index of the next.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash of RFC 9162 over all leaves so far.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.frontier.iter().rev();
        let Some(smallest) = from_the_right.next() else { return EMPTY_ROOT };
        from_the_right.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// The roots of the perfect subtrees, the largest first.
    pub fn frontier(&self) -> &[Hash] {
        &self.frontier
    }

    /// Version, size (big-endian) and the frontier's hashes; see docs/format/ledger.md.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.frontier.len() * 32);
        bytes.push(FRONTIER_VERSION);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.frontier.as_flattened());
        bytes
    }

    /// Reads what [`Tree::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Tree, FrontierError> {
        let cut_off = FrontierError::CutOff(bytes.len());
        let Some((header, hashes)) = bytes.split_first_chunk::<HEADER_BYTES>() else { return Err(cut_off) };
        let [version, size @ ..] = *header;
        if version != FRONTIER_VERSION {
            return Err(FrontierError::UnknownVersion(version));
        }
        let (hashes, []) = hashes.as_chunks::<32>() else { return Err(cut_off) };
        Tree::from_frontier(u64::from_be_bytes(size), hashes.to_vec())
    }
}

impl Extend<Hash> for Tree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.append(leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn tree_of(size: u64) -> Tree {
        let mut tree = Tree::new();
        tree.extend((0..size).map(|index| leaf_hash(&index.to_be_bytes())));
        tree
    }

    #[test]
    fn indexes_are_gapless_from_zero() {
        let mut tree = Tree::new();
        for expected in 0..100 {
            assert_eq!(tree.append(leaf_hash(b"x")), expected);
            assert_eq!(tree.size(), expected + 1);
            assert_eq!(tree.frontier().len(), tree.size().count_ones() as usize);
        }
    }

    #[test]
    fn a_tree_read_back_goes_on_as_if_it_had_never_stopped() {
        for size in 0..70 {
            let mut before = tree_of(size);
            let mut after = Tree::from_bytes(&before.to_bytes()).expect("own bytes are readable");
            assert_eq!(after, before);
            before.append(leaf_hash(b"next"));
            after.append(leaf_hash(b"next"));
            assert_eq!(after.root(), before.root());
        }
    }

    #[test]
    fn golden_frontier() {
        let mut tree = Tree::new();
        tree.extend([leaf_hash(b""), leaf_hash(&[0x00]), leaf_hash(&[0x10])]);
        assert_eq!(
            hex::encode(tree.to_bytes()),
            "010000000000000003\
             fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125\
             0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
        );
    }

    #[test]
    fn damaged_frontiers_are_refused_by_reason() {
        let bytes = tree_of(3).to_bytes();
        assert_eq!(Tree::from_bytes(&[]), Err(FrontierError::CutOff(0)));
        assert_eq!(Tree::from_bytes(&bytes[..72]), Err(FrontierError::CutOff(72)));
        let wrong = FrontierError::WrongCount { size: 3, expected: 2, found: 1 };
        assert_eq!(Tree::from_bytes(&bytes[..41]), Err(wrong));
        let mut newer = bytes;
        newer[0] = 2;
        assert_eq!(Tree::from_bytes(&newer), Err(FrontierError::UnknownVersion(2)));
    }
}
