//! The one list of names under which applications send the fields of an audit entry.
//!
//! `docs/reference/audit-fields.md` is generated from it. Within a row the order is the priority: when an entry
//! carries two names of one field, the earlier name wins and the other stays in `metadata`.

use std::collections::HashMap;
use std::sync::LazyLock;

use whodunit_model::AuditEntry;

/// Where the text of a plain field goes.
pub type TextSlot = fn(&mut AuditEntry) -> &mut Option<String>;

/// How the value of a field is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Text; numbers and booleans become their text.
    Text(TextColumn),
    Id,
    Time,
    TraceId,
    SpanId,
    Traceparent,
    RequestStatus,
    /// `status`: a number is the response's status, a word the outcome.
    Status,
    Outcome,
    /// A boolean.
    Success,
    Category,
    Severity,
    /// OpenTelemetry's 1 to 24.
    SeverityNumber,
    State,
    Origin,
    Duration(Unit),
    Arguments,
    Changes,
    Before,
    After,
    /// Its members become the top of `metadata`.
    Metadata,
    /// An object whose members are fields of their own.
    Composite(Composite),
}

/// The unit of a duration that comes as a bare number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
}

/// Objects that group fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composite {
    Actor,
    Target,
    Error,
    Request,
}

/// A text column by its position in [`TEXT_COLUMNS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextColumn(pub usize);

/// Whether a completion may set the column, or the intent has fixed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    ByIntent,
    ByCompletion,
}

use Settled::{ByCompletion, ByIntent};

/// Every plain text column: its name, its place in an entry, and who settles it in a two-step entry.
pub const TEXT_COLUMNS: &[(&str, TextSlot, Settled)] = &[
    ("environment", |entry| &mut entry.environment, ByIntent),
    ("service", |entry| &mut entry.service, ByIntent),
    ("host", |entry| &mut entry.host, ByIntent),
    ("release", |entry| &mut entry.release, ByIntent),
    ("actor_type", |entry| &mut entry.actor_type, ByIntent),
    ("actor_id", |entry| &mut entry.actor_id, ByIntent),
    ("actor_email", |entry| &mut entry.actor_email, ByIntent),
    ("actor_name", |entry| &mut entry.actor_name, ByIntent),
    ("ip", |entry| &mut entry.ip, ByIntent),
    ("user_agent", |entry| &mut entry.user_agent, ByIntent),
    ("session_id", |entry| &mut entry.session_id, ByIntent),
    ("correlation_id", |entry| &mut entry.correlation_id, ByIntent),
    ("batch_id", |entry| &mut entry.batch_id, ByIntent),
    ("action", |entry| &mut entry.action, ByIntent),
    ("description", |entry| &mut entry.description, ByCompletion),
    ("reason", |entry| &mut entry.reason, ByIntent),
    ("target_type", |entry| &mut entry.target_type, ByCompletion),
    ("target_id", |entry| &mut entry.target_id, ByCompletion),
    ("target_name", |entry| &mut entry.target_name, ByCompletion),
    ("request_method", |entry| &mut entry.request_method, ByIntent),
    ("request_path", |entry| &mut entry.request_path, ByIntent),
    ("function", |entry| &mut entry.function, ByIntent),
    ("error_type", |entry| &mut entry.error_type, ByCompletion),
    ("error_message", |entry| &mut entry.error_message, ByCompletion),
    ("error_stack", |entry| &mut entry.error_stack, ByCompletion),
];

/// One row of the list.
pub struct Alias {
    /// The field, in the words of the vocabulary.
    pub field: &'static str,
    pub rule: Rule,
    /// Names beside the field's own and its camelCase.
    pub names: &'static [&'static str],
}

const fn alias(field: &'static str, rule: Rule, names: &'static [&'static str]) -> Alias {
    Alias { field, rule, names }
}

const fn text(field: &'static str, names: &'static [&'static str]) -> Alias {
    Alias { field, rule: Rule::Text(text_column(field)), names }
}

/// The column of that name; a name that is none stops the build.
const fn text_column(name: &str) -> TextColumn {
    let mut index = 0;
    while index < TEXT_COLUMNS.len() {
        if same(TEXT_COLUMNS[index].0, name) {
            return TextColumn(index);
        }
        index += 1;
    }
    panic!("no text column of that name")
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Every field and its names.
pub const ALIASES: &[Alias] = &[
    alias("id", Rule::Id, &["entry_id", "entryId"]),
    alias(
        "time",
        Rule::Time,
        &[
            "timestamp",
            "occurred_at",
            "occurredAt",
            "created_at",
            "createdAt",
            "@timestamp",
            "ts",
            "event_time",
            "eventTime",
        ],
    ),
    text(
        "action",
        &[
            "event",
            "event_type",
            "eventType",
            "event_name",
            "eventName",
            "operation",
            "action_type",
            "actionType",
            "activity",
        ],
    ),
    alias("category", Rule::Category, &["event_category", "eventCategory"]),
    alias("severity", Rule::Severity, &["level", "log_level", "logLevel", "severity_level", "severityLevel"]),
    alias("severity", Rule::SeverityNumber, &["severity_number", "severityNumber"]),
    alias("outcome", Rule::Outcome, &["result"]),
    alias("outcome", Rule::Success, &["success", "succeeded", "is_success", "isSuccess"]),
    alias("outcome", Rule::Status, &["status"]),
    alias("state", Rule::State, &[]),
    alias("origin", Rule::Origin, &[]),
    text("description", &["message", "summary", "msg"]),
    text("reason", &["why", "justification", "change_reason", "changeReason"]),
    text("environment", &["env", "deployment_environment", "deployment.environment"]),
    text("service", &["service_name", "serviceName", "service.name", "app", "application", "app_name", "appName"]),
    text("host", &["hostname", "host_name", "hostName", "server_name", "serverName"]),
    text("release", &["version", "app_version", "appVersion", "service.version"]),
    text(
        "actor_id",
        &[
            "userId",
            "user_id",
            "user.id",
            "uid",
            "enduser.id",
            "performed_by",
            "performedBy",
            "changed_by",
            "changedBy",
            "created_by",
            "createdBy",
        ],
    ),
    text("actor_type", &["user_type", "userType"]),
    text("actor_email", &["user_email", "userEmail", "email", "user.email"]),
    text("actor_name", &["user_name", "userName", "username", "user.name"]),
    alias("actor", Rule::Composite(Composite::Actor), &["user", "principal"]),
    text(
        "target_type",
        &[
            "entity_type",
            "entityType",
            "resource_type",
            "resourceType",
            "object_type",
            "objectType",
            "table_name",
            "tableName",
            "model",
        ],
    ),
    text(
        "target_id",
        &["entity_id", "entityId", "resource_id", "resourceId", "object_id", "objectId", "record_id", "recordId"],
    ),
    text("target_name", &["entity_name", "entityName", "resource_name", "resourceName", "object_name", "objectName"]),
    alias("target", Rule::Composite(Composite::Target), &["entity", "resource", "object"]),
    text(
        "ip",
        &[
            "ip_address",
            "ipAddress",
            "client_ip",
            "clientIp",
            "remote_addr",
            "remoteAddr",
            "remote_ip",
            "remoteIp",
            "source_ip",
            "sourceIp",
            "client.address",
        ],
    ),
    text("user_agent", &["useragent", "http_user_agent", "http.user_agent", "user_agent.original"]),
    text("session_id", &["session", "session.id", "sid"]),
    text(
        "correlation_id",
        &[
            "request_id",
            "requestId",
            "x_correlation_id",
            "x_request_id",
            "X-Correlation-ID",
            "X-Request-ID",
            "x-correlation-id",
            "x-request-id",
        ],
    ),
    alias("trace_id", Rule::TraceId, &["trace.id"]),
    alias("span_id", Rule::SpanId, &["span.id"]),
    alias("trace_id", Rule::Traceparent, &["traceparent"]),
    text("batch_id", &["bulk_id", "bulkId", "bulk_operation_id", "bulkOperationId"]),
    text("request_method", &["method", "http_method", "httpMethod", "http.method", "http.request.method"]),
    text(
        "request_path",
        &[
            "path",
            "url",
            "uri",
            "endpoint",
            "request_url",
            "requestUrl",
            "request_uri",
            "requestUri",
            "http.route",
            "url.path",
        ],
    ),
    alias(
        "request_status",
        Rule::RequestStatus,
        &[
            "status_code",
            "statusCode",
            "response_status",
            "responseStatus",
            "http_status",
            "httpStatus",
            "http.status_code",
            "http.response.status_code",
        ],
    ),
    alias("request", Rule::Composite(Composite::Request), &["http", "req"]),
    text("function", &["function_name", "functionName", "handler"]),
    alias("arguments", Rule::Arguments, &["args", "parameters", "params", "function_arguments", "functionArguments"]),
    alias("changes", Rule::Changes, &["changed_fields", "changedFields", "diff", "object_changes", "objectChanges"]),
    alias(
        "changes",
        Rule::Before,
        &[
            "old_values",
            "oldValues",
            "old_value",
            "oldValue",
            "before",
            "old",
            "previous_values",
            "previousValues",
            "old_data",
            "oldData",
        ],
    ),
    alias(
        "changes",
        Rule::After,
        &["new_values", "newValues", "new_value", "newValue", "after", "new", "new_data", "newData"],
    ),
    text(
        "error_type",
        &["error_name", "errorName", "error_class", "errorClass", "exception_type", "exceptionType", "exception.type"],
    ),
    text(
        "error_message",
        &["exception_message", "exceptionMessage", "exception.message", "failure_reason", "failureReason"],
    ),
    text("error_stack", &["stack_trace", "stackTrace", "stacktrace", "stack", "exception.stacktrace"]),
    alias("error", Rule::Composite(Composite::Error), &["exception", "err"]),
    alias("duration_ns", Rule::Duration(Unit::Nanoseconds), &["duration_nanos", "durationNanos"]),
    alias(
        "duration_ns",
        Rule::Duration(Unit::Microseconds),
        &["duration_us", "durationUs", "duration_micros", "durationMicros"],
    ),
    alias(
        "duration_ns",
        Rule::Duration(Unit::Milliseconds),
        &[
            "duration_ms",
            "durationMs",
            "duration",
            "elapsed_ms",
            "elapsedMs",
            "latency_ms",
            "latencyMs",
            "execution_time_ms",
            "executionTimeMs",
            "response_time_ms",
            "responseTimeMs",
        ],
    ),
    alias("duration_ns", Rule::Duration(Unit::Seconds), &["duration_s", "duration_seconds", "durationSeconds"]),
    alias(
        "metadata",
        Rule::Metadata,
        &["details", "extra", "context", "data", "payload", "meta", "properties", "attributes"],
    ),
];

/// A field and the member names that fill it.
type MemberNames = (&'static str, &'static [&'static str]);

/// The members of the objects that group fields; the first name of a field that an object carries wins.
pub const COMPOSITES: &[(Composite, &[MemberNames])] = &[
    (
        Composite::Actor,
        &[
            ("actor_id", &["id", "user_id", "userId", "uid", "sub"]),
            ("actor_type", &["type", "kind"]),
            ("actor_email", &["email", "mail"]),
            (
                "actor_name",
                &["name", "username", "userName", "display_name", "displayName", "full_name", "fullName", "login"],
            ),
            ("ip", &["ip", "ip_address", "ipAddress"]),
            ("user_agent", &["user_agent", "userAgent"]),
            ("session_id", &["session_id", "sessionId"]),
        ],
    ),
    (
        Composite::Target,
        &[
            ("target_type", &["type", "kind", "entity_type", "entityType", "resource_type", "resourceType"]),
            ("target_id", &["id", "entity_id", "entityId", "resource_id", "resourceId", "uuid"]),
            ("target_name", &["name", "display_name", "displayName", "title", "label"]),
        ],
    ),
    (
        Composite::Error,
        &[
            ("error_type", &["type", "name", "class", "kind", "code"]),
            ("error_message", &["message", "msg", "detail", "description"]),
            ("error_stack", &["stack", "stacktrace", "stack_trace", "stackTrace", "backtrace", "trace"]),
        ],
    ),
    (
        Composite::Request,
        &[
            ("request_method", &["method", "verb"]),
            ("request_path", &["path", "url", "uri", "route", "endpoint"]),
            ("request_status", &["status", "status_code", "statusCode"]),
            ("correlation_id", &["id", "request_id", "requestId", "correlation_id", "correlationId"]),
            ("ip", &["ip", "ip_address", "ipAddress", "remote_addr", "remoteAddr"]),
            ("user_agent", &["user_agent", "userAgent"]),
        ],
    ),
];

/// Where a name leads: a row of [`ALIASES`] and the name's rank in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub row: usize,
    pub rank: usize,
}

/// Looks a sent name up.
pub fn find(name: &str) -> Option<Named> {
    static NAMES: LazyLock<HashMap<String, Named>> = LazyLock::new(names);
    NAMES.get(name).copied()
}

/// All names of a row in order of priority. Rows that repeat a field go without its own name.
pub fn names_of(row: usize) -> Vec<String> {
    let alias = &ALIASES[row];
    let first_of_field = ALIASES.iter().position(|other| other.field == alias.field) == Some(row);
    let mut names: Vec<String> = Vec::new();
    if first_of_field {
        names.push(alias.field.to_owned());
        names.push(camel_case(alias.field));
    }
    names.extend(alias.names.iter().map(|name| (*name).to_owned()));
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn names() -> HashMap<String, Named> {
    let mut all = HashMap::new();
    for row in 0..ALIASES.len() {
        for (rank, name) in names_of(row).into_iter().enumerate() {
            all.entry(name).or_insert(Named { row, rank });
        }
    }
    all
}

fn camel_case(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    let mut upper = false;
    for letter in snake.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                camel.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => camel.push(letter),
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_model::Table;
    use whodunit_model::table::ASSIGNED_BY_STORE;

    #[test]
    fn no_name_leads_to_two_fields() {
        let mut seen = HashMap::new();
        for row in 0..ALIASES.len() {
            for name in names_of(row) {
                assert_eq!(seen.insert(name.clone(), row), None, "{name}");
            }
        }
    }

    #[test]
    fn every_column_that_a_client_may_send_has_a_row() {
        for column in Table::AuditLogs.columns() {
            let not_sent = ASSIGNED_BY_STORE.contains(&column.name) || matches!(column.name, "project" | "received_at");
            let listed = find(column.name).is_some_and(|named| ALIASES[named.row].field == column.name);
            assert_ne!(listed, not_sent, "{}", column.name);
        }
    }

    #[test]
    fn every_field_answers_to_its_camel_case() {
        for (sent, field) in [
            ("targetType", "target_type"),
            ("durationNs", "duration_ns"),
            ("traceId", "trace_id"),
            ("batchId", "batch_id"),
        ] {
            assert_eq!(find(sent).map(|named| ALIASES[named.row].field), Some(field));
        }
    }
}
