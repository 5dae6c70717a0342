//! URLs of scripts and of their maps, as they are written in uploads and as browsers report them.

/// The URL of a reference that stands in the file at `base`.
pub fn joined(base: &str, reference: &str) -> String {
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
pub fn names_of(url: &str) -> Vec<String> {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let path = &bare[root_length(bare)..];
    vec![bare.to_owned(), format!("~/{path}")]
}

#[cfg(test)]
mod tests {
    use super::*;

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
