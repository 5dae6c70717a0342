//! Statements about keys.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use whodunit_model::{Project, Scope};
use whodunit_stdx::Timestamp;

use super::{Connection, conflict_or_failed, failed, row};
use crate::error::Error;
use crate::noun::{Key, KeyKind};
use crate::secret::Hash;

pub async fn list(connection: &mut Connection) -> Result<Vec<Key>, Error> {
    let sql = "SELECT id, kind, name, hint, public_id, scopes, reach, created_at, created_by, expires_at, revoked_at, last_used_at
        FROM \"key\" ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(&mut *connection).await.map_err(failed)?;
    let mut projects = projects_by_key(connection).await?;
    rows.iter().map(|row| key(row, &mut projects)).collect()
}

/// Keys that were not revoked, with the hash of their secret.
pub async fn list_active(connection: &mut Connection) -> Result<Vec<(Hash, Key)>, Error> {
    let sql = "SELECT id, kind, name, secret_hash, hint, public_id, scopes, reach, created_at, created_by, expires_at, revoked_at,
            last_used_at
        FROM \"key\" WHERE revoked_at IS NULL ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(&mut *connection).await.map_err(failed)?;
    let mut projects = projects_by_key(connection).await?;
    rows.iter().map(|row| Ok((row::word(row, "secret_hash", hash)?, key(row, &mut projects)?))).collect()
}

pub async fn find(connection: &mut Connection, id: &str) -> Result<Option<Key>, Error> {
    let sql = "SELECT id, kind, name, hint, public_id, scopes, reach, created_at, created_by, expires_at, revoked_at, last_used_at
        FROM \"key\" WHERE id = $1";
    let row = sqlx::query(sql).bind(id).fetch_optional(&mut *connection).await.map_err(failed)?;
    let mut projects = projects_by_key(connection).await?;
    row.as_ref().map(|row| key(row, &mut projects)).transpose()
}

pub async fn count(connection: &mut Connection) -> Result<i64, Error> {
    let row = sqlx::query("SELECT COUNT(*) AS key_count FROM \"key\"").fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "key_count")
}

pub async fn insert(connection: &mut Connection, key: &Key, secret: &Hash) -> Result<(), Error> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    let sql = "INSERT INTO \"key\"
            (id, kind, name, secret_hash, hint, public_id, scopes, reach, created_at, created_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(sql)
        .bind(&key.id)
        .bind(key.kind.name())
        .bind(&key.name)
        .bind(hex::encode(secret))
        .bind(&key.hint)
        .bind(key.public_id.as_deref())
        .bind(scopes.join(" "))
        .bind(if key.projects.is_some() { "listed" } else { "all" })
        .bind(key.created_at.0)
        .bind(&key.created_by)
        .bind(key.expires_at.map(|at| at.0))
        .execute(&mut *connection)
        .await
        .map_err(|error| conflict_or_failed(error, || "there is a key with this secret already".to_owned()))?;
    for project in key.projects.iter().flatten() {
        insert_project(connection, &key.id, project).await?;
    }
    Ok(())
}

async fn insert_project(connection: &mut Connection, key_id: &str, project: &Project) -> Result<(), Error> {
    let sql = "INSERT INTO key_project (key_id, project_number) SELECT $1, number FROM project WHERE slug = $2";
    let done = sqlx::query(sql).bind(key_id).bind(project.as_str()).execute(connection).await.map_err(failed)?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::not_found("project", project.as_str())) }
}

pub async fn revoke(connection: &mut Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE \"key\" SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    sqlx::query(sql).bind(id).bind(now.0).execute(connection).await.map(drop).map_err(failed)
}

pub async fn set_last_used(connection: &mut Connection, id: &str, at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE \"key\" SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    sqlx::query(sql).bind(id).bind(at.0).execute(connection).await.map(drop).map_err(failed)
}

async fn projects_by_key(connection: &mut Connection) -> Result<HashMap<String, Vec<Project>>, Error> {
    let sql = "SELECT k.key_id, p.slug FROM key_project k JOIN project p ON p.number = k.project_number
        ORDER BY k.key_id, k.project_number";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    let mut by_key: HashMap<String, Vec<Project>> = HashMap::new();
    for row in &rows {
        let project = row::word(row, "slug", |slug| Project::parse(slug).ok())?;
        by_key.entry(row::text(row, "key_id")?).or_default().push(project);
    }
    Ok(by_key)
}

fn key(row: &AnyRow, projects: &mut HashMap<String, Vec<Project>>) -> Result<Key, Error> {
    let id = row::text(row, "id")?;
    let listed = row::word(row, "reach", |reach| match reach {
        "listed" => Some(true),
        "all" => Some(false),
        _ => None,
    })?;
    Ok(Key {
        kind: row::word(row, "kind", KeyKind::from_name)?,
        name: row::text(row, "name")?,
        hint: row::text(row, "hint")?,
        public_id: row::text_option(row, "public_id")?,
        scopes: row::word(row, "scopes", |names| names.split_whitespace().map(Scope::from_name).collect())?,
        projects: listed.then(|| projects.remove(&id).unwrap_or_default()),
        created_at: row::instant(row, "created_at")?,
        created_by: row::text(row, "created_by")?,
        expires_at: row::instant_option(row, "expires_at")?,
        revoked_at: row::instant_option(row, "revoked_at")?,
        last_used_at: row::instant_option(row, "last_used_at")?,
        id,
    })
}

fn hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
}
