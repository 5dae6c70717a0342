//! The face.
/// The store.
#[derive(Clone, Debug)]
pub struct Store;
/// Where the store keeps things.
#[derive(Clone, Debug)]
pub struct Parts {
    pub objects: crate::Objects,
    pub disk: std::sync::Arc<dyn crate::Disk>,
}
