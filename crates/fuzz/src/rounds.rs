//! The loop: every round has a generator of its own, so that one round can be run again without those before it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::mutation::mutate;

/// Panics if something is wrong with how these bytes are read.
pub type Check = Box<dyn Fn(&[u8])>;

/// What is fuzzed.
pub struct Target {
    pub name: &'static str,
    /// Well-formed inputs; never empty.
    pub corpus: Vec<Vec<u8>>,
    /// Pieces that mean something to the reader, thrown in at random places.
    pub words: &'static [&'static [u8]],
    pub check: Check,
}

/// Which rounds to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub from: u64,
    /// `None`: as long as there is time.
    pub rounds: Option<u64>,
}

/// A round whose check did not hold.
#[derive(Debug)]
pub struct Failure {
    target: &'static str,
    seed: u64,
    round: u64,
    message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { target, seed, round, message } = self;
        writeln!(f, "{target} failed in round {round} of seed {seed}: {message}")?;
        write!(f, "again: cargo run -p whodunit-fuzz -- {target} --seed {seed} --from {round} --rounds 1")
    }
}

/// Checks every input as it is, then damaged ones. Returns how many rounds held.
pub fn run(target: &Target, plan: &Plan, in_time: impl Fn() -> bool) -> Result<u64, Failure> {
    let last = plan.rounds.map(|rounds| plan.from.saturating_add(rounds));
    let mut round = plan.from;
    while last.is_none_or(|last| round < last) && in_time() {
        let input = input(target, plan.seed, round);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (target.check)(&input))) {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let message = text.unwrap_or_else(|| "panicked".to_owned());
            return Err(Failure { target: target.name, seed: plan.seed, round, message });
        }
        round += 1;
    }
    Ok(round - plan.from)
}

fn input(target: &Target, seed: u64, round: u64) -> Vec<u8> {
    let mut chance = StdRng::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ round);
    let pick = usize::try_from(round).unwrap_or(usize::MAX);
    if let Some(untouched) = target.corpus.get(pick) {
        return untouched.clone();
    }
    let chosen = chance.random_range(0..target.corpus.len());
    let mut input = target.corpus[chosen].clone();
    for _ in 0..1 << chance.random_range(0..5) {
        let other = &target.corpus[chance.random_range(0..target.corpus.len())];
        mutate(&mut input, other, target.words, &mut chance);
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(check: impl Fn(&[u8]) + 'static) -> Target {
        Target { name: "test", corpus: vec![b"abc".to_vec()], words: &[b"x"], check: Box::new(check) }
    }

    #[test]
    fn a_failure_names_the_round_and_comes_again() {
        let grumpy = target(|input| assert!(!input.contains(&b'x'), "found an x"));
        let plan = Plan { seed: 7, from: 0, rounds: Some(1000) };
        let failure = run(&grumpy, &plan, || true).expect_err("an x is thrown in sooner or later");
        assert_eq!(failure.message, "found an x");
        let again = Plan { from: failure.round, rounds: Some(1), ..plan };
        assert_eq!(run(&grumpy, &again, || true).expect_err("the same round").round, failure.round);
    }

    #[test]
    fn the_first_rounds_are_the_inputs_untouched() {
        assert_eq!(input(&target(|_| {}), 3, 0), b"abc");
        assert_eq!(run(&target(|_| {}), &Plan { seed: 1, from: 0, rounds: Some(5) }, || true).expect("holds"), 5);
    }
}
