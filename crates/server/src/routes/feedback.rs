//! What users said of an issue: of its events, whatever the range.

use futures::FutureExt;
use whodunit_api::issues::IssueFeedbackAnswer;
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::Table;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::{IssueScope, SqlRequest};

use super::issues::named;
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::desk::Desk;
use crate::failure::Failure;

/// What users said of one issue that an answer has.
pub const ISSUE_FEEDBACK_MAX: usize = 100;

pub fn of_issue(call: Call) -> Answer {
    async move {
        let parameter = call.parameters.iter().find(|(name, _)| name != "project");
        if let Some((name, _)) = parameter {
            let message = format!("what was said of an issue has no parameter {name:?}");
            return Err(Failure::invalid(message).field(name));
        }
        let desk = Desk::of(&call).await?;
        let query = question(&desk.scope(), named(&call, &desk)?);
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::Feedback)?;
        visibility.require(Table::ErrorEvents)?;
        let request = SqlRequest { query, limits: call.app.engine.settings().limits };
        let (batches, _) = call.app.engine.sql(request, &visibility).await?.collect().await?;
        let mut feedback = Vec::new();
        for batch in &batches {
            feedback.extend(row_objects(batch)?);
        }
        let more = feedback.len() > ISSUE_FEEDBACK_MAX;
        feedback.truncate(ISSUE_FEEDBACK_MAX);
        call.recorder.add_rows(feedback.len() as u64);
        ok(&IssueFeedbackAnswer { feedback, more })
    }
    .boxed()
}

/// Newest first, of the issue and what was merged into it, without that of deleted events.
fn question(scope: &IssueScope, issue: IssueId) -> String {
    let events = scope.with_merged(issue).into_iter().map(|id| match scope.hidden.get(&id) {
        None => format!("issue_id = '{id}'"),
        Some(until) => format!("(issue_id = '{id}' AND received_at > TIMESTAMP '{}')", time_text(until.nanos())),
    });
    format!(
        "SELECT time, id, event_id, environment, \"release\", actor_id, actor_email, actor_name, message, url, source \
         FROM feedback WHERE event_id IN (SELECT event_id FROM error_events WHERE {}) \
         ORDER BY time DESC, seq DESC LIMIT {}",
        events.collect::<Vec<_>>().join(" OR "),
        ISSUE_FEEDBACK_MAX + 1
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use whodunit_stdx::Timestamp;

    use super::*;

    #[test]
    fn what_was_deleted_is_left_out_and_what_was_merged_is_not() {
        let (one, other) = (IssueId([1; 16]), IssueId([2; 16]));
        let scope = IssueScope {
            merged: HashMap::from([(other, one)]),
            hidden: HashMap::from([(one, Timestamp(0))]),
            ..IssueScope::default()
        };
        let asked = question(&scope, one);
        assert!(asked.contains(&format!("issue_id = '{other}'")), "{asked}");
        let hidden = format!("(issue_id = '{one}' AND received_at > TIMESTAMP '1970-01-01T00:00:00.000000000Z')");
        assert!(asked.contains(&hidden), "{asked}");
    }
}
