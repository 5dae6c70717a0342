//! What a timeline is asked about.

use std::time::Duration;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};
use whodunit_model::Table;
use whodunit_stdx::{EntryId, Timestamp};

use super::all_of;
use crate::cursor::{Cursor, Direction};
use crate::error::Error;
use crate::filter::column;
use crate::list::{Wanted, parse_limit, parse_wanted};
use crate::table::TimeRange;
use crate::time;

pub const TIMELINE_ROWS_DEFAULT: usize = 200;
pub const TIMELINE_ROWS_MAX: usize = 1000;
pub const WINDOW_DEFAULT: Duration = Duration::from_secs(300);

/// What rows must have. All given keys must hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Id or e-mail.
    pub actor: Option<String>,
    pub target_type: Option<String>,
    pub target_id: Option<String>,
    pub session_id: Option<String>,
    pub correlation_id: Option<String>,
    /// 32 hexadecimal digits.
    pub trace_id: Option<String>,
    pub batch_id: Option<String>,
}

/// The middle of a window of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Around {
    Time(Timestamp),
    /// The id of an audit entry.
    Entry(String),
}

/// One page of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineRequest {
    pub keys: Keys,
    pub from: Option<Timestamp>,
    /// Not included.
    pub to: Option<Timestamp>,
    pub around: Option<Around>,
    /// On each side of `around`.
    pub window: Duration,
    /// All, if empty.
    pub signals: Vec<Table>,
    pub direction: Direction,
    /// Whether other rows of the same requests join.
    pub expand: Wanted,
    pub limit: usize,
    pub cursor: Option<Cursor>,
}

impl Default for TimelineRequest {
    fn default() -> TimelineRequest {
        TimelineRequest {
            keys: Keys::default(),
            from: None,
            to: None,
            around: None,
            window: WINDOW_DEFAULT,
            signals: Vec::new(),
            direction: Direction::OldestFirst,
            expand: Wanted::Yes,
            limit: TIMELINE_ROWS_DEFAULT,
            cursor: None,
        }
    }
}

impl TimelineRequest {
    /// From the parameters of a URL.
    pub fn parse(parameters: &[(String, String)], now: Timestamp) -> Result<TimelineRequest, Error> {
        let mut request = TimelineRequest::default();
        for (name, value) in parameters {
            request.set(name, value, now)?;
        }
        request.check()?;
        Ok(request)
    }

    fn set(&mut self, name: &str, value: &str, now: Timestamp) -> Result<(), Error> {
        let wrong = |what: &str| Error::invalid(format!("{name} is {what}, not {value:?}")).with_field(name);
        let some = || Some(value.to_owned());
        match name {
            "actor" | "actor_id" | "actor_email" | "user_id" => self.keys.actor = some(),
            "target" => match value.split_once(':') {
                Some((kind, id)) => {
                    self.keys.target_type = Some(kind.to_owned()).filter(|kind| !kind.is_empty());
                    self.keys.target_id = Some(id.to_owned());
                }
                None => self.keys.target_id = some(),
            },
            "target_type" => self.keys.target_type = some(),
            "target_id" => self.keys.target_id = some(),
            "session_id" => self.keys.session_id = some(),
            "correlation_id" => self.keys.correlation_id = some(),
            "trace_id" => self.keys.trace_id = some(),
            "batch_id" => self.keys.batch_id = some(),
            "from" => self.from = Some(time::parse(value, now).ok_or_else(|| wrong("a time"))?),
            "to" => self.to = Some(time::parse(value, now).ok_or_else(|| wrong("a time"))?),
            "around" => {
                self.around = Some(match value.parse::<EntryId>() {
                    Ok(id) => Around::Entry(id.to_string()),
                    Err(_) => {
                        Around::Time(time::parse(value, now).ok_or_else(|| wrong("a time or the id of an entry"))?)
                    }
                });
            }
            "window" => self.window = time::duration(value).ok_or_else(|| wrong("a duration such as 5m"))?,
            "signals" => {
                for signal in value.split(',').filter(|signal| !signal.is_empty()) {
                    let table = Table::from_name(signal).filter(|table| super::SIGNALS.contains(table));
                    self.signals.push(table.ok_or_else(|| wrong("a list of signals"))?);
                }
            }
            "order" => {
                self.direction = match value {
                    "asc" => Direction::OldestFirst,
                    "desc" => Direction::NewestFirst,
                    _ => return Err(wrong("asc or desc")),
                };
            }
            "expand" => self.expand = parse_wanted(value).ok_or_else(|| wrong("true or false"))?,
            "limit" => self.limit = parse_limit(value, TIMELINE_ROWS_MAX)?,
            "cursor" => self.cursor = Some(Cursor::decode(value)?),
            _ => {
                return Err(Error::invalid(format!("a timeline has no parameter {name:?}"))
                    .with_field(name)
                    .with_hint("actor, target, session_id, correlation_id, trace_id, batch_id, around, from and to say what it is about"));
            }
        }
        Ok(())
    }

    /// A timeline of everything that ever happened is refused.
    pub(super) fn check(&self) -> Result<(), Error> {
        let bounded = self.from.is_some() && self.to.is_some();
        if self.keys.is_empty() && self.around.is_none() && !bounded {
            return Err(Error::invalid("a timeline is about something").with_hint(
                "give an actor, target, session_id, correlation_id, trace_id, batch_id, around, or both from and to",
            ));
        }
        Ok(())
    }

    pub(super) fn range(&self) -> TimeRange {
        TimeRange {
            from: self.from.map_or(i64::MIN, Timestamp::nanos),
            to: self.to.map_or(i64::MAX, |to| to.nanos().saturating_sub(1)),
        }
    }
}

impl Keys {
    pub fn is_empty(&self) -> bool {
        *self == Keys::default()
    }

    /// The condition on rows of a table; `None` if it has no such columns.
    pub(super) fn condition(&self, table: Table) -> Option<Expr> {
        let text = |value: &String| lit(ScalarValue::Utf8View(Some(value.clone())));
        let equals = |name: &'static str, value: &Option<String>| {
            value.as_ref().map(|value| table.column(name).map(|_| column(name).eq(text(value))))
        };
        let actor = self
            .actor
            .as_ref()
            .map(|actor| Some(column("actor_id").eq(text(actor)).or(column("actor_email").eq(text(actor)))));
        let all = [
            actor,
            equals("target_type", &self.target_type),
            equals("target_id", &self.target_id),
            equals("session_id", &self.session_id),
            equals("correlation_id", &self.correlation_id),
            equals("trace_id", &self.trace_id),
            equals("batch_id", &self.batch_id),
        ];
        all_of(all.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(parameters: &[(&str, &str)]) -> Result<TimelineRequest, Error> {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        TimelineRequest::parse(&parameters, Timestamp(0))
    }

    #[test]
    fn a_timeline_is_about_something() {
        assert!(parse(&[]).is_err());
        assert!(parse(&[("from", "2026-01-01")]).is_err());
        assert!(parse(&[("from", "2026-01-01"), ("to", "2026-01-02")]).is_ok());
        assert!(parse(&[("acter", "x")]).is_err());
        let target = parse(&[("target", "order:17")]).expect("fine").keys;
        assert_eq!((target.target_type.as_deref(), target.target_id.as_deref()), (Some("order"), Some("17")));
    }

    #[test]
    fn a_key_that_a_table_lacks_matches_nothing_there() {
        let keys = Keys { target_id: Some("17".into()), ..Keys::default() };
        assert!(keys.condition(Table::AuditLogs).is_some());
        assert!(keys.condition(Table::Logs).is_none());
    }
}
