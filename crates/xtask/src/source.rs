//! Just enough of Rust's grammar: code without comments, literals and tests; the paths it imports; module lists.

/// The code with the contents of comments, strings and characters blanked, line by line where it was.
pub fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = skip_comment(bytes, at).or_else(|| skip_raw_string(bytes, at)).or_else(|| skip_literal(bytes, at));
        match end {
            Some(end) => {
                let lines = bytes[at..end].iter().filter(|byte| **byte == b'\n').count();
                out.push(' ');
                out.extend(std::iter::repeat_n('\n', lines));
                at = end;
            }
            None => {
                // Outside comments and literals Rust code is ASCII; anything else cannot matter here.
                out.push(if bytes[at].is_ascii() { bytes[at] as char } else { '?' });
                at += 1;
            }
        }
    }
    out
}

fn skip_comment(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes[at..].starts_with(b"//") {
        return Some(bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length));
    }
    if !bytes[at..].starts_with(b"/*") {
        return None;
    }
    let (mut depth, mut end) = (1, at + 2);
    while depth > 0 && end < bytes.len() {
        match &bytes[end..] {
            [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
            [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
    }
    Some(end)
}

fn skip_raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if bytes[at] != b'r' || (at > 0 && is_word(bytes[at - 1]) && bytes[at - 1] != b'b') {
        return None;
    }
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    let length = bytes[open + 1..].windows(close.len()).position(|window| window == close);
    Some(length.map_or(bytes.len(), |length| open + 1 + length + close.len()))
}

/// A string, byte string or character; a lifetime is none.
fn skip_literal(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = bytes[at];
    let is_character = || bytes.get(at + 1) == Some(&b'\\') || is_one_character(&bytes[at + 1..]);
    if quote != b'"' && !(quote == b'\'' && is_character()) {
        return None;
    }
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    Some((end + 1).min(bytes.len()))
}

fn is_one_character(bytes: &[u8]) -> bool {
    let length = match bytes.first() {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    };
    bytes.get(length) == Some(&b'\'')
}

/// What stands before the test module, which by custom ends a file.
pub fn without_tests(code: &str) -> &str {
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let attribute = from + found;
        let after = code[attribute + "#[cfg(test)]".len()..].trim_start();
        if after.starts_with("mod ") || after.starts_with("pub mod ") || after.starts_with("pub(crate) mod ") {
            return &code[..attribute];
        }
        from = attribute + 1;
    }
    code
}

/// Whether the file holds only tests.
pub fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/")
}

/// Names declared with `mod name;`, in order.
pub fn module_list(code: &str) -> Vec<String> {
    let declared = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub(super) ")).unwrap_or(line);
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    without_tests(code).lines().filter_map(declared).collect()
}

/// Every path in the code that starts with one of `starts`, with groups taken apart, as segments and line.
pub fn paths(code: &str, starts: &[&str]) -> Vec<(Vec<String>, usize)> {
    let mut found = Vec::new();
    for (position, _) in code.match_indices("::") {
        let word_start = code[..position].rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let first = &code[word_start..position];
        if !starts.contains(&first) || code[..word_start].ends_with("::") || code[..word_start].ends_with('$') {
            continue;
        }
        let line = code[..position].matches('\n').count() + 1;
        let mut tails = Vec::new();
        expand(&mut code[position + 2..].chars().peekable(), &mut vec![first.to_owned()], &mut tails);
        found.extend(tails.into_iter().map(|path| (path, line)));
    }
    found
}

/// Reads `a::{b, c::d}` into `a::b` and `a::c::d`.
fn expand(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let skip_space = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
    };
    let depth = prefix.len();
    skip_space(rest);
    if rest.next_if_eq(&'{').is_some() {
        while rest.peek().is_some_and(|c| *c != '}') {
            expand(rest, prefix, found);
            // Over ` as name` and the comma.
            while rest.next_if(|c| *c != ',' && *c != '}').is_some() {}
            rest.next_if_eq(&',');
            skip_space(rest);
        }
        rest.next();
        return;
    }
    let mut word = String::new();
    while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_' || *c == '*') {
        word.push(c);
    }
    if word.is_empty() {
        found.push(prefix.clone());
        return;
    }
    prefix.push(word);
    if rest.next_if_eq(&':').is_some() && rest.next_if_eq(&':').is_some() {
        expand(rest, prefix, found);
    } else {
        found.push(prefix.clone());
    }
    prefix.truncate(depth);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_stay() {
        let text = "a // crate::x\n/* b\n /* c */ */ d \"e \\\" f\" 'g' '\\'' r#\"h \" i\"# &'life k\n";
        let words: Vec<String> = code(text).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words, ["a", "d", "&'life", "k"]);
        assert_eq!(code(text).lines().count(), text.lines().count());
    }

    #[test]
    fn groups_of_paths_are_taken_apart() {
        let text = "use crate::{a::{B, c::D}, e as f};\nlet x = crate::g::h(1); other::crate::no; super::i::J::<K>";
        let found: Vec<(String, usize)> =
            paths(text, &["crate", "super"]).into_iter().map(|(path, line)| (path.join("::"), line)).collect();
        let expected = [("crate::a::B", 1), ("crate::a::c::D", 1), ("crate::e", 1), ("crate::g::h", 2)];
        assert_eq!(found[..4], expected.map(|(path, line)| (path.to_owned(), line)));
        assert_eq!(found[4], ("super::i::J".to_owned(), 2));
    }

    #[test]
    fn module_lists_keep_their_order_and_leave_tests_out() {
        let text = "pub mod b;\nmod a;\npub(crate) mod c;\nmod inline { }\n#[cfg(test)]\nmod tests;\n";
        assert_eq!(module_list(text), ["b", "a", "c"]);
    }
}
