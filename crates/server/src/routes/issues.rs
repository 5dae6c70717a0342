//! Issues: found by counting events, told with what people made of them, explained by grouping the newest again.

use std::sync::Arc;

use futures::FutureExt;
use serde_json::{Map, Value};
use whodunit_api::issues::{GroupingExplained, IssueAnswer};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, IssueId, group};
use whodunit_issues::rules::Rules;
use whodunit_model::{Project, Table};
use whodunit_query::ListRequest;
use whodunit_query::issues::IssueOrder;
use whodunit_stdx::{ErrorKind, Timestamp};

use super::artifacts;
use super::read::of_question;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::desk::{Choice, Desk};
use crate::failure::Failure;

type Row = Map<String, Value>;

pub fn list_issues(call: Call) -> Answer {
    async move {
        let mut parameters = of_question(&call);
        let order = order(&mut parameters)?;
        let desk = Desk::of(&call).await?;
        let request = asked(&call, &desk, parameters).await?;
        let mut answer = call.app.engine.issues(request, order, &call.visibility(ProjectChoice::Named)).await?;
        desk.complete(&call, &mut answer.issues).await?;
        call.recorder.add_rows(answer.issues.len() as u64);
        ok(&answer)
    }
    .boxed()
}

/// Takes what a list is sorted by out of its parameters.
pub fn order(parameters: &mut Vec<(String, String)>) -> Result<IssueOrder, Failure> {
    let order = match parameters.iter().find(|(name, _)| name == "sort") {
        None => IssueOrder::LastSeen,
        Some((_, name)) => IssueOrder::from_name(name).ok_or_else(|| {
            Failure::invalid(format!("sort is last_seen, first_seen, events or users, not {name:?}")).field("sort")
        })?,
    };
    parameters.retain(|(name, _)| name != "sort");
    Ok(order)
}

/// The events of a list with these parameters that count for the issues which they choose.
pub async fn asked(call: &Call, desk: &Desk, mut parameters: Vec<(String, String)>) -> Result<ListRequest, Failure> {
    let choice = Choice::take(call, desk, &mut parameters)?;
    let mut request = ListRequest::parse(Table::ErrorEvents, &parameters, call.app.world.now())?;
    request.issues = Some(Arc::new(desk.chosen(call, &choice).await?));
    Ok(request)
}

pub fn statistics(call: Call) -> Answer {
    async move {
        let desk = Desk::of(&call).await?;
        let request = asked(&call, &desk, of_question(&call)).await?;
        let answer = call.app.engine.issue_statistics(request, &call.visibility(ProjectChoice::Named)).await?;
        call.recorder.add_rows(answer.events);
        ok(&answer)
    }
    .boxed()
}

/// The tags of the errors of a list.
pub fn tags(call: Call) -> Answer {
    async move {
        let desk = Desk::of(&call).await?;
        let request = asked(&call, &desk, of_question(&call)).await?;
        let answer = call.app.engine.error_tags(&request, &call.visibility(ProjectChoice::Named)).await?;
        call.recorder.add_rows(answer.events);
        ok(&answer)
    }
    .boxed()
}

pub fn get_issue(call: Call) -> Answer {
    async move {
        let desk = Desk::of(&call).await?;
        let id = named(&call, &desk)?;
        let mut parameters = of_question(&call);
        parameters.push(("issue_id".to_owned(), id.to_string()));
        let request = asked(&call, &desk, parameters).await?;
        let visibility = call.visibility(ProjectChoice::Named);
        let (engine, order) = (&call.app.engine, IssueOrder::LastSeen);
        let mut found = engine.issues(ListRequest { limit: 1, ..request.clone() }, order, &visibility).await?;
        desk.complete(&call, &mut found.issues).await?;
        let missing = || not_found(&call, id, &found.from);
        let issue = found.issues.pop().ok_or_else(missing)?;
        let range = |text: &str| whodunit_query::time::parse(text, Timestamp(0));
        let request = ListRequest { from: range(&found.from), to: range(&found.to), ..request };
        let tags = engine.error_tags(&request, &visibility).await?;
        let mut latest = latest(&call, request, &visibility).await?.ok_or_else(missing)?;
        let grouping = explained(&latest, &call.app.gateway.groupings().of(&project_of(&latest, &call)));
        artifacts::resolve(&call, &mut latest).await?;
        call.recorder.add_rows(1);
        ok(&IssueAnswer {
            grouping,
            latest,
            tags: tags.tags,
            tagged_events: tags.events,
            issue,
            from: found.from.clone(),
            to: found.to.clone(),
            bucket_seconds: found.bucket_seconds,
            statistics: found.statistics.clone(),
        })
    }
    .boxed()
}

/// Whose event it is: a list may be of several projects.
fn project_of(row: &Row, call: &Call) -> Project {
    let named = row.get("project").and_then(Value::as_str).and_then(|slug| Project::parse(slug).ok());
    named.unwrap_or_else(|| call.project.clone())
}

/// The issue of the path: what it was merged into stands for it.
pub fn named(call: &Call, desk: &Desk) -> Result<IssueId, Failure> {
    let named = call.segment("id");
    let wrong = || Failure::invalid(format!("{named:?} is no id of an issue: a UUID")).field("id");
    Ok(desk.book.counts_for(IssueId::parse(named).ok_or_else(wrong)?))
}

pub fn not_found(call: &Call, id: IssueId, from: &str) -> Failure {
    let message = format!("no event of the issue {id} in the project {} from {from}", call.project);
    Failure::new(ErrorKind::NotFound, message).hint("ask for a longer range with from")
}

/// The newest event with all its columns.
async fn latest(
    call: &Call,
    request: ListRequest,
    visibility: &whodunit_query::Visibility,
) -> Result<Option<Row>, Failure> {
    let mut export = call.app.engine.export(request, visibility).await?;
    let newest = export.next().await?.into_iter().flatten().find(|batch| batch.num_rows() > 0);
    let Some(newest) = newest else { return Ok(None) };
    Ok(whodunit_query::format::row_objects(&newest.slice(0, 1))?.into_iter().next())
}

/// What is stored is what was grouped, so grouping it again by the project's rules says why.
fn explained(latest: &Row, rules: &Rules) -> GroupingExplained {
    let text = |name: &str| latest.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let raw = match latest.get("raw") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    let algorithm = text("algorithm");
    let fingerprint = text("fingerprint");
    let explanation = match Algorithm::parse(&algorithm) {
        Some(known) => {
            let grouping = group(&Event::read(&raw), rules, known);
            match grouping.fingerprint.to_string() == fingerprint {
                true => grouping.explain(),
                false => format!(
                    "The project's rules for grouping have changed since. By the rules of now:\n{}",
                    grouping.explain()
                ),
            }
        }
        None => format!("Grouped by an algorithm that this version does not know: {algorithm:?}."),
    };
    GroupingExplained { algorithm, fingerprint, explanation }
}
