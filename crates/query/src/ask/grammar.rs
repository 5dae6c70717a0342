//! Text to question: patterns of the table of kinds against words, with backtracking over what fills a hole.

use std::sync::LazyLock;

use super::kinds::{KINDS, Kind};
use super::question::Question;
use super::slots::{Slot, Slots};
use super::when::Clock;
use super::words::Word;

/// One part of a pattern.
#[derive(Debug)]
pub enum Part {
    /// One of these words.
    Words(Vec<&'static str>),
    Slot(Slot),
    /// May be left out.
    Optional(Vec<Part>),
}

/// The patterns of all kinds, in the order of the table.
static PATTERNS: LazyLock<Vec<(&'static Kind, Vec<Part>)>> = LazyLock::new(|| {
    let of_kind = |kind: &'static Kind| kind.patterns.iter().map(move |pattern| (kind, parse(pattern)));
    KINDS.iter().flat_map(of_kind).collect()
});

pub fn patterns() -> &'static [(&'static Kind, Vec<Part>)] {
    &PATTERNS
}

/// The first reading in the order of the table; `None` if no pattern takes all words.
pub fn read(words: &[Word], clock: Clock) -> Option<(&'static Kind, Question)> {
    patterns().iter().find_map(|(kind, pattern)| {
        let parts: Vec<&Part> = pattern.iter().collect();
        let slots = fit(&parts, words, clock, &Slots::default())?;
        Some((*kind, (kind.build)(slots)?))
    })
}

/// A pattern of the table. Panics on a malformed one, which the tests would see.
fn parse(pattern: &'static str) -> Vec<Part> {
    let mut open: Vec<Vec<Part>> = vec![Vec::new()];
    for token in pattern.split_inclusive([' ', '[', ']']).flat_map(|piece| {
        let word = piece.trim_end_matches([' ', '[', ']']);
        [word, piece[word.len()..].trim()]
    }) {
        let last = open.last_mut().expect("never popped when alone");
        match token {
            "" => {}
            "[" => open.push(Vec::new()),
            "]" => {
                let inner = open.pop().expect("never popped when alone");
                open.last_mut().expect("brackets come in pairs").push(Part::Optional(inner));
            }
            _ => last.push(match token.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Part::Slot(Slot::from_name(name).expect("patterns name slots that exist")),
                None => Part::Words(token.split('|').collect()),
            }),
        }
    }
    open.pop().expect("brackets come in pairs")
}

/// Takes all words with all parts, shortest fillings first.
fn fit(parts: &[&Part], words: &[Word], clock: Clock, slots: &Slots) -> Option<Slots> {
    let Some((part, rest)) = parts.split_first() else {
        return words.is_empty().then(|| slots.clone());
    };
    match part {
        Part::Words(alternatives) => {
            let (word, left) = words.split_first()?;
            let fits = !word.quoted && alternatives.contains(&word.lower.as_str());
            if fits { fit(rest, left, clock, slots) } else { None }
        }
        Part::Optional(inner) => {
            let with: Vec<&Part> = inner.iter().chain(rest.iter().copied()).collect();
            fit(&with, words, clock, slots).or_else(|| fit(rest, words, clock, slots))
        }
        Part::Slot(slot) => (1..=slot.words_max().min(words.len())).find_map(|length| {
            let (taken, left) = words.split_at(length);
            fit(rest, left, clock, &slot.fill(taken, clock, slots)?)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::words::words;
    use crate::ask::zone::Zone;
    use whodunit_stdx::Timestamp;

    fn kind_of(text: &str) -> Option<&'static str> {
        let clock = Clock { now: Timestamp(1_795_602_600_000_000_000), zone: Zone::utc() };
        read(&words(text), clock).map(|(kind, _)| kind.name)
    }

    #[test]
    fn every_kind_reads_its_own_example() {
        for kind in KINDS {
            let filled = kind
                .example
                .replace("{target}", "order 17")
                .replace("{verb}", "deleted")
                .replace("{actor}", "dana")
                .replace("{service}", "shop")
                .replace("{id}", "b-1")
                .replace("{ip}", "203.0.113.9")
                .replace("{when}", "yesterday");
            assert!(!filled.contains('{'), "{filled}");
            assert_eq!(kind_of(&filled), Some(kind.name), "{filled}");
        }
    }

    #[test]
    fn names_of_kinds_are_unique() {
        let mut names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len());
    }

    #[test]
    fn long_nonsense_ends_soon() {
        let text = "who changed the changed of order changed of what by who last ".repeat(6);
        assert_eq!(kind_of(&text), None);
    }
}
