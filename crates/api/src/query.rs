//! Questions and answers: SQL, plain words, lists with facets and histogram, the timeline, the live tail.
//!
//! Rows of SQL answers are arrays beside `columns`; rows of lists, timelines and tails are objects without their
//! null members. Times are RFC 3339 in UTC with nanoseconds, ids are hyphenated UUIDs or lower-case hexadecimal,
//! columns that hold JSON are embedded as JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `POST /api/v1/sql`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlRequest {
    /// One statement: SELECT, EXPLAIN, SHOW TABLES, SHOW COLUMNS or DESCRIBE.
    pub query: String,
    #[serde(default)]
    pub format: SqlFormat,
    /// Rows after which the answer is cut and marked `partial`; default 10,000, at most 1,000,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_max: Option<u64>,
    /// Milliseconds after which the query ends with kind `timeout`; default 30,000, at most 300,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// How the rows of a SQL answer are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SqlFormat {
    /// One [`SqlAnswer`].
    #[default]
    Json,
    /// One object per row and line, nulls left out, then one line `{"statistics": {...}}` when the answer is partial
    /// or has no rows.
    Ndjson,
    /// RFC 4180 with a header line. Values are exact: nothing is added that would keep a spreadsheet from
    /// reading a value as a formula.
    Csv,
    /// An Arrow IPC stream. Like CSV it says what was searched for no rows in the header `X-Whodunit-Searched`.
    Arrow,
}

impl SqlFormat {
    pub const ALL: [SqlFormat; 4] = [SqlFormat::Json, SqlFormat::Ndjson, SqlFormat::Csv, SqlFormat::Arrow];

    pub fn name(self) -> &'static str {
        match self {
            SqlFormat::Json => "json",
            SqlFormat::Ndjson => "ndjson",
            SqlFormat::Csv => "csv",
            SqlFormat::Arrow => "arrow",
        }
    }

    pub fn from_name(name: &str) -> Option<SqlFormat> {
        SqlFormat::ALL.into_iter().find(|format| format.name() == name)
    }

    pub fn content_type(self) -> &'static str {
        match self {
            SqlFormat::Json => "application/json",
            SqlFormat::Ndjson => "application/x-ndjson",
            SqlFormat::Csv => "text/csv; charset=utf-8; header=present",
            SqlFormat::Arrow => "application/vnd.apache.arrow.stream",
        }
    }
}

/// The answer to SQL in the format `json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SqlAnswer {
    pub columns: Vec<AnswerColumn>,
    pub rows: Vec<Vec<Value>>,
    pub statistics: Statistics,
}

/// One column of a SQL answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerColumn {
    pub name: String,
    /// `text`, `json`, `time`, `integer`, `float`, `boolean`, `uuid`, `hex`, `changes`, or an Arrow type name.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What an answer cost and whether it is whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    pub elapsed_ms: f64,
    pub rows: u64,
    /// A limit cut the answer: there are more rows.
    pub partial: bool,
    /// The name of the limit that cut it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Signal tables that were read.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Of an answer without rows: where they were looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched: Option<Searched>,
}

/// What an answer of no rows had looked at, as far as its caller may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// Start of the range of time, RFC 3339; absent if it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its end, not included; absent if it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    pub tables: Vec<SearchedTable>,
    /// Who fills these tables, as far as the caller may see it: at most 20, last heard first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SearchedSource>,
}

/// One source that was heard from, see [`Searched`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchedSource {
    pub project: String,
    pub protocol: String,
    /// The name of the key, the e-mail address of the user, or the address that it came from.
    pub sender: String,
    /// At most 10, most rows first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    pub first_heard_at: String,
    pub last_heard_at: String,
}

/// One table of [`Searched`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchedTable {
    pub table: String,
    /// Rows that the caller may see, whatever their time. An entry in two steps is two of them.
    pub rows: u64,
    /// Rows of the files and buffers that reach into the range; all others were passed over unread.
    pub rows_in_reach: u64,
    /// Time of the oldest row, RFC 3339; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

/// Sources, and services of each, that a sentence names.
const TOLD_SOURCES_MAX: usize = 3;

impl Searched {
    /// For people: `searched audit_logs since …; audit_logs holds 24 rows, from … to …`.
    pub fn told(&self) -> String {
        let names: Vec<&str> = self.tables.iter().map(|table| table.table.as_str()).collect();
        let range = match (&self.from, &self.to) {
            (None, None) => "at any time".to_owned(),
            (Some(from), None) => format!("since {from}"),
            (None, Some(to)) => format!("before {to}"),
            (Some(from), Some(to)) => format!("from {from} to {to}"),
        };
        let holds = |table: &SearchedTable| match (&table.oldest, &table.newest) {
            (Some(oldest), Some(newest)) => {
                format!("; {} holds {} rows, from {oldest} to {newest}", table.table, table.rows)
            }
            _ => format!("; {} holds nothing that you may see", table.table),
        };
        let held: String = self.tables.iter().map(holds).collect();
        let heard = self.heard();
        // Whole seconds without their nine zeros, to be read by people.
        format!("searched {} {range}{held}{heard}", names.join(", ")).replace(".000000000Z", "Z")
    }
}

impl Searched {
    /// Since when the sources were heard from: the first few by name, the others by their number.
    fn heard(&self) -> String {
        if self.sources.is_empty() {
            return String::new();
        }
        let named = self.sources.iter().take(TOLD_SOURCES_MAX).map(|source| {
            let services = match source.services.as_slice() {
                [] => String::new(),
                services => {
                    let named: Vec<&str> = services.iter().take(TOLD_SOURCES_MAX).map(String::as_str).collect();
                    format!(" ({})", named.join(", "))
                }
            };
            let SearchedSource { sender, protocol, first_heard_at, last_heard_at, .. } = source;
            format!("{sender}{services} over {protocol} since {first_heard_at}, last at {last_heard_at}")
        });
        let named: Vec<String> = named.collect();
        let more = match self.sources.len().saturating_sub(TOLD_SOURCES_MAX) {
            0 => String::new(),
            more => format!(", and from {more} more"),
        };
        format!("; heard from {}{more}", named.join(", and from "))
    }
}

/// `POST /api/v1/ask`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// In plain words: `who deleted order 17`. At most 500 bytes.
    pub question: String,
    /// One project; all applications' that the caller reaches if left out, but not Whodunit's own trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Zone of the times in question and sentence: `UTC` (default), `+02:00` or `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// All but `json` answer the rows alone, as SQL does.
    #[serde(default)]
    pub format: SqlFormat,
}

/// The answer to a question in plain words, in the format `json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AskAnswer {
    pub question: String,
    /// Whether the text was taken for a question at all. If not, nothing ran and `suggestions` has near ones.
    pub understood: bool,
    /// The kind of question, by the names of the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The reading that was taken, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
    /// The answer in one sentence; never more than the rows say.
    pub sentence: String,
    /// The statements that ran, in order; the rows are the last one's.
    #[serde(default)]
    pub sql: Vec<String>,
    #[serde(default)]
    pub columns: Vec<AnswerColumn>,
    /// At most 100; `statistics.partial` says that there are more.
    #[serde(default)]
    pub rows: Vec<Vec<Value>>,
    pub statistics: Statistics,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
}

/// A question that would be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub kind: String,
    pub question: String,
}

/// `GET /api/v1/audit` and `GET /api/v1/logs`.
///
/// Parameters: `from`, `to` (RFC 3339, epoch seconds/milliseconds/nanoseconds, or a duration back from now such as
/// `15m`), `q` (free text: all words must occur; `"a phrase"` in quotes must occur as it stands), `limit`
/// (1 to 1,000, default 100), `cursor`, `direction` (`desc`, the default, or `asc`: oldest first), `facets` (column names
/// with commas between), `histogram` (`true` or `false`), `buckets` (1 to 500: a histogram of about so many buckets, also
/// the empty ones), and any column or attribute as `column=value`: several values of one column are alternatives, `!value`
/// excludes, `column>=` style ranges are written `column=>=5`, `column=<5`, and `column=*` asks for a value at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListAnswer {
    /// Newest first, or oldest first with `direction=asc`; members that are null are left out.
    pub rows: Vec<Map<String, Value>>,
    /// Send back as `cursor` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    pub statistics: Statistics,
}

/// The most frequent values of one column over the filtered range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facet {
    pub column: String,
    pub values: Vec<FacetValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetValue {
    /// Null counts the rows without a value.
    pub value: Value,
    pub count: u64,
}

/// Counts over time, split by level (logs) or severity (audit).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    pub bucket_seconds: u64,
    /// The column that splits each bucket.
    pub by: String,
    /// In time order; buckets without rows are left out, unless `buckets` asked for all of the range.
    pub buckets: Vec<Bucket>,
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// Start of the bucket, RFC 3339.
    pub time: String,
    /// Count by value of `by`; rows without one count under the empty text.
    pub counts: std::collections::BTreeMap<String, u64>,
}

/// `GET /api/v1/timeline`.
///
/// Parameters: at least one of `actor` (id or e-mail), `target` (`type:id` or id), `session_id`, `correlation_id`,
/// `trace_id`, `batch_id`, `around` (RFC 3339 time or the id of an audit entry) or a pair of `from` and `to`;
/// `window` (each side of `around`, default `5m`), `signals` (table names with commas between), `order` (`asc`, the
/// default, or `desc`), `expand` (`true`, the default, joins other signals of the same requests), `limit` (1 to
/// 1,000, default 200), `cursor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineAnswer {
    pub rows: Vec<TimelineRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    pub statistics: Statistics,
}

/// One thing that happened, whatever its signal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineRow {
    /// `audit_logs`, `logs`, `error_events`, `session_events` or `spans`.
    pub signal: String,
    pub time: String,
    /// One line for a person.
    pub summary: String,
    /// Why the row is here.
    pub joined_by: JoinKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The row's number in its table, which with its time tells it from all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// `INFO`, `WARNING`, `ERROR`, `CRITICAL` or the level as logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Context and main own columns by name; null members are left out.
    pub fields: Map<String, Value>,
}

/// One thing that happened, in the live activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// Table name.
    pub signal: String,
    pub time: String,
    /// One line for a person.
    pub summary: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The row's number in its table, which with its time tells it from all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Context and main own columns by name; null members are left out.
    pub fields: Map<String, Value>,
}

/// The key that brought a row into a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinKey {
    /// `actor`, `target`, `session_id`, `correlation_id`, `trace_id`, `batch_id` or `time`.
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `asked`: the row itself has what was asked for. `request`: it shares the id of a request with such a row.
    /// `guess`: it only lies in the same window of time.
    pub certainty: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_needs_only_its_query() {
        let request: SqlRequest = serde_json::from_str(r#"{"query": "SELECT 1"}"#).expect("parses");
        assert_eq!(request, SqlRequest { query: "SELECT 1".into(), ..SqlRequest::default() });
        assert!(serde_json::from_str::<SqlRequest>(r#"{"query": "SELECT 1", "limit": 5}"#).is_err());
    }

    #[test]
    fn formats_are_found_by_name() {
        for format in SqlFormat::ALL {
            assert_eq!(SqlFormat::from_name(format.name()), Some(format));
        }
    }
}
