//! Ways in: audit entries, completions of intents, log lines. The gateway decodes; here it is decided who may.

use axum::http::header;
use axum::response::Response;
use futures::FutureExt;
use serde::Serialize;
use whodunit_api::logs::LogsAnswer;
use whodunit_ingest::{Request, Taken};
use whodunit_model::Project;
use whodunit_stdx::{EntryId, ErrorKind};

use crate::call::{Answer, Call, ProjectChoice, json, ok};
use crate::failure::Failure;

pub fn audit(call: Call) -> Answer {
    async move {
        admit(&call)?;
        refuse_while_switched_off(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let Taken { mut answer, failure } = gateway.audit(request(&call)).await?;
        let failure = failure.map(Failure::from);
        answer.error = failure.as_ref().map(|failure| failure.detail().clone());
        answered(&answer, failure)
    }
    .boxed()
}

pub fn complete(call: Call) -> Answer {
    async move {
        admit(&call)?;
        // An intent that was taken may always be completed: refusing would only leave its outcome unknown.
        let id: EntryId = call.segment("id").parse().map_err(|error| {
            Failure::invalid(format!("{:?} is no id of an entry: {error}", call.segment("id"))).field("id")
        })?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        ok(&gateway.complete(&call.project, id, call.body.clone(), &call.caller).await?)
    }
    .boxed()
}

pub fn logs(call: Call) -> Answer {
    async move {
        admit(&call)?;
        let (gateway, call) = (call.app.gateway.clone(), without_memory(call));
        let Taken { mut answer, failure } = gateway.logs(request(&call)).await?;
        let failure = failure.map(Failure::from).map(|failure| match answer.resume_at_line {
            Some(line) => {
                failure.hint(format!("the lines before {line} are done with: send again from line {line} on"))
            }
            None => failure,
        });
        answer.error = failure.as_ref().map(|failure| failure.detail().clone());
        answered(&answer, failure)
    }
    .boxed()
}

/// The answer, under the status and headers of the failure if there is one.
fn answered(answer: &impl Serialize, failure: Option<Failure>) -> Result<Response, Failure> {
    match failure {
        None => ok(answer),
        Some(failure) => Ok(failure.response_with(json(answer)?)),
    }
}

/// Whether this caller may send into the chosen project.
pub fn admit(call: &Call) -> Result<(), Failure> {
    let project = &call.project;
    if call.project_choice == ProjectChoice::All {
        return Err(Failure::invalid("rows are sent into one project").field("project"));
    }
    if project.as_str() == Project::WHODUNIT {
        return Err(Failure::new(ErrorKind::Forbidden, "only Whodunit itself writes into the project whodunit")
            .field("project"));
    }
    if !call.caller.reaches(project) {
        let message = format!("these credentials do not reach the project {project}");
        return Err(Failure::new(ErrorKind::Forbidden, message)
            .field("project")
            .hint("name one in X-Whodunit-Project"));
    }
    match call.app.control.directory().project(project.as_str()) {
        Some(known) if known.archived_at.is_none() => Ok(()),
        Some(_) => {
            Err(Failure::new(ErrorKind::Conflict, format!("the project {project} is archived")).field("project"))
        }
        None => Err(Failure::new(ErrorKind::NotFound, format!("there is no project {project}"))
            .field("project")
            .hint("make it with whodunit admin projects create")),
    }
}

/// Answering as if an entry had been taken would be a lie; dropping it in silence would be worse.
fn refuse_while_switched_off(call: &Call) -> Result<(), Failure> {
    if call.app.control.directory().settings().audit_logging {
        return Ok(());
    }
    Err(Failure::new(
        ErrorKind::Conflict,
        "audit logging is switched off on this server: the entries were not recorded",
    )
    .field("audit_logging")
    .hint("an admin switches it on with the setting audit_logging"))
}

/// What was not taken, in one sentence, for protocols whose answers have room for one; `None` if all was.
pub fn refused(answer: &LogsAnswer) -> Option<String> {
    let first = answer.rejections.first()?;
    let field = if first.field.is_empty() { String::new() } else { format!(", {}", first.field) };
    let (rejected, accepted) = (answer.rejected, answer.accepted);
    Some(format!(
        "{rejected} of {} entries were not taken, the others are stored; the first is number {}{field}: {}",
        rejected + accepted,
        first.line,
        first.reason
    ))
}

/// The failure of a request that ended half-way, for protocols that cannot say what of it is stored: sent again, that
/// is there twice, and without being sent again the rest would be lost.
pub fn half_way(failure: whodunit_ingest::Error, answer: &LogsAnswer) -> Failure {
    let failure = Failure::from(failure);
    match answer.accepted {
        0 => failure,
        stored => {
            failure.hint(format!("the first {stored} rows of the request are stored; sent again they are there twice"))
        }
    }
}

/// The gateway reserves for the body itself; holding it twice would halve the limit.
pub fn without_memory(mut call: Call) -> Call {
    call.body_memory = None;
    call
}

pub fn request(call: &Call) -> Request<'_> {
    Request {
        body: call.body.clone(),
        content_encoding: call.header(header::CONTENT_ENCODING),
        content_type: call.header(header::CONTENT_TYPE),
        project: call.project.clone(),
        caller: &call.caller,
        parameters: &call.parameters,
    }
}
