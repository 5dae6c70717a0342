//! The signal tables and their columns: the one place that names them.
//!
//! Every table starts with the same context columns, so that one filter follows a person, a request or a session
//! through all of them. Tables that take attributes add a column per attribute key (see [`Table::attribute_column`]).
//! Column order here is the order of `SELECT *`, of segments and of an entry's canonical form: append, never reorder.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// A signal table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    AuditLogs,
    Logs,
    ErrorEvents,
    SessionEvents,
    Spans,
    Samples,
    Attachments,
    Feedback,
    CheckIns,
    ReleaseSessions,
}

/// What a column holds; the Arrow type follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 text (Arrow Utf8View).
    Text,
    /// JSON text in canonical form (Arrow Utf8View).
    Json,
    /// Nanoseconds since 1970 UTC (Arrow Timestamp).
    Time,
    Integer,
    Float,
    Boolean,
    /// A UUID (16 bytes), shown hyphenated.
    Uuid,
    /// Bytes of fixed length, shown in lower-case hexadecimal.
    Hex(i32),
    /// Bytes of any length, shown in lower-case hexadecimal.
    Bytes,
    /// A list of `{field, before, after}`, the last two as JSON text.
    Changes,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Values tell single things apart: gets a bloom filter and enters the token index.
    pub identifies: bool,
    /// Words inside enter the token index.
    pub searched: bool,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, identifies: false, searched: false }
}

const fn id(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, identifies: true, searched: false }
}

const fn words(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, identifies: false, searched: true }
}

/// The columns that every table starts with.
pub const CONTEXT: &[Column] = &[
    column("time", Kind::Time),
    column("received_at", Kind::Time),
    column("project", Kind::Text),
    column("environment", Kind::Text),
    column("service", Kind::Text),
    column("host", Kind::Text),
    column("release", Kind::Text),
    column("actor_type", Kind::Text),
    id("actor_id", Kind::Text),
    id("actor_email", Kind::Text),
    column("actor_name", Kind::Text),
    id("ip", Kind::Text),
    column("user_agent", Kind::Text),
    id("session_id", Kind::Text),
    id("correlation_id", Kind::Text),
    id("trace_id", Kind::Hex(16)),
    column("span_id", Kind::Hex(8)),
    id("batch_id", Kind::Text),
];

const AUDIT_LOGS: &[Column] = &[
    id("id", Kind::Uuid),
    column("action", Kind::Text),
    column("category", Kind::Text),
    column("severity", Kind::Text),
    column("outcome", Kind::Text),
    words("description", Kind::Text),
    words("reason", Kind::Text),
    column("target_type", Kind::Text),
    id("target_id", Kind::Text),
    words("target_name", Kind::Text),
    column("request_method", Kind::Text),
    column("request_path", Kind::Text),
    column("request_status", Kind::Integer),
    column("function", Kind::Text),
    column("arguments", Kind::Json),
    column("changes", Kind::Changes),
    column("error_type", Kind::Text),
    words("error_message", Kind::Text),
    column("error_stack", Kind::Text),
    column("duration_ns", Kind::Integer),
    words("metadata", Kind::Json),
    column("origin", Kind::Text),
    column("state", Kind::Text),
    column("writer", Kind::Text),
    column("leaf_index", Kind::Integer),
    column("leaf_hash", Kind::Hex(32)),
    column("salt", Kind::Bytes),
    column("seq", Kind::Integer),
];

const LOGS: &[Column] = &[
    column("observed_at", Kind::Time),
    column("level", Kind::Text),
    column("severity_number", Kind::Integer),
    column("logger", Kind::Text),
    words("body", Kind::Text),
    column("stream", Kind::Json),
    column("seq", Kind::Integer),
    column("attributes_overflow", Kind::Json),
];

const ERROR_EVENTS: &[Column] = &[
    id("event_id", Kind::Uuid),
    id("issue_id", Kind::Uuid),
    column("level", Kind::Text),
    column("type", Kind::Text),
    words("value", Kind::Text),
    column("culprit", Kind::Text),
    column("handled", Kind::Boolean),
    column("platform", Kind::Text),
    column("sdk", Kind::Text),
    column("tags", Kind::Json),
    column("contexts", Kind::Json),
    column("request", Kind::Json),
    column("breadcrumbs", Kind::Json),
    column("exception", Kind::Json),
    column("raw", Kind::Json),
    column("seq", Kind::Integer),
    words("title", Kind::Text),
    column("fingerprint", Kind::Hex(32)),
    column("algorithm", Kind::Text),
    column("transaction", Kind::Text),
    column("logger", Kind::Text),
    column("dist", Kind::Text),
    column("request_method", Kind::Text),
    column("request_path", Kind::Text),
];

const SESSION_EVENTS: &[Column] = &[
    id("id", Kind::Uuid),
    column("type", Kind::Text),
    column("path", Kind::Text),
    column("referrer", Kind::Text),
    column("element", Kind::Text),
    words("metadata", Kind::Json),
    column("locale", Kind::Text),
    column("seq", Kind::Integer),
];

const SPANS: &[Column] = &[
    column("parent_span_id", Kind::Hex(8)),
    words("name", Kind::Text),
    column("kind", Kind::Text),
    column("duration_ns", Kind::Integer),
    column("status", Kind::Text),
    column("events", Kind::Json),
    column("links", Kind::Json),
    column("seq", Kind::Integer),
    column("attributes_overflow", Kind::Json),
];

const SAMPLES: &[Column] = &[
    column("name", Kind::Text),
    column("labels", Kind::Json),
    column("chunk_start", Kind::Time),
    column("chunk_end", Kind::Time),
    column("points", Kind::Bytes),
    column("seq", Kind::Integer),
];

/// A file that came with an error, in parts that follow each other.
const ATTACHMENTS: &[Column] = &[
    id("id", Kind::Uuid),
    id("event_id", Kind::Uuid),
    words("name", Kind::Text),
    column("content_type", Kind::Text),
    column("kind", Kind::Text),
    column("bytes", Kind::Integer),
    column("sha256", Kind::Hex(32)),
    column("part", Kind::Integer),
    column("parts", Kind::Integer),
    column("data", Kind::Bytes),
    column("seq", Kind::Integer),
];

/// What a user said about an error, or about the application.
const FEEDBACK: &[Column] = &[
    id("id", Kind::Uuid),
    id("event_id", Kind::Uuid),
    words("message", Kind::Text),
    column("url", Kind::Text),
    column("source", Kind::Text),
    column("seq", Kind::Integer),
];

/// One check-in of a scheduled job.
const CHECK_INS: &[Column] = &[
    id("check_in_id", Kind::Uuid),
    id("monitor", Kind::Text),
    column("status", Kind::Text),
    column("duration_ns", Kind::Integer),
    column("config", Kind::Json),
    column("seq", Kind::Integer),
];

/// One update of a session of an application, or a count of sessions that ended alike.
const RELEASE_SESSIONS: &[Column] = &[
    column("status", Kind::Text),
    column("errors", Kind::Integer),
    column("sessions", Kind::Integer),
    column("duration_ns", Kind::Integer),
    column("seq", Kind::Integer),
];

/// Columns that the store fills in; no client sends them.
pub const ASSIGNED_BY_STORE: &[&str] = &["writer", "leaf_index", "leaf_hash", "salt", "seq"];

impl Table {
    pub const ALL: [Table; 10] = [
        Table::AuditLogs,
        Table::Logs,
        Table::ErrorEvents,
        Table::SessionEvents,
        Table::Spans,
        Table::Samples,
        Table::Attachments,
        Table::Feedback,
        Table::CheckIns,
        Table::ReleaseSessions,
    ];

    /// The SQL name, which is also the directory name of its segments.
    pub fn name(self) -> &'static str {
        match self {
            Table::AuditLogs => "audit_logs",
            Table::Logs => "logs",
            Table::ErrorEvents => "error_events",
            Table::SessionEvents => "session_events",
            Table::Spans => "spans",
            Table::Samples => "samples",
            Table::Attachments => "attachments",
            Table::Feedback => "feedback",
            Table::CheckIns => "check_ins",
            Table::ReleaseSessions => "release_sessions",
        }
    }

    pub fn from_name(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// A number for on-disk use; never reused.
    pub fn code(self) -> u8 {
        match self {
            Table::AuditLogs => 1,
            Table::Logs => 2,
            Table::ErrorEvents => 3,
            Table::SessionEvents => 4,
            Table::Spans => 5,
            Table::Samples => 6,
            Table::Attachments => 7,
            Table::Feedback => 8,
            Table::CheckIns => 9,
            Table::ReleaseSessions => 10,
        }
    }

    pub fn from_code(code: u8) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.code() == code)
    }

    fn own_columns(self) -> &'static [Column] {
        match self {
            Table::AuditLogs => AUDIT_LOGS,
            Table::Logs => LOGS,
            Table::ErrorEvents => ERROR_EVENTS,
            Table::SessionEvents => SESSION_EVENTS,
            Table::Spans => SPANS,
            Table::Samples => SAMPLES,
            Table::Attachments => ATTACHMENTS,
            Table::Feedback => FEEDBACK,
            Table::CheckIns => CHECK_INS,
            Table::ReleaseSessions => RELEASE_SESSIONS,
        }
    }

    /// All fixed columns in order, context first.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> {
        CONTEXT.iter().chain(self.own_columns())
    }

    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().find(|column| column.name == name)
    }

    /// Whether rows carry attributes beyond the fixed columns.
    pub fn takes_attributes(self) -> bool {
        matches!(self, Table::Logs | Table::Spans)
    }

    /// The column that holds the attribute `key`: the key itself, or `attr.` before it if the key is the name
    /// of a fixed column or starts with `attr.` already.
    pub fn attribute_column(self, key: &str) -> Cow<'_, str> {
        if self.column(key).is_some() || key.starts_with(ATTRIBUTE_PREFIX) {
            Cow::Owned(format!("{ATTRIBUTE_PREFIX}{key}"))
        } else {
            Cow::Owned(key.to_owned())
        }
    }

    /// The Arrow schema of the fixed columns.
    pub fn schema(self) -> SchemaRef {
        static SCHEMAS: LazyLock<Vec<SchemaRef>> = LazyLock::new(|| {
            let schema = |table: Table| Arc::new(Schema::new(table.columns().map(Column::field).collect::<Vec<_>>()));
            Table::ALL.into_iter().map(schema).collect()
        });
        SCHEMAS[self as usize].clone()
    }
}

/// Stands before an attribute key that would hide a fixed column.
pub const ATTRIBUTE_PREFIX: &str = "attr.";

/// Field metadata key under which a column says how its bytes are shown: `uuid` or `hex`.
pub const SHOWN_AS: &str = "whodunit.shown_as";

impl Column {
    /// The Arrow field. Everything but `time` and `received_at` may be null.
    pub fn field(&self) -> Field {
        let required = matches!(self.name, "time" | "received_at");
        let field = Field::new(self.name, self.kind.data_type(), !required);
        match self.kind {
            Kind::Uuid => field.with_metadata([(SHOWN_AS.to_owned(), "uuid".to_owned())].into()),
            Kind::Hex(_) | Kind::Bytes => field.with_metadata([(SHOWN_AS.to_owned(), "hex".to_owned())].into()),
            _ => field,
        }
    }
}

impl Kind {
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Text | Kind::Json => DataType::Utf8View,
            Kind::Time => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            Kind::Integer => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Boolean => DataType::Boolean,
            Kind::Uuid => DataType::FixedSizeBinary(16),
            Kind::Hex(length) => DataType::FixedSizeBinary(length),
            Kind::Bytes => DataType::BinaryView,
            Kind::Changes => DataType::List(Arc::new(Field::new("item", DataType::Struct(change_fields()), true))),
        }
    }
}

/// The fields of one element of `changes`.
pub fn change_fields() -> Fields {
    Fields::from(vec![
        Field::new("field", DataType::Utf8View, true),
        Field::new("before", DataType::Utf8View, true),
        Field::new("after", DataType::Utf8View, true),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_find_their_table() {
        for table in Table::ALL {
            assert_eq!(Table::from_name(table.name()), Some(table));
            assert_eq!(Table::from_code(table.code()), Some(table));
        }
    }

    #[test]
    fn no_table_names_a_column_twice() {
        for table in Table::ALL {
            let mut names: Vec<_> = table.columns().map(|column| column.name).collect();
            names.sort_unstable();
            let before = names.len();
            names.dedup();
            assert_eq!(names.len(), before, "{}", table.name());
        }
    }

    #[test]
    fn an_attribute_never_hides_a_fixed_column() {
        assert_eq!(Table::Logs.attribute_column("status"), "status");
        assert_eq!(Table::Logs.attribute_column("body"), "attr.body");
        assert_eq!(Table::Logs.attribute_column("attr.body"), "attr.attr.body");
    }
}
