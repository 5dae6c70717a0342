//! Inclusion and consistency proofs as in RFC 9162, sections 2.1.3 and 2.1.4.
//!
//! Proving asks a [`Subtrees`] for hashes of perfect subtrees; verifying needs nothing but the proof itself and the
//! roots that the verifier already trusts, and follows the RFC's algorithms step by step.

use std::convert::Infallible;

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// Where a prover finds hashes. A list of leaf hashes will do; tiles on disk fit as well.
pub trait Subtrees {
    type Error;

    /// The hash of the perfect subtree of 2^`level` leaves that starts at leaf `index`·2^`level`.
    /// Asked only for subtrees that lie wholly inside the tree.
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Leaf hashes in memory, leaf 0 first.
///
/// # Panics
/// If the list is shorter than the tree it is asked about.
impl Subtrees for [Hash] {
    type Error = Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        let width = 1u64 << level;
        let position = |leaf: u64| usize::try_from(leaf).expect("leaves in memory are fewer than usize::MAX");
        let (begin, end) = (position(index * width), position((index + 1) * width));
        assert!(end <= self.len(), "asked for leaf {} of {}", end - 1, self.len());
        let mut layer = self[begin..end].to_vec();
        while layer.len() > 1 {
            layer = layer.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
        }
        Ok(layer[0])
    }
}

/// Shows that a leaf stands at `index` in the tree of `size` leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    pub index: u64,
    pub size: u64,
    /// The hashes beside the way from the leaf to the root, lowest first.
    pub path: Vec<Hash>,
}

/// Shows that the tree of `first` leaves is the beginning of the tree of `second` leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    pub first: u64,
    pub second: u64,
    pub path: Vec<Hash>,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProveError<E> {
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf { index: u64, size: u64 },
    #[error("a tree of {first} leaves is not the beginning of one of {second}")]
    NotEarlier { first: u64, second: u64 },
    #[error("hash of a subtree is not available")]
    Source(#[source] E),
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifyError {
    #[error("leaf {index} is not in a tree of {size} leaves")]
    NoSuchLeaf { index: u64, size: u64 },
    #[error("a tree of {first} leaves is not the beginning of one of {second}")]
    NotEarlier { first: u64, second: u64 },
    #[error("proof has too few or too many hashes: {0}")]
    WrongLength(usize),
    #[error("proof leads to another root")]
    OtherRoot,
    #[error("proof leads to another earlier root")]
    OtherFirstRoot,
}

/// The root of the first `size` leaves.
pub fn root_at<S: Subtrees + ?Sized>(source: &S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range_hash(source, 0, size) }
}

/// The proof that leaf `index` is in the tree of the first `size` leaves.
pub fn prove_inclusion<S: Subtrees + ?Sized>(
    source: &S,
    index: u64,
    size: u64,
) -> Result<Inclusion, ProveError<S::Error>> {
    if index >= size {
        return Err(ProveError::NoSuchLeaf { index, size });
    }
    let (mut begin, mut end) = (0, size);
    let mut path = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        let beside = if index < middle { (middle, end) } else { (begin, middle) };
        path.push(range_hash(source, beside.0, beside.1).map_err(ProveError::Source)?);
        (begin, end) = if index < middle { (begin, middle) } else { (middle, end) };
    }
    path.reverse();
    Ok(Inclusion { index, size, path })
}

/// The proof that the tree of the first `first` leaves is the beginning of the tree of the first `second`.
pub fn prove_consistency<S: Subtrees + ?Sized>(
    source: &S,
    first: u64,
    second: u64,
) -> Result<Consistency, ProveError<S::Error>> {
    if first > second {
        return Err(ProveError::NotEarlier { first, second });
    }
    let mut path = Vec::new();
    if first > 0 && first < second {
        let (mut begin, mut end) = (0, second);
        // Descend to the subtree that ends where the first tree ends, noting what is passed on either side.
        while end != first {
            let middle = begin + split(end - begin);
            let beside = if first <= middle { (middle, end) } else { (begin, middle) };
            path.push(range_hash(source, beside.0, beside.1).map_err(ProveError::Source)?);
            (begin, end) = if first <= middle { (begin, middle) } else { (middle, end) };
        }
        // That subtree is the whole first tree only if it starts at 0: then the verifier has its hash already.
        if begin > 0 {
            path.push(range_hash(source, begin, end).map_err(ProveError::Source)?);
        }
        path.reverse();
    }
    Ok(Consistency { first, second, path })
}

/// Checks that `leaf` stands where the proof says in the tree with this root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(proof: &Inclusion, leaf: &Hash, root: &Hash) -> Result<(), VerifyError> {
    let &Inclusion { index, size, ref path } = proof;
    if index >= size {
        return Err(VerifyError::NoSuchLeaf { index, size });
    }
    let wrong_length = VerifyError::WrongLength(path.len());
    let (mut node, mut last) = (index, size - 1);
    let mut reached = *leaf;
    for beside in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            reached = node_hash(beside, &reached);
            skip_lone_levels(&mut node, &mut last);
        } else {
            reached = node_hash(&reached, beside);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, reached == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(VerifyError::OtherRoot),
        _ => Err(wrong_length),
    }
}

/// Checks that the tree with `first_root` is the beginning of the one with `second_root` (RFC 9162, 2.1.4.2).
/// The empty tree is the beginning of every tree; that takes no hashes to show.
pub fn verify_consistency(proof: &Consistency, first_root: &Hash, second_root: &Hash) -> Result<(), VerifyError> {
    let &Consistency { first, second, ref path } = proof;
    if first > second {
        return Err(VerifyError::NotEarlier { first, second });
    }
    let wrong_length = VerifyError::WrongLength(path.len());
    if first == 0 || first == second {
        let trusted = if first == 0 { &EMPTY_ROOT } else { second_root };
        return match (path.is_empty(), first_root == trusted) {
            (true, true) => Ok(()),
            (true, false) => Err(VerifyError::OtherFirstRoot),
            (false, _) => Err(wrong_length),
        };
    }
    // A first tree that is one perfect subtree starts the way with its own root, which is not sent.
    let unsent = first.is_power_of_two().then_some(first_root);
    let mut hashes = unsent.into_iter().chain(path);
    let Some(start) = hashes.next() else { return Err(wrong_length) };
    let (mut node, mut last) = (first - 1, second - 1);
    let full_levels = node.trailing_ones();
    (node, last) = (node >> full_levels, last >> full_levels);
    let (mut reached_first, mut reached_second) = (*start, *start);
    for beside in hashes {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            reached_first = node_hash(beside, &reached_first);
            reached_second = node_hash(beside, &reached_second);
            skip_lone_levels(&mut node, &mut last);
        } else {
            reached_second = node_hash(&reached_second, beside);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, reached_first == *first_root, reached_second == *second_root) {
        (0, true, true) => Ok(()),
        (0, false, _) => Err(VerifyError::OtherFirstRoot),
        (0, true, false) => Err(VerifyError::OtherRoot),
        _ => Err(wrong_length),
    }
}

/// A rightmost node without a sibling passes to the next level unchanged: skip those levels.
fn skip_lone_levels(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        (*node, *last) = (*node >> 1, *last >> 1);
    }
}

/// The largest power of two below `count`, where the RFC splits a range of `count` > 1 leaves.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The hash over leaves `begin..end`, where `begin` is a multiple of the largest power of two that is not above
/// `end - begin`, as all ranges are that splitting yields.
fn range_hash<S: Subtrees + ?Sized>(source: &S, begin: u64, end: u64) -> Result<Hash, S::Error> {
    let count = end - begin;
    if count.is_power_of_two() {
        let level = count.ilog2();
        return source.subtree(level, begin >> level);
    }
    let middle = begin + split(count);
    Ok(node_hash(&range_hash(source, begin, middle)?, &range_hash(source, middle, end)?))
}
