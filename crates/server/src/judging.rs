//! Looks at the check-ins of scheduled jobs as they come, tells of what was missed, failed or ran too long, and closes the
//! issues of jobs that run well again.
//!
//! The check-ins in the store are all the state there is: a start reads those of the last [`LOOKBACK`] again, and what
//! follows piece by piece.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use whodunit_control::{Error as ControlError, Issue};
use whodunit_ingest::Request;
use whodunit_ingest::sentry::Form;
use whodunit_issues::fingerprint::IssueId;
use whodunit_issues::time::Time;
use whodunit_issues::workflow::{self, Happened};
use whodunit_model::Caller;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::{Limits, SqlRequest, Visibility};
use whodunit_stdx::{Instant, Tasks, Timestamp};

use crate::app::App;
use crate::failure::Failure;
use crate::monitors::{Recovery, Row, Told, event, row};

/// How often jobs are looked at. Schedules are never finer than a minute.
pub const MONITORS_INTERVAL: Duration = Duration::from_secs(10);
/// How far back a start reads: longer than the longest usual schedule.
pub const LOOKBACK: Duration = Duration::from_secs(40 * 86_400);
/// Check-ins that are read at once; more wait for the next time.
pub const CHECK_INS_READ_MAX: u64 = 100_000;
/// Verdicts that wait to be stored; past it the oldest go.
const UNTOLD_MAX: usize = 10_000;
/// So long a recovery waits for its issue to have seen what was told of the job.
const RECOVERY_WAIT: Duration = Duration::from_secs(10 * 60);

/// What waits for the next time.
#[derive(Default)]
struct Waiting {
    untold: Vec<Told>,
    /// Each with when it was found.
    recovered: Vec<(Recovery, Instant)>,
}

/// Reads and judges until `tasks` stop.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    let app = app.clone();
    tasks.spawn("monitors", move |mut stop| async move {
        let began = app.world.now();
        let mut seen = Place { received_at: began.saturating_sub(LOOKBACK), seq: -1 };
        let mut waiting = Waiting::default();
        while !stop.is_set() {
            match look(&app, began, seen, &mut waiting).await {
                Ok(next) => seen = next,
                Err(failure) => tracing::warn!(error = failure.message(), "check-ins were not read; it is tried again"),
            }
            tokio::select! {
                () = stop.wait() => {}
                () = tokio::time::sleep(MONITORS_INTERVAL) => {}
            }
        }
    });
}

/// How far check-ins have been read.
#[derive(Clone, Copy, Debug)]
struct Place {
    received_at: Timestamp,
    seq: i64,
}

/// Tells of what waits from before, too. A verdict that is told twice is stored once, by its id.
async fn look(app: &App, began: Timestamp, seen: Place, waiting: &mut Waiting) -> Result<Place, Failure> {
    let (rows, next) = read(app, seen).await?;
    let judged = app.monitors.judge(rows, Time(app.world.now().nanos()), Time(began.nanos()));
    waiting.untold.extend(judged.told);
    let beyond = waiting.untold.len().saturating_sub(UNTOLD_MAX);
    waiting.untold.drain(..beyond);
    for one in std::mem::take(&mut waiting.untold) {
        if !tell(app, &one).await {
            waiting.untold.push(one);
        }
    }
    let now = app.world.instant();
    waiting.recovered.extend(judged.recovered.into_iter().map(|one| (one, now)));
    for (one, found) in std::mem::take(&mut waiting.recovered) {
        let closed = close(app, &one).await.unwrap_or_else(|error| {
            tracing::warn!(monitor = one.monitor(), %error, "the issue of a job was not resolved; it is tried again");
            false
        });
        if !closed && now.since(found) < RECOVERY_WAIT {
            waiting.recovered.push((one, found));
        }
    }
    Ok(next)
}

/// Resolves the issues of a job that runs well again; whether there is nothing left to do. What is merged into another
/// issue, deleted or ignored stays as people left it.
async fn close(app: &App, recovery: &Recovery) -> Result<bool, ControlError> {
    let (project, control) = (recovery.project(), &app.control);
    let ids: Vec<IssueId> = recovery.issues(&app.gateway.groupings().of(project)).into_iter().collect();
    let sightings = control.issue_sightings(project, &ids).await?;
    let has_seen = |told: Time| sightings.iter().any(|sighting| sighting.last_seen.nanos() >= told.0);
    if recovery.told.is_some_and(|told| !has_seen(told)) {
        return Ok(false);
    }
    let book = control.issue_book(&Caller::system("monitors"), Some(project)).await?;
    for id in ids {
        let issue = book.get(id).cloned().unwrap_or_else(|| Issue::untouched(project, id));
        let standing = &issue.standing;
        let life = standing.deleted_at.unwrap_or(Timestamp(0));
        let is_there = sightings.iter().any(|sighting| sighting.issue == id && sighting.life >= life);
        // After a restart the same recovery is found again: what was done since is not done over.
        let is_done = recovery.is_of_before && issue.updated_at.nanos() > recovery.at.0;
        if !is_there || is_done || standing.merged_into.is_some() {
            continue;
        }
        let (state, happened) = workflow::recover(&standing.state, recovery.at);
        if happened != Happened::Nothing {
            let title = format!("Job {}", recovery.monitor());
            control.move_issue(issue, state, &happened, Some(title)).await?;
        }
    }
    Ok(true)
}

async fn read(app: &App, seen: Place) -> Result<(Vec<Row>, Place), Failure> {
    // Rows are numbered in the order in which they became visible, so none slips in behind the last that was read.
    let since = time_text(seen.received_at.nanos());
    let query = format!(
        "SELECT project, monitor, environment, check_in_id, status, time, duration_ns, config, received_at, seq \
         FROM check_ins WHERE seq > {} AND received_at >= TIMESTAMP '{since}' ORDER BY seq LIMIT {CHECK_INS_READ_MAX}",
        seen.seq
    );
    let limits = Limits { rows: CHECK_INS_READ_MAX, ..app.engine.settings().limits };
    let visibility = Visibility::of(&Caller::system("monitors"));
    let (batches, _) = app.engine.sql(SqlRequest { query, limits }, &visibility).await?.collect().await?;
    let (mut rows, mut next) = (Vec::new(), seen);
    for batch in &batches {
        for found in row_objects(batch)? {
            next.seq = next.seq.max(found.get("seq").and_then(Value::as_i64).unwrap_or(-1));
            rows.extend(row(&found));
        }
    }
    Ok((rows, next))
}

/// Whether it is stored now.
async fn tell(app: &App, told: &Told) -> bool {
    let caller = Caller::system("monitors");
    let request = Request {
        body: format!("{{}}\n{{\"type\":\"event\"}}\n{}", event(told)).into(),
        content_encoding: None,
        content_type: None,
        project: told.project().clone(),
        caller: &caller,
        parameters: &[],
    };
    let failure = match app.gateway.sentry(request, Form::Envelope).await {
        Ok(taken) => taken.failure,
        Err(error) => Some(error),
    };
    if let Some(error) = &failure {
        tracing::warn!(monitor = told.monitor(), %error, "a verdict about a job was not stored; it is tried again");
    }
    failure.is_none()
}
