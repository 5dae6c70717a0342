//! The labels of a stream as Loki's protobuf carries them: `{app="shop", pod="a\"b"}`, values quoted as in Go.

use std::borrow::Cow;

/// The next label of what is left of the text, with its value; the rest begins at its comma or closing brace.
pub type Label<'a> = (&'a str, Cow<'a, str>);

/// Reads all labels, in the order in which they stand.
pub fn parse(text: &str) -> Result<Vec<Label<'_>>, String> {
    let refuse = |what: &str| Err(format!("labels {text:?}: {what}"));
    let inner = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let Some(mut rest) = inner.map(str::trim) else { return refuse("expected {name=\"value\", …}") };
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else { return refuse("expected = after a name") };
        let Some((value, after)) = quoted(after.trim_start()) else { return refuse("expected a value in quotes") };
        labels.push((name.trim(), value));
        rest = match after.trim_start() {
            "" => "",
            more => match more.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None => return refuse("expected , or }"),
            },
        };
    }
    Ok(labels)
}

/// A quoted value and what follows it.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if let Some(raw) = text.strip_prefix('`') {
        let (value, rest) = raw.split_once('`')?;
        return Some((Cow::Borrowed(value), rest));
    }
    let text = text.strip_prefix('"')?;
    let stop = memchr::memchr2(b'"', b'\\', text.as_bytes())?;
    if text.as_bytes()[stop] == b'"' {
        return Some((Cow::Borrowed(&text[..stop]), &text[stop + 1..]));
    }
    // Escapes may spell single bytes of a character, so bytes are collected.
    let mut value = text.as_bytes()[..stop].to_vec();
    let mut rest = &text[stop..];
    loop {
        let stop = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
        value.extend_from_slice(&rest.as_bytes()[..stop]);
        if rest.as_bytes()[stop] == b'"' {
            return Some((Cow::Owned(String::from_utf8(value).ok()?), &rest[stop + 1..]));
        }
        rest = unescape(&rest[stop + 1..], &mut value)?;
    }
}

/// Resolves the escape after a backslash as Go's `strconv.Unquote` does, and gives what follows it.
fn unescape<'t>(text: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let kind = *text.as_bytes().first()?;
    let plain = match kind {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'"' | b'\'' => kind,
        b'x' => {
            out.push(u8::from_str_radix(text.get(1..3)?, 16).ok()?);
            return text.get(3..);
        }
        b'0'..=b'7' => {
            out.push(u8::from_str_radix(text.get(..3)?, 8).ok()?);
            return text.get(3..);
        }
        b'u' | b'U' => {
            let end = if kind == b'u' { 5 } else { 9 };
            let code = u32::from_str_radix(text.get(1..end)?, 16).ok()?;
            let character = char::from_u32(code)?;
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return text.get(end..);
        }
        _ => return None,
    };
    out.push(plain);
    text.get(1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_go_writes_them() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("{}", &[]),
            (r#"{app="shop"}"#, &[("app", "shop")]),
            (r#" { app = "shop" , pod="a, b=}" } "#, &[("app", "shop"), ("pod", "a, b=}")]),
            (r#"{a="q\"\\\n\u00e9\x41\101",b=`raw\n`,}"#, &[("a", "q\"\\\né\u{41}A"), ("b", "raw\\n")]),
            (r#"{a="\xc3\xa9\U0001f600"}"#, &[("a", "é😀")]),
        ];
        for (text, expected) in cases {
            let found = parse(text).expect(text);
            let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (*name, value.as_ref())).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }

    #[test]
    fn what_are_no_labels_is_refused() {
        for text in [
            "",
            "{",
            "app",
            "{app}",
            "{app=shop}",
            r#"{app="shop}"#,
            r#"{a="1" b="2"}"#,
            r#"{a="\q"}"#,
            r#"{a="\xff"}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
