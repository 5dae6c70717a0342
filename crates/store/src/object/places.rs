//! One store out of two: paths below `<name>/` lie in another place, where they are stored without that name.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

#[derive(Clone, Debug)]
pub struct Places {
    main: Arc<dyn ObjectStore>,
    name: Path,
    elsewhere: Arc<dyn ObjectStore>,
}

impl Places {
    pub fn new(main: Arc<dyn ObjectStore>, name: &str, elsewhere: Arc<dyn ObjectStore>) -> Places {
        Places { main, name: Path::from(name), elsewhere }
    }

    fn route(&self, path: &Path) -> (&Arc<dyn ObjectStore>, Path) {
        match path.prefix_match(&self.name) {
            Some(rest) => (&self.elsewhere, rest.collect()),
            None => (&self.main, path.clone()),
        }
    }
}

/// `path` below `name`.
fn named(name: &Path, path: &Path) -> Path {
    name.parts().chain(path.parts()).collect()
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {} in {}", self.main, self.name, self.elsewhere)
    }
}

#[async_trait]
impl ObjectStore for Places {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let (store, path) = self.route(location);
        store.put_opts(&path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let (store, path) = self.route(location);
        store.put_multipart_opts(&path, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let (store, path) = self.route(location);
        let mut result = store.get_opts(&path, options).await?;
        result.meta.location = location.clone();
        Ok(result)
    }

    async fn get_ranges(&self, location: &Path, ranges: &[std::ops::Range<u64>]) -> Result<Vec<bytes::Bytes>> {
        let (store, path) = self.route(location);
        store.get_ranges(&path, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let places = self.clone();
        let deleted = locations.then(move |location| {
            let places = places.clone();
            async move {
                let location = location?;
                let (store, path) = places.route(&location);
                store.delete(&path).await.map(|()| location)
            }
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let Some(prefix) = prefix.filter(|prefix| prefix.parts().next().is_some()) else {
            let name = self.name.clone();
            let elsewhere = self
                .elsewhere
                .list(None)
                .map(move |meta| meta.map(|meta| ObjectMeta { location: named(&name, &meta.location), ..meta }));
            return self.main.list(None).chain(elsewhere).boxed();
        };
        match prefix.prefix_match(&self.name) {
            None => self.main.list(Some(prefix)),
            Some(rest) => {
                let name = self.name.clone();
                let inner: Path = rest.collect();
                let listed = self
                    .elsewhere
                    .list(Some(&inner))
                    .map(move |meta| meta.map(|meta| ObjectMeta { location: named(&name, &meta.location), ..meta }));
                listed.boxed()
            }
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        match prefix.map(|prefix| (prefix, prefix.prefix_match(&self.name).is_some())) {
            Some((prefix, true)) => {
                let (store, inner) = self.route(prefix);
                let mut result = store.list_with_delimiter(Some(&inner)).await?;
                for meta in &mut result.objects {
                    meta.location = named(&self.name, &meta.location);
                }
                for common in &mut result.common_prefixes {
                    *common = named(&self.name, common);
                }
                Ok(result)
            }
            _ => self.main.list_with_delimiter(prefix).await,
        }
    }

    /// Copies between places go through memory; nothing here copies segments, which are rewritten instead.
    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let ((source, from), (target, to)) = (self.route(from), self.route(to));
        if Arc::ptr_eq(source, target) {
            return source.copy_opts(&from, &to, options).await;
        }
        let bytes = source.get(&from).await?.bytes().await?;
        target.put(&to, PutPayload::from_bytes(bytes)).await.map(|_| ())
    }
}
