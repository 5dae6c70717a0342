//! SCRAM-SHA-256 (RFC 5802, RFC 7677) with API keys as passwords: the arithmetic, not the messages.
//!
//! A client proves that it has a key without sending it. It names no key, since all sign in under one user name, so
//! its proof is held against every key's verifier. That works because all verifiers of an installation are made with
//! one salt and one count of iterations: [`Parameters`], which every client is told. What this costs is written in
//! `docs/security.md`.
//!
//! Keys are visible ASCII, which SASLprep (RFC 4013) leaves as it is.

use std::num::NonZeroU32;

use ring::{digest, hmac, pbkdf2};
use whodunit_stdx::World;

use crate::secret::Hash;

/// What RFC 7677 asks for at least. More would make every sign-in slower and no key harder to guess: the keys that we
/// make carry 256 random bits.
pub const SCRAM_ITERATIONS: u32 = 4096;

/// What all verifiers of an installation are made with; every client hears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    pub salt: [u8; 16],
    pub iterations: NonZeroU32,
}

/// All that is kept of a key for checking proofs. It does not open anything over HTTP.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    pub stored_key: Hash,
    pub server_key: Hash,
}

impl Parameters {
    pub fn make(world: &World) -> Parameters {
        let iterations = NonZeroU32::new(SCRAM_ITERATIONS).expect("it is 4096");
        Parameters { salt: world.random_bytes(), iterations }
    }
}

/// Nothing of it belongs into a log.
impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier")
    }
}

impl Verifier {
    /// Takes about a millisecond, on purpose.
    pub fn of(secret: &str, parameters: &Parameters) -> Verifier {
        let salted = salted(secret, parameters);
        let stored_key = sha256(&hmac_sha256(&salted, b"Client Key"));
        Verifier { stored_key, server_key: hmac_sha256(&salted, b"Server Key") }
    }

    /// Whether `proof` over `auth_message` can only come from one who has the key.
    pub fn accepts(&self, auth_message: &[u8], proof: &Hash) -> bool {
        let mut client_key = hmac_sha256(&self.stored_key, auth_message);
        for (byte, proved) in client_key.iter_mut().zip(proof) {
            *byte ^= proved;
        }
        sha256(&client_key) == self.stored_key
    }

    /// What proves to the client that the server knows the key too.
    pub fn signature(&self, auth_message: &[u8]) -> Hash {
        hmac_sha256(&self.server_key, auth_message)
    }
}

/// `Hi` of RFC 5802.
fn salted(secret: &str, parameters: &Parameters) -> Hash {
    let mut salted = Hash::default();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, parameters.iterations, &parameters.salt, secret.as_bytes(), &mut salted);
    salted
}

fn hmac_sha256(key: &Hash, message: &[u8]) -> Hash {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    tag.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn sha256(bytes: &Hash) -> Hash {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// The exchange of RFC 7677, section 3.
    const AUTH_MESSAGE: &str = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
        r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
        c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        STANDARD.decode(text).expect("base64").try_into().expect("as many bytes")
    }

    #[test]
    fn the_exchange_of_the_rfc_is_accepted_and_signed() {
        let salt = bytes("W22ZaJ0SNY7soEsUEjb6gQ==");
        let parameters = Parameters { salt, iterations: NonZeroU32::new(4096).expect("more than none") };
        let verifier = Verifier::of("pencil", &parameters);
        let proof: Hash = bytes("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assert!(verifier.accepts(AUTH_MESSAGE.as_bytes(), &proof));
        let signature: Hash = bytes("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assert_eq!(verifier.signature(AUTH_MESSAGE.as_bytes()), signature);
        assert!(!verifier.accepts(b"another exchange", &proof));
        assert!(!Verifier::of("pencils", &parameters).accepts(AUTH_MESSAGE.as_bytes(), &proof));
    }
}
