//! How many requests of a class are worked on at once, and how many more may wait.
//!
//! Each class has permits of its own, so a flood of one never takes the place of another: audit entries do not
//! queue behind log lines. Among those who send telemetry the projects take turns ([`whodunit_stdx::turns`]): a flood
//! of one waits behind itself. Waiting happens before the body is read, so whoever waits holds next to no memory.
//! Small requests have places of their own, and more of them: most of the time they wait for the disk, and the more of
//! them are inside, the more share one write.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use whodunit_model::Project;
use whodunit_stdx::metrics::{CounterVec, Gauge};
use whodunit_stdx::{ErrorKind, Share, Turn, Turns};

use crate::failure::Failure;
use crate::settings::Settings;

pub static TELEMETRY_WAITING: Gauge =
    Gauge::new("whodunit_http_telemetry_requests_waiting", "Telemetry requests that wait for their project's turn.");
pub static REQUESTS_TURNED_AWAY: CounterVec = CounterVec::new(
    "whodunit_http_requests_turned_away_total",
    "Requests that found all places taken, and none to wait in or not in time, by the limit.",
    &["limit"],
);

/// What a request competes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// Small and never refused for load: health, metrics, pages.
    Light,
    /// Appends of audit entries.
    Audit,
    /// Appends of logs and other telemetry.
    Telemetry,
    /// Reads that run a query.
    Query,
    /// Live tails; the permit is held until the stream ends.
    Stream,
    /// Sign-in, set-up and administration: each may cost a password hash.
    Account,
}

/// Requests of one class that may wait, per permit.
pub const WAITING_PER_PERMIT: usize = 8;
/// Of a hundred places for telemetry, so many may be taken by one project: slow senders of one leave some for others.
pub const TELEMETRY_OF_PROJECT_PER_HUNDRED_MAX: usize = 75;
/// A telemetry request that announces a body of at most this is a small one.
pub const SMALL_TELEMETRY_BYTES_MAX: usize = whodunit_ingest::gateway::INLINE_BYTES_MAX;
/// Small telemetry requests for each of `telemetry_requests_max`.
pub const SMALL_TELEMETRY_PER_PLACE: usize = 16;
/// The longest wait for a permit.
pub const WAIT_MAX: Duration = Duration::from_secs(5);
/// Sign-in, set-up and administration requests at once.
pub const ACCOUNT_REQUESTS_MAX: usize = 16;
/// Health, metrics and page requests at once.
pub const LIGHT_REQUESTS_MAX: usize = 256;

/// Permits of all classes.
#[derive(Debug)]
pub struct Gates {
    light: Gate,
    audit: Gate,
    telemetry: Turns<Project>,
    small_telemetry: Turns<Project>,
    query: Gate,
    stream: Gate,
    account: Gate,
}

#[derive(Debug)]
struct Gate {
    limit: &'static str,
    permits: Arc<Semaphore>,
    /// Places for those who wait.
    places: Semaphore,
}

/// Held while a request is worked on.
#[allow(dead_code, reason = "held for its drop")]
pub enum Permit {
    Place(OwnedSemaphorePermit),
    Turn(Turn<Project>),
}

impl Gates {
    pub fn new(settings: &Settings) -> Gates {
        Gates {
            light: Gate::new("light_requests_max", LIGHT_REQUESTS_MAX),
            audit: Gate::new("audit_requests_max", settings.audit_requests_max),
            telemetry: Turns::new(share(settings.telemetry_requests_max)),
            small_telemetry: Turns::new(share(
                settings.telemetry_requests_max.saturating_mul(SMALL_TELEMETRY_PER_PLACE),
            )),
            query: Gate::new("query_requests_max", settings.query_requests_max),
            stream: Gate::new("stream_requests_max", settings.stream_requests_max),
            account: Gate::new("account_requests_max", ACCOUNT_REQUESTS_MAX),
        }
    }

    /// A permit at once if one is free, after a bounded wait, or the named refusal.
    pub async fn enter(&self, class: RateClass, project: &Project) -> Result<Permit, Failure> {
        let gate = match class {
            RateClass::Light => &self.light,
            RateClass::Audit => &self.audit,
            RateClass::Telemetry => return self.enter_telemetry(project, None).await,
            RateClass::Query => &self.query,
            // A tail lasts until its reader goes, so waiting for one to end would be waiting for nothing.
            RateClass::Stream => return self.stream.try_enter(),
            RateClass::Account => &self.account,
        };
        gate.enter().await
    }

    /// The same for telemetry, of which the project counts, and how many bytes of body it announces.
    pub async fn enter_telemetry(&self, project: &Project, announced: Option<usize>) -> Result<Permit, Failure> {
        let is_small = announced.is_some_and(|bytes| bytes <= SMALL_TELEMETRY_BYTES_MAX);
        let turns = if is_small { &self.small_telemetry } else { &self.telemetry };
        let _waits = Waits::begin();
        match tokio::time::timeout(WAIT_MAX, turns.take(project)).await {
            Ok(Some(turn)) => Ok(Permit::Turn(turn)),
            _ => Err(full("telemetry_requests_max")),
        }
    }
}

fn share(at_once: usize) -> Share {
    Share {
        at_once,
        of_one_max: at_once.saturating_mul(TELEMETRY_OF_PROJECT_PER_HUNDRED_MAX) / 100,
        waiting_max: at_once.saturating_mul(WAITING_PER_PERMIT),
    }
}

/// Counts as a request that waits for its turn as long as it lives.
struct Waits(());

impl Waits {
    fn begin() -> Waits {
        TELEMETRY_WAITING.add(1);
        Waits(())
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        TELEMETRY_WAITING.add(-1);
    }
}

impl Gate {
    fn new(limit: &'static str, permits: usize) -> Gate {
        let permits = permits.clamp(1, Semaphore::MAX_PERMITS / WAITING_PER_PERMIT);
        let places = Semaphore::new(permits * WAITING_PER_PERMIT);
        Gate { limit, permits: Arc::new(Semaphore::new(permits)), places }
    }

    fn try_enter(&self) -> Result<Permit, Failure> {
        self.permits.clone().try_acquire_owned().map(Permit::Place).map_err(|_| self.full())
    }

    async fn enter(&self) -> Result<Permit, Failure> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(Permit::Place(permit));
        }
        let _place = self.places.try_acquire().map_err(|_| self.full())?;
        match tokio::time::timeout(WAIT_MAX, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Permit::Place(permit)),
            _ => Err(self.full()),
        }
    }

    fn full(&self) -> Failure {
        full(self.limit)
    }
}

fn full(limit: &'static str) -> Failure {
    REQUESTS_TURNED_AWAY.add(&[limit], 1);
    Failure::new(ErrorKind::Exhausted, "too many requests of this kind are being worked on")
        .limit(limit)
        .hint("send again after the time in Retry-After, in fewer and larger requests")
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn one_class_full_leaves_the_others_open() {
        let settings = Settings { stream_requests_max: 1, ..Settings::default() };
        let gates = Gates::new(&settings);
        let project = Project::default_project();
        let held = gates.enter(RateClass::Stream, &project).await.expect("the first tail gets in");
        let refused = gates.enter(RateClass::Stream, &project).await.err().expect("the second does not");
        assert_eq!(refused.detail().limit.as_deref(), Some("stream_requests_max"));
        assert!(gates.enter(RateClass::Audit, &project).await.is_ok());
        drop(held);
        assert!(gates.enter(RateClass::Stream, &project).await.is_ok());
    }

    #[tokio::test]
    async fn a_flood_of_one_project_waits_behind_itself() {
        let settings = Settings { telemetry_requests_max: 4, ..Settings::default() };
        let gates = Gates::new(&settings);
        let [flood, quiet] = ["flood", "quiet"].map(|slug| Project::parse(slug).expect("a slug"));
        let enter = |project| Box::pin(gates.enter(RateClass::Telemetry, project));
        let mut inside = Vec::new();
        for _ in 0..3 {
            inside.push(enter(&flood).await.expect("there is room"));
        }
        let mut outside: Vec<_> = (0..4 * WAITING_PER_PERMIT).map(|_| enter(&flood)).collect();
        for waiting in &mut outside {
            assert!(waiting.now_or_never().is_none(), "the last place is for others");
        }
        let refused = enter(&flood).await.err().expect("there is no room to wait");
        assert_eq!(refused.detail().limit.as_deref(), Some("telemetry_requests_max"));
        let first = enter(&quiet).await.expect("it finds a place at once");
        let mut second = enter(&quiet);
        assert!((&mut second).now_or_never().is_none(), "all four are taken");
        drop(inside.pop());
        let mut small = Box::pin(gates.enter_telemetry(&flood, Some(SMALL_TELEMETRY_BYTES_MAX)));
        assert!((&mut small).now_or_never().expect("has another place").is_ok());
        let mut large = Box::pin(gates.enter_telemetry(&quiet, Some(SMALL_TELEMETRY_BYTES_MAX + 1)));
        assert!((&mut large).now_or_never().is_none());
        drop(large);
        // One of the flood came before it; with the next place it is the turn of the other project.
        drop(outside[0].as_mut().now_or_never().expect("its turn"));
        assert!((&mut second).now_or_never().expect("in front of the flood's backlog").is_ok());
        drop(first);
    }
}
