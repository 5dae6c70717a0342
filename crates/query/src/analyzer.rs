//! Ids are bytes in storage and text in SQL: this rule, first of all, makes each side speak the language of the other.
//!
//! A text literal beside an id becomes bytes, or an error that says what the column expects. An id beside a text
//! column, under LIKE or in a cast to text becomes its text.

use arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::analyzer::AnalyzerRule;
use whodunit_model::table::SHOWN_AS;

use crate::error::Error;
use crate::functions::{Form, shown};

#[derive(Debug, Default)]
pub struct IdsAsText;

impl AnalyzerRule for IdsAsText {
    fn name(&self) -> &str {
        "ids_as_text"
    }

    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        plan.transform_up_with_subqueries(rewrite_plan).data()
    }
}

fn rewrite_plan(plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let mut schema = DFSchema::empty();
    for input in plan.inputs() {
        schema.merge(input.schema());
    }
    if let LogicalPlan::TableScan(scan) = &plan {
        schema.merge(&scan.projected_schema);
    }
    let names = NamePreserver::new(&plan);
    let rewrite = |expression: Expr| {
        let name = names.save(&expression);
        let rewritten = expression.transform_up(|expression| rewrite_expression(expression, &schema))?;
        Ok(if rewritten.transformed { rewritten.update_data(|expression| name.restore(expression)) } else { rewritten })
    };
    let rewritten = plan.map_expressions(rewrite)?;
    if rewritten.transformed { rewritten.map_data(LogicalPlan::recompute_schema) } else { Ok(rewritten) }
}

/// How an expression's bytes are shown, if it is made of ids.
#[derive(Clone, Debug)]
struct Id {
    name: String,
    form: Form,
    /// `None` for bytes of any length.
    length: Option<i32>,
}

fn id_of(expression: &Expr, schema: &DFSchema) -> Option<Id> {
    if matches!(expression, Expr::Literal(..)) {
        return None;
    }
    let (_, field) = expression.to_field(schema).ok()?;
    let length = match field.data_type() {
        DataType::FixedSizeBinary(length) => Some(*length),
        DataType::BinaryView if field.metadata().contains_key(SHOWN_AS) => None,
        _ => return None,
    };
    let is_uuid = field.metadata().get(SHOWN_AS).is_some_and(|shown| shown == "uuid");
    let form = if is_uuid { Form::Uuid } else { Form::Hex };
    Some(Id { name: field.name().clone(), form, length })
}

fn is_text(expression: &Expr, schema: &DFSchema) -> bool {
    let data_type = expression.get_type(schema);
    data_type.is_ok_and(|data_type| matches!(data_type, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8))
}

fn rewrite_expression(expression: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if compares(op) || matches_text(op) => {
            let (left, right, changed) = both_sides(*left, op, *right, schema)?;
            let expression = Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right)));
            Ok(Transformed::new_transformed(expression, changed))
        }
        Expr::InList(mut list) => {
            let Some(id) = id_of(&list.expr, schema) else { return Ok(Transformed::no(Expr::InList(list))) };
            list.list = list.list.into_iter().map(|item| literal_for(item, &id)).collect::<Result<_>>()?;
            Ok(Transformed::yes(Expr::InList(list)))
        }
        Expr::Between(mut between) => {
            let Some(id) = id_of(&between.expr, schema) else { return Ok(Transformed::no(Expr::Between(between))) };
            *between.low = literal_for(*between.low, &id)?;
            *between.high = literal_for(*between.high, &id)?;
            Ok(Transformed::yes(Expr::Between(between)))
        }
        Expr::Like(mut like) => match id_of(&like.expr, schema) {
            Some(id) => {
                *like.expr = shown(*like.expr, id.form);
                Ok(Transformed::yes(Expr::Like(like)))
            }
            None => Ok(Transformed::no(Expr::Like(like))),
        },
        Expr::Cast(cast) if is_text_type(cast.field.data_type()) => Ok(match id_of(&cast.expr, schema) {
            Some(id) => Transformed::yes(shown(*cast.expr, id.form)),
            None => Transformed::no(Expr::Cast(cast)),
        }),
        Expr::TryCast(cast) if is_text_type(cast.field.data_type()) => Ok(match id_of(&cast.expr, schema) {
            Some(id) => Transformed::yes(shown(*cast.expr, id.form)),
            None => Transformed::no(Expr::TryCast(cast)),
        }),
        other => Ok(Transformed::no(other)),
    }
}

fn is_text_type(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8)
}

fn compares(op: Operator) -> bool {
    use Operator::*;
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom)
}

fn matches_text(op: Operator) -> bool {
    use Operator::*;
    matches!(op, RegexMatch | RegexIMatch | RegexNotMatch | RegexNotIMatch | StringConcat)
}

fn both_sides(left: Expr, op: Operator, right: Expr, schema: &DFSchema) -> Result<(Expr, Expr, bool)> {
    let (left_id, right_id) = (id_of(&left, schema), id_of(&right, schema));
    match (left_id, right_id) {
        (Some(id), None) => {
            let (left, right) = id_and_other(left, &id, op, right, schema)?;
            Ok((left, right, true))
        }
        (None, Some(id)) => {
            let (right, left) = id_and_other(right, &id, op, left, schema)?;
            Ok((left, right, true))
        }
        _ => Ok((left, right, false)),
    }
}

fn id_and_other(expression: Expr, id: &Id, op: Operator, other: Expr, schema: &DFSchema) -> Result<(Expr, Expr)> {
    if matches_text(op) {
        return Ok((shown(expression, id.form), other));
    }
    match &other {
        Expr::Literal(..) => {
            let literal = literal_for(other, id)?;
            Ok((expression, literal))
        }
        _ if is_text(&other, schema) => Ok((shown(expression, id.form), other)),
        _ => Ok((expression, other)),
    }
}

/// A text literal as the bytes of the id that it is compared with.
fn literal_for(expression: Expr, id: &Id) -> Result<Expr> {
    let Expr::Literal(value, metadata) = &expression else { return Ok(expression) };
    let Some(text) = value.try_as_str() else { return Ok(expression) };
    let value = match (text, id.length) {
        (None, Some(length)) => ScalarValue::FixedSizeBinary(length, None),
        (None, None) => ScalarValue::BinaryView(None),
        (Some(text), length) => {
            let bytes = parse(text, id).map_err(Error::into_datafusion)?;
            match length {
                Some(length) => ScalarValue::FixedSizeBinary(length, Some(bytes)),
                None => ScalarValue::BinaryView(Some(bytes)),
            }
        }
    };
    Ok(Expr::Literal(value, metadata.clone()))
}

/// Hexadecimal of either case, with hyphens or without.
fn parse(text: &str, id: &Id) -> Result<Vec<u8>, Error> {
    let digits: String = text.trim().chars().filter(|character| *character != '-').collect();
    let bytes = hex::decode(digits).ok().filter(|bytes| id.length.is_none_or(|length| bytes.len() == length as usize));
    bytes.ok_or_else(|| {
        let expected = match (id.form, id.length) {
            (Form::Uuid, _) => "a UUID such as 018f3b2a-7c1e-7d3a-9b54-3c2a1f0e9d88".to_owned(),
            (Form::Hex, Some(length)) => format!("{} hexadecimal digits", 2 * length),
            (Form::Hex, None) => "hexadecimal digits".to_owned(),
        };
        Error::invalid(format!("{} is compared with {text:?}, which is not {expected}", id.name))
            .with_field(id.name.clone())
    })
}

/// An expression over a schema with its ids made comparable, for evaluation without a plan.
pub fn ids_as_text(expression: Expr, schema: &DFSchema) -> Result<Expr, Error> {
    Ok(expression.transform_up(|expression| rewrite_expression(expression, schema)).data()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_in_every_usual_form() {
        let id = Id { name: "trace_id".into(), form: Form::Hex, length: Some(4) };
        for text in ["00ff10aB", "00-ff-10-ab", " 00FF10AB "] {
            assert_eq!(parse(text, &id).expect(text), [0, 0xff, 0x10, 0xab]);
        }
        let error = parse("xyz", &id).expect_err("no hex");
        assert_eq!(error.message, "trace_id is compared with \"xyz\", which is not 8 hexadecimal digits");
    }
}
