//! A captured event as it was sent, put together from the columns that it is stored in.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use whodunit_model::parts;

/// The function `(raw, contexts, request, breadcrumbs, exception)`.
pub fn event_function() -> Arc<ScalarUDF> {
    static FUNCTION: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(Event::new())));
    FUNCTION.clone()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Event {
    signature: Signature,
}

impl Event {
    fn new() -> Event {
        let columns = vec![DataType::Utf8View; 1 + parts::NAMES.len()];
        Event { signature: Signature::exact(columns, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Event {
    fn name(&self) -> &str {
        "__event"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let columns: Vec<&StringViewArray> = columns.iter().map(|column| column.as_string_view()).collect();
        let parts = [1, 2, 3, 4].map(|at| Some(columns[at]));
        Ok(ColumnarValue::Array(whole_events(columns[0], parts)))
    }
}

/// The column `raw` with the parts of its events, each from its column if there is one.
pub fn whole_events(raw: &StringViewArray, columns: [Option<&StringViewArray>; 4]) -> ArrayRef {
    let mut whole = StringViewBuilder::with_capacity(raw.len());
    for row in 0..raw.len() {
        let parts = columns.map(|column| column.filter(|column| column.is_valid(row)).map(|column| column.value(row)));
        whole.append_option(raw.is_valid(row).then(|| parts::whole(raw.value(row), parts)));
    }
    Arc::new(whole.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_whole_and_nulls_stay() {
        let raw = StringViewArray::from(vec![Some(r#"{"contexts":null,"level":"error"}"#), None, Some("{}")]);
        let contexts = StringViewArray::from(vec![Some("{\"a\":1}"), Some("{}"), None]);
        let whole = whole_events(&raw, [Some(&contexts), None, None, None]);
        let expected = [Some(r#"{"contexts":{"a":1},"level":"error"}"#), None, Some("{}")];
        assert_eq!(whole.as_string_view().iter().collect::<Vec<_>>(), expected);
    }
}
