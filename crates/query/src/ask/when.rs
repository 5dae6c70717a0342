//! Times as people say them: `yesterday 14:00-15:00`, `in the last 2 hours`, `since monday`, `on 2026-11-20`.
//!
//! A day is a day of the question's zone. What is said without a number of its own (`last week`, `this month`) is the
//! calendar's; `past week` and everything with a number goes back from now. Every reading is told in full, so that a
//! wrong guess is seen.

use std::time::Duration;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};
use whodunit_stdx::Timestamp;

use super::words::Word;
use super::zone::Zone;

/// A range of time; open where it has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    pub from: Option<Timestamp>,
    /// Not included.
    pub to: Option<Timestamp>,
}

/// Now, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub now: Timestamp,
    pub zone: Zone,
}

/// Words with which a time begins, so that none of them is taken for an id or a name.
const OPENINGS: &[&str] = &[
    "today",
    "yesterday",
    "tonight",
    "now",
    "last",
    "past",
    "previous",
    "since",
    "after",
    "until",
    "till",
    "before",
    "between",
    "from",
    "on",
    "in",
    "during",
    "within",
    "over",
    "at",
    "this",
    "around",
    "near",
    "about",
    "ago",
];

/// Whether a word begins a time.
pub fn opens(word: &Word) -> bool {
    !word.quoted && OPENINGS.contains(&word.lower.as_str())
}

/// Whether a word alone is a date or a time of day.
pub fn looks_like_one(lower: &str) -> bool {
    date(&[lower]).is_some() || time_of_day(&[lower]).is_some() || chrono::DateTime::parse_from_rfc3339(lower).is_ok()
}

/// A moment or a span with clear ends, such as a minute or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    /// A day or more: as the end of a range it belongs to the range.
    whole_days: bool,
}

/// The range that the words mean, all of them.
pub fn parse(words: &[Word], clock: Clock) -> Option<When> {
    let cut = cut(words)?;
    let words: Vec<&str> = cut.iter().map(String::as_str).collect();
    range(&words, clock)
}

/// The moment that the words mean, all of them.
pub fn parse_moment(words: &[Word], clock: Clock) -> Option<Moment> {
    let cut = cut(words)?;
    let words: Vec<&str> = cut.iter().map(String::as_str).collect();
    moment(&words, clock)
}

/// `10 minutes`, `2h`.
pub fn parse_duration(words: &[Word]) -> Option<Duration> {
    let cut = cut(words)?;
    let words: Vec<&str> = cut.iter().map(String::as_str).collect();
    let delta = duration(&words)?;
    delta.to_std().ok()
}

/// Lower-case words with ranges taken apart; a time in quotes is read like one without.
fn cut(words: &[Word]) -> Option<Vec<String>> {
    if words.is_empty() || (words.len() > 1 && words.iter().any(|word| word.quoted)) {
        return None;
    }
    let mut cut = Vec::new();
    for word in words.iter().flat_map(|word| word.lower.split_whitespace()) {
        let word = word.trim_end_matches(',');
        match ["–", "—", "..", "-"].iter().find_map(|dash| ends_of(word, dash)) {
            Some((from, to)) => cut.extend([from.to_owned(), "to".to_owned(), to.to_owned()]),
            None if matches!(word, "–" | "—" | "-" | "..") => cut.push("to".to_owned()),
            None => cut.push(word.to_owned()),
        }
    }
    Some(cut)
}

/// `14:00-15:00` but not `2026-11-20`.
fn ends_of<'a>(word: &'a str, dash: &str) -> Option<(&'a str, &'a str)> {
    let (from, to) = word.split_once(dash)?;
    let both = |is: fn(&str) -> bool| is(from) && is(to);
    (both(|text| time_of_day(&[text]).is_some()) || (dash != "-" && both(|text| date(&[text]).is_some())))
        .then_some((from, to))
}

fn range(words: &[&str], clock: Clock) -> Option<When> {
    if let Some(rest) = match words {
        ["in" | "during" | "within" | "over" | "for", rest @ ..] if !rest.is_empty() => Some(rest),
        _ => None,
    } {
        return range(rest, clock);
    }
    match words {
        ["since" | "after" | "from", rest @ ..] if !rest.contains(&"to") && !rest.contains(&"until") => {
            let from = moment(rest, clock)?;
            let after_days = words[0] == "after" && from.whole_days;
            return Some(When { from: Some(if after_days { from.to } else { from.from }), to: None });
        }
        ["until" | "till" | "before", rest @ ..] => {
            let to = moment(rest, clock)?;
            return Some(When {
                from: None,
                to: Some(if words[0] != "before" && to.whole_days { to.to } else { to.from }),
            });
        }
        ["last" | "past" | "previous", rest @ ..] => {
            if let Some(back) = rolling(words[0], rest) {
                return Some(When { from: Some(minus(clock.now, back)), to: Some(clock.now) });
            }
        }
        _ => {}
    }
    if let Some(moment) = moment(words, clock) {
        return Some(When { from: Some(moment.from), to: Some(moment.to) });
    }
    between(words, clock)
}

/// `between A and B`, `from A to B`, `A to B`; with the day of both before or behind it.
fn between(words: &[&str], clock: Clock) -> Option<When> {
    let opening = words.iter().position(|word| matches!(*word, "between" | "from"));
    let joint = words.iter().rposition(|word| matches!(*word, "and" | "to" | "until" | "till"))?;
    let start = opening.map_or(0, |at| at + 1);
    let (before, after) = (&words[..opening.unwrap_or(0)], &words[joint + 1..]);
    let first = words.get(start..joint)?;
    let ends = |first: &[&str], last: &[&str]| {
        let (from, to) = (moment(first, clock)?, moment(last, clock)?);
        let to = if to.whole_days { to.to } else { to.from };
        (from.from < to).then_some(When { from: Some(from.from), to: Some(to) })
    };
    // A day that is said once holds for both ends.
    for cut in 0..=first.len() {
        let (said, time) = first.split_at(cut);
        if !before.is_empty() && cut == 0 && time_of_day(time).is_some() && time_of_day(after).is_some() {
            return ends(&[before, time].concat(), &[before, after].concat());
        }
        if cut > 0 && day(said, clock).is_some() && time_of_day(time).is_some() && time_of_day(after).is_some() {
            return ends(first, &[said, after].concat());
        }
    }
    for cut in 1..after.len() {
        let (time, said) = after.split_at(cut);
        if time_of_day(first).is_some() && time_of_day(time).is_some() && day(said, clock).is_some() {
            return ends(&[said, first].concat(), &[said, time].concat());
        }
    }
    if before.is_empty() { ends(first, after) } else { None }
}

/// How far back `last 2 hours` reaches; `None` for the calendar's `last week`.
fn rolling(word: &str, rest: &[&str]) -> Option<TimeDelta> {
    match rest {
        [unit @ ("week" | "month" | "year")] if word == "past" => duration(&["1", unit]),
        ["second" | "minute" | "hour" | "day"] => duration(&["1", rest[0]]),
        [_] | [_, _] => duration(rest),
        _ => None,
    }
}

fn duration(words: &[&str]) -> Option<TimeDelta> {
    let (number, unit) = match words {
        [one] => {
            let split = one.find(|character: char| !character.is_ascii_digit())?;
            (&one[..split], &one[split..])
        }
        ["half", unit @ "hour"] => return duration(&["30", if *unit == "hour" { "minutes" } else { unit }]),
        [number, unit] => (*number, *unit),
        _ => return None,
    };
    const NUMBERS: &[&str] =
        &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let number = match NUMBERS.iter().position(|word| *word == number) {
        Some(number) => i64::try_from(number).ok()?,
        None => number.parse::<u32>().ok().map(i64::from)?,
    };
    let seconds = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        "month" | "months" => 30 * 86_400,
        "year" | "years" => 365 * 86_400,
        _ => return None,
    };
    TimeDelta::try_seconds(number.checked_mul(seconds)?)
}

fn minus(time: Timestamp, back: TimeDelta) -> Timestamp {
    back.to_std().map_or(time, |back| time.saturating_sub(back))
}

fn moment(words: &[&str], clock: Clock) -> Option<Moment> {
    match words {
        ["at" | "on" | "around" | "about", rest @ ..] if !rest.is_empty() => return moment(rest, clock),
        ["now"] => return Some(Moment { from: clock.now, to: clock.now, whole_days: false }),
        [back @ .., "ago"] => {
            let from = minus(clock.now, duration(back)?);
            return Some(Moment { from, to: from, whole_days: false });
        }
        [one] if one.contains('t') => {
            if let Ok(time) = chrono::DateTime::parse_from_rfc3339(&one.to_uppercase()) {
                let from = Timestamp(time.timestamp_nanos_opt()?);
                return Some(Moment { from, to: Timestamp(from.0.checked_add(1)?), whole_days: false });
            }
            if let Some((said, time)) = one.split_once('t').filter(|(said, _)| date(&[said]).is_some()) {
                return moment(&[said, time], clock);
            }
        }
        _ => {}
    }
    if let Some((from, to)) = day(words, clock) {
        return local(from.and_time(NaiveTime::MIN), to.and_time(NaiveTime::MIN), true, clock);
    }
    if let Some((from, length)) = time_of_day(words) {
        let today = clock.zone.local(clock.now).date();
        let from = today.and_time(from);
        // A time of day that has not come yet was yesterday's.
        let from = if clock.zone.moment(from)? > clock.now { from.checked_sub_days(Days::new(1))? } else { from };
        return local(from, from + length, false, clock);
    }
    for cut in 1..words.len() {
        let (first, last) = words.split_at(cut);
        let last = match last {
            ["at" | "on", rest @ ..] => rest,
            _ => last,
        };
        for (said, time) in [(first, last), (last, first)] {
            if let (Some((from, to)), Some((time, length))) = (day(said, clock), time_of_day(time))
                && from.succ_opt() == Some(to)
            {
                let from = from.and_time(time);
                return local(from, from + length, false, clock);
            }
        }
    }
    None
}

fn local(from: NaiveDateTime, to: NaiveDateTime, whole_days: bool, clock: Clock) -> Option<Moment> {
    Some(Moment { from: clock.zone.moment(from)?, to: clock.zone.moment(to)?, whole_days })
}

/// The first day and the day after the last.
fn day(words: &[&str], clock: Clock) -> Option<(NaiveDate, NaiveDate)> {
    let today = clock.zone.local(clock.now).date();
    let back = |days: u64| today.checked_sub_days(Days::new(days));
    let one = |day: NaiveDate| Some((day, day.succ_opt()?));
    let monday = back(u64::from(today.weekday().num_days_from_monday()))?;
    let month = today.with_day(1)?;
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1)?;
    match words {
        ["on", rest @ ..] => return day(rest, clock),
        ["today"] => return one(today),
        ["yesterday"] => return one(back(1)?),
        ["day", "before", "yesterday"] => return one(back(2)?),
        ["this", "week"] => return Some((monday, monday.checked_add_days(Days::new(7))?)),
        ["last" | "previous", "week"] => return Some((monday.checked_sub_days(Days::new(7))?, monday)),
        ["this", "month"] => return Some((month, month.checked_add_months(Months::new(1))?)),
        ["last" | "previous", "month"] => return Some((month.checked_sub_months(Months::new(1))?, month)),
        ["this", "year"] => return Some((year, year.checked_add_months(Months::new(12))?)),
        ["last" | "previous", "year"] => return Some((year.checked_sub_months(Months::new(12))?, year)),
        ["last" | "this", name] | [name] => {
            if let Some(weekday) = weekday(name) {
                let days = (7 + today.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
                let days = if days == 0 && words[0] == "last" { 7 } else { days };
                return one(back(u64::from(days))?);
            }
        }
        _ => {}
    }
    if let Some(day) = date(words) {
        return one(day);
    }
    in_words(words, today)
}

fn weekday(name: &str) -> Option<Weekday> {
    // Longer than the abbreviation, so that no id of three letters becomes a day.
    (name.len() > 3).then(|| name.parse().ok()).flatten()
}

/// `2026-11-20`, `2026/11/20`, `20.11.2026`.
fn date(words: &[&str]) -> Option<NaiveDate> {
    let [text] = words else { return None };
    let formats = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"];
    let date = formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())?;
    (1970..2262).contains(&date.year()).then_some(date)
}

/// `20 november 2026`, `nov 20`, `november`: without a year the last one that has come.
fn in_words(words: &[&str], today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let month_at = words.iter().position(|word| month(word).is_some())?;
    let number = month(words[month_at])?;
    let mut of_month = None;
    let mut year = None;
    for (_, word) in words.iter().enumerate().filter(|(index, _)| *index != month_at) {
        let digits = word.trim_end_matches(["s", "t", "n", "d", "r", "h"].map(|end| end.chars().next().unwrap_or('s')));
        let value: u32 = digits.parse().ok()?;
        let slot = if (1970..2262).contains(&value) { &mut year } else { &mut of_month };
        if slot.replace(value).is_some() {
            return None;
        }
    }
    let of_year = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, number, of_month.unwrap_or(1))?;
        let next = if of_month.is_some() { first.succ_opt()? } else { first.checked_add_months(Months::new(1))? };
        Some((first, next))
    };
    match year {
        Some(year) => of_year(i32::try_from(year).ok()?),
        None => of_year(today.year()).filter(|(first, _)| *first <= today).or_else(|| of_year(today.year() - 1)),
    }
}

fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let named = NAMES.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(word)))?;
    u32::try_from(named + 1).ok()
}

/// The start and how long what was said lasts: a minute, an hour, a morning.
fn time_of_day(words: &[&str]) -> Option<(NaiveTime, TimeDelta)> {
    let hours = |from: u32, length: i64| Some((NaiveTime::from_hms_opt(from, 0, 0)?, TimeDelta::hours(length)));
    let text = match words {
        ["at" | "in" | "this", rest @ ..] if !rest.is_empty() => return time_of_day(rest),
        ["morning"] => return hours(0, 12),
        ["afternoon"] => return hours(12, 6),
        ["evening" | "night" | "tonight"] => return hours(18, 6),
        ["noon"] => return Some((NaiveTime::from_hms_opt(12, 0, 0)?, TimeDelta::minutes(1))),
        ["midnight"] => return Some((NaiveTime::MIN, TimeDelta::minutes(1))),
        [hour, half @ ("am" | "pm")] => format!("{hour}{half}"),
        [text] => (*text).to_owned(),
        _ => return None,
    };
    if let Some((clock, half)) =
        text.split_at_checked(text.len().checked_sub(2)?).filter(|(_, half)| matches!(*half, "am" | "pm"))
    {
        let (hour, minute) = clock.split_once(':').unwrap_or((clock, ""));
        let hour: u32 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
        let hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        return match minute {
            "" => hours(hour, 1),
            minute => Some((NaiveTime::from_hms_opt(hour, minute.parse().ok()?, 0)?, TimeDelta::minutes(1))),
        };
    }
    if text.matches(':').count() == 1 {
        return Some((NaiveTime::parse_from_str(&text, "%H:%M").ok()?, TimeDelta::minutes(1)));
    }
    Some((NaiveTime::parse_from_str(&text, "%H:%M:%S%.f").ok()?, TimeDelta::seconds(1)))
}

impl When {
    /// Told in full, in the question's zone.
    pub fn told(self, zone: Zone) -> String {
        let name = zone.name();
        match (self.from, self.to) {
            (None, None) => "at any time".to_owned(),
            (Some(from), None) => format!("since {} {name}", told(from, zone)),
            (None, Some(to)) => format!("before {} {name}", told(to, zone)),
            (Some(from), Some(to)) => {
                let (first, end) = (zone.local(from), zone.local(to));
                let midnights = first.num_seconds_from_midnight() == 0 && end.num_seconds_from_midnight() == 0;
                if midnights && first.date().succ_opt() == Some(end.date()) {
                    return format!("on {} {name}", first.date());
                }
                format!("from {} to {} {name}", told(from, zone), told(to, zone))
            }
        }
    }
}

/// A moment in the zone, as precise as it is.
pub fn told(time: Timestamp, zone: Zone) -> String {
    let local = zone.local(time);
    let format = match (local.second(), local.nanosecond()) {
        (0, 0) => "%Y-%m-%d %H:%M",
        _ => "%Y-%m-%d %H:%M:%S",
    };
    local.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::words::words;

    /// Wednesday, 2026-11-25 10:30:00 UTC.
    fn clock(zone: &str) -> Clock {
        Clock { now: Timestamp(1_795_602_600_000_000_000), zone: Zone::parse(zone).expect("a zone") }
    }

    fn told_in(zone: &str, text: &str) -> Option<String> {
        let clock = clock(zone);
        parse(&words(text), clock).map(|when| when.told(clock.zone))
    }

    #[test]
    fn times_are_read_as_they_are_said() {
        let cases = [
            ("today", "on 2026-11-25 UTC"),
            ("yesterday", "on 2026-11-24 UTC"),
            ("the day before yesterday", "on 2026-11-23 UTC"),
            ("last 15 minutes", "from 2026-11-25 10:15 to 2026-11-25 10:30 UTC"),
            ("in the last hour", "from 2026-11-25 09:30 to 2026-11-25 10:30 UTC"),
            ("last 2h", "from 2026-11-25 08:30 to 2026-11-25 10:30 UTC"),
            ("in the past two days", "from 2026-11-23 10:30 to 2026-11-25 10:30 UTC"),
            ("past week", "from 2026-11-18 10:30 to 2026-11-25 10:30 UTC"),
            ("last week", "from 2026-11-16 00:00 to 2026-11-23 00:00 UTC"),
            ("this week", "from 2026-11-23 00:00 to 2026-11-30 00:00 UTC"),
            ("this month", "from 2026-11-01 00:00 to 2026-12-01 00:00 UTC"),
            ("last 3 weeks", "from 2026-11-04 10:30 to 2026-11-25 10:30 UTC"),
            ("since yesterday", "since 2026-11-24 00:00 UTC"),
            ("since 2 hours ago", "since 2026-11-25 08:30 UTC"),
            ("since 2026-11-20T14:00:00Z", "since 2026-11-20 14:00 UTC"),
            ("after monday", "since 2026-11-24 00:00 UTC"),
            ("until yesterday", "before 2026-11-25 00:00 UTC"),
            ("before yesterday", "before 2026-11-24 00:00 UTC"),
            ("on 2026-11-20", "on 2026-11-20 UTC"),
            ("on 20.11.2026", "on 2026-11-20 UTC"),
            ("on 20 November", "on 2026-11-20 UTC"),
            ("on Dec 3rd", "on 2025-12-03 UTC"),
            ("in October", "from 2026-10-01 00:00 to 2026-11-01 00:00 UTC"),
            ("on monday", "on 2026-11-23 UTC"),
            ("last wednesday", "on 2026-11-18 UTC"),
            ("this morning", "from 2026-11-25 00:00 to 2026-11-25 12:00 UTC"),
            ("yesterday afternoon", "from 2026-11-24 12:00 to 2026-11-24 18:00 UTC"),
            ("yesterday 14:00-15:00", "from 2026-11-24 14:00 to 2026-11-24 15:00 UTC"),
            ("yesterday from 2pm to 3pm", "from 2026-11-24 14:00 to 2026-11-24 15:00 UTC"),
            ("between 14:00 and 15:00 yesterday", "from 2026-11-24 14:00 to 2026-11-24 15:00 UTC"),
            ("yesterday at 14:00", "from 2026-11-24 14:00 to 2026-11-24 14:01 UTC"),
            ("between 2026-11-20 and 2026-11-21", "from 2026-11-20 00:00 to 2026-11-22 00:00 UTC"),
            ("from 2026-11-20 14:00 to 2026-11-21 09:30", "from 2026-11-20 14:00 to 2026-11-21 09:30 UTC"),
            ("2026-11-20 14:00-15:00", "from 2026-11-20 14:00 to 2026-11-20 15:00 UTC"),
            ("23:00", "from 2026-11-24 23:00 to 2026-11-24 23:01 UTC"),
        ];
        for (text, expected) in cases {
            assert_eq!(told_in("UTC", text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_day_is_the_day_of_the_zone() {
        assert_eq!(told_in("Asia/Jerusalem", "yesterday").as_deref(), Some("on 2026-11-24 Asia/Jerusalem"));
        let clock = clock("Asia/Jerusalem");
        let yesterday = parse(&words("yesterday"), clock).expect("a day");
        assert_eq!(Zone::utc().local(yesterday.from.expect("a start")).to_string(), "2026-11-23 22:00:00");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "tomorrowish",
            "order 17",
            "last",
            "since",
            "between 15:00 and 14:00",
            "2026-13-40",
            "17",
            "last big week",
            "99999999999 days ago",
        ] {
            assert_eq!(told_in("UTC", text), None, "{text}");
        }
    }
}
