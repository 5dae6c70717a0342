//! The tables and views of one question, as far as its caller may read them.
//!
//! One catalog `whodunit` with one schema `public`. Alias columns are there when a question names them: the table is
//! then planned as a projection over itself, which costs nothing when it runs.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, CatalogProviderList, SchemaProvider, TableProvider};
use datafusion::datasource::ViewTable;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use whodunit_model::Table;

use crate::error::Error;
use crate::pg_catalog::{self, PG_CATALOG};
use crate::pg_types::{self, PgType};
use crate::sources;
use crate::statement::{Database, Mentions, Question};
use crate::table::{SignalTable, Source};
use crate::views::{ALIASES, SOURCES, View, alias_list};

pub const CATALOG: &str = "whodunit";
pub const SCHEMA: &str = "public";

/// What one question can name.
#[derive(Clone)]
pub struct QuestionCatalog {
    source: Arc<Source>,
    mentions: Arc<Mentions>,
    /// Plans the SQL of views; has no tables of its own.
    planner: Arc<SessionState>,
    aliases: Aliases,
    /// For a PostgreSQL client: `pg_catalog` exists.
    database: Option<Database>,
}

/// Whether tables offer alias columns: not while an alias projection itself is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aliases {
    Offered,
    Left,
}

impl QuestionCatalog {
    pub fn new(
        source: Arc<Source>,
        mentions: Mentions,
        planner: Arc<SessionState>,
        database: Option<Database>,
    ) -> QuestionCatalog {
        QuestionCatalog { source, mentions: Arc::new(mentions), planner, aliases: Aliases::Offered, database }
    }

    /// A table of `pg_catalog`. What a caller may not read is not listed in it either.
    async fn pg_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let Some(database) = &self.database else { return Ok(None) };
        if !pg_catalog::is_catalog_table(name) {
            return Ok(None);
        }
        let everything = QuestionCatalog {
            mentions: Arc::new(Mentions::default().with_star()),
            aliases: Aliases::Left,
            ..self.clone()
        };
        let mut relations = Vec::new();
        for known in self.table_names() {
            let (table, view) = (Table::from_name(&known), View::from_name(&known));
            let sources = (known == SOURCES).then_some(SOURCES);
            let Some(name) = table.map(Table::name).or_else(|| view.map(View::name)).or(sources) else { continue };
            let Some(provider) = everything.table(name).await? else { continue };
            let columns = listed_columns(&provider.schema());
            relations.push(pg_catalog::Relation { name, is_view: view.is_some(), columns });
        }
        let facts = pg_catalog::Facts { database: &database.name, relations: &relations, settings: database.settings };
        pg_catalog::table(name, &facts)
    }

    async fn signal(&self, table: Table) -> Result<Arc<dyn TableProvider>> {
        self.source.visibility.require(table).map_err(Error::into_datafusion)?;
        let provider = SignalTable::new(self.source.clone(), table, &self.mentions);
        if self.aliases == Aliases::Left {
            return Ok(Arc::new(provider));
        }
        let schema = provider.schema();
        let has = |column: &str| schema.index_of(column).is_ok();
        let name = table.name();
        match alias_list(&self.mentions, has) {
            None => Ok(Arc::new(provider)),
            Some(aliases) => {
                let catalog = QuestionCatalog { aliases: Aliases::Left, ..self.clone() };
                catalog.view(&format!("SELECT {name}.*, {aliases} FROM {name}")).await
            }
        }
    }

    async fn view(&self, sql: &str) -> Result<Arc<dyn TableProvider>> {
        let question = Question::parse(sql).map_err(Error::into_datafusion)?;
        let mut state = self.planner.as_ref().clone();
        state.register_catalog_list(Arc::new(self.clone()));
        let statement = question.into_statement(&Default::default(), |_| true);
        let plan = state.statement_to_plan(statement).await?;
        Ok(Arc::new(ViewTable::new(plan, Some(sql.to_owned()))))
    }

    async fn named_view(&self, view: View) -> Result<Arc<dyn TableProvider>> {
        let Some(sql) = view.sql(&self.source.visibility, &self.mentions) else {
            return Err(Error::forbidden(format!("{} may not be read with these credentials", view.name()))
                .with_field(view.name())
                .into_datafusion());
        };
        // Views name fixed columns only, so their tables offer no attributes, whatever else the question mentions.
        let catalog =
            QuestionCatalog { aliases: Aliases::Left, mentions: Arc::new(Mentions::default()), ..self.clone() };
        catalog.view(&sql).await
    }
}

/// The columns of a table and, behind them, the other names that some of them answer to.
fn listed_columns(schema: &Schema) -> Vec<(String, PgType, bool)> {
    let column = |field: &Arc<Field>| (field.name().clone(), pg_types::column_type(field), field.is_nullable());
    let mut columns: Vec<_> = schema.fields().iter().map(column).collect();
    for (alias, of) in ALIASES {
        if let Ok(field) = schema.field_with_name(of)
            && schema.field_with_name(alias).is_err()
        {
            columns.push(((*alias).to_owned(), pg_types::column_type(field), field.is_nullable()));
        }
    }
    columns
}

/// `pg_catalog` as a schema; all of its tables are made by the catalog.
#[derive(Clone)]
struct PgSchema(QuestionCatalog);

impl std::fmt::Debug for PgSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgSchema")
    }
}

#[async_trait]
impl SchemaProvider for PgSchema {
    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.0.pg_table(name).await
    }

    fn table_exist(&self, name: &str) -> bool {
        pg_catalog::is_catalog_table(name)
    }
}

impl std::fmt::Debug for QuestionCatalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QuestionCatalog")
    }
}

impl CatalogProviderList for QuestionCatalog {
    fn register_catalog(&self, _name: String, _catalog: Arc<dyn CatalogProvider>) -> Option<Arc<dyn CatalogProvider>> {
        None
    }

    fn catalog_names(&self) -> Vec<String> {
        vec![CATALOG.to_owned()]
    }

    fn catalog(&self, name: &str) -> Option<Arc<dyn CatalogProvider>> {
        (name == CATALOG).then(|| Arc::new(self.clone()) as Arc<dyn CatalogProvider>)
    }
}

impl CatalogProvider for QuestionCatalog {
    fn schema_names(&self) -> Vec<String> {
        vec![SCHEMA.to_owned()]
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        if name == PG_CATALOG && self.database.is_some() {
            return Some(Arc::new(PgSchema(self.clone())));
        }
        (name == SCHEMA).then(|| Arc::new(self.clone()) as Arc<dyn SchemaProvider>)
    }
}

#[async_trait]
impl SchemaProvider for QuestionCatalog {
    fn table_names(&self) -> Vec<String> {
        let visibility = &self.source.visibility;
        let tables = Table::ALL.into_iter().filter(|table| visibility.reads(*table)).map(Table::name);
        let readable = |view: &View| view.tables().iter().any(|table| visibility.reads(*table));
        let views = View::ALL.into_iter().filter(readable).map(View::name);
        let sources = visibility.reads(Table::Logs) || visibility.reads(Table::AuditLogs);
        tables.chain(views).chain(sources.then_some(SOURCES)).map(str::to_owned).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if let Some(table) = Table::from_name(name) {
            return self.signal(table).await.map(Some);
        }
        if name == SOURCES {
            return sources::provider(&self.source).map(Some);
        }
        match View::from_name(name) {
            Some(view) => self.named_view(view).await.map(Some),
            // PostgreSQL finds its catalog without its name before it.
            None => self.pg_table(name).await,
        }
    }

    fn table_exist(&self, name: &str) -> bool {
        Table::from_name(name).is_some() || View::from_name(name).is_some() || name == SOURCES
    }
}
