//! Ways in: bytes become admitted batches, and batches are appended.
//!
//! One file or folder per protocol, each a pure function from bytes to entries or batches plus rejections; the
//! [`Gateway`] around them bounds memory and CPU, appends, counts and answers. One bad entry never takes its
//! neighbours along. This crate must not know who may send (that is decided above) nor how rows are kept.
//!
//! Modules, top to bottom: each imports only those below it.

pub mod gateway;
pub mod audit;
pub mod lines;
pub mod syslog;
pub mod sentry;
pub mod elastic;
pub mod otlp;
pub mod loki;
pub mod logs;
pub mod redactors;
pub mod groupings;
pub mod intake;
pub mod repeats;
pub mod metrics;
pub mod protocol;
pub mod body;
pub mod level;
pub mod time;
pub mod json;
pub mod protobuf;
pub mod split;
pub mod error;

pub use error::Error;
pub use gateway::{Gateway, GatewaySettings, Request, Taken};
pub use metrics::METRICS;
pub use protocol::Protocol;
pub use redactors::Redactors;
