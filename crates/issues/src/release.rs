//! Releases and their order: `package@version+build`, semantic versions where they are, first sight otherwise.

use std::cmp::Ordering;

use crate::time::Time;

/// A release, and when its first event or its announcement came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub name: String,
    pub first_seen: Option<Time>,
}

impl Release {
    pub fn new(name: &str, first_seen: Option<Time>) -> Release {
        Release { name: name.to_owned(), first_seen }
    }
}

/// How two releases stand to each other; `None` if nothing says so.
///
/// 1. Equal names are equal.
/// 2. Two versions of the same package compare by semantic versioning (more or fewer than three numbers are allowed);
///    builds after `+` compare when all else is equal and both are numbers.
/// 3. Anything else (commit hashes, other packages) compares by first sight, if both were seen.
pub fn compare(one: &Release, other: &Release) -> Option<Ordering> {
    if one.name == other.name {
        return Some(Ordering::Equal);
    }
    let (package, version) = split(&one.name);
    let (other_package, other_version) = split(&other.name);
    if package == other_package
        && let (Some(version), Some(other_version)) = (Version::parse(version), Version::parse(other_version))
    {
        return Some(version.compare(&other_version));
    }
    Some(one.first_seen?.cmp(&other.first_seen?))
}

/// Package and version; a release without `@` has no package.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('@').unwrap_or(("", name))
}

struct Version<'a> {
    numbers: Vec<u64>,
    /// After `-`; none is newer than any.
    pre_release: Option<&'a str>,
    build: Option<&'a str>,
}

impl<'a> Version<'a> {
    /// Reads `1.2.3-rc.1+45`, also with `v` before it and with one to eight numbers, but no commit hash.
    fn parse(text: &'a str) -> Option<Version<'a>> {
        const NUMBERS_MAX: usize = 8;
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (core, pre_release) = match text.split_once('-') {
            Some((core, pre_release)) => (core, Some(pre_release)),
            None => (text, None),
        };
        let mut numbers = Vec::new();
        for part in core.split('.') {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || numbers.len() == NUMBERS_MAX {
                return None;
            }
            numbers.push(part.parse().ok()?);
        }
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Version { numbers, pre_release, build })
    }

    fn compare(&self, other: &Version<'_>) -> Ordering {
        let by_build = || match (self.build.map(str::parse::<u64>), other.build.map(str::parse::<u64>)) {
            (Some(Ok(build)), Some(Ok(other))) => build.cmp(&other),
            _ => Ordering::Equal,
        };
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| compare_pre_releases(self.pre_release, other.pre_release))
            .then_with(by_build)
    }
}

fn compare_pre_releases(one: Option<&str>, other: Option<&str>) -> Ordering {
    let (one, other) = match (one, other) {
        (None, None) => return Ordering::Equal,
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(one), Some(other)) => (one, other),
    };
    let (mut parts, mut others) = (one.split('.'), other.split('.'));
    loop {
        let order = match (parts.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(part), Some(other)) => match (part.parse::<u64>(), other.parse::<u64>()) {
                (Ok(number), Ok(other)) => number.cmp(&other),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => part.cmp(other),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_people_read_them() {
        let ascending = [
            "shop@0.9",
            "shop@1.0.0-alpha",
            "shop@1.0.0-alpha.2",
            "shop@1.0.0-alpha.10",
            "shop@1.0.0-rc",
            "shop@1",
            "shop@1.0.0+45",
            "shop@1.0.0+100",
            "shop@v1.0.1",
            "shop@1.10.0",
            "shop@2.0.0.1",
            "shop@20240102",
        ];
        for (index, one) in ascending.iter().enumerate() {
            for (other_index, other) in ascending.iter().enumerate() {
                let order = compare(&Release::new(one, None), &Release::new(other, None));
                // A version without a build is as old as each of its builds.
                if [one, other].contains(&&"shop@1") && [one, other].iter().any(|name| name.contains('+')) {
                    assert_eq!(order, Some(Ordering::Equal), "{one} {other}");
                } else {
                    assert_eq!(order, Some(index.cmp(&other_index)), "{one} {other}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_order_goes_by_first_sight() {
        let seen = |name: &str, seconds: i64| Release::new(name, Some(Time::from_seconds(seconds)));
        assert_eq!(compare(&seen("b4f1c2d", 5), &seen("a01b2c3", 9)), Some(Ordering::Less));
        assert_eq!(compare(&seen("web@9.0", 5), &seen("api@1.0", 9)), Some(Ordering::Less));
        assert_eq!(compare(&Release::new("b4f1c2d", None), &seen("a01b2c3", 9)), None);
        assert_eq!(compare(&Release::new("b4f1c2d", None), &Release::new("b4f1c2d", None)), Some(Ordering::Equal));
    }
}
