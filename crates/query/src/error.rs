//! Why a question got no answer: a kind, one sentence, and where it helps a hint, the field and the limit at fault.
//!
//! DataFusion's errors are turned into ours here and nowhere else; what they say of plans and internals stays inside.

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use whodunit_api::error::{ErrorBody, ErrorDetail};
use whodunit_stdx::ErrorKind;

/// The failure of a question.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The column or parameter at fault.
    pub field: Option<String>,
    /// The name of the limit that was reached.
    pub limit: Option<&'static str>,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Bytes that one query may hold while it runs.
pub const LIMIT_MEMORY: &str = "query_memory";
/// How long one query may take.
pub const LIMIT_TIME: &str = "query_time";
/// How many rows one answer may have.
pub const LIMIT_ROWS: &str = "query_rows";

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), hint: None, field: None, limit: None, source: None }
    }

    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Invalid, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Forbidden, message)
    }

    pub fn internal(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Internal, message)
    }

    pub fn with_hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }

    pub fn with_field(mut self, field: impl Into<String>) -> Error {
        self.field = Some(field.into());
        self
    }

    pub fn with_limit(mut self, limit: &'static str) -> Error {
        self.limit = Some(limit);
        self
    }

    /// The body that goes over HTTP.
    pub fn body(&self) -> ErrorBody {
        ErrorBody {
            error: ErrorDetail {
                kind: self.kind.name().to_owned(),
                message: self.message.clone(),
                hint: self.hint.clone(),
                field: self.field.clone(),
                limit: self.limit.map(str::to_owned),
            },
        }
    }

    /// Wraps the error so that it survives the way through DataFusion's plans and streams.
    pub(crate) fn into_datafusion(self) -> DataFusionError {
        DataFusionError::External(Box::new(self))
    }
}

impl From<whodunit_store::Error> for Error {
    fn from(error: whodunit_store::Error) -> Error {
        Error { source: error.source, ..Error::new(error.kind, error.message) }
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Error {
        match error {
            DataFusionError::External(inner) => match inner.downcast::<Error>() {
                Ok(ours) => *ours,
                Err(other) => failed(other.to_string(), other),
            },
            DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => Error::from(*inner),
            DataFusionError::Shared(inner) => from_shared(&inner),
            DataFusionError::Collection(mut all) => match all.pop() {
                Some(first) => Error::from(first),
                None => Error::internal("an empty list of errors"),
            },
            DataFusionError::ResourcesExhausted(message) => exhausted(&message),
            DataFusionError::SQL(error, _) => {
                Error::invalid(format!("the SQL does not parse: {}", parse_message(&error)))
            }
            DataFusionError::Plan(message) | DataFusionError::NotImplemented(message) => from_plan(&message),
            DataFusionError::SchemaError(error, _) => from_schema(*error),
            DataFusionError::Execution(message) => Error::invalid(plain(&message)),
            DataFusionError::ArrowError(error, _) => from_arrow(*error),
            DataFusionError::ParquetError(error) => from_parquet(*error),
            other => {
                let message = plain(&other.strip_backtrace());
                failed(message, Box::new(other))
            }
        }
    }
}

/// Errors of arithmetic and casts are the question's; the rest are ours.
fn from_arrow(error: arrow::error::ArrowError) -> Error {
    use arrow::error::ArrowError;
    match error {
        ArrowError::ExternalError(inner) => match inner.downcast::<Error>() {
            Ok(ours) => *ours,
            Err(other) => match other.downcast::<DataFusionError>() {
                Ok(nested) => Error::from(*nested),
                Err(other) => failed(other.to_string(), other),
            },
        },
        ArrowError::CastError(_)
        | ArrowError::ParseError(_)
        | ArrowError::ComputeError(_)
        | ArrowError::DivideByZero
        | ArrowError::ArithmeticOverflow(_)
        | ArrowError::InvalidArgumentError(_) => Error::invalid(condition_message(&error.to_string())),
        other => failed(other.to_string(), Box::new(other)),
    }
}

/// The reader of segments hands our own errors through, and those of conditions that it evaluates.
fn from_parquet(error: parquet::errors::ParquetError) -> Error {
    use parquet::errors::ParquetError;
    match error {
        ParquetError::External(inner) => match inner.downcast::<Error>() {
            Ok(ours) => *ours,
            Err(other) => match other.downcast::<arrow::error::ArrowError>() {
                Ok(condition) => from_arrow(*condition),
                Err(other) => failed(other.to_string(), other),
            },
        },
        ParquetError::ArrowError(message) => Error::invalid(condition_message(&message)),
        other => {
            Error { source: Some(Box::new(other)), ..Error::new(ErrorKind::Corrupt, "a segment cannot be decoded") }
        }
    }
}

/// What went wrong while a condition was evaluated, of which only a debug text is left.
fn condition_message(message: &str) -> String {
    if message.contains("DivideByZero") {
        return "division by zero".to_owned();
    }
    plain(message)
}

fn from_shared(error: &DataFusionError) -> Error {
    match error {
        DataFusionError::External(inner) => match inner.downcast_ref::<Error>() {
            Some(ours) => Error {
                kind: ours.kind,
                message: ours.message.clone(),
                hint: ours.hint.clone(),
                field: ours.field.clone(),
                limit: ours.limit,
                source: None,
            },
            None => Error::internal(inner.to_string()),
        },
        DataFusionError::Context(_, inner) => from_shared(inner),
        DataFusionError::Shared(inner) => from_shared(inner),
        DataFusionError::ResourcesExhausted(message) => exhausted(message),
        DataFusionError::Plan(message) | DataFusionError::Execution(message) => Error::invalid(plain(message)),
        other => Error::internal(plain(&other.strip_backtrace())),
    }
}

fn from_schema(error: SchemaError) -> Error {
    match error {
        SchemaError::FieldNotFound { field, .. } => {
            Error::invalid(format!("no column is called {:?}", field.name)).with_field(field.name.clone())
        }
        SchemaError::AmbiguousReference { field } => {
            Error::invalid(format!("column {:?} is in more than one table; write table.{}", field.name, field.name))
                .with_field(field.name.clone())
        }
        other => Error::invalid(plain(&other.to_string())),
    }
}

/// Functions of texts do not take ids; a cast makes them texts.
fn from_plan(message: &str) -> Error {
    let error = Error::invalid(plain(message));
    if message.contains("FixedSizeBinary") && message.contains("coerce") {
        return error.with_hint("ids are bytes: write id::text for their text");
    }
    error
}

fn exhausted(message: &str) -> Error {
    tracing::debug!(message, "query ran out of memory");
    Error::new(ErrorKind::Exhausted, "the query needs more memory than it may have")
        .with_hint("narrow the range of time, ask for fewer columns or group by fewer values")
        .with_limit(LIMIT_MEMORY)
}

fn failed(message: String, source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let message = format!("the query failed: {}", plain(&message));
    Error { source: Some(source), ..Error::new(ErrorKind::Internal, message) }
}

fn parse_message(error: &datafusion::sql::sqlparser::parser::ParserError) -> String {
    use datafusion::sql::sqlparser::parser::ParserError;
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => plain(message),
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    }
}

/// The first line, without DataFusion's prefixes and apologies.
fn plain(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("unknown failure");
    let line = line.strip_prefix("Error during planning: ").unwrap_or(line);
    let line = line.strip_prefix("Execution error: ").unwrap_or(line);
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_errors_survive_the_way_through_datafusion() {
        let ours = Error::forbidden("no").with_field("audit_logs");
        let back = Error::from(DataFusionError::Context("scan".into(), Box::new(ours.into_datafusion())));
        assert_eq!((back.kind, back.field.as_deref()), (ErrorKind::Forbidden, Some("audit_logs")));
    }

    #[test]
    fn memory_is_a_named_limit() {
        let error = Error::from(DataFusionError::ResourcesExhausted("x".into()));
        assert_eq!((error.kind, error.limit), (ErrorKind::Exhausted, Some(LIMIT_MEMORY)));
    }
}
