//! `match(text, 'words')`: whether every word of the second argument occurs in the first, whatever its case and order.
//!
//! Words are those of the token index, so the index can skip blocks and this function decides each row alike.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, AsArray, BooleanArray, StringViewArray};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use whodunit_store::segment::token;

/// The SQL name of the function.
pub const MATCH: &str = "match";

/// The function itself, shared.
pub fn match_words() -> Arc<ScalarUDF> {
    static FUNCTION: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::from(MatchWords::new())));
    FUNCTION.clone()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct MatchWords {
    signature: Signature,
}

impl MatchWords {
    fn new() -> MatchWords {
        let text = TypeSignature::Exact(vec![DataType::Utf8View, DataType::Utf8View]);
        MatchWords { signature: Signature::new(text, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for MatchWords {
    fn name(&self) -> &str {
        MATCH
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text, words] = args.args.as_slice() else {
            return Err(DataFusionError::Plan("match takes a text and the words to find".into()));
        };
        let text = text.to_array(args.number_rows)?;
        let text = text.as_string_view();
        let found = match words {
            ColumnarValue::Scalar(ScalarValue::Utf8View(Some(words)) | ScalarValue::Utf8(Some(words))) => {
                let wanted = Wanted::of(words);
                text.iter().map(|text| text.map(|text| wanted.all_in(text))).collect()
            }
            ColumnarValue::Scalar(_) => BooleanArray::new_null(text.len()),
            ColumnarValue::Array(words) => each_with_its_own(text, words.as_string_view()),
        };
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

fn each_with_its_own(text: &StringViewArray, words: &StringViewArray) -> BooleanArray {
    let both = text.iter().zip(words.iter());
    both.map(|(text, words)| Some(Wanted::of(words?).all_in(text?))).collect()
}

/// The words to find.
struct Wanted(Vec<u64>);

impl Wanted {
    fn of(words: &str) -> Wanted {
        let mut hashes = Vec::new();
        token::words(words, |word| hashes.push(word));
        hashes.sort_unstable();
        hashes.dedup();
        Wanted(hashes)
    }

    fn all_in(&self, text: &str) -> bool {
        let mut missing = self.0.clone();
        if missing.is_empty() {
            return true;
        }
        token::words(text, |word| missing.retain(|wanted| *wanted != word));
        missing.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_must_occur_in_any_case_and_order() {
        let wanted = Wanted::of("Payment FAILED");
        assert!(wanted.all_in("request failed: payment of 3 EUR"));
        assert!(!wanted.all_in("payment succeeded"));
        assert!(!wanted.all_in("prepayment failed"));
        assert!(Wanted::of("").all_in("anything"));
    }
}
