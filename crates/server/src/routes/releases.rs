//! The health of releases: of how many sessions the last word was a crash.
//!
//! A session that is told of by several updates counts once, by the worst that was said of it; counts of sessions are
//! added as they came.

use std::time::Duration;

use futures::FutureExt;
use serde_json::{Map, Value};
use whodunit_api::releases::{ReleaseHealth, ReleaseHealthAnswer};
use whodunit_model::Table;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::{SqlRequest, time};
use whodunit_stdx::Timestamp;

use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;

/// Without parameters the range is the last so long.
const RANGE_DEFAULT: Duration = Duration::from_secs(14 * 86_400);
/// Releases, each in each environment, that an answer names.
pub const RELEASES_MAX: usize = 200;

pub fn health(call: Call) -> Answer {
    async move {
        let now = call.app.world.now();
        let end = |name: &str, otherwise: Timestamp| match call.parameter(name) {
            None => Ok(otherwise),
            Some(text) => time::parse(text, now)
                .ok_or_else(|| Failure::invalid(format!("{name} is a time, not {text:?}")).field(name)),
        };
        let to = end("to", now)?;
        let from = end("from", to.saturating_sub(RANGE_DEFAULT))?;
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::ReleaseSessions)?;
        let request = SqlRequest { query: question(from, to), limits: call.app.engine.settings().limits };
        let (batches, _) = call.app.engine.sql(request, &visibility).await?.collect().await?;
        let mut releases = Vec::new();
        for batch in &batches {
            releases.extend(row_objects(batch)?.iter().map(release));
        }
        let more = releases.len() > RELEASES_MAX;
        releases.truncate(RELEASES_MAX);
        call.recorder.add_rows(releases.len() as u64);
        ok(&ReleaseHealthAnswer { from: time_text(from.nanos()), to: time_text(to.nanos()), releases, more })
    }
    .boxed()
}

fn question(from: Timestamp, to: Timestamp) -> String {
    let (from, to) = (time_text(from.nanos()), time_text(to.nanos()));
    let range = format!("time >= TIMESTAMP '{from}' AND time < TIMESTAMP '{to}'");
    let worst = |condition: &str| format!("max(CASE WHEN {condition} THEN 1 ELSE 0 END)");
    let (crashed, abnormal) = (worst("status IN ('crashed', 'unhandled')"), worst("status = 'abnormal'"));
    let errored = worst("errors > 0 OR status = 'errored'");
    let counted = |status: &str| format!("CASE WHEN {status} THEN sessions ELSE 0 END");
    format!(
        "SELECT \"release\", environment, sum(sessions) AS sessions, sum(crashed) AS crashed, \
         sum(abnormal) AS abnormal, sum(errored) AS errored, count(DISTINCT actor_id) AS users, \
         count(DISTINCT CASE WHEN crashed > 0 THEN actor_id END) AS crashed_users, \
         min(time) AS first_seen, max(time) AS last_seen FROM (\
         SELECT \"release\", max(environment) AS environment, max(actor_id) AS actor_id, min(time) AS time, \
         1 AS sessions, {crashed} AS crashed, \
         CASE WHEN {crashed} = 0 THEN {abnormal} ELSE 0 END AS abnormal, \
         CASE WHEN {crashed} = 0 AND {abnormal} = 0 THEN {errored} ELSE 0 END AS errored \
         FROM release_sessions WHERE {range} AND session_id IS NOT NULL GROUP BY \"release\", session_id \
         UNION ALL \
         SELECT \"release\", environment, actor_id, time, sessions, \
         {} AS crashed, {} AS abnormal, {} AS errored \
         FROM release_sessions WHERE {range} AND session_id IS NULL\
         ) AS counted GROUP BY \"release\", environment ORDER BY last_seen DESC, \"release\", environment LIMIT {}",
        counted("status IN ('crashed', 'unhandled')"),
        counted("status = 'abnormal'"),
        counted("status = 'errored'"),
        RELEASES_MAX + 1,
    )
}

fn release(row: &Map<String, Value>) -> ReleaseHealth {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
    let free_of = |bad: u64, all: u64| all.saturating_sub(bad) as f64 / all.max(1) as f64;
    let (sessions, crashed, users) = (number("sessions"), number("crashed"), number("users"));
    ReleaseHealth {
        release: text("release").unwrap_or_default(),
        environment: text("environment"),
        sessions,
        crashed,
        abnormal: number("abnormal"),
        errored: number("errored"),
        crash_free_sessions: free_of(crashed, sessions),
        users,
        crash_free_users: (users > 0).then(|| free_of(number("crashed_users"), users)),
        first_seen: text("first_seen").unwrap_or_default(),
        last_seen: text("last_seen").unwrap_or_default(),
    }
}
