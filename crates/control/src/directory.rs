//! What every request needs of the control plane, in memory: keys by hash, projects, settings.
//!
//! A directory never changes; a change of the control plane makes a new one, and readers go on with the one they hold.
//! So nobody waits, and nobody sees half a change.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use whodunit_model::{Caller, Principal, Project};
use whodunit_stdx::Timestamp;

use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{Key, KeyKind, ProjectRecord, Settings};
use crate::scram::{Parameters, Verifier};
use crate::secret::{self, Hash, SECRET_BYTES_MAX};

/// The control plane as of one revision.
#[derive(Debug)]
pub struct Directory {
    revision: i64,
    settings: Settings,
    projects: BTreeMap<Project, ProjectRecord>,
    keys: HashMap<Hash, ActiveKey>,
    by_public_id: HashMap<String, Hash>,
    scram: Parameters,
    has_owner: bool,
}

/// A key that was not revoked when the directory was loaded.
#[derive(Debug)]
struct ActiveKey {
    key: Key,
    caller: Caller,
    verifier: Option<Verifier>,
    /// Nanoseconds; shared by the directories that follow each other.
    last_used: Arc<AtomicI64>,
}

impl Directory {
    /// Before anything was read.
    pub(crate) fn empty() -> Directory {
        Directory {
            revision: 0,
            settings: Settings::default(),
            projects: BTreeMap::new(),
            keys: HashMap::new(),
            by_public_id: HashMap::new(),
            scram: Parameters { salt: [0; 16], iterations: NonZeroU32::MIN },
            has_owner: false,
        }
    }

    /// Reads everything anew; `before` lends the counters of use.
    pub(crate) async fn load(connection: &mut Connection, before: &Directory) -> Result<Directory, Error> {
        // The revision comes first: what follows is at least as new, and a later change brings a later load.
        let revision = db::revision(connection).await?;
        let mut settings = Settings::default();
        for setting in db::settings::list(connection).await? {
            settings.apply(setting.name, &setting.value)?;
        }
        let projects = db::projects::list(connection).await?;
        let scram = db::scram::parameters(connection).await?;
        let mut directory = Directory { revision, settings, scram, ..Directory::empty() };
        directory.projects = projects.into_iter().map(|project| (project.slug.clone(), project)).collect();
        let mut verifiers = db::scram::list_active(connection).await?;
        for (hash, key) in db::keys::list_active(connection).await? {
            let verifier = verifiers.remove(&key.id);
            directory.add_key(hash, key, verifier, before);
        }
        directory.has_owner = db::users::count_owners(connection, None).await? > 0;
        Ok(directory)
    }

    fn add_key(&mut self, hash: Hash, key: Key, verifier: Option<Verifier>, before: &Directory) {
        if let Some(public_id) = &key.public_id {
            self.by_public_id.insert(public_id.clone(), hash);
        }
        let known = before.keys.get(&hash).map(|active| active.last_used.clone());
        let stored = key.last_used_at.map_or(0, |at| at.0);
        let last_used = known.unwrap_or_else(|| Arc::new(AtomicI64::new(stored)));
        last_used.fetch_max(stored, Ordering::Relaxed);
        let caller = caller(&key);
        self.keys.insert(hash, ActiveKey { key, caller, verifier, last_used });
    }

    pub fn revision(&self) -> i64 {
        self.revision
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// All projects by slug, archived ones and Whodunit's own included.
    pub fn projects(&self) -> impl Iterator<Item = &ProjectRecord> {
        self.projects.values()
    }

    pub fn project(&self, slug: &str) -> Option<&ProjectRecord> {
        self.projects.values().find(|project| project.slug.as_str() == slug)
    }

    /// The project that a Sentry DSN names by number.
    pub fn project_by_number(&self, number: i64) -> Option<&ProjectRecord> {
        self.projects.values().find(|project| project.number == number)
    }

    /// Whether somebody can sign in as an owner; until then the set-up link works.
    pub fn has_owner(&self) -> bool {
        self.has_owner
    }

    /// Who a secret belongs to. The comparison is of hashes, so its duration says nothing about the secret.
    pub fn authenticate(&self, secret: &str, now: Timestamp) -> Option<Caller> {
        if secret.len() > SECRET_BYTES_MAX {
            return None;
        }
        self.keys.get(&secret::hash(secret)).and_then(|active| self.admit(active, now))
    }

    /// The caller of a key that somebody has shown to have, as long as it may be used. For connections that outlive
    /// the moment of their sign-in.
    pub fn caller_of_key(&self, id: &str, now: Timestamp) -> Option<Caller> {
        self.keys.values().find(|active| active.key.id == id).and_then(|active| self.admit(active, now))
    }

    /// Who the public part of a Sentry DSN belongs to. It is public: whoever uses this takes in errors, nothing else.
    pub fn authenticate_public_id(&self, public_id: &str, now: Timestamp) -> Option<Caller> {
        let hash = self.by_public_id.get(public_id)?;
        self.keys.get(hash).and_then(|active| self.admit(active, now))
    }

    /// What clients that prove to have a key are told.
    pub(crate) fn scram(&self) -> &Parameters {
        &self.scram
    }

    /// Whose proof it is, and the signature that goes back. Every key is tried: a client names none. One costs about
    /// a microsecond.
    pub(crate) fn authenticate_proof(
        &self,
        auth_message: &[u8],
        proof: &Hash,
        now: Timestamp,
    ) -> Option<(Caller, Hash)> {
        let verifiable = self.keys.values().filter_map(|active| Some((active, active.verifier.as_ref()?)));
        let (active, verifier) = { verifiable }.find(|(_, verifier)| verifier.accepts(auth_message, proof))?;
        Some((self.admit(active, now)?, verifier.signature(auth_message)))
    }

    /// Whether there are API keys from before there were verifiers.
    pub(crate) fn has_keys_without_verifier(&self) -> bool {
        self.keys.values().any(|active| active.key.kind == KeyKind::Api && active.verifier.is_none())
    }

    fn admit(&self, active: &ActiveKey, now: Timestamp) -> Option<Caller> {
        if active.key.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return None;
        }
        // A key for one project has no use while that is archived.
        if let Some([only]) = active.key.projects.as_deref()
            && self.projects.get(only).is_none_or(|project| project.archived_at.is_some())
        {
            return None;
        }
        active.last_used.fetch_max(now.0, Ordering::Relaxed);
        Some(active.caller.clone())
    }

    /// Keys used since the database last heard of it.
    pub(crate) fn unsaved_use(&self) -> Vec<(String, Timestamp)> {
        let unsaved = |active: &ActiveKey| {
            let used = active.last_used.load(Ordering::Relaxed);
            (used > active.key.last_used_at.map_or(0, |at| at.0)).then(|| (active.key.id.clone(), Timestamp(used)))
        };
        self.keys.values().filter_map(unsaved).collect()
    }

    /// The newest use of each key, by id, for lists that people read.
    pub(crate) fn last_used(&self) -> HashMap<&str, Timestamp> {
        let used = |active: &'_ ActiveKey| Timestamp(active.last_used.load(Ordering::Relaxed));
        self.keys.values().map(|active| (active.key.id.as_str(), used(active))).filter(|(_, at)| at.0 > 0).collect()
    }
}

fn caller(key: &Key) -> Caller {
    let principal = Principal::Key { id: key.id.clone(), name: key.name.clone(), scopes: key.scopes.clone() };
    let projects = key.projects.as_ref().map(|projects| projects.clone().into());
    Caller { projects, ..Caller::new(principal) }
}
