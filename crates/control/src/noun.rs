//! The nouns of the control plane, as they are read from the database and handed to whoever asks.

use std::time::Duration;

use serde_json::{Value, json};
use whodunit_model::{Project, Role, Scope, Table};
use whodunit_stdx::Timestamp;

use crate::error::Error;
use crate::grouping::{self, Groupings};
use crate::intake::{self, Intakes};
use crate::redaction::{self, Redactors};

/// A session ends after this long without a request.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 60 * 60);
/// A session ends after this long in any case.
pub const SESSION_ABSOLUTE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How stale "last seen" may be; spares a write per request.
pub const SESSION_TOUCH_INTERVAL: Duration = Duration::from_secs(60);
/// Longest name of a user, key or project.
pub const NAME_CHARACTERS_MAX: usize = 200;
/// Longest e-mail address (RFC 5321).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Longest reason that a trail entry of the control plane carries.
pub const REASON_CHARACTERS_MAX: usize = 2_000;
/// Most rules in the setting `retention`.
pub const RETENTION_RULES_MAX: usize = 1_000;

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: String,
    /// Lower case, unique.
    pub email: String,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub last_sign_in_at: Option<Timestamp>,
}

/// One sign-in that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    pub id: String,
    pub user_id: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Sends signals into one project, and nothing else.
    Ingest,
    /// Has scopes.
    Api,
}

/// A credential that a client sends with. The secret is not here: it is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: String,
    pub kind: KeyKind,
    pub name: String,
    /// The last four characters of the secret.
    pub hint: String,
    /// Of an ingest key: the public part of a Sentry DSN, 32 hexadecimal digits. Knowing it opens nothing else.
    pub public_id: Option<String>,
    pub scopes: Vec<Scope>,
    /// `None` means all. An ingest key has exactly one.
    pub projects: Option<Vec<Project>>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// A project as the control plane knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRecord {
    /// 0 is Whodunit's own trail, 1 the default project.
    pub number: i64,
    pub slug: Project,
    pub name: String,
    pub created_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// Everything that can be set while running. More names come, none changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SettingName {
    AuditLogging,
    SessionTracking,
    Retention,
    Redaction,
    Intake,
    Grouping,
}

/// A setting as it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub name: SettingName,
    pub value: Value,
    /// 0 while never changed.
    pub version: i64,
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<String>,
}

/// One step of a setting's history.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingVersion {
    pub version: i64,
    pub before: Value,
    pub after: Value,
    pub changed_at: Timestamp,
    pub changed_by: String,
    pub source: SettingSource,
    pub reason: Option<String>,
}

/// A page that somebody comes back to, with the query that its link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: String,
    pub project: Project,
    pub owner_id: String,
    /// The owner's e-mail address.
    pub owner: String,
    pub page: ViewPage,
    pub name: String,
    /// The part of a link after the question mark.
    pub query: String,
    /// Since when everybody who reaches the project sees it.
    pub shared_at: Option<Timestamp>,
    /// From 1; each change counts it on.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: String,
}

/// A page whose views can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewPage {
    Activity,
    Audit,
    Logs,
    Timeline,
}

/// A named list of rows and notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    /// Who reaches it sees the case; rows inside may be of other projects.
    pub project: Project,
    pub name: String,
    pub description: String,
    pub rows: u64,
    pub notes: u64,
    /// From 1; each change of the case or of what it holds counts it on.
    pub version: i64,
    /// The last number that an item got.
    pub item_last: i64,
    pub created_at: Timestamp,
    pub created_by: String,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<String>,
}

/// A row of a case, with a note or without, or a note alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseItem {
    /// Within the case, from 1; never given again.
    pub number: i64,
    /// Empty if nothing was noted.
    pub note: String,
    pub added_at: Timestamp,
    pub added_by: String,
    pub noted_at: Option<Timestamp>,
    pub noted_by: Option<String>,
    pub row: Option<CaseRow>,
}

/// A row as it was found when it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub table: Table,
    pub project: Project,
    pub time: Timestamp,
    pub seq: i64,
    pub id: Option<String>,
    pub severity: Option<String>,
    pub summary: String,
    /// Its columns as a JSON object.
    pub fields: String,
    /// Columns that were too large to be kept.
    pub left_out: Vec<String>,
}

/// Where a change of a setting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingSource {
    /// Somebody asked for it.
    Request,
    /// The server's environment or configuration file said so at its start.
    Environment,
    /// Somebody went back to an earlier version.
    Revert,
}

/// All settings, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether audit entries are recorded. Off silences Whodunit's own acts, and the server answers applications'
    /// entries with 409; both switchings are recorded.
    pub audit_logging: bool,
    /// Whether session events are taken in.
    pub session_tracking: bool,
    /// The first rule that fits a table and a project counts.
    pub retention: Vec<RetentionRule>,
    /// Redactors of projects with rules of their own.
    pub redactors: Redactors,
    /// What projects with rules of their own let in.
    pub intakes: Intakes,
    /// By which rules projects with rules of their own group errors.
    pub groupings: Groupings,
}

/// How long, or how much, rows of a table and project are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    /// `None` fits every table.
    pub table: Option<Table>,
    /// `None` fits every project.
    pub project: Option<Project>,
    pub age: Option<Duration>,
    pub bytes: Option<u64>,
}

impl KeyKind {
    pub const ALL: [KeyKind; 2] = [KeyKind::Ingest, KeyKind::Api];

    pub fn name(self) -> &'static str {
        match self {
            KeyKind::Ingest => "ingest",
            KeyKind::Api => "api",
        }
    }

    pub fn from_name(name: &str) -> Option<KeyKind> {
        KeyKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ViewPage {
    pub const ALL: [ViewPage; 4] = [ViewPage::Activity, ViewPage::Audit, ViewPage::Logs, ViewPage::Timeline];

    pub fn name(self) -> &'static str {
        match self {
            ViewPage::Activity => "activity",
            ViewPage::Audit => "audit",
            ViewPage::Logs => "logs",
            ViewPage::Timeline => "timeline",
        }
    }

    pub fn from_name(name: &str) -> Option<ViewPage> {
        ViewPage::ALL.into_iter().find(|page| page.name() == name)
    }
}

impl SettingSource {
    pub const ALL: [SettingSource; 3] = [SettingSource::Request, SettingSource::Environment, SettingSource::Revert];

    pub fn name(self) -> &'static str {
        match self {
            SettingSource::Request => "request",
            SettingSource::Environment => "environment",
            SettingSource::Revert => "revert",
        }
    }

    pub fn from_name(name: &str) -> Option<SettingSource> {
        SettingSource::ALL.into_iter().find(|source| source.name() == name)
    }
}

impl SettingName {
    pub const ALL: [SettingName; 6] = [
        SettingName::AuditLogging,
        SettingName::SessionTracking,
        SettingName::Retention,
        SettingName::Redaction,
        SettingName::Intake,
        SettingName::Grouping,
    ];

    pub fn name(self) -> &'static str {
        match self {
            SettingName::AuditLogging => "audit_logging",
            SettingName::SessionTracking => "session_tracking",
            SettingName::Retention => "retention",
            SettingName::Redaction => "redaction",
            SettingName::Intake => "intake",
            SettingName::Grouping => "grouping",
        }
    }

    pub fn from_name(name: &str) -> Option<SettingName> {
        SettingName::ALL.into_iter().find(|setting| setting.name() == name)
    }

    pub fn description(self) -> &'static str {
        match self {
            SettingName::AuditLogging => {
                "Whether Whodunit records its own acts: sign-ins, changes, reads of audit data. Switching it is always recorded."
            }
            SettingName::SessionTracking => "Whether session events are taken in.",
            SettingName::Retention => {
                "How long and how much is kept: a list of rules {table?, project?, days?, bytes?}; the first that fits counts."
            }
            SettingName::Redaction => {
                "What is filtered beside the standard rules: project to list of rules {name, kind, pattern, action?}."
            }
            SettingName::Intake => {
                "Which errors are let in, and how many: project to {development?, localhost?, browser_extensions?, legacy_browsers?, web_crawlers?, messages?, releases?, key_items_per_minute?, key_category_items_per_minute?, spike_events_per_minute?}."
            }
            SettingName::Grouping => {
                "By which rules errors are grouped: project to a text of rules, one a line, such as \"path:**/generated/** -app\"."
            }
        }
    }

    pub fn default_value(self) -> Value {
        match self {
            SettingName::AuditLogging | SettingName::SessionTracking => json!(true),
            SettingName::Retention => json!([]),
            SettingName::Redaction | SettingName::Intake | SettingName::Grouping => json!({}),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            audit_logging: true,
            session_tracking: true,
            retention: Vec::new(),
            redactors: Redactors::new(),
            intakes: Intakes::new(),
            groupings: Groupings::new(),
        }
    }
}

impl Settings {
    /// Takes one value in, or says what is wrong with it.
    pub fn apply(&mut self, name: SettingName, value: &Value) -> Result<(), Error> {
        let switch =
            || value.as_bool().ok_or_else(|| Error::invalid("value", format!("{} is true or false", name.name())));
        match name {
            SettingName::AuditLogging => self.audit_logging = switch()?,
            SettingName::SessionTracking => self.session_tracking = switch()?,
            SettingName::Retention => self.retention = retention_rules(value)?,
            SettingName::Redaction => self.redactors = redaction::redactors(value)?,
            SettingName::Intake => self.intakes = intake::intakes(value)?,
            SettingName::Grouping => self.groupings = grouping::groupings(value)?,
        }
        Ok(())
    }
}

/// The rules of a value of the setting `retention`, if all are good.
pub fn retention_rules(value: &Value) -> Result<Vec<RetentionRule>, Error> {
    let rules = value.as_array().ok_or_else(|| Error::invalid("value", "retention is a list of rules"))?;
    if rules.len() > RETENTION_RULES_MAX {
        return Err(Error::invalid("value", format!("more than {RETENTION_RULES_MAX} retention rules")));
    }
    rules.iter().enumerate().map(|(index, rule)| retention_rule(index, rule)).collect()
}

fn retention_rule(index: usize, rule: &Value) -> Result<RetentionRule, Error> {
    let wrong = |message: String| Error::invalid("value", format!("retention rule {index}: {message}"));
    let rule: whodunit_api::admin::RetentionRule =
        serde_json::from_value(rule.clone()).map_err(|error| wrong(error.to_string()))?;
    let unknown_table = |name: &str| wrong(format!("no table {name:?}"));
    let table = rule.table.map(|name| Table::from_name(&name).ok_or_else(|| unknown_table(&name))).transpose()?;
    let project =
        rule.project.map(|slug| Project::parse(&slug).map_err(|error| wrong(error.to_string()))).transpose()?;
    if rule.days == Some(0) || rule.bytes == Some(0) {
        return Err(wrong("0 would keep nothing".to_owned()));
    }
    if rule.days.is_none() && rule.bytes.is_none() {
        return Err(wrong("neither days nor bytes".to_owned()));
    }
    let age = rule.days.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    Ok(RetentionRule { table, project, age, bytes: rule.bytes })
}

/// An instant as the API shows it: UTC with nanoseconds.
pub fn rfc3339(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp_nanos(at.0).to_rfc3339_opts(chrono::SecondsFormat::Nanos, true)
}

pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc3339(text).ok()?.timestamp_nanos_opt().map(Timestamp)
}

/// Brings an e-mail address into the one form under which it is stored: trimmed and in lower case.
pub fn email(text: &str) -> Result<String, Error> {
    let email = text.trim().to_lowercase();
    let wrong = |message: &str| Err(Error::invalid("email", format!("{email:?} {message}")));
    let Some((local_part, domain)) = email.split_once('@') else {
        return wrong("is not an e-mail address: it has no @");
    };
    if local_part.is_empty() || domain.is_empty() || domain.contains('@') {
        return wrong("is not an e-mail address: something before and after one @ is missing");
    }
    if email.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return wrong("is not an e-mail address: it has spaces or control characters");
    }
    if email.len() > EMAIL_BYTES_MAX {
        return wrong("is longer than 254 bytes");
    }
    Ok(email)
}

/// Trims a name that people read, and refuses what would not show.
pub fn display_name(text: &str) -> Result<String, Error> {
    let name = text.trim();
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "a name has no control characters"));
    }
    if name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(Error::invalid("name", format!("a name has at most {NAME_CHARACTERS_MAX} characters")));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_have_one_form() {
        assert_eq!(email("  Dana@Example.COM ").expect("fine"), "dana@example.com");
        for bad in
            ["", "dana", "@example.com", "dana@", "a@b@c", "da na@example.com", &format!("{}@x", "a".repeat(254))]
        {
            assert_eq!(email(bad).expect_err(bad).field, Some("email"));
        }
    }

    #[test]
    fn defaults_are_legal_values() {
        let mut settings = Settings::default();
        for name in SettingName::ALL {
            settings.apply(name, &name.default_value()).expect("a default is legal");
            assert_eq!(SettingName::from_name(name.name()), Some(name));
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn retention_rules_are_checked_one_by_one() {
        let mut settings = Settings::default();
        let good = json!([{"table": "logs", "project": "shop", "days": 30}, {"bytes": 1_000_000}]);
        settings.apply(SettingName::Retention, &good).expect("fine");
        assert_eq!(settings.retention[0].age, Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(
            settings.retention[1],
            RetentionRule { table: None, project: None, age: None, bytes: Some(1_000_000) }
        );
        for bad in [
            json!({}),
            json!([{"table": "nonsense", "days": 1}]),
            json!([{"project": "No Slug", "days": 1}]),
            json!([{"days": 0}]),
            json!([{"table": "logs"}]),
            json!([{"days": 1, "hours": 2}]),
            json!([{"days": -1}]),
        ] {
            assert!(settings.apply(SettingName::Retention, &bad).is_err(), "{bad}");
        }
        assert!(settings.apply(SettingName::AuditLogging, &json!("off")).is_err());
    }
}
