//! What people make of issues: resolve, ignore, assign, merge, delete, and back again.
//!
//! - C-13: an issue is a row only once somebody has acted on it. Which events it has is for those who read events.
//! - C-14: an act changes all issues that it touches, or none; each gets a version, and an entry in the trail.
//! - C-15: every version says what was before it, so the newest change of an issue can be taken back exactly.

use std::collections::{BTreeMap, BTreeSet};

use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::release::{Release, compare};
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{self, Action, Resolution, State, Until};
use whodunit_model::{Caller, Permission, Project};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::core::{Change, Control, change, label, require};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::issue::{Issue, IssueBook, IssueChange, IssueSighting, Standing, Written};
use crate::noun::rfc3339;
use crate::trail::{Act, Category, Severity};

/// Issues that one request changes.
pub const ISSUES_PER_REQUEST_MAX: usize = 1_000;
/// Issues of one project that somebody acted on.
pub const ISSUES_ACTED_PER_PROJECT_MAX: usize = 50_000;
/// Users after which an ignored issue comes back: each of them is kept, as a hash.
pub const ISSUE_USERS_MAX: u64 = 1_000;
/// Events after which an ignored issue comes back.
pub const ISSUE_EVENTS_MAX: u64 = 1_000_000_000;
/// Most versions that the history of an issue shows.
const HISTORY_MAX: i64 = 1_000;

/// Issues to be changed together.
#[derive(Clone, Debug)]
pub struct ChangeIssues {
    pub project: Project,
    /// Each with what it is called, for the trail.
    pub issues: Vec<(IssueId, Option<String>)>,
    pub act: IssueAct,
    /// Refuse unless this version is the present one; of a single issue.
    pub version: Option<i64>,
    pub reason: Option<String>,
}

/// What somebody does with issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueAct {
    Update {
        action: Option<IssueAction>,
        /// The id or e-mail address of a user, or nobody.
        assignee: Option<Option<String>>,
    },
    /// From now on their events count for this one, and those of what was merged into them before.
    Merge { into: IssueId },
    /// Their events count for themselves again.
    Unmerge,
    /// Hides them with the events received until now; the next event brings them back as new.
    Delete,
}

/// A change of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueAction {
    ResolveNow,
    /// In this release; without a name in the newest one that is known.
    ResolveIn(Option<String>),
    /// In whatever release follows the newest one that is known.
    ResolveInNext,
    Ignore(Until),
    Reopen,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedIssues {
    /// Names the change, to take it back; `None` if everything was so already.
    pub change: Option<String>,
    /// The issues that it touched, as they are now.
    pub issues: Vec<Issue>,
}

/// One issue on its way: as it is, and as it shall be.
pub(crate) struct Planned {
    pub before: Issue,
    pub after: Standing,
    pub title: Option<String>,
}

/// What all issues of one change share.
pub(crate) struct Circumstances<'a> {
    /// The trail's word.
    pub action: &'static str,
    /// The sentence up to the name of the issue.
    pub doing: String,
    pub severity: Severity,
    pub reason: Option<&'a str>,
    pub undoes: Option<&'a str>,
}

impl Control {
    /// The issues that somebody acted on, of one project or of all that the caller reaches.
    pub async fn issue_book(&self, caller: &Caller, project: Option<&Project>) -> Result<IssueBook, Error> {
        let issues = db::issues::list(&mut *self.0.database.read().await?, project).await?;
        Ok(IssueBook::of(issues.into_iter().filter(|issue| caller.reaches(&issue.project))))
    }

    /// The last changes of an issue, newest first.
    pub async fn issue_history(&self, project: &Project, id: IssueId) -> Result<Vec<IssueChange>, Error> {
        db::issues::history(&mut *self.0.database.read().await?, project, id, HISTORY_MAX).await
    }

    /// When these issues were seen, in every life that they had.
    pub async fn issue_sightings(&self, project: &Project, ids: &[IssueId]) -> Result<Vec<IssueSighting>, Error> {
        db::sightings::of_issues(&mut *self.0.database.read().await?, project, ids).await
    }

    /// Lives of issues of a project that began at or after `since`.
    pub async fn issues_begun(&self, project: &Project, since: Timestamp) -> Result<Vec<IssueSighting>, Error> {
        db::sightings::begun_since(&mut *self.0.database.read().await?, project, since).await
    }

    /// Changes issues: all of them, or none. What is so already is no change and leaves no trace.
    pub async fn change_issues(&self, caller: &Caller, asked: ChangeIssues) -> Result<ChangedIssues, Error> {
        if asked.issues.is_empty() || asked.issues.len() > ISSUES_PER_REQUEST_MAX {
            let message = format!("a request changes 1 to {ISSUES_PER_REQUEST_MAX} issues");
            return Err(Error { limit: Some("issues_per_request_max"), ..Error::invalid("ids", message) });
        }
        let now = self.0.world.now();
        let mut connection = self.0.database.read().await?;
        let book = IssueBook::of(db::issues::list(&mut connection, Some(&asked.project)).await?);
        let step = prepare(&mut connection, &asked, now).await?;
        drop(connection);
        let planned = plan(&book, &asked, &step, now);
        if let Some(expected) = asked.version {
            let found = book.get(book.counts_for(asked.issues[0].0)).map_or(0, |issue| issue.version);
            if expected != found {
                return Err(version_is(found));
            }
        }
        let circumstances = Circumstances { reason: asked.reason.as_deref(), ..step.circumstances() };
        self.carry_out(caller, planned, circumstances).await
    }

    /// Takes back a change of every issue that still stands as it made it: all of them, or none. This is a change, too.
    pub async fn undo_issue_change(
        &self,
        caller: &Caller,
        change_id: &str,
        reason: Option<&str>,
    ) -> Result<ChangedIssues, Error> {
        let mut connection = self.0.database.read().await?;
        let mut changes = db::issues::changes(&mut connection, change_id).await?;
        changes.retain(|change| caller.reaches(&change.project));
        if changes.is_empty() {
            return Err(Error::not_found("change", change_id));
        }
        let mut planned = Vec::with_capacity(changes.len());
        for change in changes {
            let before = db::issues::find(&mut connection, &change.project, change.issue).await?;
            let before = before.ok_or_else(|| Error::not_found("issue", &change.issue.to_string()))?;
            // What came after it may have been taken back already.
            if before.standing != change.after {
                let message = format!("the issue {} was changed since: take that back first", change.issue);
                return Err(Error { field: Some("change"), ..Error::conflict(message) });
            }
            planned.push(Planned { before, after: change.before, title: None });
        }
        drop(connection);
        let circumstances = Circumstances {
            action: "ISSUE_UNDO",
            doing: "take back the last change of".to_owned(),
            severity: Severity::Info,
            reason,
            undoes: Some(change_id),
        };
        self.carry_out(caller, planned, circumstances).await
    }

    /// Makes a plan true, with an entry in the trail for each issue under one batch.
    pub(crate) async fn carry_out(
        &self,
        caller: &Caller,
        planned: Vec<Planned>,
        circumstances: Circumstances<'_>,
    ) -> Result<ChangedIssues, Error> {
        if planned.is_empty() {
            return Ok(ChangedIssues { change: None, issues: Vec::new() });
        }
        let change_id = self.0.world.entry_id().to_string();
        let acts = planned.iter().map(|one| act(one, &circumstances)).collect();
        let mut pending = self.begin_all(caller, acts, &change_id).await?;
        let now = self.0.world.now();
        let done = write(pending.connection(), caller, &change_id, planned, &circumstances, now).await;
        let issues = self.finish_all(pending, done).await?;
        Ok(ChangedIssues { change: Some(change_id), issues })
    }
}

fn version_is(found: i64) -> Error {
    let message = format!("the issue is at version {found} by now");
    Error { field: Some("version"), ..Error::conflict(message) }
}

/// An act with everything looked up that it needs.
enum Step {
    Update { action: Option<Action>, assignee: Option<Option<String>> },
    Merge { into: IssueId },
    Unmerge,
    Delete,
}

async fn prepare(connection: &mut Connection, asked: &ChangeIssues, now: Timestamp) -> Result<Step, Error> {
    Ok(match &asked.act {
        IssueAct::Merge { into } => Step::Merge { into: *into },
        IssueAct::Unmerge => Step::Unmerge,
        IssueAct::Delete => Step::Delete,
        IssueAct::Update { action: None, assignee: None } => {
            return Err(Error::invalid("state", "nothing to change: neither a state nor an assignee"));
        }
        IssueAct::Update { action, assignee } => {
            let action = match action {
                Some(action) => Some(known_action(connection, &asked.project, action, now).await?),
                None => None,
            };
            let assignee = match assignee {
                Some(Some(user)) => Some(Some(user_id(connection, user).await?)),
                Some(None) => Some(None),
                None => None,
            };
            Step::Update { action, assignee }
        }
    })
}

async fn user_id(connection: &mut Connection, user: &str) -> Result<String, Error> {
    let users = db::users::list(connection).await?;
    let named = user.to_lowercase();
    let found = users.into_iter().find(|one| one.id == user || one.email == named);
    match found {
        Some(found) if found.disabled_at.is_none() => Ok(found.id),
        Some(_) => Err(Error::invalid("assignee", format!("the user {user:?} is disabled"))),
        None => Err(Error::invalid("assignee", format!("no user {user:?}: an id or an e-mail address"))),
    }
}

async fn known_action(
    connection: &mut Connection,
    project: &Project,
    action: &IssueAction,
    now: Timestamp,
) -> Result<Action, Error> {
    let by = match action {
        IssueAction::Reopen => return Ok(Action::Reopen),
        IssueAction::Ignore(until) => return checked(until, now).map(Action::Ignore),
        IssueAction::ResolveNow => Resolution::Now,
        IssueAction::ResolveIn(Some(name)) => {
            let known = db::sightings::releases(connection, project).await?;
            let known = known.into_iter().find(|release| release.name == *name);
            Resolution::In(known.unwrap_or_else(|| Release::new(name, None)))
        }
        IssueAction::ResolveIn(None) => {
            let newest = newest(db::sightings::releases(connection, project).await?);
            let missing = || Error::invalid("release", "no error of this project names a release: name one");
            Resolution::In(newest.ok_or_else(missing)?)
        }
        IssueAction::ResolveInNext => Resolution::After(newest(db::sightings::releases(connection, project).await?)),
    };
    Ok(Action::Resolve(by))
}

/// The release that none of the others is newer than; they come first seen last first.
fn newest(releases: Vec<Release>) -> Option<Release> {
    releases.into_iter().reduce(|best, one| {
        let is_newer = compare(&one, &best).is_some_and(std::cmp::Ordering::is_gt);
        if is_newer { one } else { best }
    })
}

fn checked(until: &Until, now: Timestamp) -> Result<Until, Error> {
    let within = |field: &'static str, limit: &'static str, count: u64, most: u64| {
        if (1..=most).contains(&count) {
            return Ok(());
        }
        Err(Error { limit: Some(limit), ..Error::invalid(field, format!("{field} is a number from 1 to {most}")) })
    };
    match until {
        Until::Forever => {}
        Until::Time(time) if time.0 > now.nanos() => {}
        Until::Time(_) => {
            return Err(Error::invalid("until", "an issue is ignored until a time that is still to come"));
        }
        Until::Events(count) => within("events", "issue_events_max", *count, ISSUE_EVENTS_MAX)?,
        Until::Users(count) => within("users", "issue_users_max", *count, ISSUE_USERS_MAX)?,
    }
    Ok(until.clone())
}

impl Step {
    fn circumstances(&self) -> Circumstances<'static> {
        let (action, doing) = match self {
            Step::Update { action: Some(Action::Resolve(_)), .. } => ("ISSUE_RESOLVE", "resolve".to_owned()),
            Step::Update { action: Some(Action::Ignore(_)), .. } => ("ISSUE_IGNORE", "ignore".to_owned()),
            Step::Update { action: Some(Action::Reopen), .. } => ("ISSUE_REOPEN", "open again".to_owned()),
            Step::Update { assignee: Some(Some(_)), .. } => ("ISSUE_ASSIGN", "assign".to_owned()),
            Step::Update { .. } => ("ISSUE_UNASSIGN", "take away who is assigned to".to_owned()),
            Step::Merge { into } => ("ISSUE_MERGE", format!("merge into the issue {into}")),
            Step::Unmerge => ("ISSUE_UNMERGE", "unmerge".to_owned()),
            Step::Delete => ("ISSUE_DELETE", "delete".to_owned()),
        };
        Circumstances { action, doing, severity: Severity::Info, reason: None, undoes: None }
    }

    /// The issues that a target stands for: what was merged stands for what it was merged into, unless that is what
    /// is changed.
    fn touched(&self, book: &IssueBook, target: IssueId) -> Vec<IssueId> {
        let with_merged = |id: IssueId| std::iter::once(id).chain(book.merged_into(id).map(|issue| issue.id)).collect();
        match self {
            Step::Update { .. } => vec![book.counts_for(target)],
            Step::Delete => with_merged(book.counts_for(target)),
            Step::Merge { .. } => with_merged(target),
            Step::Unmerge => vec![target],
        }
    }

    fn after(&self, book: &IssueBook, before: &Issue, now: Timestamp) -> Standing {
        let mut after = before.standing.clone();
        match self {
            Step::Update { action, assignee } => {
                if let Some(action) = action {
                    after.state = workflow::act(&after.state, action, Time(now.nanos())).0;
                }
                if let Some(assignee) = assignee {
                    after.assignee.clone_from(assignee);
                }
            }
            Step::Merge { into } => {
                let into = book.counts_for(*into);
                if into != before.id {
                    after.merged_into = Some(into);
                }
            }
            Step::Unmerge => after.merged_into = None,
            Step::Delete => {
                (after.state, after.assignee, after.deleted_at) = (State::Unresolved, None, Some(now));
            }
        }
        after
    }
}

/// What would change, without changing anything.
fn plan(book: &IssueBook, asked: &ChangeIssues, step: &Step, now: Timestamp) -> Vec<Planned> {
    let named = asked.issues.iter().filter_map(|(id, title)| Some((*id, title.as_deref()?)));
    let titles: BTreeMap<IssueId, &str> =
        named.flat_map(|(id, title)| [(book.counts_for(id), title), (id, title)]).collect();
    let touched: BTreeSet<IssueId> = asked.issues.iter().flat_map(|(id, _)| step.touched(book, *id)).collect();
    let planned = touched.into_iter().map(|id| {
        let before = book.get(id).cloned().unwrap_or_else(|| Issue::untouched(&asked.project, id));
        let after = step.after(book, &before, now);
        Planned { before, after, title: titles.get(&id).map(|title| (*title).to_owned()) }
    });
    planned.filter(|one| one.after != one.before.standing).collect()
}

fn act(planned: &Planned, circumstances: &Circumstances<'_>) -> Act {
    let Planned { before, title, .. } = planned;
    let called = title.as_deref().map_or_else(|| before.id.to_string(), |title| format!("{title:?}"));
    let mut act =
        Act::new(circumstances.action, Category::Mutation, format!("{} the issue {called}", circumstances.doing))
            .severity(circumstances.severity)
            .target("issue", before.id.to_string(), title.as_deref())
            .metadata("project", before.project.as_str())
            .reason(circumstances.reason);
    if let Some(undone) = circumstances.undoes {
        act = act.metadata("undoes", undone);
    }
    act
}

async fn write(
    connection: &mut Connection,
    caller: &Caller,
    change_id: &str,
    planned: Vec<Planned>,
    circumstances: &Circumstances<'_>,
    now: Timestamp,
) -> Result<(Vec<Issue>, Vec<Vec<Change>>), Error> {
    require(caller, Permission::Edit)?;
    let project = planned[0].before.project.clone();
    let known = db::projects::find(connection, &project).await?.is_some();
    if !known || !caller.reaches(&project) {
        return Err(Error::not_found("project", project.as_str()));
    }
    check_room(connection, &project, &planned).await?;
    let emails: BTreeMap<String, String> =
        db::users::list(connection).await?.into_iter().map(|user| (user.id, user.email)).collect();
    let (mut issues, mut changes) = (Vec::with_capacity(planned.len()), Vec::with_capacity(planned.len()));
    for Planned { before, after, .. } in planned {
        let present = db::issues::find(connection, &project, before.id).await?;
        let version = present.as_ref().map_or(0, |issue| issue.version);
        if version != before.version {
            return Err(version_is(version));
        }
        // What was counted outlives an act that is taken back; a new reason to ignore counts anew.
        let begins_to_count = matches!(after.state, State::Ignored { .. })
            && after.state != before.standing.state
            && circumstances.undoes.is_none();
        let counted = present.map(|issue| issue.counted).filter(|_| !begins_to_count).unwrap_or_default();
        changes.push(differences(&before.standing, &after, &emails));
        let change = IssueChange {
            change_id: change_id.to_owned(),
            project: project.clone(),
            issue: before.id,
            version: version + 1,
            action: circumstances.action.to_owned(),
            before: before.standing,
            after: after.clone(),
            changed_at: now,
            changed_by: label(caller),
            reason: circumstances.reason.map(str::to_owned),
            undoes: circumstances.undoes.map(str::to_owned),
        };
        db::issues::insert_change(connection, &change).await?;
        let project = project.clone();
        let (version, updated_by) = (version + 1, label(caller));
        let issue = Issue { project, id: before.id, version, standing: after, counted, updated_at: now, updated_by };
        db::issues::save(connection, &issue).await?;
        issues.push(issue);
    }
    Ok((issues, changes))
}

async fn check_room(connection: &mut Connection, project: &Project, planned: &[Planned]) -> Result<(), Error> {
    let new = planned.iter().filter(|one| one.before.version == 0).count();
    let held = usize::try_from(db::issues::count(connection, project).await?).unwrap_or(usize::MAX);
    if new > 0 && held.saturating_add(new) > ISSUES_ACTED_PER_PROJECT_MAX {
        let message = format!("{ISSUES_ACTED_PER_PROJECT_MAX} issues of the project have a history already");
        let limit = Some("issues_acted_per_project_max");
        return Err(Error { limit, ..Error::new(ErrorKind::Conflict, message) });
    }
    Ok(())
}

/// What the trail says of a change, users by their e-mail addresses.
fn differences(before: &Standing, after: &Standing, emails: &BTreeMap<String, String>) -> Vec<Change> {
    let email = |id: Option<String>| id.map(|id| emails.get(&id).cloned().unwrap_or(id));
    let time = |nanos: Option<i64>| nanos.map(|nanos| rfc3339(Timestamp(nanos)));
    let (before, after) = (Written::of(before), Written::of(after));
    let until = |written: &Written| match written.terms.as_deref() {
        Some("time") => time(written.bound),
        _ => written.bound.map(|bound| bound.to_string()),
    };
    let changes = [
        change("state", before.state.as_str(), after.state.as_str()),
        change("terms", before.terms.clone(), after.terms.clone()),
        change("release", before.release.clone(), after.release.clone()),
        change("until", until(&before), until(&after)),
        change("assignee", email(before.assignee), email(after.assignee)),
        change("merged_into", before.merged_into, after.merged_into),
        change("deleted_at", time(before.deleted_at), time(after.deleted_at)),
    ];
    changes.into_iter().flatten().collect()
}
