//! Who has been recorded as watching: a page that reads the same again and again leaves one entry, not one each time.
//!
//! A dashboard asks for its counts every few seconds. Every one of these reads shows audit data, and recording each would
//! bury the trail under them. So the first read of a caller is recorded, says for how long it stands for the next ones,
//! and those within that time are not.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use whodunit_model::{Caller, Principal};
use whodunit_stdx::Instant;

/// For so long one entry stands for further reads of the same kind by the same caller.
pub const WATCHED_FOR: Duration = Duration::from_secs(15 * 60);
/// Watchers that are remembered; past them every read is recorded.
pub const WATCHERS_MAX: usize = 10_000;

/// When which read was recorded.
#[derive(Debug, Default)]
pub struct Watching(Mutex<HashMap<String, Instant>>);

impl Watching {
    /// Whether this read needs an entry of its own. What is read stands in `what`: operation, project, and whatever
    /// else makes it another read.
    pub fn is_new(&self, caller: &Caller, what: &str, now: Instant) -> bool {
        let mut recorded = self.0.lock();
        let key = format!("{} {} {what}", who(caller), caller.ip.as_deref().unwrap_or_default());
        if recorded.get(&key).is_some_and(|then| now.since(*then) < WATCHED_FOR) {
            return false;
        }
        if recorded.len() >= WATCHERS_MAX {
            recorded.retain(|_, then| now.since(*then) < WATCHED_FOR);
        }
        if recorded.len() < WATCHERS_MAX {
            recorded.insert(key, now);
        }
        true
    }
}

/// A sign-in, or a key: two sign-ins of one user are two watchers.
fn who(caller: &Caller) -> String {
    match (&caller.session_id, &caller.principal) {
        (Some(session), _) => format!("session {session}"),
        (None, Principal::User { id, .. } | Principal::Key { id, .. }) => id.clone(),
        (None, Principal::System { task }) => (*task).to_owned(),
        (None, Principal::Anonymous) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use whodunit_stdx::{Timestamp, World};

    use super::*;

    #[test]
    fn one_entry_stands_for_the_reads_of_its_time_by_the_same_caller_only() {
        let (world, clock) = World::seeded(1, Timestamp(0));
        let key = |id: &str| Caller::new(Principal::Key { id: id.into(), name: id.into(), scopes: Vec::new() });
        let watching = Watching::default();
        let is_new = |id: &str, what: &str| watching.is_new(&key(id), what, world.instant());
        assert!(is_new("a", "summary default"));
        assert!(!is_new("a", "summary default"));
        assert!(is_new("b", "summary default") && is_new("a", "summary shop"));
        clock.advance(WATCHED_FOR);
        assert!(is_new("a", "summary default"));
    }
}
