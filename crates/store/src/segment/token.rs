//! Words and values as 64-bit hashes: what the token index stores and what a search asks it for.
//!
//! Writer and searcher must agree on every byte, so both use these functions, and `docs/format/segment.md` fixes them.
//! A word is a maximal run of letters and digits, lower-cased, of 1 to 64 bytes. Where words are joined inside by
//! `-`, `_`, `.`, `:` or `@` (`order-17`, `eve@example.com`), the whole counts as one more word. Longer runs are not
//! indexed and never asked for.

use twox_hash::XxHash3_64;

/// Longest word in bytes of its lower-cased UTF-8 form.
pub const WORD_BYTES_MAX: usize = 64;

/// Keeps words apart from values: XXH3 of `whodunit/word/v1`.
const WORD_SEED: u64 = 0x0645_58cf_1b15_9471;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Ends words and joined words.
    Space,
    /// Joins words if there is one on both sides.
    Joiner,
    /// Part of a word.
    Letter,
    /// Not ASCII: the character decides.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Space; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Class::Letter,
            b'-' | b'_' | b'.' | b':' | b'@' => Class::Joiner,
            128.. => Class::Wide,
            _ => Class::Space,
        };
        byte += 1;
    }
    classes
};

fn class_of(character: char) -> Class {
    match u8::try_from(character) {
        Ok(byte) if byte < 128 => CLASSES[usize::from(byte)],
        _ if character.is_alphanumeric() => Class::Letter,
        _ => Class::Space,
    }
}

/// Calls `each` with the hash of every word of `text`, in order, repetitions included.
pub fn words(text: &str, mut each: impl FnMut(u64)) {
    if text.is_ascii() {
        return ascii_words(text.as_bytes(), &mut each);
    }
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let is_space = |byte: &u8| CLASSES[usize::from(*byte)] == Class::Space;
        let end = bytes[start..].iter().position(is_space).map_or(bytes.len(), |length| start + length);
        // Both ends lie beside ASCII bytes or the ends of the text, hence on character boundaries.
        let stretch = &text[start..end];
        if stretch.is_ascii() {
            ascii_words(stretch.as_bytes(), &mut each);
        } else {
            wide_stretch(stretch, &mut each);
        }
        start = end + 1;
    }
}

/// Words and joined words of an ASCII text.
fn ascii_words(text: &[u8], each: &mut impl FnMut(u64)) {
    /// Texts up to this are lower-cased on the stack.
    const STACK_BYTES: usize = 1024;
    let mut stack = [0; STACK_BYTES];
    let mut heap = Vec::new();
    let lower = match stack.get_mut(..text.len()) {
        Some(stack) => stack,
        None => {
            heap.resize(text.len(), 0);
            &mut heap[..]
        }
    };
    for (lower, byte) in lower.iter_mut().zip(text) {
        *lower = byte.to_ascii_lowercase();
    }
    let mut word = |start: usize, end: usize| {
        if end - start <= WORD_BYTES_MAX {
            each(word_hash(&lower[start..end]));
        }
    };
    let is_joiner = |byte: &u8| CLASSES[usize::from(*byte)] == Class::Joiner;
    let (mut joined_start, mut parts, mut before) = (0, 0, 0);
    letter_runs(text, |start, end| {
        if parts > 0 && text[before..start].iter().all(is_joiner) {
            parts += 1;
        } else {
            if parts > 1 {
                word(joined_start, before);
            }
            (joined_start, parts) = (start, 1);
        }
        word(start, end);
        before = end;
    });
    if parts > 1 {
        word(joined_start, before);
    }
}

/// Calls `each` with start and end of every run of ASCII letters and digits.
///
/// Words are short, so a loop that asks each byte guesses wrong at each end of each of them; here 64 bytes at a time
/// become bits without a branch, and only the ends of runs are visited.
fn letter_runs(text: &[u8], mut each: impl FnMut(usize, usize)) {
    const CHUNK: usize = 64;
    let mut start = None;
    for (index, chunk) in text.chunks(CHUNK).enumerate() {
        let mut letters = [0u8; CHUNK];
        for (letter, byte) in letters.iter_mut().zip(chunk) {
            *letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26) | u8::from(byte.wrapping_sub(b'0') < 10);
        }
        let bits = bits_of(&letters);
        // A bit is set where a run begins, and one behind where it ends.
        let mut ends = bits ^ (bits << 1 | u64::from(start.is_some()));
        while ends != 0 {
            let at = index * CHUNK + ends.trailing_zeros() as usize;
            ends &= ends - 1;
            match start.take() {
                None => start = Some(at),
                Some(start) => each(start, at),
            }
        }
    }
    if let Some(start) = start {
        each(start, text.len());
    }
}

/// Bytes of 0 and 1 as bits, the first one lowest.
fn bits_of(bytes: &[u8; 64]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        // Each product moves one byte's bit into the highest byte, where none meets another.
        bits << 8 | u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// The same for a stretch with characters beyond ASCII, among which some may be spaces.
fn wide_stretch(stretch: &str, each: &mut impl FnMut(u64)) {
    for part in stretch.split(|character| class_of(character) == Class::Space) {
        let joined = part.trim_matches(|character| class_of(character) == Class::Joiner);
        let mut words = joined.split(|character| class_of(character) == Class::Joiner);
        let first = words.next().unwrap_or_default();
        wide_word(first, each);
        let mut more = false;
        for word in words {
            more = true;
            wide_word(word, each);
        }
        if more {
            wide_word(joined, each);
        }
    }
}

fn wide_word(word: &str, each: &mut impl FnMut(u64)) {
    // Lower-casing shrinks a character from three bytes to one at most, so this skips hopeless work only.
    if word.is_empty() || word.len() > 4 * WORD_BYTES_MAX {
        return;
    }
    // Character by character: the lower case of a final sigma must not depend on its neighbours.
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    if lower.len() <= WORD_BYTES_MAX {
        each(word_hash(lower.as_bytes()));
    }
}

fn word_hash(lower: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(WORD_SEED, lower)
}

/// The hash of one value of one column: the bytes of an id, the UTF-8 of a text.
pub fn value(column: &str, value: &[u8]) -> u64 {
    value_with(column_seed(column), value)
}

/// What [`value`] derives from the column, for hashing many values of one.
pub(crate) fn column_seed(column: &str) -> u64 {
    let mut tagged = Vec::with_capacity(17 + column.len());
    tagged.extend_from_slice(b"whodunit/value/v1");
    tagged.extend_from_slice(column.as_bytes());
    XxHash3_64::oneshot(&tagged)
}

pub(crate) fn value_with(seed: u64, value: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(seed, value)
}

/// The words that every text matching a SQL `LIKE` pattern (escape `\`) must have.
///
/// Only words with a known end on both sides inside the pattern count: `%ab cd ef%` demands `cd`, since `ab` may be
/// the end of a longer word. Not for `ILIKE`, whose case folding joins letters that lower-casing keeps apart.
pub fn words_in_like_pattern(pattern: &str) -> Vec<u64> {
    let mut found = Vec::new();
    let mut word = String::new();
    // Whether the left end of `word` is known.
    let mut open = true;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            '%' | '_' => None,
            '\\' => characters.next(),
            other => Some(other),
        };
        match literal {
            None => {
                word.clear();
                open = false;
            }
            Some(letter) if class_of(letter) == Class::Letter => word.push(letter),
            Some(_) => {
                if open {
                    wide_word(&word, &mut |hash| found.push(hash));
                }
                word.clear();
                open = true;
            }
        }
    }
    if open {
        wide_word(&word, &mut |hash| found.push(hash));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        words(text, |hash| found.push(hash));
        found
    }

    fn hashes(words: &[&str]) -> Vec<u64> {
        words.iter().map(|word| word_hash(word.as_bytes())).collect()
    }

    #[test]
    fn words_are_lower_cased_runs_and_joined_ids_count_whole_too() {
        for (text, words) in [
            ("", &[][..]),
            ("Payment FAILED", &["payment", "failed"]),
            ("order-17, paid", &["order", "17", "order-17", "paid"]),
            ("<Eve@Example.com>", &["eve", "example", "com", "eve@example.com"]),
            ("--a--b--", &["a", "b", "a--b"]),
            ("...", &[]),
            ("Ünïcode→STRAßE-9", &["ünïcode", "straße", "9", "straße-9"]),
            ("ΣΑΣ", &["σασ"]),
            ("日本語 テスト", &["日本語", "テスト"]),
        ] {
            let mut expected = hashes(words);
            // An empty word between two joiners is none.
            expected.retain(|hash| *hash != word_hash(b""));
            assert_eq!(all(text), expected, "{text:?}");
        }
    }

    /// The definition of a word, character by character.
    fn by_definition(text: &str) -> Vec<u64> {
        let of_stretch = |part: &str| {
            let joined = part.trim_matches(|character| class_of(character) == Class::Joiner);
            let mut words: Vec<&str> = joined.split(|character| class_of(character) == Class::Joiner).collect();
            if words.len() > 1 {
                words.push(joined);
            }
            words.into_iter().map(str::to_lowercase).filter(|word| (1..=WORD_BYTES_MAX).contains(&word.len())).collect()
        };
        let stretches = text.split(|character| class_of(character) == Class::Space);
        stretches.flat_map::<Vec<String>, _>(of_stretch).map(|word| word_hash(word.as_bytes())).collect()
    }

    proptest::proptest! {
        #[test]
        fn words_are_those_of_the_definition(text in "[a-cA-C0-9é→ .:@_{}\"-]{0,300}") {
            proptest::prop_assert_eq!(all(&text), by_definition(&text));
        }

        #[test]
        fn words_of_long_runs_are_those_of_the_definition(text in "[a-z.-]{0,400}( [A-Z]{50,80}){0,20}") {
            proptest::prop_assert_eq!(all(&text), by_definition(&text));
        }
    }

    #[test]
    fn a_run_that_is_too_long_is_left_out_but_its_neighbours_are_not() {
        let long = "x".repeat(WORD_BYTES_MAX + 1);
        assert_eq!(all(&format!("a {long} b")), hashes(&["a", "b"]));
        assert_eq!(all(&format!("a-{long}")), hashes(&["a"]));
        assert_eq!(all(&long[1..]), hashes(&[&long[1..]]));
    }

    #[test]
    fn a_pattern_demands_only_words_with_both_ends_known() {
        for (pattern, words) in [
            ("%rare%", &[][..]),
            ("%ab cd ef%", &["cd"]),
            ("Start of%", &["start"]),
            ("%the end", &["end"]),
            ("whole", &["whole"]),
            ("100\\% sure_ly", &["100"]),
            ("%-x-%", &["x"]),
            ("%a_b%", &[]),
        ] {
            assert_eq!(words_in_like_pattern(pattern), hashes(words), "{pattern:?}");
        }
    }

    #[test]
    fn seeds_are_what_the_format_says() {
        assert_eq!(WORD_SEED, XxHash3_64::oneshot(b"whodunit/word/v1"));
    }
}
