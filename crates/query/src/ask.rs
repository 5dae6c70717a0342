//! Questions in plain words, without a model: `who deleted order 17`, `failed logins yesterday`.
//!
//! Text → words → one of the kinds in [`kinds`] with its slots → SQL → rows → a sentence. Every answer shows the
//! reading that was taken and the SQL that ran, so that a wrong guess is seen and can be put right. A text that is no
//! question gets near ones instead of an error.
//!
//! What a question says can never become SQL: values enter as literals only, made in one place.
//!
//! Modules, top to bottom: each imports only those below it.

mod help;
mod telling;
mod grammar;
pub mod kinds;
mod slots;
mod sql;
mod question;
mod verbs;
mod when;
mod words;
pub mod zone;

use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::TimestampNanosecondType;
use serde_json::{Map, Value};
use whodunit_api::query::{AskAnswer, Suggestion};
use whodunit_stdx::Timestamp;

use crate::engine::{Engine, SqlRequest};
use crate::error::Error;
use crate::format::{columns, row_objects};
use crate::rows::{Limits, Rows};
use crate::visibility::Visibility;

use question::{Event, Question, Side};
pub use sql::Scope;
use when::{Clock, When};
pub use zone::Zone;

/// Longest question.
pub const QUESTION_BYTES_MAX: usize = 500;
/// Rows of an answer that is told; exports have the limit of SQL.
pub const ASK_ROWS_MAX: u64 = 100;

/// What a text was taken for.
#[derive(Clone, Debug, PartialEq)]
pub enum Understood {
    Question(Box<Reading>),
    /// No question; these are near, best first.
    Unclear(Vec<Suggestion>),
}

/// A question that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    text: String,
    kind: &'static str,
    question: Question,
    clock: Clock,
    scope: Scope,
}

/// A question that is running.
pub struct Put {
    /// The statements that ran, in order; the rows are the last one's.
    pub sql: Vec<String>,
    pub rows: Rows,
    /// The event was not found around which rows were asked for; then there are none.
    event_missing: bool,
}

/// Reads a question, with times meant in `zone`. Too long a text is an error, any other is understood or not.
pub fn understand(text: &str, zone: Zone, now: Timestamp, scope: Scope) -> Result<Understood, Error> {
    if text.len() > QUESTION_BYTES_MAX {
        let message = format!("a question has at most {QUESTION_BYTES_MAX} bytes");
        return Err(Error::invalid(message).with_field("question").with_limit("question_bytes"));
    }
    let (clock, words) = (Clock { now, zone }, words::words(text));
    Ok(match grammar::read(&words, clock) {
        Some((kind, question)) => {
            Understood::Question(Box::new(Reading { text: text.to_owned(), kind: kind.name, question, clock, scope }))
        }
        None => Understood::Unclear(help::suggestions(&words, clock)),
    })
}

/// The answer to a text that is no question.
pub fn unclear(text: &str, suggestions: Vec<Suggestion>) -> AskAnswer {
    AskAnswer {
        question: text.to_owned(),
        sentence: "This was not understood; the questions in `suggestions` are.".to_owned(),
        suggestions,
        ..AskAnswer::default()
    }
}

impl Reading {
    /// The stable name of the kind.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// In words, for the one who asked.
    pub fn told(&self) -> String {
        telling::reading(&self.question, self.clock.zone)
    }

    /// The statement that answers it; of one about an event's surroundings the one that finds the event.
    pub fn sql(&self) -> String {
        let finding = self.event().and_then(|(event, _, _)| sql::event(event, &self.scope));
        finding.unwrap_or_else(|| sql::of(&self.question, None, &self.scope))
    }

    fn event(&self) -> Option<(&Event, Side, Option<Duration>)> {
        match &self.question {
            Question::Near { event, side, within } => Some((event, *side, *within)),
            _ => None,
        }
    }
}

impl Engine {
    /// Runs a question. One about the surroundings of an event first finds when that was.
    pub async fn put(&self, reading: &Reading, limits: Limits, visibility: &Visibility) -> Result<Put, Error> {
        // The statements say the same; this way what was searched is told without it, too.
        let visibility = &match reading.scope {
            Scope::Applications => visibility.of_applications(),
            Scope::Project(_) => visibility.clone(),
        };
        let mut sql = Vec::new();
        let mut beside = None;
        if let Some((event, side, within)) = reading.event() {
            let (from, to) = match (event, sql::event(event, &reading.scope)) {
                (Event::At(moment), _) => (moment.from, moment.to),
                (_, None) => return Err(Error::internal("an event has neither a time nor a statement that finds it")),
                (_, Some(query)) => {
                    sql.push(query.clone());
                    let mut rows = self.sql(SqlRequest { query, limits }, visibility).await?;
                    let Some(found) = rows.next().await.transpose()? else {
                        return Ok(Put { sql, rows, event_missing: true });
                    };
                    let time = Timestamp(found.column(0).as_primitive::<TimestampNanosecondType>().value(0));
                    (time, Timestamp(time.0.saturating_add(1)))
                }
            };
            beside = Some(near(from, to, side, within));
        }
        let query = sql::of(&reading.question, beside, &reading.scope);
        sql.push(query.clone());
        let rows = self.sql(SqlRequest { query, limits }, visibility).await?;
        Ok(Put { sql, rows, event_missing: false })
    }

    /// Runs a question to its end and tells what was found.
    pub async fn tell(&self, reading: &Reading, visibility: &Visibility) -> Result<AskAnswer, Error> {
        let limits = Limits { rows: ASK_ROWS_MAX, ..self.settings().limits };
        let Put { sql, mut rows, event_missing } = self.put(reading, limits, visibility).await?;
        let schema = rows.schema().clone();
        let mut objects: Vec<Map<String, Value>> = Vec::new();
        while let Some(batch) = rows.next().await {
            objects.extend(row_objects(&batch?)?);
        }
        let statistics = rows.statistics();
        let found = telling::Found { rows: &objects, more: statistics.partial, zone: reading.clock.zone };
        let sentence = match reading.event() {
            Some((event, _, _)) if event_missing => telling::no_event(event),
            _ => telling::sentence(&reading.question, &found),
        };
        let row = |mut object: Map<String, Value>| {
            schema.fields().iter().map(|field| object.remove(field.name()).unwrap_or(Value::Null)).collect()
        };
        Ok(AskAnswer {
            question: reading.text.clone(),
            understood: true,
            kind: Some(reading.kind.to_owned()),
            read_as: Some(reading.told()),
            sentence,
            sql,
            columns: columns(&schema),
            rows: objects.into_iter().map(row).collect(),
            statistics,
            suggestions: Vec::new(),
        })
    }
}

/// The range beside an event that lasts from `from` to `to`.
fn near(from: Timestamp, to: Timestamp, side: Side, within: Option<Duration>) -> When {
    let default = if side == Side::Around { sql::AROUND } else { sql::BESIDE };
    let within = within.and_then(|within| i64::try_from(within.as_nanos()).ok()).unwrap_or(default);
    let (before, after) = (Timestamp(from.0.saturating_sub(within)), Timestamp(to.0.saturating_add(within)));
    let (from, to) = match side {
        Side::Before => (before, from),
        Side::After => (to, after),
        Side::Around => (before, after),
    };
    When { from: Some(from), to: Some(to) }
}
