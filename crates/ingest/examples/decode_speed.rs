//! Decodes generated log lines and audit entries and prints rows per CPU second: `cargo run --release -p
//! whodunit-ingest --example decode_speed [rows]`. Linux only, since it asks the scheduler for its CPU time.

use std::fmt::Write;

use bytes::Bytes;
use whodunit_ingest::audit;
use whodunit_ingest::logs::{self, Mapping};
use whodunit_model::{AuditBuilder, Batch, Project};
use whodunit_stdx::Timestamp;

const ROWS: usize = 500_000;
const LINES_PER_BODY: usize = 2_000;
const ENTRIES_PER_BODY: usize = 100;
const NOW: Timestamp = Timestamp(1_795_168_800_000_000_000);

fn main() {
    let rows = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(ROWS);
    measure("logs, NDJSON", rows, LINES_PER_BODY, log_line, decode_logs);
    measure("audit, arrays of 100", rows / 5, ENTRIES_PER_BODY, audit_entry, decode_audit);
}

/// Makes all bodies first, then decodes them while the CPU time is taken.
fn measure(name: &str, rows: usize, per_body: usize, write: fn(&mut String, usize), decode: fn(Bytes) -> usize) {
    let bodies: Vec<Bytes> = (0..rows.div_ceil(per_body))
        .map(|body| {
            let mut text = String::new();
            (body * per_body..(body + 1) * per_body).for_each(|number| write(&mut text, number));
            Bytes::from(text)
        })
        .collect();
    let bytes: usize = bodies.iter().map(Bytes::len).sum();
    let before = cpu_nanos();
    let decoded: usize = bodies.into_iter().map(decode).sum();
    let spent = cpu_nanos() - before;
    assert_eq!(decoded, rows.div_ceil(per_body) * per_body, "every row is taken");
    println!(
        "{name}: {decoded} rows of {} B, {:.0} rows per CPU second, {:.0} CPU ns per row, {:.0} MB per CPU second",
        bytes / decoded,
        decoded as f64 * 1e9 / spent as f64,
        spent as f64 / decoded as f64,
        bytes as f64 * 1e3 / spent as f64,
    );
}

fn decode_logs(body: Bytes) -> usize {
    let decoded = logs::decode(body, &Mapping::default(), NOW, &Project::default_project());
    decoded.batches.iter().map(Batch::row_count).sum()
}

fn decode_audit(body: Bytes) -> usize {
    // An array: the bodies are written as elements with commas.
    let array = [b"[", body.strip_suffix(b",").unwrap_or(&body), b"]"].concat();
    let decoded = audit::decode(&array, &audit::Context { received_at: NOW, ..audit::Context::default() });
    let mut builder = AuditBuilder::new();
    decoded.entries.iter().for_each(|(_, entry)| builder.push(entry));
    builder.finish(&Project::default_project()).row_count()
}

/// A number that looks random and is the same every time.
fn mixed(number: usize) -> u64 {
    let mut value = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value ^= value >> 32;
    value.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

fn log_line(out: &mut String, number: usize) {
    let random = mixed(number);
    let level = ["info", "info", "info", "debug", "warn", "error"][(random % 6) as usize];
    let _infallible = writeln!(
        out,
        r#"{{"timestamp":"2026-11-20T09:{:02}:{:02}.{:06}Z","level":"{level}","service":"service-{:02}","host":"node-{}","message":"{} request finished for \"/api/orders/{}\" after processing","user_id":"user-{:05}","request_id":"{random:016x}","trace_id":"{random:016x}{:016x}","span_id":"{:016x}","http":{{"method":"GET","route":"/api/orders/:id","status":{}}},"duration_ms":{}.{:03},"bytes":{},"region":"eu-central-1","retried":{}}}"#,
        number / 60 % 60,
        number % 60,
        number % 1_000_000,
        random % 20,
        random % 8,
        level.to_uppercase(),
        random % 100_000,
        random % 50_000,
        random ^ 77,
        random | 1,
        [200, 200, 201, 404, 500][(random % 5) as usize],
        random % 900,
        random % 1000,
        random % 20_000,
        random.is_multiple_of(2),
    );
}

fn audit_entry(out: &mut String, number: usize) {
    let random = mixed(number);
    let _infallible = write!(
        out,
        r#"{{"timestamp":"2026-11-20T09:59:{:02}Z","action":"order_updated","userId":"user-{:05}","user_email":"user-{:05}@example.com","ipAddress":"192.0.2.{}","entityType":"order","entityId":"{}","requestId":"{random:016x}","old_values":{{"status":"open","total":{}}},"new_values":{{"status":"paid","total":{}}},"details":{{"channel":"web","items":[1,2,3]}}}},"#,
        number % 60,
        random % 50_000,
        random % 50_000,
        random % 256,
        random % 1_000_000,
        random % 1000,
        random % 1000,
    );
}

/// CPU time of this thread so far.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's CPU time");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("the first number is the CPU time in ns")
}
