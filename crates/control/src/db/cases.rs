//! Statements about cases and what they hold.

use sqlx::any::AnyRow;
use whodunit_model::{Project, Table};

use super::{Connection, failed, row};
use crate::error::Error;
use crate::noun::{Case, CaseItem, CaseRow};

/// All cases, last changed first.
pub async fn list(connection: &mut Connection) -> Result<Vec<Case>, Error> {
    let sql = "SELECT c.id, c.project, c.name, c.description, c.version, c.item_last, c.created_at, c.created_by,
            c.updated_at, c.updated_by, c.closed_at, c.closed_by,
            (SELECT COUNT(*) FROM case_item i WHERE i.case_id = c.id AND i.signal IS NOT NULL) AS row_count,
            (SELECT COUNT(*) FROM case_item i WHERE i.case_id = c.id AND i.note <> '') AS note_count
        FROM \"case\" c ORDER BY c.updated_at DESC, c.id";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(case).collect()
}

pub async fn find(connection: &mut Connection, id: &str) -> Result<Option<Case>, Error> {
    let sql = "SELECT c.id, c.project, c.name, c.description, c.version, c.item_last, c.created_at, c.created_by,
            c.updated_at, c.updated_by, c.closed_at, c.closed_by,
            (SELECT COUNT(*) FROM case_item i WHERE i.case_id = c.id AND i.signal IS NOT NULL) AS row_count,
            (SELECT COUNT(*) FROM case_item i WHERE i.case_id = c.id AND i.note <> '') AS note_count
        FROM \"case\" c WHERE c.id = $1";
    let row = sqlx::query(sql).bind(id).fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(case).transpose()
}

pub async fn count(connection: &mut Connection, project: &Project) -> Result<i64, Error> {
    let sql = "SELECT COUNT(*) AS case_count FROM \"case\" WHERE project = $1";
    let row = sqlx::query(sql).bind(project.as_str()).fetch_one(connection).await.map_err(failed)?;
    row::integer(&row, "case_count")
}

pub async fn insert(connection: &mut Connection, case: &Case) -> Result<(), Error> {
    let sql = "INSERT INTO \"case\"
            (id, project, name, description, version, item_last, created_at, created_by, updated_at, updated_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    sqlx::query(sql)
        .bind(&case.id)
        .bind(case.project.as_str())
        .bind(&case.name)
        .bind(&case.description)
        .bind(case.version)
        .bind(case.item_last)
        .bind(case.created_at.0)
        .bind(&case.created_by)
        .bind(case.updated_at.0)
        .bind(&case.updated_by)
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn update(connection: &mut Connection, case: &Case) -> Result<(), Error> {
    let sql = "UPDATE \"case\" SET name = $2, description = $3, version = $4, item_last = $5, updated_at = $6,
            updated_by = $7, closed_at = $8, closed_by = $9
        WHERE id = $1";
    sqlx::query(sql)
        .bind(&case.id)
        .bind(&case.name)
        .bind(&case.description)
        .bind(case.version)
        .bind(case.item_last)
        .bind(case.updated_at.0)
        .bind(&case.updated_by)
        .bind(case.closed_at.map(|at| at.0))
        .bind(case.closed_by.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

/// The case with all that it holds.
pub async fn delete(connection: &mut Connection, id: &str) -> Result<(), Error> {
    for sql in ["DELETE FROM case_item WHERE case_id = $1", "DELETE FROM \"case\" WHERE id = $1"] {
        sqlx::query(sql).bind(id).execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// All items in their order; of rows only audit entries have fields, and only those of at most `fields_max` bytes.
pub async fn items(connection: &mut Connection, case_id: &str, fields_max: i64) -> Result<Vec<CaseItem>, Error> {
    let sql = "SELECT number, note, added_at, added_by, noted_at, noted_by, signal, row_project, row_time, row_seq,
            row_id, severity, summary, left_out,
            CASE WHEN signal = $2 AND length(fields) <= $3 THEN fields WHEN signal IS NULL THEN NULL ELSE '{}' END
            AS fields
        FROM case_item WHERE case_id = $1 ORDER BY number";
    let query = sqlx::query(sql).bind(case_id).bind(Table::AuditLogs.name()).bind(fields_max);
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(item).collect()
}

/// At most `count` items that follow `number`, whole.
pub async fn items_after(
    connection: &mut Connection,
    case_id: &str,
    number: i64,
    count: i64,
) -> Result<Vec<CaseItem>, Error> {
    let sql = "SELECT number, note, added_at, added_by, noted_at, noted_by, signal, row_project, row_time, row_seq,
            row_id, severity, summary, fields, left_out
        FROM case_item WHERE case_id = $1 AND number > $2 ORDER BY number LIMIT $3";
    let query = sqlx::query(sql).bind(case_id).bind(number).bind(count);
    query.fetch_all(connection).await.map_err(failed)?.iter().map(item).collect()
}

pub async fn insert_item(connection: &mut Connection, case_id: &str, item: &CaseItem) -> Result<(), Error> {
    let sql = "INSERT INTO case_item
            (case_id, number, note, added_at, added_by, noted_at, noted_by, signal, row_project, row_time, row_seq,
            row_id, severity, summary, fields, left_out)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let row = item.row.as_ref();
    sqlx::query(sql)
        .bind(case_id)
        .bind(item.number)
        .bind(&item.note)
        .bind(item.added_at.0)
        .bind(&item.added_by)
        .bind(item.noted_at.map(|at| at.0))
        .bind(item.noted_by.as_deref())
        .bind(row.map(|row| row.table.name()))
        .bind(row.map(|row| row.project.as_str()))
        .bind(row.map(|row| row.time.0))
        .bind(row.map(|row| row.seq))
        .bind(row.and_then(|row| row.id.as_deref()))
        .bind(row.and_then(|row| row.severity.as_deref()))
        .bind(row.map(|row| row.summary.as_str()))
        .bind(row.map(|row| row.fields.as_str()))
        .bind(row.map(|row| serde_json::to_string(&row.left_out).expect("names are text")))
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn update_note(connection: &mut Connection, case_id: &str, item: &CaseItem) -> Result<(), Error> {
    let sql = "UPDATE case_item SET note = $3, noted_at = $4, noted_by = $5 WHERE case_id = $1 AND number = $2";
    sqlx::query(sql)
        .bind(case_id)
        .bind(item.number)
        .bind(&item.note)
        .bind(item.noted_at.map(|at| at.0))
        .bind(item.noted_by.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(failed)
}

pub async fn delete_item(connection: &mut Connection, case_id: &str, number: i64) -> Result<(), Error> {
    let sql = "DELETE FROM case_item WHERE case_id = $1 AND number = $2";
    sqlx::query(sql).bind(case_id).bind(number).execute(connection).await.map(drop).map_err(failed)
}

fn case(row: &AnyRow) -> Result<Case, Error> {
    let counted = |column| row::integer(row, column).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Case {
        id: row::text(row, "id")?,
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        name: row::text(row, "name")?,
        description: row::text(row, "description")?,
        rows: counted("row_count")?,
        notes: counted("note_count")?,
        version: row::integer(row, "version")?,
        item_last: row::integer(row, "item_last")?,
        created_at: row::instant(row, "created_at")?,
        created_by: row::text(row, "created_by")?,
        updated_at: row::instant(row, "updated_at")?,
        updated_by: row::text(row, "updated_by")?,
        closed_at: row::instant_option(row, "closed_at")?,
        closed_by: row::text_option(row, "closed_by")?,
    })
}

fn item(row: &AnyRow) -> Result<CaseItem, Error> {
    Ok(CaseItem {
        number: row::integer(row, "number")?,
        note: row::text(row, "note")?,
        added_at: row::instant(row, "added_at")?,
        added_by: row::text(row, "added_by")?,
        noted_at: row::instant_option(row, "noted_at")?,
        noted_by: row::text_option(row, "noted_by")?,
        row: row::text_option(row, "signal")?.map(|_| kept(row)).transpose()?,
    })
}

/// The row of an item that has one: the CHECK constraint says that it is whole.
fn kept(row: &AnyRow) -> Result<CaseRow, Error> {
    Ok(CaseRow {
        table: row::word(row, "signal", Table::from_name)?,
        project: row::word(row, "row_project", |slug| Project::parse(slug).ok())?,
        time: row::instant(row, "row_time")?,
        seq: row::integer(row, "row_seq")?,
        id: row::text_option(row, "row_id")?,
        severity: row::text_option(row, "severity")?,
        summary: row::text(row, "summary")?,
        fields: row::text(row, "fields")?,
        left_out: row::word(row, "left_out", |names| serde_json::from_str(names).ok())?,
    })
}
