//! The second step of a two-step entry: reads the stored intent back and merges what the completion says.

use std::borrow::Cow;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use whodunit_model::{AuditEntry, Change};
use whodunit_stdx::{EntryId, Timestamp};

use super::alias::{Settled, TEXT_COLUMNS};
use super::entry::{JSON_BYTES_MAX, Refusal};
use crate::json::Value;

/// Reads one stored row; columns that the batch lacks are null.
pub fn read(rows: &RecordBatch, row: usize) -> AuditEntry {
    let mut entry = AuditEntry::default();
    for (field, column) in rows.schema_ref().fields().iter().zip(rows.columns()) {
        if column.is_null(row) {
            continue;
        }
        let name = field.name().as_str();
        let text = || column.as_string_view().value(row).to_owned();
        let bytes = || column.as_fixed_size_binary().value(row);
        match name {
            "time" => entry.time = Timestamp(column.as_primitive::<TimestampNanosecondType>().value(row)),
            "received_at" => entry.received_at = Timestamp(column.as_primitive::<TimestampNanosecondType>().value(row)),
            "id" => entry.id = bytes().try_into().ok().map(EntryId),
            "trace_id" => entry.trace_id = bytes().try_into().ok(),
            "span_id" => entry.span_id = bytes().try_into().ok(),
            "request_status" => entry.request_status = Some(column.as_primitive::<Int64Type>().value(row)),
            "duration_ns" => entry.duration_ns = Some(column.as_primitive::<Int64Type>().value(row)),
            "category" => entry.category = Some(text()),
            "severity" => entry.severity = Some(text()),
            "outcome" => entry.outcome = Some(text()),
            "arguments" => entry.arguments = Some(text()),
            "metadata" => entry.metadata = Some(text()),
            "origin" => entry.origin = Some(text()),
            "state" => entry.state = Some(text()),
            "changes" => entry.changes = changes(column.as_list::<i32>().value(row).as_struct()),
            _ => {
                if let Some((_, slot, _)) = TEXT_COLUMNS.iter().find(|(column, ..)| *column == name) {
                    *slot(&mut entry) = Some(text());
                }
            }
        }
    }
    entry
}

fn changes(elements: &arrow::array::StructArray) -> Vec<Change> {
    let side = |index: usize, row: usize| {
        let texts = elements.column(index).as_string_view();
        texts.is_valid(row).then(|| texts.value(row).to_owned())
    };
    (0..elements.len())
        .map(|row| Change { field: side(0, row).unwrap_or_default(), before: side(1, row), after: side(2, row) })
        .collect()
}

/// The entry that `completion` makes of `intent`. What the intent has fixed (who, what, why, from where) may be
/// repeated but not changed.
pub fn complete(intent: AuditEntry, mut completion: AuditEntry, received_at: Timestamp) -> Result<AuditEntry, Refusal> {
    let mut whole = AuditEntry { received_at, state: Some("complete".to_owned()), ..intent };
    if completion.id.is_some_and(|id| Some(id) != whole.id) {
        return Err(conflict("id"));
    }
    if matches!(completion.state.as_deref(), Some("intent")) {
        return Err(conflict("state"));
    }
    for (name, slot, settled) in TEXT_COLUMNS {
        let Some(sent) = slot(&mut completion).take() else { continue };
        let known = slot(&mut whole);
        if *settled == Settled::ByIntent && known.as_ref().is_some_and(|known| *known != sent) {
            return Err(conflict(name));
        }
        *known = Some(sent);
    }
    for (name, sent, known) in [
        ("trace_id", completion.trace_id.map(|id| id.to_vec()), whole.trace_id.map(|id| id.to_vec())),
        ("span_id", completion.span_id.map(|id| id.to_vec()), whole.span_id.map(|id| id.to_vec())),
    ] {
        if sent.is_some() && known.is_some() && sent != known {
            return Err(conflict(name));
        }
    }
    whole.trace_id = whole.trace_id.or(completion.trace_id);
    whole.span_id = whole.span_id.or(completion.span_id);
    whole.outcome = completion.outcome.or(whole.outcome);
    whole.severity = completion.severity.or(whole.severity);
    whole.category = completion.category.or(whole.category);
    whole.request_status = completion.request_status.or(whole.request_status);
    whole.duration_ns = completion.duration_ns.or(whole.duration_ns);
    whole.arguments = completion.arguments.or(whole.arguments);
    if !completion.changes.is_empty() {
        whole.changes = completion.changes;
    }
    whole.metadata = merged(whole.metadata, completion.metadata)?;
    Ok(whole)
}

fn conflict(field: &str) -> Refusal {
    Refusal::new(field, "conflict", "differs from what the intent says")
}

/// Both objects' members; the completion's win.
fn merged(intent: Option<String>, completion: Option<String>) -> Result<Option<String>, Refusal> {
    let (Some(first), Some(second)) = (&intent, &completion) else { return Ok(intent.or(completion)) };
    // The canonical form keeps the last of equal keys.
    let all = members(first).into_iter().chain(members(second)).collect();
    let text = Value::Object(all).canonical();
    if text.len() > JSON_BYTES_MAX {
        return Err(Refusal::new("metadata", "too_large", format!("longer than {JSON_BYTES_MAX} bytes")));
    }
    Ok(Some(text))
}

fn members(object: &str) -> Vec<(Cow<'_, str>, Value<'_>)> {
    match Value::parse(object) {
        Ok(Value::Object(members)) => members,
        _ => Vec::new(),
    }
}
