//! Issues: the errors of a filter and a range, counted by the issue that they are grouped into.
//!
//! What is told of an issue here is what its events in the range say, read anew. So the first event told is the first
//! of the range, and a range that retention has cut tells what is left. Which events count for which issue is for the
//! scope of the request.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use datafusion::common::ScalarValue;
use datafusion::functions::datetime::expr_fn::date_bin;
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, last_value, max, min};
use datafusion::logical_expr::{Expr, lit};
use serde_json::Value;
use whodunit_api::issues::{IssueSummary, IssuesAnswer};
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::Table;
use whodunit_stdx::Timestamp;

use crate::engine::Engine;
use crate::error::Error;
use crate::filter::{at, column, user};
use crate::format::{row_objects, time_text};
use crate::issue_scope::{IssueScope, literal};
use crate::list::{ListQuestion, ListRequest, bucket_seconds, starts};
use crate::rows::Limits;
use crate::visibility::Visibility;

/// The range of a question that names none.
pub const ISSUES_RANGE_DEFAULT: std::time::Duration = std::time::Duration::from_secs(14 * 86_400);
/// Issues of one export.
pub const ISSUES_EXPORT_MAX: usize = 100_000;
/// About so many buckets has an issue of a list unless `buckets` says otherwise.
const BUCKETS_DEFAULT: usize = 30;
/// What is told of the newest event.
const NEWEST: [&str; 5] = ["title", "type", "culprit", "level", "platform"];

/// What the newest event of an issue threw.
#[derive(Clone, Debug, PartialEq)]
pub struct NewestExceptions {
    pub project: String,
    pub platform: Option<String>,
    /// Name and version of the client.
    pub sdk: Option<String>,
    /// As they are stored.
    pub exceptions: Value,
}

/// By what issues are sorted, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueOrder {
    LastSeen,
    FirstSeen,
    Events,
    Users,
}

impl IssueOrder {
    pub fn from_name(name: &str) -> Option<IssueOrder> {
        [IssueOrder::LastSeen, IssueOrder::FirstSeen, IssueOrder::Events, IssueOrder::Users]
            .into_iter()
            .find(|order| order.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            IssueOrder::LastSeen => "last_seen",
            IssueOrder::FirstSeen => "first_seen",
            IssueOrder::Events => "events",
            IssueOrder::Users => "users",
        }
    }
}

impl Engine {
    /// The issues of the events that a list with this request has; its pages are not followed.
    ///
    /// # Errors
    /// Those of a list: a column that is not there, or a limit on time or memory.
    pub async fn issues(
        &self,
        mut request: ListRequest,
        order: IssueOrder,
        visibility: &Visibility,
    ) -> Result<IssuesAnswer, Error> {
        let (from, to) = request.bounded(self.world().now(), ISSUES_RANGE_DEFAULT);
        let ground = self.ground(&request, visibility).await?;
        let question = ground.question(self, &request);
        let most = i64::try_from(request.buckets.unwrap_or(BUCKETS_DEFAULT)).unwrap_or(i64::MAX);
        let width = bucket_seconds(request.range(), most);
        let mut found = question.counted(order).await?;
        let more = found.len() > request.limit;
        found.truncate(request.limit);
        question.fill(&mut found, width).await?;
        let mut statistics = ground.asking.statistics(self.world(), &[Table::ErrorEvents]);
        statistics.rows = found.len() as u64;
        Ok(IssuesAnswer {
            issues: found.into_iter().map(|(_, issue)| issue).collect(),
            more,
            from: time_text(from.nanos()),
            to: time_text(to.nanos()),
            bucket_seconds: width.unsigned_abs(),
            statistics,
        })
    }
}

impl Engine {
    /// The ids of all issues of a list with this request, in its order; the range of the request is fixed with it.
    ///
    /// # Errors
    /// Those of a list, and a limit if there are more than [`ISSUES_EXPORT_MAX`].
    pub async fn issue_ids(
        &self,
        request: &mut ListRequest,
        order: IssueOrder,
        visibility: &Visibility,
    ) -> Result<Vec<IssueId>, Error> {
        request.bounded(self.world().now(), ISSUES_RANGE_DEFAULT);
        let ground = self.ground(request, visibility).await?;
        let question = ground.question(self, request);
        let by = match order {
            IssueOrder::LastSeen => max(column("time")),
            IssueOrder::FirstSeen => min(column("time")),
            IssueOrder::Events => count(lit(1i64)),
            IssueOrder::Users => count_distinct(user()),
        };
        let plan = question
            .filtered()?
            .aggregate(vec![question.scope().counted_issue().alias("issue_id")], vec![by.alias(order.name())])?
            .sort(vec![column(order.name()).sort(false, false), column("issue_id").sort(true, false)])?
            .limit(0, Some(ISSUES_EXPORT_MAX + 1))?
            .build()?;
        let limits = Limits { rows: u64::MAX, ..self.settings().limits };
        let (batches, _) = self.run(&ground.asking, plan, limits).await?.collect().await?;
        let mut ids = Vec::new();
        for batch in &batches {
            ids.extend(ids_of(batch)?);
        }
        if ids.len() > ISSUES_EXPORT_MAX {
            let message = format!("there are more than {ISSUES_EXPORT_MAX} issues");
            return Err(Error::invalid(message)
                .with_hint("narrow the filter or the range")
                .with_limit("issues_export_max"));
        }
        Ok(ids)
    }

    /// What the newest event of each issue of a list with this request threw.
    ///
    /// # Errors
    /// Those of a list: a column that is not there, or a limit on time or memory.
    pub async fn newest_exceptions(
        &self,
        request: &ListRequest,
        visibility: &Visibility,
    ) -> Result<HashMap<IssueId, NewestExceptions>, Error> {
        let ground = self.ground(request, visibility).await?;
        let question = ground.question(self, request);
        let newest = |name: &str| last_value(column(name), vec![column("time").sort(true, true)]).alias(name);
        let told = vec![newest("project"), newest("platform"), newest("sdk"), newest("exception")];
        let issue = question.scope().counted_issue().alias("issue_id");
        let plan = question.filtered()?.aggregate(vec![issue], told)?.build()?;
        let mut found = HashMap::new();
        for batch in question.collect(plan).await? {
            for (id, row) in ids_of(&batch)?.into_iter().zip(row_objects(&batch)?) {
                let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
                let exceptions = match row.get("exception") {
                    Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
                    other => other.cloned().unwrap_or_default(),
                };
                let project = text("project").unwrap_or_default();
                found
                    .insert(id, NewestExceptions { project, platform: text("platform"), sdk: text("sdk"), exceptions });
            }
        }
        Ok(found)
    }
}

type Found = Vec<(IssueId, IssueSummary)>;

impl ListQuestion<'_> {
    /// One more than asked for, without buckets, releases and environments.
    async fn counted(&self, order: IssueOrder) -> Result<Found, Error> {
        let mut told = vec![
            count(lit(1i64)).alias("events"),
            count_distinct(user()).alias("users"),
            min(column("time")).alias("first_seen"),
            max(column("time")).alias("last_seen"),
        ];
        let newest = |name: &str| last_value(column(name), vec![column("time").sort(true, true)]).alias(name);
        told.extend(NEWEST.map(newest));
        let plan = self
            .filtered()?
            .aggregate(vec![self.scope().counted_issue().alias("issue_id")], told)?
            .sort(vec![column(order.name()).sort(false, false), column("issue_id").sort(true, false)])?
            .limit(0, Some(self.request.limit + 1))?
            .build()?;
        let mut found = Found::new();
        for batch in self.collect(plan).await? {
            let ids = ids_of(&batch)?;
            for (id, row) in ids.into_iter().zip(row_objects(&batch)?) {
                let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
                let number = |name: &str| row.get(name).and_then(Value::as_u64).unwrap_or_default();
                let issue = IssueSummary {
                    id: id.to_string(),
                    title: text("title").unwrap_or_default(),
                    kind: text("type"),
                    culprit: text("culprit"),
                    level: text("level"),
                    platform: text("platform"),
                    first_seen: text("first_seen").unwrap_or_default(),
                    last_seen: text("last_seen").unwrap_or_default(),
                    events: number("events"),
                    users: number("users"),
                    ..IssueSummary::default()
                };
                found.push((id, issue));
            }
        }
        Ok(found)
    }

    fn scope(&self) -> Arc<IssueScope> {
        self.request.issues.clone().unwrap_or_default()
    }

    /// Counts over time, releases and environments of these issues.
    async fn fill(&self, found: &mut Found, width: i64) -> Result<(), Error> {
        let nanos = width.saturating_mul(Timestamp::NANOS_PER_SECOND);
        let places: HashMap<i64, usize> = starts(self.request.range(), nanos).zip(0..).collect();
        let scope = self.scope();
        let numbers: HashMap<IssueId, usize> = found.iter().map(|(id, _)| *id).zip(0..).collect();
        found.iter_mut().for_each(|(_, issue)| issue.buckets = vec![0; places.len()]);
        let wanted: Vec<Expr> =
            found.iter().flat_map(|(id, _)| scope.with_merged(*id)).map(|id| literal(&id)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let interval = lit(ScalarValue::new_interval_mdn(0, 0, nanos));
        let bucket = date_bin(interval, column("time"), at(Timestamp(0))).alias("bucket");
        let counted = scope.counted_issue().alias("issue_id");
        let groups = vec![counted, bucket, column("release"), column("environment")];
        let plan = self
            .filtered()?
            .filter(column("issue_id").in_list(wanted, false))?
            .aggregate(groups, vec![count(lit(1i64)).alias("events")])?
            .build()?;
        let mut names: Vec<[BTreeSet<String>; 2]> = vec![Default::default(); found.len()];
        for batch in self.collect(plan).await? {
            let (times, counts) = (
                batch.column(1).as_primitive::<TimestampNanosecondType>(),
                batch.column(4).as_primitive::<Int64Type>(),
            );
            for (row, id) in ids_of(&batch)?.into_iter().enumerate() {
                let Some(number) = numbers.get(&id).copied() else { continue };
                if let Some(place) = places.get(&times.value(row)) {
                    found[number].1.buckets[*place] += counts.value(row).unsigned_abs();
                }
                for (set, index) in names[number].iter_mut().zip([2, 3]) {
                    let column = batch.column(index).as_string_view();
                    if column.is_valid(row) {
                        set.insert(column.value(row).to_owned());
                    }
                }
            }
        }
        for ((_, issue), [releases, environments]) in found.iter_mut().zip(names) {
            issue.releases = releases.into_iter().collect();
            issue.environments = environments.into_iter().collect();
        }
        Ok(())
    }
}

/// The first column of a batch: ids of issues.
fn ids_of(batch: &RecordBatch) -> Result<Vec<IssueId>, Error> {
    let ids = batch.column(0).as_fixed_size_binary_opt();
    let ids = ids.ok_or_else(|| Error::internal("ids of issues are no bytes"))?;
    let id = |id: Option<&[u8]>| id.and_then(|id| id.try_into().ok()).unwrap_or_default();
    Ok(ids.iter().map(|bytes| IssueId(id(bytes))).collect())
}
