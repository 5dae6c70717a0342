//! Single rows, by id and by place, before and after they are in segments.

use whodunit_model::{Project, Table};
use whodunit_query::found::{NamedBy, RowKey};
use whodunit_query::{ListRequest, Visibility};
use whodunit_stdx::Timestamp;

use crate::data::{START, Stage, everything, filled};

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
