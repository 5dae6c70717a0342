//! Failures as PostgreSQL's clients know them: by SQLSTATE.

use whodunit_stdx::ErrorKind;

use crate::failure::Failure;

/// Whether the connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    /// The connection ends.
    Fatal,
}

/// What the client hears.
#[derive(Clone, Debug)]
pub struct PgFailure {
    pub severity: Severity,
    /// Five characters.
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    pub detail: Option<String>,
}

pub const ACTIVE_TRANSACTION_FAILED: &str = "25P02";
pub const CANCELED: &str = "57014";
pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
pub const IDLE_IN_TRANSACTION: &str = "25P03";
pub const IDLE_SESSION: &str = "57P05";
pub const INVALID_AUTHORIZATION: &str = "28000";
pub const INVALID_CATALOG: &str = "3D000";
pub const INVALID_CURSOR: &str = "34000";
pub const INVALID_PARAMETER_VALUE: &str = "22023";
pub const INVALID_PASSWORD: &str = "28P01";
pub const INVALID_STATEMENT: &str = "26000";
pub const LIMIT_EXCEEDED: &str = "54000";
pub const OUT_OF_MEMORY: &str = "53200";
pub const PROTOCOL_VIOLATION: &str = "08P01";
pub const READ_ONLY: &str = "25006";
pub const SHUTDOWN: &str = "57P01";
pub const TOO_MANY_CONNECTIONS: &str = "53300";
pub const UNDEFINED_OBJECT: &str = "42704";

impl PgFailure {
    pub fn error(code: &'static str, message: impl Into<String>) -> PgFailure {
        PgFailure { severity: Severity::Error, code, message: message.into(), hint: None, detail: None }
    }

    pub fn fatal(code: &'static str, message: impl Into<String>) -> PgFailure {
        PgFailure { severity: Severity::Fatal, ..PgFailure::error(code, message) }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> PgFailure {
        self.hint = Some(hint.into());
        self
    }

    /// The name of the limit that was reached.
    pub fn limit(mut self, limit: &str) -> PgFailure {
        self.detail = Some(format!("limit: {limit}"));
        self
    }

    /// What the trail says of it: the words that it has for failures over HTTP.
    pub fn kind(&self) -> &'static str {
        match self.code {
            CANCELED => "cancelled",
            "42501" => ErrorKind::Forbidden.name(),
            "XX000" | "XX001" => ErrorKind::Internal.name(),
            _ => ErrorKind::Invalid.name(),
        }
    }
}

impl From<Failure> for PgFailure {
    fn from(failure: Failure) -> PgFailure {
        let detail = failure.detail();
        let limit = detail.limit.as_deref();
        let code = match failure.kind {
            ErrorKind::Invalid => invalid(&detail.message),
            ErrorKind::Unauthenticated => INVALID_PASSWORD,
            ErrorKind::Forbidden => "42501",
            ErrorKind::NotFound => UNDEFINED_OBJECT,
            ErrorKind::Conflict => "55000",
            ErrorKind::TooLarge => LIMIT_EXCEEDED,
            ErrorKind::Unsupported => FEATURE_NOT_SUPPORTED,
            ErrorKind::Exhausted if limit.is_some_and(|limit| limit.contains("memory")) => OUT_OF_MEMORY,
            ErrorKind::Exhausted => "53000",
            ErrorKind::Timeout => CANCELED,
            ErrorKind::Unavailable => "57P03",
            ErrorKind::Corrupt => "XX001",
            ErrorKind::Internal => "XX000",
        };
        let hint = match failure.kind {
            // The hint for requests over HTTP names what only they have.
            ErrorKind::Timeout => Some("narrow the range of time or SET statement_timeout".to_owned()),
            _ => detail.hint.clone(),
        };
        let named = PgFailure { hint, ..PgFailure::error(code, detail.message.clone()) };
        match limit {
            Some(limit) => named.limit(limit),
            None => named,
        }
    }
}

/// What is wrong with a question; clients tell by the code.
fn invalid(message: &str) -> &'static str {
    let begins = |start: &str| message.starts_with(start);
    if begins("the SQL does not parse") || begins("there is no SQL") {
        "42601"
    } else if begins("no column is called") {
        "42703"
    } else if begins("no table is called") {
        "42P01"
    } else if message.contains("division by zero") || message.contains("Divide by zero") {
        "22012"
    } else if begins("parameter $") {
        "22P02"
    } else if message.contains("Invalid function") {
        "42883"
    } else {
        "42000"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_have_the_codes_that_clients_act_on() {
        let of = |kind, message: &str| PgFailure::from(Failure::new(kind, message)).code;
        assert_eq!(of(ErrorKind::Invalid, "no table is called \"x\""), "42P01");
        assert_eq!(of(ErrorKind::Invalid, "something else"), "42000");
        assert_eq!(of(ErrorKind::Timeout, "too slow"), CANCELED);
        let memory = PgFailure::from(Failure::new(ErrorKind::Exhausted, "full").limit("query_memory"));
        assert_eq!((memory.code, memory.detail.as_deref()), (OUT_OF_MEMORY, Some("limit: query_memory")));
    }
}
