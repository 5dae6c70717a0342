//! Views: questions that people ask so often that they have a name. Derived at query time, never stored.
//!
//! Each is SQL over the signal tables, planned like any other, so that visibility, pruning and pushdown hold. They
//! list what they give, so that adding a column to a table never changes a view.

use whodunit_model::Table;
use whodunit_model::table::CONTEXT;

use crate::statement::Mentions;
use crate::visibility::Visibility;

/// The table of those who send, which is made when it is asked for.
pub const SOURCES: &str = "sources";

/// A view by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    ChangeHistory,
    SecurityEvents,
    DataAccessLogs,
    ErrorLogs,
    Timeline,
}

impl View {
    pub const ALL: [View; 5] =
        [View::ChangeHistory, View::SecurityEvents, View::DataAccessLogs, View::ErrorLogs, View::Timeline];

    pub fn name(self) -> &'static str {
        match self {
            View::ChangeHistory => "change_history",
            View::SecurityEvents => "security_events",
            View::DataAccessLogs => "data_access_logs",
            View::ErrorLogs => "error_logs",
            View::Timeline => "timeline",
        }
    }

    pub fn from_name(name: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.name() == name)
    }

    /// The tables it reads for one who may read them all.
    pub fn tables(self) -> &'static [Table] {
        match self {
            View::ChangeHistory | View::SecurityEvents | View::DataAccessLogs => &[Table::AuditLogs],
            View::ErrorLogs => &[Table::ErrorEvents, Table::Logs],
            View::Timeline => &[Table::AuditLogs, Table::Logs, Table::ErrorEvents, Table::SessionEvents, Table::Spans],
        }
    }

    /// Its SQL for what a caller may read; `None` if that is nothing.
    pub fn sql(self, visibility: &Visibility, mentions: &Mentions) -> Option<String> {
        if !self.tables().iter().any(|table| visibility.reads(*table)) {
            return None;
        }
        let inner = match self {
            View::ChangeHistory => change_history(),
            View::SecurityEvents => audit_of("category IN ('authentication', 'authorization', 'security')"),
            View::DataAccessLogs => audit_of("category = 'access'"),
            View::ErrorLogs => error_logs(),
            View::Timeline => timeline(visibility),
        };
        let has = |column: &str| CONTEXT.iter().any(|one| one.name == column) || self.own_columns().contains(&column);
        Some(match alias_list(mentions, has) {
            Some(aliases) => format!("SELECT inner_view.*, {aliases} FROM ({inner}) AS inner_view"),
            None => inner,
        })
    }

    fn own_columns(self) -> &'static [&'static str] {
        match self {
            View::ChangeHistory | View::SecurityEvents | View::DataAccessLogs => &["target_type", "target_id"],
            View::ErrorLogs | View::Timeline => &[],
        }
    }
}

/// Names that people know from their own audit tables, and what they are here.
pub const ALIASES: &[(&str, &str)] = &[
    ("timestamp", "time"),
    ("created_at", "time"),
    ("entity", "target_type"),
    ("entity_type", "target_type"),
    ("resource_type", "target_type"),
    ("entity_id", "target_id"),
    ("resource_id", "target_id"),
    ("user_id", "actor_id"),
    ("user_email", "actor_email"),
    ("user_name", "actor_name"),
    ("ip_address", "ip"),
];

/// `"column" AS "alias", …` for the aliases that are mentioned, whose column is there, and which name nothing else.
pub fn alias_list(mentions: &Mentions, has: impl Fn(&str) -> bool) -> Option<String> {
    let wanted = |(alias, column): &&(&str, &str)| mentions.column(alias) && has(column) && !has(alias);
    let list: Vec<String> =
        ALIASES.iter().filter(wanted).map(|(alias, column)| format!("\"{column}\" AS \"{alias}\"")).collect();
    (!list.is_empty()).then(|| list.join(", "))
}

fn context() -> String {
    CONTEXT.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

fn audit_of(condition: &str) -> String {
    let columns: Vec<String> = Table::AuditLogs.columns().map(|column| format!("\"{}\"", column.name)).collect();
    format!("SELECT {} FROM audit_logs WHERE {condition}", columns.join(", "))
}

/// One row per changed field.
fn change_history() -> String {
    let context = context();
    format!(
        "SELECT {context}, id, action, outcome, reason, target_type, target_id, target_name, \
         change['field'] AS field, change['before'] AS before, change['after'] AS after \
         FROM (SELECT {context}, id, action, outcome, reason, target_type, target_id, target_name, \
         unnest(changes) AS change FROM audit_logs) AS changed"
    )
}

fn error_logs() -> String {
    let context = context();
    format!(
        "SELECT {context}, 'error_events' AS signal, \"level\", \"type\" AS error_type, \"value\" AS message, \
         culprit AS origin, issue_id FROM error_events \
         UNION ALL \
         SELECT {context}, 'logs' AS signal, \"level\", NULL AS error_type, body AS message, \
         logger AS origin, NULL AS issue_id FROM logs WHERE severity_number >= 17"
    )
}

/// All signals a caller may read: context, `signal`, a severity word and one line for a person.
fn timeline(visibility: &Visibility) -> String {
    let context = context();
    let parts: Vec<String> = View::Timeline
        .tables()
        .iter()
        .filter(|table| visibility.reads(**table))
        .map(|table| {
            let name = table.name();
            let (severity, summary) = (severity_of(*table), summary_of(*table));
            format!(
                "SELECT {context}, seq, '{name}' AS signal, {severity} AS severity, {summary} AS summary FROM {name}"
            )
        })
        .collect();
    parts.join(" UNION ALL ")
}

fn severity_of(table: Table) -> &'static str {
    match table {
        Table::AuditLogs => "severity",
        Table::Logs | Table::ErrorEvents => "\"level\"",
        Table::Spans | Table::CheckIns | Table::ReleaseSessions => "status",
        Table::SessionEvents | Table::Samples | Table::Attachments | Table::Feedback => "NULL",
    }
}

/// One line for a person; concat skips what is null.
fn summary_of(table: Table) -> &'static str {
    match table {
        Table::AuditLogs => {
            "concat(coalesce(actor_name, actor_email, actor_id, actor_type, 'somebody'), ': ', \
             coalesce(description, concat_ws(' ', action, target_type, coalesce(target_name, target_id))), \
             CASE WHEN outcome IN ('failure', 'unknown') THEN concat(' (', outcome, ')') END, \
             CASE WHEN reason IS NOT NULL THEN concat(', reason: ', reason) END)"
        }
        Table::Logs => "coalesce(body, logger, '')",
        Table::ErrorEvents => "concat_ws(': ', \"type\", \"value\")",
        Table::SessionEvents => "concat_ws(' ', \"type\", path, element)",
        Table::Spans => "concat_ws(' ', \"name\", kind, status)",
        Table::Samples | Table::Attachments => "\"name\"",
        Table::Feedback => "message",
        Table::CheckIns => "concat_ws(' ', monitor, status)",
        Table::ReleaseSessions => "concat_ws(' ', \"release\", status)",
    }
}
