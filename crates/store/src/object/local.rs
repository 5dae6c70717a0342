//! A local directory that keeps what it has promised: a put returns after file and directory entries are synced.
//!
//! `object_store`'s own local store writes without a sync, so that after a power failure a name may stand for an
//! empty file. Here the bytes are synced before the name appears, and the directories after.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path as FilePath, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use whodunit_stdx::ErrorKind;

use crate::Error;

#[derive(Debug)]
pub struct LocalObjects {
    files: LocalFileSystem,
    root: PathBuf,
}

impl LocalObjects {
    pub fn open(root: &FilePath) -> std::result::Result<LocalObjects, Error> {
        let refuse = |source: Box<dyn std::error::Error + Send + Sync>| Error {
            kind: ErrorKind::Unavailable,
            message: format!("cannot open {} for objects", root.display()),
            source: Some(source),
        };
        fs::create_dir_all(root).map_err(|error| refuse(error.into()))?;
        let root = root.canonicalize().map_err(|error| refuse(error.into()))?;
        let files = LocalFileSystem::new_with_prefix(&root).map_err(|error| refuse(error.into()))?;
        Ok(LocalObjects { files, root })
    }
}

/// Numbers the staging files of this process. `object_store` hides names that end in `#` and digits from listings.
static STAGED: AtomicU64 = AtomicU64::new(0);

fn put_synced(root: &FilePath, target: &FilePath, payload: &PutPayload, mode: &PutMode) -> io::Result<()> {
    if let Some(directory) = target.parent() {
        fs::create_dir_all(directory)?;
    }
    let number = STAGED.fetch_add(1, Ordering::Relaxed);
    let staged = PathBuf::from(format!("{}#{}{number:06}", target.display(), std::process::id()));
    let written = write_and_name(&staged, target, payload, mode);
    if written.is_err() || matches!(mode, PutMode::Create) {
        // After a successful rename there is nothing left to remove; a failure to remove leaves a hidden file.
        let _hidden = fs::remove_file(&staged);
    }
    written?;
    sync_directories(root, target)
}

fn write_and_name(staged: &FilePath, target: &FilePath, payload: &PutPayload, mode: &PutMode) -> io::Result<()> {
    let mut file = File::create(staged)?;
    payload.iter().try_for_each(|part| file.write_all(part))?;
    file.sync_all()?;
    match mode {
        PutMode::Create => fs::hard_link(staged, target),
        _ => fs::rename(staged, target),
    }
}

/// Syncs the directories from the file's own up to the root, since any of them may be new.
fn sync_directories(root: &FilePath, target: &FilePath) -> io::Result<()> {
    for directory in target.ancestors().skip(1) {
        File::open(directory)?.sync_all()?;
        if directory == root {
            break;
        }
    }
    Ok(())
}

/// Runs blocking file work where it does not hold up the runtime.
#[allow(clippy::disallowed_methods, reason = "syncing a file blocks; the caller awaits the result at once")]
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error))),
        Err(_) => work(),
    }
}

fn failed(path: &str, error: io::Error) -> object_store::Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return object_store::Error::AlreadyExists { path: path.to_owned(), source: error.into() };
    }
    object_store::Error::Generic { store: "local", source: error.into() }
}

impl fmt::Display for LocalObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root.display())
    }
}

#[async_trait]
impl ObjectStore for LocalObjects {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        if let PutMode::Update(_) = options.mode {
            let (operation, implementer) = ("update by version".to_owned(), self.to_string());
            return Err(object_store::Error::NotImplemented { operation, implementer });
        }
        let (root, target) = (self.root.clone(), self.files.path_to_filesystem(location)?);
        let written = blocking(move || put_synced(&root, &target, &payload, &options.mode)).await;
        written.map_err(|error| failed(location.as_ref(), error))?;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let (root, target) = (self.root.clone(), self.files.path_to_filesystem(location)?);
        let upload = self.files.put_multipart_opts(location, options).await?;
        Ok(Box::new(SyncedUpload { upload, root, target }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.files.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[std::ops::Range<u64>]) -> Result<Vec<bytes::Bytes>> {
        self.files.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.files.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.files.copy_opts(from, to, options).await
    }
}

/// Writes parts to a hidden file that gets its name at the end.
#[derive(Debug)]
struct SyncedUpload {
    upload: Box<dyn MultipartUpload>,
    root: PathBuf,
    target: PathBuf,
}

#[async_trait]
impl MultipartUpload for SyncedUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.upload.put_part(data)
    }

    /// The name appears before the sync here, which is harmless: nothing refers to a segment until this has returned.
    async fn complete(&mut self) -> Result<PutResult> {
        let result = self.upload.complete().await?;
        let (root, target) = (self.root.clone(), self.target.clone());
        let path = target.display().to_string();
        let synced = blocking(move || {
            File::open(&target)?.sync_all()?;
            sync_directories(&root, &target)
        });
        synced.await.map_err(|error| failed(&path, error))?;
        Ok(result)
    }

    async fn abort(&mut self) -> Result<()> {
        self.upload.abort().await
    }
}
