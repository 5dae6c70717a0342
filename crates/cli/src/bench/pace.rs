//! A steady pace: something begins so many times a second, whether the one before has ended or not.

use std::future::Future;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use whodunit_stdx::{Instant, World};

use crate::failure::Failure;

/// Of audit entries.
pub const TICKS_PER_SECOND: u64 = 200;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// How long and how dense.
pub struct Pace {
    pub seconds: u64,
    pub per_second: u64,
    /// So many may be under way at once; past it the next one waits.
    pub under_way_max: usize,
}

impl Pace {
    pub fn ticks(&self) -> u64 {
        self.seconds.saturating_mul(self.per_second)
    }

    /// Begins one thing a tick, given its number and the moment it was due, and hands every outcome on.
    pub async fn keep<F, T>(
        &self,
        world: &World,
        mut begin: impl FnMut(u64, Instant) -> F,
        mut ended: impl FnMut(T),
    ) -> Result<(), Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let begun = world.instant();
        let mut under_way = FuturesUnordered::new();
        for tick in 0..self.ticks() {
            let due = Instant(begun.0 + tick * NANOS_PER_SECOND / self.per_second);
            while world.instant() < due || under_way.len() >= self.under_way_max {
                let left = Duration::from_nanos(due.0.saturating_sub(world.instant().0));
                tokio::select! {
                    () = tokio::time::sleep(left.max(Duration::from_micros(200))) => {}
                    Some(done) = under_way.next() => ended(done?),
                }
            }
            under_way.push(begin(tick, due));
        }
        while let Some(done) = under_way.next().await {
            ended(done?);
        }
        Ok(())
    }
}
