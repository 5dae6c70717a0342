//! Every proof verifies, and nothing that differs from a proof by a bit, an index, a size or a hash does.

use proptest::prelude::*;
use whodunit_ledger::{
    Consistency, EMPTY_ROOT, Hash, Inclusion, ProveError, Tree, VerifyError, leaf_hash, node_hash, prove_consistency,
    prove_inclusion, verify_consistency, verify_inclusion,
};

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// The definition in RFC 9162, 2.1.1, word for word.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut other = *hash;
    other[bit / 8 % 32] ^= 1 << (bit % 8);
    other
}

/// Every path that differs from this one by one flipped bit, one hash less, one hash more, or two swapped.
fn damaged(path: &[Hash], bit: usize) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for position in 0..path.len() {
        let mut other = path.to_vec();
        other[position] = flipped(&other[position], bit);
        all.push(other);
        let mut shorter = path.to_vec();
        shorter.remove(position);
        all.push(shorter);
        let mut longer = path.to_vec();
        longer.insert(position, path[position]);
        all.push(longer);
        if position > 0 {
            let mut swapped = path.to_vec();
            swapped.swap(position - 1, position);
            all.push(swapped);
        }
    }
    let mut longer = path.to_vec();
    longer.push([bit as u8; 32]);
    all.push(longer);
    all
}

#[test]
fn every_inclusion_in_every_small_tree_verifies_and_only_there() {
    let leaves = leaves(40);
    for size in 1..=40 {
        let root = root_by_definition(&leaves[..size as usize]);
        for index in 0..size {
            let proof = prove_inclusion(&leaves[..], index, size).expect("the leaf is there");
            assert_eq!(verify_inclusion(&proof, &leaves[index as usize], &root), Ok(()));
            for other in (0..size + 2).filter(|other| *other != index) {
                let moved = Inclusion { index: other, ..proof.clone() };
                assert!(verify_inclusion(&moved, &leaves[index as usize], &root).is_err(), "{index}→{other} of {size}");
            }
        }
    }
}

#[test]
fn every_consistency_of_small_trees_verifies_and_only_with_their_roots() {
    let leaves = leaves(40);
    let roots: Vec<Hash> = (0..=40).map(|size| root_by_definition(&leaves[..size])).collect();
    for second in 0..=40u64 {
        for first in 0..=second {
            let proof = prove_consistency(&leaves[..], first, second).expect("the first is earlier");
            let (first_root, second_root) = (&roots[first as usize], &roots[second as usize]);
            assert_eq!(verify_consistency(&proof, first_root, second_root), Ok(()), "{first} in {second}");
            assert!(verify_consistency(&proof, &flipped(first_root, 3), second_root).is_err());
            if first > 0 {
                assert!(verify_consistency(&proof, first_root, &flipped(second_root, 250)).is_err());
            }
        }
    }
}

#[test]
fn what_cannot_be_proved_is_named() {
    let leaves = leaves(4);
    assert_eq!(prove_inclusion(&leaves[..], 4, 4), Err(ProveError::NoSuchLeaf { index: 4, size: 4 }));
    assert_eq!(prove_inclusion(&leaves[..], 0, 0), Err(ProveError::NoSuchLeaf { index: 0, size: 0 }));
    assert_eq!(prove_consistency(&leaves[..], 4, 3), Err(ProveError::NotEarlier { first: 4, second: 3 }));
    let backwards = Consistency { first: 4, second: 3, path: vec![] };
    let refused = VerifyError::NotEarlier { first: 4, second: 3 };
    assert_eq!(verify_consistency(&backwards, &EMPTY_ROOT, &EMPTY_ROOT), Err(refused));
}

#[test]
fn a_proof_for_a_tree_of_the_largest_size_does_not_overflow() {
    let proof = Inclusion { index: u64::MAX - 1, size: u64::MAX, path: vec![[0; 32]; 64] };
    assert!(verify_inclusion(&proof, &[0; 32], &[0; 32]).is_err());
    let proof = Consistency { first: u64::MAX - 1, second: u64::MAX, path: vec![[0; 32]; 64] };
    assert!(verify_consistency(&proof, &[0; 32], &[0; 32]).is_err());
}

proptest! {
    #[test]
    fn a_growing_tree_has_the_root_of_the_definition(size in 0u64..600) {
        let leaves = leaves(size);
        let mut tree = Tree::new();
        tree.extend(leaves.iter().copied());
        prop_assert_eq!(tree.root(), root_by_definition(&leaves));
    }

    #[test]
    fn damaged_inclusion_never_verifies(size in 1u64..300, pick in any::<u64>(), bit in 0usize..256) {
        let (leaves, index) = (leaves(size), pick % size);
        let root = root_by_definition(&leaves);
        let leaf = &leaves[index as usize];
        let proof = prove_inclusion(&leaves[..], index, size).expect("the leaf is there");
        prop_assert_eq!(verify_inclusion(&proof, leaf, &root), Ok(()));
        prop_assert!(verify_inclusion(&proof, &flipped(leaf, bit), &root).is_err());
        prop_assert!(verify_inclusion(&proof, leaf, &flipped(&root, bit)).is_err());
        for path in damaged(&proof.path, bit) {
            let other = Inclusion { path, ..proof.clone() };
            prop_assert!(verify_inclusion(&other, leaf, &root).is_err());
        }
    }

    #[test]
    fn damaged_consistency_never_verifies(second in 2u64..300, pick in any::<u64>(), bit in 0usize..256) {
        let (leaves, first) = (leaves(second), 1 + pick % (second - 1));
        let first_root = root_by_definition(&leaves[..first as usize]);
        let second_root = root_by_definition(&leaves);
        let proof = prove_consistency(&leaves[..], first, second).expect("the first is earlier");
        prop_assert_eq!(verify_consistency(&proof, &first_root, &second_root), Ok(()));
        prop_assert!(verify_consistency(&proof, &second_root, &second_root).is_err());
        for path in damaged(&proof.path, bit) {
            let other = Consistency { path, ..proof.clone() };
            prop_assert!(verify_consistency(&other, &first_root, &second_root).is_err());
        }
    }

    #[test]
    fn a_rewritten_leaf_breaks_consistency(second in 2u64..200, pick in any::<u64>(), which in any::<u64>()) {
        let (mut leaves, first) = (leaves(second), 1 + pick % (second - 1));
        let first_root = root_by_definition(&leaves[..first as usize]);
        let rewritten = which % first;
        leaves[rewritten as usize] = leaf_hash(b"rewritten");
        let proof = prove_consistency(&leaves[..], first, second).expect("the first is earlier");
        prop_assert!(verify_consistency(&proof, &first_root, &root_by_definition(&leaves)).is_err());
    }
}
