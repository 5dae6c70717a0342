//! Attributes that have no column of their own answer like those that have.

use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Batch, Project};
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, World1, empty};

/// The attribute `key` of every line: in the overflow for the first batch, a column in the second.
fn batch(first: i64, overflowing: bool) -> Batch {
    let mut builder = LogBuilder::new(16);
    for n in first..first + 10 {
        builder.text(TextField::Body, &format!("line {n}"));
        let label = format!("v{}", n % 3);
        let values = [("number", Scalar::Integer(n)), ("label", Scalar::Text(&label)), ("host", Scalar::Text("inner"))];
        for (key, value) in values {
            if overflowing {
                builder.overflow(key, value);
            } else {
                builder.attribute(key, value);
            }
        }
        builder.attribute("common", Scalar::Integer(n % 2));
        builder.finish_row(Timestamp(START + n * SECOND), Timestamp(START + n * SECOND));
    }
    builder.finish(&Project::default_project()).expect("there are lines")
}

async fn check(world: &World1, place: &str) {
    for (query, expected) in [
        ("SELECT count(*), sum(number), min(label) FROM logs WHERE common = 1", "10\t100\tv0"),
        ("SELECT count(*) FROM logs WHERE label = 'v1'", "7"),
        ("SELECT count(*) FROM logs WHERE label IN ('v0', 'nothing')", "7"),
        ("SELECT count(*) FROM logs WHERE label = 'nothing'", "0"),
        ("SELECT count(*) FROM logs WHERE number >= 8 AND number < 12", "4"),
        ("SELECT count(*) FROM logs WHERE \"attr.host\" = 'inner'", "20"),
        ("SELECT count(*) FROM logs WHERE host IS NULL", "20"),
        ("SELECT count(DISTINCT label) FROM logs", "3"),
        ("SELECT number FROM logs ORDER BY time DESC LIMIT 1", "19"),
    ] {
        assert_eq!(world.lines(query).await.expect(query), [expected], "{place}: {query}");
    }
}

#[tokio::test]
async fn columns_and_overflow_answer_alike() {
    for attributes_max in [1, 2, 512] {
        let world = empty(|settings| settings.maintain.segment_attributes_max = attributes_max).await;
        world.append(vec![batch(0, true), batch(10, false)]).await;
        check(&world, "buffer").await;
        world.store.flush().await.expect("flushes");
        check(&world, &format!("segment of {attributes_max} attributes")).await;
        world.store.settle().await.expect("settles");
        check(&world, &format!("settled segment of {attributes_max} attributes")).await;
    }
}

#[tokio::test]
async fn an_attribute_only_in_the_overflow_is_known_at_once() {
    let world = empty(|_| {}).await;
    world.append(vec![batch(0, true)]).await;
    assert_eq!(world.lines("SELECT sum(number) FROM logs WHERE label = 'v1'").await.expect("runs"), ["12"]);
    world.store.flush().await.expect("flushes");
    assert_eq!(world.lines("SELECT sum(number) FROM logs WHERE label = 'v1'").await.expect("runs"), ["12"]);
}
