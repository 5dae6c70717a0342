//! How often a sign-in may fail before it is refused unseen.
//!
//! Failures are counted per e-mail address and per client address in windows of fixed length. An attempt counts as
//! failed from its start and is taken back when it succeeds, so a thousand attempts at once are not a way around.
//! The counts live in memory: a restart forgives, and each node of a cluster counts for itself.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use parking_lot::Mutex;
use whodunit_stdx::Timestamp;

/// Failed sign-ins of one e-mail address within [`SIGN_IN_WINDOW`].
pub const SIGN_IN_FAILURES_PER_EMAIL_MAX: u32 = 10;
/// Failed sign-ins from one client address (an IPv6 /64 counts as one) within [`SIGN_IN_WINDOW`].
pub const SIGN_IN_FAILURES_PER_ADDRESS_MAX: u32 = 50;
/// From the first failure until the count starts anew.
pub const SIGN_IN_WINDOW: Duration = Duration::from_secs(15 * 60);
/// How many addresses are remembered at one time; past it the oldest window is forgotten.
const SUBJECTS_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub struct Throttle {
    windows: Mutex<HashMap<Subject, Window>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Email(String),
    Address(IpAddr),
}

#[derive(Debug)]
struct Window {
    since: Timestamp,
    failures: u32,
    refused: bool,
}

/// A sign-in that was let through. It counts as failed unless told otherwise.
#[derive(Debug)]
#[must_use]
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    subjects: Vec<Subject>,
}

/// A sign-in that was not let through.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub limit: &'static str,
    pub retry_after: Duration,
    /// The first refusal of this window: the one worth an entry in the trail.
    pub first: bool,
}

impl Throttle {
    /// Counts one attempt, unless its e-mail address or its client address has failed too often.
    pub fn attempt(&self, email: &str, ip: Option<&str>, now: Timestamp) -> Result<Attempt<'_>, Refused> {
        let mut subjects = vec![Subject::Email(email.to_owned())];
        subjects.extend(subject_of(ip));
        self.admit(subjects, now)
    }

    /// Counts one attempt that names nobody, unless its client address has failed too often.
    pub fn attempt_from(&self, ip: Option<&str>, now: Timestamp) -> Result<Attempt<'_>, Refused> {
        self.admit(subject_of(ip).into_iter().collect(), now)
    }

    fn admit(&self, subjects: Vec<Subject>, now: Timestamp) -> Result<Attempt<'_>, Refused> {
        let mut windows = self.windows.lock();
        for subject in &subjects {
            if let Some(window) = windows.get_mut(subject)
                && now.since(window.since) < SIGN_IN_WINDOW
                && window.failures >= subject.failures_max()
            {
                let first = !std::mem::replace(&mut window.refused, true);
                let retry_after = SIGN_IN_WINDOW - now.since(window.since);
                return Err(Refused { limit: subject.limit_name(), retry_after, first });
            }
        }
        for subject in &subjects {
            count(&mut windows, subject, now);
        }
        Ok(Attempt { throttle: self, subjects })
    }

    /// Forgets what is over.
    pub fn prune(&self, now: Timestamp) {
        self.windows.lock().retain(|_, window| now.since(window.since) < SIGN_IN_WINDOW);
    }
}

impl Attempt<'_> {
    /// Takes the attempt back and forgives its e-mail address; the client address keeps its other failures.
    pub fn succeeded(self) {
        let mut windows = self.throttle.windows.lock();
        for subject in &self.subjects {
            match subject {
                Subject::Email(_) => {
                    windows.remove(subject);
                }
                Subject::Address(_) => {
                    if let Some(window) = windows.get_mut(subject) {
                        window.failures = window.failures.saturating_sub(1);
                    }
                }
            }
        }
    }
}

impl Subject {
    fn failures_max(&self) -> u32 {
        match self {
            Subject::Email(_) => SIGN_IN_FAILURES_PER_EMAIL_MAX,
            Subject::Address(_) => SIGN_IN_FAILURES_PER_ADDRESS_MAX,
        }
    }

    fn limit_name(&self) -> &'static str {
        match self {
            Subject::Email(_) => "sign_in_failures_per_email_max",
            Subject::Address(_) => "sign_in_failures_per_address_max",
        }
    }
}

fn subject_of(ip: Option<&str>) -> Option<Subject> {
    ip.and_then(|ip| ip.parse().ok()).map(|ip| Subject::Address(network(ip)))
}

fn count(windows: &mut HashMap<Subject, Window>, subject: &Subject, now: Timestamp) {
    if !windows.contains_key(subject) && windows.len() >= SUBJECTS_MAX {
        make_room(windows, now);
    }
    let window = windows.entry(subject.clone()).or_insert(Window { since: now, failures: 0, refused: false });
    if now.since(window.since) >= SIGN_IN_WINDOW {
        *window = Window { since: now, failures: 0, refused: false };
    }
    window.failures += 1;
}

fn make_room(windows: &mut HashMap<Subject, Window>, now: Timestamp) {
    windows.retain(|_, window| now.since(window.since) < SIGN_IN_WINDOW);
    if windows.len() >= SUBJECTS_MAX {
        let oldest = windows.iter().min_by_key(|(_, window)| window.since).map(|(subject, _)| subject.clone());
        if let Some(oldest) = oldest {
            windows.remove(&oldest);
        }
    }
}

/// What one customer of a network provider is given: a single IPv4 address, or a /64.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_700_000_000_000_000_000);

    fn fail(throttle: &Throttle, email: &str, ip: &str, times: u32) {
        for _ in 0..times {
            let _counts_as_failed = throttle.attempt(email, Some(ip), START).expect("below the limit");
        }
    }

    #[test]
    fn an_email_is_refused_after_ten_failures_and_forgiven_after_the_window() {
        let throttle = Throttle::default();
        fail(&throttle, "a@example.com", "192.0.2.1", SIGN_IN_FAILURES_PER_EMAIL_MAX);
        let later = START.saturating_add(Duration::from_secs(60));
        let refused = throttle.attempt("a@example.com", Some("192.0.2.9"), later).expect_err("ten failures");
        let retry_after = SIGN_IN_WINDOW - Duration::from_secs(60);
        assert_eq!(refused, Refused { limit: "sign_in_failures_per_email_max", retry_after, first: true });
        assert!(!throttle.attempt("a@example.com", None, later).expect_err("still").first);
        throttle.attempt("b@example.com", Some("192.0.2.1"), later).expect("another address").succeeded();
        throttle
            .attempt("a@example.com", None, START.saturating_add(SIGN_IN_WINDOW))
            .expect("a new window")
            .succeeded();
    }

    #[test]
    fn a_network_is_refused_after_fifty_failures_of_whatever_email() {
        let throttle = Throttle::default();
        for index in 0..SIGN_IN_FAILURES_PER_ADDRESS_MAX {
            fail(&throttle, &format!("{index}@example.com"), &format!("2001:db8::{index:x}"), 1);
        }
        let refused = throttle.attempt("new@example.com", Some("2001:db8::ffff"), START).expect_err("the /64 is full");
        assert_eq!(refused.limit, "sign_in_failures_per_address_max");
        throttle.attempt("new@example.com", Some("2001:db8:0:1::1"), START).expect("another /64").succeeded();
    }

    #[test]
    fn success_forgives_the_email_and_takes_back_its_attempt() {
        let throttle = Throttle::default();
        fail(&throttle, "a@example.com", "192.0.2.1", SIGN_IN_FAILURES_PER_EMAIL_MAX - 1);
        throttle.attempt("a@example.com", Some("192.0.2.1"), START).expect("the tenth").succeeded();
        fail(&throttle, "a@example.com", "192.0.2.1", SIGN_IN_FAILURES_PER_EMAIL_MAX);
        assert!(throttle.attempt("a@example.com", Some("192.0.2.1"), START).is_err());
    }

    #[test]
    fn memory_is_bounded_and_pruning_empties_it() {
        let throttle = Throttle::default();
        for index in 0..SUBJECTS_MAX + 5 {
            let at = START.saturating_add(Duration::from_nanos(index as u64));
            let _counts_as_failed =
                throttle.attempt(&format!("{index}@example.com"), None, at).expect("first of its kind");
        }
        assert_eq!(throttle.windows.lock().len(), SUBJECTS_MAX);
        throttle.prune(START.saturating_add(SIGN_IN_WINDOW * 2));
        assert!(throttle.windows.lock().is_empty());
    }
}
