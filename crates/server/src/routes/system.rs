//! The system's state as dashboards of applications ask for it: health with real figures, and the newest entries.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use futures::FutureExt;
use serde_json::{Map, Value, json};
use whodunit_api::health::{
    Check, CountsCheck, DatabaseCheck, ErrorRateCheck, PerformanceCheck, Status, SystemChecks, SystemHealth,
};
use whodunit_model::{Caller, Table};
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::list::{LIST_ROWS_MAX, parse_limit};
use whodunit_query::{Error, Limits, SqlRequest, Visibility};
use whodunit_stdx::Timestamp;

use super::detailed::control_check;
use super::meta::store_checks;
use crate::app::App;
use crate::call::{Answer, Call, ProjectChoice, json_response, ok};
use crate::failure::Failure;

/// An answer about the system's health is used again for so long: it runs questions, and anybody may ask for it.
const HEALTH_AGE_MAX: Duration = Duration::from_secs(5);
/// Above it the database counts as slow.
const SLOW: Duration = Duration::from_secs(1);
/// Per cent of errors above which the system counts as degraded.
const ERROR_RATE_MAX: f64 = 5.0;
/// The time that one question of a health check may take.
const QUESTION_TIME: Duration = Duration::from_secs(10);
const ENTRIES_DEFAULT: usize = 50;
/// Values of one kind in the statistics.
const VALUES_MAX: usize = 10;

type Row = Map<String, Value>;

pub fn health(call: Call) -> Answer {
    async move {
        let app = &call.app;
        // Whoever comes while it is being found out waits for that one answer.
        let mut last = app.system_health.lock().await;
        let now = app.world.instant();
        let health = match &*last {
            Some((then, health)) if now.since(*then) < HEALTH_AGE_MAX => health.clone(),
            _ => last.insert((now, find_out(app).await)).1.clone(),
        };
        let code = if health.status == Status::Unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        json_response(code, &health)
    }
    .boxed()
}

async fn find_out(app: &App) -> SystemHealth {
    let (started, timestamp) = (app.world.instant(), app.world.now());
    let checks = SystemChecks {
        database: database(app).await,
        database_performance: performance(app).await,
        error_rate: error_rate(app).await,
        system_metrics: system_metrics(app),
        recent_activity: recent_activity(app).await,
    };
    let statuses = [
        checks.database.status,
        checks.database_performance.status,
        checks.error_rate.status,
        checks.system_metrics.status,
        checks.recent_activity.status,
    ];
    SystemHealth {
        status: statuses.into_iter().max().unwrap_or(Status::Healthy),
        timestamp: time_text(timestamp.nanos()),
        response_time: millis(app.world.instant().since(started)),
        checks,
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The rows of a question of the server's own.
async fn rows(app: &App, query: String) -> Result<Vec<Row>, Error> {
    let limits = Limits { time: QUESTION_TIME, ..app.engine.settings().limits };
    let visibility = Visibility::of(&Caller::system("health"));
    let (batches, _) = app.engine.sql(SqlRequest { query, limits }, &visibility).await?.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        rows.extend(row_objects(batch)?);
    }
    Ok(rows)
}

fn failed(error: &Error) -> String {
    tracing::warn!(%error, "a question of a health check failed");
    format!("the question failed: {}", error.kind.name())
}

async fn database(app: &App) -> DatabaseCheck {
    let started = app.world.instant();
    let mut checks = store_checks(app);
    checks.push(control_check(app).await);
    let worst = checks.into_iter().max_by_key(|check| check.status);
    let (status, message) = match worst {
        Some(Check { status: Status::Healthy, .. }) | None => {
            (Status::Healthy, "store and control plane answer".to_owned())
        }
        Some(Check { name, status, message }) => (status, format!("{name}: {message}")),
    };
    DatabaseCheck { status, message, response_time: millis(app.world.instant().since(started)) }
}

async fn performance(app: &App) -> PerformanceCheck {
    let started = app.world.instant();
    let asked = rows(app, "SELECT time FROM audit_logs ORDER BY time DESC LIMIT 1".to_owned()).await;
    let took = app.world.instant().since(started);
    let (status, message) = match asked {
        Err(error) => (Status::Unhealthy, failed(&error)),
        Ok(_) if took > SLOW => (Status::Degraded, "asking for the newest entry takes more than a second".to_owned()),
        Ok(_) => (Status::Healthy, "the newest entry is found within a second".to_owned()),
    };
    PerformanceCheck { status, message, response_time: millis(took), threshold: millis(SLOW) }
}

/// Rows of applications since then by table and `column`, if it is not empty.
fn counted(tables: &[(Table, &str)], since: Timestamp) -> String {
    // Whole minutes are counted without being read.
    let minute = Timestamp::NANOS_PER_MINUTE;
    let since = time_text(since.nanos().div_euclid(minute).saturating_mul(minute));
    let one = |(table, column): &(Table, &str)| {
        let (name, level) = (table.name(), if column.is_empty() { "NULL" } else { column });
        let group = if column.is_empty() { String::new() } else { format!(" GROUP BY {column}") };
        format!(
            "SELECT '{name}' AS signal, {level} AS level, count(*) AS n FROM {name} \
             WHERE time >= '{since}' AND project <> 'whodunit'{group}"
        )
    };
    tables.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ")
}

fn number(row: &Row, name: &str) -> u64 {
    row.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

async fn error_rate(app: &App) -> ErrorRateCheck {
    let since = app.world.now().saturating_sub(Duration::from_secs(3600));
    let tables = [(Table::Logs, "\"level\""), (Table::ErrorEvents, "\"level\""), (Table::AuditLogs, "severity")];
    let counts = rows(app, counted(&tables, since)).await;
    let (mut errors, mut critical, mut total) = (0, 0, 0);
    for row in counts.as_deref().unwrap_or_default() {
        let (count, level) = (number(row, "n"), text(row, "level").to_uppercase());
        total += count;
        match level.as_str() {
            "FATAL" | "CRITICAL" => (errors, critical) = (errors + count, critical + count),
            "ERROR" => errors += count,
            // An error event without a level is an error all the same.
            "" if text(row, "signal") == Table::ErrorEvents.name() => errors += count,
            _ => {}
        }
    }
    let rate = if total == 0 { 0.0 } else { errors as f64 * 100.0 / total as f64 };
    let (status, message) = match &counts {
        Err(error) => (Status::Unhealthy, failed(error)),
        Ok(_) if total == 0 => (Status::Healthy, "nothing was sent in the last hour".to_owned()),
        Ok(_) => {
            let status = if rate > ERROR_RATE_MAX { Status::Degraded } else { Status::Healthy };
            (status, format!("{errors} of {total} rows of the last hour are errors"))
        }
    };
    ErrorRateCheck { status, message, rate, threshold: ERROR_RATE_MAX, errors, critical, total }
}

fn system_metrics(app: &App) -> CountsCheck {
    let mut tables = BTreeMap::new();
    for table in app.store.statistics().tables {
        let stored: u64 = table.tiers.iter().map(|tier| tier.rows).sum();
        tables.insert(table.table.name().to_owned(), stored + table.buffered_rows);
    }
    let total = tables.values().sum();
    let message = format!("{total} rows are stored, Whodunit's own trail among them");
    CountsCheck { status: Status::Healthy, message, total, tables }
}

async fn recent_activity(app: &App) -> CountsCheck {
    let since = app.world.now().saturating_sub(Duration::from_secs(86_400));
    let counts = rows(app, counted(&Table::ALL.map(|table| (table, "")), since)).await;
    let of_row = |row: &Row| (text(row, "signal").to_owned(), number(row, "n"));
    let tables: BTreeMap<String, u64> = counts.iter().flatten().map(of_row).collect();
    let total = tables.values().sum();
    let (status, message) = match &counts {
        Err(error) => (Status::Unhealthy, failed(error)),
        Ok(_) if total == 0 => (Status::Degraded, "no application has sent anything for 24 hours".to_owned()),
        Ok(_) => (Status::Healthy, format!("{total} rows were sent in the last 24 hours")),
    };
    CountsCheck { status, message, total, tables }
}

pub fn audit_logs(call: Call) -> Answer {
    async move {
        let limit = call.parameter("limit").map_or(Ok(ENTRIES_DEFAULT), |limit| parse_limit(limit, LIST_ROWS_MAX))?;
        let kind = call.parameter("type").unwrap_or("all");
        let visibility = call.visibility(ProjectChoice::Named);
        visibility.require(Table::AuditLogs)?;
        let answer = match kind {
            "all" => newest(&call, &visibility, ENTRIES.to_owned(), limit).await?,
            "errors" => newest(&call, &visibility, errors(&visibility), limit).await?,
            "stats" => stats(&call, &visibility).await?,
            other => {
                let message = format!("type is all, errors or stats, not {other:?}");
                return Err(Failure::invalid(message).field("type"));
            }
        };
        let mut body = Map::from_iter([
            ("type".to_owned(), json!(kind)),
            ("timestamp".to_owned(), json!(time_text(call.app.world.now().nanos()))),
        ]);
        body.extend(answer);
        ok(&body)
    }
    .boxed()
}

const ENTRIES: &str = "SELECT time, id, action, category, severity, outcome, actor_id, actor_email, actor_name, \
                       target_type, target_id, target_name, description, reason, ip, service, correlation_id, changes, \
                       metadata FROM audit_logs";

/// Entries that failed or are bad, and everything in `error_logs`, as far as the caller may read it.
fn errors(visibility: &Visibility) -> String {
    let entries = "SELECT time, 'audit_logs' AS signal, severity AS level, error_type, \
                   coalesce(error_message, description, action) AS message, service, actor_id, actor_email, \
                   correlation_id FROM audit_logs WHERE outcome = 'failure' OR severity IN ('ERROR', 'CRITICAL')";
    let others = "SELECT time, signal, \"level\", error_type, message, service, actor_id, actor_email, correlation_id \
                  FROM error_logs";
    match visibility.reads(Table::Logs) {
        true => format!("SELECT * FROM ({entries} UNION ALL {others}) AS errors"),
        false => entries.to_owned(),
    }
}

async fn ask(call: &Call, visibility: &Visibility, query: String, rows_max: u64) -> Result<(Vec<Row>, Value), Failure> {
    let limits = Limits { rows: rows_max, ..call.app.engine.settings().limits };
    let (batches, statistics) = call.app.engine.sql(SqlRequest { query, limits }, visibility).await?.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        rows.extend(row_objects(batch)?);
    }
    call.recorder.add_rows(rows.len() as u64);
    Ok((rows, json!(statistics)))
}

async fn newest(call: &Call, visibility: &Visibility, from: String, limit: usize) -> Result<Row, Failure> {
    let (rows, statistics) = ask(call, visibility, format!("{from} ORDER BY time DESC"), limit as u64).await?;
    Ok(Map::from_iter([
        ("limit".to_owned(), json!(limit)),
        ("count".to_owned(), json!(rows.len())),
        ("rows".to_owned(), json!(rows)),
        ("statistics".to_owned(), statistics),
    ]))
}

/// Counts of all entries and of those of the last day.
async fn stats(call: &Call, visibility: &Visibility) -> Result<Row, Failure> {
    let count = async |what: &str| {
        let query =
            format!("SELECT {what} AS value, count(*) AS n FROM audit_logs GROUP BY {what} ORDER BY n DESC, value");
        let (rows, _) = ask(call, visibility, query, VALUES_MAX as u64).await?;
        let value = |row: Row| json!({"value": row.get("value"), "count": number(&row, "n")});
        Ok::<Value, Failure>(rows.into_iter().map(value).collect())
    };
    let day = time_text(call.app.world.now().saturating_sub(Duration::from_secs(86_400)).nanos());
    let query = format!(
        "SELECT count(*) AS total, count(*) FILTER (WHERE time >= '{day}') AS last_24h, \
         count(*) FILTER (WHERE outcome = 'failure') AS failures, \
         count(*) FILTER (WHERE severity IN ('ERROR', 'CRITICAL')) AS errors, min(time) AS oldest, max(time) AS newest \
         FROM audit_logs"
    );
    let (rows, _) = ask(call, visibility, query, 1).await?;
    let mut stats = rows.into_iter().next().unwrap_or_default();
    for (name, what) in [
        ("by_action", "action"),
        ("by_category", "category"),
        ("by_severity", "severity"),
        ("by_outcome", "outcome"),
        ("by_actor", "coalesce(actor_email, actor_name, actor_id)"),
    ] {
        stats.insert(name.to_owned(), count(what).await?);
    }
    Ok(Map::from_iter([("stats".to_owned(), Value::Object(stats))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_begin_at_a_whole_minute() {
        let query = counted(&[(Table::Logs, "\"level\""), (Table::Spans, "")], Timestamp(61_000_000_000));
        assert!(query.contains("time >= '1970-01-01T00:01:00.000000000Z'"), "{query}");
        assert_eq!(query.matches("GROUP BY").count(), 1, "{query}");
    }
}
