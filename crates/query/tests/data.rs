//! A store in a temporary directory with rows that are the same every time.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, FixedSizeBinaryArray, RecordBatch, StringViewArray, TimestampNanosecondArray};
use tempfile::TempDir;
use whodunit_model::entry::{AuditBuilder, AuditEntry, Change};
use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{Batch, Caller, Project, Sources, Table};
use whodunit_query::{Engine, Limits, QuerySettings, Rows, SqlRequest, Visibility};
use whodunit_stdx::{EntryId, Limit, ManualClock, Timestamp, World};
use whodunit_store::{Durability, Settings, Store, Submission, Upkeep};

/// 2026-11-20T10:00:00Z, the time of the first row.
pub const START: i64 = 1_795_168_800_000_000_000;
pub const SECOND: i64 = 1_000_000_000;

pub const SERVICES: [&str; 3] = ["api", "shop", "worker"];
pub const LEVELS: [(&str, i64); 4] = [("INFO", 9), ("INFO", 9), ("WARN", 13), ("ERROR", 17)];

/// Where the rows are when a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Buffered,
    Flushed,
    /// The first half in segments, the second in the buffer.
    Half,
    Compacted,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::Buffered, Stage::Flushed, Stage::Half, Stage::Compacted];
}

pub struct World1 {
    pub store: Store,
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub memory: Limit,
    pub sources: Sources,
    _directory: TempDir,
}

/// An empty store.
pub async fn empty(change: impl FnOnce(&mut Settings)) -> World1 {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (world, clock) = World::seeded(7, Timestamp(START + 3 * 86_400 * SECOND));
    let mut settings = Settings::new(directory.path().join("data"));
    settings.upkeep = Upkeep::Manual;
    settings.wal_free_min = 0;
    change(&mut settings);
    let memory = Limit::new("memory", 1 << 30);
    let store = Store::open(settings, world.clone(), memory.clone()).await.expect("the store opens");
    let sources = Sources::default();
    let engine = Engine::new(
        store.clone(),
        world,
        memory.clone(),
        QuerySettings { cores: 2, ..QuerySettings::default() },
        sources.clone(),
    );
    World1 { store, engine, clock, memory, sources, _directory: directory }
}

/// A store with the known rows at a stage.
pub async fn filled(stage: Stage) -> World1 {
    filled_with(stage, |_| {}).await
}

pub async fn filled_with(stage: Stage, change: impl FnOnce(&mut Settings)) -> World1 {
    let world = empty(change).await;
    world.append(known_batches(Half::First)).await;
    if stage != Stage::Buffered {
        world.store.flush().await.expect("flushes");
    }
    world.append(known_batches(Half::Second)).await;
    match stage {
        Stage::Buffered | Stage::Half => {}
        Stage::Flushed => world.store.flush().await.expect("flushes"),
        Stage::Compacted => world.store.settle().await.expect("settles"),
    }
    world
}

impl World1 {
    pub async fn append(&self, batches: Vec<Batch>) {
        for batch in batches {
            let submission = Submission { batch, durability: Durability::Synced };
            self.store.append(submission).await.expect("appends");
        }
    }

    pub async fn sql(&self, query: &str) -> Result<Rows, whodunit_query::Error> {
        self.sql_as(query, &everything()).await
    }

    pub async fn sql_as(&self, query: &str, visibility: &Visibility) -> Result<Rows, whodunit_query::Error> {
        self.engine.sql(SqlRequest { query: query.to_owned(), limits: limits() }, visibility).await
    }

    /// Rows as lines of tab-separated values; null is `NULL`.
    pub async fn lines(&self, query: &str) -> Result<Vec<String>, whodunit_query::Error> {
        self.lines_as(query, &everything()).await
    }

    pub async fn lines_as(&self, query: &str, visibility: &Visibility) -> Result<Vec<String>, whodunit_query::Error> {
        let rows = self.sql_as(query, visibility).await?;
        let schema = rows.schema().clone();
        let (batches, _) = rows.collect().await?;
        let mut lines = Vec::new();
        for batch in &batches {
            for object in whodunit_query::format::row_objects(batch)? {
                let cell = |field: &Arc<arrow::datatypes::Field>| match object.get(field.name()) {
                    None => "NULL".to_owned(),
                    Some(serde_json::Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                lines.push(schema.fields().iter().map(cell).collect::<Vec<_>>().join("\t"));
            }
        }
        Ok(lines)
    }
}

pub fn limits() -> Limits {
    Limits { time: Duration::from_secs(120), rows: 10_000, memory: 256 << 20 }
}

pub fn everything() -> Visibility {
    Visibility::of(&Caller::system("test"))
}

pub fn shop() -> Project {
    Project::parse("shop").expect("a slug")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    First,
    Second,
}

/// The known rows: 240 log lines over 2 days and 2 projects, 24 entries, and a few of each other signal.
pub fn known_batches(half: Half) -> Vec<Batch> {
    let lines = match half {
        Half::First => 0..120,
        Half::Second => 120..240,
    };
    let mut batches = vec![logs(lines.clone().filter(|n| n % 5 != 0), &Project::default_project())];
    batches.push(logs(lines.filter(|n| n % 5 == 0), &shop()));
    let entries = match half {
        Half::First => 0..14,
        Half::Second => 14..24,
    };
    batches.push(audit(entries, &Project::default_project()));
    if half == Half::First {
        batches.extend([sessions(), errors(), spans(), own_trail()]);
    }
    batches
}

/// Line n comes 10 minutes and n milliseconds after line n - 1.
pub fn log_time(n: i64) -> i64 {
    START + n * 600 * SECOND + n * 1_000_000
}

fn logs(lines: impl Iterator<Item = i64>, project: &Project) -> Batch {
    let mut builder = LogBuilder::new(128);
    for n in lines {
        log_line(&mut builder, n);
    }
    builder.finish(project).expect("there are lines")
}

fn log_line(builder: &mut LogBuilder, n: i64) {
    let service = SERVICES[(n % 3) as usize];
    let (level, number) = LEVELS[(n % 4) as usize];
    builder.text(TextField::Service, service);
    builder.text(TextField::Level, level);
    builder.severity_number(number);
    builder.text(TextField::Host, if n % 2 == 0 { "a1" } else { "b2" });
    builder.text(TextField::CorrelationId, &format!("req-{}", n / 4));
    builder.trace_id(&trace(n / 4));
    if n % 6 == 0 {
        builder.text(TextField::ActorId, &format!("user-{}", n % 5));
        builder.text(TextField::ActorEmail, &format!("User{}@example.com", n % 5));
    }
    let body = match n % 4 {
        3 => format!("request {n} failed: connection reset by peer"),
        2 => format!("request {n} slow, 100% busy"),
        _ => format!("request {n} done"),
    };
    builder.text(TextField::Body, &body);
    builder.attribute("status", Scalar::Integer(if n % 4 == 3 { 500 } else { 200 }));
    builder.attribute("duration", Scalar::Float(n as f64 / 4.0));
    builder.attribute("http.route", Scalar::Text(if n % 2 == 0 { "/orders/{id}" } else { "/users" }));
    builder.attribute("userId", Scalar::Text(&format!("u{}", n % 7)));
    builder.attribute("cached", Scalar::Boolean(n % 3 == 0));
    if n % 40 == 7 {
        builder.attribute("rare", Scalar::Text(&format!("needle-{n}")));
    }
    // An integer in the first half and a text in the second: one column of texts to those who ask.
    if n < 120 {
        builder.attribute("mixed", Scalar::Integer(n % 10));
    } else {
        builder.attribute("mixed", Scalar::Text(&format!("m{}", n % 10)));
    }
    // The key of a fixed column.
    builder.attribute("host", Scalar::Text("inside"));
    builder.finish_row(Timestamp(log_time(n)), Timestamp(log_time(n) + SECOND));
}

pub fn trace(n: i64) -> [u8; 16] {
    let mut id = [0xab; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    id
}

pub fn entry_id(n: i64) -> EntryId {
    EntryId::from_parts(Timestamp(START + n * 3600 * SECOND), [n as u8; 10])
}

/// Entry n comes n hours after the first log line.
pub fn audit(entries: impl Iterator<Item = i64>, project: &Project) -> Batch {
    audit_of(&entries.map(entry).collect::<Vec<_>>(), project)
}

pub fn audit_of(entries: &[AuditEntry], project: &Project) -> Batch {
    let mut builder = AuditBuilder::new();
    entries.iter().for_each(|entry| builder.push(entry));
    builder.finish(project)
}

pub fn entry(n: i64) -> AuditEntry {
    let text = |text: &str| Some(text.to_owned());
    let (action, category) = match n % 4 {
        0 => ("CREATE", "mutation"),
        1 => ("order_accessed", "access"),
        2 => ("LOGIN_FAILED", "authentication"),
        _ => ("DELETE", "mutation"),
    };
    let changes = match n % 4 {
        0 => vec![Change { field: "total".into(), before: None, after: Some(format!("{n}.5")) }],
        3 => vec![
            Change { field: "total".into(), before: Some("12".into()), after: None },
            Change { field: "note".into(), before: Some("\"old\"".into()), after: None },
        ],
        _ => Vec::new(),
    };
    AuditEntry {
        time: Timestamp(START + n * 3600 * SECOND),
        received_at: Timestamp(START + n * 3600 * SECOND + SECOND),
        environment: text("production"),
        service: text("shop"),
        actor_type: text("user"),
        actor_id: Some(format!("user-{}", n % 3)),
        actor_email: Some(format!("user{}@example.com", n % 3)),
        ip: text("203.0.113.9"),
        correlation_id: Some(format!("req-{n}")),
        trace_id: Some(trace(n)),
        batch_id: (n >= 20).then(|| "batch-1".to_owned()),
        id: Some(entry_id(n)),
        action: text(action),
        category: text(category),
        severity: text(if n % 4 == 2 { "WARNING" } else { "INFO" }),
        outcome: text(if n % 4 == 2 { "failure" } else { "success" }),
        reason: Some(format!("ticket {n}: the customer asked for it")),
        target_type: text("order"),
        target_id: Some(format!("{}", 1000 + n)),
        changes,
        metadata: Some(format!("{{\"n\":{n}}}")),
        origin: text("api"),
        ..AuditEntry::default()
    }
}

fn own_trail() -> Batch {
    let mut builder = AuditBuilder::new();
    let mut entry = entry(30);
    entry.action = Some("KEY_CREATED".to_owned());
    entry.time = Timestamp(START);
    entry.correlation_id = None;
    entry.trace_id = None;
    builder.push(&entry);
    builder.finish(&Project::whodunit())
}

/// Rows of a table from named columns; every row has the same project.
pub fn rows(table: Table, times: &[i64], columns: Vec<(&str, ArrayRef)>) -> Batch {
    let time: ArrayRef = Arc::new(TimestampNanosecondArray::from(times.to_vec()).with_timezone("UTC"));
    let all = [("time", time.clone()), ("received_at", time)].into_iter().chain(columns);
    let batch = RecordBatch::try_from_iter_with_nullable(all.map(|(name, column)| (name, column, true)));
    Batch::new(table, Project::default_project(), batch.expect("columns are equally long")).expect("columns fit")
}

pub fn texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringViewArray>())
}

fn sessions() -> Batch {
    let times = [START + 5 * SECOND, START + 3605 * SECOND];
    let columns = vec![
        ("session_id", texts([Some("s1"), Some("s1")])),
        ("actor_id", texts([Some("user-0"), Some("user-0")])),
        ("correlation_id", texts([None, Some("req-1")])),
        ("type", texts([Some("navigation"), Some("click")])),
        ("path", texts([Some("/orders"), Some("/orders/1001")])),
        ("element", texts([None, Some("button#delete")])),
    ];
    rows(Table::SessionEvents, &times, columns)
}

fn errors() -> Batch {
    let issue = FixedSizeBinaryArray::try_from_iter([[9u8; 16]].into_iter()).expect("one length");
    let columns = vec![
        ("service", texts([Some("shop")])),
        ("correlation_id", texts([Some("req-3")])),
        ("issue_id", Arc::new(issue) as ArrayRef),
        ("level", texts([Some("ERROR")])),
        ("type", texts([Some("TypeError")])),
        ("value", texts([Some("total is undefined")])),
        ("culprit", texts([Some("orders.js")])),
    ];
    rows(Table::ErrorEvents, &[START + 10_801 * SECOND], columns)
}

fn spans() -> Batch {
    let traces = FixedSizeBinaryArray::try_from_iter([trace(3)].into_iter()).expect("one length");
    let columns = vec![
        ("service", texts([Some("shop")])),
        ("trace_id", Arc::new(traces) as ArrayRef),
        ("name", texts([Some("DELETE /orders/1003")])),
        ("kind", texts([Some("server")])),
        ("status", texts([Some("ok")])),
    ];
    rows(Table::Spans, &[START + 10_800 * SECOND + 1], columns)
}
