//! Whodunit's audit of itself, written into the same `audit_logs` that customers' entries are in.
//!
//! An act that takes time leaves two rows under one id: an intent before anything happens, and its completion with the
//! outcome. If the intent cannot be written the act does not happen; if the completion is lost (a crash in between),
//! the store shows the act with outcome `unknown`. An act of one step leaves one row.
//!
//! The switch `audit_logging` silences all of it but its own switching.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use serde_json::Value;
use whodunit_model::entry::{AuditBuilder, AuditEntry, Change};
use whodunit_model::redact::Tally;
use whodunit_model::{Caller, Principal, Project, Redactor};
use whodunit_stdx::metrics::Counter;
use whodunit_stdx::{EntryId, Instant, World};
use whodunit_store::{Durability, Store, Submission};

use crate::directory::Directory;
use crate::error::Error;

/// Counted in `Trail::write`, so every way of leaving an entry is in it.
pub static UNWRITTEN: Counter = Counter::new(
    "whodunit_control_trail_unwritten_total",
    "Entries of Whodunit's own trail that could not be written.",
);

/// Writes acts of Whodunit itself. Cheap to clone.
#[derive(Clone)]
pub struct Trail {
    store: Store,
    world: World,
    directory: Arc<ArcSwap<Directory>>,
}

/// What kind of act it is; the words of `audit_logs.category`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Mutation,
    Access,
    Authentication,
    Authorization,
    Configuration,
    Security,
    System,
}

/// How much it matters; the words of `audit_logs.severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Info,
    Warning,
    Error,
    Critical,
}

/// How it ended; the words of `audit_logs.outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Success,
    Failure,
    Unknown,
}

/// What an act touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub kind: &'static str,
    pub id: String,
    pub name: Option<String>,
}

/// What somebody is about to do, or did.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub action: &'static str,
    pub category: Category,
    pub severity: Severity,
    pub description: String,
    pub reason: Option<String>,
    pub target: Option<Target>,
    /// The request that caused it.
    pub request_method: Option<String>,
    pub request_path: Option<String>,
    pub metadata: BTreeMap<String, Value>,
}

/// How an act ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Completed {
    pub outcome: Outcome,
    /// Before and after, never a secret.
    pub changes: Vec<Change>,
    /// Rows that were read or written, for acts on data.
    pub rows: Option<u64>,
    pub request_status: Option<u16>,
    /// A stable word and a sentence.
    pub error: Option<(String, String)>,
}

/// An act that has begun. Dropped without completion it shows as `unknown` after the store's time-out.
#[must_use]
pub struct Open {
    trail: Trail,
    /// `None` while auditing is switched off.
    entry: Option<AuditEntry>,
    began: Instant,
}

/// Acts on several things that have begun together. Dropped without completion each shows as `unknown` after the
/// store's time-out.
#[must_use]
pub struct OpenBatch {
    trail: Trail,
    /// Empty while auditing is switched off.
    entries: Vec<AuditEntry>,
    began: Instant,
}

impl Category {
    pub fn name(self) -> &'static str {
        match self {
            Category::Mutation => "mutation",
            Category::Access => "access",
            Category::Authentication => "authentication",
            Category::Authorization => "authorization",
            Category::Configuration => "configuration",
            Category::Security => "security",
            Category::System => "system",
        }
    }
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
            Severity::Critical => "CRITICAL",
        }
    }
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Unknown => "unknown",
        }
    }
}

impl Act {
    pub fn new(action: &'static str, category: Category, description: impl Into<String>) -> Act {
        Act {
            action,
            category,
            severity: Severity::Info,
            description: description.into(),
            reason: None,
            target: None,
            request_method: None,
            request_path: None,
            metadata: BTreeMap::new(),
        }
    }

    pub fn severity(mut self, severity: Severity) -> Act {
        self.severity = severity;
        self
    }

    pub fn reason(mut self, reason: Option<&str>) -> Act {
        self.reason = reason.map(str::to_owned);
        self
    }

    pub fn target(mut self, kind: &'static str, id: impl Into<String>, name: Option<&str>) -> Act {
        self.target = Some(Target { kind, id: id.into(), name: name.map(str::to_owned) });
        self
    }

    pub fn request(mut self, method: &str, path: &str) -> Act {
        self.request_method = Some(method.to_owned());
        self.request_path = Some(path.to_owned());
        self
    }

    pub fn metadata(mut self, name: &str, value: impl Into<Value>) -> Act {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }
}

impl Completed {
    pub fn success() -> Completed {
        Completed { outcome: Outcome::Success, changes: Vec::new(), rows: None, request_status: None, error: None }
    }

    pub fn failure(kind: impl Into<String>, message: impl Into<String>) -> Completed {
        Completed { outcome: Outcome::Failure, error: Some((kind.into(), message.into())), ..Completed::success() }
    }

    pub fn failed_with(error: &Error) -> Completed {
        Completed::failure(error.kind.name(), error.message.clone())
    }

    pub fn changes(mut self, changes: Vec<Change>) -> Completed {
        self.changes = changes;
        self
    }

    pub fn rows(mut self, rows: u64) -> Completed {
        self.rows = Some(rows);
        self
    }

    pub fn request_status(mut self, status: u16) -> Completed {
        self.request_status = Some(status);
        self
    }
}

impl Trail {
    pub(crate) fn new(store: Store, world: World, directory: Arc<ArcSwap<Directory>>) -> Trail {
        Trail { store, world, directory }
    }

    /// Whether acts are recorded at all.
    pub fn is_on(&self) -> bool {
        self.directory.load().settings().audit_logging
    }

    /// Records the intent, synced to disk, before the act happens. An error means: do not do it.
    pub async fn begin(&self, caller: &Caller, act: Act) -> Result<Open, Error> {
        if self.is_on() { self.begin_always(caller, act).await } else { Ok(self.open(None)) }
    }

    /// Records even while auditing is switched off: for the switching itself.
    pub(crate) async fn begin_always(&self, caller: &Caller, act: Act) -> Result<Open, Error> {
        let mut entry = self.entry(caller, act);
        entry.state = Some("intent".to_owned());
        self.write(std::slice::from_ref(&entry)).await?;
        Ok(self.open(Some(entry)))
    }

    /// Records the intents of one act on several things under one `batch_id`, synced to disk: all of them, or none.
    pub(crate) async fn begin_all(&self, caller: &Caller, acts: Vec<Act>, batch_id: &str) -> Result<OpenBatch, Error> {
        let mut entries = Vec::new();
        if self.is_on() {
            for act in acts {
                let mut entry = self.entry(caller, act);
                entry.state = Some("intent".to_owned());
                entry.batch_id = Some(batch_id.to_owned());
                entries.push(entry);
            }
            self.write(&entries).await?;
        }
        Ok(OpenBatch { trail: self.clone(), entries, began: self.world.instant() })
    }

    /// Records an act of one step that has happened already, or that is its own record (a refused sign-in).
    pub async fn record(&self, caller: &Caller, act: Act, done: Completed) -> Result<(), Error> {
        if !self.is_on() {
            return Ok(());
        }
        let mut entry = self.entry(caller, act);
        finish(&mut entry, done);
        self.write(std::slice::from_ref(&entry)).await
    }

    fn open(&self, entry: Option<AuditEntry>) -> Open {
        Open { trail: self.clone(), entry, began: self.world.instant() }
    }

    fn entry(&self, caller: &Caller, act: Act) -> AuditEntry {
        let now = self.world.now();
        let (target_type, target_id, target_name) = match act.target {
            Some(target) => (Some(target.kind.to_owned()), Some(target.id), target.name),
            None => (None, None, None),
        };
        let mut entry = AuditEntry {
            time: now,
            received_at: now,
            id: Some(self.world.entry_id()),
            service: Some("whodunit".to_owned()),
            origin: Some("whodunit".to_owned()),
            ip: caller.ip.clone(),
            user_agent: caller.user_agent.clone(),
            session_id: caller.session_id.clone(),
            correlation_id: caller.correlation_id.clone(),
            trace_id: caller.trace_id,
            span_id: caller.span_id,
            action: Some(act.action.to_owned()),
            category: Some(act.category.name().to_owned()),
            severity: Some(act.severity.name().to_owned()),
            description: Some(act.description),
            reason: act.reason,
            target_type,
            target_id,
            target_name,
            request_method: act.request_method,
            request_path: act.request_path,
            metadata: metadata_text(act.metadata),
            ..AuditEntry::default()
        };
        set_actor(&mut entry, &caller.principal);
        entry
    }

    async fn write(&self, entries: &[AuditEntry]) -> Result<(), Error> {
        let mut builder = AuditBuilder::new();
        entries.iter().for_each(|entry| builder.push(entry));
        // Questions, parameters and the words of refusals quote what people typed.
        let batch = Redactor::standard().batch(builder.finish(&Project::whodunit()), &mut Tally::default());
        match self.store.append(Submission { batch, durability: Durability::Synced }).await {
            Ok(_) => Ok(()),
            Err(error) => {
                Err(Error::caused_by(error.kind, "the audit trail cannot be written, so nothing was done", error))
            }
        }
    }
}

impl Open {
    /// The id of the entry, for the answer to whoever asked; `None` while auditing is switched off.
    pub fn id(&self) -> Option<EntryId> {
        self.entry.as_ref().and_then(|entry| entry.id)
    }

    /// Records how it ended. An error here does not undo the act; the intent stays and shows as `unknown`.
    pub async fn complete(self, done: Completed) -> Result<(), Error> {
        let Some(mut entry) = self.entry else { return Ok(()) };
        let duration = self.trail.world.instant().since(self.began);
        entry.duration_ns = Some(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX));
        entry.received_at = self.trail.world.now();
        finish(&mut entry, done);
        self.trail.write(std::slice::from_ref(&entry)).await
    }
}

impl OpenBatch {
    /// Records how all of it ended; `changes` are those of each act, in the order in which they were begun.
    pub(crate) async fn complete(self, done: Completed, changes: Vec<Vec<Change>>) -> Result<(), Error> {
        let OpenBatch { trail, mut entries, began } = self;
        if entries.is_empty() {
            return Ok(());
        }
        let duration = i64::try_from(trail.world.instant().since(began).as_nanos()).unwrap_or(i64::MAX);
        let changes = changes.into_iter().chain(std::iter::repeat_with(Vec::new));
        for (entry, changes) in entries.iter_mut().zip(changes) {
            entry.duration_ns = Some(duration);
            entry.received_at = trail.world.now();
            finish(entry, done.clone().changes(changes));
        }
        trail.write(&entries).await
    }
}

fn finish(entry: &mut AuditEntry, done: Completed) {
    entry.state = Some("complete".to_owned());
    entry.outcome = Some(done.outcome.name().to_owned());
    entry.changes = done.changes;
    entry.request_status = done.request_status.map(i64::from);
    if let Some((kind, message)) = done.error {
        entry.error_type = Some(kind);
        entry.error_message = Some(message);
    }
    if let Some(rows) = done.rows {
        let text = entry.metadata.as_deref().unwrap_or("{}");
        let mut metadata: BTreeMap<String, Value> = serde_json::from_str(text).expect("we wrote it ourselves");
        metadata.insert("rows".to_owned(), rows.into());
        entry.metadata = metadata_text(metadata);
    }
}

/// Canonical JSON text: keys in order, which a `BTreeMap` has.
fn metadata_text(metadata: BTreeMap<String, Value>) -> Option<String> {
    (!metadata.is_empty()).then(|| serde_json::to_string(&metadata).expect("JSON values have a text"))
}

fn set_actor(entry: &mut AuditEntry, principal: &Principal) {
    let (kind, id, email, name) = match principal {
        Principal::Anonymous => ("anonymous", None, None, None),
        Principal::User { id, email, name, .. } => ("user", Some(id.clone()), Some(email.clone()), Some(name.clone())),
        Principal::Key { id, name, .. } => ("api_key", Some(id.clone()), None, Some(name.clone())),
        Principal::System { task } => ("system", Some((*task).to_owned()), None, Some("Whodunit".to_owned())),
    };
    entry.actor_type = Some(kind.to_owned());
    entry.actor_id = id;
    entry.actor_email = email;
    entry.actor_name = name.filter(|name| !name.is_empty());
}
