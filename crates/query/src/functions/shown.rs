//! Binary ids as the text that people see, so that casts, LIKE and comparisons with text columns work on them.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `expression` (binary) as its text: hyphenated UUID for 16 bytes marked so, hexadecimal otherwise.
pub fn shown(expression: Expr, form: Form) -> Expr {
    static UUIDS: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(IdText::new(Form::Uuid))));
    static HEX: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(IdText::new(Form::Hex))));
    match form {
        Form::Uuid => UUIDS.call(vec![expression]),
        Form::Hex => HEX.call(vec![expression]),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    Uuid,
    Hex,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IdText {
    form: Form,
    signature: Signature,
}

impl IdText {
    fn new(form: Form) -> IdText {
        IdText { form, signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for IdText {
    fn name(&self) -> &str {
        match self.form {
            Form::Uuid => "__uuid_text",
            Form::Hex => "__hex_text",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [bytes] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("the text of an id takes one argument".into()));
        };
        Ok(ColumnarValue::Array(texts(&bytes.to_array(args.number_rows)?, self.form)?))
    }
}

fn texts(bytes: &ArrayRef, form: Form) -> Result<ArrayRef> {
    let mut column = StringViewBuilder::with_capacity(bytes.len());
    let mut append = |value: Option<&[u8]>| match (value, form) {
        (None, _) => column.append_null(),
        (Some(value), Form::Uuid) => match uuid::Uuid::from_slice(value) {
            Ok(uuid) => column.append_value(uuid.as_hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer())),
            Err(_) => column.append_value(hex::encode(value)),
        },
        (Some(value), Form::Hex) => column.append_value(hex::encode(value)),
    };
    match bytes.data_type() {
        DataType::FixedSizeBinary(_) => bytes.as_fixed_size_binary().iter().for_each(&mut append),
        DataType::BinaryView => bytes.as_binary_view().iter().for_each(&mut append),
        DataType::Binary => bytes.as_binary::<i32>().iter().for_each(&mut append),
        DataType::Null => (0..bytes.len()).for_each(|_| append(None)),
        other => return Err(DataFusionError::Plan(format!("values of type {other} are no ids"))),
    }
    Ok(Arc::new(column.finish()))
}
