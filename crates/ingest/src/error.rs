//! Why a whole request was not taken. Single bad entries are rejections inside an answer, not errors.

use std::time::Duration;

use whodunit_stdx::ErrorKind;

/// A request that failed as a whole.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    /// The field, header or parameter at fault.
    pub field: Option<String>,
    /// The name of the limit that was reached.
    pub limit: Option<&'static str>,
    /// How long to wait before sending again, where that is known.
    pub retry_after: Option<Duration>,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), field: None, limit: None, retry_after: None, source: None }
    }

    pub fn field(mut self, field: impl Into<String>) -> Error {
        self.field = Some(field.into());
        self
    }

    pub fn retry_after(mut self, wait: Duration) -> Error {
        self.retry_after = Some(wait);
        self
    }

    pub fn limit(mut self, name: &'static str) -> Error {
        self.limit = Some(name);
        self
    }
}
