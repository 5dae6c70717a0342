//! Crontab expressions of five fields, in a named time zone.
//!
//! When clocks jump forward, a job of the lost hour is due when the clock has jumped. When they go back, a job with a
//! fixed hour is due once, at the first of the two; a job of every hour is due in both.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::time::Time;

/// A crontab expression and its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crontab {
    minutes: Set,
    hours: Set,
    days: Set,
    months: Set,
    weekdays: Set,
    zone: Tz,
}

/// A field: its values as bits, and whether it says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Set {
    bits: u64,
    is_any: bool,
}

impl Set {
    fn has(self, value: u32) -> bool {
        value < 64 && self.bits & (1 << value) != 0
    }
}

/// The expression cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CrontabError {
    #[error("{0} fields; minute, hour, day, month and weekday are five")]
    Fields(usize),
    #[error("{value:?} is no {field}: {low} to {high}")]
    Value { field: &'static str, value: String, low: u32, high: u32 },
    #[error("{0:?} is no time zone of the IANA database")]
    Zone(String),
}

struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", low: 0, high: 59, names: &[] },
    Field { name: "hour", low: 0, high: 23, names: &[] },
    Field { name: "day", low: 1, high: 31, names: &[] },
    Field {
        name: "month",
        low: 1,
        high: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field { name: "weekday", low: 0, high: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Days that are searched for the next due time: a leap day may be eight years away.
const DAYS_SEARCHED: u32 = 366 * 9;

impl Crontab {
    /// Reads `minute hour day month weekday` with `*`, lists, ranges, steps and names, or a word such as `@daily`.
    pub fn parse(expression: &str, zone: &str) -> Result<Crontab, CrontabError> {
        let zone: Tz = zone.trim().parse().map_err(|_| CrontabError::Zone(zone.to_owned()))?;
        let expression = match expression.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other => other,
        };
        let fields: Vec<&str> = expression.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            return Err(CrontabError::Fields(fields.len()));
        };
        let mut weekdays = set(weekdays, &FIELDS[4])?;
        // Sunday is 0 and 7.
        if weekdays.has(7) {
            weekdays.bits |= 1;
        }
        Ok(Crontab {
            minutes: set(minutes, &FIELDS[0])?,
            hours: set(hours, &FIELDS[1])?,
            days: set(days, &FIELDS[2])?,
            months: set(months, &FIELDS[3])?,
            weekdays,
            zone,
        })
    }

    /// The first due time after an instant; `None` if there is none in nine years (30 February).
    pub fn next_after(&self, time: Time) -> Option<Time> {
        let after = self.zone.from_utc_datetime(&time.to_utc().naive_utc());
        let mut day = after.date_naive();
        // Where clocks change, a job of the day before may be due on this day still.
        if !self.is_plain(day) {
            day = day.checked_sub_days(Days::new(1))?;
        }
        for _ in 0..DAYS_SEARCHED {
            if self.is_day(day)
                && let Some(due) = self.first_of_day(day, after)
            {
                return due.timestamp_nanos_opt().map(Time);
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// Days and weekdays that both say something are either enough.
    fn is_day(&self, day: NaiveDate) -> bool {
        let in_days = self.days.has(day.day());
        let in_weekdays = self.weekdays.has(day.weekday().num_days_from_sunday());
        let fits = match (self.days.is_any, self.weekdays.is_any) {
            (false, false) => in_days || in_weekdays,
            _ => in_days && in_weekdays,
        };
        fits && self.months.has(day.month())
    }

    fn first_of_day(&self, day: NaiveDate, after: DateTime<Tz>) -> Option<DateTime<Tz>> {
        let hours = (0..24).filter(|hour| self.hours.has(*hour));
        let minutes = |hour| (0..60).filter(|minute| self.minutes.has(*minute)).map(move |minute| (hour, minute));
        let mut instants = hours.flat_map(minutes).filter_map(|(hour, minute)| day.and_hms_opt(hour, minute, 0));
        if self.is_plain(day) {
            let from = after.naive_local();
            let local = instants.find(|local| *local > from)?;
            return self.zone.from_local_datetime(&local).earliest();
        }
        // Where clocks change, local order is not the order of instants, so all of the day are compared.
        instants.flat_map(|local| self.instants(local)).filter(|due| *due > after).min()
    }

    /// Whether clocks do not change on this day.
    fn is_plain(&self, day: NaiveDate) -> bool {
        let offset = |day: Option<NaiveDate>| {
            let noon = day?.and_hms_opt(0, 0, 0)?;
            let offset = self.zone.offset_from_utc_datetime(&noon);
            Some(chrono::Offset::fix(&offset).local_minus_utc())
        };
        let before = offset(day.pred_opt());
        before.is_some() && before == offset(day.succ_opt().and_then(|day| day.succ_opt()))
    }

    /// The instants at which a local time is due.
    fn instants(&self, local: NaiveDateTime) -> Vec<DateTime<Tz>> {
        let is_every_hour = self.hours.is_any;
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(one) => vec![one],
            LocalResult::Ambiguous(first, second) if is_every_hour => vec![first, second],
            LocalResult::Ambiguous(first, _) => vec![first],
            LocalResult::None if is_every_hour => Vec::new(),
            LocalResult::None => self.after_gap(local).into_iter().collect(),
        }
    }

    /// The first whole minute that exists after a local time that does not.
    fn after_gap(&self, local: NaiveDateTime) -> Option<DateTime<Tz>> {
        // No zone has ever skipped more than a day.
        const STEP: i64 = 15;
        let minute = local - TimeDelta::minutes(i64::from(local.minute()) % STEP);
        (1..=25 * 60 / STEP).find_map(|steps| {
            let later = minute.checked_add_signed(TimeDelta::minutes(steps * STEP))?;
            self.zone.from_local_datetime(&later).earliest()
        })
    }
}

fn set(text: &str, field: &Field) -> Result<Set, CrontabError> {
    let mut bits = 0u64;
    for part in text.split(',') {
        let wrong =
            || CrontabError::Value { field: field.name, value: part.to_owned(), low: field.low, high: field.high };
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| *step > 0).ok_or_else(wrong)?),
            None => (part, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => {
                (field.low, field.high.min(if field.name == "weekday" { 6 } else { 59 }))
            }
            Some((first, last)) => (value(first, field).ok_or_else(wrong)?, value(last, field).ok_or_else(wrong)?),
            // `5/15` goes on to the end.
            None => {
                let first = value(range, field).ok_or_else(wrong)?;
                (first, if part.contains('/') { field.high } else { first })
            }
        };
        if first > last {
            return Err(wrong());
        }
        let mut at = first;
        while at <= last {
            bits |= 1 << at;
            at = at.saturating_add(step);
        }
    }
    Ok(Set { bits, is_any: text == "*" || text == "?" || text == "*/1" })
}

fn value(text: &str, field: &Field) -> Option<u32> {
    let named = field.names.iter().position(|name| text.eq_ignore_ascii_case(name));
    let value = match named {
        Some(index) => field.low + u32::try_from(index).ok()?,
        None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
        None => return None,
    };
    (field.low..=field.high).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let crontab = Crontab::parse(expression, zone).unwrap();
        let mut at = Time::parse(after).unwrap();
        let mut found = Vec::new();
        for _ in 0..count {
            at = crontab.next_after(at).unwrap();
            found.push(at.to_utc().format("%Y-%m-%dT%H:%M").to_string());
        }
        found
    }

    #[test]
    fn due_times_follow_the_expression() {
        let from = "2026-11-28T10:20:30Z";
        assert_eq!(next("*/15 * * * *", "UTC", from, 2), ["2026-11-28T10:30", "2026-11-28T10:45"]);
        assert_eq!(
            next("0 9-17/4 * * mon-fri", "UTC", from, 3),
            ["2026-11-30T09:00", "2026-11-30T13:00", "2026-11-30T17:00"]
        );
        assert_eq!(next("5,35 23 * * *", "UTC", from, 3), ["2026-11-28T23:05", "2026-11-28T23:35", "2026-11-29T23:05"]);
        assert_eq!(next("0 0 29 feb *", "UTC", from, 1), ["2028-02-29T00:00"]);
        // Day and weekday that both say something are either enough.
        assert_eq!(next("0 0 1 * 0", "UTC", from, 3), ["2026-11-29T00:00", "2026-12-01T00:00", "2026-12-06T00:00"]);
        assert_eq!(next("0 0 * * 7", "UTC", from, 1), ["2026-11-29T00:00"]);
        assert_eq!(next("@monthly", "UTC", from, 1), ["2026-12-01T00:00"]);
        assert_eq!(next("30/15 * * * *", "UTC", from, 3), ["2026-11-28T10:30", "2026-11-28T10:45", "2026-11-28T11:30"]);
        assert_eq!(next("0 6 * * *", "Asia/Kolkata", from, 1), ["2026-11-29T00:30"]);
        assert_eq!(Crontab::parse("0 0 30 2 *", "UTC").unwrap().next_after(Time::default()), None);
    }

    #[test]
    fn clocks_that_change_lose_no_job_and_double_none() {
        // Berlin, 29 March 2026: 02:00 becomes 03:00, which is 01:00 UTC.
        let spring = "2026-03-28T12:00:00Z";
        assert_eq!(next("30 2 * * *", "Europe/Berlin", spring, 2), ["2026-03-29T01:00", "2026-03-30T00:30"]);
        assert_eq!(
            next("0 * * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 2),
            ["2026-03-29T01:00", "2026-03-29T02:00"]
        );
        // 25 October 2026: 03:00 becomes 02:00, at 01:00 UTC.
        let autumn = "2026-10-24T12:00:00Z";
        assert_eq!(next("30 2 * * *", "Europe/Berlin", autumn, 2), ["2026-10-25T00:30", "2026-10-26T01:30"]);
        let every = next("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:50:00Z", 6);
        let expected = [
            "2026-10-25T00:00",
            "2026-10-25T00:30",
            "2026-10-25T01:00",
            "2026-10-25T01:30",
            "2026-10-25T02:00",
            "2026-10-25T02:30",
        ];
        assert_eq!(every, expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |expression: &str, zone: &str| Crontab::parse(expression, zone).unwrap_err().to_string();
        assert_eq!(error("* * *", "UTC"), "3 fields; minute, hour, day, month and weekday are five");
        assert_eq!(error("60 * * * *", "UTC"), "\"60\" is no minute: 0 to 59");
        assert_eq!(error("* * * * fry", "UTC"), "\"fry\" is no weekday: 0 to 7");
        assert_eq!(error("*/0 * * * *", "UTC"), "\"*/0\" is no minute: 0 to 59");
        assert_eq!(error("5-1 * * * *", "UTC"), "\"5-1\" is no minute: 0 to 59");
        assert_eq!(error("* * * * *", "Mars/Base"), "\"Mars/Base\" is no time zone of the IANA database");
        assert!(Crontab::parse("99999999999999999999 * * * *", "UTC").is_err());
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        let every = Crontab::parse("* * * * *", "Pacific/Apia").unwrap();
        for end in [i64::MIN, i64::MAX, 0] {
            let _ = every.next_after(Time(end));
        }
    }
}
