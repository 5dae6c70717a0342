//! What people say about issues.

use whodunit_issues::fingerprint::IssueId;
use whodunit_model::{Caller, Permission, Project};

use crate::cases::plain_text;
use crate::core::{Change, Changed, Control, change, label, require};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::issue::{IssueBook, IssueComment};
use crate::trail::{Act, Category};

/// Comments on one issue.
pub const ISSUE_COMMENTS_MAX: usize = 1_000;
/// Longest comment.
pub const ISSUE_COMMENT_CHARACTERS_MAX: usize = 10_000;

/// A comment by the issue that it is found at and its id.
#[derive(Clone, Copy, Debug)]
pub struct CommentPlace<'a> {
    pub project: &'a Project,
    pub issue: IssueId,
    pub id: &'a str,
}

impl Control {
    /// The comments on an issue and on what was merged into it, oldest first; without those from before it was
    /// deleted.
    pub async fn issue_comments(&self, project: &Project, issue: IssueId) -> Result<Vec<IssueComment>, Error> {
        comments(&mut *self.0.database.read().await?, project, issue).await
    }

    /// Says something about an issue.
    pub async fn add_issue_comment(
        &self,
        caller: &Caller,
        (project, issue, title): (&Project, IssueId, Option<&str>),
        body: &str,
    ) -> Result<IssueComment, Error> {
        let comment = IssueComment {
            id: self.0.world.entry_id().to_string(),
            project: project.clone(),
            issue,
            body: text(body)?,
            added_at: self.0.world.now(),
            added_by: label(caller),
            changed_at: None,
            changed_by: None,
        };
        let mut act = act("ISSUE_COMMENT_ADD", "comment on", &comment);
        if let Some(target) = &mut act.target {
            target.name = title.map(str::to_owned);
        }
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, comment).await;
        self.finish(pending, done).await
    }

    /// Says it differently: for who said it, and for administrators.
    pub async fn change_issue_comment(
        &self,
        caller: &Caller,
        place: CommentPlace<'_>,
        body: &str,
    ) -> Result<IssueComment, Error> {
        let body = text(body)?;
        let before = find(&mut *self.0.database.read().await?, caller, place).await?;
        let act = act("ISSUE_COMMENT_CHANGE", "change a comment on", &before);
        let mut pending = self.begin(caller, act).await?;
        let now = self.0.world.now();
        let done = async {
            let before = find_own(pending.connection(), caller, place).await?;
            let (changed_at, changed_by) = (Some(now), Some(label(caller)));
            let after = IssueComment { body, changed_at, changed_by, ..before.clone() };
            db::issues::save_comment(pending.connection(), &after).await?;
            Ok(Changed { changes: differences(Some(&before), Some(&after)), value: after })
        }
        .await;
        self.finish(pending, done).await
    }

    /// Takes it back, by the rules of changing it, and answers what it was.
    pub async fn remove_issue_comment(
        &self,
        caller: &Caller,
        place: CommentPlace<'_>,
        reason: Option<&str>,
    ) -> Result<IssueComment, Error> {
        let before = find(&mut *self.0.database.read().await?, caller, place).await?;
        let act = act("ISSUE_COMMENT_REMOVE", "remove a comment on", &before).reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let done = async {
            let comment = find_own(pending.connection(), caller, place).await?;
            db::issues::delete_comment(pending.connection(), &comment).await?;
            Ok(Changed { changes: differences(Some(&comment), None), value: comment })
        }
        .await;
        self.finish(pending, done).await
    }
}

fn text(body: &str) -> Result<String, Error> {
    let body = plain_text("body", body, ("issue_comment_characters_max", ISSUE_COMMENT_CHARACTERS_MAX))?;
    if body.is_empty() { Err(Error::invalid("body", "a comment says something")) } else { Ok(body) }
}

fn act(action: &'static str, verb: &str, comment: &IssueComment) -> Act {
    Act::new(action, Category::Mutation, format!("{verb} the issue {}", comment.issue))
        .target("issue", comment.issue.to_string(), None)
        .metadata("project", comment.project.as_str())
        .metadata("comment", comment.id.as_str())
}

async fn comments(connection: &mut Connection, project: &Project, issue: IssueId) -> Result<Vec<IssueComment>, Error> {
    let book = IssueBook::of(db::issues::list(connection, Some(project)).await?);
    let deleted_at = book.get(issue).and_then(|issue| issue.standing.deleted_at);
    let mut all = db::issues::comments(connection, project, issue).await?;
    for merged in book.merged_into(issue) {
        all.extend(db::issues::comments(connection, project, merged.id).await?);
    }
    all.retain(|comment| deleted_at.is_none_or(|deleted_at| comment.added_at > deleted_at));
    all.sort_by(|one, other| one.added_at.cmp(&other.added_at).then_with(|| one.id.cmp(&other.id)));
    Ok(all)
}

async fn find(connection: &mut Connection, caller: &Caller, place: CommentPlace<'_>) -> Result<IssueComment, Error> {
    let all = if caller.reaches(place.project) {
        comments(connection, place.project, place.issue).await?
    } else {
        Vec::new()
    };
    all.into_iter().find(|comment| comment.id == place.id).ok_or_else(|| Error::not_found("comment", place.id))
}

/// The comment, if the caller may change it.
async fn find_own(
    connection: &mut Connection,
    caller: &Caller,
    place: CommentPlace<'_>,
) -> Result<IssueComment, Error> {
    require(caller, Permission::Edit)?;
    let comment = find(connection, caller, place).await?;
    if comment.added_by != label(caller) {
        require(caller, Permission::Administer)?;
    }
    Ok(comment)
}

async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    comment: IssueComment,
) -> Result<Changed<IssueComment>, Error> {
    require(caller, Permission::Edit)?;
    let known = db::projects::find(connection, &comment.project).await?.is_some();
    if !known || !caller.reaches(&comment.project) {
        return Err(Error::not_found("project", comment.project.as_str()));
    }
    if db::issues::comments(connection, &comment.project, comment.issue).await?.len() >= ISSUE_COMMENTS_MAX {
        let message = format!("there are {ISSUE_COMMENTS_MAX} comments already: remove one first");
        return Err(Error { limit: Some("issue_comments_max"), ..Error::conflict(message) });
    }
    db::issues::save_comment(connection, &comment).await?;
    Ok(Changed { changes: differences(None, Some(&comment)), value: comment })
}

fn differences(before: Option<&IssueComment>, after: Option<&IssueComment>) -> Vec<Change> {
    let body = |comment: &IssueComment| comment.body.clone();
    change("comment", before.map(body), after.map(body)).into_iter().collect()
}
