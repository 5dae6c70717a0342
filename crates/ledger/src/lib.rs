//! A Merkle log as in RFC 9162: hashing, an append-only tree, inclusion and consistency proofs.
//!
//! The problem: show that an entry is in the log, and that today's log still contains yesterday's, without handing
//! out the log. The idea: leaves are hashed in pairs up to one root; a proof is the few hashes beside the way up.
//!
//! ```text
//!                  root(7)
//!            ┌───────┴────────┐
//!          (2,0)            ┌─┴───┐
//!        ┌───┴───┐        (1,2)   │         (level, index): the perfect subtree of 2^level leaves
//!      (1,0)   (1,1)      ┌─┴─┐   │         that starts at leaf index·2^level
//!      ┌─┴─┐   ┌─┴─┐      │   │   │
//!      0   1   2   3      4   5   6
//! ```
//!
//! Everything is made of perfect subtrees, whose hashes never change once full; so a tree is the short list of
//! the perfect subtrees it is made of ([`Tree`]), and proofs ask a [`Subtrees`] for a handful of them, whether they
//! come from a list of leaves in memory or later from tiles on disk.
//! The bytes are described in docs/format/ledger.md. This crate does no IO, waits for nothing and does not know
//! what an audit entry is.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod proof;
pub mod tree;
pub mod hash;

pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
pub use proof::{
    Consistency, Inclusion, ProveError, Subtrees, VerifyError, prove_consistency, prove_inclusion, root_at,
    verify_consistency, verify_inclusion,
};
pub use tree::{FrontierError, Tree};
