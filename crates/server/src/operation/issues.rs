//! What people make of issues.

use whodunit_model::Permission;

use super::Operation;
use super::docs::{Docs, JSON, PROJECT, Verb, answers, content, json};
use crate::call::{AuditClass, BodyLimit, Handler};
use crate::gate::RateClass;
use crate::routes::issue_changes;

/// One that changes issues: for those who may edit what people share.
const fn change(
    (method, path): (Verb, &'static str),
    id: &'static str,
    handler: Handler,
    summary: &'static str,
    docs: Docs,
) -> Operation {
    Operation {
        method,
        path,
        id,
        permission: Permission::Edit,
        audit: AuditClass::Change,
        body: BodyLimit::Request,
        rate: RateClass::Query,
        handler,
        summary,
        docs,
    }
}

/// One that reads what people made of issues.
const fn read(path: &'static str, id: &'static str, handler: Handler, summary: &'static str, docs: Docs) -> Operation {
    Operation {
        method: Verb::Get,
        path,
        id,
        permission: Permission::ReadTelemetry,
        audit: AuditClass::ReadControl,
        body: BodyLimit::None,
        rate: RateClass::Account,
        handler,
        summary,
        docs,
    }
}

pub const OPERATIONS: &[Operation] = &[
    change(
        (Verb::Patch, "/api/v1/issues/{id}"),
        "update_issue",
        issue_changes::update,
        "Resolve, ignore, reopen or assign an issue",
        json("ChangedIssuesAnswer")
            .said("What is left out stays. What is so already is no change: then the answer has no `change`. An event after a resolution, that the resolution does not speak of, makes the issue regressed; an ignored one comes back when its time, its events or its users are reached.")
            .takes_json("UpdateIssueRequest")
            .with(&[PROJECT]),
    ),
    change(
        (Verb::Delete, "/api/v1/issues/{id}"),
        "delete_issue",
        issue_changes::delete,
        "Delete an issue",
        json("ChangedIssuesAnswer")
            .said("Hides the issue, what was merged into it, and all of their events received until now; the next event makes it come back as new. Stored events stay until retention drops them: SQL and the single event show them.")
            .takes_json("ReasonRequest")
            .with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/change"),
        "change_issues",
        issue_changes::change_many,
        "Resolve, ignore, reopen or assign issues",
        json("ChangedIssuesAnswer").said("All of them, or none.").takes_json("ChangeIssuesRequest").with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/delete"),
        "delete_issues",
        issue_changes::delete_many,
        "Delete issues",
        json("ChangedIssuesAnswer").said("All of them, or none.").takes_json("IssueIdsRequest").with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/merge"),
        "merge_issues",
        issue_changes::merge,
        "Merge issues into another one",
        json("ChangedIssuesAnswer")
            .said("Their events count for `into`, those that are stored and those to come, and so do those of what was merged into them before. `into` keeps its state. Nothing of the stored events changes.")
            .takes_json("MergeIssuesRequest")
            .with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/unmerge"),
        "unmerge_issues",
        issue_changes::unmerge,
        "Unmerge issues",
        json("ChangedIssuesAnswer").said("`ids` are those that were merged: their events count for themselves again.").takes_json("IssueIdsRequest").with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/undo"),
        "undo_issue_change",
        issue_changes::undo,
        "Take back a change of issues",
        json("ChangedIssuesAnswer")
            .said("All issues that the change touched stand as before it; 409 if one of them was changed since. This is a change, too, and can be taken back.")
            .takes_json("UndoIssuesRequest"),
    ),
    Operation {
        permission: Permission::Edit,
        ..read(
            "/api/v1/issues/assignees",
            "list_issue_assignees",
            issue_changes::assignees,
            "List users to whom issues may be assigned",
            json("IssueAssigneeList"),
        )
    },
    read(
        "/api/v1/issues/{id}/history",
        "issue_history",
        issue_changes::history,
        "List the changes of an issue",
        json("IssueHistory").said("Of the issue and of what was merged into it, newest first.").with(&[PROJECT]),
    ),
    read(
        "/api/v1/issues/{id}/comments",
        "list_issue_comments",
        issue_changes::comments,
        "List the comments on an issue",
        json("IssueCommentList").said("On the issue and on what was merged into it, oldest first; without those from before it was deleted.").with(&[PROJECT]),
    ),
    change(
        (Verb::Post, "/api/v1/issues/{id}/comments"),
        "add_issue_comment",
        issue_changes::add_comment,
        "Comment on an issue",
        answers(201, content(JSON, "IssueCommentView")).takes_json("IssueCommentRequest").with(&[PROJECT]),
    ),
    change(
        (Verb::Patch, "/api/v1/issues/{id}/comments/{comment}"),
        "change_issue_comment",
        issue_changes::change_comment,
        "Change a comment on an issue",
        json("IssueCommentView").said("For who said it, and for administrators.").takes_json("IssueCommentRequest").with(&[PROJECT]),
    ),
    change(
        (Verb::Delete, "/api/v1/issues/{id}/comments/{comment}"),
        "remove_issue_comment",
        issue_changes::remove_comment,
        "Remove a comment on an issue",
        json("IssueCommentView").said("For who said it, and for administrators. The answer is what it was, and so is the trail's entry.").takes_json("ReasonRequest").with(&[PROJECT]),
    ),
];
