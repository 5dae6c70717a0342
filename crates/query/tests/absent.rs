//! A column that a segment does not have is null there, in every kind of condition.

use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Batch, Project};
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::data::{SECOND, START, empty};

fn batch(first: i64, with: bool) -> Batch {
    let mut builder = LogBuilder::new(16);
    for n in first..first + 10 {
        builder.text(TextField::Body, &format!("line {n}"));
        if with {
            builder.attribute("number", Scalar::Integer(n));
            builder.attribute("flag", Scalar::Boolean(n % 2 == 0));
            builder.text(TextField::Service, "api");
        }
        builder.finish_row(Timestamp(START + n * SECOND), Timestamp(START + n * SECOND));
    }
    builder.finish(&Project::default_project()).expect("there are lines")
}

#[tokio::test]
async fn absent_columns_are_null() {
    let world = empty(|_| {}).await;
    world.append(vec![batch(0, false)]).await;
    world.store.flush().await.expect("flushes");
    world.append(vec![batch(10, true)]).await;
    world.store.flush().await.expect("flushes");
    world.append(vec![batch(20, false)]).await;
    for (condition, expected) in [
        ("number = 15", "1"),
        ("number <> 15", "9"),
        ("NOT (number = 15)", "9"),
        ("number = 15 OR body = 'line 3'", "2"),
        ("number IS NULL", "20"),
        ("number IS NOT NULL", "10"),
        ("coalesce(number, 0) = 0", "20"),
        ("number > 0 AND service = 'api'", "10"),
        ("number IN (15, 16)", "2"),
        ("number NOT IN (15, 16)", "8"),
        ("number + 1 = 16", "1"),
        ("flag", "5"),
        ("NOT flag", "5"),
        ("flag IS NOT TRUE", "25"),
        ("service = 'api'", "10"),
        ("service <> 'shop'", "10"),
        ("service IS NULL", "20"),
        ("service LIKE 'a%'", "10"),
        ("service IS DISTINCT FROM 'api'", "20"),
        ("release = 'x'", "0"),
        ("release IS NULL", "30"),
        ("match(body, 'line') AND number = 12", "1"),
        ("CASE WHEN number = 12 THEN true ELSE false END", "1"),
    ] {
        let query = format!("SELECT count(*) FROM logs WHERE {condition}");
        assert_eq!(world.lines(&query).await.expect(condition), [expected], "{condition}");
        let newest = format!(
            "SELECT count(*) FROM (SELECT body FROM logs WHERE {condition} ORDER BY time DESC LIMIT 1000) AS l"
        );
        assert_eq!(world.lines(&newest).await.expect(condition), [expected], "newest first: {condition}");
    }
    let error = world.lines("SELECT count(*) FROM logs WHERE 1 / (number - 15) = 7").await.expect_err("15 is there");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Invalid, "division by zero"));
}
