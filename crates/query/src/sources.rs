//! The table `sources`: who sends what, as far as the caller may see it. Made from memory when a question names it.
//!
//! It has no context columns, no project's files and no time of its own, so it is no signal table: nothing is pruned
//! and `searched` has no account of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use serde_json::{Map, Value};
use whodunit_api::query::SearchedSource;
use whodunit_model::Table;
use whodunit_model::sources::Source;
use whodunit_model::table::SHOWN_AS;
use whodunit_stdx::Timestamp;

use crate::error::Error;
use crate::format::{SHOWN_AS_JSON, time_text};
use crate::table;
use crate::views::SOURCES;

/// Sources that an answer of no rows names.
pub const SEARCHED_SOURCES_MAX: usize = 20;
/// Services that such an answer names of one source.
const SEARCHED_SERVICES_MAX: usize = 10;

type Texts = (&'static str, fn(&Source) -> Option<String>);
type Numbers = (&'static str, fn(&Source, Timestamp) -> u64);
type Times = (&'static str, fn(&Source) -> Option<Timestamp>);

const TEXTS: &[Texts] = &[
    ("project", |source| Some(source.key.project.to_string())),
    ("protocol", |source| Some(source.key.protocol.to_string())),
    ("sender_type", |source| Some(source.key.sender_type.name().to_owned())),
    ("sender_id", |source| Some(source.key.sender_id.clone())),
    ("sender", |source| Some(source.sender.clone())),
    ("client", |source| (!source.key.client.is_empty()).then(|| source.key.client.clone())),
];
const TIMES: &[Times] = &[
    ("first_heard_at", |source| Some(source.first_heard_at)),
    ("last_heard_at", |source| Some(source.last_heard_at)),
    ("last_rejected_at", |source| source.last_rejection.as_ref().map(|last| last.at)),
];
const NUMBERS: &[Numbers] = &[
    ("requests", |source, _| source.requests),
    ("requests_failed", |source, _| source.requests_failed),
    ("rows", |source, _| source.rows),
    ("rows_today", Source::rows_today),
    ("bytes", |source, _| source.bytes),
    ("rejected", |source, _| source.rejected),
];
const REASONS: &[Texts] = &[
    ("last_rejection_code", |source| source.last_rejection.as_ref().map(|last| last.code.clone())),
    ("last_rejection_reason", |source| source.last_rejection.as_ref().map(|last| last.reason.clone())),
];
/// Objects of counts.
const COUNTS: &[Texts] =
    &[("services", |source| Some(counts(&source.services))), ("reasons", |source| Some(counts(&source.reasons)))];

/// The table for one question.
pub fn provider(source: &table::Source) -> Result<Arc<dyn TableProvider>> {
    if !(source.visibility.reads(Table::Logs) || source.visibility.reads(Table::AuditLogs)) {
        let refused = Error::forbidden("sources may not be read with these credentials").with_field(SOURCES);
        return Err(refused.into_datafusion());
    }
    let rows = batch(&visible(source), source.now)?;
    Ok(Arc::new(MemTable::try_new(rows.schema(), vec![vec![rows]])?))
}

/// The sources whose rows the caller may read, last heard first.
fn visible(source: &table::Source) -> Vec<Source> {
    let mut all = source.sources.list(|project| source.visibility.sees_project(project));
    all.retain(|one| source.visibility.reads(one.table()));
    all
}

fn batch(sources: &[Source], now: Timestamp) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    let texts = |of: fn(&Source) -> Option<String>| Arc::new(sources.iter().map(of).collect::<StringViewArray>());
    for (name, of) in TEXTS.iter().chain(REASONS) {
        fields.push(Field::new(*name, DataType::Utf8View, true));
        columns.push(texts(*of));
    }
    for (name, of) in COUNTS {
        let shown = [(SHOWN_AS.to_owned(), SHOWN_AS_JSON.to_owned())];
        fields.push(Field::new(*name, DataType::Utf8View, true).with_metadata(shown.into()));
        columns.push(texts(*of));
    }
    for (name, of) in TIMES {
        let times = sources.iter().map(|source| of(source).map(Timestamp::nanos));
        fields.push(Field::new(*name, DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())), true));
        columns.push(Arc::new(times.collect::<TimestampNanosecondArray>().with_timezone("UTC")));
    }
    for (name, of) in NUMBERS {
        let numbers = sources.iter().map(|source| i64::try_from(of(source, now)).ok());
        fields.push(Field::new(*name, DataType::Int64, true));
        columns.push(Arc::new(numbers.collect::<Int64Array>()));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

fn counts(counts: &std::collections::BTreeMap<String, u64>) -> String {
    let members: Map<String, Value> = counts.iter().map(|(name, count)| (name.clone(), (*count).into())).collect();
    Value::Object(members).to_string()
}

/// Those that fill the tables, as far as the caller may see them, for answers of no rows.
pub fn heard(source: &table::Source, tables: impl Fn(Table) -> bool) -> Vec<SearchedSource> {
    let all = visible(source).into_iter().filter(|one| tables(one.table()));
    all.take(SEARCHED_SOURCES_MAX).map(searched).collect()
}

fn searched(source: Source) -> SearchedSource {
    let mut services: Vec<(String, u64)> = source.services.into_iter().collect();
    services.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    SearchedSource {
        project: source.key.project.to_string(),
        protocol: source.key.protocol.into_owned(),
        sender: source.sender,
        services: services.into_iter().take(SEARCHED_SERVICES_MAX).map(|(service, _)| service).collect(),
        first_heard_at: time_text(source.first_heard_at.nanos()),
        last_heard_at: time_text(source.last_heard_at.nanos()),
    }
}
