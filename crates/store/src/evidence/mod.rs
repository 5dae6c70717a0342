//! Evidence of audit entries: the salt and the leaf hash that every row gets before it is queued.
//!
//! Hashing some forty short messages an entry is the dearest part of an append, so it happens on the caller's side,
//! many at once, and not in the lane's one thread. What is committed and how stands in `model::canonical`; this room
//! only attaches it. It must not know about lanes or files.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryViewBuilder, FixedSizeBinaryBuilder};
use whodunit_ledger::hash::Hash;
use whodunit_model::Batch;
use whodunit_model::canonical::{Salt, leaf_hashes};
use whodunit_stdx::World;

/// What was made for the rows of one batch.
pub struct Evidence {
    pub salt: ArrayRef,
    pub leaf_hash: ArrayRef,
    pub hashes: Vec<Hash>,
}

/// Rows hashed between two yields to other tasks: a millisecond or so.
const ROWS_AT_ONCE: usize = 64;

/// Salts and hashes every row of a batch of `audit_logs`.
pub async fn attest(batch: &Batch, world: &World) -> Evidence {
    let mut seeds = vec![[0_u8; 32]; batch.row_count()];
    world.fill_random(seeds.as_flattened_mut());
    let mut hashes = Vec::with_capacity(seeds.len());
    for (chunk, seeds) in seeds.chunks(ROWS_AT_ONCE).enumerate() {
        if chunk > 0 {
            tokio::task::yield_now().await;
        }
        let rows = batch.rows().slice(chunk * ROWS_AT_ONCE, seeds.len());
        let part = Batch::new(batch.table(), batch.project().clone(), rows).expect("a slice has the batch's columns");
        hashes.extend(leaf_hashes(&part, seeds));
    }
    let mut salt = BinaryViewBuilder::with_capacity(seeds.len());
    for seed in seeds {
        salt.append_value(Salt::Seed(seed).to_bytes());
    }
    let mut leaf_hash = FixedSizeBinaryBuilder::with_capacity(hashes.len(), 32);
    for hash in &hashes {
        leaf_hash.append_value(hash).expect("a leaf hash has 32 bytes");
    }
    Evidence { salt: Arc::new(salt.finish()), leaf_hash: Arc::new(leaf_hash.finish()), hashes }
}
