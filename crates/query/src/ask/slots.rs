//! What fills the holes of a pattern, and which words may.

use std::net::IpAddr;
use std::time::Duration;

use whodunit_stdx::EntryId;

use super::question::{Event, Target};
use super::verbs::{self, Verb};
use super::when::{self, Clock, Moment, When};
use super::words::{Word, joined};

/// The name of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Verb,
    Target,
    Type,
    Actor,
    Field,
    Service,
    Id,
    Ip,
    Event,
    Moment,
    Duration,
    When,
}

/// What was found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    pub verb: Option<Verb>,
    pub target: Option<Target>,
    pub kind: Option<String>,
    pub actor: Option<String>,
    pub field: Option<String>,
    pub service: Option<String>,
    pub id: Option<String>,
    pub ip: Option<IpAddr>,
    pub event: Option<Event>,
    pub moment: Option<Moment>,
    pub duration: Option<Duration>,
    pub when: When,
}

/// Words that hold a question together: none of them is part of a name, unless it stands in quotes.
const STRUCTURE: &[&str] = &[
    "who",
    "what",
    "which",
    "when",
    "why",
    "how",
    "whom",
    "did",
    "do",
    "does",
    "done",
    "doing",
    "was",
    "were",
    "is",
    "are",
    "has",
    "have",
    "had",
    "been",
    "of",
    "by",
    "to",
    "for",
    "with",
    "that",
    "happened",
    "any",
    "anything",
    "something",
    "everything",
    "and",
    "or",
    "not",
];
/// Words before an actor's name that are no part of it.
const ACTOR_NOUNS: &[&str] = &["user", "actor", "employee", "account", "person", "colleague"];
/// Words between a type and an id.
const ID_NOUNS: &[&str] = &["with", "id", "number", "no", "nr", "named", "called", "#"];
/// Words of one name.
const NAME_WORDS_MAX: usize = 4;

impl Slot {
    pub fn from_name(name: &str) -> Option<Slot> {
        Some(match name {
            "verb" => Slot::Verb,
            "target" => Slot::Target,
            "type" => Slot::Type,
            "actor" => Slot::Actor,
            "field" => Slot::Field,
            "service" => Slot::Service,
            "id" => Slot::Id,
            "ip" => Slot::Ip,
            "event" => Slot::Event,
            "moment" => Slot::Moment,
            "duration" => Slot::Duration,
            "when" => Slot::When,
            _ => return None,
        })
    }

    /// The most words that can fill it.
    pub fn words_max(self) -> usize {
        match self {
            Slot::Verb | Slot::Id | Slot::Ip => 1,
            Slot::Type | Slot::Field | Slot::Service => 3,
            Slot::Actor => NAME_WORDS_MAX + 1,
            Slot::Target => 6,
            Slot::Duration => 2,
            Slot::Event => 9,
            Slot::Moment | Slot::When => 10,
        }
    }

    /// Fills the hole with exactly these words; `None` if they do not fit.
    pub fn fill(self, words: &[Word], clock: Clock, slots: &Slots) -> Option<Slots> {
        let mut filled = slots.clone();
        match self {
            Slot::Verb => filled.verb = Some(verb(words)?),
            Slot::Target => filled.target = Some(target(words)?),
            Slot::Type => filled.kind = Some(kind(words)?),
            Slot::Actor => filled.actor = Some(actor(words)?),
            Slot::Field => filled.field = Some(name(words)?),
            Slot::Service => filled.service = Some(name(words)?),
            Slot::Id => filled.id = Some(id(words)?),
            Slot::Ip => filled.ip = Some(words.first()?.text.parse().ok()?),
            Slot::Event => filled.event = Some(event(words)?),
            Slot::Moment => filled.moment = Some(when::parse_moment(words, clock)?),
            Slot::Duration => filled.duration = Some(when::parse_duration(words)?),
            Slot::When => filled.when = when::parse(words, clock)?,
        }
        Some(filled)
    }
}

fn verb(words: &[Word]) -> Option<Verb> {
    let [word] = words else { return None };
    if word.quoted { None } else { verbs::find(&word.lower) }
}

/// Whether a word can be part of a name.
fn is_name(word: &Word) -> bool {
    word.quoted || !(when::opens(word) || STRUCTURE.contains(&word.lower.as_str()))
}

fn name(words: &[Word]) -> Option<String> {
    (!words.is_empty() && words.iter().all(is_name)).then(|| joined(words))
}

/// A type in lower case: letters first, so that no id is taken for one.
fn kind(words: &[Word]) -> Option<String> {
    let is_type = |word: &Word| word.quoted || word.lower.starts_with(char::is_alphabetic);
    let name = name(words).filter(|_| words.iter().all(is_type))?;
    let plain = |character: char| if matches!(character, '_' | '-' | '.') { ' ' } else { character };
    Some(name.to_lowercase().replace(|character| plain(character) == ' ', " "))
}

fn actor(words: &[Word]) -> Option<String> {
    let words = match words {
        [noun, rest @ ..] if !rest.is_empty() && ACTOR_NOUNS.contains(&noun.lower.as_str()) && !noun.quoted => rest,
        _ => words,
    };
    if words.len() > NAME_WORDS_MAX { None } else { name(words) }
}

fn id(words: &[Word]) -> Option<String> {
    let [word] = words else { return None };
    let text = if word.quoted { &word.text } else { word.text.trim_start_matches('#') };
    (!text.is_empty() && is_name(word)).then(|| text.to_owned())
}

/// `order 17`, `order #17`, `order with id 17`, `order:17`, `order/17`, `#17`, `'anything'`.
pub fn target(words: &[Word]) -> Option<Target> {
    let (last, before) = words.split_last()?;
    let id = id(std::slice::from_ref(last))?;
    let mut types = before;
    while let [rest @ .., noun] = types
        && !noun.quoted
        && ID_NOUNS.contains(&noun.lower.as_str())
    {
        types = rest;
    }
    if types.is_empty() {
        return if before.is_empty() { alone(last, id) } else { None };
    }
    if types.len() > 3 || types.iter().any(|word| !word.quoted && word.text.contains('#')) {
        return None;
    }
    Some(Target { kind: Some(kind(types)?), id })
}

/// One word for a thing: with its type inside, or an id that looks like one.
fn alone(word: &Word, id: String) -> Option<Target> {
    if word.quoted {
        return Some(Target { kind: None, id });
    }
    for sign in [':', '#', '/'] {
        if let Some((first, rest)) = word.text.split_once(sign)
            && !rest.is_empty()
            && first.len() > 1
            && first.chars().all(|character| character.is_alphabetic() || matches!(character, '_' | '-'))
        {
            return Some(Target { kind: Some(first.to_lowercase().replace(['_', '-'], " ")), id: rest.to_owned() });
        }
    }
    if when::looks_like_one(&word.lower) {
        return None;
    }
    let looks_like_one =
        id.chars().any(|character| character.is_ascii_digit()) || id.contains('@') || word.text.starts_with('#');
    looks_like_one.then_some(Target { kind: None, id })
}

/// `order 17 was deleted`, `the deletion of order 17`, `dana deleted order 17`, or the id of an entry.
fn event(words: &[Word]) -> Option<Event> {
    match words {
        [one] => return one.text.parse::<EntryId>().ok().map(Event::Entry),
        [noun, rest @ ..] if rest.len() == 1 && matches!(noun.lower.as_str(), "entry" | "event") => return event(rest),
        _ => {}
    }
    let deed = |deed: &[Word], thing: &[Word]| Some(Event::Deed { verb: verb(deed)?, target: target(thing)? });
    if let [first, of, thing @ ..] = words
        && of.lower == "of"
    {
        return deed(std::slice::from_ref(first), thing);
    }
    let (last, before) = words.split_last()?;
    let thing = match before {
        [thing @ .., link] if matches!(link.lower.as_str(), "was" | "were" | "got") => thing,
        _ => before,
    };
    if let Some(found) = deed(std::slice::from_ref(last), thing) {
        return Some(found);
    }
    let at = words.iter().position(|word| verb(std::slice::from_ref(word)).is_some())?;
    deed(&words[at..=at], &words[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::words::words;

    fn thing(text: &str) -> Option<(Option<String>, String)> {
        target(&words(text)).map(|target| (target.kind, target.id))
    }

    #[test]
    fn things_are_named_in_many_ways() {
        let typed = |kind: &str, id: &str| Some((Some(kind.to_owned()), id.to_owned()));
        for text in [
            "order 17",
            "Order #17",
            "order:17",
            "order/17",
            "order#17",
            "order with id 17",
            "order no. 17",
            "'order' 17",
        ] {
            assert_eq!(thing(text), typed("order", "17"), "{text}");
        }
        assert_eq!(thing("purchase_order A-9"), typed("purchase order", "A-9"));
        assert_eq!(thing("the user dana@example.com"), typed("user", "dana@example.com"));
        assert_eq!(thing("#17"), Some((None, "17".to_owned())));
        assert_eq!(thing("'my file'"), Some((None, "my file".to_owned())));
        for text in ["order", "order yesterday", "orders of", "", "what 17"] {
            assert_eq!(thing(text), None, "{text}");
        }
    }
}
