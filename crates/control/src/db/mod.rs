//! The control database: the only room with SQL to it. SQLite and PostgreSQL get the same statements.
//!
//! What both understand is small and enough: `$1` parameters, TEXT and BIGINT, `ON CONFLICT`, CHECK constraints.
//! Booleans are instants (`revoked_at IS NULL`), hashes are hexadecimal texts. The few things that differ (how a
//! connection is set up, how two starting servers keep apart) are in this file.
//!
//! - C-1: every change of what a [`crate::Directory`] holds starts with [`Database::change`], which takes the one row of
//!   `control_state`. So changes are serial on any number of nodes, and "the last owner stays" can be checked by
//!   counting.
//! - C-2: `revision` grows with each of them; a directory loaded at a revision holds all changes up to it.
//! - C-3: a migration is never edited once it was applied; its checksum says so.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod cases;
pub mod issues;
pub mod sightings;
pub mod sessions;
pub mod users;
pub mod keys;
pub mod projects;
pub mod saved_views;
pub mod scram;
pub mod settings;
pub mod setup;
pub mod sources;
mod migrations;
mod row;

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool};
use whodunit_stdx::{ErrorKind, World};

use crate::error::Error;

/// One connection, in a transaction or not.
pub type Connection = sqlx::AnyConnection;

/// A transaction; dropped, it is undone. One that [`Database::change`] started holds the lock of `control_state`.
pub type Transaction = sqlx::Transaction<'static, Any>;

/// Connections of one process.
const CONNECTIONS_MAX: u32 = 8;
/// Longest wait for one of them.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub struct Database {
    pool: AnyPool,
    dialect: Dialect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Database {
    /// Opens the database at a path (SQLite; made if missing) or a `postgres://` URL, and brings it up to date.
    pub async fn open(place: &str, world: &World) -> Result<Database, Error> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = resolve(place)?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| Box::pin(prepare(connection, dialect)))
            .connect(&url)
            .await
            .map_err(|error| Error::caused_by(ErrorKind::Unavailable, cannot_open(place, dialect), error))?;
        let database = Database { pool, dialect };
        let mut connection = database.read().await?;
        migrations::apply(&mut connection, dialect, world.now()).await?;
        Ok(database)
    }

    /// A connection to read with, or for one statement that changes nothing in the directory.
    pub async fn read(&self) -> Result<PoolConnection<Any>, Error> {
        self.pool.acquire().await.map_err(failed)
    }

    /// Statements that belong together and change nothing in the directory; dropped, they are undone.
    pub async fn together(&self) -> Result<Transaction, Error> {
        self.pool.begin().await.map_err(failed)
    }

    /// Starts a change: waits for its turn (C-1) and counts the revision on (C-2).
    pub async fn change(&self) -> Result<Transaction, Error> {
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        sqlx::query("UPDATE control_state SET revision = revision + 1 WHERE id = 1")
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        Ok(transaction)
    }

    /// Writes the database as it is at one moment into a new file, while it is in use. False on PostgreSQL, which has
    /// tools of its own for that.
    pub async fn copy_to(&self, path: &str) -> Result<bool, Error> {
        if self.dialect == Dialect::Postgres {
            return Ok(false);
        }
        create_private(path)?;
        let mut connection = self.read().await?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(&mut *connection).await.map_err(failed)?;
        Ok(true)
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Makes a change permanent.
pub async fn commit(transaction: Transaction) -> Result<(), Error> {
    transaction.commit().await.map_err(failed)
}

/// The number of the last change.
pub async fn revision(connection: &mut Connection) -> Result<i64, Error> {
    let row =
        sqlx::query("SELECT revision FROM control_state WHERE id = 1").fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "revision")
}

/// What a failed statement means: a database that does not answer may answer later, anything else is a bug of ours.
fn failed(error: sqlx::Error) -> Error {
    let passing = match &error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    };
    let kind = if passing { ErrorKind::Unavailable } else { ErrorKind::Internal };
    Error::caused_by(kind, "the control database did not do what was asked", error)
}

/// PostgreSQL: connection lost (08), serialization and deadlock (40), out of resources (53), lock not available
/// (55P03), told to stop (57). SQLite: busy (5), locked (6), disk I/O (10), full (13).
fn is_passing(code: &str) -> bool {
    let postgres = ["08", "40", "53", "55P03", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class));
    // SQLite's extended codes have the primary one in their low byte.
    let sqlite = code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13));
    postgres || sqlite
}

/// Turns the breach of a named unique constraint into a conflict that people understand.
fn conflict_or_failed(error: sqlx::Error, message: impl FnOnce() -> String) -> Error {
    if error.as_database_error().is_some_and(|cause| cause.is_unique_violation()) {
        return Error::conflict(message());
    }
    failed(error)
}

fn cannot_open(place: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("cannot open the control database {place}"),
        // The URL may hold a password.
        Dialect::Postgres => "cannot connect to the control database on PostgreSQL".to_owned(),
    }
}

/// The kind of database and the URL that sqlx wants.
fn resolve(place: &str) -> Result<(Dialect, String), Error> {
    if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        return Ok((Dialect::Postgres, place.to_owned()));
    }
    let path = place.strip_prefix("sqlite://").unwrap_or(place);
    if path.is_empty() || path.contains("://") {
        return Err(Error::invalid("control", "the control database is a path (SQLite) or a postgres:// URL"));
    }
    create_private(path)?;
    Ok((Dialect::Sqlite, format!("sqlite://{}?mode=rwc", percent_encode(path))))
}

/// Makes an SQLite file that only its owner reads, before SQLite makes one that everybody reads.
fn create_private(path: &str) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let opened = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let message = || cannot_open(path, Dialect::Sqlite);
    opened.map(drop).map_err(|error| Error::caused_by(ErrorKind::Unavailable, message(), error))
}

fn percent_encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(encode).collect()
}

async fn prepare(connection: &mut Connection, dialect: Dialect) -> Result<(), sqlx::Error> {
    let statements: &[&'static str] = match dialect {
        // Readers go on while somebody writes; a commit is on disk when it returns; references hold.
        Dialect::Sqlite => &[
            "PRAGMA busy_timeout = 5000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
        ],
        Dialect::Postgres => &["SET TIME ZONE 'UTC'", "SET lock_timeout = '5s'", "SET statement_timeout = '30s'"],
    };
    for statement in statements {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_path_or_a_postgres_url() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("a b?#%.sqlite");
        let (dialect, url) = resolve(path.to_str().expect("is UTF-8")).expect("a path");
        assert_eq!(dialect, Dialect::Sqlite);
        assert!(url.ends_with("/a%20b%3F%23%25.sqlite?mode=rwc"), "{url}");
        assert_eq!(resolve("postgres://h/d").expect("a URL").0, Dialect::Postgres);
        assert!(resolve("mysql://h/d").is_err());
        assert!(resolve("").is_err());
    }

    #[test]
    fn what_may_pass_is_told_from_what_is_wrong() {
        for passing in ["08006", "40001", "53300", "55P03", "57P01", "5", "517", "6", "13"] {
            assert!(is_passing(passing), "{passing}");
        }
        for wrong in ["23505", "42P01", "55000", "1", "19", "2067"] {
            assert!(!is_passing(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("control.sqlite");
        create_private(path.to_str().expect("is UTF-8")).expect("is made");
        assert_eq!(std::fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
    }
}
