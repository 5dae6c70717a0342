//! The ledger from outside: published vectors, and properties that must hold for every tree.

mod properties;
mod vectors;
