//! Issues like another one, by what their newest events say.

use std::sync::Arc;

use futures::FutureExt;
use serde_json::json;
use whodunit_api::issues::{IssueSummary, SimilarIssue, SimilarIssuesAnswer};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::similar::{OwnFrames, likeness, own_frames};
use whodunit_model::{Project, Table};
use whodunit_query::issues::{IssueOrder, NewestExceptions};
use whodunit_query::{IssueScope, ListRequest, Visibility};
use whodunit_stdx::Timestamp;

use super::issues::{asked, named, not_found};
use super::read::of_question;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::desk::Desk;
use crate::failure::Failure;

/// Issues that are told.
pub const SIMILAR_ISSUES_MAX: usize = 10;
/// Issues with the same type, and with the same culprit, that are compared.
pub const SIMILAR_COMPARED_MAX: usize = 50;

pub fn similar_issues(call: Call) -> Answer {
    async move {
        let desk = Desk::of(&call).await?;
        let id = named(&call, &desk)?;
        let visibility = call.visibility(ProjectChoice::Named);
        let mut parameters = of_question(&call);
        parameters.push(("issue_id".to_owned(), id.to_string()));
        let mut request = asked(&call, &desk, parameters).await?;
        request.limit = 1;
        let mut found = call.app.engine.issues(request.clone(), IssueOrder::LastSeen, &visibility).await?;
        let this = found.issues.pop().ok_or_else(|| not_found(&call, id, &found.from))?;
        let range = |text: &str| whodunit_query::time::parse(text, Timestamp(0));
        (request.from, request.to) = (range(&found.from), range(&found.to));
        let frames = newest_frames(&call, &request, &visibility).await?;
        let own = frames.into_iter().find(|(of, _)| *of == id).map(|(_, frames)| frames).unwrap_or_default();

        let compared = candidates(&call, &desk, &this, &request, &visibility).await?;
        let count = compared.len() as u64;
        let mut issues = alike(&call, &this, &own, compared, &request, &visibility).await?;
        let mut summaries: Vec<IssueSummary> = issues.iter().map(|one| one.issue.clone()).collect();
        desk.complete(&call, &mut summaries).await?;
        issues.iter_mut().zip(summaries).for_each(|(one, summary)| one.issue = summary);
        call.recorder.add_rows(issues.len() as u64);
        ok(&SimilarIssuesAnswer { issues, compared: count, from: found.from, to: found.to })
    }
    .boxed()
}

/// The newest issues with the same type, and those with the same culprit.
async fn candidates(
    call: &Call,
    desk: &Desk,
    this: &IssueSummary,
    request: &ListRequest,
    visibility: &Visibility,
) -> Result<Vec<IssueSummary>, Failure> {
    let mut scope = desk.scope();
    let ids = IssueId::parse(&this.id).map(|id| scope.with_merged(id)).unwrap_or_default();
    scope.except.extend(ids);
    let scope = Arc::new(scope);
    let mut all: Vec<IssueSummary> = Vec::new();
    for (column, value) in [("type", &this.kind), ("culprit", &this.culprit)] {
        let Some(value) = value else { continue };
        let filter = [(column.to_owned(), format!("\\{value}"))];
        let mut same = ListRequest::parse(Table::ErrorEvents, &filter, call.app.world.now())?;
        (same.from, same.to, same.limit) = (request.from, request.to, SIMILAR_COMPARED_MAX);
        same.issues = Some(scope.clone());
        for one in call.app.engine.issues(same, IssueOrder::LastSeen, visibility).await?.issues {
            if all.iter().all(|other| other.id != one.id) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

/// Those that are alike, with the reasons, the most alike first.
async fn alike(
    call: &Call,
    this: &IssueSummary,
    own: &OwnFrames,
    compared: Vec<IssueSummary>,
    request: &ListRequest,
    visibility: &Visibility,
) -> Result<Vec<SimilarIssue>, Failure> {
    if compared.is_empty() {
        return Ok(Vec::new());
    }
    let all = request.issues.as_deref().cloned().unwrap_or_default();
    let ids = compared.iter().filter_map(|issue| IssueId::parse(&issue.id));
    let only = Some(ids.flat_map(|id| all.with_merged(id)).collect());
    let of_these = ListRequest { issues: Some(Arc::new(IssueScope { only, ..all })), ..request.clone() };
    let frames = newest_frames(call, &of_these, visibility).await?;
    let frames_of = |id: &str| frames.iter().find(|(of, _)| of.to_string() == id).map(|(_, frames)| frames);
    let mut found = Vec::new();
    for issue in compared {
        let likeness = frames_of(&issue.id).map(|frames| likeness(own, frames)).unwrap_or_default();
        let (same_type, same_culprit) = (issue.kind == this.kind, issue.culprit == this.culprit);
        if (same_type && same_culprit) || likeness.shared > 0 {
            let (shared_frames, frames) = (likeness.shared as u64, likeness.all as u64);
            found.push(SimilarIssue { issue, same_type, same_culprit, shared_frames, frames });
        }
    }
    // Shares are compared crosswise, so that nothing is divided.
    found.sort_by(|one, other| {
        let shares = (other.shared_frames * one.frames.max(1)).cmp(&(one.shared_frames * other.frames.max(1)));
        let same = |one: &SimilarIssue| (one.same_type, one.same_culprit);
        shares.then_with(|| same(other).cmp(&same(one))).then_with(|| other.issue.last_seen.cmp(&one.issue.last_seen))
    });
    found.truncate(SIMILAR_ISSUES_MAX);
    Ok(found)
}

/// The application's own frames of the newest event of each issue, by the rules of the issue's project.
async fn newest_frames(
    call: &Call,
    request: &ListRequest,
    visibility: &Visibility,
) -> Result<Vec<(IssueId, OwnFrames)>, Failure> {
    let newest = call.app.engine.newest_exceptions(request, visibility).await?;
    let frames = |newest: NewestExceptions| {
        let rules = Project::parse(&newest.project).map(|project| call.app.gateway.groupings().of(&project));
        let client = newest.sdk.as_deref().and_then(|sdk| sdk.split('/').next());
        let raw = json!({
            "platform": newest.platform,
            "sdk": {"name": client},
            "exception": {"values": newest.exceptions},
        });
        own_frames(&Event::read(&raw), &rules.unwrap_or_default())
    };
    Ok(newest.into_iter().map(|(id, newest)| (id, frames(newest))).collect())
}
