//! Users and their roles: made, changed, disabled, never deleted.
//!
//! - C-6: at least one owner can sign in, from the set-up on.
//! - C-7: only an owner touches owners, and only an owner makes one.

use whodunit_model::{Caller, Permission, Principal, Role};
use whodunit_stdx::Timestamp;

use crate::core::{Change, Changed, Control, change, manages_owners, require, require_whole};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, User};
use crate::trail::{Act, Category};
use crate::{password, secret};

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// `None` makes one up.
    pub password: Option<String>,
    pub reason: Option<String>,
}

/// A user who was made.
#[derive(Clone, Debug)]
pub struct CreatedUser {
    pub user: User,
    /// The made-up password: to be handed over once, stored nowhere.
    pub password: Option<String>,
}

/// What to change of a user; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct UserUpdate {
    pub name: Option<String>,
    pub role: Option<Role>,
    pub disabled: Option<bool>,
    pub reason: Option<String>,
}

impl Control {
    /// All users in the order in which they were made.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        db::users::list(&mut *self.0.database.read().await?).await
    }

    pub async fn user(&self, id: &str) -> Result<User, Error> {
        find(&mut *self.0.database.read().await?, id).await
    }

    pub async fn create_user(&self, caller: &Caller, new: NewUser) -> Result<CreatedUser, Error> {
        let email = noun::email(&new.email)?;
        let made_up = new.password.is_none().then(|| secret::make_password(&self.0.world));
        let password = made_up.as_ref().or(new.password.as_ref()).expect("one of the two is there");
        password::check(password, &email)?;
        let password_hash = self.0.passwords.hash(&self.0.world, password).await?;
        let user = self.new_user(email, &new.name, new.role)?;
        let act = Act::new(
            "USER_CREATE",
            Category::Configuration,
            format!("make {} a user as {}", user.email, user.role.name()),
        )
        .target("user", &user.id, Some(&user.email))
        .reason(new.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = insert(pending.connection(), caller, user, &password_hash).await;
        let user = self.finish(pending, done).await?;
        Ok(CreatedUser { user, password: made_up })
    }

    pub async fn update_user(&self, caller: &Caller, id: &str, update: UserUpdate) -> Result<User, Error> {
        let before = self.user(id).await?;
        let update = UserUpdate { name: update.name.as_deref().map(noun::display_name).transpose()?, ..update };
        let act = Act::new(update.action(), Category::Configuration, update.description(&before.email))
            .target("user", id, Some(&before.email))
            .reason(update.reason.as_deref());
        let mut pending = self.begin(caller, act).await?;
        let done = apply(pending.connection(), caller, id, &update, self.0.world.now()).await;
        self.finish(pending, done).await
    }

    /// Changes the caller's own password and ends all other sessions.
    pub async fn change_password(&self, caller: &Caller, current: &str, new: &str) -> Result<(), Error> {
        let Principal::User { id, email, .. } = &caller.principal else {
            return Err(Error::forbidden("only a user who signed in has a password"));
        };
        // A stolen session must not be a way to try passwords without end.
        let attempt = self
            .0
            .throttle
            .attempt(email, caller.ip.as_deref(), self.0.world.now())
            .map_err(|refused| Error::exhausted(refused.limit, refused.retry_after, "too many wrong passwords"))?;
        let stored = db::users::credentials(&mut *self.0.database.read().await?, id).await?;
        let stored = stored.ok_or_else(|| Error::not_found("user", id))?.password_hash;
        let matched = self.0.passwords.verify(current, Some(&stored)).await?;
        if matched {
            attempt.succeeded();
        }
        password::check(new, email)?;
        let password_hash = self.0.passwords.hash(&self.0.world, new).await?;
        let act = Act::new("PASSWORD_CHANGE", Category::Security, format!("change the password of {email}")).target(
            "user",
            id,
            Some(email),
        );
        let mut pending = self.begin(caller, act).await?;
        let done = if matched {
            let keep = caller.session_id.as_deref();
            set_password(pending.connection(), id, (&stored, &password_hash), keep).await
        } else {
            Err(Error::invalid("current", "the current password is not right"))
        };
        self.finish(pending, done).await
    }

    /// Gives a user a made-up password, to be handed over once, and ends all of their sessions.
    pub async fn reset_password(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Result<String, Error> {
        let user = self.user(id).await?;
        let password = secret::make_password(&self.0.world);
        let password_hash = self.0.passwords.hash(&self.0.world, &password).await?;
        let act = Act::new("PASSWORD_RESET", Category::Security, format!("reset the password of {}", user.email))
            .target("user", id, Some(&user.email))
            .reason(reason);
        let mut pending = self.begin(caller, act).await?;
        let done = reset(pending.connection(), caller, id, &password_hash).await;
        self.finish(pending, done).await?;
        Ok(password)
    }

    pub(crate) fn new_user(&self, email: String, name: &str, role: Role) -> Result<User, Error> {
        let name = noun::display_name(name)?;
        let name = if name.is_empty() { email.clone() } else { name };
        let (id, created_at) = (self.0.world.entry_id().to_string(), self.0.world.now());
        Ok(User { id, email, name, role, created_at, disabled_at: None, last_sign_in_at: None })
    }
}

impl UserUpdate {
    fn action(&self) -> &'static str {
        match (self.role, self.disabled) {
            (Some(_), _) => "PERMISSION_CHANGE",
            (None, Some(true)) => "USER_DISABLE",
            (None, Some(false)) => "USER_ENABLE",
            (None, None) => "USER_UPDATE",
        }
    }

    fn description(&self, email: &str) -> String {
        let mut parts = Vec::new();
        if self.name.is_some() {
            parts.push("rename".to_owned());
        }
        if let Some(role) = self.role {
            parts.push(format!("make {}", role.name()));
        }
        if let Some(disabled) = self.disabled {
            parts.push(if disabled { "disable" } else { "enable" }.to_owned());
        }
        format!("change the user {email}: {}", parts.join(", "))
    }
}

/// What the trail says of a new user.
pub(crate) fn made(user: &User) -> Vec<Change> {
    let fields = [("email", user.email.as_str()), ("name", &user.name), ("role", user.role.name())];
    fields.into_iter().filter_map(|(field, after)| change(field, (), after)).collect()
}

async fn insert(connection: &mut Connection, caller: &Caller, user: User, hash: &str) -> Result<Changed<User>, Error> {
    require(caller, Permission::ManageUsers)?;
    require_whole(caller)?;
    if user.role == Role::Owner && !manages_owners(caller) {
        return Err(Error::forbidden("only an owner makes an owner"));
    }
    db::users::insert(connection, &user, hash).await?;
    Ok(Changed { changes: made(&user), value: user })
}

async fn apply(
    connection: &mut Connection,
    caller: &Caller,
    id: &str,
    update: &UserUpdate,
    now: Timestamp,
) -> Result<Changed<User>, Error> {
    let before = manageable(connection, caller, id).await?;
    let mut after = before.clone();
    if let Some(name) = &update.name {
        after.name = name.clone();
    }
    after.role = update.role.unwrap_or(before.role);
    after.disabled_at = match update.disabled {
        Some(true) => before.disabled_at.or(Some(now)),
        Some(false) => None,
        None => before.disabled_at,
    };
    if after.role == Role::Owner && before.role != Role::Owner && !manages_owners(caller) {
        return Err(Error::forbidden("only an owner makes an owner"));
    }
    let can_own = |user: &User| user.role == Role::Owner && user.disabled_at.is_none();
    if can_own(&before) && !can_own(&after) && db::users::count_owners(connection, Some(id)).await? == 0 {
        return Err(Error::conflict(format!("{} is the last owner: make another one first", before.email)));
    }
    db::users::update(connection, &after).await?;
    if after.disabled_at.is_some() {
        db::sessions::delete_of_user(connection, id, None).await?;
    }
    let state = |user: &User| if user.disabled_at.is_some() { "disabled" } else { "enabled" };
    let changes = [
        change("name", before.name.as_str(), after.name.as_str()),
        change("role", before.role.name(), after.role.name()),
        change("state", state(&before), state(&after)),
    ];
    Ok(Changed { changes: changes.into_iter().flatten().collect(), value: after })
}

/// The user, if the caller may manage users and this one.
async fn manageable(connection: &mut Connection, caller: &Caller, id: &str) -> Result<User, Error> {
    require(caller, Permission::ManageUsers)?;
    require_whole(caller)?;
    let user = find(connection, id).await?;
    if user.role == Role::Owner && !manages_owners(caller) {
        return Err(Error::forbidden("only an owner changes an owner"));
    }
    Ok(user)
}

async fn set_password(
    connection: &mut Connection,
    id: &str,
    (verified, new): (&str, &str),
    keep_session: Option<&str>,
) -> Result<Changed<()>, Error> {
    let stored = db::users::credentials(connection, id).await?.map(|stored| stored.password_hash);
    if stored.as_deref() != Some(verified) {
        return Err(Error::conflict("the password was changed by somebody else in the meantime"));
    }
    db::users::set_password_hash(connection, id, new).await?;
    let ended = db::sessions::delete_of_user(connection, id, keep_session).await?;
    Ok(Changed { value: (), changes: change("sessions_ended", (), ended).into_iter().collect() })
}

async fn reset(connection: &mut Connection, caller: &Caller, id: &str, hash: &str) -> Result<Changed<()>, Error> {
    manageable(connection, caller, id).await?;
    db::users::set_password_hash(connection, id, hash).await?;
    let ended = db::sessions::delete_of_user(connection, id, None).await?;
    Ok(Changed { value: (), changes: change("sessions_ended", (), ended).into_iter().collect() })
}

async fn find(connection: &mut Connection, id: &str) -> Result<User, Error> {
    db::users::find(connection, id).await?.ok_or_else(|| Error::not_found("user", id))
}
