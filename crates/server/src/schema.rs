//! JSON schemas of request and answer bodies, by the names that the operation table uses.
//!
//! Written by hand beside the wire types of `whodunit-api`: a test holds that every name in the table exists here and
//! that every reference resolves. The shorthand below keeps a field on a line.

use serde_json::{Map, Value, json};

/// All schemas by name, for `components.schemas`.
pub fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    add("Text", json!({"type": "string"}));
    for (name, description, fields) in OBJECTS {
        add(name, object(description, fields));
    }
    add(
        "AuditEntries",
        json!({
            "description": "One entry, an array of entries, or one entry per line (NDJSON).",
            "oneOf": [reference("AuditEntry"), {"type": "array", "items": reference("AuditEntry")}],
        }),
    );
    add(
        "LogLines",
        json!({
            "description": "One object per line (NDJSON) or an array of objects. Time, level, message and context fields are recognised by their usual names; all others become attributes.",
            "type": "object", "additionalProperties": true,
        }),
    );
    all
}

/// A field: name, type, description. A name that ends in `?` may be absent. Types: `text`, `integer`, `number`,
/// `boolean`, `any`, `object`, the name of a schema, or one of those after `[]`.
type Field = (&'static str, &'static str, &'static str);

fn object(description: &str, fields: &[Field]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, kind, description) in fields {
        let plain = name.trim_end_matches('?');
        if plain.len() == name.len() {
            required.push(plain);
        }
        let mut schema = of_kind(kind);
        if let Some(schema) = schema.as_object_mut()
            && !description.is_empty()
        {
            schema.insert("description".to_owned(), json!(description));
        }
        properties.insert(plain.to_owned(), schema);
    }
    json!({"type": "object", "description": description, "properties": properties, "required": required})
}

fn of_kind(kind: &str) -> Value {
    match kind {
        "text" => json!({"type": "string"}),
        "integer" => json!({"type": "integer"}),
        "number" => json!({"type": "number"}),
        "boolean" => json!({"type": "boolean"}),
        "object" => json!({"type": "object", "additionalProperties": true}),
        "any" => json!({}),
        _ => match kind.strip_prefix("[]") {
            Some(item) => json!({"type": "array", "items": of_kind(item)}),
            None => reference(kind),
        },
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

const OBJECTS: &[(&str, &str, &[Field])] = &[
    ("Error", "Every error answer.", &[("error", "ErrorDetail", "")]),
    (
        "ErrorDetail",
        "What went wrong.",
        &[
            (
                "kind",
                "text",
                "`invalid`, `unauthenticated`, `forbidden`, `not_found`, `conflict`, `too_large`, `unsupported`, `exhausted`, `timeout`, `unavailable`, `corrupt`, `internal`.",
            ),
            ("message", "text", "What happened."),
            ("hint?", "text", "What to do next."),
            ("field?", "text", "The field or parameter at fault."),
            ("limit?", "text", "The name of the limit that was reached."),
        ],
    ),
    (
        "AuditEntry",
        "Somebody did something. Only `action` is required. Other common spellings of the names are read too, see the guide.",
        &[
            (
                "action",
                "text",
                "What was done, in the application's words: `INVOICE_GENERATED`, `client_updated`, `DELETE`.",
            ),
            ("id?", "text", "UUIDv7; sent again it answers with the first receipt. Made up if left out."),
            ("time?", "text", "When it happened, RFC 3339 or epoch; now if left out."),
            (
                "category?",
                "text",
                "`mutation`, `access`, `authentication`, `authorization`, `configuration`, `security`, `system`; from the action if left out.",
            ),
            ("severity?", "text", "`INFO`, `WARNING`, `ERROR`, `CRITICAL`."),
            ("outcome?", "text", "`success`, `failure`, `unknown`."),
            ("description?", "text", ""),
            ("reason?", "text", "Why it was done."),
            ("actor_type?", "text", "`user`, `service`, `api_key`, `database_role`, `anonymous`."),
            ("actor_id?", "text", ""),
            ("actor_email?", "text", ""),
            ("actor_name?", "text", ""),
            ("target_type?", "text", ""),
            ("target_id?", "text", ""),
            ("target_name?", "text", ""),
            ("changes?", "[]Change", "Or an object of field to `{before, after}`."),
            ("metadata?", "object", ""),
            ("environment?", "text", ""),
            ("service?", "text", ""),
            ("host?", "text", ""),
            ("release?", "text", ""),
            ("ip?", "text", ""),
            ("user_agent?", "text", ""),
            ("session_id?", "text", ""),
            ("correlation_id?", "text", ""),
            ("trace_id?", "text", "32 hexadecimal digits."),
            ("span_id?", "text", "16 hexadecimal digits."),
            ("batch_id?", "text", "Groups one bulk operation."),
            ("request_method?", "text", ""),
            ("request_path?", "text", ""),
            ("request_status?", "integer", ""),
            ("function?", "text", ""),
            ("arguments?", "any", ""),
            ("error_type?", "text", ""),
            ("error_message?", "text", ""),
            ("error_stack?", "text", ""),
            ("duration_ns?", "integer", ""),
            ("state?", "text", "`complete` (default) or `intent`."),
        ],
    ),
    ("Change", "One changed field.", &[("field", "text", ""), ("before?", "any", ""), ("after?", "any", "")]),
    (
        "Completion",
        "What came of an intent.",
        &[
            ("outcome?", "text", "`success` (default) or `failure`."),
            ("changes?", "[]Change", ""),
            ("error_type?", "text", ""),
            ("error_message?", "text", ""),
            ("error_stack?", "text", ""),
            ("request_status?", "integer", ""),
            ("duration_ns?", "integer", ""),
            ("metadata?", "object", ""),
        ],
    ),
    (
        "AuditAnswer",
        "What became of every entry.",
        &[
            ("accepted", "integer", "Entries on disk now."),
            ("rejected", "integer", ""),
            ("repeated", "integer", "Accepted entries that were known already."),
            ("receipts", "[]Receipt", "In the order of the request."),
            ("rejections", "[]Rejection", "In the order of the request."),
            ("error?", "ErrorDetail", "No entry was accepted: the first rejection in words. The status is then 400."),
        ],
    ),
    (
        "Receipt",
        "The entry is on disk as this leaf.",
        &[
            ("index", "integer", "Position in the request, from 0."),
            ("id", "text", "UUIDv7."),
            ("project", "text", ""),
            ("writer", "text", "Whose ledger holds the leaf."),
            ("leaf_index", "integer", "Gapless per project and writer."),
            ("leaf_hash", "text", "64 hexadecimal digits."),
            ("received_at", "text", "RFC 3339."),
            ("repeated", "boolean", "This is the first receipt of an entry sent before."),
        ],
    ),
    (
        "Rejection",
        "One entry that was not taken.",
        &[
            ("index", "integer", "Position in the request, from 0."),
            ("field", "text", "Empty: the entry as a whole."),
            ("reason", "text", ""),
            ("code", "text", "`missing`, `invalid`, `too_large`, `out_of_range`, `not_json`, `not_utf8`, `conflict`."),
        ],
    ),
    (
        "LogsAnswer",
        "What became of the lines.",
        &[
            ("accepted", "integer", ""),
            ("rejected", "integer", ""),
            ("rejections", "[]LineRejection", "The first 100."),
            (
                "resume_at_line?",
                "integer",
                "Only beside `error`, when some lines were stored: those before this one are done with, send again from it on. From 1.",
            ),
            (
                "error?",
                "ErrorDetail",
                "No line was accepted (400), or not all could be stored (429, 503). The status is then the error's.",
            ),
        ],
    ),
    (
        "LineRejection",
        "One line that was not taken.",
        &[("line", "integer", "From 1."), ("field", "text", ""), ("reason", "text", "")],
    ),
    (
        "SqlRequest",
        "A question in SQL.",
        &[
            ("query", "text", "One statement."),
            ("format?", "text", "`json` (default), `ndjson`, `csv`, `arrow`."),
            ("rows_max?", "integer", "Rows after which the answer is cut and marked `partial`."),
            ("timeout_ms?", "integer", "Milliseconds after which the query ends."),
        ],
    ),
    (
        "SqlAnswer",
        "Rows as arrays beside their columns.",
        &[("columns", "[]AnswerColumn", ""), ("rows", "[][]any", ""), ("statistics", "Statistics", "")],
    ),
    ("AnswerColumn", "One column.", &[("name", "text", ""), ("type", "text", "")]),
    (
        "Statistics",
        "What the answer cost and whether it is whole.",
        &[
            ("elapsed_ms", "number", ""),
            ("rows", "integer", ""),
            ("partial", "boolean", "A limit cut the answer."),
            ("limit?", "text", ""),
            ("tables", "[]text", ""),
            ("searched?", "Searched", "Of an answer without rows: where they were looked for."),
        ],
    ),
    (
        "Searched",
        "What an answer of no rows had looked at, as far as the caller may see it.",
        &[
            ("from?", "text", "Start of the range; absent if it is open."),
            ("to?", "text", "Its end, not included."),
            ("tables", "[]SearchedTable", ""),
        ],
    ),
    (
        "SearchedTable",
        "One table that was looked at.",
        &[
            ("table", "text", ""),
            ("rows", "integer", "That the caller may see, whatever their time; an entry in two steps is two of them."),
            (
                "rows_in_reach",
                "integer",
                "Of the files and buffers that reach into the range; the others were passed over unread.",
            ),
            ("oldest?", "text", "Time of the oldest row."),
            ("newest?", "text", ""),
        ],
    ),
    (
        "AskRequest",
        "A question in plain words.",
        &[
            ("question", "text", "At most 500 bytes."),
            (
                "project?",
                "text",
                "One project; all applications' that the caller reaches if left out, but not Whodunit's own trail.",
            ),
            (
                "zone?",
                "text",
                "`UTC` (default), `+02:00` or `Europe/Berlin`: of times in the question and in the sentence.",
            ),
            ("format?", "text", "`json` (default), `ndjson`, `csv`, `arrow`; all but `json` answer the rows alone."),
        ],
    ),
    (
        "AskAnswer",
        "A sentence, how the question was read, what ran, and the rows.",
        &[
            ("question", "text", ""),
            ("understood", "boolean", "If not, nothing ran and `suggestions` has near questions."),
            ("kind?", "text", "By the names of the reference of questions."),
            ("read_as?", "text", "The reading that was taken."),
            ("sentence", "text", "Never more than the rows say."),
            ("sql", "[]text", "The statements that ran, in order; the rows are the last one's."),
            ("columns", "[]AnswerColumn", ""),
            ("rows", "[][]any", "At most 100."),
            ("statistics", "Statistics", ""),
            ("suggestions?", "[]Suggestion", ""),
        ],
    ),
    ("Suggestion", "A question that would be understood.", &[("kind", "text", ""), ("question", "text", "")]),
    (
        "ListAnswer",
        "One page.",
        &[
            ("rows", "[]object", "Newest first, null members left out."),
            ("next?", "text", "`cursor` of the next page."),
            ("facets?", "[]Facet", ""),
            ("histogram?", "Histogram", ""),
            ("statistics", "Statistics", ""),
        ],
    ),
    ("AuditEntryAnswer", "All states of one entry.", &[("rows", "[]object", "Newest state first.")]),
    ("Facet", "Most frequent values of a column.", &[("column", "text", ""), ("values", "[]FacetValue", "")]),
    ("FacetValue", "One value.", &[("value", "any", ""), ("count", "integer", "")]),
    (
        "Histogram",
        "Counts over time.",
        &[("bucket_seconds", "integer", ""), ("by", "text", ""), ("buckets", "[]Bucket", ""), ("total", "integer", "")],
    ),
    ("Bucket", "One bucket.", &[("time", "text", ""), ("counts", "object", "")]),
    (
        "TimelineAnswer",
        "One page of a timeline.",
        &[("rows", "[]TimelineRow", ""), ("next?", "text", ""), ("statistics", "Statistics", "")],
    ),
    (
        "TimelineRow",
        "One thing that happened.",
        &[
            ("signal", "text", "Table name."),
            ("time", "text", ""),
            ("summary", "text", ""),
            ("joined_by", "JoinKey", ""),
            ("id?", "text", ""),
            ("severity?", "text", ""),
            ("fields", "object", ""),
        ],
    ),
    (
        "JoinKey",
        "Why the row is here.",
        &[("key", "text", ""), ("value?", "text", ""), ("certainty", "text", "`asked`, `request`, `guess`.")],
    ),
    ("TailEvent", "The data of one `row` event: a row as an object.", &[]),
    (
        "SetUpRequest",
        "The first owner.",
        &[
            ("token", "text", "From the printed link."),
            ("email", "text", ""),
            ("name?", "text", ""),
            ("password", "text", "At least 12 characters."),
        ],
    ),
    ("SignInRequest", "Who signs in.", &[("email", "text", ""), ("password", "text", "")]),
    (
        "SignInAnswer",
        "Signed in; the session travels in a cookie.",
        &[("user", "UserView", ""), ("csrf", "text", "Send as `X-CSRF-Token`."), ("expires_at", "text", "")],
    ),
    (
        "MeAnswer",
        "Who the caller is.",
        &[
            ("kind", "text", "`user` or `key`."),
            ("id", "text", ""),
            ("name", "text", ""),
            ("email?", "text", ""),
            ("role?", "text", ""),
            ("scopes?", "[]text", ""),
            ("projects?", "[]text", "Absent: all."),
            ("csrf?", "text", ""),
        ],
    ),
    ("ChangePasswordRequest", "Old and new.", &[("current", "text", ""), ("new", "text", "")]),
    ("SessionList", "Sessions of one user.", &[("sessions", "[]SessionView", "")]),
    (
        "SessionView",
        "One session.",
        &[
            ("id", "text", ""),
            ("created_at", "text", ""),
            ("last_seen_at", "text", ""),
            ("expires_at", "text", ""),
            ("ip?", "text", ""),
            ("user_agent?", "text", ""),
            ("current", "boolean", "The one that asks."),
        ],
    ),
    ("UserList", "All users.", &[("users", "[]UserView", "")]),
    (
        "UserView",
        "A person who signs in.",
        &[
            ("id", "text", ""),
            ("email", "text", ""),
            ("name", "text", ""),
            ("role", "text", "`owner`, `admin`, `member`, `auditor`, `viewer`."),
            ("created_at", "text", ""),
            ("disabled_at?", "text", ""),
            ("last_sign_in_at?", "text", ""),
        ],
    ),
    (
        "CreateUserRequest",
        "A new user.",
        &[
            ("email", "text", ""),
            ("name?", "text", ""),
            ("role", "text", ""),
            ("password?", "text", "Made up if left out."),
            ("reason?", "text", "Why, for the trail."),
        ],
    ),
    (
        "CreateUserAnswer",
        "The user, and the password if it was made up.",
        &[("user", "UserView", ""), ("password?", "text", "")],
    ),
    (
        "UpdateUserRequest",
        "What is left out stays.",
        &[("name?", "text", ""), ("role?", "text", ""), ("disabled?", "boolean", ""), ("reason?", "text", "")],
    ),
    ("ResetPasswordAnswer", "The new password.", &[("password", "text", "")]),
    ("ReasonRequest", "Why; the body may be empty.", &[("reason?", "text", "")]),
    ("KeyList", "All keys.", &[("keys", "[]KeyView", "")]),
    (
        "KeyView",
        "A key without its secret.",
        &[
            ("id", "text", ""),
            ("kind", "text", "`ingest` or `api`."),
            ("name", "text", ""),
            ("hint", "text", "Last four characters."),
            ("public_id?", "text", ""),
            ("scopes", "[]text", "`ingest`, `read_telemetry`, `read_audit`, `administer`."),
            ("projects?", "[]text", "Absent: all."),
            ("created_at", "text", ""),
            ("created_by", "text", ""),
            ("expires_at?", "text", ""),
            ("revoked_at?", "text", ""),
            ("last_used_at?", "text", ""),
        ],
    ),
    (
        "CreateKeyRequest",
        "A new key.",
        &[
            ("kind", "text", "`ingest` or `api`."),
            ("name", "text", ""),
            ("scopes?", "[]text", "Of an API key."),
            ("projects?", "[]text", "Of an ingest key exactly one."),
            ("expires_at?", "text", "RFC 3339."),
            ("reason?", "text", ""),
        ],
    ),
    ("CreateKeyAnswer", "The key and, once, its secret.", &[("key", "KeyView", ""), ("secret", "text", "")]),
    ("ProjectList", "Projects.", &[("projects", "[]ProjectView", "")]),
    (
        "ProjectView",
        "An application that sends data.",
        &[
            ("number", "integer", ""),
            ("slug", "text", ""),
            ("name", "text", ""),
            ("created_at", "text", ""),
            ("archived_at?", "text", ""),
        ],
    ),
    (
        "CreateProjectRequest",
        "A new project.",
        &[
            ("slug", "text", "1 to 63 of a-z, 0-9 and -; never changes."),
            ("name?", "text", ""),
            ("reason?", "text", ""),
        ],
    ),
    (
        "UpdateProjectRequest",
        "What is left out stays.",
        &[("name?", "text", ""), ("archived?", "boolean", ""), ("reason?", "text", "")],
    ),
    (
        "BackupRequest",
        "Where to.",
        &[
            ("to", "text", "A directory on the server's machine, as an absolute path, or `s3://bucket/prefix`."),
            ("keep?", "integer", "Remove older backups afterwards until so many are left; all are kept if left out."),
            ("reason?", "text", ""),
        ],
    ),
    (
        "Backup",
        "The backup under way, or the last one of this process.",
        &[
            ("state", "text", "`none`, `running`, `done` or `failed`."),
            ("to?", "text", ""),
            ("began_at?", "text", ""),
            ("name?", "text", "Its name at the place, once it is done."),
            ("files", "integer", "Segment files to copy; what is at the place already does not count."),
            ("files_done", "integer", ""),
            ("bytes", "integer", ""),
            ("bytes_done", "integer", ""),
            ("missing?", "[]MissingSegment", "Segments that were gone or damaged and are not inside."),
            ("pruned?", "[]text", "Names of older backups that were removed."),
            ("note?", "text", "What is not inside although it belongs to the installation."),
            ("error?", "text", "Why it failed."),
        ],
    ),
    (
        "MissingSegment",
        "A segment that is not in a backup.",
        &[("path", "text", "Its file in the data directory."), ("what", "text", "")],
    ),
    ("ImportState", "How far a file is imported.", &[("positions", "[]ImportPosition", "Those furthest in first.")]),
    (
        "ImportPosition",
        "The end of a stored piece.",
        &[("line", "integer", "Number of its last line."), ("upto", "text", "Hash of the file up to there.")],
    ),
    ("SettingList", "Settings in force.", &[("settings", "[]SettingView", "")]),
    (
        "SettingView",
        "One setting.",
        &[
            ("name", "text", ""),
            ("description", "text", ""),
            ("value", "any", ""),
            ("default", "any", ""),
            ("version", "integer", "0 while never changed."),
            ("changed_at?", "text", ""),
            ("changed_by?", "text", ""),
        ],
    ),
    (
        "ChangeSettingRequest",
        "A new value.",
        &[("value", "any", ""), ("version?", "integer", "Refuse unless this is in force."), ("reason?", "text", "")],
    ),
    (
        "RevertSettingRequest",
        "Which version to make the newest.",
        &[("version", "integer", "0 is the default."), ("reason?", "text", "")],
    ),
    ("SettingHistory", "Newest first.", &[("name", "text", ""), ("versions", "[]SettingVersionView", "")]),
    (
        "SettingVersionView",
        "One change.",
        &[
            ("version", "integer", ""),
            ("before", "any", ""),
            ("after", "any", ""),
            ("changed_at", "text", ""),
            ("changed_by", "text", ""),
            ("source", "text", ""),
            ("reason?", "text", ""),
        ],
    ),
    (
        "RetentionChange",
        "All rules.",
        &[("value", "[]RetentionRule", ""), ("version?", "integer", ""), ("reason?", "text", "")],
    ),
    (
        "RetentionRule",
        "How long rows stay.",
        &[
            ("table?", "text", "Absent: all."),
            ("project?", "text", "Absent: all."),
            ("days?", "integer", "Absent: for ever."),
            ("bytes?", "integer", "Absent: no bound."),
        ],
    ),
    (
        "Health",
        "All checks.",
        &[
            ("status", "text", "`healthy`, `degraded`, `unhealthy`: the worst of the checks."),
            ("version", "text", ""),
            ("uptime_seconds", "integer", ""),
            ("checks", "[]Check", ""),
        ],
    ),
    ("Check", "One check.", &[("name", "text", ""), ("status", "text", ""), ("message", "text", "")]),
    (
        "DetailedHealth",
        "All checks, and what the process uses.",
        &[
            ("status", "text", "The worst of the checks."),
            ("version", "text", ""),
            ("uptime_seconds", "integer", ""),
            ("checks", "[]DetailedCheck", ""),
            ("memory", "MemoryUse", ""),
            ("connections", "Connections", ""),
            ("requests", "RequestRate", ""),
        ],
    ),
    (
        "DetailedCheck",
        "One check and its time.",
        &[
            ("name", "text", ""),
            ("status", "text", ""),
            ("message", "text", ""),
            (
                "response_time_ms",
                "number",
                "The store answers all its checks at once, and each of them shows that time.",
            ),
        ],
    ),
    (
        "MemoryUse",
        "Bytes.",
        &[
            ("used_bytes", "integer", "Reserved from the memory limit."),
            ("peak_bytes", "integer", ""),
            ("limit_bytes", "integer", ""),
            ("resident_bytes", "integer", "Of the whole process."),
        ],
    ),
    ("Connections", "To the HTTP port.", &[("open", "integer", ""), ("max", "integer", "")]),
    (
        "RequestRate",
        "Answered requests.",
        &[
            ("last_minute", "integer", "In the last 60 whole seconds."),
            ("per_second", "number", ""),
            ("total", "integer", "Since the start."),
        ],
    ),
    (
        "SystemHealth",
        "Health with figures.",
        &[
            ("status", "text", "The worst of the checks."),
            ("timestamp", "text", "When it was found out."),
            ("responseTime", "number", "Milliseconds."),
            ("checks", "SystemChecks", ""),
        ],
    ),
    (
        "SystemChecks",
        "Each with a status of its own.",
        &[
            ("database", "DatabaseCheck", ""),
            ("databasePerformance", "PerformanceCheck", ""),
            ("errorRate", "ErrorRateCheck", ""),
            ("systemMetrics", "CountsCheck", "All rows."),
            ("recentActivity", "CountsCheck", "Rows of applications in the last 24 hours."),
        ],
    ),
    (
        "DatabaseCheck",
        "Whether store and control plane answer and are whole.",
        &[("status", "text", ""), ("message", "text", ""), ("responseTime", "number", "Milliseconds.")],
    ),
    (
        "PerformanceCheck",
        "How long the newest audit entry takes to find.",
        &[
            ("status", "text", ""),
            ("message", "text", ""),
            ("responseTime", "number", "Milliseconds."),
            ("threshold", "number", "1,000: `degraded` above it."),
        ],
    ),
    (
        "ErrorRateCheck",
        "Errors among the log lines, error events and audit entries that applications sent in the last hour.",
        &[
            ("status", "text", ""),
            ("message", "text", ""),
            ("rate", "number", "Per cent."),
            ("threshold", "number", "5: `degraded` above it."),
            ("errors", "integer", "ERROR and above."),
            ("critical", "integer", "FATAL and CRITICAL."),
            ("total", "integer", ""),
        ],
    ),
    (
        "CountsCheck",
        "Rows by table.",
        &[("status", "text", ""), ("message", "text", ""), ("total", "integer", ""), ("tables", "object", "")],
    ),
    (
        "SystemAuditLogs",
        "Newest rows, or counts.",
        &[
            ("type", "text", "As asked."),
            ("timestamp", "text", ""),
            ("limit?", "integer", ""),
            ("count?", "integer", "Of `rows`."),
            ("rows?", "[]object", "Newest first, null members left out."),
            ("statistics?", "Statistics", ""),
            (
                "stats?",
                "object",
                "`total`, `last_24h`, `failures`, `errors`, `oldest`, `newest`, and the ten most frequent of `by_action`, `by_category`, `by_severity`, `by_outcome`, `by_actor`.",
            ),
        ],
    ),
    ("Probe", "Yes or no.", &[("ok", "boolean", ""), ("reason?", "text", "")]),
];
