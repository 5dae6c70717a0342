//! Statements about settings and their history.

use serde_json::Value;
use sqlx::any::AnyRow;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::noun::{Setting, SettingName, SettingSource, SettingVersion};

/// Settings that were ever changed. Names that this program does not know stay in the database for one that does.
pub async fn list(connection: &mut Connection) -> Result<Vec<Setting>, Error> {
    let sql = "SELECT name, value, version, changed_at, changed_by FROM setting ORDER BY name";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    rows.iter().filter_map(|row| setting(row).transpose()).collect()
}

pub async fn find(connection: &mut Connection, name: SettingName) -> Result<Option<Setting>, Error> {
    let sql = "SELECT name, value, version, changed_at, changed_by FROM setting WHERE name = $1";
    let row = sqlx::query(sql).bind(name.name()).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(setting).transpose().map(Option::flatten)
}

/// Makes a version the one in force and adds it to the history.
pub async fn save(connection: &mut Connection, name: SettingName, version: &SettingVersion) -> Result<(), Error> {
    let sql = "INSERT INTO setting (name, value, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    sqlx::query(sql)
        .bind(name.name())
        .bind(version.after.to_string())
        .bind(version.version)
        .bind(version.changed_at.0)
        .bind(&version.changed_by)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    let sql = "INSERT INTO setting_version
            (name, version, value_before, value_after, changed_at, changed_by, source, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    sqlx::query(sql)
        .bind(name.name())
        .bind(version.version)
        .bind(version.before.to_string())
        .bind(version.after.to_string())
        .bind(version.changed_at.0)
        .bind(&version.changed_by)
        .bind(version.source.name())
        .bind(version.reason.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// Newest first, at most `count`.
pub async fn history(connection: &mut Connection, name: SettingName, count: i64) -> Result<Vec<SettingVersion>, Error> {
    let sql = "SELECT version, value_before, value_after, changed_at, changed_by, source, reason
        FROM setting_version WHERE name = $1 ORDER BY version DESC LIMIT $2";
    let rows = sqlx::query(sql).bind(name.name()).bind(count).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(version).collect()
}

pub async fn find_version(
    connection: &mut Connection,
    name: SettingName,
    number: i64,
) -> Result<Option<SettingVersion>, Error> {
    let sql = "SELECT version, value_before, value_after, changed_at, changed_by, source, reason
        FROM setting_version WHERE name = $1 AND version = $2";
    let row = sqlx::query(sql).bind(name.name()).bind(number).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(version).transpose()
}

fn setting(row: &AnyRow) -> Result<Option<Setting>, Error> {
    let Some(name) = SettingName::from_name(&row::text(row, "name")?) else { return Ok(None) };
    Ok(Some(Setting {
        name,
        value: row::word(row, "value", json)?,
        version: row::integer(row, "version")?,
        changed_at: Some(row::instant(row, "changed_at")?),
        changed_by: Some(row::text(row, "changed_by")?),
    }))
}

fn version(row: &AnyRow) -> Result<SettingVersion, Error> {
    Ok(SettingVersion {
        version: row::integer(row, "version")?,
        before: row::word(row, "value_before", json)?,
        after: row::word(row, "value_after", json)?,
        changed_at: row::instant(row, "changed_at")?,
        changed_by: row::text(row, "changed_by")?,
        source: row::word(row, "source", SettingSource::from_name)?,
        reason: row::text_option(row, "reason")?,
    })
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}
