//! Which columns a segment has, and bringing batches into that shape.
//!
//! Batches of one segment differ: columns without values are left out, attributes come and go, and one attribute may
//! be a number here and a text there. The layout is the union without empty columns, each attribute with the type that
//! holds all its values, at most so many attributes as columns and the rest as JSON in `attributes_overflow`.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray, StringViewBuilder, new_null_array};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef};
use whodunit_model::Table;
use whodunit_stdx::ErrorKind;

use super::meta::AttributeType;
use crate::Error;

/// The fixed column that takes what is too rare for a column of its own.
pub const OVERFLOW_COLUMN: &str = "attributes_overflow";

/// Counts the values of each column before the columns of a segment are chosen.
pub struct Census {
    table: Table,
    columns: HashMap<String, (AttributeType, u64)>,
    fixed: HashMap<&'static str, u64>,
}

impl Census {
    pub fn new(table: Table) -> Census {
        Census { table, columns: HashMap::new(), fixed: HashMap::new() }
    }

    /// Notes that `column` has so many values that are not null.
    pub fn count(&mut self, column: &str, data_type: &DataType, values: u64) -> Result<(), Error> {
        if values == 0 {
            return Ok(());
        }
        if let Some(fixed) = self.table.column(column) {
            *self.fixed.entry(fixed.name).or_default() += values;
            return Ok(());
        }
        let Some(kind) = AttributeType::of(data_type) else {
            let message = format!("column {column:?} of {} has type {data_type}", self.table.name());
            return Err(Error::new(ErrorKind::Internal, message));
        };
        match self.columns.get_mut(column) {
            Some((known, total)) => {
                *known = known.widen(kind);
                *total += values;
            }
            None => drop(self.columns.insert(column.to_owned(), (kind, values))),
        }
        Ok(())
    }

    pub fn count_batch(&mut self, rows: &RecordBatch) -> Result<(), Error> {
        for (field, column) in rows.schema_ref().fields().iter().zip(rows.columns()) {
            self.count(field.name(), field.data_type(), (column.len() - column.null_count()) as u64)?;
        }
        Ok(())
    }

    /// Fixed columns in table order, then the `attributes_max` most frequent attributes in order of their names.
    pub fn layout(self, attributes_max: usize) -> Layout {
        let mut attributes: Vec<(String, AttributeType, u64)> =
            self.columns.into_iter().map(|(name, (kind, count))| (name, kind, count)).collect();
        // Ties go by name, so that the same rows make the same segment.
        attributes.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
        let overflow: Vec<String> =
            attributes.split_off(attributes_max.min(attributes.len())).into_iter().map(|(name, ..)| name).collect();
        attributes.sort_by(|one, other| one.0.cmp(&other.0));
        let has = |name: &str| self.fixed.contains_key(name) || (name == OVERFLOW_COLUMN && !overflow.is_empty());
        let fixed = self.table.columns().filter(|column| has(column.name)).map(|column| column.field());
        let columns = attributes.iter().map(|(name, kind, _)| Field::new(name, kind.data_type(), true));
        let schema = Arc::new(Schema::new(fixed.chain(columns).collect::<Vec<_>>()));
        let attributes = attributes.into_iter().map(|(name, kind, _)| (name, kind)).collect();
        Layout { table: self.table, schema, attributes, overflow }
    }
}

/// The columns of one segment.
#[derive(Clone, Debug)]
pub struct Layout {
    table: Table,
    schema: SchemaRef,
    attributes: Vec<(String, AttributeType)>,
    /// Attributes that are no column and go into the overflow.
    overflow: Vec<String>,
}

impl Layout {
    pub fn table(&self) -> Table {
        self.table
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub fn attributes(&self) -> &[(String, AttributeType)] {
        &self.attributes
    }

    /// The same rows with exactly the columns of the layout.
    pub fn conform(&self, rows: &RecordBatch) -> Result<RecordBatch, Error> {
        if rows.schema_ref().fields() == self.schema.fields() {
            return Ok(rows.clone());
        }
        let failed = |source| Error::because(ErrorKind::Internal, "cannot bring rows into a segment's shape", source);
        let mut columns = Vec::with_capacity(self.schema.fields().len());
        for field in self.schema.fields() {
            let column = match rows.column_by_name(field.name()) {
                _ if field.name() == OVERFLOW_COLUMN => self.overflow_column(rows)?,
                Some(column) if column.data_type() == field.data_type() => column.clone(),
                Some(column) => arrow::compute::cast(column, field.data_type()).map_err(failed)?,
                None => new_null_array(field.data_type(), rows.num_rows()),
            };
            columns.push(column);
        }
        RecordBatch::try_new(self.schema.clone(), columns).map_err(failed)
    }

    /// What the rows had in their overflow already, and the attributes that get no column of their own.
    fn overflow_column(&self, rows: &RecordBatch) -> Result<ArrayRef, Error> {
        let present = rows.column_by_name(OVERFLOW_COLUMN).map(|column| column.as_string_view());
        let added: Vec<(String, &ArrayRef)> = self
            .overflow
            .iter()
            .filter_map(|name| Some((json_text(name), rows.column_by_name(name)?)))
            .filter(|(_, column)| column.null_count() < column.len())
            .collect();
        if added.is_empty() {
            return Ok(match present {
                Some(column) => Arc::new(column.clone()),
                None => new_null_array(&DataType::Utf8View, rows.num_rows()),
            });
        }
        let mut builder = StringViewBuilder::with_capacity(rows.num_rows());
        let mut object = String::new();
        for row in 0..rows.num_rows() {
            object.clear();
            open_object(&mut object, present, row);
            for (name, column) in &added {
                push_member(&mut object, name, column, row);
            }
            if object.len() > 1 {
                object.push('}');
                builder.append_value(&object);
            } else {
                builder.append_null();
            }
        }
        Ok(Arc::new(builder.finish()))
    }
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `{` and the members of the object that the row has already.
fn open_object(object: &mut String, present: Option<&StringViewArray>, row: usize) {
    object.push('{');
    let Some(text) = present.filter(|column| column.is_valid(row)).map(|column| column.value(row).trim()) else {
        return;
    };
    match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(members) => object.push_str(members.trim()),
        // Only objects are ever written; anything else is kept under a name of its own rather than lost.
        None => object.push_str(&format!("\"{OVERFLOW_COLUMN}\":{}", json_text(text))),
    }
}

fn push_member(object: &mut String, name: &str, column: &ArrayRef, row: usize) {
    if column.is_null(row) {
        return;
    }
    let value = match column.data_type() {
        DataType::Boolean => serde_json::Value::from(column.as_boolean().value(row)),
        DataType::Int64 => serde_json::Value::from(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => serde_json::Value::from(column.as_primitive::<Float64Type>().value(row)),
        _ => serde_json::Value::from(column.as_string_view().value(row)),
    };
    if object.len() > 1 {
        object.push(',');
    }
    object.push_str(name);
    object.push(':');
    object.push_str(&value.to_string());
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{BooleanArray, Float64Array, Int64Array};

    fn logs(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
            .expect("columns are equally long")
    }

    fn layout(batches: &[RecordBatch], attributes_max: usize) -> Layout {
        let mut census = Census::new(Table::Logs);
        batches.iter().for_each(|rows| census.count_batch(rows).expect("known types"));
        census.layout(attributes_max)
    }

    fn names(layout: &Layout) -> Vec<&str> {
        layout.schema().fields().iter().map(|field| field.name().as_str()).collect()
    }

    #[test]
    fn types_of_one_attribute_widen_to_what_holds_both() {
        let integers =
            logs(vec![("a", Arc::new(Int64Array::from(vec![1, 2]))), ("b", Arc::new(Int64Array::from(vec![3, 4])))]);
        let others = logs(vec![
            ("a", Arc::new(Float64Array::from(vec![0.5]))),
            ("b", Arc::new(BooleanArray::from(vec![true]))),
            ("c", Arc::new(StringViewArray::new_null(1))),
        ]);
        let layout = layout(&[integers.clone(), others.clone()], 512);
        assert_eq!(layout.attributes(), [("a".into(), AttributeType::Float), ("b".into(), AttributeType::Text)]);
        let rows = layout.conform(&integers).expect("conforms");
        assert_eq!(rows["a"].as_primitive::<Float64Type>().values(), &[1.0, 2.0]);
        assert_eq!(rows["b"].as_string_view().value(1), "4");
        assert_eq!(layout.conform(&others).expect("conforms")["b"].as_string_view().value(0), "true");
    }

    #[test]
    fn rare_attributes_join_what_overflowed_before() {
        let rows = logs(vec![
            ("attributes_overflow", Arc::new(StringViewArray::from(vec![Some(r#"{"x":1}"#), None, None]))),
            ("often", Arc::new(Int64Array::from(vec![1, 2, 3]))),
            ("rare \"1\"", Arc::new(StringViewArray::from(vec![Some("v"), None, Some("w")]))),
            ("rare2", Arc::new(Float64Array::from(vec![None, None, Some(1.5)]))),
        ]);
        let layout = layout(std::slice::from_ref(&rows), 1);
        assert_eq!(names(&layout), ["attributes_overflow", "often"]);
        let shaped = layout.conform(&rows).expect("conforms");
        let overflow = shaped["attributes_overflow"].as_string_view();
        assert_eq!(overflow.value(0), r#"{"x":1,"rare \"1\"":"v"}"#);
        assert!(overflow.is_null(1));
        assert_eq!(overflow.value(2), r#"{"rare \"1\"":"w","rare2":1.5}"#);
    }
}
