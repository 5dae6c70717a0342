//! Sources in answers: the table, and what an answer of no rows says about who was heard from.

use futures::TryStreamExt;
use whodunit_api::query::{SqlAnswer, SqlFormat};
use whodunit_model::{Caller, Heard, Principal, Project, Scope};
use whodunit_query::{SqlRequest, Visibility, format};

use crate::data::{START, Stage, World1, filled};

fn hear(world: &World1, project: &str, protocol: &'static str, name: &str) {
    let principal = Principal::Key { id: format!("id-{name}"), name: name.to_owned(), scopes: Vec::new() };
    let project = Project::parse(project).expect("a slug");
    let mut heard = Heard::of(&project, protocol, &Caller::new(principal), whodunit_stdx::Timestamp(START));
    heard.stored(Some("api"), 3);
    world.sources.hear(heard);
}

fn reader(scopes: Vec<Scope>, projects: Option<Vec<Project>>) -> Visibility {
    let principal = Principal::Key { id: "r".into(), name: "r".into(), scopes };
    Visibility::of(&Caller { projects: projects.map(Into::into), ..Caller::new(principal) })
}

async fn asked(world: &World1, query: &str, visibility: &Visibility) -> SqlAnswer {
    let request = SqlRequest { query: query.to_owned(), limits: world.engine.settings().limits };
    let rows = world.engine.sql(request, visibility).await.expect(query);
    let pieces = format::body(rows, SqlFormat::Json).await.expect(query);
    let pieces: Vec<bytes::Bytes> = pieces.try_collect().await.expect("is written");
    serde_json::from_slice(&pieces.concat()).expect("an answer")
}

#[tokio::test]
async fn sources_are_seen_by_project_and_table() {
    let world = filled(Stage::Flushed).await;
    hear(&world, "default", "loki", "shop");
    hear(&world, "default", "audit", "shop");
    hear(&world, "elsewhere", "loki", "other");
    let query = "SELECT project, protocol, sender, services, rows FROM sources ORDER BY project, protocol";
    let default = vec![Project::default_project()];
    for (visibility, count) in [
        (reader(vec![Scope::ReadTelemetry, Scope::ReadAudit], None), 3),
        (reader(vec![Scope::ReadTelemetry, Scope::ReadAudit], Some(default.clone())), 2),
        (reader(vec![Scope::ReadTelemetry], Some(default)), 1),
    ] {
        let answer = asked(&world, query, &visibility).await;
        assert_eq!(answer.rows.len(), count, "{:?}", answer.rows);
        assert_eq!(answer.rows.last().expect("some")[3], serde_json::json!({"api": 3}));
    }
    let nothing = "SELECT body FROM logs WHERE body = 'nothing of the kind'";
    let visibility = reader(vec![Scope::ReadTelemetry, Scope::ReadAudit], None);
    let answer = asked(&world, nothing, &visibility).await;
    let searched = answer.statistics.searched.expect("no rows");
    let senders: Vec<&str> = searched.sources.iter().map(|source| source.sender.as_str()).collect();
    assert_eq!(senders, ["shop", "other"], "those of log lines only");
    assert!(searched.told().contains("; heard from shop (api) over loki since 20"), "{}", searched.told());
}
