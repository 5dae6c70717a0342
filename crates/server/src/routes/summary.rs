//! What a range of time was like: counts by level and bucket, and who did most of what from where.
//!
//! Counts by level come from the roll-ups of segments, so that a day of log lines costs next to nothing; who and what is
//! asked of the audit entries alone.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use whodunit_api::activity::{ActionCount, ActivityBucket, ActivityCounts, ActivitySummary, ActorCount, AddressCount};
use whodunit_model::Table;
use whodunit_query::activity::readable;
use whodunit_query::format::{row_objects, time_text};
use whodunit_query::{SqlRequest, Visibility, time};
use whodunit_stdx::Timestamp;

use crate::call::Call;
use crate::failure::Failure;

/// Without parameters the summary is of so long.
const RANGE_DEFAULT: Duration = Duration::from_secs(86_400);
/// Widths of buckets; the narrowest is taken of which no more than [`BUCKETS_MAX`] cover the range.
const WIDTHS: [i64; 11] = [60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000];
pub const BUCKETS_MAX: i64 = 25;
/// Longest range: as many of the widest buckets.
pub const SUMMARY_DAYS_MAX: i64 = 750;
/// Actions, actors and addresses that are named.
pub const TOP_MAX: usize = 10;

type Row = Map<String, Value>;

/// The range that is asked about, and its buckets.
#[derive(Debug)]
struct Range {
    from: Timestamp,
    to: Timestamp,
    width: i64,
}

pub async fn summarise(call: &Call, visibility: &Visibility) -> Result<ActivitySummary, Failure> {
    let range = range(call)?;
    let mut summary = ActivitySummary {
        from: time_text(range.from.nanos()),
        to: time_text(range.to.nanos()),
        bucket_seconds: range.width.unsigned_abs(),
        ..ActivitySummary::default()
    };
    let mut buckets: BTreeMap<i64, ActivityCounts> = range.starts().map(|at| (at, ActivityCounts::default())).collect();
    for row in rows(call, visibility, counts(&range, visibility)).await? {
        let (table, count) = (text(&row, "signal"), number(&row, "n"));
        let at = row.get("at").and_then(Value::as_i64).unwrap_or_default();
        let level = text(&row, "level").to_uppercase();
        let more = weighed(table, &level, count);
        add(&mut summary.totals, more);
        add(buckets.entry(at.saturating_mul(Timestamp::NANOS_PER_SECOND)).or_default(), more);
        *summary.signals.entry(table.to_owned()).or_default() += count;
    }
    let bucket = |(at, counts): (i64, ActivityCounts)| ActivityBucket { time: time_text(at), counts };
    summary.buckets = buckets.into_iter().map(bucket).collect();
    if visibility.reads(Table::AuditLogs) {
        summary.actions = rows(call, visibility, actions(&range)).await?.iter().map(action).collect();
        summary.actors = rows(call, visibility, actors(&range)).await?.iter().map(actor).collect();
        summary.addresses = rows(call, visibility, addresses(&range)).await?.iter().map(address).collect();
    }
    Ok(summary)
}

fn range(call: &Call) -> Result<Range, Failure> {
    let now = call.app.world.now();
    let mut ends = [None, None];
    for (name, value) in call.parameters.iter().filter(|(name, _)| name != "project") {
        let at = match name.as_str() {
            "from" => &mut ends[0],
            "to" => &mut ends[1],
            _ => {
                let message = format!("the summary has no parameter {name:?}");
                return Err(Failure::invalid(message).field(name).hint("it has from and to"));
            }
        };
        let wrong = || Failure::invalid(format!("{name} is a time, not {value:?}")).field(name);
        *at = Some(time::parse(value, now).ok_or_else(wrong)?);
    }
    let to = ends[1].unwrap_or(now);
    let from = ends[0].unwrap_or_else(|| minute(to.saturating_sub(RANGE_DEFAULT)));
    if from >= to {
        return Err(Failure::invalid("from is not before to").field("from"));
    }
    let seconds = to.nanos().saturating_sub(from.nanos()) / Timestamp::NANOS_PER_SECOND;
    let fits = |width: &i64| seconds / width < BUCKETS_MAX;
    let too_long = || {
        Failure::invalid(format!("the summary is of at most {SUMMARY_DAYS_MAX} days"))
            .field("from")
            .limit("summary_days")
    };
    let width = WIDTHS.into_iter().find(fits).ok_or_else(too_long)?;
    Ok(Range { from, to, width })
}

/// The whole minute before: counts of whole minutes are known without reading.
fn minute(time: Timestamp) -> Timestamp {
    Timestamp(time.nanos().div_euclid(Timestamp::NANOS_PER_MINUTE) * Timestamp::NANOS_PER_MINUTE)
}

impl Range {
    /// The starts of all buckets, the first at or before the range.
    fn starts(&self) -> impl Iterator<Item = i64> {
        let nanos = self.width * Timestamp::NANOS_PER_SECOND;
        let first = self.from.nanos().div_euclid(nanos) * nanos;
        let to = self.to.nanos();
        std::iter::successors(Some(first), move |at| at.checked_add(nanos)).take_while(move |at| *at < to)
    }

    fn condition(&self) -> String {
        format!("time >= '{}' AND time < '{}'", time_text(self.from.nanos()), time_text(self.to.nanos()))
    }
}

/// The column by which a table says how bad a row is.
fn level_of(table: Table) -> &'static str {
    match table {
        Table::AuditLogs => "severity",
        Table::Logs | Table::ErrorEvents => "\"level\"",
        Table::SessionEvents | Table::Spans | Table::Samples => "NULL",
        Table::Attachments | Table::Feedback | Table::CheckIns | Table::ReleaseSessions => "NULL",
    }
}

fn counts(range: &Range, visibility: &Visibility) -> String {
    let (condition, width) = (range.condition(), range.width);
    let one = |table: Table| {
        let (name, level) = (table.name(), level_of(table));
        let by_level = if level == "NULL" { String::new() } else { format!(", {level}") };
        // One count per table below, so that roll-ups can answer it; the number of the bucket is made above it.
        format!(
            "SELECT '{name}' AS signal, {level} AS level, \
             date_bin(INTERVAL '{width} seconds', time, TIMESTAMP '1970-01-01T00:00:00Z') AS bucket, count(*) AS n \
             FROM {name} WHERE {condition} GROUP BY bucket{by_level}"
        )
    };
    let parts = readable(visibility).map(one).collect::<Vec<_>>().join(" UNION ALL ");
    format!("SELECT signal, level, CAST(date_part('epoch', bucket) AS BIGINT) AS at, n FROM ({parts}) AS counted")
}

fn actions(range: &Range) -> String {
    format!(
        "SELECT action, count(*) AS n, count(*) FILTER (WHERE outcome = 'failure') AS failures FROM audit_logs \
         WHERE {} AND action IS NOT NULL GROUP BY action ORDER BY n DESC, action LIMIT {TOP_MAX}",
        range.condition()
    )
}

fn actors(range: &Range) -> String {
    format!(
        "SELECT max(actor_id) AS id, max(actor_email) AS email, max(actor_name) AS name, count(*) AS n, \
         last_value(ip ORDER BY time) FILTER (WHERE ip IS NOT NULL) AS last_ip, max(time) AS last_time \
         FROM audit_logs WHERE {} AND coalesce(actor_id, actor_email, actor_name) IS NOT NULL \
         GROUP BY coalesce(actor_id, actor_email, actor_name) \
         ORDER BY n DESC, coalesce(actor_id, actor_email, actor_name) LIMIT {TOP_MAX}",
        range.condition()
    )
}

fn addresses(range: &Range) -> String {
    format!(
        "SELECT ip, count(*) AS n, count(DISTINCT coalesce(actor_id, actor_email, actor_name)) AS actors, \
         max(time) AS last_time FROM audit_logs WHERE {} AND ip IS NOT NULL \
         GROUP BY ip ORDER BY n DESC, ip LIMIT {TOP_MAX}",
        range.condition()
    )
}

async fn rows(call: &Call, visibility: &Visibility, query: String) -> Result<Vec<Row>, Failure> {
    let limits = call.app.engine.settings().limits;
    let (batches, _) = call.app.engine.sql(SqlRequest { query, limits }, visibility).await?.collect().await?;
    let mut rows = Vec::new();
    for batch in &batches {
        rows.extend(row_objects(batch)?);
    }
    call.recorder.add_rows(rows.len() as u64);
    Ok(rows)
}

/// So many rows of this level, as counts.
fn weighed(table: &str, level: &str, count: u64) -> ActivityCounts {
    let none = ActivityCounts { events: count, ..ActivityCounts::default() };
    match level {
        "FATAL" | "CRITICAL" => ActivityCounts { errors: count, critical: count, ..none },
        "ERROR" => ActivityCounts { errors: count, ..none },
        "WARN" | "WARNING" => ActivityCounts { warnings: count, ..none },
        // An error event without a level is an error all the same.
        "" if table == Table::ErrorEvents.name() => ActivityCounts { errors: count, ..none },
        _ => none,
    }
}

fn add(sum: &mut ActivityCounts, more: ActivityCounts) {
    sum.events += more.events;
    sum.errors += more.errors;
    sum.critical += more.critical;
    sum.warnings += more.warnings;
}

fn number(row: &Row, name: &str) -> u64 {
    row.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn some(row: &Row, name: &str) -> Option<String> {
    Some(text(row, name).to_owned()).filter(|text| !text.is_empty())
}

fn action(row: &Row) -> ActionCount {
    ActionCount { action: text(row, "action").to_owned(), count: number(row, "n"), failures: number(row, "failures") }
}

fn actor(row: &Row) -> ActorCount {
    ActorCount {
        id: some(row, "id"),
        email: some(row, "email"),
        name: some(row, "name"),
        count: number(row, "n"),
        last_ip: some(row, "last_ip"),
        last_time: text(row, "last_time").to_owned(),
    }
}

fn address(row: &Row) -> AddressCount {
    AddressCount {
        ip: text(row, "ip").to_owned(),
        count: number(row, "n"),
        actors: number(row, "actors"),
        last_time: text(row, "last_time").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_critical_row_is_an_error_too_and_an_error_event_needs_no_level() {
        let counts = |table: Table, level: &str| {
            let ActivityCounts { events, errors, critical, warnings } = weighed(table.name(), level, 2);
            (events, errors, critical, warnings)
        };
        assert_eq!(counts(Table::AuditLogs, "CRITICAL"), (2, 2, 2, 0));
        assert_eq!(counts(Table::Logs, "WARN"), (2, 0, 0, 2));
        assert_eq!(counts(Table::ErrorEvents, ""), (2, 2, 0, 0));
        assert_eq!(counts(Table::Spans, ""), (2, 0, 0, 0));
    }

    #[test]
    fn buckets_cover_the_range_and_begin_with_their_width() {
        let hour = 3600 * Timestamp::NANOS_PER_SECOND;
        let range = Range { from: Timestamp(hour / 2), to: Timestamp(2 * hour + 1), width: 3600 };
        assert_eq!(range.starts().collect::<Vec<_>>(), [0, hour, 2 * hour]);
        assert_eq!(WIDTHS[WIDTHS.len() - 1] * BUCKETS_MAX / 86_400, SUMMARY_DAYS_MAX);
    }
}
