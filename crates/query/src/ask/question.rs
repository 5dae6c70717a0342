//! The questions that are understood, each with what fills it.

use std::net::IpAddr;
use std::time::Duration;

use whodunit_stdx::EntryId;

use super::verbs::Verb;
use super::when::{Moment, When};

/// One thing, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// In lower case, words with one space between: `purchase order`.
    pub kind: Option<String>,
    pub id: String,
}

/// What other rows are looked for around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An audit entry by its id.
    Entry(EntryId),
    /// The newest time that this was done.
    Deed { verb: Verb, target: Target },
    /// A moment.
    At(Moment),
}

/// Which side of an event is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
    Around,
}

/// A question with its slots filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Entries of one deed on one thing, perhaps of one actor.
    Deed {
        verb: Verb,
        target: Target,
        actor: Option<String>,
        when: When,
    },
    /// Entries of one deed on anything, or on any thing of a type.
    Deeds {
        verb: Verb,
        kind: Option<String>,
        actor: Option<String>,
        when: When,
    },
    /// All entries of one actor.
    Actor {
        actor: String,
        when: When,
    },
    /// The changed fields of one thing.
    Changes {
        target: Target,
        field: Option<String>,
        actor: Option<String>,
        when: When,
    },
    /// Who read one thing.
    Reads {
        target: Target,
        when: When,
    },
    /// All entries about one thing.
    History {
        target: Target,
        when: When,
    },
    /// Every signal near an event.
    Near {
        event: Event,
        side: Side,
        within: Option<Duration>,
    },
    /// Every signal of a range of time.
    Happened {
        when: When,
    },
    FailedLogins {
        actor: Option<String>,
        when: When,
    },
    Logins {
        actor: Option<String>,
        when: When,
    },
    /// Changes of permissions, roles and shares.
    Access {
        target: Option<Target>,
        actor: Option<String>,
        when: When,
    },
    /// Error events and log lines of level ERROR and above.
    Errors {
        service: Option<String>,
        when: When,
    },
    /// Every signal of one request.
    Request {
        id: String,
    },
    /// The entries of one bulk operation.
    Batch {
        id: String,
    },
    /// Every signal of one visit.
    Session {
        id: String,
    },
    /// Actors by the number of their entries.
    Busiest {
        when: When,
    },
    /// Entries from one address.
    Address {
        ip: IpAddr,
        when: When,
    },
}
