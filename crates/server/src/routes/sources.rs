//! Who sends what.

use futures::FutureExt;
use whodunit_api::sources::{SourceList, SourceReason, SourceRejection, SourceService, SourceView};
use whodunit_model::sources::Source;
use whodunit_query::format::time_text;
use whodunit_stdx::Timestamp;

use crate::call::{Answer, Call, ProjectChoice, ok};

pub fn list(call: Call) -> Answer {
    async move {
        let visibility = call.visibility(ProjectChoice::All);
        let now = call.app.world.now();
        let sources = call.app.sources.list(|project| visibility.sees_project(project));
        let sources = sources.into_iter().map(|source| view(source, now)).collect();
        ok(&SourceList { now: time_text(now.nanos()), sources })
    }
    .boxed()
}

fn view(source: Source, now: Timestamp) -> SourceView {
    let rows_today = source.rows_today(now);
    let mut services: Vec<_> =
        source.services.into_iter().map(|(service, rows)| SourceService { service, rows }).collect();
    services.sort_by_key(|one| std::cmp::Reverse(one.rows));
    let mut reasons: Vec<_> = source.reasons.into_iter().map(|(code, count)| SourceReason { code, count }).collect();
    reasons.sort_by_key(|one| std::cmp::Reverse(one.count));
    SourceView {
        project: source.key.project.to_string(),
        protocol: source.key.protocol.into_owned(),
        sender_type: source.key.sender_type.name().to_owned(),
        sender_id: source.key.sender_id,
        sender: source.sender,
        client: source.key.client,
        first_heard_at: time_text(source.first_heard_at.nanos()),
        last_heard_at: time_text(source.last_heard_at.nanos()),
        requests: source.requests,
        requests_failed: source.requests_failed,
        rows: source.rows,
        rows_today,
        bytes: source.bytes,
        rejected: source.rejected,
        services,
        reasons,
        last_rejection: source.last_rejection.map(|last| SourceRejection {
            at: time_text(last.at.nanos()),
            code: last.code,
            reason: last.reason,
        }),
    }
}
