//! What SQL over the PostgreSQL wire needs of the engine: its commands, its parameters, its types and its catalog.
//!
//! A question goes the way of every other, with the same visibility and limits; around it stand translations. The
//! bytes of the protocol, sessions and sign-in are the server's.
//!
//! ```text
//! text → command → bind → rewrite → Engine → rows → value
//! ```
//!
//! Modules, top to bottom: each imports only those below it.

mod rewrite;
mod bind;
mod command;
mod value;

use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement as Parsed;
use datafusion::sql::sqlparser::ast::{Expr, Value};

use crate::engine::Engine;
use crate::error::Error;
use crate::pg_types::{self, PgType};
use crate::rows::{Limits, Rows};
use crate::statement::Question;
use crate::visibility::Visibility;

pub use bind::{PARAMETERS_MAX, Parameter};
pub use command::{Command, CopyFormat, Statement, commands};
pub use rewrite::Session;
pub use value::{Columns, Form};

/// One column of an answer as a client is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnTitle {
    pub name: String,
    pub kind: PgType,
}

/// A question that runs.
pub struct Asked {
    pub rows: Rows,
    pub columns: Vec<ColumnTitle>,
}

/// What can be said of a question before it has its parameters.
#[derive(Clone, Debug)]
pub struct Description {
    pub parameters: Vec<PgType>,
    pub columns: Vec<ColumnTitle>,
}

impl Statement {
    /// How many parameters it has.
    pub fn parameter_count(&self) -> Result<usize, Error> {
        bind::count(&self.0)
    }
}

impl Engine {
    /// Runs a question of a PostgreSQL client.
    pub async fn ask_postgres(
        &self,
        statement: &Statement,
        parameters: &[Parameter],
        session: &Session,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<Asked, Error> {
        let mut sql = statement.0.clone();
        bind::bind(&mut sql, parameters)?;
        rewrite::rewrite(&mut sql, session);
        let question =
            Question::of(Parsed::Statement(Box::new(sql)))?.for_database(&session.database, session.settings);
        let rows = self.answer(question, limits, visibility).await?;
        let columns = titles(statement, rows.schema());
        Ok(Asked { rows, columns })
    }

    /// Types of parameters and columns. `declared` are the numbers of types that the client gave, 0 for those that it
    /// leaves open.
    pub async fn describe_postgres(
        &self,
        statement: &Statement,
        declared: &[u32],
        session: &Session,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<Description, Error> {
        let count = bind::count(&statement.0)?;
        let declared = |at: usize| declared.get(at - 1).copied().filter(|oid| *oid != 0);
        let known = |at: usize| declared(at).map(|oid| PgType::from_oid(oid).unwrap_or(pg_types::TEXT));
        let open = self.planned_postgres(statement, |at| known(at).map(bind::typed_null), session, limits, visibility);
        let (plan, inferred) = match open.await {
            Ok(plan) => {
                let inferred = plan.get_parameter_types().unwrap_or_default();
                (plan, inferred)
            }
            Err(error) if count == 0 => return Err(error),
            Err(error) => {
                // Where the planner cannot do without a type, an open parameter is a text.
                let text = |at| Some(bind::typed_null(known(at).unwrap_or(pg_types::TEXT)));
                let null = |_| Some(Expr::value(Value::Null));
                let closed = self.planned_postgres(statement, text, session, limits, visibility).await;
                let closed = match closed {
                    Ok(plan) => Ok(plan),
                    Err(_) => self.planned_postgres(statement, null, session, limits, visibility).await,
                };
                (closed.map_err(|_| error)?, Default::default())
            }
        };
        let parameter = |at: usize| {
            let inferred = inferred.get(&format!("${at}")).cloned().flatten();
            known(at).unwrap_or_else(|| inferred.map_or(pg_types::TEXT, |kind| pg_types::parameter_type(&kind)))
        };
        let columns = titles(statement, plan.schema().as_arrow());
        Ok(Description { parameters: (1..=count).map(parameter).collect(), columns })
    }

    async fn planned_postgres(
        &self,
        statement: &Statement,
        with: impl Fn(usize) -> Option<Expr>,
        session: &Session,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<LogicalPlan, Error> {
        let mut sql = statement.0.clone();
        bind::replace(&mut sql, with);
        rewrite::rewrite(&mut sql, session);
        let question =
            Question::of(Parsed::Statement(Box::new(sql)))?.for_database(&session.database, session.settings);
        self.planned(question, limits, visibility).await
    }
}

/// The columns of a plan under the names that the question gives them.
fn titles(statement: &Statement, schema: &arrow::datatypes::Schema) -> Vec<ColumnTitle> {
    let names = rewrite::column_names(&statement.0).filter(|names| names.len() == schema.fields().len());
    let title = |(at, field): (usize, &std::sync::Arc<arrow::datatypes::Field>)| ColumnTitle {
        name: names.as_ref().map_or_else(|| field.name().clone(), |names| names[at].clone()),
        kind: pg_types::column_type(field),
    };
    schema.fields().iter().enumerate().map(title).collect()
}
