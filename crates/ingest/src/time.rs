//! Instants as applications write them: RFC 3339 and its loose relatives, and numbers since 1970 in any unit.
//!
//! Parsed by hand, since every log line carries one. A text without a zone is UTC. A number's unit follows from its
//! magnitude: below 10^11 seconds, below 10^14 milliseconds, below 10^17 microseconds, else nanoseconds; so
//! milliseconds are misread as seconds only before March 1973.

use whodunit_stdx::Timestamp;

/// Why a text or number is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("not a time: expected RFC 3339 or seconds, ms, us or ns since 1970")]
    Unreadable,
    #[error("a time outside 1677-09-21 to 2262-04-11")]
    OutOfRange,
}

const NANOS: i128 = 1_000_000_000;

/// Reads a text: a date with or without time and zone, a number, or the date of an e-mail header.
pub fn parse_text(text: &str) -> Result<Timestamp, TimeError> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        return parse_date_time(bytes);
    }
    if bytes.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-') {
        return match parse_number(text) {
            Err(TimeError::Unreadable) => parse_basic(bytes),
            other => other,
        };
    }
    let mail = chrono::DateTime::parse_from_rfc2822(text).map_err(|_| TimeError::Unreadable)?;
    mail.timestamp_nanos_opt().map(Timestamp).ok_or(TimeError::OutOfRange)
}

/// Reads a number since 1970, whole or with a fraction, as its digits stand in the text.
pub fn parse_number(raw: &str) -> Result<Timestamp, TimeError> {
    let (negative, digits) = match raw.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, raw),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !decimal(whole) || !decimal(fraction) || whole.is_empty() {
        return parse_exponent(raw);
    }
    if whole.len() > 19 {
        return Err(TimeError::OutOfRange);
    }
    let whole: i128 = whole.parse().map_err(|_| TimeError::Unreadable)?;
    let unit = nanos_per_unit(whole);
    let mut nanos = whole * unit;
    let mut place = unit / 10;
    for digit in fraction.bytes() {
        nanos += i128::from(digit - b'0') * place;
        place /= 10;
    }
    in_range(if negative { -nanos } else { nanos })
}

/// `1.7e9`: rare enough to go through a float.
fn parse_exponent(raw: &str) -> Result<Timestamp, TimeError> {
    if !raw.contains(['e', 'E']) {
        return Err(TimeError::Unreadable);
    }
    let value: f64 = raw.parse().map_err(|_| TimeError::Unreadable)?;
    if !value.is_finite() || value.abs() > 1e19 {
        return Err(TimeError::OutOfRange);
    }
    let unit = nanos_per_unit(value.abs() as i128);
    in_range((value * unit as f64) as i128)
}

fn nanos_per_unit(magnitude: i128) -> i128 {
    match magnitude {
        0..100_000_000_000 => NANOS,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    }
}

fn in_range(nanos: i128) -> Result<Timestamp, TimeError> {
    i64::try_from(nanos).map(Timestamp).map_err(|_| TimeError::OutOfRange)
}

/// Two digits at `at`.
#[inline]
fn two(bytes: &[u8], at: usize) -> Result<i64, TimeError> {
    match bytes.get(at..at + 2) {
        Some([tens @ b'0'..=b'9', ones @ b'0'..=b'9']) => Ok(i64::from(tens - b'0') * 10 + i64::from(ones - b'0')),
        _ => Err(TimeError::Unreadable),
    }
}

/// `2026-11-20`, then optionally `T` or a space, `hh:mm[:ss[.fraction]]`, and a zone.
fn parse_date_time(bytes: &[u8]) -> Result<Timestamp, TimeError> {
    let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
    let days = days_since_1970(year, two(bytes, 5)?, two(bytes, 8)?)?;
    if bytes.len() == 10 {
        return assemble(days, 0, 0, 0);
    }
    if !matches!(bytes[10], b'T' | b't' | b' ' | b'_') || bytes.get(13) != Some(&b':') {
        return Err(TimeError::Unreadable);
    }
    let (hour, minute) = (two(bytes, 11)?, two(bytes, 14)?);
    let (mut second, mut at) = (0, 16);
    if bytes.get(16) == Some(&b':') {
        second = two(bytes, 17)?;
        at = 19;
    }
    finish_clock(days, [hour, minute, second], &bytes[at..])
}

/// `20261120T100000Z`.
fn parse_basic(bytes: &[u8]) -> Result<Timestamp, TimeError> {
    if bytes.get(8) != Some(&b'T') {
        return Err(TimeError::Unreadable);
    }
    let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
    let days = days_since_1970(year, two(bytes, 4)?, two(bytes, 6)?)?;
    finish_clock(days, [two(bytes, 9)?, two(bytes, 11)?, two(bytes, 13)?], &bytes[15..])
}

/// The clock's digits are read; a fraction and a zone may follow.
fn finish_clock(days: i64, clock: [i64; 3], rest: &[u8]) -> Result<Timestamp, TimeError> {
    let [hour, minute, second] = clock;
    if hour > 23 || minute > 59 || second > 60 {
        return Err(TimeError::Unreadable);
    }
    let (mut fraction, rest) = fraction(rest)?;
    // A leap second has no number of its own: the last nanosecond of its minute stands for it.
    let second = if second == 60 {
        fraction = 999_999_999;
        59
    } else {
        second
    };
    let offset = zone_seconds(rest)?;
    assemble(days, hour * 3600 + minute * 60 + second, fraction, offset)
}

fn assemble(days: i64, seconds: i64, nanos: i64, offset: i64) -> Result<Timestamp, TimeError> {
    let seconds = days * 86_400 + seconds - offset;
    // Within i64 seconds, so only the product may leave the range; the sum is taken wide for the first second of it.
    match seconds.checked_mul(1_000_000_000).and_then(|whole| whole.checked_add(nanos)) {
        Some(total) => Ok(Timestamp(total)),
        None => in_range(i128::from(seconds) * NANOS + i128::from(nanos)),
    }
}

/// Nanoseconds of `.123` or `,123`; digits past the ninth are dropped.
fn fraction(bytes: &[u8]) -> Result<(i64, &[u8]), TimeError> {
    let [b'.' | b',', digits @ ..] = bytes else { return Ok((0, bytes)) };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return Err(TimeError::Unreadable);
    }
    let mut nanos = 0;
    let zeroes = std::iter::repeat(&b'0');
    for digit in digits[..length].iter().chain(zeroes).take(9) {
        nanos = nanos * 10 + i64::from(digit - b'0');
    }
    Ok((nanos, &digits[length..]))
}

/// Seconds east of Greenwich of nothing, `Z`, `UTC`, `+01:00`, `+0100` or `+01`, after optional space.
fn zone_seconds(bytes: &[u8]) -> Result<i64, TimeError> {
    let bytes = bytes.trim_ascii_start();
    let (sign, digits) = match bytes {
        [] | b"Z" | b"z" | b"UTC" | b"GMT" => return Ok(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return Err(TimeError::Unreadable),
    };
    let (hours, minutes) = match digits {
        [_, _] => (two(digits, 0)?, 0),
        [_, _, b':', _, _] => (two(digits, 0)?, two(digits, 3)?),
        [_, _, _, _] => (two(digits, 0)?, two(digits, 2)?),
        // `+00:00 UTC` and the like are not read.
        _ => return Err(TimeError::Unreadable),
    };
    if hours > 23 || minutes > 59 {
        return Err(TimeError::Unreadable);
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}

/// Days from 1970-01-01 in the Gregorian calendar, with years that begin in March so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> Result<i64, TimeError> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(TimeError::Unreadable),
    };
    if !(1..=length).contains(&day) {
        return Err(TimeError::Unreadable);
    }
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    Ok(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

/// RFC 3339 in UTC with nanoseconds.
pub fn format(time: Timestamp) -> String {
    chrono::DateTime::from_timestamp_nanos(time.0).to_rfc3339_opts(chrono::SecondsFormat::Nanos, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_forms_that_applications_send() {
        let cases = [
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000000000Z"),
            ("2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00.123456789Z"),
            ("2026-11-20T10:00:00.1234567891234Z", "2026-11-20T10:00:00.123456789Z"),
            ("2026-11-20 10:00:00,5", "2026-11-20T10:00:00.500000000Z"),
            ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00.000000000Z"),
            ("2026-11-20T10:00:00-0330", "2026-11-20T13:30:00.000000000Z"),
            ("2026-11-20 10:00:00.5 UTC", "2026-11-20T10:00:00.500000000Z"),
            ("2026-11-20 10:00:00 +0100", "2026-11-20T09:00:00.000000000Z"),
            ("2026-11-20T10:00+01", "2026-11-20T09:00:00.000000000Z"),
            ("2026-11-20", "2026-11-20T00:00:00.000000000Z"),
            ("20261120T100000Z", "2026-11-20T10:00:00.000000000Z"),
            ("2024-02-29T23:59:60Z", "2024-02-29T23:59:59.999999999Z"),
            ("Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00.000000000Z"),
            ("1700000000", "2023-11-14T22:13:20.000000000Z"),
            ("1700000000.123456", "2023-11-14T22:13:20.123456000Z"),
            ("1700000000123", "2023-11-14T22:13:20.123000000Z"),
            ("1700000000123.456", "2023-11-14T22:13:20.123456000Z"),
            ("1700000000123456", "2023-11-14T22:13:20.123456000Z"),
            ("1700000000123456789", "2023-11-14T22:13:20.123456789Z"),
            ("1.7e9", "2023-11-14T22:13:20.000000000Z"),
            ("0", "1970-01-01T00:00:00.000000000Z"),
            ("1970-01-01T00:00:00.000000001Z", "1970-01-01T00:00:00.000000001Z"),
            ("-1", "1969-12-31T23:59:59.000000000Z"),
            ("2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775807Z"),
            ("1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224192Z"),
            ("9223372036854775807", "2262-04-11T23:47:16.854775807Z"),
        ];
        for (sent, expected) in cases {
            assert_eq!(parse_text(sent).map(format), Ok(expected.to_owned()), "{sent}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for sent in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-29",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:00:00.Z",
            "2026-11-20T10:00:00+1",
            "2026-11-20X10:00:00",
            "12 monkeys",
            "-",
            "2026-11-20T10:00:00Zjunk",
            "10:00:00",
        ] {
            assert_eq!(parse_text(sent), Err(TimeError::Unreadable), "{sent}");
        }
        for sent in [
            "2262-04-11T23:47:16.854775808Z",
            "9999-12-31",
            "0001-01-01T00:00:00Z",
            "1e300",
            "9223372036854775808",
            "99999999999999999999999",
        ] {
            assert_eq!(parse_text(sent), Err(TimeError::OutOfRange), "{sent}");
        }
    }
}
