//! What the ways in count about themselves.

use std::collections::BTreeMap;

use whodunit_stdx::metrics::{Counter, CounterVec, Gauge, Histogram, Metric};

pub static ROWS_ACCEPTED: CounterVec =
    CounterVec::new("whodunit_ingest_rows_accepted_total", "Rows that were taken and answered for.", &["protocol"]);
pub static ROWS_REJECTED: CounterVec = CounterVec::new(
    "whodunit_ingest_rows_rejected_total",
    "Rows that were refused one by one, by reason.",
    &["protocol", "code"],
);
pub static ITEMS_PASSED_OVER: CounterVec = CounterVec::new(
    "whodunit_ingest_items_passed_over_total",
    "Items of Sentry's protocol that are not stored here, and those that clients say to have dropped themselves.",
    &["code"],
);
pub static VALUES_FILTERED: CounterVec = CounterVec::new(
    "whodunit_ingest_filtered_values_total",
    "Values of stored rows in whose place [Filtered] stands, by rule.",
    &["rule"],
);
pub static REQUESTS_FAILED: CounterVec = CounterVec::new(
    "whodunit_ingest_requests_failed_total",
    "Requests that failed as a whole, by kind of failure.",
    &["protocol", "kind"],
);
pub static BODY_BYTES: CounterVec =
    CounterVec::new("whodunit_ingest_body_bytes_total", "Bytes of bodies without their encoding.", &["protocol"]);
pub static SENT_BYTES: CounterVec =
    CounterVec::new("whodunit_ingest_sent_bytes_total", "Bytes of bodies as they came over the wire.", &["protocol"]);
pub static ENTRIES_REPEATED: Counter = Counter::new(
    "whodunit_ingest_entries_repeated_total",
    "Audit entries that were sent again and got their first receipt.",
);
pub static DECODE_AUDIT: Histogram =
    Histogram::new("whodunit_ingest_audit_decode_seconds", "Time to decode one audit request.");
pub static DECODE_LOGS: Histogram =
    Histogram::new("whodunit_ingest_logs_decode_seconds", "Time to decode one batch of log lines.");
pub static DECODERS_RUNNING: Gauge = Gauge::new("whodunit_ingest_decoders_running", "Bodies being decoded just now.");
pub static DECODERS_WAITING: Gauge =
    Gauge::new("whodunit_ingest_decoders_waiting", "Bodies that wait for their project's turn to be decoded.");

/// Counts by protocol and reason.
pub type ByProtocol = BTreeMap<(String, String), u64>;

/// What came in since the process began, over all protocols.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Rows that were taken, by protocol.
    pub rows: BTreeMap<String, u64>,
    /// Bytes as they came over the wire, by protocol.
    pub bytes: BTreeMap<String, u64>,
    /// Rows that were refused one by one, by code.
    pub rejected: ByProtocol,
    /// Requests that failed as a whole, by kind.
    pub failed: ByProtocol,
}

/// The counters as they are now.
pub fn counted() -> Counted {
    let by_one = |counters: &CounterVec| {
        let all = counters.all().into_iter();
        all.filter_map(|(labels, count)| Some((labels.into_iter().next()?, count))).collect()
    };
    let by_two = |counters: &CounterVec| {
        let pair = |labels: Vec<String>| <[String; 2]>::try_from(labels).ok().map(|[one, other]| (one, other));
        counters.all().into_iter().filter_map(|(labels, count)| Some((pair(labels)?, count))).collect()
    };
    Counted {
        rows: by_one(&ROWS_ACCEPTED),
        bytes: by_one(&SENT_BYTES),
        rejected: by_two(&ROWS_REJECTED),
        failed: by_two(&REQUESTS_FAILED),
    }
}

/// All of them, for `/metrics`.
pub static METRICS: &[&dyn Metric] = &[
    &ROWS_ACCEPTED,
    &ROWS_REJECTED,
    &ITEMS_PASSED_OVER,
    &VALUES_FILTERED,
    &REQUESTS_FAILED,
    &BODY_BYTES,
    &SENT_BYTES,
    &ENTRIES_REPEATED,
    &DECODE_AUDIT,
    &DECODE_LOGS,
    &DECODERS_RUNNING,
    &DECODERS_WAITING,
];
