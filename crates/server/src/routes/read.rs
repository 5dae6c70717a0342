//! Lists, single entries, the timeline. What the rows are is the engine's business; here they are asked for and named.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, Value, json};
use whodunit_model::Table;
use whodunit_query::format::row_objects;
use whodunit_query::timeline::summary;
use whodunit_query::{ListRequest, TimelineRequest};
use whodunit_stdx::{EntryId, ErrorKind};

use super::sql::tell_searched;

use crate::call::{Answer, Call, ProjectChoice, ok, typed};
use crate::desk;
use crate::failure::Failure;
use crate::recording::{Purpose, Reading};

pub fn list_audit(call: Call) -> Answer {
    async move { list(call, Table::AuditLogs).await }.boxed()
}

pub fn list_logs(call: Call) -> Answer {
    async move { list(call, Table::Logs).await }.boxed()
}

pub fn list_errors(call: Call) -> Answer {
    async move { list(call, Table::ErrorEvents).await }.boxed()
}

pub fn list_spans(call: Call) -> Answer {
    async move { list(call, Table::Spans).await }.boxed()
}

/// The first part of each file says all that there is to say of it.
pub fn list_attachments(mut call: Call) -> Answer {
    call.parameters.push(("part".to_owned(), "0".to_owned()));
    async move { list(call, Table::Attachments).await }.boxed()
}

pub fn list_feedback(call: Call) -> Answer {
    async move { list(call, Table::Feedback).await }.boxed()
}

pub fn list_check_ins(call: Call) -> Answer {
    async move { list(call, Table::CheckIns).await }.boxed()
}

/// Parameters that are not the engine's: the pipeline or the form of the answer has them.
const OWN_PARAMETERS: &[&str] = &["project", "format"];

/// The parameters that say what rows are asked for.
pub fn of_question(call: &Call) -> Vec<(String, String)> {
    call.parameters.iter().filter(|(name, _)| !OWN_PARAMETERS.contains(&name.as_str())).cloned().collect()
}

/// The form of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Ndjson,
    Csv,
}

async fn list(call: Call, table: Table) -> Result<Response, Failure> {
    let form = form(&call)?;
    let mut parameters = of_question(&call);
    let issues = match table {
        Table::ErrorEvents => desk::scope_of(&call, &mut parameters).await?,
        _ => None,
    };
    let request = ListRequest { issues, ..ListRequest::parse(table, &parameters, call.app.world.now())? };
    if form != Form::Json {
        let operation = match table {
            Table::AuditLogs => "list_audit",
            Table::ErrorEvents => "list_errors",
            Table::Spans => "list_spans",
            Table::Attachments => "list_attachments",
            Table::Feedback => "list_feedback",
            Table::CheckIns => "list_check_ins",
            _ => "list_logs",
        };
        let reading =
            Reading { operation, project: &call.project, parameters: &call.parameters, question: None, target: None };
        call.recorder.begin(&call.caller, reading, Purpose::Export).await?;
    }
    let answer = call.app.engine.list(request, &call.visibility(ProjectChoice::Named)).await?;
    call.recorder.add_rows(answer.rows.len() as u64);
    let (media, mut body) = match form {
        Form::Json => return ok(&answer),
        Form::Ndjson => ("application/x-ndjson", ndjson(&answer.rows)),
        Form::Csv => ("text/csv; charset=utf-8", csv(&answer.rows)),
    };
    let searched = answer.statistics.searched.as_ref();
    if form == Form::Ndjson && searched.is_some() {
        body = format!("{}\n", json!({"statistics": &answer.statistics}));
    }
    let mut response = typed(StatusCode::OK, HeaderValue::from_static(media), body);
    tell_searched(&mut response, searched);
    Ok(response)
}

fn form(call: &Call) -> Result<Form, Failure> {
    match call.parameter("format") {
        None | Some("json") => Ok(Form::Json),
        Some("ndjson") => Ok(Form::Ndjson),
        Some("csv") => Ok(Form::Csv),
        Some(other) => Err(Failure::invalid(format!("format is json, ndjson or csv, not {other:?}")).field("format")),
    }
}

type Row = Map<String, Value>;

fn ndjson(rows: &[Row]) -> String {
    let mut out = String::new();
    for row in rows {
        out.push_str(&serde_json::to_string(row).expect("JSON values have a text"));
        out.push('\n');
    }
    out
}

/// RFC 4180. The header names every column that some row has; values are exact, as in SQL answers.
fn csv(rows: &[Row]) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(Row::keys) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut out = columns.iter().map(|name| csv_text(name)).collect::<Vec<_>>().join(",");
    out.push_str("\r\n");
    for row in rows {
        let cell = |name: &&str| match row.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => csv_text(text),
            Some(other) => csv_text(&other.to_string()),
        };
        out.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out
}

/// An empty text is quoted, so that it differs from null.
fn csv_text(text: &str) -> String {
    if text.is_empty() || text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

pub fn get_audit(call: Call) -> Answer {
    async move {
        let asked = call.segment("id");
        let id: EntryId = asked
            .parse()
            .map_err(|error| Failure::invalid(format!("{asked:?} is no id of an entry: {error}")).field("id"))?;
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::AuditLogs)?;
        let missing = || Failure::new(ErrorKind::NotFound, format!("no entry {id} in the project {}", call.project));
        if !visibility.sees_project(&call.project) {
            return Err(missing());
        }
        let mut rows = Vec::new();
        for batch in call.app.store.find_entry(&call.project, id).await? {
            rows.extend(row_objects(&batch)?);
        }
        if rows.is_empty() {
            return Err(missing());
        }
        // The later a state was recorded, the higher its number.
        rows.sort_by_key(|row| std::cmp::Reverse(row.get("seq").and_then(Value::as_i64)));
        // For proofs and machines; SQL has it.
        rows.iter_mut().for_each(|row| drop(row.remove("salt")));
        call.recorder.add_rows(rows.len() as u64);
        let sentence = summary(Table::AuditLogs, &rows[0]);
        ok(&json!({ "sentence": sentence, "rows": rows }))
    }
    .boxed()
}

pub fn timeline(call: Call) -> Answer {
    async move {
        let request = TimelineRequest::parse(&of_question(&call), call.app.world.now())?;
        let answer = call.app.engine.timeline(request, &call.visibility(ProjectChoice::Named)).await?;
        call.recorder.add_rows(answer.rows.len() as u64);
        ok(&answer)
    }
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_names_every_column_and_tells_empty_from_absent() {
        let row = |value: Value| value.as_object().expect("an object").clone();
        let rows = [row(json!({"a": "x,\"y\"", "b": 1})), row(json!({"a": "", "c": {"k": [1]}}))];
        assert_eq!(csv(&rows), "a,b,c\r\n\"x,\"\"y\"\"\",1,\r\n\"\",,\"{\"\"k\"\":[1]}\"\r\n");
    }
}
