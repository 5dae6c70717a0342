//! Log files line by line: each line becomes one JSON object of the log protocol, in the shape that its format has.
//!
//! Pure functions from text to fields. A line that is not in its file's format is kept whole as a message, so nothing
//! that stands in a file is lost for not being understood.
//!
//! Modules, top to bottom: each imports only those below it.

mod access;
mod logfmt;
mod syslog;
mod text;

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use whodunit_stdx::Timestamp;

use crate::logs::mapping::GUESSES;

/// How the lines of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// `key=value key="a text"`.
    Logfmt,
    /// The common and combined logs of nginx and Apache.
    Access,
    /// RFC 5424 and RFC 3164, also as syslog daemons write them into files.
    Syslog,
    /// Anything else; a leading time and a level are found where they stand.
    Text,
}

impl Format {
    pub const ALL: [Format; 5] = [Format::Json, Format::Access, Format::Syslog, Format::Logfmt, Format::Text];

    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Logfmt => "logfmt",
            Format::Access => "access",
            Format::Syslog => "syslog",
            Format::Text => "text",
        }
    }

    /// The format that most of these lines have. Text is what nothing else fits.
    pub fn detect<'a>(lines: impl IntoIterator<Item = &'a str> + Clone, not_after: Timestamp) -> Format {
        let written = |line: &&str| !line.trim().is_empty();
        let all = lines.clone().into_iter().filter(written).count();
        let fits = |format: &Format| {
            let fitting = lines.clone().into_iter().filter(written).filter(|line| format.fits(line, not_after)).count();
            fitting > 0 && fitting * 5 >= all * 4
        };
        Format::ALL.into_iter().find(fits).unwrap_or(Format::Text)
    }

    fn fits(self, line: &str, not_after: Timestamp) -> bool {
        match self {
            Format::Json => names_of_object(line).is_some(),
            Format::Logfmt => logfmt::parse(line).is_some(),
            Format::Access => access::parse(line).is_some(),
            Format::Syslog => syslog::parse(line, not_after).is_some(),
            Format::Text => true,
        }
    }
}

/// Reads the lines of one file, in order.
#[derive(Clone, Debug)]
pub struct LineReader {
    format: Format,
    /// Fields of lines that say nothing about them, by column.
    defaults: Vec<(&'static str, String)>,
    /// Times without a year are the latest ones before this.
    not_after: Timestamp,
    /// Of the line before: a stack trace belongs to the moment of the line above it.
    time: Option<Value>,
}

/// A line as the log protocol takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// An object, without a line end.
    pub json: String,
    /// Whether the line was in the file's format.
    pub fits: bool,
}

impl LineReader {
    /// `defaults` names columns of the context, such as `service`.
    pub fn new(format: Format, defaults: Vec<(&'static str, String)>, not_after: Timestamp) -> LineReader {
        LineReader { format, defaults, not_after, time: None }
    }

    /// One line, without its end; `extra` are further fields, whatever the line has.
    pub fn read(&mut self, line: &str, extra: &[(&str, Value)]) -> ReadLine {
        if self.format == Format::Json
            && let Some(names) = names_of_object(line)
        {
            return ReadLine { json: self.spliced(line, &names, extra), fits: true };
        }
        let parsed = match self.format {
            Format::Json => None,
            Format::Logfmt => logfmt::parse(line),
            Format::Access => access::parse(line),
            Format::Syslog => syslog::parse(line, self.not_after).map(|message| message.into_fields(line)),
            Format::Text => Some(text::parse(line)),
        };
        let fits = parsed.is_some();
        let mut fields = parsed.unwrap_or_else(|| text::parse(line));
        match (given(TIME, &fields), &self.time) {
            (Some(time), _) => self.time = Some(time.clone()),
            (None, Some(time)) => drop(fields.insert(TIME.to_owned(), time.clone())),
            (None, None) => {}
        }
        for (column, value) in &self.defaults {
            if given(column, &fields).is_none() {
                fields.insert((*column).to_owned(), Value::from(value.as_str()));
            }
        }
        fields.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        ReadLine { json: Value::Object(fields).to_string(), fits }
    }

    /// The object as it stands, so that its numbers stay what they are, with fields put in front.
    fn spliced(&self, line: &str, names: &BTreeMap<String, IgnoredAny>, extra: &[(&str, Value)]) -> String {
        let mut front = Map::new();
        for (column, value) in &self.defaults {
            if !names_of(column).any(|name| names.contains_key(name)) {
                front.insert((*column).to_owned(), Value::from(value.as_str()));
            }
        }
        front.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let object = line.trim();
        if front.is_empty() {
            return object.to_owned();
        }
        let mut json = Value::Object(front).to_string();
        json.pop();
        if !names.is_empty() {
            json.push(',');
        }
        json.push_str(&object[1..]);
        json
    }
}

/// The column of a line's time.
const TIME: &str = "time";

/// The names of a line that is one JSON object.
fn names_of_object(line: &str) -> Option<BTreeMap<String, IgnoredAny>> {
    line.trim_start().starts_with('{').then(|| serde_json::from_str(line).ok()).flatten()
}

/// The names under which the log protocol finds a column.
fn names_of(column: &str) -> impl Iterator<Item = &'static str> {
    GUESSES.iter().filter(move |guess| guess.column == column).flat_map(|guess| guess.names).copied()
}

/// What is given for a column under any of its names.
fn given<'a>(column: &str, fields: &'a Map<String, Value>) -> Option<&'a Value> {
    names_of(column).find_map(|name| fields.get(name)).filter(|value| !value.is_null())
}

/// A field if there is something to say.
fn put(fields: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty() && *value != "-") {
        fields.insert(name.to_owned(), Value::from(value));
    }
}

#[cfg(test)]
mod tests;
