//! Statements about projects.

use sqlx::any::AnyRow;
use whodunit_model::Project;
use whodunit_stdx::Timestamp;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::noun::ProjectRecord;

pub async fn list(connection: &mut Connection) -> Result<Vec<ProjectRecord>, Error> {
    let sql = "SELECT number, slug, name, created_at, archived_at FROM project ORDER BY number";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(project).collect()
}

pub async fn find(connection: &mut Connection, slug: &Project) -> Result<Option<ProjectRecord>, Error> {
    let sql = "SELECT number, slug, name, created_at, archived_at FROM project WHERE slug = $1";
    let row = sqlx::query(sql).bind(slug.as_str()).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(project).transpose()
}

/// The number of the next project; safe because changes are serial (C-1).
pub async fn next_number(connection: &mut Connection) -> Result<i64, Error> {
    let row = sqlx::query("SELECT MAX(number) + 1 AS next_number FROM project")
        .fetch_one(connection)
        .await
        .map_err(failed)?;
    row::integer(&row, "next_number")
}

pub async fn insert(connection: &mut Connection, project: &ProjectRecord) -> Result<(), Error> {
    sqlx::query("INSERT INTO project (number, slug, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(project.number)
        .bind(project.slug.as_str())
        .bind(&project.name)
        .bind(project.created_at.0)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// Makes the projects that every installation has, unless they are there.
pub async fn insert_first(connection: &mut Connection, now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO project (number, slug, name, created_at)
        VALUES (0, 'whodunit', 'Whodunit', $1), (1, 'default', 'Default', $1) ON CONFLICT (number) DO NOTHING",
    )
    .bind(now.0)
    .execute(connection)
    .await
    .map(drop)
    .map_err(failed)
}

pub async fn update(connection: &mut Connection, project: &ProjectRecord) -> Result<(), Error> {
    sqlx::query("UPDATE project SET name = $2, archived_at = $3 WHERE number = $1")
        .bind(project.number)
        .bind(&project.name)
        .bind(project.archived_at.map(|at| at.0))
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

fn project(row: &AnyRow) -> Result<ProjectRecord, Error> {
    Ok(ProjectRecord {
        number: row::integer(row, "number")?,
        slug: row::word(row, "slug", |slug| Project::parse(slug).ok())?,
        name: row::text(row, "name")?,
        created_at: row::instant(row, "created_at")?,
        archived_at: row::instant_option(row, "archived_at")?,
    })
}
