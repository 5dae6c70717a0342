//! Statements about sources. They are no part of the directory, so saving them is no change of it (C-1).

use std::borrow::Cow;
use std::collections::BTreeMap;

use sqlx::Connection as _;
use sqlx::any::AnyRow;
use whodunit_model::Project;
use whodunit_model::sources::{Rejection, SenderType, Source, SourceKey};

use super::{Connection, failed, row};
use crate::error::Error;

const COLUMNS: &str = "project, protocol, sender_type, sender_id, client, sender, first_heard_at, last_heard_at,
    request_count, request_failed_count, row_count, row_count_that_day, byte_count, rejected_count, services, reasons,
    last_rejected_at, last_rejection_code, last_rejection_reason";

/// Writes sources as they are now: all of them, or none.
pub async fn save(connection: &mut Connection, writer: &str, sources: &[Source]) -> Result<(), Error> {
    let sql = format!(
        "INSERT INTO source (writer, {COLUMNS})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ON CONFLICT (writer, project, protocol, sender_type, sender_id, client) DO UPDATE SET
            sender = excluded.sender, last_heard_at = excluded.last_heard_at,
            request_count = excluded.request_count, request_failed_count = excluded.request_failed_count,
            row_count = excluded.row_count, row_count_that_day = excluded.row_count_that_day,
            byte_count = excluded.byte_count, rejected_count = excluded.rejected_count,
            services = excluded.services, reasons = excluded.reasons, last_rejected_at = excluded.last_rejected_at,
            last_rejection_code = excluded.last_rejection_code,
            last_rejection_reason = excluded.last_rejection_reason"
    );
    let mut transaction = connection.begin().await.map_err(failed)?;
    for source in sources {
        let rejection = source.last_rejection.as_ref();
        sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(writer)
            .bind(source.key.project.as_str())
            .bind(source.key.protocol.as_ref())
            .bind(source.key.sender_type.name())
            .bind(&source.key.sender_id)
            .bind(&source.key.client)
            .bind(&source.sender)
            .bind(source.first_heard_at.nanos())
            .bind(source.last_heard_at.nanos())
            .bind(count(source.requests))
            .bind(count(source.requests_failed))
            .bind(count(source.rows))
            .bind(count(source.rows_that_day))
            .bind(count(source.bytes))
            .bind(count(source.rejected))
            .bind(counts_text(&source.services))
            .bind(counts_text(&source.reasons))
            .bind(rejection.map(|last| last.at.nanos()))
            .bind(rejection.map(|last| last.code.as_str()))
            .bind(rejection.map(|last| last.reason.as_str()))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// The sources of one writer, in the order of their keys.
pub async fn list(connection: &mut Connection, writer: &str) -> Result<Vec<Source>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM source WHERE writer = $1
        ORDER BY project, protocol, sender_type, sender_id, client"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).bind(writer);
    query.fetch_all(connection).await.map_err(failed)?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Source, Error> {
    let key = SourceKey {
        project: row::word(row, "project", |slug| Project::parse(slug).ok())?,
        protocol: Cow::Owned(row::text(row, "protocol")?),
        sender_type: row::word(row, "sender_type", SenderType::from_name)?,
        sender_id: row::text(row, "sender_id")?,
        client: row::text(row, "client")?,
    };
    let last_rejection = match row::instant_option(row, "last_rejected_at")? {
        None => None,
        Some(at) => Some(Rejection {
            at,
            code: row::text(row, "last_rejection_code")?,
            reason: row::text(row, "last_rejection_reason")?,
        }),
    };
    let counted = |column| row::integer(row, column).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Source {
        key,
        sender: row::text(row, "sender")?,
        first_heard_at: row::instant(row, "first_heard_at")?,
        last_heard_at: row::instant(row, "last_heard_at")?,
        requests: counted("request_count")?,
        requests_failed: counted("request_failed_count")?,
        rows: counted("row_count")?,
        rows_that_day: counted("row_count_that_day")?,
        bytes: counted("byte_count")?,
        rejected: counted("rejected_count")?,
        services: row::word(row, "services", counts)?,
        reasons: row::word(row, "reasons", counts)?,
        last_rejection,
    })
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counts_text(counts: &BTreeMap<String, u64>) -> String {
    serde_json::to_string(counts).expect("texts and numbers are JSON")
}

fn counts(text: &str) -> Option<BTreeMap<String, u64>> {
    serde_json::from_str(text).ok()
}
