//! Questions as PostgreSQL's clients write them, in words that the planner knows.
//!
//! Clients ask the catalog in SQL that is far from plain: qualified operators, casts to `regclass`, arrays made from
//! subqueries, functions that only PostgreSQL has. Four steps take that away:
//!
//! - functions whose answer is the same for every row become that answer;
//! - a SELECT that stands on a table without rows has no rows, whatever it computes, so its expressions go;
//! - names lose `pg_catalog.` before functions, operators and types, and types get names of ours;
//! - columns that would have the same name get one each (what the client reads as their names is kept apart).

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, GroupByExpr, Ident, JoinOperator, ObjectName, Query, Select, SelectItem,
    SetExpr, Statement, TableAlias, TableFactor, Value, Visit, VisitMut, Visitor, VisitorMut,
};

use crate::pg_catalog::{INFORMATION_COLUMNS, INFORMATION_TABLES, OWNER, PG_CATALOG, is_always_empty, relation_oid};
use crate::pg_functions::REGCLASS;
use crate::pg_types::PgType;

/// What answers depend on besides the question.
#[derive(Clone, Debug)]
pub struct Session {
    pub database: String,
    /// Settings as `SHOW` and `current_setting` answer them.
    pub settings: &'static [(&'static str, &'static str)],
}

impl Session {
    pub fn setting(&self, name: &str) -> Option<&'static str> {
        self.settings.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

pub fn rewrite(statement: &mut Statement, session: &Session) {
    let _never_breaks = statement.visit(&mut Rewriter { session });
}

/// The names that the columns of an answer have for the client, where the question says; PostgreSQL's rules.
pub fn column_names(statement: &Statement) -> Option<Vec<String>> {
    let Statement::Query(query) = statement else { return None };
    let mut body = query.body.as_ref();
    while let SetExpr::SetOperation { left, .. } = body {
        body = left;
    }
    let SetExpr::Select(select) = body else { return None };
    select.projection.iter().map(item_name).collect()
}

fn item_name(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(folded(alias)),
        SelectItem::UnnamedExpr(expression) => {
            Some(expression_name(expression).unwrap_or_else(|| "?column?".to_owned()))
        }
        _ => None,
    }
}

fn folded(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

fn expression_name(expression: &Expr) -> Option<String> {
    match expression {
        // Written as it stands: a name with capitals may be that of an attribute.
        Expr::Identifier(ident) => Some(ident.value.clone()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|part| part.value.clone()),
        Expr::Function(function) => function.name.0.last().and_then(|part| part.as_ident()).map(folded),
        Expr::Cast { expr, data_type, .. } => {
            let own = type_word(data_type);
            expression_name(expr).or(Some(own))
        }
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => expression_name(inner),
        Expr::Case { .. } => Some("case".to_owned()),
        Expr::Exists { .. } => Some("exists".to_owned()),
        Expr::Extract { .. } => Some("extract".to_owned()),
        Expr::Subquery(query) => match query.body.as_ref() {
            SetExpr::Select(select) => select.projection.first().and_then(item_name),
            _ => None,
        },
        Expr::Value(value) if matches!(value.value, Value::Boolean(_)) => Some("bool".to_owned()),
        _ => None,
    }
}

struct Rewriter<'a> {
    session: &'a Session,
}

impl VisitorMut for Rewriter<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if let SetExpr::Select(select) = query.body.as_mut()
            && without_rows(select)
        {
            // It may order by what is gone.
            query.order_by = None;
        }
        empty_branches(&mut query.body);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        name_apart(&mut select.projection);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias, .. } = factor
            && let Some((schema, table)) = two_parts(name)
            && schema.eq_ignore_ascii_case("information_schema")
        {
            let ours = match table.to_lowercase().as_str() {
                "columns" => INFORMATION_COLUMNS,
                "tables" => INFORMATION_TABLES,
                _ => return ControlFlow::Continue(()),
            };
            alias.get_or_insert_with(|| TableAlias {
                explicit: false,
                name: Ident::new(table),
                columns: Vec::new(),
                at: None,
            });
            *name = ObjectName::from(vec![Ident::new(PG_CATALOG), Ident::new(ours)]);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::Subquery(query) if matches!(query.body.as_ref(), SetExpr::Select(select) if without_rows(select)) => {
                *expression = null();
            }
            Expr::Function(Function { name, args: FunctionArguments::Subquery(_), .. })
                if last_word(name).eq_ignore_ascii_case("array") =>
            {
                // What is listed in arrays (members of roles, options) is nothing here.
                let texts = DataType::Array(ArrayElemTypeDef::SquareBracket(Box::new(DataType::Text), None));
                *expression = cast_to(array(&[]), texts);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        match expression {
            Expr::Collate { expr, .. } => *expression = take(expr),
            Expr::BinaryOp { op, .. } => {
                if let Some(plain) = plain_operator(op) {
                    *op = plain;
                }
            }
            Expr::Cast { .. } => cast(expression),
            Expr::TypedString(typed) if type_word(&typed.data_type) == "regclass" => {
                let inner = Expr::Value(typed.value.clone());
                *expression = regclass(inner);
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => {
                if let Some(list) = listed(right) {
                    *expression = in_list(take(left), list, false);
                }
            }
            Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
                if let Some(list) = listed(right) {
                    *expression = in_list(take(left), list, true);
                }
            }
            Expr::Function(function) => {
                if let Some(answer) = self.answered(function) {
                    *expression = answer;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter<'_> {
    /// Strips the schema, and answers what does not depend on a row.
    fn answered(&self, function: &mut Function) -> Option<Expr> {
        if let Some((schema, name)) = two_parts(&function.name)
            && schema.eq_ignore_ascii_case(PG_CATALOG)
        {
            function.name = ObjectName::from(Ident::new(name));
        }
        let name = last_word(&function.name).to_lowercase();
        Some(match name.as_str() {
            "version" => string(self.session.setting("version_text")?),
            "current_database" | "current_catalog" => string(&self.session.database),
            "current_schema" => string("public"),
            "current_user" | "session_user" | "user" | "current_role" | "pg_get_userbyid" => string(OWNER),
            "current_schemas" => array(&["pg_catalog", "public"]),
            "pg_encoding_to_char" => string("UTF8"),
            "current_setting" => string(self.session.setting(&text_argument(function, 0)?).unwrap_or_default()),
            "set_config" => string(&text_argument(function, 1)?),
            "to_regclass" => to_regclass(&text_argument(function, 0)?),
            "pg_table_is_visible"
            | "pg_type_is_visible"
            | "pg_function_is_visible"
            | "has_table_privilege"
            | "has_schema_privilege"
            | "has_database_privilege"
            | "has_column_privilege"
            | "has_any_column_privilege" => Expr::value(Value::Boolean(true)),
            "pg_is_in_recovery" | "pg_relation_is_publishable" | "pg_is_other_temp_schema" => {
                Expr::value(Value::Boolean(false))
            }
            "pg_backend_pid"
            | "pg_my_temp_schema"
            | "pg_table_size"
            | "pg_relation_size"
            | "pg_indexes_size"
            | "pg_total_relation_size"
            | "txid_current" => number(0),
            "pg_size_pretty" => string("0 bytes"),
            "pg_get_expr"
            | "pg_get_constraintdef"
            | "pg_get_indexdef"
            | "pg_get_viewdef"
            | "obj_description"
            | "col_description"
            | "shobj_description"
            | "pg_get_serial_sequence"
            | "inet_server_addr"
            | "inet_client_addr"
            | "pg_export_snapshot" => text_null(),
            _ => return None,
        })
    }
}

/// Sees to the branches of set operations; each keeps its columns and has no rows.
fn empty_branches(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) if without_rows(select) => empty(select),
        SetExpr::SetOperation { left, right, .. } => {
            empty_branches(left);
            empty_branches(right);
        }
        _ => {}
    }
}

/// Whether a table without rows is among those whose every row is one of the answer.
fn without_rows(select: &Select) -> bool {
    let inner = select.from.iter().flat_map(|from| {
        let joined = from.joins.iter().filter(|join| {
            matches!(join.join_operator, JoinOperator::Join(_) | JoinOperator::Inner(_) | JoinOperator::CrossJoin(_))
        });
        let keeps_base = from.joins.iter().all(|join| {
            !matches!(
                join.join_operator,
                JoinOperator::Right(_) | JoinOperator::RightOuter(_) | JoinOperator::FullOuter(_)
            )
        });
        joined.map(|join| &join.relation).chain(keeps_base.then_some(&from.relation))
    });
    let named = |factor: &TableFactor| match factor {
        TableFactor::Table { name, .. } => is_always_empty(&last_word(name).to_lowercase()),
        _ => false,
    };
    let columns = select
        .projection
        .iter()
        .all(|item| matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. }));
    let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    { inner }.any(named) && columns && (grouped || !aggregates(&select.projection))
}

/// An aggregate without groups has one row, of nothing too.
fn aggregates(projection: &[SelectItem]) -> bool {
    const AGGREGATES: &[&str] =
        &["count", "sum", "min", "max", "avg", "array_agg", "string_agg", "bool_or", "bool_and", "every"];
    #[derive(Default)]
    struct Finder {
        found: bool,
        /// What a subquery aggregates is its own.
        subqueries: usize,
    }
    impl Visitor for Finder {
        type Break = ();
        fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
            self.subqueries += 1;
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
            self.subqueries -= 1;
            ControlFlow::Continue(())
        }
        fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
            if let Expr::Function(function) = expression
                && self.subqueries == 0
            {
                self.found |= AGGREGATES.contains(&last_word(&function.name).to_lowercase().as_str());
            }
            ControlFlow::Continue(())
        }
    }
    let mut finder = Finder::default();
    for item in projection {
        let _never_breaks = item.visit(&mut finder);
    }
    finder.found
}

fn empty(select: &mut Select) {
    for (at, item) in select.projection.iter_mut().enumerate() {
        let name = item_name(item).unwrap_or_default();
        let repeated = format!("__{at}");
        let alias =
            if name == "?column?" || name.is_empty() { Ident::new(repeated) } else { Ident::with_quote('"', name) };
        *item = SelectItem::ExprWithAlias { expr: null(), alias };
    }
    name_apart(&mut select.projection);
    select.from.clear();
    select.selection = Some(Expr::value(Value::Boolean(false)));
    select.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
    select.having = None;
    select.distinct = None;
}

/// Gives an expression that is there twice another name the second time; plain columns know their tables.
fn name_apart(projection: &mut [SelectItem]) {
    let mut seen = HashSet::new();
    for (at, item) in projection.iter_mut().enumerate() {
        match item {
            // A column of a table is known apart from those of others.
            SelectItem::UnnamedExpr(column @ Expr::CompoundIdentifier(_)) => drop(seen.insert(column.to_string())),
            SelectItem::UnnamedExpr(expression) if !seen.insert(without_casts(expression).to_string()) => {
                let (expr, alias) = (take(expression), Ident::new(format!("__{at}")));
                *item = SelectItem::ExprWithAlias { expr, alias };
            }
            SelectItem::ExprWithAlias { alias, .. } if !seen.insert(alias.value.clone()) => {
                *alias = Ident::new(format!("__{at}"));
            }
            _ => {}
        }
    }
}

/// The planner calls a cast by the name of what is cast.
fn without_casts(mut expression: &Expr) -> &Expr {
    while let Expr::Cast { expr, .. } = expression {
        expression = expr;
    }
    expression
}

fn two_parts(name: &ObjectName) -> Option<(String, String)> {
    match name.0.as_slice() {
        [schema, last] => Some((schema.as_ident()?.value.clone(), last.as_ident()?.value.clone())),
        _ => None,
    }
}

fn last_word(name: &ObjectName) -> &str {
    name.0.last().and_then(|part| part.as_ident()).map_or("", |ident| ident.value.as_str())
}

fn null() -> Expr {
    Expr::value(Value::Null)
}

fn take(expression: &mut Expr) -> Expr {
    std::mem::replace(expression, null())
}

fn text_null() -> Expr {
    cast_to(null(), DataType::Text)
}

fn cast_to(expression: Expr, data_type: DataType) -> Expr {
    Expr::Cast { kind: CastKind::Cast, expr: Box::new(expression), data_type, array: false, format: None }
}

fn string(text: &str) -> Expr {
    Expr::value(Value::SingleQuotedString(text.to_owned()))
}

fn number(number: i64) -> Expr {
    Expr::value(Value::Number(number.to_string(), false))
}

fn array(texts: &[&str]) -> Expr {
    let elem = texts.iter().map(|text| string(text)).collect();
    Expr::Array(datafusion::sql::sqlparser::ast::Array { elem, named: true })
}

fn in_list(expression: Expr, list: Vec<Expr>, negated: bool) -> Expr {
    if list.is_empty() {
        return Expr::value(Value::Boolean(negated));
    }
    Expr::InList { expr: Box::new(expression), list, negated }
}

/// The elements of an array that is written out.
fn listed(expression: &Expr) -> Option<Vec<Expr>> {
    match expression {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => listed(inner),
        Expr::Array(array) => Some(array.elem.clone()),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => {
                super::bind::array_elements(text).map(|texts| texts.iter().flatten().map(|text| string(text)).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

fn text_argument(function: &Function, at: usize) -> Option<String> {
    let FunctionArguments::List(FunctionArgumentList { args, .. }) = &function.args else { return None };
    match args.get(at)? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => text_of(expression),
        _ => None,
    }
}

fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        Expr::Cast { expr, .. } => text_of(expr),
        _ => None,
    }
}

fn plain_operator(op: &BinaryOperator) -> Option<BinaryOperator> {
    let BinaryOperator::PGCustomBinaryOperator(parts) = op else { return None };
    Some(match parts.last()?.as_str() {
        "~" => BinaryOperator::PGRegexMatch,
        "~*" => BinaryOperator::PGRegexIMatch,
        "!~" => BinaryOperator::PGRegexNotMatch,
        "!~*" => BinaryOperator::PGRegexNotIMatch,
        "=" => BinaryOperator::Eq,
        "<>" | "!=" => BinaryOperator::NotEq,
        "<" => BinaryOperator::Lt,
        "<=" => BinaryOperator::LtEq,
        ">" => BinaryOperator::Gt,
        ">=" => BinaryOperator::GtEq,
        "||" => BinaryOperator::StringConcat,
        "+" => BinaryOperator::Plus,
        "-" => BinaryOperator::Minus,
        _ => return None,
    })
}

/// The last word of a type's name, in lower case.
fn type_word(data_type: &DataType) -> String {
    match data_type {
        DataType::Custom(name, _) => last_word(name).to_lowercase(),
        DataType::Regclass => "regclass".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

/// Casts to types that only PostgreSQL has.
fn cast(expression: &mut Expr) {
    let Expr::Cast { expr, data_type, .. } = expression else { return };
    let (word, text) = (type_word(data_type), text_of(expr));
    let mut inner = || take(expr);
    let replaced = match word.as_str() {
        "regclass" => regclass(inner()),
        "regtype" => match text.and_then(|name| type_oid(&name)) {
            Some(oid) => number(i64::from(oid)),
            None => call("format_type", vec![inner(), null()]),
        },
        "regnamespace" => string("public"),
        "oid" | "xid" | "cid" => cast_to(inner(), DataType::BigInt(None)),
        // The planner turns a text beside an id into its bytes; a cast in between would make it compare texts.
        "uuid" if text.is_some() => inner(),
        "uuid" | "json" | "jsonb" | "name" | "text" | "char" | "bpchar" | "regproc" | "regprocedure" | "regoper"
        | "regrole" | "inet" | "cidr" | "xml" | "citext" | "sql_identifier" | "character_data" | "cstring"
        | "unknown" | "pg_node_tree" => cast_to(inner(), DataType::Text),
        "int2" => cast_to(inner(), DataType::SmallInt(None)),
        "int4" => cast_to(inner(), DataType::Integer(None)),
        "int8" | "cardinal_number" => cast_to(inner(), DataType::BigInt(None)),
        _ => return,
    };
    *expression = replaced;
}

fn type_oid(name: &str) -> Option<u32> {
    let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
    crate::pg_types::ALL.iter().find(|kind: &&PgType| kind.name == name || kind.title == name).map(|kind| kind.oid)
}

fn regclass(inner: Expr) -> Expr {
    match text_of(&inner) {
        Some(name) if name.parse::<i64>().is_err() => to_regclass(&name),
        _ => call(REGCLASS, vec![inner]),
    }
}

fn to_regclass(name: &str) -> Expr {
    let plain = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
    relation_oid(plain).map_or_else(|| cast_to(null(), DataType::BigInt(None)), number)
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let args = arguments.into_iter().map(|one| FunctionArg::Unnamed(FunctionArgExpr::Expr(one))).collect();
    let list = FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() };
    Expr::Function(Function {
        name: ObjectName::from(Ident::new(name)),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(list),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::parser::Parser;

    use super::*;

    const SESSION: &[(&str, &str)] = &[("version_text", "PostgreSQL 15"), ("timezone", "UTC")];

    fn parsed(sql: &str) -> Statement {
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, sql).expect(sql);
        parsed.into_iter().next().expect("one statement")
    }

    fn rewritten(sql: &str) -> String {
        let mut statement = parsed(sql);
        rewrite(&mut statement, &Session { database: "shop".to_owned(), settings: SESSION });
        statement.to_string()
    }

    #[test]
    fn answers_that_no_row_changes_are_written_down() {
        for (sql, expected) in [
            ("SELECT version()", "SELECT 'PostgreSQL 15'"),
            ("SELECT pg_catalog.current_database()", "SELECT 'shop'"),
            ("SELECT current_setting('TimeZone')", "SELECT 'UTC'"),
            ("SELECT to_regclass('public.audit_logs'), to_regclass('x')", "SELECT 16384, CAST(NULL AS BIGINT)"),
            ("SELECT a OPERATOR(pg_catalog.~) '^b$' COLLATE pg_catalog.default FROM t", "SELECT a ~ '^b$' FROM t"),
            ("SELECT 'logs'::pg_catalog.regclass::oid", "SELECT CAST(16385 AS BIGINT)"),
            ("SELECT x = ANY('{7,8}') FROM t", "SELECT x IN ('7', '8') FROM t"),
            ("SELECT NULL, NULL, 1, 1", "SELECT NULL, NULL AS __1, 1, 1 AS __3"),
            (
                "SELECT a, a::text, NULL::text, NULL FROM t",
                "SELECT a, CAST(a AS TEXT) AS __1, CAST(NULL AS TEXT), NULL AS __3 FROM t",
            ),
            ("SELECT a FROM information_schema.tables", "SELECT a FROM pg_catalog.__information_tables tables"),
        ] {
            assert_eq!(rewritten(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_select_on_a_table_without_rows_computes_nothing() {
        assert_eq!(
            rewritten("SELECT p.polname, f(p.x) FROM pg_catalog.pg_policy p WHERE p.polrelid = '1' ORDER BY f(p.y)"),
            "SELECT NULL AS \"polname\", NULL AS \"f\" WHERE false"
        );
        assert_eq!(
            rewritten("SELECT a, (SELECT d.adbin FROM pg_attrdef d WHERE d.adrelid = a) FROM t"),
            "SELECT a, NULL FROM t"
        );
        let outside = "SELECT c.oid FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid";
        assert_eq!(rewritten(outside), outside);
        assert_eq!(rewritten("SELECT count(*) FROM pg_index"), "SELECT count(*) FROM pg_index");
        let inside = "SELECT (SELECT string_agg(a, ',') FROM t) FROM pg_publication_rel";
        assert!(rewritten(inside).ends_with("WHERE false"), "{}", rewritten(inside));
    }

    #[test]
    fn columns_are_called_as_postgresql_calls_them() {
        let names = |sql: &str| column_names(&parsed(sql)).expect("every column has one").join(" ");
        assert_eq!(
            names("SELECT COUNT(*), MAX(timestamp), 1, a.b, x::text, 1 AS Y FROM t"),
            "count max ?column? b x y"
        );
        assert_eq!(column_names(&parsed("SELECT *, 1 FROM t")), None);
    }
}
