//! Single rows, by id and by place, before and after they are in segments.

use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Project, Table};
use whodunit_query::found::{NamedBy, RowKey};
use whodunit_query::{ListRequest, Visibility};
use whodunit_stdx::Timestamp;

use crate::data::{START, Stage, empty, everything, filled};

#[tokio::test]
async fn a_row_is_found_by_what_names_it() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        for table in [Table::AuditLogs, Table::Logs] {
            let request = ListRequest::parse(table, &[], Timestamp(START)).expect("parses");
            let rows = world.engine.list(request, &everything()).await.expect("answers").rows;
            for row in rows.iter().step_by(7) {
                let text = |name: &str| row[name].as_str().expect("a text");
                let time = whodunit_query::time::parse(text("time"), Timestamp(START)).expect("a time");
                let seq = row["seq"].as_i64().expect("a number");
                let project = Project::parse(text("project")).expect("a slug");
                let place = RowKey { table, project: project.clone(), named_by: NamedBy::Place { time, seq } };
                let found = world.engine.find_row(&place, &everything()).await.expect("answers").expect("is there");
                assert_eq!((&found.fields, found.time, found.seq), (row, time, seq), "{stage:?}");
                let elsewhere = Project::parse("elsewhere").expect("a slug");
                let hidden = everything().narrowed(std::slice::from_ref(&elsewhere));
                assert!(world.engine.find_row(&place, &hidden).await.expect("answers").is_none());
                let other = NamedBy::Place { time, seq: seq + 1_000_000 };
                let other = RowKey { named_by: other, ..place };
                assert!(world.engine.find_row(&other, &everything()).await.expect("answers").is_none());
                if table == Table::Logs {
                    continue;
                }
                for time in [None, Some(time)] {
                    let by_id = NamedBy::Id { id: text("id").to_owned(), time };
                    let key = RowKey { table, project: project.clone(), named_by: by_id };
                    let found = world.engine.find_row(&key, &everything()).await.expect("answers").expect("is there");
                    assert_eq!((found.id.as_deref(), found.seq), (Some(text("id")), seq), "{stage:?}");
                    assert!(found.summary.contains("user"), "{}", found.summary);
                }
            }
        }
    }
}

#[tokio::test]
async fn what_names_no_row_is_refused() {
    let world = filled(Stage::ALL[0]).await;
    let named_by = NamedBy::Id { id: "1".to_owned(), time: None };
    let key = |table| RowKey { table, project: Project::default_project(), named_by: named_by.clone() };
    let refused = world.engine.find_row(&key(Table::Logs), &everything()).await.expect_err("logs have no ids");
    assert_eq!(refused.field.as_deref(), Some("id"));
    let stranger = Visibility::of(&whodunit_model::Caller::new(whodunit_model::Principal::Anonymous));
    let refused = world.engine.find_row(&key(Table::AuditLogs), &stranger).await.expect_err("may not read");
    assert_eq!(refused.kind, whodunit_stdx::ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_row_is_found_with_all_its_attributes() {
    let world = empty(|settings| settings.maintain.segment_attributes_max = 250).await;
    let mut builder = LogBuilder::new(512);
    builder.text(TextField::Body, "a wide line");
    for n in 0..300 {
        builder.attribute(&format!("a{n:03}"), Scalar::Integer(n));
    }
    builder.finish_row(Timestamp(START), Timestamp(START));
    world.append(vec![builder.finish(&Project::default_project()).expect("there is a line")]).await;
    for stage in ["buffered", "in a segment"] {
        let request = ListRequest::parse(Table::Logs, &[], Timestamp(START)).expect("parses");
        let listed = world.engine.list(request, &everything()).await.expect("answers").rows;
        let seq = listed[0]["seq"].as_i64().expect("a number");
        assert!(!listed[0].contains_key("a290"), "a list shows the first few hundred: {stage}");
        let named_by = NamedBy::Place { time: Timestamp(START), seq };
        let key = RowKey { table: Table::Logs, project: Project::default_project(), named_by };
        let found = world.engine.find_row(&key, &everything()).await.expect("answers").expect("is there").fields;
        let overflow = found.get("attributes_overflow").cloned().unwrap_or_default();
        for n in 0..300 {
            let name = format!("a{n:03}");
            let value = found.get(&name).or_else(|| overflow.get(&name));
            assert_eq!(value.and_then(serde_json::Value::as_i64), Some(n), "{stage}: {name}");
        }
        world.store.settle().await.expect("settles");
    }
}
