//! The face's backbone: opening, the directory, and the way of every change.
//!
//! ```text
//! begin   intent in the trail (synced)  →  turn in control_state  →  transaction
//! finish  commit  →  directory anew  →  completion in the trail       (or: roll back → completion with the error)
//! ```
//!
//! - C-4: no intent, no change. A change that fails its checks is in the trail as a failure.
//! - C-5: when a change is answered, this process's directory has it. Other nodes follow within
//!   [`MAINTENANCE_INTERVAL`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use serde_json::Value;
use whodunit_model::{Caller, Permission, Principal, Role};
use whodunit_stdx::metrics::CounterVec;
use whodunit_stdx::{ErrorKind, Tasks, World};
use whodunit_store::Store;

use crate::db::{self, Connection, Database, Transaction};
use crate::directory::Directory;
use crate::error::Error;
use crate::noun::REASON_CHARACTERS_MAX;
use crate::noun::SESSION_IDLE;
use crate::password::Passwords;
use crate::scram::Parameters;
use crate::secret;
use crate::throttle::Throttle;
use crate::trail::{Act, Completed, Open, OpenBatch, Outcome, Trail};

pub use whodunit_model::entry::Change;

/// How often the control plane looks after itself: picks up other nodes' changes, saves when keys were last used,
/// forgets ended sessions.
pub const MAINTENANCE_INTERVAL: Duration = Duration::from_secs(5);

/// Ends of changes, counted in `record_end`.
pub static CHANGES: CounterVec = CounterVec::new(
    "whodunit_control_changes_total",
    "Changes of users, keys, projects and settings, by outcome.",
    &["outcome"],
);

/// Users, keys, projects, settings, and who may. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Control(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub database: Database,
    pub world: World,
    pub trail: Trail,
    pub passwords: Passwords,
    pub throttle: Throttle,
    directory: Arc<ArcSwap<Directory>>,
    setup_token: Mutex<Option<String>>,
}

/// A change under way: recorded as an intent, and alone in the database.
pub(crate) struct Pending {
    open: Open,
    transaction: Transaction,
}

/// A change of several things under way.
pub(crate) struct PendingBatch {
    open: OpenBatch,
    transaction: Transaction,
}

/// What a change did, for the answer and for the trail.
pub(crate) struct Changed<T> {
    pub value: T,
    pub changes: Vec<Change>,
}

impl Control {
    /// Opens the control database: a path is SQLite (made if missing), a `postgres://` URL is PostgreSQL.
    pub async fn open(place: &str, store: Store, world: World) -> Result<Control, Error> {
        let database = Database::open(place, &world).await?;
        let directory = Arc::new(ArcSwap::from_pointee(Directory::empty()));
        let trail = Trail::new(store, world.clone(), directory.clone());
        let control = Control(Arc::new(Inner {
            database,
            world,
            trail,
            passwords: Passwords::default(),
            throttle: Throttle::default(),
            directory,
            setup_token: Mutex::new(None),
        }));
        control.prepare().await?;
        Ok(control)
    }

    /// Makes what every installation has, and a set-up link while nobody owns it.
    async fn prepare(&self) -> Result<(), Error> {
        let mut transaction = self.0.database.change().await?;
        db::projects::insert_first(&mut transaction, self.0.world.now()).await?;
        db::scram::insert_first(&mut transaction, &Parameters::make(&self.0.world)).await?;
        let unowned = db::users::count_owners(&mut transaction, None).await? == 0;
        let token = secret::make(&self.0.world, "");
        if unowned {
            db::setup::replace(&mut transaction, &secret::hash(&token), self.0.world.now()).await?;
        }
        db::commit(transaction).await?;
        *self.0.setup_token.lock() = unowned.then_some(token);
        self.refresh().await
    }

    /// What requests need, in memory. Take it once per request and ask it as often as you like.
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.load_full()
    }

    /// Where Whodunit records its own acts.
    pub fn trail(&self) -> &Trail {
        &self.0.trail
    }

    /// The caller that a key's secret stands for; without client address and the like, which the door adds.
    pub fn authenticate_key(&self, secret: &str) -> Option<Caller> {
        self.0.directory.load().authenticate(secret, self.0.world.now())
    }

    /// The token of the set-up link, while there is no owner. Only the process that made it knows it.
    pub fn setup_token(&self) -> Option<String> {
        if self.0.directory.load().has_owner() { None } else { self.0.setup_token.lock().clone() }
    }

    /// Starts the task that calls [`Control::maintain`] every [`MAINTENANCE_INTERVAL`] until `tasks` stop.
    pub fn start(&self, tasks: &Tasks) {
        let control = self.clone();
        tasks.spawn("control", |mut stop| async move {
            while !stop.is_set() {
                tokio::select! {
                    () = stop.wait() => {}
                    () = tokio::time::sleep(MAINTENANCE_INTERVAL) => control.maintain_and_report().await,
                }
            }
        });
    }

    async fn maintain_and_report(&self) {
        if let Err(error) = self.maintain().await {
            tracing::warn!(error = %error, source = ?error.source, "control plane maintenance failed; it is tried again");
        }
    }

    /// One round: other nodes' changes, keys' last use, ended sessions.
    pub async fn maintain(&self) -> Result<(), Error> {
        let now = self.0.world.now();
        self.0.throttle.prune(now);
        let mut connection = self.0.database.read().await?;
        for (id, used) in self.directory().unsaved_use() {
            db::keys::set_last_used(&mut connection, &id, used).await?;
        }
        db::sessions::delete_expired(&mut connection, now, now.saturating_sub(SESSION_IDLE)).await?;
        let revision = db::revision(&mut connection).await?;
        drop(connection);
        if revision != self.directory().revision() { self.refresh().await } else { Ok(()) }
    }

    /// Whether the control database answers, for health.
    pub async fn ping(&self) -> Result<(), Error> {
        db::revision(&mut *self.0.database.read().await?).await.map(drop)
    }

    /// The database's bytes as they are at one moment, for a backup; `None` on PostgreSQL. `scratch` is a file that is
    /// made and removed again.
    pub async fn copy(&self, scratch: &Path) -> Result<Option<Vec<u8>>, Error> {
        let failed = |act: &str, error: std::io::Error| {
            Error::caused_by(ErrorKind::Unavailable, format!("cannot {act} {}", scratch.display()), error)
        };
        let path = scratch.to_str().ok_or_else(|| Error::invalid("data", "the data directory's path is not UTF-8"))?;
        let remove = || match std::fs::remove_file(scratch) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed("remove", error)),
            _ => Ok(()),
        };
        remove()?;
        if !self.0.database.copy_to(path).await? {
            return Ok(None);
        }
        let bytes = std::fs::read(scratch).map_err(|error| failed("read", error));
        remove()?;
        bytes.map(Some)
    }

    /// Saves what is only in memory and closes the database.
    pub async fn close(&self) -> Result<(), Error> {
        let saved = self.maintain().await;
        self.0.database.close().await;
        saved
    }

    pub(crate) async fn refresh(&self) -> Result<(), Error> {
        let mut connection = self.0.database.read().await?;
        let loaded = Arc::new(Directory::load(&mut connection, &self.directory()).await?);
        // Two loads may end in the other order than they began; the newer revision stays.
        self.0
            .directory
            .rcu(|present| if present.revision() > loaded.revision() { present.clone() } else { loaded.clone() });
        if self.0.directory.load().has_owner() {
            self.0.setup_token.lock().take();
        }
        Ok(())
    }

    pub(crate) async fn begin(&self, caller: &Caller, act: Act) -> Result<Pending, Error> {
        check_reason(act.reason.as_deref())?;
        let open = self.0.trail.begin(caller, act).await?;
        self.take_turn(open).await
    }

    /// Like [`Control::begin`], also while auditing is switched off.
    pub(crate) async fn begin_always(&self, caller: &Caller, act: Act) -> Result<Pending, Error> {
        check_reason(act.reason.as_deref())?;
        let open = self.0.trail.begin_always(caller, act).await?;
        self.take_turn(open).await
    }

    async fn take_turn(&self, open: Open) -> Result<Pending, Error> {
        match self.0.database.change().await {
            Ok(transaction) => Ok(Pending { open, transaction }),
            Err(error) => {
                record_end(open, Completed::failed_with(&error)).await;
                Err(error)
            }
        }
    }

    /// Commits what went well, undoes what did not, and completes the trail either way.
    pub(crate) async fn finish<T>(&self, pending: Pending, done: Result<Changed<T>, Error>) -> Result<T, Error> {
        let Pending { open, transaction } = pending;
        let changed = match done {
            Ok(changed) => changed,
            Err(error) => {
                drop(transaction);
                record_end(open, Completed::failed_with(&error)).await;
                return Err(error);
            }
        };
        if let Err(error) = db::commit(transaction).await {
            // The connection broke during the commit: it may or may not have happened, and the trail says just that.
            record_end(open, Completed { outcome: Outcome::Unknown, ..Completed::failed_with(&error) }).await;
            return Err(error);
        }
        let refreshed = self.refresh().await;
        record_end(open, Completed::success().changes(changed.changes)).await;
        if let Err(error) = refreshed {
            // The change stands. Maintenance sees the higher revision and loads again.
            tracing::error!(error = %error, "the directory could not be reloaded after a change; it is tried again");
        }
        Ok(changed.value)
    }
}

impl Control {
    /// Like [`Control::begin`], of one act on several things.
    pub(crate) async fn begin_all(
        &self,
        caller: &Caller,
        acts: Vec<Act>,
        batch_id: &str,
    ) -> Result<PendingBatch, Error> {
        acts.iter().try_for_each(|act| check_reason(act.reason.as_deref()))?;
        let open = self.0.trail.begin_all(caller, acts, batch_id).await?;
        match self.0.database.change().await {
            Ok(transaction) => Ok(PendingBatch { open, transaction }),
            Err(error) => {
                record_end_of_all(open, Completed::failed_with(&error), Vec::new()).await;
                Err(error)
            }
        }
    }

    /// Like [`Control::finish`]; beside the value stand the changes of each act, in their order.
    pub(crate) async fn finish_all<T>(
        &self,
        pending: PendingBatch,
        done: Result<(T, Vec<Vec<Change>>), Error>,
    ) -> Result<T, Error> {
        let PendingBatch { open, transaction } = pending;
        let (value, changes) = match done {
            Ok(changed) => changed,
            Err(error) => {
                drop(transaction);
                record_end_of_all(open, Completed::failed_with(&error), Vec::new()).await;
                return Err(error);
            }
        };
        if let Err(error) = db::commit(transaction).await {
            let done = Completed { outcome: Outcome::Unknown, ..Completed::failed_with(&error) };
            record_end_of_all(open, done, Vec::new()).await;
            return Err(error);
        }
        // Nothing of the directory has changed, so other nodes' next look brings it to the new revision.
        record_end_of_all(open, Completed::success(), changes).await;
        Ok(value)
    }
}

impl PendingBatch {
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.transaction
    }
}

impl Pending {
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.transaction
    }
}

/// The act is over and cannot be undone, so a completion that cannot be written is only said; the intent remains.
async fn record_end(open: Open, done: Completed) {
    CHANGES.add(&[done.outcome.name()], 1);
    if let Err(error) = open.complete(done).await {
        tracing::error!(error = %error, source = ?error.source, "an audit entry was begun but not completed");
    }
}

async fn record_end_of_all(open: OpenBatch, done: Completed, changes: Vec<Vec<Change>>) {
    CHANGES.add(&[done.outcome.name()], 1);
    if let Err(error) = open.complete(done, changes).await {
        tracing::error!(error = %error, source = ?error.source, "audit entries were begun but not completed");
    }
}

/// One changed field, or nothing if it stayed the same. `Value::Null` is a field that was not there.
pub(crate) fn change(field: &str, before: impl Into<Value>, after: impl Into<Value>) -> Option<Change> {
    let (before, after) = (before.into(), after.into());
    let text = |value: &Value| (!value.is_null()).then(|| value.to_string());
    (before != after).then(|| Change { field: field.to_owned(), before: text(&before), after: text(&after) })
}

/// The one who asks, in a word for `created_by` and `changed_by`.
pub fn label(caller: &Caller) -> String {
    match &caller.principal {
        Principal::Anonymous => "anonymous".to_owned(),
        Principal::User { email, .. } => email.clone(),
        Principal::Key { name, .. } => format!("key/{name}"),
        Principal::System { task } => format!("system/{task}"),
    }
}

/// The operation table asks for a permission before we are called; asking again here costs nothing and holds even if
/// somebody calls past the table.
pub(crate) fn require(caller: &Caller, permission: Permission) -> Result<(), Error> {
    if caller.allows(permission) { Ok(()) } else { Err(Error::forbidden(format!("{} may not do this", label(caller)))) }
}

/// Changes that reach beyond single projects are not for keys that are bound to some.
pub(crate) fn require_whole(caller: &Caller) -> Result<(), Error> {
    match caller.projects {
        None => Ok(()),
        Some(_) => Err(Error::forbidden("a key that is bound to projects may not change what belongs to all of them")),
    }
}

/// Only an owner (or Whodunit itself) makes, changes and disables owners.
pub(crate) fn manages_owners(caller: &Caller) -> bool {
    matches!(caller.principal, Principal::User { role: Role::Owner, .. } | Principal::System { .. })
}

fn check_reason(reason: Option<&str>) -> Result<(), Error> {
    match reason {
        Some(reason) if reason.chars().count() > REASON_CHARACTERS_MAX => {
            Err(Error::invalid("reason", format!("a reason has at most {REASON_CHARACTERS_MAX} characters")))
        }
        _ => Ok(()),
    }
}
