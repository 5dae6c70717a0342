//! The tables and views of one question, as far as its caller may read them.
//!
//! One catalog `whodunit` with one schema `public`. Alias columns are there when a question names them: the table is
//! then planned as a projection over itself, which costs nothing when it runs.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, CatalogProviderList, SchemaProvider, TableProvider};
use datafusion::datasource::ViewTable;
use datafusion::error::Result;
use datafusion::execution::SessionState;
use whodunit_model::Table;

use crate::error::Error;
use crate::statement::{Mentions, Question};
use crate::table::{SignalTable, Source};
use crate::views::{View, alias_list};

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
}

/// Whether tables offer alias columns: not while an alias projection itself is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aliases {
    Offered,
    Left,
}

impl QuestionCatalog {
    pub fn new(source: Arc<Source>, mentions: Mentions, planner: Arc<SessionState>) -> QuestionCatalog {
        QuestionCatalog { source, mentions: Arc::new(mentions), planner, aliases: Aliases::Offered }
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
        tables.chain(views).map(str::to_owned).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if let Some(table) = Table::from_name(name) {
            return self.signal(table).await.map(Some);
        }
        match View::from_name(name) {
            Some(view) => self.named_view(view).await.map(Some),
            None => Ok(None),
        }
    }

    fn table_exist(&self, name: &str) -> bool {
        Table::from_name(name).is_some() || View::from_name(name).is_some()
    }
}
