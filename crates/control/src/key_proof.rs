//! Signing in by proof: a client that never sends its key, as SQL over the PostgreSQL wire does (SCRAM-SHA-256).
//!
//! A failure counts against the client's address and is in the trail, as that of a person's sign-in is. It does not
//! count against a name: there is one for all keys, and counting it would let a stranger lock everybody out. Success
//! leaves no entry, as a request with a key over HTTP leaves none; what is read with it does.

use whodunit_model::Caller;
use whodunit_stdx::ErrorKind;

use crate::core::Control;
use crate::error::Error;
use crate::scram::Parameters;
use crate::secret::Hash;
use crate::sign_in::SIGN_INS;
use crate::trail::{Act, Category, Completed, Severity};

/// What a client has said and proved.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// All messages of the exchange, as RFC 5802 joins them.
    pub auth_message: &'a [u8],
    pub proof: &'a [u8; 32],
    /// Where it came in, in words, for the trail.
    pub place: &'static str,
}

/// A proof that was accepted.
#[derive(Clone, Debug)]
pub struct Proved {
    /// The key; without client address and the like, which the door adds.
    pub caller: Caller,
    /// Goes back, so that the client knows whom it talks to.
    pub signature: Hash,
}

impl Control {
    /// Salt and iterations, as every client of a SCRAM exchange is told.
    pub fn scram(&self) -> Parameters {
        self.directory().scram().clone()
    }

    /// Who the proof belongs to. `who` says where it came from.
    pub async fn authenticate_proof(&self, proof: Proof<'_>, who: &Caller) -> Result<Proved, Error> {
        let now = self.0.world.now();
        let attempt = match self.0.throttle.attempt_from(who.ip.as_deref(), now) {
            Ok(attempt) => attempt,
            Err(refused) => {
                SIGN_INS.add(&["refused"], 1);
                if refused.first {
                    self.record_proof_failure(proof, who, "too many failed sign-ins").await;
                }
                let message = "too many failed sign-ins; wait before trying again";
                return Err(Error::exhausted(refused.limit, refused.retry_after, message));
            }
        };
        let directory = self.directory();
        if let Some((caller, signature)) = directory.authenticate_proof(proof.auth_message, proof.proof, now) {
            attempt.succeeded();
            SIGN_INS.add(&["success"], 1);
            return Ok(Proved { caller, signature });
        }
        SIGN_INS.add(&["failure"], 1);
        self.record_proof_failure(proof, who, "no API key has this proof").await;
        let mut message = "the password is no API key that can be used".to_owned();
        if directory.has_keys_without_verifier() {
            message.push_str("; API keys that an earlier version made cannot be used here: make a new one");
        }
        Err(Error::new(ErrorKind::Unauthenticated, message))
    }

    async fn record_proof_failure(&self, proof: Proof<'_>, who: &Caller, cause: &'static str) {
        let description = format!("a sign-in with an API key over {} failed: {cause}", proof.place);
        let act = Act::new("LOGIN_FAILED", Category::Authentication, description)
            .severity(Severity::Warning)
            .metadata("over", proof.place);
        if let Err(error) = self.0.trail.record(who, act, Completed::failure("unauthenticated", cause)).await {
            // The sign-in fails anyway; there is nothing to refuse.
            tracing::warn!(error = %error, "a failed sign-in is not in the audit trail");
        }
    }
}
