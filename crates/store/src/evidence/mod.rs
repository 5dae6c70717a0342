//! Leaf hashes of audit entries.
