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

/// The verdicts on everything due or begun after `since` (when the monitor was made, or where the last evaluation
/// ended) that is certain at `now`, oldest first.
///
/// A due time is met by a check-in from one margin before it (a job may be early) to one margin after it. Later ones
/// are runs of their own, and the due time stays missed. An interval counts from the check-in before it, or from the
/// due time that was missed. A window of too many due times is cut to the newest [`VERDICTS_MAX`] verdicts.
pub fn evaluate(monitor: &Monitor, check_ins: &[CheckIn], since: Time, now: Time) -> Vec<Verdict> {
    let mut runs: Vec<&CheckIn> = check_ins.iter().filter(|run| run.started > since && run.started <= now).collect();
    runs.sort_by_key(|run| run.started);
    let newest = now.saturating_sub(minutes(DUE_MAX)).max(since);
    let mut verdicts = missed(monitor, &runs, since, now).unwrap_or_else(|| {
        let runs: Vec<&CheckIn> = runs.iter().copied().filter(|run| run.started > newest).collect();
        missed(monitor, &runs, newest, now).unwrap_or_default()
    });
    verdicts.extend(runs.iter().filter_map(|run| verdict_of_run(monitor, run, now)));
    verdicts.sort_by_key(|verdict| verdict.time);
    verdicts.drain(..verdicts.len().saturating_sub(VERDICTS_MAX));
    verdicts
}

/// `None` if there are more due times than [`DUE_MAX`].
fn missed(monitor: &Monitor, runs: &[&CheckIn], since: Time, now: Time) -> Option<Vec<Verdict>> {
    let margin = monitor.margin();
    let is_interval = matches!(monitor.schedule, Schedule::Interval { .. });
    let mut found = Vec::new();
    let mut runs = runs.iter().map(|run| run.started).peekable();
    let mut from = since;
    for _ in 0..=DUE_MAX {
        let Some(due) = monitor.schedule.next_after(from) else { return Some(found) };
        let end = due.saturating_add(margin);
        let mut met = None;
        while let Some(started) = runs.next_if(|started| *started <= end) {
            // An interval is met by any run since the one before; what came too early for a crontab is no answer.
            if is_interval || started >= due.saturating_sub(margin) {
                met = Some(started);
                if is_interval {
                    break;
                }
            }
        }
        from = match met {
            Some(started) if is_interval => started,
            _ => due,
        };
        if met.is_none() {
            // The margin's last instant still counts.
            if end >= now {
                return Some(found);
            }
            found.push(Verdict { time: end, kind: VerdictKind::Missed { due } });
        }
        if from > now {
            return Some(found);
        }
    }
    None
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
