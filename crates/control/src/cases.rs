//! Cases: named lists of rows with notes, made, changed, closed and deleted.
//!
//! - C-10: a row in a case never changes. What is kept of it is what it said when it was added, whatever becomes of the
//!   signal; it leaves the case as a whole, and the trail says who took it out.
//! - C-11: an item whose row the caller may not read is not there for this caller.
//! - C-12: a closed case takes no change but being opened again, or deleted.

use whodunit_model::{Caller, Permission, Principal, Project};
use whodunit_stdx::Timestamp;

use crate::core::{Change, Changed, Control, change, label, require};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, Case};
use crate::trail::{Act, Category};

/// Cases of one project, closed ones included.
pub const CASES_PER_PROJECT_MAX: usize = 1_000;
/// Longest note, and longest description of a case.
pub const CASE_NOTE_CHARACTERS_MAX: usize = 10_000;

/// A case to be made.
#[derive(Clone, Debug)]
pub struct NewCase {
    pub project: Project,
    pub name: String,
    pub description: String,
    pub reason: Option<String>,
}

/// What to change of a case; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct CaseUpdate {
    pub name: Option<String>,
    pub description: Option<String>,
    pub closed: Option<bool>,
    /// Refuse unless this version is the present one.
    pub version: Option<i64>,
    pub reason: Option<String>,
}

impl Control {
    /// The cases of the projects that the caller reaches, last changed first.
    pub async fn cases(&self, caller: &Caller) -> Result<Vec<Case>, Error> {
        let cases = db::cases::list(&mut *self.0.database.read().await?).await?;
        Ok(cases.into_iter().filter(|case| caller.reaches(&case.project)).collect())
    }

    pub async fn case(&self, caller: &Caller, id: &str) -> Result<Case, Error> {
        find(&mut *self.0.database.read().await?, caller, id).await
    }

    pub async fn create_case(&self, caller: &Caller, new: NewCase) -> Result<Case, Error> {
        let (now, by) = (self.0.world.now(), label(caller));
        let case = Case {
            id: self.0.world.entry_id().to_string(),
            project: new.project,
            name: name(&new.name)?,
            description: long_text("description", &new.description)?,
            rows: 0,
            notes: 0,
            version: 1,
            item_last: 0,
            created_at: now,
            created_by: by.clone(),
            updated_at: now,
            updated_by: by,
            closed_at: None,
            closed_by: None,
        };
        let act = act("CASE_CREATE", "open", &case).reason(new.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, case).await;
        self.finish(pending, done).await
    }

    /// Renames, describes, closes or opens a case again.
    pub async fn update_case(&self, caller: &Caller, id: &str, update: CaseUpdate) -> Result<Case, Error> {
        let update = CaseUpdate {
            name: update.name.as_deref().map(name).transpose()?,
            description: update.description.as_deref().map(|text| long_text("description", text)).transpose()?,
            ..update
        };
        let before = self.case(caller, id).await?;
        let (action, verb) = match update.closed {
            Some(true) if before.closed_at.is_none() => ("CASE_CLOSE", "close"),
            Some(false) if before.closed_at.is_some() => ("CASE_REOPEN", "open again"),
            _ => ("CASE_UPDATE", "change"),
        };
        let act = act(action, verb, &before).reason(update.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = apply(pending.connection(), caller, id, &update, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Deletes a case with all that it holds: for the user who made it, and for administrators.
    pub async fn delete_case(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Result<Case, Error> {
        let before = self.case(caller, id).await?;
        let mut pending = self.begin(caller, act("CASE_DELETE", "delete", &before).reason(reason)).await?;
        let done = delete(pending.connection(), caller, id).await;
        self.finish(pending, done).await
    }
}

pub(crate) fn act(action: &'static str, verb: &str, case: &Case) -> Act {
    Act::new(action, Category::Mutation, format!("{verb} the case {:?}", case.name))
        .target("case", &case.id, Some(&case.name))
        .metadata("project", case.project.as_str())
}

pub(crate) async fn find(connection: &mut Connection, caller: &Caller, id: &str) -> Result<Case, Error> {
    let found = db::cases::find(connection, id).await?;
    found.filter(|case| caller.reaches(&case.project)).ok_or_else(|| Error::not_found("case", id))
}

/// The case, if the caller may change what it holds now. Holds C-12.
pub(crate) async fn find_open(connection: &mut Connection, caller: &Caller, id: &str) -> Result<Case, Error> {
    require(caller, Permission::Edit)?;
    let case = find(connection, caller, id).await?;
    match case.closed_at {
        None => Ok(case),
        Some(_) => Err(Error::conflict(format!("the case {:?} is closed: open it again first", case.name))),
    }
}

/// Counts a change of the case, or of what it holds.
pub(crate) fn touch(case: &mut Case, caller: &Caller, now: Timestamp) {
    (case.version, case.updated_at, case.updated_by) = (case.version + 1, now, label(caller));
}

/// The note of a row, or the description of a case.
pub(crate) fn long_text(field: &'static str, text: &str) -> Result<String, Error> {
    plain_text(field, text, ("case_note_characters_max", CASE_NOTE_CHARACTERS_MAX))
}

/// A text of people that may have several lines, up to a limit by its name.
pub(crate) fn plain_text(
    field: &'static str,
    text: &str,
    (limit, most): (&'static str, usize),
) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().any(|one| one.is_control() && !matches!(one, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(field, format!("a {field} has no control characters but line breaks and tabs")));
    }
    if text.chars().count() > most {
        let message = format!("a {field} has at most {most} characters");
        return Err(Error { limit: Some(limit), ..Error::invalid(field, message) });
    }
    Ok(text.to_owned())
}

fn name(text: &str) -> Result<String, Error> {
    let name = noun::display_name(text)?;
    if name.is_empty() { Err(Error::invalid("name", "a case needs a name")) } else { Ok(name) }
}

async fn insert(connection: &mut Connection, caller: &Caller, case: Case) -> Result<Changed<Case>, Error> {
    require(caller, Permission::Edit)?;
    let known = db::projects::find(connection, &case.project).await?.is_some();
    if !known || !caller.reaches(&case.project) {
        return Err(Error::not_found("project", case.project.as_str()));
    }
    let count = db::cases::count(connection, &case.project).await?;
    if usize::try_from(count).is_ok_and(|count| count >= CASES_PER_PROJECT_MAX) {
        let message = format!("there are {CASES_PER_PROJECT_MAX} cases already: delete one first");
        return Err(Error { limit: Some("cases_per_project_max"), ..Error::conflict(message) });
    }
    db::cases::insert(connection, &case).await?;
    Ok(Changed { changes: differences(None, Some(&case)), value: case })
}

async fn apply(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    update: &CaseUpdate,
    now: Timestamp,
) -> Result<Changed<Case>, Error> {
    let before = match update.closed {
        Some(false) => {
            require(caller, Permission::Edit)?;
            find(connection, caller, id).await?
        }
        _ => find_open(connection, caller, id).await?,
    };
    if update.version.is_some_and(|expected| expected != before.version) {
        let message = format!("the case is at version {} by now", before.version);
        return Err(Error { field: Some("version"), ..Error::conflict(message) });
    }
    let mut after = before.clone();
    after.name = update.name.clone().unwrap_or(after.name);
    after.description = update.description.clone().unwrap_or(after.description);
    touch(&mut after, caller, now);
    match update.closed {
        Some(true) => (after.closed_at, after.closed_by) = (Some(now), Some(label(caller))),
        Some(false) => (after.closed_at, after.closed_by) = (None, None),
        None => {}
    }
    db::cases::update(connection, &after).await?;
    Ok(Changed { changes: differences(Some(&before), Some(&after)), value: after })
}

async fn delete(connection: &mut Connection, caller: &Caller, id: &str) -> Result<Changed<Case>, Error> {
    require(caller, Permission::Edit)?;
    let case = find(connection, caller, id).await?;
    let is_own = matches!(&caller.principal, Principal::User { email, .. } if *email == case.created_by);
    if !is_own {
        require(caller, Permission::Administer)?;
    }
    db::cases::delete(connection, id).await?;
    let mut changes = differences(Some(&case), None);
    changes.extend(change("rows", case.rows, ()));
    changes.extend(change("notes", case.notes, ()));
    Ok(Changed { changes, value: case })
}

/// What the trail says of a change of the case itself.
fn differences(before: Option<&Case>, after: Option<&Case>) -> Vec<Change> {
    let of = |name: &str, field: fn(&Case) -> String| change(name, before.map(field), after.map(field));
    let changes = [
        of("name", |case| case.name.clone()),
        of("project", |case| case.project.to_string()),
        of("description", |case| case.description.clone()),
        of("state", |case| if case.closed_at.is_some() { "closed" } else { "open" }.to_owned()),
    ];
    changes.into_iter().flatten().collect()
}
