//! Just enough of Cargo.toml: which sections name which dependencies, and the comments above them.

/// One line `name = …` or `name.workspace = true` in a section of dependencies.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency<'a> {
    pub name: &'a str,
    pub line: usize,
    pub section: &'a str,
    /// A comment stands directly above, or a comment ending in `:` opens the group that it is in.
    pub has_reason: bool,
    pub is_path: bool,
}

/// All dependencies that a manifest declares, for whatever use and target.
pub fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    let (mut comment_above, mut in_group) = (false, false);
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            comment_above = true;
            in_group = comment.ends_with(':');
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            in_group = false;
        } else if line.is_empty() {
            in_group = false;
        } else if section.ends_with("dependencies")
            && let Some((key, value)) = line.split_once('=')
        {
            let name = key.trim().split('.').next().expect("splitting yields a first part").trim_matches('"');
            let has_reason = comment_above || in_group;
            found.push(Dependency { name, line: index + 1, section, has_reason, is_path: value.contains("path =") });
        }
        comment_above = false;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_stand_above_or_open_a_group() {
        let text = "[package]\nname = \"x\"\n[workspace.dependencies]\nown = { path = \"own\" }\n\n# Why a.\na = \"1\"\n\
                    b.workspace = true\n# Both for c:\nc = \"1\"\nd = { version = \"1\" }\n\ne = \"1\"\n";
        let found: Vec<(&str, bool, bool)> =
            dependencies(text).iter().map(|one| (one.name, one.has_reason, one.is_path)).collect();
        let expected = [
            ("own", false, true),
            ("a", true, false),
            ("b", false, false),
            ("c", true, false),
            ("d", true, false),
            ("e", false, false),
        ];
        assert_eq!(found, expected);
    }
}
