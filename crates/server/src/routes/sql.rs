//! A question in SQL. It is planned first: what it reads decides whether it leaves a trace, and only then rows flow.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use whodunit_api::query::{Searched, SqlFormat, SqlRequest};
use whodunit_model::Table;
use whodunit_query::format::Writer;
use whodunit_query::{Error, Rows};

use crate::call::{Answer, Call, ProjectChoice, typed};
use crate::failure::Failure;
use crate::recording::{Purpose, Reading, Recorder};

/// What was searched by an answer without rows in a form other than JSON.
const SEARCHED_HEADER: &str = "x-whodunit-searched";

pub fn run(call: Call) -> Answer {
    async move {
        let request: SqlRequest = call.json()?;
        let visibility = call.visibility(ProjectChoice::All);
        let rows = call.app.engine.sql(call.app.engine.request(&request), &visibility).await?;
        let purpose = if request.format == SqlFormat::Json { Purpose::Read } else { Purpose::Export };
        if rows.tables().contains(&Table::AuditLogs) || purpose == Purpose::Export {
            let question = Some(request.query.as_str());
            let reading = Reading {
                operation: "sql",
                project: &call.project,
                parameters: &call.parameters,
                question,
                target: None,
            };
            call.recorder.begin(&call.caller, reading, purpose).await?;
        }
        answered(rows, request.format, call.recorder.clone()).await
    }
    .boxed()
}

/// The answer piece by piece. A failure before the first rows is returned, so that it has a status code of its own; a
/// later one is written into the answer where its format can say so.
pub async fn answered(mut rows: Rows, format: SqlFormat, recorder: Arc<Recorder>) -> Result<Response, Failure> {
    let mut writer = Writer::new(format, rows.schema().clone());
    let mut head = writer.start()?;
    let mut first = rows.next().await.transpose()?;
    if let Some(batch) = first.take() {
        recorder.add_rows(batch.num_rows() as u64);
        head.extend(writer.batch(&batch)?);
    }
    let searched = rows.statistics().searched.filter(|_| format != SqlFormat::Json);
    let flow = Flow { rows, writer, recorder, head: Some(head) };
    let pieces = futures::stream::unfold(Some(flow), |flow| async move { flow?.step().await });
    let media = HeaderValue::from_static(format.content_type());
    let mut response = typed(StatusCode::OK, media, Body::from_stream(pieces));
    tell_searched(&mut response, searched.as_ref());
    Ok(response)
}

/// Says in a header where the rows were looked for that are not there: forms made for programs have no room for it.
pub fn tell_searched(response: &mut Response, searched: Option<&Searched>) {
    let Some(searched) = searched else { return };
    let plain = |one: char| if one == ' ' || one.is_ascii_graphic() { one } else { '?' };
    let told: String = searched.told().chars().map(plain).collect();
    if let Ok(value) = HeaderValue::from_str(&told) {
        response.headers_mut().insert(SEARCHED_HEADER, value);
    }
}

struct Flow {
    rows: Rows,
    writer: Writer,
    recorder: Arc<Recorder>,
    head: Option<Vec<u8>>,
}

impl Flow {
    async fn step(mut self) -> Option<(Result<Bytes, Error>, Option<Flow>)> {
        if let Some(head) = self.head.take()
            && !head.is_empty()
        {
            return Some((Ok(head.into()), Some(self)));
        }
        match self.rows.next().await {
            Some(Ok(batch)) => {
                self.recorder.add_rows(batch.num_rows() as u64);
                match self.writer.batch(&batch) {
                    Ok(bytes) => Some((Ok(bytes.into()), Some(self))),
                    Err(error) => self.broken(error),
                }
            }
            Some(Err(error)) => self.broken(error),
            None => Some((self.writer.finish(&self.rows.statistics()).map(Bytes::from), None)),
        }
    }

    /// The last piece of an answer that failed on its way; nothing at all closes the connection unfinished.
    fn broken(mut self, error: Error) -> Option<(Result<Bytes, Error>, Option<Flow>)> {
        self.recorder.fail_late(error.kind.name(), &error.message);
        let last = self.writer.fail(&error, &self.rows.statistics());
        if last.is_empty() { Some((Err(error), None)) } else { Some((Ok(last.into()), None)) }
    }
}
