//! Values as JSON: 64-bit numbers as texts or numbers. Unknown members are passed over.

use std::borrow::Cow;
use std::str::FromStr;

use super::value::{Any, Attribute, Nested};
use crate::json::{JsonError, Reader, Token};
use crate::logs::rejection::{Reason, Refusal};

/// Past the brace of an object that is known to be one.
pub fn inside(text: &str) -> Result<Reader<'_>, JsonError> {
    let mut reader = Reader::new(text);
    reader.token()?;
    Ok(reader)
}

pub fn malformed(field: &str, text: impl Into<String>) -> Refusal {
    Refusal { reason: Reason::Malformed, field: field.to_owned(), text: text.into() }
}

pub fn string<'a>(reader: &mut Reader<'a>, token: Token<'a>, field: &str) -> Result<Cow<'a, str>, Refusal> {
    match token {
        Token::Text(text) => Ok(text.to_cow()?),
        Token::Null => Ok(Cow::Borrowed("")),
        token => {
            reader.pass(token)?;
            Err(malformed(field, "expected a text"))
        }
    }
}

/// A number as such, or as a text.
pub fn number<'a, N: FromStr + Default>(reader: &mut Reader<'a>, token: Token<'a>, field: &str) -> Result<N, Refusal> {
    let text = match token {
        Token::Number(raw) => Cow::Borrowed(raw),
        Token::Null => return Ok(N::default()),
        token => string(reader, token, field)?,
    };
    text.parse().map_err(|_| malformed(field, "expected a whole number in its range, as such or as a text"))
}

pub fn attributes<'a>(reader: &mut Reader<'a>, token: Token<'a>) -> Result<Vec<Attribute<'a>>, Refusal> {
    let mut all = Vec::new();
    match token {
        Token::Null => return Ok(all),
        Token::Array => {}
        token => {
            reader.pass(token)?;
            return Err(malformed("attributes", "expected an array of {\"key\", \"value\"}"));
        }
    }
    let mut first = true;
    while reader.element(&mut first)? {
        let Token::Object = reader.token()? else {
            return Err(malformed("attributes", "expected an array of {\"key\", \"value\"}"));
        };
        all.push(pair(reader)?);
    }
    Ok(all)
}

/// A `KeyValue` whose brace is read.
fn pair<'a>(reader: &mut Reader<'a>) -> Result<Attribute<'a>, Refusal> {
    let (mut name, mut value) = (Cow::Borrowed(""), Any::Empty);
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        let token = reader.token()?;
        match &*key {
            "key" => name = string(reader, token, "key")?,
            "value" => value = any(reader, token)?,
            _ => reader.pass(token)?,
        }
    }
    Ok((name, value))
}

/// An `AnyValue`.
pub fn any<'a>(reader: &mut Reader<'a>, token: Token<'a>) -> Result<Any<'a>, Refusal> {
    match token {
        Token::Null => return Ok(Any::Empty),
        Token::Object => {}
        token => {
            reader.pass(token)?;
            return Err(malformed("value", "expected an object such as {\"stringValue\": \"…\"}"));
        }
    }
    let mut value = Any::Empty;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        let token = reader.token()?;
        value = match (&*key, token) {
            (_, Token::Null) => continue,
            // Bytes are base64 here, which is how they are shown too.
            ("stringValue" | "bytesValue", token) => Any::Text(string(reader, token, &key)?),
            ("boolValue", Token::Boolean(truth)) => Any::Boolean(truth),
            ("intValue", token) => Any::Integer(number(reader, token, &key)?),
            ("doubleValue", token) => Any::Float(number(reader, token, &key)?),
            ("arrayValue", token @ Token::Object) => Any::List(Nested::Json(reader.rest(token)?)),
            ("kvlistValue", token @ Token::Object) => Any::Map(Nested::Json(reader.rest(token)?)),
            ("boolValue" | "arrayValue" | "kvlistValue", token) => {
                reader.pass(token)?;
                return Err(malformed(&key, "is of another type than its name says"));
            }
            (_, token) => {
                reader.pass(token)?;
                continue;
            }
        };
    }
    Ok(value)
}

/// What stands under `values`, read element by element.
fn values<'a, T>(
    text: &'a str,
    mut read: impl FnMut(&mut Reader<'a>, Token<'a>) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let mut all = Vec::new();
    let mut reader = inside(text)?;
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let key = key.to_cow()?;
        match (&*key, reader.token()?) {
            ("values", Token::Array) => {
                let mut first = true;
                while reader.element(&mut first)? {
                    let token = reader.token()?;
                    all.push(read(&mut reader, token)?);
                }
            }
            ("values", Token::Null) => {}
            ("values", _) => return Err(malformed("values", "expected an array")),
            (_, token) => reader.pass(token)?,
        }
    }
    Ok(all)
}

/// The elements of an `ArrayValue`.
pub fn elements(text: &str) -> Result<Vec<Any<'_>>, Refusal> {
    values(text, any)
}

/// The members of a `KeyValueList`.
pub fn pairs(text: &str) -> Result<Vec<Attribute<'_>>, Refusal> {
    values(text, |reader, token| match token {
        Token::Object => pair(reader),
        token => {
            reader.pass(token)?;
            Err(malformed("values", "expected {\"key\", \"value\"}"))
        }
    })
}
