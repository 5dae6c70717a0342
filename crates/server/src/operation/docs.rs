//! How the table says what an operation takes and answers; OpenAPI and the reference read it.

use crate::dialect::Dialect;

/// What OpenAPI and the reference say beyond the columns of the table.
#[derive(Clone, Copy)]
pub struct Docs {
    /// More than the summary, in Markdown.
    pub description: &'static str,
    pub parameters: &'static [Parameter],
    /// Name of a schema in `schema.rs` and the media types that carry it.
    pub request: Option<Content>,
    pub status: u16,
    pub response: Content,
    /// Whose form errors have.
    pub errors: Dialect,
}

/// A body: the media types it may have and the schema it follows.
#[derive(Clone, Copy)]
pub struct Content {
    pub types: &'static [&'static str],
    pub schema: &'static str,
}

/// A query parameter or header.
pub struct Parameter {
    pub name: &'static str,
    pub place: Place,
    pub description: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Query,
    Header,
}

/// HTTP methods that operations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
            Verb::Options => "OPTIONS",
        }
    }

    /// Whether a browser may send it on its own: such requests must change nothing.
    pub fn is_safe(self) -> bool {
        matches!(self, Verb::Get | Verb::Options)
    }
}

pub const JSON: &[&str] = &["application/json"];
pub const TEXT: &[&str] = &["text/plain"];
pub const ANY: &[&str] = &["*/*"];
pub const HTML: &[&str] = &["text/html"];
pub const EVENTS: &[&str] = &["text/event-stream"];
pub const OTLP: &[&str] = &["application/x-protobuf", "application/json"];
pub const LOKI: &[&str] = &["application/json", "application/x-protobuf"];
pub const ENTRIES: &[&str] = &["application/json", "application/x-ndjson"];
pub const ROWS: &[&str] =
    &["application/json", "application/x-ndjson", "text/csv", "application/vnd.apache.arrow.stream"];
pub const EXPORTED: &[&str] = &["application/x-ndjson", "application/json", "text/csv"];
pub const LIST_ROWS: &[&str] = &["application/json", "application/x-ndjson", "text/csv"];

pub const fn content(types: &'static [&'static str], schema: &'static str) -> Content {
    Content { types, schema }
}

pub const fn query(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, place: Place::Query, description }
}

pub const fn header(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, place: Place::Header, description }
}

/// Documentation of an operation that answers 200 with JSON.
pub const fn json(schema: &'static str) -> Docs {
    answers(200, content(JSON, schema))
}

pub const fn answers(status: u16, response: Content) -> Docs {
    Docs { description: "", parameters: &[], request: None, status, response, errors: Dialect::House }
}

impl Docs {
    pub const fn said(mut self, description: &'static str) -> Docs {
        self.description = description;
        self
    }

    /// Errors speak as the clients of another protocol expect.
    pub const fn errors(mut self, dialect: Dialect) -> Docs {
        self.errors = dialect;
        self
    }

    pub const fn takes(mut self, request: Content) -> Docs {
        self.request = Some(request);
        self
    }

    pub const fn takes_json(self, schema: &'static str) -> Docs {
        self.takes(content(JSON, schema))
    }

    pub const fn with(mut self, parameters: &'static [Parameter]) -> Docs {
        self.parameters = parameters;
        self
    }
}

pub const PROJECT: Parameter = header(
    "X-Whodunit-Project",
    "Project to use, for callers that reach several; `default` if left out. Also as the parameter `project`.",
);

pub const APPEND_PARAMETERS: &[Parameter] = &[
    PROJECT,
    header(
        "X-Correlation-ID",
        "Correlation id of entries that bring none; `X-Request-ID` is read too. Echoed in the answer.",
    ),
    header("traceparent", "W3C trace context of entries that bring none."),
];

pub const LOGS_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("time_field", "Field of a line that holds its time; guessed if left out."),
    query("message_field", "Field that holds the message; guessed if left out."),
    query("level_field", "Field that holds the level; guessed if left out."),
];

pub const IMPORT_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("after", "Where the piece begins: `start`, or the `import.upto` of the piece before."),
    query("branch", "`true` takes the piece although another one begins there: the files differ from here on."),
];

pub const LIST_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query(
        "from",
        "Start of the range: RFC 3339, epoch seconds, milliseconds or nanoseconds, or a duration back from now such as `15m`.",
    ),
    query("to", "End of the range, exclusive; now if left out."),
    query("q", "Free text: every word must occur; `\"a phrase\"` must occur as it stands."),
    query("limit", "Rows per page, 1 to 1,000, default 100."),
    query("cursor", "`next` of the page before."),
    query("facets", "Column names, separated by commas, whose most frequent values are counted."),
    query("histogram", "`true` adds counts over time, of buckets that have rows."),
    query(
        "buckets",
        "1 to 500: adds counts over time in about so many round buckets, all of the range, also the empty ones.",
    ),
    query(
        "direction",
        "`desc` (default), or `asc`: oldest first, for what follows a moment. Any other value is one of an attribute `direction`.",
    ),
    query("format", "`json` (default), or `ndjson` or `csv` to export: only the rows, and recorded as an export."),
    query(
        "{column}",
        "Any column or attribute: `column=value`; repeated values are alternatives; `!value` excludes; `>=5`, `<5` compare; `*` asks for a value at all.",
    ),
];

pub const TAIL_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("q", "Free text: every word must occur."),
    query("{column}", "Any column or attribute, as in the list."),
];

pub const TIMELINE_PARAMETERS: &[Parameter] = &[
    PROJECT,
    query("actor", "Id or e-mail address of an actor."),
    query("target", "`type:id`, or an id."),
    query("session_id", "A session."),
    query("correlation_id", "A request."),
    query("trace_id", "A trace."),
    query("batch_id", "A bulk operation."),
    query("around", "RFC 3339 time or the id of an audit entry; with `window` (default `5m`) on each side."),
    query("from", "Start of the range."),
    query("to", "End of the range, exclusive."),
    query("signals", "Table names, separated by commas; all if left out."),
    query("order", "`asc` (default) or `desc`."),
    query("expand", "`true` (default) joins other signals of the same requests."),
    query("limit", "Rows per page, 1 to 1,000, default 200."),
    query("cursor", "`next` of the page before."),
];
