//! Histograms by roll-up equal histograms by rows.

use proptest::prelude::*;

use crate::data::{SECOND, START, Stage, World1, filled};

/// The same question asked so that the rule does not see through it: counting a column of rows that the roll-up
/// does not have.
fn slowly(sql: &str) -> String {
    sql.replace("count(*)", "count(coalesce(body, ''))")
}

async fn explain(world: &World1, sql: &str) -> String {
    world.lines(&format!("EXPLAIN {sql}")).await.expect(sql).join("\n")
}

const COUNTED: &[&str] = &[
    "SELECT date_trunc('minute', time) AS t, service, level, count(*) FROM logs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT date_trunc('hour', time) AS t, count(*) FROM logs GROUP BY 1 ORDER BY 1",
    "SELECT date_bin(INTERVAL '15 minutes', time) AS t, level, count(*) AS n FROM logs GROUP BY t, level ORDER BY t, level",
    "SELECT date_bin(INTERVAL '1 day', time, TIMESTAMP '2000-01-01T06:00:00Z') AS t, count(*) FROM logs GROUP BY 1 ORDER BY 1",
    "SELECT level, count(*) FROM logs WHERE service = 'api' GROUP BY level ORDER BY level",
    "SELECT service, count(*) FROM logs WHERE service IN ('api', 'shop') AND level <> 'INFO' GROUP BY service ORDER BY 1",
    "SELECT project, level, count(*) FROM logs GROUP BY project, level ORDER BY 1, 2",
    "SELECT count(*) FROM logs WHERE level = 'ERROR'",
    "SELECT count(*) FROM logs WHERE level = 'NEVER'",
    "SELECT service, count(*) FROM logs WHERE time >= '2026-11-20T12:00:00Z' AND time < '2026-11-21T12:00:00Z' GROUP BY 1 ORDER BY 1",
    "SELECT service, count(*) FROM logs WHERE time > '2026-11-20T12:00:00.012Z' AND time <= '2026-11-21T12:10:00.157Z' GROUP BY 1 ORDER BY 1",
    "SELECT count(*) FROM logs WHERE time BETWEEN '2026-11-20T12:00:00.012Z' AND '2026-11-20T12:00:00.012Z'",
    "SELECT service, count(*) FILTER (WHERE level = 'ERROR') AS errors, count(*) AS all_of_them FROM logs GROUP BY service ORDER BY 1",
    "SELECT date_part('hour', time) AS h, count(*) FROM logs GROUP BY 1 ORDER BY 1",
    "SELECT t, sum(n) FROM (SELECT date_trunc('day', time) AS t, level, count(*) AS n FROM logs GROUP BY 1, 2) AS x GROUP BY t ORDER BY t",
    "SELECT l.level, count(*) FROM logs AS l GROUP BY l.level HAVING count(*) > 50 ORDER BY 1",
];

#[tokio::test]
async fn counts_by_roll_up_equal_counts_by_rows() {
    for stage in Stage::ALL {
        let world = filled(stage).await;
        for query in COUNTED {
            assert!(explain(&world, query).await.contains("__rows"), "the rule left out {query}");
            let slow = slowly(query);
            assert!(!explain(&world, &slow).await.contains("__rows"), "the rule took {slow}");
            assert_eq!(
                world.lines(query).await.expect(query),
                world.lines(&slow).await.expect(&slow),
                "{stage:?}: {query}"
            );
        }
    }
}

#[tokio::test]
async fn entries_count_by_severity_and_intents_as_rows() {
    let world = filled(Stage::Flushed).await;
    let query = "SELECT severity, count(*) FROM audit_logs WHERE project = 'default' GROUP BY severity ORDER BY 1";
    assert!(explain(&world, query).await.contains("__rows"));
    assert_eq!(world.lines(query).await.expect("runs"), ["INFO\t18", "WARNING\t6"]);
}

#[tokio::test]
async fn what_roll_ups_do_not_know_is_left_to_rows() {
    let world = filled(Stage::Flushed).await;
    for query in [
        "SELECT date_trunc('second', time) AS t, count(*) FROM logs GROUP BY 1",
        "SELECT date_bin(INTERVAL '30 seconds', time) AS t, count(*) FROM logs GROUP BY 1",
        "SELECT date_bin(INTERVAL '1 hour', time, TIMESTAMP '2000-01-01T00:00:30Z') AS t, count(*) FROM logs GROUP BY 1",
        "SELECT service, count(*) FROM logs WHERE status = 500 GROUP BY service",
        "SELECT host, count(*) FROM logs GROUP BY host",
        "SELECT service, count(DISTINCT level) FROM logs GROUP BY service",
        "SELECT service, count(level) FROM logs GROUP BY service",
        "SELECT time, count(*) FROM logs GROUP BY time",
        "SELECT service, count(*), max(time) FROM logs GROUP BY service",
        "SELECT count(*) FROM (SELECT service FROM logs LIMIT 5) AS l WHERE service = 'api'",
    ] {
        assert!(!explain(&world, query).await.contains("__rows"), "the rule took {query}");
        world.lines(query).await.expect(query);
    }
}

#[tokio::test]
async fn totals_come_from_the_manifest() {
    let world = filled(Stage::Flushed).await;
    let plan = explain(&world, "SELECT count(*) FROM logs").await;
    assert!(plan.contains("PlaceholderRowExec") && !plan.contains("DataSourceExec"), "{plan}");
}

#[test]
fn any_range_counts_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(filled(Stage::Half));
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let bound = || (0i64..2900, -2i64..=2).prop_map(|(minutes, nanos)| START + minutes * 60 * SECOND + nanos);
    runner
        .run(&(bound(), bound()), |(a, b)| {
            let (from, to) = (a.min(b), a.max(b));
            let query = format!(
                "SELECT service, count(*) FROM logs WHERE time >= to_timestamp_nanos({from}) AND time < to_timestamp_nanos({to}) \
                 GROUP BY service ORDER BY service"
            );
            let fast = runtime.block_on(world.lines(&query)).expect("runs");
            let slow = runtime.block_on(world.lines(&slowly(&query))).expect("runs");
            prop_assert_eq!(fast, slow, "{}", query);
            Ok(())
        })
        .expect("every range counts alike");
}
