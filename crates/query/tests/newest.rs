//! The newest rows with a filter: the scan stops early and shares its row groups among cores, and still gives the same
//! rows as a scan of everything.

use arrow::array::{ArrayRef, Int64Array};
use std::sync::Arc;
use whodunit_model::Table;

use crate::data::{START, World1, empty, rows, texts};

/// More than two row groups in one segment.
const ROWS: i64 = 300_000;
const PER_BATCH: i64 = 50_000;
const MILLISECOND: i64 = 1_000_000;

/// Four rows of each millisecond; `n` counts them all. One in a thousand is rare, and none of the newest row group.
async fn many(flush_each: bool) -> World1 {
    let world = empty(|_| {}).await;
    for start in (0..ROWS).step_by(PER_BATCH as usize) {
        let numbers = start..start + PER_BATCH;
        let times: Vec<i64> = numbers.clone().map(|n| START + n / 4 * MILLISECOND).collect();
        let is_rare = |n: i64| n % 1000 == 7 && n < ROWS - 140_000;
        let levels = texts(numbers.clone().map(|n| Some(if is_rare(n) { "FATAL" } else { "INFO" })));
        // Within a millisecond the later row has the smaller rank.
        let ranks: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers.clone().map(|n| 3 - n % 4)));
        let counted: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers));
        let columns = vec![("level", levels), ("rank", ranks), ("n", counted)];
        world.append(vec![rows(Table::Logs, &times, columns)]).await;
        if flush_each {
            world.store.flush().await.expect("flushes");
        }
    }
    world.store.flush().await.expect("flushes");
    world
}

async fn numbers(world: &World1, sql: &str) -> Vec<i64> {
    let lines = world.lines(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    lines.iter().map(|line| line.parse().unwrap_or_else(|_| panic!("{sql}: {line}"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_that_stops_early_gives_the_newest_rows_in_order() {
    for flush_each in [false, true] {
        let world = many(flush_each).await;
        let rare: Vec<i64> = (0..ROWS - 140_000).rev().filter(|n| n % 1000 == 7).collect();
        let found = numbers(&world, "SELECT n FROM logs WHERE level = 'FATAL' ORDER BY time DESC LIMIT 10").await;
        assert_eq!(found, rare[..10]);
        let found =
            numbers(&world, "SELECT n FROM logs WHERE level = 'FATAL' ORDER BY time DESC, seq DESC LIMIT 1000").await;
        assert_eq!(found, rare);
        let found =
            numbers(&world, "SELECT n FROM logs WHERE level = 'INFO' ORDER BY time DESC, seq DESC LIMIT 9").await;
        assert_eq!(found, (ROWS - 9..ROWS).rev().collect::<Vec<_>>());
        let found = numbers(&world, "SELECT n FROM logs WHERE rank = 2 ORDER BY time DESC LIMIT 3 OFFSET 40000").await;
        let at = |skipped: i64| ROWS - 3 - 4 * skipped;
        assert_eq!(found, [at(40_000), at(40_001), at(40_002)]);
    }
}

/// The first row of a millisecond by another column is the last that a scan in stored order comes to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_one_time_that_are_ordered_by_something_else_are_all_seen() {
    let world = many(false).await;
    for (sql, expected) in [
        ("SELECT n FROM logs WHERE level = 'INFO' ORDER BY time DESC, rank DESC LIMIT 1", vec![ROWS - 4]),
        ("SELECT n FROM logs WHERE level = 'INFO' ORDER BY time DESC, n LIMIT 2", vec![ROWS - 4, ROWS - 3]),
        (
            "SELECT n FROM (SELECT time, n, rank AS seq FROM logs WHERE level = 'INFO') ORDER BY time DESC, seq DESC LIMIT 1",
            vec![ROWS - 4],
        ),
    ] {
        assert_eq!(numbers(&world, sql).await, expected, "{sql}");
    }
}
