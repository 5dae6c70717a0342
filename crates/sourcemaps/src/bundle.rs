//! Artifact bundles: a zip file with minified scripts, their maps, and a manifest that says which is which.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use serde::Deserialize;
use zip::ZipArchive;
use zip::result::ZipError;

/// Largest file of a bundle once it is unpacked.
pub const FILE_BYTES_MAX: u64 = 64 << 20;
/// Files of one bundle.
pub const FILES_MAX: usize = 20_000;
/// Longest manifest.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;
/// Longest URL of a file.
const URL_BYTES_MAX: usize = 2_048;

/// A bundle whose manifest was read.
pub struct Bundle<R> {
    archive: ZipArchive<R>,
    pub manifest: Manifest,
}

/// What the bundle says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub release: Option<String>,
    pub dist: Option<String>,
    pub files: Vec<File>,
}

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies within the zip file.
    pub path: String,
    /// Where scripts are loaded from; `~` stands for any scheme and host.
    pub url: String,
    pub kind: FileKind,
    /// 32 lower-case hexadecimal digits.
    pub debug_id: Option<String>,
    /// Of a script: where its map is, relative to its URL.
    pub source_map: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    MinifiedSource,
    SourceMap,
    /// Anything else, as a source that is not minified.
    Other,
}

/// Why a bundle cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("this is no artifact bundle: {0}")]
    NoBundle(String),
    #[error("the bundle's manifest.json cannot be read: {0}")]
    Manifest(String),
    #[error("{what} is larger than {limit} bytes")]
    TooLarge { what: String, limit: u64 },
    #[error("the bundle has {files} files, more than {FILES_MAX}")]
    TooMany { files: usize },
    #[error("the bundle has no file {0:?}")]
    NoFile(String),
}

#[derive(Deserialize)]
struct RawManifest {
    #[serde(default)]
    files: BTreeMap<String, RawFile>,
    release: Option<String>,
    dist: Option<String>,
}

#[derive(Deserialize)]
struct RawFile {
    #[serde(default)]
    url: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl<R: Read + Seek> Bundle<R> {
    /// # Errors
    /// If it is no zip file with a readable manifest, or has too many files.
    pub fn open(reader: R) -> Result<Bundle<R>, BundleError> {
        let mut archive = ZipArchive::new(reader).map_err(|error| BundleError::NoBundle(error.to_string()))?;
        let text = unpacked(&mut archive, "manifest.json", MANIFEST_BYTES_MAX)?;
        let raw: RawManifest =
            serde_json::from_slice(&text).map_err(|error| BundleError::Manifest(error.to_string()))?;
        if raw.files.len() > FILES_MAX {
            return Err(BundleError::TooMany { files: raw.files.len() });
        }
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let files = raw.files.into_iter().map(|(path, file)| file_of(path, file)).collect::<Result<_, _>>()?;
        let manifest = Manifest { release: filled(raw.release), dist: filled(raw.dist), files };
        Ok(Bundle { archive, manifest })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// If there is no such file, it is damaged, or larger than [`FILE_BYTES_MAX`].
    pub fn read(&mut self, path: &str) -> Result<Vec<u8>, BundleError> {
        unpacked(&mut self.archive, path, FILE_BYTES_MAX)
    }
}

fn file_of(path: String, raw: RawFile) -> Result<File, BundleError> {
    if raw.url.len() > URL_BYTES_MAX {
        return Err(BundleError::TooLarge { what: format!("the URL of {path:?}"), limit: URL_BYTES_MAX as u64 });
    }
    let header = |name: &str| {
        let found = raw.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    };
    let kind = match &*raw.kind {
        "minified_source" => FileKind::MinifiedSource,
        "source_map" => FileKind::SourceMap,
        _ => FileKind::Other,
    };
    Ok(File {
        kind,
        debug_id: header("debug-id").as_deref().and_then(debug_id),
        source_map: header("sourcemap").or_else(|| header("x-sourcemap")),
        url: raw.url,
        path,
    })
}

/// The same for all spellings of a debug id: 32 lower-case hexadecimal digits. A UUID, with or without hyphens, and
/// perhaps with an age behind it.
pub fn debug_id(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|one| *one != '-').take(32).collect::<String>().to_ascii_lowercase();
    (digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
}

fn unpacked<R: Read + Seek>(archive: &mut ZipArchive<R>, path: &str, limit: u64) -> Result<Vec<u8>, BundleError> {
    let file = archive.by_name(path).map_err(|error| match error {
        ZipError::FileNotFound => BundleError::NoFile(path.to_owned()),
        other => BundleError::NoBundle(format!("{path}: {other}")),
    })?;
    let mut bytes = Vec::new();
    // What the zip file says of sizes is not believed.
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| BundleError::NoBundle(format!("{path}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(BundleError::TooLarge { what: format!("{path:?}"), limit });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut cursor = Cursor::new(Vec::new());
        cursor.write_all(b"SYSB\x02\0\0\0").expect("memory");
        let mut writer = ZipWriter::new(cursor);
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a name");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    #[test]
    fn a_bundle_says_which_file_is_what() {
        let manifest = br#"{"release":"shop@1","dist":"","files":{
            "files/_/_/app.min.js":{"url":"~/app.min.js","type":"minified_source",
                "headers":{"debug-id":"7C95E3A2-1B2A-4F59-8CBB-0F3B3F5E2A11","Sourcemap":"app.min.js.map"}},
            "files/_/_/app.min.js.map":{"url":"~/app.min.js.map","type":"source_map",
                "headers":{"debug-id":"7c95e3a2-1b2a-4f59-8cbb-0f3b3f5e2a11"}}}}"#;
        let bytes = zipped(&[("manifest.json", manifest), ("files/_/_/app.min.js", b"var a")]);
        let mut bundle = Bundle::open(Cursor::new(bytes)).expect("a bundle");
        assert_eq!((bundle.manifest.release.as_deref(), bundle.manifest.dist.as_deref()), (Some("shop@1"), None));
        let [script, map] = &bundle.manifest.files[..] else { panic!("two files") };
        assert_eq!(script.kind, FileKind::MinifiedSource);
        assert_eq!(script.source_map.as_deref(), Some("app.min.js.map"));
        assert_eq!(script.debug_id.as_deref(), Some("7c95e3a21b2a4f598cbb0f3b3f5e2a11"));
        assert_eq!((map.kind, &map.debug_id), (FileKind::SourceMap, &script.debug_id));
        let path = script.path.clone();
        assert_eq!(bundle.read(&path).expect("it is there"), b"var a");
        assert!(matches!(bundle.read("files/_/_/app.min.js.map"), Err(BundleError::NoFile(_))));
    }

    #[test]
    fn what_is_no_bundle_is_named() {
        let error = Bundle::open(Cursor::new(b"hello".to_vec())).err().expect("no zip file");
        assert!(error.to_string().starts_with("this is no artifact bundle"), "{error}");
        let error = Bundle::open(Cursor::new(zipped(&[("a", b"")]))).err().expect("no manifest");
        assert_eq!(error.to_string(), "the bundle has no file \"manifest.json\"");
        let error = Bundle::open(Cursor::new(zipped(&[("manifest.json", b"{]")]))).err().expect("no JSON");
        assert!(error.to_string().starts_with("the bundle's manifest.json cannot be read"), "{error}");
    }

    #[test]
    fn debug_ids_have_one_spelling() {
        let one = Some("7c95e3a21b2a4f598cbb0f3b3f5e2a11".to_owned());
        assert_eq!(debug_id("7C95E3A2-1B2A-4F59-8CBB-0F3B3F5E2A11"), one);
        assert_eq!(debug_id("7c95e3a21b2a4f598cbb0f3b3f5e2a11-1"), one);
        assert_eq!(debug_id("7c95e3a2"), None);
        assert_eq!(debug_id("zc95e3a21b2a4f598cbb0f3b3f5e2a11"), None);
    }
}
