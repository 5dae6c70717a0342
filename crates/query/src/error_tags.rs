//! Tags of errors: which names the newest events of a list have, and which values of each are the most frequent.

use std::borrow::Cow;
use std::collections::HashMap;

use arrow::array::AsArray;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use whodunit_api::issues::{ErrorTagsAnswer, TagValue, TagValues};
use whodunit_model::Table;

use crate::cursor::Direction;
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::column;
use crate::list::{ListRequest, order};
use crate::visibility::Visibility;

/// Of more events than these the tags of the newest are counted.
pub const TAGGED_EVENTS_MAX: usize = 10_000;
/// Different values, of all tags together, that are counted; of further ones only their tags are.
pub const TAG_VALUES_COUNTED_MAX: usize = 50_000;
/// Values of one tag that are told.
pub const TAG_VALUES_MAX: usize = 10;
/// Tags that are told.
pub const TAGS_MAX: usize = 100;

impl Engine {
    /// The tags of the newest events that a list with this request has; its pages are not followed.
    ///
    /// # Errors
    /// Those of a list: a column that is not there, or a limit on time or memory.
    pub async fn error_tags(&self, request: &ListRequest, visibility: &Visibility) -> Result<ErrorTagsAnswer, Error> {
        let ground = self.ground(request, visibility).await?;
        let question = ground.question(self, request);
        let plan = question
            .filtered()?
            .project(["time", "seq", "tags"].map(column).to_vec())?
            .sort(order(Direction::NewestFirst))?
            .limit(0, Some(TAGGED_EVENTS_MAX + 1))?
            .build()?;
        let mut counted = Counted::default();
        let mut sampled = false;
        for batch in question.collect(plan).await? {
            let tags = batch.column(2).as_string_view_opt();
            for event in tags.ok_or_else(|| Error::internal("tags are no texts"))?.iter() {
                sampled = counted.events == TAGGED_EVENTS_MAX as u64;
                if !sampled {
                    counted.add(event);
                }
            }
        }
        let mut statistics = ground.asking.statistics(self.world(), &[Table::ErrorEvents]);
        statistics.rows = counted.events;
        Ok(ErrorTagsAnswer { events: counted.events, tags: counted.told(), sampled, statistics })
    }
}

/// Tags of events, counted by name and value.
#[derive(Debug, Default)]
struct Counted {
    events: u64,
    tags: HashMap<String, Tag>,
    /// Of all tags.
    values: usize,
}

#[derive(Debug, Default)]
struct Tag {
    events: u64,
    values: HashMap<String, u64>,
}

impl Counted {
    /// Adds an event with these tags, a JSON object of texts.
    fn add(&mut self, tags: Option<&str>) {
        self.events += 1;
        if let Some(tags) = tags {
            let mut reader = serde_json::Deserializer::from_str(tags);
            // What is stored is an object; of anything else nothing is counted.
            let _unreadable = reader.deserialize_map(Pairs(self));
        }
    }

    fn count(&mut self, name: &str, value: &str) {
        let has_room = self.values < TAG_VALUES_COUNTED_MAX;
        if has_room && !self.tags.contains_key(name) {
            self.tags.insert(name.to_owned(), Tag::default());
        }
        let Some(tag) = self.tags.get_mut(name) else { return };
        tag.events += 1;
        if let Some(events) = tag.values.get_mut(value) {
            *events += 1;
        } else if has_room {
            tag.values.insert(value.to_owned(), 1);
            self.values += 1;
        }
    }

    /// The most frequent first.
    fn told(self) -> Vec<TagValues> {
        let mut tags: Vec<TagValues> = self.tags.into_iter().map(|(name, tag)| tag.told(name)).collect();
        tags.sort_by(|one, other| other.events.cmp(&one.events).then_with(|| one.name.cmp(&other.name)));
        tags.truncate(TAGS_MAX);
        tags
    }
}

impl Tag {
    fn told(self, name: String) -> TagValues {
        let value = |(value, events)| TagValue { value, events };
        let mut values: Vec<TagValue> = self.values.into_iter().map(value).collect();
        values.sort_by(|one, other| other.events.cmp(&one.events).then_with(|| one.value.cmp(&other.value)));
        values.truncate(TAG_VALUES_MAX);
        TagValues { name, events: self.events, values }
    }
}

struct Pairs<'c>(&'c mut Counted);

impl<'de> Visitor<'de> for Pairs<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, Cow<'de, str>>()? {
            self.0.count(&name, &value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(events: &[Option<&str>]) -> Counted {
        let mut counted = Counted::default();
        events.iter().for_each(|event| counted.add(*event));
        counted
    }

    #[test]
    fn tags_are_counted_most_frequent_first() {
        let found = counted(&[Some(r#"{"a":"x","b":"1 \"x\""}"#), Some(r#"{"a":"y"}"#), Some(r#"{"a":"y"}"#), None]);
        assert_eq!(found.events, 4);
        let told = found.told();
        let told: Vec<(&str, u64, &str)> =
            told.iter().map(|tag| (tag.name.as_str(), tag.events, tag.values[0].value.as_str())).collect();
        assert_eq!(told, [("a", 3, "y"), ("b", 1, "1 \"x\"")]);
    }

    #[test]
    fn different_values_are_bounded_and_their_tags_are_counted_all_the_same() {
        let mut found = Counted::default();
        for number in 0..TAG_VALUES_COUNTED_MAX + 10 {
            found.count("id", &number.to_string());
        }
        found.count("late", "x");
        found.count("id", "0");
        assert_eq!((found.values, found.tags.len()), (TAG_VALUES_COUNTED_MAX, 1));
        let told = found.told();
        assert_eq!(told[0].events, TAG_VALUES_COUNTED_MAX as u64 + 11);
        assert_eq!((told[0].values.len(), told[0].values[0].value.as_str(), told[0].values[0].events), (10, "0", 2));
    }
}
