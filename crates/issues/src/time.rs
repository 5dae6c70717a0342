//! Instants, and the forms in which clients write them. No clock: now is always an argument.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

pub const SECOND: i64 = 1_000_000_000;
pub const MINUTE: i64 = 60 * SECOND;

/// An instant: nanoseconds since 1970 UTC, as in every column `time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

impl Time {
    pub fn from_seconds(seconds: i64) -> Time {
        Time(seconds.saturating_mul(SECOND))
    }

    /// A number is seconds with fractions, a text is ISO 8601 (without a zone: UTC) or a number as text.
    pub fn from_json(value: &Value) -> Option<Time> {
        match value {
            Value::Number(number) => from_float(number.as_f64()?),
            Value::String(text) => Time::parse(text),
            _ => None,
        }
    }

    pub fn parse(text: &str) -> Option<Time> {
        let text = text.trim();
        if let Ok(seconds) = text.parse::<f64>() {
            return from_float(seconds);
        }
        let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.naive_utc());
        let plain = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
        let spaced = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
        let time = zoned.or_else(|_| plain()).or_else(|_| spaced()).ok()?;
        time.and_utc().timestamp_nanos_opt().map(Time)
    }

    pub fn saturating_add(self, nanoseconds: i64) -> Time {
        Time(self.0.saturating_add(nanoseconds))
    }

    pub fn saturating_sub(self, nanoseconds: i64) -> Time {
        Time(self.0.saturating_sub(nanoseconds))
    }

    pub(crate) fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }
}

/// Whole microseconds: a float of today's seconds is not more precise than that.
fn from_float(seconds: f64) -> Option<Time> {
    let micros = (seconds * 1e6).round();
    let is_sensible = micros.is_finite() && micros.abs() < (i64::MAX / 1000) as f64;
    is_sensible.then(|| Time((micros as i64).saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_clients_send_is_the_same_instant() {
        let expected = Some(Time(1_795_845_008_403_000_000));
        for text in [
            "1795845008.403",
            "2026-11-28T05:50:08.403Z",
            "2026-11-28T05:50:08.403000+00:00",
            "2026-11-28T07:50:08.403+02:00",
            "2026-11-28T05:50:08.403",
            "2026-11-28 05:50:08.403",
        ] {
            assert_eq!(Time::parse(text), expected, "{text}");
        }
        assert_eq!(Time::from_json(&serde_json::json!(1_795_845_008.403)), expected);
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in ["", "soon", "NaN", "inf", "1e300", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        assert_eq!(Time::from_json(&Value::Bool(true)), None);
    }
}
