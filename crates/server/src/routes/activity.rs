//! The activity: a live feed of all signals, and what the last day was like.
//!
//! A caller who may not read audit entries gets the rest and is told what is missing. A feed that shows audit entries is
//! recorded once, when it is opened; the summary once per caller, project and quarter of an hour.

use std::sync::Arc;

use bytes::Bytes;
use futures::{FutureExt, Stream};
use serde_json::json;
use whodunit_api::activity::{ActivityOpened, Without};
use whodunit_api::query::ActivityRow;
use whodunit_model::{Project, Table};
use whodunit_query::activity::{Activity, ActivityRequest, Happened, readable};
use whodunit_query::timeline::SIGNALS;
use whodunit_query::{Error, Visibility};
use whodunit_stdx::tasks::Stop;

use super::summary::summarise;
use super::tail::{STILL_HERE, TAIL_SILENCE_MAX, answer, event};
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::failure::Failure;
use crate::recording::{Purpose, Reading, Recorder};
use crate::routes::read::of_question;
use crate::watching::WATCHED_FOR;

/// A reader that loses the feed should come back after two seconds.
const RETRY: &str = "retry: 2000\n\n";

pub fn stream(call: Call) -> Answer {
    async move {
        let request = ActivityRequest::parse(&of_question(&call))?;
        let visibility = seen(&call);
        if visibility.reads(Table::AuditLogs) {
            record(&call, "activity_stream", call.parameters.clone()).await?;
        }
        let (newest, activity) = call.app.engine.activity(&request, &visibility).await?;
        let opened = ActivityOpened {
            signals: readable(&visibility).map(|table| table.name().to_owned()).collect(),
            without: without(&visibility),
            rate_max: request.rate_max as u64,
        };
        call.recorder.add_rows(newest.len() as u64);
        let mut first = format!("{RETRY}{}", event("opened", &json!(opened)));
        newest.iter().for_each(|row| first.push_str(&of_row(row)));
        let stop = call.app.tails.stop_signal();
        let feed = Feed { activity, stop, recorder: call.recorder.clone(), first: Some(first) };
        Ok(answer(events(feed)))
    }
    .boxed()
}

pub fn summary(call: Call) -> Answer {
    async move {
        let visibility = seen(&call);
        if readable(&visibility).next().is_none() {
            visibility.require(Table::Logs)?;
        }
        let what = format!("activity_summary {} {:?}", call.project, call.project_choice);
        let is_new = || call.app.watching.is_new(&call.caller, &what, call.app.world.instant());
        if visibility.reads(Table::AuditLogs) && is_new() {
            let stands_for = ("stands_for_reads_within_seconds".to_owned(), WATCHED_FOR.as_secs().to_string());
            let parameters = call.parameters.iter().cloned().chain([stands_for]).collect();
            record(&call, "activity_summary", parameters).await?;
        }
        let mut summary = summarise(&call, &visibility).await?;
        summary.without = without(&visibility);
        ok(&summary)
    }
    .boxed()
}

/// One project; or all applications', in which Whodunit's own trail would drown what they do.
fn seen(call: &Call) -> Visibility {
    let visibility = call.visibility(ProjectChoice::Named);
    let own = call.project_choice == ProjectChoice::Named && call.project.as_str() == Project::WHODUNIT;
    if own { visibility } else { visibility.of_applications() }
}

async fn record(call: &Call, operation: &'static str, parameters: Vec<(String, String)>) -> Result<(), Failure> {
    let reading = Reading { operation, project: &call.project, parameters: &parameters, question: None, target: None };
    call.recorder.begin(&call.caller, reading, Purpose::Read).await
}

fn without(visibility: &Visibility) -> Vec<Without> {
    let refused = |table: Table| {
        let error: Error = visibility.require(table).err()?;
        Some(Without { signal: table.name().to_owned(), reason: error.message })
    };
    SIGNALS.into_iter().filter_map(refused).collect()
}

struct Feed {
    activity: Activity,
    stop: Stop,
    recorder: Arc<Recorder>,
    first: Option<String>,
}

fn events(feed: Feed) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + 'static {
    futures::stream::unfold(Some(feed), |feed| async move {
        let mut feed = feed?;
        let (text, more) = feed.next().await?;
        Some((Ok(Bytes::from(text)), more.then_some(feed)))
    })
}

impl Feed {
    /// The next piece, and whether there may be more.
    async fn next(&mut self) -> Option<(String, bool)> {
        if let Some(first) = self.first.take() {
            return Some((first, true));
        }
        let next = tokio::select! {
            next = self.activity.next() => next,
            () = self.stop.wait() => return None,
            () = tokio::time::sleep(TAIL_SILENCE_MAX) => return Some((STILL_HERE.to_owned(), true)),
        };
        match next {
            Ok(Some(Happened::Rows(rows))) => {
                self.recorder.add_rows(rows.len() as u64);
                Some((rows.iter().map(of_row).collect(), true))
            }
            Ok(Some(Happened::Skipped(count))) => Some((event("skipped", &json!({ "count": count })), true)),
            Ok(Some(Happened::Missed(batches))) => Some((event("lagged", &json!({ "batches": batches })), true)),
            Ok(None) => None,
            Err(error) => {
                self.recorder.fail_late(error.kind.name(), &error.message);
                let body = serde_json::to_value(error.body()).expect("errors are plain");
                Some((event("error", &body), false))
            }
        }
    }
}

fn of_row(row: &ActivityRow) -> String {
    event("row", &json!(row))
}
