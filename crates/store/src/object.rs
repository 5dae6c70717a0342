//! The only door to object storage: whole objects by path, in a local directory, in memory or on S3.
//!
//! A path names the same object wherever it lies: `Objects` routes paths that start with the name of another place
//! (`cold/…`) to that place. A local put is on disk, with its directory entry, when it returns; S3 promises the same.
//! Knows nothing of segments or manifests.

mod faulty;
mod local;
mod places;
mod s3;

use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::Error;

pub use faulty::{FaultRates, Faults};
pub use s3::{Location, ObjectsIn, S3Settings};

/// Objects by path. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

/// What a listing says of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEntry {
    pub path: String,
    pub bytes: u64,
    pub modified: Timestamp,
}

/// The outcome of [`Objects::create`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    Yes,
    /// An object of that path was there before; it is untouched.
    Exists,
}

impl Objects {
    /// Objects as files below `root`, which is made if missing.
    pub fn local(root: &FilePath) -> Result<Objects, Error> {
        Ok(Objects { store: Arc::new(local::LocalObjects::open(root)?) })
    }

    /// Objects in memory, for tests and the simulator.
    pub fn memory() -> Objects {
        Objects { store: Arc::new(object_store::memory::InMemory::new()) }
    }

    /// Objects in an S3 bucket.
    pub fn s3(settings: &S3Settings) -> Result<Objects, Error> {
        Ok(Objects { store: s3::open(settings)? })
    }

    /// Any other implementation.
    pub fn over(store: Arc<dyn ObjectStore>) -> Objects {
        Objects { store }
    }

    /// Only the objects below `prefix`, by their paths without it.
    pub fn below(self, prefix: &str) -> Objects {
        Objects { store: Arc::new(object_store::prefix::PrefixStore::new(self.store, prefix)) }
    }

    /// The same objects, but paths that start with `<place>/` lie in `elsewhere`.
    pub fn with_place(self, place: &str, elsewhere: Objects) -> Objects {
        Objects { store: Arc::new(places::Places::new(self.store, place, elsewhere.store)) }
    }

    /// The same objects behind seeded failures; keep the [`Faults`] to switch them.
    pub fn with_faults(self, faults: &Faults) -> Objects {
        Objects { store: Arc::new(faulty::FaultyObjects::new(self.store, faults.clone())) }
    }

    /// The store itself, for readers that bring their own IO (query).
    pub fn object_store(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    /// Writes an object, replacing what was there.
    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        let result = self.store.put(&located(path)?, PutPayload::from_bytes(bytes)).await;
        result.map(|_| ()).map_err(|source| failure("write", path, source))
    }

    /// Writes an object unless one is there: of several that try at once, exactly one succeeds.
    pub async fn create(&self, path: &str, bytes: Bytes) -> Result<Created, Error> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&located(path)?, PutPayload::from_bytes(bytes), options).await {
            Ok(_) => Ok(Created::Yes),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(Created::Exists),
            Err(source) => Err(failure("create", path, source)),
        }
    }

    /// Starts an object that is written in parts and appears as a whole with [`Upload::finish`].
    pub async fn upload(&self, path: &str) -> Result<Upload, Error> {
        let location = located(path)?;
        let upload = self.store.put_multipart(&location).await.map_err(|source| failure("write", path, source))?;
        Ok(Upload { upload: Some(upload), path: path.to_owned(), pending: Vec::new(), pending_bytes: 0 })
    }

    pub async fn get(&self, path: &str) -> Result<Bytes, Error> {
        let result = self.store.get(&located(path)?).await.map_err(|source| failure("read", path, source))?;
        result.bytes().await.map_err(|source| failure("read", path, source))
    }

    pub async fn get_range(&self, path: &str, range: std::ops::Range<u64>) -> Result<Bytes, Error> {
        self.store.get_range(&located(path)?, range).await.map_err(|source| failure("read", path, source))
    }

    pub async fn get_ranges(&self, path: &str, ranges: &[std::ops::Range<u64>]) -> Result<Vec<Bytes>, Error> {
        self.store.get_ranges(&located(path)?, ranges).await.map_err(|source| failure("read", path, source))
    }

    /// Size and age of an object, `None` if there is none.
    pub async fn head(&self, path: &str) -> Result<Option<ObjectEntry>, Error> {
        match self.store.head(&located(path)?).await {
            Ok(meta) => Ok(Some(entry(meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(failure("read", path, source)),
        }
    }

    /// All objects below a prefix, sorted by path.
    pub async fn list(&self, prefix: &str) -> Result<Vec<ObjectEntry>, Error> {
        let location = located(prefix)?;
        let found: Vec<_> =
            self.store.list(Some(&location)).try_collect().await.map_err(|source| failure("list", prefix, source))?;
        let mut entries: Vec<_> = found.into_iter().map(entry).collect();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(entries)
    }

    /// Removes an object; it is no error if there is none.
    pub async fn delete(&self, path: &str) -> Result<(), Error> {
        match self.store.delete(&located(path)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(failure("delete", path, source)),
        }
    }
}

/// An object being written in parts. Dropped without [`Upload::finish`] it leaves nothing visible behind.
pub struct Upload {
    upload: Option<Box<dyn MultipartUpload>>,
    path: String,
    pending: Vec<Bytes>,
    pending_bytes: usize,
}

/// S3 asks for parts of at least 5 MiB; larger ones only cost memory.
const PART_BYTES: usize = 8 << 20;

impl Upload {
    /// Adds bytes; they are sent when a part is full.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        self.pending_bytes += bytes.len();
        self.pending.push(bytes);
        while self.pending_bytes >= PART_BYTES {
            let part = self.take(PART_BYTES);
            self.send(part).await?;
        }
        Ok(())
    }

    /// Exactly `bytes` from the front of what is pending: S3 wants parts of one size.
    fn take(&mut self, bytes: usize) -> PutPayload {
        let mut part = Vec::new();
        let mut missing = bytes.min(self.pending_bytes);
        self.pending_bytes -= missing;
        while missing > 0 {
            let first = &mut self.pending[0];
            if first.len() <= missing {
                missing -= first.len();
                part.push(self.pending.remove(0));
            } else {
                part.push(first.split_to(missing));
                missing = 0;
            }
        }
        part.into_iter().collect()
    }

    async fn send(&mut self, part: PutPayload) -> Result<(), Error> {
        let upload = self.upload.as_mut().expect("an upload is gone only after finish or abort, which consume it");
        upload.put_part(part).await.map_err(|source| failure("write", &self.path, source))
    }

    /// Makes the object visible and durable.
    pub async fn finish(mut self) -> Result<(), Error> {
        let rest = self.take(usize::MAX);
        if rest.content_length() > 0 {
            self.send(rest).await?;
        }
        let mut upload = self.upload.take().expect("finish consumes the upload");
        upload.complete().await.map(|_| ()).map_err(|source| failure("write", &self.path, source))
    }

    /// Gives up and frees what was sent.
    pub async fn abort(mut self) {
        if let Some(mut upload) = self.upload.take()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(path = self.path, %error, "could not free an abandoned upload");
        }
    }
}

fn located(path: &str) -> Result<Path, Error> {
    Path::parse(path)
        .map_err(|source| Error::because(ErrorKind::Internal, format!("{path:?} is not an object path"), source))
}

fn entry(meta: object_store::ObjectMeta) -> ObjectEntry {
    let modified = Timestamp(meta.last_modified.timestamp_nanos_opt().unwrap_or(i64::MAX));
    ObjectEntry { path: meta.location.to_string(), bytes: meta.size, modified }
}

fn failure(act: &str, path: &str, source: object_store::Error) -> Error {
    let kind = match source {
        object_store::Error::NotFound { .. } => ErrorKind::NotFound,
        object_store::Error::AlreadyExists { .. } => ErrorKind::Conflict,
        _ => ErrorKind::Unavailable,
    };
    Error::because(kind, format!("cannot {act} object {path:?}"), source)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn check(objects: Objects) {
        objects.put("a/b/1", Bytes::from_static(b"one")).await.expect("put");
        objects.put("a/b/2", Bytes::from_static(b"two")).await.expect("put");
        assert_eq!(objects.create("a/b/1", Bytes::from_static(b"other")).await.expect("create"), Created::Exists);
        assert_eq!(objects.create("a/c", Bytes::from_static(b"new")).await.expect("create"), Created::Yes);
        assert_eq!(objects.get("a/b/1").await.expect("get"), "one");
        assert_eq!(objects.get_range("a/b/2", 1..3).await.expect("range"), "wo");
        let names = |entries: Vec<ObjectEntry>| entries.into_iter().map(|one| one.path).collect::<Vec<_>>();
        assert_eq!(names(objects.list("a").await.expect("list")), ["a/b/1", "a/b/2", "a/c"]);
        objects.delete("a/c").await.expect("delete");
        objects.delete("a/c").await.expect("deleting nothing is no error");
        assert_eq!(objects.head("a/c").await.expect("head"), None);
        assert_eq!(objects.get("a/c").await.expect_err("gone").kind, ErrorKind::NotFound);

        let mut upload = objects.upload("large").await.expect("upload");
        for byte in 0..40u8 {
            upload.write(Bytes::from(vec![byte; 1 << 20])).await.expect("write");
        }
        assert_eq!(objects.head("large").await.expect("head"), None, "invisible until finished");
        upload.finish().await.expect("finish");
        let large = objects.get("large").await.expect("get");
        assert_eq!(large.len(), 40 << 20);
        assert!(large.iter().enumerate().all(|(at, byte)| usize::from(*byte) == at >> 20));
    }

    #[tokio::test]
    async fn memory_and_local_directory_behave_alike() {
        check(Objects::memory()).await;
        let directory = tempfile::tempdir().expect("a temporary directory");
        check(Objects::local(directory.path()).expect("open")).await;
    }

    #[tokio::test]
    async fn a_place_holds_the_paths_that_start_with_its_name() {
        let cold = Objects::memory();
        let objects = Objects::memory().with_place("cold", cold.clone());
        objects.put("cold/x", Bytes::from_static(b"1")).await.expect("put");
        objects.put("x", Bytes::from_static(b"2")).await.expect("put");
        assert_eq!(cold.get("x").await.expect("in its own place without the name"), "1");
        assert_eq!(objects.get("cold/x").await.expect("get"), "1");
        assert_eq!(objects.list("cold").await.expect("list")[0].path, "cold/x");
        objects.delete("cold/x").await.expect("delete");
        assert!(cold.list("").await.is_ok_and(|all| all.is_empty()));
    }

    #[tokio::test]
    async fn of_sixteen_that_create_one_succeeds() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let objects = Objects::local(directory.path()).expect("open");
        let attempts = (0..16u8).map(|one| {
            let objects = objects.clone();
            async move { objects.create("m/1", Bytes::from(vec![one; 100])).await.expect("create") }
        });
        let outcomes = futures::future::join_all(attempts).await;
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Created::Yes).count(), 1);
        let held = objects.get("m/1").await.expect("get");
        assert!(held.len() == 100 && held.iter().all(|byte| *byte == held[0]));
    }
}
