//! What clients send. Every row says in its text which submission it came with, so that what is found in the store
//! can be told apart by sender even when the same id was sent twice.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use whodunit_model::log::{LogBuilder, Scalar, TextField};
use whodunit_model::{AuditBuilder, AuditEntry, Change, Project};
use whodunit_stdx::{EntryId, Timestamp, World};
use whodunit_store::{Durability, EntryKey, Submission};

/// Where an entry stands; with project and id it is what a client may send only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Intent,
    Complete,
    Expired,
}

/// What is unique of an audit row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub project: Project,
    pub id: EntryId,
    pub state: State,
}

impl Key {
    /// The entry, whatever its state.
    pub fn entry(&self) -> EntryKey {
        (self.project.clone(), self.id)
    }
}

/// A row by the submission that it came with and its place inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marker {
    pub submission: u32,
    pub row: u32,
}

/// A submission and what the checker must know of it.
pub struct Sent {
    pub submission: Submission,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Audit { keys: Vec<Key> },
    Logs { rows: u32, durability: Durability },
}

/// Keeps what has been sent, to send it again or to complete it.
pub struct Traffic {
    world: World,
    sent: u32,
    keys: Vec<Key>,
}

const PROJECTS: [&str; 2] = ["shop", "bank"];
const ROWS_MAX: u32 = 20;

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Intent => "intent",
            State::Complete => "complete",
            State::Expired => "expired",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        [State::Intent, State::Complete, State::Expired].into_iter().find(|state| state.name() == name)
    }
}

impl Marker {
    pub fn parse(text: &str) -> Option<Marker> {
        let (submission, row) = text.strip_prefix("submission ")?.split_once(" row ")?;
        Some(Marker { submission: submission.parse().ok()?, row: row.parse().ok()? })
    }
}

impl std::fmt::Display for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "submission {} row {}", self.submission, self.row)
    }
}

impl Traffic {
    pub fn new(world: World) -> Traffic {
        Traffic { world, sent: 0, keys: Vec::new() }
    }

    /// The next submission of some client, with its number.
    pub fn next(&mut self, chance: &mut StdRng) -> (u32, Sent) {
        let number = self.sent;
        self.sent += 1;
        let sent = if chance.random_ratio(3, 5) { self.audit(number, chance) } else { self.logs(number, chance) };
        (number, sent)
    }

    /// A submission of audit entries.
    pub fn next_audit(&mut self, chance: &mut StdRng) -> (u32, Sent) {
        let number = self.sent;
        self.sent += 1;
        (number, self.audit(number, chance))
    }

    /// Some key that was sent before.
    pub fn some_key(&self, chance: &mut StdRng) -> Option<&Key> {
        self.keys.choose(chance)
    }

    fn audit(&mut self, submission: u32, chance: &mut StdRng) -> Sent {
        let project = project(chance);
        let mut builder = AuditBuilder::new();
        let mut keys: Vec<Key> = Vec::new();
        for row in 0..chance.random_range(1..=ROWS_MAX) {
            let key = self.key(&project, chance);
            builder.push(&self.entry(&key, Marker { submission, row }, chance));
            keys.push(key);
        }
        self.keys.extend(keys.iter().cloned());
        let batch = builder.finish(&project);
        let submission = Submission { batch, durability: Durability::Synced };
        Sent { submission, what: What::Audit { keys } }
    }

    /// Mostly a new entry; sometimes one sent before, or the other half of one.
    fn key(&self, project: &Project, chance: &mut StdRng) -> Key {
        let known = self.keys.choose(chance).filter(|known| known.project == *project);
        match (chance.random_range(0..10), known) {
            (0, Some(known)) => known.clone(),
            (1, Some(known)) => Key { state: State::Complete, ..known.clone() },
            (2, Some(known)) if chance.random_ratio(1, 4) => Key { state: State::Intent, ..known.clone() },
            (3, _) => Key { project: project.clone(), id: self.new_id(chance), state: State::Intent },
            _ => Key { project: project.clone(), id: self.new_id(chance), state: State::Complete },
        }
    }

    /// From the clients' own chance: the store draws from the world's, in an order that threads decide.
    fn new_id(&self, chance: &mut StdRng) -> EntryId {
        EntryId::from_parts(self.world.now(), chance.random())
    }

    fn entry(&self, key: &Key, marker: Marker, chance: &mut StdRng) -> AuditEntry {
        let change = Change { field: "total".into(), before: Some("1".into()), after: Some(marker.row.to_string()) };
        AuditEntry {
            time: self.some_time(chance),
            received_at: self.world.now(),
            id: Some(key.id),
            state: Some(key.state.name().into()),
            action: Some("ORDER_UPDATED".into()),
            description: Some(marker.to_string()),
            actor_id: chance.random_bool(0.8).then(|| format!("user-{}", chance.random_range(0..50))),
            ip: chance.random_bool(0.5).then(|| "192.0.2.7".to_owned()),
            changes: if chance.random_bool(0.5) { vec![change] } else { Vec::new() },
            metadata: chance.random_bool(0.3).then(|| "{\"a\":1}".to_owned()),
            ..AuditEntry::default()
        }
    }

    fn logs(&mut self, submission: u32, chance: &mut StdRng) -> Sent {
        let rows = chance.random_range(1..=ROWS_MAX * 3);
        let mut builder = LogBuilder::new(rows as usize);
        for row in 0..rows {
            builder.text(TextField::Body, &Marker { submission, row }.to_string());
            builder.text(TextField::Level, ["INFO", "ERROR"][chance.random_range(0..2)]);
            // The type of a key differs between batches on purpose.
            let key = format!("key{}", chance.random_range(0..12));
            let value = match chance.random_range(0..4) {
                0 => Scalar::Integer(i64::from(row)),
                1 => Scalar::Float(f64::from(row) / 7.0),
                2 => Scalar::Boolean(row % 2 == 0),
                _ => Scalar::Text("some text that is longer than a view"),
            };
            builder.attribute(&key, value);
            builder.finish_row(self.some_time(chance), self.world.now());
        }
        let batch = builder.finish(&project(chance)).expect("there are rows");
        let durability = if chance.random_bool(0.3) { Durability::Buffered } else { Durability::Synced };
        Sent { submission: Submission { batch, durability }, what: What::Logs { rows, durability } }
    }

    /// Mostly just now, sometimes on another day.
    fn some_time(&self, chance: &mut StdRng) -> Timestamp {
        let back = if chance.random_ratio(1, 10) { 2 * Timestamp::NANOS_PER_DAY } else { Timestamp::NANOS_PER_MINUTE };
        Timestamp(self.world.now().0 - chance.random_range(0..back))
    }
}

fn project(chance: &mut StdRng) -> Project {
    Project::parse(PROJECTS[chance.random_range(0..PROJECTS.len())]).expect("a slug")
}
