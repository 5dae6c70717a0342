//! In which zone the times of a question are meant, and are told in the answer.

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use whodunit_stdx::Timestamp;

use crate::error::Error;

/// UTC, an offset, or a zone of the IANA database with its summer times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Fixed(FixedOffset),
    Named(Tz),
}

impl Zone {
    pub fn utc() -> Zone {
        Zone::Fixed(Utc.fix())
    }

    /// `UTC`, `Z`, `+02:00`, `-0330`, `+2` or `Europe/Berlin`.
    pub fn parse(text: &str) -> Result<Zone, Error> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
            return Ok(Zone::utc());
        }
        if let Some(offset) = offset(text) {
            return Ok(Zone::Fixed(offset));
        }
        let wrong = || {
            Error::invalid(format!(
                "zone is UTC, an offset such as +02:00 or a name such as Europe/Berlin, not {text:?}"
            ))
            .with_field("zone")
        };
        let named = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(text));
        named.copied().map(Zone::Named).ok_or_else(wrong)
    }

    pub fn name(self) -> String {
        match self {
            Zone::Fixed(offset) if offset.local_minus_utc() == 0 => "UTC".to_owned(),
            Zone::Fixed(offset) => offset.to_string(),
            Zone::Named(zone) => zone.name().to_owned(),
        }
    }

    /// What clocks in the zone show at a moment.
    pub fn local(self, time: Timestamp) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_nanos(time.nanos()).naive_utc();
        match self {
            Zone::Fixed(zone) => zone.from_utc_datetime(&utc).naive_local(),
            Zone::Named(zone) => zone.from_utc_datetime(&utc).naive_local(),
        }
    }

    /// The moment at which clocks in the zone show `local`: the first of two, and the end of a gap that is skipped.
    pub fn moment(self, local: NaiveDateTime) -> Option<Timestamp> {
        let utc = match self {
            Zone::Fixed(zone) => earliest(zone.from_local_datetime(&local)).map(|time| time.to_utc()),
            Zone::Named(zone) => earliest(zone.from_local_datetime(&local)).map(|time| time.to_utc()).or_else(|| {
                // Nobody's clock shows this: as much later as the clocks were put forward.
                let before = zone.from_local_datetime(&local.checked_sub_signed(TimeDelta::hours(3))?);
                earliest(before).map(|time| time.to_utc() + TimeDelta::hours(3))
            }),
        };
        utc?.timestamp_nanos_opt().map(Timestamp)
    }
}

fn earliest<T>(local: MappedLocalTime<T>) -> Option<T> {
    local.earliest()
}

fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|character| *character != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let minutes = minutes.parse::<i32>().ok().filter(|minutes| *minutes < 60)?;
    let hours = hours.parse::<i32>().ok().filter(|hours| *hours <= 14)?;
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn at(hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 3, 29).and_then(|day| day.and_hms_opt(hour, minute, 0)).expect("a time")
    }

    #[test]
    fn zones_are_read_in_every_usual_form() {
        for (text, name) in [
            ("utc", "UTC"),
            ("", "UTC"),
            ("+02:00", "+02:00"),
            ("-0330", "-03:30"),
            ("+2", "+02:00"),
            ("europe/berlin", "Europe/Berlin"),
        ] {
            assert_eq!(Zone::parse(text).expect(text).name(), name);
        }
        for text in ["Mars/Base", "+25:00", "+2:7x"] {
            assert_eq!(Zone::parse(text).expect_err(text).field.as_deref(), Some("zone"));
        }
    }

    #[test]
    fn an_hour_that_the_clocks_skip_ends_where_it_would_have() {
        let berlin = Zone::parse("Europe/Berlin").expect("a zone");
        let moment = |hour, minute| berlin.moment(at(hour, minute)).expect("a moment").nanos();
        assert_eq!(moment(3, 30) - moment(1, 30), 3_600_000_000_000);
        assert_eq!(moment(2, 30), moment(3, 30));
    }
}
