//! Cases: named lists of rows with notes.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use whodunit_api::admin::ReasonRequest;
use whodunit_api::cases::{
    AddCaseRowsAnswer, AddCaseRowsRequest, CaseAnswer, CaseItemAnswer, CaseList, CaseNoteRequest, CaseRowRequest,
    CaseView, CreateCaseRequest, UpdateCaseRequest,
};
use whodunit_control::{CASE_ROWS_PER_REQUEST_MAX, Case, CaseItem, NewCase, NewCaseRow, Target, parse_rfc3339};
use whodunit_model::{Project, Table};
use whodunit_query::Visibility;
use whodunit_query::found::{NamedBy, RowKey};
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, ProjectChoice, json_response, ok};
use crate::failure::Failure;
use crate::recording::{Purpose, Reading};

/// Of all projects that the caller reaches, unless one is named.
pub fn list(call: Call) -> Answer {
    async move {
        let wants_closed = match call.parameter("state") {
            None => None,
            Some("open") => Some(false),
            Some("closed") => Some(true),
            Some(other) => {
                return Err(Failure::invalid(format!("state is open or closed, not {other:?}")).field("state"));
            }
        };
        let visibility = call.visibility(ProjectChoice::All);
        let cases = call.app.control.cases(&call.caller).await?;
        let wanted = cases.iter().filter(|case| visibility.sees_project(&case.project));
        let wanted = wanted.filter(|case| wants_closed.is_none_or(|closed| closed == case.closed_at.is_some()));
        ok(&CaseList { cases: wanted.map(CaseView::from).collect() })
    }
    .boxed()
}

pub fn create(call: Call) -> Answer {
    async move {
        let request: CreateCaseRequest = call.json()?;
        let new = NewCase::of(request, call.project.clone());
        let case = call.app.control.create_case(&call.caller, new).await?;
        json_response(StatusCode::CREATED, &CaseView::from(&case))
    }
    .boxed()
}

pub fn get(call: Call) -> Answer {
    async move {
        let case = call.app.control.case(&call.caller, call.segment("id")).await?;
        record(&call, "get_case", &case, Purpose::Read).await?;
        let all = call.app.control.case_items(&case).await?;
        let items: Vec<_> = all.iter().filter(|item| item.is_seen_by(&call.caller)).map(CaseItem::listed).collect();
        call.recorder.add_rows(items.len() as u64);
        ok(&CaseAnswer { case: (&case).into(), hidden: (all.len() - items.len()) as u64, items })
    }
    .boxed()
}

pub fn get_item(call: Call) -> Answer {
    async move {
        let (case, item) = call.app.control.case_item(&call.caller, call.segment("id"), number(&call)?).await?;
        record(&call, "get_case_item", &case, Purpose::Read).await?;
        call.recorder.add_rows(1);
        ok(&CaseItemAnswer { case: (&case).into(), item: item.whole() })
    }
    .boxed()
}

/// What a case shows are rows of signals: reading it is recorded as reading them is, with the case as its target.
pub async fn record(call: &Call, operation: &'static str, case: &Case, purpose: Purpose) -> Result<(), Failure> {
    let target = Target { kind: "case", id: case.id.clone(), name: Some(case.name.clone()) };
    let (project, parameters) = (&case.project, call.parameters.as_slice());
    let reading = Reading { operation, project, parameters, question: None, target: Some(target) };
    call.recorder.begin(&call.caller, reading, purpose).await
}

pub fn update(call: Call) -> Answer {
    async move {
        let request: UpdateCaseRequest = call.json()?;
        let case = call.app.control.update_case(&call.caller, call.segment("id"), request.into()).await?;
        ok(&CaseView::from(&case))
    }
    .boxed()
}

pub fn delete(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let reason = request.reason.as_deref();
        let case = call.app.control.delete_case(&call.caller, call.segment("id"), reason).await?;
        ok(&CaseView::from(&case))
    }
    .boxed()
}

pub fn add_rows(call: Call) -> Answer {
    async move {
        let request: AddCaseRowsRequest = call.json()?;
        if request.rows.is_empty() || request.rows.len() > CASE_ROWS_PER_REQUEST_MAX {
            let message = format!("a request adds 1 to {CASE_ROWS_PER_REQUEST_MAX} rows");
            return Err(Failure::invalid(message).field("rows").limit("case_rows_per_request_max"));
        }
        let mut rows = Vec::with_capacity(request.rows.len());
        for (index, row) in request.rows.iter().enumerate() {
            rows.push(found(&call, index, row).await?);
        }
        let reason = request.reason.as_deref();
        let added = call.app.control.add_case_rows(&call.caller, call.segment("id"), rows, reason).await?;
        ok(&AddCaseRowsAnswer {
            case: (&added.case).into(),
            added: added.items.iter().map(CaseItem::listed).collect(),
            present: added.present as u64,
        })
    }
    .boxed()
}

/// The row as it is now, if the caller may read it.
async fn found(call: &Call, index: usize, row: &CaseRowRequest) -> Result<NewCaseRow, Failure> {
    let key = key(call, index, row)?;
    let found = call.app.engine.find_row(&key, &Visibility::of(&call.caller)).await?;
    let found = found.ok_or_else(|| {
        let message = format!("rows[{index}] is not in {} of the project {}", row.signal, key.project);
        Failure::new(ErrorKind::NotFound, message).field(format!("rows[{index}]"))
    })?;
    Ok(NewCaseRow {
        table: key.table,
        project: key.project,
        time: found.time,
        seq: found.seq,
        id: found.id,
        severity: found.severity,
        summary: found.summary,
        fields: found.fields,
        note: row.note.clone().unwrap_or_default(),
    })
}

fn key(call: &Call, index: usize, row: &CaseRowRequest) -> Result<RowKey, Failure> {
    let wrong = |name: &str, message: String| Failure::invalid(message).field(format!("rows[{index}].{name}"));
    let table = Table::from_name(&row.signal)
        .ok_or_else(|| wrong("signal", format!("{:?} is no signal: it is a table's name", row.signal)))?;
    let project = match &row.project {
        Some(slug) => Project::parse(slug).map_err(|error| wrong("project", error.to_string()))?,
        None if call.project_choice == ProjectChoice::All => {
            return Err(wrong("project", "a row belongs to one project".to_owned()));
        }
        None => call.project.clone(),
    };
    let time = row
        .time
        .as_deref()
        .map(|text| parse_rfc3339(text).ok_or_else(|| wrong("time", format!("{text:?} is no time: it is RFC 3339"))));
    let named_by = match (&row.id, time.transpose()?, row.seq) {
        (Some(id), time, _) => NamedBy::Id { id: id.clone(), time },
        (None, Some(time), Some(seq)) => NamedBy::Place { time, seq },
        _ => return Err(wrong("id", "a row is named by its id, or by its time and seq".to_owned())),
    };
    Ok(RowKey { table, project, named_by })
}

pub fn add_note(call: Call) -> Answer {
    async move {
        let CaseNoteRequest { note, reason } = call.json()?;
        let id = call.segment("id");
        let (case, item) = call.app.control.add_case_note(&call.caller, id, &note, reason.as_deref()).await?;
        item_response(StatusCode::CREATED, &case, &item)
    }
    .boxed()
}

pub fn change_note(call: Call) -> Answer {
    async move {
        let CaseNoteRequest { note, reason } = call.json()?;
        let place = (call.segment("id"), number(&call)?);
        let (case, item) = call.app.control.change_case_note(&call.caller, place, &note, reason.as_deref()).await?;
        item_response(StatusCode::OK, &case, &item)
    }
    .boxed()
}

pub fn remove_item(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let place = (call.segment("id"), number(&call)?);
        let (case, item) = call.app.control.remove_case_item(&call.caller, place, request.reason.as_deref()).await?;
        item_response(StatusCode::OK, &case, &item)
    }
    .boxed()
}

fn item_response(status: StatusCode, case: &Case, item: &CaseItem) -> Result<Response, Failure> {
    json_response(status, &CaseItemAnswer { case: case.into(), item: item.listed() })
}

fn number(call: &Call) -> Result<i64, Failure> {
    let asked = call.segment("number");
    asked.parse().map_err(|_| Failure::invalid(format!("{asked:?} is no number of an item")).field("number"))
}
