//! Values become fields of a row, or text.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use whodunit_model::log::write_json_text;

use super::value::{Any, Attribute, Nested};
use super::{json, wire};
use crate::json::JSON_DEPTH_MAX;
use crate::logs::rejection::{Reason, Refusal};
use crate::logs::rows::{Kind, NESTING_MAX, Row, Rows, Value};

impl<'a> Nested<'a> {
    fn elements(self) -> Result<Vec<Any<'a>>, Refusal> {
        match self {
            Nested::Wire(bytes) => wire::elements(bytes),
            Nested::Json(text) => json::elements(text),
        }
    }

    fn pairs(self) -> Result<Vec<Attribute<'a>>, Refusal> {
        match self {
            Nested::Wire(bytes) => wire::pairs(bytes),
            Nested::Json(text) => json::pairs(text),
        }
    }
}

impl<'a> Any<'a> {
    /// Sets the field of this name inside `parent`. Maps become names with dots, as nested objects of lines do.
    pub fn take(
        &self,
        rows: &mut Rows,
        parent: u32,
        name: &str,
        depth: usize,
        row: &mut Row<'a>,
    ) -> Result<(), Refusal> {
        let value = match self {
            Any::Empty => return Ok(()),
            Any::Text(Cow::Borrowed(text)) => Value::Text(text),
            Any::Text(Cow::Owned(text)) => row.keep_text(text),
            Any::Boolean(truth) => Value::Boolean(*truth),
            Any::Integer(number) => Value::Integer(*number),
            Any::Float(number) => Value::Float(*number),
            Any::Bytes(bytes) => row.keep_text(&STANDARD.encode(bytes)),
            Any::Map(nested) if depth < NESTING_MAX => {
                let Some(number) = rows.number(parent, name) else {
                    let json = row.keep(Kind::Json, |out| self.write_json(out, JSON_DEPTH_MAX))?;
                    rows.take_in(parent, name, json, row);
                    return Ok(());
                };
                for (name, value) in nested.pairs()? {
                    value.take(rows, number, &name, depth + 1, row)?;
                }
                return Ok(());
            }
            Any::List(_) | Any::Map(_) => row.keep(Kind::Json, |out| self.write_json(out, JSON_DEPTH_MAX))?,
        };
        rows.take_in(parent, name, value, row);
        Ok(())
    }

    /// The value as text for people: a text as it is, all else as JSON.
    pub fn write_text(&self, out: &mut String) -> Result<(), Refusal> {
        match self {
            Any::Empty => Ok(()),
            Any::Text(text) => {
                out.push_str(text);
                Ok(())
            }
            Any::Bytes(bytes) => {
                STANDARD.encode_string(bytes, out);
                Ok(())
            }
            other => other.write_json(out, JSON_DEPTH_MAX),
        }
    }

    fn write_json(&self, out: &mut String, depth: usize) -> Result<(), Refusal> {
        let Some(below) = depth.checked_sub(1) else {
            return Err(Refusal::whole(Reason::Malformed, "a value is nested too deeply"));
        };
        match self {
            Any::Empty => out.push_str("null"),
            Any::Text(text) => write_json_text(out, text),
            Any::Boolean(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Any::Integer(number) => infallible(write!(out, "{number}")),
            Any::Float(number) if number.is_finite() => infallible(write!(out, "{number:?}")),
            // JSON has no NaN and no infinity.
            Any::Float(number) => infallible(write!(out, "\"{number:?}\"")),
            Any::Bytes(bytes) => {
                out.push('"');
                STANDARD.encode_string(bytes, out);
                out.push('"');
            }
            Any::List(nested) => {
                out.push('[');
                for (index, element) in nested.elements()?.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    element.write_json(out, below)?;
                }
                out.push(']');
            }
            Any::Map(nested) => {
                out.push('{');
                for (index, (name, value)) in nested.pairs()?.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_json_text(out, name);
                    out.push(':');
                    value.write_json(out, below)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// Writing to a `String` succeeds.
fn infallible(_written: std::fmt::Result) {}
