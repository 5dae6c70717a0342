//! A tag of an error, taken out of the JSON object in `tags`.

use std::sync::{Arc, LazyLock};

use arrow::array::{AsArray, StringViewArray};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility, lit,
};

use super::attribute::{member, text_of};

/// The value of the tag with that name in a column of JSON objects; null where there is none.
pub fn tag(tags: Expr, name: &str) -> Expr {
    static FUNCTION: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        let texts = TypeSignature::Exact(vec![DataType::Utf8View, DataType::Utf8View]);
        Arc::new(ScalarUDF::from(Tag { signature: Signature::new(texts, Volatility::Immutable) }))
    });
    FUNCTION.call(vec![tags, lit(ScalarValue::Utf8View(Some(name.to_owned())))])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Tag {
    signature: Signature,
}

impl ScalarUDFImpl for Tag {
    fn name(&self) -> &str {
        "__tag"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [tags, ColumnarValue::Scalar(ScalarValue::Utf8View(Some(name)))] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("a tag is taken by a name that is known beforehand".into()));
        };
        let tags = tags.to_array(args.number_rows)?;
        Ok(ColumnarValue::Array(Arc::new(values(tags.as_string_view(), name))))
    }
}

fn values(tags: &StringViewArray, name: &str) -> StringViewArray {
    tags.iter().map(|object| object.and_then(|object| member(object, name)).and_then(text_of)).collect()
}

#[cfg(test)]
mod tests {
    use arrow::array::Array;

    use super::*;

    #[test]
    fn a_tag_is_what_stands_under_its_very_name() {
        let tags = [
            Some(r#"{"region":"eu","regional":"x"}"#),
            Some(r#"{"other":"region"}"#),
            Some(r#"{"region":""}"#),
            Some(r#"{"region":"שלום \"x\""}"#),
            None,
            Some("no JSON, region"),
        ];
        let found = values(&StringViewArray::from_iter(tags), "region");
        let found: Vec<_> = found.iter().collect();
        assert_eq!(found, [Some("eu"), None, Some(""), Some("שלום \"x\""), None, None]);
        let quoted = values(&StringViewArray::from_iter([Some(r#"{"a \"b\"":"c"}"#)]), "a \"b\"");
        assert_eq!((quoted.value(0), quoted.null_count()), ("c", 0));
    }
}
