//! The operation table: every endpoint of the server, once.
//!
//! Router, authorization, audit, limits, metric labels, OpenAPI and the reference docs are read from [`OPERATIONS`];
//! there is no other way to add an endpoint. A row without permission or audit class does not compile.
//! This file must not know how a request is read or answered: that is the handlers' and the pipeline's.

mod administration;
mod protocols;
mod sentry;
mod artifacts;
mod release_files;
mod streams;
mod pages;
mod activity;
mod explorers;
mod errors;
mod issues;
mod signals;
mod views;
mod cases;
mod storage;
mod docs;

use whodunit_model::Permission;

use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use docs::{
    APPEND_PARAMETERS, ENTRIES, EVENTS, IMPORT_PARAMETERS, JSON, LIST_PARAMETERS, LIST_ROWS, LOGS_PARAMETERS, PROJECT,
    ROWS, TAIL_PARAMETERS, TEXT, TIMELINE_PARAMETERS, answers, content, header, json, query,
};
pub use docs::{Content, Docs, Parameter, Place, Verb};
pub use pages::{EVERY_OTHER_PATH, page};

use crate::routes::{
    access, account, append, ask, backup, detailed, import, keys, meta, projects, read, retention, settings, sql,
    system, tail, upkeep, users,
};

/// One endpoint.
#[derive(Clone, Copy)]
pub struct Operation {
    pub method: Verb,
    /// With `{name}` for path parameters.
    pub path: &'static str,
    /// Stable: OpenAPI operation id and metrics label.
    pub id: &'static str,
    pub permission: Permission,
    pub audit: AuditClass,
    pub body: BodyLimit,
    pub rate: RateClass,
    pub handler: Handler,
    pub summary: &'static str,
    pub docs: Docs,
}

/// Every endpoint: ours, the pages of the interface, then those that the clients of other systems know.
pub const OPERATIONS: &[Operation] = &joined::<{ counted(PARTS) }>(PARTS);

const PARTS: &[&[Operation]] = &[
    OURS,
    streams::OPERATIONS,
    activity::OPERATIONS,
    explorers::OPERATIONS,
    errors::OPERATIONS,
    issues::OPERATIONS,
    signals::OPERATIONS,
    views::OPERATIONS,
    cases::OPERATIONS,
    storage::OPERATIONS,
    administration::OPERATIONS,
    pages::OPERATIONS,
    protocols::OPERATIONS,
    sentry::OPERATIONS,
    artifacts::OPERATIONS,
    release_files::OPERATIONS,
];

const fn counted(parts: &[&[Operation]]) -> usize {
    let (mut part, mut all) = (0, 0);
    while part < parts.len() {
        all += parts[part].len();
        part += 1;
    }
    all
}

const fn joined<const N: usize>(parts: &[&[Operation]]) -> [Operation; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut begins, mut at) = (0, 0, 0);
    while at < N {
        while at - begins == parts[part].len() {
            begins = at;
            part += 1;
        }
        all[at] = parts[part][at - begins];
        at += 1;
    }
    all
}

const OURS: &[Operation] = &[
    // Sending.
    Operation {
        method: Verb::Post,
        path: "/api/v1/audit",
        id: "append_audit",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Audit,
        rate: RateClass::Audit,
        handler: append::audit,
        summary: "Append audit entries",
        docs: json("AuditAnswer")
            .said("One object, an array, or NDJSON; plain, gzip, zstd or br. The answer goes out when the entries are on disk, with a receipt for each. A bad entry is rejected by index with field and reason while the good ones are kept; if none is left, the status is 400 and `error` names the first rejection beside all of them. An entry whose `id` was sent before gets its first receipt again. With `\"state\": \"intent\"` an entry is recorded before its action and completed later.")
            .takes(content(ENTRIES, "AuditEntries"))
            .with(APPEND_PARAMETERS),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/audit/{id}/complete",
        id: "complete_audit",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Request,
        rate: RateClass::Audit,
        handler: append::complete,
        summary: "Complete an intent",
        docs: json("Receipt")
            .said("Second step of a two-step entry: what came of the action that the intent announced.")
            .takes_json("Completion")
            .with(APPEND_PARAMETERS),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/logs",
        id: "append_logs",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: append::logs,
        summary: "Append log lines",
        docs: json("LogsAnswer")
            .said("NDJSON, one object per line; plain, gzip, zstd or br. Every field becomes a column. A bad line is rejected while the good ones are kept; if none is left, the status is 400. When a large body fails half-way (429, 503), the answer has `error` and `resume_at_line`: send again from that line on.")
            .takes(content(ENTRIES, "LogLines"))
            .with(LOGS_PARAMETERS),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/imports/{id}",
        id: "append_import",
        permission: Permission::Ingest,
        audit: AuditClass::Ingest,
        body: BodyLimit::Logs,
        rate: RateClass::Telemetry,
        handler: import::append,
        summary: "Append a piece of a file",
        docs: json("LogsAnswer")
            .said("For `whodunit import`: log lines as for `POST /api/v1/logs`, at most 5,000 and 4 MiB, each with the attributes `import.file` (the id in the path), `import.line` and `import.upto` (hash of the file up to the last line of the piece). A piece enters as a whole. 409 when a piece that begins at `after` is stored, 429 while one is under way.")
            .takes(content(ENTRIES, "LogLines"))
            .with(IMPORT_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/imports/{id}",
        id: "import_state",
        permission: Permission::Ingest,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: import::state,
        summary: "How far a file is imported",
        docs: json("ImportState")
            .said("Line numbers and hashes only, so that a key that can only send may ask.")
            .with(&[PROJECT]),
    },
    // Asking.
    Operation {
        method: Verb::Post,
        path: "/api/v1/sql",
        id: "sql",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::Query,
        body: BodyLimit::Request,
        rate: RateClass::Query,
        handler: sql::run,
        summary: "Ask in SQL",
        docs: answers(200, content(ROWS, "SqlAnswer"))
            .said("One statement over the tables and views `audit_logs`, `logs`, `error_events`, `session_events`, `spans`, `samples`, `attachments`, `feedback`, `check_ins`, `release_sessions`, `change_history`, `security_events`, `data_access_logs`, `error_logs`, `timeline`. Only rows that the caller may see exist for it. Limits on time, memory and rows end a query with a named error or mark the answer `partial`. Reading audit entries leaves an entry in Whodunit's own trail, other formats than `json` count as an export.")
            .takes_json("SqlRequest")
            .with(&[header("X-Whodunit-Project", "Restrict the question to one project; all that the caller reaches if left out.")]),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/ask",
        id: "ask",
        permission: Permission::ReadAudit,
        audit: AuditClass::Query,
        body: BodyLimit::Small,
        rate: RateClass::Query,
        handler: ask::run,
        summary: "Ask in plain words",
        docs: answers(200, content(ROWS, "AskAnswer"))
            .said("`who deleted order 17`, `failed logins yesterday`, `what happened before order 17 was deleted`: the answer has a sentence, the reading that was taken, the SQL that ran, and the rows. A text that is no question is answered with near ones in `suggestions`, and nothing is read. Every question that runs leaves an entry in Whodunit's own trail, other formats than `json` count as an export.")
            .takes_json("AskRequest")
            .with(&[header("X-Whodunit-Project", "As `project` in the body.")]),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/audit",
        id: "list_audit",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: read::list_audit,
        summary: "List audit entries",
        docs: answers(200, content(LIST_ROWS, "ListAnswer")).said("Newest first, by pages. Recorded in Whodunit's own trail before the first row.").with(LIST_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/audit/stream",
        id: "tail_audit",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler: tail::audit,
        summary: "Follow audit entries",
        docs: answers(200, content(EVENTS, "TailEvent")).said("Server-sent events: one `row` per entry as it becomes visible; `lagged` with a count when the reader was too slow.").with(TAIL_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/audit/{id}",
        id: "get_audit",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: read::get_audit,
        summary: "Read one audit entry",
        docs: json("AuditEntryAnswer").said("All states of the entry: what was intended, and what came of it.").with(&[PROJECT]),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/logs",
        id: "list_logs",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: read::list_logs,
        summary: "List log lines",
        docs: answers(200, content(LIST_ROWS, "ListAnswer")).said("Newest first, by pages.").with(LIST_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/logs/stream",
        id: "tail_logs",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadTelemetry,
        body: BodyLimit::None,
        rate: RateClass::Stream,
        handler: tail::logs,
        summary: "Follow log lines",
        docs: answers(200, content(EVENTS, "TailEvent")).said("Server-sent events: one `row` per line as it becomes visible; `lagged` with a count when the reader was too slow.").with(TAIL_PARAMETERS),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/timeline",
        id: "timeline",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: read::timeline,
        summary: "Everything about an actor, target, request, session or moment",
        docs: json("TimelineAnswer").said("All signals in time order; each row says by which key it was joined and how sure that is.").with(TIMELINE_PARAMETERS),
    },
    // Signing in.
    Operation {
        method: Verb::Post,
        path: "/api/v1/setup",
        id: "set_up",
        permission: Permission::Public,
        audit: AuditClass::SignIn,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: access::set_up,
        summary: "Make the first owner",
        docs: answers(201, content(JSON, "SignInAnswer")).said("Works once, with the token of the printed link; signs the owner in.").takes_json("SetUpRequest"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/session",
        id: "sign_in",
        permission: Permission::Public,
        audit: AuditClass::SignIn,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: access::sign_in,
        summary: "Sign in",
        docs: answers(201, content(JSON, "SignInAnswer")).said("Sets the cookie `whodunit_session`. Requests by cookie that change something also need the answered `csrf` as `X-CSRF-Token`.").takes_json("SignInRequest"),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/session",
        id: "who_am_i",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: access::who_am_i,
        summary: "Who the server takes the caller for",
        docs: json("MeAnswer").said("For a page to begin with: permissions by name, projects that the caller reaches, switches. 401 for a stranger, whose answer says beside `error` whether the server waits for its first owner (`setup_needed`) and its `version`."),
    },
    Operation {
        method: Verb::Delete,
        path: "/api/v1/session",
        id: "sign_out",
        permission: Permission::OwnAccount,
        audit: AuditClass::SignIn,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: access::sign_out,
        summary: "Sign out",
        docs: answers(204, content(JSON, "")),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/me/password",
        id: "change_password",
        permission: Permission::OwnAccount,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: account::change_password,
        summary: "Change one's own password",
        docs: answers(204, content(JSON, "")).said("Ends all other sessions.").takes_json("ChangePasswordRequest"),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/me/sessions",
        id: "list_sessions",
        permission: Permission::OwnAccount,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: account::sessions,
        summary: "List one's own sessions",
        docs: json("SessionList"),
    },
    Operation {
        method: Verb::Delete,
        path: "/api/v1/me/sessions/{id}",
        id: "end_session",
        permission: Permission::OwnAccount,
        audit: AuditClass::Change,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: account::end_session,
        summary: "End one of one's own sessions",
        docs: answers(204, content(JSON, "")),
    },
    // Users.
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/users",
        id: "list_users",
        permission: Permission::ManageUsers,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: users::list,
        summary: "List users",
        docs: json("UserList"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/users",
        id: "create_user",
        permission: Permission::ManageUsers,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: users::create,
        summary: "Create a user",
        docs: answers(201, content(JSON, "CreateUserAnswer")).takes_json("CreateUserRequest"),
    },
    Operation {
        method: Verb::Patch,
        path: "/api/v1/admin/users/{id}",
        id: "update_user",
        permission: Permission::ManageUsers,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: users::update,
        summary: "Change a user's name or role, disable or enable",
        docs: json("UserView").said("The last owner stays an owner. Only owners make, change or disable owners.").takes_json("UpdateUserRequest"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/users/{id}/password",
        id: "reset_password",
        permission: Permission::ManageUsers,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: users::reset_password,
        summary: "Give a user a new password",
        docs: json("ResetPasswordAnswer").said("Made up by the server, answered once; ends all sessions of the user.").takes_json("ReasonRequest"),
    },
    // Keys.
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/keys",
        id: "list_keys",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: keys::list,
        summary: "List keys",
        docs: json("KeyList"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/keys",
        id: "create_key",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: keys::create,
        summary: "Create a key",
        docs: answers(201, content(JSON, "CreateKeyAnswer")).said("The secret is in this answer and never again.").takes_json("CreateKeyRequest"),
    },
    Operation {
        method: Verb::Delete,
        path: "/api/v1/admin/keys/{id}",
        id: "revoke_key",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: keys::revoke,
        summary: "Revoke a key",
        docs: json("KeyView").said("At once and for ever; the key stays listed.").takes_json("ReasonRequest"),
    },
    // Projects.
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/projects",
        id: "list_projects",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: projects::list,
        summary: "List projects that the caller reaches",
        docs: json("ProjectList"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/projects",
        id: "create_project",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: projects::create,
        summary: "Create a project",
        docs: answers(201, content(JSON, "ProjectView")).takes_json("CreateProjectRequest"),
    },
    Operation {
        method: Verb::Patch,
        path: "/api/v1/admin/projects/{slug}",
        id: "update_project",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: projects::update,
        summary: "Rename, archive or restore a project",
        docs: json("ProjectView").takes_json("UpdateProjectRequest"),
    },
    // Settings.
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/settings",
        id: "list_settings",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: settings::list,
        summary: "List settings of the control plane",
        docs: json("SettingList"),
    },
    Operation {
        method: Verb::Put,
        path: "/api/v1/admin/settings/{name}",
        id: "change_setting",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: settings::change,
        summary: "Change a setting",
        docs: json("SettingView").said("`audit_logging` set to `false` refuses applications' audit entries with 409 and is itself recorded, whichever way it is switched.").takes_json("ChangeSettingRequest"),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/settings/{name}/history",
        id: "setting_history",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: settings::history,
        summary: "Who changed a setting, when, from what to what",
        docs: json("SettingHistory"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/settings/{name}/revert",
        id: "revert_setting",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: settings::revert,
        summary: "Make an earlier version of a setting the newest",
        docs: json("SettingView").takes_json("RevertSettingRequest"),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/retention",
        id: "get_retention",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: retention::get,
        summary: "Read the retention rules",
        docs: json("SettingView"),
    },
    Operation {
        method: Verb::Put,
        path: "/api/v1/admin/retention",
        id: "set_retention",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: retention::set,
        summary: "Replace the retention rules",
        docs: json("SettingView").said("A list of rules; the first that fits a table and project counts.").takes_json("RetentionChange"),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/settle",
        id: "settle",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: upkeep::settle,
        summary: "Flush and compact until nothing is left to do",
        docs: answers(204, content(JSON, "")).said("The server does this by itself as time passes; asked for, it is done now. For measurements, and before a backup of the files. Takes as long as it takes: after `request_timeout` the answer is 504 and the work goes on with the next request."),
    },
    Operation {
        method: Verb::Post,
        path: "/api/v1/admin/backups",
        id: "start_backup",
        permission: Permission::Administer,
        audit: AuditClass::Change,
        body: BodyLimit::Small,
        rate: RateClass::Account,
        handler: backup::start,
        summary: "Start a backup of everything",
        docs: answers(202, content(JSON, "Backup")).said("Goes on in the background; ask for it with GET. Everything that was acknowledged before is inside: segments are copied once into the place and shared by its backups, to which come the write-ahead log, the manifest and the control database. The place is a directory on the server's machine that is empty or holds backups of this server, or `s3://bucket/prefix` at the server's own endpoint. 409 while another one is under way.").takes_json("BackupRequest"),
    },
    Operation {
        method: Verb::Get,
        path: "/api/v1/admin/backups",
        id: "last_backup",
        permission: Permission::Administer,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: backup::last,
        summary: "How far the backup is, or what came of the last one",
        docs: json("Backup").said("Of this process: after a restart the state is `none`. `whodunit backup list` reads the place itself."),
    },
    // About the server itself.
    Operation {
        method: Verb::Get,
        path: "/api/v1/openapi.json",
        id: "openapi",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::openapi,
        summary: "This API as OpenAPI 3.1",
        docs: json(""),
    },
    Operation {
        method: Verb::Get,
        path: "/health",
        id: "health",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::health,
        summary: "Health with every check",
        docs: json("Health").said("200 while healthy or degraded, 503 when unhealthy."),
    },
    Operation {
        method: Verb::Get,
        path: "/health/detailed",
        id: "health_detailed",
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler: detailed::detailed,
        summary: "Health with response times, memory, connections and request rate",
        docs: json("DetailedHealth").said("Always 200: the answer itself says how things are."),
    },
    Operation {
        method: Verb::Get,
        path: "/api/system/health",
        id: "system_health",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: system::health,
        summary: "Health with figures: database, speed, error rate, rows, activity",
        docs: json("SystemHealth").said("200 while healthy or degraded, 503 when unhealthy. Found out at most every 5 seconds; names no data of applications."),
    },
    Operation {
        method: Verb::Get,
        path: "/api/system/audit-logs",
        id: "system_audit_logs",
        permission: Permission::ReadAudit,
        audit: AuditClass::ReadAudit,
        body: BodyLimit::None,
        rate: RateClass::Query,
        handler: system::audit_logs,
        summary: "Newest entries, newest errors, or counts",
        docs: json("SystemAuditLogs").said("For dashboards; `GET /api/v1/audit` has filters and pages.").with(&[
            PROJECT,
            query("type", "`all` (default): entries. `errors`: entries that failed or are of severity ERROR and above, error events and log lines of level ERROR and above. `stats`: counts."),
            query("limit", "Rows, 1 to 1,000, default 50."),
        ]),
    },
    Operation {
        method: Verb::Get,
        path: "/health/live",
        id: "live",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::live,
        summary: "Whether the process answers",
        docs: json("Probe"),
    },
    Operation {
        method: Verb::Get,
        path: "/health/ready",
        id: "ready",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::ready,
        summary: "Whether appends are accepted",
        docs: json("Probe").said("503 while starting, after a failed sync, and while stopping."),
    },
    Operation {
        method: Verb::Get,
        path: "/metrics",
        id: "metrics",
        permission: Permission::Public,
        audit: AuditClass::Public,
        body: BodyLimit::None,
        rate: RateClass::Light,
        handler: meta::metrics,
        summary: "Metrics about Whodunit itself",
        docs: answers(200, content(TEXT, "Text")).said("Prometheus text format 0.0.4. Names no data of applications."),
    },
];
