//! The health of releases: of how many sessions the last word was a crash, which errors there were, when it went out.

mod sessions;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;
use serde_json::{Map, Value};
use whodunit_api::query::{Searched, Statistics};
use whodunit_api::releases::{ReleaseDeploy, ReleaseHealth, ReleaseHealthAnswer, SessionBucket};
use whodunit_control::{parse_rfc3339, rfc3339};
use whodunit_model::Table;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::issue_statistics::ReleaseErrors;
use whodunit_query::list::{BUCKETS_MAX, bucket_seconds, parse_number, starts};
use whodunit_query::table::TimeRange;
use whodunit_query::{ListRequest, SqlRequest, Visibility, time};
use whodunit_stdx::Timestamp;

use super::artifacts;
use super::issues::asked;
use super::read::of_question;
use crate::artifacts::releases::{Deploy, Releases};
use crate::call::{Answer, Call, ProjectChoice, ok};
use crate::desk::Desk;
use crate::failure::Failure;
use sessions::{Asked, Wanted, by_release, over_time};

/// Without parameters the range is the last so long.
const RANGE_DEFAULT: Duration = Duration::from_secs(14 * 86_400);
/// Releases, each in each environment, that an answer names.
pub const RELEASES_MAX: usize = 200;
/// About so many buckets unless `buckets` says otherwise.
const BUCKETS_DEFAULT: usize = 60;

type Row = Map<String, Value>;
/// By release and environment.
type Rows = BTreeMap<(String, Option<String>), ReleaseHealth>;

pub fn health(call: Call) -> Answer {
    async move {
        let (wanted, buckets) = question(&call)?;
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::ReleaseSessions)?;
        let mut found = Rows::new();
        let (heard_of, mut statistics) = rows(&call, &visibility, by_release(&wanted, RELEASES_MAX + 1)).await?;
        for row in &heard_of {
            let release = of_sessions(row);
            found.insert((release.release.clone(), release.environment.clone()), release);
        }
        let desk = Desk::of(&call).await?;
        let of_errors = errors(&call, &desk, &wanted).await?;
        for errors in call.app.engine.errors_by_release(&of_errors, &visibility).await? {
            add_errors(&mut found, errors);
        }
        for project in call.app.control.directory().projects().filter(|one| visibility.sees_project(&one.slug)) {
            let named = call.app.artifacts.releases(project.slug.as_str()).map_err(artifacts::failed)?;
            add_named(&mut found, &named, &wanted);
        }
        let begun = desk.begun_in_releases(&call, wanted.from, wanted.to).await?;
        let mut releases: Vec<ReleaseHealth> = found.into_values().collect();
        if releases.is_empty() {
            // There is none among the errors either, so their list says where was looked.
            let errors = call.app.engine.list(of_errors, &visibility).await?.statistics.searched;
            statistics.searched = statistics.searched.zip(errors).map(|(sessions, errors)| joined(sessions, errors));
        }
        for release in &mut releases {
            release.new_issues = begun.get(&release.release).copied().unwrap_or_default();
        }
        releases.sort_by(|one, other| heard(other).cmp(heard(one)));
        let more = releases.len() > RELEASES_MAX;
        releases.truncate(RELEASES_MAX);
        call.recorder.add_rows(releases.len() as u64);
        let range = TimeRange { from: wanted.from.nanos(), to: wanted.to.nanos().saturating_sub(1) };
        let width = bucket_seconds(range, i64::try_from(buckets).unwrap_or(i64::MAX));
        let over_time = buckets_of(&rows(&call, &visibility, over_time(&wanted, width)).await?.0, range, width);
        let sessions = over_time.iter().map(|bucket| bucket.sessions).sum();
        let crashed = over_time.iter().map(|bucket| bucket.crashed).sum();
        ok(&ReleaseHealthAnswer {
            from: time_text(wanted.from.nanos()),
            to: time_text(wanted.to.nanos()),
            sessions,
            crashed,
            crash_free_sessions: free_of(crashed, sessions),
            bucket_seconds: width.unsigned_abs(),
            over_time,
            releases,
            more,
            statistics,
        })
    }
    .boxed()
}

/// What is asked about, and in how many buckets.
fn question(call: &Call) -> Result<(Asked, usize), Failure> {
    let now = call.app.world.now();
    let (mut from, mut to, mut buckets) = (None, None, BUCKETS_DEFAULT);
    let (mut release, mut environment) = (Wanted::default(), Wanted::default());
    for (name, value) in of_question(call) {
        let at = || {
            let wrong = || Failure::invalid(format!("{name} is a time, not {value:?}")).field(name.clone());
            time::parse(&value, now).ok_or_else(wrong)
        };
        match name.as_str() {
            "from" => from = Some(at()?),
            "to" => to = Some(at()?),
            "buckets" => buckets = parse_number(&name, &value, 1, BUCKETS_MAX)?,
            "release" => release.add(&value),
            "environment" => environment.add(&value),
            _ => {
                let message = format!("the health of releases has no parameter {name:?}");
                let hint = "it has from, to, release, environment and buckets";
                return Err(Failure::invalid(message).field(name).hint(hint));
            }
        }
    }
    let to = to.unwrap_or(now);
    let from = from.unwrap_or_else(|| to.saturating_sub(RANGE_DEFAULT));
    if from >= to {
        return Err(Failure::invalid("from is not before to").field("from"));
    }
    Ok((Asked { from, to, release, environment }, buckets))
}

async fn rows(call: &Call, visibility: &Visibility, query: String) -> Result<(Vec<Row>, Statistics), Failure> {
    let limits = call.app.engine.settings().limits;
    let (batches, statistics) = call.app.engine.sql(SqlRequest { query, limits }, visibility).await?.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        rows.extend(row_objects(batch)?);
    }
    Ok((rows, statistics))
}

/// The errors of the range that name a release.
async fn errors(call: &Call, desk: &Desk, wanted: &Asked) -> Result<ListRequest, Failure> {
    let mut parameters = of_question(call);
    parameters.retain(|(name, _)| matches!(name.as_str(), "release" | "environment"));
    let none = ("release".to_owned(), "!*".to_owned());
    if !parameters.contains(&none) {
        parameters.push(("release".to_owned(), "*".to_owned()));
    }
    let mut request = asked(call, desk, parameters).await?;
    (request.from, request.to, request.limit) = (Some(wanted.from), Some(wanted.to), RELEASES_MAX + 1);
    Ok(request)
}

/// Where was looked for sessions, and for errors.
fn joined(mut sessions: Searched, errors: Searched) -> Searched {
    sessions.tables.extend(errors.tables);
    let known: Vec<_> =
        sessions.sources.iter().map(|source| (source.protocol.clone(), source.sender.clone())).collect();
    let new = errors.sources.into_iter().filter(|one| !known.contains(&(one.protocol.clone(), one.sender.clone())));
    sessions.sources.extend(new);
    sessions
}

/// Share of all that is not bad.
fn free_of(bad: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| all.saturating_sub(bad) as f64 / all as f64)
}

fn of_sessions(row: &Row) -> ReleaseHealth {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
    let (sessions, crashed, users) = (number("sessions"), number("crashed"), number("users"));
    let around = number("environment_sessions");
    ReleaseHealth {
        release: text("release").unwrap_or_default(),
        environment: text("environment"),
        sessions,
        crashed,
        abnormal: number("abnormal"),
        errored: number("errored"),
        crash_free_sessions: free_of(crashed, sessions),
        adoption: (around > 0).then(|| sessions as f64 / around as f64),
        users,
        crash_free_users: free_of(number("crashed_users"), users),
        first_seen: text("first_seen"),
        last_seen: text("last_seen"),
        ..ReleaseHealth::default()
    }
}

fn add_errors(found: &mut Rows, errors: ReleaseErrors) {
    let ReleaseErrors { release, environment, events, issues, first_seen, last_seen } = errors;
    let one = found.entry((release.clone(), environment.clone())).or_insert_with(|| ReleaseHealth {
        release,
        environment,
        ..ReleaseHealth::default()
    });
    (one.errors, one.issues) = (events, issues);
    one.first_seen = [one.first_seen.take(), Some(first_seen)].into_iter().flatten().min();
    one.last_seen = [one.last_seen.take(), Some(last_seen)].into_iter().flatten().max();
}

/// Adds what was said of releases by name: those that are there, and those that were named or deployed in the range.
fn add_named(found: &mut Rows, named: &Releases, wanted: &Asked) {
    let in_range = |at: Timestamp| at >= wanted.from && at < wanted.to;
    let admits = |release: &str, environment: Option<&str>| {
        wanted.release.admits(Some(release)) && wanted.environment.admits(environment)
    };
    let new = |release: &str, environment: Option<&str>| ReleaseHealth {
        release: release.to_owned(),
        environment: environment.map(str::to_owned),
        ..ReleaseHealth::default()
    };
    for (version, release) in named {
        for deploy in release.deploys.iter().rev() {
            let environment = deploy.environment.as_str();
            let key = (version.clone(), Some(environment.to_owned()));
            if !found.contains_key(&key) && admits(version, Some(environment)) && out_at(deploy).is_some_and(in_range) {
                found.insert(key.clone(), new(version, Some(environment)));
            }
            if let Some(row) = found.get_mut(&key) {
                row.deploys.push(deploy_view(deploy));
            }
        }
        let is_there = found.keys().any(|(known, _)| known == version);
        if !is_there && admits(version, None) && in_range(Timestamp(release.created_at)) {
            found.insert((version.clone(), None), new(version, None));
        }
        for ((_, _), row) in found.iter_mut().filter(|((known, _), _)| known == version) {
            row.named_at = Some(rfc3339(Timestamp(release.created_at)));
        }
    }
}

fn out_at(deploy: &Deploy) -> Option<Timestamp> {
    deploy.finished.as_deref().or(deploy.started.as_deref()).and_then(parse_rfc3339)
}

fn deploy_view(deploy: &Deploy) -> ReleaseDeploy {
    let Deploy { name, url, started, finished, .. } = deploy.clone();
    ReleaseDeploy { name, url, started_at: started, finished_at: finished }
}

/// When a release was heard of last, by what it did or by its name.
fn heard(release: &ReleaseHealth) -> &str {
    release.last_seen.as_deref().or(release.named_at.as_deref()).unwrap_or_default()
}

fn buckets_of(rows: &[Row], range: TimeRange, width: i64) -> Vec<SessionBucket> {
    let nanos = width.saturating_mul(Timestamp::NANOS_PER_SECOND);
    let new = |start| SessionBucket { time: time_text(start), ..SessionBucket::default() };
    let mut buckets: BTreeMap<i64, SessionBucket> = starts(range, nanos).map(|start| (start, new(start))).collect();
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
        let at = row.get("at").and_then(Value::as_i64).unwrap_or_default();
        let start = at.saturating_mul(Timestamp::NANOS_PER_SECOND);
        let bucket = buckets.entry(start).or_insert_with(|| new(start));
        (bucket.sessions, bucket.crashed) = (number("sessions"), number("crashed"));
    }
    buckets.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::releases::Release;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a time")
    }

    fn deploy(environment: &str, finished: &str) -> Deploy {
        let finished = Some(finished.to_owned());
        Deploy { id: 1, environment: environment.to_owned(), finished, ..Deploy::default() }
    }

    fn added(environment: &str) -> Vec<(String, Option<String>, usize)> {
        let mut asked = Asked {
            from: at("2026-11-02T00:00:00Z"),
            to: at("2026-11-03T00:00:00Z"),
            release: Wanted::default(),
            environment: Wanted::default(),
        };
        asked.environment.add(environment);
        let named = |created: &str, deploys: Vec<Deploy>| Release {
            created_at: at(created).nanos(),
            deploys,
            ..Release::default()
        };
        let releases = Releases::from([
            ("heard".to_owned(), named("2026-10-01T00:00:00Z", vec![deploy("production", "2026-10-01T00:00:00Z")])),
            (
                "out".to_owned(),
                named(
                    "2026-10-01T00:00:00Z",
                    vec![deploy("staging", "2026-11-02T01:00:00Z"), deploy("production", "2026-11-04T01:00:00Z")],
                ),
            ),
            ("only named".to_owned(), named("2026-11-02T01:00:00Z", vec![])),
            ("of old".to_owned(), named("2026-11-01T01:00:00Z", vec![deploy("staging", "yesterday")])),
        ]);
        let mut found = Rows::new();
        let errors =
            ReleaseErrors { release: "heard".into(), environment: Some("production".into()), ..Default::default() };
        add_errors(&mut found, errors);
        add_named(&mut found, &releases, &asked);
        found.into_iter().map(|((release, environment), row)| (release, environment, row.deploys.len())).collect()
    }

    #[test]
    fn a_release_that_went_out_in_the_range_stands_beside_those_that_were_heard() {
        let row = |release: &str, environment: Option<&str>, deploys| {
            (release.to_owned(), environment.map(str::to_owned), deploys)
        };
        let heard = row("heard", Some("production"), 1);
        assert_eq!(added("!none"), [heard.clone(), row("only named", None, 0), row("out", Some("staging"), 1)]);
        assert_eq!(added("staging"), [heard, row("out", Some("staging"), 1)]);
    }
}
