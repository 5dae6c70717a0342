//! Statements about the one-time link of the set-up.

use whodunit_stdx::Timestamp;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::secret::Hash;

/// Makes `token` the only one that works.
pub async fn replace(connection: &mut Connection, token: &Hash, now: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO setup_token (id, token_hash, created_at) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at";
    sqlx::query(sql).bind(hex::encode(token)).bind(now.0).execute(connection).await.map(drop).map_err(failed)
}

pub async fn matches(connection: &mut Connection, token: &Hash) -> Result<bool, Error> {
    let sql = "SELECT COUNT(*) AS matching FROM setup_token WHERE id = 1 AND token_hash = $1";
    let row = sqlx::query(sql).bind(hex::encode(token)).fetch_one(connection).await.map_err(failed)?;
    Ok(row::integer(&row, "matching")? == 1)
}

pub async fn delete(connection: &mut Connection) -> Result<(), Error> {
    sqlx::query("DELETE FROM setup_token WHERE id = 1").execute(connection).await.map(drop).map_err(failed)
}
