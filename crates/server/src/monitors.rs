//! Scheduled jobs: what is known of each from its check-ins, which of its runs are errors, and when it has recovered.
//!
//! Due times that passed before the start are judged and not told: nobody knows whether the job was silent then or this
//! server was. This file must not know how schedules work: that is `issues::monitor`.

use std::collections::{BTreeMap, BTreeSet};

use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use whodunit_api::monitors::{MonitorState, MonitorView};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, Fingerprint, IssueId, group};
use whodunit_issues::monitor::{
    CheckIn, Health, HealthChange, Monitor, Schedule, Status, Verdict, VerdictKind, Window, evaluate, health,
};
use whodunit_issues::rules::Rules;
use whodunit_issues::time::{MINUTE, SECOND, Time};
use whodunit_model::Project;
use whodunit_query::format::time_text;
use whodunit_stdx::Timestamp;

/// Jobs that are watched, of all projects together, each in each environment; further ones are stored and not judged.
pub const MONITORS_MAX: usize = 5_000;
/// Runs of a job that are kept in memory.
const RUNS_MAX: usize = 1_000;

/// All jobs that are known.
#[derive(Default)]
pub struct Monitors(Mutex<BTreeMap<Key, Job>>);

/// A job of a project in an environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    project: Project,
    monitor: String,
    environment: String,
}

/// What is known of a job.
#[derive(Clone, Debug)]
struct Job {
    /// What is expected of it, once a check-in has said so.
    expected: Option<(Monitor, Value)>,
    /// Oldest first.
    runs: Vec<(String, CheckIn)>,
    created: Time,
    evaluated: Time,
    health: Health,
    /// The newest bad run that was told.
    told: Option<Time>,
    last: (Time, Status),
}

/// One check-in as it is stored.
pub struct Row {
    key: Key,
    id: String,
    status: Status,
    at: Time,
    duration: i64,
    config: Option<Value>,
}

/// A verdict that somebody should hear of.
pub struct Told {
    key: Key,
    verdict: Verdict,
}

/// A job that failed and runs well again.
pub struct Recovery {
    key: Key,
    /// When the run ended that was good enough.
    pub at: Time,
    /// The newest bad run that was told, which its issue must have seen before it can be closed.
    pub told: Option<Time>,
    /// It was so before this process began, which may have been told then.
    pub is_of_before: bool,
}

/// What judging found.
#[derive(Default)]
pub struct Judged {
    /// Runs that are errors.
    pub told: Vec<Told>,
    pub recovered: Vec<Recovery>,
}

/// Reads a row of the table; `None` if it is none.
pub fn row(found: &Map<String, Value>) -> Option<Row> {
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    let config = match found.get("config") {
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(Value::Null) | None => None,
        Some(config) => Some(config.clone()),
    };
    Some(Row {
        key: Key {
            project: Project::parse(text("project")?).ok()?,
            monitor: text("monitor")?.to_owned(),
            environment: text("environment").unwrap_or_default().to_owned(),
        },
        id: text("check_in_id").unwrap_or_default().to_owned(),
        status: text("status").and_then(Status::parse)?,
        at: text("time").and_then(Time::parse)?,
        duration: found.get("duration_ns").and_then(Value::as_i64).unwrap_or(0).max(0),
        config,
    })
}

impl Monitors {
    /// Every job and how it stands, those of the projects that `sees` lets through.
    pub fn list(&self, sees: impl Fn(&Project) -> bool, now: Timestamp) -> Vec<MonitorView> {
        let jobs = self.0.lock();
        let seen = jobs.iter().filter(|(key, _)| sees(&key.project));
        seen.map(|(key, job)| view(key, job, Time(now.nanos()))).collect()
    }

    /// Takes check-ins in and judges all jobs; gives the verdicts of after `began` that are errors, and the jobs that are
    /// in order again.
    pub fn judge(&self, rows: Vec<Row>, now: Time, began: Time) -> Judged {
        let mut jobs = self.0.lock();
        for row in rows {
            if jobs.len() >= MONITORS_MAX && !jobs.contains_key(&row.key) {
                continue;
            }
            let new = || Job {
                expected: None,
                runs: Vec::new(),
                created: row.at,
                evaluated: row.at,
                health: Health::default(),
                told: None,
                last: (row.at, row.status),
            };
            jobs.entry(row.key.clone()).or_insert_with(new).take(&row);
        }
        let mut judged = Judged::default();
        for (key, job) in jobs.iter_mut() {
            let (mut bad, recovered) = job.judge(now);
            bad.retain(|verdict| verdict.time >= began);
            job.told = bad.last().map(|verdict| verdict.time).or(job.told);
            judged.told.extend(bad.into_iter().map(|verdict| Told { key: key.clone(), verdict }));
            judged.recovered.extend(recovered.map(|at| Recovery {
                key: key.clone(),
                at,
                told: job.told.take(),
                is_of_before: at < began,
            }));
        }
        judged
    }
}

impl Job {
    fn take(&mut self, row: &Row) {
        if let Some(config) = &row.config
            && let Ok(monitor) = Monitor::read(config)
        {
            self.expected = Some((monitor, config.clone()));
        }
        self.last = (row.at, row.status);
        let is_named = row.id.chars().any(|digit| !matches!(digit, '0' | '-'));
        let known = self.runs.iter_mut().rev().find(|(id, _)| is_named && *id == row.id);
        match (known, row.status) {
            (Some(_), Status::InProgress) => {}
            (Some((_, run)), status) => (run.finished, run.status) = (Some(row.at), status),
            (None, Status::InProgress) => {
                let run = CheckIn { started: row.at, finished: None, status: Status::InProgress };
                self.runs.push((row.id.clone(), run));
            }
            (None, status) => {
                let run = CheckIn { started: row.at.saturating_sub(row.duration), finished: Some(row.at), status };
                self.runs.push((row.id.clone(), run));
            }
        }
        let beyond = self.runs.len().saturating_sub(RUNS_MAX);
        self.runs.drain(..beyond);
    }

    /// The verdicts since the last time that are errors, and when it recovered, if it is in order now.
    fn judge(&mut self, now: Time) -> (Vec<Verdict>, Option<Time>) {
        let Some((monitor, _)) = &self.expected else { return (Vec::new(), None) };
        let runs: Vec<CheckIn> = self.runs.iter().map(|(_, run)| run.clone()).collect();
        let window = Window { created: self.created, since: self.evaluated, now };
        let (mut bad, mut recovered) = (Vec::new(), None);
        for verdict in evaluate(monitor, &runs, window) {
            let (after, change) = health(self.health, &verdict, monitor);
            self.health = after;
            match change {
                HealthChange::Failing | HealthChange::StillFailing => {
                    bad.push(verdict);
                    recovered = None;
                }
                HealthChange::Recovered => recovered = Some(verdict.time),
                HealthChange::Nothing => {}
            }
        }
        self.evaluated = now;
        // The next window asks for the runs that may still end in it, and for the last one before those.
        let minutes = monitor.run_minutes_max.max(monitor.margin_minutes).saturating_add(1);
        let oldest = now.saturating_sub(i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(MINUTE));
        let needed = self.runs.iter().position(|(_, run)| run.started >= oldest).unwrap_or(self.runs.len());
        self.runs.drain(..needed.saturating_sub(1));
        (bad, recovered)
    }
}

fn view(key: &Key, job: &Job, now: Time) -> MonitorView {
    let text = |time: Time| time_text(time.0);
    let state = match (&job.expected, job.health.is_failing) {
        (None, _) => MonitorState::Unscheduled,
        (Some(_), true) => MonitorState::Failing,
        (Some(_), false) => MonitorState::Ok,
    };
    let from = if job.runs.is_empty() { job.created } else { job.last.0 };
    MonitorView {
        project: key.project.to_string(),
        monitor: key.monitor.clone(),
        environment: key.environment.clone(),
        state,
        config: job.expected.as_ref().map(|(_, config)| config.clone()),
        last_check_in: text(job.last.0),
        last_status: job.last.1.name().to_owned(),
        next_due: job.expected.as_ref().and_then(|(monitor, _)| {
            let crontab = monitor.schedule.next_after(now);
            let interval = monitor.schedule.next_after(from);
            match monitor.schedule {
                Schedule::Crontab(_) => crontab,
                Schedule::Interval { .. } => interval,
            }
            .map(text)
        }),
    }
}

impl Told {
    pub fn project(&self) -> &Project {
        &self.key.project
    }

    pub fn monitor(&self) -> &str {
        &self.key.monitor
    }
}

impl Recovery {
    pub fn project(&self) -> &Project {
        &self.key.project
    }

    pub fn monitor(&self) -> &str {
        &self.key.monitor
    }

    /// The issues of the job in its environment: one, unless the project's rules part the ways in which it fails.
    pub fn issues(&self, rules: &Rules) -> BTreeSet<IssueId> {
        let started = self.at;
        let kinds =
            [VerdictKind::Missed { due: started }, VerdictKind::Failed { started }, VerdictKind::TooLong { started }];
        let of = |kind| {
            let event = event(&Told { key: self.key.clone(), verdict: Verdict { time: self.at, kind } });
            let fingerprint = group(&Event::read(&event), rules, Algorithm::NEWEST).fingerprint;
            IssueId::of(self.key.project.as_str(), &fingerprint)
        };
        kinds.into_iter().map(of).collect()
    }
}

/// The verdict as an event: of one job in one environment all are one issue.
pub fn event(told: &Told) -> Value {
    let Told { key: Key { project, monitor, environment }, verdict } = told;
    let at = |time: Time| time_text(time.0 / SECOND * SECOND).replace(".000000000", "");
    let (word, message) = match verdict.kind {
        VerdictKind::Missed { due } => ("missed", format!("Job {monitor} did not check in: it was due at {}", at(due))),
        VerdictKind::TooLong { started } => {
            ("too_long", format!("Job {monitor} runs longer than it may: it began at {}", at(started)))
        }
        VerdictKind::Failed { started } => ("failed", format!("Job {monitor} failed: it began at {}", at(started))),
        VerdictKind::Ok { started } => ("ok", format!("Job {monitor} went well: it began at {}", at(started))),
    };
    let time = verdict.time.0.to_string();
    let id = Fingerprint::of_parts(&["verdict", project.as_str(), monitor, environment, word, &time]).id();
    json!({
        "event_id": hex::encode(id),
        "timestamp": time_text(verdict.time.0),
        "level": "error",
        "platform": "other",
        "logger": "monitor",
        "environment": environment,
        "logentry": {"formatted": message, "message": format!("Job {monitor}: {word}")},
        "fingerprint": ["monitor", monitor, environment],
        "tags": {"monitor": monitor, "monitor.verdict": word},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHTLY: &str = r#"{"schedule":{"type":"crontab","value":"0 3 * * *"},"checkin_margin":5,"max_runtime":60}"#;

    fn at(text: &str) -> Time {
        Time::parse(text).expect("a time")
    }

    fn check_in(id: &str, status: &str, time: &str) -> Row {
        let key = Key {
            project: Project::default_project(),
            monitor: "nightly".to_owned(),
            environment: "production".to_owned(),
        };
        let config = serde_json::from_str(NIGHTLY).expect("JSON");
        let status = Status::parse(status).expect("a status");
        Row { key, id: id.to_owned(), status, at: at(time), duration: 0, config: Some(config) }
    }

    fn words(judged: &Judged) -> Vec<String> {
        judged
            .told
            .iter()
            .map(|one| event(one)["tags"]["monitor.verdict"].as_str().expect("a word").to_owned())
            .collect()
    }

    #[test]
    fn a_job_that_misses_fails_or_runs_too_long_is_told_once_for_each() {
        let monitors = Monitors::default();
        let began = at("2026-11-01T00:00:00Z");
        let rows =
            vec![check_in("1", "in_progress", "2026-11-01T03:00:10Z"), check_in("1", "ok", "2026-11-01T03:10:00Z")];
        assert!(monitors.judge(rows, at("2026-11-01T03:30:00Z"), began).told.is_empty());
        assert!(
            monitors.judge(Vec::new(), at("2026-11-02T03:04:00Z"), began).told.is_empty(),
            "the margin has not ended"
        );
        assert_eq!(words(&monitors.judge(Vec::new(), at("2026-11-02T03:06:00Z"), began)), ["missed"]);
        assert!(monitors.judge(Vec::new(), at("2026-11-02T03:07:00Z"), began).told.is_empty(), "told once");
        let state = |now: &str| monitors.list(|_| true, Timestamp(at(now).0)).remove(0);
        assert_eq!(state("2026-11-02T03:07:00Z").state, MonitorState::Failing);
        assert_eq!(state("2026-11-02T03:07:00Z").next_due.as_deref(), Some("2026-11-03T03:00:00.000000000Z"));
        let rows = vec![check_in("2", "error", "2026-11-03T03:01:00Z")];
        assert_eq!(words(&monitors.judge(rows, at("2026-11-03T03:10:00Z"), began)), ["failed"]);
        let rows = vec![check_in("3", "in_progress", "2026-11-04T03:00:00Z")];
        assert!(monitors.judge(rows, at("2026-11-04T03:30:00Z"), began).told.is_empty());
        assert_eq!(words(&monitors.judge(Vec::new(), at("2026-11-04T04:01:00Z"), began)), ["too_long"]);
        let rows = vec![check_in("4", "ok", "2026-11-05T03:00:30Z")];
        assert!(monitors.judge(rows, at("2026-11-05T03:30:00Z"), began).told.is_empty());
        assert_eq!(state("2026-11-05T03:30:00Z").state, MonitorState::Ok);
    }

    #[test]
    fn a_job_recovers_after_as_many_good_runs_as_it_says_and_is_told_after_as_many_bad_ones() {
        let monitors = Monitors::default();
        let began = at("2026-11-01T00:00:00Z");
        let mut config: Value = serde_json::from_str(NIGHTLY).expect("JSON");
        (config["failure_issue_threshold"], config["recovery_threshold"]) = (json!(2), json!(2));
        let day = |day: u32, status: &str| {
            let mut row = check_in(&day.to_string(), status, &format!("2026-11-{day:02}T03:00:30Z"));
            row.config = Some(config.clone());
            let judged = monitors.judge(vec![row], at(&format!("2026-11-{day:02}T04:00:00Z")), began);
            (words(&judged), judged.recovered)
        };
        let quiet = |(words, recovered): (Vec<String>, Vec<Recovery>)| words.is_empty() && recovered.is_empty();
        assert!(quiet(day(1, "error")), "one bad run is not enough");
        assert!(quiet(day(2, "ok")), "nothing was told, so there is nothing to recover from");
        assert!(quiet(day(3, "error")));
        let (told, recovered) = day(4, "error");
        assert_eq!((told, recovered.len()), (vec!["failed".to_owned()], 0));
        assert!(quiet(day(5, "ok")), "one good run is not enough");
        let (told, recovered) = day(6, "ok");
        assert!(told.is_empty());
        let [one] = &recovered[..] else { panic!("one recovery, not {}", recovered.len()) };
        assert_eq!((one.at, one.told), (at("2026-11-06T03:00:30Z"), Some(at("2026-11-04T03:00:30Z"))));
        assert!(!one.is_of_before);
        assert!(quiet(day(7, "ok")), "it is told once");
    }

    #[test]
    fn a_recovery_closes_the_issue_of_its_job_as_the_projects_rules_make_it() {
        let time = "2026-11-02T03:00:00Z";
        let key = check_in("1", "ok", time).key;
        let recovery = Recovery { key: key.clone(), at: at(time), told: None, is_of_before: false };
        let issues = recovery.issues(&Rules::default());
        let told =
            event(&Told { key, verdict: Verdict { time: at(time), kind: VerdictKind::Missed { due: at(time) } } });
        let grouped = group(&Event::read(&told), &Rules::default(), Algorithm::NEWEST);
        assert_eq!(issues.into_iter().collect::<Vec<_>>(), [IssueId::of("default", &grouped.fingerprint)]);
        let rules = Rules::parse("tags.monitor.verdict:missed -> missed jobs\n").expect("rules");
        assert_eq!(recovery.issues(&rules).len(), 2, "the rule parts what was missed from what failed");
    }

    #[test]
    fn what_passed_before_the_start_is_judged_and_not_told() {
        let monitors = Monitors::default();
        let began = at("2026-11-10T12:00:00Z");
        let rows = vec![check_in("1", "ok", "2026-11-01T03:00:10Z")];
        assert!(monitors.judge(rows, began, began).told.is_empty());
        assert_eq!(monitors.list(|_| true, Timestamp(began.0))[0].state, MonitorState::Failing);
        assert_eq!(words(&monitors.judge(Vec::new(), at("2026-11-11T03:06:00Z"), began)), ["missed"]);
    }

    #[test]
    fn an_event_of_a_verdict_is_the_same_each_time_and_one_issue_for_the_job() {
        let told = |time: &str| {
            let key = check_in("1", "ok", time).key;
            Told { key, verdict: Verdict { time: at(time), kind: VerdictKind::Missed { due: at(time) } } }
        };
        let (one, other) = (event(&told("2026-11-02T03:05:00Z")), event(&told("2026-11-03T03:05:00Z")));
        assert_eq!(one, event(&told("2026-11-02T03:05:00Z")));
        assert_ne!(one["event_id"], other["event_id"]);
        assert_eq!(one["fingerprint"], other["fingerprint"]);
        assert_eq!(one["logentry"]["formatted"], "Job nightly did not check in: it was due at 2026-11-02T03:05:00Z");
    }

    #[test]
    fn jobs_are_bounded() {
        let monitors = Monitors::default();
        let rows = (0..MONITORS_MAX + 10).map(|number| {
            let mut row = check_in("1", "ok", "2026-11-01T03:00:10Z");
            row.key.monitor = number.to_string();
            row
        });
        monitors.judge(rows.collect(), at("2026-11-01T03:30:00Z"), at("2026-11-01T00:00:00Z"));
        assert_eq!(monitors.0.lock().len(), MONITORS_MAX);
    }
}
