//! Times and durations as people write them in parameters.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use whodunit_stdx::Timestamp;

/// RFC 3339, a date, seconds, milliseconds, microseconds or nanoseconds since 1970, `now`, or a duration back from
/// now such as `15m`.
pub fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text == "now" {
        return Some(now);
    }
    if let Ok(number) = text.parse::<i64>() {
        return epoch(number);
    }
    if let Some(back) = duration(text.trim_start_matches('-')) {
        return Some(now.saturating_sub(back));
    }
    // A plus sign of an offset that was not escaped in a URL arrives as a space.
    let text = text.replace(' ', if text.matches(' ').count() == 1 && text.contains('T') { "+" } else { "T" });
    if let Ok(time) = DateTime::parse_from_rfc3339(&text) {
        return time.timestamp_nanos_opt().map(Timestamp);
    }
    if let Ok(time) = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f") {
        return time.and_utc().timestamp_nanos_opt().map(Timestamp);
    }
    let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
    date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_nanos_opt().map(Timestamp)
}

/// The unit is told by the size: each covers the years 1973 to 5138 of the one before.
fn epoch(number: i64) -> Option<Timestamp> {
    let factor = match number.unsigned_abs() {
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    number.checked_mul(factor).map(Timestamp)
}

/// `90s`, `15m`, `2h`, `7d`, `500ms`.
pub fn duration(text: &str) -> Option<Duration> {
    let split = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().ok()?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 604_800_000,
        _ => return None,
    };
    number.checked_mul(millis).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_usual_forms_are_read() {
        let now = Timestamp(1_800_000_000_000_000_000);
        let expected = Some(Timestamp(1_700_000_000_000_000_000));
        for text in [
            "1700000000",
            "1700000000000",
            "1700000000000000",
            "1700000000000000000",
            "2023-11-14T22:13:20Z",
            "2023-11-14T23:13:20+01:00",
            "2023-11-14T23:13:20 01:00",
            "2023-11-14 22:13:20",
        ] {
            assert_eq!(parse(text, now), expected, "{text}");
        }
        assert_eq!(parse("15m", now), Some(Timestamp(now.0 - 900_000_000_000)));
        assert_eq!(parse("2023-11-14", now), Some(Timestamp(1_699_920_000_000_000_000)));
        assert_eq!(parse("yesterday", now), None);
    }
}
