//! Why the control plane did not do what was asked.

use std::time::Duration;

use whodunit_stdx::ErrorKind;

/// One failed intent. `kind` decides what the caller does; the rest helps the person who reads it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    /// The field of the request at fault.
    pub field: Option<&'static str>,
    /// The name of the limit that was reached.
    pub limit: Option<&'static str>,
    /// When trying again makes sense.
    pub retry_after: Option<Duration>,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), field: None, limit: None, retry_after: None, source: None }
    }

    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Error {
        Error { field: Some(field), ..Error::new(ErrorKind::Invalid, message) }
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Forbidden, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Conflict, message)
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Error {
        Error::new(ErrorKind::NotFound, format!("no {what} {id:?}"))
    }

    pub(crate) fn exhausted(limit: &'static str, retry_after: Duration, message: impl Into<String>) -> Error {
        let retry_after = Some(retry_after);
        Error { limit: Some(limit), retry_after, ..Error::new(ErrorKind::Exhausted, message) }
    }

    pub(crate) fn caused_by(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error { source: Some(source.into()), ..Error::new(kind, message) }
    }
}
