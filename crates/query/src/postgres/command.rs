//! What a PostgreSQL client sends in one text: questions, and the commands around them that change nothing here.
//!
//! A text may hold many statements. Those that would change data are known by kind, so that the refusal can say what
//! PostgreSQL says in a read-only transaction.

use datafusion::sql::sqlparser::ast::{
    CopyOption, CopySource, CopyTarget, Expr, Query, Reset, Set, SetSessionParamKind, Statement as Sql, Value,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use whodunit_stdx::ErrorKind;

use crate::error::Error;
use crate::statement::{PREFIXES_MAX, SQL_BYTES_MAX, check_nesting};

/// One statement of a text.
#[derive(Clone, Debug)]
pub enum Command {
    /// Asks for rows.
    Ask(Statement),
    /// `COPY (question) TO STDOUT`.
    Copy {
        question: Statement,
        format: CopyFormat,
        header: bool,
    },
    Begin,
    Commit,
    Rollback,
    /// Savepoints: accepted, since nothing is ever rolled back.
    Savepoint(&'static str),
    Set {
        name: String,
        value: String,
    },
    Reset {
        name: Option<String>,
    },
    Show {
        name: String,
    },
    /// `DISCARD ALL` and the like, by its tag.
    Discard(&'static str),
    /// `DEALLOCATE name`; `None` for all.
    Deallocate {
        name: Option<String>,
    },
    /// Would change something; the word that its refusal names.
    Change {
        word: String,
    },
    /// Known, and not done here.
    Unsupported {
        word: String,
    },
}

/// A statement that was parsed for PostgreSQL clients.
#[derive(Clone, Debug)]
pub struct Statement(pub(super) Sql);

/// How a copy writes its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyFormat {
    Text,
    Csv,
    Binary,
}

/// The statements of a text in order; none for an empty one.
pub fn commands(sql: &str) -> Result<Vec<Command>, Error> {
    if sql.len() > SQL_BYTES_MAX {
        let error = Error::new(ErrorKind::TooLarge, "the SQL is longer than 1 MiB");
        return Err(error.with_limit("sql_bytes"));
    }
    check_nesting(sql)?;
    let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(PREFIXES_MAX);
    let statements = parser.try_with_sql(sql).and_then(|mut parser| parser.parse_statements());
    let statements = statements.map_err(datafusion::error::DataFusionError::from)?;
    statements.into_iter().map(command).collect()
}

fn command(statement: Sql) -> Result<Command, Error> {
    Ok(match statement {
        Sql::Query(_) | Sql::Explain { .. } | Sql::ExplainTable { .. } | Sql::ShowTables { .. } => {
            Command::Ask(Statement(statement))
        }
        Sql::ShowColumns { .. } => Command::Ask(Statement(statement)),
        Sql::StartTransaction { .. } => Command::Begin,
        Sql::Commit { .. } => Command::Commit,
        Sql::Rollback { savepoint: None, .. } => Command::Rollback,
        Sql::Rollback { .. } => Command::Savepoint("ROLLBACK"),
        Sql::Savepoint { .. } => Command::Savepoint("SAVEPOINT"),
        Sql::ReleaseSavepoint { .. } => Command::Savepoint("RELEASE"),
        Sql::Set(set) => assignment(set),
        Sql::Reset(reset) => match reset.reset {
            Reset::ALL => Command::Reset { name: None },
            Reset::ConfigurationParameter(name) => Command::Reset { name: Some(name.to_string().to_lowercase()) },
        },
        Sql::ShowVariable { variable } => {
            let words: Vec<String> = variable.iter().map(|word| word.value.to_lowercase()).collect();
            Command::Show { name: words.join(" ") }
        }
        Sql::ShowVariables { .. } => Command::Show { name: "all".to_owned() },
        Sql::Discard { object_type } => match object_type.to_string().as_str() {
            "ALL" => Command::Discard("DISCARD ALL"),
            "PLANS" => Command::Discard("DISCARD PLANS"),
            "SEQUENCES" => Command::Discard("DISCARD SEQUENCES"),
            _ => Command::Discard("DISCARD TEMP"),
        },
        Sql::Deallocate { name, .. } => {
            let all = name.quote_style.is_none() && name.value.eq_ignore_ascii_case("all");
            Command::Deallocate { name: (!all).then_some(name.value) }
        }
        Sql::UNLISTEN { .. } => Command::Discard("UNLISTEN"),
        Sql::Copy { source, to: true, target: CopyTarget::Stdout, options, legacy_options, .. } => {
            if !legacy_options.is_empty() {
                return Err(Error::invalid("COPY takes its options in parentheses: WITH (FORMAT csv, HEADER)"));
            }
            copy(source, &options)?
        }
        other => {
            let word = first_words(&other);
            match other {
                Sql::Prepare { .. } | Sql::Execute { .. } | Sql::Declare { .. } | Sql::Fetch { .. } => {
                    Command::Unsupported { word }
                }
                Sql::Close { .. } | Sql::LISTEN { .. } => Command::Unsupported { word },
                _ => Command::Change { word },
            }
        }
    })
}

fn first_words(statement: &Sql) -> String {
    let text = statement.to_string();
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().to_uppercase();
    match (first.as_str(), words.next()) {
        ("CREATE" | "DROP" | "ALTER", Some(second)) => format!("{first} {}", second.to_uppercase()),
        _ => first,
    }
}

fn assignment(set: Set) -> Command {
    let set_to = |name: &str, value: String| Command::Set { name: name.to_lowercase(), value };
    match set {
        Set::SingleAssignment { variable, values, .. } => {
            let values: Vec<String> = values.iter().map(plain).collect();
            set_to(&variable.to_string(), values.join(", "))
        }
        Set::SetTimeZone { value, .. } => set_to("timezone", plain(&value)),
        Set::SetNames { charset_name, .. } => set_to("client_encoding", charset_name.value),
        Set::SetSessionParam(SetSessionParamKind::Generic(generic)) => {
            let name: Vec<String> = generic.names.iter().map(ToString::to_string).collect();
            set_to(&name.join(" "), generic.value)
        }
        // Transaction modes, roles and the like: nothing here depends on them.
        other => set_to("transaction", other.to_string()),
    }
}

/// The value of a setting without its quotes.
fn plain(expression: &Expr) -> String {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => text.clone(),
            other => other.to_string(),
        },
        Expr::Identifier(ident) => ident.value.clone(),
        other => other.to_string(),
    }
}

fn copy(source: CopySource, options: &[CopyOption]) -> Result<Command, Error> {
    let (mut format, mut header) = (CopyFormat::Text, false);
    for option in options {
        match option {
            CopyOption::Format(name) => {
                format = match name.value.to_lowercase().as_str() {
                    "text" => CopyFormat::Text,
                    "csv" => CopyFormat::Csv,
                    "binary" => CopyFormat::Binary,
                    other => {
                        return Err(Error::invalid(format!(
                            "COPY has no format {other:?}; there is text, csv and binary"
                        )));
                    }
                }
            }
            CopyOption::Header(on) => header = *on,
            other => return Err(Error::invalid(format!("COPY does not take the option {other} here"))),
        }
    }
    let question = match source {
        CopySource::Query(query) => Sql::Query(query),
        CopySource::Table { table_name, columns } => {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            let columns = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
            Sql::Query(parsed(&format!("SELECT {columns} FROM {table_name}"))?)
        }
    };
    Ok(Command::Copy { question: Statement(question), format, header })
}

fn parsed(sql: &str) -> Result<Box<Query>, Error> {
    let parsed = Parser::new(&PostgreSqlDialect {}).try_with_sql(sql).and_then(|mut parser| parser.parse_query());
    Ok(parsed.map_err(datafusion::error::DataFusionError::from)?)
}

impl Command {
    /// The tag with which its end is announced; that of a question has its number of rows behind it.
    pub fn tag(&self) -> &str {
        match self {
            Command::Ask(Statement(Sql::Explain { .. })) => "EXPLAIN",
            Command::Ask(_) => "SELECT",
            Command::Copy { .. } => "COPY",
            Command::Begin => "BEGIN",
            Command::Commit => "COMMIT",
            Command::Rollback => "ROLLBACK",
            Command::Savepoint(tag) | Command::Discard(tag) => tag,
            Command::Set { .. } => "SET",
            Command::Reset { .. } => "RESET",
            Command::Show { .. } => "SHOW",
            Command::Deallocate { name: Some(_) } => "DEALLOCATE",
            Command::Deallocate { name: None } => "DEALLOCATE ALL",
            Command::Change { word } | Command::Unsupported { word } => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(sql: &str) -> Vec<String> {
        let commands = commands(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        commands.iter().map(|command| command.tag().to_owned()).collect()
    }

    #[test]
    fn what_drivers_send_around_their_questions_is_known() {
        for (sql, expected) in [
            ("", ""),
            (";", ""),
            ("SELECT 1; SELECT 2", "SELECT SELECT"),
            ("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; COMMIT", "BEGIN COMMIT"),
            ("START TRANSACTION READ ONLY", "BEGIN"),
            ("ROLLBACK", "ROLLBACK"),
            ("SAVEPOINT a", "SAVEPOINT"),
            ("ROLLBACK TO SAVEPOINT a", "ROLLBACK"),
            ("SET extra_float_digits = 3", "SET"),
            ("SET application_name = 'psql'", "SET"),
            ("SET TIME ZONE 'UTC'", "SET"),
            ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET"),
            ("SET search_path TO public, pg_catalog", "SET"),
            ("SHOW server_version", "SHOW"),
            ("SHOW TRANSACTION ISOLATION LEVEL", "SHOW"),
            ("RESET ALL", "RESET"),
            ("DISCARD ALL", "DISCARD ALL"),
            ("DEALLOCATE ALL", "DEALLOCATE ALL"),
            ("DEALLOCATE \"all\"", "DEALLOCATE"),
            ("COPY (SELECT 1) TO STDOUT (FORMAT \"binary\")", "COPY"),
            ("COPY logs (body) TO STDOUT WITH (FORMAT csv, HEADER)", "COPY"),
        ] {
            assert_eq!(tags(sql).join(" "), expected, "{sql}");
        }
    }

    #[test]
    fn what_would_change_something_is_a_change() {
        for sql in [
            "INSERT INTO logs VALUES (1)",
            "UPDATE logs SET body = ''",
            "DELETE FROM logs",
            "DROP TABLE logs",
            "CREATE TABLE a (b int)",
            "TRUNCATE logs",
            "COPY logs FROM STDIN",
            "COPY logs TO '/tmp/x'",
        ] {
            let commands = commands(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            assert!(matches!(&commands[..], [Command::Change { .. }]), "{sql}: {commands:?}");
        }
        assert!(commands("COPY logs TO STDOUT (FORMAT parquet)").is_err());
        assert!(commands("SELEC 1").is_err());
    }
}
