//! The first owner, made with the one-time link that the server prints while there is none.

use whodunit_model::{Caller, Role};

use crate::core::{Changed, Control};
use crate::db::{self, Connection};
use crate::error::Error;
use crate::noun::{self, User};
use crate::secret::Hash;
use crate::sign_in::SignedIn;
use crate::trail::{Act, Category, Severity};
use crate::{password, secret, users};

/// What the first owner fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub token: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

impl Control {
    /// Makes the first owner and signs them in. Of two at one time, one wins.
    pub async fn set_up(&self, request: SetUp, who: &Caller) -> Result<SignedIn, Error> {
        let token = secret::hash(&request.token);
        // Looked at before the costly part, so that a wrong link costs an attacker more than us.
        check_token(&mut *self.0.database.read().await?, &token).await?;
        let email = noun::email(&request.email)?;
        password::check(&request.password, &email)?;
        let password_hash = self.0.passwords.hash(&self.0.world, &request.password).await?;
        let user = self.new_user(email, &request.name, Role::Owner)?;
        let act = Act::new("SETUP", Category::Security, format!("make {} the first owner", user.email))
            .severity(Severity::Warning)
            .target("user", &user.id, Some(&user.email));
        let mut pending = self.begin(who, act).await?;
        let done = first_owner(pending.connection(), &token, user, &password_hash).await;
        let user = self.finish(pending, done).await?;
        self.start_session(user, &password_hash, who).await
    }
}

async fn check_token(connection: &mut Connection, token: &Hash) -> Result<(), Error> {
    if db::users::count_owners(connection, None).await? > 0 {
        return Err(Error::conflict("there is an owner already; sign in instead"));
    }
    if !db::setup::matches(connection, token).await? {
        let message = "this set-up link is not the newest one; the server prints it at its start";
        return Err(Error::forbidden(message));
    }
    Ok(())
}

async fn first_owner(
    connection: &mut Connection,
    token: &Hash,
    user: User,
    hash: &str,
) -> Result<Changed<User>, Error> {
    check_token(connection, token).await?;
    db::users::insert(connection, &user, hash).await?;
    db::setup::delete(connection).await?;
    Ok(Changed { changes: users::made(&user), value: user })
}
