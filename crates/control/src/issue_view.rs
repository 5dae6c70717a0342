//! From the nouns of issues to the shapes of the HTTP API and back.

use std::collections::BTreeMap;

use whodunit_api::issues::{
    IssueAssignee, IssueChangeView, IssueCommentView, IssueStandingView, IssueState, IssueView, SetIssueState,
};
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{Resolution, State, Until};
use whodunit_stdx::Timestamp;

use crate::core::Control;
use crate::db;
use crate::error::Error;
use crate::issue::{Counted, Issue, IssueChange, IssueComment, Standing, state_name};
use crate::issues::{IssueAct, IssueAction};
use crate::noun::{parse_rfc3339, rfc3339};

/// The users of Whodunit, as far as those see them who look after issues.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<String, Person>);

#[derive(Clone, Debug)]
struct Person {
    shown: IssueAssignee,
    may_be_assigned: bool,
}

impl Control {
    /// Everybody, by id; also those who may not sign in any more, for what is assigned to them.
    pub async fn people(&self) -> Result<People, Error> {
        let users = db::users::list(&mut *self.0.database.read().await?).await?;
        let person = |user: crate::noun::User| {
            let shown = IssueAssignee { id: user.id.clone(), email: user.email, name: user.name };
            (user.id, Person { shown, may_be_assigned: user.disabled_at.is_none() })
        };
        Ok(People(users.into_iter().map(person).collect()))
    }
}

impl People {
    /// Somebody by id, also if nobody has it any more.
    pub fn shown(&self, id: &str) -> IssueAssignee {
        let unknown = || IssueAssignee { id: id.to_owned(), ..IssueAssignee::default() };
        self.0.get(id).map_or_else(unknown, |person| person.shown.clone())
    }

    /// The id of the user with this id or e-mail address.
    pub fn id_of(&self, user: &str) -> Option<&str> {
        let named = user.to_lowercase();
        let found = self.0.iter().find(|(id, person)| *id == user || person.shown.email == named);
        found.map(|(id, _)| id.as_str())
    }

    /// Those to whom issues may be assigned, by e-mail address.
    pub fn assignable(&self) -> Vec<IssueAssignee> {
        let all = self.0.values().filter(|person| person.may_be_assigned);
        let mut all: Vec<IssueAssignee> = all.map(|person| person.shown.clone()).collect();
        all.sort_by(|one, other| one.email.cmp(&other.email));
        all
    }
}

impl Standing {
    /// `counted` is what was counted of the present state; the past has none.
    pub fn state_view(&self, counted: Option<&Counted>) -> IssueState {
        let time = |time: &Time| rfc3339(Timestamp(time.0));
        let mut shown = IssueState { name: state_name(&self.state).to_owned(), ..IssueState::default() };
        match &self.state {
            State::Unresolved => {}
            State::Resolved { at, by } => {
                let (terms, release) = match by {
                    Resolution::Now => ("now", None),
                    Resolution::In(release) => ("in_release", Some(release)),
                    Resolution::After(release) => ("next_release", release.as_ref()),
                };
                (shown.since, shown.terms) = (Some(time(at)), Some(terms.to_owned()));
                shown.release = release.map(|release| release.name.clone());
            }
            State::Ignored { at, until } => {
                shown.since = Some(time(at));
                let terms = match until {
                    Until::Forever => "forever",
                    Until::Time(until) => {
                        shown.until = Some(time(until));
                        "time"
                    }
                    Until::Events(count) => {
                        (shown.count, shown.counted) = (Some(*count), counted.map(|counted| counted.events));
                        "events"
                    }
                    Until::Users(count) => {
                        let users = counted.map(|counted| counted.users.len() as u64);
                        (shown.count, shown.counted) = (Some(*count), users);
                        "users"
                    }
                };
                shown.terms = Some(terms.to_owned());
            }
            State::Regressed { at, release } => {
                (shown.since, shown.release) = (Some(time(at)), release.clone());
            }
        }
        shown
    }

    fn view(&self, people: &People) -> IssueStandingView {
        IssueStandingView {
            state: self.state_view(None),
            assignee: self.assignee.as_deref().map(|id| people.shown(id)),
            merged_into: self.merged_into.map(|id| id.to_string()),
            deleted_at: self.deleted_at.map(rfc3339),
        }
    }
}

impl Issue {
    pub fn view(&self, people: &People) -> IssueView {
        IssueView {
            id: self.id.to_string(),
            project: self.project.to_string(),
            version: self.version,
            state: self.standing.state_view(Some(&self.counted)),
            assignee: self.standing.assignee.as_deref().map(|id| people.shown(id)),
            merged_into: self.standing.merged_into.map(|id| id.to_string()),
            deleted_at: self.standing.deleted_at.map(rfc3339),
            updated_at: rfc3339(self.updated_at),
            updated_by: self.updated_by.clone(),
        }
    }
}

impl IssueChange {
    pub fn view(&self, people: &People) -> IssueChangeView {
        IssueChangeView {
            change: self.change_id.clone(),
            issue: self.issue.to_string(),
            version: self.version,
            action: self.action.clone(),
            before: self.before.view(people),
            after: self.after.view(people),
            changed_at: rfc3339(self.changed_at),
            changed_by: self.changed_by.clone(),
            reason: self.reason.clone(),
            undoes: self.undoes.clone(),
        }
    }
}

impl From<&IssueComment> for IssueCommentView {
    fn from(comment: &IssueComment) -> IssueCommentView {
        IssueCommentView {
            id: comment.id.clone(),
            body: comment.body.clone(),
            added_at: rfc3339(comment.added_at),
            added_by: comment.added_by.clone(),
            changed_at: comment.changed_at.map(rfc3339),
            changed_by: comment.changed_by.clone(),
        }
    }
}

impl IssueAct {
    /// What a request says of state and assignee; an empty assignee is nobody.
    pub fn update(state: Option<SetIssueState>, assignee: Option<String>) -> Result<IssueAct, Error> {
        let action = state.map(IssueAction::try_from).transpose()?;
        let assignee = assignee.map(|user| Some(user).filter(|user| !user.is_empty()));
        Ok(IssueAct::Update { action, assignee })
    }
}

impl TryFrom<SetIssueState> for IssueAction {
    type Error = Error;

    fn try_from(set: SetIssueState) -> Result<IssueAction, Error> {
        let SetIssueState { name, terms, release, until, count } = set;
        let has = |field: &'static str| match field {
            "release" => release.is_some(),
            "until" => until.is_some(),
            _ => count.is_some(),
        };
        let only = |allowed: &[&'static str]| {
            let odd = ["release", "until", "count"].into_iter().find(|field| has(field) && !allowed.contains(field));
            let terms = terms.as_deref().unwrap_or("no terms");
            odd.map_or(Ok(()), |odd| Err(Error::invalid(odd, format!("{name} with {terms} has no {odd}"))))
        };
        let count = || count.ok_or_else(|| Error::invalid("count", "a number of events or users is missing"));
        match (name.as_str(), terms.as_deref()) {
            ("unresolved", None) => only(&[]).map(|()| IssueAction::Reopen),
            ("resolved", None | Some("now")) => only(&[]).map(|()| IssueAction::ResolveNow),
            ("resolved", Some("in_release")) => {
                only(&["release"])?;
                release_name(release).map(IssueAction::ResolveIn)
            }
            ("resolved", Some("next_release")) => only(&[]).map(|()| IssueAction::ResolveInNext),
            ("ignored", None | Some("forever")) => only(&[]).map(|()| IssueAction::Ignore(Until::Forever)),
            ("ignored", Some("time")) => {
                only(&["until"])?;
                let time = until.as_deref().and_then(parse_rfc3339);
                let missing = || Error::invalid("until", "the time at which the issue comes back is RFC 3339");
                Ok(IssueAction::Ignore(Until::Time(Time(time.ok_or_else(missing)?.nanos()))))
            }
            ("ignored", Some("events")) => {
                only(&["count"])?;
                Ok(IssueAction::Ignore(Until::Events(count()?)))
            }
            ("ignored", Some("users")) => {
                only(&["count"])?;
                Ok(IssueAction::Ignore(Until::Users(count()?)))
            }
            ("unresolved" | "resolved" | "ignored", Some(terms)) => {
                let expected = match name.as_str() {
                    "unresolved" => "no terms",
                    "resolved" => "now, in_release or next_release",
                    _ => "forever, time, events or users",
                };
                Err(Error::invalid("terms", format!("{name} has {expected}, not {terms:?}")))
            }
            _ => Err(Error::invalid("state", format!("a state is unresolved, resolved or ignored, not {name:?}"))),
        }
    }
}

/// Longest name of a release.
const RELEASE_BYTES_MAX: usize = 250;

fn release_name(release: Option<String>) -> Result<Option<String>, Error> {
    match release {
        Some(name) if name.is_empty() || name.len() > RELEASE_BYTES_MAX || name.chars().any(char::is_control) => {
            Err(Error::invalid("release", format!("a release is named by 1 to {RELEASE_BYTES_MAX} bytes of text")))
        }
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_fit_their_state_or_are_refused_by_field() {
        let set = |name: &str, terms: Option<&str>| SetIssueState {
            name: name.to_owned(),
            terms: terms.map(str::to_owned),
            ..SetIssueState::default()
        };
        assert_eq!(IssueAction::try_from(set("resolved", None)).expect("fine"), IssueAction::ResolveNow);
        let until = SetIssueState { until: Some("2026-11-28T10:00:00Z".into()), ..set("ignored", Some("time")) };
        assert!(matches!(IssueAction::try_from(until).expect("fine"), IssueAction::Ignore(Until::Time(_))));
        let count = || SetIssueState { count: Some(3), ..set("ignored", Some("users")) };
        assert_eq!(IssueAction::try_from(count()).expect("fine"), IssueAction::Ignore(Until::Users(3)));
        for (set, field) in [
            (set("solved", None), "state"),
            (set("resolved", Some("forever")), "terms"),
            (set("unresolved", Some("now")), "terms"),
            (set("ignored", Some("time")), "until"),
            (set("ignored", Some("events")), "count"),
            (SetIssueState { terms: None, ..count() }, "count"),
            (SetIssueState { release: Some(String::new()), ..set("resolved", Some("in_release")) }, "release"),
        ] {
            assert_eq!(IssueAction::try_from(set.clone()).expect_err("is refused").field, Some(field), "{set:?}");
        }
    }
}
