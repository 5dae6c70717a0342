//! `whodunit ask`: one question in plain words, to a running server or directly to a stopped server's files.

use hyper::Method;
use serde_json::json;
use whodunit_api::query::{AskAnswer, AskRequest};
use whodunit_store::Purpose;

use super::direct::Direct;
use crate::arguments::Ask;
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Call, Client};
use crate::output::{Rows, Style, print_text, shown};

pub async fn run(ask: Ask, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let request =
        AskRequest { question: ask.question.join(" "), project: ask.project, zone: ask.zone, ..AskRequest::default() };
    let answer = if matches!(configuration.origin("data"), Origin::Flag(_)) {
        Direct::open(configuration, Purpose::Look).await?.tell(&request).await?
    } else {
        let client = Client::new(&configuration.url(), configuration.api_key(), configuration.ca())?;
        let sent = client.send(Call::json(Method::POST, "/api/v1/ask", &json!(request))).await?.success()?;
        serde_json::from_slice(&sent.body)
            .map_err(|error| Failure::Failed(format!("the answer is not as expected: {error}")))?
    };
    print(&answer, style)
}

fn print(answer: &AskAnswer, style: Style) -> Result<(), Failure> {
    if style == Style::Json {
        print_text(&serde_json::to_string_pretty(answer).expect("answers are plain"))?;
    }
    if !answer.understood {
        return Err(Failure::Failed(unclear(answer)));
    }
    if style == Style::Json {
        return Ok(());
    }
    print_text(&shown(&answer.sentence))?;
    if let Some(searched) = &answer.statistics.searched {
        print_text(&shown(&format!("no rows; {}", searched.told())))?;
    }
    if !answer.rows.is_empty() {
        let columns = answer.columns.iter().map(|column| column.name.clone()).collect();
        Rows { columns, rows: answer.rows.clone() }.filled().print(style)?;
    }
    print_text(&format!("\nRead as: {}\nSQL:", shown(answer.read_as.as_deref().unwrap_or_default())))?;
    for sql in &answer.sql {
        let lines: Vec<String> = sql.lines().map(|line| format!("  {}", shown(line))).collect();
        print_text(&lines.join("\n"))?;
    }
    Ok(())
}

fn unclear(answer: &AskAnswer) -> String {
    let near = answer.suggestions.iter().map(|one| format!("\n  {}", one.question)).collect::<String>();
    format!("this question was not understood; ask for example:{near}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_api::query::Suggestion;

    #[test]
    fn a_text_that_is_no_question_fails_with_near_ones() {
        let suggestions = vec![Suggestion { kind: "deed".into(), question: "who deleted order 17".into() }];
        let answer = AskAnswer { suggestions, ..AskAnswer::default() };
        let failure = print(&answer, Style::Plain).expect_err("not understood");
        assert!(failure.to_string().contains("who deleted order 17"), "{failure}");
    }
}
