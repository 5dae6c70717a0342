//! Values of log fields: numbers without losing digits, and ids from the texts that stand for them.

use whodunit_model::log::Scalar;

use crate::level::{self, Level, Scale};

/// Most significant digits that every float keeps.
const FLOAT_DIGITS_MAX: usize = 17;

/// A number as a column value: an integer, else a float, else its text when either would lose digits.
pub fn number(raw: &str) -> Scalar<'_> {
    let bytes = raw.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    if digits.iter().all(u8::is_ascii_digit) {
        // Eighteen digits cannot overflow.
        if digits.len() <= 18 {
            let value = digits.iter().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
            return Scalar::Integer(if digits.len() == bytes.len() { value } else { -value });
        }
        return raw.parse().map_or(Scalar::Text(raw), Scalar::Integer);
    }
    float(raw).map_or(Scalar::Text(raw), Scalar::Float)
}

fn float(raw: &str) -> Option<f64> {
    let value: f64 = raw.parse().ok()?;
    if !raw.ends_with(|last: char| last.is_ascii_digit()) {
        // NaN and the infinities by name.
        return Some(value);
    }
    let mantissa = raw.split(['e', 'E']).next().unwrap_or(raw);
    let significant = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    let vanished = value == 0.0 && significant > 0 && mantissa.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    (value.is_finite() && !vanished && significant <= FLOAT_DIGITS_MAX).then_some(value)
}

/// A trace or span id: hexadecimal digits, also with dashes, or a decimal number as Datadog writes them.
/// All zeros mean none.
pub fn id<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() == 2 * N {
        hex::decode_to_slice(text, &mut bytes).ok()?;
    } else if text.contains('-') {
        hex::decode_to_slice(text.replace('-', ""), &mut bytes).ok()?;
    } else {
        let number: u64 = text.parse().ok()?;
        bytes[N - 8..].copy_from_slice(&number.to_be_bytes());
    }
    (bytes != [0; N]).then_some(bytes)
}

/// The level that a text or number stands for; the field's name tells which scale a number is on.
pub fn level(field: &str, text: &str) -> Option<Level> {
    if let Some(level) = level::from_word(text) {
        return Some(level);
    }
    let number = text.trim().parse().ok()?;
    match field.rsplit('.').next() {
        Some("PRIORITY") => level::from_number(number, Scale::Syslog),
        Some("levelno") => level::from_number(number, Scale::Python),
        _ => level::from_bare_number(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let cases = [
            ("0", Scalar::Integer(0)),
            ("-7", Scalar::Integer(-7)),
            ("9223372036854775807", Scalar::Integer(i64::MAX)),
            ("-9223372036854775808", Scalar::Integer(i64::MIN)),
            ("9223372036854775808", Scalar::Text("9223372036854775808")),
            ("1.5", Scalar::Float(1.5)),
            ("0.30000000000000004", Scalar::Float(0.30000000000000004)),
            ("1e3", Scalar::Float(1000.0)),
            ("0.0", Scalar::Float(0.0)),
            ("1e400", Scalar::Text("1e400")),
            ("1e-400", Scalar::Text("1e-400")),
            ("3.14159265358979323846", Scalar::Text("3.14159265358979323846")),
            ("Infinity", Scalar::Float(f64::INFINITY)),
        ];
        for (raw, expected) in cases {
            assert_eq!(number(raw), expected, "{raw}");
        }
        assert!(matches!(number("NaN"), Scalar::Float(value) if value.is_nan()));
    }

    #[test]
    fn ids_are_read_from_hexadecimal_uuid_and_decimal() {
        assert_eq!(id::<8>("00f067aa0ba902b7"), Some([0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 2, 0xb7]));
        assert_eq!(id::<16>("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"), id("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert_eq!(id::<8>("255"), Some([0, 0, 0, 0, 0, 0, 0, 255]));
        assert_eq!(id::<16>("255").map(|bytes| bytes[15]), Some(255));
        assert_eq!((id::<8>("0000000000000000"), id::<8>("xyz"), id::<16>("")), (None, None, None));
    }
}
