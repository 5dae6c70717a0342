//! What newly stored errors say about their issues, for whoever follows them.
//!
//! Rows are numbered in their lane, and a snapshot shows all up to a number. So whoever remembers the last number asks
//! for what came after it, and misses nothing, whenever that is. Segments that end before it are not opened.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampNanosecondType};
use datafusion::functions_aggregate::expr_fn::{count, last_value, max, min};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use whodunit_issues::fingerprint::IssueId;
use whodunit_model::{Project, Table};
use whodunit_stdx::Timestamp;

use crate::engine::Engine;
use crate::error::Error;
use crate::filter::{Filters, column, user};
use crate::issue_scope::{IssueScope, literal, text};
use crate::list::{ListQuestion, ListRequest};
use crate::rows::Limits;
use crate::statement::Mentions;
use crate::table::SignalTable;
use crate::visibility::Visibility;

/// Numbers of rows that are looked at in one go, whatever table they are in.
pub const NEWS_ROWS_MAX: i64 = 200_000;

/// Rows of a lane: those after the first number, up to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub after: i64,
    pub through: i64,
}

impl Stretch {
    /// Whether it ends with the newest row that there was, and not because it is long enough.
    pub fn reaches_newest(&self) -> bool {
        self.through.saturating_sub(self.after) < NEWS_ROWS_MAX
    }
}

/// What the errors of a stretch say about one issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueNews {
    pub project: Project,
    /// As it is stored.
    pub issue: IssueId,
    /// Whether these events count; those that a deletion hides are apart.
    pub stands: bool,
    pub events: u64,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    /// Of the newest event.
    pub title: Option<String>,
    /// Releases that events name, each with the first of them.
    pub releases: Vec<(String, Timestamp)>,
}

/// One error, as far as it can change the state of its issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueEvent {
    /// As it is stored.
    pub issue: IssueId,
    pub time: Timestamp,
    pub release: Option<String>,
    /// By id, else e-mail address, else IP address.
    pub user: Option<String>,
}

impl Engine {
    /// The number of the newest error that is stored, if there is one.
    pub fn newest_error(&self) -> Option<i64> {
        let snapshot = self.store().snapshot();
        let segments = snapshot.segments(Table::ErrorEvents).into_iter().map(|segment| number(segment.max_seq));
        let buffered = snapshot.buffered(Table::ErrorEvents);
        segments.chain(buffered.iter().filter_map(|(_, batch)| numbers(batch).map(|(_, last)| last))).max()
    }

    /// Where the errors after a number are: a stretch of at most [`NEWS_ROWS_MAX`] numbers that has some.
    pub fn errors_after(&self, after: i64) -> Option<Stretch> {
        let snapshot = self.store().snapshot();
        let segments = snapshot.segments(Table::ErrorEvents).into_iter();
        let segments = segments.map(|segment| (number(segment.min_seq), number(segment.max_seq)));
        let buffered = snapshot.buffered(Table::ErrorEvents);
        let parts: Vec<(i64, i64)> = segments
            .chain(buffered.iter().filter_map(|(_, batch)| numbers(batch)))
            .filter(|(_, last)| *last > after)
            .collect();
        let first = parts.iter().map(|(first, _)| *first).min()?;
        let last = parts.iter().map(|(_, last)| *last).max()?;
        let after = after.max(first.saturating_sub(1));
        Some(Stretch { after, through: last.min(after.saturating_add(NEWS_ROWS_MAX)) })
    }

    /// What the errors of a stretch say, by issue.
    ///
    /// # Errors
    /// A limit on time or memory.
    pub async fn issue_news(
        &self,
        stretch: Stretch,
        scope: &Arc<IssueScope>,
        visibility: &Visibility,
    ) -> Result<Vec<IssueNews>, Error> {
        let newest_title = last_value(column("title"), vec![column("time").sort(true, true)]);
        let told = vec![
            count(lit(1i64)).alias("events"),
            min(column("time")).alias("first_seen"),
            max(column("time")).alias("last_seen"),
            newest_title.alias("newest_title"),
        ];
        let stands = scope.stands().alias("stands");
        let groups = vec![column("issue_id"), column("project"), stands, column("release")];
        let batches =
            self.read_stretch(stretch, Vec::new(), visibility, |rows| Ok(rows.aggregate(groups, told)?)).await?;
        let mut news: HashMap<(IssueId, bool), IssueNews> = HashMap::new();
        for batch in &batches {
            gather(batch, &mut news)?;
        }
        let mut news: Vec<IssueNews> = news.into_values().collect();
        news.sort_by(|one, other| one.issue.cmp(&other.issue).then_with(|| one.stands.cmp(&other.stands)));
        Ok(news)
    }

    /// The errors of a stretch that count in this scope, in the order in which they were stored.
    ///
    /// # Errors
    /// A limit on time or memory.
    pub async fn issue_events(
        &self,
        stretch: Stretch,
        scope: &Arc<IssueScope>,
        visibility: &Visibility,
    ) -> Result<Vec<IssueEvent>, Error> {
        let user = user().alias("user_key");
        let shown = vec![column("issue_id"), column("time"), column("release"), user, column("seq")];
        let batches = self
            .read_stretch(stretch, scope.conditions(), visibility, |rows| {
                Ok(rows.project(shown)?.sort(vec![column("seq").sort(true, false)])?)
            })
            .await?;
        let mut events = Vec::new();
        for batch in &batches {
            let (ids, times) = (ids(batch)?, batch.column(1).as_primitive::<TimestampNanosecondType>());
            for (row, issue) in ids.into_iter().enumerate() {
                let Some(issue) = issue else { continue };
                let time = Timestamp(times.value(row));
                events.push(IssueEvent { issue, time, release: text(batch, 2, row), user: text(batch, 3, row) });
            }
        }
        Ok(events)
    }

    /// What these issues, as they are stored, are called by their newest events; those without events are left out.
    ///
    /// # Errors
    /// A limit on time or memory.
    pub async fn issue_titles(
        &self,
        issues: &[IssueId],
        visibility: &Visibility,
    ) -> Result<HashMap<IssueId, Option<String>>, Error> {
        visibility.require(Table::ErrorEvents)?;
        let of_these = column("issue_id").in_list(issues.iter().map(literal).collect(), false);
        let title = last_value(column("title"), vec![column("time").sort(true, true)]).alias("newest_title");
        let every = Stretch { after: i64::MIN, through: i64::MAX };
        let batches = self
            .read_stretch(every, vec![of_these], visibility, |rows| {
                Ok(rows.aggregate(vec![column("issue_id")], vec![title])?)
            })
            .await?;
        let mut titles = HashMap::new();
        for batch in &batches {
            for (row, issue) in ids(batch)?.into_iter().enumerate() {
                titles.extend(issue.map(|issue| (issue, text(batch, 1, row))));
            }
        }
        Ok(titles)
    }

    async fn read_stretch(
        &self,
        stretch: Stretch,
        more: Vec<Expr>,
        visibility: &Visibility,
        shape: impl FnOnce(LogicalPlanBuilder) -> Result<LogicalPlanBuilder, Error>,
    ) -> Result<Vec<RecordBatch>, Error> {
        let limits = Limits { rows: u64::MAX, ..self.settings().limits };
        let asking = self.ask(visibility, &Mentions::default(), limits).await?;
        let request = ListRequest::of(Table::ErrorEvents, Filters::default());
        let table = SignalTable::new(asking.source.clone(), Table::ErrorEvents, &Mentions::default());
        let question =
            ListQuestion { engine: self, asking: &asking, request: &request, table: &table, condition: None };
        let mut rows = question.filtered()?;
        let seq = || column("seq");
        for condition in [seq().gt(lit(stretch.after)), seq().lt_eq(lit(stretch.through))].into_iter().chain(more) {
            rows = rows.filter(condition)?;
        }
        let rows = self.run(&asking, shape(rows)?.build()?, limits).await?;
        Ok(rows.collect().await?.0)
    }
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The first and last number of a batch.
fn numbers(batch: &RecordBatch) -> Option<(i64, i64)> {
    let numbers = batch.column_by_name("seq")?.as_primitive_opt::<Int64Type>()?;
    Some((arrow::compute::min(numbers)?, arrow::compute::max(numbers)?))
}

fn ids(batch: &RecordBatch) -> Result<Vec<Option<IssueId>>, Error> {
    let ids = batch.column(0).as_fixed_size_binary_opt();
    let ids = ids.ok_or_else(|| Error::internal("ids of issues are no bytes"))?;
    Ok(ids.iter().map(|id| id.and_then(|id| id.try_into().ok()).map(IssueId)).collect())
}

/// Adds rows of (issue, project, stands, release) to what is told of their issues.
fn gather(batch: &RecordBatch, news: &mut HashMap<(IssueId, bool), IssueNews>) -> Result<(), Error> {
    let stands = batch.column(2).as_boolean();
    let events = batch.column(4).as_primitive::<Int64Type>();
    let (firsts, lasts) = (
        batch.column(5).as_primitive::<TimestampNanosecondType>(),
        batch.column(6).as_primitive::<TimestampNanosecondType>(),
    );
    for (row, issue) in ids(batch)?.into_iter().enumerate() {
        let project = text(batch, 1, row).and_then(|slug| Project::parse(&slug).ok());
        let (Some(issue), Some(project)) = (issue, project) else { continue };
        let (first_seen, last_seen) = (Timestamp(firsts.value(row)), Timestamp(lasts.value(row)));
        let stands = stands.value(row);
        let title = text(batch, 7, row);
        let one = news.entry((issue, stands)).or_insert_with(|| IssueNews {
            project,
            issue,
            stands,
            events: 0,
            first_seen,
            last_seen: Timestamp(i64::MIN),
            title: None,
            releases: Vec::new(),
        });
        one.events += events.value(row).unsigned_abs();
        one.first_seen = one.first_seen.min(first_seen);
        if last_seen >= one.last_seen {
            (one.last_seen, one.title) = (last_seen, title);
        }
        if let Some(release) = text(batch, 3, row) {
            one.releases.push((release, first_seen));
        }
    }
    Ok(())
}
