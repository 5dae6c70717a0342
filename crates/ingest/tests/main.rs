//! The ways in, tested from bytes to columns; one binary, since linking is slow.

mod audit_cases;
mod gateway;
mod log_cases;
mod mutations;
mod reference;
mod shown;
