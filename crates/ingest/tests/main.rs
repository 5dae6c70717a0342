//! The ways in, tested from bytes to columns; one binary, since linking is slow.

mod audit_cases;
mod elastic;
mod gateway;
mod log_cases;
mod loki;
mod mutations;
mod otlp;
mod redaction;
mod reference;
mod sentry;
mod sentry_gateway;
mod shown;
mod syslog;
