//! A batch: rows of one table and one project, in columns.
//!
//! A batch may leave out fixed columns that are null in every row and may bring attribute columns in any order.
//! Whoever holds a [`Batch`] knows that its columns have the right names and types and that every row has a time.

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;

use crate::project::Project;
use crate::table::Table;

/// Rows of one table and one project.
#[derive(Clone, Debug)]
pub struct Batch {
    table: Table,
    project: Project,
    rows: RecordBatch,
}

/// The columns do not fit the table.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error("table {table} has no column {column:?}")]
    UnknownColumn { table: &'static str, column: String },
    #[error("column {column:?} of table {table} is {expected}, not {found}")]
    WrongType { table: &'static str, column: String, expected: DataType, found: DataType },
    #[error("column {column:?} of table {table} is missing or has nulls")]
    Missing { table: &'static str, column: &'static str },
    #[error("table {table} has column {column:?} twice")]
    Twice { table: &'static str, column: String },
}

/// The types an attribute column may have.
pub fn is_attribute_type(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8View | DataType::Int64 | DataType::Float64 | DataType::Boolean)
}

impl Batch {
    pub fn new(table: Table, project: Project, rows: RecordBatch) -> Result<Batch, BatchError> {
        let name = table.name();
        let mut seen = std::collections::HashSet::with_capacity(rows.num_columns());
        for field in rows.schema_ref().fields() {
            let column = field.name();
            if !seen.insert(column.as_str()) {
                return Err(BatchError::Twice { table: name, column: column.clone() });
            }
            match table.column(column) {
                Some(fixed) if fixed.kind.data_type() == *field.data_type() => {}
                Some(fixed) => {
                    let (expected, found) = (fixed.kind.data_type(), field.data_type().clone());
                    return Err(BatchError::WrongType { table: name, column: column.clone(), expected, found });
                }
                None if table.takes_attributes() && is_attribute_type(field.data_type()) => {}
                None => return Err(BatchError::UnknownColumn { table: name, column: column.clone() }),
            }
        }
        for column in ["time", "received_at"] {
            if rows.column_by_name(column).is_none_or(|values| values.null_count() > 0) {
                return Err(BatchError::Missing { table: name, column });
            }
        }
        Ok(Batch { table, project, rows })
    }

    pub fn table(&self) -> Table {
        self.table
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    pub fn rows(&self) -> &RecordBatch {
        &self.rows
    }

    pub fn into_rows(self) -> RecordBatch {
        self.rows
    }

    pub fn row_count(&self) -> usize {
        self.rows.num_rows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, Int64Array, StringViewArray, TimestampNanosecondArray};
    use std::sync::Arc;

    fn times() -> ArrayRef {
        Arc::new(TimestampNanosecondArray::from(vec![1, 2]).with_timezone("UTC"))
    }

    fn batch(table: Table, columns: Vec<(&str, ArrayRef)>) -> Result<Batch, BatchError> {
        let mut all = vec![("time", times()), ("received_at", times())];
        all.extend(columns);
        Batch::new(
            table,
            Project::default_project(),
            RecordBatch::try_from_iter(all).expect("columns are equally long"),
        )
    }

    #[test]
    fn attributes_belong_to_tables_that_take_them() {
        let status = || vec![("status", Arc::new(Int64Array::from(vec![200, 500])) as ArrayRef)];
        assert!(batch(Table::Logs, status()).is_ok());
        assert!(matches!(batch(Table::AuditLogs, status()), Err(BatchError::UnknownColumn { .. })));
    }

    #[test]
    fn a_fixed_column_keeps_its_type() {
        let body = vec![("body", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef)];
        assert!(matches!(batch(Table::Logs, body), Err(BatchError::WrongType { .. })));
        let body = vec![("body", Arc::new(StringViewArray::from(vec!["a", "b"])) as ArrayRef)];
        assert!(batch(Table::Logs, body).is_ok());
    }

    #[test]
    fn every_row_has_a_time() {
        let nothing = RecordBatch::try_from_iter(vec![("time", times())]).expect("one column");
        let made = Batch::new(Table::Logs, Project::default_project(), nothing);
        assert!(matches!(made, Err(BatchError::Missing { column: "received_at", .. })));
    }
}
