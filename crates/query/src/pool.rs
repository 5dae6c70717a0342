//! DataFusion's memory pool over a [`Limit`]: what operators hold counts in the process's one budget.

use std::fmt;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryLimit, MemoryPool, MemoryReservation};
use parking_lot::Mutex;
use whodunit_stdx::{Limit, Reservation};

/// The pool of one query.
#[derive(Debug)]
pub struct LimitPool {
    limit: Limit,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    reservation: Reservation,
    /// Bytes that operators took without asking (`grow` may not fail) while the limit was full.
    unasked: usize,
}

impl LimitPool {
    pub fn new(limit: Limit) -> LimitPool {
        let reservation = limit.try_reserve(0).expect("no limit refuses nothing");
        LimitPool { limit, held: Mutex::new(Held { reservation, unasked: 0 }) }
    }
}

impl fmt::Display for LimitPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.limit.name())
    }
}

impl MemoryPool for LimitPool {
    fn name(&self) -> &str {
        self.limit.name()
    }

    fn grow(&self, _reservation: &MemoryReservation, additional: usize) {
        let mut held = self.held.lock();
        if !held.reservation.try_grow(additional) {
            held.unasked = held.unasked.saturating_add(additional);
        }
    }

    fn shrink(&self, _reservation: &MemoryReservation, shrink: usize) {
        let mut held = self.held.lock();
        let unasked = held.unasked.min(shrink);
        held.unasked -= unasked;
        let keep = held.reservation.bytes().saturating_sub(shrink - unasked);
        held.reservation.shrink_to(keep);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        if self.held.lock().reservation.try_grow(additional) {
            return Ok(());
        }
        let consumer = reservation.consumer().name();
        let message = format!("{consumer} asked for {additional} bytes beyond the limit {}", self.limit.name());
        Err(DataFusionError::ResourcesExhausted(message))
    }

    fn reserved(&self) -> usize {
        let held = self.held.lock();
        held.reservation.bytes().saturating_add(held.unasked)
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.limit.bytes_max())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::execution::memory_pool::MemoryConsumer;
    use std::sync::Arc;

    #[test]
    fn what_operators_hold_counts_in_the_limit_and_comes_back() {
        let limit = Limit::new("test", 100);
        let pool: Arc<dyn MemoryPool> = Arc::new(LimitPool::new(limit.clone()));
        let reservation = MemoryConsumer::new("sort").register(&pool);
        reservation.try_grow(80).expect("fits");
        assert!(reservation.try_grow(30).is_err());
        reservation.grow(30);
        assert_eq!((limit.used(), pool.reserved()), (80, 110));
        drop(reservation);
        assert_eq!((limit.used(), pool.reserved()), (0, 0));
    }
}
