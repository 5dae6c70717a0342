//! Statements about saved views.

use sqlx::any::AnyRow;
use whodunit_model::Project;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::noun::{SavedView, ViewPage};

/// The user's own views and all that are shared, by page and name.
pub async fn list(connection: &mut Connection, owner_id: &str) -> Result<Vec<SavedView>, Error> {
    let sql = "SELECT v.id, v.project, v.owner_id, u.email AS owner, v.page, v.name, v.query, v.shared_at, v.version,
            v.created_at, v.updated_at, v.updated_by
        FROM saved_view v JOIN \"user\" u ON u.id = v.owner_id
        WHERE v.owner_id = $1 OR v.shared_at IS NOT NULL ORDER BY v.page, v.name, v.id";
    let rows = sqlx::query(sql).bind(owner_id).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(saved_view).collect()
}

pub async fn find(connection: &mut Connection, id: &str) -> Result<Option<SavedView>, Error> {
    let sql = "SELECT v.id, v.project, v.owner_id, u.email AS owner, v.page, v.name, v.query, v.shared_at, v.version,
            v.created_at, v.updated_at, v.updated_by
        FROM saved_view v JOIN \"user\" u ON u.id = v.owner_id WHERE v.id = $1";
    let row = sqlx::query(sql).bind(id).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(saved_view).transpose()
}

pub async fn insert(connection: &mut Connection, view: &SavedView) -> Result<(), Error> {
    let sql = "INSERT INTO saved_view
            (id, project, owner_id, page, name, query, shared_at, version, created_at, updated_at, updated_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(sql)
        .bind(&view.id)
        .bind(view.project.as_str())
        .bind(&view.owner_id)
        .bind(view.page.name())
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.shared_at.map(|at| at.0))
        .bind(view.version)
        .bind(view.created_at.0)
        .bind(view.updated_at.0)
        .bind(&view.updated_by)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn update(connection: &mut Connection, view: &SavedView) -> Result<(), Error> {
    let sql = "UPDATE saved_view
        SET name = $2, query = $3, shared_at = $4, version = $5, updated_at = $6, updated_by = $7 WHERE id = $1";
    sqlx::query(sql)
        .bind(&view.id)
        .bind(&view.name)
        .bind(&view.query)
        .bind(view.shared_at.map(|at| at.0))
        .bind(view.version)
        .bind(view.updated_at.0)
        .bind(&view.updated_by)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn delete(connection: &mut Connection, id: &str) -> Result<(), Error> {
    let sql = "DELETE FROM saved_view WHERE id = $1";
    sqlx::query(sql).bind(id).execute(connection).await.map(drop).map_err(failed)
}

fn saved_view(row: &AnyRow) -> Result<SavedView, Error> {
    Ok(SavedView {
        id: row::text(row, "id")?,
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        owner_id: row::text(row, "owner_id")?,
        owner: row::text(row, "owner")?,
        page: row::word(row, "page", ViewPage::from_name)?,
        name: row::text(row, "name")?,
        query: row::text(row, "query")?,
        shared_at: row::instant_option(row, "shared_at")?,
        version: row::integer(row, "version")?,
        created_at: row::instant(row, "created_at")?,
        updated_at: row::instant(row, "updated_at")?,
        updated_by: row::text(row, "updated_by")?,
    })
}
