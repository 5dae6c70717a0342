//! Looks at the check-ins of scheduled jobs as they come, and tells of what was missed, failed or ran too long.
//!
//! The check-ins in the store are all the state there is: a start reads those of the last [`LOOKBACK`] again, and what
//! follows piece by piece.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use whodunit_ingest::Request;
use whodunit_ingest::sentry::Form;
use whodunit_issues::time::Time;
use whodunit_model::Caller;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::{Limits, SqlRequest, Visibility};
use whodunit_stdx::{Tasks, Timestamp};

use crate::app::App;
use crate::failure::Failure;
use crate::monitors::{Row, Told, event, row};

/// How often jobs are looked at. Schedules are never finer than a minute.
pub const MONITORS_INTERVAL: Duration = Duration::from_secs(10);
/// How far back a start reads: longer than the longest usual schedule.
pub const LOOKBACK: Duration = Duration::from_secs(40 * 86_400);
/// Check-ins that are read at once; more wait for the next time.
pub const CHECK_INS_READ_MAX: u64 = 100_000;
/// Verdicts that wait to be stored; past it the oldest go.
const UNTOLD_MAX: usize = 10_000;

/// Reads and judges until `tasks` stop.
pub fn follow(app: &Arc<App>, tasks: &Tasks) {
    let app = app.clone();
    tasks.spawn("monitors", move |mut stop| async move {
        let began = app.world.now();
        let mut seen = Place { received_at: began.saturating_sub(LOOKBACK), seq: -1 };
        let mut untold = Vec::new();
        while !stop.is_set() {
            match look(&app, began, seen, &mut untold).await {
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

/// Tells of what is `untold` from before, too. A verdict that is told twice is stored once, by its id.
async fn look(app: &App, began: Timestamp, seen: Place, untold: &mut Vec<Told>) -> Result<Place, Failure> {
    let (rows, next) = read(app, seen).await?;
    untold.extend(app.monitors.judge(rows, Time(app.world.now().nanos()), Time(began.nanos())));
    let beyond = untold.len().saturating_sub(UNTOLD_MAX);
    untold.drain(..beyond);
    for one in std::mem::take(untold) {
        if !tell(app, &one).await {
            untold.push(one);
        }
    }
    Ok(next)
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
