//! Files of releases that were uploaded one by one, as Sentry's command line did before there were bundles.
//!
//! A script and its map come in two requests, in any order and perhaps much later, so nothing is paired when they come:
//! a script is looked for by its name, and its map by what the script says of it.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use whodunit_store::{Disk, RealDisk};

use super::chunks::checksum;
use super::urls::{joined, names_of};

/// Where they lie in the directory of their project.
pub const DIRECTORY: &str = "files";
/// Files of one project; past it the oldest go when another one comes.
pub const FILES_MAX: usize = 20_000;
/// Longest name of a file, in characters.
pub const NAME_CHARACTERS_MAX: usize = 500;
/// So far from the end of a script it is looked for what it says of its map.
const TAIL_BYTES: usize = 4096;

/// What is written beside a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// SHA-1 of what it is, 40 hexadecimal digits: of other bytes under the same name it is another one.
    pub id: String,
    pub release: String,
    /// Empty: any.
    pub dist: String,
    /// Its URL; `~` stands for scheme and host.
    pub name: String,
    /// As they were sent with it.
    pub headers: Vec<(String, String)>,
    pub bytes: u64,
    pub sha1: String,
    /// Where a script says that its map is.
    pub map: Option<String>,
    /// Nanoseconds since 1970.
    pub uploaded_at: i64,
    pub uploaded_by: String,
}

type Name = (String, String, String);

/// The files of one project.
#[derive(Default)]
pub struct Files {
    directory: PathBuf,
    by_id: HashMap<String, FileFacts>,
    /// By release, dist and name.
    by_name: HashMap<Name, String>,
    bytes: u64,
}

impl FileFacts {
    /// What is known of a file from itself. The caller says when and by whom.
    pub fn of(release: &str, dist: &str, name: &str, headers: Vec<(String, String)>, bytes: &[u8]) -> FileFacts {
        let sha1 = checksum(bytes);
        let said = headers
            .iter()
            .find(|(name, _)| ["sourcemap", "x-sourcemap"].iter().any(|known| name.eq_ignore_ascii_case(known)));
        let map = said.map(|(_, map)| map.trim().to_owned()).or_else(|| reference(bytes));
        FileFacts {
            id: checksum(format!("{release}\n{dist}\n{name}\n{sha1}").as_bytes()),
            release: release.to_owned(),
            dist: dist.to_owned(),
            name: name.to_owned(),
            headers,
            bytes: bytes.len() as u64,
            sha1,
            map: map.filter(|map| !map.is_empty()),
            ..FileFacts::default()
        }
    }

    fn key(&self) -> Name {
        (self.release.clone(), self.dist.clone(), self.name.clone())
    }
}

impl Files {
    /// Reads what is written beside the files. A description that cannot be read is passed over and logged.
    pub fn open(directory: PathBuf) -> io::Result<Files> {
        let mut files = Files { directory, ..Files::default() };
        let names = RealDisk.list(&files.directory)?;
        for name in names.iter().filter(|name| name.ends_with(".json")) {
            let path = files.directory.join(name);
            match serde_json::from_slice(&RealDisk.read(&path)?) {
                Ok(facts) => files.add(facts),
                Err(error) => tracing::error!(%error, path = %path.display(), "a file's description cannot be read"),
            }
        }
        Ok(files)
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    fn add(&mut self, facts: FileFacts) {
        self.bytes += facts.bytes;
        self.by_name.insert(facts.key(), facts.id.clone());
        self.by_id.insert(facts.id.clone(), facts);
    }

    /// Writes a file and its description.
    ///
    /// # Errors
    /// Already exists if the release has a file of that name: it is removed before it is replaced.
    pub fn keep(&mut self, facts: FileFacts, bytes: &[u8]) -> io::Result<()> {
        if self.by_name.contains_key(&facts.key()) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", facts.name)));
        }
        let text = serde_json::to_vec(&facts).map_err(io::Error::other)?;
        RealDisk.create_directory(&self.directory)?;
        RealDisk.write_whole(&self.directory.join(&facts.id), bytes)?;
        RealDisk.write_whole(&self.directory.join(format!("{}.json", facts.id)), &text)?;
        self.add(facts);
        Ok(())
    }

    /// Removes a file and says what it was; `None` if there is no such. Its description goes first: without it the file
    /// is no more.
    pub fn remove(&mut self, id: &str) -> Option<FileFacts> {
        let facts = self.by_id.remove(id)?;
        self.by_name.remove(&facts.key());
        self.bytes -= facts.bytes;
        for name in [format!("{id}.json"), id.to_owned()] {
            let path = self.directory.join(name);
            if let Err(error) = RealDisk.remove(&path) {
                tracing::error!(%error, path = %path.display(), "a file of a release cannot be removed");
            }
        }
        Some(facts)
    }

    pub fn get(&self, id: &str) -> Option<&FileFacts> {
        self.by_id.get(id)
    }

    pub fn all(&self) -> impl Iterator<Item = &FileFacts> {
        self.by_id.values()
    }

    /// Those of a release, by name.
    pub fn of_release(&self, release: &str) -> Vec<&FileFacts> {
        let mut found: Vec<&FileFacts> = self.all().filter(|one| one.release == release).collect();
        found.sort_by(|one, other| (&one.name, &one.dist).cmp(&(&other.name, &other.dist)));
        found
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many are too many.
    pub fn surplus(&self) -> usize {
        self.by_id.len().saturating_sub(FILES_MAX)
    }

    /// The script of a URL, if it is here, and its map.
    pub fn locate(&self, release: &str, dist: Option<&str>, url: &str) -> Option<(Option<&FileFacts>, &FileFacts)> {
        let dists: Vec<&str> = dist.into_iter().chain([""]).collect();
        let find = |names: &[String]| {
            let mut keys = dists.iter().flat_map(|dist| names.iter().map(move |name| (*dist, name)));
            let key = |(dist, name): (&str, &String)| (release.to_owned(), dist.to_owned(), name.clone());
            keys.find_map(|named| self.by_name.get(&key(named))).and_then(|id| self.by_id.get(id))
        };
        let names = names_of(url);
        let script = find(&names);
        let said = script.and_then(|script| Some(joined(&script.name, script.map.as_deref()?)));
        let of_script = said.and_then(|map| find(&names_of(&map)));
        let beside: Vec<String> = names.iter().map(|name| format!("{name}.map")).collect();
        of_script.or_else(|| find(&beside)).map(|map| (script, map))
    }
}

/// What a script says at its end of where its map is. A map that is written there itself is no reference.
fn reference(bytes: &[u8]) -> Option<String> {
    let tail = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(TAIL_BYTES)..]);
    let said = |line: &str| {
        let line = line.trim();
        let comment = line.strip_prefix("//").or_else(|| line.strip_prefix("/*"))?;
        let said = comment.trim_start_matches(['#', '@']).trim_start().strip_prefix("sourceMappingURL=")?;
        Some(said.trim_end_matches("*/").trim().to_owned())
    };
    tail.lines().rev().find_map(said).filter(|map| !map.starts_with("data:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(dist: &str, name: &str, headers: &[(&str, &str)], text: &str) -> FileFacts {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        FileFacts { uploaded_at: 1, ..FileFacts::of("shop@1", dist, name, headers, text.as_bytes()) }
    }

    fn found(files: &Files, dist: Option<&str>, url: &str) -> Option<(Option<String>, String)> {
        let (script, map) = files.locate("shop@1", dist, url)?;
        Some((script.map(|script| script.name.clone()), map.name.clone()))
    }

    #[test]
    fn a_script_says_where_its_map_is() {
        for (text, map) in [
            ("x()\n//# sourceMappingURL=app.js.map", Some("app.js.map")),
            ("x()\n//@ sourceMappingURL=old.map\n\n", Some("old.map")),
            ("a{}\n/*# sourceMappingURL=app.css.map */", Some("app.css.map")),
            ("//# sourceMappingURL=data:application/json;base64,e30=", None),
            ("x(\"sourceMappingURL=no.map\")", None),
            ("", None),
        ] {
            assert_eq!(facts("", "~/app.js", &[], text).map.as_deref(), map, "{text}");
        }
        let said = facts("", "~/app.js", &[("Sourcemap", "said.map")], "//# sourceMappingURL=app.js.map");
        assert_eq!(said.map.as_deref(), Some("said.map"), "what was sent with it goes before what stands in it");
    }

    #[test]
    fn maps_are_found_by_release_dist_and_name_in_whichever_order_they_came() {
        let directory = tempfile::tempdir().expect("a directory");
        let open = || Files::open(directory.path().join("files")).expect("opens");
        let mut files = open();
        let url = "https://shop.example/static/app.js?v=3";
        let mut keep = |dist: &str, name: &str, headers: &[(&str, &str)]| {
            files.keep(facts(dist, name, headers, name), name.as_bytes()).expect("kept");
        };
        keep("", "~/maps/app.map", &[]);
        keep("", "~/static/app.js", &[("sourcemap", "../maps/app.map")]);
        keep("42", "https://shop.example/static/app.js", &[("X-SourceMap", "https://cdn.example/app.map")]);
        keep("42", "~/app.map", &[]);
        keep("", "~/static/lib.js.map", &[]);
        let again = files.keep(facts("", "~/maps/app.map", &[], "other bytes"), b"other bytes").expect_err("is there");
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        for files in [&files, &open()] {
            let of = |script: &str, map: &str| Some((Some(script.to_owned()), map.to_owned()));
            assert_eq!(found(files, None, url), of("~/static/app.js", "~/maps/app.map"));
            assert_eq!(found(files, Some("42"), url), of("https://shop.example/static/app.js", "~/app.map"));
            assert_eq!(found(files, Some("7"), url), of("~/static/app.js", "~/maps/app.map"), "no dist is for all");
            let alone = Some((None, "~/static/lib.js.map".to_owned()));
            assert_eq!(found(files, None, "https://shop.example/static/lib.js"), alone, "the map came alone");
            assert_eq!(found(files, None, "https://shop.example/app.js"), None);
            assert_eq!((files.of_release("shop@1").len(), files.of_release("shop@2").len()), (5, 0));
        }
        let id =
            files.of_release("shop@1").iter().find(|one| one.name == "~/maps/app.map").expect("is there").id.clone();
        let bytes = files.bytes();
        assert_eq!(files.remove(&id).map(|gone| gone.bytes), Some(14));
        assert_eq!((files.remove(&id), files.bytes()), (None, bytes - 14));
        assert_eq!(found(&open(), None, url), None, "its map is gone");
    }
}
