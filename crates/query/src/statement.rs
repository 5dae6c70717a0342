//! One SQL text: parsed, refused unless it only reads, and read for the names it mentions.
//!
//! The names decide which attributes and aliases a table offers to the planner: a table may have thousands, a
//! question uses a few. Names that only exist in capitals or with dots are quoted here, so that people need not.

mod nesting;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Query, Select, SelectItem, SetExpr, Statement as Sql, TableFactor, Visit, VisitMut, Visitor,
    VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;

use crate::error::Error;

/// Prefixes before prefixes, as in `NOT NOT a`; all else that nests has its limits in [`nesting`].
pub(crate) const PREFIXES_MAX: usize = 40;
pub use nesting::NESTING_MAX;
pub(crate) use nesting::check as check_nesting;

/// Longest SQL text that is read.
pub const SQL_BYTES_MAX: usize = 1 << 20;

/// A statement that only reads.
#[derive(Clone, Debug)]
pub struct Question {
    statement: Statement,
    mentions: Mentions,
    tables: Vec<String>,
    database: Option<Database>,
}

/// What `pg_catalog` says of the session of a PostgreSQL client.
#[derive(Clone, Debug)]
pub struct Database {
    pub name: String,
    pub settings: &'static [(&'static str, &'static str)],
}

/// What a statement names.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// Identifiers of expressions, as written and in lower case, alone and joined by dots.
    names: BTreeSet<String>,
    /// Names of tables and their aliases.
    relations: BTreeSet<String>,
    /// Asks for all columns somewhere.
    pub star: bool,
}

impl Mentions {
    pub fn column(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Everything the listed names mention; for questions that are not SQL text.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Mentions {
        Mentions { names: names.into_iter().map(str::to_owned).collect(), ..Mentions::default() }
    }

    /// All columns beside those mentioned.
    pub fn with_star(self) -> Mentions {
        Mentions { star: true, ..self }
    }

    /// How a name that the planner knows in lower case was written.
    pub fn as_written(&self, lower: &str) -> String {
        let written = self.names.iter().find(|name| *name != lower && name.to_lowercase() == lower);
        written.cloned().unwrap_or_else(|| lower.to_owned())
    }

    fn add(&mut self, name: &str) {
        self.names.insert(name.to_owned());
        self.names.insert(name.to_lowercase());
    }
}

impl Question {
    pub fn parse(sql: &str) -> Result<Question, Error> {
        if sql.len() > SQL_BYTES_MAX {
            return Err(
                Error::new(whodunit_stdx::ErrorKind::TooLarge, "the SQL is longer than 1 MiB").with_limit("sql_bytes")
            );
        }
        nesting::check(sql)?;
        let mut statements = DFParserBuilder::new(sql)
            .with_dialect(&PostgreSqlDialect {})
            .with_recursion_limit(PREFIXES_MAX)
            .build()?
            .parse_statements()?;
        let statement = statements.pop_front().ok_or_else(|| Error::invalid("there is no SQL statement"))?;
        if !statements.is_empty() {
            return Err(Error::invalid("more than one SQL statement").with_hint("send one statement per request"));
        }
        Question::of(statement)
    }

    /// A statement that was parsed elsewhere, within the same limits.
    pub(crate) fn of(statement: Statement) -> Result<Question, Error> {
        only_reads(&statement)?;
        let mut mentions = Mentions::default();
        if let Some(sql) = inner(&statement) {
            let ControlFlow::Continue(()) = sql.visit(&mut Reader { mentions: &mut mentions }) else {
                return Err(refused("it changes data"));
            };
        }
        let (references, _ctes) = resolve_table_references(&statement, true)?;
        let tables = references.iter().map(|reference| reference.table().to_owned()).collect();
        Ok(Question { statement, mentions, tables, database: None })
    }

    /// Asked by a PostgreSQL client: the tables of its catalog exist.
    pub(crate) fn for_database(self, name: &str, settings: &'static [(&'static str, &'static str)]) -> Question {
        Question { database: Some(Database { name: name.to_owned(), settings }), ..self }
    }

    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// The tables and views that it names, without those it defines itself.
    pub fn tables(&self) -> &[String] {
        &self.tables
    }

    pub fn mentions(&self) -> &Mentions {
        &self.mentions
    }

    /// The statement with those names quoted that `attributes` has only in capitals or with dots.
    pub fn into_statement(mut self, attributes: &BTreeSet<String>, fixed: impl Fn(&str) -> bool) -> Statement {
        let mut quoter = Quoter { attributes, fixed: &fixed, relations: &self.mentions.relations };
        if let Some(sql) = inner_mut(&mut self.statement) {
            let _never_breaks = sql.visit(&mut quoter);
        }
        self.statement
    }

    /// Whether it explains or describes instead of asking for rows, so that no row limit is added to it.
    pub fn explains(&self) -> bool {
        !matches!(&self.statement, Statement::Statement(sql) if matches!(sql.as_ref(), Sql::Query(_)))
    }
}

fn inner(statement: &Statement) -> Option<&Sql> {
    match statement {
        Statement::Statement(sql) => Some(sql),
        Statement::Explain(explain) => inner(&explain.statement),
        _ => None,
    }
}

fn inner_mut(statement: &mut Statement) -> Option<&mut Sql> {
    match statement {
        Statement::Statement(sql) => Some(sql),
        Statement::Explain(explain) => inner_mut(&mut explain.statement),
        _ => None,
    }
}

fn refused(what: &str) -> Error {
    Error::invalid(format!("this SQL cannot be run here: {what}"))
        .with_hint("SELECT, EXPLAIN, SHOW TABLES, SHOW COLUMNS and DESCRIBE are allowed; nothing stored can be changed")
}

fn only_reads(statement: &Statement) -> Result<(), Error> {
    match statement {
        Statement::Statement(sql) => match sql.as_ref() {
            Sql::Query(_) | Sql::ShowTables { .. } | Sql::ShowColumns { .. } | Sql::ExplainTable { .. } => Ok(()),
            Sql::Explain { statement, .. } if matches!(statement.as_ref(), Sql::Query(_)) => Ok(()),
            other => Err(refused(&format!("it is a {} statement", first_word(&other.to_string())))),
        },
        Statement::Explain(explain) => match explain.statement.as_ref() {
            Statement::Statement(sql) if matches!(sql.as_ref(), Sql::Query(_)) => Ok(()),
            _ => Err(refused("EXPLAIN takes a SELECT")),
        },
        other => Err(refused(&format!("it is a {} statement", first_word(&other.to_string())))),
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("strange")
}

struct Reader<'a> {
    mentions: &'a mut Mentions,
}

impl Visitor for Reader<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.mentions.relations.insert(cte.alias.name.value.clone());
        }
        if changes_data(&query.body) || !query.locks.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => self.mentions.star = true,
                _ => {}
            }
        }
        if select.into.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        let alias = match factor {
            TableFactor::Table { name, alias, .. } => {
                if let Some(ident) = name.0.last().and_then(|part| part.as_ident()) {
                    self.mentions.relations.insert(ident.value.clone());
                }
                alias
            }
            TableFactor::Derived { alias, .. } => alias,
            _ => return ControlFlow::Continue(()),
        };
        if let Some(alias) = alias {
            self.mentions.relations.insert(alias.name.value.clone());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Identifier(ident) => self.mentions.add(&ident.value),
            Expr::CompoundIdentifier(parts) => {
                for start in 0..parts.len() {
                    self.mentions.add(&joined(&parts[start..]));
                    self.mentions.add(&parts[start].value);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn changes_data(body: &SetExpr) -> bool {
    match body {
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => true,
        SetExpr::SetOperation { left, right, .. } => changes_data(left) || changes_data(right),
        _ => false,
    }
}

fn joined(parts: &[Ident]) -> String {
    parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}

struct Quoter<'a> {
    attributes: &'a BTreeSet<String>,
    fixed: &'a dyn Fn(&str) -> bool,
    relations: &'a BTreeSet<String>,
}

impl Quoter<'_> {
    /// The attribute that an unquoted name means, if planning it in lower case would miss it.
    fn meant(&self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        let found_anyway = (self.fixed)(&lower) || self.attributes.contains(&lower);
        if !found_anyway && self.attributes.contains(name) {
            return Some(name.to_owned());
        }
        (name.contains('.') && self.attributes.contains(&lower)).then_some(lower)
    }
}

impl VisitorMut for Quoter<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::Identifier(ident) if ident.quote_style.is_none() => {
                if let Some(name) = self.meant(&ident.value) {
                    *ident = Ident::with_quote('"', name);
                }
            }
            Expr::CompoundIdentifier(parts) if parts.iter().all(|part| part.quote_style.is_none()) => {
                if self.relations.contains(&parts[0].value) {
                    if let Some(name) = self.meant(&joined(&parts[1..])) {
                        parts.truncate(1);
                        parts.push(Ident::with_quote('"', name));
                    }
                } else if let Some(name) = self.meant(&joined(parts)) {
                    *expression = Expr::Identifier(Ident::with_quote('"', name));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_questions_pass() {
        for good in [
            "SELECT 1",
            "WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT 2",
            "EXPLAIN SELECT 1",
            "EXPLAIN ANALYZE SELECT 1",
            "SHOW TABLES",
            "DESCRIBE logs",
            "VALUES (1)",
        ] {
            assert!(Question::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "INSERT INTO logs VALUES (1)",
            "DELETE FROM audit_logs",
            "UPDATE logs SET body = ''",
            "DROP TABLE logs",
            "CREATE TABLE a AS SELECT 1",
            "CREATE EXTERNAL TABLE a STORED AS CSV LOCATION '/etc/passwd'",
            "COPY logs TO '/tmp/x.csv'",
            "SET datafusion.execution.batch_size = 1",
            "EXPLAIN INSERT INTO logs VALUES (1)",
            "SELECT 1 INTO a",
            "SELECT 1; SELECT 2",
            "PREPARE a AS SELECT 1",
            "",
        ] {
            assert!(Question::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mentioned_names_are_collected() {
        let question =
            Question::parse("SELECT l.status, http.route FROM logs AS l WHERE userId = 'x'").expect("parses");
        for name in ["status", "http.route", "userId", "userid"] {
            assert!(question.mentions().column(name), "{name}");
        }
        assert!(!question.mentions().star);
        assert_eq!(question.tables(), ["logs"]);
        assert!(Question::parse("SELECT * FROM logs").expect("parses").mentions().star);
        assert!(!Question::parse("SELECT count(*) FROM logs").expect("parses").mentions().star);
    }

    #[test]
    fn names_with_capitals_or_dots_are_quoted_when_they_mean_an_attribute() {
        let attributes = BTreeSet::from(["userId".to_owned(), "http.route".to_owned()]);
        let question = Question::parse("SELECT userId, http.route, l.http.route, TIME FROM logs l").expect("parses");
        let statement = question.into_statement(&attributes, |name| name == "time");
        assert_eq!(statement.to_string(), r#"SELECT "userId", "http.route", l."http.route", TIME FROM logs l"#);
    }
}
