//! JSON objects as rows: every member is a field, nested objects become names with dots.

use whodunit_model::keys::TOP;

use super::mapping::Role;
use super::rejection::{Reason, Refusal};
use super::rows::{Kind, NESTING_MAX, Row, Rows, Value};
use crate::json::{JsonError, Reader, Text, Token};

/// Reads a line that is one JSON object, with nothing after it, into the row.
pub fn read<'a>(rows: &mut Rows, line: &'a [u8], row: &mut Row<'a>) -> Result<(), Refusal> {
    let text = std::str::from_utf8(line).map_err(Refusal::not_utf8)?;
    let mut reader = Reader::new(text);
    match reader.token()? {
        Token::Object => members(rows, &mut reader, TOP, 1, row)?,
        _ => return Err(Refusal::whole(Reason::Malformed, "a line is a JSON object")),
    }
    reader.end()?;
    Ok(())
}

/// Reads the members of an object whose brace is read, with names inside `parent`.
fn members<'a>(
    rows: &mut Rows,
    reader: &mut Reader<'a>,
    parent: u32,
    depth: usize,
    row: &mut Row<'a>,
) -> Result<(), Refusal> {
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let number = number_of(rows, parent, key)?;
        let token = reader.token()?;
        let Some(number) = number else {
            spill(rows, reader, parent, key, token)?;
            continue;
        };
        match token {
            Token::Null => {}
            Token::Object if depth < NESTING_MAX => members(rows, reader, number, depth + 1, row)?,
            Token::Object | Token::Array => {
                let json = reader.rest(token)?;
                rows.take(number, Value::Json(json), row);
            }
            Token::Boolean(truth) => rows.take(number, Value::Boolean(truth), row),
            Token::Number(raw) => rows.take(number, Value::Number(raw), row),
            Token::Text(text) => match text.plain() {
                Some(plain) => rows.take(number, Value::Text(plain), row),
                None => {
                    let kept = row.keep(Kind::Text, |out| text.unescape_into(out))?;
                    rows.take(number, kept, row);
                }
            },
        }
    }
    Ok(())
}

#[inline]
fn number_of(rows: &mut Rows, parent: u32, key: Text<'_>) -> Result<Option<u32>, JsonError> {
    if let Some(text) = key.plain() {
        return Ok(rows.number(parent, text));
    }
    let mut scratch = std::mem::take(&mut rows.scratch);
    scratch.clear();
    let number = key.unescape_into(&mut scratch).map(|()| rows.number(parent, &scratch));
    rows.scratch = scratch;
    number
}

/// A name beyond those that are remembered goes straight to the overflow column.
#[cold]
fn spill<'a>(
    rows: &mut Rows,
    reader: &mut Reader<'a>,
    parent: u32,
    key: Text<'a>,
    token: Token<'a>,
) -> Result<(), Refusal> {
    let name = key.to_cow()?;
    let row = Row::new();
    match token {
        Token::Null => {}
        Token::Boolean(truth) => rows.spill(parent, &name, Value::Boolean(truth), &row),
        Token::Number(raw) => rows.spill(parent, &name, Value::Number(raw), &row),
        Token::Text(text) => rows.spill(parent, &name, Value::Text(&text.to_cow()?), &row),
        Token::Object | Token::Array => rows.spill(parent, &name, Value::Json(reader.rest(token)?), &row),
    }
    Ok(())
}

/// Looks into a line that is itself a JSON object, for the fields that fill context columns which the row has no
/// better value for. The line stays what it is; one that is no JSON after all gives nothing.
pub fn lift(rows: &mut Rows, line: &str, row: &mut Row<'_>) {
    let bytes = line.trim_ascii().as_bytes();
    if !matches!(bytes, [b'{', .., b'}']) {
        return;
    }
    let mut reader = Reader::new(line);
    let read = match reader.token() {
        Ok(Token::Object) => lift_members(rows, &mut reader, TOP, 1, row).and_then(|()| reader.end()),
        _ => return,
    };
    if read.is_err() {
        row.drop_lifted();
    }
}

fn lift_members(
    rows: &mut Rows,
    reader: &mut Reader<'_>,
    parent: u32,
    depth: usize,
    row: &mut Row<'_>,
) -> Result<(), JsonError> {
    let mut first = true;
    while let Some(key) = reader.key(&mut first)? {
        let number = number_of(rows, parent, key)?;
        let token = reader.token()?;
        match (token, number) {
            (Token::Object, Some(number)) if depth < NESTING_MAX => {
                lift_members(rows, reader, number, depth + 1, row)?;
            }
            (Token::Object | Token::Array, _) => drop(reader.rest(token)?),
            (Token::Text(text), Some(number)) if is_liftable(rows, number) => {
                let kept = row.keep(Kind::Text, |out| text.unescape_into(out))?;
                rows.lift(number, kept, row);
            }
            (Token::Number(raw), Some(number)) if is_liftable(rows, number) => {
                let kept = row.keep_text(raw);
                rows.lift(number, kept, row);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Time and message are the protocol's own; what else has a role may be found inside the line.
#[inline]
fn is_liftable(rows: &Rows, number: u32) -> bool {
    rows.role(number).is_some_and(|role| role != Role::Time && role != Role::ObservedAt)
}
