//! Paths and names of files without what a deployment changes: prefixes, versions, hashes, query strings.

/// Forward slashes; nothing behind `?` or `#`.
pub fn clean(path: &str) -> String {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    path[..end].trim().replace('\\', "/")
}

pub fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What follows the last of the markers in the path.
pub fn after_last<'p>(path: &'p str, markers: &[&str]) -> Option<&'p str> {
    let end = markers.iter().filter_map(|marker| path.rfind(marker).map(|at| at + marker.len())).max()?;
    path.get(end..)
}

/// The parts of a path that stay from one deployment to the next: all of a relative path, the last two names of an
/// absolute one. Directories that are a version, a hash or a time do not count.
pub fn stable(path: &str) -> String {
    const NAMES_OF_ABSOLUTE: usize = 2;
    let is_absolute = path.starts_with('/') || path.get(1..2) == Some(":");
    let names: Vec<&str> = path.split('/').filter(|name| !matches!(*name, "" | "." | "..")).collect();
    let (file, directories) = match names.split_last() {
        Some((file, directories)) => (*file, directories),
        None => return String::new(),
    };
    let mut kept: Vec<&str> = directories.iter().copied().filter(|name| !is_deployment(name)).collect();
    if is_absolute {
        kept.drain(..kept.len().saturating_sub(NAMES_OF_ABSOLUTE - 1));
    }
    kept.push(file);
    kept.join("/")
}

/// A directory that a deployment makes: `20240102030405`, `v1.2.3`, `4185d9aade26cd3a6285`.
fn is_deployment(name: &str) -> bool {
    let is_time = name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit());
    is_time || is_version(name) || is_hash(name)
}

/// `1.2`, `v1.2.3`, `2.0.0-rc.1`.
pub fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let core = text.split(['-', '+']).next().unwrap_or(text);
    core.contains('.') && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A package without its version: `rails-7.0.1`, `serde-1.0.219`, `pgx@v5.1.0`, `shop-4185d9aade26`.
pub fn without_version(name: &str) -> &str {
    let (package, version) = match name.rsplit_once('@').or_else(|| split_version(name)) {
        Some((package, version)) if !package.is_empty() => (package, version),
        _ => return name,
    };
    if is_version(version) || is_hash(version) || version.bytes().all(|byte| byte.is_ascii_digit()) {
        package
    } else {
        name
    }
}

/// At the hyphen before the number or hash that ends the name.
fn split_version(name: &str) -> Option<(&str, &str)> {
    let found = name.match_indices('-').find(|(at, _)| {
        let after = &name[at + 1..];
        is_version(after) || (!after.contains('-') && is_hash(after))
    });
    found.map(|(at, _)| (&name[..at], &name[at + 1..]))
}

/// Whether a word is made by a hash function and not by a person: hexadecimal with a digit, or eight and more
/// letters of mixed kind that are no words.
pub fn is_hash(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return digits > 0 && digits < word.len() || word.len() >= 16;
    }
    let is_base64 = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !is_base64 || !(8..=64).contains(&word.len()) {
        return false;
    }
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let small = word.bytes().filter(u8::is_ascii_lowercase).count();
    if digits > 0 {
        // `chunk-2ABCDEFG`, `index-DbQ2xY9p`; but `oauth2callback`, `Base64Reader`.
        let inner =
            word.bytes().zip(word.bytes().skip(1)).filter(|(a, b)| a.is_ascii_digit() && b.is_ascii_alphabetic());
        return small == 0 || (capitals >= 2 && inner.count() > 0 && !is_camel(word));
    }
    capitals >= 2 && small > 0 && !is_camel(word)
}

/// Words of at least two small letters after each capital (the first may be as short as `My`), and a vowel
/// somewhere: a name that people wrote.
fn is_camel(word: &str) -> bool {
    let (mut small, mut words) = (2, 0);
    for byte in word.bytes() {
        if byte.is_ascii_uppercase() {
            if small < 2 && (words != 1 || small < 1) {
                return false;
            }
            small = 0;
            words += 1;
        } else if byte.is_ascii_lowercase() {
            small += 1;
        } else if byte.is_ascii_digit() {
            small = 2;
        }
    }
    small >= 2 && word.bytes().any(|byte| b"aeiouAEIOU".contains(&byte))
}

/// The name of a bundle without the hash of its content: `main.4185d9aa.js` and `main-DbQ2xY9p.js` are `main.js`;
/// `1234.4185d9aa.js` is `<chunk>.js`.
pub fn without_hash(file: &str) -> String {
    let (stem, extension) = match file.split_once('.') {
        Some((stem, rest)) if !stem.is_empty() => (stem, rest),
        _ => return file.to_owned(),
    };
    let mut parts: Vec<&str> = extension.split('.').collect();
    parts.retain(|part| !is_hash(part) && (part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())));
    let name = stem_without_hash(stem);
    let is_numbered = name.bytes().all(|byte| byte.is_ascii_digit());
    let name = if name.is_empty() || is_numbered || is_hash(name) { "<chunk>" } else { name };
    if parts.is_empty() { name.to_owned() } else { format!("{name}.{}", parts.join(".")) }
}

/// A hash after a hyphen; those of eight characters may hold hyphens themselves.
fn stem_without_hash(stem: &str) -> &str {
    if let Some((name, last)) = stem.rsplit_once(['-', '~', '_'])
        && is_hash(last)
    {
        return name;
    }
    if let Some(at) = stem.len().checked_sub(9)
        && stem.is_char_boundary(at)
        && stem.as_bytes()[at] == b'-'
        && is_hash(&stem[at + 1..])
    {
        return &stem[..at];
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_lose_their_hashes_and_keep_their_names() {
        let cases = [
            ("main.4185d9aade26cd3a6285.js", "main.js"),
            ("index-DbQ2xY9p.js", "index.js"),
            ("index-DbQxYzpA.js", "index.js"),
            ("index-Db-2xY9p.js", "index.js"),
            ("chunk-2ABCDEFG.js", "chunk.js"),
            ("1234.4185d9aa.chunk.js", "<chunk>.chunk.js"),
            ("4185d9aade26cd3a6285.js", "<chunk>.js"),
            ("vendors~main.chunk.js", "vendors~main.chunk.js"),
            ("user-settings-dashboard.js", "user-settings-dashboard.js"),
            ("chunk-MyWidget.js", "chunk-MyWidget.js"),
            ("app-main-nav.js", "app-main-nav.js"),
            ("oauth2callback.ts", "oauth2callback.ts"),
            ("CheckoutPage.tsx", "CheckoutPage.tsx"),
            (".js", ".js"),
            ("é-éééééééé.js", "é-éééééééé.js"),
        ];
        for (file, expected) in cases {
            assert_eq!(without_hash(file), expected, "{file}");
        }
    }

    #[test]
    fn paths_keep_what_a_deployment_does_not_change() {
        let cases = [
            ("/srv/app/releases/20240102030405/app/models/user.rb", "models/user.rb"),
            ("./src/../src/cart.ts", "src/src/cart.ts"),
            ("app/models/user.rb", "app/models/user.rb"),
            ("C:/build/4185d9aade26/Shop/Cart.cs", "Shop/Cart.cs"),
            ("assets/v1.2.3/main.js", "assets/main.js"),
            ("", ""),
            ("/", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(stable(path), expected, "{path}");
        }
        assert_eq!(clean("a\\b.js?v=5#x"), "a/b.js");
        assert_eq!(after_last("/x/gems/y/gems/rails-7/lib", &["/gems/"]), Some("rails-7/lib"));
    }

    #[test]
    fn packages_lose_their_versions() {
        let cases = [
            ("rails-7.0.1", "rails"),
            ("serde-1.0.219", "serde"),
            ("pgx@v5.1.0", "pgx"),
            ("shop-4185d9aade26", "shop"),
            ("aws-sdk-s3-1.2.3", "aws-sdk-s3"),
            ("rack-test", "rack-test"),
            ("@scope", "@scope"),
            ("nokogiri-1.16.0-x86_64-linux", "nokogiri"),
        ];
        for (name, expected) in cases {
            assert_eq!(without_version(name), expected, "{name}");
        }
    }
}
