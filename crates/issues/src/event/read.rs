//! A tolerant reader of JSON objects: what has another type than expected is left out and named.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::limits::SKIPPED_NAMED_MAX;
use crate::time::Time;

/// Text that is borrowed from the JSON, unless somebody (a source map) has replaced it.
pub type Text<'a> = Cow<'a, str>;

/// A value that the view left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stood: `exception.values[0].type`.
    pub path: String,
    /// What would have been read there: `expected a text`.
    pub why: String,
}

/// What was left out so far.
#[derive(Default)]
pub(super) struct Notes {
    pub named: Vec<Skipped>,
    pub unnamed: usize,
}

/// A place in the document, as a list towards the root, so that a path costs nothing until it is needed.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
    Root,
}

impl<'p> Place<'p> {
    pub const ROOT: Place<'static> = Place { parent: None, step: Step::Root };

    fn key(&'p self, key: &'p str) -> Place<'p> {
        Place { parent: Some(self), step: Step::Key(key) }
    }

    fn index(&'p self, index: usize) -> Place<'p> {
        Place { parent: Some(self), step: Step::Index(index) }
    }

    fn path(&self) -> String {
        let mut path = self.parent.map(Place::path).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => drop(write!(path, ".{key}")),
            Step::Index(index) => drop(write!(path, "[{index}]")),
        }
        path
    }
}

/// The fields of one object, with its place and the shared notes.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a, 'p> {
    pub map: &'a Map<String, Value>,
    place: &'p Place<'p>,
    notes: &'p RefCell<Notes>,
}

impl<'a, 'p> Fields<'a, 'p> {
    pub fn new(map: &'a Map<String, Value>, place: &'p Place<'p>, notes: &'p RefCell<Notes>) -> Fields<'a, 'p> {
        Fields { map, place, notes }
    }

    /// The value of a key; null is absence.
    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    pub fn text(&self, key: &str) -> Option<Text<'a>> {
        self.typed(key, "expected a text", |value| value.as_str().map(Cow::Borrowed))
    }

    /// A text; numbers and booleans are written out.
    pub fn scalar(&self, key: &str) -> Option<Text<'a>> {
        self.typed(key, "expected a text or a number", scalar)
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        self.typed(key, "expected true or false", Value::as_bool)
    }

    /// A whole number, also as a float without fractions or as text.
    pub fn integer(&self, key: &str) -> Option<u64> {
        self.typed(key, "expected a whole number", |value| match value {
            Value::Number(number) => number.as_u64().or_else(|| {
                let float = number.as_f64()?;
                let is_whole = float >= 0.0 && float.fract() == 0.0 && float < u64::MAX as f64;
                is_whole.then_some(float as u64)
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        })
    }

    pub fn time(&self, key: &str) -> Option<Time> {
        self.typed(key, "expected seconds or an ISO time", Time::from_json)
    }

    pub fn map(&self, key: &str) -> Option<&'a Map<String, Value>> {
        self.typed(key, "expected an object", Value::as_object)
    }

    /// A value that `read` understands; anything else is left out with `why`.
    pub fn typed<T>(&self, key: &str, why: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(key)?;
        let typed = read(value);
        if typed.is_none() {
            self.skip(&self.place.key(key), why);
        }
        typed
    }

    /// Reads the object under a key.
    pub fn object<T>(&self, key: &str, read: impl FnOnce(Fields<'a, '_>) -> T) -> Option<T> {
        let map = self.map(key)?;
        Some(read(Fields { map, place: &self.place.key(key), notes: self.notes }))
    }

    /// Reads the objects of a list, which may also stand under `values`, or be a single object.
    pub fn objects<T>(&self, key: &str, keep: Keep, mut read: impl FnMut(Fields<'a, '_>) -> T) -> Vec<T> {
        let place = self.place.key(key);
        let (place, items) = match self.value(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => (place, items.as_slice()),
            Some(value @ Value::Object(map)) => match map.get("values") {
                Some(Value::Array(items)) => {
                    (Place { parent: Some(&place), step: Step::Key("values") }, items.as_slice())
                }
                Some(Value::Null) => return Vec::new(),
                Some(_) => {
                    self.skip(&place.key("values"), "expected a list");
                    return Vec::new();
                }
                None if map.is_empty() => return Vec::new(),
                None => (place, std::slice::from_ref(value)),
            },
            Some(_) => {
                self.skip(&place, "expected a list");
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if !keep.keeps(index, items.len()) {
                continue;
            }
            let place = place.index(index);
            match item {
                Value::Object(map) => found.push(read(Fields { map, place: &place, notes: self.notes })),
                Value::Null => {}
                _ => self.skip(&place, "expected an object"),
            }
        }
        if items.len() > keep.count() {
            self.skip(&place, &format!("{} of {} were read", keep.count(), items.len()));
        }
        found
    }

    /// Texts of a list; numbers and booleans are written out. A single text is a list of one.
    pub fn texts(&self, key: &str, count_max: usize) -> Vec<Text<'a>> {
        let place = self.place.key(key);
        let items = match self.value(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items.as_slice(),
            Some(value @ Value::String(_)) => std::slice::from_ref(value),
            Some(_) => {
                self.skip(&place, "expected a list");
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().take(count_max).enumerate() {
            match scalar(item) {
                Some(text) => found.push(text),
                None if item.is_null() => {}
                None => self.skip(&place.index(index), "expected a text or a number"),
            }
        }
        if items.len() > count_max {
            self.skip(&place, &format!("{count_max} of {} were read", items.len()));
        }
        found
    }

    /// Pairs of texts: an object, or a list of `[key, value]`.
    pub fn pairs(&self, key: &str, count_max: usize) -> Vec<(Text<'a>, Text<'a>)> {
        let place = self.place.key(key);
        let mut found = Vec::new();
        let count = match self.value(key) {
            None => 0,
            Some(Value::Object(map)) => {
                for (key, value) in map.iter().take(count_max) {
                    match scalar(value) {
                        Some(text) => found.push((Cow::Borrowed(key.as_str()), text)),
                        None if value.is_null() => {}
                        None => self.skip(&place.key(key), "expected a text or a number"),
                    }
                }
                map.len()
            }
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().take(count_max).enumerate() {
                    match pair(item) {
                        Some(pair) => found.push(pair),
                        None if item.is_null() => {}
                        None => self.skip(&place.index(index), "expected a pair of texts"),
                    }
                }
                items.len()
            }
            Some(_) => {
                self.skip(&place, "expected an object or a list of pairs");
                0
            }
        };
        if count > count_max {
            self.skip(&place, &format!("{count_max} of {count} were read"));
        }
        found
    }

    /// Notes that a value of this object was left out.
    pub fn leave(&self, key: &str, why: &str) {
        self.skip(&self.place.key(key), why);
    }

    fn skip(&self, place: &Place<'_>, why: &str) {
        let mut notes = self.notes.borrow_mut();
        if notes.named.len() < SKIPPED_NAMED_MAX {
            notes.named.push(Skipped { path: place.path(), why: why.to_owned() });
        } else {
            notes.unnamed += 1;
        }
    }
}

/// Which items of a list that is too long are read.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    First(usize),
    Last(usize),
    BothEnds(usize),
}

impl Keep {
    fn count(self) -> usize {
        match self {
            Keep::First(count) | Keep::Last(count) | Keep::BothEnds(count) => count,
        }
    }

    fn keeps(self, index: usize, length: usize) -> bool {
        match self {
            Keep::First(count) => index < count,
            Keep::Last(count) => index + count >= length,
            Keep::BothEnds(count) => index < count / 2 || index + (count - count / 2) >= length,
        }
    }
}

fn scalar(value: &Value) -> Option<Text<'_>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(boolean) => Some(Cow::Borrowed(if *boolean { "true" } else { "false" })),
        _ => None,
    }
}

fn pair(value: &Value) -> Option<(Text<'_>, Text<'_>)> {
    match value {
        Value::Array(items) if items.len() == 2 => Some((scalar(&items[0])?, scalar(&items[1])?)),
        Value::Object(map) => Some((scalar(map.get("key")?)?, scalar(map.get("value")?)?)),
        _ => None,
    }
}
