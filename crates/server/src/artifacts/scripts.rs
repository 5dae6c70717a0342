//! All that is kept, by project, and scripts in memory for those who look frames up.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use whodunit_sourcemaps::frames::{Found, Library, Wanted};
use whodunit_sourcemaps::script::Script;
use whodunit_stdx::{Limit, Reservation};
use whodunit_store::backup::BESIDE;
use whodunit_store::{Disk, RealDisk};

use super::chunks::Chunks;
use super::files::FileFacts;
use super::releases::{self, Releases};
use super::shelf::{Facts, Located, NO_BUNDLE, RELEASES_PER_BUNDLE_MAX, Shelf, open_bundle, scripts_of};

/// Memory for scripts that are read often.
pub const SCRIPTS_BYTES_MAX: usize = 64 << 20;
/// Largest bundle.
pub const BUNDLE_BYTES_MAX: u64 = 256 << 20;
/// Scripts that are remembered to be unreadable or too large.
const UNREADABLE_MAX: usize = 1_000;

/// The shelves of all projects.
pub struct Artifacts {
    directory: PathBuf,
    pub chunks: Chunks,
    memory: Limit,
    shelves: RwLock<HashMap<String, Arc<RwLock<Shelf>>>>,
    /// Held while a bundle or a release is changed.
    changing: Mutex<()>,
    cache: Mutex<Cache>,
}

/// A bundle that is to be put together.
pub struct Order<'a> {
    pub project: &'a str,
    pub checksum: &'a str,
    pub chunks: &'a [String],
    /// Name and dist, beside what the bundle says of itself.
    pub release: Option<(String, String)>,
    pub now: i64,
    pub by: String,
}

/// What came of it.
pub enum Assembled {
    /// These pieces are not here yet.
    Missing(Vec<String>),
    Kept(Facts),
    /// The bundle cannot be used; the sentence says why.
    Refused(String),
}

#[derive(Default)]
struct Cache {
    /// The least recently used first.
    order: VecDeque<(String, Located)>,
    scripts: HashMap<(String, Located), Cached>,
    bytes: usize,
}

struct Cached {
    found: Option<Found>,
    bytes: usize,
    _memory: Option<Reservation>,
}

impl Artifacts {
    pub fn new(data: &Path, memory: Limit) -> Artifacts {
        let directory = data.join(BESIDE);
        Artifacts {
            chunks: Chunks::new(&directory),
            directory,
            memory,
            shelves: RwLock::default(),
            changing: Mutex::default(),
            cache: Mutex::default(),
        }
    }

    /// The shelf of a project, read when it is asked for first.
    pub fn shelf(&self, project: &str) -> io::Result<Arc<RwLock<Shelf>>> {
        if let Some(shelf) = self.shelves.read().get(project) {
            return Ok(shelf.clone());
        }
        let mut shelves = self.shelves.write();
        if let Some(shelf) = shelves.get(project) {
            return Ok(shelf.clone());
        }
        let shelf = Arc::new(RwLock::new(Shelf::open(self.directory.join(project))?));
        shelves.insert(project.to_owned(), shelf.clone());
        Ok(shelf)
    }

    /// Puts a bundle together from its pieces, reads what is in it and keeps it. A bundle that is there already gets the
    /// release beside those that it has.
    pub fn assemble(&self, order: &Order<'_>) -> io::Result<Assembled> {
        let _changing = self.changing.lock();
        let shelf = self.shelf(order.project)?;
        let known = shelf.read().get(order.checksum).cloned();
        let mut facts = match known {
            Some(facts) => facts,
            None => match self.built(order, &shelf.read().path(order.checksum))? {
                Ok(facts) => facts,
                Err(refusal) => return Ok(refusal),
            },
        };
        facts.uploaded_at = order.now;
        facts.uploaded_by.clone_from(&order.by);
        if let Some(release) = order.release.clone().filter(|release| !facts.releases.contains(release)) {
            facts.releases.push(release);
            let surplus = facts.releases.len().saturating_sub(RELEASES_PER_BUNDLE_MAX);
            facts.releases.drain(..surplus);
        }
        let gone = shelf.write().keep(facts.clone())?;
        if !gone.is_empty() {
            tracing::warn!(project = order.project, ?gone, "old source maps made room for new ones");
        }
        self.chunks.forget(order.chunks);
        Ok(Assembled::Kept(facts))
    }

    /// The pieces that a bundle lacks; `None` if it is there, or can be put together.
    pub fn missing(&self, project: &str, checksum: &str, chunks: &[String]) -> io::Result<Option<Vec<String>>> {
        if self.shelf(project)?.read().get(checksum).is_some() {
            return Ok(None);
        }
        let missing: Vec<String> = chunks.iter().filter(|one| !self.chunks.has(one)).cloned().collect();
        Ok((chunks.is_empty() || !missing.is_empty()).then_some(missing))
    }

    fn built(&self, order: &Order<'_>, path: &Path) -> io::Result<Result<Facts, Assembled>> {
        if let Some(missing) = self.missing(order.project, order.checksum, order.chunks)? {
            return Ok(Err(Assembled::Missing(missing)));
        }
        RealDisk.create_directory(&self.directory.join(order.project))?;
        let unfinished = path.with_extension("unfinished");
        let refuse = |text: String| {
            let _ = RealDisk.remove(&unfinished);
            Ok(Err(Assembled::Refused(text)))
        };
        let (checksum, bytes) = match self.chunks.join(order.chunks, &unfinished, BUNDLE_BYTES_MAX) {
            Ok(joined) => joined,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                return refuse(format!("the bundle is larger than {BUNDLE_BYTES_MAX} bytes"));
            }
            Err(error) => return Err(error),
        };
        if checksum != order.checksum {
            return refuse(format!("the pieces together have the checksum {checksum}, not {}", order.checksum));
        }
        let manifest = match open_bundle(&unfinished) {
            Ok(bundle) => bundle.manifest,
            Err(error) => return refuse(error),
        };
        RealDisk.rename(&unfinished, path)?;
        RealDisk.sync_directory(&self.directory.join(order.project))?;
        let own = manifest.release.clone().map(|release| (release, manifest.dist.clone().unwrap_or_default()));
        Ok(Ok(Facts {
            id: checksum,
            bytes,
            releases: own.into_iter().collect(),
            scripts: scripts_of(&manifest),
            ..Facts::default()
        }))
    }

    /// Removes a bundle and says what it was; `None` if there is no such.
    pub fn remove(&self, project: &str, id: &str) -> io::Result<Option<Facts>> {
        let _changing = self.changing.lock();
        let removed = self.shelf(project)?.write().remove(id);
        // Its scripts give their memory back at once.
        *self.cache.lock() = Cache::default();
        Ok(removed)
    }

    /// Keeps a file of a release.
    ///
    /// # Errors
    /// Already exists if the release has a file of that name.
    pub fn keep_file(&self, project: &str, facts: FileFacts, bytes: &[u8]) -> io::Result<()> {
        let _changing = self.changing.lock();
        let gone = self.shelf(project)?.write().keep_file(facts, bytes)?;
        if !gone.is_empty() {
            tracing::warn!(project, ?gone, "old source maps made room for new ones");
        }
        Ok(())
    }

    /// Removes files of releases that `these` names by their ids; gives what they were.
    pub fn remove_files(&self, project: &str, these: &[String]) -> io::Result<Vec<FileFacts>> {
        let _changing = self.changing.lock();
        let shelf = self.shelf(project)?;
        let mut shelf = shelf.write();
        Ok(these.iter().filter_map(|id| shelf.remove_file(id)).collect())
    }

    pub fn releases(&self, project: &str) -> io::Result<Releases> {
        releases::read(&self.directory.join(project))
    }

    /// Changes the releases of a project, one at a time.
    pub fn change_releases<T>(&self, project: &str, change: impl FnOnce(&mut Releases) -> T) -> io::Result<T> {
        let _changing = self.changing.lock();
        let directory = self.directory.join(project);
        let mut releases = releases::read(&directory)?;
        let outcome = change(&mut releases);
        releases::write(&directory, &mut releases)?;
        Ok(outcome)
    }

    /// Reads a script from its bundle. `None` for what may be there the next time: without memory, or while the file
    /// cannot be opened.
    fn read(&self, path: &Path, located: &Located) -> Option<Cached> {
        let told = |error: &String| {
            tracing::warn!(error, bundle = located.bundle, map = located.script.map, "a source map cannot be read");
        };
        let mut bundle = match located.bundle.as_str() {
            NO_BUNDLE => None,
            _ => Some(open_bundle(path).inspect_err(told).ok()?),
        };
        let mut read = || -> Result<Script, String> {
            let mut file = |name: &str| match &mut bundle {
                Some(bundle) => bundle.read(name).map_err(|error| error.to_string()),
                None => RealDisk.read(&path.join(name)).map_err(|error| error.to_string()),
            };
            let map = file(&located.script.map)?;
            let minified = located.script.minified.as_deref().map(&mut file).transpose()?;
            let minified = minified.as_deref().map(String::from_utf8_lossy);
            Script::read(&map, minified.as_deref())
        };
        let Ok(script) = read().inspect_err(told) else {
            return Some(Cached { found: None, bytes: 0, _memory: None });
        };
        let bytes = script.bytes();
        let memory = self.memory.try_reserve(bytes)?;
        let map_url = format!("{}.map", located.script.url);
        Some(Cached { found: Some(Found { script: Arc::new(script), map_url }), bytes, _memory: Some(memory) })
    }
}

impl Library for Artifacts {
    fn find(&self, project: &str, wanted: &Wanted<'_>) -> Option<Found> {
        let shelf =
            self.shelf(project).inspect_err(|error| tracing::error!(%error, "source maps cannot be read")).ok()?;
        let (located, path) = {
            let shelf = shelf.read();
            let located = shelf.locate(wanted)?;
            let path = shelf.path(&located.bundle);
            (located, path)
        };
        let key = (project.to_owned(), located);
        if let Some(found) = self.cache.lock().get(&key) {
            return found;
        }
        let cached = self.read(&path, &key.1)?;
        let found = cached.found.clone();
        self.cache.lock().put(key, cached);
        found
    }

    fn may_have(&self, project: &str) -> bool {
        // A shelf that is not read yet, or is just being changed, may have some; one that is not there is read at once.
        let Some(known) = self.shelves.try_read().map(|shelves| shelves.get(project).cloned()) else { return true };
        let shelf = match known {
            None if self.directory.join(project).exists() => return true,
            None => self.shelf(project).ok(),
            known => known,
        };
        shelf.is_none_or(|shelf| shelf.try_read().is_none_or(|shelf| !shelf.is_empty()))
    }
}

impl Cache {
    fn get(&mut self, key: &(String, Located)) -> Option<Option<Found>> {
        let found = self.scripts.get(key)?.found.clone();
        if let Some(at) = self.order.iter().position(|one| one == key) {
            let key = self.order.remove(at);
            self.order.extend(key);
        }
        Some(found)
    }

    /// The least recently used make room.
    fn put(&mut self, key: (String, Located), cached: Cached) {
        while !self.order.is_empty()
            && (self.bytes + cached.bytes > SCRIPTS_BYTES_MAX || self.order.len() >= UNREADABLE_MAX)
        {
            if let Some(old) = self.order.pop_front().and_then(|key| self.scripts.remove(&key)) {
                self.bytes -= old.bytes;
            }
        }
        if cached.bytes > SCRIPTS_BYTES_MAX {
            return;
        }
        self.bytes += cached.bytes;
        if let Some(old) = self.scripts.insert(key.clone(), cached) {
            self.bytes -= old.bytes;
            return;
        }
        self.order.push_back(key);
    }
}
