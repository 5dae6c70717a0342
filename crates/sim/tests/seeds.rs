//! Ten games in every test run. A seed that once found something stays in the list below.

use whodunit_sim::{Simulation, simulation};

/// Seeds that broke a promise once; each with what it was.
const KEPT: [u64; 0] = [];

fn play(seeds: impl IntoIterator<Item = u64>) {
    for seed in seeds {
        if let Err(failure) = simulation::play(|| Simulation::run(seed, simulation::STEPS)) {
            panic!("{failure}; again: cargo run -p whodunit-sim -- --from {seed} --seeds 1");
        }
    }
}

#[test]
fn five_seeds() {
    play(1..=5);
}

#[test]
fn five_more_seeds() {
    play(6..=10);
}

#[test]
fn kept_seeds() {
    play(KEPT);
}
