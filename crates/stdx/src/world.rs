//! The bundle of clock and chance that is handed down from the composer.

use std::sync::Arc;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

use crate::clock::{Clock, Instant, ManualClock, SystemClock, Timestamp};
use crate::id::EntryId;

/// Time and chance. Cheap to clone; clones share both.
#[derive(Clone, Debug)]
pub struct World {
    clock: Arc<dyn Clock>,
    random: Arc<Mutex<StdRng>>,
}

impl World {
    /// The real one: the system's clock, a generator (ChaCha12) seeded by the operating system.
    #[allow(clippy::disallowed_methods, reason = "this is the one door to the system's randomness")]
    pub fn system() -> World {
        World { clock: Arc::new(SystemClock::new()), random: Arc::new(Mutex::new(StdRng::from_os_rng())) }
    }

    /// A repeatable one. Keep the clock to move it.
    pub fn seeded(seed: u64, start: Timestamp) -> (World, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(start));
        let random = Arc::new(Mutex::new(StdRng::seed_from_u64(seed)));
        (World { clock: clock.clone(), random }, clock)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn instant(&self) -> Instant {
        self.clock.instant()
    }

    /// Unpredictable bytes, fit for keys and salts.
    pub fn fill_random(&self, bytes: &mut [u8]) {
        self.random.lock().fill_bytes(bytes);
    }

    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill_random(&mut bytes);
        bytes
    }

    /// A new id stamped with the present time.
    pub fn entry_id(&self) -> EntryId {
        EntryId::from_parts(self.now(), self.random_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_same_seed_makes_the_same_ids() {
        let (a, _) = World::seeded(1, Timestamp(0));
        let (b, clock) = World::seeded(1, Timestamp(0));
        assert_eq!(a.entry_id(), b.entry_id());
        clock.advance(Duration::from_secs(1));
        assert_eq!(b.entry_id().time(), Timestamp(1_000_000_000));
    }
}
