//! What becomes of an issue: a state, and what an event, a person or time makes of it.
//!
//! ```text
//!                   resolve                        event that the resolution did not promise away
//!   unresolved ───────────────▶ resolved ─────────────────────────────────────────▶ regressed
//!      ▲  ▲                        │  ▲                                                  │
//!      │  └────────── reopen ──────┘  └──────────────────── resolve ─────────────────────┤
//!      │                                                                                 │
//!      └───── until is reached ──── ignored ◀───────────── ignore ───────────────────────┘
//! ```
//!
//! What watches a job resolves by itself what it opened, once the job runs well again.
//!
//! Pure: time, releases and counts are arguments. Late events (that happened before the resolution) change nothing.

use std::cmp::Ordering;

use crate::release::{Release, compare};
use crate::time::Time;

/// The state of an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Unresolved,
    Resolved {
        at: Time,
        by: Resolution,
    },
    Ignored {
        at: Time,
        until: Until,
    },
    /// Open again, because an event came after the resolution.
    Regressed {
        at: Time,
        /// The release of that event.
        release: Option<String>,
    },
}

/// What a resolution promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It does not happen any more.
    Now,
    /// It does not happen in this release or later.
    In(Release),
    /// It does not happen in any release after this one, the newest when it was resolved; with `None` in any that is
    /// first seen after the resolution.
    After(Option<Release>),
}

/// When an ignored issue comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    Forever,
    Time(Time),
    /// Events since it was ignored.
    Events(u64),
    /// Different users since it was ignored.
    Users(u64),
}

/// What is known about a new event of the issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFacts {
    /// When it happened, not when it was received.
    pub time: Time,
    pub release: Option<Release>,
    /// Events since the issue was ignored, this one among them; only read for [`Until::Events`].
    pub events_since_ignored: u64,
    /// Users since the issue was ignored, this event's among them; only read for [`Until::Users`].
    pub users_since_ignored: u64,
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Resolve(Resolution),
    Ignore(Until),
    /// Back to unresolved.
    Reopen,
}

/// What happened to the issue; the reason is for its history and for alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    Nothing,
    /// An event of a release that the resolution does not speak of, or from before it.
    Expected,
    Resolved,
    Ignored,
    Reopened,
    /// The time, the count or the users of an ignored issue were reached.
    Returned,
    Regressed,
    /// A job that had failed runs well again.
    Recovered,
}

/// What a new event makes of the state.
pub fn next(state: &State, event: &EventFacts) -> (State, Happened) {
    match state {
        State::Unresolved | State::Regressed { .. } => (state.clone(), Happened::Nothing),
        State::Resolved { at, by } => {
            if !breaks(by, *at, event) {
                return (state.clone(), Happened::Expected);
            }
            let release = event.release.as_ref().map(|release| release.name.clone());
            (State::Regressed { at: event.time, release }, Happened::Regressed)
        }
        State::Ignored { until, .. } => {
            let is_reached = match until {
                Until::Forever => false,
                Until::Time(time) => event.time >= *time,
                Until::Events(count) => event.events_since_ignored >= *count,
                Until::Users(count) => event.users_since_ignored >= *count,
            };
            if is_reached { (State::Unresolved, Happened::Returned) } else { (state.clone(), Happened::Nothing) }
        }
    }
}

/// What the passing of time makes of the state, without an event.
pub fn at(state: &State, now: Time) -> (State, Happened) {
    match state {
        State::Ignored { until: Until::Time(time), .. } if now >= *time => (State::Unresolved, Happened::Returned),
        _ => (state.clone(), Happened::Nothing),
    }
}

/// What a job that runs well again makes of the state of its issue. What people ignore they keep ignoring.
pub fn recover(state: &State, at: Time) -> (State, Happened) {
    match state {
        State::Unresolved | State::Regressed { .. } => {
            (State::Resolved { at, by: Resolution::Now }, Happened::Recovered)
        }
        State::Resolved { .. } | State::Ignored { .. } => (state.clone(), Happened::Nothing),
    }
}

/// What a person makes of the state. To resolve again what is resolved replaces the promise.
pub fn act(state: &State, action: &Action, now: Time) -> (State, Happened) {
    match action {
        Action::Resolve(by) => (State::Resolved { at: now, by: by.clone() }, Happened::Resolved),
        Action::Ignore(until) => (State::Ignored { at: now, until: until.clone() }, Happened::Ignored),
        Action::Reopen if *state == State::Unresolved => (State::Unresolved, Happened::Nothing),
        Action::Reopen => (State::Unresolved, Happened::Reopened),
    }
}

/// Whether an event breaks what a resolution promised. What happened before the resolution never does.
///
/// An event without a release, or with one that has no order to the promised one, breaks it: a false alarm is read and
/// closed, a silent return is not.
fn breaks(by: &Resolution, at: Time, event: &EventFacts) -> bool {
    if event.time <= at {
        return false;
    }
    let order = |fixed: &Release| event.release.as_ref().and_then(|release| compare(release, fixed));
    match by {
        Resolution::Now => true,
        Resolution::In(fixed) => order(fixed).map_or_else(|| !is_older(event, at), |order| order != Ordering::Less),
        Resolution::After(Some(last)) => {
            order(last).map_or_else(|| !is_older(event, at), |order| order == Ordering::Greater)
        }
        Resolution::After(None) => !is_older(event, at),
    }
}

/// Whether the event's release was there before the resolution, and so cannot hold what was done about it.
fn is_older(event: &EventFacts, at: Time) -> bool {
    event.release.as_ref().and_then(|release| release.first_seen).is_some_and(|seen| seen <= at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESOLVED: Time = Time(1000);

    fn event(time: i64, release: Option<(&str, Option<i64>)>) -> EventFacts {
        let release = release.map(|(name, seen)| Release::new(name, seen.map(Time)));
        EventFacts { time: Time(time), release, events_since_ignored: 3, users_since_ignored: 2 }
    }

    fn happened(by: Resolution, event: &EventFacts) -> Happened {
        next(&State::Resolved { at: RESOLVED, by }, event).1
    }

    #[test]
    fn resolved_now_regresses_by_any_later_event() {
        assert_eq!(happened(Resolution::Now, &event(1001, None)), Happened::Regressed);
        assert_eq!(happened(Resolution::Now, &event(1001, Some(("shop@1.0", Some(1))))), Happened::Regressed);
        // It happened before and was only late.
        assert_eq!(happened(Resolution::Now, &event(999, None)), Happened::Expected);
    }

    #[test]
    fn resolved_in_a_release_regresses_from_that_release_on() {
        let by = || Resolution::In(Release::new("shop@1.2.0", Some(Time(500))));
        for (release, expected) in [
            (Some(("shop@1.1.9", Some(400))), Happened::Expected),
            (Some(("shop@1.2.0", Some(500))), Happened::Regressed),
            (Some(("shop@1.10.0", None)), Happened::Regressed),
            (Some(("b4f1c2d", Some(400))), Happened::Expected),
            (Some(("b4f1c2d", Some(2000))), Happened::Regressed),
            (Some(("b4f1c2d", None)), Happened::Regressed),
            (None, Happened::Regressed),
        ] {
            assert_eq!(happened(by(), &event(2000, release)), expected, "{release:?}");
        }
        // It happened before somebody resolved it and was only late.
        assert_eq!(happened(by(), &event(999, Some(("shop@1.2.0", Some(500))))), Happened::Expected);
    }

    #[test]
    fn resolved_in_the_next_release_lets_the_present_ones_pass() {
        let by = || Resolution::After(Some(Release::new("shop@1.2.0", Some(Time(500)))));
        assert_eq!(happened(by(), &event(2000, Some(("shop@1.2.0", Some(500))))), Happened::Expected);
        assert_eq!(happened(by(), &event(2000, Some(("shop@1.2.1", Some(1500))))), Happened::Regressed);
        assert_eq!(happened(by(), &event(2000, Some(("c0ffee1", Some(800))))), Happened::Regressed);
        let hashes = || Resolution::After(Some(Release::new("b4f1c2d", None)));
        assert_eq!(happened(hashes(), &event(2000, Some(("a01b2c3", Some(900))))), Happened::Expected);
        assert_eq!(happened(hashes(), &event(2000, Some(("a01b2c3", Some(1500))))), Happened::Regressed);
        let unknown = || Resolution::After(None);
        assert_eq!(happened(unknown(), &event(2000, Some(("shop@9", Some(900))))), Happened::Expected);
        assert_eq!(happened(unknown(), &event(2000, Some(("shop@1", Some(1500))))), Happened::Regressed);
    }

    #[test]
    fn a_regression_names_its_release_and_stays_until_somebody_acts() {
        let resolved = State::Resolved { at: RESOLVED, by: Resolution::Now };
        let (regressed, _) = next(&resolved, &event(2000, Some(("shop@2", None))));
        assert_eq!(regressed, State::Regressed { at: Time(2000), release: Some("shop@2".to_owned()) });
        assert_eq!(next(&regressed, &event(3000, None)), (regressed.clone(), Happened::Nothing));
        let (resolved, happened) = act(&regressed, &Action::Resolve(Resolution::Now), Time(4000));
        assert_eq!((resolved, happened), (State::Resolved { at: Time(4000), by: Resolution::Now }, Happened::Resolved));
        assert_eq!(act(&regressed, &Action::Reopen, Time(4000)), (State::Unresolved, Happened::Reopened));
    }

    #[test]
    fn a_recovery_resolves_what_is_open_and_nothing_else() {
        let resolved = State::Resolved { at: RESOLVED, by: Resolution::Now };
        let regressed = State::Regressed { at: Time(900), release: None };
        for open in [State::Unresolved, regressed] {
            assert_eq!(recover(&open, RESOLVED), (resolved.clone(), Happened::Recovered));
        }
        let ignored = State::Ignored { at: Time(900), until: Until::Forever };
        for closed in [State::Resolved { at: Time(900), by: Resolution::Now }, ignored] {
            assert_eq!(recover(&closed, RESOLVED), (closed, Happened::Nothing));
        }
        // The next bad run opens it again; one from before that is only late does not.
        assert_eq!(next(&resolved, &event(1001, None)).1, Happened::Regressed);
        assert_eq!(next(&resolved, &event(1000, None)).1, Happened::Expected);
    }

    #[test]
    fn ignored_issues_come_back_by_time_count_or_users() {
        let ignored = |until: Until| State::Ignored { at: RESOLVED, until };
        let by_event = |until: Until| next(&ignored(until), &event(2000, None)).1;
        assert_eq!(by_event(Until::Forever), Happened::Nothing);
        assert_eq!(by_event(Until::Time(Time(2000))), Happened::Returned);
        assert_eq!(by_event(Until::Time(Time(2001))), Happened::Nothing);
        assert_eq!(by_event(Until::Events(3)), Happened::Returned);
        assert_eq!(by_event(Until::Events(4)), Happened::Nothing);
        assert_eq!(by_event(Until::Users(2)), Happened::Returned);
        assert_eq!(by_event(Until::Users(3)), Happened::Nothing);
        assert_eq!(at(&ignored(Until::Time(Time(2000))), Time(2000)), (State::Unresolved, Happened::Returned));
        assert_eq!(at(&ignored(Until::Events(1)), Time(2000)).1, Happened::Nothing);
    }
}
