//! One audit entry as a row, and the builder that turns entries into a [`Batch`].
//!
//! The struct is for those who make entries one by one: the audit decoder and Whodunit's own trail.
//! Columns that no entry fills are left out of the batch.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, FixedSizeBinaryBuilder, Int64Builder, ListBuilder, RecordBatch, StringViewBuilder, StructBuilder,
    TimestampNanosecondBuilder,
};
use arrow::datatypes::{Field, FieldRef, Schema};
use whodunit_stdx::{EntryId, Timestamp};

use crate::batch::Batch;
use crate::project::Project;
use crate::table::{Kind, Table, change_fields};

/// One changed field; values as canonical JSON text, `None` where there was nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One audit entry. Field names are the column names of `audit_logs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditEntry {
    pub time: Timestamp,
    pub received_at: Timestamp,
    pub environment: Option<String>,
    pub service: Option<String>,
    pub host: Option<String>,
    pub release: Option<String>,
    pub actor_type: Option<String>,
    pub actor_id: Option<String>,
    pub actor_email: Option<String>,
    pub actor_name: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub session_id: Option<String>,
    pub correlation_id: Option<String>,
    pub trace_id: Option<[u8; 16]>,
    pub span_id: Option<[u8; 8]>,
    pub batch_id: Option<String>,
    pub id: Option<EntryId>,
    pub action: Option<String>,
    pub category: Option<String>,
    pub severity: Option<String>,
    pub outcome: Option<String>,
    pub description: Option<String>,
    pub reason: Option<String>,
    pub target_type: Option<String>,
    pub target_id: Option<String>,
    pub target_name: Option<String>,
    pub request_method: Option<String>,
    pub request_path: Option<String>,
    pub request_status: Option<i64>,
    pub function: Option<String>,
    /// Canonical JSON text.
    pub arguments: Option<String>,
    pub changes: Vec<Change>,
    pub error_type: Option<String>,
    pub error_message: Option<String>,
    pub error_stack: Option<String>,
    pub duration_ns: Option<i64>,
    /// Canonical JSON text.
    pub metadata: Option<String>,
    pub origin: Option<String>,
    /// `complete`, `intent` or `expired`; `None` means `complete`.
    pub state: Option<String>,
}

/// Collects entries column by column.
pub struct AuditBuilder {
    rows: usize,
    columns: Vec<Slot>,
}

struct Slot {
    field: FieldRef,
    filled: bool,
    values: Values,
}

enum Values {
    Text(StringViewBuilder),
    Time(TimestampNanosecondBuilder),
    Integer(Int64Builder),
    Fixed(FixedSizeBinaryBuilder),
    Changes(ListBuilder<StructBuilder>),
}

/// A borrowed value on its way into its column.
enum Value<'a> {
    Text(Option<&'a str>),
    Time(i64),
    Integer(Option<i64>),
    Bytes(Option<&'a [u8]>),
    Changes(&'a [Change]),
}

impl AuditEntry {
    /// The value of a column, for every column that clients or Whodunit fill.
    fn value(&self, column: &str) -> Option<Value<'_>> {
        fn text(value: &Option<String>) -> Option<Value<'_>> {
            Some(Value::Text(value.as_deref()))
        }
        match column {
            "time" => Some(Value::Time(self.time.0)),
            "received_at" => Some(Value::Time(self.received_at.0)),
            "environment" => text(&self.environment),
            "service" => text(&self.service),
            "host" => text(&self.host),
            "release" => text(&self.release),
            "actor_type" => text(&self.actor_type),
            "actor_id" => text(&self.actor_id),
            "actor_email" => text(&self.actor_email),
            "actor_name" => text(&self.actor_name),
            "ip" => text(&self.ip),
            "user_agent" => text(&self.user_agent),
            "session_id" => text(&self.session_id),
            "correlation_id" => text(&self.correlation_id),
            "trace_id" => Some(Value::Bytes(self.trace_id.as_ref().map(|id| id.as_slice()))),
            "span_id" => Some(Value::Bytes(self.span_id.as_ref().map(|id| id.as_slice()))),
            "batch_id" => text(&self.batch_id),
            "id" => Some(Value::Bytes(self.id.as_ref().map(|id| id.0.as_slice()))),
            "action" => text(&self.action),
            "category" => text(&self.category),
            "severity" => text(&self.severity),
            "outcome" => text(&self.outcome),
            "description" => text(&self.description),
            "reason" => text(&self.reason),
            "target_type" => text(&self.target_type),
            "target_id" => text(&self.target_id),
            "target_name" => text(&self.target_name),
            "request_method" => text(&self.request_method),
            "request_path" => text(&self.request_path),
            "request_status" => Some(Value::Integer(self.request_status)),
            "function" => text(&self.function),
            "arguments" => text(&self.arguments),
            "changes" => Some(Value::Changes(&self.changes)),
            "error_type" => text(&self.error_type),
            "error_message" => text(&self.error_message),
            "error_stack" => text(&self.error_stack),
            "duration_ns" => Some(Value::Integer(self.duration_ns)),
            "metadata" => text(&self.metadata),
            "origin" => text(&self.origin),
            "state" => Some(Value::Text(Some(self.state.as_deref().unwrap_or("complete")))),
            _ => None,
        }
    }
}

impl Default for AuditBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl AuditBuilder {
    pub fn new() -> AuditBuilder {
        let nothing = AuditEntry::default();
        let columns = Table::AuditLogs
            .columns()
            .filter(|column| nothing.value(column.name).is_some())
            .map(|column| Slot { field: Arc::new(column.field()), filled: false, values: Values::new(column.kind) })
            .collect();
        AuditBuilder { rows: 0, columns }
    }

    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub fn push(&mut self, entry: &AuditEntry) {
        for slot in &mut self.columns {
            let value = entry.value(slot.field.name()).expect("slots are made from columns that an entry has");
            slot.filled |= slot.values.append(&value);
        }
        self.rows += 1;
    }

    /// The batch of all pushed entries. Columns without a value in any row are left out.
    pub fn finish(mut self, project: &Project) -> Batch {
        let (fields, arrays): (Vec<FieldRef>, Vec<ArrayRef>) = self
            .columns
            .iter_mut()
            .filter(|slot| slot.filled || slot.field.name() == "time" || slot.field.name() == "received_at")
            .map(|slot| (slot.field.clone(), slot.values.finish()))
            .unzip();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
            .expect("columns are built from the table's schema, one value per push");
        Batch::new(Table::AuditLogs, project.clone(), rows).expect("columns are built from the table's schema")
    }
}

impl Values {
    fn new(kind: Kind) -> Values {
        match kind {
            Kind::Text | Kind::Json => Values::Text(StringViewBuilder::with_capacity(0)),
            Kind::Time => Values::Time(TimestampNanosecondBuilder::with_capacity(0).with_timezone("UTC")),
            Kind::Integer => Values::Integer(Int64Builder::with_capacity(0)),
            Kind::Uuid => Values::Fixed(FixedSizeBinaryBuilder::with_capacity(0, 16)),
            Kind::Hex(length) => Values::Fixed(FixedSizeBinaryBuilder::with_capacity(0, length)),
            Kind::Changes => Values::Changes(change_builder()),
            Kind::Float | Kind::Boolean | Kind::Bytes => unreachable!("an audit entry sends no such column"),
        }
    }

    /// Appends one value and says whether it was not null.
    fn append(&mut self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Values::Text(builder), Value::Text(text)) => {
                builder.append_option(*text);
                text.is_some()
            }
            (Values::Time(builder), Value::Time(nanos)) => {
                builder.append_value(*nanos);
                true
            }
            (Values::Integer(builder), Value::Integer(number)) => {
                builder.append_option(*number);
                number.is_some()
            }
            (Values::Fixed(builder), Value::Bytes(Some(bytes))) => {
                builder.append_value(bytes).expect("ids are arrays of the column's length");
                true
            }
            (Values::Fixed(builder), Value::Bytes(None)) => {
                builder.append_null();
                false
            }
            (Values::Changes(builder), Value::Changes(changes)) => append_changes(builder, changes),
            _ => unreachable!("a column and its value have the same kind"),
        }
    }

    /// The column in no more memory than it needs: most batches are a single entry, and builders make room for a
    /// thousand.
    fn finish(&mut self) -> ArrayRef {
        let mut column: ArrayRef = match self {
            Values::Text(builder) => Arc::new(builder.finish()),
            Values::Time(builder) => Arc::new(builder.finish()),
            Values::Integer(builder) => Arc::new(builder.finish()),
            Values::Fixed(builder) => Arc::new(builder.finish()),
            Values::Changes(builder) => Arc::new(builder.finish()),
        };
        column.shrink_to_fit();
        column
    }
}

fn change_builder() -> ListBuilder<StructBuilder> {
    let fields = change_fields();
    let texts = fields.iter().map(|_| Box::new(StringViewBuilder::with_capacity(0)) as _).collect();
    let element = Field::new("item", arrow::datatypes::DataType::Struct(fields.clone()), true);
    ListBuilder::with_capacity(StructBuilder::new(fields, texts), 0).with_field(element)
}

fn append_changes(builder: &mut ListBuilder<StructBuilder>, changes: &[Change]) -> bool {
    for change in changes {
        let element = builder.values();
        let parts = [Some(change.field.as_str()), change.before.as_deref(), change.after.as_deref()];
        for (index, part) in parts.into_iter().enumerate() {
            let text = element.field_builder::<StringViewBuilder>(index).expect("change fields are texts");
            text.append_option(part);
        }
        element.append(true);
    }
    builder.append(!changes.is_empty());
    !changes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::AsArray;

    #[test]
    fn an_entry_becomes_a_row_and_empty_columns_stay_out() {
        let mut builder = AuditBuilder::new();
        let change = Change { field: "status".into(), before: Some("\"open\"".into()), after: None };
        builder.push(&AuditEntry {
            time: Timestamp(5),
            received_at: Timestamp(6),
            action: Some("DELETE".into()),
            id: Some(EntryId([1; 16])),
            changes: vec![change],
            ..AuditEntry::default()
        });
        builder.push(&AuditEntry { action: Some("READ".into()), ..AuditEntry::default() });
        let batch = builder.finish(&Project::default_project());
        let names: Vec<_> = batch.rows().schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["time", "received_at", "id", "action", "changes", "state"]);
        let changes = batch.rows().column(4).as_list::<i32>();
        assert!(changes.is_valid(0) && changes.is_null(1));
        assert_eq!(batch.rows().column(5).as_string_view().value(1), "complete");
    }

    /// A single entry took 350 kB, so that 600 of them filled the buffer of the audit lane.
    #[test]
    fn a_single_entry_takes_little_memory() {
        let mut builder = AuditBuilder::new();
        let text = || Some("a text that is longer than a view holds".to_owned());
        builder.push(&AuditEntry {
            action: text(),
            reason: text(),
            actor_email: text(),
            user_agent: text(),
            metadata: text(),
            changes: vec![Change { field: "status".into(), before: text(), after: text() }],
            ..AuditEntry::default()
        });
        let bytes = builder.finish(&Project::default_project()).rows().get_array_memory_size();
        assert!(bytes < 8_192, "{bytes} bytes");
    }

    #[test]
    fn every_column_a_client_may_send_has_a_field() {
        let entry = AuditEntry::default();
        for column in Table::AuditLogs.columns() {
            let assigned = crate::table::ASSIGNED_BY_STORE.contains(&column.name) || column.name == "project";
            assert_ne!(entry.value(column.name).is_some(), assigned, "{}", column.name);
        }
    }
}
