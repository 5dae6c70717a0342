//! The control plane: users, roles, sessions, keys, projects and settings, on SQLite or PostgreSQL.
//!
//! The idea: the database is asked only to change something, to sign somebody in and to list things for people.
//! What every request needs (keys by hash, projects, settings) lives in a [`Directory`] in memory that is replaced as
//! a whole after each change. A change is three steps that never come apart: an intent in the trail, one database
//! transaction, the completion in the trail with what was before and after. No entry, no change.
//!
//! Must not know: HTTP, cookies, how signals are decoded or queried. SQL stands in `db` and nowhere else.
//!
//! Modules, top to bottom: each imports only those below it.

mod view;
mod issue_view;
mod initial;
mod set_up;
mod key_proof;
mod sign_in;
mod users;
mod keys;
mod projects;
mod settings;
mod saved_views;
mod case_items;
mod issue_comments;
mod cases;
mod issue_following;
mod issues;
mod sources;
mod core;
mod trail;
mod directory;
mod db;
mod password;
mod scram;
mod secret;
mod throttle;
mod issue;
mod noun;
pub mod redaction;
pub mod intake;
pub mod grouping;
mod error;

pub use case_items::{AddedRows, CASE_ITEMS_MAX, CASE_ROW_BYTES_MAX, CASE_ROWS_PER_REQUEST_MAX, NewCaseRow};
pub use cases::{CASE_NOTE_CHARACTERS_MAX, CASES_PER_PROJECT_MAX, CaseUpdate, NewCase};
pub use core::{Control, MAINTENANCE_INTERVAL, label};
pub use directory::Directory;
pub use error::Error;
pub use initial::{Initial, Initialised};
pub use issue::{Counted, Issue, IssueBook, IssueChange, IssueComment, IssueSighting, Standing, state_name};
pub use issue_comments::{CommentPlace, ISSUE_COMMENT_CHARACTERS_MAX, ISSUE_COMMENTS_MAX};
pub use issue_following::{FollowedErrors, ISSUES_KNOWN_PER_PROJECT_MAX, RELEASES_KNOWN_PER_PROJECT_MAX, user_hash};
pub use issue_view::People;
pub use issues::{
    ChangeIssues, ChangedIssues, ISSUE_EVENTS_MAX, ISSUE_USERS_MAX, ISSUES_ACTED_PER_PROJECT_MAX,
    ISSUES_PER_REQUEST_MAX, IssueAct, IssueAction,
};
pub use key_proof::{Proof, Proved};
pub use keys::{CreatedKey, NewKey};
pub use noun::{
    Case, CaseItem, CaseRow, Key, KeyKind, ProjectRecord, RetentionRule, SESSION_ABSOLUTE, SESSION_IDLE,
    SESSION_TOUCH_INTERVAL, SavedView, Setting, SettingName, SettingSource, SettingVersion, Settings, User,
    UserSession, ViewPage, parse_rfc3339, retention_rules, rfc3339,
};
pub use password::{PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN};
pub use projects::{NewProject, ProjectUpdate};
pub use saved_views::{
    NewSavedView, SAVED_VIEW_QUERY_BYTES_MAX, SAVED_VIEWS_PER_USER_MAX, SAVED_VIEWS_SHARED_MAX, SavedViewUpdate,
    Sharing,
};
pub use scram::{Parameters, SCRAM_ITERATIONS};
pub use secret::{API_KEY_PREFIX, GIVEN_KEY_CHARACTERS_MIN, INGEST_KEY_PREFIX};
pub use set_up::SetUp;
pub use settings::SettingChange;
pub use sign_in::{Session, SignedIn};
pub use throttle::{SIGN_IN_FAILURES_PER_ADDRESS_MAX, SIGN_IN_FAILURES_PER_EMAIL_MAX, SIGN_IN_WINDOW};
pub use trail::{Act, Category, Completed, Open, Outcome, Severity, Target, Trail};
pub use users::{CreatedUser, NewUser, UserUpdate};

/// What this crate counts about itself.
pub static METRICS: &[&dyn whodunit_stdx::metrics::Metric] = &[&core::CHANGES, &sign_in::SIGN_INS, &trail::UNWRITTEN];
