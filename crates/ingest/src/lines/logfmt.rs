//! `key=value` pairs, as Go programs and Heroku write them. Quoted values have the escapes of JSON.
//!
//! A bare word is a key that is simply there (`true`). Values are typed as they look: only what reads back as it
//! stands becomes a number, so that `007` and `1e5` stay texts.

use serde_json::{Map, Value};

/// A line of pairs only, at least two; prose that holds one `=` is no logfmt.
pub fn parse(line: &str) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let mut pairs = 0;
    let mut rest = line.trim();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = &rest[..end];
        if key.is_empty() || !key.bytes().all(is_of_key) {
            return None;
        }
        let value;
        (value, rest) = match rest[end..].strip_prefix('=') {
            None => (Value::Bool(true), &rest[end..]),
            Some(after) => {
                pairs += 1;
                value_of(after)?
            }
        };
        fields.insert(key.to_owned(), value);
        rest = rest.trim_start();
    }
    (pairs >= 2 && pairs * 2 >= fields.len()).then_some(fields)
}

fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./@:#".contains(&byte)
}

fn value_of(text: &str) -> Option<(Value, &str)> {
    if text.starts_with('"') {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let value = values.next()?.ok()?;
        let rest = &text[values.byte_offset()..];
        return (rest.is_empty() || rest.starts_with(' ')).then_some((Value::String(value), rest));
    }
    let end = text.find(' ').unwrap_or(text.len());
    let bare = &text[..end];
    if bare.contains('"') {
        return None;
    }
    Some((typed(bare), &text[end..]))
}

fn typed(bare: &str) -> Value {
    match bare {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = bare.parse::<i64>()
        && number.to_string() == bare
    {
        return Value::from(number);
    }
    match bare.parse::<f64>() {
        Ok(number) if number.is_finite() && bare.contains('.') && number.to_string() == bare => Value::from(number),
        _ => Value::from(bare),
    }
}
