//! Functions that clients of PostgreSQL call on columns of its catalog. Those whose answer does not depend on a row
//! are replaced by it before planning and are not here.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use crate::pg_catalog::relation_name;
use crate::pg_types::PgType;

/// The name of the function that stands for a cast to `regclass`.
pub const REGCLASS: &str = "__regclass";

/// The functions to register.
pub fn scalars() -> Vec<Arc<ScalarUDF>> {
    let function = |what: What, arguments: usize| {
        let signature = Signature::any(arguments, Volatility::Immutable);
        Arc::new(ScalarUDF::from(ByText { what, signature }))
    };
    vec![function(What::FormatType, 2), function(What::Regclass, 1), function(What::QuoteIdent, 1)]
}

/// A function of its first argument, which is read as text.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ByText {
    what: What,
    signature: Signature,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum What {
    FormatType,
    Regclass,
    QuoteIdent,
}

impl What {
    fn of(self, text: &str) -> Option<String> {
        match self {
            What::FormatType => format_type(text),
            What::Regclass => regclass(text),
            What::QuoteIdent => quote_ident(text),
        }
    }
}

impl ScalarUDFImpl for ByText {
    fn name(&self) -> &str {
        match self.what {
            What::FormatType => "format_type",
            What::Regclass => REGCLASS,
            What::QuoteIdent => "quote_ident",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(first) = arguments.args.first() else {
            return Err(DataFusionError::Execution(format!("{} takes an argument", self.name())));
        };
        let values: ArrayRef = cast(&first.to_array(arguments.number_rows)?, &DataType::Utf8View)?;
        let texts: StringViewArray =
            values.as_string_view().iter().map(|text| text.and_then(|text| self.what.of(text))).collect();
        match first {
            ColumnarValue::Scalar(_) if texts.len() == 1 => {
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&texts, 0)?))
            }
            _ => Ok(ColumnarValue::Array(Arc::new(texts))),
        }
    }
}

fn oid(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn format_type(text: &str) -> Option<String> {
    let known = oid(text).and_then(|oid| u32::try_from(oid).ok()).and_then(PgType::from_oid);
    Some(known.map_or("???", |kind| kind.title).to_owned())
}

fn regclass(text: &str) -> Option<String> {
    match oid(text) {
        Some(oid) => Some(relation_name(oid).map_or_else(|| text.to_owned(), str::to_owned)),
        None => Some(text.to_owned()),
    }
}

fn quote_ident(text: &str) -> Option<String> {
    let plain = text
        .bytes()
        .enumerate()
        .all(|(at, byte)| byte.is_ascii_lowercase() || byte == b'_' || (at > 0 && byte.is_ascii_digit()));
    Some(if plain && !text.is_empty() { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_tables_have_the_names_that_postgresql_gives_them() {
        assert_eq!(format_type("1184").as_deref(), Some("timestamp with time zone"));
        assert_eq!(format_type("1009").as_deref(), Some("text[]"));
        assert_eq!(format_type("99").as_deref(), Some("???"));
        assert_eq!(regclass("16384").as_deref(), Some("audit_logs"));
        assert_eq!(regclass("7").as_deref(), Some("7"));
        assert_eq!(quote_ident("body").as_deref(), Some("body"));
        assert_eq!(quote_ident("http.route").as_deref(), Some("\"http.route\""));
    }
}
