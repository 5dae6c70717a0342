//! Which rows of `audit_logs` are shown, when one entry has several.
//!
//! A two-step entry is a row of state `intent` and, later, one of state `complete`; if no completion comes in time
//! the store adds one of state `expired`. Shown is the completion if there is one, else the expiry, else the intent.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility, col,
};
use whodunit_model::Project;
use whodunit_stdx::EntryId;
use whodunit_store::{EntryKey, Snapshot};

/// The rule for one snapshot.
#[derive(Clone, Debug)]
pub struct Shown {
    pending: Arc<HashSet<EntryKey>>,
    late: Arc<HashSet<EntryKey>>,
    signature: Signature,
}

impl Shown {
    pub fn of(snapshot: &Snapshot) -> Shown {
        let (pending, late) = (snapshot.pending_intents(), snapshot.late_completions());
        let types = TypeSignature::Exact(vec![DataType::Utf8View, DataType::Utf8View, DataType::FixedSizeBinary(16)]);
        Shown { pending, late, signature: Signature::new(types, Volatility::Immutable) }
    }

    /// As a predicate on the columns `state`, `project` and `id`.
    pub fn predicate(self) -> Expr {
        ScalarUDF::from(self).call(vec![col("state"), col("project"), col("id")])
    }

    /// Per row, whether it is shown; `None` if all are.
    pub fn mask(&self, state: &ArrayRef, project: &ArrayRef, id: &ArrayRef) -> Option<BooleanArray> {
        let (state, project, id) = (state.as_string_view(), project.as_string_view(), id.as_fixed_size_binary());
        let all_complete = state.iter().all(|state| state.is_none_or(|state| state == "complete"));
        if all_complete {
            return None;
        }
        // Rows of one project stand together, so a name is rarely read twice.
        let mut present: Option<Project> = None;
        let mut key = |row: usize| -> Option<EntryKey> {
            let name = project.value(row);
            if present.as_ref().is_none_or(|known| known.as_str() != name) {
                present = Project::parse(name).ok();
            }
            Some((present.clone()?, EntryId(id.value(row).try_into().ok()?)))
        };
        let shown = (0..state.len()).map(|row| match state.is_valid(row).then(|| state.value(row)) {
            Some("intent") => key(row).is_none_or(|key| self.pending.contains(&key)),
            Some("expired") => key(row).is_none_or(|key| !self.late.contains(&key)),
            _ => true,
        });
        Some(shown.map(Some).collect())
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Shown) -> bool {
        Arc::ptr_eq(&self.pending, &other.pending) && Arc::ptr_eq(&self.late, &other.late)
    }
}

impl Eq for Shown {}

impl Hash for Shown {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.pending).hash(state);
        Arc::as_ptr(&self.late).hash(state);
    }
}

impl ScalarUDFImpl for Shown {
    fn name(&self) -> &str {
        "__shown_entry"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [state, project, id] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("an entry is shown by its state, project and id".into()));
        };
        let rows = args.number_rows;
        let (state, project, id) = (state.to_array(rows)?, project.to_array(rows)?, id.to_array(rows)?);
        let mask = self.mask(&state, &project, &id).unwrap_or_else(|| BooleanArray::from(vec![true; args.number_rows]));
        Ok(ColumnarValue::Array(Arc::new(mask)))
    }
}
