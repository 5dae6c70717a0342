//! What the write side counts about itself.

use whodunit_stdx::metrics::{Counter, CounterVec, Gauge, Histogram, Metric};

use crate::segment::Lane;

pub static APPENDED_ROWS: CounterVec =
    CounterVec::new("whodunit_store_appended_rows_total", "Rows made durable and visible.", &["table"]);
pub static APPENDED_BYTES: CounterVec =
    CounterVec::new("whodunit_store_appended_bytes_total", "Bytes written to the write-ahead log.", &["lane"]);
pub static GROUPS: CounterVec =
    CounterVec::new("whodunit_store_groups_total", "Groups committed with one frame each.", &["lane"]);
pub static GROUPED_SUBMISSIONS: CounterVec =
    CounterVec::new("whodunit_store_grouped_submissions_total", "Submissions inside those groups.", &["lane"]);
pub static REPEATED: Counter =
    Counter::new("whodunit_store_repeated_entries_total", "Entries sent again and answered with their first receipt.");
pub static REFUSED: CounterVec =
    CounterVec::new("whodunit_store_refused_appends_total", "Appends refused, by kind of error.", &["lane", "kind"]);
pub static FAILED_SYNCS: CounterVec =
    CounterVec::new("whodunit_store_failed_writes_total", "Writes or syncs that failed and stopped a lane.", &["lane"]);
pub static REPLAYED_FRAMES: CounterVec =
    CounterVec::new("whodunit_store_replayed_frames_total", "Frames read back at the start.", &["lane"]);
pub static AUDIT_SYNC: Histogram =
    Histogram::new("whodunit_store_audit_sync_seconds", "Time of one fdatasync of the audit lane.");
pub static TELEMETRY_SYNC: Histogram =
    Histogram::new("whodunit_store_telemetry_sync_seconds", "Time of one fdatasync of the telemetry lane.");
pub static AUDIT_QUEUE: Gauge =
    Gauge::new("whodunit_store_audit_queue_submissions", "Submissions waiting for the audit lane.");
pub static TELEMETRY_QUEUE: Gauge =
    Gauge::new("whodunit_store_telemetry_queue_submissions", "Submissions waiting for the telemetry lane.");

/// Everything above, for `/metrics`.
pub static METRICS: &[&dyn Metric] = &[
    &APPENDED_ROWS,
    &APPENDED_BYTES,
    &GROUPS,
    &GROUPED_SUBMISSIONS,
    &REPEATED,
    &REFUSED,
    &FAILED_SYNCS,
    &REPLAYED_FRAMES,
    &AUDIT_SYNC,
    &TELEMETRY_SYNC,
    &AUDIT_QUEUE,
    &TELEMETRY_QUEUE,
];

pub fn sync_histogram(lane: Lane) -> &'static Histogram {
    match lane {
        Lane::Audit => &AUDIT_SYNC,
        Lane::Telemetry => &TELEMETRY_SYNC,
    }
}

pub fn queue_gauge(lane: Lane) -> &'static Gauge {
    match lane {
        Lane::Audit => &AUDIT_QUEUE,
        Lane::Telemetry => &TELEMETRY_QUEUE,
    }
}
