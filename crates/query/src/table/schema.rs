//! The columns that a table offers to the planner.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use serde_json::Value;
use whodunit_model::Table;
use whodunit_model::table::{ATTRIBUTE_PREFIX, Column, Kind, SHOWN_AS};
use whodunit_store::segment::AttributeType;

use crate::format::{SHOWN_AS_CHANGES, SHOWN_AS_JSON};
use crate::statement::Mentions;

/// Where attributes without a column are.
pub const OVERFLOW: &str = "attributes_overflow";

/// Attribute columns that `SELECT *` shows, in alphabetical order; further ones must be named.
pub const STAR_ATTRIBUTES_MAX: usize = 200;

/// Fixed columns in order, then attributes: the mentioned ones, or up to [`STAR_ATTRIBUTES_MAX`] for `*` and more if
/// mentioned.
pub fn offered_schema(table: Table, attributes: &BTreeMap<String, AttributeType>, mentions: &Mentions) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = table.columns().map(|column| Arc::new(field(column))).collect();
    let mut unnamed = if mentions.star { STAR_ATTRIBUTES_MAX } else { 0 };
    for (name, kind) in columns_of(table, attributes) {
        if !mentions.column(&name) {
            if unnamed == 0 {
                continue;
            }
            unnamed -= 1;
        }
        fields.push(Arc::new(Field::new(name, kind.data_type(), true)));
    }
    Arc::new(Schema::new(fields))
}

/// Attributes by the name of their column: in the overflow of clients' batches they stand under their key.
fn columns_of(table: Table, attributes: &BTreeMap<String, AttributeType>) -> BTreeMap<String, AttributeType> {
    let mut columns = BTreeMap::new();
    for (name, kind) in attributes {
        let column =
            if table.column(name).is_some() { table.attribute_column(name).into_owned() } else { name.clone() };
        columns.entry(column).and_modify(|known: &mut AttributeType| *known = known.widen(*kind)).or_insert(*kind);
    }
    columns
}

/// Mentioned attributes in the overflow of buffered rows, where nobody has counted them yet; added to the known ones.
pub fn with_overflow<'a>(
    table: Table,
    known: Arc<BTreeMap<String, AttributeType>>,
    mentions: &Mentions,
    batches: impl Iterator<Item = &'a RecordBatch>,
) -> Arc<BTreeMap<String, AttributeType>> {
    let mut found: BTreeMap<String, AttributeType> = BTreeMap::new();
    for overflow in batches.filter_map(|batch| batch.column_by_name(OVERFLOW)?.as_string_view_opt()) {
        for text in overflow.iter().flatten() {
            let Ok(members) = serde_json::from_str::<serde_json::Map<String, Value>>(text) else { continue };
            for (key, value) in members {
                let column = if table.column(&key).is_some() { table.attribute_column(&key).into_owned() } else { key };
                let Some(kind) = kind_of(&value).filter(|_| mentions.column(&column)) else { continue };
                found.entry(column).and_modify(|known| *known = known.widen(kind)).or_insert(kind);
            }
        }
    }
    if found.is_empty() {
        return known;
    }
    let mut all = known.as_ref().clone();
    for (column, kind) in found {
        all.entry(column).and_modify(|known| *known = known.widen(kind)).or_insert(kind);
    }
    Arc::new(all)
}

fn kind_of(value: &Value) -> Option<AttributeType> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(AttributeType::Boolean),
        Value::Number(number) if number.is_i64() => Some(AttributeType::Integer),
        Value::Number(_) => Some(AttributeType::Float),
        _ => Some(AttributeType::Text),
    }
}

/// The field of a fixed column, marked with how its values are shown.
fn field(column: &Column) -> Field {
    let mark = |field: Field, how: &str| field.with_metadata([(SHOWN_AS.to_owned(), how.to_owned())].into());
    match column.kind {
        Kind::Json => mark(column.field(), SHOWN_AS_JSON),
        Kind::Changes => mark(column.field(), SHOWN_AS_CHANGES),
        _ => column.field(),
    }
}

/// The key of an attribute in `attributes_overflow`, given the name of its column.
pub fn attribute_key(column: &str) -> &str {
    column.strip_prefix(ATTRIBUTE_PREFIX).unwrap_or(column)
}

/// The type of a column if it is an attribute of the table.
pub fn attribute_type(table: Table, field: &Field) -> Option<AttributeType> {
    if !table.takes_attributes() || table.column(field.name()).is_some() {
        return None;
    }
    AttributeType::of(field.data_type())
}

/// Whether the column holds captured events, whose parts are in columns of their own and belong into it.
pub fn is_event(table: Table, column: &str) -> bool {
    table == Table::ErrorEvents && column == "raw"
}

/// The names of all attributes of the listed tables.
pub fn attribute_names(
    all: impl IntoIterator<Item = Arc<BTreeMap<String, AttributeType>>>,
) -> std::collections::BTreeSet<String> {
    all.into_iter().flat_map(|attributes| attributes.keys().cloned().collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_mentioned_is_offered() {
        let attributes =
            BTreeMap::from([("a".to_owned(), AttributeType::Integer), ("attr.body".to_owned(), AttributeType::Text)]);
        let fixed = Table::Logs.columns().count();
        let schema = offered_schema(Table::Logs, &attributes, &Mentions::of(["a"]));
        assert_eq!((schema.fields().len(), schema.field(fixed).name().as_str()), (fixed + 1, "a"));
        let star = Mentions::default().with_star();
        assert_eq!(offered_schema(Table::Logs, &attributes, &star).fields().len(), fixed + 2);
        assert_eq!(attribute_key("attr.body"), "body");
    }
}
