//! Time: wall clock in nanoseconds since 1970 UTC, and a monotonic instant for durations.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Nanoseconds since 1970-01-01T00:00:00Z; covers 1677 to 2262.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const NANOS_PER_SECOND: i64 = 1_000_000_000;
    pub const NANOS_PER_MINUTE: i64 = 60 * Self::NANOS_PER_SECOND;
    pub const NANOS_PER_HOUR: i64 = 60 * Self::NANOS_PER_MINUTE;
    pub const NANOS_PER_DAY: i64 = 24 * Self::NANOS_PER_HOUR;

    pub fn nanos(self) -> i64 {
        self.0
    }

    pub fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Days since 1970-01-01 UTC, rounding towards the past.
    pub fn day(self) -> i32 {
        // An i64 of nanoseconds spans at most 213,504 days, so this always fits.
        self.0.div_euclid(Self::NANOS_PER_DAY) as i32
    }

    pub fn saturating_add(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)))
    }

    pub fn saturating_sub(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// Time from `earlier` to `self`, zero if `earlier` is later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0).max(0) as u64)
    }
}

/// Monotonic nanoseconds from an arbitrary start; only differences mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub u64);

impl Instant {
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// Where time comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Timestamp;
    fn instant(&self) -> Instant;
}

/// The operating system's clocks. The only place in the house that reads them.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one door to the system's clocks")]
    pub fn new() -> SystemClock {
        SystemClock { start: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one door to the system's clocks")]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => Timestamp(i64::try_from(after.as_nanos()).unwrap_or(i64::MAX)),
            Err(before) => Timestamp(i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n)),
        }
    }

    fn instant(&self) -> Instant {
        Instant(u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }
}

/// A clock that moves only when told to; for tests and the simulator.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
}

impl ManualClock {
    pub fn new(start: Timestamp) -> ManualClock {
        ManualClock { now: AtomicI64::new(start.0) }
    }

    pub fn advance(&self, by: Duration) {
        self.now
            .fetch_add(i64::try_from(by.as_nanos()).expect("a test advances by less than 292 years"), Ordering::SeqCst);
    }

    pub fn set(&self, to: Timestamp) {
        self.now.store(to.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        Instant(self.now.load(Ordering::SeqCst).max(0) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_round_towards_the_past() {
        assert_eq!(Timestamp(-1).day(), -1);
        assert_eq!(Timestamp(0).day(), 0);
        assert_eq!(Timestamp(Timestamp::NANOS_PER_DAY).day(), 1);
    }

    #[test]
    fn time_before_the_earlier_one_is_zero() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
