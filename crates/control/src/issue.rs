//! The nouns of the workflow of issues: how an issue stands, what changed it, what people say, when it was seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::release::Release;
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{Resolution, State, Until};
use whodunit_model::Project;
use whodunit_stdx::Timestamp;

/// An issue that somebody acted on; all others are unresolved and have no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub project: Project,
    pub id: IssueId,
    /// 0 while nobody has acted on it; each change counts it on.
    pub version: i64,
    pub standing: Standing,
    pub counted: Counted,
    pub updated_at: Timestamp,
    pub updated_by: String,
}

/// All that a change of an issue can change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// The id of a user.
    pub assignee: Option<String>,
    /// The issue that its events count for. There are no chains.
    pub merged_into: Option<IssueId>,
    /// Events received until then are hidden.
    pub deleted_at: Option<Timestamp>,
}

/// What was counted since the issue was ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub events: u64,
    /// Hashes of users, kept only where users bring the issue back.
    pub users: BTreeSet<String>,
}

/// One step of an issue's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueChange {
    /// Shared by all issues that one act changed.
    pub change_id: String,
    pub project: Project,
    pub issue: IssueId,
    /// The version that it made.
    pub version: i64,
    pub action: String,
    pub before: Standing,
    pub after: Standing,
    pub changed_at: Timestamp,
    pub changed_by: String,
    pub reason: Option<String>,
    /// The change that this one took back.
    pub undoes: Option<String>,
}

/// What somebody said about an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueComment {
    pub id: String,
    pub project: Project,
    pub issue: IssueId,
    pub body: String,
    pub added_at: Timestamp,
    pub added_by: String,
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<String>,
}

/// When an issue was seen, whatever retention keeps of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueSighting {
    pub project: Project,
    /// As the fingerprint says, whatever it was merged into.
    pub issue: IssueId,
    /// When the issue was deleted before, 0 if never.
    pub life: Timestamp,
    pub first_seen: Timestamp,
    /// Of the first event that named one.
    pub first_release: Option<String>,
    pub last_seen: Timestamp,
}

/// The issues that somebody acted on, by id; ids of different projects never meet.
#[derive(Clone, Debug, Default)]
pub struct IssueBook(BTreeMap<IssueId, Issue>);

impl Issue {
    /// One that nobody has acted on.
    pub fn untouched(project: &Project, id: IssueId) -> Issue {
        Issue {
            project: project.clone(),
            id,
            version: 0,
            standing: Standing::default(),
            counted: Counted::default(),
            updated_at: Timestamp(0),
            updated_by: String::new(),
        }
    }
}

impl IssueBook {
    pub fn of(issues: impl IntoIterator<Item = Issue>) -> IssueBook {
        IssueBook(issues.into_iter().map(|issue| (issue.id, issue)).collect())
    }

    pub fn get(&self, id: IssueId) -> Option<&Issue> {
        self.0.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Issue> {
        self.0.values()
    }

    /// The issue that events of `id` count for: `id` itself, unless it was merged.
    pub fn counts_for(&self, id: IssueId) -> IssueId {
        self.get(id).and_then(|issue| issue.standing.merged_into).unwrap_or(id)
    }

    /// The issues whose events count for `id`, without itself.
    pub fn merged_into(&self, id: IssueId) -> impl Iterator<Item = &Issue> {
        self.iter().filter(move |issue| issue.standing.merged_into == Some(id))
    }
}

/// The name of a state, as it is in the database and in answers.
pub fn state_name(state: &State) -> &'static str {
    match state {
        State::Unresolved => "unresolved",
        State::Resolved { .. } => "resolved",
        State::Ignored { .. } => "ignored",
        State::Regressed { .. } => "regressed",
    }
}

/// A standing as it is written: columns of a row, and JSON in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// Of the form of this object.
    #[serde(default)]
    pub format: u32,
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_seen_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<i64>,
}

/// The form that is written; another one is from a later version.
const WRITTEN_FORMAT: u32 = 1;

impl Written {
    pub fn of(standing: &Standing) -> Written {
        let mut written = Written {
            format: WRITTEN_FORMAT,
            state: state_name(&standing.state).to_owned(),
            assignee: standing.assignee.clone(),
            merged_into: standing.merged_into.map(|id| id.to_string()),
            deleted_at: standing.deleted_at.map(Timestamp::nanos),
            ..Written::default()
        };
        match &standing.state {
            State::Unresolved => {}
            State::Resolved { at, by } => {
                written.state_at = Some(at.0);
                let (terms, release) = match by {
                    Resolution::Now => ("now", None),
                    Resolution::In(release) => ("in", Some(release)),
                    Resolution::After(release) => ("after", release.as_ref()),
                };
                written.terms = Some(terms.to_owned());
                written.release = release.map(|release| release.name.clone());
                written.release_seen_at = release.and_then(|release| release.first_seen).map(|seen| seen.0);
            }
            State::Ignored { at, until } => {
                let count = |count: &u64| Some(i64::try_from(*count).unwrap_or(i64::MAX));
                let (terms, bound) = match until {
                    Until::Forever => ("forever", None),
                    Until::Time(time) => ("time", Some(time.0)),
                    Until::Events(events) => ("events", count(events)),
                    Until::Users(users) => ("users", count(users)),
                };
                (written.state_at, written.terms, written.bound) = (Some(at.0), Some(terms.to_owned()), bound);
            }
            State::Regressed { at, release } => {
                (written.state_at, written.release) = (Some(at.0), release.clone());
            }
        }
        written
    }

    /// What was written; `None` if it is not what this version writes.
    pub fn standing(self) -> Option<Standing> {
        if self.format > WRITTEN_FORMAT {
            return None;
        }
        let at = self.state_at.map(Time);
        let release = || Some(Release::new(self.release.as_deref()?, self.release_seen_at.map(Time)));
        let count = || u64::try_from(self.bound?).ok();
        let state = match (self.state.as_str(), self.terms.as_deref()) {
            ("unresolved", None) => State::Unresolved,
            ("resolved", Some("now")) => State::Resolved { at: at?, by: Resolution::Now },
            ("resolved", Some("in")) => State::Resolved { at: at?, by: Resolution::In(release()?) },
            ("resolved", Some("after")) => State::Resolved { at: at?, by: Resolution::After(release()) },
            ("ignored", Some("forever")) => State::Ignored { at: at?, until: Until::Forever },
            ("ignored", Some("time")) => State::Ignored { at: at?, until: Until::Time(Time(self.bound?)) },
            ("ignored", Some("events")) => State::Ignored { at: at?, until: Until::Events(count()?) },
            ("ignored", Some("users")) => State::Ignored { at: at?, until: Until::Users(count()?) },
            ("regressed", None) => State::Regressed { at: at?, release: self.release.clone() },
            _ => return None,
        };
        let merged_into = match &self.merged_into {
            Some(id) => Some(IssueId::parse(id)?),
            None => None,
        };
        Some(Standing { state, assignee: self.assignee, merged_into, deleted_at: self.deleted_at.map(Timestamp) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let release = |seen: Option<i64>| Release::new("shop@1.2", seen.map(Time));
        let at = Time(7);
        let states = [
            State::Unresolved,
            State::Resolved { at, by: Resolution::Now },
            State::Resolved { at, by: Resolution::In(release(Some(3))) },
            State::Resolved { at, by: Resolution::After(Some(release(None))) },
            State::Resolved { at, by: Resolution::After(None) },
            State::Ignored { at, until: Until::Forever },
            State::Ignored { at, until: Until::Time(Time(9)) },
            State::Ignored { at, until: Until::Events(100) },
            State::Ignored { at, until: Until::Users(1) },
            State::Regressed { at, release: Some("shop@2".to_owned()) },
            State::Regressed { at, release: None },
        ];
        for state in states {
            let merged_into = Some(IssueId([7; 16]));
            let assignee = Some("u1".to_owned());
            let standing = Standing { state, assignee, merged_into, deleted_at: Some(Timestamp(5)) };
            let text = serde_json::to_string(&Written::of(&standing)).expect("is JSON");
            let written: Written = serde_json::from_str(&text).expect("is read");
            assert_eq!(written.standing(), Some(standing), "{text}");
        }
        let newer = Written { format: WRITTEN_FORMAT + 1, ..Written::of(&Standing::default()) };
        assert_eq!(newer.standing(), None);
    }
}
