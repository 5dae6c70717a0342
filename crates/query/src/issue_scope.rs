//! Which events count for which issue, and which do not count at all: what people merged, deleted and chose.
//!
//! An event is stored with the issue that its fingerprint makes, and stays so. What people make of issues is laid over
//! that when it is read, so merging a million events is one row elsewhere, and so is taking it back.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryBuilder, RecordBatch};
use arrow::datatypes::{DataType, TimestampNanosecondType};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use whodunit_issues::fingerprint::IssueId;
use whodunit_stdx::Timestamp;

use crate::filter::column;

/// So many issues are looked for one by one, which passes over blocks of rows; more are decided row by row.
const LISTED_MAX: usize = 1_000;

/// What is laid over the issues of stored events. Everything counts for itself by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueScope {
    /// Issues whose events count for another one.
    pub merged: HashMap<IssueId, IssueId>,
    /// Issues whose events received until then are hidden.
    pub hidden: HashMap<IssueId, Timestamp>,
    /// Only events of these, as they are stored.
    pub only: Option<HashSet<IssueId>>,
    /// No events of these, as they are stored.
    pub except: HashSet<IssueId>,
}

impl IssueScope {
    /// The issue that events of `id` count for.
    pub fn counts_for(&self, id: IssueId) -> IssueId {
        self.merged.get(&id).copied().unwrap_or(id)
    }

    /// The issue itself, and those whose events count for it.
    pub fn with_merged(&self, id: IssueId) -> Vec<IssueId> {
        let merged = self.merged.iter().filter(|(_, into)| **into == id).map(|(one, _)| *one);
        std::iter::once(id).chain(merged).collect()
    }

    /// Conditions that events which count fulfil.
    pub(crate) fn conditions(self: &Arc<IssueScope>) -> Vec<Expr> {
        let mut all = Vec::new();
        let listed = self.only.as_ref().filter(|only| only.len() <= LISTED_MAX);
        if let Some(only) = listed {
            all.push(column("issue_id").in_list(only.iter().map(literal).collect(), false));
        }
        if (self.only.is_some() && listed.is_none()) || !self.except.is_empty() || !self.hidden.is_empty() {
            all.push(self.stands());
        }
        all
    }

    /// Whether an event counts, as an expression over its `issue_id` and `received_at`.
    pub(crate) fn stands(self: &Arc<IssueScope>) -> Expr {
        let function = Arc::new(ScalarUDF::from(OfScope::new(self, Answer::Stands)));
        function.call(vec![column("issue_id"), column("received_at")])
    }

    /// The issue that an event counts for, as an expression over its `issue_id`.
    pub(crate) fn counted_issue(self: &Arc<IssueScope>) -> Expr {
        if self.merged.is_empty() {
            return column("issue_id");
        }
        Arc::new(ScalarUDF::from(OfScope::new(self, Answer::CountsFor))).call(vec![column("issue_id")])
    }

    fn admits(&self, id: IssueId, received_at: i64) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&id))
            && !self.except.contains(&id)
            && self.hidden.get(&id).is_none_or(|until| received_at > until.nanos())
    }
}

/// A text of a batch; none where there is none, or the column has no texts.
pub(crate) fn text(batch: &RecordBatch, index: usize, row: usize) -> Option<String> {
    let texts = batch.column(index).as_string_view_opt()?;
    texts.is_valid(row).then(|| texts.value(row).to_owned())
}

/// The id as a value beside a column of ids.
pub(crate) fn literal(id: &IssueId) -> Expr {
    lit(ScalarValue::FixedSizeBinary(16, Some(id.0.to_vec())))
}

/// What is asked of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Answer {
    CountsFor,
    Stands,
}

#[derive(Debug)]
struct OfScope {
    scope: Arc<IssueScope>,
    answer: Answer,
    signature: Signature,
}

impl OfScope {
    fn new(scope: &Arc<IssueScope>, answer: Answer) -> OfScope {
        let arguments = if answer == Answer::Stands { 2 } else { 1 };
        OfScope { scope: scope.clone(), answer, signature: Signature::any(arguments, Volatility::Immutable) }
    }
}

impl PartialEq for OfScope {
    fn eq(&self, other: &OfScope) -> bool {
        self.answer == other.answer && Arc::ptr_eq(&self.scope, &other.scope)
    }
}

impl Eq for OfScope {}

impl Hash for OfScope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.answer.hash(state);
        Arc::as_ptr(&self.scope).hash(state);
    }
}

impl ScalarUDFImpl for OfScope {
    fn name(&self) -> &str {
        match self.answer {
            Answer::CountsFor => "__issue_counts_for",
            Answer::Stands => "__issue_stands",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(match self.answer {
            Answer::CountsFor => DataType::FixedSizeBinary(16),
            Answer::Stands => DataType::Boolean,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let of = |value: &ColumnarValue| value.to_array(args.number_rows);
        let found = match args.args.as_slice() {
            [issue] => self.counts_for(&of(issue)?)?,
            [issue, received_at] => self.stands(&of(issue)?, &of(received_at)?)?,
            _ => return Err(DataFusionError::Internal("an issue is asked about by its id".into())),
        };
        Ok(ColumnarValue::Array(found))
    }
}

impl OfScope {
    fn counts_for(&self, ids: &ArrayRef) -> Result<ArrayRef> {
        let mut found = FixedSizeBinaryBuilder::with_capacity(ids.len(), 16);
        for id in ids_of(ids)? {
            match id {
                Some(id) => found.append_value(self.scope.counts_for(id).0)?,
                None => found.append_null(),
            }
        }
        Ok(Arc::new(found.finish()))
    }

    fn stands(&self, ids: &ArrayRef, received_at: &ArrayRef) -> Result<ArrayRef> {
        let times = received_at.as_primitive_opt::<TimestampNanosecondType>();
        let times = times.ok_or_else(|| DataFusionError::Internal("received_at is a time".into()))?;
        let stands = ids_of(ids)?
            .zip(times.iter())
            .map(|(id, time)| Some(id.is_none_or(|id| self.scope.admits(id, time.unwrap_or(i64::MAX)))));
        Ok(Arc::new(stands.collect::<BooleanArray>()))
    }
}

fn ids_of(ids: &ArrayRef) -> Result<impl Iterator<Item = Option<IssueId>> + '_> {
    let ids = ids.as_fixed_size_binary_opt().filter(|ids| ids.value_length() == 16);
    let ids = ids.ok_or_else(|| DataFusionError::Internal("the id of an issue has 16 bytes".into()))?;
    Ok(ids.iter().map(|id| id.and_then(|id| id.try_into().ok()).map(IssueId)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_counts_again_from_the_next_event_on() {
        let (one, other) = (IssueId([1; 16]), IssueId([2; 16]));
        let scope = IssueScope {
            merged: HashMap::from([(other, one)]),
            hidden: HashMap::from([(one, Timestamp(10))]),
            ..IssueScope::default()
        };
        assert!(!scope.admits(one, 10) && scope.admits(one, 11));
        assert!(scope.admits(other, 10), "what is merged has a deletion of its own");
        assert_eq!((scope.counts_for(other), scope.counts_for(one)), (one, one));
        assert_eq!(scope.with_merged(one), [one, other]);
        let narrowed = IssueScope { only: Some(HashSet::from([other])), ..scope };
        assert!(!narrowed.admits(one, 11) && narrowed.admits(other, 1));
    }
}
