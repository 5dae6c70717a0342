//! Signing in, users, keys, projects and settings: what the control plane takes and answers.
//!
//! Instants are RFC 3339 texts in UTC with nanoseconds. A secret appears in exactly one answer, the one that made it.
//! Roles, scopes and kinds are the words of the reference (`owner`, `read_audit`, `ingest`, …); an unknown word is an
//! `invalid` error that names the field.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /api/v1/session`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    pub email: String,
    pub password: String,
}

/// The answer to a sign-in and to the set-up; the session's token travels in a cookie only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInAnswer {
    pub user: UserView,
    /// To be sent back in `X-CSRF-Token` with every request that changes something.
    pub csrf: String,
    /// When the session ends however busy it is.
    pub expires_at: String,
}

/// `POST /api/v1/setup`: makes the first owner, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUpRequest {
    /// From the link that the server printed.
    pub token: String,
    pub email: String,
    #[serde(default)]
    pub name: String,
    pub password: String,
}

/// `GET /api/v1/session`: who the server takes the caller for, what that allows, and what a page needs to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeAnswer {
    /// `user` or `key`.
    pub kind: String,
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Of a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Slugs; absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    /// Of a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
    /// What the caller may do, by the names of the reference.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Projects that the caller reaches and that are not archived, by slug.
    #[serde(default)]
    pub reachable: Vec<ProjectView>,
    #[serde(default)]
    pub features: Features,
    #[serde(default)]
    pub version: String,
    /// Nobody owns the server yet.
    #[serde(default)]
    pub setup_needed: bool,
}

/// What is switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    pub audit_logging: bool,
    pub session_tracking: bool,
}

/// What a stranger is answered by `GET /api/v1/session`, with 401: enough to choose between set-up and sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrangerAnswer {
    pub error: crate::error::ErrorDetail,
    /// Nobody owns the server yet: it is set up with the printed link.
    pub setup_needed: bool,
    pub version: String,
}

/// `POST /api/v1/me/password`; ends every other session of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    pub current: String,
    pub new: String,
}

/// One of the caller's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub id: String,
    pub created_at: String,
    pub last_seen_at: String,
    pub expires_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The session that asks.
    pub current: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    pub sessions: Vec<SessionView>,
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    pub id: String,
    pub email: String,
    pub name: String,
    /// `owner`, `admin`, `member`, `auditor`, `viewer`.
    pub role: String,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserList {
    pub users: Vec<UserView>,
}

/// `POST /api/v1/users`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateUserRequest {
    pub email: String,
    #[serde(default)]
    pub name: String,
    pub role: String,
    /// Left out, one is made up and answered once.
    #[serde(default)]
    pub password: Option<String>,
    /// Why, for the trail.
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateUserAnswer {
    pub user: UserView,
    /// Only if the server made it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// `PATCH /api/v1/users/{id}`; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateUserRequest {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub role: Option<String>,
    /// `true` disables and ends all sessions, `false` enables again.
    #[serde(default)]
    pub disabled: Option<bool>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/users/{id}/password`: a new made-up password, answered once; ends all sessions of the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetPasswordAnswer {
    pub password: String,
}

/// Why a change without other content is made; the body may also be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    #[serde(default)]
    pub reason: Option<String>,
}

/// A credential that a client sends with; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    pub id: String,
    /// `ingest` or `api`.
    pub kind: String,
    pub name: String,
    /// The last four characters of the secret.
    pub hint: String,
    /// Of an ingest key: 32 hexadecimal digits, the public part of a Sentry DSN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_id: Option<String>,
    /// `ingest`, `read_telemetry`, `read_audit`, `administer`.
    pub scopes: Vec<String>,
    /// Slugs; absent means all. An ingest key has exactly one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    pub created_at: String,
    /// Who made it: an e-mail address, a key's name, or `system/…`.
    pub created_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// To within a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    pub keys: Vec<KeyView>,
}

/// `POST /api/v1/keys`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateKeyRequest {
    /// `ingest` or `api`.
    pub kind: String,
    pub name: String,
    /// Of an API key; an ingest key always has `ingest` alone.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Of an API key: all if left out. Of an ingest key: exactly one, `default` if left out.
    #[serde(default)]
    pub projects: Option<Vec<String>>,
    /// RFC 3339.
    #[serde(default)]
    pub expires_at: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateKeyAnswer {
    pub key: KeyView,
    /// Shown here and never again.
    pub secret: String,
}

/// An application that sends data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectView {
    /// 0 is Whodunit's own trail, 1 the default project.
    pub number: i64,
    pub slug: String,
    pub name: String,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectList {
    pub projects: Vec<ProjectView>,
}

/// `POST /api/v1/projects`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateProjectRequest {
    /// 1 to 63 of a-z, 0-9 and -; never changes.
    pub slug: String,
    /// The slug if left out.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `PATCH /api/v1/projects/{slug}`; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateProjectRequest {
    #[serde(default)]
    pub name: Option<String>,
    /// `true` stops its ingest keys from working, `false` lets them again.
    #[serde(default)]
    pub archived: Option<bool>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// One setting as it is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingView {
    /// `audit_logging`, `session_tracking`, `retention`.
    pub name: String,
    pub description: String,
    pub value: Value,
    pub default: Value,
    /// 0 while never changed.
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingList {
    pub settings: Vec<SettingView>,
}

/// `PUT /api/v1/settings/{name}`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettingRequest {
    pub value: Value,
    /// Refuse with `conflict` unless this is the version in force.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /api/v1/settings/{name}/revert`: makes the value of an earlier version the newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevertSettingRequest {
    /// 0 is the default.
    pub version: i64,
    #[serde(default)]
    pub reason: Option<String>,
}

/// One step of a setting's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingVersionView {
    pub version: i64,
    pub before: Value,
    pub after: Value,
    pub changed_at: String,
    pub changed_by: String,
    /// `request`, `environment`, `revert`.
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `GET /api/v1/settings/{name}/history`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingHistory {
    pub name: String,
    pub versions: Vec<SettingVersionView>,
}

/// One rule of the setting `retention` (its value is a list of these); the first that fits a table and project counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// `audit_logs`, `logs`, …; absent fits all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// A slug; absent fits all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Rows older than this go; absent keeps them whatever their age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Oldest segments go past this many bytes; absent means no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// `POST /api/v1/admin/backups`: backs everything up while the server goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRequest {
    /// A directory on the server's machine, as an absolute path, or `s3://bucket/prefix`.
    pub to: String,
    /// Remove older backups afterwards until so many are left, at least 1; absent keeps all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The backup under way, or the last one of this process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupView {
    /// `none`, `running`, `done` or `failed`.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// Its name at the place, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Segment files to copy; what earlier backups have copied does not count.
    pub files: u64,
    pub files_done: u64,
    pub bytes: u64,
    pub bytes_done: u64,
    /// Segments that were gone or damaged and are not inside: path and reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingView>,
    /// Names of older backups that were removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pruned: Vec<String>,
    /// What is not inside although it belongs to the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A segment that is not in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingView {
    pub path: String,
    pub what: String,
}
