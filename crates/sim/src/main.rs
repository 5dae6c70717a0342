//! `cargo run -p whodunit-sim -- [--seeds N] [--from S] [--steps N]`: plays games and prints the first that breaks.

use std::process::{Command, ExitCode};

use whodunit_sim::{Simulation, simulation};

const USAGE: &str = "usage: sim [--seeds N] [--from S] [--steps N]";

struct Options {
    seeds: u64,
    from: u64,
    steps: u32,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(options) = parse(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    for seed in options.from..options.from.saturating_add(options.seeds) {
        match simulation::play(|| Simulation::run(seed, options.steps)) {
            Ok(report) => println!("seed {seed} held: {report:?}"),
            Err(failure) => {
                eprintln!("{failure}\ncommit {}", commit());
                eprintln!("again: cargo run -p whodunit-sim -- --from {seed} --seeds 1 --steps {}", options.steps);
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn parse(arguments: &[String]) -> Option<Options> {
    let mut options = Options { seeds: 10, from: 1, steps: simulation::STEPS };
    let (pairs, []) = arguments.as_chunks::<2>() else { return None };
    for [option, value] in pairs {
        match option.as_str() {
            "--seeds" => options.seeds = value.parse().ok()?,
            "--from" => options.from = value.parse().ok()?,
            "--steps" => options.steps = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(options)
}

fn commit() -> String {
    let described = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=40"]).output();
    let text = described.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
