//! `cargo run -p whodunit-fuzz -- TARGET [--seconds N] [--seed S] [--from ROUND] [--rounds N]`

use std::process::ExitCode;
use std::time::Duration;

use whodunit_fuzz::rounds::{Plan, run};
use whodunit_fuzz::targets;
use whodunit_stdx::World;

const USAGE: &str = "usage: fuzz TARGET|all [--seconds N] [--seed S] [--from ROUND] [--rounds N]";

fn main() -> ExitCode {
    match parse(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Some((name, plan, seconds)) => fuzz(&name, plan, seconds),
        None => {
            let names: Vec<&str> = targets::ALL.iter().map(|(name, _)| *name).collect();
            eprintln!("{USAGE}\ntargets: {}", names.join(", "));
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Option<(String, Plan, Option<u64>)> {
    let (name, options) = arguments.split_first()?;
    let (mut plan, mut seconds) = (Plan { seed: 1, from: 0, rounds: None }, None);
    let (pairs, []) = options.as_chunks::<2>() else { return None };
    for [option, value] in pairs {
        let value: u64 = value.parse().ok()?;
        match option.as_str() {
            "--seconds" => seconds = Some(value),
            "--seed" => plan.seed = value,
            "--from" => plan.from = value,
            "--rounds" => plan.rounds = Some(value),
            _ => return None,
        }
    }
    Some((name.clone(), plan, seconds))
}

fn fuzz(name: &str, plan: Plan, seconds: Option<u64>) -> ExitCode {
    let chosen: Vec<_> = targets::ALL.iter().filter(|(known, _)| name == "all" || *known == name).collect();
    if chosen.is_empty() {
        eprintln!("no target {name:?}\n{USAGE}");
        return ExitCode::from(2);
    }
    let seconds = seconds.or(plan.rounds.is_none().then_some(60));
    // Readers catch panics of the decoders under them; only what gets past a check is worth a line.
    std::panic::set_hook(Box::new(|_| {}));
    let world = World::system();
    for (_, make) in chosen {
        let target = make();
        let start = world.instant();
        let in_time = || seconds.is_none_or(|seconds| world.instant().since(start) < Duration::from_secs(seconds));
        match run(&target, &plan, in_time) {
            Ok(rounds) => println!("{}: {rounds} rounds from seed {} held", target.name, plan.seed),
            Err(failure) => {
                eprintln!("{failure}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
