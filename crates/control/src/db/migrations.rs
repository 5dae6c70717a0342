//! Steps from an empty database to the present one: forward only, one statement each, safe to run twice.

use sha2::{Digest, Sha256};
use sqlx::Connection as _;
use whodunit_stdx::{ErrorKind, Timestamp};

use super::{Connection, Dialect, failed, row};
use crate::error::Error;

struct Step {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

macro_rules! step {
    ($number:literal, $name:literal) => {
        Step { number: $number, name: $name, sql: include_str!(concat!("migrations/", $name, ".sql")) }
    };
}

/// Append only: an applied step is history (C-3).
const STEPS: &[Step] = &[
    step!(1, "0001_create_control_state"),
    step!(2, "0002_fill_control_state"),
    step!(3, "0003_create_user"),
    step!(4, "0004_create_session"),
    step!(5, "0005_create_session_by_user"),
    step!(6, "0006_create_setup_token"),
    step!(7, "0007_create_project"),
    step!(8, "0008_create_key"),
    step!(9, "0009_create_key_project"),
    step!(10, "0010_create_setting"),
    step!(11, "0011_create_setting_version"),
    step!(12, "0012_create_scram"),
    step!(13, "0013_create_key_verifier"),
    step!(14, "0014_create_source"),
    step!(15, "0015_create_saved_view"),
    step!(16, "0016_create_case"),
    step!(17, "0017_create_case_item"),
    step!(18, "0018_create_issue"),
    step!(19, "0019_create_issue_change"),
    step!(20, "0020_create_issue_comment"),
    step!(21, "0021_create_issue_sighting"),
    step!(22, "0022_create_issue_release"),
    step!(23, "0023_create_issue_place"),
];

const CREATE_MIGRATION: &str = "
CREATE TABLE IF NOT EXISTS migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";

/// Any fixed number, the same in every Whodunit: "whodunit" in ASCII.
const ADVISORY_LOCK: i64 = 0x77_68_6f_64_75_6e_69_74;

/// Applies what is missing, in one transaction: either all of it is there afterwards, or none.
pub async fn apply(connection: &mut Connection, dialect: Dialect, now: Timestamp) -> Result<(), Error> {
    let begin = match dialect {
        // Takes SQLite's write lock at once, so that two starting servers go one after the other.
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
    };
    let mut transaction = connection.begin_with(begin).await.map_err(failed)?;
    if dialect == Dialect::Postgres {
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(ADVISORY_LOCK);
        lock.execute(&mut *transaction).await.map_err(failed)?;
    }
    sqlx::query(CREATE_MIGRATION).execute(&mut *transaction).await.map_err(failed)?;
    let applied = applied(&mut transaction).await?;
    check_history(&applied)?;
    for step in &STEPS[applied.len()..] {
        sqlx::query(step.sql).execute(&mut *transaction).await.map_err(|error| step_failed(step, error))?;
        remember(&mut transaction, step, now).await?;
    }
    transaction.commit().await.map_err(failed)
}

async fn applied(connection: &mut Connection) -> Result<Vec<(i64, String)>, Error> {
    let rows = sqlx::query("SELECT number, checksum FROM migration ORDER BY number")
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.iter().map(|row| Ok((row::integer(row, "number")?, row::text(row, "checksum")?))).collect()
}

async fn remember(connection: &mut Connection, step: &Step, now: Timestamp) -> Result<(), Error> {
    sqlx::query("INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)")
        .bind(step.number)
        .bind(step.name)
        .bind(checksum(step))
        .bind(now.0)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// What was applied must be the beginning of what we know.
fn check_history(applied: &[(i64, String)]) -> Result<(), Error> {
    if applied.len() > STEPS.len() {
        let message = format!(
            "the control database is at step {}, this program knows {}: it is older",
            applied.len(),
            STEPS.len()
        );
        return Err(Error::new(ErrorKind::Unavailable, message));
    }
    for ((number, found), step) in applied.iter().zip(STEPS) {
        if *number != step.number || *found != checksum(step) {
            let message = format!("step {number} of the control database is not {} of this program", step.name);
            return Err(Error::new(ErrorKind::Corrupt, message));
        }
    }
    Ok(())
}

fn checksum(step: &Step) -> String {
    hex::encode(Sha256::digest(step.sql.as_bytes()))
}

fn step_failed(step: &Step, error: sqlx::Error) -> Error {
    Error::caused_by(ErrorKind::Internal, format!("migration {} failed", step.name), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_gaps_and_hold_one_statement() {
        for (index, step) in STEPS.iter().enumerate() {
            assert_eq!(step.number, index as i64 + 1);
            assert!(step.name.starts_with(&format!("{:04}_", step.number)), "{}", step.name);
            let code: Vec<&str> = step.sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
            assert!(!code.join("\n").contains(';'), "{}", step.name);
        }
    }

    #[test]
    fn the_schema_is_the_sum_of_the_steps() {
        let schema = include_str!("schema.sql");
        for sql in STEPS.iter().map(|step| step.sql).chain([CREATE_MIGRATION]) {
            assert!(schema.contains(sql.trim()), "schema.sql lacks: {sql}");
        }
    }

    #[test]
    fn a_changed_or_unknown_step_is_refused() {
        let known: Vec<_> = STEPS.iter().map(|step| (step.number, checksum(step))).collect();
        assert!(check_history(&known[..3]).is_ok());
        let changed = vec![(1, "0".repeat(64))];
        assert_eq!(check_history(&changed).expect_err("changed").kind, ErrorKind::Corrupt);
        let newer: Vec<_> = known.into_iter().chain([(STEPS.len() as i64 + 1, String::new())]).collect();
        assert_eq!(check_history(&newer).expect_err("newer").kind, ErrorKind::Unavailable);
    }
}
