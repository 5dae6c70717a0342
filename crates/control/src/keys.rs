//! Keys: made with a secret that is shown once, revoked, never deleted.
//!
//! - C-8: a key never makes a key that may do or reach more than itself.

use std::collections::BTreeSet;

use whodunit_model::{Caller, Permission, Principal, Project, Scope};
use whodunit_stdx::Timestamp;

use crate::core::{Change, Changed, Control, change, label, require};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, Key, KeyKind};
use crate::scram::{Parameters, Verifier};
use crate::secret::{self, API_KEY_PREFIX, INGEST_KEY_PREFIX};
use crate::trail::{Act, Category};

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub kind: KeyKind,
    pub name: String,
    /// Of an API key; an ingest key has `ingest` alone.
    pub scopes: Vec<Scope>,
    /// `None` means all for an API key, and the default project for an ingest key.
    pub projects: Option<Vec<Project>>,
    pub expires_at: Option<Timestamp>,
    pub reason: Option<String>,
}

/// A key that was made.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    pub key: Key,
    /// To be shown once, stored nowhere.
    pub secret: String,
}

impl NewKey {
    pub fn ingest(name: &str, project: Project) -> NewKey {
        let (scopes, projects) = (vec![Scope::Ingest], Some(vec![project]));
        NewKey { kind: KeyKind::Ingest, name: name.to_owned(), scopes, projects, expires_at: None, reason: None }
    }

    pub fn api(name: &str, scopes: Vec<Scope>) -> NewKey {
        NewKey { kind: KeyKind::Api, name: name.to_owned(), scopes, projects: None, expires_at: None, reason: None }
    }
}

impl Control {
    /// All keys in the order in which they were made, revoked ones included.
    pub async fn keys(&self) -> Result<Vec<Key>, Error> {
        let mut keys = db::keys::list(&mut *self.0.database.read().await?).await?;
        let directory = self.directory();
        let last_used = directory.last_used();
        for key in &mut keys {
            key.last_used_at = key.last_used_at.max(last_used.get(key.id.as_str()).copied());
        }
        Ok(keys)
    }

    pub async fn create_key(&self, caller: &Caller, new: NewKey) -> Result<CreatedKey, Error> {
        let secret = secret::make(&self.0.world, prefix(new.kind));
        let key = self.new_key(caller, &new, &secret)?;
        let act =
            Act::new("API_KEY_CREATE", Category::Security, format!("make the {} key {:?}", key.kind.name(), key.name))
                .target("key", &key.id, Some(&key.name))
                .reason(new.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, key, &secret, &self.scram()).await;
        let key = self.finish(pending, done).await?;
        Ok(CreatedKey { key, secret })
    }

    /// Ends a key; from the answer on it opens nothing. Revoking again changes nothing.
    pub async fn revoke_key(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Result<Key, Error> {
        let found = db::keys::find(&mut *self.0.database.read().await?, id).await?;
        let key = found.ok_or_else(|| Error::not_found("key", id))?;
        let act = Act::new(
            "API_KEY_REVOKE",
            Category::Security,
            format!("revoke the {} key {:?}", key.kind.name(), key.name),
        )
        .target("key", id, Some(&key.name))
        .reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let done = revoke(pending.connection(), caller, key, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    pub(crate) fn new_key(&self, caller: &Caller, new: &NewKey, secret: &str) -> Result<Key, Error> {
        let name = noun::display_name(&new.name)?;
        if name.is_empty() {
            return Err(Error::invalid("name", "a key needs a name: who or what uses it"));
        }
        let now = self.0.world.now();
        if new.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(Error::invalid("expires_at", "the key would have expired already"));
        }
        let (scopes, projects) = check_powers(new)?;
        Ok(Key {
            id: self.0.world.entry_id().to_string(),
            kind: new.kind,
            name,
            hint: secret::hint(secret),
            public_id: (new.kind == KeyKind::Ingest).then(|| secret::make_public_id(&self.0.world)),
            scopes,
            projects,
            created_at: now,
            created_by: label(caller),
            expires_at: new.expires_at,
            revoked_at: None,
            last_used_at: None,
        })
    }
}

fn prefix(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Ingest => INGEST_KEY_PREFIX,
        KeyKind::Api => API_KEY_PREFIX,
    }
}

/// The scopes and projects that a key of this kind can have, each once and in a fixed order.
fn check_powers(new: &NewKey) -> Result<(Vec<Scope>, Option<Vec<Project>>), Error> {
    let projects =
        new.projects.clone().map(|listed| listed.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    match new.kind {
        KeyKind::Ingest => {
            if new.scopes.iter().any(|scope| *scope != Scope::Ingest) {
                return Err(Error::invalid("scopes", "an ingest key can only send: it has no other scopes"));
            }
            let projects = projects.unwrap_or_else(|| vec![Project::default_project()]);
            match projects.as_slice() {
                [only] if only.as_str() != Project::WHODUNIT => Ok((vec![Scope::Ingest], Some(projects))),
                [_] => Err(Error::invalid("projects", "only Whodunit writes its own trail")),
                _ => Err(Error::invalid("projects", "an ingest key sends into exactly one project")),
            }
        }
        KeyKind::Api => {
            let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| new.scopes.contains(scope)).collect();
            if scopes.is_empty() {
                return Err(Error::invalid("scopes", "an API key needs at least one scope"));
            }
            if projects.as_ref().is_some_and(Vec::is_empty) {
                return Err(Error::invalid(
                    "projects",
                    "an API key for no project opens nothing; leave projects out for all",
                ));
            }
            Ok((scopes, projects))
        }
    }
}

/// What the trail says of a new key.
pub(crate) fn made(key: &Key) -> Vec<Change> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    let projects = key.projects.as_ref().map(|listed| listed.iter().map(Project::as_str).collect::<Vec<_>>());
    let changes = [
        change("kind", (), key.kind.name()),
        change("name", (), key.name.as_str()),
        change("hint", (), key.hint.as_str()),
        change("scopes", (), scopes),
        change("projects", (), projects),
        change("expires_at", (), key.expires_at.map(noun::rfc3339)),
    ];
    changes.into_iter().flatten().collect()
}

/// Keeps a key with all that later shows that somebody has it.
pub(crate) async fn store(
    connection: &mut Connection,
    key: &Key,
    secret: &str,
    scram: &Parameters,
) -> Result<(), Error> {
    db::keys::insert(connection, key, &secret::hash(secret)).await?;
    match key.kind {
        KeyKind::Api => db::scram::insert(connection, &key.id, &Verifier::of(secret, scram)).await,
        KeyKind::Ingest => Ok(()),
    }
}

async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    key: Key,
    secret: &str,
    scram: &Parameters,
) -> Result<Changed<Key>, Error> {
    require(caller, Permission::Administer)?;
    check_reach(caller, &key)?;
    for slug in key.projects.iter().flatten() {
        let project = db::projects::find(connection, slug).await?;
        let project = project.ok_or_else(|| Error::invalid("projects", format!("no project {slug}")))?;
        if project.archived_at.is_some() {
            return Err(Error::conflict(format!("the project {slug} is archived")));
        }
    }
    store(connection, &key, secret, scram).await?;
    Ok(Changed { changes: made(&key), value: key })
}

/// Holds C-8.
fn check_reach(caller: &Caller, key: &Key) -> Result<(), Error> {
    let Principal::Key { scopes, .. } = &caller.principal else { return Ok(()) };
    if let Some(beyond) = key.scopes.iter().find(|scope| !scopes.contains(scope)) {
        return Err(Error::forbidden(format!("a key without the scope {} cannot give it away", beyond.name())));
    }
    let within = match (&caller.projects, &key.projects) {
        (None, _) => true,
        (Some(own), Some(given)) => given.iter().all(|project| own.contains(project)),
        (Some(_), None) => false,
    };
    if within { Ok(()) } else { Err(Error::forbidden("a key cannot reach more projects than the key that makes it")) }
}

async fn revoke(connection: &mut Connection, caller: &Caller, key: Key, now: Timestamp) -> Result<Changed<Key>, Error> {
    require(caller, Permission::Administer)?;
    check_reach(caller, &key)?;
    if key.revoked_at.is_some() {
        return Ok(Changed { value: key, changes: Vec::new() });
    }
    db::keys::revoke(connection, &key.id, now).await?;
    let key = Key { revoked_at: Some(now), ..key };
    Ok(Changed { changes: change("state", "active", "revoked").into_iter().collect(), value: key })
}
