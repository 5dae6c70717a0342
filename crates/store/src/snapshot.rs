//! An immutable view.
/// A view.
#[derive(Clone, Debug)]
pub struct Snapshot;
