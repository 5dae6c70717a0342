//! Monitors of scheduled jobs: when a check-in is due, and whether the job missed, failed or ran too long.
//!
//! Pure: the check-ins of a window and the present go in, verdicts come out. The same window gives the same verdicts,
//! so whoever asks keeps no state but how far it has asked.
//!
//! Modules, top to bottom:

mod crontab;

use chrono::{Months, TimeDelta};
use serde_json::Value;

pub use crontab::{Crontab, CrontabError};

use crate::fingerprint::Fingerprint;
use crate::time::{MINUTE, Time};

/// Verdicts of one evaluation; past it the newest stay.
pub const VERDICTS_MAX: usize = 1000;
/// Due times that are looked at in one evaluation, so that a question about years ends. Schedules are never finer than
/// a minute, so a window of that many minutes has no more.
const DUE_MAX: u64 = 10_000;
/// Minutes that margins and run times may have.
const MINUTES_MAX: u64 = 60 * 24 * 40;

/// When a job is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    Crontab(Crontab),
    /// So long after the check-in before.
    Interval {
        count: u32,
        unit: Unit,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    pub fn parse(text: &str) -> Option<Unit> {
        Some(match text.trim().trim_end_matches('s') {
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "year" => Unit::Year,
            _ => return None,
        })
    }
}

impl Schedule {
    /// The first due time after an instant.
    pub fn next_after(&self, time: Time) -> Option<Time> {
        let (count, unit) = match self {
            Schedule::Crontab(crontab) => return crontab.next_after(time),
            Schedule::Interval { count, unit } => (*count, *unit),
        };
        let start = time.to_utc();
        let months = |per: u32| start.checked_add_months(Months::new(count.checked_mul(per)?));
        let minutes = |per: i64| start.checked_add_signed(TimeDelta::try_minutes(i64::from(count).checked_mul(per)?)?);
        let next = match unit {
            Unit::Minute => minutes(1),
            Unit::Hour => minutes(60),
            Unit::Day => minutes(60 * 24),
            Unit::Week => minutes(60 * 24 * 7),
            Unit::Month => months(1),
            Unit::Year => months(12),
        };
        next?.timestamp_nanos_opt().map(Time).filter(|next| *next > time)
    }
}

/// What is expected of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    pub schedule: Schedule,
    /// How late a check-in may come.
    pub margin_minutes: u64,
    /// How long a job may run.
    pub run_minutes_max: u64,
    /// Bad runs in a row that make it an issue.
    pub failures_before_issue: u64,
    /// Good runs in a row that close it.
    pub successes_before_recovery: u64,
}

/// The configuration that a check-in carries cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MonitorError {
    #[error("schedule is missing, or has no type crontab or interval")]
    NoSchedule,
    #[error("crontab")]
    Crontab(#[from] CrontabError),
    #[error("an interval has a value from 1 to 10000 and a unit of minute, hour, day, week, month or year")]
    Interval,
}

impl Monitor {
    /// Reads the `monitor_config` of a check-in. What is missing has the values that clients expect: one minute of
    /// margin, thirty minutes of run time, an issue at the first bad run, recovery at the first good one, UTC.
    pub fn read(config: &Value) -> Result<Monitor, MonitorError> {
        const COUNT_MAX: u64 = 10_000;
        let schedule = config.get("schedule").ok_or(MonitorError::NoSchedule)?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let value = schedule.get("value").or_else(|| schedule.get("crontab"));
        let zone = text(config.get("timezone"));
        let schedule = match text(schedule.get("type")).as_str() {
            "crontab" => Schedule::Crontab(Crontab::parse(&text(value), if zone.is_empty() { "UTC" } else { &zone })?),
            "interval" => {
                let count = value.and_then(Value::as_u64).filter(|count| (1..=COUNT_MAX).contains(count));
                let count = count.and_then(|count| u32::try_from(count).ok()).ok_or(MonitorError::Interval)?;
                Schedule::Interval {
                    count,
                    unit: Unit::parse(&text(schedule.get("unit"))).ok_or(MonitorError::Interval)?,
                }
            }
            _ => return Err(MonitorError::NoSchedule),
        };
        let number = |key: &str, default: u64| config.get(key).and_then(Value::as_u64).unwrap_or(default);
        Ok(Monitor {
            schedule,
            margin_minutes: number("checkin_margin", 1).min(MINUTES_MAX),
            run_minutes_max: number("max_runtime", 30).clamp(1, MINUTES_MAX),
            failures_before_issue: number("failure_issue_threshold", 1).max(1),
            successes_before_recovery: number("recovery_threshold", 1).max(1),
        })
    }

    fn margin(&self) -> i64 {
        minutes(self.margin_minutes)
    }
}

/// The fingerprint of the issue that a monitor makes in an environment.
pub fn fingerprint(slug: &str, environment: &str) -> Fingerprint {
    Fingerprint::of_parts(&["monitor", slug, environment])
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    InProgress,
    Ok,
    Error,
}

impl Status {
    pub fn parse(text: &str) -> Option<Status> {
        Some(match text.trim() {
            "in_progress" => Status::InProgress,
            "ok" | "success" | "healthy" => Status::Ok,
            "error" | "failed" => Status::Error,
            _ => return None,
        })
    }

    /// The word that is stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Status::InProgress => "in_progress",
            Status::Ok => "ok",
            Status::Error => "error",
        }
    }
}

/// One run, as its check-ins tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// When the run began.
    pub started: Time,
    /// When it ended, if it did.
    pub finished: Option<Time>,
    pub status: Status,
}

/// What became of a due time or a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// When it is known: the end of the margin, of the run, or of the time it may take.
    pub time: Time,
    pub kind: VerdictKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictKind {
    Ok {
        started: Time,
    },
    /// Nothing checked in by the end of the margin.
    Missed {
        due: Time,
    },
    /// The job said that it failed.
    Failed {
        started: Time,
    },
    /// The job ran longer than it may, or still does.
    TooLong {
        started: Time,
    },
}

impl VerdictKind {
    pub fn is_ok(self) -> bool {
        matches!(self, VerdictKind::Ok { .. })
    }
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When the monitor was made: nothing was due before.
    pub created: Time,
    pub since: Time,
    pub now: Time,
}

/// The verdicts that become known from `since` on and before `now`, oldest first. Windows that adjoin give every
/// verdict once; a window of very many due times is cut to the newest [`VERDICTS_MAX`].
///
/// `check_ins` are the runs of the window, those that began up to the longest run time or one margin before it, and
/// the last one before those.
///
/// A due time is met by a check-in from one margin before it (a job may be early) to one margin after it. Later ones
/// are runs of their own, and the due time stays missed. An interval counts from the check-in before it, or from the
/// due time that was missed.
pub fn evaluate(monitor: &Monitor, check_ins: &[CheckIn], window: Window) -> Vec<Verdict> {
    let mut runs: Vec<&CheckIn> = check_ins.iter().filter(|run| run.started <= window.now).collect();
    runs.sort_by_key(|run| run.started);
    let starts: Vec<Time> = runs.iter().map(|run| run.started).collect();
    let mut verdicts = missed(monitor, &starts, window).unwrap_or_else(|| {
        let since = window.now.saturating_sub(minutes(DUE_MAX)).max(window.since);
        missed(monitor, &starts, Window { since, ..window }).unwrap_or_default()
    });
    verdicts.extend(runs.iter().filter_map(|run| verdict_of_run(monitor, run, window.now)));
    verdicts.retain(|verdict| verdict.time >= window.since && verdict.time < window.now);
    verdicts.sort_by_key(|verdict| verdict.time);
    verdicts.drain(..verdicts.len().saturating_sub(VERDICTS_MAX));
    verdicts
}

/// Due times without a check-in; `None` if there are more due times than [`DUE_MAX`].
fn missed(monitor: &Monitor, starts: &[Time], window: Window) -> Option<Vec<Verdict>> {
    let margin = monitor.margin();
    let is_interval = matches!(monitor.schedule, Schedule::Interval { .. });
    let anchor = first_anchor(monitor, starts, window);
    let mut from = anchor;
    let mut starts = starts.iter().copied().filter(|started| !is_interval || *started > anchor).peekable();
    let mut found = Vec::new();
    for _ in 0..=DUE_MAX {
        let Some(due) = monitor.schedule.next_after(from) else { return Some(found) };
        let end = due.saturating_add(margin);
        if end >= window.now {
            return Some(found);
        }
        let mut met = None;
        while let Some(started) = starts.next_if(|started| *started <= end) {
            if is_interval {
                // Any run since the one before meets it, and the next one counts from there.
                met = Some(started);
                break;
            }
            // What came too early for a crontab is no answer.
            if started >= due.saturating_sub(margin) {
                met = Some(due);
            }
        }
        if met.is_none() {
            found.push(Verdict { time: end, kind: VerdictKind::Missed { due } });
        }
        from = met.unwrap_or(due);
    }
    None
}

/// The instant after which the first due time of a window is looked for.
fn first_anchor(monitor: &Monitor, starts: &[Time], window: Window) -> Time {
    let first_end = window.since.saturating_sub(monitor.margin());
    let Schedule::Interval { count, unit } = &monitor.schedule else {
        // One instant earlier, as the end of a margin may be the start of the window.
        return first_end.saturating_sub(1).max(window.created);
    };
    let before = starts.iter().rev().find(|started| **started <= window.since).copied();
    let anchor = before.unwrap_or(window.created).max(window.created);
    // A job that has been silent for long: over the due times that earlier windows found to be missed.
    let step = match unit {
        Unit::Minute => 1,
        Unit::Hour => 60,
        Unit::Day => 60 * 24,
        Unit::Week => 60 * 24 * 7,
        Unit::Month | Unit::Year => return anchor,
    };
    let step = minutes(u64::from(*count) * step);
    let silent = first_end.0.saturating_sub(anchor.0).saturating_sub(1).max(0);
    anchor.saturating_add((silent / step).saturating_mul(step))
}

fn verdict_of_run(monitor: &Monitor, run: &CheckIn, now: Time) -> Option<Verdict> {
    let started = run.started;
    let limit = started.saturating_add(minutes(monitor.run_minutes_max));
    let finished = run.finished.unwrap_or(started);
    match run.status {
        Status::Error => Some(Verdict { time: finished, kind: VerdictKind::Failed { started } }),
        Status::Ok if finished > limit => Some(Verdict { time: limit, kind: VerdictKind::TooLong { started } }),
        Status::Ok => Some(Verdict { time: finished, kind: VerdictKind::Ok { started } }),
        Status::InProgress if now > limit => Some(Verdict { time: limit, kind: VerdictKind::TooLong { started } }),
        Status::InProgress => None,
    }
}

/// Whether a monitor is in order, over any number of evaluations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    pub is_failing: bool,
    /// Bad verdicts in a row, or good ones while it is failing.
    pub in_a_row: u64,
}

/// What a verdict changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthChange {
    Nothing,
    /// It is an issue from here on; each further bad verdict is an event of it.
    Failing,
    StillFailing,
    Recovered,
}

/// The health after one more verdict.
pub fn health(before: Health, verdict: &Verdict, monitor: &Monitor) -> (Health, HealthChange) {
    match (before.is_failing, verdict.kind.is_ok()) {
        (false, true) => (Health::default(), HealthChange::Nothing),
        (false, false) => {
            let in_a_row = before.in_a_row.saturating_add(1);
            if in_a_row >= monitor.failures_before_issue {
                return (Health { is_failing: true, in_a_row: 0 }, HealthChange::Failing);
            }
            (Health { is_failing: false, in_a_row }, HealthChange::Nothing)
        }
        (true, false) => (Health { is_failing: true, in_a_row: 0 }, HealthChange::StillFailing),
        (true, true) => {
            let in_a_row = before.in_a_row.saturating_add(1);
            if in_a_row >= monitor.successes_before_recovery {
                return (Health::default(), HealthChange::Recovered);
            }
            (Health { is_failing: true, in_a_row }, HealthChange::Nothing)
        }
    }
}

fn minutes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(MINUTE)
}

#[cfg(test)]
mod tests;
