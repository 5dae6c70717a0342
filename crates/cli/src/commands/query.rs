//! `whodunit query`: one SQL question, to a running server or directly to a stopped server's files.

use std::io::{Read, Write};

use hyper::Method;
use serde_json::json;
use whodunit_api::query::SqlAnswer;
use whodunit_store::Purpose;

use super::direct::Direct;
use crate::arguments::{Format, Query};
use crate::configuration::{Configuration, Origin};
use crate::failure::Failure;
use crate::http::{Call, Client};
use crate::output::{Rows, Style, shown};

pub async fn run(query: Query, configuration: &Configuration, style: Style) -> Result<(), Failure> {
    let sql = if query.sql == "-" { read_standard_input()? } else { query.sql };
    // A table or --json is made from the server's JSON; an explicit format is passed through as it comes.
    let format = query.format.unwrap_or(Format::Json);
    let body = if matches!(configuration.origin("data"), Origin::Flag(_)) {
        Direct::open(configuration, Purpose::Look).await?.ask(&sql, format).await?
    } else {
        let client = Client::new(&configuration.url(), configuration.api_key(), configuration.ca())?;
        let request = json!({"query": sql, "format": format.name()});
        client.send(Call::json(Method::POST, "/api/v1/sql", &request)).await?.success()?.body.to_vec()
    };
    if query.format.is_some() {
        let mut out = std::io::stdout().lock();
        return Ok(out.write_all(&body).and_then(|()| out.flush())?);
    }
    print(&body, style)
}

fn read_standard_input() -> Result<String, Failure> {
    let mut sql = String::new();
    std::io::stdin().read_to_string(&mut sql)?;
    Ok(sql)
}

fn print(body: &[u8], style: Style) -> Result<(), Failure> {
    let answer: SqlAnswer = serde_json::from_slice(body)
        .map_err(|error| Failure::Failed(format!("the answer is not as expected: {error}")))?;
    let columns = answer.columns.into_iter().map(|column| column.name).collect();
    Rows { columns, rows: answer.rows }.print(style)?;
    if let Some(searched) = &answer.statistics.searched {
        eprintln!("{}", shown(&format!("no rows; {}", searched.told())));
    }
    if answer.statistics.partial {
        let limit = answer.statistics.limit.unwrap_or_default();
        eprintln!("the answer is cut by {limit}: there are more rows{}", at_hint(&limit));
    }
    Ok(())
}

fn at_hint(limit: &str) -> &'static str {
    if limit.contains("rows") { "; add a LIMIT or a filter" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn answer(columns: &[&str], rows: Vec<Vec<Value>>) -> Vec<u8> {
        let columns: Vec<Value> = columns.iter().map(|name| json!({"name": name, "type": "text"})).collect();
        let statistics = json!({"elapsed_ms": 1.0, "rows": rows.len(), "partial": false, "tables": []});
        json!({"columns": columns, "rows": rows, "statistics": statistics}).to_string().into_bytes()
    }

    #[test]
    fn an_answer_that_is_none_says_so() {
        assert!(print(b"<html>", Style::Plain).is_err());
        assert!(print(&answer(&["a"], vec![vec![json!(1)]]), Style::Plain).is_ok());
    }
}
