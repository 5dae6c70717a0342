//! Files imported piece by piece: log lines whose place in their file is known, so that none enters twice.

use axum::http::header;
use bytes::Bytes;
use futures::{FutureExt, TryStreamExt};
use serde_json::Value;
use tokio::sync::oneshot;
use whodunit_api::import::{FILE, ImportState, LINE, POSITIONS_MAX, Position, START, UPTO};
use whodunit_api::logs::LogsAnswer;
use whodunit_api::query::{SqlFormat, SqlRequest};
use whodunit_ingest::{Request, Taken};
use whodunit_model::{Caller, Table};
use whodunit_query::Visibility;
use whodunit_stdx::ErrorKind;

use super::append::admit;
use crate::call::{Answer, Call, ok};
use crate::failure::Failure;
use crate::imports::Piece;

/// What is stored of a file, for somebody who has the file: hashes and line numbers only.
pub fn state(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let file = digits("id", call.segment("id"))?;
        if !call.app.store.snapshot().attributes(Table::Logs).contains_key(UPTO) {
            return ok(&ImportState::default());
        }
        // The id is hexadecimal digits, so the text is safe to be put together.
        let query = format!(
            "SELECT \"{UPTO}\" AS upto, max(\"{LINE}\") AS line FROM logs WHERE \"{FILE}\" = '{file}' \
             GROUP BY 1 ORDER BY 2 DESC LIMIT {POSITIONS_MAX}"
        );
        let visibility = Visibility::of(&Caller::system("import")).narrowed(std::slice::from_ref(&call.project));
        let asked = SqlRequest { query, format: SqlFormat::Ndjson, ..SqlRequest::default() };
        let engine = &call.app.engine;
        let rows = engine.sql(engine.request(&asked), &visibility).await?;
        let lines: Vec<Bytes> = whodunit_query::format::body(rows, SqlFormat::Ndjson).await?.try_collect().await?;
        ok(&ImportState { positions: positions(&lines.concat())? })
    }
    .boxed()
}

fn positions(lines: &[u8]) -> Result<Vec<Position>, Failure> {
    let unreadable = || Failure::new(ErrorKind::Internal, "the positions of the file could not be read");
    let read = |line: &[u8]| {
        let row: Value = serde_json::from_slice(line).ok()?;
        Some(Position { line: row["line"].as_u64()?, upto: row["upto"].as_str()?.to_owned() })
    };
    // An answer of no rows is one line with its statistics.
    let is_row = |line: &&[u8]| !line.is_empty() && !line.starts_with(b"{\"statistics\":");
    let lines = lines.split(|byte| *byte == b'\n').filter(is_row);
    lines.map(|line| read(line).ok_or_else(unreadable)).collect()
}

/// Appends a piece, unless one that begins at the same place is stored or under way.
pub fn append(mut call: Call) -> Answer {
    async move {
        admit(&call)?;
        let file = digits("id", call.segment("id"))?.to_owned();
        let after = match call.parameter("after").unwrap_or_default() {
            START => START.to_owned(),
            digest => digits("after", digest)?.to_owned(),
        };
        let begin = (call.project.clone(), file, after);
        let is_branch = call.parameter("branch") == Some("true");
        if !is_branch {
            call.app.imports.begin(&begin).map_err(refusal)?;
        }
        // The gateway reserves for the body itself.
        call.body_memory = None;
        let (told, outcome) = oneshot::channel();
        let app = call.app.clone();
        // A client that goes away must not leave it open whether the piece is stored.
        app.tasks.spawn("import", move |_stop| async move {
            let appended = stored(&call).await;
            if !is_branch {
                call.app.imports.end(&begin, appended.is_ok());
            }
            let _client_gone = told.send(appended);
        });
        let gone =
            |_| Failure::new(ErrorKind::Internal, "the server failed on this request; the failure is in its log");
        ok(&outcome.await.map_err(gone)??)
    }
    .boxed()
}

async fn stored(call: &Call) -> Result<LogsAnswer, Failure> {
    let request = Request {
        body: call.body.clone(),
        content_encoding: call.header(header::CONTENT_ENCODING),
        content_type: call.header(header::CONTENT_TYPE),
        project: call.project.clone(),
        caller: &call.caller,
        parameters: &[],
    };
    let Taken { answer, failure } = call.app.gateway.logs(request).await?;
    match failure {
        Some(failure) if answer.resume_at_line.is_some() => Err(failure.into()),
        // A piece of which no line can be taken is done with: the answer says why.
        _ => Ok(answer),
    }
}

fn refusal(piece: Piece) -> Failure {
    match piece {
        Piece::UnderWay => {
            Failure::new(ErrorKind::Exhausted, "a piece that begins here is being stored").field("after")
        }
        Piece::Stored => {
            Failure::new(ErrorKind::Conflict, "a piece that begins here is stored already").field("after").hint(
                "ask for the file's positions and go on behind the furthest one that fits; with branch=true the piece \
                 is taken as that of another file with the same beginning",
            )
        }
    }
}

/// 32 hexadecimal digits.
fn digits<'a>(name: &str, text: &'a str) -> Result<&'a str, Failure> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() == 32 && text.bytes().all(is_digit) {
        return Ok(text);
    }
    Err(Failure::invalid(format!("{name} takes 32 lower-case hexadecimal digits, not {text:?}")).field(name))
}
