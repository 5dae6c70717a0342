//! Conditions of lists and tails: `column=value` pairs and free text, as expressions over a table.
//!
//! Built from values, never from SQL text, so nothing in a value can become anything else.

use arrow::datatypes::{DataType, Schema};
use datafusion::common::{Column, ScalarValue};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, lit};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;
use whodunit_store::segment::token;

use crate::error::Error;
use crate::functions::{match_words, tag};
use crate::names::nearest;
use crate::time;
use crate::views::ALIASES;

/// Conditions on one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnFilter {
    pub column: String,
    pub any_of: Vec<String>,
    pub none_of: Vec<String>,
    pub ranges: Vec<(Comparison, String)>,
    /// `*` asks for a value at all, `!*` for none.
    pub presence: Option<Presence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    More,
    AtLeast,
    Less,
    AtMost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Some,
    None,
}

/// Words and phrases that a row must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreeText {
    pub words: Vec<String>,
    pub phrases: Vec<String>,
}

/// All conditions of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    pub columns: Vec<ColumnFilter>,
    pub text: FreeText,
}

/// Most values in one request; more would make every row pay.
const VALUES_MAX: usize = 1000;

impl Filters {
    /// Adds one parameter. Values of one column are alternatives, exclusions and ranges all hold.
    pub fn add(&mut self, column: &str, value: &str) -> Result<(), Error> {
        let values: usize = self.columns.iter().map(|filter| filter.any_of.len() + filter.none_of.len() + 1).sum();
        if values > VALUES_MAX {
            return Err(Error::invalid(format!("more than {VALUES_MAX} filter values")).with_limit("filter_values"));
        }
        let index = match self.columns.iter().position(|filter| filter.column == column) {
            Some(index) => index,
            None => {
                self.columns.push(ColumnFilter { column: column.to_owned(), ..ColumnFilter::default() });
                self.columns.len() - 1
            }
        };
        let filter = &mut self.columns[index];
        match value {
            "*" => filter.presence = Some(Presence::Some),
            "!*" => filter.presence = Some(Presence::None),
            _ => {
                if let Some(rest) = value.strip_prefix('\\') {
                    filter.any_of.push(rest.to_owned());
                } else if let Some(rest) = value.strip_prefix('!') {
                    filter.none_of.push(rest.to_owned());
                } else if let Some((comparison, rest)) = Comparison::parse(value) {
                    filter.ranges.push((comparison, rest.to_owned()));
                } else {
                    filter.any_of.push(value.to_owned());
                }
            }
        }
        Ok(())
    }

    /// The names of the columns, with aliases resolved where the table has no such column.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|filter| filter.column.as_str())
    }

    /// One expression over the columns of `schema`; `None` if everything passes.
    pub fn expression(&self, table: Table, schema: &Schema, now: Timestamp) -> Result<Option<Expr>, Error> {
        let mut all = Vec::new();
        for filter in &self.columns {
            filter.expressions(table, schema, now, &mut all)?;
        }
        all.extend(self.text.expressions(table));
        Ok(conjunction(all))
    }
}

impl Comparison {
    fn parse(value: &str) -> Option<(Comparison, &str)> {
        let prefixes =
            [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), (">", Comparison::More), ("<", Comparison::Less)];
        prefixes.into_iter().find_map(|(prefix, comparison)| Some((comparison, value.strip_prefix(prefix)?)))
    }
}

/// A column by its exact name.
pub fn column(name: &str) -> Expr {
    Expr::Column(Column::from_name(name))
}

/// Stands before the name of a tag of errors.
pub const TAG_PREFIX: &str = "tag.";

/// What a parameter speaks of: a column, or of errors a tag, the page or the user.
pub struct Subject {
    /// Of the column, or of the tag with its prefix.
    pub name: String,
    pub data_type: DataType,
    pub expression: Expr,
}

/// What the parameter `name` speaks of.
///
/// # Errors
/// There is no such column.
pub fn subject(name: &str, table: Table, schema: &Schema) -> Result<Subject, Error> {
    if let Some(found) = resolve(name, schema) {
        let data_type = schema.field_with_name(&found).expect("it was just found").data_type().clone();
        return Ok(Subject { expression: column(&found), name: found, data_type });
    }
    let of_errors = |expression| Subject { name: name.to_owned(), data_type: DataType::Utf8View, expression };
    match (table, name, name.strip_prefix(TAG_PREFIX)) {
        (Table::ErrorEvents, "page", _) => Ok(of_errors(page())),
        (Table::ErrorEvents, "user", _) => Ok(of_errors(user())),
        (Table::ErrorEvents, _, Some(named)) if !named.is_empty() => Ok(of_errors(tag(column("tags"), named))),
        _ => Err(unknown_column(name, table, schema)),
    }
}

/// Who had an error: by id, else e-mail address, else IP address.
pub fn user() -> Expr {
    coalesce(["actor_id", "actor_email", "ip"].map(column).to_vec())
}

/// Where an error happened: the route where the application names it, so that each thing on it is no page.
pub fn page() -> Expr {
    coalesce(["transaction", "request_path"].map(column).to_vec())
}

/// The name of the column that a parameter means.
pub fn resolve(name: &str, schema: &Schema) -> Option<String> {
    if schema.index_of(name).is_ok() {
        return Some(name.to_owned());
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name)?;
    schema.index_of(alias.1).is_ok().then(|| alias.1.to_owned())
}

/// The error about a name that no column has.
fn unknown_column(name: &str, table: Table, schema: &Schema) -> Error {
    let near = nearest(name, schema.fields().iter().map(|field| field.name().as_str()));
    let error = Error::invalid(format!("no column is called {name:?}")).with_field(name);
    match (near.is_empty(), table) {
        (false, _) => error.with_hint(format!("did you mean {}?", near.join(", "))),
        (true, Table::ErrorEvents) => error.with_hint(format!("a tag of errors is {TAG_PREFIX}{name}")),
        (true, _) => error,
    }
}

impl ColumnFilter {
    fn expressions(&self, table: Table, schema: &Schema, now: Timestamp, all: &mut Vec<Expr>) -> Result<(), Error> {
        let Subject { name, data_type, expression } = subject(&self.column, table, schema)?;
        let subject = || expression.clone();
        let value = |text: &String| literal(&name, &data_type, text, now);
        if !self.any_of.is_empty() {
            all.push(subject().in_list(self.any_of.iter().map(value).collect::<Result<_, _>>()?, false));
        }
        if !self.none_of.is_empty() {
            let excluded = subject().in_list(self.none_of.iter().map(value).collect::<Result<_, _>>()?, true);
            all.push(subject().is_null().or(excluded));
        }
        for (comparison, text) in &self.ranges {
            let value = value(text)?;
            all.push(match comparison {
                Comparison::More => subject().gt(value),
                Comparison::AtLeast => subject().gt_eq(value),
                Comparison::Less => subject().lt(value),
                Comparison::AtMost => subject().lt_eq(value),
            });
        }
        match self.presence {
            Some(Presence::Some) => all.push(subject().is_not_null()),
            Some(Presence::None) => all.push(subject().is_null()),
            None => {}
        }
        Ok(())
    }
}

/// A parameter's text as a value of the column's type.
fn literal(name: &str, data_type: &DataType, text: &str, now: Timestamp) -> Result<Expr, Error> {
    let wrong = |what: &str| Error::invalid(format!("{name} is {what}, not {text:?}")).with_field(name);
    Ok(match data_type {
        DataType::Int64 => match text.parse::<i64>() {
            Ok(number) => lit(number),
            Err(_) => lit(text.parse::<f64>().map_err(|_| wrong("a number"))?),
        },
        DataType::Float64 => lit(text.parse::<f64>().map_err(|_| wrong("a number"))?),
        DataType::Boolean => match text.to_lowercase().as_str() {
            "true" => lit(true),
            "false" => lit(false),
            _ => return Err(wrong("true or false")),
        },
        DataType::Timestamp(..) => at(time::parse(text, now).ok_or_else(|| wrong("a time"))?),
        DataType::List(_) => return Err(Error::invalid(format!("{name} cannot be filtered by value")).with_field(name)),
        // Levels are upper case in the store, whatever the client sent.
        _ if matches!(name, "level" | "severity") => text_literal(&text.to_uppercase()),
        // Ids become bytes when the plan is analyzed, with an error that says what they should look like.
        _ => text_literal(text),
    })
}

fn text_literal(text: &str) -> Expr {
    lit(ScalarValue::Utf8View(Some(text.to_owned())))
}

/// A time as a literal.
pub fn at(time: Timestamp) -> Expr {
    lit(ScalarValue::TimestampNanosecond(Some(time.nanos()), Some("UTC".into())))
}

impl FreeText {
    /// Splits at white space; text in double quotes is a phrase.
    pub fn parse(text: &str) -> FreeText {
        let mut parsed = FreeText::default();
        for (index, part) in text.split('"').enumerate() {
            if index % 2 == 1 && !part.trim().is_empty() {
                parsed.phrases.push(part.to_owned());
            } else {
                let words = part.split_whitespace().filter(|word| has_words(word));
                parsed.words.extend(words.map(str::to_owned));
            }
        }
        parsed
    }

    /// Every word occurs in a text column or is the value of an identifying one; every phrase occurs as it stands.
    fn expressions(&self, table: Table) -> Vec<Expr> {
        let searched = || table.columns().filter(|column| column.searched).map(|column| column.name);
        let is_text = |data_type: &DataType| *data_type == DataType::Utf8View;
        let identifying = || {
            table
                .columns()
                .filter(|column| column.identifies && is_text(&column.kind.data_type()))
                .map(|column| column.name)
        };
        let word = |word: &String| {
            let within = searched().map(|name| match_words().call(vec![column(name), text_literal(word)]));
            let whole = identifying().map(|name| column(name).eq(text_literal(word)));
            disjunction(within.chain(whole))
        };
        let phrase = |phrase: &String| {
            let pattern = format!("%{}%", phrase.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            disjunction(searched().map(|name| column(name).like(text_literal(&pattern))))
        };
        self.words.iter().filter_map(word).chain(self.phrases.iter().filter_map(phrase)).collect()
    }
}

fn has_words(text: &str) -> bool {
    let mut any = false;
    token::words(text, |_| any = true);
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_conditions() {
        let mut filters = Filters::default();
        for (column, value) in [
            ("level", "error"),
            ("level", "warning"),
            ("status", ">=500"),
            ("service", "!api"),
            ("host", "*"),
            ("path", "\\!x"),
        ] {
            filters.add(column, value).expect("few values");
        }
        assert_eq!(filters.columns[0].any_of, ["error", "warning"]);
        assert_eq!(filters.columns[1].ranges, [(Comparison::AtLeast, "500".to_owned())]);
        assert_eq!(filters.columns[2].none_of, ["api"]);
        assert_eq!(filters.columns[3].presence, Some(Presence::Some));
        assert_eq!(filters.columns[4].any_of, ["!x"]);
    }

    #[test]
    fn values_must_fit_their_column() {
        let mut filters = Filters::default();
        filters.add("severity_number", "high").expect("few values");
        let error = filters.expression(Table::Logs, &Table::Logs.schema(), Timestamp(0)).expect_err("no number");
        assert_eq!(error.message, "severity_number is a number, not \"high\"");
    }

    #[test]
    fn free_text_has_words_and_phrases() {
        let text = FreeText::parse(r#"payment "card declined" -- order-17"#);
        assert_eq!(
            text,
            FreeText { words: vec!["payment".into(), "order-17".into()], phrases: vec!["card declined".into()] }
        );
    }
}
