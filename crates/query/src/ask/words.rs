//! A question cut into words. Text in quotes is one word that means itself and nothing else.

/// One word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written, without quotes and without punctuation at its end.
    pub text: String,
    pub lower: String,
    pub quoted: bool,
}

/// Words that carry no meaning here.
const FILLERS: &[&str] = &["the", "please", "all", "ever", "exactly"];
/// Words that open a request and say nothing about it.
const OPENERS: &[&str] = &["show", "list", "tell", "give", "find", "get", "me", "us", "can", "could", "you"];
const QUOTES: &[(char, char)] = &[('\'', '\''), ('"', '"'), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»')];

/// The words of a text in order, without fillers.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let closing = QUOTES.iter().find(|(open, _)| *open == first).map(|(_, close)| *close);
        let inside = &rest[first.len_utf8()..];
        if let Some(end) = closing.and_then(|closing| quoted_end(inside, closing)) {
            let quoted = &inside[..end];
            words.push(Word { text: quoted.to_owned(), lower: quoted.to_lowercase(), quoted: true });
            let after = &inside[end..];
            rest = after[after.chars().next().map_or(0, char::len_utf8)..].trim_start_matches(is_punctuation);
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.extend(bare(&rest[..end]));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    without_fillers(words)
}

/// Where a quoted text ends: at a closing quote that nothing but punctuation or space follows.
fn quoted_end(inside: &str, closing: char) -> Option<usize> {
    inside.match_indices(closing).map(|(at, quote)| (at, &inside[at + quote.len()..])).find_map(|(at, after)| {
        let ends = after.chars().next().is_none_or(|next| next.is_whitespace() || is_punctuation(next));
        ends.then_some(at)
    })
}

fn is_punctuation(character: char) -> bool {
    matches!(character, '?' | '!' | ',' | ';' | '.' | ':')
}

fn bare(text: &str) -> Option<Word> {
    let text = text.trim_end_matches(is_punctuation);
    (!text.is_empty()).then(|| Word { text: text.to_owned(), lower: text.to_lowercase(), quoted: false })
}

fn without_fillers(words: Vec<Word>) -> Vec<Word> {
    let is = |word: &Word, list: &[&str]| !word.quoted && list.contains(&word.lower.as_str());
    let last = words.len().saturating_sub(1);
    let kept = words.into_iter().enumerate().skip_while(|(_, word)| is(word, OPENERS)).filter(|(index, word)| {
        // "a" may be an id when nothing follows it.
        let article = *index < last && !word.quoted && matches!(word.text.as_str(), "a" | "an");
        !article && !is(word, FILLERS)
    });
    kept.map(|(_, word)| word).collect()
}

/// Words as one text, as they were written.
pub fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| if word.quoted { format!("<{}>", word.text) } else { word.text }).collect()
    }

    #[test]
    fn quotes_make_one_word_of_anything() {
        assert_eq!(shown("Who deleted the order #17?"), ["Who", "deleted", "order", "#17"]);
        assert_eq!(shown("who deleted user 'Dana O'Hara'?"), ["who", "deleted", "user", "<Dana O'Hara>"]);
        assert_eq!(shown("who read \"the file\", today"), ["who", "read", "<the file>", "today"]);
        assert_eq!(shown("what did O'Hara do"), ["what", "did", "O'Hara", "do"]);
        assert_eq!(shown("who deleted order 'x"), ["who", "deleted", "order", "'x"]);
        assert_eq!(shown("show me who deleted order a"), ["who", "deleted", "order", "a"]);
        assert_eq!(shown("who deleted “x y”"), ["who", "deleted", "<x y>"]);
        assert!(shown(" ?! ").is_empty());
    }
}
