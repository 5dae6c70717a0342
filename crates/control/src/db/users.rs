//! Statements about users.

use sqlx::any::AnyRow;
use whodunit_model::Role;
use whodunit_stdx::Timestamp;

use super::{Connection, conflict_or_failed, failed, row};
use crate::error::Error;
use crate::noun::User;

/// What verifying a password needs.
pub struct Credentials {
    pub user: User,
    pub password_hash: String,
}

pub async fn list(connection: &mut Connection) -> Result<Vec<User>, Error> {
    let sql = "SELECT id, email, name, role, created_at, disabled_at, last_sign_in_at FROM \"user\" ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(user).collect()
}

pub async fn find(connection: &mut Connection, id: &str) -> Result<Option<User>, Error> {
    let sql = "SELECT id, email, name, role, created_at, disabled_at, last_sign_in_at FROM \"user\" WHERE id = $1";
    let row = sqlx::query(sql).bind(id).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(user).transpose()
}

pub async fn credentials_by_email(connection: &mut Connection, email: &str) -> Result<Option<Credentials>, Error> {
    let sql = "SELECT id, email, name, role, created_at, disabled_at, last_sign_in_at, password_hash
        FROM \"user\" WHERE email = $1";
    let row = sqlx::query(sql).bind(email).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(credentials_of).transpose()
}

pub async fn credentials(connection: &mut Connection, id: &str) -> Result<Option<Credentials>, Error> {
    let sql = "SELECT id, email, name, role, created_at, disabled_at, last_sign_in_at, password_hash
        FROM \"user\" WHERE id = $1";
    let row = sqlx::query(sql).bind(id).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(credentials_of).transpose()
}

pub async fn insert(connection: &mut Connection, user: &User, password_hash: &str) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO \"user\" (id, email, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&user.id)
    .bind(&user.email)
    .bind(&user.name)
    .bind(user.role.name())
    .bind(password_hash)
    .bind(user.created_at.0)
    .execute(connection)
    .await
    .map(drop)
    .map_err(|error| conflict_or_failed(error, || format!("there is a user {} already", user.email)))
}

pub async fn update(connection: &mut Connection, user: &User) -> Result<(), Error> {
    sqlx::query("UPDATE \"user\" SET name = $2, role = $3, disabled_at = $4 WHERE id = $1")
        .bind(&user.id)
        .bind(&user.name)
        .bind(user.role.name())
        .bind(user.disabled_at.map(|at| at.0))
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn set_password_hash(connection: &mut Connection, id: &str, password_hash: &str) -> Result<(), Error> {
    let sql = "UPDATE \"user\" SET password_hash = $2 WHERE id = $1";
    sqlx::query(sql).bind(id).bind(password_hash).execute(connection).await.map(drop).map_err(failed)
}

pub async fn set_last_sign_in(connection: &mut Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE \"user\" SET last_sign_in_at = $2 WHERE id = $1";
    sqlx::query(sql).bind(id).bind(now.0).execute(connection).await.map(drop).map_err(failed)
}

/// How many users there are at all.
pub async fn count(connection: &mut Connection) -> Result<i64, Error> {
    let row = sqlx::query("SELECT COUNT(*) AS users FROM \"user\"").fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "users")
}

/// How many owners can sign in, without counting the user `except`.
pub async fn count_owners(connection: &mut Connection, except: Option<&str>) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) AS owners FROM \"user\" WHERE role = 'owner' AND disabled_at IS NULL AND id <> $1";
    let row = sqlx::query(sql).bind(except.unwrap_or("")).fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "owners")
}

/// Columns of a user, in whatever statement they were listed.
pub fn user(row: &AnyRow) -> Result<User, Error> {
    Ok(User {
        id: row::text(row, "id")?,
        email: row::text(row, "email")?,
        name: row::text(row, "name")?,
        role: row::word(row, "role", Role::from_name)?,
        created_at: row::instant(row, "created_at")?,
        disabled_at: row::instant_option(row, "disabled_at")?,
        last_sign_in_at: row::instant_option(row, "last_sign_in_at")?,
    })
}

fn credentials_of(row: &AnyRow) -> Result<Credentials, Error> {
    Ok(Credentials { user: user(row)?, password_hash: row::text(row, "password_hash")? })
}
