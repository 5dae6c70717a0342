//! Signing in and out, and the sessions in between.
//!
//! The token is 32 random bytes in a cookie; the database has its SHA-256. A session ends by itself after
//! [`SESSION_IDLE`] without a request and after [`SESSION_ABSOLUTE`] in any case. A wrong password, an unknown address
//! and a disabled user get the same answer after the same work.

use whodunit_model::{Caller, Principal};
use whodunit_stdx::metrics::CounterVec;
use whodunit_stdx::{ErrorKind, Timestamp};

use crate::core::Control;
use crate::db;
use crate::error::Error;
use crate::noun::{self, SESSION_ABSOLUTE, SESSION_IDLE, SESSION_TOUCH_INTERVAL, User, UserSession};
use crate::secret::{self, SECRET_BYTES_MAX};
use crate::throttle::Refused;
use crate::trail::{Act, Category, Completed, Severity};

/// Longest user agent that a session remembers.
const USER_AGENT_CHARACTERS_MAX: usize = 300;

pub static SIGN_INS: CounterVec = CounterVec::new(
    "whodunit_control_sign_ins_total",
    "Sign-ins by outcome; refused ones were not looked at, because too many had failed before.",
    &["outcome"],
);

/// A sign-in that went well.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie, and for nothing else.
    pub token: String,
    /// To be sent back with every request that changes something.
    pub csrf: String,
    pub user: User,
    pub caller: Caller,
    pub expires_at: Timestamp,
}

/// Who a cookie stands for.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    /// The user; without client address and the like, which the door adds.
    pub caller: Caller,
    pub csrf: String,
    pub expires_at: Timestamp,
}

impl Control {
    /// Checks a password and starts a session. `who` says where the request came from.
    pub async fn sign_in(&self, email: &str, password: &str, who: &Caller) -> Result<SignedIn, Error> {
        let Ok(email) = noun::email(email) else { return Err(wrong()) };
        let attempt = match self.0.throttle.attempt(&email, who.ip.as_deref(), self.0.world.now()) {
            Ok(attempt) => attempt,
            Err(refused) => return Err(self.refuse(&email, who, refused).await),
        };
        let found = db::users::credentials_by_email(&mut *self.0.database.read().await?, &email).await?;
        let stored = found.as_ref().map(|found| found.password_hash.as_str());
        let matched = self.0.passwords.verify(password, stored).await?;
        match found {
            Some(found) if matched && found.user.disabled_at.is_none() => {
                let signed_in = self.start_session(found.user, &found.password_hash, who).await?;
                attempt.succeeded();
                SIGN_INS.add(&["success"], 1);
                Ok(signed_in)
            }
            found => {
                let cause = match &found {
                    None => "no such user",
                    Some(_) if matched => "the user is disabled",
                    Some(_) => "wrong password",
                };
                SIGN_INS.add(&["failure"], 1);
                self.record_failure(&email, found.as_ref().map(|found| &found.user), who, cause).await;
                Err(wrong())
            }
        }
    }

    pub(crate) async fn start_session(&self, user: User, verified_hash: &str, who: &Caller) -> Result<SignedIn, Error> {
        let now = self.0.world.now();
        let token = secret::make(&self.0.world, "");
        let session = UserSession {
            id: self.0.world.entry_id().to_string(),
            user_id: user.id.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now.saturating_add(SESSION_ABSOLUTE),
            ip: who.ip.clone(),
            user_agent: who.user_agent.as_ref().map(|agent| agent.chars().take(USER_AGENT_CHARACTERS_MAX).collect()),
        };
        let caller = Caller { session_id: Some(session.id.clone()), ..as_user(&user, who) };
        let act = Act::new("LOGIN", Category::Authentication, format!("{} signs in", user.email)).target(
            "user",
            &user.id,
            Some(&user.email),
        );
        let open = self.0.trail.begin(&caller, act).await?;
        let started = self.insert_session(&session, &token, verified_hash).await;
        let done = match &started {
            Ok(()) => Completed::success(),
            Err(error) => Completed::failed_with(error),
        };
        let recorded = open.complete(done).await;
        started?;
        if let Err(error) = recorded {
            // Nobody has the token yet, so the session ends unused.
            db::sessions::delete(&mut *self.0.database.read().await?, &user.id, &session.id).await?;
            return Err(error);
        }
        let user = User { last_sign_in_at: Some(now), ..user };
        Ok(SignedIn { csrf: secret::csrf(&token), token, user, caller, expires_at: session.expires_at })
    }

    async fn insert_session(&self, session: &UserSession, token: &str, verified_hash: &str) -> Result<(), Error> {
        let mut connection = self.0.database.read().await?;
        if !db::sessions::insert(&mut connection, session, &secret::hash(token), verified_hash).await? {
            return Err(wrong());
        }
        db::users::set_last_sign_in(&mut connection, &session.user_id, session.created_at).await
    }

    /// Who the cookie's token stands for; `None` if it is unknown or over.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, Error> {
        if token.is_empty() || token.len() > SECRET_BYTES_MAX {
            return Ok(None);
        }
        let now = self.0.world.now();
        let mut connection = self.0.database.read().await?;
        let Some((session, user)) = db::sessions::find(&mut connection, &secret::hash(token)).await? else {
            return Ok(None);
        };
        if !is_alive(&session, now) {
            return Ok(None);
        }
        // Written now and then only: a page of ten requests is one sign of life.
        if now.since(session.last_seen_at) >= SESSION_TOUCH_INTERVAL {
            db::sessions::touch(&mut connection, &session.id, now).await?;
        }
        let caller =
            Caller { session_id: Some(session.id.clone()), ..as_user(&user, &Caller::new(Principal::Anonymous)) };
        Ok(Some(Session { id: session.id, caller, csrf: secret::csrf(token), expires_at: session.expires_at }))
    }

    /// Ends the session of a token. Works even while the trail cannot be written: leaving must always be possible.
    pub async fn sign_out(&self, token: &str, who: &Caller) -> Result<(), Error> {
        let mut connection = self.0.database.read().await?;
        let Some((session, user)) = db::sessions::find(&mut connection, &secret::hash(token)).await? else {
            return Ok(());
        };
        db::sessions::delete(&mut connection, &user.id, &session.id).await?;
        drop(connection);
        let caller = Caller { session_id: Some(session.id), ..as_user(&user, who) };
        let act = Act::new("LOGOUT", Category::Authentication, format!("{} signs out", user.email)).target(
            "user",
            &user.id,
            Some(&user.email),
        );
        if let Err(error) = self.0.trail.record(&caller, act, Completed::success()).await {
            tracing::warn!(error = %error, user = %user.id, "a sign-out is not in the audit trail");
        }
        Ok(())
    }

    /// The caller's sessions that are alive, oldest first.
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<UserSession>, Error> {
        let now = self.0.world.now();
        let mut sessions = db::sessions::list(&mut *self.0.database.read().await?, user_id(caller)?, now).await?;
        sessions.retain(|session| is_alive(session, now));
        Ok(sessions)
    }

    /// Ends one of the caller's sessions.
    pub async fn end_session(&self, caller: &Caller, id: &str) -> Result<(), Error> {
        let user_id = user_id(caller)?.to_owned();
        let act = Act::new("SESSION_END", Category::Authentication, "end one of the own sessions")
            .target("session", id, None);
        let open = self.0.trail.begin(caller, act).await?;
        let deleted = match self.0.database.read().await {
            Ok(mut connection) => db::sessions::delete(&mut connection, &user_id, id).await,
            Err(error) => Err(error),
        };
        let ended = deleted.and_then(|found| if found { Ok(()) } else { Err(Error::not_found("session", id)) });
        let done = ended.as_ref().map_or_else(Completed::failed_with, |()| Completed::success());
        open.complete(done).await?;
        ended
    }

    /// Says no without looking, and puts the first such answer of a window into the trail: the others would only help
    /// somebody to fill it.
    async fn refuse(&self, email: &str, who: &Caller, refused: Refused) -> Error {
        SIGN_INS.add(&["refused"], 1);
        if refused.first {
            self.record_failure(email, None, who, "too many failed sign-ins").await;
        }
        Error::exhausted(refused.limit, refused.retry_after, "too many failed sign-ins; wait before trying again")
    }

    async fn record_failure(&self, email: &str, user: Option<&User>, who: &Caller, cause: &'static str) {
        let mut act =
            Act::new("LOGIN_FAILED", Category::Authentication, format!("a sign-in as {email} failed: {cause}"))
                .severity(Severity::Warning)
                .metadata("email", email);
        if let Some(user) = user {
            act = act.target("user", &user.id, Some(&user.email));
        }
        let done = Completed::failure("unauthenticated", cause);
        if let Err(error) = self.0.trail.record(who, act, done).await {
            // The sign-in fails anyway; there is nothing to refuse.
            tracing::warn!(error = %error, "a failed sign-in is not in the audit trail");
        }
    }
}

fn is_alive(session: &UserSession, now: Timestamp) -> bool {
    now < session.expires_at && now.since(session.last_seen_at) < SESSION_IDLE
}

/// One answer for an unknown address, a wrong password and a disabled user.
fn wrong() -> Error {
    Error::new(ErrorKind::Unauthenticated, "the e-mail address or the password is wrong")
}

fn as_user(user: &User, from: &Caller) -> Caller {
    let (id, email, name, role) = (user.id.clone(), user.email.clone(), user.name.clone(), user.role);
    Caller { principal: Principal::User { id, email, name, role }, projects: None, ..from.clone() }
}

fn user_id(caller: &Caller) -> Result<&str, Error> {
    match &caller.principal {
        Principal::User { id, .. } => Ok(id),
        _ => Err(Error::forbidden("only a user who signed in has sessions")),
    }
}
