//! One captured error as a row of `error_events`, and how rows become a [`Batch`].
//!
//! Most columns are texts that an event has or has not, so they are set by name; what every event has is a field.
//! Columns that no row fills are left out of the batch.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    ArrayRef, BooleanArray, FixedSizeBinaryArray, RecordBatch, StringViewArray, TimestampNanosecondArray, make_view,
};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{FieldRef, Schema};
use whodunit_stdx::Timestamp;

use crate::batch::Batch;
use crate::project::Project;
use crate::table::{Column, Kind, Table};

/// Memory of a row beside its texts.
const ROW_BYTES: usize = 512;

/// Texts of a column stand together in blocks of at most this.
const TEXT_BLOCK_BYTES_MAX: usize = 1 << 20;

/// Texts up to this length stand in the view of an Arrow array and in no buffer.
pub const INLINE_BYTES: usize = 12;

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
        // Made once: a field is as many pieces of memory as a column of one short text.
        static FIELDS: LazyLock<Vec<FieldRef>> =
            LazyLock::new(|| Table::ErrorEvents.columns().map(|column| Arc::new(column.field())).collect());
        let columns = Table::ErrorEvents.columns().zip(FIELDS.iter()).filter_map(|(column, field)| {
            let array = array(column, events)?;
            Some((field.clone(), array))
        });
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = columns.unzip();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .expect("columns are built from the table's schema, one value per event");
        Some(Batch::new(Table::ErrorEvents, project.clone(), rows).expect("columns are built from the table's schema"))
    }
}

/// The values of a column; `None` if no event has one.
///
/// Mostly of one event, for which Arrow's builders would cost more than all else: they take aligned memory by the
/// kilobyte, several times a column.
fn array(column: &Column, events: &[ErrorEvent]) -> Option<ArrayRef> {
    let times = |of: fn(&ErrorEvent) -> Timestamp| -> ArrayRef {
        let nanos: Vec<i64> = events.iter().map(|event| of(event).nanos()).collect();
        Arc::new(TimestampNanosecondArray::from(nanos).with_timezone("UTC"))
    };
    match column.name {
        "time" => Some(times(|event| event.time)),
        "received_at" => Some(times(|event| event.received_at)),
        "event_id" => ids(events.iter().map(|event| Some(&event.event_id))),
        "issue_id" => ids(events.iter().map(|event| Some(&event.issue_id))),
        "fingerprint" => ids(events.iter().map(|event| Some(&event.fingerprint))),
        "trace_id" => ids(events.iter().map(|event| event.trace_id.as_ref())),
        "span_id" => ids(events.iter().map(|event| event.span_id.as_ref())),
        "handled" => {
            let known = events.iter().any(|event| event.handled.is_some());
            known.then(|| Arc::new(events.iter().map(|event| event.handled).collect::<BooleanArray>()) as ArrayRef)
        }
        name => texts(events.iter().map(|event| event.text(name))),
    }
}

fn ids<'e, const N: usize>(values: impl Iterator<Item = Option<&'e [u8; N]>> + Clone) -> Option<ArrayRef> {
    let nulls = nulls(values.clone().map(|value| value.is_some()))?;
    let bytes: Vec<u8> = values.flat_map(|value| *value.unwrap_or(&[0; N])).collect();
    let width = i32::try_from(N).expect("ids are at most 32 bytes");
    Some(Arc::new(FixedSizeBinaryArray::new(width, bytes.into(), nulls)))
}

fn texts<'e>(values: impl Iterator<Item = Option<&'e str>> + Clone) -> Option<ArrayRef> {
    let nulls = nulls(values.clone().map(|value| value.is_some()))?;
    let long = |text: &&str| text.len() > INLINE_BYTES;
    let bytes = values.clone().flatten().filter(long).map(str::len).sum::<usize>();
    let mut blocks = Blocks { done: Vec::new(), open: Vec::with_capacity(bytes.min(TEXT_BLOCK_BYTES_MAX)) };
    let mut views: Vec<u128> = Vec::with_capacity(values.size_hint().0);
    for value in values {
        let text = value.unwrap_or_default().as_bytes();
        let (block, offset) = if text.len() > INLINE_BYTES { blocks.put(text) } else { (0, 0) };
        views.push(make_view(text, block, offset));
    }
    let array = StringViewArray::try_new(views.into(), blocks.finish(), nulls);
    Some(Arc::new(array.expect("every view is that of a text in its block")))
}

/// Texts that stand one behind the other.
struct Blocks {
    done: Vec<Buffer>,
    open: Vec<u8>,
}

impl Blocks {
    /// Says in which block a text is, and where.
    fn put(&mut self, text: &[u8]) -> (u32, u32) {
        if !self.open.is_empty() && self.open.len() + text.len() > TEXT_BLOCK_BYTES_MAX {
            self.done.push(std::mem::take(&mut self.open).into());
        }
        let offset = u32::try_from(self.open.len()).expect("a block ends before that");
        self.open.extend_from_slice(text);
        (u32::try_from(self.done.len()).expect("a batch is smaller than that"), offset)
    }

    fn finish(mut self) -> Vec<Buffer> {
        if !self.open.is_empty() {
            self.open.shrink_to_fit();
            self.done.push(self.open.into());
        }
        self.done
    }
}

/// Which values there are; the outer `None`: none at all, the inner: every one.
fn nulls(present: impl Iterator<Item = bool> + Clone) -> Option<Option<NullBuffer>> {
    if !present.clone().any(|there| there) {
        return None;
    }
    Some(if present.clone().all(|there| there) { None } else { Some(present.collect()) })
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};

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
    fn texts_come_back_whatever_their_length_and_number() {
        let lengths = [0, 1, 12, 13, 40, 700_000, 700_000, TEXT_BLOCK_BYTES_MAX + 1, 13, 0];
        let text = |length: usize| "äb".repeat(length / 3 + 1)[..].chars().take(length).collect::<String>();
        let event = |length: &usize| {
            let mut event =
                ErrorEvent { trace_id: (*length > 12).then_some([*length as u8; 16]), ..Default::default() };
            event.set("raw", text(*length));
            event
        };
        let events: Vec<ErrorEvent> = lengths.iter().map(event).collect();
        let batch = ErrorEvent::batch(&events, &Project::default_project()).expect("rows");
        let raw = batch.rows().column_by_name("raw").expect("a column").as_string_view();
        let expected: Vec<Option<&str>> = events.iter().map(|event| event.text("raw")).collect();
        assert_eq!(raw.iter().collect::<Vec<_>>(), expected);
        assert!(raw.is_null(0) && raw.data_buffers().len() > 2, "long texts stand in several blocks");
        let traces = batch.rows().column_by_name("trace_id").expect("a column").as_fixed_size_binary();
        let expected: Vec<Option<&[u8]>> =
            events.iter().map(|event| event.trace_id.as_ref().map(|id| &id[..])).collect();
        assert_eq!(traces.iter().collect::<Vec<_>>(), expected);
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
