//! Bundles of one project: files, and an index of what is in them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use whodunit_sourcemaps::bundle::{Bundle, FileKind, Manifest};
use whodunit_sourcemaps::frames::Wanted;
use whodunit_store::{Disk, RealDisk};

/// Bytes of all bundles of one project; past it the oldest go when another one comes.
pub const ARTIFACT_BYTES_MAX: u64 = 2 << 30;
/// Releases that one bundle is kept for.
pub const RELEASES_PER_BUNDLE_MAX: usize = 100;

/// What is written beside a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// SHA-1 of the bundle, 40 hexadecimal digits.
    pub id: String,
    pub bytes: u64,
    /// When it was uploaded last, nanoseconds since 1970.
    pub uploaded_at: i64,
    pub uploaded_by: String,
    /// Name and dist (empty: any).
    pub releases: Vec<(String, String)>,
    pub scripts: Vec<ScriptFiles>,
}

/// A script in a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScriptFiles {
    pub url: String,
    pub debug_id: Option<String>,
    /// Paths within the zip file.
    pub map: String,
    pub minified: Option<String>,
}

/// Where a script is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Located {
    pub bundle: String,
    pub script: ScriptFiles,
}

/// The index of one project.
#[derive(Default)]
pub struct Shelf {
    directory: PathBuf,
    bundles: HashMap<String, Facts>,
    by_debug_id: HashMap<String, Located>,
    /// By release, dist and URL.
    by_name: HashMap<(String, String, String), Located>,
}

impl Shelf {
    /// Reads what is written beside the bundles. A description that cannot be read is passed over and logged.
    pub fn open(directory: PathBuf) -> io::Result<Shelf> {
        let names = RealDisk.list(&directory)?;
        let mut facts: Vec<Facts> = Vec::new();
        for name in names.iter().filter(|name| name.ends_with(".json") && *name != super::releases::FILE) {
            let path = directory.join(name);
            match serde_json::from_slice(&RealDisk.read(&path)?) {
                Ok(one) => facts.push(one),
                Err(error) => tracing::error!(%error, path = %path.display(), "a bundle's description cannot be read"),
            }
        }
        let mut shelf = Shelf { directory, ..Shelf::default() };
        shelf.fill(facts);
        Ok(shelf)
    }

    /// The newest bundle wins.
    fn fill(&mut self, mut facts: Vec<Facts>) {
        facts.sort_by(|one, other| one.uploaded_at.cmp(&other.uploaded_at).then_with(|| one.id.cmp(&other.id)));
        (self.by_debug_id, self.by_name) = Default::default();
        for one in &facts {
            for script in &one.scripts {
                let located = Located { bundle: one.id.clone(), script: script.clone() };
                if let Some(id) = &script.debug_id {
                    self.by_debug_id.insert(id.clone(), located.clone());
                }
                for (release, dist) in &one.releases {
                    let key = (release.clone(), dist.clone(), script.url.clone());
                    self.by_name.insert(key, located.clone());
                }
            }
        }
        self.bundles = facts.into_iter().map(|one| (one.id.clone(), one)).collect();
    }

    /// By debug id, else by release, dist and URL; a bundle without a dist is for all.
    pub fn locate(&self, wanted: &Wanted<'_>) -> Option<&Located> {
        let by_id = wanted.debug_id.and_then(|id| self.by_debug_id.get(id));
        by_id.or_else(|| {
            let release = wanted.release?;
            let dists = wanted.dist.into_iter().chain([""]);
            let urls = names_of(wanted.url);
            let mut keys = dists.flat_map(|dist| urls.iter().map(move |url| (dist, url)));
            keys.find_map(|(dist, url)| self.by_name.get(&(release.to_owned(), dist.to_owned(), url.clone())))
        })
    }

    pub fn get(&self, id: &str) -> Option<&Facts> {
        self.bundles.get(id)
    }

    /// The newest first.
    pub fn all(&self) -> Vec<&Facts> {
        let mut all: Vec<&Facts> = self.bundles.values().collect();
        all.sort_by(|one, other| other.uploaded_at.cmp(&one.uploaded_at).then_with(|| one.id.cmp(&other.id)));
        all
    }

    pub fn path(&self, id: &str) -> PathBuf {
        self.directory.join(format!("{id}.zip"))
    }

    /// Keeps a bundle whose file is in its place, and lets the oldest go where there are too many bytes.
    ///
    /// # Errors
    /// If the description cannot be written; then the index is as it was.
    pub fn keep(&mut self, facts: Facts) -> io::Result<Vec<String>> {
        let text = serde_json::to_vec(&facts).map_err(io::Error::other)?;
        RealDisk.write_whole(&self.directory.join(format!("{}.json", facts.id)), &text)?;
        let mut left: u64 = ARTIFACT_BYTES_MAX.saturating_sub(facts.bytes);
        let mut kept = vec![facts.clone()];
        let mut gone = Vec::new();
        for one in self.all().into_iter().filter(|one| one.id != facts.id) {
            match left.checked_sub(one.bytes) {
                Some(rest) => {
                    left = rest;
                    kept.push(one.clone());
                }
                None => {
                    left = 0;
                    gone.push(one.id.clone());
                }
            }
        }
        self.fill(kept);
        gone.iter().for_each(|id| self.unlink(id));
        Ok(gone)
    }

    /// Removes a bundle and says what it was; `None` if there is no such.
    pub fn remove(&mut self, id: &str) -> Option<Facts> {
        let removed = self.bundles.remove(id)?;
        self.unlink(id);
        let left = std::mem::take(&mut self.bundles).into_values().collect();
        self.fill(left);
        Some(removed)
    }

    /// The description goes first: without it the bundle is no more.
    fn unlink(&self, id: &str) {
        for path in [self.directory.join(format!("{id}.json")), self.path(id)] {
            if let Err(error) = RealDisk.remove(&path) {
                tracing::error!(%error, path = %path.display(), "a file of a bundle cannot be removed");
            }
        }
    }
}

/// Opens a bundle's file.
pub fn open_bundle(path: &Path) -> Result<Bundle<BufReader<File>>, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Bundle::open(BufReader::new(file)).map_err(|error| error.to_string())
}

/// Pairs scripts with their maps: by debug id, else by the map's URL.
pub fn scripts_of(manifest: &Manifest) -> Vec<ScriptFiles> {
    let of_kind = |kind: FileKind| manifest.files.iter().filter(move |file| file.kind == kind);
    let maps_by_id: HashMap<&str, &str> =
        of_kind(FileKind::SourceMap).filter_map(|map| Some((map.debug_id.as_deref()?, &*map.path))).collect();
    let maps_by_url: HashMap<&str, &str> = of_kind(FileKind::SourceMap).map(|map| (&*map.url, &*map.path)).collect();
    let mut scripts: Vec<ScriptFiles> = Vec::new();
    for script in of_kind(FileKind::MinifiedSource) {
        let by_id = script.debug_id.as_deref().and_then(|id| maps_by_id.get(id));
        let url = match &script.source_map {
            Some(map) => joined(&script.url, map),
            None => format!("{}.map", script.url),
        };
        let Some(map) = by_id.or_else(|| maps_by_url.get(&*url)) else { continue };
        scripts.push(ScriptFiles {
            url: script.url.clone(),
            debug_id: script.debug_id.clone(),
            map: (*map).to_owned(),
            minified: Some(script.path.clone()),
        });
    }
    // A map whose script was not uploaded is found by its debug id all the same.
    for map in of_kind(FileKind::SourceMap) {
        if map.debug_id.is_some() && !scripts.iter().any(|script| script.debug_id == map.debug_id) {
            let url = map.url.strip_suffix(".map").unwrap_or(&map.url).to_owned();
            scripts.push(ScriptFiles { url, debug_id: map.debug_id.clone(), map: map.path.clone(), minified: None });
        }
    }
    scripts
}

/// The URL of a reference that stands in the file at `base`.
fn joined(base: &str, reference: &str) -> String {
    if reference.contains("://") || reference.starts_with("~/") {
        return reference.to_owned();
    }
    let (start, path) = base.split_at(root_length(base));
    let mut parts: Vec<&str> = if reference.starts_with('/') { Vec::new() } else { path.split('/').collect() };
    parts.pop();
    for part in reference.trim_start_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{start}{}", parts.join("/"))
}

/// How long scheme and host are, with the slash behind them.
fn root_length(url: &str) -> usize {
    let after = url.find("://").map_or(0, |at| at + 3);
    url[after..].find('/').map_or(url.len(), |at| after + at + 1)
}

/// Under which names a script may have been uploaded.
fn names_of(url: &str) -> Vec<String> {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let path = &bare[root_length(bare)..];
    vec![bare.to_owned(), format!("~/{path}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(id: &str, bytes: u64, uploaded_at: i64) -> Facts {
        let script = ScriptFiles {
            url: "~/static/app.js".to_owned(),
            debug_id: Some(format!("{id:0>32}")),
            map: "files/_/_/static/app.js.map".to_owned(),
            minified: None,
        };
        let releases = vec![("shop@1".to_owned(), String::new())];
        Facts { id: id.to_owned(), bytes, uploaded_at, releases, scripts: vec![script], ..Facts::default() }
    }

    fn found<'s>(shelf: &'s Shelf, url: &str, debug_id: Option<&str>, dist: Option<&str>) -> Option<&'s str> {
        let wanted = Wanted { url, debug_id, release: Some("shop@1"), dist };
        shelf.locate(&wanted).map(|located| &*located.bundle)
    }

    #[test]
    fn scripts_are_found_by_id_and_by_release() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut shelf = Shelf::open(directory.path().to_owned()).expect("an empty one");
        for (id, at) in [("b", 2), ("a", 1)] {
            std::fs::write(shelf.path(id), b"zip").expect("a file");
            assert!(shelf.keep(facts(id, 10, at)).expect("kept").is_empty());
        }
        for shelf in [&shelf, &Shelf::open(directory.path().to_owned()).expect("again")] {
            let url = "https://shop.example/static/app.js?v=3";
            assert_eq!(found(shelf, url, None, None), Some("b"), "the newest upload");
            assert_eq!(found(shelf, url, None, Some("42")), Some("b"), "a bundle without dist is for all");
            assert_eq!(found(shelf, url, Some(&format!("{:0>32}", "a")), None), Some("a"), "the id says more");
            assert_eq!(found(shelf, "https://shop.example/app.js", None, None), None);
        }
    }

    #[test]
    fn the_oldest_make_room() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut shelf = Shelf::open(directory.path().to_owned()).expect("an empty one");
        for (id, bytes, at) in [("a", 10, 1), ("b", ARTIFACT_BYTES_MAX / 2, 2)] {
            std::fs::write(shelf.path(id), b"zip").expect("a file");
            shelf.keep(facts(id, bytes, at)).expect("kept");
        }
        std::fs::write(shelf.path("c"), b"zip").expect("a file");
        let gone = shelf.keep(facts("c", ARTIFACT_BYTES_MAX / 2, 3)).expect("kept");
        assert_eq!(gone, ["a"]);
        assert!(!shelf.path("a").exists());
        let left: Vec<&str> = shelf.all().iter().map(|one| &*one.id).collect();
        assert_eq!(left, ["c", "b"]);
        assert_eq!(shelf.remove("c").map(|gone| gone.id).as_deref(), Some("c"));
        assert_eq!(shelf.remove("c"), None);
        assert_eq!(found(&shelf, "https://shop.example/static/app.js", None, None), Some("b"));
    }

    #[test]
    fn references_are_joined_as_a_browser_does() {
        for (base, reference, expected) in [
            ("~/static/app.js", "app.js.map", "~/static/app.js.map"),
            ("~/static/app.js", "../maps/app.js.map", "~/maps/app.js.map"),
            ("~/static/app.js", "/maps/app.js.map", "~/maps/app.js.map"),
            ("https://a.example/x/app.js", "./app.js.map", "https://a.example/x/app.js.map"),
            ("~/app.js", "https://maps.example/app.js.map", "https://maps.example/app.js.map"),
        ] {
            assert_eq!(joined(base, reference), expected, "{base} {reference}");
        }
    }
}
