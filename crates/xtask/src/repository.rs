//! The repository as a list of texts in memory, so that rules are pure functions and their tests write no files.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Directories that hold no text of ours.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", ".venv", "whodunit-data", "__pycache__"];

/// Endings of the files that rules look at.
const READ: &[&str] = &[".rs", ".toml", ".md", ".txt"];

/// Every text file by its path from the root, with `/` between parts.
#[derive(Default)]
pub struct Repository {
    texts: BTreeMap<String, String>,
    others: Vec<String>,
}

impl Repository {
    pub fn read(root: &Path) -> io::Result<Repository> {
        let mut repository = Repository::default();
        repository.read_directory(root, "")?;
        Ok(repository)
    }

    #[cfg(test)]
    pub fn of(texts: &[(&str, &str)]) -> Repository {
        let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Repository { texts, others: Vec::new() }
    }

    fn read_directory(&mut self, directory: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.others.push(path.clone());
                    self.read_directory(&entry.path(), &path)?;
                }
            } else if READ.iter().any(|ending| name.ends_with(ending)) {
                self.texts.insert(path, fs::read_to_string(entry.path())?);
            } else {
                self.others.push(path);
            }
        }
        Ok(())
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether a file or directory of that path is there, read or not.
    pub fn has(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.others.iter().any(|other| other == path)
    }

    /// Path and text of all files with that ending.
    pub fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let matching = move |path: &&String| path.ends_with(ending);
        self.texts.keys().filter(matching).map(|path| (path.as_str(), self.texts[path].as_str()))
    }

    /// Names of the crates: the directories under `crates` that have a manifest.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().filter_map(|path| {
            let name = path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then_some(name)
        })
    }
}
