//! SQL in, rows out: the files in `tests/cases`, each case at every stage of the store.
//!
//! A case is `query` or `error`, the SQL, `----`, and the expected lines up to an empty line. Rows are tab-separated
//! and in order. An error is `kind: message`. With `UPDATE_CASES=1` the buffered answers are written into the files;
//! read the difference before it is committed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::data::{Stage, World1, filled, filled_with};

struct Case {
    comment: String,
    kind: String,
    sql: String,
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
        let kind = line.to_owned();
        assert!(matches!(line, "query" | "error"), "a case starts with query or error, not {line:?}");
        let mut sql = Vec::new();
        for line in lines.by_ref() {
            if line == "----" {
                break;
            }
            sql.push(line);
        }
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.is_empty()) {
            expected.push(line.to_owned());
        }
        cases.push(Case { comment: std::mem::take(&mut comment), kind, sql: sql.join("\n"), expected });
    }
    cases
}

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).expect("there are cases").map(|file| file.expect("readable").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "slt"));
    files.sort();
    files
}

async fn answer(world: &World1, sql: &str) -> (String, Vec<String>) {
    match world.lines(sql).await {
        Ok(lines) => ("query".to_owned(), lines),
        Err(error) => {
            let hint = error.hint.as_ref().map(|hint| format!(" | {hint}")).unwrap_or_default();
            ("error".to_owned(), vec![format!("{}: {error}{hint}", error.kind.name())])
        }
    }
}

async fn check(world: &World1, stage: &str) {
    let mut wrong = String::new();
    for file in files() {
        for case in parse(&std::fs::read_to_string(&file).expect("readable")) {
            let (kind, lines) = answer(world, &case.sql).await;
            if kind != case.kind || lines != case.expected {
                let name = file.file_name().expect("a file").to_string_lossy().into_owned();
                let _infallible = writeln!(
                    wrong,
                    "{name} at stage {stage}:\n{}\nexpected {}:\n{}\nfound {kind}:\n{}\n",
                    case.sql,
                    case.kind,
                    case.expected.join("\n"),
                    lines.join("\n")
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

async fn update(world: &World1) {
    for file in files() {
        let mut out = String::new();
        for case in parse(&std::fs::read_to_string(&file).expect("readable")) {
            let (kind, lines) = answer(world, &case.sql).await;
            out.push_str(&case.comment);
            let _infallible = writeln!(out, "{kind}\n{}\n----", case.sql);
            lines.iter().for_each(|line| out.push_str(&format!("{line}\n")));
        }
        std::fs::write(&file, out).expect("writable");
    }
}

#[tokio::test]
async fn answers_from_the_buffer() {
    let world = filled(Stage::Buffered).await;
    if std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
        update(&world).await;
    }
    check(&world, "buffered").await;
}

#[tokio::test]
async fn answers_from_segments() {
    check(&filled(Stage::Flushed).await, "flushed").await;
}

#[tokio::test]
async fn answers_from_both() {
    check(&filled(Stage::Half).await, "half").await;
}

#[tokio::test]
async fn answers_from_compacted_segments() {
    check(&filled(Stage::Compacted).await, "compacted").await;
}

#[tokio::test]
async fn answers_from_segments_whose_attributes_overflow() {
    let world = filled_with(Stage::Compacted, |settings| settings.maintain.segment_attributes_max = 2).await;
    check(&world, "overflowing").await;
}
