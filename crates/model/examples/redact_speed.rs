//! Filters generated log lines, in batches as the gateway has them, and prints CPU time per line: `cargo run --release
//! -p whodunit-model --example redact_speed [rows]`. Linux only, since it asks the scheduler for its CPU time.

use std::fmt::Write;
use std::hint::black_box;

use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::redact::Tally;
use whodunit_model::{Batch, Project, Redactor};
use whodunit_stdx::Timestamp;

const ROWS: usize = 200_000;
const ROUNDS: usize = 5;

fn main() {
    let rows = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(ROWS);
    measure("plain lines", rows, plain);
    measure("logfmt lines", rows, logfmt);
    measure("JSON lines", rows, json);
    measure("lines with a secret", rows, secret);
}

fn measure(name: &str, rows: usize, write: fn(&mut String, u64)) {
    let batch = batch(rows, write);
    let redactor = Redactor::standard();
    let (mut spent, mut tally) = (u64::MAX, Tally::default());
    for _ in 0..ROUNDS {
        let sent = batch.clone();
        let before = cpu_nanos();
        black_box(redactor.batch(sent, &mut tally));
        spent = spent.min(cpu_nanos() - before);
    }
    let filtered = tally.total() / ROUNDS as u64;
    println!("{name}: {rows} rows, {filtered} values filtered, {:.0} CPU ns per row", spent as f64 / rows as f64);
}

/// The columns of the benchmark's lines; the body is the caller's.
fn batch(rows: usize, write: fn(&mut String, u64)) -> Batch {
    let mut builder = LogBuilder::new(rows);
    let mut text = String::new();
    for number in 0..rows {
        let random = mixed(number);
        text.clear();
        write(&mut text, random);
        builder.text(TextField::Body, &text);
        builder.text(TextField::Level, "INFO");
        builder.text(TextField::Service, ["checkout", "catalogue", "payments"][(random % 3) as usize]);
        builder.text(TextField::Environment, "production");
        builder.text(TextField::Release, "2026.11.3");
        for (field, length) in [(TextField::Host, 4), (TextField::ActorId, 6), (TextField::SessionId, 12)] {
            builder.text(field, &format!("{random:016x}")[..length]);
        }
        builder.attribute("region", Scalar::Text("eu-central-1"));
        builder.attribute("method", Scalar::Text("GET"));
        text.clear();
        let _infallible = write!(text, "/api/orders/{}", random % 1_000_000);
        builder.attribute("path", Scalar::Text(&text));
        builder.attribute("status", Scalar::Integer(200));
        builder.attribute("bytes", Scalar::Integer((random % 60_000) as i64));
        builder.attribute("duration_ms", Scalar::Float(1.5));
        builder.finish_row(Timestamp(number as i64), Timestamp(number as i64));
    }
    builder.finish(&Project::default_project()).expect("there are rows")
}

fn plain(out: &mut String, random: u64) {
    let _infallible = write!(
        out,
        "reserved {} items for order {} after {} ms: cache miss",
        random % 40,
        random % 1_000_000,
        random % 900
    );
}

fn logfmt(out: &mut String, random: u64) {
    let _infallible = write!(
        out,
        "level=info user=user-{:05} order={} status=200 took={}ms",
        random % 50_000,
        random % 1_000_000,
        random % 900
    );
}

fn json(out: &mut String, random: u64) {
    let _infallible = write!(
        out,
        r#"{{"level":"info","user":"user-{:05}","order":{},"status":200,"msg":"request finished"}}"#,
        random % 50_000,
        random % 1_000_000
    );
}

fn secret(out: &mut String, random: u64) {
    let _infallible = write!(out, "login of user-{:05} with password={random:016x} failed", random % 50_000);
}

/// A number that looks random and is the same every time.
fn mixed(number: usize) -> u64 {
    let mut value = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value ^= value >> 32;
    value.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// CPU time of this thread so far.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's CPU time");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("the first number is the CPU time in ns")
}
