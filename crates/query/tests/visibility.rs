//! No question reaches rows that its caller may not see.

use whodunit_model::{Caller, Principal, Project, Role, Scope, Table};
use whodunit_query::Visibility;
use whodunit_query::list::ListRequest;
use whodunit_query::timeline::{Keys, TimelineRequest};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::data::{Stage, everything, filled, shop};

fn key(scopes: Vec<Scope>, projects: Option<Vec<Project>>) -> Visibility {
    let principal = Principal::Key { id: "k".into(), name: "k".into(), scopes };
    Visibility::of(&Caller { projects: projects.map(Into::into), ..Caller::new(principal) })
}

fn user(role: Role) -> Visibility {
    let principal = Principal::User { id: "u".into(), email: "u@example.com".into(), name: "U".into(), role };
    Visibility::of(&Caller::new(principal))
}

/// Every way to count log lines that someone could think of to get around a filter.
const WAYS_TO_LOGS: &[&str] = &[
    "SELECT count(*) FROM logs",
    "SELECT count(*) FROM logs WHERE true OR project <> 'shop'",
    "SELECT count(*) FROM (SELECT * FROM logs) AS l",
    "SELECT (SELECT count(*) FROM logs)",
    "WITH l AS (SELECT * FROM logs) SELECT count(*) FROM l",
    "SELECT count(*) FROM timeline WHERE signal = 'logs'",
    "SELECT count(*) FROM logs WHERE EXISTS (SELECT 1 FROM logs AS o WHERE o.correlation_id = logs.correlation_id)",
    "SELECT sum(n) FROM (SELECT date_trunc('hour', time) AS t, count(*) AS n FROM logs GROUP BY 1) AS h",
    "SELECT sum(n) FROM (SELECT service, count(*) AS n FROM logs GROUP BY service) AS h",
    "SELECT count(*) FROM logs l JOIN (SELECT DISTINCT seq FROM logs) o ON l.seq = o.seq",
    "SELECT count(*) FROM whodunit.public.logs",
    "SELECT count(time) FROM logs",
];

#[tokio::test]
async fn rows_of_other_projects_do_not_exist() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        let shop = key(vec![Scope::ReadTelemetry, Scope::ReadAudit], Some(vec![shop()]));
        for query in WAYS_TO_LOGS {
            assert_eq!(world.lines_as(query, &shop).await.expect(query), ["48"], "{stage:?}: {query}");
            assert_eq!(world.lines_as(query, &everything()).await.expect(query), ["240"], "{stage:?}: {query}");
        }
        let nothing = world.lines_as("SELECT * FROM logs WHERE project = 'default'", &shop).await.expect("runs");
        assert!(nothing.is_empty(), "{stage:?}: {nothing:?}");
        assert_eq!(world.lines_as("SELECT count(*) FROM audit_logs", &shop).await.expect("runs"), ["0"]);
    }
}

#[tokio::test]
async fn refused_tables_are_named_and_not_listed() {
    let world = filled(Stage::Half).await;
    let telemetry = key(vec![Scope::ReadTelemetry], None);
    for query in [
        "SELECT count(*) FROM audit_logs",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM audit_logs)",
        "SELECT * FROM change_history",
        "SELECT * FROM security_events",
        "DESCRIBE audit_logs",
        "EXPLAIN SELECT * FROM audit_logs",
    ] {
        let error = world.lines_as(query, &telemetry).await.expect_err(query);
        assert_eq!(error.kind, ErrorKind::Forbidden, "{query}: {error}");
    }
    let tables = world.lines_as("SHOW TABLES", &telemetry).await.expect("runs");
    assert!(!tables.iter().any(|line| line.contains("audit_logs") || line.contains("change_history")), "{tables:?}");
    let signals = world.lines_as("SELECT DISTINCT signal FROM timeline ORDER BY 1", &telemetry).await.expect("runs");
    assert_eq!(signals, ["error_events", "logs", "session_events", "spans"]);
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'audit_logs'";
    assert_eq!(world.lines_as(columns, &telemetry).await.expect("runs"), ["0"]);

    let audit_only = key(vec![Scope::ReadAudit], None);
    assert_eq!(
        world.lines_as("SELECT count(*) FROM audit_logs WHERE project = 'default'", &audit_only).await.expect("runs"),
        ["24"]
    );
    assert!(world.lines_as("SELECT count(*) FROM logs", &audit_only).await.is_err());
    let refused =
        world.engine.list(ListRequest::parse(Table::Logs, &[], Timestamp(0)).expect("fine"), &audit_only).await;
    assert_eq!(refused.expect_err("refused").kind, ErrorKind::Forbidden);
}

#[tokio::test]
async fn the_own_trail_is_for_those_who_answer_for_it() {
    let world = filled(Stage::Flushed).await;
    let query = "SELECT count(*) FROM audit_logs WHERE project = 'whodunit'";
    for (role, expected) in [(Role::Owner, "1"), (Role::Auditor, "1"), (Role::Viewer, "0"), (Role::Member, "0")] {
        assert_eq!(world.lines_as(query, &user(role)).await.expect("runs"), [expected], "{role:?}");
    }
}

#[tokio::test]
async fn lists_and_timelines_see_the_same() {
    let world = filled(Stage::Half).await;
    let shop = key(vec![Scope::ReadTelemetry, Scope::ReadAudit], Some(vec![shop()]));
    let parameters = [("histogram".to_owned(), "true".to_owned()), ("facets".to_owned(), "project".to_owned())];
    let request = ListRequest::parse(Table::Logs, &parameters, Timestamp(0)).expect("fine");
    let answer = world.engine.list(request, &shop).await.expect("answers");
    assert_eq!(answer.rows.len(), 48);
    assert_eq!(answer.histogram.expect("asked for").total, 48);
    assert_eq!(answer.facets[0].values.len(), 1);
    let request = TimelineRequest {
        keys: Keys { correlation_id: Some("req-1".into()), ..Keys::default() },
        ..TimelineRequest::default()
    };
    let all = world.engine.timeline(request.clone(), &everything()).await.expect("answers");
    let seen = world.engine.timeline(request, &shop).await.expect("answers");
    assert_eq!((all.rows.len(), seen.rows.len()), (6, 1));
}
