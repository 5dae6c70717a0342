//! Which attributes the rows of a caller can have: those of its own segments and buffers, not of all projects'.

use std::collections::BTreeSet;

use whodunit_model::Table;

use crate::table::{Source, TimeRange};

/// Column names of the attributes that rows of the range may have, as far as the caller sees their projects.
pub fn attribute_columns(source: &Source, table: Table, range: TimeRange) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if !table.takes_attributes() {
        return names;
    }
    for segment in source.snapshot.segments(table) {
        let reaches = segment.min_time.nanos() <= range.to && segment.max_time.nanos() >= range.from;
        if reaches && source.visibility.sees_project(&segment.project) {
            names.extend(segment.attributes.iter().map(|(name, _)| name.clone()));
        }
    }
    for (project, batch) in source.snapshot.buffered(table) {
        if source.visibility.sees_project(&project) {
            names.extend(batch.schema_ref().fields().iter().map(|field| field.name().clone()));
        }
    }
    names.retain(|name| table.column(name).is_none());
    names
}
