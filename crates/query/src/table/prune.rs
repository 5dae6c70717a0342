//! What can be told from the filters of a scan without reading anything: times, projects, ids.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use whodunit_model::Project;
use whodunit_stdx::Timestamp;
use whodunit_store::segment::SegmentMeta;

/// Times that rows may have, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    pub from: i64,
    pub to: i64,
}

impl TimeRange {
    pub const ALL: TimeRange = TimeRange { from: i64::MIN, to: i64::MAX };

    pub fn is_empty(self) -> bool {
        self.from > self.to
    }

    /// Keeps what is in both.
    pub fn and(self, other: TimeRange) -> TimeRange {
        TimeRange { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    pub fn contains(self, time: i64) -> bool {
        self.from <= time && time <= self.to
    }

    pub fn overlaps(self, min: Timestamp, max: Timestamp) -> bool {
        !self.is_empty() && min.nanos() <= self.to && self.from <= max.nanos()
    }

    /// The range that a filter on `time` allows, if it is nothing but that: then every row inside passes.
    pub fn of(filter: &Expr) -> Option<TimeRange> {
        match filter {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Some(TimeRange::of(left)?.and(TimeRange::of(right)?))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                if let (true, Some(value)) = (is_time(left), nanos(right)) {
                    compared(*op, value)
                } else if let (true, Some(value)) = (is_time(right), nanos(left)) {
                    compared(op.swap()?, value)
                } else {
                    None
                }
            }
            Expr::Between(between) if !between.negated && is_time(&between.expr) => {
                Some(TimeRange { from: nanos(&between.low)?, to: nanos(&between.high)? })
            }
            _ => None,
        }
    }
}

fn is_time(expression: &Expr) -> bool {
    matches!(expression, Expr::Column(column) if column.name == "time")
}

fn nanos(expression: &Expr) -> Option<i64> {
    let Expr::Literal(value, _) = expression else { return None };
    if !matches!(value.data_type(), DataType::Timestamp(..)) {
        return None;
    }
    let zone = match value.data_type() {
        DataType::Timestamp(_, zone) => zone,
        _ => None,
    };
    match value.cast_to(&DataType::Timestamp(TimeUnit::Nanosecond, zone)).ok()? {
        ScalarValue::TimestampNanosecond(nanos, _) => nanos,
        _ => None,
    }
}

fn compared(op: Operator, value: i64) -> Option<TimeRange> {
    let nothing = TimeRange { from: 1, to: 0 };
    Some(match op {
        Operator::Eq => TimeRange { from: value, to: value },
        Operator::Gt => value.checked_add(1).map_or(nothing, |from| TimeRange { from, to: i64::MAX }),
        Operator::GtEq => TimeRange { from: value, to: i64::MAX },
        Operator::Lt => value.checked_sub(1).map_or(nothing, |to| TimeRange { from: i64::MIN, to }),
        Operator::LtEq => TimeRange { from: i64::MIN, to: value },
        _ => return None,
    })
}

/// What a scan need not look at.
#[derive(Clone, Debug)]
pub struct Prune {
    pub range: TimeRange,
    projects: Option<BTreeSet<String>>,
    ids: Option<Vec<Vec<u8>>>,
    /// Numbers that rows may have, both ends included.
    numbers: (i64, i64),
}

/// Every number.
const ANY_NUMBER: (i64, i64) = (i64::MIN, i64::MAX);

impl Prune {
    /// Only times count.
    pub fn within(range: TimeRange) -> Prune {
        Prune { range, projects: None, ids: None, numbers: ANY_NUMBER }
    }

    pub fn of(filters: &[Expr]) -> Prune {
        let mut prune = Prune::within(TimeRange::ALL);
        for filter in filters {
            prune.add(filter);
        }
        prune
    }

    fn add(&mut self, filter: &Expr) {
        if let Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) = filter {
            self.add(left);
            self.add(right);
        } else if let Some(range) = TimeRange::of(filter) {
            self.range = self.range.and(range);
        } else if let Some((first, last)) = numbers_of(filter) {
            self.numbers = (self.numbers.0.max(first), self.numbers.1.min(last));
        } else if let Some(values) = values_of(filter, "project") {
            let names = values.iter().filter_map(|value| value.try_as_str().flatten().map(str::to_owned)).collect();
            self.projects = Some(match self.projects.take() {
                Some(before) => before.intersection(&names).cloned().collect(),
                None => names,
            });
        } else if let Some(values) = values_of(filter, "id") {
            let bytes = |value: &ScalarValue| match value {
                ScalarValue::FixedSizeBinary(16, Some(bytes)) => Some(bytes.clone()),
                _ => None,
            };
            self.ids = values.iter().copied().map(bytes).collect::<Option<_>>().or(self.ids.take());
        }
    }

    pub fn keeps_project(&self, project: &Project) -> bool {
        self.projects.as_ref().is_none_or(|projects| projects.contains(project.as_str()))
    }

    pub fn keeps(&self, segment: &SegmentMeta) -> bool {
        let in_range = |(first, last): (whodunit_stdx::EntryId, whodunit_stdx::EntryId)| {
            self.ids.as_ref().is_none_or(|ids| {
                ids.iter().any(|id| first.0.as_slice() <= id.as_slice() && id.as_slice() <= last.0.as_slice())
            })
        };
        self.keeps_project(&segment.project)
            && self.range.overlaps(segment.min_time, segment.max_time)
            && segment.ids.is_none_or(in_range)
            && i64::try_from(segment.max_seq).is_ok_and(|last| last >= self.numbers.0)
            && i64::try_from(segment.min_seq).is_ok_and(|first| first <= self.numbers.1)
    }
}

/// The numbers that `seq > value` and its like allow.
fn numbers_of(filter: &Expr) -> Option<(i64, i64)> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = filter else { return None };
    let (Expr::Column(column), Expr::Literal(ScalarValue::Int64(Some(value)), _)) = (left.as_ref(), right.as_ref())
    else {
        return None;
    };
    match op {
        Operator::Eq if column.name == "seq" => Some((*value, *value)),
        Operator::Gt if column.name == "seq" => Some((value.saturating_add(1), i64::MAX)),
        Operator::GtEq if column.name == "seq" => Some((*value, i64::MAX)),
        Operator::Lt if column.name == "seq" => Some((i64::MIN, value.saturating_sub(1))),
        Operator::LtEq if column.name == "seq" => Some((i64::MIN, *value)),
        _ => None,
    }
}

/// The values of `column = value` or `column IN (…)`.
fn values_of<'a>(filter: &'a Expr, name: &str) -> Option<Vec<&'a ScalarValue>> {
    let is_column = |expression: &Expr| matches!(expression, Expr::Column(column) if column.name == name);
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => match (left.as_ref(), right.as_ref()) {
            (column, Expr::Literal(value, _)) | (Expr::Literal(value, _), column) if is_column(column) => {
                Some(vec![value])
            }
            _ => None,
        },
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let mut values = values_of(left, name)?;
            values.extend(values_of(right, name)?);
            Some(values)
        }
        Expr::InList(list) if !list.negated && is_column(&list.expr) => {
            let value = |item: &'a Expr| match item {
                Expr::Literal(value, _) => Some(value),
                _ => None,
            };
            list.list.iter().map(value).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::logical_expr::{col, lit};

    fn at(nanos: i64) -> Expr {
        lit(ScalarValue::TimestampNanosecond(Some(nanos), Some("UTC".into())))
    }

    #[test]
    fn ranges_of_time_meet() {
        let prune = Prune::of(&[col("time").gt(at(10)), at(20).gt_eq(col("time")).and(col("level").eq(lit("x")))]);
        assert_eq!(prune.range, TimeRange { from: 11, to: 20 });
        assert_eq!(TimeRange::of(&col("time").gt(at(i64::MAX))), Some(TimeRange { from: 1, to: 0 }));
        assert_eq!(TimeRange::of(&col("received_at").gt(at(1))), None);
    }

    #[test]
    fn numbers_meet() {
        let prune =
            Prune::of(&[col("seq").gt(lit(10i64)), col("seq").lt_eq(lit(20i64)).and(col("seq").gt(lit(12i64)))]);
        assert_eq!(prune.numbers, (13, 20));
        assert_eq!(Prune::of(&[col("status").gt(lit(10i64))]).numbers, ANY_NUMBER);
    }

    #[test]
    fn projects_meet() {
        let prune = Prune::of(&[col("project").in_list(vec![lit("a"), lit("b")], false), col("project").eq(lit("b"))]);
        assert!(prune.keeps_project(&Project::parse("b").expect("slug")));
        assert!(!prune.keeps_project(&Project::parse("a").expect("slug")));
    }
}
