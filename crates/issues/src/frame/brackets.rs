//! Takes bracketed parts out of names: generics, arguments, disambiguators.

/// The text without what stands between `open` and `close`, nested or not. An arrow is no closing bracket.
pub fn without(text: &str, open: char, close: char) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut before) = (0usize, ' ');
    for character in text.chars() {
        if character == open {
            depth += 1;
        } else if character == close && depth > 0 {
            if before != '-' {
                depth -= 1;
            }
        } else if depth == 0 {
            out.push(character);
        }
        before = character;
    }
    out
}

/// The byte after the bracket that closes the one that the text starts with.
pub fn end_of_first(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut before) = (0usize, ' ');
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close && before != '-' {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at + close.len_utf8());
            }
        } else if depth == 0 {
            return None;
        }
        before = character;
    }
    None
}

/// The two sides of ` as ` outside of all brackets.
pub fn split_as(text: &str) -> (&str, Option<&str>) {
    let (mut depth, mut before) = (0usize, ' ');
    for (at, character) in text.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && text[at..].starts_with(" as ") => return (&text[..at], Some(&text[at + 4..])),
            _ => {}
        }
        before = character;
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_nest_and_arrows_do_not_close() {
        assert_eq!(without("a<b<c>, fn() -> d>::e", '<', '>'), "a::e");
        assert_eq!(without("a>b", '<', '>'), "a>b");
        assert_eq!(without("a<b", '<', '>'), "a");
        assert_eq!(end_of_first("<a<b> as c>::d", '<', '>'), Some(11));
        assert_eq!(end_of_first("a", '<', '>'), None);
        assert_eq!(split_as("a<b as c> as d"), ("a<b as c>", Some("d")));
    }
}
