//! What the control plane knows of issues, laid over what their events say: which events count for which issue, which
//! issues a list asks for, and what is told of each beside its counts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use whodunit_api::issues::IssueSummary;
use whodunit_control::{IssueBook, IssueSighting, People, Standing, parse_rfc3339, rfc3339, state_name};
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::{Principal, Project};
use whodunit_query::IssueScope;
use whodunit_stdx::Timestamp;

use crate::call::{Call, ProjectChoice};
use crate::failure::Failure;

/// How long an issue is new.
pub const ISSUE_NEW_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Everything that people made of the issues of one request.
pub struct Desk {
    pub book: IssueBook,
    pub people: People,
    projects: Vec<Project>,
    now: Timestamp,
}

/// Which issues a list asks for, beside its conditions on events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Names of states; any if empty.
    states: BTreeSet<String>,
    /// Ids of users, and `None` for nobody; any if empty.
    assignees: BTreeSet<Option<String>>,
    new: Option<bool>,
    /// These, with what was merged into them; any if empty.
    issues: BTreeSet<IssueId>,
}

/// What is known of an issue whatever retention keeps.
struct Begun {
    at: Timestamp,
    release: Option<String>,
}

impl Desk {
    pub async fn of(call: &Call) -> Result<Desk, Failure> {
        let visibility = call.visibility(ProjectChoice::Named);
        let all: Vec<Project> = call.app.control.directory().projects().map(|project| project.slug.clone()).collect();
        let projects: Vec<Project> = all.into_iter().filter(|project| visibility.sees_project(project)).collect();
        let one = match projects.as_slice() {
            [one] => Some(one),
            _ => None,
        };
        let control = &call.app.control;
        let book = control.issue_book(&call.caller, one).await?;
        Ok(Desk { book, people: control.people().await?, projects, now: call.app.world.now() })
    }

    /// Everything that is not hidden, with events where they count.
    pub fn scope(&self) -> IssueScope {
        scope_of_book(&self.book)
    }

    /// Likewise, of the chosen issues only.
    pub async fn chosen(&self, call: &Call, choice: &Choice) -> Result<IssueScope, Failure> {
        let mut scope = self.scope();
        let mut only: Option<HashSet<IssueId>> = None;
        let mut keep = |these: HashSet<IssueId>| {
            only = Some(only.take().map_or(these.clone(), |before| before.intersection(&these).copied().collect()));
        };
        if !choice.issues.is_empty() {
            keep(choice.issues.iter().flat_map(|id| scope.with_merged(*id)).collect());
        }
        if choice.is_of_standing() {
            let acted: BTreeSet<IssueId> =
                self.book.iter().flat_map(|issue| [issue.id, self.book.counts_for(issue.id)]).collect();
            let (fit, odd): (HashSet<IssueId>, HashSet<IssueId>) = acted.into_iter().partition(|id| {
                let standing = self.book.get(self.book.counts_for(*id)).map(|issue| issue.standing.clone());
                choice.admits(&standing.unwrap_or_default())
            });
            if choice.admits(&Standing::default()) { scope.except.extend(odd) } else { keep(fit) }
        }
        if let Some(new) = choice.new {
            let found = self.new_issues(call, &scope).await?;
            if new { keep(found) } else { scope.except.extend(found) }
        }
        scope.only = only;
        Ok(scope)
    }

    /// Issues that are new, with what was merged into them.
    async fn new_issues(&self, call: &Call, scope: &IssueScope) -> Result<HashSet<IssueId>, Failure> {
        let begun = self.begun_since(call, scope, self.now.saturating_sub(ISSUE_NEW_FOR)).await?;
        Ok(begun.into_keys().flat_map(|id| scope.with_merged(id)).collect())
    }

    /// Of each release, how many issues began with it, from the first time to before the second.
    pub async fn begun_in_releases(
        &self,
        call: &Call,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<String, u64>, Failure> {
        let mut counted = HashMap::new();
        let begun = self.begun_since(call, &self.scope(), from).await?;
        for release in begun.into_values().filter(|begun| begun.at < to).filter_map(|begun| begun.release) {
            *counted.entry(release).or_default() += 1;
        }
        Ok(counted)
    }

    /// Issues whose present life began then or later.
    async fn begun_since(
        &self,
        call: &Call,
        scope: &IssueScope,
        since: Timestamp,
    ) -> Result<HashMap<IssueId, Begun>, Failure> {
        let mut found = HashSet::new();
        for project in &self.projects {
            let begun = call.app.control.issues_begun(project, since).await?;
            found.extend(begun.iter().map(|sighting| scope.counts_for(sighting.issue)));
        }
        let mut begun = self.begun(call, scope, found.into_iter()).await?;
        begun.retain(|_, begun| begun.at >= since);
        Ok(begun)
    }

    /// When issues began in their present life, those that were merged into them included.
    async fn begun(
        &self,
        call: &Call,
        scope: &IssueScope,
        ids: impl Iterator<Item = IssueId>,
    ) -> Result<HashMap<IssueId, Begun>, Failure> {
        let asked: Vec<IssueId> = ids.flat_map(|id| scope.with_merged(id)).collect();
        let mut begun: HashMap<IssueId, Begun> = HashMap::new();
        for project in self.projects.iter().filter(|_| !asked.is_empty()) {
            for sighting in call.app.control.issue_sightings(project, &asked).await? {
                let life = scope.hidden.get(&sighting.issue).copied().unwrap_or(Timestamp(0));
                if sighting.life >= life {
                    widen(&mut begun, scope.counts_for(sighting.issue), sighting);
                }
            }
        }
        Ok(begun)
    }

    /// Adds what people made of these issues, and when they began.
    pub async fn complete(&self, call: &Call, issues: &mut [IssueSummary]) -> Result<(), Failure> {
        let scope = self.scope();
        let ids = issues.iter().filter_map(|issue| IssueId::parse(&issue.id));
        let begun = self.begun(call, &scope, ids).await?;
        for shown in issues {
            let Some(id) = IssueId::parse(&shown.id) else { continue };
            let present = self.book.get(id);
            let standing = present.map(|issue| issue.standing.clone()).unwrap_or_default();
            shown.state = standing.state_view(present.map(|issue| &issue.counted));
            shown.assignee = standing.assignee.as_deref().map(|id| self.people.shown(id));
            shown.version = present.map_or(0, |issue| issue.version);
            shown.merged = self.book.merged_into(id).map(|issue| issue.id.to_string()).collect();
            // Sightings are written a moment after the event, which may be older than all before.
            let first_seen = parse_rfc3339(&shown.first_seen);
            let known = begun.get(&id);
            let at = [first_seen, known.map(|begun| begun.at)].into_iter().flatten().min();
            shown.begun_at = at.map_or_else(|| shown.first_seen.clone(), rfc3339);
            shown.first_release = known.and_then(|begun| begun.release.clone());
            shown.new = at.is_some_and(|at| at >= self.now.saturating_sub(ISSUE_NEW_FOR));
        }
        Ok(())
    }
}

/// What people merged and deleted, laid over events.
pub fn scope_of_book(book: &IssueBook) -> IssueScope {
    let merged = book.iter().filter_map(|issue| Some((issue.id, issue.standing.merged_into?)));
    let hidden = book.iter().filter_map(|issue| Some((issue.id, issue.standing.deleted_at?)));
    IssueScope { merged: merged.collect(), hidden: hidden.collect(), ..IssueScope::default() }
}

/// The scope of a list of errors: what chooses issues is taken out of its parameters. `None` if all events count as
/// they are stored.
pub async fn scope_of(call: &Call, parameters: &mut Vec<(String, String)>) -> Result<Option<Arc<IssueScope>>, Failure> {
    let desk = Desk::of(call).await?;
    let choice = Choice::take(call, &desk, parameters)?;
    let scope = desk.chosen(call, &choice).await?;
    Ok((scope != IssueScope::default()).then(|| Arc::new(scope)))
}

fn widen(begun: &mut HashMap<IssueId, Begun>, id: IssueId, sighting: IssueSighting) {
    let IssueSighting { first_seen, first_release, .. } = sighting;
    let known = begun.entry(id).or_insert(Begun { at: Timestamp(i64::MAX), release: None });
    let is_first = first_seen < known.at;
    if first_release.is_some() && (is_first || known.release.is_none()) {
        known.release = first_release;
    }
    known.at = known.at.min(first_seen);
}

impl Choice {
    /// Takes what chooses issues out of the parameters of a list.
    pub fn take(call: &Call, desk: &Desk, parameters: &mut Vec<(String, String)>) -> Result<Choice, Failure> {
        let mut choice = Choice::default();
        let mut left = Vec::with_capacity(parameters.len());
        for (name, value) in parameters.drain(..) {
            match name.as_str() {
                "status" => choice.add_state(&value)?,
                "assignee" => drop(choice.assignees.insert(assignee(call, desk, &value)?)),
                "new" => choice.new = Some(flag(&value)?),
                // Other conditions on the column, as `!ID`, speak of events as they are stored.
                "issue_id" => match IssueId::parse(value.strip_prefix('\\').unwrap_or(&value)) {
                    Some(id) => drop(choice.issues.insert(id)),
                    None => left.push((name, value)),
                },
                _ => left.push((name, value)),
            }
        }
        *parameters = left;
        Ok(choice)
    }

    fn add_state(&mut self, value: &str) -> Result<(), Failure> {
        match value {
            // What came back is open, too.
            "unresolved" => self.states.extend(["unresolved", "regressed"].map(str::to_owned)),
            "regressed" | "resolved" | "ignored" => drop(self.states.insert(value.to_owned())),
            other => {
                let message = format!("status is unresolved, regressed, resolved or ignored, not {other:?}");
                return Err(Failure::invalid(message).field("status"));
            }
        }
        Ok(())
    }

    fn is_of_standing(&self) -> bool {
        !self.states.is_empty() || !self.assignees.is_empty()
    }

    fn admits(&self, standing: &Standing) -> bool {
        (self.states.is_empty() || self.states.contains(state_name(&standing.state)))
            && (self.assignees.is_empty() || self.assignees.contains(&standing.assignee))
    }
}

fn assignee(call: &Call, desk: &Desk, value: &str) -> Result<Option<String>, Failure> {
    let wrong = |message: String| Failure::invalid(message).field("assignee");
    match (value, &call.caller.principal) {
        ("none", _) => Ok(None),
        ("me", Principal::User { id, .. }) => Ok(Some(id.clone())),
        ("me", _) => Err(wrong("assignee=me is for a user who signed in".to_owned())),
        (user, _) => {
            let id = desk.people.id_of(user);
            let unknown =
                || wrong(format!("assignee is me, none, or the id or e-mail address of a user, not {user:?}"));
            id.map(|id| Some(id.to_owned())).ok_or_else(unknown)
        }
    }
}

fn flag(value: &str) -> Result<bool, Failure> {
    match value {
        "true" | "1" | "" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(Failure::invalid(format!("new is true or false, not {other:?}")).field("new")),
    }
}
