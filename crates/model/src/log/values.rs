//! Values of one attribute column, widened when one does not fit, and their text forms.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, StringViewBuilder};

/// A value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(&'a str),
}

/// The values of an attribute so far; empty until its first.
pub(super) enum Values {
    Empty,
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Text(StringViewBuilder),
}

impl Values {
    pub(super) fn new(first: Scalar<'_>, expected: usize) -> Values {
        match first {
            Scalar::Boolean(_) => Values::Boolean(BooleanBuilder::with_capacity(expected)),
            Scalar::Integer(_) => Values::Integer(Int64Builder::with_capacity(expected)),
            Scalar::Float(_) => Values::Float(Float64Builder::with_capacity(expected)),
            Scalar::Text(_) => Values::Text(StringViewBuilder::with_capacity(expected)),
        }
    }

    pub(super) fn pad(&mut self, missing: usize) {
        match self {
            Values::Empty => {}
            Values::Boolean(builder) => builder.append_nulls(missing),
            Values::Integer(builder) => builder.append_nulls(missing),
            Values::Float(builder) => builder.append_nulls(missing),
            Values::Text(builder) => pad_text(builder, missing),
        }
    }

    pub(super) fn pad_used(&mut self, missing: usize) {
        if !matches!(self, Values::Empty) {
            self.pad(missing);
        }
    }

    pub(super) fn append(&mut self, value: Scalar<'_>) {
        match (&mut *self, value) {
            (Values::Text(builder), Scalar::Text(text)) => builder.append_value(text),
            (Values::Integer(builder), Scalar::Integer(number)) => builder.append_value(number),
            (Values::Float(builder), Scalar::Float(number)) => builder.append_value(number),
            (Values::Boolean(builder), Scalar::Boolean(truth)) => builder.append_value(truth),
            (Values::Text(builder), other) => {
                let mut text = String::new();
                write_scalar(&mut text, other);
                builder.append_value(text);
            }
            (Values::Float(builder), Scalar::Integer(number)) if exact_in_float(number) => {
                builder.append_value(number as f64);
            }
            (Values::Empty, _) => unreachable!("a column is created with its first value"),
            _ => self.append_widened(value),
        }
    }

    /// The value does not fit the column's type: widens the column first.
    #[cold]
    fn append_widened(&mut self, value: Scalar<'_>) {
        let floats = matches!(value, Scalar::Float(_)) && self.widen_to_float();
        if !floats {
            self.widen_to_text();
        }
        self.append(value);
    }

    /// Turns integers into floats if every one keeps its digits; says whether it did.
    fn widen_to_float(&mut self) -> bool {
        let Values::Integer(builder) = self else { return false };
        let old = builder.finish_cloned();
        if !old.iter().flatten().all(exact_in_float) {
            return false;
        }
        let mut wide = Float64Builder::with_capacity(old.len());
        for value in &old {
            wide.append_option(value.map(|number| number as f64));
        }
        *self = Values::Float(wide);
        true
    }

    fn widen_to_text(&mut self) {
        let mut wide = StringViewBuilder::new();
        let mut text = String::new();
        let mut push = |value: Option<Scalar<'_>>| match value {
            Some(value) => {
                text.clear();
                write_scalar(&mut text, value);
                wide.append_value(&text);
            }
            None => wide.append_null(),
        };
        match self {
            Values::Boolean(builder) => builder.finish().iter().for_each(|value| push(value.map(Scalar::Boolean))),
            Values::Integer(builder) => builder.finish().iter().for_each(|value| push(value.map(Scalar::Integer))),
            Values::Float(builder) => builder.finish().iter().for_each(|value| push(value.map(Scalar::Float))),
            Values::Empty | Values::Text(_) => return,
        }
        *self = Values::Text(wide);
    }

    pub(super) fn finish(self) -> Option<ArrayRef> {
        match self {
            Values::Empty => None,
            Values::Boolean(mut builder) => Some(Arc::new(builder.finish())),
            Values::Integer(mut builder) => Some(Arc::new(builder.finish())),
            Values::Float(mut builder) => Some(Arc::new(builder.finish())),
            Values::Text(mut builder) => Some(Arc::new(builder.finish())),
        }
    }
}

/// Whether a float holds the integer to its last digit.
fn exact_in_float(number: i64) -> bool {
    number.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS
}

/// The text form of a value: what it widens to.
fn write_scalar(out: &mut String, value: Scalar<'_>) {
    let _infallible = match value {
        Scalar::Boolean(truth) => write!(out, "{truth}"),
        Scalar::Integer(number) => write!(out, "{number}"),
        Scalar::Float(number) => write!(out, "{number:?}"),
        Scalar::Text(text) => out.write_str(text),
    };
}

/// Adds a member to the JSON object of this row's overflow; the closing brace comes with the end of the row.
pub(super) fn append_overflow(object: &mut String, key: &str, value: Scalar<'_>) {
    object.push(if object.is_empty() { '{' } else { ',' });
    write_json_text(object, key);
    object.push(':');
    match value {
        Scalar::Text(text) => write_json_text(object, text),
        // JSON has no NaN and no infinity.
        Scalar::Float(number) if !number.is_finite() => {
            let _infallible = write!(object, "\"{number:?}\"");
        }
        other => write_scalar(object, other),
    }
}

/// Writes a JSON string with the fewest escapes that are legal.
pub fn write_json_text(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[from..at]);
        from = at + 1;
        let _infallible = match byte {
            b'"' => out.write_str("\\\""),
            b'\\' => out.write_str("\\\\"),
            b'\n' => out.write_str("\\n"),
            b'\r' => out.write_str("\\r"),
            b'\t' => out.write_str("\\t"),
            0x08 => out.write_str("\\b"),
            0x0c => out.write_str("\\f"),
            control => write!(out, "\\u{control:04x}"),
        };
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Appends nulls; the builder has no way to append many at once.
pub(super) fn pad_text(builder: &mut StringViewBuilder, missing: usize) {
    for _ in 0..missing {
        builder.append_null();
    }
}
