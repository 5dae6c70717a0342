//! Secrets: how they are made, and what of them is kept.
//!
//! Every secret here is 32 random bytes, so a plain SHA-256 is enough at rest: there is nothing to guess. Passwords,
//! which people choose, are another matter and live in `password`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use whodunit_stdx::World;

/// Stands before the secret of an ingest key, so that secret scanners know it.
pub const INGEST_KEY_PREFIX: &str = "wd_ing_";
/// Stands before the secret of an API key.
pub const API_KEY_PREFIX: &str = "wd_api_";
/// Shortest key that an operator may bring for an unattended installation.
pub const GIVEN_KEY_CHARACTERS_MIN: usize = 16;
/// Longest text that is looked at when a key or token comes in.
pub const SECRET_BYTES_MAX: usize = 512;

/// SHA-256 of a secret: all that is stored.
pub type Hash = [u8; 32];

/// A new secret: the prefix and 43 characters that carry 256 random bits.
pub fn make(world: &World, prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(world.random_bytes::<32>()))
}

/// A new public id: 32 hexadecimal digits, as a Sentry DSN has.
pub fn make_public_id(world: &World) -> String {
    hex::encode(world.random_bytes::<16>())
}

/// A password for a person to type once and then change: 120 random bits.
pub fn make_password(world: &World) -> String {
    URL_SAFE_NO_PAD.encode(world.random_bytes::<15>())
}

pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// What is shown of a secret ever after.
pub fn hint(secret: &str) -> String {
    let count = secret.chars().count();
    secret.chars().skip(count.saturating_sub(4)).collect()
}

/// The CSRF token of a session. It follows from the session's token, so nothing is stored for it, and it gives
/// nothing away about the token.
pub fn csrf(session_token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"whodunit/csrf/v1");
    digest.update(session_token.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use whodunit_stdx::Timestamp;

    #[test]
    fn a_key_has_its_prefix_and_43_characters() {
        let (world, _) = World::seeded(1, Timestamp(0));
        let key = make(&world, INGEST_KEY_PREFIX);
        assert_eq!(key.len(), INGEST_KEY_PREFIX.len() + 43);
        assert_eq!(hint(&key), key[key.len() - 4..]);
        assert_ne!(key, make(&world, INGEST_KEY_PREFIX));
        assert_eq!(make_public_id(&world).len(), 32);
        assert_eq!(make_password(&world).len(), 20);
    }

    #[test]
    fn the_csrf_token_follows_from_the_session_token_and_is_not_its_stored_hash() {
        assert_eq!(csrf("a"), csrf("a"));
        assert_ne!(csrf("a"), csrf("b"));
        assert_ne!(csrf("a"), URL_SAFE_NO_PAD.encode(hash("a")));
    }

    #[test]
    fn a_hint_of_a_short_or_foreign_text_is_cut_at_characters() {
        assert_eq!(hint("é日本語x"), "日本語x");
        assert_eq!(hint("ab"), "ab");
    }
}
