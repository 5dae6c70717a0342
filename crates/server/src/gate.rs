//! How many requests of a class are worked on at once, and how many more may wait.
//!
//! Each class has permits of its own, so a flood of one never takes the place of another: audit entries do not
//! queue behind log lines. Waiting happens before the body is read, so whoever waits holds next to no memory.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use whodunit_stdx::ErrorKind;

use crate::failure::Failure;
use crate::settings::Settings;

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
    telemetry: Gate,
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
pub struct Permit(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Gates {
    pub fn new(settings: &Settings) -> Gates {
        Gates {
            light: Gate::new("light_requests_max", LIGHT_REQUESTS_MAX),
            audit: Gate::new("audit_requests_max", settings.audit_requests_max),
            telemetry: Gate::new("telemetry_requests_max", settings.telemetry_requests_max),
            query: Gate::new("query_requests_max", settings.query_requests_max),
            stream: Gate::new("stream_requests_max", settings.stream_requests_max),
            account: Gate::new("account_requests_max", ACCOUNT_REQUESTS_MAX),
        }
    }

    /// A permit at once if one is free, after a bounded wait, or the named refusal.
    pub async fn enter(&self, class: RateClass) -> Result<Permit, Failure> {
        let gate = match class {
            RateClass::Light => &self.light,
            RateClass::Audit => &self.audit,
            RateClass::Telemetry => &self.telemetry,
            RateClass::Query => &self.query,
            // A tail lasts until its reader goes, so waiting for one to end would be waiting for nothing.
            RateClass::Stream => return self.stream.try_enter(),
            RateClass::Account => &self.account,
        };
        gate.enter().await
    }
}

impl Gate {
    fn new(limit: &'static str, permits: usize) -> Gate {
        let permits = permits.clamp(1, Semaphore::MAX_PERMITS / WAITING_PER_PERMIT);
        let places = Semaphore::new(permits * WAITING_PER_PERMIT);
        Gate { limit, permits: Arc::new(Semaphore::new(permits)), places }
    }

    fn try_enter(&self) -> Result<Permit, Failure> {
        self.permits.clone().try_acquire_owned().map(Permit).map_err(|_| self.full())
    }

    async fn enter(&self) -> Result<Permit, Failure> {
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(Permit(permit));
        }
        let _place = self.places.try_acquire().map_err(|_| self.full())?;
        match tokio::time::timeout(WAIT_MAX, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Permit(permit)),
            _ => Err(self.full()),
        }
    }

    fn full(&self) -> Failure {
        Failure::new(ErrorKind::Exhausted, "too many requests of this kind are being worked on")
            .limit(self.limit)
            .hint("send again after the time in Retry-After, in fewer and larger requests")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_class_full_leaves_the_others_open() {
        let settings = Settings { stream_requests_max: 1, ..Settings::default() };
        let gates = Gates::new(&settings);
        let held = gates.enter(RateClass::Stream).await.expect("the first tail gets in");
        let refused = gates.enter(RateClass::Stream).await.err().expect("the second does not");
        assert_eq!(refused.detail().limit.as_deref(), Some("stream_requests_max"));
        assert!(gates.enter(RateClass::Audit).await.is_ok());
        drop(held);
        assert!(gates.enter(RateClass::Stream).await.is_ok());
    }
}
