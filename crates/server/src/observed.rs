//! What the server counts about its requests. Labels are operation ids and status codes: both bounded.

use std::time::Duration;

use axum::http::StatusCode;
use whodunit_stdx::metrics::{Counter, CounterVec, Gauge, Histogram, Metric};

use crate::gate::{REQUESTS_TURNED_AWAY, RateClass, TELEMETRY_WAITING};

static REQUESTS: CounterVec =
    CounterVec::new("whodunit_http_requests_total", "Answered requests.", &["operation", "status"]);
static AUDIT: Histogram =
    Histogram::new("whodunit_http_audit_duration_seconds", "Time from head to answer of audit appends.");
static TELEMETRY: Histogram =
    Histogram::new("whodunit_http_telemetry_duration_seconds", "Time from head to answer of telemetry appends.");
static QUERY: Histogram =
    Histogram::new("whodunit_http_query_duration_seconds", "Time from head to first byte of queries.");
static OTHER: Histogram =
    Histogram::new("whodunit_http_other_duration_seconds", "Time from head to answer of all other requests.");
pub static REFUSALS_UNRECORDED: Counter = Counter::new(
    "whodunit_http_refusals_unrecorded_total",
    "Refused requests (401, 403) past the rate at which they enter the trail.",
);

pub static CONNECTIONS: Gauge = Gauge::new("whodunit_http_connections", "Open connections to the HTTP port.");

pub static SYSLOG_DROPPED: Counter = Counter::new(
    "whodunit_syslog_messages_dropped_total",
    "Syslog messages that found the queue full or could not be stored.",
);

/// All metrics of this crate.
pub static METRICS: &[&dyn Metric] = &[
    &REQUESTS,
    &AUDIT,
    &TELEMETRY,
    &QUERY,
    &OTHER,
    &REFUSALS_UNRECORDED,
    &CONNECTIONS,
    &SYSLOG_DROPPED,
    &TELEMETRY_WAITING,
    &REQUESTS_TURNED_AWAY,
];

/// Counts as an open connection as long as it lives.
pub struct Connected(());

impl Connected {
    pub fn begin() -> Connected {
        CONNECTIONS.add(1);
        Connected(())
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        CONNECTIONS.add(-1);
    }
}

/// Counts one answered request.
pub fn request(operation: &'static str, class: RateClass, status: StatusCode, took: Duration) {
    REQUESTS.add(&[operation, status.as_str()], 1);
    match class {
        RateClass::Audit => AUDIT.observe(took),
        RateClass::Telemetry => TELEMETRY.observe(took),
        RateClass::Query => QUERY.observe(took),
        RateClass::Light | RateClass::Stream | RateClass::Account => OTHER.observe(took),
    }
}
