//! Exports: every row of a list's filter, or all that a case holds, as a file that is written while it is read.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use whodunit_api::query::Searched;
use whodunit_model::Table;
use whodunit_query::cursor::Direction;
use whodunit_query::export::{Export, ExportFormat, ExportWriter};
use whodunit_query::format::Formulas;
use whodunit_query::{Error, ListRequest};
use whodunit_stdx::Timestamp;

use super::read::of_question;
use super::sql::tell_searched;
use crate::call::{Answer, Call, ProjectChoice, typed};
use crate::desk;
use crate::failure::Failure;
use crate::recording::{Purpose, Reading, Recorder};

/// Parameters of a list that an export does not have: it is all rows, and nothing but rows.
pub const OF_PAGES: &[&str] = &["limit", "cursor", "facets", "histogram", "buckets"];

pub fn audit(call: Call) -> Answer {
    async move { export(call, Table::AuditLogs).await }.boxed()
}

pub fn logs(call: Call) -> Answer {
    async move { export(call, Table::Logs).await }.boxed()
}

pub fn errors(call: Call) -> Answer {
    async move { export(call, Table::ErrorEvents).await }.boxed()
}

pub fn feedback(call: Call) -> Answer {
    async move { export(call, Table::Feedback).await }.boxed()
}

/// By another path, as CSV unless something else is asked for.
pub fn errors_as_csv(mut call: Call) -> Answer {
    async move {
        if call.parameter("format").is_none() {
            call.parameters.push(("format".to_owned(), "csv".to_owned()));
        }
        export(call, Table::ErrorEvents).await
    }
    .boxed()
}

async fn export(call: Call, table: Table) -> Result<Response, Failure> {
    let format = format(&call)?;
    let mut parameters = of_question(&call);
    parameters.retain(|(name, _)| name != "formulas");
    let issues = match table {
        Table::ErrorEvents => desk::scope_of(&call, &mut parameters).await?,
        _ => None,
    };
    if let Some((name, _)) = parameters.iter().find(|(name, _)| OF_PAGES.contains(&name.as_str())) {
        return Err(Failure::invalid(format!("an export has no {name}: it is every row of the filter")).field(name));
    }
    let now = call.app.world.now();
    let request = ListRequest { issues, ..ListRequest::parse(table, &parameters, now)? };
    if request.direction == Direction::OldestFirst {
        return Err(Failure::invalid("an export is newest first").field("direction"));
    }
    let name = file_name(&call, &request, now, format);
    let operation = match table {
        Table::AuditLogs => "export_audit",
        Table::ErrorEvents => "export_errors",
        Table::Feedback => "export_feedback",
        _ => "export_logs",
    };
    let reading =
        Reading { operation, project: &call.project, parameters: &call.parameters, question: None, target: None };
    call.recorder.begin(&call.caller, reading, Purpose::Export).await?;
    let export = call.app.engine.export(request, &call.visibility(ProjectChoice::Named)).await?;
    Ok(file(&call, export, format, &name))
}

/// What an export writes, piece by piece.
pub trait Pieces: Send + Sized + 'static {
    fn schema(&self) -> &SchemaRef;
    /// The next rows; `None` after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<RecordBatch>>, Error>> + Send;
    /// Where the rows of an empty export were looked for.
    fn searched(&self) -> Option<Searched>;
}

impl Pieces for Export {
    fn schema(&self) -> &SchemaRef {
        Export::schema(self)
    }

    async fn next(&mut self) -> Result<Option<Vec<RecordBatch>>, Error> {
        Export::next(self).await
    }

    fn searched(&self) -> Option<Searched> {
        Export::searched(self)
    }
}

/// The answer that is saved under `name`.
pub fn file(call: &Call, export: impl Pieces, format: ExportFormat, name: &str) -> Response {
    let searched = export.searched();
    let writer = ExportWriter::new(format);
    let head = Some(writer.start(export.schema()));
    let flow = Flow { export, writer, recorder: call.recorder.clone(), head };
    let pieces = futures::stream::unfold(Some(flow), |flow| async move { flow?.step().await });
    let media = HeaderValue::from_static(format.content_type());
    let mut response = typed(StatusCode::OK, media, Body::from_stream(pieces));
    let headers = response.headers_mut();
    if let Ok(attachment) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, attachment);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    tell_searched(&mut response, searched.as_ref());
    response
}

/// The form that the request asks for.
pub fn format(call: &Call) -> Result<ExportFormat, Failure> {
    let formulas = match call.parameter("formulas") {
        None | Some("exact") => Formulas::Exact,
        Some("escape") => Formulas::Escape,
        Some(other) => {
            return Err(Failure::invalid(format!("formulas is exact or escape, not {other:?}")).field("formulas"));
        }
    };
    let format = match call.parameter("format") {
        None | Some("ndjson") => ExportFormat::Ndjson,
        Some("json") => ExportFormat::Json,
        Some("csv") => ExportFormat::Csv(formulas),
        Some(other) => {
            return Err(Failure::invalid(format!("format is ndjson, json or csv, not {other:?}")).field("format"));
        }
    };
    if formulas == Formulas::Escape && !matches!(format, ExportFormat::Csv(_)) {
        return Err(Failure::invalid("formulas=escape is for format=csv").field("formulas"));
    }
    Ok(format)
}

/// `whodunit-logs-shop-20261120T100000Z-20261120T110000Z.csv`; an open start is left out, an open end is now.
fn file_name(call: &Call, request: &ListRequest, now: Timestamp, format: ExportFormat) -> String {
    let kind = match request.table {
        Table::AuditLogs => "audit",
        Table::ErrorEvents => "errors",
        Table::Feedback => "feedback",
        _ => "logs",
    };
    let project = if call.project_choice == ProjectChoice::All { "all" } else { call.project.as_str() };
    let from = request.from.map(|from| format!("-{}", moment(from))).unwrap_or_default();
    let to = moment(request.to.unwrap_or(now));
    format!("whodunit-{kind}-{project}{from}-{to}.{}", format.extension())
}

/// To the second, without what file names cannot have.
pub fn moment(time: Timestamp) -> String {
    let text = whodunit_query::format::time_text(time.nanos());
    let seconds: String = text.chars().take_while(|one| *one != '.').filter(|one| !matches!(one, '-' | ':')).collect();
    format!("{}Z", seconds.trim_end_matches('Z'))
}

struct Flow<P> {
    export: P,
    writer: ExportWriter,
    recorder: Arc<Recorder>,
    head: Option<Vec<u8>>,
}

impl<P: Pieces> Flow<P> {
    async fn step(mut self) -> Option<(Result<Bytes, Error>, Option<Flow<P>>)> {
        let mut out = self.head.take().unwrap_or_default();
        match self.piece(&mut out).await {
            Ok(true) => Some((Ok(out.into()), Some(self))),
            Ok(false) => {
                out.extend(self.writer.finish(self.export.searched()));
                Some((Ok(out.into()), None))
            }
            Err(error) => {
                self.recorder.fail_late(error.kind.name(), &error.message);
                let told = self.writer.fail(&error);
                if told.is_empty() {
                    // Formats without room for the error stop short, and the client sees a broken answer.
                    return Some((Err(error), None));
                }
                out.extend(told);
                Some((Ok(out.into()), None))
            }
        }
    }

    /// Writes the next piece; whether there was one.
    async fn piece(&mut self, out: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(batches) = self.export.next().await? else { return Ok(false) };
        let before = self.writer.rows();
        for batch in &batches {
            self.writer.batch(batch, out)?;
        }
        self.recorder.add_rows(self.writer.rows() - before);
        Ok(true)
    }
}
