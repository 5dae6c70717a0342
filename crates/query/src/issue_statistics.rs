//! What a page about errors charts: errors over time by what they say, and who had the most.

use std::collections::HashMap;
use std::time::Duration;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use datafusion::common::ScalarValue;
use datafusion::functions::datetime::expr_fn::date_bin;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, last_value, max, min};
use datafusion::logical_expr::{Expr, lit, when};
use serde_json::Value;
use whodunit_api::issues::{AffectedUser, IssueSeries, IssueSeriesValue, IssueStatisticsAnswer};
use whodunit_model::Table;
use whodunit_stdx::Timestamp;

use crate::engine::Engine;
use crate::error::Error;
use crate::filter::{at, column, page, user};
use crate::format::{row_objects, time_text};
use crate::issue_scope::text;
use crate::list::{ListQuestion, ListRequest, bucket_seconds, starts};
use crate::visibility::Visibility;

/// The range of a question that names none.
pub const STATISTICS_RANGE_DEFAULT: Duration = Duration::from_secs(14 * 86_400);
/// Values of a series that are told; all others are told together.
pub const SERIES_VALUES_MAX: usize = 10;
/// Users that are told.
pub const AFFECTED_USERS_MAX: usize = 10;
/// About so many buckets unless `buckets` says otherwise.
const BUCKETS_DEFAULT: usize = 60;
/// What series are by.
const SERIES: [&str; 5] = ["level", "type", "release", "environment", "page"];

impl Engine {
    /// Errors over time and the users who had them, of the events that a list with this request has.
    ///
    /// # Errors
    /// Those of a list: a column that is not there, or a limit on time or memory.
    pub async fn issue_statistics(
        &self,
        mut request: ListRequest,
        visibility: &Visibility,
    ) -> Result<IssueStatisticsAnswer, Error> {
        let (from, to) = request.bounded(self.world().now(), STATISTICS_RANGE_DEFAULT);
        let ground = self.ground(&request, visibility).await?;
        let question = ground.question(self, &request);
        let most = i64::try_from(request.buckets.unwrap_or(BUCKETS_DEFAULT)).unwrap_or(i64::MAX);
        let width = bucket_seconds(request.range(), most);
        let [events, users, issues] = question.totals().await?;
        let mut series = Vec::with_capacity(SERIES.len());
        for by in SERIES {
            series.push(question.series(by, width).await?);
        }
        let top_users = question.top_users().await?;
        let mut statistics = ground.asking.statistics(self.world(), &[Table::ErrorEvents]);
        statistics.rows = events;
        Ok(IssueStatisticsAnswer {
            from: time_text(from.nanos()),
            to: time_text(to.nanos()),
            bucket_seconds: width.unsigned_abs(),
            events,
            users,
            issues,
            series,
            top_users,
            statistics,
        })
    }
}

/// The errors of one release in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseErrors {
    pub release: String,
    pub environment: Option<String>,
    pub events: u64,
    pub issues: u64,
    /// As texts, RFC 3339.
    pub first_seen: String,
    pub last_seen: String,
}

impl Engine {
    /// Errors by the release and environment that they name, of the events that a list with this request has; the
    /// newest first, at most its `limit`.
    ///
    /// # Errors
    /// Those of a list: a column that is not there, or a limit on time or memory.
    pub async fn errors_by_release(
        &self,
        request: &ListRequest,
        visibility: &Visibility,
    ) -> Result<Vec<ReleaseErrors>, Error> {
        let ground = self.ground(request, visibility).await?;
        let question = ground.question(self, request);
        question.by_release().await
    }
}

/// What a series is by.
fn dimension(by: &str) -> Expr {
    if by == "page" { page() } else { column(by) }
}

fn counts(batch: &RecordBatch, index: usize) -> Result<&[i64], Error> {
    let counts = batch.column(index).as_primitive_opt::<Int64Type>();
    Ok(counts.ok_or_else(|| Error::internal("counts are no numbers"))?.values())
}

impl ListQuestion<'_> {
    /// Events, users and issues.
    async fn totals(&self) -> Result<[u64; 3], Error> {
        let issue = self.request.issues.clone().unwrap_or_default().counted_issue();
        let told = vec![
            count(lit(1i64)).alias("events"),
            count_distinct(user()).alias("users"),
            count_distinct(issue).alias("issues"),
        ];
        let plan = self.filtered()?.aggregate(Vec::<Expr>::new(), told)?.build()?;
        let mut totals = [0; 3];
        for batch in self.collect(plan).await? {
            for (index, total) in totals.iter_mut().enumerate() {
                *total += counts(&batch, index)?.iter().map(|count| count.unsigned_abs()).sum::<u64>();
            }
        }
        Ok(totals)
    }

    /// The most frequent values over time, most frequent first, and the others together.
    async fn series(&self, by: &str, width: i64) -> Result<IssueSeries, Error> {
        let plan = self
            .filtered()?
            .aggregate(vec![dimension(by).alias("value")], vec![count(lit(1i64)).alias("events")])?
            .sort(vec![column("events").sort(false, false), column("value").sort(true, false)])?
            .limit(0, Some(SERIES_VALUES_MAX))?
            .build()?;
        let mut told: Vec<Option<String>> = Vec::new();
        for batch in self.collect(plan).await? {
            told.extend((0..batch.num_rows()).map(|row| text(&batch, 0, row)));
        }
        let nanos = width.saturating_mul(Timestamp::NANOS_PER_SECOND);
        let places: HashMap<i64, usize> = starts(self.request.range(), nanos).zip(0..).collect();
        let numbers: HashMap<Option<String>, usize> = told.iter().cloned().zip(0..).collect();
        let value = |value: Option<String>, others| IssueSeriesValue {
            value,
            others,
            events: 0,
            buckets: vec![0; places.len()],
        };
        let mut values: Vec<IssueSeriesValue> = told.iter().cloned().map(|one| value(one, false)).collect();
        values.push(value(None, true));
        for batch in self.collect(self.over_time(by, &told, nanos)?).await? {
            let times = batch.column(0).as_primitive::<TimestampNanosecondType>();
            let is_told = batch.column(1).as_boolean();
            for (row, count) in counts(&batch, 3)?.iter().enumerate() {
                let number = numbers.get(&text(&batch, 2, row)).filter(|_| is_told.value(row));
                let value = &mut values[number.copied().unwrap_or(told.len())];
                value.events += count.unsigned_abs();
                if let Some(place) = places.get(&times.value(row)) {
                    value.buckets[*place] += count.unsigned_abs();
                }
            }
        }
        values.retain(|value| value.events > 0);
        Ok(IssueSeries { by: by.to_owned(), values })
    }

    /// Rows of (bucket, whether the value is told, the value if it is, events).
    fn over_time(
        &self,
        by: &str,
        told: &[Option<String>],
        nanos: i64,
    ) -> Result<datafusion::logical_expr::LogicalPlan, Error> {
        let named = told.iter().flatten().map(|value| lit(ScalarValue::Utf8View(Some(value.clone())))).collect();
        let listed = dimension(by).in_list(named, false);
        let is_told = if told.contains(&None) {
            dimension(by).is_null().or(listed)
        } else {
            dimension(by).is_not_null().and(listed)
        };
        let shown = when(is_told.clone(), dimension(by)).otherwise(lit(ScalarValue::Utf8View(None)))?;
        let interval = lit(ScalarValue::new_interval_mdn(0, 0, nanos));
        let bucket = date_bin(interval, column("time"), at(Timestamp(0))).alias("bucket");
        let groups = vec![bucket, is_told.alias("is_told"), shown.alias("value")];
        Ok(self.filtered()?.aggregate(groups, vec![count(lit(1i64)).alias("events")])?.build()?)
    }

    async fn by_release(&self) -> Result<Vec<ReleaseErrors>, Error> {
        let issue = self.request.issues.clone().unwrap_or_default().counted_issue();
        let told = vec![
            count(lit(1i64)).alias("events"),
            count_distinct(issue).alias("issues"),
            min(column("time")).alias("first_seen"),
            max(column("time")).alias("last_seen"),
        ];
        let plan = self
            .filtered()?
            .filter(column("release").is_not_null())?
            .aggregate(vec![column("release"), column("environment")], told)?
            .sort(vec![
                column("last_seen").sort(false, false),
                column("release").sort(true, false),
                column("environment").sort(true, false),
            ])?
            .limit(0, Some(self.request.limit))?
            .build()?;
        let mut found = Vec::new();
        for batch in self.collect(plan).await? {
            for row in row_objects(&batch)? {
                let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
                let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
                found.push(ReleaseErrors {
                    release: text("release").unwrap_or_default(),
                    environment: text("environment"),
                    events: number("events"),
                    issues: number("issues"),
                    first_seen: text("first_seen").unwrap_or_default(),
                    last_seen: text("last_seen").unwrap_or_default(),
                });
            }
        }
        Ok(found)
    }

    async fn top_users(&self) -> Result<Vec<AffectedUser>, Error> {
        let issue = self.request.issues.clone().unwrap_or_default().counted_issue();
        let newest = |name: &str| last_value(column(name), vec![column("time").sort(true, true)]).alias(name);
        let told = vec![
            count(lit(1i64)).alias("events"),
            count_distinct(issue).alias("issues"),
            max(column("time")).alias("last_seen"),
            newest("actor_email"),
            newest("actor_name"),
        ];
        let plan = self
            .filtered()?
            .filter(user().is_not_null())?
            .aggregate(vec![user().alias("user_key")], told)?
            .sort(vec![column("events").sort(false, false), column("user_key").sort(true, false)])?
            .limit(0, Some(AFFECTED_USERS_MAX))?
            .build()?;
        let mut users = Vec::new();
        for batch in self.collect(plan).await? {
            for row in row_objects(&batch)? {
                let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
                let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
                users.push(AffectedUser {
                    user: text("user_key").unwrap_or_default(),
                    email: text("actor_email"),
                    name: text("actor_name"),
                    events: number("events"),
                    issues: number("issues"),
                    last_seen: text("last_seen").unwrap_or_default(),
                });
            }
        }
        Ok(users)
    }
}
