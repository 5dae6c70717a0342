//! Passwords: what is accepted (NIST SP 800-63B: length, no composition rules) and how they rest (argon2id, RFC 9106).
//!
//! Hashing takes 19 MiB and some 20 ms of one core by design, so it runs on a blocking thread, a few at a time, behind
//! a bounded queue: a flood of sign-ins costs this much memory and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use whodunit_stdx::{ErrorKind, World};

use crate::error::Error;

/// Shortest password. Long beats complicated.
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// Longest password; beyond it a request only burns processor time.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many passwords are hashed at one time.
const PARALLEL_MAX: usize = 2;
/// How many may wait for their turn.
const WAITING_MAX: usize = 64;

/// Long enough, and still among the first that anybody tries. Longer lists belong to the caller's password manager.
const WELL_KNOWN: &[&str] = &[
    "password1234",
    "passwordpassword",
    "123456789012",
    "1234567890123",
    "1234567890ab",
    "qwertyuiop12",
    "qwertyuiop[]",
    "qwertyqwerty",
    "letmeinletmein",
    "adminadminadmin",
    "administrator",
    "changemechangeme",
    "whodunitwhodunit",
    "iloveyouiloveyou",
];

/// No password has this hash; it is verified in place of a user who does not exist, so that both cost the same.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$d2hvZHVuaXQvbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies, a few at a time. Cheap to clone; clones share the queue.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// One place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Refuses what is too short, too long, the e-mail address itself, or known to everybody.
pub fn check(password: &str, email: &str) -> Result<(), Error> {
    let lower = password.to_lowercase();
    let local_part = email.split('@').next().unwrap_or(email);
    if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        return Err(Error::invalid(
            "password",
            format!("the password is shorter than {PASSWORD_CHARACTERS_MIN} characters"),
        ));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Error::invalid("password", format!("the password is longer than {PASSWORD_BYTES_MAX} bytes")));
    }
    if lower == email || lower == local_part {
        return Err(Error::invalid("password", "the password is the e-mail address"));
    }
    let mut characters = lower.chars();
    let first = characters.next();
    if WELL_KNOWN.contains(&lower.as_str()) || characters.all(|character| Some(character) == first) {
        return Err(Error::invalid("password", "the password is one of those that everybody tries first"));
    }
    Ok(())
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords { turns: Arc::new(Semaphore::new(PARALLEL_MAX)), waiting: Arc::default() }
    }
}

impl Passwords {
    /// The PHC string to store for a password.
    pub async fn hash(&self, world: &World, password: &str) -> Result<String, Error> {
        let salt = SaltString::encode_b64(&world.random_bytes::<16>()).expect("16 bytes are a legal salt");
        let password = password.to_owned();
        self.work(move || argon2().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()))
            .await?
            .map_err(|error| Error::new(ErrorKind::Internal, format!("argon2id failed: {error}")))
    }

    /// Whether the password has this stored hash. Without one (no such user) it costs the same and is `false`.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        // An endless password would make argon2's first hash the expensive part; nobody's stored one is this long.
        let known = stored.is_some() && password.len() <= PASSWORD_BYTES_MAX;
        let password = if password.len() <= PASSWORD_BYTES_MAX { password.to_owned() } else { String::new() };
        let stored = stored.unwrap_or(NOBODY).to_owned();
        let matches = move || {
            let parsed = PasswordHash::new(&stored)?;
            Ok(argon2().verify_password(password.as_bytes(), &parsed).is_ok())
        };
        let matched = self.work(matches).await?.map_err(|error: argon2::password_hash::Error| {
            Error::new(ErrorKind::Corrupt, format!("a stored password hash is damaged: {error}"))
        })?;
        Ok(matched && known)
    }

    #[allow(clippy::disallowed_methods, reason = "argon2 keeps a core busy; this is the one place that moves it aside")]
    async fn work<T: Send + 'static>(&self, body: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let place = self.take_place()?;
        let turn = self.turns.clone().acquire_owned().await.expect("the semaphore is never closed");
        drop(place);
        let worked = tokio::task::spawn_blocking(move || {
            let value = body();
            drop(turn);
            value
        });
        worked.await.map_err(|error| Error::caused_by(ErrorKind::Internal, "hashing a password did not end", error))
    }

    fn take_place(&self) -> Result<Place<'_>, Error> {
        let place = Place(&self.waiting);
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING_MAX {
            let message = "too many sign-ins at one time";
            return Err(Error::exhausted("password_hashes_waiting_max", Duration::from_secs(1), message));
        }
        Ok(place)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_stdx::Timestamp;

    #[test]
    fn length_counts_and_composition_does_not() {
        let email = "dana.the.detective@example.com";
        for good in ["correct horse battery", "aaaaaaaaaaab", "ממלכת הכוזרים שלי"] {
            assert!(check(good, email).is_ok(), "{good}");
        }
        let long = "ab".repeat(PASSWORD_BYTES_MAX);
        for bad in ["short", "aaaaaaaaaaaa", "PasswordPassword", email, "Dana.The.Detective", &long] {
            assert_eq!(check(bad, email).expect_err(bad).field, Some("password"));
        }
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_and_nobody_else() {
        let (world, _) = World::seeded(1, Timestamp(0));
        let passwords = Passwords::default();
        let stored = passwords.hash(&world, "correct horse battery").await.expect("hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse battery", Some(&stored)).await.expect("verifies"));
        assert!(!passwords.verify("correct horse batterz", Some(&stored)).await.expect("verifies"));
        assert!(!passwords.verify("correct horse battery", None).await.expect("nobody's hash parses"));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_by_name() {
        let passwords = Passwords::default();
        let _places: Vec<_> = (0..WAITING_MAX).map(|_| passwords.take_place().expect("fits")).collect();
        let error = passwords.verify("x", None).await.expect_err("the queue is full");
        assert_eq!((error.kind, error.limit), (ErrorKind::Exhausted, Some("password_hashes_waiting_max")));
        assert_eq!(passwords.waiting.load(Ordering::Acquire), WAITING_MAX);
    }
}
