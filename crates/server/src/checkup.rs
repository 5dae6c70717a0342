//! When each check of health was last good, and what to do where it is not.

use std::collections::BTreeMap;
use std::time::Duration;

use parking_lot::Mutex;
use whodunit_api::health::{Check, Status};
use whodunit_stdx::Timestamp;

/// How often checks are looked at while nobody asks.
pub const CHECKUP_INTERVAL: Duration = Duration::from_secs(15);

/// When each check was last found healthy by this process. Names are fixed by the code, so it stays small.
#[derive(Debug, Default)]
pub struct Checkup(Mutex<BTreeMap<String, Timestamp>>);

impl Checkup {
    pub fn note(&self, checks: &[Check], now: Timestamp) {
        let mut last = self.0.lock();
        for check in checks.iter().filter(|check| check.status == Status::Healthy) {
            last.insert(check.name.clone(), now);
        }
    }

    pub fn last_success(&self, name: &str) -> Option<Timestamp> {
        self.0.lock().get(name).copied()
    }
}

/// What somebody can do about a check that is not healthy.
const REMEDIES: &[(&str, Status, &str)] = &[
    ("store.audit_lane", Status::Degraded, FULL),
    ("store.telemetry_lane", Status::Degraded, FULL),
    ("store.audit_lane", Status::Unhealthy, STOPPED),
    ("store.telemetry_lane", Status::Unhealthy, STOPPED),
    (
        "store.wal",
        Status::Degraded,
        "Stop the server, run `whodunit verify-data`, and bring back from a backup what it says is missing; copies of the damaged parts are in `quarantine` in the data directory.",
    ),
    (
        "store.segments",
        Status::Degraded,
        "Bring the named file back from a backup: questions that reach into it fail until then. `whodunit verify-data` on the stopped server lists all that are damaged.",
    ),
    (
        "store.places",
        Status::Degraded,
        "Free space on the disk of `cold_location`, or set another one: until then segments stay where they are.",
    ),
    (
        "store.upkeep",
        Status::Degraded,
        "It is tried again by itself. If it stays, the cause is in the message: a full disk, missing rights on the data directory, or a bucket that does not answer.",
    ),
    (
        "control",
        Status::Unhealthy,
        "Look whether the database of the setting `control` answers and takes the server's credentials; for SQLite, whether the disk of the data directory has room.",
    ),
    (
        "memory",
        Status::Degraded,
        "Raise the setting `memory`, or ask and send less at once: past the limit requests are answered 429 and can be sent again.",
    ),
    (
        "audit_logging",
        Status::Degraded,
        "Switch audit logging on in the settings: what applications send until then is refused and has to be sent again.",
    ),
    (
        "tls",
        Status::Degraded,
        "Put a certificate and the key that fits it where `tls_cert` and `tls_key` point: a good pair is taken up within seconds.",
    ),
];

const FULL: &str = "Free space on the disk of the data directory, shorten retention, or lower `disk_free_min`: what is refused until then has to be sent again.";
const STOPPED: &str = "Find out from the message why the disk failed, repair it, and restart the server: what was acknowledged is on disk and comes back.";
const UNKNOWN: &str = "Look at the message and at the server's log of the same time.";

/// One sentence for whoever looks after the server; nothing while all is well.
pub fn what_to_do(check: &Check) -> Option<&'static str> {
    if check.status == Status::Healthy {
        return None;
    }
    let known = REMEDIES.iter().find(|(name, status, _)| *name == check.name && *status == check.status);
    Some(known.map_or(UNKNOWN, |(.., remedy)| remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, status: Status) -> Check {
        Check { name: name.to_owned(), status, message: String::new() }
    }

    #[test]
    fn the_last_success_stays_when_a_check_fails() {
        let checkup = Checkup::default();
        assert_eq!(checkup.last_success("control"), None);
        checkup.note(&[check("control", Status::Healthy), check("memory", Status::Degraded)], Timestamp(1));
        checkup.note(&[check("control", Status::Unhealthy)], Timestamp(2));
        assert_eq!((checkup.last_success("control"), checkup.last_success("memory")), (Some(Timestamp(1)), None));
    }

    #[test]
    fn every_remedy_is_of_a_check_that_is_not_healthy_and_is_a_sentence() {
        for (name, status, remedy) in REMEDIES {
            assert!(*status != Status::Healthy && remedy.ends_with('.'), "{name}");
            assert_eq!(what_to_do(&check(name, *status)), Some(*remedy));
        }
        assert_eq!(what_to_do(&check("memory", Status::Healthy)), None);
        assert_eq!(what_to_do(&check("of tomorrow", Status::Degraded)), Some(UNKNOWN));
    }
}
