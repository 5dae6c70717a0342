//! Parameters: what a client sent for `$1` becomes a literal of the question.
//!
//! A parameter whose type the client leaves open becomes a plain text literal, which takes its type from where it
//! stands, exactly as in a question without parameters. So both kinds are planned, pruned and pushed down alike.

use std::ops::ControlFlow;

use bytes::Bytes;
use chrono::{DateTime, Duration, NaiveDate};
use datafusion::sql::sqlparser::ast::{
    Array, CastKind, DataType, Expr, Statement, TimezoneInfo, UnaryOperator, Value, visit_expressions,
    visit_expressions_mut,
};

use super::value::Form;
use crate::error::Error;
use crate::pg_types::{self, PgType};

/// Most parameters of one question.
pub const PARAMETERS_MAX: usize = 1_000;

/// The value of one parameter as it came.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub kind: PgType,
    pub form: Form,
    /// `None` for null.
    pub value: Option<Bytes>,
}

/// How many parameters a statement has: the highest number in it.
pub fn count(statement: &Statement) -> Result<usize, Error> {
    let mut highest = 0;
    let mut wrong = None;
    let _never_breaks = visit_expressions(statement, |expression| {
        if let Some(name) = placeholder(expression) {
            match number(name) {
                Some(at) => highest = highest.max(at),
                None => wrong = Some(name.to_owned()),
            }
        }
        ControlFlow::<()>::Continue(())
    });
    match wrong {
        Some(name) => Err(Error::invalid(format!("{name} is no parameter; they are written $1 to ${PARAMETERS_MAX}"))),
        None => Ok(highest),
    }
}

fn placeholder(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn number(name: &str) -> Option<usize> {
    let at: usize = name.strip_prefix('$')?.parse().ok()?;
    (1..=PARAMETERS_MAX).contains(&at).then_some(at)
}

/// Puts the values in place of `$1`, `$2`, ….
pub fn bind(statement: &mut Statement, parameters: &[Parameter]) -> Result<(), Error> {
    let mut literals = Vec::with_capacity(parameters.len());
    for (at, parameter) in parameters.iter().enumerate() {
        let literal = literal(parameter).map_err(|why| {
            Error::invalid(format!("parameter ${} is no {}: {why}", at + 1, parameter.kind.title))
                .with_field(format!("${}", at + 1))
        })?;
        literals.push(literal);
    }
    replace(statement, |at| literals.get(at - 1).cloned());
    Ok(())
}

/// Puts what `with` gives for a parameter's number in its place; parameters that it gives nothing for stay.
pub fn replace(statement: &mut Statement, with: impl Fn(usize) -> Option<Expr>) {
    let _never_breaks = visit_expressions_mut(statement, |expression| {
        if let Some(given) = placeholder(expression).and_then(number).and_then(&with) {
            *expression = given;
        }
        ControlFlow::<()>::Continue(())
    });
}

/// A null of a declared type, for planning before there are values.
pub fn typed_null(kind: PgType) -> Expr {
    let null = Expr::value(Value::Null);
    match data_type(kind) {
        Some(data_type) => cast(null, data_type),
        None => cast(null, DataType::Text),
    }
}

fn data_type(kind: PgType) -> Option<DataType> {
    Some(match kind {
        pg_types::BOOL => DataType::Boolean,
        pg_types::INT2 => DataType::SmallInt(None),
        pg_types::INT4 => DataType::Integer(None),
        pg_types::INT8 | pg_types::OID => DataType::BigInt(None),
        pg_types::FLOAT4 => DataType::Real,
        pg_types::FLOAT8 | pg_types::NUMERIC => DataType::DoublePrecision,
        pg_types::DATE => DataType::Date,
        pg_types::TIME => DataType::Time(None, TimezoneInfo::None),
        pg_types::TIMESTAMP => DataType::Timestamp(None, TimezoneInfo::None),
        pg_types::TIMESTAMPTZ => DataType::Timestamp(None, TimezoneInfo::WithTimeZone),
        pg_types::INTERVAL => DataType::Interval { fields: None, precision: None },
        _ => return None,
    })
}

fn cast(expression: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expression), data_type, array: false, format: None }
}

fn string(text: &str) -> Expr {
    Expr::value(Value::SingleQuotedString(text.to_owned()))
}

fn literal(parameter: &Parameter) -> Result<Expr, String> {
    let Some(bytes) = &parameter.value else { return Ok(Expr::value(Value::Null)) };
    if let Some(element) = PgType::from_oid(parameter.kind.element) {
        let elements = match parameter.form {
            Form::Text => array_elements(utf8(bytes)?).ok_or_else(|| "it is not written as {a,b}".to_owned())?,
            Form::Binary => binary_array(bytes)?,
        };
        let item = |text: &Option<String>| match text {
            Some(text) => of_text(element, text),
            None => Ok(Expr::value(Value::Null)),
        };
        let elem = elements.iter().map(item).collect::<Result<_, _>>()?;
        return Ok(Expr::Array(Array { elem, named: true }));
    }
    let text = match parameter.form {
        Form::Text => utf8(bytes)?.to_owned(),
        Form::Binary => binary_text(parameter.kind, bytes)?,
    };
    of_text(parameter.kind, &text)
}

fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| format!("byte {} is no UTF-8", error.valid_up_to()))
}

fn of_text(kind: PgType, text: &str) -> Result<Expr, String> {
    let trimmed = text.trim();
    Ok(match kind {
        pg_types::BOOL => match trimmed.to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => Expr::value(Value::Boolean(true)),
            "f" | "false" | "n" | "no" | "off" | "0" => Expr::value(Value::Boolean(false)),
            _ => return Err(format!("{text:?}")),
        },
        pg_types::INT2 | pg_types::INT4 | pg_types::INT8 | pg_types::OID => {
            let whole: i64 = trimmed.parse().map_err(|_| format!("{text:?}"))?;
            numeral(whole < 0, whole.unsigned_abs().to_string())
        }
        pg_types::FLOAT4 | pg_types::FLOAT8 | pg_types::NUMERIC => {
            let float: f64 = trimmed.parse().map_err(|_| format!("{text:?}"))?;
            if float.is_finite() {
                numeral(trimmed.starts_with('-'), trimmed.trim_start_matches(['-', '+']).to_owned())
            } else {
                cast(string(trimmed), DataType::DoublePrecision)
            }
        }
        pg_types::BYTEA => string(trimmed.strip_prefix("\\x").unwrap_or(trimmed)),
        pg_types::DATE | pg_types::TIME | pg_types::TIMESTAMP | pg_types::TIMESTAMPTZ | pg_types::INTERVAL => {
            cast(string(trimmed), data_type(kind).ok_or_else(|| "it has no type here".to_owned())?)
        }
        _ => string(text),
    })
}

fn numeral(negative: bool, digits: String) -> Expr {
    let number = Expr::value(Value::Number(digits, false));
    if negative { Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(number) } } else { number }
}

/// The binary form of a value as the text that means the same.
fn binary_text(kind: PgType, bytes: &[u8]) -> Result<String, String> {
    Ok(match kind {
        pg_types::BOOL => (bytes != [0]).to_string(),
        pg_types::INT2 => i16::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::INT4 => i32::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::INT8 => i64::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::OID => u32::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::FLOAT4 => f32::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::FLOAT8 => f64::from_be_bytes(exactly(bytes)?).to_string(),
        pg_types::UUID => uuid::Uuid::from_bytes(exactly(bytes)?).to_string(),
        pg_types::BYTEA => hex::encode(bytes),
        pg_types::DATE => {
            let days = Duration::days(i64::from(i32::from_be_bytes(exactly(bytes)?)));
            let date = NaiveDate::from_ymd_opt(2000, 1, 1).and_then(|epoch| epoch.checked_add_signed(days));
            date.ok_or_else(out_of_range)?.to_string()
        }
        pg_types::TIMESTAMP => micros(bytes)?.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
        pg_types::TIMESTAMPTZ => micros(bytes)?.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        pg_types::TIME => {
            let micros = i64::from_be_bytes(exactly(bytes)?);
            let time = DateTime::from_timestamp_micros(micros).ok_or_else(out_of_range)?;
            time.format("%H:%M:%S%.6f").to_string()
        }
        pg_types::INTERVAL => {
            let (time, rest) = bytes.split_at_checked(8).ok_or_else(wrong_length)?;
            let (days, months) = rest.split_at_checked(4).ok_or_else(wrong_length)?;
            let micros = i64::from_be_bytes(exactly(time)?);
            let (days, months) = (i32::from_be_bytes(exactly(days)?), i32::from_be_bytes(exactly(months)?));
            let (sign, micros) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
            format!("{months} months {days} days {sign}{}.{:06} seconds", micros / 1_000_000, micros % 1_000_000)
        }
        pg_types::NUMERIC => numeric_text(bytes)?,
        pg_types::JSONB => utf8(bytes.strip_prefix(&[1]).unwrap_or(bytes))?.to_owned(),
        _ => utf8(bytes)?.to_owned(),
    })
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], String> {
    bytes.try_into().map_err(|_| wrong_length())
}

fn wrong_length() -> String {
    "it has another length".to_owned()
}

fn out_of_range() -> String {
    "it is out of range".to_owned()
}

fn micros(bytes: &[u8]) -> Result<DateTime<chrono::Utc>, String> {
    const EPOCH_MICROS: i64 = 946_684_800_000_000;
    let since = i64::from_be_bytes(exactly(bytes)?).checked_add(EPOCH_MICROS).ok_or_else(out_of_range)?;
    DateTime::from_timestamp_micros(since).ok_or_else(out_of_range)
}

/// Groups of four decimal digits behind their number, weight, sign and scale.
fn numeric_text(bytes: &[u8]) -> Result<String, String> {
    let words: Vec<u16> = { bytes.chunks_exact(2) }.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let [count, weight, sign, scale, groups @ ..] = words.as_slice() else { return Err(wrong_length()) };
    if groups.len() != usize::from(*count) || groups.iter().any(|group| *group > 9_999) {
        return Err(wrong_length());
    }
    let weight = i32::from(i16::from_be_bytes(weight.to_be_bytes()));
    if !(-100..=100).contains(&weight) || *scale > 400 {
        return Err(out_of_range());
    }
    let group = |at: i32| usize::try_from(at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
    let whole: String = (0..=weight).map(|at| format!("{:04}", group(at))).collect();
    let digits = i32::from(*scale).div_euclid(4) + 1;
    let fraction: String = (weight + 1..weight + 1 + digits).map(|at| format!("{:04}", group(at))).collect();
    let whole = if whole.trim_start_matches('0').is_empty() { "0" } else { whole.trim_start_matches('0') };
    let sign = if *sign == 0x4000 { "-" } else { "" };
    match usize::from(*scale) {
        0 => Ok(format!("{sign}{whole}")),
        scale => Ok(format!("{sign}{whole}.{}", &fraction[..scale.min(fraction.len())])),
    }
}

/// The elements of `{a,"b c",NULL}`; `None` if it is not written like that or has arrays in it.
pub fn array_elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    if inner.trim().is_empty() {
        return Some(elements);
    }
    let (mut element, mut quoted, mut inside) = (String::new(), false, false);
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => element.push(characters.next()?),
            '"' => {
                inside = !inside;
                quoted = true;
            }
            '{' | '}' if !inside => return None,
            ',' if !inside => elements.push(finished(&mut element, &mut quoted)),
            other => element.push(other),
        }
    }
    if inside {
        return None;
    }
    elements.push(finished(&mut element, &mut quoted));
    Some(elements)
}

fn finished(element: &mut String, quoted: &mut bool) -> Option<String> {
    let (text, quoted) = (std::mem::take(element), std::mem::take(quoted));
    if quoted {
        return Some(text);
    }
    let text = text.trim();
    (!text.eq_ignore_ascii_case("null")).then(|| text.to_owned())
}

/// Dimensions, a flag, the type of the elements, their number and lower bound, then each behind its length.
fn binary_array(bytes: &[u8]) -> Result<Vec<Option<String>>, String> {
    let mut rest = bytes;
    let mut next = || -> Result<i32, String> {
        let (word, after) = rest.split_at_checked(4).ok_or_else(wrong_length)?;
        rest = after;
        Ok(i32::from_be_bytes(exactly(word)?))
    };
    let (dimensions, _nulls, element) = (next()?, next()?, next()?);
    if dimensions == 0 {
        return Ok(Vec::new());
    }
    if dimensions != 1 {
        return Err("only arrays of one dimension are taken".to_owned());
    }
    let kind = u32::try_from(element).ok().and_then(PgType::from_oid);
    let kind = kind.ok_or_else(|| format!("its elements are of the unknown type {element}"))?;
    let (length, _lower) = (next()?, next()?);
    let mut elements = Vec::new();
    for _ in 0..length {
        let (word, after) = rest.split_at_checked(4).ok_or_else(wrong_length)?;
        let size = i32::from_be_bytes(exactly(word)?);
        let Ok(size) = usize::try_from(size) else {
            rest = after;
            elements.push(None);
            continue;
        };
        let (value, after) = after.split_at_checked(size).ok_or_else(wrong_length)?;
        rest = after;
        elements.push(Some(binary_text(kind, value)?));
    }
    Ok(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(kind: PgType, form: Form, value: &[u8]) -> Result<String, String> {
        let parameter = Parameter { kind, form, value: Some(Bytes::copy_from_slice(value)) };
        literal(&parameter).map(|expression| expression.to_string())
    }

    #[test]
    fn text_and_binary_forms_mean_the_same_literal() {
        let cases: &[(PgType, &str, &[u8], &str)] = &[
            (pg_types::INT4, "-7", &[0xff, 0xff, 0xff, 0xf9], "-7"),
            (pg_types::BOOL, "t", &[1], "true"),
            (pg_types::TEXT, "it's", b"it's", "'it''s'"),
            (pg_types::FLOAT8, "1.5", &1.5f64.to_be_bytes(), "1.5"),
            (pg_types::NUMERIC, "-12345.678", &[0, 3, 0, 1, 0x40, 0, 0, 3, 0, 1, 9, 41, 26, 124], "-12345.678"),
            (pg_types::DATE, "2000-01-03", &[0, 0, 0, 2], "CAST('2000-01-03' AS DATE)"),
            (pg_types::BYTEA, "\\x00ff", &[0, 255], "'00ff'"),
        ];
        for (kind, text, binary, expected) in cases {
            assert_eq!(bound(*kind, Form::Text, text.as_bytes()).as_deref(), Ok(*expected), "{text}");
            assert_eq!(bound(*kind, Form::Binary, binary).as_deref(), Ok(*expected), "{text}");
        }
        let half = bound(pg_types::TIMESTAMPTZ, Form::Binary, &500_000i64.to_be_bytes()).expect("a time");
        assert!(half.starts_with("CAST('2000-01-01T00:00:00.500000Z' AS TIMESTAMP"), "{half}");
    }

    #[test]
    fn arrays_are_read_in_both_forms() {
        assert_eq!(bound(pg_types::INT8_ARRAY, Form::Text, b"{7, 8}").as_deref(), Ok("ARRAY[7, 8]"));
        assert_eq!(
            bound(pg_types::TEXT_ARRAY, Form::Text, br#"{a,"b, c",NULL,"NULL"}"#).as_deref(),
            Ok("ARRAY['a', 'b, c', NULL, 'NULL']")
        );
        let words = |words: &[i32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
        let binary = words(&[1, 0, 23, 2, 1, 4, 7, -1]);
        assert_eq!(bound(pg_types::INT4_ARRAY, Form::Binary, &binary).as_deref(), Ok("ARRAY[7, NULL]"));
        assert_eq!(bound(pg_types::INT4_ARRAY, Form::Binary, &words(&[0, 0, 23])).as_deref(), Ok("ARRAY[]"));
    }

    #[test]
    fn damaged_values_are_errors() {
        let cases: &[(PgType, Form, &[u8])] = &[
            (pg_types::INT4, Form::Binary, &[1]),
            (pg_types::INT4, Form::Text, b"x"),
            (pg_types::TEXT, Form::Text, &[0xff]),
            (pg_types::NUMERIC, Form::Binary, &[0, 9, 0, 0, 0, 0, 0, 0]),
            (pg_types::TIMESTAMPTZ, Form::Binary, &i64::MAX.to_be_bytes()),
            (
                pg_types::INT4_ARRAY,
                Form::Binary,
                &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 127, 255, 255, 255, 0, 0, 0, 1],
            ),
            (pg_types::TEXT_ARRAY, Form::Text, b"{\"a"),
            (pg_types::INTERVAL, Form::Binary, &[1, 2, 3]),
        ];
        for (kind, form, value) in cases {
            assert!(bound(*kind, *form, value).is_err(), "{} {value:?}", kind.name);
        }
    }
}
