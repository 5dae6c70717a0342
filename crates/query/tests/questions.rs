//! Questions in plain words: the file `tests/questions/golden.txt`, each with its reading, SQL and answer.
//!
//! A case is `ask` and the question, lines of settings, `----`, and what is expected up to an empty line. With
//! `UPDATE_CASES=1` the answers are written into the file; read the difference before it is committed.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use whodunit_api::query::AskAnswer;
use whodunit_query::Visibility;
use whodunit_query::ask::kinds::KINDS;
use whodunit_query::ask::{QUESTION_BYTES_MAX, Scope, Understood, Zone, unclear, understand};
use whodunit_stdx::Timestamp;

use crate::data::{SECOND, START, World1, everything};
use crate::shop::shop;

const ROWS_SHOWN: usize = 3;

struct Case {
    comment: String,
    question: String,
    zone: Option<String>,
    expected: Vec<String>,
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut lines = text.lines().peekable();
    let mut comment = String::new();
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            comment.push_str(line);
            comment.push('\n');
            continue;
        }
        let question = line.strip_prefix("ask ").unwrap_or_else(|| panic!("a case starts with ask, not {line:?}"));
        let zone = lines.next_if(|line| line.starts_with("zone ")).map(|line| line[5..].to_owned());
        assert_eq!(lines.next(), Some("----"), "{question}");
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.is_empty()) {
            expected.push(line.to_owned());
        }
        cases.push(Case { comment: std::mem::take(&mut comment), question: question.to_owned(), zone, expected });
    }
    cases
}

async fn ask(world: &World1, question: &str, zone: Option<&str>) -> AskAnswer {
    ask_as(world, question, zone, &everything()).await.expect("answers")
}

async fn ask_as(
    world: &World1,
    question: &str,
    zone: Option<&str>,
    visibility: &Visibility,
) -> Result<AskAnswer, whodunit_query::Error> {
    let zone = Zone::parse(zone.unwrap_or("UTC"))?;
    let now = Timestamp(START + 3 * 86_400 * SECOND);
    match understand(question, zone, now, Scope::Applications)? {
        Understood::Question(reading) => world.engine.tell(&reading, visibility).await,
        Understood::Unclear(suggestions) => Ok(unclear(question, suggestions)),
    }
}

fn shown(answer: &AskAnswer) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(kind), Some(read_as)) = (&answer.kind, &answer.read_as) {
        lines.push(format!("{kind}: {read_as}"));
    }
    lines.extend(answer.sql.iter().map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" ")));
    lines.push(answer.sentence.clone());
    lines.extend(answer.suggestions.iter().map(|one| format!("? {}", one.question)));
    for row in answer.rows.iter().take(ROWS_SHOWN) {
        let cell = |(column, value): (&whodunit_api::query::AnswerColumn, &Value)| match value {
            Value::Null => None,
            _ if matches!(column.name.as_str(), "id" | "project" | "state") => None,
            Value::String(text) => Some(text.replace(".000000000Z", "Z")),
            other => Some(other.to_string()),
        };
        lines.push(answer.columns.iter().zip(row).filter_map(cell).collect::<Vec<_>>().join(" | "));
    }
    if answer.rows.len() > ROWS_SHOWN {
        lines.push(format!("{} rows", answer.rows.len()));
    }
    lines.extend(answer.statistics.searched.iter().map(|searched| searched.told()));
    lines
}

#[tokio::test]
async fn questions_are_read_and_answered() {
    let world = shop().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/questions/golden.txt");
    let cases = parse(&std::fs::read_to_string(&path).expect("readable"));
    assert!(cases.len() >= 60, "{} phrasings", cases.len());
    let mut wrong = String::new();
    let mut written = String::new();
    let mut kinds = std::collections::BTreeSet::new();
    for case in &cases {
        let answer = ask(&world, &case.question, case.zone.as_deref()).await;
        kinds.extend(answer.kind.clone());
        let found = shown(&answer);
        let zone = case.zone.as_ref().map(|zone| format!("zone {zone}\n")).unwrap_or_default();
        written.push_str(&format!("{}ask {}\n{zone}----\n{}\n", case.comment, case.question, found.join("\n")));
        if found != case.expected {
            let (expected, found) = (case.expected.join("\n"), found.join("\n"));
            wrong.push_str(&format!("{}\nexpected:\n{expected}\nfound:\n{found}\n\n", case.question));
        }
    }
    if std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
        std::fs::write(&path, written).expect("writable");
        return;
    }
    assert!(wrong.is_empty(), "{wrong}");
    let missing: Vec<_> = KINDS.iter().map(|kind| kind.name).filter(|name| !kinds.contains(*name)).collect();
    assert!(missing.is_empty(), "no phrasing of {missing:?}");
}

#[tokio::test]
async fn what_a_caller_may_not_see_is_not_in_an_answer() {
    let world = shop().await;
    let elsewhere = everything().narrowed(&[crate::data::shop()]);
    let answer = ask_as(&world, "who deleted order 17", None, &elsewhere).await.expect("answers");
    let searched = answer.statistics.searched.expect("nothing was found");
    assert_eq!((answer.rows.len(), searched.tables[0].rows, searched.tables[0].oldest.clone()), (0, 0, None));
}

#[tokio::test]
async fn an_event_is_found_by_its_id() {
    let world = shop().await;
    let question = format!("what happened 1 minute before entry {}", crate::shop::id(3));
    let answer = ask(&world, &question, None).await;
    assert_eq!(answer.sql.len(), 2, "{answer:?}");
    assert_eq!(answer.sentence, "2 rows: 1 of session_events, 1 of logs.");
    let missing = ask(&world, &format!("what happened after {}", crate::shop::id(99)), None).await;
    assert_eq!((missing.rows.len(), missing.sql.len()), (0, 1));
    assert!(missing.sentence.starts_with("No audit entry has the id"), "{}", missing.sentence);
}

#[tokio::test]
async fn a_question_too_long_names_its_limit() {
    let world = shop().await;
    let error = ask_as(&world, &"x".repeat(QUESTION_BYTES_MAX + 1), None, &everything()).await.expect_err("refused");
    assert_eq!((error.limit, error.field.as_deref()), (Some("question_bytes"), Some("question")));
}

#[tokio::test]
async fn values_never_become_sql() {
    let world = shop().await;
    for hostile in [
        "x' OR '1'='1",
        "17'; DROP TABLE audit_logs; --",
        r"\",
        r"\' OR 1=1 --",
        "$$",
        "x'/*",
        "%",
        "_",
        "E'\\x27'",
        "\u{0}",
    ] {
        for quoted in [
            format!("who deleted order \"{hostile}\""),
            format!("everything \"{hostile}\" did"),
            format!("what happened in request \"{hostile}\""),
            format!("errors of \"{hostile}\""),
            format!("who changed \"{hostile}\" of order 1"),
            format!("who deleted \"{hostile}\" 17x"),
        ] {
            let answer = ask(&world, &quoted, None).await;
            assert!(answer.understood, "{quoted}");
            assert_eq!(answer.rows.len(), 0, "{quoted}: {answer:?}");
        }
    }
}

/// What kinds of tokens a statement has, literals without their text.
fn shape(sql: &str) -> Vec<String> {
    use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
    use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize().expect("well-formed");
    let one = |token: Token| match token {
        Token::SingleQuotedString(_) => "literal".to_owned(),
        other => other.to_string(),
    };
    tokens.into_iter().map(one).collect()
}

fn statement(question: &str) -> Option<String> {
    let now = Timestamp(START);
    match understand(question, Zone::utc(), now, Scope::Applications).ok()? {
        Understood::Question(reading) => Some(reading.sql()),
        Understood::Unclear(_) => None,
    }
}

proptest! {
    #[test]
    fn any_value_stays_a_literal(value in "[^\"]{1,60}1") {
        let sql = statement(&format!("who deleted order \"{value}\"")).expect("a question");
        let plain = statement("who deleted order \"1\"").expect("a question");
        prop_assert_eq!(shape(&sql), shape(&plain));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,120}") {
        let now = Timestamp(START);
        let _any = understand(&text, Zone::utc(), now, Scope::Applications);
    }

    #[test]
    fn any_words_of_questions_are_read_without_a_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "who", "deleted", "order", "17", "what", "happened", "before", "last", "2", "hours", "yesterday", "of", "by",
            "dana", "did", "'", "\"x y\"", "since", "between", "and", "14:00", "99999999", "2026-11-20", "ago", "in",
        ]), 0..14),
    ) {
        let now = Timestamp(START);
        let _any = understand(&words.join(" "), Zone::utc(), now, Scope::Applications);
    }
}

/// `docs/reference/questions.md`, from the table of kinds.
fn page() -> String {
    let mut page = String::from(
        "# Questions in plain words\n\n\
         Generated from the table of kinds (`crates/query/src/ask/kinds.rs`); \
         `UPDATE_REFERENCE=1 cargo test -p whodunit-query questions` writes it anew.\n\
         [Asking](../guide/asking.md) walks through them.\n\n\
         In the ways to ask, `a|b` are alternatives, `[…]` may be left out, and `{…}` is filled.\n\
         Kinds are tried in this order, and the first that takes all words of the question wins.\n",
    );
    for kind in KINDS {
        let filled = kind
            .example
            .replace("{target}", "order 17")
            .replace("{verb}", "deleted")
            .replace("{actor}", "dana@example.com")
            .replace("{service}", "shop")
            .replace("{id}", "b-17")
            .replace("{ip}", "203.0.113.9")
            .replace("{when}", "yesterday");
        page.push_str(&format!("\n## {}\n\nFinds {}.\nFor example: `{filled}`.\n\n", kind.name, kind.finds));
        kind.patterns.iter().for_each(|pattern| page.push_str(&format!("- `{pattern}`\n")));
    }
    page
}

#[test]
fn the_reference_page_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/questions.md");
    let page = page();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/reference/questions.md is not what the table says; run with UPDATE_REFERENCE=1");
}
