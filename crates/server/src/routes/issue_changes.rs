//! What people make of issues, and what they say about them.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use whodunit_api::admin::ReasonRequest;
use whodunit_api::issues::{
    ChangeIssuesRequest, ChangedIssuesAnswer, IssueAssigneeList, IssueCommentList, IssueCommentRequest,
    IssueCommentView, IssueHistory, IssueIdsRequest, MergeIssuesRequest, UndoIssuesRequest, UpdateIssueRequest,
};
use whodunit_control::{
    ChangeIssues, ChangedIssues, CommentPlace, ISSUES_PER_REQUEST_MAX, IssueAct, IssueChange, People,
};
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::Caller;
use whodunit_query::Visibility;
use whodunit_stdx::ErrorKind;

use crate::call::{Answer, Call, ProjectChoice, json_response, ok};
use crate::desk::Desk;
use crate::failure::Failure;

pub fn update(call: Call) -> Answer {
    async move {
        let request: UpdateIssueRequest = call.json()?;
        let act = IssueAct::update(request.state, request.assignee)?;
        change(&call, &[issue_id(&call)?], act, request.version, request.reason).await
    }
    .boxed()
}

pub fn delete(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        change(&call, &[issue_id(&call)?], IssueAct::Delete, None, request.reason).await
    }
    .boxed()
}

pub fn change_many(call: Call) -> Answer {
    async move {
        let request: ChangeIssuesRequest = call.json()?;
        let act = IssueAct::update(request.state, request.assignee)?;
        change(&call, &ids(&request.ids)?, act, None, request.reason).await
    }
    .boxed()
}

pub fn delete_many(call: Call) -> Answer {
    async move {
        let request: IssueIdsRequest = call.json()?;
        change(&call, &ids(&request.ids)?, IssueAct::Delete, None, request.reason).await
    }
    .boxed()
}

pub fn merge(call: Call) -> Answer {
    async move {
        let request: MergeIssuesRequest = call.json()?;
        let into = parse(&request.into, "into")?;
        change(&call, &ids(&request.ids)?, IssueAct::Merge { into }, None, request.reason).await
    }
    .boxed()
}

pub fn unmerge(call: Call) -> Answer {
    async move {
        let request: IssueIdsRequest = call.json()?;
        change(&call, &ids(&request.ids)?, IssueAct::Unmerge, None, request.reason).await
    }
    .boxed()
}

pub fn undo(call: Call) -> Answer {
    async move {
        let UndoIssuesRequest { change, reason } = call.json()?;
        let undone = call.app.control.undo_issue_change(&call.caller, &change, reason.as_deref()).await?;
        changed(&undone, &call.app.control.people().await?)
    }
    .boxed()
}

pub fn assignees(call: Call) -> Answer {
    async move { ok(&IssueAssigneeList { users: call.app.control.people().await?.assignable() }) }.boxed()
}

/// Of the issue and of what was merged into it.
pub fn history(call: Call) -> Answer {
    async move {
        let id = issue_id(&call)?;
        one_project(&call)?;
        let desk = Desk::of(&call).await?;
        let mut all: Vec<IssueChange> = call.app.control.issue_history(&call.project, id).await?;
        for merged in desk.book.merged_into(id) {
            all.extend(call.app.control.issue_history(&call.project, merged.id).await?);
        }
        all.sort_by(|one, other| {
            let newest = other.changed_at.cmp(&one.changed_at).then_with(|| other.version.cmp(&one.version));
            newest.then_with(|| one.issue.cmp(&other.issue))
        });
        ok(&IssueHistory { changes: all.iter().map(|change| change.view(&desk.people)).collect() })
    }
    .boxed()
}

pub fn comments(call: Call) -> Answer {
    async move {
        let id = discussed(&call).await?;
        let comments = call.app.control.issue_comments(&call.project, id).await?;
        ok(&IssueCommentList { comments: comments.iter().map(IssueCommentView::from).collect() })
    }
    .boxed()
}

pub fn add_comment(call: Call) -> Answer {
    async move {
        let request: IssueCommentRequest = call.json()?;
        let id = discussed(&call).await?;
        let titles = called(&call, &Desk::of(&call).await?, &[id]).await?;
        let issue = (&call.project, id, titles[0].1.as_deref());
        let comment = call.app.control.add_issue_comment(&call.caller, issue, &request.body).await?;
        json_response(StatusCode::CREATED, &IssueCommentView::from(&comment))
    }
    .boxed()
}

pub fn change_comment(call: Call) -> Answer {
    async move {
        let request: IssueCommentRequest = call.json()?;
        let issue = discussed(&call).await?;
        let place = CommentPlace { project: &call.project, issue, id: call.segment("comment") };
        let comment = call.app.control.change_issue_comment(&call.caller, place, &request.body).await?;
        ok(&IssueCommentView::from(&comment))
    }
    .boxed()
}

pub fn remove_comment(call: Call) -> Answer {
    async move {
        let request: ReasonRequest = call.json_or_default()?;
        let issue = discussed(&call).await?;
        let place = CommentPlace { project: &call.project, issue, id: call.segment("comment") };
        let comment = call.app.control.remove_issue_comment(&call.caller, place, request.reason.as_deref()).await?;
        ok(&IssueCommentView::from(&comment))
    }
    .boxed()
}

async fn change(
    call: &Call,
    ids: &[IssueId],
    act: IssueAct,
    version: Option<i64>,
    reason: Option<String>,
) -> Result<Response, Failure> {
    one_project(call)?;
    let desk = Desk::of(call).await?;
    let issues = called(call, &desk, ids).await?;
    if let IssueAct::Merge { into } = &act {
        called(call, &desk, &[*into]).await?;
    }
    let asked = ChangeIssues { project: call.project.clone(), issues, act, version, reason };
    changed(&call.app.control.change_issues(&call.caller, asked).await?, &desk.people)
}

fn changed(changed: &ChangedIssues, people: &People) -> Result<Response, Failure> {
    let issues = changed.issues.iter().map(|issue| issue.view(people)).collect();
    ok(&ChangedIssuesAnswer { change: changed.change.clone(), issues })
}

/// What issues are called, for the trail; 404 for one that nobody ever saw.
async fn called(call: &Call, desk: &Desk, ids: &[IssueId]) -> Result<Vec<(IssueId, Option<String>)>, Failure> {
    // Who may change issues need not read their events to say which one is meant.
    let visibility = Visibility::of(&Caller::system("issues")).narrowed(std::slice::from_ref(&call.project));
    let mut titles = call.app.engine.issue_titles(ids, &visibility).await?;
    let seen = call.app.control.issue_sightings(&call.project, ids).await?;
    let known = |id: &IssueId| desk.book.get(*id).is_some() || seen.iter().any(|sighting| sighting.issue == *id);
    let mut named = Vec::with_capacity(ids.len());
    for id in ids {
        let title = titles.remove(id);
        if title.is_none() && !known(id) {
            let message = format!("no issue {id} in the project {}", call.project);
            return Err(Failure::new(ErrorKind::NotFound, message));
        }
        named.push((*id, title.flatten()));
    }
    Ok(named)
}

/// The issue that is talked about: what an issue was merged into stands for it.
async fn discussed(call: &Call) -> Result<IssueId, Failure> {
    one_project(call)?;
    let id = issue_id(call)?;
    Ok(Desk::of(call).await?.book.counts_for(id))
}

fn one_project(call: &Call) -> Result<(), Failure> {
    if call.project_choice == ProjectChoice::All {
        return Err(Failure::invalid("an issue belongs to one project").field("project"));
    }
    Ok(())
}

fn issue_id(call: &Call) -> Result<IssueId, Failure> {
    parse(call.segment("id"), "id")
}

/// Each of them once.
fn ids(texts: &[String]) -> Result<Vec<IssueId>, Failure> {
    if texts.is_empty() || texts.len() > ISSUES_PER_REQUEST_MAX {
        let message = format!("a request changes 1 to {ISSUES_PER_REQUEST_MAX} issues");
        return Err(Failure::invalid(message).field("ids").limit("issues_per_request_max"));
    }
    let mut ids = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let id = parse(text, &format!("ids[{index}]"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn parse(text: &str, field: &str) -> Result<IssueId, Failure> {
    let wrong = || Failure::invalid(format!("{text:?} is no id of an issue: a UUID")).field(field);
    IssueId::parse(text).ok_or_else(wrong)
}
