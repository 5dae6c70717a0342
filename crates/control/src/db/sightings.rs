//! Statements about when issues and releases were seen. They are no part of the directory, so writing them is no
//! change of it (C-1).

use std::collections::HashMap;

use sqlx::any::AnyRow;
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::release::Release;
use whodunit_issues::time::Time;
use whodunit_model::Project;
use whodunit_stdx::Timestamp;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::issue::IssueSighting;

/// Issues that one statement asks about.
const ASKED_AT_ONCE: usize = 200;
/// Sightings that one statement writes.
const SEEN_AT_ONCE: usize = 200;

/// How far the errors of a writer were followed: the number of the last row.
pub async fn place(connection: &mut Connection, writer: &str) -> Result<Option<i64>, Error> {
    let sql = "SELECT seq FROM issue_place WHERE writer = $1";
    let row = sqlx::query(sql).bind(writer).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(|row| row::integer(row, "seq")).transpose()
}

/// Moves the place of a writer. The first statement of a transaction, so that it holds the row until its end.
pub async fn move_to(connection: &mut Connection, writer: &str, seq: i64, now: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO issue_place (writer, seq, moved_at) VALUES ($1, $2, $3)
        ON CONFLICT (writer) DO UPDATE SET seq = excluded.seq, moved_at = excluded.moved_at";
    let query = sqlx::query(sql).bind(writer).bind(seq).bind(now.nanos());
    query.execute(connection).await.map(drop).map_err(failed)
}

/// Widens what is known of issues by sightings. Written twice it is the same.
///
/// Many in a statement: a round of a thousand issues would else be as many errands to the database's thread.
pub async fn see(connection: &mut Connection, sightings: &[IssueSighting]) -> Result<(), Error> {
    let mut places = HashMap::new();
    let mut rounds: Vec<Vec<&IssueSighting>> = Vec::new();
    for sighting in sightings {
        // One statement cannot widen the same row twice.
        let round = places.entry((&sighting.project, sighting.issue, sighting.life)).or_insert(0);
        if *round == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[*round].push(sighting);
        *round += 1;
    }
    for some in rounds.iter().flat_map(|round| round.chunks(SEEN_AT_ONCE)) {
        let row = |at: usize| format!("(${}, ${}, ${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4, at + 5, at + 6);
        let rows: Vec<String> = (0..some.len()).map(|at| row(at * 6)).collect();
        let sql = format!(
            "INSERT INTO issue_sighting (project, issue_id, life, first_seen_at, first_release, last_seen_at)
            VALUES {}
            ON CONFLICT (project, issue_id, life) DO UPDATE SET
                first_release = CASE
                    WHEN issue_sighting.first_release IS NULL THEN excluded.first_release
                    WHEN excluded.first_release IS NULL THEN issue_sighting.first_release
                    WHEN excluded.first_seen_at < issue_sighting.first_seen_at THEN excluded.first_release
                    ELSE issue_sighting.first_release END,
                first_seen_at = CASE WHEN excluded.first_seen_at < issue_sighting.first_seen_at
                    THEN excluded.first_seen_at ELSE issue_sighting.first_seen_at END,
                last_seen_at = CASE WHEN excluded.last_seen_at > issue_sighting.last_seen_at
                    THEN excluded.last_seen_at ELSE issue_sighting.last_seen_at END",
            rows.join(", ")
        );
        let query = some.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, sighting| {
            query
                .bind(sighting.project.as_str())
                .bind(sighting.issue.to_string())
                .bind(sighting.life.nanos())
                .bind(sighting.first_seen.nanos())
                .bind(sighting.first_release.as_deref())
                .bind(sighting.last_seen.nanos())
        });
        query.execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Forgets the issues of a project that were seen longest ago, until `most` are left.
pub async fn forget_past(connection: &mut Connection, project: &Project, most: usize) -> Result<(), Error> {
    let sql = "SELECT COUNT(*) AS sighting_count FROM issue_sighting WHERE project = $1";
    let row = sqlx::query(sql).bind(project.as_str()).fetch_one(&mut *connection).await.map_err(failed)?;
    let excess = row::integer(&row, "sighting_count")?.saturating_sub(i64::try_from(most).unwrap_or(i64::MAX));
    if excess <= 0 {
        return Ok(());
    }
    let sql = "DELETE FROM issue_sighting WHERE project = $1 AND (issue_id, life) IN
        (SELECT issue_id, life FROM issue_sighting WHERE project = $1 ORDER BY last_seen_at, issue_id, life LIMIT $2)";
    sqlx::query(sql).bind(project.as_str()).bind(excess).execute(connection).await.map(drop).map_err(failed)
}

/// Everything that was seen of these issues of a project.
pub async fn of_issues(
    connection: &mut Connection,
    project: &Project,
    ids: &[IssueId],
) -> Result<Vec<IssueSighting>, Error> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(ASKED_AT_ONCE) {
        let places: Vec<String> = (2..some.len() + 2).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT project, issue_id, life, first_seen_at, first_release, last_seen_at
            FROM issue_sighting WHERE project = $1 AND issue_id IN ({}) ORDER BY issue_id, life",
            places.join(", ")
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project.as_str());
        let query = some.iter().fold(query, |query, id| query.bind(id.to_string()));
        for row in &query.fetch_all(&mut *connection).await.map_err(failed)? {
            all.push(sighting(row)?);
        }
    }
    Ok(all)
}

/// Lives of issues of a project that began at or after `since`.
pub async fn begun_since(
    connection: &mut Connection,
    project: &Project,
    since: Timestamp,
) -> Result<Vec<IssueSighting>, Error> {
    let sql = "SELECT project, issue_id, life, first_seen_at, first_release, last_seen_at
        FROM issue_sighting WHERE project = $1 AND first_seen_at >= $2 ORDER BY issue_id, life";
    let query = sqlx::query(sql).bind(project.as_str()).bind(since.nanos());
    query.fetch_all(connection).await.map_err(failed)?.iter().map(sighting).collect()
}

/// Writes down when a release was seen first. Written twice it is the same.
pub async fn see_release(
    connection: &mut Connection,
    project: &Project,
    name: &str,
    seen: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO issue_release (project, name, first_seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (project, name) DO UPDATE SET first_seen_at =
            CASE WHEN excluded.first_seen_at < issue_release.first_seen_at
                THEN excluded.first_seen_at ELSE issue_release.first_seen_at END";
    let query = sqlx::query(sql).bind(project.as_str()).bind(name).bind(seen.nanos());
    query.execute(connection).await.map(drop).map_err(failed)
}

/// Forgets the releases of a project that were seen first longest ago, until `most` are left.
pub async fn forget_releases_past(connection: &mut Connection, project: &Project, most: usize) -> Result<(), Error> {
    let sql = "SELECT COUNT(*) AS release_count FROM issue_release WHERE project = $1";
    let row = sqlx::query(sql).bind(project.as_str()).fetch_one(&mut *connection).await.map_err(failed)?;
    let excess = row::integer(&row, "release_count")?.saturating_sub(i64::try_from(most).unwrap_or(i64::MAX));
    if excess <= 0 {
        return Ok(());
    }
    let sql = "DELETE FROM issue_release WHERE project = $1 AND name IN
        (SELECT name FROM issue_release WHERE project = $1 ORDER BY first_seen_at, name LIMIT $2)";
    sqlx::query(sql).bind(project.as_str()).bind(excess).execute(connection).await.map(drop).map_err(failed)
}

/// The releases of a project, first seen last first.
pub async fn releases(connection: &mut Connection, project: &Project) -> Result<Vec<Release>, Error> {
    let sql = "SELECT name, first_seen_at FROM issue_release WHERE project = $1 ORDER BY first_seen_at DESC, name";
    let rows = sqlx::query(sql).bind(project.as_str()).fetch_all(connection).await.map_err(failed)?;
    let release = |row: &AnyRow| {
        Ok(Release { name: row::text(row, "name")?, first_seen: Some(Time(row::integer(row, "first_seen_at")?)) })
    };
    rows.iter().map(release).collect()
}

fn sighting(row: &AnyRow) -> Result<IssueSighting, Error> {
    Ok(IssueSighting {
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        issue: row::word(row, "issue_id", IssueId::parse)?,
        life: row::instant(row, "life")?,
        first_seen: row::instant(row, "first_seen_at")?,
        first_release: row::text_option(row, "first_release")?,
        last_seen: row::instant(row, "last_seen_at")?,
    })
}
