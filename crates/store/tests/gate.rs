//! A place whose first upload waits at a gate, so that a test does something just then.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result,
};
use tokio::sync::Semaphore;

/// Objects in memory behind a gate.
#[derive(Debug)]
pub struct Gated {
    inner: InMemory,
    gate: Arc<Gate>,
}

/// Both sides of it.
#[derive(Debug)]
pub struct Gate {
    is_first: AtomicBool,
    arrived: Semaphore,
    opened: Semaphore,
}

impl Gate {
    /// Waits until the first upload stands before the gate.
    pub async fn arrived(&self) {
        self.arrived.acquire().await.expect("is never closed").forget();
    }

    pub fn open(&self) {
        self.opened.add_permits(1);
    }
}

pub fn gated() -> (Arc<Gated>, Arc<Gate>) {
    let gate =
        Arc::new(Gate { is_first: AtomicBool::new(true), arrived: Semaphore::new(0), opened: Semaphore::new(0) });
    (Arc::new(Gated { inner: InMemory::new(), gate: gate.clone() }), gate)
}

impl fmt::Display for Gated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} behind a gate", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Gated {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.inner.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        if self.gate.is_first.swap(false, Ordering::Relaxed) {
            self.gate.arrived.add_permits(1);
            self.gate.opened.acquire().await.expect("is never closed").forget();
        }
        self.inner.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
