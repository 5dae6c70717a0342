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
struct Wanted {
    hashes: Vec<u64>,
    /// A stretch of letters that every text with the words must have, to look for before words are taken apart.
    rare: Option<Stretch>,
}

impl Wanted {
    fn of(words: &str) -> Wanted {
        let mut hashes = Vec::new();
        token::words(words, |word| hashes.push(word));
        hashes.sort_unstable();
        hashes.dedup();
        Wanted { hashes, rare: Stretch::of(words) }
    }

    fn all_in(&self, text: &str) -> bool {
        if self.hashes.is_empty() {
            return true;
        }
        // Beyond ASCII, letters of other bytes may become the same lower case.
        if self.rare.as_ref().is_some_and(|rare| text.is_ascii() && !rare.is_in(text.as_bytes())) {
            return false;
        }
        if let [wanted] = self.hashes.as_slice() {
            let mut found = false;
            token::words(text, |word| found |= word == *wanted);
            return found;
        }
        let mut missing = self.hashes.clone();
        token::words(text, |word| missing.retain(|wanted| *wanted != word));
        missing.is_empty()
    }
}

/// Letters and digits in a row, found in any case by their rarest letter.
struct Stretch {
    lower: Vec<u8>,
    rarest: usize,
}

impl Stretch {
    /// The longest stretch of the words, if it is ASCII and indexed.
    fn of(words: &str) -> Option<Stretch> {
        let parts = words.split(|character: char| !character.is_alphanumeric());
        let longest = parts
            .filter(|part| part.is_ascii() && part.len() <= token::WORD_BYTES_MAX)
            .max_by_key(|part| part.len())?;
        let lower = longest.to_ascii_lowercase().into_bytes();
        let rarest = (0..lower.len()).min_by_key(|index| commonness(lower[*index]))?;
        Some(Stretch { lower, rarest })
    }

    fn is_in(&self, text: &[u8]) -> bool {
        let letter = self.lower[self.rarest];
        memchr::memchr2_iter(letter, letter.to_ascii_uppercase(), text).any(|at| {
            let start = at.checked_sub(self.rarest);
            let found = start.and_then(|start| text.get(start..start + self.lower.len()));
            found.is_some_and(|found| found.eq_ignore_ascii_case(&self.lower))
        })
    }
}

/// How common a byte is in logs, most common first; what is not listed is rare.
fn commonness(byte: u8) -> usize {
    const COMMON: &[u8] = b"e0tarion1s2dlcu3m5p4hg67f98bykvwxjzq";
    COMMON.iter().position(|common| *common == byte).map_or(0, |position| COMMON.len() - position)
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
        assert!(Wanted::of("eve@example.com").all_in("from EVE@example.com."));
        assert!(!Wanted::of("eve@example.com").all_in("eve at example.com"));
        assert!(Wanted::of("spät").all_in("zu SPÄT"));
        // The Kelvin sign becomes a k.
        assert!(Wanted::of("k").all_in("5 \u{212a}"));
    }
}
