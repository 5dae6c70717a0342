//! The questions about the generated lines, each with what its answer must look like and how fast it should be.

use hyper::Method;
use serde_json::{Value, json};
use whodunit_stdx::World;

use super::generate::{
    NEEDLE_CORRELATION, NEEDLE_CORRELATION_ROWS, NEEDLE_USER, NEEDLE_USER_ROWS, NEEDLE_WORD, NEEDLE_WORD_ROWS,
    RARE_STATUS, SERVICES,
};
use super::report::Latencies;
use crate::failure::Failure;
use crate::http::{Call, Client};

const WARM_UPS: u64 = 3;
/// More than the largest answer has: one row per service, level and minute.
const ROWS_MAX: u64 = 1_000_000;

/// One question.
pub struct Question {
    pub name: &'static str,
    pub sql: String,
    pub target_ms: f64,
    rows: Expected,
}

/// How many rows a right answer has.
#[derive(Clone, Copy, Debug)]
enum Expected {
    Exactly(u64),
    AtLeast(u64),
}

/// All of them.
pub fn all() -> Vec<Question> {
    let question = |name, target_ms, rows, sql: String| Question { name, sql, target_ms, rows };
    let newest = |filter: &str| format!("SELECT * FROM logs {filter} ORDER BY time DESC LIMIT 100");
    vec![
        question("needle by user id", 8.0, Expected::Exactly(NEEDLE_USER_ROWS), format!("SELECT * FROM logs WHERE actor_id = '{NEEDLE_USER}'")),
        question(
            "needle by correlation id",
            4.0,
            Expected::Exactly(NEEDLE_CORRELATION_ROWS),
            format!("SELECT * FROM logs WHERE correlation_id = '{NEEDLE_CORRELATION}'"),
        ),
        question("rare word", 6.0, Expected::Exactly(NEEDLE_WORD_ROWS), format!("SELECT * FROM logs WHERE match(body, '{NEEDLE_WORD}')")),
        question(
            "count by service and level per minute",
            30.0,
            Expected::AtLeast(1),
            "SELECT date_trunc('minute', time) AS minute, service, level, count(*) AS lines FROM logs GROUP BY 1, 2, 3".to_owned(),
        ),
        question("newest 100", 10.0, Expected::Exactly(100), newest("")),
        question("newest 100 of one service and level", 5.0, Expected::AtLeast(1), newest("WHERE service = 'payments' AND level = 'ERROR'")),
        question("newest 100 with one status", 10.0, Expected::AtLeast(1), newest(&format!("WHERE status = {RARE_STATUS}"))),
        question("distinct users", 40.0, Expected::Exactly(1), "SELECT count(DISTINCT actor_id) AS users FROM logs".to_owned()),
        question(
            "p99 duration by service",
            40.0,
            Expected::Exactly(SERVICES.len() as u64),
            "SELECT service, approx_percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_ms) AS p99 FROM logs GROUP BY service".to_owned(),
        ),
    ]
}

/// How one question did.
pub struct Answered {
    /// Over HTTP, from sending to the last byte.
    pub http: Latencies,
    /// As the server says in the answer's statistics.
    pub server_ms: f64,
    pub rows: u64,
}

/// Asks a question until warm, then `repeats` times, and checks every answer.
pub async fn ask(client: &Client, question: &Question, repeats: u64, world: &World) -> Result<Answered, Failure> {
    let request = json!({"query": question.sql, "rows_max": ROWS_MAX});
    let mut http = Latencies::default();
    let mut server = Vec::new();
    let mut rows = 0;
    for round in 0..WARM_UPS + repeats {
        let begun = world.instant();
        let answer = client.send(Call::json(Method::POST, "/api/v1/sql", &request)).await?;
        let elapsed = world.instant().since(begun);
        let answer =
            answer.success().map_err(|failure| Failure::Failed(format!("{}: {failure}", question.name)))?.json()?;
        rows = question.check(&answer)?;
        if round >= WARM_UPS {
            http.push(elapsed);
            server.push(answer["statistics"]["elapsed_ms"].as_f64().unwrap_or_default());
        }
    }
    server.sort_unstable_by(f64::total_cmp);
    Ok(Answered { http, server_ms: server.get(server.len() / 2).copied().unwrap_or_default(), rows })
}

impl Question {
    fn check(&self, answer: &Value) -> Result<u64, Failure> {
        let rows = answer["rows"].as_array().map_or(0, |rows| rows.len() as u64);
        let right = match self.rows {
            Expected::Exactly(expected) => rows == expected,
            Expected::AtLeast(least) => rows >= least,
        };
        let whole = answer["statistics"]["partial"] != true;
        if right && whole {
            return Ok(rows);
        }
        Err(Failure::Failed(format!(
            "{}: {rows} rows, expected {:?}; statistics {}",
            self.name, self.rows, answer["statistics"]
        )))
    }
}
