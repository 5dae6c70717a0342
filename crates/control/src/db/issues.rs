//! Statements about issues that somebody acted on, their history and comments.

use std::collections::BTreeSet;

use sqlx::any::AnyRow;
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::Project;
use whodunit_stdx::Timestamp;

use super::{Connection, failed, row};
use crate::error::Error;
use crate::issue::{Counted, Issue, IssueChange, IssueComment, Standing, Written};

/// The issues of one project, or of all.
pub async fn list(connection: &mut Connection, project: Option<&Project>) -> Result<Vec<Issue>, Error> {
    let sql = "SELECT project, id, version, state, state_at, terms, release, release_seen_at, bound, assignee,
            merged_into, deleted_at, counted_events, counted_users, updated_at, updated_by
        FROM issue WHERE $1 = '' OR project = $1 ORDER BY project, id";
    let query = sqlx::query(sql).bind(project.map_or("", Project::as_str));
    query.fetch_all(connection).await.map_err(failed)?.iter().map(issue).collect()
}

pub async fn find(connection: &mut Connection, project: &Project, id: IssueId) -> Result<Option<Issue>, Error> {
    let sql = "SELECT project, id, version, state, state_at, terms, release, release_seen_at, bound, assignee,
            merged_into, deleted_at, counted_events, counted_users, updated_at, updated_by
        FROM issue WHERE project = $1 AND id = $2";
    let query = sqlx::query(sql).bind(project.as_str()).bind(id.to_string());
    query.fetch_optional(connection).await.map_err(failed)?.as_ref().map(issue).transpose()
}

/// Ignored issues of all projects whose time has come.
pub async fn list_due(connection: &mut Connection, now: Timestamp) -> Result<Vec<Issue>, Error> {
    let sql = "SELECT project, id, version, state, state_at, terms, release, release_seen_at, bound, assignee,
            merged_into, deleted_at, counted_events, counted_users, updated_at, updated_by
        FROM issue WHERE state = 'ignored' AND terms = 'time' AND bound <= $1 AND merged_into IS NULL
        ORDER BY project, id";
    let query = sqlx::query(sql).bind(now.nanos());
    query.fetch_all(connection).await.map_err(failed)?.iter().map(issue).collect()
}

pub async fn count(connection: &mut Connection, project: &Project) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) AS issue_count FROM issue WHERE project = $1";
    let row = sqlx::query(sql).bind(project.as_str()).fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "issue_count")
}

/// Writes an issue as it is now.
pub async fn save(connection: &mut Connection, issue: &Issue) -> Result<(), Error> {
    let sql = "INSERT INTO issue
            (project, id, version, state, state_at, terms, release, release_seen_at, bound, assignee, merged_into,
            deleted_at, counted_events, counted_users, updated_at, updated_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (project, id) DO UPDATE SET
            version = excluded.version, state = excluded.state, state_at = excluded.state_at, terms = excluded.terms,
            release = excluded.release, release_seen_at = excluded.release_seen_at, bound = excluded.bound,
            assignee = excluded.assignee, merged_into = excluded.merged_into, deleted_at = excluded.deleted_at,
            counted_events = excluded.counted_events, counted_users = excluded.counted_users,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    let written = Written::of(&issue.standing);
    sqlx::query(sql)
        .bind(issue.project.as_str())
        .bind(issue.id.to_string())
        .bind(issue.version)
        .bind(written.state)
        .bind(written.state_at)
        .bind(written.terms)
        .bind(written.release)
        .bind(written.release_seen_at)
        .bind(written.bound)
        .bind(written.assignee)
        .bind(written.merged_into)
        .bind(written.deleted_at)
        .bind(count_of(issue.counted.events))
        .bind(users_text(&issue.counted.users))
        .bind(issue.updated_at.nanos())
        .bind(&issue.updated_by)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// Adds to what is counted of an ignored issue, which is no change of it. False if it was changed, or counted by
/// somebody else, since `before` was read.
pub async fn count_on(connection: &mut Connection, before: &Issue, counted: &Counted) -> Result<bool, Error> {
    let sql = "UPDATE issue SET counted_events = $3, counted_users = $4
        WHERE project = $1 AND id = $2 AND version = $5 AND counted_events = $6 AND counted_users = $7";
    let done = sqlx::query(sql)
        .bind(before.project.as_str())
        .bind(before.id.to_string())
        .bind(count_of(counted.events))
        .bind(users_text(&counted.users))
        .bind(before.version)
        .bind(count_of(before.counted.events))
        .bind(users_text(&before.counted.users))
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_change(connection: &mut Connection, change: &IssueChange) -> Result<(), Error> {
    let sql = "INSERT INTO issue_change
            (change_id, project, issue_id, version, action, standing_before, standing_after, changed_at, changed_by,
            reason, undoes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(sql)
        .bind(&change.change_id)
        .bind(change.project.as_str())
        .bind(change.issue.to_string())
        .bind(change.version)
        .bind(&change.action)
        .bind(standing_text(&change.before))
        .bind(standing_text(&change.after))
        .bind(change.changed_at.nanos())
        .bind(&change.changed_by)
        .bind(change.reason.as_deref())
        .bind(change.undoes.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// Newest first, at most `count`.
pub async fn history(
    connection: &mut Connection,
    project: &Project,
    id: IssueId,
    count: i64,
) -> Result<Vec<IssueChange>, Error> {
    let sql = "SELECT change_id, project, issue_id, version, action, standing_before, standing_after, changed_at,
            changed_by, reason, undoes
        FROM issue_change WHERE project = $1 AND issue_id = $2 ORDER BY version DESC LIMIT $3";
    let query = sqlx::query(sql).bind(project.as_str()).bind(id.to_string()).bind(count);
    query.fetch_all(connection).await.map_err(failed)?.iter().map(change).collect()
}

/// All that one act changed.
pub async fn changes(connection: &mut Connection, change_id: &str) -> Result<Vec<IssueChange>, Error> {
    let sql = "SELECT change_id, project, issue_id, version, action, standing_before, standing_after, changed_at,
            changed_by, reason, undoes
        FROM issue_change WHERE change_id = $1 ORDER BY project, issue_id";
    let query = sqlx::query(sql).bind(change_id);
    query.fetch_all(connection).await.map_err(failed)?.iter().map(change).collect()
}

/// The comments on one issue, oldest first.
pub async fn comments(connection: &mut Connection, project: &Project, id: IssueId) -> Result<Vec<IssueComment>, Error> {
    let sql = "SELECT project, issue_id, id, body, added_at, added_by, changed_at, changed_by
        FROM issue_comment WHERE project = $1 AND issue_id = $2 ORDER BY added_at, id";
    let query = sqlx::query(sql).bind(project.as_str()).bind(id.to_string());
    query.fetch_all(connection).await.map_err(failed)?.iter().map(comment).collect()
}

/// Writes a comment as it is now.
pub async fn save_comment(connection: &mut Connection, comment: &IssueComment) -> Result<(), Error> {
    let sql = "INSERT INTO issue_comment (project, issue_id, id, body, added_at, added_by, changed_at, changed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (project, issue_id, id) DO UPDATE SET
            body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    sqlx::query(sql)
        .bind(comment.project.as_str())
        .bind(comment.issue.to_string())
        .bind(&comment.id)
        .bind(&comment.body)
        .bind(comment.added_at.nanos())
        .bind(&comment.added_by)
        .bind(comment.changed_at.map(Timestamp::nanos))
        .bind(comment.changed_by.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn delete_comment(connection: &mut Connection, comment: &IssueComment) -> Result<(), Error> {
    let sql = "DELETE FROM issue_comment WHERE project = $1 AND issue_id = $2 AND id = $3";
    let query = sqlx::query(sql).bind(comment.project.as_str()).bind(comment.issue.to_string()).bind(&comment.id);
    query.execute(connection).await.map(drop).map_err(failed)
}

fn issue(row: &AnyRow) -> Result<Issue, Error> {
    let written = Written {
        format: 0,
        state: row::text(row, "state")?,
        state_at: row::instant_option(row, "state_at")?.map(Timestamp::nanos),
        terms: row::text_option(row, "terms")?,
        release: row::text_option(row, "release")?,
        release_seen_at: row::instant_option(row, "release_seen_at")?.map(Timestamp::nanos),
        bound: row::instant_option(row, "bound")?.map(Timestamp::nanos),
        assignee: row::text_option(row, "assignee")?,
        merged_into: row::text_option(row, "merged_into")?,
        deleted_at: row::instant_option(row, "deleted_at")?.map(Timestamp::nanos),
    };
    let state = written.state.clone();
    Ok(Issue {
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        id: row::word(row, "id", IssueId::parse)?,
        version: row::integer(row, "version")?,
        standing: written.standing().ok_or_else(|| row::damaged("state", &state))?,
        counted: Counted {
            events: u64::try_from(row::integer(row, "counted_events")?).unwrap_or(0),
            users: row::word(row, "counted_users", |text| serde_json::from_str(text).ok())?,
        },
        updated_at: row::instant(row, "updated_at")?,
        updated_by: row::text(row, "updated_by")?,
    })
}

fn change(row: &AnyRow) -> Result<IssueChange, Error> {
    let standing = |text: &str| serde_json::from_str::<Written>(text).ok()?.standing();
    Ok(IssueChange {
        change_id: row::text(row, "change_id")?,
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        issue: row::word(row, "issue_id", IssueId::parse)?,
        version: row::integer(row, "version")?,
        action: row::text(row, "action")?,
        before: row::word(row, "standing_before", standing)?,
        after: row::word(row, "standing_after", standing)?,
        changed_at: row::instant(row, "changed_at")?,
        changed_by: row::text(row, "changed_by")?,
        reason: row::text_option(row, "reason")?,
        undoes: row::text_option(row, "undoes")?,
    })
}

fn comment(row: &AnyRow) -> Result<IssueComment, Error> {
    Ok(IssueComment {
        id: row::text(row, "id")?,
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        issue: row::word(row, "issue_id", IssueId::parse)?,
        body: row::text(row, "body")?,
        added_at: row::instant(row, "added_at")?,
        added_by: row::text(row, "added_by")?,
        changed_at: row::instant_option(row, "changed_at")?,
        changed_by: row::text_option(row, "changed_by")?,
    })
}

fn standing_text(standing: &Standing) -> String {
    serde_json::to_string(&Written::of(standing)).expect("texts and numbers are JSON")
}

fn users_text(users: &BTreeSet<String>) -> String {
    serde_json::to_string(users).expect("texts are JSON")
}

fn count_of(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
