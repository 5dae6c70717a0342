//! One row of a table of which few rows come at a time, and how such rows become a [`Batch`].
//!
//! Columns are set by name and checked against the table. Columns that no row fills are left out of the batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryViewBuilder, FixedSizeBinaryBuilder, Int64Builder, RecordBatch, StringViewBuilder,
    TimestampNanosecondArray,
};
use arrow::datatypes::{FieldRef, Schema};
use whodunit_stdx::Timestamp;

use crate::batch::Batch;
use crate::project::Project;
use crate::table::{Column, Kind, Table};

/// Memory of a row beside its texts and bytes.
const ROW_BYTES: usize = 256;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    table: Table,
    time: Timestamp,
    received_at: Timestamp,
    cells: BTreeMap<&'static str, Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Text(String),
    Integer(i64),
    /// An id, a hash, or bytes of any length.
    Bytes(Vec<u8>),
}

impl Row {
    pub fn new(table: Table, time: Timestamp, received_at: Timestamp) -> Row {
        Row { table, time, received_at, cells: BTreeMap::new() }
    }

    pub fn table(&self) -> Table {
        self.table
    }

    /// Sets a text or JSON column by its name; an empty text is none.
    ///
    /// # Panics
    /// If the table has no such column.
    pub fn set(&mut self, column: &'static str, text: impl Into<String>) {
        assert!(matches!(self.kind(column), Some(Kind::Text | Kind::Json)), "{column} is no text column");
        let text = text.into();
        if !text.is_empty() {
            self.cells.insert(column, Cell::Text(text));
        }
    }

    /// Sets a column of whole numbers.
    ///
    /// # Panics
    /// If the table has no such column.
    pub fn set_integer(&mut self, column: &'static str, number: i64) {
        assert!(matches!(self.kind(column), Some(Kind::Integer)), "{column} is no column of integers");
        self.cells.insert(column, Cell::Integer(number));
    }

    /// Sets a column of ids, hashes or bytes.
    ///
    /// # Panics
    /// If the table has no such column, or one of another width.
    pub fn set_bytes(&mut self, column: &'static str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        let fits = match self.kind(column) {
            Some(Kind::Uuid) => bytes.len() == 16,
            Some(Kind::Hex(width)) => usize::try_from(width) == Ok(bytes.len()),
            Some(Kind::Bytes) => true,
            _ => false,
        };
        assert!(fits, "{column} is no column of {} bytes", bytes.len());
        self.cells.insert(column, Cell::Bytes(bytes));
    }

    fn kind(&self, column: &str) -> Option<Kind> {
        self.table.column(column).map(|column| column.kind)
    }

    /// The text of a column, if it was set.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.cells.get(column) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The bytes of a column, if they were set.
    pub fn bytes_of(&self, column: &str) -> Option<&[u8]> {
        match self.cells.get(column) {
            Some(Cell::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Roughly the memory that it takes.
    pub fn bytes(&self) -> usize {
        let cell = |cell: &Cell| match cell {
            Cell::Text(text) => text.len(),
            Cell::Integer(_) => size_of::<i64>(),
            Cell::Bytes(bytes) => bytes.len(),
        };
        ROW_BYTES + self.cells.values().map(cell).sum::<usize>()
    }

    /// The batch of these rows, or `None` without any.
    ///
    /// # Panics
    /// If they are of several tables.
    pub fn batch(rows: &[Row], project: &Project) -> Option<Batch> {
        let table = rows.first()?.table;
        assert!(rows.iter().all(|row| row.table == table), "a batch is of one table");
        let columns = table.columns().filter_map(|column| {
            let array = array(column, rows)?;
            Some((Arc::new(column.field()) as FieldRef, array))
        });
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.unzip();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .expect("columns are built from the table's schema, one value per row");
        Some(Batch::new(table, project.clone(), rows).expect("columns are built from the table's schema"))
    }
}

/// The values of a column; `None` if no row has one.
fn array(column: &Column, rows: &[Row]) -> Option<ArrayRef> {
    let times = |of: fn(&Row) -> Timestamp| -> ArrayRef {
        let nanos: Vec<i64> = rows.iter().map(|row| of(row).nanos()).collect();
        Arc::new(TimestampNanosecondArray::from(nanos).with_timezone("UTC"))
    };
    match column.name {
        "time" => return Some(times(|row| row.time)),
        "received_at" => return Some(times(|row| row.received_at)),
        _ => {}
    }
    if rows.iter().all(|row| !row.cells.contains_key(column.name)) {
        return None;
    }
    let cells = rows.iter().map(|row| row.cells.get(column.name));
    Some(match column.kind {
        Kind::Text | Kind::Json => {
            let mut builder = StringViewBuilder::with_capacity(rows.len());
            rows.iter().for_each(|row| builder.append_option(row.text(column.name)));
            Arc::new(builder.finish())
        }
        Kind::Integer => {
            let mut builder = Int64Builder::with_capacity(rows.len());
            let number = |cell: Option<&Cell>| match cell {
                Some(Cell::Integer(number)) => Some(*number),
                _ => None,
            };
            cells.for_each(|cell| builder.append_option(number(cell)));
            Arc::new(builder.finish())
        }
        Kind::Bytes => {
            let mut builder = BinaryViewBuilder::with_capacity(rows.len());
            rows.iter().for_each(|row| builder.append_option(row.bytes_of(column.name)));
            Arc::new(builder.finish())
        }
        Kind::Uuid => fixed(16, rows, column),
        Kind::Hex(width) => fixed(width, rows, column),
        Kind::Time | Kind::Float | Kind::Boolean | Kind::Changes => {
            unreachable!("no setter takes a value of {}", column.name)
        }
    })
}

fn fixed(width: i32, rows: &[Row], column: &Column) -> ArrayRef {
    let mut builder = FixedSizeBinaryBuilder::new(width);
    for row in rows {
        match row.bytes_of(column.name) {
            Some(bytes) => builder.append_value(bytes).expect("the setter has checked the width"),
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Int64Type;

    use super::*;

    #[test]
    fn rows_become_the_columns_that_they_fill() {
        let mut first = Row::new(Table::Attachments, Timestamp(5), Timestamp(6));
        first.set("name", "crash.dmp");
        first.set("content_type", "");
        first.set_integer("part", 0);
        first.set_bytes("event_id", [1; 16]);
        first.set_bytes("data", *b"MDMP");
        let second = Row::new(Table::Attachments, Timestamp(7), Timestamp(8));
        let batch = Row::batch(&[first, second], &Project::default_project()).expect("two rows");
        let names: Vec<_> = batch.rows().schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["time", "received_at", "event_id", "name", "part", "data"]);
        let parts = batch.rows().column(4).as_primitive::<Int64Type>();
        assert!(parts.value(0) == 0 && parts.is_null(1));
        assert_eq!(batch.rows().column(5).as_binary_view().value(0), b"MDMP");
        assert!(Row::batch(&[], &Project::default_project()).is_none());
    }

    #[test]
    #[should_panic(expected = "event_id is no column of 3 bytes")]
    fn an_id_has_its_width() {
        Row::new(Table::Attachments, Timestamp(5), Timestamp(6)).set_bytes("event_id", [1; 3]);
    }
}
