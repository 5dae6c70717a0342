//! The allocator and how soon it gives free memory back.
//!
//! mimalloc keeps freed memory for ten seconds and more, in the hope of needing it again. Decoding, flushing and
//! merging free as much in a second as the server may hold at all, so here it goes back after ten milliseconds.
//! The crate has no safe way to say so; this is the one place of the binary with `unsafe`.

use std::ffi::{c_int, c_long};

// Many threads allocate and free batches across each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Position of `mi_option_purge_delay` in mimalloc 3's `mi_option_e`; the crate names only the options of version 2
/// that both have.
const PURGE_DELAY: c_int = 15;
const PURGE_DELAY_MS: c_long = 10;

/// Called once, before other threads start.
pub fn give_back_early() {
    // SAFETY: writes one number into a static table of options; an index beyond the table is ignored by mimalloc.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, PURGE_DELAY_MS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells when an update of mimalloc moves its options: no other of them starts with a second.
    #[test]
    fn the_option_is_the_one_meant() {
        // SAFETY: reads numbers from the same table.
        let value = |option: c_int| unsafe { libmimalloc_sys::mi_option_get(option) };
        assert_eq!(value(PURGE_DELAY), 1000, "mi_option_purge_delay is elsewhere");
        assert_eq!((value(4), value(5)), (2, 1), "arena_eager_commit and purge_decommits");
        give_back_early();
        assert_eq!(value(PURGE_DELAY), PURGE_DELAY_MS);
    }
}
