//! A question in plain words. The engine reads and answers it; here it is recorded before the first row.

use futures::FutureExt;
use whodunit_api::query::{AskRequest, SqlFormat};
use whodunit_model::Project;
use whodunit_query::Visibility;
use whodunit_query::ask::{Scope, Understood, Zone, unclear, understand};
use whodunit_stdx::ErrorKind;

use super::sql::answered;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;
use crate::recording::{Purpose, Reading};

pub fn run(call: Call) -> Answer {
    async move {
        let request: AskRequest = call.json()?;
        let zone = Zone::parse(request.zone.as_deref().unwrap_or_default())?;
        let (project, scope, visibility) = asked_about(&call, request.project.as_deref())?;
        let (engine, text) = (&call.app.engine, request.question.as_str());
        let reading = match understand(text, zone, call.app.world.now(), scope)? {
            Understood::Question(reading) => reading,
            Understood::Unclear(suggestions) => return ok(&unclear(text, suggestions)),
        };
        let purpose = if request.format == SqlFormat::Json { Purpose::Read } else { Purpose::Export };
        let recorded = Reading {
            operation: "ask",
            project: &project,
            parameters: &call.parameters,
            question: Some(text),
            target: None,
        };
        call.recorder.begin(&call.caller, recorded, purpose).await?;
        if purpose == Purpose::Read {
            let answer = engine.tell(&reading, &visibility).await?;
            call.recorder.add_rows(answer.rows.len() as u64);
            return ok(&answer);
        }
        let rows = engine.put(&reading, engine.settings().limits, &visibility).await?.rows;
        answered(rows, request.format, call.recorder.clone()).await
    }
    .boxed()
}

/// The project of the body, of the header or parameter, or all applications' that the caller reaches.
fn asked_about(call: &Call, named: Option<&str>) -> Result<(Project, Scope, Visibility), Failure> {
    let project = match named {
        None if call.project_choice == ProjectChoice::Named => call.project.clone(),
        None | Some("*") => {
            return Ok((call.project.clone(), Scope::Applications, call.visibility(ProjectChoice::All)));
        }
        Some(slug) => Project::parse(slug).map_err(|error| Failure::invalid(error.to_string()).field("project"))?,
    };
    if !call.caller.reaches(&project) {
        let message = format!("these credentials do not reach the project {project}");
        return Err(Failure::new(ErrorKind::Forbidden, message).field("project"));
    }
    let scope = Scope::Project(project.as_str().to_owned());
    let visibility = Visibility::of(&call.caller).narrowed(std::slice::from_ref(&project));
    Ok((project, scope, visibility))
}
