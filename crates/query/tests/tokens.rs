//! What the token index skips holds nothing: answers over many blocks equal a scan of the rows in memory.

use proptest::prelude::*;
use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Batch, Project};
use whodunit_stdx::Timestamp;
use whodunit_store::segment::token;

use crate::data::{START, World1, empty};

/// Enough for several blocks of 8192 rows.
const LINES: i64 = 30_000;

fn body(n: i64) -> String {
    format!(
        "visit {} by worker-{} took {}ms, état {}",
        n % 977,
        n % 13,
        n * 7 % 5000,
        if n % 8191 == 3 { "SPÄT" } else { "gut" }
    )
}

fn user(n: i64) -> String {
    format!("user-{}", n * 31 % 20_011)
}

fn label(n: i64) -> String {
    format!("L{}", n / 100)
}

fn lines() -> Batch {
    let mut builder = LogBuilder::new(LINES as usize);
    for n in 0..LINES {
        builder.text(TextField::Body, &body(n));
        builder.text(TextField::ActorId, &user(n));
        builder.attribute("label", Scalar::Text(&label(n)));
        builder.attribute("n", Scalar::Integer(n));
        builder.finish_row(Timestamp(START + n * 1_000_000), Timestamp(START + n * 1_000_000));
    }
    builder.finish(&Project::default_project()).expect("there are lines")
}

fn words(text: &str) -> Vec<u64> {
    let mut all = Vec::new();
    token::words(text, |word| all.push(word));
    all
}

async fn found(world: &World1, condition: &str) -> Vec<i64> {
    let lines =
        world.lines(&format!("SELECT n FROM logs WHERE {condition} ORDER BY n LIMIT 9000")).await.expect(condition);
    lines.iter().map(|line| line.parse().expect("a number")).collect()
}

fn naive(passes: impl Fn(i64) -> bool) -> Vec<i64> {
    (0..LINES).filter(|n| passes(*n)).take(9000).collect()
}

#[derive(Clone, Debug)]
enum Asked {
    Words(String),
    User(String),
    Label(String),
    Like(String),
    Either(Box<Asked>, Box<Asked>),
    Both(Box<Asked>, Box<Asked>),
}

impl Asked {
    fn sql(&self) -> String {
        let quoted = |text: &str| text.replace('\'', "''");
        match self {
            Asked::Words(words) => format!("match(body, '{}')", quoted(words)),
            Asked::User(user) => format!("actor_id = '{}'", quoted(user)),
            Asked::Label(label) => format!("label IN ('{}', 'never')", quoted(label)),
            Asked::Like(part) => format!("body LIKE '%{}%'", quoted(part)),
            Asked::Either(a, b) => format!("({} OR {})", a.sql(), b.sql()),
            Asked::Both(a, b) => format!("({} AND {})", a.sql(), b.sql()),
        }
    }

    fn passes(&self, n: i64) -> bool {
        match self {
            Asked::Words(asked) => {
                let held = words(&body(n));
                words(asked).iter().all(|word| held.contains(word))
            }
            Asked::User(asked) => user(n) == *asked,
            Asked::Label(asked) => label(n) == *asked,
            Asked::Like(part) => body(n).contains(part.as_str()),
            Asked::Either(a, b) => a.passes(n) || b.passes(n),
            Asked::Both(a, b) => a.passes(n) && b.passes(n),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let number = 0i64..LINES + 2000;
    let leaf = prop_oneof![
        number.clone().prop_map(|n| Asked::Words(format!("{} worker-{}", n % 977, n % 13))),
        number.clone().prop_map(|n| Asked::Words(format!("spät {}", n % 977))),
        number.clone().prop_map(|n| Asked::User(user(n))),
        number.clone().prop_map(|n| Asked::Label(label(n))),
        number.clone().prop_map(|n| Asked::Like(format!("took {}ms", n * 7 % 5000))),
        number.clone().prop_map(|n| Asked::Like(format!("isit {} by", n % 977))),
        Just(Asked::Like("SPÄT".to_owned())),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Asked::Either(a.into(), b.into())),
            (inner.clone(), inner).prop_map(|(a, b)| Asked::Both(a.into(), b.into())),
        ]
    })
}

#[test]
fn what_the_index_skips_holds_nothing() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let world = runtime.block_on(async {
        let world = empty(|_| {}).await;
        world.append(vec![lines()]).await;
        world.store.flush().await.expect("flushes");
        world
    });
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest::test_runner::TestRunner::new(config)
        .run(&asked(), |asked| {
            let found = runtime.block_on(found(&world, &asked.sql()));
            prop_assert_eq!(found, naive(|n| asked.passes(n)), "{}", asked.sql());
            Ok(())
        })
        .expect("every search finds what a scan finds");
}

#[tokio::test]
async fn blocks_without_the_word_are_not_read() {
    let world = empty(|_| {}).await;
    world.append(vec![lines()]).await;
    world.store.flush().await.expect("flushes");
    let plan =
        world.lines("EXPLAIN ANALYZE SELECT body FROM logs WHERE actor_id = 'user-62'").await.expect("runs").join("\n");
    let absent =
        world.lines("EXPLAIN SELECT body FROM logs WHERE match(body, 'unheard-of')").await.expect("runs").join("\n");
    assert!(absent.contains("EmptyExec"), "{absent}");
    assert!(!plan.contains("EmptyExec"), "{plan}");
}
