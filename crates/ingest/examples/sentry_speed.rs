//! Decodes captured errors and prints CPU microseconds per event, whole and step by step: `cargo run --release -p
//! whodunit-ingest --example sentry_speed [events]`. Linux only, since it asks the scheduler for its CPU time.
//!
//! The steps are measured apart, each on its own over all events, and the whole once more: what the steps leave of the
//! whole is the frame of the envelope, the context columns and freeing memory.

use std::io::Write;

use bytes::Bytes;
use whodunit_ingest::body::{self, BodyLimits, Encoding};
use whodunit_ingest::logs::Decode;
use whodunit_ingest::logs::Desk;
use whodunit_ingest::sentry::{self, Form, Origin};
use whodunit_issues::event::Event;
use whodunit_issues::fingerprint::{Algorithm, group};
use whodunit_issues::rules::Rules;
use whodunit_model::redact::Tally;
use whodunit_model::{Project, Redactor};
use whodunit_stdx::{Limit, Timestamp};

#[path = "../../cli/src/bench/captured.rs"]
mod captured;

const EVENTS: usize = 20_000;
const NOW: Timestamp = Timestamp(1_795_168_800_000_000_000);

fn main() {
    let events = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(EVENTS);
    let mut state = 1;
    let plain: Vec<Vec<u8>> = (0..events)
        .map(|number| captured::envelope(number as u64, 1_795_168_799.5, &mut |most| below(&mut state, most)))
        .collect();
    let sent: Vec<Bytes> = plain.iter().map(|plain| gzip(plain)).collect();
    let payloads: Vec<&[u8]> = plain.iter().map(|plain| payload(plain)).collect();
    let bytes: usize = payloads.iter().map(|payload| payload.len()).sum();
    let compressed: usize = sent.iter().map(Bytes::len).sum();
    println!("{events} events of {} B, {} B as sent", bytes / events, compressed / events);

    let memory = Limit::new("memory", 1 << 30);
    measure("unfold (gzip)", events, || sent.iter().map(|sent| unfolded(sent, &memory).len()).sum());
    measure("parse", events, || {
        payloads.iter().map(|payload| parsed(payload).as_object().map_or(0, |map| map.len())).sum()
    });
    let texts: Vec<String> = payloads.iter().map(|payload| parsed(payload).to_string()).collect();
    measure("write", events, || payloads.iter().map(|payload| parsed(payload).to_string().len()).sum());
    let redactor = Redactor::standard();
    measure("filter secrets", events, || {
        texts.iter().map(|text| redactor.json(text, &mut Tally::default()).map_or(1, |text| text.len())).sum()
    });
    let documents: Vec<serde_json::Value> = payloads.iter().map(|payload| parsed(payload)).collect();
    measure("read the event", events, || documents.iter().map(|document| Event::read(document).exceptions.len()).sum());
    let read: Vec<Event<'_>> = documents.iter().map(Event::read).collect();
    measure("group", events, || {
        let digit = |event| usize::from(group(event, &Rules::default(), Algorithm::NEWEST).fingerprint.0[0]);
        read.iter().map(digit).sum()
    });

    let rows = measure("whole, to a filtered batch", events, || sent.iter().map(|sent| whole(sent, &memory)).sum());
    assert_eq!(rows, events, "every event is taken");
}

/// Takes the CPU time of `work`, whose number keeps it from being left out.
fn measure(name: &str, events: usize, work: impl FnOnce() -> usize) -> usize {
    let before = cpu_nanos();
    let number = work();
    let spent = cpu_nanos() - before;
    println!("{name}: {:.1} CPU µs per event", spent as f64 / 1e3 / events as f64);
    assert!(number > 0, "{name} did nothing");
    number
}

fn unfolded(sent: &Bytes, memory: &Limit) -> Bytes {
    body::decode(sent.clone(), Encoding::Gzip, BodyLimits::default(), memory).expect("gzip").bytes
}

fn parsed(payload: &[u8]) -> serde_json::Value {
    serde_json::from_slice(payload).expect("JSON")
}

fn whole(sent: &Bytes, memory: &Limit) -> usize {
    let desk = Desk {
        project: Project::default_project(),
        received_at: NOW,
        memory: memory.clone(),
        redactor: Redactor::standard().clone(),
        grouping: std::sync::Arc::default(),
        scripts: None,
    };
    let body = unfolded(sent, memory);
    let mut envelope = sentry::decode(&body, Form::Envelope, Origin::default(), &desk).expect("an envelope");
    let mut tally = envelope.take_tally();
    let batch = envelope.next_batch(&desk.project).expect("memory").expect("a batch");
    let done = envelope.filtered_columns(batch.table());
    desk.redactor.batch_but(batch, done, &mut tally).row_count()
}

/// What stands behind the second line feed.
fn payload(envelope: &[u8]) -> &[u8] {
    let mut ends = envelope.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    let start = ends.nth(1).expect("two lines before it") + 1;
    &envelope[start..envelope.len() - 1]
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).expect("writes to memory");
    encoder.finish().expect("writes to memory").into()
}

/// A number that looks random and is the same every time.
fn below(state: &mut u64, most: u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut value = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (value ^ (value >> 31)) % most
}

/// CPU time of this thread so far.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's CPU time");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("the first number is the CPU time in ns")
}
