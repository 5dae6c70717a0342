//! Statements about verifiers of keys, and what they are made with.

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::scram::{Parameters, Verifier};
use crate::secret::Hash;

/// Keeps `parameters` unless there are some already.
pub async fn insert_first(connection: &mut Connection, parameters: &Parameters) -> Result<(), Error> {
    let sql = "INSERT INTO scram (id, salt, iterations) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql)
        .bind(hex::encode(parameters.salt))
        .bind(i64::from(parameters.iterations.get()))
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn parameters(connection: &mut Connection) -> Result<Parameters, Error> {
    let sql = "SELECT salt, iterations FROM scram WHERE id = 1";
    let row = sqlx::query(sql).fetch_one(connection).await.map_err(failed)?;
    let iterations = row::integer(&row, "iterations")?;
    let counted = u32::try_from(iterations).ok().and_then(NonZeroU32::new);
    Ok(Parameters {
        salt: row::word(&row, "salt", bytes)?,
        iterations: counted.ok_or_else(|| row::damaged("iterations", &iterations.to_string()))?,
    })
}

pub async fn insert(connection: &mut Connection, key_id: &str, verifier: &Verifier) -> Result<(), Error> {
    let sql = "INSERT INTO key_verifier (key_id, stored_key, server_key) VALUES ($1, $2, $3)";
    sqlx::query(sql)
        .bind(key_id)
        .bind(hex::encode(verifier.stored_key))
        .bind(hex::encode(verifier.server_key))
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// Verifiers of keys that were not revoked, by the id of their key.
pub async fn list_active(connection: &mut Connection) -> Result<HashMap<String, Verifier>, Error> {
    let sql = "SELECT v.key_id, v.stored_key, v.server_key
        FROM key_verifier v JOIN \"key\" k ON k.id = v.key_id WHERE k.revoked_at IS NULL ORDER BY v.key_id";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    let verifier = |row| {
        let stored_key: Hash = row::word(row, "stored_key", bytes)?;
        Ok((row::text(row, "key_id")?, Verifier { stored_key, server_key: row::word(row, "server_key", bytes)? }))
    };
    rows.iter().map(verifier).collect()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}
