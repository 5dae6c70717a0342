//! Who sends what: every sender that was heard from, over which protocol, since when, how much, and what was refused.
//!
//! A source is a project, a protocol, a sender and the program it sends with: "key shop over Loki with promtail". What
//! a request tells is put together while it is worked on and noted once, at its end, under one short lock: no row
//! waits for it. The registry is memory only; whoever keeps it asks for what is [`Sources::unsaved`] now and then.
//!
//! Senders choose their names, so everything is bounded: past [`SOURCES_PER_PROJECT_MAX`] sources of a project and
//! [`SOURCE_SERVICES_MAX`] services of a source, the rest is counted together as [`OTHER`]. Names are cut. Of reasons
//! only what we say ourselves is kept: what they quote from a request may be a secret.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use whodunit_stdx::Timestamp;

use crate::caller::{Caller, Principal};
use crate::project::Project;
use crate::table::Table;

/// Sources of one project that are told apart.
pub const SOURCES_PER_PROJECT_MAX: usize = 1_000;
/// Services of one source that are told apart.
pub const SOURCE_SERVICES_MAX: usize = 100;
/// Longest name of a sender, program or service that is kept.
pub const SOURCE_NAME_BYTES_MAX: usize = 128;
/// Longest reason that is kept.
pub const SOURCE_REASON_BYTES_MAX: usize = 256;
/// The name of all that is past a limit.
pub const OTHER: &str = "other";
/// The protocol of audit entries.
pub const AUDIT: &str = "audit";
/// The protocol of errors. All but these two bring log lines.
pub const SENTRY: &str = "sentry";

/// What a sender is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SenderType {
    Key,
    User,
    /// Nobody signs a syslog message: the address it came from.
    Address,
    System,
    /// All senders past the limit.
    Other,
}

/// What tells one source from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey {
    pub project: Project,
    /// `audit`, `logs`, `loki`, …
    pub protocol: Cow<'static, str>,
    pub sender_type: SenderType,
    pub sender_id: String,
    /// The program that sends, as far as it says so: `promtail/3.5.0`. Empty if it does not.
    pub client: String,
}

/// All that is known of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub key: SourceKey,
    /// For people: the name of the key, the address of the user.
    pub sender: String,
    pub first_heard_at: Timestamp,
    pub last_heard_at: Timestamp,
    /// Requests; of syslog messages.
    pub requests: u64,
    /// Requests of which nothing or only a part was taken because they failed as a whole.
    pub requests_failed: u64,
    /// Rows that are stored.
    pub rows: u64,
    /// Bytes as they came over the wire.
    pub bytes: u64,
    /// Rows that were refused one by one.
    pub rejected: u64,
    /// Rows stored on the UTC day of `last_heard_at`.
    pub rows_that_day: u64,
    /// Rows by the service that they name.
    pub services: BTreeMap<String, u64>,
    /// What was refused, by reason: of rows by their code, of whole requests by the kind of failure after `request_`.
    /// Beside it what was passed over (`not_stored_…`, `unknown_item`) and what clients dropped themselves (`client_…`).
    pub reasons: BTreeMap<String, u64>,
    pub last_rejection: Option<Rejection>,
}

/// The last thing that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub at: Timestamp,
    pub code: String,
    /// For people; nothing that the request said is in it.
    pub reason: String,
}

/// What one request tells of its source.
#[derive(Clone, Debug)]
pub struct Heard {
    pub key: SourceKey,
    pub sender: String,
    pub at: Timestamp,
    pub requests: u64,
    pub requests_failed: u64,
    pub rows: u64,
    pub bytes: u64,
    pub services: HashMap<String, u64>,
    /// Rows that were refused.
    pub rejected: BTreeMap<String, u64>,
    /// What came and is not stored without being refused, and what the client says to have dropped itself, by reason.
    pub passed_over: BTreeMap<String, u64>,
    /// Code and reason of the first refusal; whole requests have a code of their own.
    pub refusal: Option<(String, String)>,
}

/// All sources of a process. Cheap to clone; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Sources(Arc<Mutex<Registry>>);

#[derive(Debug, Default)]
struct Registry {
    known: HashMap<SourceKey, Entry>,
    /// Sources of each project, those of [`OTHER`] left out.
    counts: HashMap<Project, usize>,
}

#[derive(Debug)]
struct Entry {
    source: Source,
    saved: bool,
}

impl SenderType {
    pub const ALL: [SenderType; 5] =
        [SenderType::Key, SenderType::User, SenderType::Address, SenderType::System, SenderType::Other];

    pub fn name(self) -> &'static str {
        match self {
            SenderType::Key => "key",
            SenderType::User => "user",
            SenderType::Address => "address",
            SenderType::System => "system",
            SenderType::Other => OTHER,
        }
    }

    pub fn from_name(name: &str) -> Option<SenderType> {
        SenderType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Heard {
    /// One request of this caller, of which nothing else is known yet.
    pub fn of(project: &Project, protocol: &'static str, caller: &Caller, at: Timestamp) -> Heard {
        let address = || caller.ip.clone().unwrap_or_default();
        let (sender_type, sender_id, sender) = match &caller.principal {
            Principal::Key { id, name, .. } => (SenderType::Key, id.clone(), clipped(name)),
            Principal::User { id, email, .. } => (SenderType::User, id.clone(), clipped(email)),
            Principal::System { task } => (SenderType::System, (*task).to_owned(), (*task).to_owned()),
            Principal::Anonymous => (SenderType::Address, address(), address()),
        };
        let client = caller.user_agent.as_deref().map(product).unwrap_or_default();
        let key =
            SourceKey { project: project.clone(), protocol: Cow::Borrowed(protocol), sender_type, sender_id, client };
        Heard {
            key,
            sender,
            at,
            requests: 1,
            requests_failed: 0,
            rows: 0,
            bytes: 0,
            services: HashMap::new(),
            rejected: BTreeMap::new(),
            passed_over: BTreeMap::new(),
            refusal: None,
        }
    }

    /// Rows that were stored, with the service that they name.
    pub fn stored(&mut self, service: Option<&str>, rows: u64) {
        self.rows += rows;
        let Some(service) = service else { return };
        if let Some(known) = self.services.get_mut(service) {
            *known += rows;
            return;
        }
        let name = if self.services.len() < SOURCE_SERVICES_MAX { service } else { OTHER };
        *self.services.entry(name.to_owned()).or_default() += rows;
    }

    /// Rows that were refused for one reason; of the first, `why` is kept.
    pub fn refused(&mut self, code: &str, rows: u64, why: &str) {
        *self.rejected.entry(code.to_owned()).or_default() += rows;
        self.refusal.get_or_insert_with(|| (code.to_owned(), why.to_owned()));
    }

    /// The request failed as a whole, for a reason of this kind.
    pub fn failed(&mut self, kind: &str, why: &str) {
        self.requests_failed = self.requests;
        self.refusal = Some((format!("request_{kind}"), why.to_owned()));
    }
}

impl Source {
    fn new(heard: &Heard, key: SourceKey) -> Source {
        Source {
            sender: if key.sender_type == SenderType::Other { OTHER.to_owned() } else { heard.sender.clone() },
            key,
            first_heard_at: heard.at,
            last_heard_at: heard.at,
            requests: 0,
            requests_failed: 0,
            rows: 0,
            bytes: 0,
            rejected: 0,
            rows_that_day: 0,
            services: BTreeMap::new(),
            reasons: BTreeMap::new(),
            last_rejection: None,
        }
    }

    /// The table that its rows go to.
    pub fn table(&self) -> Table {
        match &*self.key.protocol {
            AUDIT => Table::AuditLogs,
            SENTRY => Table::ErrorEvents,
            _ => Table::Logs,
        }
    }

    /// Rows stored since midnight UTC.
    pub fn rows_today(&self, now: Timestamp) -> u64 {
        if day(now) == day(self.last_heard_at) { self.rows_that_day } else { 0 }
    }

    fn take(&mut self, heard: Heard) {
        match day(heard.at).cmp(&day(self.last_heard_at)) {
            Ordering::Less => {}
            Ordering::Equal => self.rows_that_day += heard.rows,
            Ordering::Greater => self.rows_that_day = heard.rows,
        }
        self.last_heard_at = self.last_heard_at.max(heard.at);
        if self.key.sender_type != SenderType::Other {
            self.sender = heard.sender;
        }
        self.requests += heard.requests;
        self.requests_failed += heard.requests_failed;
        self.rows += heard.rows;
        self.bytes += heard.bytes;
        for (service, rows) in heard.services {
            let service = clipped(&service);
            let known = self.services.len() < SOURCE_SERVICES_MAX || self.services.contains_key(&service);
            *self.services.entry(if known { service } else { OTHER.to_owned() }).or_default() += rows;
        }
        for (code, rows) in heard.rejected {
            self.rejected += rows;
            *self.reasons.entry(code).or_default() += rows;
        }
        for (code, items) in heard.passed_over {
            *self.reasons.entry(code).or_default() += items;
        }
        let Some((code, reason)) = heard.refusal else { return };
        if heard.requests_failed > 0 {
            *self.reasons.entry(code.clone()).or_default() += heard.requests_failed;
        }
        self.last_rejection = Some(Rejection { at: heard.at, code, reason: ours(&reason) });
    }
}

impl Sources {
    /// Takes up what was known when the process before this one ended.
    pub fn load(&self, sources: Vec<Source>) {
        let mut registry = self.0.lock();
        for source in sources {
            registry.counted(&source.key);
            registry.known.insert(source.key.clone(), Entry { source, saved: true });
        }
    }

    /// Notes what a request told.
    pub fn hear(&self, heard: Heard) {
        let mut registry = self.0.lock();
        if let Some(entry) = registry.known.get_mut(&heard.key) {
            entry.saved = false;
            entry.source.take(heard);
            return;
        }
        let key = registry.key_of_new(&heard);
        let entry = registry
            .known
            .entry(key.clone())
            .or_insert_with(|| Entry { source: Source::new(&heard, key), saved: false });
        entry.saved = false;
        entry.source.take(heard);
    }

    /// The sources of the projects that `sees` allows, last heard first.
    pub fn list(&self, sees: impl Fn(&Project) -> bool) -> Vec<Source> {
        let registry = self.0.lock();
        let seen = registry.known.values().filter(|entry| sees(&entry.source.key.project));
        let mut sources: Vec<Source> = seen.map(|entry| entry.source.clone()).collect();
        drop(registry);
        sources.sort_by(|one, other| other.last_heard_at.cmp(&one.last_heard_at).then_with(|| one.key.cmp(&other.key)));
        sources
    }

    /// What changed since the last call. Whoever cannot save it says so with [`Sources::still_unsaved`].
    pub fn unsaved(&self) -> Vec<Source> {
        let mut registry = self.0.lock();
        let changed = registry.known.values_mut().filter(|entry| !entry.saved);
        changed
            .map(|entry| {
                entry.saved = true;
                entry.source.clone()
            })
            .collect()
    }

    pub fn still_unsaved(&self, sources: &[Source]) {
        let mut registry = self.0.lock();
        for source in sources {
            if let Some(entry) = registry.known.get_mut(&source.key) {
                entry.saved = false;
            }
        }
    }
}

impl Registry {
    fn counted(&mut self, key: &SourceKey) {
        if key.sender_type != SenderType::Other {
            *self.counts.entry(key.project.clone()).or_default() += 1;
        }
    }

    /// Its own key while there is room for it, else that of all others of its protocol.
    fn key_of_new(&mut self, heard: &Heard) -> SourceKey {
        let key = heard.key.clone();
        if self.counts.get(&key.project).is_none_or(|count| *count < SOURCES_PER_PROJECT_MAX) {
            self.counted(&key);
            return key;
        }
        SourceKey { sender_type: SenderType::Other, sender_id: OTHER.to_owned(), client: OTHER.to_owned(), ..key }
    }
}

fn day(at: Timestamp) -> i64 {
    at.nanos().div_euclid(Timestamp::NANOS_PER_DAY)
}

/// The first product of a `User-Agent`: its name, and its version up to the first that is no number.
fn product(agent: &str) -> String {
    clipped(agent.split([' ', '(', ';']).next().unwrap_or_default())
}

/// A name without control characters and not too long.
fn clipped(name: &str) -> String {
    cut(name, SOURCE_NAME_BYTES_MAX).chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}

/// A reason without what it quotes.
fn ours(reason: &str) -> String {
    let mut kept = String::with_capacity(reason.len());
    let (mut quoted, mut escaped) = (false, false);
    for one in reason.chars().map(|one| if one.is_control() { ' ' } else { one }) {
        match one {
            '"' if !escaped => {
                quoted = !quoted;
                kept.push_str(if quoted { "\"…" } else { "\"" });
            }
            _ if !quoted => kept.push(one),
            _ => {}
        }
        escaped = one == '\\' && !escaped;
    }
    cut(&kept, SOURCE_REASON_BYTES_MAX).to_owned()
}

fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_700_000_000_000_000_000);

    fn key(name: &str, agent: &str) -> Caller {
        let principal = Principal::Key { id: format!("id-{name}"), name: name.to_owned(), scopes: Vec::new() };
        Caller { user_agent: Some(agent.to_owned()), ..Caller::new(principal) }
    }

    fn heard(name: &str, at: Timestamp) -> Heard {
        Heard::of(&Project::default_project(), "loki", &key(name, "promtail/3.5.0 (linux; x)"), at)
    }

    fn all(sources: &Sources) -> Vec<Source> {
        sources.list(|_| true)
    }

    #[test]
    fn requests_of_one_sender_add_up() {
        let sources = Sources::default();
        let mut first = heard("shop", START);
        first.bytes = 100;
        first.stored(Some("api"), 2);
        first.stored(None, 1);
        first.refused("not_utf8", 3, "not UTF-8 at byte 7");
        sources.hear(first);
        let mut second = heard("shop", START.saturating_add(std::time::Duration::from_secs(1)));
        second.failed("invalid", "x: \"hunter2\" and \"a \\\" b\" are not known");
        sources.hear(second);
        let [source] = &all(&sources)[..] else { panic!("one source") };
        assert_eq!((source.sender.as_str(), source.key.client.as_str()), ("shop", "promtail/3.5.0"));
        assert_eq!((source.requests, source.requests_failed, source.rows, source.bytes), (2, 1, 3, 100));
        assert_eq!((source.rejected, source.services["api"], source.reasons["not_utf8"]), (3, 2, 3));
        assert_eq!(source.reasons["request_invalid"], 1);
        let last = source.last_rejection.as_ref().expect("something was refused");
        assert_eq!(last.reason, "x: \"…\" and \"…\" are not known", "what was sent may be a secret");
        assert_eq!(last.code, "request_invalid");
        assert_eq!((source.first_heard_at, last.at), (START, source.last_heard_at));
    }

    #[test]
    fn today_begins_at_midnight() {
        let sources = Sources::default();
        for (days, rows) in [(0, 5), (1, 7), (1, 1)] {
            let mut one = heard("shop", Timestamp(START.nanos() + days * Timestamp::NANOS_PER_DAY));
            one.stored(None, rows);
            sources.hear(one);
        }
        let source = &all(&sources)[0];
        assert_eq!((source.rows, source.rows_today(source.last_heard_at)), (13, 8));
        let tomorrow = Timestamp(source.last_heard_at.nanos() + Timestamp::NANOS_PER_DAY);
        assert_eq!(source.rows_today(tomorrow), 0);
    }

    #[test]
    fn senders_and_services_past_the_limits_are_counted_together() {
        let sources = Sources::default();
        for number in 0..SOURCES_PER_PROJECT_MAX + 5 {
            let mut one = heard(&number.to_string(), START);
            one.stored(Some("api"), 1);
            sources.hear(one);
        }
        let others: Vec<Source> =
            all(&sources).into_iter().filter(|source| source.key.sender_type == SenderType::Other).collect();
        assert_eq!(all(&sources).len(), SOURCES_PER_PROJECT_MAX + 1);
        assert_eq!((others.len(), others[0].rows, others[0].sender.as_str()), (1, 5, OTHER));
        let mut many = heard("1", START);
        for number in 0..2 * SOURCE_SERVICES_MAX {
            many.stored(Some(&number.to_string()), 1);
        }
        sources.hear(many);
        let source = all(&sources).into_iter().find(|source| source.sender == "1").expect("is known");
        assert!(source.services.len() <= SOURCE_SERVICES_MAX + 1, "{}", source.services.len());
        assert_eq!(source.services.values().sum::<u64>(), 1 + 2 * SOURCE_SERVICES_MAX as u64);
    }

    #[test]
    fn what_changed_is_handed_out_until_it_is_saved() {
        let sources = Sources::default();
        sources.hear(heard("shop", START));
        let unsaved = sources.unsaved();
        assert_eq!(unsaved.len(), 1);
        assert!(sources.unsaved().is_empty());
        sources.still_unsaved(&unsaved);
        assert_eq!(sources.unsaved(), unsaved);
        let next = Sources::default();
        next.load(unsaved);
        assert!(next.unsaved().is_empty());
        next.hear(heard("shop", START));
        assert_eq!(next.unsaved()[0].requests, 2);
    }
}
