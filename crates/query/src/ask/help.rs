//! Questions that were not understood: which ones are near, filled with what was recognised.

use std::collections::BTreeSet;

use whodunit_api::query::Suggestion;

use super::grammar::{self, Part};
use super::kinds::{KINDS, Kind};
use super::slots::target;
use super::verbs;
use super::when::{self, Clock};
use super::words::{self, Word, joined};
use crate::names::nearest;

/// Most suggestions of one answer.
pub const SUGGESTIONS_MAX: usize = 4;

/// Longer words are not looked for among the misspelled ones.
const WORD_BYTES_MAX: usize = 20;

/// Near questions, best first.
pub fn suggestions(words: &[Word], clock: Clock) -> Vec<Suggestion> {
    let mut all: Vec<Suggestion> = corrected(words, clock).into_iter().collect();
    let known = Recognised::of(words, clock);
    let mut near: Vec<(usize, &Kind)> = KINDS.iter().map(|kind| (score(kind, words, &known), kind)).collect();
    near.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    for (_, kind) in near {
        let question = known.fill(kind.example);
        // What was recognised may not fit where the example has it.
        let fits = grammar::read(&words::words(&question), clock).is_some();
        if fits && all.len() < SUGGESTIONS_MAX && all.iter().all(|one| one.kind != kind.name) {
            all.push(Suggestion { kind: kind.name.to_owned(), question });
        }
    }
    all
}

/// The question with misspelled words put right, if it is one then.
fn corrected(words: &[Word], clock: Clock) -> Option<Suggestion> {
    let mut known: BTreeSet<&str> = verbs::listed().collect();
    fn collect(parts: &[Part], known: &mut BTreeSet<&str>) {
        for part in parts {
            match part {
                Part::Words(words) => known.extend(words.iter()),
                Part::Optional(inner) => collect(inner, known),
                Part::Slot(_) => {}
            }
        }
    }
    grammar::patterns().iter().for_each(|(_, parts)| collect(parts, &mut known));
    known.extend(["today", "yesterday", "last", "since", "minutes", "hours", "days", "weeks", "hour", "week", "month"]);
    // One misspelled word is put right at a time, and then all of them, so that names stay as they are.
    let right = |word: &Word| {
        let wrong =
            !word.quoted && (4..=WORD_BYTES_MAX).contains(&word.lower.len()) && !known.contains(word.lower.as_str());
        let near = if wrong { nearest(&word.lower, known.iter().copied()) } else { Vec::new() };
        // Of words that are equally near, the one that ends alike: `deletd` is `deleted`, not `delete`.
        let alike = near.iter().find(|one| one.chars().last() == word.lower.chars().last());
        let text = alike.or(near.first())?.clone();
        Some(Word { lower: text.clone(), text, quoted: false })
    };
    let try_with = |change: &dyn Fn(usize) -> bool| {
        let fixed: Vec<Word> = words
            .iter()
            .enumerate()
            .map(|(index, word)| change(index).then(|| right(word)).flatten().unwrap_or_else(|| word.clone()))
            .collect();
        let (kind, _) = grammar::read(&fixed, clock).filter(|_| fixed != words)?;
        Some(Suggestion { kind: kind.name.to_owned(), question: written(&fixed) })
    };
    (0..words.len()).find_map(|index| try_with(&|at| at == index)).or_else(|| try_with(&|_| true))
}

fn written(words: &[Word]) -> String {
    let one = |word: &Word| if word.quoted { format!("'{}'", word.text) } else { word.text.clone() };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Parts of the question that make sense on their own.
struct Recognised {
    verb: Option<String>,
    target: Option<String>,
    actor: Option<String>,
    when: Option<String>,
}

impl Recognised {
    fn of(words: &[Word], clock: Clock) -> Recognised {
        let verb = words.iter().find_map(|word| verbs::find(&word.lower)).map(|verb| verb.past);
        let spans = |lengths: &'static [usize]| lengths.iter().flat_map(|length| words.windows(*length));
        let is_free = |span: &&[Word]| span.iter().all(|word| word.quoted || verbs::find(&word.lower).is_none());
        // A type and an id first: a longer name may have swallowed a word that means something else.
        let is_thing = |span: &&[Word]| {
            let sure = |id: &str| id.contains(|sign: char| sign.is_ascii_digit() || sign == '@');
            target(span).is_some_and(|target| sure(&target.id)) || matches!(span, [.., last] if last.quoted)
        };
        let target = spans(&[2, 3, 1]).filter(is_free).find(is_thing).map(written);
        let when = spans(&[6, 5, 4, 3, 2, 1]).find(|span| when::parse(span, clock).is_some()).map(joined);
        let actor = words.iter().find(|word| word.text.contains('@')).map(|word| word.text.clone());
        Recognised { verb, target, actor, when }
    }

    fn fill(&self, example: &str) -> String {
        let or = |known: &Option<String>, other: &str| known.clone().unwrap_or_else(|| other.to_owned());
        example
            .replace("{verb}", &or(&self.verb, "deleted"))
            .replace("{target}", &or(&self.target, "order 17"))
            .replace("{actor}", &or(&self.actor, "dana@example.com"))
            .replace("{when}", &or(&self.when, "yesterday"))
            .replace("{service}", "shop")
            .replace("{id}", "b-17")
            .replace("{ip}", "203.0.113.9")
    }
}

/// How much of a kind the words name: words of its patterns, and what would fill its example.
fn score(kind: &Kind, words: &[Word], known: &Recognised) -> usize {
    let listed = |word: &&Word| {
        !word.quoted
            && word.lower.len() > 2
            && kind.patterns.iter().any(|pattern| pattern.split(['|', ' ', '[', ']']).any(|part| part == word.lower))
    };
    let named = words.iter().filter(listed).count();
    let fills =
        [("{verb}", &known.verb), ("{target}", &known.target), ("{actor}", &known.actor), ("{when}", &known.when)];
    let holes: Vec<_> = fills.iter().filter(|(hole, _)| kind.example.contains(hole)).collect();
    let filled = holes.iter().filter(|(_, value)| value.is_some()).count();
    let whole = usize::from(filled > 0 && filled == holes.len());
    2 * named + 3 * filled + whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::words::words;
    use crate::ask::zone::Zone;
    use whodunit_stdx::Timestamp;

    fn suggested(text: &str) -> Vec<String> {
        let clock = Clock { now: Timestamp(1_795_602_600_000_000_000), zone: Zone::utc() };
        suggestions(&words(text), clock).into_iter().map(|one| one.question).collect()
    }

    #[test]
    fn a_misspelled_question_is_put_right_first() {
        assert_eq!(suggested("who deletd order 17")[0], "who deleted order 17");
        assert_eq!(suggested("faild logins yesterdy")[0], "failed logins yesterday");
    }

    #[test]
    fn what_was_recognised_fills_the_examples() {
        let all = suggested("order 99 gone, help");
        assert!(all.iter().any(|one| one.contains("order 99")), "{all:?}");
        let all = suggested("dana@example.com suspicious last week");
        assert!(all.contains(&"everything dana@example.com did last week".to_owned()), "{all:?}");
        assert_eq!(suggested("").len(), SUGGESTIONS_MAX);
    }

    #[test]
    fn every_suggestion_is_a_question() {
        let clock = Clock { now: Timestamp(1_795_602_600_000_000_000), zone: Zone::utc() };
        for text in ["", "hello", "drop table audit_logs", "order 17 ???", "who 'x' y z 5 6 7", "delete everything"] {
            for one in suggested(text) {
                assert!(grammar::read(&words(&one), clock).is_some(), "{text:?}: {one:?}");
            }
        }
    }
}
