//! Saved views: pages that people come back to, their own or shared with the project.
//!
//! - C-9: a view of one's own is seen and changed by its owner only; a shared one is seen by everybody who reaches its
//!   project and changed by those who may edit what people share.

use whodunit_model::{Caller, Permission, Principal, Project};
use whodunit_stdx::Timestamp;

use crate::core::{Change, Changed, Control, change, label, require};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, SavedView, ViewPage};
use crate::trail::{Act, Category};

/// Views of one's own that a user has.
pub const SAVED_VIEWS_PER_USER_MAX: usize = 200;
/// Views that are shared in one project.
pub const SAVED_VIEWS_SHARED_MAX: usize = 500;
/// Longest query of a view.
pub const SAVED_VIEW_QUERY_BYTES_MAX: usize = 8 << 10;

/// Who sees a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Its owner.
    Own,
    /// Everybody who reaches its project.
    Shared,
}

/// A view to be kept.
#[derive(Clone, Debug)]
pub struct NewSavedView {
    pub project: Project,
    pub page: ViewPage,
    pub name: String,
    /// The part of a link after the question mark.
    pub query: String,
    pub sharing: Sharing,
    pub reason: Option<String>,
}

/// What to change of a view; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct SavedViewUpdate {
    pub name: Option<String>,
    pub query: Option<String>,
    pub sharing: Option<Sharing>,
    /// Refuse unless this version is the present one.
    pub version: Option<i64>,
    pub reason: Option<String>,
}

impl SavedView {
    pub fn sharing(&self) -> Sharing {
        if self.shared_at.is_some() { Sharing::Shared } else { Sharing::Own }
    }

    /// Whether the caller is the one who saved it.
    pub fn is_of(&self, caller: &Caller) -> bool {
        user_id(caller).is_some_and(|id| id == self.owner_id)
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        caller.reaches(&self.project) && (self.sharing() == Sharing::Shared || self.is_of(caller))
    }
}

impl Control {
    /// The views that the caller sees, by page and name. A key sees shared ones.
    pub async fn saved_views(&self, caller: &Caller) -> Result<Vec<SavedView>, Error> {
        let owner = user_id(caller).unwrap_or_default();
        let views = db::saved_views::list(&mut *self.0.database.read().await?, owner).await?;
        Ok(views.into_iter().filter(|view| view.is_seen_by(caller)).collect())
    }

    /// Keeps a view of the signed-in user.
    pub async fn create_saved_view(&self, caller: &Caller, new: NewSavedView) -> Result<SavedView, Error> {
        let Principal::User { id: owner_id, email: owner, .. } = &caller.principal else {
            return Err(Error::forbidden("only a user who signed in saves views"));
        };
        let now = self.0.world.now();
        let view = SavedView {
            id: self.0.world.entry_id().to_string(),
            project: new.project,
            owner_id: owner_id.clone(),
            owner: owner.clone(),
            page: new.page,
            name: name(&new.name)?,
            query: query(&new.query)?,
            shared_at: (new.sharing == Sharing::Shared).then_some(now),
            version: 1,
            created_at: now,
            updated_at: now,
            updated_by: label(caller),
        };
        let act = act("VIEW_CREATE", "save", &view).reason(new.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, view).await;
        self.finish(pending, done).await
    }

    /// Changes a view that the caller sees; a shared one only if the caller may edit what people share.
    pub async fn update_saved_view(
        &self,
        caller: &Caller,
        id: &str,
        update: SavedViewUpdate,
    ) -> Result<SavedView, Error> {
        let update = SavedViewUpdate {
            name: update.name.as_deref().map(name).transpose()?,
            query: update.query.as_deref().map(query).transpose()?,
            ..update
        };
        let before = find(&mut *self.0.database.read().await?, caller, id).await?;
        let (action, verb) = match update.sharing {
            Some(Sharing::Shared) if before.sharing() == Sharing::Own => ("VIEW_SHARE", "share"),
            Some(Sharing::Own) if before.sharing() == Sharing::Shared => ("VIEW_UNSHARE", "stop sharing"),
            _ => ("VIEW_UPDATE", "change"),
        };
        let act = act(action, verb, &before).reason(update.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = apply(pending.connection(), caller, id, &update, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Deletes a view, by the rules of changing it, and answers what it was.
    pub async fn delete_saved_view(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Result<SavedView, Error> {
        let before = find(&mut *self.0.database.read().await?, caller, id).await?;
        let mut pending = self.begin(caller, act("VIEW_DELETE", "delete", &before).reason(reason)).await?;
        let done = delete(pending.connection(), caller, id).await;
        self.finish(pending, done).await
    }
}

fn act(action: &'static str, verb: &str, view: &SavedView) -> Act {
    let description = format!("{verb} the view {:?} of the page {}", view.name, view.page.name());
    Act::new(action, Category::Configuration, description)
        .target("view", &view.id, Some(&view.name))
        .metadata("project", view.project.as_str())
}

fn user_id(caller: &Caller) -> Option<&str> {
    match &caller.principal {
        Principal::User { id, .. } => Some(id),
        _ => None,
    }
}

fn name(text: &str) -> Result<String, Error> {
    let name = noun::display_name(text)?;
    if name.is_empty() { Err(Error::invalid("name", "a view needs a name")) } else { Ok(name) }
}

fn query(text: &str) -> Result<String, Error> {
    let query = text.strip_prefix('?').unwrap_or(text);
    if query.len() > SAVED_VIEW_QUERY_BYTES_MAX {
        let message = format!("the query of a view has at most {SAVED_VIEW_QUERY_BYTES_MAX} bytes");
        return Err(Error { limit: Some("saved_view_query_bytes_max"), ..Error::invalid("query", message) });
    }
    if query.chars().any(|one| one.is_control() || one.is_whitespace()) {
        return Err(Error::invalid("query", "the query of a view is as it stands in a link: without spaces"));
    }
    Ok(query.to_owned())
}

async fn find(connection: &mut Connection, caller: &Caller, id: &str) -> Result<SavedView, Error> {
    let found = db::saved_views::find(connection, id).await?;
    found.filter(|view| view.is_seen_by(caller)).ok_or_else(|| Error::not_found("view", id))
}

async fn find_to_change(connection: &mut Connection, caller: &Caller, id: &str) -> Result<SavedView, Error> {
    let view = find(connection, caller, id).await?;
    if view.sharing() == Sharing::Shared {
        require(caller, Permission::Edit)?;
    }
    Ok(view)
}

async fn insert(connection: &mut Connection, caller: &Caller, view: SavedView) -> Result<Changed<SavedView>, Error> {
    let known = db::projects::find(connection, &view.project).await?.is_some();
    if !known || !caller.reaches(&view.project) {
        return Err(Error::not_found("project", view.project.as_str()));
    }
    check_place(connection, caller, None, &view).await?;
    db::saved_views::insert(connection, &view).await?;
    Ok(Changed { changes: differences(None, Some(&view)), value: view })
}

async fn apply(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    update: &SavedViewUpdate,
    now: Timestamp,
) -> Result<Changed<SavedView>, Error> {
    let before = find_to_change(connection, caller, id).await?;
    if update.version.is_some_and(|expected| expected != before.version) {
        let message = format!("the view is at version {} by now", before.version);
        return Err(Error { field: Some("version"), ..Error::conflict(message) });
    }
    let mut after = before.clone();
    after.name = update.name.clone().unwrap_or(after.name);
    after.query = update.query.clone().unwrap_or(after.query);
    after.shared_at = match update.sharing {
        Some(Sharing::Shared) => before.shared_at.or(Some(now)),
        Some(Sharing::Own) => None,
        None => before.shared_at,
    };
    (after.version, after.updated_at, after.updated_by) = (before.version + 1, now, label(caller));
    check_place(connection, caller, Some(&before), &after).await?;
    db::saved_views::update(connection, &after).await?;
    Ok(Changed { changes: differences(Some(&before), Some(&after)), value: after })
}

async fn delete(connection: &mut Connection, caller: &Caller, id: &str) -> Result<Changed<SavedView>, Error> {
    let view = find_to_change(connection, caller, id).await?;
    db::saved_views::delete(connection, id).await?;
    Ok(Changed { changes: differences(Some(&view), None), value: view })
}

/// Whether a view may stand where it is to stand: among those of its owner, or among the shared ones of its project.
async fn check_place(
    connection: &mut Connection,
    caller: &Caller,
    before: Option<&SavedView>,
    view: &SavedView,
) -> Result<(), Error> {
    let sharing = view.sharing();
    if sharing == Sharing::Shared {
        require(caller, Permission::Edit)?;
    }
    let beside = |other: &SavedView| {
        let same =
            if sharing == Sharing::Shared { other.project == view.project } else { other.owner_id == view.owner_id };
        other.id != view.id && other.sharing() == sharing && same
    };
    let mut others = db::saved_views::list(connection, &view.owner_id).await?;
    others.retain(beside);
    let is_taken = |other: &SavedView| {
        (&other.project, other.page, other.name.as_str()) == (&view.project, view.page, view.name.as_str())
    };
    if others.iter().any(is_taken) {
        let message = format!("there is a view {:?} of the page {} already", view.name, view.page.name());
        return Err(Error { field: Some("name"), ..Error::conflict(message) });
    }
    let (limit, most) = match sharing {
        Sharing::Own => ("saved_views_per_user_max", SAVED_VIEWS_PER_USER_MAX),
        Sharing::Shared => ("saved_views_shared_max", SAVED_VIEWS_SHARED_MAX),
    };
    let comes = before.is_none_or(|before| before.sharing() != sharing);
    if comes && others.len() >= most {
        let message = format!("there are {most} views already: delete one first");
        return Err(Error { limit: Some(limit), ..Error::conflict(message) });
    }
    Ok(())
}

/// What the trail says of a change: every field of a view that came or went.
fn differences(before: Option<&SavedView>, after: Option<&SavedView>) -> Vec<Change> {
    let of = |name: &str, field: fn(&SavedView) -> String| change(name, before.map(field), after.map(field));
    let changes = [
        of("name", |view| view.name.clone()),
        of("project", |view| view.project.to_string()),
        of("page", |view| view.page.name().to_owned()),
        of("query", |view| view.query.clone()),
        of("sharing", |view| if view.shared_at.is_some() { "shared" } else { "own" }.to_owned()),
    ];
    changes.into_iter().flatten().collect()
}
