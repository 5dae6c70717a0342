//! An attribute that has no column of its own in a segment, taken out of the JSON object in `attributes_overflow`.
//!
//! The value equals what a column would have held: texts as they are, numbers and booleans in their type or, where
//! the table has the attribute as text, in their JSON form; nested values as JSON text.

use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int64Builder, StringViewArray, StringViewBuilder,
};
use arrow::compute::is_not_null;
use arrow::compute::kernels::zip::zip;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use whodunit_model::table::ATTRIBUTE_PREFIX;
use whodunit_store::segment::AttributeType;

/// The function `(own column or null, attributes_overflow, column name)` that answers in the given type.
pub fn attribute_function(kind: AttributeType) -> Arc<ScalarUDF> {
    static FUNCTIONS: LazyLock<[Arc<ScalarUDF>; 4]> = LazyLock::new(|| {
        [AttributeType::Boolean, AttributeType::Integer, AttributeType::Float, AttributeType::Text]
            .map(|kind| Arc::new(ScalarUDF::from(Attribute::new(kind))))
    });
    FUNCTIONS[kind as usize].clone()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Attribute {
    kind: AttributeType,
    signature: Signature,
}

impl Attribute {
    fn new(kind: AttributeType) -> Attribute {
        let text = TypeSignature::Exact(vec![kind.data_type(), DataType::Utf8View, DataType::Utf8View]);
        Attribute { kind, signature: Signature::new(text, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Attribute {
    fn name(&self) -> &str {
        match self.kind {
            AttributeType::Boolean => "__attribute_boolean",
            AttributeType::Integer => "__attribute_integer",
            AttributeType::Float => "__attribute_float",
            AttributeType::Text => "__attribute_text",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.kind.data_type())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [own, overflow, ColumnarValue::Scalar(ScalarValue::Utf8View(Some(column)))] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("an attribute is taken by a name that is known beforehand".into()));
        };
        let own = own.to_array(args.number_rows)?;
        let overflow = overflow.to_array(args.number_rows)?;
        Ok(ColumnarValue::Array(complete(&own, overflow.as_string_view(), column, self.kind)?))
    }
}

/// A column of attributes, completed with what lies in the overflow.
pub fn complete(own: &ArrayRef, overflow: &StringViewArray, column: &str, kind: AttributeType) -> Result<ArrayRef> {
    if own.null_count() == 0 || overflow.null_count() == overflow.len() {
        return Ok(own.clone());
    }
    let found = extract(overflow, column, kind);
    if own.null_count() == own.len() {
        return Ok(found);
    }
    Ok(zip(&is_not_null(own)?, own, &found)?)
}

/// The attribute of that column for every row, in the given type. The store writes members under the name of their
/// column, a client's batch under the key itself; the two differ for keys that would hide a fixed column.
fn extract(overflow: &StringViewArray, column: &str, kind: AttributeType) -> ArrayRef {
    let key = column.strip_prefix(ATTRIBUTE_PREFIX).unwrap_or(column);
    let in_text = |text: &str| member(text, column).or_else(|| (key != column).then(|| member(text, key)).flatten());
    let values = overflow.iter().map(|text| text.and_then(in_text));
    match kind {
        AttributeType::Boolean => {
            let mut column = BooleanBuilder::with_capacity(overflow.len());
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_bool())));
            Arc::new(column.finish())
        }
        AttributeType::Integer => {
            let mut column = Int64Builder::with_capacity(overflow.len());
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_i64())));
            Arc::new(column.finish())
        }
        AttributeType::Float => {
            let mut column = Float64Builder::with_capacity(overflow.len());
            values.for_each(|value| column.append_option(value.and_then(|value| value.as_f64())));
            Arc::new(column.finish())
        }
        AttributeType::Text => {
            let mut column = StringViewBuilder::with_capacity(overflow.len());
            values.for_each(|value| column.append_option(value.and_then(text_of)));
            Arc::new(column.finish())
        }
    }
}

pub(super) fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The member `key` of a JSON object; everything else is skipped without being built.
pub(super) fn member(object: &str, key: &str) -> Option<Value> {
    // Most rows lack most keys, and looking for the bytes is far cheaper than parsing.
    if !object.contains(key) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte)) {
        return None;
    }
    let mut reader = serde_json::Deserializer::from_str(object);
    Member { key }.deserialize(&mut reader).ok().flatten()
}

struct Member<'a> {
    key: &'a str,
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<Value>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == self.key {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_and_others_are_skipped() {
        let object = r#"{"a":{"b":1},"b":2.5,"c d":"x","e":null}"#;
        assert_eq!(member(object, "b"), Some(Value::from(2.5)));
        assert_eq!(member(object, "c d"), Some(Value::from("x")));
        assert_eq!(member(object, "f"), None);
        assert_eq!(member("not json b", "b"), None);
    }

    #[test]
    fn values_take_the_type_asked_for() {
        let overflow = StringViewArray::from(vec![Some(r#"{"n":5}"#), Some(r#"{"n":"five"}"#), Some("{}"), None]);
        let integers = extract(&overflow, "n", AttributeType::Integer);
        assert_eq!(
            integers.as_primitive::<arrow::datatypes::Int64Type>().iter().collect::<Vec<_>>(),
            [Some(5), None, None, None]
        );
        let texts = extract(&overflow, "n", AttributeType::Text);
        assert_eq!(texts.as_string_view().iter().collect::<Vec<_>>(), [Some("5"), Some("five"), None, None]);
    }
}
