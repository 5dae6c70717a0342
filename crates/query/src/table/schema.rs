//! The columns that a table offers to the planner.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use whodunit_model::Table;
use whodunit_model::table::{ATTRIBUTE_PREFIX, Column, Kind, SHOWN_AS};
use whodunit_store::segment::AttributeType;

use crate::format::{SHOWN_AS_CHANGES, SHOWN_AS_JSON};
use crate::statement::Mentions;

/// Attribute columns that `SELECT *` shows, in alphabetical order; further ones must be named.
pub const STAR_ATTRIBUTES_MAX: usize = 200;

/// Fixed columns in order, then attributes: the mentioned ones, or up to [`STAR_ATTRIBUTES_MAX`] for `*` and more if
/// mentioned.
pub fn offered_schema(table: Table, attributes: &BTreeMap<String, AttributeType>, mentions: &Mentions) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = table.columns().map(|column| Arc::new(field(column))).collect();
    let mut unnamed = if mentions.star { STAR_ATTRIBUTES_MAX } else { 0 };
    for (name, kind) in attributes {
        if !mentions.column(name) {
            if unnamed == 0 {
                continue;
            }
            unnamed -= 1;
        }
        fields.push(Arc::new(Field::new(name, kind.data_type(), true)));
    }
    Arc::new(Schema::new(fields))
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
