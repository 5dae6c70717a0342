//! The fingerprint of an event: equal for events of the same problem, and explained.
//!
//! The problem: one bug should be one issue, whatever line it moved to, whichever machine it ran on, and whichever
//! user met it. The idea: an event becomes a tree of components, of which some count and the others say why they do
//! not; the fingerprint is a hash of those that count, and the issue's id a hash of project and fingerprint. So
//! ingest asks no database, two machines agree without talking, and the explanation is the algorithm itself.
//!
//! Algorithms are versions that never change and stand side by side ([`Algorithm`]). How an upgrade keeps every
//! issue whole stands with the placement of events.
//!
//! Modules, top to bottom:

mod v1;
mod component;

use std::fmt;

use sha2::{Digest, Sha256};

pub use component::Component;

use crate::event::Event;
use crate::rules::Rules;

/// A version of grouping. A change of what counts is a new one, never a change of an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    V1,
}

impl Algorithm {
    /// The one that new projects start with.
    pub const NEWEST: Algorithm = Algorithm::V1;

    /// The name in settings and answers: `v1`.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::V1 => "v1",
        }
    }

    pub fn parse(name: &str) -> Option<Algorithm> {
        [Algorithm::V1].into_iter().find(|one| one.name() == name)
    }
}

/// SHA-256 of what counts. Two algorithms never give the same one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of something that is no event: the issue of a monitor.
    pub fn of_parts(parts: &[&str]) -> Fingerprint {
        let mut hash = Sha256::new();
        for part in ["whodunit/grouping/parts"].iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Fingerprint(hash.finalize().into())
    }

    /// The first half, as the id of something that has none of its own.
    pub fn id(&self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.0[..16]);
        id
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        let mut bytes = [0; 32];
        read_hex(text, &mut bytes)?;
        Some(Fingerprint(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The id of an issue: a UUID of version 8 (RFC 9562) made of project and fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssueId(pub [u8; 16]);

impl IssueId {
    /// The issue that a fingerprint makes in a project, unless it was merged into another.
    pub fn of(project: &str, fingerprint: &Fingerprint) -> IssueId {
        let mut hash = Sha256::new();
        hash.update(b"whodunit/issue/v1");
        hash.update((project.len() as u64).to_be_bytes());
        hash.update(project.as_bytes());
        hash.update(fingerprint.0);
        let digest: [u8; 32] = hash.finalize().into();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        id[6] = (id[6] & 0x0f) | 0x80;
        id[8] = (id[8] & 0x3f) | 0x80;
        IssueId(id)
    }

    /// Reads the text form, with or without hyphens.
    pub fn parse(text: &str) -> Option<IssueId> {
        let mut bytes = [0; 16];
        let digits: String = text.chars().filter(|c| *c != '-').take(33).collect();
        read_hex(&digits, &mut bytes)?;
        Some(IssueId(bytes))
    }
}

impl fmt::Display for IssueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let hyphen = if matches!(index, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{hyphen}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for IssueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an algorithm made of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    pub algorithm: Algorithm,
    pub fingerprint: Fingerprint,
    /// What was looked at.
    pub components: Component,
}

/// Groups an event by one algorithm and a project's rules.
pub fn group(event: &Event<'_>, rules: &Rules, algorithm: Algorithm) -> Grouping {
    let (components, domain) = match algorithm {
        Algorithm::V1 => (v1::components(event, rules), v1::DOMAIN),
    };
    Grouping { algorithm, fingerprint: Fingerprint(components.digest(domain)), components }
}

impl Grouping {
    /// In plain words: a sentence, then one line per part; `+` counts, `-` does not and says why.
    pub fn explain(&self) -> String {
        let mut text = format!("Grouped {} (algorithm {}).\n", self.by(), self.algorithm.name());
        self.components.write(&mut text, 0);
        text
    }

    /// What decided: `by the exceptions and their stacks`.
    fn by(&self) -> &'static str {
        let counts = |name: &str| self.components.children.iter().any(|child| child.counts && child.name == name);
        match self.components.name {
            "fingerprint" => "by a fingerprint that was set",
            _ if counts("report") => "by a report of the browser",
            _ if counts("exceptions") && has(&self.components, "frame") => "by the exceptions and their stacks",
            _ if counts("exceptions") => "by the exceptions and what they say, as no stack says enough",
            _ if counts("stack") => "by the stack and the message",
            _ if counts("template") => "by the place in the template",
            _ if counts("message") => "by the message without what varies",
            _ => "with all events of the transaction that say nothing",
        }
    }
}

fn has(component: &Component, name: &str) -> bool {
    component.counts && (component.name == name || component.children.iter().any(|child| has(child, name)))
}

fn read_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let text = text.as_bytes();
    if text.len() != bytes.len() * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests;
