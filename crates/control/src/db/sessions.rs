//! Statements about sessions. None of them touches the directory, so none needs a turn in `control_state`.

use sqlx::any::AnyRow;
use whodunit_stdx::Timestamp;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::noun::{User, UserSession};
use crate::secret::Hash;

/// Starts a session, if the user may still sign in with the password that was just verified.
/// `false` means that the user was disabled or the password changed in between.
pub async fn insert(
    connection: &mut Connection,
    session: &UserSession,
    token: &Hash,
    verified_password_hash: &str,
) -> Result<bool, Error> {
    let sql = "INSERT INTO session (id, user_id, token_hash, created_at, last_seen_at, expires_at, ip, user_agent)
        SELECT $1, id, $3, $4, $5, $6, $7, $8 FROM \"user\"
        WHERE id = $2 AND password_hash = $9 AND disabled_at IS NULL";
    let done = sqlx::query(sql)
        .bind(&session.id)
        .bind(&session.user_id)
        .bind(hex::encode(token))
        .bind(session.created_at.0)
        .bind(session.last_seen_at.0)
        .bind(session.expires_at.0)
        .bind(session.ip.as_deref())
        .bind(session.user_agent.as_deref())
        .bind(verified_password_hash)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() == 1)
}

/// The session of a token and its user, unless the user is disabled.
pub async fn find(connection: &mut Connection, token: &Hash) -> Result<Option<(UserSession, User)>, Error> {
    let sql = "SELECT s.id AS session_id, s.user_id, s.created_at AS session_created_at, s.last_seen_at, s.expires_at,
            s.ip, s.user_agent, u.id, u.email, u.name, u.role, u.created_at, u.disabled_at, u.last_sign_in_at
        FROM session s JOIN \"user\" u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND u.disabled_at IS NULL";
    let row = sqlx::query(sql).bind(hex::encode(token)).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(|row| Ok((session(row)?, super::users::user(row)?))).transpose()
}

/// Sessions of one user that have not reached their absolute end, oldest first.
pub async fn list(connection: &mut Connection, user_id: &str, now: Timestamp) -> Result<Vec<UserSession>, Error> {
    let sql =
        "SELECT id AS session_id, user_id, created_at AS session_created_at, last_seen_at, expires_at, ip, user_agent
        FROM session WHERE user_id = $1 AND expires_at > $2 ORDER BY id";
    let rows = sqlx::query(sql).bind(user_id).bind(now.0).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(session).collect()
}

pub async fn touch(connection: &mut Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    sqlx::query(sql).bind(id).bind(now.0).execute(connection).await.map(drop).map_err(failed)
}

pub async fn delete(connection: &mut Connection, user_id: &str, id: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM session WHERE id = $2 AND user_id = $1";
    let done = sqlx::query(sql).bind(user_id).bind(id).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a user but one; says how many.
pub async fn delete_of_user(connection: &mut Connection, user_id: &str, except: Option<&str>) -> Result<u64, Error> {
    let sql = "DELETE FROM session WHERE user_id = $1 AND id <> $2";
    let done = sqlx::query(sql).bind(user_id).bind(except.unwrap_or("")).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected())
}

/// Forgets sessions that ended by themselves.
pub async fn delete_expired(connection: &mut Connection, now: Timestamp, idle_since: Timestamp) -> Result<u64, Error> {
    let sql = "DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2";
    let done = sqlx::query(sql).bind(now.0).bind(idle_since.0).execute(connection).await.map_err(failed)?;
    Ok(done.rows_affected())
}

fn session(row: &AnyRow) -> Result<UserSession, Error> {
    Ok(UserSession {
        id: row::text(row, "session_id")?,
        user_id: row::text(row, "user_id")?,
        created_at: row::instant(row, "session_created_at")?,
        last_seen_at: row::instant(row, "last_seen_at")?,
        expires_at: row::instant(row, "expires_at")?,
        ip: row::text_option(row, "ip")?,
        user_agent: row::text_option(row, "user_agent")?,
    })
}
