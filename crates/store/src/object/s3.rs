//! Where the objects of a store are kept, and what it takes to reach an S3 bucket.
//!
//! The place has a text of its own, which the data directory remembers; secrets and endpoints are no part of it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};

use super::failure;
use crate::Error;

/// Where segments and manifest are kept.
#[derive(Clone, Debug, Default)]
pub enum ObjectsIn {
    /// In the data directory itself.
    #[default]
    Directory,
    /// In a bucket, each writer below a prefix of its own.
    S3(S3Settings),
}

impl fmt::Display for ObjectsIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectsIn::Directory => f.write_str("directory"),
            ObjectsIn::S3(settings) => settings.fmt(f),
        }
    }
}

/// Where segments of a slower tier are kept, if not with the others. As text it is what the data directory remembers.
#[derive(Clone, Debug)]
pub enum Location {
    /// An absolute path, perhaps of another disk.
    Directory(PathBuf),
    S3(S3Settings),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Directory(path) => path.display().fmt(f),
            Location::S3(settings) => settings.fmt(f),
        }
    }
}

/// An S3 endpoint with a bucket and a prefix inside it.
#[derive(Clone)]
pub struct S3Settings {
    pub bucket: String,
    /// Without slashes at its ends; empty for the whole bucket.
    pub prefix: String,
    /// `None` means Amazon's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// `s3://bucket/prefix`.
impl fmt::Display for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// Without the secret.
impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3Settings({self} at {:?} in {})", self.endpoint, self.region)
    }
}

/// The bucket below the prefix. Conditional creation uses `If-None-Match`.
pub(super) fn open(settings: &S3Settings) -> Result<Arc<dyn ObjectStore>, Error> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.access_key_id)
        .with_secret_access_key(&settings.secret_access_key)
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    if let Some(endpoint) = &settings.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    let store = builder.build().map_err(|source| failure("open", &settings.to_string(), source))?;
    Ok(Arc::new(object_store::prefix::PrefixStore::new(store, settings.prefix.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_text_of_the_place_has_the_secret() {
        let settings = S3Settings {
            bucket: "logs".to_owned(),
            prefix: "shop/eu".to_owned(),
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            region: "eu-central-1".to_owned(),
            access_key_id: "known-id".to_owned(),
            secret_access_key: "known-secret".to_owned(),
        };
        let place = ObjectsIn::S3(settings.clone());
        assert_eq!(place.to_string(), "s3://logs/shop/eu");
        assert_eq!(ObjectsIn::S3(S3Settings { prefix: String::new(), ..settings }).to_string(), "s3://logs");
        assert!(!format!("{place:?} {place}").contains("known"), "{place:?}");
    }
}
