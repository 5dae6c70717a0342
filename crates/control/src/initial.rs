//! Unattended installation: owner and keys that the environment brings, honoured once, while everything is new.

use whodunit_model::{Caller, Project, Role, Scope};

use crate::core::{Changed, Control};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::keys::{self, NewKey};
use crate::noun::{self, Key, User};
use crate::scram::Parameters;
use crate::secret::{GIVEN_KEY_CHARACTERS_MIN, SECRET_BYTES_MAX};
use crate::trail::{Act, Category, Severity};
use crate::{password, users};

/// What an operator wants to find after the first start. Everything is optional.
#[derive(Clone, Debug, Default)]
pub struct Initial {
    pub owner_email: Option<String>,
    pub owner_password: Option<String>,
    /// Any text of at least 16 characters; sends into the default project.
    pub ingest_key: Option<String>,
    /// Any text of at least 16 characters; has every scope on every project.
    pub api_key: Option<String>,
}

/// What was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Initialised {
    /// Nothing was asked for.
    Nothing,
    /// There were users or keys already, so nothing was done.
    NotNew,
    Made {
        owner: Option<User>,
        keys: Vec<Key>,
    },
}

/// Everything that is to be written, checked.
struct Plan {
    owner: Option<(User, String)>,
    keys: Vec<(Key, String)>,
}

impl Control {
    /// Honours `initial` if the control database has neither users nor keys.
    pub async fn initialise(&self, initial: Initial) -> Result<Initialised, Error> {
        if initial.is_empty() {
            return Ok(Initialised::Nothing);
        }
        if !is_new(&mut *self.0.database.read().await?).await? {
            return Ok(Initialised::NotNew);
        }
        let caller = Caller::system("initialise");
        let plan = self.plan(&caller, &initial).await?;
        let act =
            Act::new("INITIALISE", Category::Security, "make the owner and the keys that the environment brought")
                .severity(Severity::Warning)
                .target("installation", "control", None);
        let mut pending = self.begin(&caller, act).await?;
        let done = write(pending.connection(), plan, &self.scram()).await;
        self.finish(pending, done).await
    }

    async fn plan(&self, caller: &Caller, initial: &Initial) -> Result<Plan, Error> {
        let owner = match (&initial.owner_email, &initial.owner_password) {
            (None, None) => None,
            (Some(email), Some(given)) => {
                let email = noun::email(email)?;
                password::check(given, &email)?;
                let hash = self.0.passwords.hash(&self.0.world, given).await?;
                Some((self.new_user(email, "", Role::Owner)?, hash))
            }
            (Some(_), None) => {
                return Err(Error::invalid("owner_password", "the first owner has an e-mail address but no password"));
            }
            (None, Some(_)) => {
                return Err(Error::invalid("owner_email", "the first owner has a password but no e-mail address"));
            }
        };
        let mut keys = Vec::new();
        if let Some(given) = &initial.ingest_key {
            check_given("ingest_key", given)?;
            let new = NewKey::ingest("from the environment", Project::default_project());
            keys.push((self.new_key(caller, &new, given)?, given.clone()));
        }
        if let Some(given) = &initial.api_key {
            check_given("api_key", given)?;
            let new = NewKey::api("from the environment", Scope::ALL.to_vec());
            keys.push((self.new_key(caller, &new, given)?, given.clone()));
        }
        Ok(Plan { owner, keys })
    }
}

impl Initial {
    fn is_empty(&self) -> bool {
        let Initial { owner_email, owner_password, ingest_key, api_key } = self;
        [owner_email, owner_password, ingest_key, api_key].into_iter().all(Option::is_none)
    }
}

fn check_given(field: &'static str, key: &str) -> Result<(), Error> {
    if key.chars().count() < GIVEN_KEY_CHARACTERS_MIN {
        return Err(Error::invalid(field, format!("a given key has at least {GIVEN_KEY_CHARACTERS_MIN} characters")));
    }
    if key.len() > SECRET_BYTES_MAX || key.chars().any(|character| !character.is_ascii_graphic()) {
        let message =
            format!("a given key has at most {SECRET_BYTES_MAX} visible ASCII characters, so that it fits a header");
        return Err(Error::invalid(field, message));
    }
    Ok(())
}

async fn is_new(connection: &mut Connection) -> Result<bool, Error> {
    Ok(db::users::count(connection).await? == 0 && db::keys::count(connection).await? == 0)
}

async fn write(connection: &mut Connection, plan: Plan, scram: &Parameters) -> Result<Changed<Initialised>, Error> {
    if !is_new(connection).await? {
        return Ok(Changed { value: Initialised::NotNew, changes: Vec::new() });
    }
    let mut changes = Vec::new();
    if let Some((user, hash)) = &plan.owner {
        db::users::insert(connection, user, hash).await?;
        db::setup::delete(connection).await?;
        changes.extend(prefixed("owner", users::made(user)));
    }
    for (key, given) in &plan.keys {
        keys::store(connection, key, given, scram).await?;
        changes.extend(prefixed(&format!("{}_key", key.kind.name()), keys::made(key)));
    }
    let (owner, keys) = (plan.owner.map(|(user, _)| user), plan.keys.into_iter().map(|(key, _)| key).collect());
    Ok(Changed { value: Initialised::Made { owner, keys }, changes })
}

fn prefixed(prefix: &str, changes: Vec<crate::core::Change>) -> impl Iterator<Item = crate::core::Change> {
    changes.into_iter().map(move |mut change| {
        change.field = format!("{prefix}.{}", change.field);
        change
    })
}
