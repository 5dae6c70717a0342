//! The tree of what was looked at: what counts is hashed, everything is explained.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// A part of an event that grouping looked at.
///
/// The names and the values of what counts are the input of the hash, so they are frozen with their algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// What it is: `exception`, `type`, `frame`, `function`.
    pub name: &'static str,
    pub value: Option<String>,
    /// Whether it is part of the fingerprint.
    pub counts: bool,
    /// Why it does not count, or what is special about it.
    pub why: Option<Cow<'static, str>>,
    pub children: Vec<Component>,
}

impl Component {
    /// A value that counts.
    pub(super) fn leaf(name: &'static str, value: impl Into<String>) -> Component {
        Component { name, value: Some(value.into()), counts: true, why: None, children: Vec::new() }
    }

    /// A group, which counts if one of its parts does.
    pub(super) fn group(name: &'static str, children: Vec<Component>) -> Component {
        let counts = children.iter().any(|child| child.counts);
        Component { name, value: None, counts, why: None, children }
    }

    /// The same, without counting.
    pub(super) fn without(mut self, why: impl Into<Cow<'static, str>>) -> Component {
        self.counts = false;
        self.why = Some(why.into());
        self
    }

    pub(super) fn because(mut self, why: impl Into<Cow<'static, str>>) -> Component {
        self.why = Some(why.into());
        self
    }

    /// The hash of what counts, in the domain of one algorithm.
    pub(super) fn digest(&self, domain: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        text(&mut hash, domain);
        self.hash_into(&mut hash);
        hash.finalize().into()
    }

    /// Every text with its length before it, every list with its count: no two trees have the same bytes.
    fn hash_into(&self, hash: &mut Sha256) {
        text(hash, self.name);
        match &self.value {
            None => hash.update([0]),
            Some(value) => {
                hash.update([1]);
                text(hash, value);
            }
        }
        let counting = || self.children.iter().filter(|child| child.counts);
        hash.update((counting().count() as u64).to_be_bytes());
        counting().for_each(|child| child.hash_into(hash));
    }

    /// One line per part: `+` counts, `-` does not and says why. Neighbours that do not count for the same reason
    /// are one line.
    pub(super) fn write(&self, out: &mut String, depth: usize) {
        let mark = if self.counts { '+' } else { '-' };
        let _ = write!(out, "{mark} {:indent$}{}", "", self.name, indent = depth * 2);
        if let Some(value) = &self.value {
            let _ = write!(out, ": {}", value.replace('\n', " "));
        }
        if let Some(why) = &self.why {
            let _ = write!(out, " ({why})");
        }
        out.push('\n');
        // Parts of what does not count as a whole add nothing, unless they have reasons of their own.
        if !self.counts && self.children.iter().all(|child| child.why.is_none()) {
            return;
        }
        let mut at = 0;
        while let Some(child) = self.children.get(at) {
            let alike = |other: &&Component| !other.counts && (other.name, &other.why) == (child.name, &child.why);
            let run = self.children[at..].iter().take_while(alike).count();
            if run > 1 {
                let why = child.why.as_deref().unwrap_or("does not count");
                let _ = writeln!(out, "- {:indent$}{run} {}s ({why})", "", child.name, indent = depth * 2 + 2);
                at += run;
            } else {
                child.write(out, depth + 1);
                at += 1;
            }
        }
    }
}

fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text.as_bytes());
}
