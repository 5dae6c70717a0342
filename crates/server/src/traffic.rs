//! How many requests were answered in the last minute, counted by the second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use whodunit_api::health::RequestRate;

/// Seconds that are remembered; the one that is not over yet does not count.
const SECONDS: u64 = 60;

/// Counts by second since the server's start.
#[derive(Debug, Default)]
pub struct Traffic {
    total: AtomicU64,
    ring: Mutex<Ring>,
}

#[derive(Debug)]
struct Ring {
    /// The second that the newest count belongs to.
    second: u64,
    counts: [u64; SECONDS as usize + 1],
}

impl Default for Ring {
    fn default() -> Ring {
        Ring { second: 0, counts: [0; SECONDS as usize + 1] }
    }
}

impl Ring {
    /// Forgets seconds that have become too old.
    fn advance(&mut self, second: u64) {
        let passed = second.saturating_sub(self.second).min(SECONDS + 1);
        for back in 0..passed {
            *self.of(second - back) = 0;
        }
        self.second = self.second.max(second);
    }

    fn of(&mut self, second: u64) -> &mut u64 {
        let index = second % (SECONDS + 1);
        &mut self.counts[usize::try_from(index).expect("at most 60")]
    }
}

impl Traffic {
    /// A request was answered so long after the start.
    pub fn note(&self, since_start: Duration) {
        self.total.fetch_add(1, Ordering::Relaxed);
        let mut ring = self.ring.lock();
        let second = since_start.as_secs().max(ring.second);
        ring.advance(second);
        *ring.of(second) += 1;
    }

    pub fn rate(&self, since_start: Duration) -> RequestRate {
        let mut ring = self.ring.lock();
        let now = since_start.as_secs().max(ring.second);
        ring.advance(now);
        let whole: u64 = ring.counts.iter().sum::<u64>() - *ring.of(now);
        let seconds = now.clamp(1, SECONDS);
        RequestRate {
            last_minute: whole,
            per_second: whole as f64 / seconds as f64,
            total: self.total.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_remembered_and_no_more() {
        let (traffic, at) = (Traffic::default(), Duration::from_secs);
        for second in [0, 0, 1, 5] {
            traffic.note(at(second));
        }
        assert_eq!(traffic.rate(at(5)).last_minute, 3, "the second that runs does not count");
        assert_eq!(traffic.rate(at(6)), RequestRate { last_minute: 4, per_second: 4.0 / 6.0, total: 4 });
        assert_eq!(traffic.rate(at(61)).last_minute, 2, "the first second is forgotten");
        assert_eq!(traffic.rate(at(1_000)), RequestRate { last_minute: 0, per_second: 0.0, total: 4 });
        traffic.note(at(1_000));
        assert_eq!(traffic.rate(at(1_001)).last_minute, 1);
    }
}
