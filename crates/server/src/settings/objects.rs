//! Where segments and manifest are kept: the setting's text, and what the store needs to reach the place.
//!
//! The credentials of a bucket come from the two variables that every S3 tool reads, and from nowhere else: they are
//! no settings, so nothing that shows settings can show them.

use std::fmt;
use std::path::PathBuf;

use whodunit_store::BackupPlace;
use whodunit_store::object::{Location, ObjectsIn, S3Settings};

use super::{SettingError, Settings, WhenFull};

/// `s3://bucket/prefix`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    /// Without slashes at its ends; empty for the whole bucket.
    pub prefix: String,
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// `None` for the data directory.
pub fn bucket(value: &str) -> Result<Option<Bucket>, String> {
    if value.is_empty() {
        return Ok(None);
    }
    let refused = || format!("{value:?} is no place for segments; write s3://bucket/prefix, or nothing");
    let rest = value.strip_prefix("s3://").ok_or_else(refused)?;
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_end_matches('/');
    let plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte)) && text != "." && text != ".."
    };
    let parts_are_plain = prefix.is_empty() || prefix.split('/').all(|part| !part.is_empty() && plain(part));
    if name.is_empty() || !plain(name) || !parts_are_plain {
        return Err(refused());
    }
    Ok(Some(Bucket { name: name.to_owned(), prefix: prefix.to_owned() }))
}

/// Where cold segments go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    Directory(PathBuf),
    Bucket(Bucket),
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Elsewhere::Directory(path) => path.display().fmt(f),
            Elsewhere::Bucket(bucket) => bucket.fmt(f),
        }
    }
}

/// `None`: they stay with the others.
pub fn elsewhere(value: &str) -> Result<Option<Elsewhere>, String> {
    if value.starts_with('/') && !value.contains('\n') {
        return Ok(Some(Elsewhere::Directory(PathBuf::from(value))));
    }
    let refused = |_| format!("{value:?} is no place for cold segments; write an absolute path, or s3://bucket/prefix");
    Ok(bucket(value).map_err(refused)?.map(Elsewhere::Bucket))
}

pub fn endpoint(value: &str) -> Result<Option<String>, String> {
    let host = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
    match host {
        _ if value.is_empty() => Ok(None),
        Some(host) if !host.is_empty() && !host.contains(['@', '?', '#']) => {
            Ok(Some(value.trim_end_matches('/').to_owned()))
        }
        _ => Err(format!("{value:?} is no endpoint; write for example https://s3.example.com")),
    }
}

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";

impl Settings {
    /// Where the store keeps its objects, with credentials from the environment of this process.
    pub fn objects_in(&self) -> Result<ObjectsIn, SettingError> {
        self.objects_with(|name| std::env::var(name).ok())
    }

    fn objects_with(&self, environment: impl Fn(&str) -> Option<String>) -> Result<ObjectsIn, SettingError> {
        let Some(bucket) = &self.objects else { return Ok(ObjectsIn::Directory) };
        if self.disk_full == WhenFull::Evict {
            let reason = format!("evict drops segments, and those in {bucket} free no room on the disk; use refuse");
            return Err(SettingError::Invalid { name: "disk_full", reason });
        }
        Ok(ObjectsIn::S3(self.s3("objects", bucket, environment)?))
    }

    /// Where the store moves cold segments, if elsewhere.
    pub fn cold_in(&self) -> Result<Option<Location>, SettingError> {
        self.cold_with(|name| std::env::var(name).ok())
    }

    fn cold_with(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<Location>, SettingError> {
        Ok(match &self.cold_location {
            None => None,
            Some(Elsewhere::Directory(path)) => Some(Location::Directory(path.clone())),
            Some(Elsewhere::Bucket(bucket)) => Some(Location::S3(self.s3("cold_location", bucket, environment)?)),
        })
    }

    /// A place of backups: a directory or `s3://bucket/prefix`, at the same endpoint as `objects`. `name` is what the
    /// text was given for.
    pub fn backup_place(&self, name: &'static str, text: &str) -> Result<BackupPlace, SettingError> {
        let invalid = |reason| SettingError::Invalid { name, reason };
        if text.contains("://") {
            let bucket = bucket(text).map_err(invalid)?.expect("a text that is not empty is a bucket or refused");
            return self.s3(name, &bucket, |name| std::env::var(name).ok()).map(BackupPlace::S3);
        }
        if text.is_empty() {
            return Err(invalid("name a directory or s3://bucket/prefix".to_owned()));
        }
        Ok(BackupPlace::Directory(text.into()))
    }

    fn s3(
        &self,
        setting: &'static str,
        bucket: &Bucket,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<S3Settings, SettingError> {
        let credential = |name: &str| {
            environment(name).filter(|value| !value.is_empty()).ok_or_else(|| SettingError::Invalid {
                name: setting,
                reason: format!("{bucket} needs credentials, and {name} is not in the environment"),
            })
        };
        Ok(S3Settings {
            bucket: bucket.name.clone(),
            prefix: bucket.prefix.clone(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key_id: credential(ACCESS_KEY_ID)?,
            secret_access_key: credential(SECRET_ACCESS_KEY)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_with_a_prefix_or_nothing() {
        let shown = |value| bucket(value).map(|bucket| bucket.map_or(String::new(), |bucket| bucket.to_string()));
        for (value, expected) in [
            ("", ""),
            ("s3://logs", "s3://logs"),
            ("s3://logs/", "s3://logs"),
            ("s3://logs/shop/eu-1/", "s3://logs/shop/eu-1"),
        ] {
            assert_eq!(shown(value), Ok(expected.to_owned()), "{value}");
        }
        for value in ["logs", "s3://", "s3:///x", "gs://logs/x", "s3://logs/a//b", "s3://logs/../x", "s3://lo gs"] {
            assert!(bucket(value).is_err(), "{value}");
        }
    }

    #[test]
    fn cold_segments_go_to_an_absolute_path_or_a_bucket() {
        for (value, expected) in
            [("", None), ("/mnt/cold", Some("/mnt/cold")), ("s3://logs/old/", Some("s3://logs/old"))]
        {
            let found = elsewhere(value).expect(value).map(|place| place.to_string());
            assert_eq!(found.as_deref(), expected);
        }
        for value in ["cold", "./cold", "s3://", "/a\nb"] {
            let error = elsewhere(value).expect_err(value);
            assert!(error.contains("absolute path"), "{error}");
        }
        let mut settings = Settings::default();
        settings.set("cold_location", "s3://logs/old").expect("a place");
        let error = settings.cold_with(|_| None).expect_err("no credentials").to_string();
        assert!(error.contains("cold_location") && error.contains(ACCESS_KEY_ID), "{error}");
    }

    #[test]
    fn an_endpoint_has_a_scheme_and_no_credentials() {
        assert_eq!(endpoint("http://127.0.0.1:9000/"), Ok(Some("http://127.0.0.1:9000".to_owned())));
        for value in ["127.0.0.1:9000", "https://", "https://id:secret@s3.example.com", "ftp://x"] {
            assert!(endpoint(value).is_err(), "{value}");
        }
    }

    #[test]
    fn credentials_come_from_the_environment_and_missing_ones_are_named() {
        let mut settings = Settings::default();
        assert!(matches!(settings.objects_with(|_| None), Ok(ObjectsIn::Directory)));
        settings.set("objects", "s3://logs/shop").expect("a place");
        let both = settings.objects_with(|name| Some(name.to_lowercase())).expect("both are there");
        let ObjectsIn::S3(s3) = both else { panic!("a bucket") };
        assert_eq!((s3.access_key_id.as_str(), s3.region.as_str()), ("aws_access_key_id", "us-east-1"));
        let one = |name: &str| (name == ACCESS_KEY_ID).then(|| "id".to_owned());
        let error = settings.objects_with(one).expect_err("one is missing").to_string();
        assert!(error.contains(SECRET_ACCESS_KEY), "{error}");
        settings.set("disk_full", "evict").expect("a choice");
        let error = settings.objects_with(one).expect_err("it would free nothing").to_string();
        assert!(error.contains("disk_full") && error.contains("s3://logs/shop"), "{error}");
    }
}
