//! Projects by slug: the name under which rows are stored, never renamed.

use std::fmt;
use std::sync::Arc;

/// A project's slug: 1 to 63 of `a-z 0-9 -`, starting and ending with a letter or digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Project(Arc<str>);

/// The text is no slug.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a project slug: 1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit")]
pub struct SlugError(pub String);

impl Project {
    /// The project that an installation starts with.
    pub const DEFAULT: &'static str = "default";
    /// Where Whodunit writes its own audit trail.
    pub const WHODUNIT: &'static str = "whodunit";

    pub fn parse(slug: &str) -> Result<Project, SlugError> {
        let bytes = slug.as_bytes();
        let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        let edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
        let legal = bytes.len() <= 63 && bytes.iter().all(inner) && edge(bytes.first()) && edge(bytes.last());
        if legal { Ok(Project(slug.into())) } else { Err(SlugError(slug.to_owned())) }
    }

    pub fn default_project() -> Project {
        Project(Self::DEFAULT.into())
    }

    pub fn whodunit() -> Project {
        Project(Self::WHODUNIT.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_path_safe() {
        for good in ["a", "default", "shop-2", "0"] {
            assert_eq!(Project::parse(good).expect(good).as_str(), good);
        }
        for bad in ["", "-a", "a-", "A", "a/b", "..", "a_b", &"a".repeat(64)] {
            assert!(Project::parse(bad).is_err(), "{bad}");
        }
    }
}
