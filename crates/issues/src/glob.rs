//! Globs for paths, functions and words: `?` one character, `*` within a segment, `**` across segments.
//!
//! In names a segment ends at `/`, `\` or `:`, so that `app/*.py` stays in one directory and `shop::*` in one module; in
//! sentences there are no segments. Matching keeps the set of places in the pattern that may be next, as one bit each: linear in the text for any pattern.

use std::fmt;

/// Elements of one pattern.
const ELEMENTS_MAX: usize = 256;
const WORDS: usize = ELEMENTS_MAX / 64 + 1;

/// A pattern that people wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    elements: Vec<Element>,
    of: Of,
}

/// What a pattern is matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Paths, modules, functions: `*` and `?` stay in a segment.
    Names,
    /// Messages and other sentences: `*` and `?` match anything.
    Sentences,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    One(char),
    Any,
    Star,
    DoubleStar,
}

/// The pattern cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GlobError {
    #[error("an empty pattern matches nothing")]
    Empty,
    #[error("the pattern has {0} characters, more than {ELEMENTS_MAX}")]
    TooLong(usize),
}

impl Glob {
    /// Letters match in either case: paths come from systems that do not agree about it.
    pub fn parse(text: &str, of: Of) -> Result<Glob, GlobError> {
        let mut elements = Vec::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            elements.push(match character {
                '*' if characters.next_if_eq(&'*').is_some() => {
                    while characters.next_if_eq(&'*').is_some() {}
                    Element::DoubleStar
                }
                '*' => Element::Star,
                '?' => Element::Any,
                other => Element::One(fold(other)),
            });
        }
        match elements.len() {
            0 => Err(GlobError::Empty),
            length if length > ELEMENTS_MAX => Err(GlobError::TooLong(length)),
            _ => Ok(Glob { text: text.to_owned(), elements, of }),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole text fits.
    pub fn matches(&self, text: &str) -> bool {
        // Patterns are short: one word of states, in a register, for nearly all of them.
        if self.elements.len() < 64 { self.run::<1>(text) } else { self.run::<WORDS>(text) }
    }

    fn run<const N: usize>(&self, text: &str) -> bool {
        let mut now = States::<N>::NONE;
        self.reach(&mut now, 0);
        for character in text.chars() {
            let character = fold(character);
            let mut next = States::<N>::NONE;
            for state in now.iter(self.elements.len()) {
                match self.elements[state] {
                    Element::One(expected) if expected == character => self.reach(&mut next, state + 1),
                    Element::Any if !self.ends_segment(character) => self.reach(&mut next, state + 1),
                    Element::Star if !self.ends_segment(character) => self.stay(&mut next, state),
                    Element::DoubleStar => self.stay(&mut next, state),
                    _ => {}
                }
            }
            if next == States::NONE {
                return false;
            }
            now = next;
        }
        now.has(self.elements.len())
    }

    /// Adds a state that was come to, and those behind stars that match nothing.
    fn reach<const N: usize>(&self, states: &mut States<N>, from: usize) {
        let mut state = from;
        loop {
            states.add(state);
            match self.elements.get(state) {
                Some(Element::Star) => {}
                Some(Element::DoubleStar) => {
                    // `**/` between segments also matches none at all, so that `**/x.py` finds `x.py`.
                    let starts_segment = state == 0 || matches!(self.elements[state - 1], Element::One('/' | ':'));
                    if starts_segment && self.elements.get(state + 1) == Some(&Element::One('/')) {
                        self.reach(states, state + 2);
                    }
                }
                _ => return,
            }
            state += 1;
        }
    }

    fn ends_segment(&self, character: char) -> bool {
        self.of == Of::Names && matches!(character, '/' | ':')
    }

    /// Adds a star that goes on, and what stands behind it.
    fn stay<const N: usize>(&self, states: &mut States<N>, star: usize) {
        states.add(star);
        self.reach(states, star + 1);
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

fn fold(character: char) -> char {
    if character == '\\' { '/' } else { character.to_ascii_lowercase() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct States<const N: usize>([u64; N]);

impl<const N: usize> States<N> {
    const NONE: States<N> = States([0; N]);

    fn add(&mut self, state: usize) {
        self.0[state / 64] |= 1 << (state % 64);
    }

    /// The states below `end`. Usually there are two or three of them, in one word.
    fn iter(&self, end: usize) -> impl Iterator<Item = usize> {
        let words = self.0.into_iter().take(end / 64 + 1).enumerate();
        let states = words.flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.wrapping_sub(1);
                (bit < 64).then_some(index * 64 + bit)
            })
        });
        states.take_while(move |state| *state < end)
    }

    fn has(&self, state: usize) -> bool {
        self.0[state / 64] & (1 << (state % 64)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        let cases = [
            ("app/*.py", "app/views.py", true),
            ("app/*.py", "app/api/views.py", false),
            ("app/**", "app/api/views.py", true),
            ("app/**", "application/x.py", false),
            ("**/vendor/**", "vendor/x.go", true),
            ("**/vendor/**", "/srv/vendor/x.go", true),
            ("**/vendor/**", "/srv/myvendor/x.go", false),
            ("C:\\app\\**", "c:/app/main.cs", true),
            ("shop::*", "shop::cart", true),
            ("shop::*", "shop::cart::total", false),
            ("shop::**", "shop::cart::total", true),
            ("?at", "cat", true),
            ("?at", "at", false),
            ("*", "", true),
            ("*Error", "KeyError", true),
            ("ключ*", "ключи", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Glob::parse(pattern, Of::Names).unwrap().matches(text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn sentences_have_no_segments() {
        assert!(!Glob::parse("declined *", Of::Sentences).unwrap().matches("Declined: https://example.com/a"));
        assert!(Glob::parse("declined* ?", Of::Sentences).unwrap().matches("Declined: https://example.com/a /"));
    }

    #[test]
    fn patterns_that_make_others_backtrack_are_linear() {
        let pattern = Glob::parse(&"*a".repeat(128), Of::Names).unwrap();
        assert!(!pattern.matches(&"a".repeat(100_000).replace("aaaaaaaaaa", "aaaaaaaaa/")));
        assert_eq!(Glob::parse(&"a".repeat(257), Of::Names), Err(GlobError::TooLong(257)));
        assert_eq!(Glob::parse("", Of::Names), Err(GlobError::Empty));
    }
}
