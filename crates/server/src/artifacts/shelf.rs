//! Bundles of one project: files, and an index of what is in them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use whodunit_sourcemaps::bundle::{Bundle, FileKind, Manifest};
use whodunit_sourcemaps::frames::Wanted;
use whodunit_store::{Disk, RealDisk};

use super::files::{self, FileFacts, Files};
use super::urls::{joined, names_of};

/// Bytes of all that is uploaded for one project; past it the oldest go when another one comes.
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

/// In place of a bundle, for files that were uploaded alone.
pub const NO_BUNDLE: &str = files::DIRECTORY;

/// Where a script is. In `files` the paths of the script are ids of files.
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
    files: Files,
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
        let files = Files::open(directory.join(NO_BUNDLE))?;
        let mut shelf = Shelf { directory, files, ..Shelf::default() };
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

    /// Whether there is neither a bundle nor a file.
    pub fn is_empty(&self) -> bool {
        self.bundles.is_empty() && self.files.is_empty()
    }

    /// By debug id, else by release, dist and URL, in bundles before files that came alone; what has no dist is for all.
    pub fn locate(&self, wanted: &Wanted<'_>) -> Option<Located> {
        let by_id = wanted.debug_id.and_then(|id| self.by_debug_id.get(id));
        by_id.cloned().or_else(|| {
            let release = wanted.release?;
            let dists = wanted.dist.into_iter().chain([""]);
            let urls = names_of(wanted.url);
            let mut keys = dists.flat_map(|dist| urls.iter().map(move |url| (dist, url)));
            let found =
                keys.find_map(|(dist, url)| self.by_name.get(&(release.to_owned(), dist.to_owned(), url.clone())));
            found.cloned().or_else(|| self.of_files(release, wanted))
        })
    }

    fn of_files(&self, release: &str, wanted: &Wanted<'_>) -> Option<Located> {
        let (script, map) = self.files.locate(release, wanted.dist, wanted.url)?;
        let script = ScriptFiles {
            url: script.map_or_else(|| map.name.trim_end_matches(".map").to_owned(), |script| script.name.clone()),
            debug_id: None,
            map: map.id.clone(),
            minified: script.map(|script| script.id.clone()),
        };
        Some(Located { bundle: NO_BUNDLE.to_owned(), script })
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

    /// The file of a bundle, or the directory of files that came alone.
    pub fn path(&self, id: &str) -> PathBuf {
        match id {
            NO_BUNDLE => self.directory.join(NO_BUNDLE),
            id => self.directory.join(format!("{id}.zip")),
        }
    }

    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Keeps a file of a release, and lets the oldest of all go where there are too many bytes. Gives the ids that went.
    ///
    /// # Errors
    /// If it cannot be written; already exists if there is one of that name.
    pub fn keep_file(&mut self, facts: FileFacts, bytes: &[u8]) -> io::Result<Vec<String>> {
        self.files.keep(facts.clone(), bytes)?;
        Ok(self.make_room(&facts.id))
    }

    pub fn remove_file(&mut self, id: &str) -> Option<FileFacts> {
        self.files.remove(id)
    }

    /// Lets the oldest bundles and files go until the others fit, never the one that came last.
    fn make_room(&mut self, newest: &str) -> Vec<String> {
        let of_bundles: u64 = self.bundles.values().map(|one| one.bytes).sum();
        let mut surplus = (of_bundles + self.files.bytes()).saturating_sub(ARTIFACT_BYTES_MAX);
        let mut files_over = self.files.surplus();
        if surplus == 0 && files_over == 0 {
            return Vec::new();
        }
        let bundles = self.bundles.values().map(|one| (one.uploaded_at, one.id.clone(), one.bytes));
        let files = self.files.all().map(|one| (one.uploaded_at, one.id.clone(), one.bytes));
        let mut by_age: Vec<_> = bundles.chain(files).filter(|(_, id, _)| id != newest).collect();
        by_age.sort();
        let mut gone = Vec::new();
        for (_, id, bytes) in by_age {
            let is_file = !self.bundles.contains_key(&id);
            if surplus == 0 && (files_over == 0 || !is_file) {
                continue;
            }
            surplus = surplus.saturating_sub(bytes);
            files_over -= usize::from(is_file && files_over > 0);
            let _known = if is_file { self.files.remove(&id).is_some() } else { self.remove(&id).is_some() };
            gone.push(id);
        }
        gone
    }

    /// Keeps a bundle whose file is in its place, and lets the oldest go where there are too many bytes.
    ///
    /// # Errors
    /// If the description cannot be written; then the index is as it was.
    pub fn keep(&mut self, facts: Facts) -> io::Result<Vec<String>> {
        let text = serde_json::to_vec(&facts).map_err(io::Error::other)?;
        RealDisk.write_whole(&self.directory.join(format!("{}.json", facts.id)), &text)?;
        let id = facts.id.clone();
        self.bundles.insert(id.clone(), facts);
        let all = std::mem::take(&mut self.bundles).into_values().collect();
        self.fill(all);
        Ok(self.make_room(&id))
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

    fn found(shelf: &Shelf, url: &str, debug_id: Option<&str>, dist: Option<&str>) -> Option<String> {
        let wanted = Wanted { url, debug_id, release: Some("shop@1"), dist };
        shelf.locate(&wanted).map(|located| located.bundle)
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
            assert_eq!(found(shelf, url, None, None), Some("b".to_owned()), "the newest upload");
            assert_eq!(found(shelf, url, None, Some("42")), Some("b".to_owned()), "a bundle without dist is for all");
            assert_eq!(
                found(shelf, url, Some(&format!("{:0>32}", "a")), None),
                Some("a".to_owned()),
                "the id says more"
            );
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
        assert_eq!(found(&shelf, "https://shop.example/static/app.js", None, None), Some("b".to_owned()));
    }

    #[test]
    fn files_that_came_alone_are_found_behind_bundles_and_make_room_with_them() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut shelf = Shelf::open(directory.path().to_owned()).expect("an empty one");
        let file = |name: &str, bytes: u64, at: i64| {
            let facts = FileFacts::of("shop@1", "", name, Vec::new(), name.as_bytes());
            FileFacts { bytes, uploaded_at: at, ..facts }
        };
        let url = "https://shop.example/static/app.js";
        shelf.keep_file(file("~/static/app.js.map", 10, 1), b"{}").expect("kept");
        assert_eq!(found(&shelf, url, None, None), Some(NO_BUNDLE.to_owned()));
        std::fs::write(shelf.path("b"), b"zip").expect("a file");
        shelf.keep(facts("b", 10, 2)).expect("kept");
        assert_eq!(found(&shelf, url, None, None), Some("b".to_owned()));
        let gone = shelf.keep_file(file("~/static/lib.js.map", ARTIFACT_BYTES_MAX - 5, 3), b"{}").expect("kept");
        assert_eq!(gone.len(), 2, "both are older, and either alone is not enough: {gone:?}");
        assert!(!shelf.path("b").exists() && shelf.files().all().count() == 1);
        assert_eq!(found(&shelf, url, None, None), None);
    }
}
