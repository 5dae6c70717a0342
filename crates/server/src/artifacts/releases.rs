//! Releases and deploys that were named, by a command line or by hand.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use whodunit_store::{Disk, RealDisk};

/// Where they stand in a project's directory.
pub const FILE: &str = "releases.json";
/// Releases of one project; past it those that were named first are forgotten.
pub const RELEASES_MAX: usize = 1_000;
/// Deploys of one release; likewise.
pub const DEPLOYS_MAX: usize = 100;
/// Longest name of a release, in characters.
pub const RELEASE_CHARACTERS_MAX: usize = 250;

/// All releases of a project, by version.
pub type Releases = BTreeMap<String, Release>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Nanoseconds since 1970.
    pub created_at: i64,
    /// As it was said, RFC 3339.
    pub released: Option<String>,
    pub url: Option<String>,
    #[serde(default)]
    pub deploys: Vec<Deploy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    pub id: u64,
    pub environment: String,
    pub name: Option<String>,
    pub url: Option<String>,
    pub started: Option<String>,
    pub finished: Option<String>,
}

/// Those of a project's directory; none if nothing was named yet.
pub fn read(directory: &Path) -> io::Result<Releases> {
    match RealDisk.read(&directory.join(FILE)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Releases::new()),
        Err(error) => Err(error),
    }
}

pub fn write(directory: &Path, releases: &mut Releases) -> io::Result<()> {
    while releases.len() > RELEASES_MAX {
        let oldest = releases.iter().min_by_key(|(_, release)| release.created_at).map(|(version, _)| version.clone());
        oldest.map(|version| releases.remove(&version));
    }
    for release in releases.values_mut() {
        let surplus = release.deploys.len().saturating_sub(DEPLOYS_MAX);
        release.deploys.drain(..surplus);
    }
    RealDisk.create_directory(directory)?;
    let text = serde_json::to_vec(releases).map_err(io::Error::other)?;
    RealDisk.write_whole(&directory.join(FILE), &text)
}
