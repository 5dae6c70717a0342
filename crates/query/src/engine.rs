//! The engine: a question, a visibility and limits go in, rows come out.
//!
//! Functions, rules and options are set up once. A question gets a clone of that state with a catalog over one
//! snapshot, so that all its tables show the same moment, and a memory pool of its own under the process's limit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::DefaultTableSource;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder, TaskContext};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::optimizer::Analyzer;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionConfig;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use whodunit_api::query::Statistics;
use whodunit_model::{Sources, Table};
use whodunit_stdx::{ErrorKind, Instant, Limit, World};
use whodunit_store::Store;

use crate::analyzer::IdsAsText;
use crate::catalog::{CATALOG, QuestionCatalog, SCHEMA};
use crate::cooperate::{KeepDeclaredOrder, YieldInJoins};
use crate::error::{Error, LIMIT_MEMORY};
use crate::functions;
use crate::names;
use crate::newest::{NewestFirst, signal_table};
use crate::pg_functions;
use crate::pool::LimitPool;
use crate::rollup::{self, CountByRollup};
use crate::rows::{Limits, Rows, Running, too_slow};
use crate::searched::{either, searched};
use crate::statement::{Database, Mentions, Question};
use crate::table::prune::Prune;
use crate::table::{Source, TimeRange, attribute_names};
use crate::visibility::Visibility;

/// Everything about questions that can be set. Every default stands in `docs/limits.md`.
#[derive(Clone, Debug)]
pub struct QuerySettings {
    /// For questions that do not say otherwise.
    pub limits: Limits,
    /// The most that a question may ask for.
    pub limits_max: Limits,
    /// Questions that run at once; more wait within their own time.
    pub queries_max: usize,
    /// Cores that one question may keep busy.
    pub cores: usize,
}

impl Default for QuerySettings {
    fn default() -> QuerySettings {
        let memory = 256 << 20;
        QuerySettings {
            limits: Limits { time: Duration::from_secs(30), rows: 10_000, memory },
            limits_max: Limits { time: Duration::from_secs(300), rows: 1_000_000, memory },
            queries_max: 32,
            cores: std::thread::available_parallelism().map_or(2, |cores| cores.get()),
        }
    }
}

/// One SQL question.
#[derive(Clone, Debug)]
pub struct SqlRequest {
    pub query: String,
    pub limits: Limits,
}

/// Answers questions over a store. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    world: World,
    memory: Limit,
    settings: QuerySettings,
    sources: Sources,
    state: Arc<SessionState>,
    runtime: Arc<RuntimeEnv>,
    places: Arc<Semaphore>,
}

/// A question that is being planned: one snapshot, one caller.
pub(crate) struct Asking {
    pub source: Arc<Source>,
    pub state: SessionState,
    pub started: Instant,
    place: Arc<OwnedSemaphorePermit>,
}

impl Asking {
    /// What the answer cost up to now.
    pub fn statistics(&self, world: &World, tables: &[Table]) -> Statistics {
        Statistics {
            elapsed_ms: world.instant().since(self.started).as_secs_f64() * 1e3,
            tables: tables.iter().map(|table| table.name().to_owned()).collect(),
            ..Statistics::default()
        }
    }
}

impl Engine {
    /// `sources` are told of where they filled the tables that have no rows to answer with.
    pub fn new(store: Store, world: World, memory: Limit, settings: QuerySettings, sources: Sources) -> Engine {
        let runtime = Arc::new(runtime());
        let state = Arc::new(session_state(&settings, runtime.clone()));
        let places = Arc::new(Semaphore::new(settings.queries_max));
        Engine(Arc::new(Inner { store, world, memory, settings, sources, state, runtime, places }))
    }

    pub fn settings(&self) -> &QuerySettings {
        &self.0.settings
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn state(&self) -> &Arc<SessionState> {
        &self.0.state
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    /// The question of a request over HTTP, with its wishes cut to what is allowed.
    pub fn request(&self, request: &whodunit_api::query::SqlRequest) -> SqlRequest {
        let QuerySettings { limits, limits_max, .. } = self.settings();
        let time = request.timeout_ms.map_or(limits.time, Duration::from_millis).min(limits_max.time);
        let rows = request.rows_max.unwrap_or(limits.rows).min(limits_max.rows);
        SqlRequest { query: request.query.clone(), limits: Limits { time, rows, memory: limits.memory } }
    }

    /// Runs one SQL statement that only reads.
    pub async fn sql(&self, request: SqlRequest, visibility: &Visibility) -> Result<Rows, Error> {
        self.answer(Question::parse(&request.query)?, request.limits, visibility).await
    }

    /// Runs a question that was parsed.
    pub(crate) async fn answer(
        &self,
        question: Question,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<Rows, Error> {
        let explains = question.explains();
        let (asking, plan) = self.plan(question, limits, visibility).await?;
        let plan = if explains {
            plan
        } else {
            // One more than asked for tells whether there are more.
            let most = usize::try_from(limits.rows.saturating_add(1)).unwrap_or(usize::MAX);
            LogicalPlanBuilder::from(plan).limit(0, Some(most))?.build()?
        };
        self.run(&asking, plan, limits).await
    }

    /// The plan of a question that is not run, for what its columns and parameters are.
    pub(crate) async fn planned(
        &self,
        question: Question,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<LogicalPlan, Error> {
        let (_asking, plan) = self.plan(question, limits, visibility).await?;
        Ok(plan)
    }

    async fn plan(
        &self,
        question: Question,
        limits: Limits,
        visibility: &Visibility,
    ) -> Result<(Asking, LogicalPlan), Error> {
        let asking = self.ask_with(visibility, question.mentions(), limits, question.database()).await?;
        let (source, mentions) = (asking.source.clone(), question.mentions().clone());
        let attributes = attribute_names(Table::ALL.into_iter().map(|table| source.attributes(table, &mentions)));
        let statement = question.into_statement(&attributes, names::is_fixed);
        let planned = asking.state.statement_to_plan(statement).await;
        let plan = planned.map_err(|error| names::explain(Error::from(error), &attributes, &mentions))?;
        let only_reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        only_reads.verify_plan(&plan)?;
        Ok((asking, plan))
    }

    /// The plan of a question as text, for people.
    pub async fn explain(&self, request: SqlRequest, visibility: &Visibility) -> Result<String, Error> {
        let query = format!("EXPLAIN {}", request.query);
        let (batches, _) = self.sql(SqlRequest { query, ..request }, visibility).await?.collect().await?;
        let shown = arrow::util::pretty::pretty_format_batches(&batches);
        shown.map(|text| text.to_string()).map_err(|error| Error::internal(error.to_string()))
    }

    /// Takes a place among the running questions and a snapshot.
    pub(crate) async fn ask(
        &self,
        visibility: &Visibility,
        mentions: &Mentions,
        limits: Limits,
    ) -> Result<Asking, Error> {
        self.ask_with(visibility, mentions, limits, None).await
    }

    async fn ask_with(
        &self,
        visibility: &Visibility,
        mentions: &Mentions,
        limits: Limits,
        database: Option<&Database>,
    ) -> Result<Asking, Error> {
        let started = self.0.world.instant();
        let waiting = tokio::time::timeout(limits.time, self.0.places.clone().acquire_owned());
        let place = match waiting.await {
            Ok(Ok(place)) => Arc::new(place),
            Ok(Err(_closed)) => return Err(Error::new(ErrorKind::Unavailable, "the engine is shutting down")),
            Err(_elapsed) => {
                return Err(Error::new(ErrorKind::Exhausted, "too many queries run at once").with_limit("queries"));
            }
        };
        let source = Arc::new(Source {
            store: self.0.store.clone(),
            snapshot: self.0.store.snapshot(),
            visibility: visibility.clone(),
            sources: self.0.sources.clone(),
            now: self.0.world.now(),
        });
        let catalog = QuestionCatalog::new(source.clone(), mentions.clone(), self.0.state.clone(), database.cloned());
        let mut state = self.0.state.as_ref().clone();
        state.register_catalog_list(Arc::new(catalog));
        state.mark_start_execution();
        let now = chrono::DateTime::from_timestamp_nanos(self.0.world.now().nanos());
        state.execution_props_mut().query_execution_start_time = Some(now);
        Ok(Asking { source, state, started, place })
    }

    /// Optimizes and starts a plan; its rows come as they are asked for.
    pub(crate) async fn run(&self, asking: &Asking, plan: LogicalPlan, limits: Limits) -> Result<Rows, Error> {
        let inner = &self.0;
        let pool = LimitPool::new(inner.memory.child(LIMIT_MEMORY, limits.memory));
        let runtime = RuntimeEnv { memory_pool: Arc::new(pool), ..inner.runtime.as_ref().clone() };
        let context = Arc::new(TaskContext::from(&asking.state).with_runtime(Arc::new(runtime)));
        let planning = async {
            let plan = asking.state.optimize(&plan)?;
            let ranges = ranges_of(&plan)?;
            let physical = asking.state.query_planner().create_physical_plan(&plan, &asking.state).await?;
            Ok::<_, datafusion::error::DataFusionError>((ranges, execute_stream(physical, context)?))
        };
        let left = limits.time.saturating_sub(inner.world.instant().since(asking.started));
        let (ranges, stream) = tokio::time::timeout(left, planning).await.map_err(|_| too_slow(limits.time))??;
        let (started, place, world) = (asking.started, asking.place.clone(), inner.world.clone());
        let (tables, source) = (ranges.iter().map(|(table, _)| *table).collect(), asking.source.clone());
        let searched = Box::new(move || (!ranges.is_empty()).then(|| searched(&source, &ranges)));
        Ok(Rows::new(Running { stream, limits, world, started, tables, place, searched }))
    }
}

/// The signal tables that a plan reads, each with the range of time that it reads of it.
fn ranges_of(plan: &LogicalPlan) -> datafusion::error::Result<Vec<(Table, TimeRange)>> {
    let mut ranges: BTreeMap<Table, TimeRange> = BTreeMap::new();
    plan.apply_with_subqueries(|plan| {
        let LogicalPlan::TableScan(scan) = plan else { return Ok(TreeNodeRecursion::Continue) };
        let read = match signal_table(plan) {
            Some(table) => Some((table.table(), Prune::of(&scan.filters).range)),
            None => scan
                .source
                .downcast_ref::<DefaultTableSource>()
                .and_then(|source| rollup::counted_table(source.table_provider.as_ref())),
        };
        if let Some((table, range)) = read {
            ranges.entry(table).and_modify(|known| *known = either(*known, range)).or_insert(range);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(ranges.into_iter().collect())
}

/// Nothing spills: what does not fit into the memory limit ends with its name.
fn runtime() -> RuntimeEnv {
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    RuntimeEnvBuilder::new().with_disk_manager_builder(disk).build().expect("a runtime without files opens nothing")
}

fn session_state(settings: &QuerySettings, runtime: Arc<RuntimeEnv>) -> SessionState {
    let mut config = SessionConfig::new()
        .with_target_partitions(settings.cores)
        .with_information_schema(true)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(CATALOG, SCHEMA);
    let options = config.options_mut();
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    // The scan splits its segments itself, by row groups.
    options.optimizer.repartition_file_scans = false;
    options.optimizer.enable_round_robin_repartition = false;
    options.execution.time_zone = Some("UTC".to_owned());
    options.sql_parser.map_string_types_to_utf8view = true;
    let mut state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .with_analyzer_rules(std::iter::once(Arc::new(IdsAsText) as _).chain(Analyzer::new().rules).collect())
        .with_optimizer_rule(Arc::new(CountByRollup))
        .with_optimizer_rule(Arc::new(NewestFirst))
        .with_physical_optimizer_rule(Arc::new(KeepDeclaredOrder))
        .with_physical_optimizer_rule(Arc::new(YieldInJoins))
        .build();
    use datafusion::execution::FunctionRegistry;
    for function in functions::scalars().into_iter().chain(pg_functions::scalars()) {
        state.register_udf(function).expect("a new name can be registered");
    }
    for function in functions::aggregates() {
        state.register_udaf(function).expect("a known name can be replaced");
    }
    state
}
