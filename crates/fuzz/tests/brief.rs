//! Every target for a few rounds, always the same ones: `cargo run -p whodunit-fuzz` goes on from there.

use whodunit_fuzz::rounds::{Plan, run};
use whodunit_fuzz::targets;

fn check(name: &str, rounds: u64) {
    let (_, make) = targets::ALL.iter().find(|(known, _)| *known == name).expect("the target exists");
    let held = run(&make(), &Plan { seed: 1, from: 0, rounds: Some(rounds) }, || true);
    if let Err(failure) = held {
        panic!("{failure}");
    }
}

#[test]
fn wal() {
    check("wal", 2_000);
}

#[test]
fn frame() {
    check("frame", 10_000);
}

#[test]
fn columns() {
    check("columns", 10_000);
}

#[test]
fn segment() {
    check("segment", 300);
}

#[test]
fn audit() {
    check("audit", 10_000);
}

#[test]
fn logs() {
    check("logs", 5_000);
}

#[test]
fn body() {
    check("body", 5_000);
}

#[test]
fn postgres() {
    check("postgres", 20_000);
}

#[test]
fn loki() {
    check("loki", 5_000);
}

#[test]
fn otlp() {
    check("otlp", 5_000);
}

#[test]
fn elastic() {
    check("elastic", 5_000);
}

#[test]
fn syslog() {
    check("syslog", 5_000);
}
