//! Values out of rows, by name, with an error that names the column.

use sqlx::Row;
use sqlx::any::AnyRow;
use whodunit_stdx::{ErrorKind, Timestamp};

use super::failed;
use crate::error::Error;

pub fn text(row: &AnyRow, column: &'static str) -> Result<String, Error> {
    row.try_get(column).map_err(failed)
}

pub fn text_option(row: &AnyRow, column: &'static str) -> Result<Option<String>, Error> {
    row.try_get(column).map_err(failed)
}

pub fn integer(row: &AnyRow, column: &'static str) -> Result<i64, Error> {
    row.try_get(column).map_err(failed)
}

pub fn instant(row: &AnyRow, column: &'static str) -> Result<Timestamp, Error> {
    integer(row, column).map(Timestamp)
}

pub fn instant_option(row: &AnyRow, column: &'static str) -> Result<Option<Timestamp>, Error> {
    let nanos: Option<i64> = row.try_get(column).map_err(failed)?;
    Ok(nanos.map(Timestamp))
}

/// A text that stands for a noun of ours; the CHECK constraints allow no other, so one is damage.
pub fn word<T>(row: &AnyRow, column: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    let text = text(row, column)?;
    parse(&text).ok_or_else(|| damaged(column, &text))
}

pub fn damaged(column: &str, value: &str) -> Error {
    Error::new(ErrorKind::Corrupt, format!("the control database has {value:?} in {column}"))
}
