//! Ten games in every test run. A seed that once found something stays in the list below.

use whodunit_sim::{Simulation, simulation};

/// Seeds that broke a promise once; each with what it was.
const KEPT: [u64; 0] = [];

#[test]
fn ten_seeds() {
    for seed in (1..=10).chain(KEPT) {
        if let Err(failure) = simulation::play(|| Simulation::run(seed, simulation::STEPS)) {
            panic!("{failure}; again: cargo run -p whodunit-sim -- --from {seed} --seeds 1");
        }
    }
}
