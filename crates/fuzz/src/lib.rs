//! Fuzzing of everything that reads bytes from strangers or from a disk, on a stable toolchain.
//!
//! A target is a few well-formed inputs and a check that must hold for whatever becomes of them. The loop takes one
//! input, damages it from a seed, and runs the check; a failure prints target, seed and round, which is all that is
//! needed to see it again. There is no coverage feedback: instead the targets reach behind the checksums on purpose.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod targets;
pub mod rounds;
pub mod mutation;
