//! Exports and fields, over every stage of a row's life.

use serde_json::{Map, Value};
use whodunit_model::Table;
use whodunit_query::export::{ExportFormat, ExportWriter};
use whodunit_query::format::row_objects;
use whodunit_query::{Engine, Error, Limits, ListRequest, QuerySettings};
use whodunit_stdx::{Timestamp, World};

use crate::data::{SECOND, START, Stage, everything, filled, limits};

const NOW: Timestamp = Timestamp(START + 3 * 86_400 * SECOND);

fn request(table: Table, pairs: &[(&str, &str)]) -> ListRequest {
    let parameters: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ListRequest::parse(table, &parameters, NOW).expect("a good request")
}

async fn exported(engine: &Engine, request: ListRequest) -> Result<Vec<Map<String, Value>>, Error> {
    let mut export = engine.export(request, &everything()).await?;
    let mut rows = Vec::new();
    while let Some(batches) = export.next().await? {
        for batch in &batches {
            rows.extend(row_objects(batch)?);
        }
    }
    Ok(rows)
}

#[tokio::test]
async fn an_export_has_the_rows_of_the_list() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        for (table, pairs) in [
            (Table::Logs, &[][..]),
            (Table::Logs, &[("level", "error"), ("status", ">=500")]),
            (Table::Logs, &[("from", "2026-11-21T00:00:00Z"), ("to", "2026-11-21T06:00:00Z")]),
            (Table::Logs, &[("q", "nowhere")]),
            (Table::AuditLogs, &[("batch_id", "batch-1")]),
        ] {
            let page: Vec<_> = pairs.iter().copied().chain([("limit", "1000")]).collect();
            let listed = world.engine.list(request(table, &page), &everything()).await.expect("a list").rows;
            let rows = exported(&world.engine, request(table, pairs)).await.expect("an export");
            assert_eq!(rows, listed, "{stage:?}: {pairs:?}");
        }
    }
}

#[tokio::test]
async fn pieces_that_do_not_fit_are_shorter_and_memory_that_is_too_little_has_its_name() {
    let world = filled(Stage::Compacted).await;
    let whole = exported(&world.engine, request(Table::Logs, &[])).await.expect("an export");
    let with_memory = |memory: usize| {
        let settings = QuerySettings { limits: Limits { memory, ..limits() }, cores: 1, ..QuerySettings::default() };
        let (seeded, _clock) = World::seeded(7, NOW);
        Engine::new(world.store.clone(), seeded, world.memory.clone(), settings, world.sources.clone())
    };
    let mut shortened = 0;
    for memory in [64 << 10, 128 << 10, 256 << 10, 512 << 10, 1 << 20] {
        let page = request(Table::Logs, &[("limit", "1000")]);
        let fits = with_memory(memory).list(page, &everything()).await.is_ok();
        match exported(&with_memory(memory), request(Table::Logs, &[])).await {
            Ok(rows) => {
                assert_eq!(rows, whole, "{memory}");
                shortened += usize::from(!fits);
            }
            Err(error) => assert_eq!(error.limit, Some("query_memory"), "{error}"),
        }
    }
    assert!(shortened > 0, "some memory is enough for short pieces alone");
}

#[tokio::test]
async fn fields_of_many_rows_are_those_of_the_newest() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        let visibility = everything();
        let fields = |rows_max: usize| world.engine.fields(request(Table::Logs, &[]), rows_max, &visibility);
        let having = |answer: &whodunit_api::explorers::FieldsAnswer, name: &str| {
            answer.fields.iter().find(|field| field.name == name).map_or(0, |field| field.rows)
        };
        let all = fields(240).await.expect("all");
        assert_eq!((all.rows, all.sampled, having(&all, "rare"), having(&all, "seq")), (240, false, 6, 240));
        let some = fields(50).await.expect("some");
        assert_eq!((some.rows, some.sampled, having(&some, "seq")), (50, true, 50), "{stage:?}");
        let newest = world.engine.list(request(Table::Logs, &[("limit", "50")]), &everything()).await.expect("a list");
        let with = |name: &str| newest.rows.iter().filter(|row| row.contains_key(name)).count() as u64;
        for name in ["rare", "userId", "cached", "actor_id", "level"] {
            assert_eq!(having(&some, name), with(name), "{stage:?}: {name}");
        }
    }
}

#[test]
fn a_failure_on_the_way_is_told_where_there_is_room() {
    let error = Error::invalid("no more").with_limit("query_time");
    let told = ExportWriter::new(ExportFormat::Ndjson).fail(&error);
    let told: Value = serde_json::from_slice(&told).expect("a line of JSON");
    assert_eq!((&told["error"]["message"], &told["error"]["limit"]), (&"no more".into(), &"query_time".into()));
    assert!(ExportWriter::new(ExportFormat::Json).fail(&error).is_empty());
}
