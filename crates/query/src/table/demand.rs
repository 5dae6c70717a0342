//! What a predicate demands of the token index: words, values of identifying columns, texts of attributes.
//!
//! A demand never excludes a row that the predicate would keep; it may keep rows that the predicate drops.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use whodunit_model::Table;
use whodunit_store::segment::meta::OVERFLOW_NAMES_MAX;
use whodunit_store::segment::{AttributeType, SegmentMeta, TokenIndex, token};

use super::schema::attribute_key;
use crate::functions::MATCH;

/// A condition on the hashes in a block of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// All of these hashes.
    Hashes(Vec<u64>),
    /// A text attribute with this value, which depends on how the segment holds it.
    Attribute {
        column: String,
        text: String,
    },
    All(Vec<Demand>),
    Any(Vec<Demand>),
}

/// Whether blocks can be told apart by a demand, and then which may match.
#[derive(Clone, Debug, PartialEq)]
pub enum Blocks {
    Unknown,
    Only(Vec<bool>),
}

impl Demand {
    /// All filters hold at once.
    pub fn of_all(table: Table, filters: &[Expr]) -> Option<Demand> {
        all(filters.iter().filter_map(|filter| Demand::of(table, filter)).collect())
    }

    fn of(table: Table, filter: &Expr) -> Option<Demand> {
        match filter {
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                all([left, right].into_iter().filter_map(|side| Demand::of(table, side)).collect())
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Some(Demand::Any(vec![Demand::of(table, left)?, Demand::of(table, right)?]))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => column_and_value(left, right)
                .or_else(|| column_and_value(right, left))
                .and_then(|(column, value)| equals(table, column, value)),
            Expr::InList(list) if !list.negated => {
                let Expr::Column(column) = list.expr.as_ref() else { return None };
                let value = |item: &Expr| match item {
                    Expr::Literal(value, _) => equals(table, &column.name, value),
                    _ => None,
                };
                Some(Demand::Any(list.list.iter().map(value).collect::<Option<_>>()?))
            }
            Expr::Like(like)
                if !like.negated && !like.case_insensitive && like.escape_char.is_none_or(|c| c == '\\') =>
            {
                let Expr::Column(column) = like.expr.as_ref() else { return None };
                let pattern = text_of(literal(&like.pattern)?)?;
                searched(table, &column.name)?;
                hashes(token::words_in_like_pattern(pattern))
            }
            Expr::ScalarFunction(call) if call.func.name() == MATCH => {
                let [Expr::Column(column), words] = call.args.as_slice() else { return None };
                searched(table, &column.name)?;
                let mut found = Vec::new();
                token::words(text_of(literal(words)?)?, |word| found.push(word));
                hashes(found)
            }
            _ => None,
        }
    }

    /// Which blocks of the segment may hold a matching row.
    pub fn blocks(&self, segment: &SegmentMeta, tokens: &TokenIndex) -> Blocks {
        match self {
            Demand::Hashes(all_of) => Blocks::Only(tokens.matching(all_of)),
            Demand::Attribute { column, text } => attribute_blocks(segment, tokens, column, text),
            Demand::All(parts) => {
                parts.iter().fold(Blocks::Unknown, |sum, part| match (sum, part.blocks(segment, tokens)) {
                    (Blocks::Only(a), Blocks::Only(b)) => Blocks::Only(a.iter().zip(b).map(|(a, b)| *a && b).collect()),
                    (Blocks::Unknown, other) | (other, Blocks::Unknown) => other,
                })
            }
            Demand::Any(parts) => {
                let mut sum = vec![false; tokens.blocks()];
                for part in parts {
                    match part.blocks(segment, tokens) {
                        Blocks::Unknown => return Blocks::Unknown,
                        Blocks::Only(blocks) => sum.iter_mut().zip(blocks).for_each(|(sum, block)| *sum |= block),
                    }
                }
                Blocks::Only(sum)
            }
        }
    }
}

fn attribute_blocks(segment: &SegmentMeta, tokens: &TokenIndex, column: &str, text: &str) -> Blocks {
    let kind_in = |list: &[(String, AttributeType)], name: &str| {
        list.binary_search_by(|(held, _)| held.as_str().cmp(name)).ok().map(|index| list[index].1)
    };
    let as_column = kind_in(&segment.attributes, column);
    let mut hashes = match as_column {
        Some(AttributeType::Text) => vec![token::value(column, text.as_bytes())],
        // Numbers and booleans of columns are not in the index.
        Some(_) => return Blocks::Unknown,
        None => Vec::new(),
    };
    let key = attribute_key(column);
    if may_overflow(segment, column) {
        hashes.extend([token::value(column, text.as_bytes()), token::value(key, text.as_bytes())]);
    }
    let mut sum = vec![false; tokens.blocks()];
    for hash in hashes {
        sum.iter_mut().zip(tokens.matching(&[hash])).for_each(|(sum, block)| *sum |= block);
    }
    Blocks::Only(sum)
}

/// Whether rows of the segment may have the attribute of that column in their overflow.
pub fn may_overflow(segment: &SegmentMeta, column: &str) -> bool {
    let has = |name: &str| segment.overflow_attributes.binary_search_by(|(held, _)| held.as_str().cmp(name)).is_ok();
    let names_complete = segment.overflow_attributes.len() < OVERFLOW_NAMES_MAX;
    segment.has_overflow && (!names_complete || has(column) || has(attribute_key(column)))
}

fn all(mut parts: Vec<Demand>) -> Option<Demand> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Demand::All(parts)),
    }
}

fn hashes(found: Vec<u64>) -> Option<Demand> {
    (!found.is_empty()).then_some(Demand::Hashes(found))
}

fn searched(table: Table, column: &str) -> Option<()> {
    table.column(column).filter(|column| column.searched).map(|_| ())
}

/// The demand of `column = value`.
fn equals(table: Table, column: &str, value: &ScalarValue) -> Option<Demand> {
    match table.column(column) {
        Some(fixed) if fixed.identifies => {
            let bytes = match value {
                ScalarValue::FixedSizeBinary(_, Some(bytes)) => bytes.as_slice(),
                other => text_of(other)?.as_bytes(),
            };
            Some(Demand::Hashes(vec![token::value(column, bytes)]))
        }
        Some(_) => None,
        None if table.takes_attributes() => {
            Some(Demand::Attribute { column: column.to_owned(), text: text_of(value)?.to_owned() })
        }
        None => None,
    }
}

fn column_and_value<'a>(left: &'a Expr, right: &'a Expr) -> Option<(&'a str, &'a ScalarValue)> {
    match (left, right) {
        (Expr::Column(column), Expr::Literal(value, _)) => Some((&column.name, value)),
        _ => None,
    }
}

fn literal(expression: &Expr) -> Option<&ScalarValue> {
    match expression {
        Expr::Literal(value, _) => Some(value),
        _ => None,
    }
}

fn text_of(value: &ScalarValue) -> Option<&str> {
    value.try_as_str().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::logical_expr::{col, lit};

    #[test]
    fn demands_follow_and_and_or() {
        let needle = || col("actor_id").eq(lit("u1"));
        let hash = Demand::Hashes(vec![token::value("actor_id", b"u1")]);
        assert_eq!(Demand::of_all(Table::Logs, &[needle()]), Some(hash.clone()));
        assert_eq!(Demand::of_all(Table::Logs, &[needle().and(col("level").eq(lit("ERROR")))]), Some(hash.clone()));
        assert_eq!(Demand::of_all(Table::Logs, &[needle().or(col("level").eq(lit("ERROR")))]), None);
        assert_eq!(Demand::of_all(Table::Logs, &[needle().or(needle())]), Some(Demand::Any(vec![hash.clone(), hash])));
        assert_eq!(Demand::of_all(Table::Logs, &[col("body").like(lit("%rare%"))]), None);
        assert!(Demand::of_all(Table::Logs, &[col("body").like(lit("% rare %"))]).is_some());
        assert!(Demand::of_all(Table::Logs, &[col("host").like(lit("% rare %"))]).is_none());
    }
}
