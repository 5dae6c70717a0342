//! Projects: made, renamed for people, archived. The slug stays, since rows are stored under it.

use whodunit_model::{Caller, Permission, Project};
use whodunit_stdx::Timestamp;

use crate::core::{Changed, Control, change, require, require_whole};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, ProjectRecord};
use crate::trail::{Act, Category};

/// A project to be made.
#[derive(Clone, Debug)]
pub struct NewProject {
    pub slug: String,
    /// `None` takes the slug.
    pub name: Option<String>,
    pub reason: Option<String>,
}

/// What to change of a project; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct ProjectUpdate {
    pub name: Option<String>,
    /// Archived, its ingest keys stop working; its data stays and can be read.
    pub archived: Option<bool>,
    pub reason: Option<String>,
}

impl Control {
    /// All projects by number, archived ones and Whodunit's own included.
    pub async fn projects(&self) -> Result<Vec<ProjectRecord>, Error> {
        db::projects::list(&mut *self.0.database.read().await?).await
    }

    pub async fn create_project(&self, caller: &Caller, new: NewProject) -> Result<ProjectRecord, Error> {
        let slug = Project::parse(&new.slug).map_err(|error| Error::invalid("slug", error.to_string()))?;
        let name = project_name(new.name.as_deref().unwrap_or(slug.as_str()))?;
        let created_at = self.0.world.now();
        let project = ProjectRecord { number: 0, slug, name, created_at, archived_at: None };
        let act = Act::new("PROJECT_CREATE", Category::Configuration, format!("make the project {}", project.slug))
            .target("project", project.slug.as_str(), Some(&project.name))
            .reason(new.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, project).await;
        self.finish(pending, done).await
    }

    pub async fn update_project(
        &self,
        caller: &Caller,
        slug: &str,
        update: ProjectUpdate,
    ) -> Result<ProjectRecord, Error> {
        let project = Project::parse(slug).map_err(|_| Error::not_found("project", slug))?;
        let update = ProjectUpdate { name: update.name.as_deref().map(project_name).transpose()?, ..update };
        let action = match update.archived {
            Some(true) => "PROJECT_ARCHIVE",
            Some(false) => "PROJECT_RESTORE",
            None => "PROJECT_UPDATE",
        };
        let act = Act::new(action, Category::Configuration, format!("change the project {project}"))
            .target("project", slug, None)
            .reason(update.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = apply(pending.connection(), caller, &project, &update, self.0.world.now()).await;
        self.finish(pending, done).await
    }
}

fn project_name(text: &str) -> Result<String, Error> {
    let name = noun::display_name(text)?;
    if name.is_empty() { Err(Error::invalid("name", "a project's name is not empty")) } else { Ok(name) }
}

async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    project: ProjectRecord,
) -> Result<Changed<ProjectRecord>, Error> {
    require(caller, Permission::Administer)?;
    require_whole(caller)?;
    if db::projects::find(connection, &project.slug).await?.is_some() {
        return Err(Error::conflict(format!("there is a project {} already", project.slug)));
    }
    let number = db::projects::next_number(connection).await?;
    let project = ProjectRecord { number, ..project };
    db::projects::insert(connection, &project).await?;
    let changes = [
        change("number", (), number),
        change("slug", (), project.slug.as_str()),
        change("name", (), project.name.as_str()),
    ];
    Ok(Changed { changes: changes.into_iter().flatten().collect(), value: project })
}

async fn apply(
    connection: &mut Connection,
    caller: &Caller,
    slug: &Project,
    update: &ProjectUpdate,
    now: Timestamp,
) -> Result<Changed<ProjectRecord>, Error> {
    require(caller, Permission::Administer)?;
    let reaches = caller.projects.as_ref().is_none_or(|projects| projects.contains(slug));
    let found = if reaches { db::projects::find(connection, slug).await? } else { None };
    let before = found.ok_or_else(|| Error::not_found("project", slug.as_str()))?;
    if slug.as_str() == Project::WHODUNIT {
        return Err(Error::conflict("Whodunit's own trail stays as it is"));
    }
    let mut after = before.clone();
    if let Some(name) = &update.name {
        after.name = name.clone();
    }
    after.archived_at = match update.archived {
        Some(true) => before.archived_at.or(Some(now)),
        Some(false) => None,
        None => before.archived_at,
    };
    db::projects::update(connection, &after).await?;
    let state = |project: &ProjectRecord| if project.archived_at.is_some() { "archived" } else { "active" };
    let changes =
        [change("name", before.name.as_str(), after.name.as_str()), change("state", state(&before), state(&after))];
    Ok(Changed { changes: changes.into_iter().flatten().collect(), value: after })
}
