//! One captured error as a row of `error_events`, and how rows become a [`Batch`].
//!
//! Most columns are texts that an event has or has not, so they are set by name; what every event has is a field.
//! Columns that no row fills are left out of the batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryBuilder, RecordBatch, StringViewBuilder, TimestampNanosecondArray,
};
use arrow::datatypes::{FieldRef, Schema};
use whodunit_stdx::Timestamp;

use crate::batch::Batch;
use crate::project::Project;
use crate::table::{Column, Kind, Table};

/// Memory of a row beside its texts.
const ROW_BYTES: usize = 512;

/// Texts of a column stand together in blocks of at most this.
const TEXT_BLOCK_BYTES_MAX: usize = 1 << 20;

/// One captured error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorEvent {
    /// When it happened, as the application says.
    pub time: Timestamp,
    pub received_at: Timestamp,
    pub event_id: [u8; 16],
    pub issue_id: [u8; 16],
    /// What was grouped by; the issue follows from it.
    pub fingerprint: [u8; 32],
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
    /// Whether the application caught it.
    pub handled: Option<bool>,
    /// All other columns, see [`ErrorEvent::set`].
    pub texts: Texts,
}

/// Texts by the name of their column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<&'static str, String>);

impl ErrorEvent {
    /// Sets a text or JSON column by its name; an empty text is none.
    ///
    /// # Panics
    /// If `error_events` has no such column.
    pub fn set(&mut self, column: &'static str, text: impl Into<String>) {
        let known = Table::ErrorEvents.column(column).map(|column| column.kind);
        assert!(matches!(known, Some(Kind::Text | Kind::Json)), "{column} is a text column of error_events");
        let text = text.into();
        if !text.is_empty() {
            self.texts.0.insert(column, text);
        }
    }

    /// The text of a column, if it was set.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.texts.0.get(column).map(String::as_str)
    }

    /// All texts that were set, by the name of their column.
    pub fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.texts.0.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// Roughly the memory that it takes.
    pub fn bytes(&self) -> usize {
        ROW_BYTES + self.texts.0.values().map(String::len).sum::<usize>()
    }

    /// The batch of these rows, or `None` without any.
    pub fn batch(events: &[ErrorEvent], project: &Project) -> Option<Batch> {
        if events.is_empty() {
            return None;
        }
        let columns = Table::ErrorEvents.columns().filter_map(|column| {
            let array = array(column, events)?;
            Some((Arc::new(column.field()) as FieldRef, array))
        });
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.unzip();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .expect("columns are built from the table's schema, one value per event");
        Some(Batch::new(Table::ErrorEvents, project.clone(), rows).expect("columns are built from the table's schema"))
    }
}

/// The values of a column; `None` if no event has one.
fn array(column: &Column, events: &[ErrorEvent]) -> Option<ArrayRef> {
    let times = |of: fn(&ErrorEvent) -> Timestamp| -> ArrayRef {
        let nanos: Vec<i64> = events.iter().map(|event| of(event).nanos()).collect();
        Arc::new(TimestampNanosecondArray::from(nanos).with_timezone("UTC"))
    };
    let array: ArrayRef = match column.name {
        "time" => times(|event| event.time),
        "received_at" => times(|event| event.received_at),
        "event_id" => ids(events.iter().map(|event| Some(event.event_id))),
        "issue_id" => ids(events.iter().map(|event| Some(event.issue_id))),
        "fingerprint" => ids(events.iter().map(|event| Some(event.fingerprint))),
        "trace_id" => ids(events.iter().map(|event| event.trace_id)),
        "span_id" => ids(events.iter().map(|event| event.span_id)),
        "handled" => Arc::new(events.iter().map(|event| event.handled).collect::<BooleanArray>()),
        name => {
            if events.iter().all(|event| !event.texts.0.contains_key(name)) {
                return None;
            }
            let bytes: usize = events.iter().filter_map(|event| event.text(name)).map(str::len).sum();
            let block = u32::try_from(bytes.clamp(1, TEXT_BLOCK_BYTES_MAX)).expect("is at most that");
            let mut builder = StringViewBuilder::with_capacity(events.len()).with_fixed_block_size(block);
            events.iter().for_each(|event| builder.append_option(event.text(name)));
            Arc::new(builder.finish())
        }
    };
    let mut array = (array.null_count() < array.len()).then_some(array)?;
    array.shrink_to_fit();
    Some(array)
}

fn ids<const N: usize>(values: impl Iterator<Item = Option<[u8; N]>>) -> ArrayRef {
    let mut builder = FixedSizeBinaryBuilder::new(i32::try_from(N).expect("ids are at most 32 bytes"));
    for value in values {
        match value {
            Some(bytes) => builder.append_value(bytes).expect("the array has the column's width"),
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    #[test]
    fn an_event_becomes_a_row_and_empty_columns_stay_out() {
        let mut first = ErrorEvent { time: Timestamp(5), event_id: [1; 16], ..ErrorEvent::default() };
        first.set("type", "KeyError");
        first.set("logger", "");
        let second = ErrorEvent { handled: Some(false), trace_id: Some([2; 16]), ..ErrorEvent::default() };
        let batch = ErrorEvent::batch(&[first, second], &Project::default_project()).expect("two rows");
        let names: Vec<_> = batch.rows().schema().fields().iter().map(|field| field.name().clone()).collect();
        let expected = ["time", "received_at", "trace_id", "event_id", "issue_id", "type", "handled", "fingerprint"];
        assert_eq!(names, expected);
        let types = batch.rows().column(5).as_string_view();
        assert!(types.value(0) == "KeyError" && types.is_null(1));
        assert!(ErrorEvent::batch(&[], &Project::default_project()).is_none());
    }

    #[test]
    fn every_text_column_that_the_store_does_not_assign_can_be_set() {
        let mut event = ErrorEvent::default();
        for column in Table::ErrorEvents.columns().filter(|column| matches!(column.kind, Kind::Text | Kind::Json)) {
            event.set(column.name, "x");
        }
        let batch = ErrorEvent::batch(&[event], &Project::default_project()).expect("one row");
        // Without trace_id, span_id and handled, which it has not, and seq, which the store assigns.
        assert_eq!(batch.rows().num_columns(), Table::ErrorEvents.columns().count() - 4);
    }
}
