//! Source maps as they are kept: bundles that were uploaded, what is in them, and scripts that are read often.
//!
//! ```text
//! DIR/artifacts/.chunks/<sha1>           pieces of bundles that are not whole yet
//! DIR/artifacts/<project>/<sha1>.zip     a bundle
//! DIR/artifacts/<project>/<sha1>.json    what is in it, and for which releases
//! DIR/artifacts/<project>/releases.json  releases and deploys that were named
//! DIR/artifacts/<project>/files/<id>       a file of a release that was uploaded alone
//! DIR/artifacts/<project>/files/<id>.json  its name, and the release that it is of
//! ```
//!
//! The `.json` of a bundle is written after it, so what is named there is whole. An index of a project is read when the
//! first frame asks for it; scripts are kept in memory as far as the limit allows, and read again otherwise.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod scripts;
pub mod shelf;
pub mod files;
pub mod releases;
pub mod chunks;
mod urls;

use std::io;
use std::path::Path;

pub use scripts::Artifacts;
use whodunit_store::backup::BESIDE;

/// How much is kept of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub project: String,
    pub files: u64,
    pub bytes: u64,
}

/// The paths in the data directory of all that is kept, a file before the description that names it: what is removed
/// meanwhile loses its description first. What is not whole yet is not among them.
pub fn files_of(data: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for project in directories(&data.join(BESIDE))? {
        for below in ["", files::DIRECTORY] {
            let directory = if below.is_empty() { project.clone() } else { format!("{project}/{below}") };
            let mut names = whole(&data.join(BESIDE).join(&directory))?;
            names.sort_by_key(|(name, _)| (name.ends_with(".json"), name.clone()));
            found.extend(names.into_iter().map(|(name, _)| format!("{BESIDE}/{directory}/{name}")));
        }
    }
    Ok(found)
}

/// How much there is of each project that has something.
pub fn kept_in(data: &Path) -> io::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for project in directories(&data.join(BESIDE))? {
        let mut sum = Kept { project: project.clone(), ..Kept::default() };
        for directory in [data.join(BESIDE).join(&project), data.join(BESIDE).join(&project).join(files::DIRECTORY)] {
            for (_, bytes) in whole(&directory)? {
                sum.files += 1;
                sum.bytes += bytes;
            }
        }
        if sum.files > 0 {
            kept.push(sum);
        }
    }
    Ok(kept)
}

/// Names of projects in order. Slugs begin with a letter or a digit; what begins with a point is in the making.
fn directories(root: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = entries(root)?
        .into_iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// Files of a directory that are whole, each with its size.
fn whole(directory: &Path) -> io::Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for entry in entries(directory)? {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_whole = !name.starts_with('.') && !name.ends_with(".unfinished") && !name.ends_with(".new");
        // One that is removed just now is none.
        let Ok(facts) = entry.metadata() else { continue };
        if facts.is_file() && is_whole {
            found.push((name, facts.len()));
        }
    }
    Ok(found)
}

fn entries(directory: &Path) -> io::Result<Vec<std::fs::DirEntry>> {
    match std::fs::read_dir(directory) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_is_listed_with_descriptions_last() {
        let data = tempfile::tempdir().expect("a directory");
        assert_eq!(files_of(data.path()).expect("lists"), Vec::<String>::new(), "nothing was uploaded yet");
        let artifacts = data.path().join(BESIDE);
        for directory in [".chunks", "shop/files", "empty"] {
            std::fs::create_dir_all(artifacts.join(directory)).expect("makes");
        }
        for name in [
            ".chunks/0a",
            "shop/a.json",
            "shop/a.zip",
            "shop/b.unfinished",
            "shop/releases.json",
            "shop/files/0b",
            "shop/files/0b.json",
        ] {
            std::fs::write(artifacts.join(name), name).expect("writes");
        }
        let listed = ["shop/a.zip", "shop/a.json", "shop/releases.json", "shop/files/0b", "shop/files/0b.json"];
        assert_eq!(files_of(data.path()).expect("lists"), listed.map(|name| format!("{BESIDE}/{name}")));
        let bytes = listed.iter().map(|name| name.len() as u64).sum();
        let expected = Kept { project: "shop".to_owned(), files: 5, bytes };
        assert_eq!(kept_in(data.path()).expect("sums"), [expected]);
    }
}
